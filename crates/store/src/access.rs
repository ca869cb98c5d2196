//! Users, profiles, sessions, invitations, API tokens and the audit log.

use crate::{Page, PageRequest, StoreError};
use async_trait::async_trait;
use kernel::{AuditId, Email, InvitationId, ProfileId, Secret, SessionId, Timestamp, TokenId, UserId};
use serde_json::Value as Json;

/// A user of the console.
#[derive(Debug, Clone, PartialEq)]
pub struct User {
    /// Stable id.
    pub id: UserId,
    /// Sign-in name; unique.
    pub email: Email,
    /// Name for people.
    pub name: String,
    /// The set of permissions.
    pub profile_id: ProfileId,
    /// Has everything and cannot be locked out.
    pub owner: bool,
    /// May not sign in.
    pub disabled: bool,
    /// Argon2id hash (PHC string); `None` until an invitation is redeemed.
    pub password_hash: Option<Secret<String>>,
    /// Consecutive failed sign-ins.
    pub failed_attempts: u32,
    /// Until when sign-in is refused.
    pub locked_until: Option<Timestamp>,
    /// Personal settings: theme, time zone.
    pub preferences: Json,
    /// When it was made.
    pub created_at: Timestamp,
    /// Last request.
    pub last_seen_at: Option<Timestamp>,
}

/// A set of permissions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// Stable id.
    pub id: ProfileId,
    /// Name; unique.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// One of the five from the start.
    pub built_in: bool,
    /// Permission keys, sorted.
    pub permissions: Vec<String>,
    /// Rises by one with every change.
    pub version: i64,
    /// Users who have it (read only).
    pub users: u64,
}

/// A signed-in browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserSession {
    /// Stable id.
    pub id: SessionId,
    /// SHA-256 of the cookie.
    pub token_hash: [u8; 32],
    /// Whose.
    pub user_id: UserId,
    /// Browser.
    pub user_agent: String,
    /// Signed in.
    pub created_at: Timestamp,
    /// Last request (may lag by a minute).
    pub last_seen_at: Timestamp,
    /// Ends by itself.
    pub expires_at: Timestamp,
}

/// Why a link was mailed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvitationKind {
    /// To join.
    Join,
    /// To set a new password.
    Reset,
}

/// A mailed link that sets a password once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// Stable id.
    pub id: InvitationId,
    /// SHA-256 of the link's token.
    pub token_hash: [u8; 32],
    /// For whom.
    pub user_id: UserId,
    /// Why.
    pub kind: InvitationKind,
    /// When it was made.
    pub created_at: Timestamp,
    /// Ends by itself.
    pub expires_at: Timestamp,
}

/// An API token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiToken {
    /// Stable id.
    pub id: TokenId,
    /// SHA-256 of the token.
    pub token_hash: [u8; 32],
    /// Name for people.
    pub name: String,
    /// Permission keys it may use.
    pub scopes: Vec<String>,
    /// Who made it; `None` for the command line.
    pub created_by: Option<UserId>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Last use (may lag by a minute).
    pub last_used_at: Option<Timestamp>,
    /// Ends by itself.
    pub expires_at: Option<Timestamp>,
}

/// An entry of the audit log.
#[derive(Debug, Clone, PartialEq)]
pub struct AuditEntry {
    /// Time-ordered id.
    pub id: AuditId,
    /// When.
    pub at: Timestamp,
    /// Which user; `None` for the command line and Usher itself.
    pub user_id: Option<UserId>,
    /// Name of the user or token at that time.
    pub actor: String,
    /// `session`, `token`, `cli`, `system`.
    pub via: String,
    /// Verb in the past: `site.updated`, `people.exported`.
    pub action: String,
    /// Kind of object: `site`, `user`.
    pub object_kind: String,
    /// Its id.
    pub object_id: Option<String>,
    /// Its name at that time.
    pub object_name: Option<String>,
    /// What changed, without secrets.
    pub details: Json,
    /// Address of the client.
    pub ip: Option<String>,
}

/// Which entries a list shows.
#[derive(Debug, Clone, Default)]
pub struct AuditFilter {
    /// Of one user.
    pub user: Option<UserId>,
    /// Action begins with.
    pub action: Option<String>,
    /// At or after.
    pub from: Option<Timestamp>,
    /// Before.
    pub to: Option<Timestamp>,
    /// Actor or object name contains (without case).
    pub query: Option<String>,
}

