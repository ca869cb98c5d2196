use crate::{World, all_pages, fixtures::FIRST, world::at};
use engagement::{Activity, ActivityType, ReadingEvent};
use kernel::{ConversationId, DocumentId};
use serde_json::json;
use std::slice::from_ref;
use store::{DocumentView, PageFigures, StoreError};

fn page(page: u32, ms: u64) -> ReadingEvent {
    ReadingEvent::Page { page, ms }
}

fn search(text: &str) -> ReadingEvent {
    ReadingEvent::Search { text: text.to_owned() }
}

/// An opening that goes on with these events.
fn read(w: &World, activity: &Activity, document: DocumentId, events: &[ReadingEvent]) -> DocumentView {
    let mut view = DocumentView {
        activity_id: activity.id,
        document_id: document,
        dialogue_id: activity.dialogue_id.unwrap_or_else(|| w.id()),
        conversation_id: activity.conversation_id,
        card_id: "read".to_owned(),
        opened_at: activity.at,
        pages: 4,
        reading: engagement::Reading::default(),
        updated_at: activity.at,
    };
    for event in events {
        view.reading.note(event, 4).unwrap();
    }
    view
}

pub async fn documents_are_listed_by_name_and_found_by_words(w: World) {
    let mut documents: Vec<_> =
        ["beta", "Alpha", "émile", "Zebra 100%", "alpha"].iter().map(|name| w.document(name)).collect();
    documents[0].source_url = Some("https://example.com/beta.pdf".to_owned());
    documents[0].created_by = Some(w.id());
    let mut tx = w.begin().await;
    for document in &documents {
        tx.insert_document(document).await.unwrap();
    }
    tx.commit().await.unwrap();
    let mut session = w.read().await;
    assert_eq!(session.document(documents[0].id).await.unwrap(), Some(documents[0].clone()));
    assert_eq!(session.document(w.id()).await.unwrap(), None);
    assert_eq!(session.all_documents().await.unwrap(), documents);
    let listed = all_pages!(2, page => session.documents(None, &page));
    let names: Vec<&str> = listed.iter().map(|document| document.name.as_str()).collect();
    assert_eq!(names, ["Alpha", "alpha", "beta", "émile", "Zebra 100%"]);
    for (words, found) in [("ALPHA", 2), ("Emile", 1), ("0%", 1), ("%", 1), ("_", 0), ("gamma", 0)] {
        assert_eq!(session.documents(Some(words), &FIRST).await.unwrap().items.len(), found, "{words}");
    }
}

pub async fn documents_are_versioned_and_can_go(w: World) {
    let document = w.document("One");
    let mut tx = w.begin().await;
    tx.insert_document(&document).await.unwrap();
    let mut changed = document.clone();
    "Two".clone_into(&mut changed.name);
    changed.file = w.id();
    changed.content_version = 2;
    changed.updated_at = at(5);
    tx.update_document(&changed).await.unwrap();
    assert!(matches!(tx.update_document(&changed).await, Err(StoreError::Stale)));
    changed.version = 2;
    assert_eq!(tx.document(document.id).await.unwrap(), Some(changed));
    let gone = w.document("Nowhere");
    assert!(matches!(tx.update_document(&gone).await, Err(StoreError::NotFound)));
    tx.delete_document(document.id).await.unwrap();
    assert!(matches!(tx.delete_document(document.id).await, Err(StoreError::NotFound)));
    tx.commit().await.unwrap();
    assert!(w.read().await.all_documents().await.unwrap().is_empty());
}

