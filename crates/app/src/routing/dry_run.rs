//! *Who would get this visitor now?* For a person, an address, or typed attributes; nothing is changed.

use super::{Presence, Wanted, decide};
use crate::{
    App, AppError, FieldError,
    access::{Actor, Permission},
    catalog::AttributeCatalog,
    facts::known_values,
};
use ::routing::{Outcome, Purpose, Wish};
use criteria::{AttributeRef, Catalog, Facts, ListRef, Moment, Source, Symbols, Value};
use jiff::tz::TimeZone;
use kernel::{Domain, Email, ListId, PersonId, TeamId, UserId};
use people::{Company, Person};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::Session;
use utoipa::ToSchema;

/// A visitor to be tried.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DryRun {
    /// `live_chat` or `meeting`.
    #[schema(value_type = String)]
    pub purpose: Purpose,
    /// What the card asks for: `{"by": "round_robin"}`, `{"by": "agent", "agent": …}`, `{"by": "team", "team": …}` or
    /// `{"by": "custom_rules"}`.
    #[schema(value_type = Object)]
    pub wish: Wish,
    /// A person of the database.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub person_id: Option<PersonId>,
    /// An e-mail address or its domain; instead of the person's.
    #[serde(default)]
    pub email: Option<String>,
    /// Values by path (`person.job_title`, `inferred.domain`), as text; instead of those of the person.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub attributes: BTreeMap<String, String>,
    /// Any available agent may be asked.
    #[serde(default)]
    pub any_available_agent: bool,
    /// A calendar may be offered when nobody can chat.
    #[serde(default)]
    pub include_meeting_booking: bool,
}

/// Who would get the visitor.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DryRunAnswer {
    /// `agents`, `calendar` or `message`.
    pub outcome: &'static str,
    /// The agents in the order of asking; the one whose calendar is offered.
    #[schema(value_type = Vec<String>)]
    pub agents: Vec<UserId>,
    /// Why, a sentence a step.
    pub explanation: Vec<String>,
}

struct Visitor {
    email: Option<String>,
    inferred: Option<String>,
    values: Vec<(AttributeRef, Value)>,
    lists: Vec<ListId>,
}

/// Decides as for a visitor who stands before a card now.
pub async fn dry_run(app: &App, actor: &Actor, asked: DryRun) -> Result<DryRunAnswer, AppError> {
    if asked.person_id.is_some() && !actor.may(Permission::PeopleView) {
        return Err(AppError::Forbidden("you may not see people".to_owned()));
    }
    let mut session = app.store().read().await?;
    let visitor = visitor(&mut *session, &asked).await?;
    let zone = TimeZone::get(&app.settings().time_zone).unwrap_or(TimeZone::UTC);
    let moment = Moment::new(app.now(), zone);
    let facts = |symbols: &Symbols| {
        let named = visitor.values.iter().map(|(path, value)| (path.of(), path.name(), value));
        Facts::prepare(symbols, &moment, named, visitor.lists.iter().map(|list| ListRef::List(*list)))
    };
    let wanted = Wanted {
        purpose: asked.purpose,
        wish: asked.wish,
        email_domain: visitor.email.as_deref(),
        inferred_domain: visitor.inferred.as_deref(),
        any_available_agent: asked.any_available_agent,
        include_meeting_booking: asked.include_meeting_booking,
        facts: &facts,
        presence: &Presence::default(),
    };
    let decision = decide(app, &mut *session, &wanted).await?;
    let (outcome, agents) = match decision.outcome {
        Outcome::Agents { order, .. } => ("agents", order),
        Outcome::Calendar { agent } => ("calendar", vec![agent]),
        Outcome::Message => ("message", Vec::new()),
    };
    Ok(DryRunAnswer { outcome, agents, explanation: decision.explanation.sentences() })
}

async fn visitor(session: &mut dyn Session, asked: &DryRun) -> Result<Visitor, AppError> {
    let catalog = AttributeCatalog::read(session).await?;
    let (person, company, lists) = known(session, asked.person_id).await?;
    let mut values = known_values(&catalog, person.as_ref(), company.as_ref());
    let mut errors = Vec::new();
    for (path, text) in &asked.attributes {
        match typed(&catalog, path, text) {
            Ok((path, value)) => {
                values.retain(|(known, _)| *known != path);
                values.extend(value.map(|value| (path, value)));
            }
            Err(reason) => errors.push(FieldError::new(format!("/attributes/{path}"), "value", reason)),
        }
    }
    let own = person.as_ref().and_then(|person| person.email.as_ref()).map(|email| email.domain().to_owned());
    let email = match asked.email.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
        Some(text) => {
            let domain = domain_of(text);
            if domain.is_none() {
                errors.push(FieldError::new("/email", "email", "is not an e-mail address or a domain"));
            }
            domain
        }
        None => own,
    };
    if !errors.is_empty() {
        return Err(AppError::Invalid(errors));
    }
    let inferred = AttributeRef::new(Source::Inferred, "domain").ok().and_then(|path| {
        let found = values.iter().find(|(known, _)| *known == path);
        found.map(|(_, value)| value.to_text())
    });
    Ok(Visitor { email, inferred, values, lists })
}

async fn known(
    session: &mut dyn Session,
    id: Option<PersonId>,
) -> Result<(Option<Person>, Option<Company>, Vec<ListId>), AppError> {
    let Some(id) = id else { return Ok((None, None, Vec::new())) };
    let person = session.person(id).await?.ok_or(AppError::NotFound("person"))?;
    let company = match person.company_id {
        Some(company) => session.company(company).await?.map(|row| row.company),
        None => None,
    };
    let lists = session.lists_of(person.id).await?.into_iter().map(|list| list.id).collect();
    Ok((Some(person), company, lists))
}

fn typed(
    catalog: &AttributeCatalog,
    path: &str,
    text: &str,
) -> Result<(AttributeRef, Option<Value>), &'static str> {
    let path: AttributeRef =
        stream::tokens::canonical_attribute(path).parse().map_err(|_| "is not an attribute")?;
    let kind = catalog.attribute_type(&path).ok_or("is not an attribute")?;
    let value = kind.parse_text(text.trim()).map_err(|_| "is not a value of this attribute")?;
    Ok((path, value))
}

fn domain_of(text: &str) -> Option<String> {
    if text.contains('@') {
        return text.parse::<Email>().ok().map(|email| email.domain().to_owned());
    }
    text.parse::<Domain>().ok().map(|domain| domain.to_string())
}

/// What the card asks for, out of what is written on it; none while the author has not chosen.
pub fn wish_of(routing: &stream::Routing) -> Option<Wish> {
    match *routing {
        stream::Routing::RoundRobin => Some(Wish::RoundRobin),
        stream::Routing::Agent { agent } => agent.map(|agent| Wish::Agent { agent }),
        stream::Routing::Team { team } => team.map(|team: TeamId| Wish::Team { team }),
        stream::Routing::CustomRules => Some(Wish::CustomRules),
    }
}
