//! Agents, teams, rules, accounts, whose turn it is, and who was given to whom.

use crate::{Page, PageRequest, SiteScope, StoreError};
use async_trait::async_trait;
use criteria::Criteria;
use kernel::{
    AccountId, AssignmentId, ConversationId, Domain, PersonId, RoutingRuleId, SiteId, TeamId, Timestamp,
    UserId,
};
use routing::{Explanation, Purpose, Ring, RingKey, Schedule, Seat, Switch};
use scheduling::Rules;
use serde_json::Value as Json;

/// What an agent has set. Whoever may take chats or meetings is an agent, with or without settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentSettings {
    /// Whose.
    pub user_id: UserId,
    /// Turns for one of the others.
    pub weight: u8,
    /// The most chats at once.
    pub chat_limit: u32,
    /// Hours for live chat.
    pub live_chat: Option<Schedule>,
    /// Hours for meetings.
    pub meetings: Option<Schedule>,
    /// Length, buffers and limits of meetings; the usual ones when nothing was set.
    pub meeting_rules: Option<Rules>,
    /// How the switch was turned last; none when the hours decide.
    pub switch: Option<Switch>,
    /// Last change.
    pub updated_at: Timestamp,
    /// Rises by one with every change; 0 before the first.
    pub version: i64,
}

/// A set of agents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TeamRecord {
    /// Stable id.
    pub id: TeamId,
    /// Name; unique without case.
    pub name: String,
    /// Members by place.
    pub members: Vec<UserId>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Rises by one with every change.
    pub version: i64,
}

/// A custom rule.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleRecord {
    /// Stable id.
    pub id: RoutingRuleId,
    /// Name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// The smaller, the earlier.
    pub priority: u32,
    /// Whether it takes part.
    pub enabled: bool,
    /// Whose visitors; none for everybody's.
    pub criteria: Option<Criteria>,
    /// Agents by place.
    pub agents: Vec<UserId>,
    /// Teams.
    pub teams: Vec<TeamId>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Rises by one with every change.
    pub version: i64,
}

/// A company whose visitors go to its owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountRecord {
    /// Stable id.
    pub id: AccountId,
    /// Name; unique without case and accents.
    pub name: String,
    /// Its domains, by alphabet; each belongs to one account.
    pub domains: Vec<Domain>,
    /// Whose it is.
    pub owner: UserId,
    /// When it was made.
    pub created_at: Timestamp,
    /// Rises by one with every change.
    pub version: i64,
}

/// What is said or offered on a site when nobody can be reached.
#[derive(Debug, Clone, PartialEq)]
pub struct FallbackRecord {
    /// Of which site.
    pub site_id: SiteId,
    /// Its settings, as the service wrote them.
    pub content: Json,
    /// Rises by one with every change; 0 before the first.
    pub version: i64,
}

/// A visitor who was given to an agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignment {
    /// Stable id.
    pub id: AssignmentId,
    /// When.
    pub at: Timestamp,
    /// For what.
    pub purpose: Purpose,
    /// To whom.
    pub agent_id: UserId,
    /// The ring whose turn it took; none for accounts and agents asked for by name.
    pub ring: Option<RingKey>,
    /// On which site.
    pub site_id: Option<SiteId>,
    /// Who; none once erased.
    pub person_id: Option<PersonId>,
    /// In which conversation; none once erased.
    pub conversation_id: Option<ConversationId>,
    /// Why; empty once the person is erased.
    pub explanation: Explanation,
}

/// How often an agent was given a visitor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AssignmentTotal {
    /// Who.
    pub agent_id: UserId,
    /// For what.
    pub purpose: Purpose,
    /// How often.
    pub count: u64,
    /// When last.
    pub last_at: Timestamp,
}

