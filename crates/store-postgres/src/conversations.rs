//! Conversations and their messages: what a running conversation reads and writes.

use crate::{
    codec::{At, Columns, all, instant, long, maybe_id, maybe_instant, word},
    conversation_list,
    people::hold,
    table::Table,
    unit::Unit,
};
use async_trait::async_trait;
use kernel::{ConversationId, DialogueId, PersonId, Timestamp, UserId, VisitorId, millis, to_millis};
use serde_json::{Value as Json, json};
use sqlx::{postgres::PgRow, query, types::Json as Document};
use store::{
    Conversation, ConversationFilter, ConversationReads, ConversationRow, ConversationWrites, Message, Page,
    PageRequest, SiteScope, StoreError,
};

const CONVERSATIONS: Table = Table {
    name: "conversations",
    key: "id",
    columns: "id, site_id, visitor_id, person_id, dialogue_id, version_id, stage, state, revision, last_seq, epoch, \
              page_url, triggered_at, engaged_at, completed_at, dropped_at, acquired_at, dismissed_at, last_visitor_at, shown_at, \
              goals",
    changeable: "person_id, version_id, stage, state, revision, last_seq, epoch, triggered_at, engaged_at, completed_at, \
                 dropped_at, acquired_at, dismissed_at, last_visitor_at, shown_at, goals",
};
pub(crate) const MESSAGES: Table = Table {
    name: "messages",
    key: "id",
    columns: "conversation_id, seq, id, sender, kind, card_id, body, superseded, client_id, at, author_id",
    changeable: "",
};
/// How many times of being shown are kept.
const SHOWN_KEPT: usize = 50;

pub(crate) fn conversation(row: &PgRow) -> Result<Conversation, StoreError> {
    Ok(Conversation {
        id: row.id("id")?,
        site_id: row.id("site_id")?,
        visitor_id: row.id("visitor_id")?,
        person_id: row.id("person_id")?,
        dialogue_id: row.id("dialogue_id")?,
        version_id: row.id("version_id")?,
        stage: row.word("stage")?,
        state: row.json("state")?,
        revision: row.count("revision")?,
        last_seq: row.count("last_seq")?,
        epoch: row.small("epoch")?,
        page_url: row.text("page_url")?,
        triggered_at: row.at("triggered_at")?,
        engaged_at: row.maybe_at("engaged_at")?,
        completed_at: row.maybe_at("completed_at")?,
        dropped_at: row.maybe_at("dropped_at")?,
        acquired_at: row.maybe_at("acquired_at")?,
        dismissed_at: row.maybe_at("dismissed_at")?,
        last_visitor_at: row.at("last_visitor_at")?,
        shown_at: times(row)?,
        goals: row.json("goals")?,
    })
}

/// The times at which something was shown, kept as milliseconds.
pub(crate) fn times(row: &PgRow) -> Result<Vec<Timestamp>, StoreError> {
    Ok(row.json::<Vec<i64>>("shown_at")?.into_iter().map(millis).collect())
}

fn as_row(conversation: &Conversation, person: PersonId) -> Json {
    let shown: Vec<i64> = conversation.shown_at.iter().map(|at| to_millis(*at)).collect();
    json!({
        "id": conversation.id.uuid(),
        "site_id": conversation.site_id.uuid(),
        "visitor_id": conversation.visitor_id.uuid(),
        "person_id": person.uuid(),
        "dialogue_id": conversation.dialogue_id.uuid(),
        "version_id": conversation.version_id.uuid(),
        "stage": conversation.stage,
        "state": conversation.state,
        "revision": conversation.revision,
        "last_seq": conversation.last_seq,
        "epoch": conversation.epoch,
        "page_url": conversation.page_url,
        "triggered_at": instant(conversation.triggered_at),
        "engaged_at": maybe_instant(conversation.engaged_at),
        "completed_at": maybe_instant(conversation.completed_at),
        "dropped_at": maybe_instant(conversation.dropped_at),
        "acquired_at": maybe_instant(conversation.acquired_at),
        "dismissed_at": maybe_instant(conversation.dismissed_at),
        "last_visitor_at": instant(conversation.last_visitor_at),
        "shown_at": &shown[shown.len().saturating_sub(SHOWN_KEPT)..],
        "goals": conversation.goals,
    })
}

fn message(row: &PgRow) -> Result<Message, StoreError> {
    Ok(Message {
        id: row.id("id")?,
        seq: row.count("seq")?,
        from: row.word("sender")?,
        kind: row.text("kind")?,
        card_id: row.maybe_text("card_id")?,
        body: row.json("body")?,
        superseded: row.flag("superseded")?,
        client_id: row.maybe_text("client_id")?,
        author_id: row.maybe_id("author_id")?,
        at: row.at("at")?,
    })
}

pub(crate) fn message_row(conversation: ConversationId, message: &Message) -> Json {
    json!({
        "conversation_id": conversation.uuid(),
        "seq": message.seq,
        "id": message.id.uuid(),
        "sender": word(&message.from),
        "kind": message.kind,
        "card_id": message.card_id,
        "body": message.body,
        "superseded": message.superseded,
        "client_id": message.client_id,
        "author_id": maybe_id(message.author_id.map(UserId::uuid)),
        "at": instant(message.at),
    })
}

#[async_trait]
impl ConversationReads for Unit {
    async fn visitor_conversation(
        &mut self,
        site: SiteScope,
        visitor: VisitorId,
        id: ConversationId,
    ) -> Result<Option<Conversation>, StoreError> {
        let found = query(
            "SELECT * FROM conversations WHERE id = $1 AND site_id = $2 AND visitor_id = $3 AND person_id IS NOT NULL",
        )
        .bind(id.uuid())
        .bind(site.site().uuid())
        .bind(visitor.uuid());
        self.row(found).await?.as_ref().map(conversation).transpose()
    }

