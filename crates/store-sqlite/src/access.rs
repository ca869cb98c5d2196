//! Sessions, invitations, API tokens and the audit log.

use crate::{
    error::{Result, corrupt},
    rows::{
        Columns, after_time, all, hex, json, like_inside, like_start, limit, one, opt_ms, paged, run,
        run_found,
    },
    session::{Connected, Handle},
    users::user,
    writer::Turn,
};
use async_trait::async_trait;
use kernel::{InvitationId, SessionId, Timestamp, TokenId, UserId, text::fold, to_millis};
use serde_json::json;
use sqlx::{query, sqlite::SqliteRow};
use store::{
    AccessReads, AccessWrites, ApiToken, AuditEntry, AuditFilter, Invitation, InvitationKind, Page,
    PageRequest, Profile, User, UserSession,
};

fn session(row: &SqliteRow) -> Result<UserSession> {
    Ok(UserSession {
        id: row.id("id")?,
        token_hash: row.hash("token_hash")?,
        user_id: row.id("user_id")?,
        user_agent: row.text("user_agent")?,
        created_at: row.at("created_at")?,
        last_seen_at: row.at("last_seen_at")?,
        expires_at: row.at("expires_at")?,
    })
}

fn signed_in(row: &SqliteRow) -> Result<(UserSession, User, Profile)> {
    let session = UserSession {
        id: row.id("session_id")?,
        token_hash: row.hash("token_hash")?,
        user_id: row.id("id")?,
        user_agent: row.text("user_agent")?,
        created_at: row.at("session_created_at")?,
        last_seen_at: row.at("session_seen_at")?,
        expires_at: row.at("expires_at")?,
    };
    let profile = Profile {
        id: row.id("profile_id")?,
        name: row.text("profile_name")?,
        description: row.text("description")?,
        built_in: row.flag("built_in")?,
        permissions: row.json("permissions")?,
        version: row.int("version")?,
        users: row.int("profile_users")?,
    };
    Ok((session, user(row)?, profile))
}

fn token(row: &SqliteRow) -> Result<ApiToken> {
    Ok(ApiToken {
        id: row.id("id")?,
        token_hash: row.hash("token_hash")?,
        name: row.text("name")?,
        scopes: row.json("scopes")?,
        created_by: row.opt_id("created_by")?,
        created_at: row.at("created_at")?,
        last_used_at: row.opt_at("last_used_at")?,
        expires_at: row.opt_at("expires_at")?,
    })
}

const fn kind_word(kind: InvitationKind) -> &'static str {
    match kind {
        InvitationKind::Join => "join",
        InvitationKind::Reset => "reset",
    }
}

fn invitation(row: &SqliteRow) -> Result<Invitation> {
    let kind = match row.text("kind")?.as_str() {
        "join" => InvitationKind::Join,
        "reset" => InvitationKind::Reset,
        other => return Err(corrupt(format!("invitation kind {other}"))),
    };
    Ok(Invitation {
        id: row.id("id")?,
        token_hash: row.hash("token_hash")?,
        user_id: row.id("user_id")?,
        kind,
        created_at: row.at("created_at")?,
        expires_at: row.at("expires_at")?,
    })
}

fn entry(row: &SqliteRow) -> Result<AuditEntry> {
    Ok(AuditEntry {
        id: row.id("id")?,
        at: row.at("at")?,
        user_id: row.opt_id("user_id")?,
        actor: row.text("actor")?,
        via: row.text("via")?,
        action: row.text("action")?,
        object_kind: row.text("object_kind")?,
        object_id: row.opt_text("object_id")?,
        object_name: row.opt_text("object_name")?,
        details: row.json("details")?,
        ip: row.opt_text("ip")?,
    })
}

