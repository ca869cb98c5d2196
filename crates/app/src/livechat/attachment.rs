//! Files in a chat: taken in by their content, kept beside the database, sent as a message, read by those who read the chat.
//!
//! The row comes before the content and the message after it, so that whatever breaks off leaves a row that leads to the file:
//! what was never sent is found by its age and goes ([`sweep`]).

mod file;

use super::{
    answer::agent_of,
    list,
    talk::{self, Kind, Said, Saying, Speaker, Turn},
};
use crate::{App, AppError, access::Actor, caller::Caller, conversations::Attachment};
use ::livechat::Chat;
use connect::FileReader;
use file::Checked;
use jiff::SignedDuration;
use kernel::{ChatId, ConversationId, FileId, Timestamp};
use store::AttachmentRecord;

/// A file that is not sent so long after it was taken in is not sent any more.
const UNSENT: SignedDuration = SignedDuration::from_hours(1);
/// Files worked on in one unit of work.
const AT_ONCE: u32 = 500;

/// A file as it came.
#[derive(Debug)]
pub struct Upload {
    /// Made by the client for this message; the same id is the same message.
    pub client_id: String,
    /// What the client calls it.
    pub name: String,
    /// The content.
    pub bytes: Vec<u8>,
}

/// The visitor sends a file.
pub async fn send_as_visitor(
    app: &App,
    caller: &Caller,
    id: ConversationId,
    upload: Upload,
) -> Result<Said, AppError> {
    let missing = || AppError::NotFound("conversation");
    let known = caller.visitor(app, app.now()).await?.ok_or_else(missing)?;
    send(app, Speaker::Visitor(known.profile.visitor.id), id, upload).await
}

/// An agent sends a file in a chat that he or she is in.
pub async fn send_in_chat(app: &App, actor: &Actor, id: ChatId, upload: Upload) -> Result<Said, AppError> {
    let chat = visible(app, actor, id).await?;
    if chat.is_over() {
        return Err(AppError::Conflict("the chat has ended".to_owned()));
    }
    send(app, Speaker::Agent(agent_of(actor)?), chat.conversation_id, upload).await
}

async fn visible(app: &App, actor: &Actor, id: ChatId) -> Result<Chat, AppError> {
    let chat = app.store().read().await?.chat(id).await?;
    chat.filter(|chat| list::may_see(actor, chat)).ok_or(AppError::NotFound("chat"))
}

async fn send(app: &App, speaker: Speaker, id: ConversationId, upload: Upload) -> Result<Said, AppError> {
    // Strangers learn nothing, not even what is taken.
    let talk = talk::read(app, id).await?;
    let (client_id, limit) = (upload.client_id.clone(), app.settings().limits.attachment_bytes);
    let refused = talk::allowed(speaker, &talk).err();
    if let Some(missing @ AppError::NotFound(_)) = refused {
        return Err(missing);
    }
    talk::check_client_id(&client_id)?;
    let checked = Checked::of(upload.name, upload.bytes, limit).await?;
    let now = app.now();
    let attachment = checked.attachment(app.id(now));
    let text = attachment.name.clone();
    let digest = Some(checked.digest.clone());
    let saying = Saying { client_id, kind: Kind::Text, text, attachment: Some(attachment.clone()), digest };
    let turn = Turn { app, speaker, saying: &saying, now };
    if let Some(said) = turn.repeated(id).await? {
        return Ok(said);
    }
    if let Some(refused) = refused {
        return Err(refused);
    }
    let record = note(app, id, &attachment, now).await?;
    let sent = keep_and_send(&turn, &record, checked.bytes).await;
    if sent.is_err() {
        discard(app, record.id).await;
    }
    sent
}

async fn note(
    app: &App,
    id: ConversationId,
    attachment: &Attachment,
    now: Timestamp,
) -> Result<AttachmentRecord, AppError> {
    let record = AttachmentRecord {
        id: attachment.id,
        conversation_id: id,
        name: attachment.name.clone(),
        media_type: attachment.media_type.clone(),
        size: attachment.size,
        created_at: now,
    };
    let most = app.settings().limits.attachments_per_conversation;
    let mut tx = app.store().begin().await?;
    if tx.count_attachments(id).await? >= most {
        return Err(AppError::Conflict(format!("this conversation holds {most} files, which is the most")));
    }
    tx.insert_attachment(&record).await?;
    tx.commit().await?;
    Ok(record)
}

async fn keep_and_send(turn: &Turn<'_>, record: &AttachmentRecord, bytes: Vec<u8>) -> Result<Said, AppError> {
    turn.app.files().put(record.id, &mut bytes.as_slice(), record.size).await?;
    turn.wake(record.conversation_id).await
}

/// A file that its visitor reads.
pub async fn open_as_visitor(
    app: &App,
    caller: &Caller,
    conversation: ConversationId,
    id: FileId,
) -> Result<(AttachmentRecord, FileReader), AppError> {
    let missing = || AppError::NotFound("file");
    let known = caller.visitor(app, app.now()).await?.ok_or_else(missing)?;
    let mut session = app.store().read().await?;
    let (scope, visitor) = (caller.site.scope(), known.profile.visitor.id);
    session.visitor_conversation(scope, visitor, conversation).await?.ok_or_else(missing)?;
    let record = session.attachment(conversation, id).await?.ok_or_else(missing)?;
    drop(session);
    open(app, record).await
}

/// A file that an agent reads who may read the chat.
pub async fn open_in_chat(
    app: &App,
    actor: &Actor,
    chat: ChatId,
    id: FileId,
) -> Result<(AttachmentRecord, FileReader), AppError> {
    let missing = || AppError::NotFound("file");
    let chat = visible(app, actor, chat).await.map_err(|_| missing())?;
    let record = app.store().read().await?.attachment(chat.conversation_id, id).await?;
    open(app, record.ok_or_else(missing)?).await
}

async fn open(app: &App, record: AttachmentRecord) -> Result<(AttachmentRecord, FileReader), AppError> {
    let reader = app.files().open(record.id, 0).await?;
    Ok((record, reader))
}

/// What was not sent goes at once, whoever released it meanwhile.
async fn discard(app: &App, id: FileId) {
    let gone = async {
        let mut tx = app.store().begin().await?;
        tx.release_attachment(id).await?;
        tx.commit().await?;
        delete(app, &[id]).await
    };
    if let Err(error) = gone.await {
        tracing::warn!(%id, %error, "a file that was not sent stays until it is old enough");
    }
}

/// Deletes released files, first what they hold.
async fn delete(app: &App, ids: &[FileId]) -> Result<(), AppError> {
    for id in ids {
        app.files().delete(*id).await?;
    }
    let mut tx = app.store().begin().await?;
    tx.delete_attachments(ids).await?;
    Ok(tx.commit().await?)
}

/// Deletes what was released just now. What does not succeed follows with the next sweep.
pub(crate) async fn tidy(app: &App) {
    if let Err(error) = sweep(app).await {
        tracing::warn!(%error, "files that are not needed any more cannot be deleted");
    }
}

/// Deletes the files that nobody needs: of people who were erased, taken back, never sent. Returns how many.
pub(crate) async fn sweep(app: &App) -> Result<u64, AppError> {
    let before = app.now() - UNSENT;
    let mut deleted = 0;
    loop {
        let mut tx = app.store().begin().await?;
        let ids = tx.released_attachments(before, AT_ONCE).await?;
        tx.commit().await?;
        if ids.is_empty() {
            return Ok(deleted);
        }
        delete(app, &ids).await?;
        deleted += ids.len() as u64;
    }
}
