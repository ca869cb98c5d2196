use crate::{
    World,
    fixtures::{FIRST, with},
    world::at,
};
use ::people::{AttributeDefinition, AttributeOwner, Origin, SourceKind, Suggestion};
use criteria::AttributeType;
use engagement::ActivityType;
use serde_json::json;
use store::{AuditEntry, PageViewBatch, SiteScope, Span, StoreError};

pub async fn versions_are_compared_and_nothing_half_is_written(w: World) {
    let mut ada = with(
        with(w.named("ada@example.com", "Adé", "O'Neil\"\\"), "score", json!(1.5)),
        "active",
        json!(true),
    );
    let origin = Origin {
        source: SourceKind::Chat,
        detail: Some("cnv".to_owned()),
        at: at(3),
        rung: Some(::people::Rung::Proven),
    };
    ada.origins.insert("last_name".to_owned(), origin.clone());
    ada.suggestions = vec![Suggestion { attribute: "phone".to_owned(), value: json!("+4930"), origin }];
    ada.last_seen_at = Some(at(4));
    let bob = w.person("bob@example.com");
    let mut tx = w.begin().await;
    tx.insert_people(&[ada.clone(), bob.clone()]).await.unwrap();
    tx.insert_people(&[]).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(w.read().await.person(ada.id).await.unwrap(), Some(ada.clone()));
    let mut changed = with(bob.clone(), "first_name", json!("Bob"));
    changed.version = 2;
    let mut tx = w.begin().await;
    assert!(matches!(tx.update_people(&[changed.clone(), ada.clone()]).await, Err(StoreError::Stale)));
    tx.rollback().await.unwrap();
    assert_eq!(w.read().await.person(bob.id).await.unwrap(), Some(bob.clone()));
    let mut both = [changed, ada];
    both[1].version = 2;
    both[1].email = None;
    both[1].attributes.clear();
    both[1].origins.clear();
    both[1].suggestions.clear();
    let mut tx = w.begin().await;
    tx.update_people(&both).await.unwrap();
    tx.commit().await.unwrap();
    let mut session = w.read().await;
    for person in &both {
        assert_eq!(session.person(person.id).await.unwrap().as_ref(), Some(person));
    }
    assert_eq!(session.person(w.id()).await.unwrap(), None);
}

pub async fn addresses_are_unique_among_the_living(w: World) {
    let people: Vec<_> = (0..150).map(|n| w.person(&format!("p{n}@example.com"))).collect();
    let mut tx = w.begin().await;
    tx.insert_people(&people).await.unwrap();
    tx.commit().await.unwrap();
    let mut more: Vec<_> = (200..300).map(|n| w.person(&format!("p{n}@example.com"))).collect();
    more.push(w.person("p7@example.com"));
    let mut tx = w.begin().await;
    let taken = tx.insert_people(&more).await;
    assert!(matches!(taken, Err(StoreError::Taken { what: "people.email" })), "{taken:?}");
    tx.rollback().await.unwrap();
    let mut session = w.read().await;
    assert!(session.person(more[0].id).await.unwrap().is_none());
    let asked: Vec<_> = people
        .iter()
        .chain(&more)
        .filter_map(|p| p.email.clone())
        .chain(["p1@example.com".parse().unwrap()])
        .collect();
    let mut found: Vec<_> = session.people_by_email(&asked).await.unwrap().iter().map(|p| p.id).collect();
    found.sort_unstable();
    let mut expected: Vec<_> = people.iter().map(|p| p.id).collect();
    expected.sort_unstable();
    assert_eq!(found, expected);
}

