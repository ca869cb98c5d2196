//! Chats with agents, and which agents are connected.

use crate::{
    codec::{At, Columns, all, instant, long, maybe_id, maybe_instant, uuids, word},
    paging::{Filter, NewestFirst, anywhere},
    table::Table,
    unit::Unit,
};
use async_trait::async_trait;
use kernel::{ChatId, ConversationId, DialogueId, SiteId, Timestamp, UserId, text::fold};
use livechat::{Chat, State, figures::Record};
use serde_json::{Value as Json, json};
use sqlx::{postgres::PgRow, query};
use store::{
    ChatFilter, ChatReads, ChatRow, ChatWrites, LastMessage, Page, PageRequest, Side, Span, StoreError,
};
use uuid::Uuid;

const CHATS: Table = Table {
    name: "chats",
    key: "id",
    columns: "id, conversation_id, state, outcome, owner_id, requested_at, accepted_at, ended_at, due_at, rating, \
              visitor_read, agent_read, revision, body",
    changeable: "state, outcome, owner_id, accepted_at, ended_at, due_at, rating, revision, body",
};
const AGENTS: Table =
    Table { name: "chat_agents", key: "chat_id", columns: "chat_id, user_id, standing", changeable: "" };

const LIST: NewestFirst = NewestFirst {
    select: "SELECT h.id, h.body, h.revision, h.visitor_read, h.agent_read, h.requested_at, c.site_id,
               s.name AS site_name, c.dialogue_id, d.name AS dialogue_name, c.person_id, p.email AS person_email,
               nullif(coalesce(p.attributes ->> 'full_name',
                 trim(concat_ws(' ', p.attributes ->> 'first_name', p.attributes ->> 'last_name'))), '') AS person_name,
               o.name AS company, c.page_url, c.last_seq, c.epoch,
               (SELECT count(*) FROM messages m WHERE m.conversation_id = c.id AND m.seq > h.agent_read
                  AND m.sender = 'visitor' AND m.kind IN ('text', 'attachment')) AS unread,
               l.sender AS last_sender, l.body AS last_body, l.at AS last_at
             FROM chats h JOIN conversations c ON c.id = h.conversation_id JOIN sites s ON s.id = c.site_id
               JOIN dialogues d ON d.id = c.dialogue_id LEFT JOIN people p ON p.id = c.person_id
               LEFT JOIN companies o ON o.id = p.company_id
               LEFT JOIN LATERAL (SELECT m.sender, m.body, m.at FROM messages m
                 WHERE m.conversation_id = c.id AND NOT m.superseded AND m.sender <> 'system' AND m.kind <> 'note'
                 ORDER BY m.seq DESC LIMIT 1) l ON true",
    time: "h.requested_at",
    id: "h.id",
};

fn chat(row: &PgRow) -> Result<Chat, StoreError> {
    let mut chat: Chat = row.json("body")?;
    chat.revision = row.count("revision")?;
    Ok(chat)
}

