//! Why a visitor goes to whom: steps that are stored with the assignment and can be read out in sentences.

use crate::{
    Away, Purpose,
    setup::{Agent, Team},
};
use kernel::{AccountId, RoutingRuleId, TeamId, UserId};
use serde::{Deserialize, Serialize};

/// An agent with the name at the time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// Who.
    pub id: UserId,
    /// Called so then.
    pub name: String,
}

impl From<&Agent> for Named {
    fn from(agent: &Agent) -> Self {
        Self { id: agent.id, name: agent.name.clone() }
    }
}

/// From where a domain is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DomainSource {
    /// The visitor's e-mail address.
    Email,
    /// The company that the network address tells.
    Inference,
}

/// One thought of the decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
#[expect(missing_docs, reason = "ids, names and words of what the variant says")]
pub enum Step {
    /// The company is on the account list.
    Account { account: AccountId, name: String, domain: String, by: DomainSource, owner: Named },
    /// The company is on the account list, but its owner is no agent any more.
    AccountWithoutOwner { account: AccountId, name: String, domain: String, by: DomainSource },
    /// The company is on no account list, or it is unknown.
    NoAccount { domains: Vec<String> },
    /// The card asks for all agents in turn.
    RoundRobin,
    /// The card asks for an agent.
    NamedAgent { agent: Named },
    /// The card asks for somebody who is no agent any more.
    NoSuchAgent { agent: UserId },
    /// The card asks for a team.
    Team { team: TeamId, name: String },
    /// The card asks for a team that is gone.
    NoSuchTeam { team: TeamId },
    /// The card asks for the custom rules, and there are none.
    NoRules,
    /// A rule fits.
    RuleFits { rule: RoutingRuleId, name: String },
    /// A rule does not fit.
    RuleDoesNotFit { rule: RoutingRuleId, name: String, because: String },
    /// Somebody was passed over.
    Skipped { agent: Named, why: Away },
    /// Nobody is in the team, in the rule, or an agent at all.
    NobodyThere,
    /// Any available agent is asked now.
    AnyAvailable,
    /// Somebody gets the visitor.
    Chosen { agent: Named, in_turn: bool },
    /// Who would be asked after that.
    Then { agents: Vec<Named> },
    /// Nobody can chat; a calendar is offered.
    Calendar { agent: Named },
    /// Nobody can be reached; the message is said.
    Message { purpose: Purpose },
}

impl From<&Team> for Step {
    fn from(team: &Team) -> Self {
        Self::Team { team: team.id, name: team.name.clone() }
    }
}

/// The steps of a decision in their order.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Explanation(pub Vec<Step>);

impl Explanation {
    /// In words, a sentence a step.
    pub fn sentences(&self) -> Vec<String> {
        self.0.iter().map(Step::sentence).collect()
    }
}

impl Step {
    /// In words.
    pub fn sentence(&self) -> String {
        match self {
            Self::Account { .. } | Self::AccountWithoutOwner { .. } | Self::NoAccount { .. } => {
                self.account_sentence()
            }
            Self::RoundRobin => "All agents take turns.".to_owned(),
            Self::NamedAgent { agent } => format!("{} is asked for by name.", agent.name),
            Self::NoSuchAgent { .. } => "The agent asked for by name is not an agent any more.".to_owned(),
            Self::Team { name, .. } => format!("The team {name} is asked for."),
            Self::NoSuchTeam { .. } => "The team asked for is not there any more.".to_owned(),
            Self::NoRules => "No custom rule is switched on.".to_owned(),
            Self::RuleFits { name, .. } => format!("The rule {name} fits."),
            Self::RuleDoesNotFit { name, because, .. } => format!("The rule {name} does not fit: {because}."),
            Self::Skipped { agent, why } => format!("{} is passed over: {}.", agent.name, why.words()),
            Self::NobodyThere => "There is nobody to choose from.".to_owned(),
            Self::AnyAvailable => "Any available agent is asked instead.".to_owned(),
            Self::Chosen { agent, in_turn: true } => format!("It is {}’s turn.", agent.name),
            Self::Chosen { agent, in_turn: false } => format!("{} gets the visitor.", agent.name),
            Self::Then { agents } => {
                let names: Vec<&str> = agents.iter().map(|agent| agent.name.as_str()).collect();
                format!("Next in turn: {}.", names.join(", "))
            }
            Self::Calendar { agent } => format!("Nobody can chat; {}’s calendar is offered.", agent.name),
            Self::Message { .. } => "Nobody can be reached; the visitor is told so.".to_owned(),
        }
    }

    fn account_sentence(&self) -> String {
        match self {
            Self::Account { name, domain, by, owner, .. } => {
                format!("{} is the account {name}, whose owner is {}.", by.words(domain), owner.name)
            }
            Self::AccountWithoutOwner { name, domain, by, .. } => {
                format!("{} is the account {name}, whose owner is not an agent any more.", by.words(domain))
            }
            Self::NoAccount { domains } if !domains.is_empty() => {
                format!("No account has the domain {}.", domains.join(" or "))
            }
            _ => "The visitor’s company is not known, so no account is looked for.".to_owned(),
        }
    }
}

impl DomainSource {
    fn words(self, domain: &str) -> String {
        match self {
            Self::Email => format!("{domain} (e-mail address)"),
            Self::Inference => format!("{domain} (inferred)"),
        }
    }
}

impl Away {
    /// Why, as the end of a sentence.
    pub fn words(self) -> String {
        match self {
            Self::NotAllowed => "may not take visitors of this kind".to_owned(),
            Self::NoHours => "has no hours".to_owned(),
            Self::OutsideHours => "it is outside the hours".to_owned(),
            Self::SwitchedOff => "switched to unavailable".to_owned(),
            Self::NotConnected => "is not connected".to_owned(),
            Self::Full { open, limit } => format!("has {open} of at most {limit} chats"),
            Self::Asked => "was asked for this visitor already".to_owned(),
            Self::NoFreeSlot => "has no free slot".to_owned(),
        }
    }
}
