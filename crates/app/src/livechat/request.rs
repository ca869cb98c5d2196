//! A live chat card asks for an agent, within the step of the conversation that reached it.

use super::{background, desk::Desk};
use crate::{
    AppError,
    conversations::unit::Unit,
    memory::Known,
    notify::{self, Place},
    routing::wish_of,
};
use ::livechat::{Chat, Outcome, Wanted};
use bus::Hint;
use engagement::ActivityType;
use kernel::{ChatId, ConversationId, Locale, UserId};
use serde_json::json;
use store::Tx;
use stream::{CardId, ChatOutcome, Routing};

/// What the card says.
pub(crate) struct Asked {
    pub card: CardId,
    pub routing: Routing,
    pub any_available_agent: bool,
}

/// A chat that was requested, to be told of after the commit.
#[derive(Debug, Clone)]
pub(crate) struct Requested {
    pub chat: ChatId,
    pub agents: Vec<UserId>,
    /// Somebody is called by other ways than the console.
    pub called: bool,
}

impl Requested {
    /// Call it after the commit.
    pub(crate) fn announce(&self, app: &crate::App, conversation: ConversationId) {
        app.hint(Hint::Chat { id: self.chat, conversation });
        for agent in &self.agents {
            app.hint(Hint::Agent { id: *agent });
        }
        if self.called {
            app.hint(Hint::Outbox);
        }
    }
}

/// Makes the chat and asks the first agent; the outcome when nobody is there.
pub(crate) async fn request(
    unit: &mut Unit<'_>,
    tx: &mut dyn Tx,
    known: &Known,
    asked: Asked,
) -> Result<Option<ChatOutcome>, AppError> {
    let showing = unit.showing;
    let (app, now) = (showing.app, showing.now);
    // Routing reads the person as the step has made it.
    if let Some(bearer) = unit.bearer.as_mut() {
        unit.person_changed |= bearer.store(tx, now).await?;
    }
    let language = known.profile.visitor.language.as_deref();
    let Some(wish) = wish_of(&asked.routing) else { return Ok(Some(ChatOutcome::NobodyCame)) };
    let wanted = Wanted { wish, any_available_agent: asked.any_available_agent };
    let background = background(showing.voice, language);
    let rules = &app.settings().live_chat;
    let chat = Chat::requested(app.id(now), unit.conversation.id, asked.card, wanted, background, now, rules);
    unit.telling.of(
        ActivityType::LiveChatRequested,
        &unit.conversation,
        &showing.version.name,
        json!({ "chat_id": chat.id }),
    );
    let mut desk = Desk {
        app,
        now,
        site: showing.site,
        dialogue_name: &showing.version.name,
        locale: locale(&showing.version.language, showing.voice.locale),
        conversation: &mut unit.conversation,
        fresh: &mut unit.fresh,
        telling: &mut unit.telling,
        chat,
        agents: Vec::new(),
        alerts: Vec::new(),
        ended: None,
    };
    desk.choose(tx).await?;
    let Desk { chat, agents, alerts, .. } = desk;
    tx.insert_chat(&chat, chat.due_at(rules)).await?;
    let outcome = chat.outcome.map(for_dialogue);
    let place = Place { chat: chat.id, site: &showing.site.record.name, dialogue: &showing.version.name };
    let called = notify::enqueue(app, tx, place, &alerts).await?;
    unit.requested = Some(Requested { chat: chat.id, agents, called });
    Ok(outcome)
}

fn locale(dialogue: &str, otherwise: Locale) -> Locale {
    Locale::from_tag(dialogue).unwrap_or(otherwise)
}

/// The end as the dialogue knows it.
pub(super) const fn for_dialogue(outcome: Outcome) -> ChatOutcome {
    match outcome {
        Outcome::Nobody | Outcome::Missed => ChatOutcome::NobodyCame,
        Outcome::EndedByAgent | Outcome::EndedByVisitor | Outcome::TimedOut | Outcome::Cancelled => {
            ChatOutcome::Over
        }
    }
}
