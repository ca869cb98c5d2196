//! Users and profiles.

use crate::{
    codec::{Columns, all, instant, maybe_instant},
    paging::fixed,
    table::Table,
    unit::Unit,
};
use async_trait::async_trait;
use kernel::{Email, ProfileId, Secret, UserId};
use serde_json::{Value as Json, json};
use sqlx::{postgres::PgRow, query};
use store::{Profile, StoreError, User, UserReads, UserWrites};

const USERS: Table = Table {
    name: "users",
    key: "id",
    columns: "id, email, name, profile_id, owner, disabled, password_hash, failed_attempts, locked_until, preferences, \
              created_at, last_seen_at",
    changeable: "email, name, profile_id, owner, disabled, password_hash, failed_attempts, locked_until, preferences, \
                 last_seen_at",
};
const PROFILES: Table = Table {
    name: "profiles",
    key: "id",
    columns: "id, name, description, built_in, permissions, version",
    changeable: "name, description, built_in, permissions, version",
};

macro_rules! select_profiles {
    ($rest:literal) => {
        concat!(
            "SELECT p.*, (SELECT count(*) FROM users u WHERE u.profile_id = p.id) AS users FROM profiles p ",
            $rest
        )
    };
}

pub(crate) fn user(row: &PgRow) -> Result<User, StoreError> {
    Ok(User {
        id: row.id("id")?,
        email: row.parsed("email")?,
        name: row.text("name")?,
        profile_id: row.id("profile_id")?,
        owner: row.flag("owner")?,
        disabled: row.flag("disabled")?,
        password_hash: row.maybe_text("password_hash")?.map(Secret::new),
        failed_attempts: row.small("failed_attempts")?,
        locked_until: row.maybe_at("locked_until")?,
        preferences: row.json("preferences")?,
        created_at: row.at("created_at")?,
        last_seen_at: row.maybe_at("last_seen_at")?,
    })
}

fn user_row(user: &User) -> Json {
    json!({
        "id": user.id.uuid(),
        "email": user.email,
        "name": user.name,
        "profile_id": user.profile_id.uuid(),
        "owner": user.owner,
        "disabled": user.disabled,
        "password_hash": user.password_hash.as_ref().map(Secret::expose),
        "failed_attempts": user.failed_attempts,
        "locked_until": maybe_instant(user.locked_until),
        "preferences": user.preferences,
        "created_at": instant(user.created_at),
        "last_seen_at": maybe_instant(user.last_seen_at),
    })
}

fn profile(row: &PgRow) -> Result<Profile, StoreError> {
    Ok(Profile {
        id: row.id("id")?,
        name: row.text("name")?,
        description: row.text("description")?,
        built_in: row.flag("built_in")?,
        permissions: row.json("permissions")?,
        version: row.long("version")?,
        users: row.count("users")?,
    })
}

fn profile_row(profile: &Profile, version: i64) -> Json {
    let mut permissions = profile.permissions.clone();
    permissions.sort_unstable();
    json!({
        "id": profile.id.uuid(),
        "name": profile.name,
        "description": profile.description,
        "built_in": profile.built_in,
        "permissions": permissions,
        "version": version,
    })
}

#[async_trait]
impl UserReads for Unit {
    async fn count_users(&mut self) -> Result<u64, StoreError> {
        let row = self.row(fixed("SELECT count(*) AS n FROM users")).await?;
        row.map_or(Ok(0), |row| row.count("n"))
    }

    async fn user(&mut self, id: UserId) -> Result<Option<User>, StoreError> {
        let found = query("SELECT * FROM users WHERE id = $1").bind(id.uuid());
        self.row(found).await?.as_ref().map(user).transpose()
    }

    async fn user_by_email(&mut self, email: &Email) -> Result<Option<User>, StoreError> {
        let found = query("SELECT * FROM users WHERE email = $1").bind(email.as_str());
        self.row(found).await?.as_ref().map(user).transpose()
    }

    async fn users(&mut self) -> Result<Vec<User>, StoreError> {
        all(&self.rows(fixed("SELECT * FROM users ORDER BY lower(name) COLLATE \"C\", id")).await?, user)
    }

    async fn profiles(&mut self) -> Result<Vec<Profile>, StoreError> {
        let found = select_profiles!("ORDER BY p.built_in DESC, lower(p.name) COLLATE \"C\", p.id");
        all(&self.rows(fixed(found)).await?, profile)
    }

    async fn profile(&mut self, id: ProfileId) -> Result<Option<Profile>, StoreError> {
        let found = query(select_profiles!("WHERE p.id = $1")).bind(id.uuid());
        self.row(found).await?.as_ref().map(profile).transpose()
    }
}

#[async_trait]
impl UserWrites for Unit {
    async fn insert_user(&mut self, user: &User) -> Result<(), StoreError> {
        USERS.insert_or_undo(self.connection(), &[user_row(user)]).await
    }

    async fn update_user(&mut self, user: &User) -> Result<(), StoreError> {
        USERS
            .update_or_undo(self.connection(), &[user_row(user)], "")
            .await?
            .then_some(())
            .ok_or(StoreError::NotFound)
    }

    async fn delete_user(&mut self, id: UserId) -> Result<(), StoreError> {
        self.run_on_one(query("DELETE FROM users WHERE id = $1").bind(id.uuid())).await
    }

    async fn insert_profile(&mut self, profile: &Profile) -> Result<(), StoreError> {
        PROFILES.insert_or_undo(self.connection(), &[profile_row(profile, profile.version)]).await
    }

    async fn update_profile(&mut self, profile: &Profile) -> Result<(), StoreError> {
        let row = profile_row(profile, profile.version + 1);
        if PROFILES.update_or_undo(self.connection(), &[row], "AND t.version = r.version - 1").await? {
            return Ok(());
        }
        self.why_not(profile.id).await
    }

    async fn delete_profile(&mut self, id: ProfileId) -> Result<(), StoreError> {
        // Locked first: whoever gives it to a user at the same moment waits, and then finds it gone.
        self.row(query("SELECT FROM profiles WHERE id = $1 FOR UPDATE").bind(id.uuid())).await?;
        let delete = query(
            "DELETE FROM profiles WHERE id = $1 AND NOT EXISTS (SELECT FROM users WHERE profile_id = $1)",
        );
        if self.run(delete.bind(id.uuid())).await? > 0 { Ok(()) } else { self.why_not(id).await }
    }
}

impl Unit {
    /// Why a profile was not changed: it is gone, or somebody else was first.
    async fn why_not(&mut self, id: ProfileId) -> Result<(), StoreError> {
        let there = query("SELECT FROM profiles WHERE id = $1").bind(id.uuid());
        Err(if self.row(there).await?.is_some() { StoreError::Stale } else { StoreError::NotFound })
    }
}
