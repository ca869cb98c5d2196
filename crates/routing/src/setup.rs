//! What routing decides over: the request, and agents, teams, rules and accounts as they are at this moment.

use criteria::{Compiled, Facts};
use kernel::{AccountId, Domain, RoutingRuleId, TeamId, UserId};
use serde::{Deserialize, Serialize};

/// What somebody is wanted for; live chats and meetings have separate rings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// A chat now.
    LiveChat,
    /// An appointment.
    Meeting,
}

/// Why an agent cannot be given a visitor now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Away {
    /// May not take visitors of this kind.
    NotAllowed,
    /// Has no hours.
    NoHours,
    /// It is outside the hours.
    OutsideHours,
    /// Has switched to unavailable.
    SwitchedOff,
    /// No console is open, and nothing can be pushed.
    NotConnected,
    /// Has as many chats as he or she may.
    Full {
        /// Chats now.
        open: u32,
        /// The most.
        limit: u32,
    },
    /// Was asked for this visitor already.
    Asked,
    /// No slot of the calendar is free.
    NoFreeSlot,
}

/// Whether an agent can be given a visitor now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Standing {
    /// Yes.
    Free,
    /// No.
    Away(Away),
}

/// An agent at this moment.
#[derive(Debug, Clone)]
pub struct Agent {
    /// Who.
    pub id: UserId,
    /// Name for explanations.
    pub name: String,
    /// Turns for one of the others.
    pub weight: u8,
    /// Whether he or she can be given this visitor.
    pub standing: Standing,
    /// Whether meetings can be booked with him or her.
    pub bookable: bool,
}

/// A set of agents.
#[derive(Debug, Clone)]
pub struct Team {
    /// Which.
    pub id: TeamId,
    /// Name for explanations.
    pub name: String,
    /// Members by place.
    pub members: Vec<UserId>,
}

/// A custom rule.
#[derive(Debug, Clone)]
pub struct Rule {
    /// Which.
    pub id: RoutingRuleId,
    /// Name for explanations.
    pub name: String,
    /// Whose visitors; none for everybody's.
    pub criteria: Option<Compiled>,
    /// Agents by place; the members of the teams come behind.
    pub agents: Vec<UserId>,
    /// Teams.
    pub teams: Vec<TeamId>,
}

/// A company whose visitors go to its owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Which.
    pub id: AccountId,
    /// Name for explanations.
    pub name: String,
    /// Its domains; sub-domains belong to it.
    pub domains: Vec<Domain>,
    /// Whose it is.
    pub owner: UserId,
}

/// Everything that takes part.
#[derive(Debug, Clone, Default)]
pub struct Setup {
    /// All agents by place. Whoever is not among them is no agent.
    pub agents: Vec<Agent>,
    /// All teams.
    pub teams: Vec<Team>,
    /// The rules that are switched on, by priority.
    pub rules: Vec<Rule>,
    /// At least the accounts that could be the visitor's.
    pub accounts: Vec<Account>,
}

impl Setup {
    pub(crate) fn agent(&self, id: UserId) -> Option<&Agent> {
        self.agents.iter().find(|agent| agent.id == id)
    }
    pub(crate) fn team(&self, id: TeamId) -> Option<&Team> {
        self.teams.iter().find(|team| team.id == id)
    }
}

/// What the card asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum Wish {
    /// All agents in turn.
    RoundRobin,
    /// One agent.
    Agent {
        /// Who.
        agent: UserId,
    },
    /// The members of a team in turn.
    Team {
        /// Which.
        team: TeamId,
    },
    /// The custom rules by priority.
    CustomRules,
}

/// A visitor who wants somebody.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// For what.
    pub purpose: Purpose,
    /// What the card asks for.
    pub wish: Wish,
    /// Domain of the e-mail address.
    pub email_domain: Option<&'a str>,
    /// Domain of the company that was inferred.
    pub inferred_domain: Option<&'a str>,
    /// What is known of the visitor, laid out for the rules.
    pub facts: &'a Facts,
    /// Ask any available agent when account, rule, team or agent yields nobody.
    pub any_available_agent: bool,
    /// Offer a calendar when nobody can chat.
    pub include_meeting_booking: bool,
}
