use crate::{World, fixtures::FIRST, world::at};
use kernel::{AccountId, TeamId, UserId};
use routing::{Member, Purpose, Ring, RingKey, Scope, Step, Switch};
use std::collections::HashMap;
use store::{
    AccountRecord, AgentSettings, Assignment, FallbackRecord, PageRequest, RuleRecord, SiteScope, StoreError,
    TeamRecord,
};

fn hours() -> routing::Schedule {
    serde_json::from_value(serde_json::json!({
        "time_zone": "Europe/Berlin",
        "week": { "monday": [{ "from": "09:00", "to": "17:00" }] },
        "days_off": ["2026-12-24"],
    }))
    .unwrap()
}

pub async fn settings_of_agents_are_versioned_and_go_with_the_user(w: World) {
    let user = w.stored_user("ada@example.com").await;
    let mut settings = AgentSettings {
        user_id: user,
        weight: 2,
        chat_limit: 5,
        live_chat: Some(hours()),
        meetings: None,
        meeting_rules: Some(scheduling::Rules { lengths: vec![15, 60], ..scheduling::Rules::default() }),
        switch: Some(Switch { available: true, at: at(3) }),
        updated_at: at(3),
        version: 0,
    };
    let mut tx = w.begin().await;
    tx.save_agent_settings(&settings).await.unwrap();
    assert!(matches!(tx.save_agent_settings(&settings).await, Err(StoreError::Stale)));
    settings.version = 1;
    settings.switch = None;
    settings.meeting_rules = None;
    tx.save_agent_settings(&settings).await.unwrap();
    assert!(matches!(tx.save_agent_settings(&settings).await, Err(StoreError::Stale)));
    tx.commit().await.unwrap();
    settings.version = 2;
    let mut session = w.read().await;
    assert_eq!(session.agent_settings_of(user).await.unwrap(), Some(settings.clone()));
    assert_eq!(session.agent_settings().await.unwrap(), std::slice::from_ref(&settings));
    drop(session);

    let mut tx = w.begin().await;
    let nobody = AgentSettings { user_id: w.id(), ..settings.clone() };
    assert!(matches!(tx.save_agent_settings(&nobody).await, Err(StoreError::NotFound)));
    tx.delete_user(user).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(w.read().await.agent_settings().await.unwrap(), []);
}

pub async fn teams_and_rules_are_kept_changed_and_removed(w: World) {
    let (ada, ben): (UserId, UserId) = (w.id(), w.id());
    let mut team = TeamRecord {
        id: w.id(),
        name: "Sales".to_owned(),
        members: vec![ben, ada],
        created_at: at(1),
        version: 1,
    };
    let twin = TeamRecord { id: w.id(), name: "SALES".to_owned(), ..team.clone() };
    let rule = RuleRecord {
        id: w.id(),
        name: "Large companies".to_owned(),
        description: "Who is worth a call".to_owned(),
        priority: 2,
        enabled: true,
        criteria: Some(serde_json::from_value(serde_json::json!({ "all": [] })).unwrap()),
        agents: vec![ada],
        teams: vec![team.id],
        created_at: at(1),
        version: 1,
    };
    let mut first = RuleRecord { id: w.id(), priority: 1, criteria: None, created_at: at(5), ..rule.clone() };
    let mut tx = w.begin().await;
    tx.insert_team(&team).await.unwrap();
    assert!(matches!(tx.insert_team(&twin).await, Err(StoreError::Taken { what: "teams.name" })));
    tx.insert_routing_rule(&rule).await.unwrap();
    tx.insert_routing_rule(&first).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(w.read().await.routing_rules().await.unwrap(), [first.clone(), rule.clone()]);

    team.members = vec![ada];
    first.enabled = false;
    let mut tx = w.begin().await;
    tx.update_team(&team).await.unwrap();
    assert!(matches!(tx.update_team(&team).await, Err(StoreError::Stale)));
    tx.update_routing_rule(&first).await.unwrap();
    assert!(matches!(tx.update_routing_rule(&first).await, Err(StoreError::Stale)));
    tx.delete_routing_rule(rule.id).await.unwrap();
    assert!(matches!(tx.delete_routing_rule(rule.id).await, Err(StoreError::NotFound)));
    assert!(matches!(tx.update_routing_rule(&rule).await, Err(StoreError::NotFound)));
    tx.commit().await.unwrap();
    team.version = 2;
    first.version = 2;
    let mut session = w.read().await;
    assert_eq!(session.team(team.id).await.unwrap(), Some(team.clone()));
    assert_eq!(session.teams().await.unwrap(), std::slice::from_ref(&team));
    assert_eq!(session.routing_rule(first.id).await.unwrap(), Some(first));
    drop(session);
    let mut tx = w.begin().await;
    tx.delete_team(team.id).await.unwrap();
    assert!(matches!(tx.delete_team(team.id).await, Err(StoreError::NotFound)));
    tx.commit().await.unwrap();
}

