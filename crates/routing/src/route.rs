//! The decision: accounts, then the card's wish, then fallbacks (spec 06, *Routing*).

use crate::{
    explanation::{DomainSource, Explanation, Named, Step},
    ring::{Member, Ring, RingKey, Scope},
    setup::{Account, Agent, Away, Purpose, Request, Rule, Setup, Standing, Wish},
};
use kernel::{AccountId, RoutingRuleId, TeamId, UserId};
use std::collections::HashSet;

/// By what the choice came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The visitor's company is an account.
    Account(AccountId),
    /// The card names an agent.
    Named,
    /// A turn of a ring.
    Ring(RingKey),
}

/// Who gets the visitor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// These, one after the other; the first is there for sure.
    Agents {
        /// In the order of asking.
        order: Vec<UserId>,
        /// Why they.
        source: Source,
    },
    /// Nobody now, but this agent's calendar.
    Calendar {
        /// Whose.
        agent: UserId,
    },
    /// Nobody: the fallback message.
    Message,
}

/// The outcome with its reasons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Who.
    pub outcome: Outcome,
    /// Why.
    pub explanation: Explanation,
}

impl Decision {
    /// The first agent, and the ring whose turn that takes.
    pub fn first(&self) -> Option<(UserId, Source)> {
        match &self.outcome {
            Outcome::Agents { order, source } => order.first().map(|agent| (*agent, *source)),
            _ => None,
        }
    }
}

/// The rings that [`route`] may ask for, in ascending order: the service reads (and, to assign, locks) them before.
pub fn rings_of(setup: &Setup, request: &Request<'_>) -> Vec<RingKey> {
    let key = |scope| RingKey { purpose: request.purpose, scope };
    let mut keys = Vec::new();
    if account(setup, request).is_none_or(|found| setup.agent(found.account.owner).is_none()) {
        match request.wish {
            Wish::RoundRobin => keys.push(key(Scope::Everybody)),
            Wish::Agent { .. } => {}
            Wish::Team { team } => keys.push(key(Scope::Team(team))),
            Wish::CustomRules => {
                let fitting = setup.rules.iter().filter(|rule| misfit(rule, request).is_none());
                keys.extend(fitting.map(|rule| key(Scope::Rule(rule.id))));
            }
        }
    }
    if request.any_available_agent {
        keys.push(key(Scope::Everybody));
    }
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// Decides. `ring` gives the rings that [`rings_of`] names; one that nobody was served in yet is empty.
pub fn route(setup: &Setup, request: &Request<'_>, ring: &dyn Fn(RingKey) -> Ring) -> Decision {
    let mut router = Router { setup, request, ring, steps: Vec::new() };
    let outcome = router.decide();
    Decision { outcome, explanation: Explanation(router.steps) }
}

struct Router<'a> {
    setup: &'a Setup,
    request: &'a Request<'a>,
    ring: &'a dyn Fn(RingKey) -> Ring,
    steps: Vec<Step>,
}

/// What comes when those who were asked for cannot be had.
#[derive(Default)]
struct Missed {
    /// Whose calendar could be offered.
    calendar: Option<Named>,
    /// The calendar comes before any other agent: one person was meant.
    calendar_first: bool,
}

