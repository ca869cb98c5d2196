//! Browsers that take pushed notifications, and which chats their agents were called to.

use crate::{
    codec::{At, Columns, all, hex, instant, long, maybe_instant},
    table::Table,
    unit::Unit,
};
use async_trait::async_trait;
use kernel::{ChatId, PushSubscriptionId, Timestamp, UserId};
use serde_json::json;
use sqlx::{postgres::PgRow, query};
use store::{PushReads, PushSubscription, PushWrites, StoreError};

const SUBSCRIPTIONS: Table = Table {
    name: "push_subscriptions",
    key: "id",
    columns: "id, user_id, session_id, endpoint, p256dh, auth, server_key, user_agent, created_at, pushed_at",
    changeable: "",
};

fn subscription(row: &PgRow) -> Result<PushSubscription, StoreError> {
    Ok(PushSubscription {
        id: row.id("id")?,
        user_id: row.id("user_id")?,
        session_id: row.id("session_id")?,
        endpoint: row.text("endpoint")?,
        p256dh: row.column("p256dh")?,
        auth: row.column("auth")?,
        server_key: row.text("server_key")?,
        user_agent: row.text("user_agent")?,
        created_at: row.at("created_at")?,
        pushed_at: row.maybe_at("pushed_at")?,
    })
}

/// Those of sign-ins that go on at `$1`.
macro_rules! living {
    ($what:literal, $rest:literal) => {
        concat!(
            "SELECT ",
            $what,
            " FROM push_subscriptions p JOIN sessions s ON s.id = p.session_id WHERE s.expires_at > $1 ",
            $rest
        )
    };
}

#[async_trait]
impl PushReads for Unit {
    async fn push_subscriptions_of(
        &mut self,
        user: UserId,
        now: Timestamp,
    ) -> Result<Vec<PushSubscription>, StoreError> {
        let found = query(living!("p.*", "AND p.user_id = $2 ORDER BY p.created_at, p.id"))
            .bind(At(now))
            .bind(user.uuid());
        all(&self.rows(found).await?, subscription)
    }

    async fn push_subscription(
        &mut self,
        id: PushSubscriptionId,
        now: Timestamp,
    ) -> Result<Option<PushSubscription>, StoreError> {
        let found = query(living!("p.*", "AND p.id = $2")).bind(At(now)).bind(id.uuid());
        self.row(found).await?.as_ref().map(subscription).transpose()
    }

    async fn pushable_users(&mut self, now: Timestamp) -> Result<Vec<UserId>, StoreError> {
        let found = query(living!("DISTINCT p.user_id", "")).bind(At(now));
        all(&self.rows(found).await?, |row| row.id("user_id"))
    }

    async fn unread_chats(
        &mut self,
        before: Timestamp,
        limit: u32,
    ) -> Result<Vec<(ChatId, u64)>, StoreError> {
        let found = query(
            "SELECT h.id, max(m.seq)::bigint AS seq FROM chats h JOIN conversations c ON c.id = h.conversation_id
               JOIN messages m ON m.conversation_id = c.id AND m.seq > h.agent_read
             WHERE h.state = 'with_agent' AND h.called_to <= h.agent_read AND c.person_id IS NOT NULL
               AND m.sender = 'visitor' AND m.kind IN ('text', 'attachment')
             GROUP BY h.id HAVING min(m.at) <= $1 ORDER BY min(m.at), h.id LIMIT $2",
        )
        .bind(At(before))
        .bind(i64::from(limit));
        all(&self.rows(found).await?, |row| Ok((row.id("id")?, row.count("seq")?)))
    }
}

#[async_trait]
impl PushWrites for Unit {
    async fn put_push_subscription(&mut self, one: &PushSubscription) -> Result<(), StoreError> {
        self.run(query("DELETE FROM push_subscriptions WHERE endpoint = $1").bind(&one.endpoint)).await?;
        let row = json!({
            "id": one.id.uuid(),
            "user_id": one.user_id.uuid(),
            "session_id": one.session_id.uuid(),
            "endpoint": one.endpoint,
            "p256dh": hex(&one.p256dh),
            "auth": hex(&one.auth),
            "server_key": one.server_key,
            "user_agent": one.user_agent,
            "created_at": instant(one.created_at),
            "pushed_at": maybe_instant(one.pushed_at),
        });
        SUBSCRIPTIONS.insert(self.connection(), &[row]).await.map(drop)
    }

    async fn delete_push_subscription(&mut self, id: PushSubscriptionId) -> Result<bool, StoreError> {
        let delete = query("DELETE FROM push_subscriptions WHERE id = $1").bind(id.uuid());
        Ok(self.run(delete).await? > 0)
    }

    async fn note_pushed(&mut self, id: PushSubscriptionId, at: Timestamp) -> Result<(), StoreError> {
        let note = query("UPDATE push_subscriptions SET pushed_at = $2 WHERE id = $1").bind(id.uuid());
        self.run(note.bind(At(at))).await.map(drop)
    }

    async fn note_called(&mut self, chat: ChatId, seq: u64) -> Result<bool, StoreError> {
        let note =
            query("UPDATE chats SET called_to = $2 WHERE id = $1 AND called_to < $2").bind(chat.uuid());
        Ok(self.run(note.bind(long(seq))).await? > 0)
    }
}
