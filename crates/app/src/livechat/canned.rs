//! Canned responses as they are said in one chat: with the tokens of its person, company and agent filled in.

use super::list::{may_see, row};
use crate::{
    App, AppError,
    access::Actor,
    canned::{CannedView, usable_by},
    facts,
};
use kernel::{ChatId, PersonId};
use std::collections::BTreeMap;
use store::{Session, User};
use stream::tokens::{TokenPath, TokenSource, canonical_attribute, render};

/// The shared ones and one's own, by shortcut, for somebody who sees the chat.
pub async fn ready(app: &App, actor: &Actor, id: ChatId) -> Result<Vec<CannedView>, AppError> {
    let mut session = app.store().read().await?;
    let row = row(&mut *session, id).await?;
    if !may_see(actor, &row.chat) {
        return Err(AppError::NotFound("chat"));
    }
    let known = known(app, &mut *session, row.person_id).await?;
    let agent = match actor.user_id() {
        Some(user) => session.user(user).await?,
        None => None,
    };
    let talk = Talk { known, agent };
    let filled = |response: CannedView| CannedView { text: render(&response.text, &talk), ..response };
    Ok(usable_by(&mut *session, actor).await?.into_iter().map(filled).collect())
}

async fn known(
    app: &App,
    session: &mut dyn Session,
    person: PersonId,
) -> Result<BTreeMap<String, String>, AppError> {
    let Some(person) = session.person(person).await? else { return Ok(BTreeMap::new()) };
    let company = match person.company_id {
        Some(company) => session.company(company).await?.map(|row| row.company),
        None => None,
    };
    Ok(facts::as_text(app.snapshot().catalog(), &person, company.as_ref()))
}

/// Whom an agent talks to.
struct Talk {
    known: BTreeMap<String, String>,
    agent: Option<User>,
}

impl TokenSource for Talk {
    fn value(&self, path: &TokenPath) -> Option<String> {
        match path {
            TokenPath::Attribute(name) => self.known.get(&canonical_attribute(name)).cloned(),
            TokenPath::Agent(what) => self.agent.as_ref().and_then(|agent| of_agent(agent, what)),
            TokenPath::Answer(_) | TokenPath::Meeting(_) | TokenPath::Context(_) => None,
        }
    }
}

fn of_agent(agent: &User, what: &str) -> Option<String> {
    match what {
        "name" => Some(agent.name.clone()),
        "first_name" => agent.name.split_whitespace().next().map(str::to_owned),
        "email" => Some(agent.email.to_string()),
        _ => None,
    }
}