#[async_trait]
impl<C: Connected> AccessReads for Handle<C> {
    async fn session_by_hash(
        &mut self,
        hash: &[u8; 32],
        now: Timestamp,
    ) -> Result<Option<(UserSession, User, Profile)>> {
        let found = query(
            "SELECT u.*, s.id AS session_id, s.token_hash, s.user_agent, s.created_at AS session_created_at,
               s.last_seen_at AS session_seen_at, s.expires_at, p.name AS profile_name, p.description, p.built_in,
               p.permissions, p.version, (SELECT count(*) FROM users x WHERE x.profile_id = p.id) AS profile_users
             FROM sessions s JOIN users u ON u.id = s.user_id JOIN profiles p ON p.id = u.profile_id
             WHERE s.token_hash = ? AND s.expires_at > ?",
        )
        .bind(hash.to_vec())
        .bind(to_millis(now));
        one(self.connection()?, found).await?.as_ref().map(signed_in).transpose()
    }

    async fn sessions_of(&mut self, user: UserId) -> Result<Vec<UserSession>> {
        let found = query("SELECT * FROM sessions WHERE user_id = ? ORDER BY created_at DESC, id DESC")
            .bind(user.uuid());
        all(self.connection()?, found).await?.iter().map(session).collect()
    }

    async fn token_by_hash(&mut self, hash: &[u8; 32], now: Timestamp) -> Result<Option<ApiToken>> {
        let found =
            query("SELECT * FROM api_tokens WHERE token_hash = ? AND (expires_at IS NULL OR expires_at > ?)")
                .bind(hash.to_vec())
                .bind(to_millis(now));
        one(self.connection()?, found).await?.as_ref().map(token).transpose()
    }

    async fn tokens(&mut self) -> Result<Vec<ApiToken>> {
        let rows =
            all(self.connection()?, query("SELECT * FROM api_tokens ORDER BY created_at DESC, id DESC"))
                .await?;
        rows.iter().map(token).collect()
    }

    async fn invitation_by_hash(&mut self, hash: &[u8; 32], now: Timestamp) -> Result<Option<Invitation>> {
        let found = query("SELECT * FROM invitations WHERE token_hash = ? AND expires_at > ?")
            .bind(hash.to_vec())
            .bind(to_millis(now));
        one(self.connection()?, found).await?.as_ref().map(invitation).transpose()
    }

    async fn audit_log(&mut self, filter: &AuditFilter, page: &PageRequest) -> Result<Page<AuditEntry>> {
        let (at, id) = after_time(page)?;
        let found = query(
            "SELECT * FROM audit_log
             WHERE (?1 IS NULL OR user_id = ?1) AND (?2 IS NULL OR action LIKE ?2 ESCAPE '\\')
               AND (?3 IS NULL OR at >= ?3) AND (?4 IS NULL OR at < ?4)
               AND (?5 IS NULL OR words LIKE ?5 ESCAPE '\\')
               AND (at, id) < (?6, ?7)
             ORDER BY at DESC, id DESC LIMIT ?8",
        )
        .bind(filter.user.map(UserId::uuid))
        .bind(filter.action.as_deref().map(like_start))
        .bind(opt_ms(filter.from))
        .bind(opt_ms(filter.to))
        .bind(filter.query.as_deref().map(|words| like_inside(&fold(words))))
        .bind(at)
        .bind(id)
        .bind(limit(page));
        let rows = all(self.connection()?, found).await?;
        let items = rows.iter().map(entry).collect::<Result<_>>()?;
        Ok(paged(items, page, |e: &AuditEntry| (to_millis(e.at), e.id.uuid())))
    }
}