pub async fn figures_count_openings_people_pages_and_searches(w: World) {
    let (ada, bob) = (w.person("ada@example.com"), w.person("bob@example.com"));
    let (document, other) = (w.document("One"), w.document("Two"));
    let opening = |person, seconds| w.activity(person, ActivityType::Document, seconds);
    let activities = [opening(ada.id, 10), opening(ada.id, 20), opening(bob.id, 30), opening(bob.id, 40)];
    let views = [
        read(&w, &activities[0], document.id, &[page(1, 2_000), page(2, 500), search("Price")]),
        read(&w, &activities[1], document.id, &[page(1, 1_000), search("price"), search("data")]),
        read(
            &w,
            &activities[2],
            document.id,
            &[ReadingEvent::Downloaded, ReadingEvent::Downloaded, ReadingEvent::Printed],
        ),
        read(&w, &activities[3], other.id, &[page(4, 70)]),
    ];
    let mut tx = w.begin().await;
    tx.insert_people(&[ada.clone(), bob.clone()]).await.unwrap();
    tx.append_activities(&activities).await.unwrap();
    tx.insert_document_views(&views).await.unwrap();
    tx.commit().await.unwrap();
    let mut session = w.read().await;
    let figures = session.document_figures(&[document.id, w.id()], None).await.unwrap();
    assert_eq!(figures.len(), 1);
    let of_one = figures[0].1;
    assert_eq!((figures[0].0, of_one.opens, of_one.people), (document.id, 3, 2));
    assert_eq!((of_one.read_ms, of_one.searches, of_one.downloads, of_one.prints), (3_500, 3, 1, 1));
    assert!((of_one.share_read - 0.25).abs() < 1e-9, "{}", of_one.share_read);
    let range = Some((at(20), at(30)));
    let in_range = session.document_figures(&[document.id, other.id], range).await.unwrap();
    assert_eq!(in_range.iter().map(|(_, f)| (f.opens, f.people)).collect::<Vec<_>>(), [(1, 1)]);
    let pages = session.document_pages(document.id, None).await.unwrap();
    let first = PageFigures { page: 1, views: 2, ms: 3_000 };
    assert_eq!(pages, [first, PageFigures { page: 2, views: 1, ms: 500 }]);
    assert_eq!(session.document_pages(document.id, range).await.unwrap().len(), 1);
    let searches = session.document_searches(document.id, None, 10).await.unwrap();
    assert_eq!(searches, [("Price".to_owned(), 2), ("data".to_owned(), 1)]);
    assert_eq!(session.document_searches(document.id, None, 1).await.unwrap().len(), 1);
    let ids: Vec<_> = activities.iter().map(|activity| activity.id).collect();
    let mut stored = session.document_views(&ids).await.unwrap();
    stored.sort_by_key(|view| view.opened_at);
    assert_eq!(stored, views);
}

pub async fn openings_are_listed_newest_first_with_who_it_was(w: World) {
    let (ada, bob) = (w.named("ada@example.com", "Ada", "Okafor"), w.person("bob@example.com"));
    let (document, other) = (w.document("One"), w.document("Two"));
    let opening = |person, seconds| w.activity(person, ActivityType::Document, seconds);
    let activities = [opening(ada.id, 10), opening(bob.id, 20), opening(ada.id, 20), opening(ada.id, 30)];
    let mut views: Vec<_> =
        activities[..3].iter().map(|activity| read(&w, activity, document.id, &[page(1, 50)])).collect();
    views.push(read(&w, &activities[3], other.id, &[]));
    let mut tx = w.begin().await;
    tx.insert_people(&[ada.clone(), bob.clone()]).await.unwrap();
    tx.append_activities(&activities).await.unwrap();
    tx.insert_document_views(&views).await.unwrap();
    tx.commit().await.unwrap();
    let mut session = w.read().await;
    let listed = all_pages!(1, page => session.document_openings(document.id, None, &page));
    views.truncate(3);
    views.sort_by_key(|view| std::cmp::Reverse((view.opened_at, view.activity_id.uuid())));
    assert_eq!(listed.iter().map(|opening| opening.view.clone()).collect::<Vec<_>>(), views);
    let last = listed.last().unwrap();
    assert_eq!((last.person_id, last.person_name.as_deref()), (Some(ada.id), Some("Ada Okafor")));
    let of_bob = listed.iter().find(|opening| opening.person_id == Some(bob.id)).unwrap();
    assert_eq!(
        (of_bob.person_name.as_deref(), of_bob.person_email.as_deref()),
        (None, Some("bob@example.com"))
    );
    let range = Some((at(10), at(20)));
    assert_eq!(session.document_openings(document.id, range, &FIRST).await.unwrap().items.len(), 1);
    drop(session);
    let mut tx = w.begin().await;
    tx.erase_people(&[ada.id], at(40)).await.unwrap();
    tx.commit().await.unwrap();
    let left = w.read().await.document_openings(document.id, None, &FIRST).await.unwrap().items;
    assert_eq!(left.len(), 3);
    assert!(left.iter().all(|opening| opening.person_id != Some(ada.id) && opening.person_name.is_none()));
}