fn account(w: &World, name: &str, domains: &[&str], second: i64) -> AccountRecord {
    AccountRecord {
        id: w.id(),
        name: name.to_owned(),
        domains: domains.iter().map(|domain| domain.parse().unwrap()).collect(),
        owner: w.id(),
        created_at: at(second),
        version: 1,
    }
}

pub async fn accounts_are_found_by_domain_name_and_words(w: World) {
    let acme = account(&w, "Acmé", &["acme.example", "acme.test"], 1);
    let other = account(&w, "Other", &["other.example"], 2);
    let mut tx = w.begin().await;
    tx.insert_accounts(&[acme.clone(), other.clone()]).await.unwrap();
    tx.commit().await.unwrap();
    let mut session = w.read().await;
    assert_eq!(session.account(acme.id).await.unwrap(), Some(acme.clone()));
    assert_eq!(session.accounts(None, &FIRST).await.unwrap().items, [other.clone(), acme.clone()]);
    for (words, expected) in
        [("ACME", vec![&acme]), ("test", vec![&acme]), ("example", vec![&other, &acme]), ("%", vec![])]
    {
        let found = session.accounts(Some(words), &FIRST).await.unwrap().items;
        assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{words}");
    }
    let page = session.accounts(None, &PageRequest::first(1)).await.unwrap();
    let rest = PageRequest { limit: 1, cursor: page.next };
    assert_eq!(session.accounts(None, &rest).await.unwrap().items, std::slice::from_ref(&acme));
    let domains = ["acme.test".to_owned(), "acme.example".to_owned(), "nobody.example".to_owned()];
    assert_eq!(session.accounts_with_domains(&domains).await.unwrap(), std::slice::from_ref(&acme));
    assert_eq!(session.accounts_with_names(&["acme".to_owned()]).await.unwrap(), [acme]);
    assert_eq!(session.accounts_with_names(&[]).await.unwrap(), []);
}

