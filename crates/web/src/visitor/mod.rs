//! What the widget calls: `/api/visitor/v1`. Public: the site's key names the site, the origin must be one of the site's
//! when it says so, and the visitor's token opens nothing but the visitor's own conversations.

mod attachments;
mod avatars;
pub(crate) mod caller;
mod chat;
mod consent;
mod conversations;
pub mod cors;
mod documents;
mod flows;
pub mod meet;
mod page;
pub mod viewer;

use crate::state::Web;
use utoipa_axum::router::OpenApiRouter;

/// Routes of the visitor API.
pub fn router() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .merge(page::router())
        .merge(conversations::router())
        .merge(chat::router())
        .merge(attachments::router())
        .merge(crate::stream::visitor_router())
        .merge(flows::router())
        .merge(consent::router())
        .merge(avatars::router())
        .merge(documents::router())
}