pub async fn old_ids_lead_to_the_survivor(w: World) {
    let [a, b, c] = ["a@x.com", "b@x.com", "c@x.com"].map(|email| w.person(email));
    let mut tx = w.begin().await;
    tx.insert_people(&[a.clone(), b.clone(), c.clone()]).await.unwrap();
    tx.absorb_person(b.id, a.id, at(1)).await.unwrap();
    tx.absorb_person(c.id, b.id, at(2)).await.unwrap();
    tx.absorb_person(c.id, a.id, at(3)).await.unwrap();
    tx.commit().await.unwrap();
    let mut session = w.read().await;
    for id in [a.id, b.id, c.id] {
        assert_eq!(session.person(id).await.unwrap().map(|p| p.id), Some(c.id));
    }
    assert!(session.people_by_email(&[a.email.clone().unwrap()]).await.unwrap().is_empty());
    drop(session);
    let list = w.list("L");
    let mut tx = w.begin().await;
    tx.insert_list(&list).await.unwrap();
    tx.append_activities(&[w.activity(a.id, ActivityType::Goal, 9)]).await.unwrap();
    assert_eq!(tx.add_to_list(list.id, &[a.id], None, at(9)).await.unwrap(), vec![c.id]);
    tx.touch_people(&[(b.id, at(9))]).await.unwrap();
    tx.insert_people(&[w.person("a@x.com")]).await.unwrap();
    tx.commit().await.unwrap();
    let mut session = w.read().await;
    assert_eq!(session.activities_of(c.id, None, &FIRST).await.unwrap().items.len(), 1);
    assert_eq!(session.activities_of(a.id, None, &FIRST).await.unwrap().items.len(), 1);
    assert_eq!(session.lists_of(b.id).await.unwrap().len(), 1);
    assert_eq!(session.person(c.id).await.unwrap().unwrap().last_seen_at, Some(at(9)));
}

pub async fn absorbing_moves_everything_and_can_be_repeated(w: World) {
    let (site, dialogue, version) = w.published("k").await;
    let (survivor, lost) = (w.person("ada@example.com"), w.named("lost@example.com", "Lost", "Person"));
    let visitor = w.arrived(site.id, &lost, 1).await;
    w.arrived(site.id, &survivor, 2).await;
    let conversation = w.conversation(site.id, &visitor, dialogue.id, version.id);
    let (both, only_lost) = (w.list("Both"), w.list("Lost"));
    let mut tx = w.begin().await;
    tx.insert_conversation(&conversation).await.unwrap();
    tx.append_activities(&[w.activity(lost.id, ActivityType::Goal, 1)]).await.unwrap();
    tx.insert_list(&both).await.unwrap();
    tx.insert_list(&only_lost).await.unwrap();
    tx.add_to_list(both.id, &[survivor.id, lost.id], None, at(1)).await.unwrap();
    tx.add_to_list(only_lost.id, &[lost.id], None, at(1)).await.unwrap();
    for _ in 0..2 {
        tx.absorb_person(survivor.id, lost.id, at(2)).await.unwrap();
    }
    tx.commit().await.unwrap();
    let mut session = w.read().await;
    assert_eq!(session.visitors_of(survivor.id).await.unwrap().len(), 2);
    assert_eq!(session.activities_of(survivor.id, None, &FIRST).await.unwrap().items.len(), 1);
    assert_eq!(
        session.conversation(conversation.id).await.unwrap().unwrap().conversation.person_id,
        survivor.id
    );
    let sizes: Vec<_> = session.lists().await.unwrap().into_iter().map(|l| (l.name, l.size)).collect();
    assert_eq!(sizes, vec![("Both".to_owned(), 1), ("Lost".to_owned(), 1)]);
    assert_eq!(session.lists_of(survivor.id).await.unwrap().len(), 2);
    let mut query = super::search::everybody();
    query.words = Some("lost".to_owned());
    assert!(session.search_people(&query, &FIRST).await.unwrap().items.is_empty());
    drop(session);
    let mut tx = w.begin().await;
    assert!(matches!(tx.absorb_person(survivor.id, w.id(), at(3)).await, Err(StoreError::NotFound)));
    tx.rollback().await.unwrap();
}

