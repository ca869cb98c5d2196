//! Sites, their files and instance settings.

use crate::{
    codec::{At, Columns, all, document, instant, maybe_id, maybe_instant},
    paging::fixed,
    table::Table,
    unit::Unit,
};
use async_trait::async_trait;
use kernel::{FileId, SiteId, Timestamp};
use serde_json::{Value as Json, json};
use sqlx::{postgres::PgRow, query, types::Json as Document};
use store::{SiteReads, SiteRecord, SiteWrites, StoreError, StoredFile};

const SITES: Table = Table {
    name: "sites",
    key: "id",
    columns: "id, name, key, enabled, chat_enabled, style, privacy, security, poke_pause_minutes, avatar, last_seen_at, \
              seen_hosts, created_at, version",
    changeable: "name, enabled, chat_enabled, style, privacy, security, poke_pause_minutes, avatar, version",
};

fn site(row: &PgRow) -> Result<SiteRecord, StoreError> {
    Ok(SiteRecord {
        id: row.id("id")?,
        name: row.text("name")?,
        key: row.text("key")?,
        enabled: row.flag("enabled")?,
        chat_enabled: row.flag("chat_enabled")?,
        style: row.json("style")?,
        privacy: row.json("privacy")?,
        security: row.json("security")?,
        poke_pause_minutes: row.small("poke_pause_minutes")?,
        avatar: row.maybe_id("avatar")?,
        last_seen_at: row.maybe_at("last_seen_at")?,
        seen_hosts: row.json("seen_hosts")?,
        created_at: row.at("created_at")?,
        version: row.long("version")?,
    })
}

fn as_row(site: &SiteRecord, version: i64) -> Result<Json, StoreError> {
    Ok(json!({
        "id": site.id.uuid(),
        "name": site.name,
        "key": site.key,
        "enabled": site.enabled,
        "chat_enabled": site.chat_enabled,
        "style": site.style,
        "privacy": site.privacy,
        "security": site.security,
        "poke_pause_minutes": site.poke_pause_minutes,
        "avatar": maybe_id(site.avatar.map(FileId::uuid)),
        "last_seen_at": maybe_instant(site.last_seen_at),
        "seen_hosts": document(&site.seen_hosts)?,
        "created_at": instant(site.created_at),
        "version": version,
    }))
}

#[async_trait]
impl SiteReads for Unit {
    async fn sites(&mut self) -> Result<Vec<SiteRecord>, StoreError> {
        let rows = self.rows(fixed("SELECT * FROM sites ORDER BY created_at, id")).await?;
        all(&rows, site)
    }

    async fn site(&mut self, id: SiteId) -> Result<Option<SiteRecord>, StoreError> {
        let found = query("SELECT * FROM sites WHERE id = $1").bind(id.uuid());
        self.row(found).await?.as_ref().map(site).transpose()
    }

    async fn file(&mut self, id: FileId) -> Result<Option<StoredFile>, StoreError> {
        let found = query("SELECT * FROM files WHERE id = $1").bind(id.uuid());
        let Some(row) = self.row(found).await? else { return Ok(None) };
        Ok(Some(StoredFile {
            id: row.id("id")?,
            media_type: row.text("media_type")?,
            bytes: row.column("bytes")?,
            created_at: row.at("created_at")?,
        }))
    }

    async fn setting(&mut self, key: &str) -> Result<Option<Json>, StoreError> {
        let found = query("SELECT value FROM settings WHERE key = $1").bind(key);
        self.row(found).await?.map(|row| row.json("value")).transpose()
    }
}

#[async_trait]
impl SiteWrites for Unit {
    async fn insert_site(&mut self, site: &SiteRecord) -> Result<(), StoreError> {
        SITES.insert_or_undo(self.connection(), &[as_row(site, site.version)?]).await
    }

    async fn update_site(&mut self, site: &SiteRecord) -> Result<(), StoreError> {
        let row = as_row(site, site.version + 1)?;
        if SITES.update(self.connection(), &[row], "AND t.version = r.version - 1").await? == 1 {
            return Ok(());
        }
        let there = query("SELECT FROM sites WHERE id = $1").bind(site.id.uuid());
        Err(if self.row(there).await?.is_some() { StoreError::Stale } else { StoreError::NotFound })
    }

    async fn touch_site(&mut self, id: SiteId, hosts: &[String], at: Timestamp) -> Result<(), StoreError> {
        let touch = query("UPDATE sites SET last_seen_at = $2, seen_hosts = $3 WHERE id = $1")
            .bind(id.uuid())
            .bind(At(at))
            .bind(Document(hosts));
        self.run_on_one(touch).await
    }

    async fn delete_site(&mut self, id: SiteId) -> Result<(), StoreError> {
        self.run_on_one(query("DELETE FROM sites WHERE id = $1").bind(id.uuid())).await
    }

    async fn insert_file(&mut self, file: &StoredFile) -> Result<(), StoreError> {
        let insert = query("INSERT INTO files (id, media_type, bytes, created_at) VALUES ($1, $2, $3, $4)")
            .bind(file.id.uuid())
            .bind(&file.media_type)
            .bind(&file.bytes)
            .bind(At(file.created_at));
        self.run(insert).await.map(drop)
    }

    async fn delete_file(&mut self, id: FileId) -> Result<(), StoreError> {
        self.run(query("DELETE FROM files WHERE id = $1").bind(id.uuid())).await.map(drop)
    }

    async fn put_setting(&mut self, key: &str, value: Option<&Json>) -> Result<(), StoreError> {
        let put = match value {
            None => query("DELETE FROM settings WHERE key = $1").bind(key),
            Some(value) => query(
                "INSERT INTO settings (key, value) VALUES ($1, $2) \
                 ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            )
            .bind(key)
            .bind(Document(value)),
        };
        self.run(put).await.map(drop)
    }
}
