use crate::{World, fixtures::FIRST, world::at};
use engagement::ActivityType;
use serde_json::json;
use store::{ConversationFilter, Figure, GoalFigures, NamedCount, Span, StoreError};

pub async fn goals_are_listed_by_name_renamed_and_removed(w: World) {
    let goals: Vec<_> = ["Élan", "demo booked", "Contact"].map(|name| w.goal(name)).into();
    let mut tx = w.begin().await;
    tx.insert_goals(&goals).await.unwrap();
    tx.commit().await.unwrap();
    let listed = w.read().await.goals().await.unwrap();
    let names: Vec<&str> = listed.iter().map(|goal| goal.name.as_str()).collect();
    assert_eq!(names, ["Contact", "demo booked", "Élan"]);
    assert_eq!(listed[2], goals[0]);

    let mut renamed = goals[1].clone();
    "Demo held".clone_into(&mut renamed.name);
    renamed.names.push("Demo held".to_owned());
    renamed.updated_at = at(9);
    let mut tx = w.begin().await;
    tx.update_goal(&renamed).await.unwrap();
    assert!(matches!(tx.update_goal(&renamed).await, Err(StoreError::Stale)));
    assert!(matches!(tx.update_goal(&w.goal("Nowhere")).await, Err(StoreError::NotFound)));
    tx.delete_goal(goals[2].id).await.unwrap();
    assert!(matches!(tx.delete_goal(goals[2].id).await, Err(StoreError::NotFound)));
    tx.commit().await.unwrap();
    renamed.version = 2;
    assert_eq!(w.read().await.goals().await.unwrap(), [renamed, goals[0].clone()]);
}

pub async fn two_goals_never_have_one_name(w: World) {
    let (one, other) = (w.goal("Demo booked"), w.goal("Contact"));
    let mut tx = w.begin().await;
    tx.insert_goals(&[one.clone(), other.clone()]).await.unwrap();
    tx.commit().await.unwrap();
    let taken = |outcome| matches!(outcome, Err(StoreError::Taken { what: "goals.name" }));
    let mut tx = w.begin().await;
    assert!(taken(tx.insert_goals(&[w.goal("DEMO BOOKED")]).await));
    tx.rollback().await.unwrap();
    let mut renamed = other.clone();
    "demo Booked".clone_into(&mut renamed.name);
    let mut tx = w.begin().await;
    assert!(taken(tx.update_goal(&renamed).await));
    tx.rollback().await.unwrap();
    assert_eq!(w.read().await.goals().await.unwrap(), [other, one]);
}

pub async fn what_is_told_counts_for_every_name_of_a_goal(w: World) {
    let (ada, bob) = (w.person("ada@example.com"), w.person("bob@example.com"));
    let mut demo = w.goal("Demo");
    demo.names = vec!["Call".to_owned(), "Demo".to_owned()];
    let quiet = w.goal("Quiet");
    let told = |person, name: &str, seconds| {
        let mut activity = w.activity(person, ActivityType::Goal, seconds);
        activity.attributes.insert("goal".to_owned(), json!(name));
        activity
    };
    let activities = [
        told(ada.id, "Call", 10),
        told(ada.id, "Demo", 20),
        told(bob.id, "Demo", 30),
        told(bob.id, "Gone", 40),
        w.activity(bob.id, ActivityType::Goal, 50),
        w.activity(bob.id, ActivityType::Engaged, 20),
    ];
    let mut tx = w.begin().await;
    tx.insert_people(&[ada.clone(), bob.clone()]).await.unwrap();
    tx.insert_goals(&[demo.clone(), quiet]).await.unwrap();
    tx.append_activities(&activities).await.unwrap();
    tx.commit().await.unwrap();
    let mut session = w.read().await;
    let all = session.goal_figures(None).await.unwrap();
    assert_eq!(all, [(demo.id, GoalFigures { reached: 3, people: 2 })]);
    let some = session.goal_figures(Some((at(20), at(30)))).await.unwrap();
    assert_eq!(some, [(demo.id, GoalFigures { reached: 1, people: 1 })]);
    assert_eq!(session.goal_names_told().await.unwrap(), ["Call", "Demo", "Gone"]);
}

pub async fn reports_tell_of_a_goal_by_its_present_name(w: World) {
    let (site, dialogue, version) = w.published("k").await;
    let visitor = w.arrived(site.id, &w.anonymous(), 1).await;
    let conversation = w.conversation(site.id, &visitor, dialogue.id, version.id);
    let mut demo = w.goal("Demo");
    demo.names = vec!["Call".to_owned(), "Demo".to_owned()];
    let told = |name: &str, seconds| {
        let mut activity = w.activity(visitor.person_id, ActivityType::Goal, seconds);
        activity.dialogue_id = Some(dialogue.id);
        activity.conversation_id = Some(conversation.id);
        activity.attributes.insert("goal".to_owned(), json!(name));
        activity
    };
    let mut tx = w.begin().await;
    tx.insert_goals(&[demo]).await.unwrap();
    tx.insert_conversation(&conversation).await.unwrap();
    tx.append_activities(&[told("Call", 10), told("Demo", 20), told("Other", 30)]).await.unwrap();
    tx.commit().await.unwrap();
    let mut session = w.read().await;
    let span = Span { from: at(0), to: at(100) };
    let counted = session.goals_of(dialogue.id, span).await.unwrap();
    let named = |name: &str, times| NamedCount { name: Some(name.to_owned()), times, conversations: 1 };
    assert_eq!(counted, [named("Demo", 2), named("Other", 1)]);
    for (name, from, count) in
        [("Demo", 0, 1), ("Demo", 11, 1), ("Demo", 21, 0), ("Other", 0, 1), ("Nothing", 0, 0)]
    {
        let filter = ConversationFilter {
            figure: Some(Figure::Goals),
            named: Some(name.to_owned()),
            from: Some(at(from)),
            ..ConversationFilter::default()
        };
        let found = session.conversations(&filter, &FIRST).await.unwrap().items;
        assert_eq!(found.len(), count, "{name} from {from}");
    }
}
