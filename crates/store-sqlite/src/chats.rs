//! Chats with agents, and which agents are connected.

use crate::{
    error::{Result, corrupt, database},
    rows::{
        Columns, after_time, all, count, from_word, hexes, json, like_inside, limit, one, opt_ms, paged, run,
        word,
    },
    session::{Connected, Handle},
    writer::Turn,
};
use async_trait::async_trait;
use kernel::{ChatId, ConversationId, DialogueId, SiteId, Timestamp, UserId, text::fold, to_millis};
use livechat::{Chat, State, figures::Record};
use sqlx::{Row, query, sqlite::SqliteRow};
use store::{
    ChatFilter, ChatReads, ChatRow, ChatWrites, LastMessage, Page, PageRequest, Side, Span, StoreError,
};
use uuid::Uuid;

fn chat(row: &SqliteRow) -> Result<Chat> {
    let mut chat: Chat = row.json("body")?;
    chat.revision = row.int("revision")?;
    Ok(chat)
}

fn listed(row: &SqliteRow) -> Result<ChatRow> {
    let last = match row.opt_text("last_sender")? {
        None => None,
        Some(sender) => Some(LastMessage {
            from: from_word(&sender)?,
            body: row.json("last_body")?,
            at: row.at("last_at")?,
        }),
    };
    Ok(ChatRow {
        chat: chat(row)?,
        site_id: row.id("site_id")?,
        site_name: row.text("site_name")?,
        dialogue_id: row.id("dialogue_id")?,
        dialogue_name: row.text("dialogue_name")?,
        person_id: row.id("person_id")?,
        person_name: row.opt_text("person_name")?,
        person_email: row.opt_text("person_email")?,
        company: row.opt_text("company")?,
        page_url: row.text("page_url")?,
        last_seq: row.int("last_seq")?,
        epoch: row.int("epoch")?,
        visitor_read: row.int("visitor_read")?,
        agent_read: row.int("agent_read")?,
        unread: row.int("unread")?,
        last,
    })
}

/// `?1` to `?12` narrow the list where they are not null; `?13` and `?14` are where it begins, `?15` its length.
const LIST: &str = "SELECT h.id, h.body, h.revision, h.visitor_read, h.agent_read, h.requested_at, c.site_id,
    s.name AS site_name, c.dialogue_id, d.name AS dialogue_name, c.person_id, p.email AS person_email,
    nullif(coalesce(p.attributes ->> '$.full_name',
      trim(coalesce(p.attributes ->> '$.first_name', '') || ' ' || coalesce(p.attributes ->> '$.last_name', ''))
    ), '') AS person_name, o.name AS company, c.page_url, c.last_seq, c.epoch,
    (SELECT count(*) FROM messages m WHERE m.conversation_id = c.id AND m.seq > h.agent_read
       AND m.sender = 'visitor' AND m.kind IN ('text', 'attachment')) AS unread,
    l.sender AS last_sender, l.body AS last_body, l.at AS last_at
  FROM chats h JOIN conversations c ON c.id = h.conversation_id JOIN sites s ON s.id = c.site_id
    JOIN dialogues d ON d.id = c.dialogue_id LEFT JOIN people p ON p.id = c.person_id
    LEFT JOIN companies o ON o.id = p.company_id
    LEFT JOIN messages l ON l.conversation_id = c.id AND l.seq = (
      SELECT max(m.seq) FROM messages m WHERE m.conversation_id = c.id AND m.superseded = 0 AND m.sender <> 'system'
        AND m.kind <> 'note')
  WHERE c.person_id IS NOT NULL
    AND (?1 IS NULL OR h.id = ?1)
    AND (?2 IS NULL OR h.state IN (SELECT value FROM json_each(?2)))
    AND (?3 IS NULL OR (h.accepted_at IS NOT NULL) = ?3)
    AND (?4 IS NULL OR h.id IN (SELECT a.chat_id FROM chat_agents a
      WHERE a.user_id IN (SELECT unhex(value) FROM json_each(?4)) AND a.standing <> 'offered'))
    AND (?5 IS NULL OR h.state = 'ended' OR h.id IN (
      SELECT a.chat_id FROM chat_agents a WHERE a.user_id = ?5 AND a.standing <> 'left'))
    AND (?6 IS NULL OR c.site_id = ?6)
    AND (?7 IS NULL OR c.dialogue_id = ?7)
    AND (?8 IS NULL OR h.rating = ?8)
    AND (?9 IS NULL OR h.outcome = ?9)
    AND (?10 IS NULL OR h.requested_at >= ?10)
    AND (?11 IS NULL OR h.requested_at < ?11)
    AND (?12 IS NULL OR d.name_folded LIKE ?12 ESCAPE '\\' OR p.email LIKE ?12 ESCAPE '\\'
      OR coalesce(p.folded ->> '$.full_name', lower(p.attributes ->> '$.full_name')) LIKE ?12 ESCAPE '\\'
      OR coalesce(p.folded ->> '$.first_name', lower(p.attributes ->> '$.first_name'), '') || ' '
        || coalesce(p.folded ->> '$.last_name', lower(p.attributes ->> '$.last_name'), '') LIKE ?12 ESCAPE '\\')
    AND (h.requested_at, h.id) < (?13, ?14)
  ORDER BY h.requested_at DESC, h.id DESC LIMIT ?15";

