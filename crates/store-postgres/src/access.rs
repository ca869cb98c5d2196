//! Sessions, invitations, API tokens and the audit log.

use crate::{
    accounts::user,
    codec::{At, Columns, all, hex, instant, maybe_id, maybe_instant},
    paging::{Filter, NewestFirst, anywhere, escaped, fixed},
    table::Table,
    unit::Unit,
};
use async_trait::async_trait;
use kernel::{InvitationId, SessionId, Timestamp, TokenId, UserId, text::fold};
use serde_json::json;
use sqlx::{postgres::PgRow, query};
use store::{
    AccessReads, AccessWrites, ApiToken, AuditEntry, AuditFilter, Invitation, InvitationKind, Page,
    PageRequest, Profile, StoreError, User, UserSession,
};

const SESSIONS: Table = Table {
    name: "sessions",
    key: "id",
    columns: "id, token_hash, user_id, user_agent, created_at, last_seen_at, expires_at",
    changeable: "",
};
const TOKENS: Table = Table {
    name: "api_tokens",
    key: "id",
    columns: "id, token_hash, name, scopes, created_by, created_at, last_used_at, expires_at",
    changeable: "",
};
const INVITATIONS: Table = Table {
    name: "invitations",
    key: "id",
    columns: "id, token_hash, user_id, kind, created_at, expires_at",
    changeable: "",
};
const AUDIT: Table = Table {
    name: "audit_log",
    key: "id",
    columns: "id, at, user_id, actor, via, action, object_kind, object_id, object_name, details, ip, words",
    changeable: "",
};
const AUDIT_LIST: NewestFirst = NewestFirst { select: "SELECT * FROM audit_log", time: "at", id: "id" };

fn session(row: &PgRow) -> Result<UserSession, StoreError> {
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

fn signed_in(row: &PgRow) -> Result<(UserSession, User, Profile), StoreError> {
    let user = user(row)?;
    let session = UserSession {
        id: row.id("session_id")?,
        token_hash: row.hash("token_hash")?,
        user_id: user.id,
        user_agent: row.text("user_agent")?,
        created_at: row.at("session_created_at")?,
        last_seen_at: row.at("session_seen_at")?,
        expires_at: row.at("expires_at")?,
    };
    let profile = Profile {
        id: user.profile_id,
        name: row.text("profile_name")?,
        description: row.text("description")?,
        built_in: row.flag("built_in")?,
        permissions: row.json("permissions")?,
        version: row.long("version")?,
        users: row.count("profile_users")?,
    };
    Ok((session, user, profile))
}

fn token(row: &PgRow) -> Result<ApiToken, StoreError> {
    Ok(ApiToken {
        id: row.id("id")?,
        token_hash: row.hash("token_hash")?,
        name: row.text("name")?,
        scopes: row.json("scopes")?,
        created_by: row.maybe_id("created_by")?,
        created_at: row.at("created_at")?,
        last_used_at: row.maybe_at("last_used_at")?,
        expires_at: row.maybe_at("expires_at")?,
    })
}

const fn kind_word(kind: InvitationKind) -> &'static str {
    match kind {
        InvitationKind::Join => "join",
        InvitationKind::Reset => "reset",
    }
}

