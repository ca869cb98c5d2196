use crate::{World, all_pages, fixtures::FIRST, world::at};
use people::Rung;
use serde_json::json;
use store::{GuestMark, PageViewBatch, SiteScope, Visitor};

pub async fn a_profile_holds_everything_in_one_read(w: World) {
    let (site, dialogue, version) = w.published("k").await;
    let scope = SiteScope::new(site.id);
    let mut company = w.company("Acmé", &["acme.com", "acme.de"]);
    company.attributes.insert("size".to_owned(), json!(7));
    company.owner_id = Some(w.id());
    let mut person = w.named("ada@acme.com", "Adé", "Lovelace");
    person.company_id = Some(company.id);
    person.owner_id = Some(w.id());
    person.origins.insert("first_name".to_owned(), person.base_origin.clone());
    let (list, other_list) = (w.list("A"), w.list("B"));
    let visitor = w.visitor(person.id, 1);
    let (mut early, mut late) = (w.visit(visitor.id, 1), w.visit(visitor.id, 2));
    early.visible_ms = 5;
    late.dialogue_ms = vec![(dialogue.id, 1_500)];
    let mut talked = w.conversation(site.id, &visitor, dialogue.id, version.id);
    talked.engaged_at = Some(at(20));
    talked.dismissed_at = Some(at(30));
    let mut later = w.conversation(site.id, &visitor, dialogue.id, version.id);
    later.triggered_at = at(40);
    let batch = PageViewBatch {
        visits: vec![(scope, early.into()), (scope, late.clone().into())],
        ..PageViewBatch::default()
    };
    let mut tx = w.begin().await;
    tx.insert_companies(std::slice::from_ref(&company)).await.unwrap();
    tx.insert_people(std::slice::from_ref(&person)).await.unwrap();
    tx.insert_list(&list).await.unwrap();
    tx.insert_list(&other_list).await.unwrap();
    tx.add_to_list(list.id, &[person.id], None, at(1)).await.unwrap();
    tx.ensure_visitor(scope, &visitor).await.unwrap();
    tx.record_page_views(&batch).await.unwrap();
    tx.insert_conversation(&later).await.unwrap();
    tx.insert_conversation(&talked).await.unwrap();
    tx.dismiss(visitor.id, at(31)).await.unwrap();
    tx.commit().await.unwrap();
    let profile = w.read().await.visitor_profile(scope, &[1; 32]).await.unwrap().unwrap();
    assert_eq!(profile.visitor.id, visitor.id);
    assert_eq!(profile.visitor.dismissed_at, Some(at(31)));
    assert_eq!(profile.person, person);
    assert_eq!(profile.company, Some(company));
    assert_eq!(profile.visit, Some(late));
    assert_eq!(profile.lists, vec![list.id]);
    let marks: Vec<_> = profile.conversations.iter().map(|m| (m.id, m.engaged_at, m.dismissed_at)).collect();
    assert_eq!(marks, vec![(talked.id, Some(at(20)), Some(at(30))), (later.id, None, None)]);
    assert_eq!(profile.conversations[0].shown_at, vec![at(10)]);
}

pub async fn another_sites_token_is_unknown(w: World) {
    let (one, two) = (w.published("one").await.0, w.published("two").await.0);
    w.arrived(one.id, &w.anonymous(), 1).await;
    let mut session = w.read().await;
    assert!(session.visitor_profile(SiteScope::new(one.id), &[1; 32]).await.unwrap().is_some());
    assert!(session.visitor_profile(SiteScope::new(two.id), &[1; 32]).await.unwrap().is_none());
    assert!(session.visitor_profile(SiteScope::new(one.id), &[2; 32]).await.unwrap().is_none());
}