/// `?1` and `?2` are the span, `?3` the site, `?4` and `?5` where it begins, `?6` how many.
const RECORDS: &str = "SELECT h.*, c.person_id,
    (SELECT min(m.at) FROM messages m WHERE m.conversation_id = h.conversation_id AND m.sender = 'agent'
       AND m.kind IN ('text', 'attachment') AND m.at >= h.accepted_at AND (h.ended_at IS NULL OR m.at <= h.ended_at)
    ) AS first_answer_at
  FROM chats h JOIN conversations c ON c.id = h.conversation_id
  WHERE h.requested_at >= ?1 AND h.requested_at < ?2 AND (?3 IS NULL OR c.site_id = ?3)
    AND (h.requested_at, h.id) > (?4, ?5)
  ORDER BY h.requested_at, h.id LIMIT ?6";

fn record(row: &SqliteRow) -> Result<(ChatId, Record)> {
    let erased = row.opt_id::<Uuid>("person_id")?.is_none();
    let outcome = row.opt_text("outcome")?.map(|word| from_word(&word)).transpose()?;
    let rating: Option<i64> = row.try_get("rating").map_err(database)?;
    let record = Record {
        requested_at: row.at("requested_at")?,
        accepted_at: row.opt_at("accepted_at")?,
        first_answer_at: row.opt_at("first_answer_at")?,
        ended_at: row.opt_at("ended_at")?,
        outcome,
        rating: rating.and_then(|rating| u8::try_from(rating).ok()),
        chat: if erased { None } else { Some(chat(row)?) },
    };
    Ok((row.id("id")?, record))
}

/// The chats that somebody may still see.
macro_rules! seen {
    ($rest:literal) => {
        concat!(
            "SELECT h.* FROM chats h JOIN conversations c ON c.id = h.conversation_id WHERE c.person_id IS NOT NULL ",
            $rest
        )
    };
}

#[async_trait]
impl<C: Connected> ChatReads for Handle<C> {
    async fn chat(&mut self, id: ChatId) -> Result<Option<Chat>> {
        let found = query(seen!("AND h.id = ?")).bind(id.uuid());
        one(self.connection()?, found).await?.as_ref().map(chat).transpose()
    }

    async fn latest_chat(&mut self, conversation: ConversationId) -> Result<Option<Chat>> {
        let found = query(seen!("AND h.conversation_id = ? ORDER BY h.requested_at DESC, h.id DESC LIMIT 1"))
            .bind(conversation.uuid());
        one(self.connection()?, found).await?.as_ref().map(chat).transpose()
    }

    async fn chat_reads(&mut self, id: ChatId) -> Result<(u64, u64)> {
        let found = query("SELECT visitor_read, agent_read FROM chats WHERE id = ?").bind(id.uuid());
        match one(self.connection()?, found).await? {
            Some(row) => Ok((row.int("visitor_read")?, row.int("agent_read")?)),
            None => Ok((0, 0)),
        }
    }

    async fn chats(&mut self, filter: &ChatFilter, page: &PageRequest) -> Result<Page<ChatRow>> {
        let (at, id) = after_time(page)?;
        let states: Vec<String> = filter.states.iter().map(word).collect();
        let agents = filter.agents.as_ref().map(|agents| hexes(agents.iter().map(|agent| agent.uuid())));
        let found = query(LIST)
            .bind(filter.id.map(ChatId::uuid))
            .bind((!states.is_empty()).then(|| json(&states)).transpose()?)
            .bind(filter.accepted)
            .bind(agents)
            .bind(filter.visible_to.map(UserId::uuid))
            .bind(filter.site.map(SiteId::uuid))
            .bind(filter.dialogue.map(DialogueId::uuid))
            .bind(filter.rating)
            .bind(filter.outcome.map(word))
            .bind(opt_ms(filter.from))
            .bind(opt_ms(filter.to))
            .bind(filter.query.as_deref().map(|words| like_inside(&fold(words))))
            .bind(at)
            .bind(id)
            .bind(limit(page));
        let rows = all(self.connection()?, found).await?;
        let items = rows.iter().map(listed).collect::<Result<_>>()?;
        Ok(paged(items, page, |row: &ChatRow| (to_millis(row.chat.requested_at), row.chat.id.uuid())))
    }

