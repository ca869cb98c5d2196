//! Browsers that take pushed notifications, and which chats their agents were called to.

use crate::{
    error::{Result, database},
    rows::{Columns, all, one, opt_ms, run},
    session::{Connected, Handle},
    writer::Turn,
};
use async_trait::async_trait;
use kernel::{ChatId, PushSubscriptionId, Timestamp, UserId, to_millis};
use sqlx::{Row, query, sqlite::SqliteRow};
use store::{PushReads, PushSubscription, PushWrites};

fn subscription(row: &SqliteRow) -> Result<PushSubscription> {
    let bytes = |column| row.try_get::<Vec<u8>, _>(column).map_err(database);
    Ok(PushSubscription {
        id: row.id("id")?,
        user_id: row.id("user_id")?,
        session_id: row.id("session_id")?,
        endpoint: row.text("endpoint")?,
        p256dh: bytes("p256dh")?,
        auth: bytes("auth")?,
        server_key: row.text("server_key")?,
        user_agent: row.text("user_agent")?,
        created_at: row.at("created_at")?,
        pushed_at: row.opt_at("pushed_at")?,
    })
}

/// Those of sign-ins that go on at `?1`.
macro_rules! living {
    ($what:literal, $rest:literal) => {
        concat!(
            "SELECT ",
            $what,
            " FROM push_subscriptions p JOIN sessions s ON s.id = p.session_id WHERE s.expires_at > ?1 ",
            $rest
        )
    };
}

#[async_trait]
impl<C: Connected> PushReads for Handle<C> {
    async fn push_subscriptions_of(&mut self, user: UserId, now: Timestamp) -> Result<Vec<PushSubscription>> {
        let found = query(living!("p.*", "AND p.user_id = ?2 ORDER BY p.created_at, p.id"))
            .bind(to_millis(now))
            .bind(user.uuid());
        all(self.connection()?, found).await?.iter().map(subscription).collect()
    }

    async fn push_subscription(
        &mut self,
        id: PushSubscriptionId,
        now: Timestamp,
    ) -> Result<Option<PushSubscription>> {
        let found = query(living!("p.*", "AND p.id = ?2")).bind(to_millis(now)).bind(id.uuid());
        one(self.connection()?, found).await?.as_ref().map(subscription).transpose()
    }

    async fn pushable_users(&mut self, now: Timestamp) -> Result<Vec<UserId>> {
        let found = query(living!("DISTINCT p.user_id", "")).bind(to_millis(now));
        all(self.connection()?, found).await?.iter().map(|row| row.id("user_id")).collect()
    }

    async fn unread_chats(&mut self, before: Timestamp, limit: u32) -> Result<Vec<(ChatId, u64)>> {
        let found = query(
            "SELECT h.id, max(m.seq) AS seq FROM chats h JOIN conversations c ON c.id = h.conversation_id
               JOIN messages m ON m.conversation_id = c.id AND m.seq > h.agent_read
             WHERE h.state = 'with_agent' AND h.called_to <= h.agent_read AND c.person_id IS NOT NULL
               AND m.sender = 'visitor' AND m.kind IN ('text', 'attachment')
             GROUP BY h.id HAVING min(m.at) <= ? ORDER BY min(m.at), h.id LIMIT ?",
        )
        .bind(to_millis(before))
        .bind(limit);
        let rows = all(self.connection()?, found).await?;
        rows.iter().map(|row| Ok((row.id("id")?, row.int("seq")?))).collect()
    }
}

#[async_trait]
impl PushWrites for Handle<Turn> {
    async fn put_push_subscription(&mut self, one: &PushSubscription) -> Result<()> {
        let clear = query("DELETE FROM push_subscriptions WHERE endpoint = ?").bind(one.endpoint.clone());
        run(self.connection()?, clear).await?;
        let insert = query(
            "INSERT INTO push_subscriptions (id, user_id, session_id, endpoint, p256dh, auth, server_key, user_agent,
               created_at, pushed_at)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(one.id.uuid())
        .bind(one.user_id.uuid())
        .bind(one.session_id.uuid())
        .bind(one.endpoint.clone())
        .bind(one.p256dh.clone())
        .bind(one.auth.clone())
        .bind(one.server_key.clone())
        .bind(one.user_agent.clone())
        .bind(to_millis(one.created_at))
        .bind(opt_ms(one.pushed_at));
        run(self.connection()?, insert).await.map(drop)
    }

    async fn delete_push_subscription(&mut self, id: PushSubscriptionId) -> Result<bool> {
        let delete = query("DELETE FROM push_subscriptions WHERE id = ?").bind(id.uuid());
        Ok(run(self.connection()?, delete).await? > 0)
    }

    async fn note_pushed(&mut self, id: PushSubscriptionId, at: Timestamp) -> Result<()> {
        let note = query("UPDATE push_subscriptions SET pushed_at = ? WHERE id = ?")
            .bind(to_millis(at))
            .bind(id.uuid());
        run(self.connection()?, note).await.map(drop)
    }

    async fn note_called(&mut self, chat: ChatId, seq: u64) -> Result<bool> {
        let note = query("UPDATE chats SET called_to = ?2 WHERE id = ?1 AND called_to < ?2")
            .bind(chat.uuid())
            .bind(i64::try_from(seq).unwrap_or(i64::MAX));
        Ok(run(self.connection()?, note).await? > 0)
    }
}
