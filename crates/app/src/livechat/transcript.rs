//! A conversation as text: for agents as a file, for visitors by mail.

use super::{
    list::{may_see, row},
    view::name_authors,
};
use crate::{
    App, AppError,
    access::Actor,
    caller::Caller,
    conversations::view::MessageView,
    outbox::{MAIL, MailPayload, mail_job},
};
use bus::Hint;
use jiff::{SignedDuration, tz::TimeZone};
use kernel::{ChatId, ConversationId, Email, Timestamp};
use people::Rung;
use std::fmt::Write as _;
use store::{Message, MessageFrom, PageRequest, Session};

const DAY: SignedDuration = SignedDuration::from_hours(24);

/// Who is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reader {
    Agent,
    Visitor,
}

/// The whole conversation of a chat, with notes and the automated part, for agents.
pub async fn for_agent(app: &App, actor: &Actor, id: ChatId) -> Result<String, AppError> {
    let mut session = app.store().read().await?;
    let row = row(&mut *session, id).await?;
    if !may_see(actor, &row.chat) {
        return Err(AppError::NotFound("chat"));
    }
    let mut text = format!("{}: {}\n", row.site_name, row.dialogue_name);
    let person = [row.person_name.as_deref(), row.person_email.as_deref(), row.company.as_deref()];
    let person: Vec<&str> = person.into_iter().flatten().collect();
    if !person.is_empty() {
        writeln!(text, "{}", person.join(", ")).ok();
    }
    text.push('\n');
    let stored = session.messages(row.chat.conversation_id, 0).await?;
    text.push_str(&lines(app, &mut *session, &stored, Reader::Agent).await?);
    Ok(text)
}

async fn lines(
    app: &App,
    session: &mut dyn Session,
    stored: &[Message],
    reader: Reader,
) -> Result<String, AppError> {
    let views: Result<Vec<_>, _> = stored.iter().map(MessageView::of).collect();
    let mut views = views?;
    views.retain(|message| message.kind != "changed" && !message.superseded);
    if reader == Reader::Visitor {
        views.retain(MessageView::is_for_visitors);
    }
    name_authors(app, session, &mut views, false).await?;
    let zone = TimeZone::get(&app.settings().time_zone).unwrap_or(TimeZone::UTC);
    let mut text = String::new();
    for message in &views {
        let at = message.at.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M:%S");
        let said = message.text.to_plain();
        let said = match message {
            MessageView { deleted: true, .. } => "(taken back)".to_owned(),
            MessageView { attachment: Some(_), .. } => format!("(file) {}", said.trim()),
            _ => said.trim().to_owned(),
        };
        // A line that begins in the middle of a message cannot be taken for another message.
        let said = said.replace('\n', "\n    ");
        writeln!(text, "[{at}] {}: {said}", speaker(message)).ok();
    }
    Ok(text)
}

fn speaker(message: &MessageView) -> String {
    let author = message.author.as_ref().map(|author| author.name.clone()).unwrap_or_default();
    match message.from {
        MessageFrom::Visitor => "Visitor".to_owned(),
        MessageFrom::Bot => "Bot".to_owned(),
        MessageFrom::System => "—".to_owned(),
        MessageFrom::Agent if message.kind == "note" => format!("{author} (note)"),
        MessageFrom::Agent => author,
    }
}

/// Sends the visitor the conversation. An address that is not the visitor's own gets nothing that somebody could have put
/// there: it must be the one that the person gave in the conversation.
pub async fn by_mail(app: &App, caller: &Caller, id: ConversationId, to: &str) -> Result<(), AppError> {
    let missing = || AppError::NotFound("conversation");
    let to: Email = to
        .trim()
        .parse()
        .map_err(|_| AppError::invalid("/email", "email_syntax", "is not an e-mail address"))?;
    let known = caller.visitor(app, app.now()).await?.ok_or_else(missing)?;
    let visitor = known.profile.visitor.id;
    let now = app.now();
    let mut tx = app.store().begin().await?;
    let conversation =
        tx.visitor_conversation(caller.site.scope(), visitor, id).await?.ok_or_else(missing)?;
    let chat = tx.latest_chat(id).await?.filter(|chat| chat.accepted_at.is_some());
    if chat.is_none() {
        return Err(AppError::Conflict("there was no chat with an agent".to_owned()));
    }
    // Held, so that requests at the same moment are counted one after the other.
    let person = tx.lock_person(conversation.person_id).await?;
    if person.as_ref().and_then(|person| person.email.as_ref()) != Some(&to) {
        return Err(AppError::invalid(
            "/email",
            "foreign",
            "must be the address that was given in this conversation",
        ));
    }
    if person.is_none_or(|person| person.rung < Rung::Proven) {
        few_enough(app, &mut *tx, &to, now).await?;
    }
    let stored = tx.messages(id, 0).await?;
    let text = lines(app, &mut *tx, &stored, Reader::Visitor).await?;
    let mail = MailPayload {
        to,
        to_name: None,
        subject: format!("Your conversation with {}", caller.site.record.name),
        text,
        html: None,
        secret_for: None,
        until: None,
    };
    tx.enqueue(&[mail_job(app, &mail, now)?]).await?;
    tx.commit().await?;
    app.hint(Hint::Outbox);
    Ok(())
}

/// An address that somebody only typed may be another one's: it gets few mails a day, whoever asks for them.
async fn few_enough(
    app: &App,
    session: &mut dyn Session,
    to: &Email,
    now: Timestamp,
) -> Result<(), AppError> {
    let most = usize::try_from(app.settings().limits.mails_per_day_unconfirmed).unwrap_or(usize::MAX);
    let since = now - DAY;
    let (mut sent, mut page) = (Vec::new(), PageRequest::first(200));
    loop {
        let jobs = session.jobs(Some(MAIL), None, &page).await?;
        let lately = jobs.items.iter().take_while(|job| job.created_at > since);
        let mut seen = 0;
        for job in lately {
            seen += 1;
            if MailPayload::of(job).is_ok_and(|mail| mail.to == *to) {
                sent.push(job.created_at);
            }
        }
        if sent.len() >= most {
            let free_at = sent.get(most.saturating_sub(1)).map_or(now, |at| *at + DAY);
            let seconds = free_at.duration_since(now).as_secs();
            return Err(AppError::TooMany { retry_after: u64::try_from(seconds).unwrap_or(1).max(1) });
        }
        match jobs.next {
            Some(next) if seen == jobs.items.len() => page.cursor = Some(next),
            _ => return Ok(()),
        }
    }
}