pub async fn accounts_are_written_whole_or_not_at_all(w: World) {
    let mut acme = account(&w, "Acme", &["acme.example"], 1);
    let other = account(&w, "Other", &["other.example"], 2);
    let mut tx = w.begin().await;
    tx.insert_accounts(&[acme.clone(), other.clone()]).await.unwrap();
    let (fresh, thief) =
        (account(&w, "New", &["new.example"], 3), account(&w, "Thief", &["acme.example"], 3));
    let refused = tx.insert_accounts(&[fresh, thief]).await;
    assert!(matches!(refused, Err(StoreError::Taken { what: "account_domains.domain" })), "{refused:?}");
    let refused = tx.insert_accounts(&[account(&w, "ACME", &[], 3)]).await;
    assert!(matches!(refused, Err(StoreError::Taken { what: "accounts.name" })), "{refused:?}");
    let changed = AccountRecord { domains: vec!["other.example".parse().unwrap()], ..acme.clone() };
    let refused = tx.update_accounts(std::slice::from_ref(&changed)).await;
    assert!(matches!(refused, Err(StoreError::Taken { what: "account_domains.domain" })), "{refused:?}");
    acme.domains = vec!["acme.test".parse().unwrap()];
    tx.update_accounts(std::slice::from_ref(&acme)).await.unwrap();
    assert!(matches!(tx.update_accounts(std::slice::from_ref(&acme)).await, Err(StoreError::Stale)));
    let gone = AccountRecord { id: w.id(), ..account(&w, "Gone", &[], 3) };
    assert!(matches!(tx.update_accounts(&[gone]).await, Err(StoreError::NotFound)));
    tx.commit().await.unwrap();
    acme.version = 2;
    let mut session = w.read().await;
    assert_eq!(session.accounts(None, &FIRST).await.unwrap().items, [other.clone(), acme.clone()]);
    drop(session);
    let mut tx = w.begin().await;
    assert_eq!(tx.delete_accounts(&[acme.id, w.id::<AccountId>()]).await.unwrap(), 1);
    tx.commit().await.unwrap();
    assert_eq!(w.read().await.accounts(None, &FIRST).await.unwrap().items, [other]);
}

pub async fn fallbacks_belong_to_a_site(w: World) {
    let site = w.stored_site().await;
    let mut record =
        FallbackRecord { site_id: site, content: serde_json::json!({ "any": true }), version: 0 };
    let mut tx = w.begin().await;
    assert_eq!(tx.fallbacks(SiteScope::new(site)).await.unwrap(), None);
    tx.save_fallbacks(&record).await.unwrap();
    assert!(matches!(tx.save_fallbacks(&record).await, Err(StoreError::Stale)));
    record.version = 1;
    tx.save_fallbacks(&record).await.unwrap();
    tx.commit().await.unwrap();
    record.version = 2;
    assert_eq!(w.read().await.fallbacks(SiteScope::new(site)).await.unwrap(), Some(record));
    assert_eq!(w.read().await.fallbacks(SiteScope::new(w.id())).await.unwrap(), None);
}

const EVERYBODY: RingKey = RingKey { purpose: Purpose::LiveChat, scope: Scope::Everybody };

async fn take_turn(w: World, members: &[Member]) -> UserId {
    let mut tx = w.begin().await;
    let mut ring = tx.lock_rings(&[EVERYBODY]).await.unwrap().remove(0);
    let next = ring.order(members)[0];
    let member = members.iter().find(|member| member.agent == next).unwrap();
    let seat = ring.serve(*member, at(7));
    tx.save_turn(EVERYBODY, &ring, &seat).await.unwrap();
    let given = Assignment {
        id: w.id(),
        at: at(7),
        purpose: Purpose::LiveChat,
        agent_id: next,
        ring: Some(EVERYBODY),
        site_id: None,
        person_id: None,
        conversation_id: None,
        explanation: routing::Explanation(vec![Step::RoundRobin]),
    };
    tx.insert_assignments(&[given]).await.unwrap();
    tx.commit().await.unwrap();
    next
}

/// However many take turns at once, equal agents differ by at most one and a heavy one gets its share.
pub async fn turns_are_fair_under_concurrency(w: World) {
    let members: Vec<Member> =
        [1, 1, 1, 2].iter().map(|weight| Member { agent: w.id(), weight: *weight }).collect();
    let turns: Vec<_> = (0..102)
        .map(|_| {
            let (w, members) = (w.clone(), members.clone());
            tokio::spawn(async move { take_turn(w, &members).await })
        })
        .collect();
    let mut counts: HashMap<UserId, u64> = HashMap::new();
    for turn in turns {
        *counts.entry(turn.await.unwrap()).or_default() += 1;
    }
    let of = |number: usize| counts[&members[number].agent];
    assert_eq!([of(0), of(1), of(2), of(3)].iter().sum::<u64>(), 102);
    for number in 0..3 {
        assert!((20..=21).contains(&of(number)), "{counts:?}");
    }
    assert!((40..=42).contains(&of(3)), "{counts:?}");
    let mut session = w.read().await;
    let ring = session.rings(&[EVERYBODY]).await.unwrap().remove(0);
    assert_eq!(ring.turns, 102);
    assert_eq!(ring.seat(members[3].agent).unwrap().turns, of(3));
    let totals = session.assignment_totals().await.unwrap();
    let total = totals.iter().find(|total| total.agent_id == members[0].agent).unwrap();
    assert_eq!((total.count, total.last_at), (of(0), at(7)));
}