fn listed(row: &PgRow) -> Result<ChatRow, StoreError> {
    let last = match row.maybe_text("last_sender")? {
        None => None,
        Some(_) => Some(LastMessage {
            from: row.word("last_sender")?,
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
        person_name: row.maybe_text("person_name")?,
        person_email: row.maybe_text("person_email")?,
        company: row.maybe_text("company")?,
        page_url: row.text("page_url")?,
        last_seq: row.count("last_seq")?,
        epoch: row.small("epoch")?,
        visitor_read: row.count("visitor_read")?,
        agent_read: row.count("agent_read")?,
        unread: row.count("unread")?,
        last,
    })
}

fn as_row(chat: &Chat, due_at: Option<Timestamp>) -> Result<Json, StoreError> {
    Ok(json!({
        "id": chat.id.uuid(),
        "conversation_id": chat.conversation_id.uuid(),
        "state": word(&chat.state),
        "outcome": chat.outcome.as_ref().map(word),
        "owner_id": maybe_id(chat.owner().map(UserId::uuid)),
        "requested_at": instant(chat.requested_at),
        "accepted_at": maybe_instant(chat.accepted_at),
        "ended_at": maybe_instant(chat.ended_at),
        "due_at": maybe_instant(due_at),
        "rating": chat.rating,
        "visitor_read": 0,
        "agent_read": 0,
        "revision": chat.revision,
        "body": crate::codec::document(chat)?,
    }))
}

/// `$1` and `$2` are the span, `$3` the site, `$4` and `$5` where it begins, `$6` how many.
const RECORDS: &str = "SELECT h.*, c.person_id,
    (SELECT min(m.at) FROM messages m WHERE m.conversation_id = h.conversation_id AND m.sender = 'agent'
       AND m.kind IN ('text', 'attachment') AND m.at >= h.accepted_at AND (h.ended_at IS NULL OR m.at <= h.ended_at)
    ) AS first_answer_at
  FROM chats h JOIN conversations c ON c.id = h.conversation_id
  WHERE h.requested_at >= $1 AND h.requested_at < $2 AND ($3::uuid IS NULL OR c.site_id = $3)
    AND (h.requested_at, h.id) > ($4, $5)
  ORDER BY h.requested_at, h.id LIMIT $6";

fn record(row: &PgRow) -> Result<(ChatId, Record), StoreError> {
    let erased = row.maybe_id::<Uuid>("person_id")?.is_none();
    let outcome = row.maybe_text("outcome")?.map(|_| row.word("outcome")).transpose()?;
    let rating: Option<i32> = row.column("rating")?;
    let record = Record {
        requested_at: row.at("requested_at")?,
        accepted_at: row.maybe_at("accepted_at")?,
        first_answer_at: row.maybe_at("first_answer_at")?,
        ended_at: row.maybe_at("ended_at")?,
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
impl ChatReads for Unit {
    async fn chat(&mut self, id: ChatId) -> Result<Option<Chat>, StoreError> {
        let found = query(seen!("AND h.id = $1")).bind(id.uuid());
        self.row(found).await?.as_ref().map(chat).transpose()
    }

    async fn latest_chat(&mut self, conversation: ConversationId) -> Result<Option<Chat>, StoreError> {
        let found =
            query(seen!("AND h.conversation_id = $1 ORDER BY h.requested_at DESC, h.id DESC LIMIT 1"))
                .bind(conversation.uuid());
        self.row(found).await?.as_ref().map(chat).transpose()
    }

    async fn chat_reads(&mut self, id: ChatId) -> Result<(u64, u64), StoreError> {
        let found = query("SELECT visitor_read, agent_read FROM chats WHERE id = $1").bind(id.uuid());
        match self.row(found).await? {
            Some(row) => Ok((row.count("visitor_read")?, row.count("agent_read")?)),
            None => Ok((0, 0)),
        }
    }

    async fn chats(&mut self, filter: &ChatFilter, page: &PageRequest) -> Result<Page<ChatRow>, StoreError> {
        let mut wanted = Filter::new();
        wanted.and("c.person_id IS NOT NULL".to_owned());
        wanted.when("h.id = {}", filter.id.map(ChatId::uuid))?;
        let states: Vec<String> = filter.states.iter().map(word).collect();
        wanted.when("h.state = ANY({})", (!states.is_empty()).then_some(states))?;
        wanted.when("(h.accepted_at IS NOT NULL) = {}", filter.accepted)?;
        wanted.when(
            "h.id IN (SELECT a.chat_id FROM chat_agents a WHERE a.user_id = ANY({}) AND a.standing <> 'offered')",
            filter.agents.as_ref().map(|agents| uuids(agents, UserId::uuid)),
        )?;
        wanted.when(
            "(h.state = 'ended' OR h.id IN (
               SELECT a.chat_id FROM chat_agents a WHERE a.user_id = {} AND a.standing <> 'left'))",
            filter.visible_to.map(UserId::uuid),
        )?;
        wanted.when("c.site_id = {}", filter.site.map(SiteId::uuid))?;
        wanted.when("c.dialogue_id = {}", filter.dialogue.map(DialogueId::uuid))?;
        wanted.when("h.rating = {}", filter.rating.map(i32::from))?;
        wanted.when("h.outcome = {}", filter.outcome.as_ref().map(word))?;
        wanted.when("h.requested_at >= {}", filter.from.map(At))?;
        wanted.when("h.requested_at < {}", filter.to.map(At))?;
        wanted.when(
            "(d.name_folded LIKE {} OR p.email LIKE {}
              OR coalesce(p.folded ->> 'full_name', lower(p.attributes ->> 'full_name')) LIKE {}
              OR concat_ws(' ', coalesce(p.folded ->> 'first_name', lower(p.attributes ->> 'first_name')),
                   coalesce(p.folded ->> 'last_name', lower(p.attributes ->> 'last_name'))) LIKE {})",
            filter.query.as_deref().map(|words| anywhere(&fold(words))),
        )?;
        LIST.page(self, wanted, page, listed).await
    }

    async fn conversation_positions(
        &mut self,
        ids: &[ConversationId],
    ) -> Result<Vec<(ConversationId, u64, u32)>, StoreError> {
        let found = query(
            "SELECT id, last_seq, epoch FROM conversations WHERE id = ANY($1) AND person_id IS NOT NULL",
        )
        .bind(uuids(ids, ConversationId::uuid));
        all(&self.rows(found).await?, |row| Ok((row.id("id")?, row.count("last_seq")?, row.small("epoch")?)))
    }

    async fn accepted_chats(&mut self, conversation: ConversationId) -> Result<u64, StoreError> {
        let found = query(
            "SELECT count(*) AS chats FROM chats WHERE conversation_id = $1 AND accepted_at IS NOT NULL",
        )
        .bind(conversation.uuid());
        self.row(found).await?.map_or(Ok(0), |row| row.count("chats"))
    }

    async fn last_word(&mut self, conversation: ConversationId) -> Result<Option<Timestamp>, StoreError> {
        let found = query(
            "SELECT at FROM messages WHERE conversation_id = $1 AND sender IN ('visitor', 'agent')
               AND kind IN ('text', 'attachment') ORDER BY seq DESC LIMIT 1",
        )
        .bind(conversation.uuid());
        self.row(found).await?.map(|row| row.at("at")).transpose()
    }

    async fn chat_loads(&mut self) -> Result<Vec<(UserId, u32)>, StoreError> {
        let found = query(
            "SELECT user_id, count(*)::integer AS chats FROM chat_agents WHERE standing <> 'left' GROUP BY user_id",
        );
        all(&self.rows(found).await?, |row| Ok((row.id("user_id")?, row.small("chats")?)))
    }

    async fn chats_of_agent(&mut self, agent: UserId) -> Result<Vec<Chat>, StoreError> {
        let found = query(seen!(
            "AND h.state <> 'ended' AND h.id IN (
               SELECT chat_id FROM chat_agents WHERE user_id = $1 AND standing <> 'left')
             ORDER BY h.requested_at, h.id"
        ))
        .bind(agent.uuid());
        all(&self.rows(found).await?, chat)
    }

    async fn chats_in(&mut self, state: State, limit: u32) -> Result<Vec<ChatId>, StoreError> {
        let found = query(seen!("AND h.state = $1 ORDER BY h.requested_at, h.id LIMIT $2"))
            .bind(word(&state))
            .bind(i64::from(limit));
        all(&self.rows(found).await?, |row| row.id("id"))
    }

    async fn chat_owners(&mut self) -> Result<Vec<(UserId, ChatId)>, StoreError> {
        let found = query(seen!("AND h.state = 'with_agent' AND h.owner_id IS NOT NULL"));
        all(&self.rows(found).await?, |row| Ok((row.id("owner_id")?, row.id("id")?)))
    }

    async fn due_chats(&mut self, now: Timestamp, limit: u32) -> Result<Vec<ChatId>, StoreError> {
        let found = query("SELECT id FROM chats WHERE due_at <= $1 ORDER BY due_at LIMIT $2")
            .bind(At(now))
            .bind(i64::from(limit));
        all(&self.rows(found).await?, |row| row.id("id"))
    }

    async fn chat_records(
        &mut self,
        span: Span,
        site: Option<SiteId>,
        after: Option<(Timestamp, ChatId)>,
        limit: u32,
    ) -> Result<Vec<(ChatId, Record)>, StoreError> {
        let (at, id) = after.map_or((Timestamp::UNIX_EPOCH, Uuid::nil()), |(at, id)| (at, id.uuid()));
        let found = query(RECORDS)
            .bind(At(span.from))
            .bind(At(span.to))
            .bind(site.map(SiteId::uuid))
            .bind(At(at))
            .bind(id)
            .bind(i64::from(limit));
        all(&self.rows(found).await?, record)
    }

    async fn agents_seen(&mut self, since: Timestamp) -> Result<Vec<(UserId, Timestamp)>, StoreError> {
        let found = query(
            "SELECT user_id, max(seen_at) AS seen_at FROM agent_connections WHERE seen_at >= $1 GROUP BY user_id",
        )
        .bind(At(since));
        all(&self.rows(found).await?, |row| Ok((row.id("user_id")?, row.at("seen_at")?)))
    }
}

