//! The decision for a visitor, and taking the turn that it means.

use super::{AgentRecord, all_agents, candidates, chat_state};
use crate::{App, AppError, catalog::AttributeCatalog};
use ::routing::{
    Account, Agent, Away, Because, Decision, Member, Purpose, Request, Ring, RingKey, Rule, Setup, Source,
    Standing, Team, Wish, rings_of, route,
};
use criteria::{Facts, Symbols};
use kernel::{AssignmentId, ConversationId, PersonId, SiteId, Timestamp, UserId};
use std::collections::{HashMap, HashSet};
use store::{Assignment, Session, Tx};

/// What is known of agents beside their settings.
#[derive(Debug, Clone, Default)]
pub struct Presence {
    /// Those who can be reached; none when connections are not looked at.
    pub connected: Option<HashSet<UserId>>,
    /// Chats now; who is not there has none.
    pub open_chats: HashMap<UserId, u32>,
    /// Those who were asked for this visitor already.
    pub asked: HashSet<UserId>,
}

/// A visitor who wants somebody.
pub struct Wanted<'a> {
    /// For what.
    pub purpose: Purpose,
    /// What the card asks for.
    pub wish: Wish,
    /// Domain of the e-mail address.
    pub email_domain: Option<&'a str>,
    /// Domain of the company that was inferred.
    pub inferred_domain: Option<&'a str>,
    /// Ask any available agent when those asked for cannot be had.
    pub any_available_agent: bool,
    /// Offer a calendar when nobody can chat.
    pub include_meeting_booking: bool,
    /// What the rules may ask about, laid out for them.
    pub facts: &'a (dyn Fn(&Symbols) -> Facts + Sync),
    /// What is known of agents beside their settings.
    pub presence: &'a Presence,
}

/// Whose an assignment is.
#[derive(Debug, Clone, Copy, Default)]
pub struct Whom {
    /// On which site.
    pub site: Option<SiteId>,
    /// Who.
    pub person: Option<PersonId>,
    /// In which conversation.
    pub conversation: Option<ConversationId>,
}

/// A decision; with its record when it gave the visitor to somebody.
#[derive(Debug, Clone)]
pub struct Assigned {
    /// Who, and why.
    pub decision: Decision,
    /// The stored assignment.
    pub record: Option<AssignmentId>,
}

/// Who would get the visitor now. Nothing is changed.
pub async fn decide(app: &App, session: &mut dyn Session, wanted: &Wanted<'_>) -> Result<Decision, AppError> {
    let (setup, facts) = prepare(app, session, wanted).await?;
    let request = request(wanted, &facts);
    let keys = rings_of(&setup, &request);
    let rings = session.rings(&keys).await?;
    Ok(choose(&setup, &request, &keys, rings))
}

/// Gives the visitor to somebody within a unit of work: the rings that could decide are locked, so that of all who ask at
/// the same time, on whatever node, each takes a turn of its own.
pub async fn assign_in(
    app: &App,
    tx: &mut dyn Tx,
    wanted: &Wanted<'_>,
    whom: Whom,
) -> Result<Assigned, AppError> {
    let (setup, facts) = prepare(app, tx, wanted).await?;
    let request = request(wanted, &facts);
    let keys = rings_of(&setup, &request);
    let rings = tx.lock_rings(&keys).await?;
    let decision = choose(&setup, &request, &keys, rings.clone());
    let Some((agent, source)) = decision.first() else { return Ok(Assigned { decision, record: None }) };
    let now = app.now();
    let ring = match source {
        Source::Ring(key) => {
            let place = keys.iter().position(|other| *other == key);
            let mut ring = place.and_then(|place| rings.get(place)).cloned().unwrap_or_default();
            let seat = ring.serve(member(&setup, agent), now);
            tx.save_turn(key, &ring, &seat).await?;
            Some(key)
        }
        Source::Account(_) | Source::Named => None,
    };
    let record = Assignment {
        id: app.id(now),
        at: now,
        purpose: wanted.purpose,
        agent_id: agent,
        ring,
        site_id: whom.site,
        person_id: whom.person,
        conversation_id: whom.conversation,
        explanation: decision.explanation.clone(),
    };
    tx.insert_assignments(std::slice::from_ref(&record)).await?;
    Ok(Assigned { decision, record: Some(record.id) })
}

fn member(setup: &Setup, agent: UserId) -> Member {
    let weight = setup.agents.iter().find(|one| one.id == agent).map_or(1, |one| one.weight);
    Member { agent, weight }
}

