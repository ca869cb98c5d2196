//! Conversations and their messages.

use crate::{
    conversation_list,
    error::Result,
    rows::{Columns, all, from_word, hex, json, one, opt_ms, run, run_found, word},
    session::{Connected, Handle},
    writer::Turn,
};
use async_trait::async_trait;
use kernel::{ConversationId, DialogueId, PersonId, Timestamp, VisitorId, to_millis};
use serde_json::{Value as Json, json};
use sqlx::{query, sqlite::SqliteRow};
use store::{
    Conversation, ConversationFilter, ConversationReads, ConversationRow, ConversationWrites, Message, Page,
    PageRequest, SiteScope,
};

pub(crate) fn conversation(row: &SqliteRow) -> Result<Conversation> {
    Ok(Conversation {
        id: row.id("id")?,
        site_id: row.id("site_id")?,
        visitor_id: row.id("visitor_id")?,
        person_id: row.id("person_id")?,
        dialogue_id: row.id("dialogue_id")?,
        version_id: row.id("version_id")?,
        stage: row.word("stage")?,
        state: row.json("state")?,
        revision: row.int("revision")?,
        last_seq: row.int("last_seq")?,
        epoch: row.int("epoch")?,
        page_url: row.text("page_url")?,
        triggered_at: row.at("triggered_at")?,
        engaged_at: row.opt_at("engaged_at")?,
        completed_at: row.opt_at("completed_at")?,
        dropped_at: row.opt_at("dropped_at")?,
        acquired_at: row.opt_at("acquired_at")?,
        dismissed_at: row.opt_at("dismissed_at")?,
        last_visitor_at: row.at("last_visitor_at")?,
        shown_at: times(&row.json::<Vec<i64>>("shown_at")?),
        goals: row.json("goals")?,
    })
}

fn times(ms: &[i64]) -> Vec<Timestamp> {
    ms.iter().map(|ms| kernel::millis(*ms)).collect()
}

fn shown(conversation: &Conversation) -> Result<String> {
    let shown: Vec<i64> = conversation.shown_at.iter().map(|at| to_millis(*at)).collect();
    json(&shown[shown.len().saturating_sub(50)..])
}

fn message(row: &SqliteRow) -> Result<Message> {
    Ok(Message {
        id: row.id("id")?,
        seq: row.int("seq")?,
        from: from_word(&row.text("sender")?)?,
        kind: row.text("kind")?,
        card_id: row.opt_text("card_id")?,
        body: row.json("body")?,
        superseded: row.flag("superseded")?,
        client_id: row.opt_text("client_id")?,
        author_id: row.opt_id("author_id")?,
        at: row.at("at")?,
    })
}

#[async_trait]
impl<C: Connected> ConversationReads for Handle<C> {
    async fn visitor_conversation(
        &mut self,
        site: SiteScope,
        visitor: VisitorId,
        id: ConversationId,
    ) -> Result<Option<Conversation>> {
        let found = query("SELECT * FROM conversations WHERE id = ? AND site_id = ? AND visitor_id = ? AND person_id IS NOT NULL")
            .bind(id.uuid())
            .bind(site.site().uuid())
            .bind(visitor.uuid());
        one(self.connection()?, found).await?.as_ref().map(conversation).transpose()
    }

    async fn conversation(&mut self, id: ConversationId) -> Result<Option<ConversationRow>> {
        conversation_list::one(self.connection()?, id).await
    }

    async fn messages(&mut self, id: ConversationId, after: u64) -> Result<Vec<Message>> {
        let found = query("SELECT * FROM messages WHERE conversation_id = ? AND seq > ? ORDER BY seq")
            .bind(id.uuid())
            .bind(i64::try_from(after).unwrap_or(i64::MAX));
        all(self.connection()?, found).await?.iter().map(message).collect()
    }

    async fn conversations(
        &mut self,
        filter: &ConversationFilter,
        page: &PageRequest,
    ) -> Result<Page<ConversationRow>> {
        conversation_list::page(self.connection()?, filter, page).await
    }

