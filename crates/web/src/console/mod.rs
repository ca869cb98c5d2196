//! What screens and scripts call: `/api/v1`. Every file hangs its own routes in, each with the permission it needs.

mod accounts;
mod agents;
mod attachments;
mod attributes;
mod audit;
mod canned;
mod chats;
mod companies;
mod configuration;
mod conversations;
mod criteria;
mod dialogues;
mod documents;
mod goals;
mod home;
mod imports;
mod insight;
mod knowledge;
mod lists;
mod live_chat_report;
mod me;
mod notifications;
mod outbox;
mod people;
mod people_shapes;
mod profiles;
mod reports;
mod routing;
mod session;
mod sites;
mod teams;
mod tokens;
mod traces;
mod users;
mod users_shapes;

use crate::state::Web;
use utoipa_axum::router::OpenApiRouter;

/// Routes of the console API.
pub fn router() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .merge(session::router())
        .merge(sites::router())
        .merge(dialogues::router())
        .merge(documents::router())
        .merge(canned::router())
        .merge(goals::router())
        .merge(insight::router())
        .merge(reports::router())
        .merge(live_chat_report::router())
        .merge(traces::router())
        .merge(criteria::router())
        .merge(conversations::router())
        .merge(me::router())
        .merge(notifications::router())
        .merge(users::router())
        .merge(profiles::router())
        .merge(tokens::router())
        .merge(audit::router())
        .merge(outbox::router())
        .merge(people::router())
        .merge(lists::router())
        .merge(imports::router())
        .merge(knowledge::router())
        .merge(home::router())
        .merge(companies::router())
        .merge(attributes::router())
        .merge(configuration::router())
        .merge(agents::router())
        .merge(teams::router())
        .merge(routing::router())
        .merge(accounts::router())
        .merge(chats::router())
        .merge(attachments::router())
        .merge(crate::stream::console_router())
}