    async fn conversation_positions(
        &mut self,
        ids: &[ConversationId],
    ) -> Result<Vec<(ConversationId, u64, u32)>> {
        let found = query(
            "SELECT id, last_seq, epoch FROM conversations
             WHERE id IN (SELECT unhex(value) FROM json_each(?)) AND person_id IS NOT NULL",
        )
        .bind(hexes(ids.iter().map(|id| id.uuid())));
        let rows = all(self.connection()?, found).await?;
        rows.iter().map(|row| Ok((row.id("id")?, row.int("last_seq")?, row.int("epoch")?))).collect()
    }

    async fn accepted_chats(&mut self, conversation: ConversationId) -> Result<u64> {
        let found = query("SELECT count(*) FROM chats WHERE conversation_id = ? AND accepted_at IS NOT NULL")
            .bind(conversation.uuid());
        count(self.connection()?, found).await
    }

    async fn last_word(&mut self, conversation: ConversationId) -> Result<Option<Timestamp>> {
        let found = query(
            "SELECT at FROM messages WHERE conversation_id = ? AND sender IN ('visitor', 'agent')
               AND kind IN ('text', 'attachment') ORDER BY seq DESC LIMIT 1",
        )
        .bind(conversation.uuid());
        one(self.connection()?, found).await?.map(|row| row.at("at")).transpose()
    }

    async fn chat_loads(&mut self) -> Result<Vec<(UserId, u32)>> {
        let found = query(
            "SELECT user_id, count(*) AS chats FROM chat_agents WHERE standing <> 'left' GROUP BY user_id",
        );
        let rows = all(self.connection()?, found).await?;
        rows.iter().map(|row| Ok((row.id("user_id")?, row.int("chats")?))).collect()
    }

    async fn chats_of_agent(&mut self, agent: UserId) -> Result<Vec<Chat>> {
        let found = query(seen!(
            "AND h.state <> 'ended' AND h.id IN (
               SELECT chat_id FROM chat_agents WHERE user_id = ? AND standing <> 'left')
             ORDER BY h.requested_at, h.id"
        ))
        .bind(agent.uuid());
        all(self.connection()?, found).await?.iter().map(chat).collect()
    }

    async fn chats_in(&mut self, state: State, limit: u32) -> Result<Vec<ChatId>> {
        let found = query(seen!("AND h.state = ? ORDER BY h.requested_at, h.id LIMIT ?"))
            .bind(word(state))
            .bind(limit);
        all(self.connection()?, found).await?.iter().map(|row| row.id("id")).collect()
    }

    async fn chat_owners(&mut self) -> Result<Vec<(UserId, ChatId)>> {
        let found = query(seen!("AND h.state = 'with_agent' AND h.owner_id IS NOT NULL"));
        let rows = all(self.connection()?, found).await?;
        rows.iter().map(|row| Ok((row.id("owner_id")?, row.id("id")?))).collect()
    }

    async fn due_chats(&mut self, now: Timestamp, limit: u32) -> Result<Vec<ChatId>> {
        let found = query("SELECT id FROM chats WHERE due_at <= ? ORDER BY due_at LIMIT ?")
            .bind(to_millis(now))
            .bind(limit);
        all(self.connection()?, found).await?.iter().map(|row| row.id("id")).collect()
    }

    async fn chat_records(
        &mut self,
        span: Span,
        site: Option<SiteId>,
        after: Option<(Timestamp, ChatId)>,
        limit: u32,
    ) -> Result<Vec<(ChatId, Record)>> {
        let (at, id) = after.map_or((i64::MIN, Uuid::nil()), |(at, id)| (to_millis(at), id.uuid()));
        let found = query(RECORDS)
            .bind(to_millis(span.from))
            .bind(to_millis(span.to))
            .bind(site.map(SiteId::uuid))
            .bind(at)
            .bind(id)
            .bind(limit);
        all(self.connection()?, found).await?.iter().map(record).collect()
    }

    async fn agents_seen(&mut self, since: Timestamp) -> Result<Vec<(UserId, Timestamp)>> {
        let found = query(
            "SELECT user_id, max(seen_at) AS seen_at FROM agent_connections WHERE seen_at >= ? GROUP BY user_id",
        )
        .bind(to_millis(since));
        let rows = all(self.connection()?, found).await?;
        rows.iter().map(|row| Ok((row.id("user_id")?, row.at("seen_at")?))).collect()
    }
}

