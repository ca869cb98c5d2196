//! Who is asked next.

use super::presence;
use crate::{
    App, AppError,
    facts::known_values,
    routing::{self, Presence, Wanted, Whom},
    snapshot::Site,
};
use ::livechat::Chat;
use ::routing::{Decision, Outcome, Purpose, RingKey, Scope, Source, Wish};
use criteria::{AttributeRef, Catalog, Facts, ListRef, Moment, Symbols, Value};
use jiff::tz::TimeZone;
use kernel::{ListId, UserId};
use store::{Conversation, Session, Tx};

/// Why nobody is asked for visitors with a blocked address.
const REFUSED: &str = "Addresses of this domain are refused on the site.";

/// Whether nobody was to be asked, so that nobody has missed anything.
pub(super) fn was_refused(chat: &Chat) -> bool {
    chat.explanation == [REFUSED]
}

/// Everything that routing asks about a visitor.
struct Visitor {
    domain: Option<String>,
    values: Vec<(AttributeRef, Value)>,
    lists: Vec<ListId>,
}

/// Whoever chooses an agent waits here for those who choose at the same moment, on whatever node: how busy agents are is read
/// by one at a time, or many at once would all see the same agent free and go beyond the limit.
pub(super) async fn one_at_a_time(tx: &mut dyn Tx) -> Result<(), AppError> {
    let everybody = RingKey { purpose: Purpose::LiveChat, scope: Scope::Everybody };
    tx.lock_rings(&[everybody]).await.map(drop).map_err(AppError::from)
}

/// The next agent, whose turn is taken; none when nobody can be had. The reasons go to the chat.
pub(super) async fn next(
    app: &App,
    tx: &mut dyn Tx,
    site: &Site,
    conversation: &Conversation,
    chat: &mut Chat,
) -> Result<Option<UserId>, AppError> {
    let visitor = Visitor::read(tx, site, conversation, chat).await?;
    if visitor.is_blocked(site) {
        chat.explanation = vec![REFUSED.to_owned()];
        return Ok(None);
    }
    let whom = Whom {
        site: Some(conversation.site_id),
        person: Some(conversation.person_id),
        conversation: Some(conversation.id),
    };
    one_at_a_time(tx).await?;
    let presence = presence::now(app, tx, &chat.tried).await?;
    let facts = visitor.facts(app);
    let wanted = visitor.wanted(site, chat, &presence, &facts);
    let assigned = routing::assign_in(app, tx, &wanted, whom).await?;
    chat.explanation = assigned.decision.explanation.sentences();
    Ok(chosen(chat, &assigned.decision))
}

/// Whether somebody could be asked now. Nobody's turn is taken.
pub(super) async fn is_possible(
    app: &App,
    session: &mut dyn Session,
    site: &Site,
    conversation: &Conversation,
    chat: &Chat,
) -> Result<bool, AppError> {
    let visitor = Visitor::read(session, site, conversation, chat).await?;
    let presence = presence::now(app, session, &chat.tried).await?;
    let facts = visitor.facts(app);
    let decision = routing::decide(app, session, &visitor.wanted(site, chat, &presence, &facts)).await?;
    Ok(matches!(decision.outcome, Outcome::Agents { .. }) && !visitor.is_blocked(site))
}

/// A second one is of the same ring as the first.
fn chosen(chat: &mut Chat, decision: &Decision) -> Option<UserId> {
    let (agent, source) = decision.first()?;
    if matches!(source, Source::Ring(RingKey { scope: Scope::Everybody, .. })) {
        chat.wanted.wish = Wish::RoundRobin;
    }
    Some(agent)
}

impl Visitor {
    async fn read(
        session: &mut dyn Session,
        site: &Site,
        conversation: &Conversation,
        chat: &Chat,
    ) -> Result<Self, AppError> {
        let person = session.person(conversation.person_id).await?;
        let company = match person.as_ref().and_then(|person| person.company_id) {
            Some(company) => session.company(company).await?.map(|row| row.company),
            None => None,
        };
        let lists = session.lists_of(conversation.person_id).await?.into_iter().map(|list| list.id).collect();
        let mut values = known_values(&site.catalog, person.as_ref(), company.as_ref());
        values.extend(chat.background.visit.iter().filter_map(|(path, text)| {
            let path: AttributeRef = path.parse().ok()?;
            let kind = site.catalog.attribute_type(&path)?;
            Some((path, kind.parse_text(text).ok().flatten()?))
        }));
        let email = person.and_then(|person| person.email);
        Ok(Self { domain: email.map(|email| email.domain().to_owned()), values, lists })
    }

    fn is_blocked(&self, site: &Site) -> bool {
        self.domain.as_deref().is_some_and(|domain| site.blocks_domain(domain))
    }

    fn facts(&self, app: &App) -> impl Fn(&Symbols) -> Facts + Sync {
        let zone = TimeZone::get(&app.settings().time_zone).unwrap_or(TimeZone::UTC);
        let moment = Moment::new(app.now(), zone);
        move |symbols: &Symbols| {
            let named = self.values.iter().map(|(path, value)| (path.of(), path.name(), value));
            Facts::prepare(symbols, &moment, named, self.lists.iter().map(|list| ListRef::List(*list)))
        }
    }

    fn wanted<'a>(
        &'a self,
        site: &Site,
        chat: &'a Chat,
        presence: &'a Presence,
        facts: &'a (dyn Fn(&Symbols) -> Facts + Sync),
    ) -> Wanted<'a> {
        // Any available agent is no second chance after a missed offer; whoever lost an agent begins anew.
        let again = !chat.tried.is_empty() && chat.accepted_at.is_none();
        let any = chat.wanted.any_available_agent || site.fallbacks.any_available_agent;
        Wanted {
            purpose: Purpose::LiveChat,
            wish: chat.wanted.wish,
            email_domain: self.domain.as_deref(),
            inferred_domain: chat.background.inferred_domain.as_deref(),
            any_available_agent: any && !again,
            include_meeting_booking: false,
            facts,
            presence,
        }
    }
}
