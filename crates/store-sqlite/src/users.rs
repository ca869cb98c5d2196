//! Users and profiles.

use crate::{
    error::Result,
    rows::{Columns, all, count, json, one, opt_ms, run, run_found},
    session::{Connected, Handle},
    writer::Turn,
};
use async_trait::async_trait;
use kernel::{Email, ProfileId, Secret, UserId, to_millis};
use sqlx::{query, sqlite::SqliteRow};
use store::{Profile, StoreError, User, UserReads, UserWrites};

/// A user, from columns that may carry a prefix where rows are joined.
pub(crate) fn user(row: &SqliteRow) -> Result<User> {
    Ok(User {
        id: row.id("id")?,
        email: row.text("email")?.parse::<Email>().map_err(crate::error::corrupt)?,
        name: row.text("name")?,
        profile_id: row.id("profile_id")?,
        owner: row.flag("owner")?,
        disabled: row.flag("disabled")?,
        password_hash: row.opt_text("password_hash")?.map(Secret::new),
        failed_attempts: row.int("failed_attempts")?,
        locked_until: row.opt_at("locked_until")?,
        preferences: row.json("preferences")?,
        created_at: row.at("created_at")?,
        last_seen_at: row.opt_at("last_seen_at")?,
    })
}

fn profile(row: &SqliteRow) -> Result<Profile> {
    Ok(Profile {
        id: row.id("id")?,
        name: row.text("name")?,
        description: row.text("description")?,
        built_in: row.flag("built_in")?,
        permissions: row.json("permissions")?,
        version: row.int("version")?,
        users: row.int("users")?,
    })
}

fn sorted(permissions: &[String]) -> Result<String> {
    let mut permissions = permissions.to_vec();
    permissions.sort_unstable();
    json(&permissions)
}

#[async_trait]
impl<C: Connected> UserReads for Handle<C> {
    async fn count_users(&mut self) -> Result<u64> {
        count(self.connection()?, query("SELECT count(*) FROM users")).await
    }

    async fn user(&mut self, id: UserId) -> Result<Option<User>> {
        let found = query("SELECT * FROM users WHERE id = ?").bind(id.uuid());
        one(self.connection()?, found).await?.as_ref().map(user).transpose()
    }

    async fn user_by_email(&mut self, email: &Email) -> Result<Option<User>> {
        let found = query("SELECT * FROM users WHERE email = ?").bind(email.as_str().to_owned());
        one(self.connection()?, found).await?.as_ref().map(user).transpose()
    }

    async fn users(&mut self) -> Result<Vec<User>> {
        let rows = all(self.connection()?, query("SELECT * FROM users ORDER BY lower(name), id")).await?;
        rows.iter().map(user).collect()
    }

    async fn profiles(&mut self) -> Result<Vec<Profile>> {
        let found = query(
            "SELECT p.*, (SELECT count(*) FROM users u WHERE u.profile_id = p.id) AS users FROM profiles p
             ORDER BY p.built_in DESC, lower(p.name), p.id",
        );
        all(self.connection()?, found).await?.iter().map(profile).collect()
    }

    async fn profile(&mut self, id: ProfileId) -> Result<Option<Profile>> {
        let found = query(
            "SELECT p.*, (SELECT count(*) FROM users u WHERE u.profile_id = p.id) AS users FROM profiles p WHERE p.id = ?",
        )
        .bind(id.uuid());
        one(self.connection()?, found).await?.as_ref().map(profile).transpose()
    }
}

#[async_trait]
impl UserWrites for Handle<Turn> {
    async fn insert_user(&mut self, user: &User) -> Result<()> {
        let insert = query(
            "INSERT INTO users (id, email, name, profile_id, owner, disabled, password_hash, failed_attempts, locked_until,
               preferences, created_at, last_seen_at)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(user.id.uuid())
        .bind(user.email.as_str().to_owned())
        .bind(user.name.clone())
        .bind(user.profile_id.uuid())
        .bind(user.owner)
        .bind(user.disabled)
        .bind(user.password_hash.as_ref().map(|hash| hash.expose().clone()))
        .bind(user.failed_attempts)
        .bind(opt_ms(user.locked_until))
        .bind(json(&user.preferences)?)
        .bind(to_millis(user.created_at))
        .bind(opt_ms(user.last_seen_at));
        run(self.connection()?, insert).await.map(drop)
    }

    async fn update_user(&mut self, user: &User) -> Result<()> {
        let update = query(
            "UPDATE users SET email = ?, name = ?, profile_id = ?, owner = ?, disabled = ?, password_hash = ?,
               failed_attempts = ?, locked_until = ?, preferences = ?, last_seen_at = ?
             WHERE id = ?",
        )
        .bind(user.email.as_str().to_owned())
        .bind(user.name.clone())
        .bind(user.profile_id.uuid())
        .bind(user.owner)
        .bind(user.disabled)
        .bind(user.password_hash.as_ref().map(|hash| hash.expose().clone()))
        .bind(user.failed_attempts)
        .bind(opt_ms(user.locked_until))
        .bind(json(&user.preferences)?)
        .bind(opt_ms(user.last_seen_at))
        .bind(user.id.uuid());
        run_found(self.connection()?, update).await
    }

    async fn delete_user(&mut self, id: UserId) -> Result<()> {
        run_found(self.connection()?, query("DELETE FROM users WHERE id = ?").bind(id.uuid())).await
    }

    async fn insert_profile(&mut self, profile: &Profile) -> Result<()> {
        let insert = query(
            "INSERT INTO profiles (id, name, description, built_in, permissions, version) VALUES (?, ?, ?, ?, ?, ?)",
        )
        .bind(profile.id.uuid())
        .bind(profile.name.clone())
        .bind(profile.description.clone())
        .bind(profile.built_in)
        .bind(sorted(&profile.permissions)?)
        .bind(profile.version);
        run(self.connection()?, insert).await.map(drop)
    }

    async fn update_profile(&mut self, profile: &Profile) -> Result<()> {
        let update = query(
            "UPDATE profiles SET name = ?, description = ?, built_in = ?, permissions = ?, version = version + 1
             WHERE id = ? AND version = ?",
        )
        .bind(profile.name.clone())
        .bind(profile.description.clone())
        .bind(profile.built_in)
        .bind(sorted(&profile.permissions)?)
        .bind(profile.id.uuid())
        .bind(profile.version);
        if run(self.connection()?, update).await? > 0 { Ok(()) } else { self.why_not(profile.id).await }
    }

    async fn delete_profile(&mut self, id: ProfileId) -> Result<()> {
        let delete = query(
            "DELETE FROM profiles WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM users WHERE profile_id = ?1)",
        )
        .bind(id.uuid());
        if run(self.connection()?, delete).await? > 0 { Ok(()) } else { self.why_not(id).await }
    }
}

impl Handle<Turn> {
    /// Why a profile was not changed: it is gone, or somebody else was first.
    async fn why_not(&mut self, id: ProfileId) -> Result<()> {
        let there = query("SELECT 1 FROM profiles WHERE id = ?").bind(id.uuid());
        match one(self.connection()?, there).await? {
            Some(_) => Err(StoreError::Stale),
            None => Err(StoreError::NotFound),
        }
    }
}
