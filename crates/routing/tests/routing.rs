//! Every line of spec 06, *Routing*.

#![expect(clippy::unwrap_used, reason = "tests")]

use criteria::{AttributeRef, AttributeType, Catalog, Facts, ListRef, Moment, Source, Symbols, Value};
use jiff::tz::TimeZone;
use kernel::{AccountId, RoutingRuleId, SmartListId, TeamId, UserId, millis};
use proptest::prelude::*;
use routing::{
    Account, Agent, Away, Decision, Outcome, Purpose, Request, Ring, RingKey, Rule, Scope, Setup, Standing,
    Step, Team, Wish, rings_of, route,
};
use std::collections::HashMap;
use uuid::Uuid;

fn user(number: u128) -> UserId {
    Uuid::from_u128(number).into()
}
fn team(number: u128) -> TeamId {
    Uuid::from_u128(number).into()
}
fn rule(number: u128) -> RoutingRuleId {
    Uuid::from_u128(number).into()
}

fn agent(number: u128, standing: Standing) -> Agent {
    let name = ["Nobody", "Ada", "Ben", "Cleo", "Dan", "Eve"][usize::try_from(number).unwrap()];
    Agent { id: user(number), name: name.to_owned(), weight: 1, standing, bookable: true }
}

const AWAY: Standing = Standing::Away(Away::OutsideHours);
const FREE: Standing = Standing::Free;

struct Titles;
impl Catalog for Titles {
    fn attribute_type(&self, attribute: &AttributeRef) -> Option<AttributeType> {
        (attribute.name() == "title").then_some(AttributeType::Text)
    }
    fn list_name(&self, _: ListRef) -> Option<String> {
        None
    }
    fn lists_of(&self, _: SmartListId) -> Vec<ListRef> {
        Vec::new()
    }
}

struct World {
    setup: Setup,
    facts: Facts,
    rings: HashMap<RingKey, Ring>,
    request: fn(&Facts) -> Request<'_>,
}

fn live_chat(facts: &Facts) -> Request<'_> {
    Request {
        purpose: Purpose::LiveChat,
        wish: Wish::RoundRobin,
        email_domain: None,
        inferred_domain: None,
        facts,
        any_available_agent: false,
        include_meeting_booking: false,
    }
}