/// Reading what routing needs.
#[async_trait]
pub trait RoutingReads {
    /// Settings of all agents who have some, in no order.
    async fn agent_settings(&mut self) -> Result<Vec<AgentSettings>, StoreError>;
    /// Settings of one agent.
    async fn agent_settings_of(&mut self, user: UserId) -> Result<Option<AgentSettings>, StoreError>;
    /// All teams by name without case.
    async fn teams(&mut self) -> Result<Vec<TeamRecord>, StoreError>;
    /// One team.
    async fn team(&mut self, id: TeamId) -> Result<Option<TeamRecord>, StoreError>;
    /// All rules by priority, then age.
    async fn routing_rules(&mut self) -> Result<Vec<RuleRecord>, StoreError>;
    /// One rule.
    async fn routing_rule(&mut self, id: RoutingRuleId) -> Result<Option<RuleRecord>, StoreError>;
    /// Accounts newest first; those with the words in their name (without case and accents) or in a domain, when given.
    async fn accounts(
        &mut self,
        words: Option<&str>,
        page: &PageRequest,
    ) -> Result<Page<AccountRecord>, StoreError>;
    /// One account.
    async fn account(&mut self, id: AccountId) -> Result<Option<AccountRecord>, StoreError>;
    /// The accounts that have one of these domains, in no order.
    async fn accounts_with_domains(&mut self, domains: &[String]) -> Result<Vec<AccountRecord>, StoreError>;
    /// The accounts with one of these names (without case and accents), in no order.
    async fn accounts_with_names(&mut self, names: &[String]) -> Result<Vec<AccountRecord>, StoreError>;
    /// The fallbacks of a site, when it has its own.
    async fn fallbacks(&mut self, site: SiteScope) -> Result<Option<FallbackRecord>, StoreError>;
    /// What these rings remember, in the order asked for; an empty ring where nobody had a turn.
    async fn rings(&mut self, keys: &[RingKey]) -> Result<Vec<Ring>, StoreError>;
    /// Assignments, newest first; those of an agent, when given.
    async fn assignments(
        &mut self,
        agent: Option<UserId>,
        page: &PageRequest,
    ) -> Result<Page<Assignment>, StoreError>;
    /// Totals of every agent and purpose, in no order.
    async fn assignment_totals(&mut self) -> Result<Vec<AssignmentTotal>, StoreError>;
}

/// Writing it. `version` is always the version that was read, the stored one becomes one more: `Stale` when somebody else
/// was first, `NotFound` when it is gone.
#[async_trait]
pub trait RoutingWrites {
    /// Writes the settings of an agent; the first ones (version 0) are added. `NotFound` when there is no such user.
    async fn save_agent_settings(&mut self, settings: &AgentSettings) -> Result<(), StoreError>;
    /// Adds a team; `Taken {teams.name}`.
    async fn insert_team(&mut self, team: &TeamRecord) -> Result<(), StoreError>;
    /// Replaces name and members.
    async fn update_team(&mut self, team: &TeamRecord) -> Result<(), StoreError>;
    /// Removes a team with its rings; `NotFound`.
    async fn delete_team(&mut self, id: TeamId) -> Result<(), StoreError>;
    /// Adds a rule.
    async fn insert_routing_rule(&mut self, rule: &RuleRecord) -> Result<(), StoreError>;
    /// Replaces everything but id and `created_at`.
    async fn update_routing_rule(&mut self, rule: &RuleRecord) -> Result<(), StoreError>;
    /// Removes a rule with its rings; `NotFound`.
    async fn delete_routing_rule(&mut self, id: RoutingRuleId) -> Result<(), StoreError>;
    /// Adds accounts; `Taken {accounts.name}` or `Taken {account_domains.domain}`, then nothing of them is there.
    async fn insert_accounts(&mut self, accounts: &[AccountRecord]) -> Result<(), StoreError>;
    /// Replaces name, domains and owner of accounts; errors as for one, then nothing is changed.
    async fn update_accounts(&mut self, accounts: &[AccountRecord]) -> Result<(), StoreError>;
    /// Removes accounts; those that are gone do not matter. Returns how many went.
    async fn delete_accounts(&mut self, ids: &[AccountId]) -> Result<u64, StoreError>;
    /// Writes the fallbacks of a site; the first ones (version 0) are added.
    async fn save_fallbacks(&mut self, fallbacks: &FallbackRecord) -> Result<(), StoreError>;
    /// As `rings`, and nobody else can take turns in them until this unit of work ends. `keys` must be in ascending order, so
    /// that two who lock several do not wait for each other.
    async fn lock_rings(&mut self, keys: &[RingKey]) -> Result<Vec<Ring>, StoreError>;
    /// Writes a turn: what the ring is now, and the seat of whoever had it. The caller holds the ring's lock.
    async fn save_turn(&mut self, key: RingKey, ring: &Ring, seat: &Seat) -> Result<(), StoreError>;
    /// Adds assignments.
    async fn insert_assignments(&mut self, assignments: &[Assignment]) -> Result<(), StoreError>;
}
