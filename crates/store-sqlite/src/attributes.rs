//! Attribute definitions.

use crate::{
    error::{Result, corrupt},
    rows::{Columns, all, count, run, run_found, word},
    session::{Connected, Handle},
    writer::Turn,
};
use async_trait::async_trait;
use criteria::AttributeType;
use kernel::{AttributeId, to_millis};
use people::{AttributeDefinition, AttributeOwner};
use sqlx::{query, sqlite::SqliteRow};
use store::{AttributeReads, AttributeWrites};

pub(crate) fn definition(row: &SqliteRow) -> Result<AttributeDefinition> {
    let kind = row.text("kind")?;
    Ok(AttributeDefinition {
        id: row.id("id")?,
        of: row.word("of")?,
        name: row.text("name")?,
        label: row.text("label")?,
        kind: AttributeType::from_word(&kind).ok_or_else(|| corrupt(format!("attribute type {kind}")))?,
        standard: row.flag("standard")?,
        harmless: row.flag("harmless")?,
        created_at: row.at("created_at")?,
    })
}

/// The plain text search in front spares parsing every document.
const PERSON_HAS: &str = "SELECT EXISTS (SELECT 1 FROM people
    WHERE instr(attributes, '\"' || ?1 || '\":') > 0 AND attributes ->> ('$.' || ?1) IS NOT NULL)";
const COMPANY_HAS: &str = "SELECT EXISTS (SELECT 1 FROM companies
    WHERE instr(attributes, '\"' || ?1 || '\":') > 0 AND attributes ->> ('$.' || ?1) IS NOT NULL)";

#[async_trait]
impl<C: Connected> AttributeReads for Handle<C> {
    async fn attribute_definitions(&mut self) -> Result<Vec<AttributeDefinition>> {
        let rows = all(self.connection()?, query("SELECT * FROM attributes ORDER BY name, of")).await?;
        rows.iter().map(definition).collect()
    }

    async fn attribute_has_values(&mut self, of: AttributeOwner, name: &str) -> Result<bool> {
        let sql = match of {
            AttributeOwner::Person => PERSON_HAS,
            AttributeOwner::Company => COMPANY_HAS,
        };
        Ok(count(self.connection()?, query(sql).bind(name.to_owned())).await? > 0)
    }
}

#[async_trait]
impl AttributeWrites for Handle<Turn> {
    async fn insert_attribute(&mut self, definition: &AttributeDefinition) -> Result<()> {
        let insert = query(
            "INSERT INTO attributes (id, of, name, label, kind, standard, harmless, created_at)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(definition.id.uuid())
        .bind(word(definition.of))
        .bind(definition.name.clone())
        .bind(definition.label.clone())
        .bind(definition.kind.as_str())
        .bind(definition.standard)
        .bind(definition.harmless)
        .bind(to_millis(definition.created_at));
        run(self.connection()?, insert).await.map(drop)
    }

    async fn update_attribute(&mut self, definition: &AttributeDefinition) -> Result<()> {
        let update = query("UPDATE attributes SET label = ?, kind = ?, harmless = ? WHERE id = ?")
            .bind(definition.label.clone())
            .bind(definition.kind.as_str())
            .bind(definition.harmless)
            .bind(definition.id.uuid());
        run_found(self.connection()?, update).await
    }

    async fn delete_attribute(&mut self, id: AttributeId) -> Result<()> {
        run_found(self.connection()?, query("DELETE FROM attributes WHERE id = ?").bind(id.uuid())).await
    }
}
