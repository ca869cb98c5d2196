use crate::{World, all_pages, fixtures::FIRST, world::at};
use kernel::Secret;
use serde_json::json;
use store::{
    ApiToken, AuditEntry, AuditFilter, Invitation, InvitationKind, PageRequest, StoreError, UserSession,
};

pub async fn users_are_unique_by_address_and_counted(w: World) {
    let profile = w.profile("Marketers");
    let (ada, bob) = (w.user("ada@example.com", profile.id), w.user("bob@example.com", profile.id));
    assert_eq!(w.read().await.count_users().await.unwrap(), 0);
    let mut tx = w.begin().await;
    tx.insert_profile(&profile).await.unwrap();
    tx.insert_user(&bob).await.unwrap();
    tx.insert_user(&ada).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = w.begin().await;
    let again = tx.insert_user(&w.user("ada@example.com", profile.id)).await;
    assert!(matches!(again, Err(StoreError::Taken { what: "users.email" })), "{again:?}");
    tx.rollback().await.unwrap();
    let mut changed = ada.clone();
    changed.password_hash = Some(Secret::new("$argon2id$x".to_owned()));
    changed.failed_attempts = 3;
    changed.locked_until = Some(at(60));
    changed.disabled = true;
    changed.owner = true;
    changed.last_seen_at = Some(at(9));
    let mut tx = w.begin().await;
    tx.update_user(&changed).await.unwrap();
    tx.commit().await.unwrap();
    let mut session = w.read().await;
    assert_eq!(session.user(ada.id).await.unwrap(), Some(changed.clone()));
    assert_eq!(session.user_by_email(&bob.email).await.unwrap(), Some(bob.clone()));
    assert_eq!(session.users().await.unwrap(), vec![changed, bob.clone()]);
    assert_eq!(session.count_users().await.unwrap(), 2);
    drop(session);
    let mut tx = w.begin().await;
    tx.delete_user(bob.id).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(w.read().await.user(bob.id).await.unwrap(), None);
}

pub async fn profiles_are_versioned_and_cannot_go_while_used(w: World) {
    let (mut used, unused) = (w.profile("Used"), w.profile("A second"));
    used.built_in = true;
    let user = w.user("ada@example.com", used.id);
    let mut tx = w.begin().await;
    tx.insert_profile(&unused).await.unwrap();
    tx.insert_profile(&used).await.unwrap();
    tx.insert_user(&user).await.unwrap();
    tx.commit().await.unwrap();
    used.users = 1;
    assert_eq!(w.read().await.profiles().await.unwrap(), vec![used.clone(), unused.clone()]);
    let mut tx = w.begin().await;
    used.description = "Changed".to_owned();
    tx.update_profile(&used).await.unwrap();
    tx.delete_profile(unused.id).await.unwrap();
    tx.commit().await.unwrap();
    let stored = w.read().await.profile(used.id).await.unwrap().unwrap();
    assert_eq!((stored.version, stored.description.as_str(), stored.users), (2, "Changed", 1));
    assert_eq!(w.read().await.profile(unused.id).await.unwrap(), None);
    let mut tx = w.begin().await;
    assert!(matches!(tx.update_profile(&used).await, Err(StoreError::Stale)));
    tx.rollback().await.unwrap();
    let mut tx = w.begin().await;
    assert!(tx.delete_profile(used.id).await.is_err());
    tx.rollback().await.unwrap();
    let mut tx = w.begin().await;
    assert!(matches!(
        tx.insert_profile(&w.profile("Used")).await,
        Err(StoreError::Taken { what: "profiles.name" })
    ));
    tx.rollback().await.unwrap();
    assert!(w.read().await.profile(used.id).await.unwrap().is_some());
}

pub async fn sessions_end_by_time_and_by_hand(w: World) {
    let profile = w.profile("P");
    let user = w.user("ada@example.com", profile.id);
    let session = |token: u8, made: i64| UserSession {
        id: w.id(),
        token_hash: [token; 32],
        user_id: user.id,
        user_agent: "Browser".to_owned(),
        created_at: at(made),
        last_seen_at: at(made),
        expires_at: at(100),
    };
    let (one, two, three) = (session(1, 1), session(2, 2), session(3, 3));
    let mut tx = w.begin().await;
    tx.insert_profile(&profile).await.unwrap();
    tx.insert_user(&user).await.unwrap();
    for session in [&one, &two, &three] {
        tx.insert_session(session).await.unwrap();
    }
    tx.touch_session(one.id, at(50)).await.unwrap();
    tx.commit().await.unwrap();
    let mut reading = w.read().await;
    let (found, who, what) = reading.session_by_hash(&[1; 32], at(99)).await.unwrap().unwrap();
    assert_eq!((found.id, found.last_seen_at, who, what.id), (one.id, at(50), user.clone(), profile.id));
    assert!(reading.session_by_hash(&[1; 32], at(100)).await.unwrap().is_none());
    assert!(reading.session_by_hash(&[9; 32], at(1)).await.unwrap().is_none());
    let ids: Vec<_> = reading.sessions_of(user.id).await.unwrap().iter().map(|s| s.id).collect();
    assert_eq!(ids, vec![three.id, two.id, one.id]);
    drop(reading);
    let mut tx = w.begin().await;
    assert!(!tx.delete_session(w.id(), three.id).await.unwrap());
    assert!(tx.delete_session(user.id, three.id).await.unwrap());
    tx.delete_sessions(user.id, Some(one.id)).await.unwrap();
    assert_eq!(tx.sessions_of(user.id).await.unwrap().len(), 1);
    tx.delete_sessions(user.id, None).await.unwrap();
    assert!(tx.sessions_of(user.id).await.unwrap().is_empty());
    tx.commit().await.unwrap();
}

