//! From state to state.

use crate::{Chat, Effect, Event, Offer, OfferResult, Outcome, Participant, Refused, Role, Rules, State};
use kernel::{Timestamp, UserId};

impl Chat {
    /// Applies an event. A refused one changes nothing.
    pub fn apply(&mut self, rules: &Rules, at: Timestamp, event: Event) -> Result<Vec<Effect>, Refused> {
        if self.is_over() {
            return Err(Refused::Ended);
        }
        let mut step = Step { chat: self, rules, at, effects: Vec::new() };
        match event {
            Event::Chosen { agent } => step.chosen(agent)?,
            Event::NobodyFound => step.nobody_found(),
            Event::Accepted { by } => step.accepted(by)?,
            Event::Declined { by } => step.declined(by)?,
            Event::HandedOn { by, to, role, note } => step.handed_on(by, to, role, note)?,
            Event::Joined { by } => step.joined(by)?,
            Event::Left { by } => step.left(by)?,
            Event::Lost { agent } => step.lost(agent),
            Event::Spoke => step.spoke(at),
            Event::TimePassed { talked_at } => step.time_passed(talked_at),
            Event::EndedByAgent { by } => step.ended_by_agent(by)?,
            Event::EndedByVisitor => step.ended_by_visitor(),
        }
        Ok(step.effects)
    }
}

struct Step<'a> {
    chat: &'a mut Chat,
    rules: &'a Rules,
    at: Timestamp,
    effects: Vec<Effect>,
}