/// Ada and Ben in team 1, Cleo in team 2; rule 1 for bosses (Cleo), rule 2 for everybody (Ben, and team 1); Acme is Dan's.
fn world(standings: [Standing; 4]) -> World {
    let mut symbols = Symbols::new();
    let bosses = serde_json::from_str(r#"{"attribute":"person.title","op":"is","values":["Boss"]}"#).unwrap();
    let bosses = criteria::compile(&bosses, &Titles, &mut symbols).unwrap();
    let boss = Value::Text("Boss".to_owned());
    let moment = Moment::new(millis(0), TimeZone::UTC);
    let facts = Facts::prepare(&symbols, &moment, [(Source::Person, "title", &boss)], []);
    let named = |number: u128, name: &str, criteria, agents: &[u128], teams: &[u128]| Rule {
        id: rule(number),
        name: name.to_owned(),
        criteria,
        agents: agents.iter().map(|n| user(*n)).collect(),
        teams: teams.iter().map(|n| team(*n)).collect(),
    };
    let group = |number: u128, name: &str, members: &[u128]| Team {
        id: team(number),
        name: name.to_owned(),
        members: members.iter().map(|n| user(*n)).collect(),
    };
    let setup = Setup {
        agents: (1..).zip(standings).map(|(number, standing)| agent(number, standing)).collect(),
        teams: vec![group(1, "Sales", &[1, 2]), group(2, "Support", &[3]), group(3, "Empty", &[])],
        rules: vec![named(1, "Bosses", Some(bosses), &[3], &[]), named(2, "Everybody", None, &[2], &[1])],
        accounts: vec![
            Account {
                id: AccountId::from(Uuid::from_u128(1)),
                name: "Acme".to_owned(),
                domains: vec!["acme.example".parse().unwrap()],
                owner: user(4),
            },
            Account {
                id: AccountId::from(Uuid::from_u128(2)),
                name: "Acme Labs".to_owned(),
                domains: vec!["labs.acme.example".parse().unwrap()],
                owner: user(1),
            },
            Account {
                id: AccountId::from(Uuid::from_u128(3)),
                name: "Orphan".to_owned(),
                domains: vec!["orphan.example".parse().unwrap()],
                owner: user(9),
            },
        ],
    };
    World { setup, facts, rings: HashMap::new(), request: live_chat }
}

impl World {
    fn decide(&self, change: impl FnOnce(&mut Request<'_>)) -> Decision {
        let mut request = (self.request)(&self.facts);
        change(&mut request);
        let keys = rings_of(&self.setup, &request);
        route(&self.setup, &request, &|key| {
            assert!(keys.contains(&key), "{key:?} was not announced");
            self.rings.get(&key).cloned().unwrap_or_default()
        })
    }
}

fn order(decision: &Decision) -> Vec<u128> {
    match &decision.outcome {
        Outcome::Agents { order, .. } => order.iter().map(|id| id.uuid().as_u128()).collect(),
        _ => Vec::new(),
    }
}

fn words(decision: &Decision) -> String {
    decision.explanation.sentences().join(" ")
}

#[test]
fn an_account_comes_first_by_address_then_by_inference_and_the_longest_domain_wins() {
    let world = world([FREE; 4]);
    for (email, inferred, expected) in [
        (Some("acme.example"), None, &[4][..]),
        (Some("mail.acme.example"), None, &[4]),
        (Some("labs.acme.example"), None, &[1]),
        (Some("acme.example"), Some("labs.acme.example"), &[4]),
        (Some("elsewhere.example"), Some("acme.example"), &[4]),
        (None, Some("acme.example"), &[4]),
        (Some("notacme.example"), None, &[2]),
    ] {
        let decision = world.decide(|request| {
            request.email_domain = email;
            request.inferred_domain = inferred;
            request.wish = Wish::Agent { agent: user(2) };
        });
        assert_eq!(order(&decision), expected, "{email:?} {inferred:?}");
    }
    let decision = world.decide(|request| request.inferred_domain = Some("acme.example"));
    assert_eq!(
        words(&decision),
        "acme.example (inferred) is the account Acme, whose owner is Dan. Dan gets the visitor."
    );
}

#[test]
fn an_account_whose_owner_is_no_agent_leaves_it_to_the_card() {
    let world = world([FREE; 4]);
    let decision = world.decide(|request| {
        request.email_domain = Some("orphan.example");
        request.wish = Wish::Agent { agent: user(2) };
    });
    assert_eq!(order(&decision), [2]);
    assert!(words(&decision).contains("whose owner is not an agent any more"), "{}", words(&decision));
}

#[test]
fn the_card_asks_for_an_agent_a_team_or_everybody() {
    let world = world([FREE, AWAY, FREE, FREE]);
    for (wish, expected) in [
        (Wish::Agent { agent: user(3) }, &[3][..]),
        (Wish::Agent { agent: user(2) }, &[]),
        (Wish::Agent { agent: user(9) }, &[]),
        (Wish::Team { team: team(1) }, &[1]),
        (Wish::Team { team: team(3) }, &[]),
        (Wish::Team { team: team(9) }, &[]),
        (Wish::RoundRobin, &[1, 3, 4]),
    ] {
        assert_eq!(order(&world.decide(|request| request.wish = wish)), expected, "{wish:?}");
    }
    let decision = world.decide(|request| request.wish = Wish::Team { team: team(1) });
    assert_eq!(
        words(&decision),
        "The visitor’s company is not known, so no account is looked for. The team Sales is asked for. \
         Ben is passed over: it is outside the hours. It is Ada’s turn."
    );
}

#[test]
fn rules_that_fit_are_tried_by_priority_and_taken_in_turn() {
    let rules = |world: &World| world.decide(|request| request.wish = Wish::CustomRules);
    assert_eq!(order(&rules(&world([FREE; 4]))), [3]);
    // The first rule yields nobody: the second one, agents before teams, everybody once.
    let second = rules(&world([FREE, FREE, AWAY, FREE]));
    assert_eq!(order(&second), [2, 1]);
    assert!(words(&second).contains("Cleo is passed over"), "{}", words(&second));
    // Somebody else than a boss.
    let mut other = world([FREE; 4]);
    other.facts = Facts::prepare(&Symbols::new(), &Moment::new(millis(0), TimeZone::UTC), [], []);
    let decision = rules(&other);
    assert_eq!(order(&decision), [2, 1]);
    assert!(words(&decision).contains("The rule Bosses does not fit: person.title"), "{}", words(&decision));
}

#[test]
fn the_turn_is_that_of_the_ring_of_its_purpose_and_scope() {
    let mut world = world([FREE; 4]);
    let key = RingKey { purpose: Purpose::LiveChat, scope: Scope::Everybody };
    let mut ring = Ring::default();
    let members = world.setup.members(Scope::Everybody);
    for member in &members[..3] {
        ring.serve(*member, millis(0));
    }
    world.rings.insert(key, ring);
    assert_eq!(order(&world.decide(|_| ())), [4, 1, 2, 3]);
    assert_eq!(order(&world.decide(|request| request.purpose = Purpose::Meeting)), [1, 2, 3, 4]);
    assert_eq!(order(&world.decide(|request| request.wish = Wish::Team { team: team(1) })), [1, 2]);
    let decision = world.decide(|_| ());
    assert_eq!(decision.first(), Some((user(4), routing::Source::Ring(key))));
}

#[test]
fn when_nobody_can_any_agent_then_a_calendar_then_the_message() {
    let full = Standing::Away(Away::Full { open: 5, limit: 5 });
    let world = world([AWAY, full, AWAY, FREE]);
    let team_1 = Wish::Team { team: team(1) };
    let one = Wish::Agent { agent: user(1) };
    for (wish, any, booking, expected) in [
        (team_1, true, true, Outcome::Agents { order: vec![user(4)], source: everybody() }),
        (team_1, false, true, Outcome::Calendar { agent: user(1) }),
        (team_1, false, false, Outcome::Message),
        // One person was meant: that calendar comes before anybody else.
        (one, true, true, Outcome::Calendar { agent: user(1) }),
        (one, true, false, Outcome::Agents { order: vec![user(4)], source: everybody() }),
        (one, false, false, Outcome::Message),
        (Wish::Agent { agent: user(9) }, false, true, Outcome::Message),
    ] {
        let decision = world.decide(|request| {
            request.wish = wish;
            request.any_available_agent = any;
            request.include_meeting_booking = booking;
        });
        assert_eq!(decision.outcome, expected, "{wish:?} {any} {booking}");
    }
    let decision = world.decide(|request| request.wish = team_1);
    assert!(
        words(&decision).contains("Ben is passed over: has 5 of at most 5 chats"),
        "{}",
        words(&decision)
    );
}

const fn everybody() -> routing::Source {
    routing::Source::Ring(RingKey { purpose: Purpose::LiveChat, scope: Scope::Everybody })
}

#[test]
fn the_owner_of_an_account_who_is_away_is_not_replaced_by_the_cards_wish() {
    let world = world([FREE, FREE, FREE, AWAY]);
    let asked = |booking: bool| {
        world.decide(|request| {
            request.email_domain = Some("acme.example");
            request.include_meeting_booking = booking;
        })
    };
    assert_eq!(asked(true).outcome, Outcome::Calendar { agent: user(4) });
    assert_eq!(asked(false).outcome, Outcome::Message);
}

#[test]
fn a_meeting_offers_no_calendar_instead_and_one_without_calendar_is_not_offered() {
    let mut world = world([AWAY; 4]);
    let meeting = world.decide(|request| {
        request.purpose = Purpose::Meeting;
        request.include_meeting_booking = true;
    });
    assert_eq!(meeting.outcome, Outcome::Message);
    world.setup.agents[0].bookable = false;
    let chat = world.decide(|request| request.include_meeting_booking = true);
    assert_eq!(chat.outcome, Outcome::Calendar { agent: user(2) });
}

#[test]
fn all_agents_are_those_who_take_visitors_of_this_kind() {
    let world = world([Standing::Away(Away::NotAllowed), FREE, AWAY, FREE]);
    let decision = world.decide(|_| ());
    assert_eq!(order(&decision), [2, 4]);
    assert!(!words(&decision).contains("Ada"), "{}", words(&decision));
    assert_eq!(world.setup.members(Scope::Everybody).len(), 3);
    // Whoever is asked for by name is told about.
    let named = world.decide(|request| request.wish = Wish::Agent { agent: user(1) });
    assert!(words(&named).contains("may not take visitors of this kind"), "{}", words(&named));
}

#[test]
fn an_explanation_is_stored_and_read_again() {
    let decision = world([FREE, AWAY, AWAY, FREE]).decide(|request| request.wish = Wish::CustomRules);
    let stored = serde_json::to_string(&decision.explanation).unwrap();
    let again: routing::Explanation = serde_json::from_str(&stored).unwrap();
    assert_eq!(again, decision.explanation);
    assert!(again.0.iter().any(|step| matches!(step, Step::Chosen { in_turn: true, .. })));
}

fn any_standing() -> impl Strategy<Value = Standing> {
    prop_oneof![
        Just(FREE),
        Just(AWAY),
        Just(Standing::Away(Away::SwitchedOff)),
        Just(Standing::Away(Away::Full { open: 5, limit: 5 }))
    ]
}

fn any_wish() -> impl Strategy<Value = Wish> {
    prop_oneof![
        Just(Wish::RoundRobin),
        Just(Wish::CustomRules),
        (1_u128..7).prop_map(|n| Wish::Agent { agent: user(n) }),
        (1_u128..5).prop_map(|n| Wish::Team { team: team(n) })
    ]
}

proptest! {
    /// Whoever is chosen is free, everybody is named once, and there is always a last word.
    #[test]
    fn a_choice_is_always_sound(
        standings in prop::array::uniform4(any_standing()),
        wish in any_wish(),
        domain in prop::sample::select(vec![None, Some("acme.example"), Some("orphan.example"), Some("")]),
        any in any::<bool>(),
        booking in any::<bool>(),
    ) {
        let world = world(standings);
        let decision = world.decide(|request| {
            request.wish = wish;
            request.email_domain = domain;
            request.any_available_agent = any;
            request.include_meeting_booking = booking;
        });
        let chosen = order(&decision);
        for number in &chosen {
            prop_assert_eq!(standings[usize::try_from(*number - 1).unwrap()], FREE);
        }
        let mut once = chosen.clone();
        once.sort_unstable();
        once.dedup();
        prop_assert_eq!(once.len(), chosen.len());
        prop_assert_eq!(matches!(decision.outcome, Outcome::Agents { .. }), !chosen.is_empty());
        if any && standings.contains(&FREE) && !booking {
            prop_assert!(!chosen.is_empty());
        }
        prop_assert!(decision.explanation.sentences().iter().all(|sentence| sentence.ends_with('.')));
    }
}