pub async fn invitations_are_taken_once(w: World) {
    let profile = w.profile("P");
    let user = w.user("ada@example.com", profile.id);
    let invitation = |token: u8, kind| Invitation {
        id: w.id(),
        token_hash: [token; 32],
        user_id: user.id,
        kind,
        created_at: at(0),
        expires_at: at(100),
    };
    let (early, late) = (invitation(1, InvitationKind::Join), invitation(2, InvitationKind::Join));
    let reset = invitation(3, InvitationKind::Reset);
    let mut tx = w.begin().await;
    tx.insert_profile(&profile).await.unwrap();
    tx.insert_user(&user).await.unwrap();
    for invitation in [&early, &late, &reset] {
        tx.insert_invitation(invitation).await.unwrap();
    }
    tx.commit().await.unwrap();
    let mut session = w.read().await;
    assert_eq!(session.invitation_by_hash(&[1; 32], at(1)).await.unwrap(), None);
    assert_eq!(session.invitation_by_hash(&[2; 32], at(1)).await.unwrap(), Some(late.clone()));
    assert_eq!(session.invitation_by_hash(&[3; 32], at(1)).await.unwrap(), Some(reset.clone()));
    assert_eq!(session.invitation_by_hash(&[3; 32], at(100)).await.unwrap(), None);
    drop(session);
    let mut tx = w.begin().await;
    assert!(tx.take_invitation(late.id).await.unwrap());
    assert!(!tx.take_invitation(late.id).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(w.read().await.invitation_by_hash(&[2; 32], at(1)).await.unwrap(), None);
}

pub async fn tokens_end_and_are_listed(w: World) {
    let token = |hash: u8, expires_at| ApiToken {
        id: w.id(),
        token_hash: [hash; 32],
        name: format!("Token {hash}"),
        scopes: vec!["people.view".to_owned()],
        created_by: None,
        created_at: at(i64::from(hash)),
        last_used_at: None,
        expires_at,
    };
    let (endless, ending) = (token(1, None), token(2, Some(at(100))));
    let mut tx = w.begin().await;
    tx.insert_token(&endless).await.unwrap();
    tx.insert_token(&ending).await.unwrap();
    tx.touch_token(endless.id, at(7)).await.unwrap();
    tx.commit().await.unwrap();
    let mut session = w.read().await;
    assert_eq!(session.token_by_hash(&[1; 32], at(999)).await.unwrap().unwrap().last_used_at, Some(at(7)));
    assert_eq!(session.token_by_hash(&[2; 32], at(99)).await.unwrap(), Some(ending.clone()));
    assert_eq!(session.token_by_hash(&[2; 32], at(100)).await.unwrap(), None);
    let names: Vec<_> = session.tokens().await.unwrap().into_iter().map(|t| t.name).collect();
    assert_eq!(names, vec!["Token 2", "Token 1"]);
    drop(session);
    let mut tx = w.begin().await;
    assert!(tx.delete_token(ending.id).await.unwrap());
    assert!(!tx.delete_token(ending.id).await.unwrap());
    tx.commit().await.unwrap();
}

pub async fn the_audit_log_is_filtered_and_paged(w: World) {
    let (ada, bob) = (w.id(), w.id());
    let entries: Vec<AuditEntry> = (0..25)
        .map(|number| AuditEntry {
            id: w.id(),
            // Some at the same instant, so that ties are met at the edges of pages.
            at: at(number / 3),
            user_id: Some(if number % 2 == 0 { ada } else { bob }),
            actor: if number % 2 == 0 { "Ada Émile".to_owned() } else { "Bob".to_owned() },
            via: "session".to_owned(),
            action: if number % 5 == 0 { "site.updated".to_owned() } else { "people.exported".to_owned() },
            object_kind: "site".to_owned(),
            object_id: Some(format!("x{number}")),
            object_name: Some(format!("Object 100% {number}")),
            details: json!({"n": number}),
            ip: None,
        })
        .collect();
    let mut tx = w.begin().await;
    tx.append_audit(&entries).await.unwrap();
    tx.commit().await.unwrap();
    let mut session = w.read().await;
    let mut newest_first = entries.clone();
    newest_first.sort_by_key(|entry| std::cmp::Reverse((entry.at, entry.id)));
    let all = AuditFilter::default();
    assert_eq!(all_pages!(4, page => session.audit_log(&all, &page)), newest_first);
    let count = |items: Vec<AuditEntry>| items.len();
    for (filter, expected) in [
        (AuditFilter { user: Some(ada), ..all.clone() }, 13),
        (AuditFilter { action: Some("site.".to_owned()), ..all.clone() }, 5),
        (AuditFilter { from: Some(at(2)), to: Some(at(4)), ..all.clone() }, 6),
        (AuditFilter { query: Some("emile".to_owned()), ..all.clone() }, 13),
        (AuditFilter { query: Some("OBJECT 100% 2".to_owned()), ..all.clone() }, 6),
        (AuditFilter { query: Some("object 100_".to_owned()), ..all.clone() }, 0),
    ] {
        assert_eq!(count(session.audit_log(&filter, &FIRST).await.unwrap().items), expected, "{filter:?}");
    }
    let bad = PageRequest { limit: 5, cursor: Some(kernel::Cursor::from_text("nonsense")) };
    assert!(matches!(session.audit_log(&all, &bad).await, Err(StoreError::Cursor)));
}