/// Reading users and profiles.
#[async_trait]
pub trait UserReads {
    /// How many users there are, the disabled included.
    async fn count_users(&mut self) -> Result<u64, StoreError>;
    /// One user.
    async fn user(&mut self, id: UserId) -> Result<Option<User>, StoreError>;
    /// By sign-in name.
    async fn user_by_email(&mut self, email: &Email) -> Result<Option<User>, StoreError>;
    /// All users by name.
    async fn users(&mut self) -> Result<Vec<User>, StoreError>;
    /// All profiles, the built-in first, then by name, with the number of users.
    async fn profiles(&mut self) -> Result<Vec<Profile>, StoreError>;
    /// One profile.
    async fn profile(&mut self, id: ProfileId) -> Result<Option<Profile>, StoreError>;
}

/// Writing users and profiles.
#[async_trait]
pub trait UserWrites {
    /// Adds a user. `Taken {users.email}`.
    async fn insert_user(&mut self, user: &User) -> Result<(), StoreError>;
    /// Replaces a user but for `created_at`.
    async fn update_user(&mut self, user: &User) -> Result<(), StoreError>;
    /// Removes a user with sessions and invitations; what he or she did stays.
    async fn delete_user(&mut self, id: UserId) -> Result<(), StoreError>;
    /// Adds a profile. `Taken {profiles.name}`.
    async fn insert_profile(&mut self, profile: &Profile) -> Result<(), StoreError>;
    /// Replaces a profile; `version` is the one read, `Stale` otherwise.
    async fn update_profile(&mut self, profile: &Profile) -> Result<(), StoreError>;
    /// Removes a profile that nobody has.
    async fn delete_profile(&mut self, id: ProfileId) -> Result<(), StoreError>;
}

/// Reading sessions, tokens, invitations and audit.
#[async_trait]
pub trait AccessReads {
    /// A session that has not ended at `now`, with its user and profile.
    async fn session_by_hash(
        &mut self,
        hash: &[u8; 32],
        now: Timestamp,
    ) -> Result<Option<(UserSession, User, Profile)>, StoreError>;
    /// Sessions of a user, newest first.
    async fn sessions_of(&mut self, user: UserId) -> Result<Vec<UserSession>, StoreError>;
    /// A token that has not ended at `now`.
    async fn token_by_hash(
        &mut self,
        hash: &[u8; 32],
        now: Timestamp,
    ) -> Result<Option<ApiToken>, StoreError>;
    /// All tokens, newest first.
    async fn tokens(&mut self) -> Result<Vec<ApiToken>, StoreError>;
    /// An invitation that has not ended at `now`.
    async fn invitation_by_hash(
        &mut self,
        hash: &[u8; 32],
        now: Timestamp,
    ) -> Result<Option<Invitation>, StoreError>;
    /// The audit log, newest first.
    async fn audit_log(
        &mut self,
        filter: &AuditFilter,
        page: &PageRequest,
    ) -> Result<Page<AuditEntry>, StoreError>;
}

/// Writing sessions, tokens, invitations and audit.
#[async_trait]
pub trait AccessWrites {
    /// Adds a session.
    async fn insert_session(&mut self, session: &UserSession) -> Result<(), StoreError>;
    /// Notes use.
    async fn touch_session(&mut self, id: SessionId, at: Timestamp) -> Result<(), StoreError>;
    /// Ends a session of a user; false when it was none of his or hers.
    async fn delete_session(&mut self, user: UserId, id: SessionId) -> Result<bool, StoreError>;
    /// Ends all sessions of a user but one.
    async fn delete_sessions(&mut self, user: UserId, except: Option<SessionId>) -> Result<(), StoreError>;
    /// Adds a token.
    async fn insert_token(&mut self, token: &ApiToken) -> Result<(), StoreError>;
    /// Notes use.
    async fn touch_token(&mut self, id: TokenId, at: Timestamp) -> Result<(), StoreError>;
    /// Removes a token; false when there was none.
    async fn delete_token(&mut self, id: TokenId) -> Result<bool, StoreError>;
    /// Adds an invitation and removes earlier ones of the same kind for the user.
    async fn insert_invitation(&mut self, invitation: &Invitation) -> Result<(), StoreError>;
    /// Takes an invitation so that nobody can use it again; false when it was taken already.
    async fn take_invitation(&mut self, id: InvitationId) -> Result<bool, StoreError>;
    /// Appends to the audit log.
    async fn append_audit(&mut self, entries: &[AuditEntry]) -> Result<(), StoreError>;
}