impl Step<'_> {
    fn chosen(&mut self, agent: UserId) -> Result<(), Refused> {
        if self.chat.state != State::Waiting {
            return Err(Refused::AlreadyThere);
        }
        self.chat.state = State::Offered;
        self.chat.tried.push(agent);
        self.offer(agent, Role::Owner, None, None);
        Ok(())
    }

    fn offer(&mut self, agent: UserId, role: Role, from: Option<UserId>, note: Option<String>) {
        let answer_by = self.at + self.rules.offer();
        let result = OfferResult::Open;
        self.chat.offers.push(Offer { agent, role, at: self.at, answer_by, result, from, note });
        self.effects.push(Effect::Offered { agent, role, from });
    }

    /// At the start and after offers that came to nothing the visitor is not kept waiting for nobody. Whoever had an agent
    /// already waits until somebody comes, for a while.
    fn nobody_found(&mut self) {
        if self.chat.state != State::Waiting || self.chat.accepted_at.is_some() {
            return;
        }
        let outcome = if self.chat.offers.is_empty() { Outcome::Nobody } else { Outcome::Missed };
        self.end(outcome);
    }

    fn accepted(&mut self, by: UserId) -> Result<(), Refused> {
        let Some(place) = self.chat.offers.iter().position(|offer| offer.is_open() && offer.agent == by)
        else {
            return match self.chat.owner() {
                // The same agent in a second tab.
                Some(owner) if owner == by => Ok(()),
                Some(owner) => Err(Refused::Taken { by: owner }),
                None => Err(Refused::NotOffered),
            };
        };
        let role = self.chat.offers[place].role;
        self.settle(place, OfferResult::Accepted);
        match role {
            Role::Owner => self.take(by),
            Role::Guest => self.enter(by, Role::Guest),
        }
        Ok(())
    }

    /// The chat becomes an agent's own.
    fn take(&mut self, by: UserId) {
        if let Some(before) = self.chat.owner() {
            self.leave(before);
        }
        self.chat.state = State::WithAgent;
        self.chat.waits_until = None;
        self.chat.tried.clear();
        self.spoke(self.at);
        self.withdraw(|offer| offer.role == Role::Owner);
        self.enter(by, Role::Owner);
        self.chat.accepted_at.get_or_insert(self.at);
    }

    fn enter(&mut self, agent: UserId, role: Role) {
        let joined = Participant { agent, role, joined_at: self.at, left_at: None };
        match self.chat.agents.iter_mut().find(|one| one.agent == agent) {
            Some(there) => *there = joined,
            None => self.chat.agents.push(joined),
        }
        self.effects.push(Effect::Joined { agent, first: self.chat.accepted_at.is_none() });
    }

    fn leave(&mut self, agent: UserId) {
        for one in self.chat.agents.iter_mut().filter(|one| one.agent == agent && one.left_at.is_none()) {
            one.left_at = Some(self.at);
            self.effects.push(Effect::Left { agent });
        }
    }

    fn settle(&mut self, place: usize, result: OfferResult) {
        let offer = &mut self.chat.offers[place];
        offer.result = result;
        self.effects.push(Effect::OfferGone { agent: offer.agent, result });
    }

    fn withdraw(&mut self, which: impl Fn(&Offer) -> bool) {
        for place in 0..self.chat.offers.len() {
            if self.chat.offers[place].is_open() && which(&self.chat.offers[place]) {
                self.settle(place, OfferResult::Withdrawn);
            }
        }
    }

    fn declined(&mut self, by: UserId) -> Result<(), Refused> {
        let place = self.chat.offers.iter().position(|offer| offer.is_open() && offer.agent == by);
        self.come_to_nothing(place.ok_or(Refused::NotOffered)?, OfferResult::Declined);
        Ok(())
    }

    /// An offer ends without being taken: when the visitor waits for it, the next agent is asked, or nobody.
    fn come_to_nothing(&mut self, place: usize, result: OfferResult) {
        self.settle(place, result);
        if !self.chat.offers[place].is_first() {
            return;
        }
        self.chat.state = State::Waiting;
        if (self.chat.tried.len() as u64) < u64::from(self.rules.agents_asked) {
            self.effects.push(Effect::Choose);
        } else {
            self.end(Outcome::Missed);
        }
    }

    fn handed_on(&mut self, by: UserId, to: UserId, role: Role, note: Option<String>) -> Result<(), Refused> {
        if self.chat.state != State::WithAgent {
            return Err(Refused::NotWithAgent);
        }
        if !self.chat.has(by) {
            return Err(Refused::NotIn);
        }
        let there = self
            .chat
            .present()
            .any(|one| one.agent == to && (one.role == Role::Owner || role == Role::Guest));
        if there || self.chat.offer_to(to).is_some() {
            return Err(Refused::AlreadyThere);
        }
        // Of two transfers the later one counts.
        if role == Role::Owner {
            self.withdraw(|offer| offer.role == Role::Owner);
        }
        self.offer(to, role, Some(by), note);
        Ok(())
    }

    fn joined(&mut self, by: UserId) -> Result<(), Refused> {
        if self.chat.state != State::WithAgent {
            return Err(Refused::NotWithAgent);
        }
        if self.chat.has(by) {
            return Ok(());
        }
        self.withdraw(|offer| offer.agent == by && offer.role == Role::Guest);
        self.enter(by, Role::Guest);
        Ok(())
    }

    fn left(&mut self, by: UserId) -> Result<(), Refused> {
        if !self.chat.has(by) {
            return Err(Refused::NotIn);
        }
        self.lost(by);
        Ok(())
    }

    fn lost(&mut self, agent: UserId) {
        while let Some(place) = self.chat.offers.iter().position(|o| o.is_open() && o.agent == agent) {
            self.come_to_nothing(place, OfferResult::Withdrawn);
            if self.chat.is_over() {
                return;
            }
        }
        let owned = self.chat.owner() == Some(agent);
        self.leave(agent);
        if owned {
            self.pass_on(agent);
        }
    }

    /// The owner is gone: whoever helped longest goes on, or routing finds somebody.
    fn pass_on(&mut self, from: UserId) {
        let next = self.chat.present().min_by_key(|one| one.joined_at).map(|one| one.agent);
        if let Some(next) = next {
            for one in self.chat.agents.iter_mut().filter(|one| one.agent == next) {
                one.role = Role::Owner;
            }
            self.withdraw(|offer| offer.role == Role::Owner && offer.agent == next);
            return;
        }
        self.withdraw(|_| true);
        self.chat.state = State::Waiting;
        self.chat.ends_at = None;
        self.chat.waits_until = Some(self.at + self.rules.wait());
        self.chat.tried = vec![from];
        self.effects.push(Effect::Choose);
    }

    fn spoke(&mut self, at: Timestamp) {
        self.chat.talked_at = self.chat.talked_at.max(at);
        self.chat.ends_at = None;
    }

    fn time_passed(&mut self, talked_at: Option<Timestamp>) {
        if let Some(talked_at) = talked_at.filter(|at| *at > self.chat.talked_at) {
            self.spoke(talked_at);
        }
        let late = |offer: &Offer, at| offer.is_open() && offer.answer_by <= at;
        while let Some(place) = self.chat.offers.iter().position(|offer| late(offer, self.at)) {
            self.come_to_nothing(place, OfferResult::Missed);
            if self.chat.is_over() {
                return;
            }
        }
        match self.chat.state {
            State::Waiting | State::Offered => self.wait(),
            State::WithAgent => self.be_silent(),
            State::Ended => {}
        }
    }

    fn wait(&mut self) {
        if self.chat.waits_until.is_some_and(|until| until <= self.at) {
            self.effects.retain(|effect| *effect != Effect::Choose);
            self.end(Outcome::Missed);
        }
    }

    fn be_silent(&mut self) {
        match self.chat.ends_at {
            Some(end) if end <= self.at => self.end(Outcome::TimedOut),
            None if self.chat.talked_at + self.rules.idle() - self.rules.warning() <= self.at => {
                // Told late, both still have the time that they are told.
                let end = self.chat.talked_at + self.rules.idle();
                self.chat.ends_at = Some(end.max(self.at + self.rules.warning()));
                self.effects.push(Effect::Warned);
            }
            _ => {}
        }
    }

    fn ended_by_agent(&mut self, by: UserId) -> Result<(), Refused> {
        if !self.chat.has(by) {
            return Err(Refused::NotIn);
        }
        self.end(Outcome::EndedByAgent);
        Ok(())
    }

    fn ended_by_visitor(&mut self) {
        match self.chat.state {
            State::WithAgent => self.end(Outcome::EndedByVisitor),
            _ => self.end(Outcome::Cancelled),
        }
    }

    fn end(&mut self, outcome: Outcome) {
        self.withdraw(|_| true);
        let there: Vec<UserId> = self.chat.present().map(|one| one.agent).collect();
        for one in self.chat.agents.iter_mut().filter(|one| there.contains(&one.agent)) {
            one.left_at.get_or_insert(self.at);
        }
        self.chat.state = State::Ended;
        self.chat.outcome = Some(outcome);
        self.chat.ended_at = Some(self.at);
        self.chat.waits_until = None;
        self.chat.ends_at = None;
        self.effects.push(Effect::Ended { outcome });
    }
}
