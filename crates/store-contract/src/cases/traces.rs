use crate::{World, all_pages, fixtures::FIRST, fixtures::with, world::at};
use serde_json::json;
use store::{
    DecisionSnapshot, PageViewBatch, PageViewRecord, Recorded, RecordedView, SiteScope, Span, Visit,
};

async fn record(w: &World, site: SiteScope, visits: &[Visit], views: &[PageViewRecord]) {
    let batch = PageViewBatch {
        new_visitors: Vec::new(),
        visits: visits.iter().map(|visit| (site, visit.clone().into())).collect(),
        views: views.iter().map(|view| (site, view.clone())).collect(),
    };
    let mut tx = w.begin().await;
    tx.record_page_views(&batch).await.unwrap();
    tx.commit().await.unwrap();
}

pub async fn page_views_come_with_their_person(w: World) {
    let (one, two) = (w.published("one").await.0, w.published("two").await.0);
    let ada = w.named("ada@example.com", "Ada", "Lovelace");
    let bob = with(w.anonymous(), "full_name", "Bob".into());
    let visitors = [w.arrived(one.id, &ada, 1).await, w.arrived(two.id, &bob, 2).await, w.visitor(bob.id, 3)];
    let mut tx = w.begin().await;
    let twin = w.anonymous();
    tx.insert_people(std::slice::from_ref(&twin)).await.unwrap();
    tx.absorb_person(ada.id, twin.id, at(2)).await.unwrap();
    let second = w.visitor(ada.id, 4);
    for visitor in [&second, &visitors[2]] {
        tx.ensure_visitor(SiteScope::new(one.id), visitor).await.unwrap();
    }
    tx.commit().await.unwrap();
    let mut of_ada = Vec::new();
    for (number, visitor) in (0_i64..).zip([&visitors[0], &visitors[1], &visitors[2], &second]) {
        let site = if number == 1 { &two } else { &one };
        let visit = w.visit(visitor.id, 1);
        let views: Vec<_> = (0..3).map(|n| w.view(&visit, "https://example.com/", n * 10 + number)).collect();
        record(&w, SiteScope::new(site.id), &[visit], &views).await;
        if visitor.person_id == ada.id {
            of_ada.extend(views);
        }
    }
    of_ada.sort_by_key(|view| std::cmp::Reverse((view.at, view.id)));
    let mut session = w.read().await;
    for id in [ada.id, twin.id] {
        let found = all_pages!(2, page => session.page_views_of_person(id, &page));
        assert_eq!(found.iter().map(|page| page.view.clone()).collect::<Vec<_>>(), of_ada);
        assert!(found.iter().all(|page| page.person_id == ada.id && page.site.site() == one.id));
    }
    let page = session.page_view(of_ada[0].id).await.unwrap().unwrap();
    let person = (page.person_name.as_deref(), page.person_email.as_deref());
    assert_eq!((page.view, person), (of_ada[0].clone(), (Some("Ada Lovelace"), Some("ada@example.com"))));
    assert_eq!(session.page_view(w.id()).await.unwrap(), None);
    let of_two = all_pages!(2, page => session.page_views_of_site(SiteScope::new(two.id), &page));
    assert_eq!(of_two.len(), 3);
    assert!(
        of_two.iter().all(|page| page.person_name.as_deref() == Some("Bob") && page.person_email.is_none())
    );
    let of_one = all_pages!(4, page => session.page_views_of_site(SiteScope::new(one.id), &page));
    assert_eq!(of_one.len(), 9);
    assert!(of_one.windows(2).all(|pair| pair[0].view.at >= pair[1].view.at));
    // A page may begin behind any view.
    let behind = store::PageRequest { limit: 4, cursor: Some(of_one[2].view.cursor()) };
    let rest = session.page_views_of_site(SiteScope::new(one.id), &behind).await.unwrap();
    assert_eq!(rest.items, of_one[3..7]);
}

pub async fn snapshots_are_kept_once_and_expire_after_their_use(w: World) {
    let site = SiteScope::new(w.published("k").await.0.id);
    let snapshot =
        |used: i64| DecisionSnapshot { id: w.id(), dialogues: json!([{"name": "Ö"}]), used_at: at(used) };
    let (old, new) = (snapshot(0), snapshot(90_000));
    let mut tx = w.begin().await;
    tx.keep_decision_snapshots(&[]).await.unwrap();
    tx.keep_decision_snapshots(&[(site, old.clone()), (site, new.clone())]).await.unwrap();
    let earlier = DecisionSnapshot { dialogues: json!([]), used_at: at(5), ..new.clone() };
    let later = DecisionSnapshot { used_at: at(10), ..old.clone() };
    tx.keep_decision_snapshots(&[(site, earlier), (site, later.clone())]).await.unwrap();
    let foreign = SiteScope::new(w.id());
    let orphan = snapshot(90_000);
    tx.keep_decision_snapshots(&[(foreign, orphan.clone())]).await.unwrap();
    tx.commit().await.unwrap();
    let ids = [old.id, new.id, orphan.id, w.id()];
    let mut found = w.read().await.decision_snapshots(&ids).await.unwrap();
    found.sort_by_key(|snapshot| snapshot.used_at);
    assert_eq!(found, [later, new.clone()]);
    let mut tx = w.begin().await;
    let day = 86_400;
    assert_eq!(tx.expire_page_views(at(10 + day), 10).await.unwrap(), 0);
    assert_eq!(tx.expire_page_views(at(11 + day), 10).await.unwrap(), 1);
    tx.commit().await.unwrap();
    assert_eq!(w.read().await.decision_snapshots(&ids).await.unwrap(), [new]);
}

