use crate::{World, world::at};
use kernel::FileId;
use store::{AttachmentRecord, Conversation, StoreError};

async fn begun(w: &World) -> Conversation {
    let (site, dialogue, version) = w.published("k").await;
    let person = w.named("ada@example.com", "Ada", "Lovelace");
    let visitor = w.arrived(site.id, &person, 7).await;
    let conversation = w.conversation(site.id, &visitor, dialogue.id, version.id);
    let mut tx = w.begin().await;
    tx.insert_conversation(&conversation).await.unwrap();
    tx.commit().await.unwrap();
    conversation
}

fn file(w: &World, conversation: &Conversation, seconds: i64) -> AttachmentRecord {
    AttachmentRecord {
        id: w.id(),
        conversation_id: conversation.id,
        name: "xylofon.pdf".to_owned(),
        media_type: "application/pdf".to_owned(),
        size: 5_000_000_000,
        created_at: at(seconds),
    }
}

/// Takes in files; those of `sent` are sent.
async fn uploaded(w: &World, conversation: &Conversation, files: &[&AttachmentRecord], sent: &[FileId]) {
    let mut tx = w.begin().await;
    for file in files {
        tx.insert_attachment(file).await.unwrap();
    }
    for id in sent {
        tx.send_attachment(conversation.id, *id).await.unwrap();
    }
    tx.commit().await.unwrap();
}

async fn released(w: &World, before: i64) -> Vec<FileId> {
    let mut tx = w.begin().await;
    let mut ids = tx.released_attachments(at(before), 10).await.unwrap();
    tx.commit().await.unwrap();
    ids.sort_unstable();
    ids
}

pub async fn a_file_is_read_in_its_conversation_once_it_was_sent(w: World) {
    let conversation = begun(&w).await;
    let one = file(&w, &conversation, 0);
    uploaded(&w, &conversation, &[&one], &[]).await;
    let mut session = w.read().await;
    assert_eq!(session.attachment(conversation.id, one.id).await.unwrap(), None);
    assert_eq!(session.count_attachments(conversation.id).await.unwrap(), 1);
    drop(session);
    let mut tx = w.begin().await;
    assert!(matches!(tx.send_attachment(w.id(), one.id).await, Err(StoreError::NotFound)));
    tx.send_attachment(conversation.id, one.id).await.unwrap();
    tx.commit().await.unwrap();
    let mut session = w.read().await;
    assert_eq!(session.attachment(conversation.id, one.id).await.unwrap(), Some(one.clone()));
    assert_eq!(session.attachment(w.id(), one.id).await.unwrap(), None);
    assert_eq!(session.count_attachments(w.id()).await.unwrap(), 0);
}

/// What was released cannot be sent any more, and stays known until its content is gone.
pub async fn what_was_never_sent_is_released_by_age(w: World) {
    let conversation = begun(&w).await;
    let (old, young, sent) =
        (file(&w, &conversation, 0), file(&w, &conversation, 50), file(&w, &conversation, 0));
    uploaded(&w, &conversation, &[&old, &young, &sent], &[sent.id]).await;
    assert_eq!(released(&w, 0).await, []);
    assert_eq!(released(&w, 50).await, [old.id]);
    let mut tx = w.begin().await;
    assert!(matches!(tx.send_attachment(conversation.id, old.id).await, Err(StoreError::NotFound)));
    tx.rollback().await.unwrap();
    let mut tx = w.begin().await;
    tx.release_attachment(sent.id).await.unwrap();
    tx.delete_attachments(&[young.id]).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(w.read().await.attachment(conversation.id, sent.id).await.unwrap(), None);
    assert_eq!(released(&w, 50).await, [old.id, sent.id]);
    let mut tx = w.begin().await;
    assert_eq!(tx.released_attachments(at(0), 1).await.unwrap().len(), 1);
    tx.delete_attachments(&[old.id, sent.id]).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(released(&w, 50).await, []);
    let mut tx = w.begin().await;
    tx.send_attachment(conversation.id, young.id).await.unwrap();
    tx.commit().await.unwrap();
}

pub async fn erasing_releases_the_files_and_forgets_their_names(w: World) {
    let conversation = begun(&w).await;
    let (sent, unsent) = (file(&w, &conversation, 0), file(&w, &conversation, 50));
    uploaded(&w, &conversation, &[&sent, &unsent], &[sent.id]).await;
    assert_ne!(w.places_of("xylofon").await, [] as [&str; 0]);
    let mut tx = w.begin().await;
    tx.erase_people(&[conversation.person_id], at(60)).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(w.places_of("xylofon").await, [] as [&str; 0]);
    assert_eq!(released(&w, 0).await, [sent.id, unsent.id]);
}

pub async fn the_files_of_a_deleted_dialogue_are_released(w: World) {
    let conversation = begun(&w).await;
    let one = file(&w, &conversation, 0);
    uploaded(&w, &conversation, &[&one], &[one.id]).await;
    let mut tx = w.begin().await;
    tx.delete_dialogue(conversation.dialogue_id).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(released(&w, 0).await, [one.id]);
}