    async fn stale_conversations(&mut self, before: Timestamp, limit: u32) -> Result<Vec<ConversationId>> {
        let found = query(
            "SELECT id FROM conversations
             WHERE stage = 'engaged' AND triggered_at < ?1 AND last_visitor_at < ?1 AND person_id IS NOT NULL
             ORDER BY triggered_at LIMIT ?2",
        )
        .bind(to_millis(before))
        .bind(limit);
        all(self.connection()?, found).await?.iter().map(|row| row.id("id")).collect()
    }

    async fn conversation_of_client_id(
        &mut self,
        id: ConversationId,
        client_id: &str,
    ) -> Result<Option<Message>> {
        let found = query("SELECT * FROM messages WHERE conversation_id = ? AND client_id = ?")
            .bind(id.uuid())
            .bind(client_id.to_owned());
        one(self.connection()?, found).await?.as_ref().map(message).transpose()
    }
}

#[async_trait]
impl ConversationWrites for Handle<Turn> {
    async fn insert_conversation(&mut self, new: &Conversation) -> Result<()> {
        let insert = query(
            "INSERT INTO conversations (id, site_id, visitor_id, person_id, dialogue_id, version_id, stage, state,
               last_seq, epoch, page_url, triggered_at, engaged_at, completed_at, dropped_at, acquired_at, dismissed_at,
               last_visitor_at, shown_at, goals)
             VALUES (?1, ?2, ?3, coalesce((SELECT person_id FROM person_aliases WHERE id = ?4), ?4), ?5, ?6, ?7, ?8, ?9,
               ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20)",
        )
        .bind(new.id.uuid())
        .bind(new.site_id.uuid())
        .bind(new.visitor_id.uuid())
        .bind(new.person_id.uuid())
        .bind(new.dialogue_id.uuid())
        .bind(new.version_id.uuid())
        .bind(word(new.stage))
        .bind(json(&new.state)?)
        .bind(i64::try_from(new.last_seq).unwrap_or(i64::MAX))
        .bind(new.epoch)
        .bind(new.page_url.clone())
        .bind(to_millis(new.triggered_at))
        .bind(opt_ms(new.engaged_at))
        .bind(opt_ms(new.completed_at))
        .bind(opt_ms(new.dropped_at))
        .bind(opt_ms(new.acquired_at))
        .bind(opt_ms(new.dismissed_at))
        .bind(to_millis(new.last_visitor_at))
        .bind(shown(new)?)
        .bind(json(&new.goals)?);
        run(self.connection()?, insert).await.map(drop)
    }

    // The writer is alone, so that what was read stays as it is until the unit of work ends.
    async fn lock_conversation(&mut self, id: ConversationId) -> Result<Option<Conversation>> {
        let found =
            query("SELECT * FROM conversations WHERE id = ? AND person_id IS NOT NULL").bind(id.uuid());
        one(self.connection()?, found).await?.as_ref().map(conversation).transpose()
    }

    async fn lock_open_conversation(
        &mut self,
        visitor: VisitorId,
        dialogue: DialogueId,
    ) -> Result<Option<Conversation>> {
        let found = query(
            "SELECT * FROM conversations
             WHERE visitor_id = ? AND dialogue_id = ? AND completed_at IS NULL AND dropped_at IS NULL
               AND person_id IS NOT NULL
             ORDER BY triggered_at DESC, id DESC LIMIT 1",
        )
        .bind(visitor.uuid())
        .bind(dialogue.uuid());
        one(self.connection()?, found).await?.as_ref().map(conversation).transpose()
    }

    // Two statements in one go: what every step changes, and, only when it did change, what indexes are made of. SQLite
    // writes an index anew for every column of it that an UPDATE names, be its value the same.
    async fn save_conversation(&mut self, changed: &Conversation) -> Result<()> {
        let update = query(
            "UPDATE conversations SET state = ?2, last_seq = ?3, epoch = ?4, last_visitor_at = ?5, shown_at = ?6,
               goals = ?7, dismissed_at = ?8, version_id = ?9, revision = revision + 1
             WHERE id = ?1 AND person_id IS NOT NULL;
             UPDATE conversations SET person_id = coalesce((SELECT person_id FROM person_aliases WHERE id = ?10), ?10),
               stage = ?11, triggered_at = ?12, engaged_at = ?13, completed_at = ?14, dropped_at = ?15,
               acquired_at = ?16
             WHERE id = ?1 AND person_id IS NOT NULL AND (person_id, stage, triggered_at, engaged_at, completed_at,
               dropped_at, acquired_at) IS NOT (?10, ?11, ?12, ?13, ?14, ?15, ?16)",
        )
        .bind(changed.id.uuid())
        .bind(json(&changed.state)?)
        .bind(i64::try_from(changed.last_seq).unwrap_or(i64::MAX))
        .bind(changed.epoch)
        .bind(to_millis(changed.last_visitor_at))
        .bind(shown(changed)?)
        .bind(json(&changed.goals)?)
        .bind(opt_ms(changed.dismissed_at))
        .bind(changed.version_id.uuid())
        .bind(changed.person_id.uuid())
        .bind(word(changed.stage))
        .bind(to_millis(changed.triggered_at))
        .bind(opt_ms(changed.engaged_at))
        .bind(opt_ms(changed.completed_at))
        .bind(opt_ms(changed.dropped_at))
        .bind(opt_ms(changed.acquired_at));
        run_found(self.connection()?, update).await
    }

    async fn insert_messages(&mut self, id: ConversationId, messages: &[Message]) -> Result<()> {
        let rows: Vec<_> = messages
            .iter()
            .map(|m| {
                json!([
                    m.seq,
                    hex(m.id.uuid()),
                    word(m.from),
                    m.kind,
                    m.card_id,
                    m.body,
                    m.superseded,
                    m.client_id,
                    to_millis(m.at),
                    m.author_id.map(|author| hex(author.uuid()))
                ])
            })
            .collect();
        let insert = query(
            "INSERT INTO messages (conversation_id, seq, id, sender, kind, card_id, body, superseded, client_id, at,
               author_id)
             SELECT ?, value ->> 0, unhex(value ->> 1), value ->> 2, value ->> 3, value ->> 4, value -> 5, value ->> 6,
               value ->> 7, value ->> 8, unhex(value ->> 9)
             FROM json_each(?)",
        )
        .bind(id.uuid())
        .bind(json(&rows)?);
        run(self.connection()?, insert).await.map(drop)
    }

    async fn rewrite_message(&mut self, id: ConversationId, seq: u64, body: &Json) -> Result<()> {
        let update = query("UPDATE messages SET body = ? WHERE conversation_id = ? AND seq = ?")
            .bind(json(body)?)
            .bind(id.uuid())
            .bind(i64::try_from(seq).unwrap_or(i64::MAX));
        run(self.connection()?, update).await.map(drop)
    }

    async fn supersede_messages(&mut self, id: ConversationId, seqs: &[u64]) -> Result<()> {
        let update = query(
            "UPDATE messages SET superseded = 1 WHERE conversation_id = ? AND seq IN (SELECT value FROM json_each(?))",
        )
        .bind(id.uuid())
        .bind(json(seqs)?);
        run(self.connection()?, update).await.map(drop)
    }

    async fn move_conversations(&mut self, visitor: VisitorId, to: PersonId) -> Result<()> {
        let update = query(
            "UPDATE conversations SET person_id = coalesce((SELECT person_id FROM person_aliases WHERE id = ?2), ?2)
             WHERE visitor_id = ?1 AND person_id IS NOT NULL",
        )
        .bind(visitor.uuid())
        .bind(to.uuid());
        run(self.connection()?, update).await.map(drop)
    }
}
