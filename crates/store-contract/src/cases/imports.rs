use crate::{World, all_pages, world::at};
use serde_json::json;
use store::{ImportMode, ImportProgress, ImportRecord, ImportState, Reject};

fn import(w: &World, made: i64) -> ImportRecord {
    ImportRecord {
        id: w.id(),
        name: "people.csv".to_owned(),
        state: ImportState::Uploaded,
        mode: None,
        plan: json!({"delimiter": ";", "columns": []}),
        size_bytes: 5_000_000_000,
        file: "imports/1.csv".to_owned(),
        list_id: None,
        progress: ImportProgress::default(),
        error: None,
        created_by: None,
        created_at: at(made),
        started_at: None,
        finished_at: None,
    }
}

pub async fn an_import_keeps_its_progress(w: World) {
    let imports: Vec<_> = (0..7).map(|n| import(&w, n / 2)).collect();
    let mut changed = imports[3].clone();
    changed.state = ImportState::Running;
    changed.mode = Some(ImportMode::Upsert);
    changed.list_id = Some(w.id());
    changed.progress = ImportProgress {
        bytes: 4_999_999_999,
        line: 12,
        rows: 10,
        created: 4,
        updated: 3,
        unchanged: 2,
        rejected: 1,
    };
    changed.error = Some("why".to_owned());
    changed.started_at = Some(at(5));
    changed.finished_at = Some(at(6));
    let mut tx = w.begin().await;
    for import in &imports {
        tx.insert_import(import).await.unwrap();
    }
    tx.update_import(&changed).await.unwrap();
    tx.commit().await.unwrap();
    let mut session = w.read().await;
    assert_eq!(session.import(changed.id).await.unwrap(), Some(changed.clone()));
    let mut expected = imports;
    expected[3] = changed.clone();
    expected.sort_by_key(|i| std::cmp::Reverse((i.created_at, i.id)));
    assert_eq!(all_pages!(3, page => session.imports(&page)), expected);
    drop(session);
    let mut tx = w.begin().await;
    tx.delete_import(changed.id).await.unwrap();
    assert_eq!(tx.import(changed.id).await.unwrap(), None);
    tx.commit().await.unwrap();
}

pub async fn a_lease_has_one_holder(w: World) {
    let import = import(&w, 0);
    let mut tx = w.begin().await;
    tx.insert_import(&import).await.unwrap();
    tx.commit().await.unwrap();
    for (holder, now, until, taken) in [
        ("a", 0, 10, true),
        ("b", 5, 15, false),
        ("a", 8, 20, true),
        ("b", 15, 25, false),
        ("b", 20, 30, true),
    ] {
        let mut tx = w.begin().await;
        assert_eq!(
            tx.lease_import(import.id, holder, at(now), at(until)).await.unwrap(),
            taken,
            "{holder} at {now}"
        );
        tx.commit().await.unwrap();
    }
}

pub async fn rejects_are_read_in_order(w: World) {
    let import = import(&w, 0);
    let rejects: Vec<_> = [7_u64, 3, 9, 5]
        .map(|line| Reject {
            line,
            field: "E-mail".to_owned(),
            reason: "is not an e-mail address".to_owned(),
            cells: vec!["a,\"b\"".to_owned(), String::new(), "é\nx".to_owned()],
        })
        .to_vec();
    let mut tx = w.begin().await;
    tx.insert_import(&import).await.unwrap();
    tx.insert_rejects(import.id, &rejects).await.unwrap();
    tx.insert_rejects(import.id, &[]).await.unwrap();
    tx.commit().await.unwrap();
    let mut session = w.read().await;
    let first = session.rejects(import.id, 0, 2).await.unwrap();
    assert_eq!(first, vec![rejects[1].clone(), rejects[3].clone()]);
    let rest: Vec<_> = session.rejects(import.id, 5, 100).await.unwrap().iter().map(|r| r.line).collect();
    assert_eq!(rest, vec![7, 9]);
    drop(session);
    let mut tx = w.begin().await;
    tx.delete_import(import.id).await.unwrap();
    assert!(tx.rejects(import.id, 0, 10).await.unwrap().is_empty());
    tx.commit().await.unwrap();
}
