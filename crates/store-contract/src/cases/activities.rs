use crate::{World, all_pages, fixtures::FIRST, world::at};
use engagement::{Activity, ActivityType};
use store::ActivityCount;

pub async fn a_persons_activities_page_without_loss_or_repeat(w: World) {
    let (ada, bob) = (w.person("ada@example.com"), w.person("bob@example.com"));
    let mut mine: Vec<Activity> = (0..23)
        .map(|n| {
            w.activity(ada.id, if n % 4 == 0 { ActivityType::Goal } else { ActivityType::Engaged }, n / 2)
        })
        .collect();
    mine[3].attributes.insert("goal".to_owned(), "Démo".into());
    mine[3].visitor_id = Some(w.id());
    mine[3].site_id = Some(w.id());
    mine[3].dialogue_id = Some(w.id());
    mine[3].conversation_id = Some(w.id());
    let mut tx = w.begin().await;
    tx.insert_people(&[ada.clone(), bob.clone()]).await.unwrap();
    tx.append_activities(&mine).await.unwrap();
    tx.append_activities(&[w.activity(bob.id, ActivityType::Goal, 1)]).await.unwrap();
    tx.append_activities(&[]).await.unwrap();
    tx.commit().await.unwrap();
    mine.sort_by_key(|activity| std::cmp::Reverse((activity.at, activity.id)));
    let mut session = w.read().await;
    assert_eq!(all_pages!(5, page => session.activities_of(ada.id, None, &page)), mine);
    let goals: Vec<_> = mine.into_iter().filter(|activity| activity.kind == ActivityType::Goal).collect();
    assert_eq!(all_pages!(2, page => session.activities_of(ada.id, Some(ActivityType::Goal), &page)), goals);
}

pub async fn activities_by_type_and_count_keep_to_the_range(w: World) {
    let ada = w.person("ada@example.com");
    let all: Vec<Activity> = (0..10)
        .flat_map(|n| {
            [ActivityType::Triggered, ActivityType::VisitedPage].map(|kind| w.activity(ada.id, kind, n))
        })
        .collect();
    let mut tx = w.begin().await;
    tx.insert_people(&[ada]).await.unwrap();
    tx.append_activities(&all).await.unwrap();
    tx.commit().await.unwrap();
    let mut session = w.read().await;
    let found =
        all_pages!(2, page => session.activities_by_type(ActivityType::VisitedPage, at(2), at(7), &page));
    let times: Vec<_> = found.iter().map(|activity| activity.at).collect();
    assert_eq!(times, vec![at(6), at(5), at(4), at(3), at(2)]);
    let mut counts = session.count_activities(at(2), at(7)).await.unwrap();
    counts.sort_by_key(|count| count.kind);
    assert_eq!(
        counts,
        vec![
            ActivityCount { kind: ActivityType::Triggered, count: 5 },
            ActivityCount { kind: ActivityType::VisitedPage, count: 5 }
        ]
    );
}

/// A reader that goes on from the last position sees each activity once, whatever commits in between.
pub async fn readers_of_the_log_miss_nothing_under_concurrency(w: World) {
    let ada = w.person("ada@example.com");
    let mut tx = w.begin().await;
    tx.insert_people(std::slice::from_ref(&ada)).await.unwrap();
    tx.commit().await.unwrap();
    let writers: Vec<_> = (0..40)
        .map(|number| {
            let (w, person) = (w.clone(), ada.id);
            tokio::spawn(async move {
                let mut tx = w.begin().await;
                let two = [0, 1].map(|_| w.activity(person, ActivityType::Goal, number));
                tx.append_activities(&two).await.unwrap();
                tx.commit().await.unwrap();
            })
        })
        .collect();
    let (mut position, mut seen) = (0, Vec::new());
    let mut session = w.read().await;
    let mut finished = false;
    loop {
        let batch = session.activities_after(position, 7).await.unwrap();
        if batch.is_empty() && finished {
            break;
        }
        finished = writers.iter().all(tokio::task::JoinHandle::is_finished);
        for logged in batch {
            assert!(logged.position > position);
            position = logged.position;
            seen.push(logged.activity.id);
        }
        tokio::task::yield_now().await;
    }
    for writer in writers {
        writer.await.unwrap();
    }
    let count = seen.len();
    seen.sort_unstable();
    seen.dedup();
    assert_eq!((seen.len(), count), (80, 80));
}

pub async fn activities_move_with_a_visitor_or_all_at_once(w: World) {
    let (ada, bob) = (w.person("ada@example.com"), w.person("bob@example.com"));
    let visitor = w.id();
    let mut by_visitor = w.activity(ada.id, ActivityType::Goal, 1);
    by_visitor.visitor_id = Some(visitor);
    let mut tx = w.begin().await;
    tx.insert_people(&[ada.clone(), bob.clone()]).await.unwrap();
    tx.append_activities(&[by_visitor, w.activity(ada.id, ActivityType::Goal, 2)]).await.unwrap();
    tx.move_activities(ada.id, bob.id, Some(visitor)).await.unwrap();
    assert_eq!(tx.activities_of(ada.id, None, &FIRST).await.unwrap().items.len(), 1);
    assert_eq!(tx.activities_of(bob.id, None, &FIRST).await.unwrap().items.len(), 1);
    tx.move_activities(ada.id, bob.id, None).await.unwrap();
    assert_eq!(tx.activities_of(bob.id, None, &FIRST).await.unwrap().items.len(), 2);
    tx.commit().await.unwrap();
}