/// Everything that names somebody carries one rare word; afterwards it stands nowhere.
pub async fn erasing_leaves_nothing_and_keeps_the_counts(w: World) {
    let (site, dialogue, version) = w.published("k").await;
    let scope = SiteScope::new(site.id);
    let (ada, twin) =
        (w.named("xyzzy@example.com", "Xyzzy", "Xyzzy"), w.named("xyzzy2@example.com", "Xyzzy", "Too"));
    let bystander = w.named("bob@example.com", "Bob", "Builder");
    let visitor = w.arrived(site.id, &ada, 1).await;
    let other = w.arrived(site.id, &bystander, 2).await;
    let mut visit = w.visit(visitor.id, 1);
    visit.attributes = json!({"visit.utm": "xyzzy"});
    let view = w.view(&visit, "https://example.com/?email=xyzzy", 1);
    let mut conversation = w.conversation(site.id, &visitor, dialogue.id, version.id);
    conversation.engaged_at = Some(at(11));
    conversation.page_url = "https://example.com/xyzzy".to_owned();
    conversation.state.applied = vec!["xyzzy".to_owned()];
    let kept = w.conversation(site.id, &other, dialogue.id, version.id);
    let mut goal = w.activity(ada.id, ActivityType::Goal, 12);
    goal.dialogue_id = Some(dialogue.id);
    goal.conversation_id = Some(conversation.id);
    goal.visitor_id = Some(visitor.id);
    goal.attributes.insert("goal".to_owned(), json!("Demo"));
    goal.attributes.insert("page_url".to_owned(), json!("xyzzy"));
    let mut visited = w.activity(ada.id, ActivityType::VisitedPage, 12);
    visited.attributes.insert("page_url".to_owned(), json!("xyzzy"));
    let mut job = w.job("mail", 1);
    job.title = "xyzzy@example.com".to_owned();
    job.payload = json!({"to": "xyzzy@example.com"});
    let audit = AuditEntry {
        id: w.id(),
        at: at(1),
        user_id: None,
        actor: "Admin".to_owned(),
        via: "session".to_owned(),
        action: "person.updated".to_owned(),
        object_kind: "person".to_owned(),
        object_id: Some(ada.id.to_string()),
        object_name: Some("Xyzzy Xyzzy".to_owned()),
        details: json!({"last_name": "xyzzy"}),
        ip: None,
    };
    let list = w.list("L");
    let mut tx = w.begin().await;
    tx.insert_people(std::slice::from_ref(&twin)).await.unwrap();
    tx.absorb_person(ada.id, twin.id, at(2)).await.unwrap();
    tx.insert_list(&list).await.unwrap();
    tx.add_to_list(list.id, &[ada.id, bystander.id], None, at(1)).await.unwrap();
    let batch = PageViewBatch {
        new_visitors: vec![],
        visits: vec![(scope, visit.into())],
        views: vec![(scope, view)],
    };
    tx.record_page_views(&batch).await.unwrap();
    tx.insert_conversation(&conversation).await.unwrap();
    tx.insert_conversation(&kept).await.unwrap();
    tx.insert_messages(conversation.id, &[w.message(1, "I am xyzzy")]).await.unwrap();
    tx.append_activities(&[goal, visited, w.activity(bystander.id, ActivityType::VisitedPage, 1)])
        .await
        .unwrap();
    tx.enqueue(&[job]).await.unwrap();
    tx.append_audit(&[audit]).await.unwrap();
    tx.commit().await.unwrap();
    assert!(w.places_of("xyzzy").await.len() > 5, "{:?}", w.places_of("xyzzy").await);
    let before = w.read().await.dialogue_counts(&[dialogue.id], None).await.unwrap();
    assert_eq!((before[0].1.triggered, before[0].1.engaged, before[0].1.goals), (2, 1, 1));

    let mut tx = w.begin().await;
    tx.erase_people(&[ada.id], at(20)).await.unwrap();
    tx.commit().await.unwrap();

    assert_eq!(w.places_of("xyzzy").await, Vec::<String>::new());
    let mut session = w.read().await;
    assert_eq!(session.dialogue_counts(&[dialogue.id], None).await.unwrap(), before);
    let goals = session.goals_of(dialogue.id, Span { from: at(0), to: at(100) }).await.unwrap();
    assert_eq!(
        goals.iter().map(|goal| (goal.name.as_deref(), goal.times)).collect::<Vec<_>>(),
        [(Some("Demo"), 1)]
    );
    assert_eq!(session.goal_names_told().await.unwrap(), ["Demo"]);
    for id in [ada.id, twin.id] {
        assert_eq!(session.person(id).await.unwrap(), None);
    }
    assert!(session.visitor_profile(scope, &[1; 32]).await.unwrap().is_none());
    assert!(session.visitor_profile(scope, &[2; 32]).await.unwrap().is_some());
    assert!(session.conversation(conversation.id).await.unwrap().is_none());
    assert!(session.messages(conversation.id, 0).await.unwrap().is_empty());
    assert!(session.conversation(kept.id).await.unwrap().is_some());
    assert_eq!(session.lists().await.unwrap()[0].size, 1);
    assert_eq!(session.activities_after(0, 100).await.unwrap().len(), 1);
    let log = session.audit_log(&store::AuditFilter::default(), &FIRST).await.unwrap().items;
    assert_eq!((log.len(), log[0].object_name.clone()), (1, None));
    let mut query = super::search::everybody();
    query.words = Some("xyz".to_owned());
    assert!(session.search_people(&query, &FIRST).await.unwrap().items.is_empty());
    assert_eq!(session.count_people(&super::search::everybody()).await.unwrap().count, 1);
}