pub async fn reading_goes_on_with_the_last_opening_of_a_card(w: World) {
    let person = w.person("ada@example.com");
    let document = w.document("One");
    let conversation: ConversationId = w.id();
    let mut activities = [10, 20].map(|seconds| w.activity(person.id, ActivityType::Document, seconds));
    for activity in &mut activities {
        activity.conversation_id = Some(conversation);
        activity.dialogue_id = Some(w.id());
    }
    let mut views: Vec<_> = activities.iter().map(|a| read(&w, a, document.id, &[])).collect();
    let mut tx = w.begin().await;
    tx.insert_people(from_ref(&person)).await.unwrap();
    tx.append_activities(&activities).await.unwrap();
    tx.insert_document_views(&views).await.unwrap();
    let last = tx.last_document_view(conversation, "read").await.unwrap();
    assert_eq!(last.as_ref(), Some(&views[1]));
    assert_eq!(tx.last_document_view(conversation, "other").await.unwrap(), None);
    views[1].reading.note(&page(3, 9), 4).unwrap();
    views[1].updated_at = at(25);
    tx.save_document_view(&views[1]).await.unwrap();
    tx.commit().await.unwrap();
    let mut session = w.read().await;
    assert_eq!(session.last_document_view(conversation, "read").await.unwrap(), Some(views[1].clone()));
    assert_eq!(session.document_pages(document.id, None).await.unwrap().len(), 1);
}

pub async fn events_of_an_opening_are_noted_once_and_forgotten_by_age(w: World) {
    let (one, two) = (w.id(), w.id());
    let mut tx = w.begin().await;
    assert_eq!(tx.note_document_event(one, "c1", "d1", at(1)).await.unwrap(), None);
    assert_eq!(tx.note_document_event(one, "c1", "d2", at(2)).await.unwrap(), Some("d1".to_owned()));
    assert_eq!(tx.note_document_event(two, "c1", "d2", at(3)).await.unwrap(), None);
    assert_eq!(tx.note_document_event(one, "c2", "d3", at(4)).await.unwrap(), None);
    assert_eq!(tx.expire_document_events(at(4), 1).await.unwrap(), 1);
    assert_eq!(tx.expire_document_events(at(4), 9).await.unwrap(), 1);
    assert_eq!(tx.note_document_event(one, "c1", "d4", at(5)).await.unwrap(), None);
    assert_eq!(tx.note_document_event(one, "c2", "d4", at(5)).await.unwrap(), Some("d3".to_owned()));
    tx.commit().await.unwrap();
}

pub async fn erasing_a_reader_keeps_what_counts_for_the_document(w: World) {
    let ada = w.person("ada@example.com");
    let document = w.document("One");
    let mut activity = w.activity(ada.id, ActivityType::Document, 10);
    activity.dialogue_id = Some(w.id());
    activity.conversation_id = Some(w.id());
    activity.attributes.insert("document_name".to_owned(), json!("One"));
    let view = read(&w, &activity, document.id, &[page(1, 50), search("xyzzy")]);
    let mut tx = w.begin().await;
    tx.insert_people(from_ref(&ada)).await.unwrap();
    tx.append_activities(from_ref(&activity)).await.unwrap();
    tx.insert_document_views(from_ref(&view)).await.unwrap();
    tx.note_document_event(activity.id, "c1", "digest-of-xyzzy", at(11)).await.unwrap();
    tx.commit().await.unwrap();
    assert!(!w.places_of("xyzzy").await.is_empty());
    let mut tx = w.begin().await;
    tx.erase_people(&[ada.id], at(20)).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(w.places_of("xyzzy").await, Vec::<String>::new());
    let mut session = w.read().await;
    let figures = session.document_figures(&[document.id], None).await.unwrap();
    assert_eq!((figures[0].1.opens, figures[0].1.people, figures[0].1.read_ms), (1, 0, 50));
    let kept = session.document_views(&[activity.id]).await.unwrap();
    assert_eq!((kept[0].conversation_id, kept[0].reading.searches.len()), (None, 0));
}