pub async fn recorded_views_are_read_in_order_of_time_for_a_part_of_the_visitors(w: World) {
    let (site, other) = (w.published("one").await.0, w.published("two").await.0);
    let scope = SiteScope::new(site.id);
    let mut expected = Vec::new();
    for token in 1..=5 {
        let visitor = w.arrived(site.id, &w.anonymous(), token).await;
        let mut visit = w.visit(visitor.id, 2);
        visit.dialogue_ms = vec![(w.id(), 7)];
        visit.visible_ms = 9;
        let views: Vec<_> = (0..4).map(|n| w.view(&visit, "https://example.com/é", n / 2)).collect();
        record(&w, scope, std::slice::from_ref(&visit), &views).await;
        expected.extend(views.into_iter().map(|view| RecordedView { view, visit: Some(visit.clone()) }));
    }
    let stranger = w.arrived(other.id, &w.anonymous(), 9).await;
    let visit = w.visit(stranger.id, 1);
    record(&w, SiteScope::new(other.id), std::slice::from_ref(&visit), &[w.view(&visit, "x", 0)]).await;
    let forgotten = w.visit(expected[0].view.visitor_id, 1);
    let view = w.view(&forgotten, "https://example.com/", 1);
    record(&w, scope, &[], std::slice::from_ref(&view)).await;
    expected.push(RecordedView { view, visit: None });
    expected.sort_by_key(|recorded| (recorded.view.at, recorded.view.id));
    let all = Recorded { site: scope, span: Span { from: at(0), to: at(2) }, visitors: 256 };
    let mut session = w.read().await;
    let mut read = Vec::new();
    loop {
        let after = read.last().map(|last: &RecordedView| (last.view.at, last.view.id));
        let next = session.recorded_views(&all, after, 4).await.unwrap();
        if next.is_empty() {
            break;
        }
        assert!(next.len() <= 4);
        read.extend(next);
    }
    assert_eq!(read, expected);
    assert_eq!(session.count_recorded(&all).await.unwrap(), expected.len() as u64);
    let first = Recorded { span: Span { from: at(0), to: at(1) }, ..all };
    assert_eq!(session.count_recorded(&first).await.unwrap(), 10);
    let byte = |recorded: &RecordedView| u16::from(recorded.view.visitor_id.uuid().as_bytes()[15]);
    for visitors in [0, byte(&expected[0]), byte(&expected[0]) + 1, 255] {
        let part = Recorded { visitors, ..all };
        let wanted: Vec<_> = expected.iter().filter(|r| byte(r) < visitors).cloned().collect();
        assert_eq!(session.recorded_views(&part, None, 100).await.unwrap(), wanted, "{visitors}");
        assert_eq!(session.count_recorded(&part).await.unwrap(), wanted.len() as u64);
    }
}

pub async fn profiles_of_many_visitors_are_those_of_each(w: World) {
    let (site, other) = (w.published("one").await.0, w.published("two").await.0);
    let scope = SiteScope::new(site.id);
    let ada = w.named("ada@example.com", "Ada", "Lovelace");
    let visitors = [
        w.arrived(site.id, &ada, 1).await,
        w.arrived(site.id, &w.anonymous(), 2).await,
        w.arrived(other.id, &w.anonymous(), 3).await,
    ];
    let revoked = w.arrived(site.id, &w.anonymous(), 4).await;
    let mut tx = w.begin().await;
    tx.revoke_visitor(revoked.id, at(5)).await.unwrap();
    tx.commit().await.unwrap();
    let ids = [visitors[0].id, visitors[1].id, visitors[2].id, revoked.id, w.id()];
    let mut session = w.read().await;
    let mut found = session.visitor_profiles(scope, &ids).await.unwrap();
    found.sort_by_key(|profile| profile.visitor.id);
    let mut expected = Vec::new();
    for token in [1, 2] {
        expected.push(session.visitor_profile(scope, &[token; 32]).await.unwrap().unwrap());
    }
    expected.sort_by_key(|profile| profile.visitor.id);
    assert_eq!(found, expected);
    assert!(session.visitor_profiles(scope, &[]).await.unwrap().is_empty());
    assert!(session.page_views_of_person(ada.id, &FIRST).await.unwrap().items.is_empty());
}