impl Router<'_> {
    fn decide(&mut self) -> Outcome {
        let tried = match self.account_owner() {
            Some((owner, source)) => self.one(owner, source),
            None => self.wish(),
        };
        tried.unwrap_or_else(|missed| self.fall_back(missed))
    }

    /// The owner of the visitor's account, when that is an agent.
    fn account_owner(&mut self) -> Option<(UserId, Source)> {
        let Some(Found { account, domain, by }) = account(self.setup, self.request) else {
            let known = [self.request.email_domain, self.request.inferred_domain];
            let mut domains: Vec<String> = known.into_iter().flatten().map(str::to_owned).collect();
            domains.dedup();
            self.steps.push(Step::NoAccount { domains });
            return None;
        };
        let (id, name) = (account.id, account.name.clone());
        let Some(owner) = self.setup.agent(account.owner) else {
            self.steps.push(Step::AccountWithoutOwner { account: id, name, domain, by });
            return None;
        };
        self.steps.push(Step::Account { account: id, name, domain, by, owner: owner.into() });
        Some((owner.id, Source::Account(id)))
    }

    fn wish(&mut self) -> Result<Outcome, Missed> {
        match self.request.wish {
            Wish::RoundRobin => {
                self.steps.push(Step::RoundRobin);
                self.turns(Scope::Everybody, &everybody(self.setup))
            }
            Wish::Agent { agent } => self.named(agent),
            Wish::Team { team } => self.team(team),
            Wish::CustomRules => self.rules(),
        }
    }

    fn named(&mut self, agent: UserId) -> Result<Outcome, Missed> {
        let Some(known) = self.setup.agent(agent) else {
            self.steps.push(Step::NoSuchAgent { agent });
            return Err(Missed::default());
        };
        self.steps.push(Step::NamedAgent { agent: known.into() });
        self.one(agent, Source::Named)
    }

    fn team(&mut self, id: TeamId) -> Result<Outcome, Missed> {
        let Some(team) = self.setup.team(id) else {
            self.steps.push(Step::NoSuchTeam { team: id });
            return Err(Missed::default());
        };
        self.steps.push(team.into());
        self.turns(Scope::Team(id), &agents(self.setup, team.members.iter().copied()))
    }

    /// All rules that fit, by priority; the first that yields somebody decides.
    fn rules(&mut self) -> Result<Outcome, Missed> {
        if self.setup.rules.is_empty() {
            self.steps.push(Step::NoRules);
        }
        let mut missed = Missed::default();
        for rule in &self.setup.rules {
            let name = rule.name.clone();
            if let Some(because) = misfit(rule, self.request) {
                self.steps.push(Step::RuleDoesNotFit { rule: rule.id, name, because });
                continue;
            }
            self.steps.push(Step::RuleFits { rule: rule.id, name });
            match self.turns(Scope::Rule(rule.id), &of_rule(self.setup, rule)) {
                Ok(outcome) => return Ok(outcome),
                Err(more) => missed.calendar = missed.calendar.or(more.calendar),
            }
        }
        Err(missed)
    }

    /// One particular agent.
    fn one(&mut self, agent: UserId, source: Source) -> Result<Outcome, Missed> {
        let Some(agent) = self.setup.agent(agent) else { return Err(Missed::default()) };
        if let Standing::Away(why) = agent.standing {
            self.steps.push(Step::Skipped { agent: agent.into(), why });
            let calendar = agent.bookable.then(|| agent.into());
            return Err(Missed { calendar, calendar_first: true });
        }
        self.steps.push(Step::Chosen { agent: agent.into(), in_turn: false });
        Ok(Outcome::Agents { order: vec![agent.id], source })
    }

    /// Those of a ring who are free, the next one first.
    fn turns(&mut self, scope: Scope, candidates: &[&Agent]) -> Result<Outcome, Missed> {
        let key = RingKey { purpose: self.request.purpose, scope };
        let (free, passed) = self.in_turn(key, candidates);
        for agent in &passed {
            if let Standing::Away(why) = agent.standing {
                self.steps.push(Step::Skipped { agent: (*agent).into(), why });
            }
        }
        let Some((first, rest)) = free.split_first() else {
            if passed.is_empty() {
                self.steps.push(Step::NobodyThere);
            }
            let calendar = passed.iter().find(|agent| agent.bookable).map(|agent| (*agent).into());
            return Err(Missed { calendar, calendar_first: false });
        };
        self.steps.push(Step::Chosen { agent: (*first).into(), in_turn: true });
        if !rest.is_empty() {
            self.steps.push(Step::Then { agents: rest.iter().map(|agent| (*agent).into()).collect() });
        }
        let order = free.iter().map(|agent| agent.id).collect();
        Ok(Outcome::Agents { order, source: Source::Ring(key) })
    }

    /// In the order of the ring: those who are free, and those who are not.
    fn in_turn<'c>(&self, key: RingKey, candidates: &[&'c Agent]) -> (Vec<&'c Agent>, Vec<&'c Agent>) {
        let members: Vec<Member> = candidates.iter().map(|agent| member(agent)).collect();
        let order = (self.ring)(key).order(&members);
        let agents = order.iter().filter_map(|id| candidates.iter().find(|agent| agent.id == *id).copied());
        agents.partition(|agent| agent.standing == Standing::Free)
    }

    fn fall_back(&mut self, missed: Missed) -> Outcome {
        let chats = self.request.purpose == Purpose::LiveChat;
        let calendar = missed.calendar.filter(|_| self.request.include_meeting_booking && chats);
        if missed.calendar_first
            && let Some(agent) = calendar
        {
            return self.calendar(agent);
        }
        if let Some(outcome) = self.any_available() {
            return outcome;
        }
        if let Some(agent) = calendar {
            return self.calendar(agent);
        }
        self.steps.push(Step::Message { purpose: self.request.purpose });
        Outcome::Message
    }

    fn calendar(&mut self, agent: Named) -> Outcome {
        let id = agent.id;
        self.steps.push(Step::Calendar { agent });
        Outcome::Calendar { agent: id }
    }

    /// One agent of all, by turn; nobody comes after.
    fn any_available(&mut self) -> Option<Outcome> {
        if !self.request.any_available_agent {
            return None;
        }
        self.steps.push(Step::AnyAvailable);
        let key = RingKey { purpose: self.request.purpose, scope: Scope::Everybody };
        let (free, _) = self.in_turn(key, &everybody(self.setup));
        let first = free.first()?;
        self.steps.push(Step::Chosen { agent: (*first).into(), in_turn: true });
        Some(Outcome::Agents { order: vec![first.id], source: Source::Ring(key) })
    }
}