    async fn conversation(&mut self, id: ConversationId) -> Result<Option<ConversationRow>, StoreError> {
        conversation_list::one(self, id).await
    }

    async fn messages(&mut self, id: ConversationId, after: u64) -> Result<Vec<Message>, StoreError> {
        let found = query("SELECT * FROM messages WHERE conversation_id = $1 AND seq > $2 ORDER BY seq")
            .bind(id.uuid())
            .bind(long(after));
        all(&self.rows(found).await?, message)
    }

    async fn conversations(
        &mut self,
        filter: &ConversationFilter,
        page: &PageRequest,
    ) -> Result<Page<ConversationRow>, StoreError> {
        conversation_list::page(self, filter, page).await
    }

    async fn stale_conversations(
        &mut self,
        before: Timestamp,
        limit: u32,
    ) -> Result<Vec<ConversationId>, StoreError> {
        let found = query(
            "SELECT id FROM conversations
             WHERE stage = 'engaged' AND triggered_at < $1 AND last_visitor_at < $1 AND person_id IS NOT NULL
             ORDER BY triggered_at LIMIT $2",
        )
        .bind(At(before))
        .bind(i64::from(limit));
        all(&self.rows(found).await?, |row| row.id("id"))
    }

    async fn conversation_of_client_id(
        &mut self,
        id: ConversationId,
        client_id: &str,
    ) -> Result<Option<Message>, StoreError> {
        let found = query("SELECT * FROM messages WHERE conversation_id = $1 AND client_id = $2")
            .bind(id.uuid())
            .bind(client_id);
        self.row(found).await?.as_ref().map(message).transpose()
    }
}

#[async_trait]
impl ConversationWrites for Unit {
    async fn insert_conversation(&mut self, new: &Conversation) -> Result<(), StoreError> {
        let person = hold(self, new.person_id).await?;
        CONVERSATIONS.insert_or_undo(self.connection(), &[as_row(new, person)]).await
    }

    async fn lock_conversation(&mut self, id: ConversationId) -> Result<Option<Conversation>, StoreError> {
        let found =
            query("SELECT * FROM conversations WHERE id = $1 AND person_id IS NOT NULL FOR NO KEY UPDATE")
                .bind(id.uuid());
        self.row(found).await?.as_ref().map(conversation).transpose()
    }

    async fn lock_open_conversation(
        &mut self,
        visitor: VisitorId,
        dialogue: DialogueId,
    ) -> Result<Option<Conversation>, StoreError> {
        // Two page views may find none at the same time and both begin one: the visitor's row keeps them apart.
        let visitor_row = query("SELECT FROM visitors WHERE id = $1 FOR NO KEY UPDATE").bind(visitor.uuid());
        self.row(visitor_row).await?;
        let found = query(
            "SELECT * FROM conversations
             WHERE visitor_id = $1 AND dialogue_id = $2 AND completed_at IS NULL AND dropped_at IS NULL
               AND person_id IS NOT NULL
             ORDER BY triggered_at DESC, id DESC LIMIT 1 FOR NO KEY UPDATE",
        )
        .bind(visitor.uuid())
        .bind(dialogue.uuid());
        self.row(found).await?.as_ref().map(conversation).transpose()
    }

    async fn save_conversation(&mut self, changed: &Conversation) -> Result<(), StoreError> {
        let person = hold(self, changed.person_id).await?;
        let row = as_row(changed, person);
        let there = "AND t.person_id IS NOT NULL";
        match CONVERSATIONS.update(self.connection(), &[row], there).await? {
            0 => Err(StoreError::NotFound),
            _ => Ok(()),
        }
    }

    async fn insert_messages(&mut self, id: ConversationId, messages: &[Message]) -> Result<(), StoreError> {
        let rows: Vec<Json> = messages.iter().map(|message| message_row(id, message)).collect();
        let client_ids: Vec<&str> = messages.iter().filter_map(|m| m.client_id.as_deref()).collect();
        if !client_ids.is_empty() {
            // The caller holds the conversation, so nobody can add one between this look and the insert.
            let there = query(
                "SELECT FROM messages WHERE conversation_id = $1 AND client_id IS NOT NULL AND client_id = ANY($2)",
            )
            .bind(id.uuid())
            .bind(client_ids);
            if self.row(there).await?.is_some() {
                return Err(StoreError::Taken { what: "conversations.client_id" });
            }
        }
        MESSAGES.insert(self.connection(), &rows).await.map(drop)
    }

    async fn rewrite_message(&mut self, id: ConversationId, seq: u64, body: &Json) -> Result<(), StoreError> {
        let update = query("UPDATE messages SET body = $3 WHERE conversation_id = $1 AND seq = $2")
            .bind(id.uuid())
            .bind(long(seq))
            .bind(Document(body));
        self.run(update).await.map(drop)
    }

    async fn supersede_messages(&mut self, id: ConversationId, seqs: &[u64]) -> Result<(), StoreError> {
        let seqs: Vec<i64> = seqs.iter().map(|seq| long(*seq)).collect();
        let update =
            query("UPDATE messages SET superseded = true WHERE conversation_id = $1 AND seq = ANY($2)")
                .bind(id.uuid())
                .bind(seqs);
        self.run(update).await.map(drop)
    }

    async fn move_conversations(&mut self, visitor: VisitorId, to: PersonId) -> Result<(), StoreError> {
        let to = hold(self, to).await?;
        let update =
            query("UPDATE conversations SET person_id = $2 WHERE visitor_id = $1 AND person_id IS NOT NULL")
                .bind(visitor.uuid())
                .bind(to.uuid());
        self.run(update).await.map(drop)
    }
}