fn choose(setup: &Setup, request: &Request<'_>, keys: &[RingKey], rings: Vec<Ring>) -> Decision {
    let rings: HashMap<RingKey, Ring> = keys.iter().copied().zip(rings).collect();
    route(setup, request, &|key| rings.get(&key).cloned().unwrap_or_default())
}

fn request<'a>(wanted: &Wanted<'a>, facts: &'a Facts) -> Request<'a> {
    Request {
        purpose: wanted.purpose,
        wish: wanted.wish,
        email_domain: wanted.email_domain,
        inferred_domain: wanted.inferred_domain,
        facts,
        any_available_agent: wanted.any_available_agent,
        include_meeting_booking: wanted.include_meeting_booking,
    }
}

async fn prepare(
    app: &App,
    session: &mut dyn Session,
    wanted: &Wanted<'_>,
) -> Result<(Setup, Facts), AppError> {
    let catalog = AttributeCatalog::read(session).await?;
    let mut symbols = Symbols::new();
    let mut setup =
        setup(session, &catalog, &mut symbols, wanted.purpose, wanted.presence, app.now()).await?;
    let hosts = [wanted.email_domain, wanted.inferred_domain];
    let domains: Vec<String> = hosts.into_iter().flatten().flat_map(candidates).collect();
    let accounts = session.accounts_with_domains(&domains).await?;
    setup.accounts = accounts
        .into_iter()
        .map(|account| Account {
            id: account.id,
            name: account.name,
            domains: account.domains,
            owner: account.owner,
        })
        .collect();
    Ok((setup, (wanted.facts)(&symbols)))
}

/// Agents, teams and rules as they are now, without accounts.
pub(super) async fn setup(
    session: &mut dyn Session,
    catalog: &AttributeCatalog,
    symbols: &mut Symbols,
    purpose: Purpose,
    presence: &Presence,
    now: Timestamp,
) -> Result<Setup, AppError> {
    let agents = all_agents(session).await?;
    let teams = session.teams().await?;
    let mut rules = Vec::new();
    for rule in session.routing_rules().await?.into_iter().filter(|rule| rule.enabled) {
        let criteria = rule.criteria.as_ref().map(|written| criteria::compile(written, catalog, symbols));
        let Ok(criteria) = criteria.transpose() else {
            // An attribute or list that it asks about is gone; the screen of rules says so.
            tracing::warn!(rule = %rule.id, "a routing rule cannot be used");
            continue;
        };
        rules.push(Rule { id: rule.id, name: rule.name, criteria, agents: rule.agents, teams: rule.teams });
    }
    Ok(Setup {
        agents: agents.iter().map(|agent| at_this_moment(agent, purpose, presence, now)).collect(),
        teams: teams
            .into_iter()
            .map(|team| Team { id: team.id, name: team.name, members: team.members })
            .collect(),
        rules,
        accounts: Vec::new(),
    })
}

fn at_this_moment(agent: &AgentRecord, purpose: Purpose, presence: &Presence, now: Timestamp) -> Agent {
    let standing = match purpose {
        Purpose::LiveChat => chat_standing(agent, presence, now),
        Purpose::Meeting => meeting_standing(agent),
    };
    Agent {
        id: agent.user.id,
        name: agent.user.name.clone(),
        weight: agent.settings.weight,
        standing,
        bookable: meeting_standing(agent) == Standing::Free,
    }
}

/// Whether an agent can take a chat, and if not, why.
pub(crate) fn chat_standing(agent: &AgentRecord, presence: &Presence, now: Timestamp) -> Standing {
    if !agent.live_chat {
        return Standing::Away(Away::NotAllowed);
    }
    let state = chat_state(agent, now);
    if !state.available {
        return Standing::Away(match state.because {
            Because::NoHours => Away::NoHours,
            Because::Schedule => Away::OutsideHours,
            Because::Switch => Away::SwitchedOff,
        });
    }
    let id = agent.user.id;
    if presence.asked.contains(&id) {
        return Standing::Away(Away::Asked);
    }
    if presence.connected.as_ref().is_some_and(|connected| !connected.contains(&id)) {
        return Standing::Away(Away::NotConnected);
    }
    let open = presence.open_chats.get(&id).copied().unwrap_or_default();
    let limit = agent.settings.chat_limit;
    if open >= limit { Standing::Away(Away::Full { open, limit }) } else { Standing::Free }
}

/// Whether meetings can be booked with an agent. Free slots are looked at where they are offered.
fn meeting_standing(agent: &AgentRecord) -> Standing {
    if !agent.meetings {
        return Standing::Away(Away::NotAllowed);
    }
    match &agent.settings.meetings {
        Some(schedule) if !schedule.is_empty() => Standing::Free,
        _ => Standing::Away(Away::NoHours),
    }
}