pub async fn rings_are_apart_and_go_with_their_team(w: World) {
    let team = TeamRecord {
        id: w.id(),
        name: "Sales".to_owned(),
        members: Vec::new(),
        created_at: at(1),
        version: 1,
    };
    let key = |purpose| RingKey { purpose, scope: Scope::Team(team.id) };
    let (chats, meetings) = (key(Purpose::LiveChat), key(Purpose::Meeting));
    let other = RingKey { scope: Scope::Team(w.id::<TeamId>()), ..chats };
    let member = Member { agent: w.id(), weight: 1 };
    let mut tx = w.begin().await;
    tx.insert_team(&team).await.unwrap();
    let mut ring = tx.lock_rings(&[chats, meetings]).await.unwrap().remove(0);
    let seat = ring.serve(member, at(2));
    tx.save_turn(chats, &ring, &seat).await.unwrap();
    tx.commit().await.unwrap();
    let rings = w.read().await.rings(&[other, chats, meetings]).await.unwrap();
    assert_eq!(rings, [Ring::default(), ring, Ring::default()]);
    let mut tx = w.begin().await;
    tx.delete_team(team.id).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(w.read().await.rings(&[chats]).await.unwrap(), [Ring::default()]);
}

pub async fn assignments_keep_their_reasons_until_the_person_is_erased(w: World) {
    let person = w.person("ada@example.com");
    let lost = w.person("ada@old.example.com");
    let (agent, other): (UserId, UserId) = (w.id(), w.id());
    let reasons =
        routing::Explanation(vec![Step::NoAccount { domains: vec!["kestrel-mark.example".to_owned()] }]);
    let given = |agent: UserId, second: i64, whom: kernel::PersonId| Assignment {
        id: w.id(),
        at: at(second),
        purpose: Purpose::Meeting,
        agent_id: agent,
        ring: None,
        site_id: Some(w.id()),
        person_id: Some(whom),
        conversation_id: Some(w.id()),
        explanation: reasons.clone(),
    };
    let (first, second) = (given(agent, 1, person.id), given(other, 2, lost.id));
    let mut tx = w.begin().await;
    tx.insert_people(&[person.clone(), lost.clone()]).await.unwrap();
    tx.insert_assignments(&[first.clone(), second.clone()]).await.unwrap();
    tx.commit().await.unwrap();
    let mut session = w.read().await;
    assert_eq!(session.assignments(None, &FIRST).await.unwrap().items, [second.clone(), first.clone()]);
    assert_eq!(session.assignments(Some(agent), &FIRST).await.unwrap().items, std::slice::from_ref(&first));
    drop(session);

    let mut tx = w.begin().await;
    tx.absorb_person(person.id, lost.id, at(5)).await.unwrap();
    tx.erase_people(&[person.id], at(9)).await.unwrap();
    tx.commit().await.unwrap();
    let left = w.read().await.assignments(None, &FIRST).await.unwrap().items;
    assert_eq!(left.len(), 2);
    for one in left {
        assert_eq!((one.person_id, one.conversation_id), (None, None));
        assert_eq!(one.explanation, routing::Explanation::default());
    }
    assert_eq!(w.places_of("kestrel-mark").await, [] as [&str; 0]);
}
