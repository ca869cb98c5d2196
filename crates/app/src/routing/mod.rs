//! Agents, teams, rules, accounts and fallbacks, and who gets a visitor now (spec 06).
//!
//! [`decide`] and [`assign_in`] are what live chats and meetings call; [`dry_run`] asks the same question for a screen.

pub mod accounts;
pub mod agents;
mod assign;
pub mod dry_run;
pub mod fallbacks;
pub mod free_times;
pub mod rings;
pub mod rules;
pub mod teams;
pub mod upload;

pub use assign::{Assigned, Presence, Wanted, Whom, assign_in, decide};
pub use dry_run::{dry_run, wish_of};

use crate::{AppError, FieldError, access::Permission, sessions::permissions_of};
use ::routing::{Hours, MAX_WEIGHT, Schedule};
use jiff::tz::TimeZone;
use kernel::{Timestamp, UserId};
use scheduling::Rules;
use std::collections::HashMap;
use store::{AgentSettings, Session, User};

/// The most chats at once when an agent has set nothing (spec 05).
const CHAT_LIMIT: u32 = 5;
/// The most that can be set.
const MAX_CHATS: u32 = 20;

pub(crate) use assign::chat_standing;

/// A user who takes live chats, meetings or both.
#[derive(Debug, Clone)]
pub(crate) struct AgentRecord {
    pub user: User,
    pub live_chat: bool,
    pub meetings: bool,
    pub settings: AgentSettings,
}

impl AgentRecord {
    fn of(user: User, profile: Option<&store::Profile>, settings: Option<AgentSettings>) -> Option<Self> {
        let may = profile.map(|profile| permissions_of(&user, profile))?;
        let there = !user.disabled && user.password_hash.is_some();
        let (live_chat, meetings) = (
            there && may.has(Permission::AgentLivechatAvailability),
            there && may.has(Permission::AgentCalendarAvailability),
        );
        let settings = settings.unwrap_or_else(|| nothing_set(&user));
        (live_chat || meetings).then_some(Self { user, live_chat, meetings, settings })
    }
}

fn nothing_set(user: &User) -> AgentSettings {
    AgentSettings {
        user_id: user.id,
        weight: 1,
        chat_limit: CHAT_LIMIT,
        live_chat: None,
        meetings: None,
        meeting_rules: None,
        switch: None,
        updated_at: user.created_at,
        version: 0,
    }
}

/// All agents by place: who has been a user longest comes first.
pub(crate) async fn all_agents(session: &mut dyn Session) -> Result<Vec<AgentRecord>, AppError> {
    let mut settings: HashMap<UserId, AgentSettings> =
        session.agent_settings().await?.into_iter().map(|one| (one.user_id, one)).collect();
    let profiles = session.profiles().await?;
    let mut users = session.users().await?;
    users.sort_by_key(|user| (user.created_at, user.id));
    let agent = |user: User| {
        let profile = profiles.iter().find(|profile| profile.id == user.profile_id);
        let own = settings.remove(&user.id);
        AgentRecord::of(user, profile, own)
    };
    Ok(users.into_iter().filter_map(agent).collect())
}

/// One agent; `NotFound` when the user takes neither chats nor meetings.
pub(crate) async fn one_agent(session: &mut dyn Session, id: UserId) -> Result<AgentRecord, AppError> {
    let missing = AppError::NotFound("agent");
    let Some(user) = session.user(id).await? else { return Err(missing) };
    let profile = session.profile(user.profile_id).await?;
    let settings = session.agent_settings_of(id).await?;
    AgentRecord::of(user, profile.as_ref(), settings).ok_or(missing)
}

/// A schedule with its zone at hand; UTC where there is none.
pub(crate) fn hours(schedule: Option<&Schedule>) -> Hours<'_> {
    let zone = schedule.and_then(|schedule| TimeZone::get(&schedule.time_zone).ok());
    Hours::new(schedule, zone.unwrap_or(TimeZone::UTC))
}

fn check_schedule(pointer: &str, schedule: &Schedule, errors: &mut Vec<FieldError>) {
    if TimeZone::get(&schedule.time_zone).is_err() {
        let reason = "is not a time zone such as Europe/Berlin";
        errors.push(FieldError::new(format!("{pointer}/time_zone"), "option", reason));
    }
    for mistake in schedule.mistakes() {
        errors.push(FieldError::new(format!("{pointer}{}", mistake.path), "hours", mistake.reason));
    }
}

fn check_rules(pointer: &str, rules: &Rules, errors: &mut Vec<FieldError>) {
    for mistake in rules.mistakes() {
        errors.push(FieldError::new(format!("{pointer}{}", mistake.path), "range", mistake.reason));
    }
}

fn check_settings(settings: &AgentSettings) -> Result<(), AppError> {
    let mut errors = Vec::new();
    if !(1..=MAX_WEIGHT).contains(&settings.weight) {
        errors.push(FieldError::new("/weight", "range", "must be from 1 to 10"));
    }
    if !(1..=MAX_CHATS).contains(&settings.chat_limit) {
        errors.push(FieldError::new("/chat_limit", "range", "must be from 1 to 20"));
    }
    for (pointer, schedule) in [("/live_chat", &settings.live_chat), ("/meetings", &settings.meetings)] {
        if let Some(schedule) = schedule {
            check_schedule(pointer, schedule, &mut errors);
        }
    }
    if let Some(rules) = &settings.meeting_rules {
        check_rules("/meeting_rules", rules, &mut errors);
    }
    if errors.is_empty() { Ok(()) } else { Err(AppError::Invalid(errors)) }
}

/// Refuses ids that are not among the known ones.
fn check_known<T: PartialEq>(
    pointer: &str,
    ids: &[T],
    known: &[T],
    what: &str,
    errors: &mut Vec<FieldError>,
) {
    for (index, id) in ids.iter().enumerate() {
        if !known.contains(id) {
            errors.push(FieldError::new(format!("{pointer}/{index}"), "unknown", format!("is not {what}")));
        }
    }
}

/// Each once, in this order.
fn once<T: PartialEq>(ids: Vec<T>) -> Vec<T> {
    let mut kept = Vec::with_capacity(ids.len());
    for id in ids {
        if !kept.contains(&id) {
            kept.push(id);
        }
    }
    kept
}

/// The domain of an address, and everything above it that could be an account's.
pub(crate) fn candidates(host: &str) -> Vec<String> {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    let mut found = vec![host.clone()];
    let mut rest = host.as_str();
    while let Some((_, parent)) = rest.split_once('.') {
        if parent.contains('.') {
            found.push(parent.to_owned());
        }
        rest = parent;
    }
    found
}

/// The state of live chat or meetings of an agent, as [`::routing`] tells it.
pub(crate) fn chat_state(agent: &AgentRecord, now: Timestamp) -> ::routing::State {
    hours(agent.settings.live_chat.as_ref()).state_at(agent.settings.switch, now)
}

#[cfg(test)]
mod tests {
    use super::candidates;

    #[test]
    fn a_host_belongs_to_what_is_above_it_but_not_to_a_whole_ending() {
        assert_eq!(
            candidates("Mail.EU.acme.example."),
            ["mail.eu.acme.example", "eu.acme.example", "acme.example"]
        );
        assert_eq!(candidates("localhost"), ["localhost"]);
    }
}