impl Handle<Turn> {
    /// Who is in a chat, and who is asked.
    async fn put_agents(&mut self, chat: &Chat) -> Result<()> {
        let clear = query("DELETE FROM chat_agents WHERE chat_id = ?").bind(chat.id.uuid());
        run(self.connection()?, clear).await?;
        let standings: Vec<(String, &str)> = store::standings(chat)
            .into_iter()
            .map(|(agent, standing)| (agent.uuid().simple().to_string(), standing))
            .collect();
        let insert = query(
            "INSERT INTO chat_agents (chat_id, user_id, standing)
             SELECT ?, unhex(value ->> 0), value ->> 1 FROM json_each(?)",
        )
        .bind(chat.id.uuid())
        .bind(json(&standings)?);
        run(self.connection()?, insert).await.map(drop)
    }
}

fn body(chat: &Chat) -> Result<String> {
    serde_json::to_string(chat).map_err(corrupt)
}

#[async_trait]
impl ChatWrites for Handle<Turn> {
    async fn insert_chat(&mut self, chat: &Chat, due_at: Option<Timestamp>) -> Result<()> {
        let insert = query(
            "INSERT INTO chats (id, conversation_id, state, outcome, owner_id, requested_at, accepted_at, ended_at,
               due_at, rating, revision, body)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(chat.id.uuid())
        .bind(chat.conversation_id.uuid())
        .bind(word(chat.state))
        .bind(chat.outcome.map(word))
        .bind(chat.owner().map(UserId::uuid))
        .bind(to_millis(chat.requested_at))
        .bind(opt_ms(chat.accepted_at))
        .bind(opt_ms(chat.ended_at))
        .bind(opt_ms(due_at))
        .bind(chat.rating)
        .bind(i64::try_from(chat.revision).unwrap_or(i64::MAX))
        .bind(body(chat)?);
        run(self.connection()?, insert).await?;
        self.put_agents(chat).await
    }

    async fn save_chat(&mut self, chat: &Chat, due_at: Option<Timestamp>) -> Result<()> {
        let update = query(
            "UPDATE chats SET state = ?3, outcome = ?4, owner_id = ?5, accepted_at = ?6,
               ended_at = ?7, due_at = ?8, rating = ?9, body = ?10, revision = revision + 1
             WHERE id = ?1 AND revision = ?2",
        )
        .bind(chat.id.uuid())
        .bind(i64::try_from(chat.revision).unwrap_or(i64::MAX))
        .bind(word(chat.state))
        .bind(chat.outcome.map(word))
        .bind(chat.owner().map(UserId::uuid))
        .bind(opt_ms(chat.accepted_at))
        .bind(opt_ms(chat.ended_at))
        .bind(opt_ms(due_at))
        .bind(chat.rating)
        .bind(body(chat)?);
        if run(self.connection()?, update).await? == 0 {
            return Err(StoreError::Stale);
        }
        self.put_agents(chat).await
    }

    async fn note_read(&mut self, id: ChatId, side: Side, seq: u64) -> Result<bool> {
        let text = match side {
            Side::Visitor => "UPDATE chats SET visitor_read = ?2 WHERE id = ?1 AND visitor_read < ?2",
            Side::Agent => "UPDATE chats SET agent_read = ?2 WHERE id = ?1 AND agent_read < ?2",
        };
        let update = query(text).bind(id.uuid()).bind(i64::try_from(seq).unwrap_or(i64::MAX));
        Ok(run(self.connection()?, update).await? > 0)
    }

    async fn note_agents(&mut self, node: &str, agents: &[UserId], at: Timestamp) -> Result<()> {
        let ids: Vec<Uuid> = agents.iter().map(|agent| agent.uuid()).collect();
        let put = query(
            "INSERT INTO agent_connections (user_id, node, seen_at)
             SELECT unhex(value), ?, ? FROM json_each(?) WHERE true
             ON CONFLICT (user_id, node) DO UPDATE SET seen_at = max(seen_at, excluded.seen_at)",
        )
        .bind(node.to_owned())
        .bind(to_millis(at))
        .bind(hexes(ids));
        run(self.connection()?, put).await.map(drop)
    }
}