fn invitation(row: &PgRow) -> Result<Invitation, StoreError> {
    let kind = match row.text("kind")?.as_str() {
        "join" => InvitationKind::Join,
        "reset" => InvitationKind::Reset,
        other => return Err(StoreError::Corrupt(format!("invitation kind {other}"))),
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

fn entry(row: &PgRow) -> Result<AuditEntry, StoreError> {
    Ok(AuditEntry {
        id: row.id("id")?,
        at: row.at("at")?,
        user_id: row.maybe_id("user_id")?,
        actor: row.text("actor")?,
        via: row.text("via")?,
        action: row.text("action")?,
        object_kind: row.text("object_kind")?,
        object_id: row.maybe_text("object_id")?,
        object_name: row.maybe_text("object_name")?,
        details: row.json("details")?,
        ip: row.maybe_text("ip")?,
    })
}

#[async_trait]
impl AccessReads for Unit {
    async fn session_by_hash(
        &mut self,
        hash: &[u8; 32],
        now: Timestamp,
    ) -> Result<Option<(UserSession, User, Profile)>, StoreError> {
        let found = query(
            "SELECT u.*, s.id AS session_id, s.token_hash, s.user_agent, s.created_at AS session_created_at,
               s.last_seen_at AS session_seen_at, s.expires_at, p.name AS profile_name, p.description, p.built_in,
               p.permissions, p.version, (SELECT count(*) FROM users x WHERE x.profile_id = p.id) AS profile_users
             FROM sessions s JOIN users u ON u.id = s.user_id JOIN profiles p ON p.id = u.profile_id
             WHERE s.token_hash = $1 AND s.expires_at > $2",
        )
        .bind(hash.as_slice())
        .bind(At(now));
        self.row(found).await?.as_ref().map(signed_in).transpose()
    }

    async fn sessions_of(&mut self, user: UserId) -> Result<Vec<UserSession>, StoreError> {
        let found = query("SELECT * FROM sessions WHERE user_id = $1 ORDER BY created_at DESC, id DESC");
        all(&self.rows(found.bind(user.uuid())).await?, session)
    }

    async fn token_by_hash(
        &mut self,
        hash: &[u8; 32],
        now: Timestamp,
    ) -> Result<Option<ApiToken>, StoreError> {
        let found = query(
            "SELECT * FROM api_tokens WHERE token_hash = $1 AND (expires_at IS NULL OR expires_at > $2)",
        )
        .bind(hash.as_slice())
        .bind(At(now));
        self.row(found).await?.as_ref().map(token).transpose()
    }

    async fn tokens(&mut self) -> Result<Vec<ApiToken>, StoreError> {
        all(&self.rows(fixed("SELECT * FROM api_tokens ORDER BY created_at DESC, id DESC")).await?, token)
    }

    async fn invitation_by_hash(
        &mut self,
        hash: &[u8; 32],
        now: Timestamp,
    ) -> Result<Option<Invitation>, StoreError> {
        let found = query("SELECT * FROM invitations WHERE token_hash = $1 AND expires_at > $2")
            .bind(hash.as_slice())
            .bind(At(now));
        self.row(found).await?.as_ref().map(invitation).transpose()
    }

    async fn audit_log(
        &mut self,
        filter: &AuditFilter,
        page: &PageRequest,
    ) -> Result<Page<AuditEntry>, StoreError> {
        let mut wanted = Filter::new();
        wanted.when("user_id = {}", filter.user.map(UserId::uuid))?;
        wanted
            .when("action LIKE {}", filter.action.as_deref().map(|start| format!("{}%", escaped(start))))?;
        wanted.when("at >= {}", filter.from.map(At))?;
        wanted.when("at < {}", filter.to.map(At))?;
        wanted.when("words LIKE {}", filter.query.as_deref().map(|words| anywhere(&fold(words))))?;
        AUDIT_LIST.page(self, wanted, page, entry).await
    }
}

#[async_trait]
impl AccessWrites for Unit {
    async fn insert_session(&mut self, session: &UserSession) -> Result<(), StoreError> {
        let row = json!({
            "id": session.id.uuid(),
            "token_hash": hex(&session.token_hash),
            "user_id": session.user_id.uuid(),
            "user_agent": session.user_agent,
            "created_at": instant(session.created_at),
            "last_seen_at": instant(session.last_seen_at),
            "expires_at": instant(session.expires_at),
        });
        SESSIONS.insert_or_undo(self.connection(), &[row]).await
    }

    async fn touch_session(&mut self, id: SessionId, at: Timestamp) -> Result<(), StoreError> {
        let touch = query("UPDATE sessions SET last_seen_at = greatest(last_seen_at, $2) WHERE id = $1");
        self.run(touch.bind(id.uuid()).bind(At(at))).await.map(drop)
    }

    async fn delete_session(&mut self, user: UserId, id: SessionId) -> Result<bool, StoreError> {
        let delete = query("DELETE FROM sessions WHERE id = $1 AND user_id = $2");
        Ok(self.run(delete.bind(id.uuid()).bind(user.uuid())).await? > 0)
    }

    async fn delete_sessions(&mut self, user: UserId, except: Option<SessionId>) -> Result<(), StoreError> {
        let delete = query("DELETE FROM sessions WHERE user_id = $1 AND id IS DISTINCT FROM $2");
        self.run(delete.bind(user.uuid()).bind(except.map(SessionId::uuid))).await.map(drop)
    }

    async fn insert_token(&mut self, token: &ApiToken) -> Result<(), StoreError> {
        let row = json!({
            "id": token.id.uuid(),
            "token_hash": hex(&token.token_hash),
            "name": token.name,
            "scopes": token.scopes,
            "created_by": maybe_id(token.created_by.map(UserId::uuid)),
            "created_at": instant(token.created_at),
            "last_used_at": maybe_instant(token.last_used_at),
            "expires_at": maybe_instant(token.expires_at),
        });
        TOKENS.insert_or_undo(self.connection(), &[row]).await
    }

    async fn touch_token(&mut self, id: TokenId, at: Timestamp) -> Result<(), StoreError> {
        let touch = query("UPDATE api_tokens SET last_used_at = greatest(last_used_at, $2) WHERE id = $1");
        self.run(touch.bind(id.uuid()).bind(At(at))).await.map(drop)
    }

    async fn delete_token(&mut self, id: TokenId) -> Result<bool, StoreError> {
        Ok(self.run(query("DELETE FROM api_tokens WHERE id = $1").bind(id.uuid())).await? > 0)
    }

    async fn insert_invitation(&mut self, invitation: &Invitation) -> Result<(), StoreError> {
        let kind = kind_word(invitation.kind);
        let earlier = query("DELETE FROM invitations WHERE user_id = $1 AND kind = $2");
        self.run(earlier.bind(invitation.user_id.uuid()).bind(kind)).await?;
        let row = json!({
            "id": invitation.id.uuid(),
            "token_hash": hex(&invitation.token_hash),
            "user_id": invitation.user_id.uuid(),
            "kind": kind,
            "created_at": instant(invitation.created_at),
            "expires_at": instant(invitation.expires_at),
        });
        INVITATIONS.insert_or_undo(self.connection(), &[row]).await
    }

    async fn take_invitation(&mut self, id: InvitationId) -> Result<bool, StoreError> {
        Ok(self.run(query("DELETE FROM invitations WHERE id = $1").bind(id.uuid())).await? > 0)
    }

    async fn append_audit(&mut self, entries: &[AuditEntry]) -> Result<(), StoreError> {
        let rows: Vec<_> = entries
            .iter()
            .map(|entry| {
                json!({
                    "id": entry.id.uuid(),
                    "at": instant(entry.at),
                    "user_id": maybe_id(entry.user_id.map(UserId::uuid)),
                    "actor": entry.actor,
                    "via": entry.via,
                    "action": entry.action,
                    "object_kind": entry.object_kind,
                    "object_id": entry.object_id,
                    "object_name": entry.object_name,
                    "details": entry.details,
                    "ip": entry.ip,
                    "words": fold(&format!("{} {}", entry.actor, entry.object_name.as_deref().unwrap_or_default())),
                })
            })
            .collect();
        AUDIT.insert(self.connection(), &rows).await.map(drop)
    }
}
