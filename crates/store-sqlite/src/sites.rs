//! Sites, files and settings.

use crate::{
    error::Result,
    rows::{Columns, all, json, one, opt_ms, run, run_found},
    session::{Connected, Handle},
    writer::Turn,
};
use async_trait::async_trait;
use kernel::{FileId, SiteId, Timestamp, to_millis};
use serde_json::Value as Json;
use sqlx::{query, sqlite::SqliteRow};
use store::{SiteReads, SiteRecord, SiteWrites, StoreError, StoredFile};

fn site(row: &SqliteRow) -> Result<SiteRecord> {
    Ok(SiteRecord {
        id: row.id("id")?,
        name: row.text("name")?,
        key: row.text("key")?,
        enabled: row.flag("enabled")?,
        chat_enabled: row.flag("chat_enabled")?,
        style: row.json("style")?,
        privacy: row.json("privacy")?,
        security: row.json("security")?,
        poke_pause_minutes: row.int("poke_pause_minutes")?,
        avatar: row.opt_id("avatar")?,
        last_seen_at: row.opt_at("last_seen_at")?,
        seen_hosts: row.json("seen_hosts")?,
        created_at: row.at("created_at")?,
        version: row.int("version")?,
    })
}

#[async_trait]
impl<C: Connected> SiteReads for Handle<C> {
    async fn sites(&mut self) -> Result<Vec<SiteRecord>> {
        let rows = all(self.connection()?, query("SELECT * FROM sites ORDER BY created_at, id")).await?;
        rows.iter().map(site).collect()
    }

    async fn site(&mut self, id: SiteId) -> Result<Option<SiteRecord>> {
        let found = query("SELECT * FROM sites WHERE id = ?").bind(id.uuid());
        one(self.connection()?, found).await?.as_ref().map(site).transpose()
    }

    async fn file(&mut self, id: FileId) -> Result<Option<StoredFile>> {
        let found = query("SELECT * FROM files WHERE id = ?").bind(id.uuid());
        let Some(row) = one(self.connection()?, found).await? else { return Ok(None) };
        Ok(Some(StoredFile {
            id: row.id("id")?,
            media_type: row.text("media_type")?,
            bytes: sqlx::Row::try_get(&row, "bytes").map_err(crate::error::database)?,
            created_at: row.at("created_at")?,
        }))
    }

    async fn setting(&mut self, key: &str) -> Result<Option<Json>> {
        let found = query("SELECT value FROM settings WHERE key = ?").bind(key.to_owned());
        one(self.connection()?, found).await?.map(|row| row.json("value")).transpose()
    }
}

#[async_trait]
impl SiteWrites for Handle<Turn> {
    async fn insert_site(&mut self, site: &SiteRecord) -> Result<()> {
        let insert = query(
            "INSERT INTO sites (id, name, key, enabled, chat_enabled, style, privacy, security, poke_pause_minutes,
               avatar, last_seen_at, seen_hosts, created_at, version)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(site.id.uuid())
        .bind(site.name.clone())
        .bind(site.key.clone())
        .bind(site.enabled)
        .bind(site.chat_enabled)
        .bind(json(&site.style)?)
        .bind(json(&site.privacy)?)
        .bind(json(&site.security)?)
        .bind(site.poke_pause_minutes)
        .bind(site.avatar.map(FileId::uuid))
        .bind(opt_ms(site.last_seen_at))
        .bind(json(&site.seen_hosts)?)
        .bind(to_millis(site.created_at))
        .bind(site.version);
        run(self.connection()?, insert).await.map(drop)
    }

    async fn update_site(&mut self, site: &SiteRecord) -> Result<()> {
        let update = query(
            "UPDATE sites SET name = ?, enabled = ?, chat_enabled = ?, style = ?, privacy = ?, security = ?,
               poke_pause_minutes = ?, avatar = ?, version = version + 1
             WHERE id = ? AND version = ?",
        )
        .bind(site.name.clone())
        .bind(site.enabled)
        .bind(site.chat_enabled)
        .bind(json(&site.style)?)
        .bind(json(&site.privacy)?)
        .bind(json(&site.security)?)
        .bind(site.poke_pause_minutes)
        .bind(site.avatar.map(FileId::uuid))
        .bind(site.id.uuid())
        .bind(site.version);
        if run(self.connection()?, update).await? > 0 {
            return Ok(());
        }
        let there = query("SELECT 1 FROM sites WHERE id = ?").bind(site.id.uuid());
        match one(self.connection()?, there).await? {
            Some(_) => Err(StoreError::Stale),
            None => Err(StoreError::NotFound),
        }
    }

    async fn touch_site(&mut self, id: SiteId, hosts: &[String], at: Timestamp) -> Result<()> {
        let update = query("UPDATE sites SET last_seen_at = ?, seen_hosts = ? WHERE id = ?")
            .bind(to_millis(at))
            .bind(json(hosts)?)
            .bind(id.uuid());
        run_found(self.connection()?, update).await
    }

    async fn delete_site(&mut self, id: SiteId) -> Result<()> {
        run_found(self.connection()?, query("DELETE FROM sites WHERE id = ?").bind(id.uuid())).await
    }

    async fn insert_file(&mut self, file: &StoredFile) -> Result<()> {
        let insert = query("INSERT INTO files (id, media_type, bytes, created_at) VALUES (?, ?, ?, ?)")
            .bind(file.id.uuid())
            .bind(file.media_type.clone())
            .bind(file.bytes.clone())
            .bind(to_millis(file.created_at));
        run(self.connection()?, insert).await.map(drop)
    }

    async fn delete_file(&mut self, id: FileId) -> Result<()> {
        run(self.connection()?, query("DELETE FROM files WHERE id = ?").bind(id.uuid())).await.map(drop)
    }

    async fn put_setting(&mut self, key: &str, value: Option<&Json>) -> Result<()> {
        let put = match value {
            None => query("DELETE FROM settings WHERE key = ?").bind(key.to_owned()),
            Some(value) => query(
                "INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            )
            .bind(key.to_owned())
            .bind(json(value)?),
        };
        run(self.connection()?, put).await.map(drop)
    }
}