#[async_trait]
impl AccessWrites for Handle<Turn> {
    async fn insert_session(&mut self, session: &UserSession) -> Result<()> {
        let insert = query(
            "INSERT INTO sessions (id, token_hash, user_id, user_agent, created_at, last_seen_at, expires_at)
             VALUES (?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(session.id.uuid())
        .bind(session.token_hash.to_vec())
        .bind(session.user_id.uuid())
        .bind(session.user_agent.clone())
        .bind(to_millis(session.created_at))
        .bind(to_millis(session.last_seen_at))
        .bind(to_millis(session.expires_at));
        run(self.connection()?, insert).await.map(drop)
    }

    async fn touch_session(&mut self, id: SessionId, at: Timestamp) -> Result<()> {
        let update = query("UPDATE sessions SET last_seen_at = max(last_seen_at, ?) WHERE id = ?")
            .bind(to_millis(at))
            .bind(id.uuid());
        run(self.connection()?, update).await.map(drop)
    }

    async fn delete_session(&mut self, user: UserId, id: SessionId) -> Result<bool> {
        let delete =
            query("DELETE FROM sessions WHERE id = ? AND user_id = ?").bind(id.uuid()).bind(user.uuid());
        Ok(run(self.connection()?, delete).await? > 0)
    }

    async fn delete_sessions(&mut self, user: UserId, except: Option<SessionId>) -> Result<()> {
        let delete = query("DELETE FROM sessions WHERE user_id = ? AND id IS NOT ?")
            .bind(user.uuid())
            .bind(except.map(SessionId::uuid));
        run(self.connection()?, delete).await.map(drop)
    }

    async fn insert_token(&mut self, token: &ApiToken) -> Result<()> {
        let insert = query(
            "INSERT INTO api_tokens (id, token_hash, name, scopes, created_by, created_at, last_used_at, expires_at)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(token.id.uuid())
        .bind(token.token_hash.to_vec())
        .bind(token.name.clone())
        .bind(json(&token.scopes)?)
        .bind(token.created_by.map(UserId::uuid))
        .bind(to_millis(token.created_at))
        .bind(opt_ms(token.last_used_at))
        .bind(opt_ms(token.expires_at));
        run(self.connection()?, insert).await.map(drop)
    }

    async fn touch_token(&mut self, id: TokenId, at: Timestamp) -> Result<()> {
        let update =
            query("UPDATE api_tokens SET last_used_at = max(coalesce(last_used_at, 0), ?) WHERE id = ?")
                .bind(to_millis(at))
                .bind(id.uuid());
        run(self.connection()?, update).await.map(drop)
    }

    async fn delete_token(&mut self, id: TokenId) -> Result<bool> {
        Ok(run(self.connection()?, query("DELETE FROM api_tokens WHERE id = ?").bind(id.uuid())).await? > 0)
    }

    async fn insert_invitation(&mut self, invitation: &Invitation) -> Result<()> {
        let earlier = query("DELETE FROM invitations WHERE user_id = ? AND kind = ?")
            .bind(invitation.user_id.uuid())
            .bind(kind_word(invitation.kind));
        run(self.connection()?, earlier).await?;
        let insert = query(
            "INSERT INTO invitations (id, token_hash, user_id, kind, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)",
        )
        .bind(invitation.id.uuid())
        .bind(invitation.token_hash.to_vec())
        .bind(invitation.user_id.uuid())
        .bind(kind_word(invitation.kind))
        .bind(to_millis(invitation.created_at))
        .bind(to_millis(invitation.expires_at));
        run_found(self.connection()?, insert).await
    }

    async fn take_invitation(&mut self, id: InvitationId) -> Result<bool> {
        Ok(run(self.connection()?, query("DELETE FROM invitations WHERE id = ?").bind(id.uuid())).await? > 0)
    }

    async fn append_audit(&mut self, entries: &[AuditEntry]) -> Result<()> {
        let rows: Vec<_> = entries
            .iter()
            .map(|e| {
                let words = fold(&format!("{} {}", e.actor, e.object_name.as_deref().unwrap_or_default()));
                json!([
                    hex(e.id.uuid()),
                    to_millis(e.at),
                    e.user_id.map(|id| hex(id.uuid())),
                    e.actor,
                    e.via,
                    e.action,
                    e.object_kind,
                    e.object_id,
                    e.object_name,
                    e.details,
                    e.ip,
                    words
                ])
            })
            .collect();
        let insert = query(
            "INSERT INTO audit_log
               (id, at, user_id, actor, via, action, object_kind, object_id, object_name, details, ip, words)
             SELECT unhex(value ->> 0), value ->> 1, unhex(value ->> 2), value ->> 3, value ->> 4, value ->> 5,
               value ->> 6, value ->> 7, value ->> 8, value -> 9, value ->> 10, value ->> 11
             FROM json_each(?)",
        )
        .bind(json(&rows)?);
        run(self.connection()?, insert).await.map(drop)
    }
}