pub async fn a_revoked_token_stays_useless(w: World) {
    let site = w.published("k").await.0;
    let scope = SiteScope::new(site.id);
    let person = w.anonymous();
    let visitor = w.arrived(site.id, &person, 1).await;
    assert!(!w.read().await.token_revoked(scope, &[1; 32]).await.unwrap());
    let mut tx = w.begin().await;
    tx.revoke_visitor(visitor.id, at(5)).await.unwrap();
    let again = tx.ensure_visitor(scope, &Visitor { id: w.id(), ..visitor.clone() }).await.unwrap();
    assert_eq!((again.id, again.revoked_at), (visitor.id, Some(at(5))));
    tx.commit().await.unwrap();
    let mut session = w.read().await;
    assert!(session.visitor_profile(scope, &[1; 32]).await.unwrap().is_none());
    assert!(session.token_revoked(scope, &[1; 32]).await.unwrap());
    assert!(!session.token_revoked(SiteScope::new(w.id()), &[1; 32]).await.unwrap());
    assert_eq!(session.visitors_of(person.id).await.unwrap().len(), 1);
}

pub async fn page_views_are_recorded_once(w: World) {
    let site = w.published("k").await.0;
    let scope = SiteScope::new(site.id);
    let person = w.anonymous();
    let visitor = w.visitor(person.id, 1);
    let visit = w.visit(visitor.id, 1);
    let views: Vec<_> = (0..9).map(|n| w.view(&visit, &format!("https://example.com/é{n}"), n / 2)).collect();
    let batch = PageViewBatch {
        new_visitors: vec![(scope, visitor.clone(), person.clone())],
        visits: vec![(scope, visit.clone().into())],
        views: views.iter().map(|view| (scope, view.clone())).collect(),
    };
    for _ in 0..2 {
        let mut tx = w.begin().await;
        tx.record_page_views(&batch).await.unwrap();
        tx.record_page_views(&PageViewBatch::default()).await.unwrap();
        tx.commit().await.unwrap();
    }
    let mut expected = views;
    expected.sort_by_key(|view| std::cmp::Reverse((view.at, view.id)));
    let mut session = w.read().await;
    assert_eq!(all_pages!(2, page => session.page_views_of(visitor.id, &page)), expected);
    assert_eq!(session.person(person.id).await.unwrap(), Some(person));
    assert_eq!(session.count_visits(at(0), at(86_400)).await.unwrap(), 1);
    assert_eq!(session.count_visits(visit.started_at, visit.started_at).await.unwrap(), 0);
}

pub async fn visits_keep_the_larger_times(w: World) {
    let (site, dialogue, _) = w.published("k").await;
    let scope = SiteScope::new(site.id);
    let visitor = w.arrived(site.id, &w.anonymous(), 1).await;
    let other_dialogue = w.id();
    let mut visit = w.visit(visitor.id, 1);
    for (visible, ms) in
        [(3_000, vec![(dialogue.id, 2_000)]), (2_000, vec![(dialogue.id, 1_000), (other_dialogue, 500)])]
    {
        visit.visible_ms = visible;
        visit.dialogue_ms = ms;
        visit.pages += 1;
        visit.last_at = at(5_000 + i64::from(visit.pages));
        let batch = PageViewBatch { visits: vec![(scope, visit.clone().into())], ..PageViewBatch::default() };
        let mut tx = w.begin().await;
        tx.record_page_views(&batch).await.unwrap();
        tx.commit().await.unwrap();
    }
    let profile = w.read().await.visitor_profile(scope, &[1; 32]).await.unwrap().unwrap();
    let mut stored = profile.visit.unwrap();
    stored.dialogue_ms.sort_unstable_by_key(|(id, _)| *id);
    let mut expected = vec![(dialogue.id, 2_000), (other_dialogue, 500)];
    expected.sort_unstable_by_key(|(id, _)| *id);
    assert_eq!((stored.pages, stored.visible_ms, stored.last_at), (3, 3_000, at(5_003)));
    assert_eq!(stored.dialogue_ms, expected);
    assert_eq!(profile.visitor.last_seen_at, at(5_003));
}