impl Unit {
    /// Who is in a chat, and who is asked.
    async fn put_agents(&mut self, chat: &Chat) -> Result<(), StoreError> {
        self.run(query("DELETE FROM chat_agents WHERE chat_id = $1").bind(chat.id.uuid())).await?;
        let row = |(agent, standing): (UserId, &str)| json!({ "chat_id": chat.id.uuid(), "user_id": agent.uuid(), "standing": standing });
        let rows: Vec<Json> = store::standings(chat).into_iter().map(row).collect();
        AGENTS.insert(self.connection(), &rows).await.map(drop)
    }
}

#[async_trait]
impl ChatWrites for Unit {
    async fn insert_chat(&mut self, chat: &Chat, due_at: Option<Timestamp>) -> Result<(), StoreError> {
        CHATS.insert(self.connection(), &[as_row(chat, due_at)?]).await?;
        self.put_agents(chat).await
    }

    async fn save_chat(&mut self, chat: &Chat, due_at: Option<Timestamp>) -> Result<(), StoreError> {
        let there = "AND t.revision = r.revision";
        match CHATS.update(self.connection(), &[as_row(chat, due_at)?], there).await? {
            0 => Err(StoreError::Stale),
            _ => self.put_agents(chat).await,
        }
    }

    async fn note_read(&mut self, id: ChatId, side: Side, seq: u64) -> Result<bool, StoreError> {
        let text = match side {
            Side::Visitor => "UPDATE chats SET visitor_read = $2 WHERE id = $1 AND visitor_read < $2",
            Side::Agent => "UPDATE chats SET agent_read = $2 WHERE id = $1 AND agent_read < $2",
        };
        Ok(self.run(query(text).bind(id.uuid()).bind(long(seq))).await? > 0)
    }

    async fn note_agents(&mut self, node: &str, agents: &[UserId], at: Timestamp) -> Result<(), StoreError> {
        // In one order, so that two nodes do not wait for each other.
        let mut ids: Vec<Uuid> = uuids(agents, UserId::uuid);
        ids.sort_unstable();
        ids.dedup();
        let put = query(
            "INSERT INTO agent_connections (user_id, node, seen_at) SELECT id, $2, $3 FROM unnest($1::uuid[]) AS n (id)
             ON CONFLICT (user_id, node) DO UPDATE SET seen_at = greatest(agent_connections.seen_at, excluded.seen_at)",
        )
        .bind(ids)
        .bind(node)
        .bind(At(at));
        self.run(put).await.map(drop)
    }
}
