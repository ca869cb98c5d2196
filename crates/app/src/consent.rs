//! Consent given and withdrawn, and the end of a token (spec 02, consent modes).

use crate::{App, AppError, caller::Caller, conversations::trigger::ensure_stored, memory::Known};
use bus::Hint;
use engagement::{Activity, ActivityType};
use kernel::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use store::Visitor;
use utoipa::ToSchema;

/// What the visitor decided.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConsentRequest {
    /// Given or withdrawn.
    pub granted: bool,
}

/// The answer.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ConsentAnswer {
    /// To be stored by the widget, when one was issued now.
    pub visitor_token: Option<String>,
}

/// Notes the visitor's decision. Giving consent issues a token to somebody who has none; withdrawing it makes the token
/// useless for ever and erases an anonymous person who never engaged.
pub async fn consent(app: &App, caller: &Caller, request: ConsentRequest) -> Result<ConsentAnswer, AppError> {
    let now = app.now();
    let known = caller.visitor(app, now).await?;
    if !request.granted {
        if let Some(known) = known {
            withdraw(app, caller, &known, now).await?;
        }
        return Ok(ConsentAnswer { visitor_token: None });
    }
    let (token, known) = if let Some(known) = known {
        (None, known)
    } else {
        let (token, known) = caller.newcomer(app, now);
        (Some(token.expose().to_owned()), known)
    };
    let mut tx = app.store().begin().await?;
    ensure_stored(&mut *tx, caller, &known).await?;
    tx.append_activities(&[decision(app, caller, &known, ActivityType::ConsentGiven, now)]).await?;
    tx.commit().await?;
    Ok(ConsentAnswer { visitor_token: token })
}

/// The browser forgets who it was (a shared computer): the token is revoked, nothing else changes.
pub async fn logout(app: &App, caller: &Caller) -> Result<(), AppError> {
    let now = app.now();
    let Some(known) = caller.visitor(app, now).await? else { return Ok(()) };
    let visitor = known.profile.visitor.id;
    let mut tx = app.store().begin().await?;
    ensure_stored(&mut *tx, caller, &known).await?;
    tx.revoke_visitor(visitor, now).await?;
    tx.commit().await?;
    forget(app, &known);
    Ok(())
}

async fn withdraw(app: &App, caller: &Caller, known: &Known, now: Timestamp) -> Result<(), AppError> {
    let profile = &known.profile;
    // What is still waiting to be written about this visitor is not written any more.
    app.memory().withdrawn.insert(profile.visitor.id, ());
    let mut tx = app.store().begin().await?;
    ensure_stored(&mut *tx, caller, known).await?;
    tx.append_activities(&[decision(app, caller, known, ActivityType::ConsentWithdrawn, now)]).await?;
    tx.revoke_visitor(profile.visitor.id, now).await?;
    let person = tx.lock_person(profile.person.id).await?;
    let engaged = profile.conversations.iter().any(|mark| mark.engaged_at.is_some());
    if let Some(person) = person.filter(|person| !person.is_known() && !engaged) {
        tx.erase_people(&[person.id], now).await?;
        // Nothing is left but the hash of a token that must never be accepted again.
        tx.ensure_visitor(caller.site.scope(), &tombstone(&profile.visitor, now)).await?;
    }
    tx.commit().await?;
    forget(app, known);
    Ok(())
}

fn tombstone(visitor: &Visitor, now: Timestamp) -> Visitor {
    Visitor {
        language: None,
        dismissed_at: None,
        last_seen_at: now,
        revoked_at: Some(now),
        ..visitor.clone()
    }
}

fn forget(app: &App, known: &Known) {
    let visitor = known.profile.visitor.id;
    app.memory().visits.invalidate(&visitor);
    app.memory().forget_visitor(visitor);
    app.hint(Hint::Visitor { id: visitor });
}

fn decision(app: &App, caller: &Caller, known: &Known, kind: ActivityType, now: Timestamp) -> Activity {
    let mut attributes = Map::new();
    attributes.insert("site_name".to_owned(), Json::String(caller.site.record.name.clone()));
    Activity {
        id: app.id(now),
        kind,
        person_id: known.profile.person.id,
        visitor_id: Some(known.profile.visitor.id),
        site_id: Some(caller.site.id()),
        dialogue_id: None,
        conversation_id: None,
        at: now,
        attributes,
    }
}