pub async fn a_visitor_moves_to_another_person(w: World) {
    let site = w.published("k").await.0;
    let (anonymous, ada) = (w.anonymous(), w.person("ada@example.com"));
    let visitor = w.arrived(site.id, &anonymous, 1).await;
    w.arrived(site.id, &ada, 2).await;
    let mut tx = w.begin().await;
    tx.associate_visitor(visitor.id, ada.id, Rung::Claimed).await.unwrap();
    tx.commit().await.unwrap();
    let mut session = w.read().await;
    let profile = session.visitor_profile(SiteScope::new(site.id), &[1; 32]).await.unwrap().unwrap();
    assert_eq!((profile.person.id, profile.visitor.rung), (ada.id, Rung::Claimed));
    assert_eq!(session.visitors_of(ada.id).await.unwrap().len(), 2);
    assert!(session.visitors_of(anonymous.id).await.unwrap().is_empty());
    assert!(session.activities_of(ada.id, None, &FIRST).await.unwrap().items.is_empty());
}

pub async fn guest_marks_merge(w: World) {
    let (site, dialogue, _) = w.published("k").await;
    let scope = SiteScope::new(site.id);
    let mut tx = w.begin().await;
    let timed = GuestMark { visible_ms: 900, ..w.mark(1, dialogue.id) };
    assert!(!tx.put_guest_mark(scope, &timed).await.unwrap());
    let shown = GuestMark { shown_at: Some(at(20)), visible_ms: 100, ..w.mark(1, dialogue.id) };
    assert!(tx.put_guest_mark(scope, &shown).await.unwrap());
    let earlier = GuestMark {
        shown_at: Some(at(10)),
        dismissed_at: Some(at(30)),
        converted: true,
        created_at: at(50),
        ..w.mark(1, dialogue.id)
    };
    assert!(!tx.put_guest_mark(scope, &earlier).await.unwrap());
    assert!(
        !tx.put_guest_mark(scope, &GuestMark { dismissed_at: Some(at(25)), ..w.mark(1, dialogue.id) })
            .await
            .unwrap()
    );
    assert!(
        tx.put_guest_mark(scope, &GuestMark { shown_at: Some(at(1)), ..w.mark(2, dialogue.id) })
            .await
            .unwrap()
    );
    tx.commit().await.unwrap();
    let mut session = w.read().await;
    let merged = GuestMark {
        shown_at: Some(at(10)),
        dismissed_at: Some(at(30)),
        visible_ms: 900,
        converted: true,
        ..w.mark(1, dialogue.id)
    };
    assert_eq!(session.guest_marks(scope, &[1; 32]).await.unwrap(), vec![merged]);
    assert!(session.guest_marks(SiteScope::new(w.id()), &[1; 32]).await.unwrap().is_empty());
    assert!(session.guest_marks(scope, &[3; 32]).await.unwrap().is_empty());
}

pub async fn a_visitor_goes_on_under_another_token(w: World) {
    let (site, dialogue, version) = w.published("k").await;
    let scope = SiteScope::new(site.id);
    let ada = w.person("ada@example.com");
    let old = w.arrived(site.id, &ada, 1).await;
    let talk = w.conversation(site.id, &old, dialogue.id, version.id);
    let visit = w.visit(old.id, 1);
    let batch = PageViewBatch {
        visits: vec![(scope, std::sync::Arc::new(visit.clone()))],
        ..PageViewBatch::default()
    };
    let new = Visitor { id: w.id(), token_hash: [9; 32], ..old.clone() };
    let mut tx = w.begin().await;
    tx.insert_conversation(&talk).await.unwrap();
    tx.record_page_views(&batch).await.unwrap();
    tx.replace_visitor(scope, old.id, &new, at(90)).await.unwrap();
    tx.commit().await.unwrap();
    let mut session = w.read().await;
    assert!(session.visitor_profile(scope, &[1; 32]).await.unwrap().is_none());
    assert!(session.token_revoked(scope, &[1; 32]).await.unwrap());
    let profile = session.visitor_profile(scope, &[9; 32]).await.unwrap().unwrap();
    assert_eq!((profile.visitor.id, profile.person.id), (new.id, ada.id));
    assert_eq!(profile.visit.map(|visit| visit.id), Some(visit.id));
    assert_eq!(profile.conversations.iter().map(|mark| mark.id).collect::<Vec<_>>(), [talk.id]);
}