struct Found<'a> {
    account: &'a Account,
    domain: String,
    by: DomainSource,
}

/// The account of the e-mail address, else that of the inference; of several the one with the longest domain.
fn account<'a>(setup: &'a Setup, request: &Request<'_>) -> Option<Found<'a>> {
    let known =
        [(request.email_domain, DomainSource::Email), (request.inferred_domain, DomainSource::Inference)];
    known.into_iter().find_map(|(host, by)| {
        let host = host?;
        let matching = setup.accounts.iter().flat_map(|account| {
            let longest = account.domains.iter().filter(|domain| domain.covers(host));
            longest.map(move |domain| (domain.as_str().len(), account))
        });
        let (_, account) =
            matching.max_by_key(|(length, account)| (*length, std::cmp::Reverse(account.id)))?;
        Some(Found { account, domain: host.to_owned(), by })
    })
}

/// Why a rule does not fit; none when it does.
fn misfit(rule: &Rule, request: &Request<'_>) -> Option<String> {
    let failure = rule.criteria.as_ref()?.explain(request.facts).first_failure;
    failure.map(|failure| failure.sentence)
}

fn member(agent: &Agent) -> Member {
    Member { agent: agent.id, weight: agent.weight }
}

/// Those who take visitors of this kind at all.
fn everybody(setup: &Setup) -> Vec<&Agent> {
    let takes = |agent: &&Agent| agent.standing != Standing::Away(Away::NotAllowed);
    setup.agents.iter().filter(takes).collect()
}

/// Those of the ids who are agents, each once, in this order.
fn agents(setup: &Setup, ids: impl Iterator<Item = UserId>) -> Vec<&Agent> {
    let mut seen = HashSet::new();
    ids.filter(|id| seen.insert(*id)).filter_map(|id| setup.agent(id)).collect()
}

fn of_rule<'a>(setup: &'a Setup, rule: &Rule) -> Vec<&'a Agent> {
    let teams = rule.teams.iter().filter_map(|id| setup.team(*id));
    let members = teams.flat_map(|team| team.members.iter().copied());
    agents(setup, rule.agents.iter().copied().chain(members))
}

impl Setup {
    /// The members of a ring, by place: for screens that show it.
    pub fn members(&self, scope: Scope) -> Vec<Member> {
        let found = match scope {
            Scope::Everybody => everybody(self),
            Scope::Team(id) => {
                self.team(id).map(|team| agents(self, team.members.iter().copied())).unwrap_or_default()
            }
            Scope::Rule(id) => self.rule(id).map(|rule| of_rule(self, rule)).unwrap_or_default(),
        };
        found.into_iter().map(member).collect()
    }

    fn rule(&self, id: RoutingRuleId) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.id == id)
    }
}