pub async fn sightings_only_go_forward(w: World) {
    let person = w.person("ada@example.com");
    let mut tx = w.begin().await;
    tx.insert_people(std::slice::from_ref(&person)).await.unwrap();
    for (seen, expected) in [(vec![at(5)], at(5)), (vec![at(3)], at(5)), (vec![at(6), at(9), at(7)], at(9))] {
        let seen: Vec<_> = seen.into_iter().map(|at| (person.id, at)).chain([(w.id(), at(1))]).collect();
        tx.touch_people(&seen).await.unwrap();
        let stored = tx.person(person.id).await.unwrap().unwrap();
        assert_eq!((stored.last_seen_at, stored.version), (Some(expected), 1));
    }
    tx.commit().await.unwrap();
}

pub async fn locks_return_the_stored(w: World) {
    let (person, email) = (w.person("ada@example.com"), "new@example.com".parse().unwrap());
    let mut tx = w.begin().await;
    tx.insert_people(std::slice::from_ref(&person)).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = w.begin().await;
    assert_eq!(tx.lock_person(person.id).await.unwrap(), Some(person.clone()));
    assert_eq!(tx.lock_person(w.id()).await.unwrap(), None);
    assert_eq!(tx.lock_email(person.email.as_ref().unwrap()).await.unwrap(), Some(person));
    assert_eq!(tx.lock_email(&email).await.unwrap(), None);
    tx.commit().await.unwrap();
    // Fifty first contacts of one person at once: one person.
    let contacts: Vec<_> = (0..50)
        .map(|_| {
            let (w, email) = (w.clone(), email.clone());
            tokio::spawn(async move {
                let mut tx = w.begin().await;
                if tx.lock_email(&email).await.unwrap().is_none() {
                    tx.insert_people(&[w.person(email.as_str())]).await.unwrap();
                }
                tx.commit().await.unwrap();
            })
        })
        .collect();
    for contact in contacts {
        contact.await.unwrap();
    }
    assert_eq!(w.read().await.people_by_email(&[email]).await.unwrap().len(), 1);
}

pub async fn attribute_definitions_and_their_values(w: World) {
    let definition = |of, name: &str| AttributeDefinition {
        id: w.id(),
        of,
        name: name.to_owned(),
        label: "Label".to_owned(),
        kind: AttributeType::Number,
        standard: false,
        harmless: false,
        created_at: at(0),
    };
    let (b, a) = (definition(AttributeOwner::Person, "beta"), definition(AttributeOwner::Company, "alpha"));
    let mut company = w.company("C", &[]);
    company.attributes.insert("alpha".to_owned(), json!(1));
    let mut tx = w.begin().await;
    tx.insert_attribute(&b).await.unwrap();
    tx.insert_attribute(&a).await.unwrap();
    tx.insert_attribute(&definition(AttributeOwner::Person, "alpha")).await.unwrap();
    tx.insert_people(&[with(w.person("a@x.com"), "beta", json!(0))]).await.unwrap();
    tx.insert_people(&[with(w.person("b@x.com"), "note", json!("\"alpha\":1"))]).await.unwrap();
    tx.insert_companies(&[company]).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = w.begin().await;
    let taken = tx.insert_attribute(&definition(AttributeOwner::Person, "beta")).await;
    assert!(matches!(taken, Err(StoreError::Taken { what: "attributes.name" })), "{taken:?}");
    tx.rollback().await.unwrap();
    let mut session = w.read().await;
    let names: Vec<_> = session.attribute_definitions().await.unwrap().into_iter().map(|d| d.name).collect();
    assert_eq!(names, vec!["alpha", "alpha", "beta"]);
    for (of, name, has) in [
        (AttributeOwner::Person, "beta", true),
        (AttributeOwner::Person, "alpha", false),
        (AttributeOwner::Company, "alpha", true),
        (AttributeOwner::Company, "beta", false),
    ] {
        assert_eq!(session.attribute_has_values(of, name).await.unwrap(), has, "{of:?} {name}");
    }
    drop(session);
    let mut changed = b.clone();
    changed.label = "Other".to_owned();
    changed.harmless = true;
    changed.kind = AttributeType::Currency;
    let mut tx = w.begin().await;
    tx.update_attribute(&changed).await.unwrap();
    tx.delete_attribute(a.id).await.unwrap();
    tx.commit().await.unwrap();
    let left = w.read().await.attribute_definitions().await.unwrap();
    assert_eq!((left.len(), left[1].clone()), (2, changed));
}
