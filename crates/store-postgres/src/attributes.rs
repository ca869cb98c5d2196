//! Attribute definitions.

use crate::{
    codec::{Columns, all, instant, word},
    paging::fixed,
    table::Table,
    unit::Unit,
};
use async_trait::async_trait;
use criteria::AttributeType;
use kernel::AttributeId;
use people::{AttributeDefinition, AttributeOwner};
use serde_json::json;
use sqlx::{postgres::PgRow, query};
use store::{AttributeReads, AttributeWrites, StoreError};

const ATTRIBUTES: Table = Table {
    name: "attributes",
    key: "id",
    columns: "id, of, name, label, kind, standard, harmless, created_at",
    changeable: "",
};

fn definition(row: &PgRow) -> Result<AttributeDefinition, StoreError> {
    let kind = row.text("kind")?;
    Ok(AttributeDefinition {
        id: row.id("id")?,
        of: row.word("of")?,
        name: row.text("name")?,
        label: row.text("label")?,
        kind: AttributeType::from_word(&kind)
            .ok_or_else(|| StoreError::Corrupt(format!("attribute type {kind}")))?,
        standard: row.flag("standard")?,
        harmless: row.flag("harmless")?,
        created_at: row.at("created_at")?,
    })
}

#[async_trait]
impl AttributeReads for Unit {
    async fn attribute_definitions(&mut self) -> Result<Vec<AttributeDefinition>, StoreError> {
        let found = fixed("SELECT * FROM attributes ORDER BY name COLLATE \"C\", of COLLATE \"C\"");
        all(&self.rows(found).await?, definition)
    }

    async fn attribute_has_values(&mut self, of: AttributeOwner, name: &str) -> Result<bool, StoreError> {
        let found = query(match of {
            AttributeOwner::Person => "SELECT FROM people WHERE attributes ? $1 LIMIT 1",
            AttributeOwner::Company => "SELECT FROM companies WHERE attributes ? $1 LIMIT 1",
        });
        Ok(self.row(found.bind(name)).await?.is_some())
    }
}

#[async_trait]
impl AttributeWrites for Unit {
    async fn insert_attribute(&mut self, definition: &AttributeDefinition) -> Result<(), StoreError> {
        let row = json!({
            "id": definition.id.uuid(),
            "of": word(&definition.of),
            "name": definition.name,
            "label": definition.label,
            "kind": definition.kind.as_str(),
            "standard": definition.standard,
            "harmless": definition.harmless,
            "created_at": instant(definition.created_at),
        });
        ATTRIBUTES.insert_or_undo(self.connection(), &[row]).await
    }

    async fn update_attribute(&mut self, definition: &AttributeDefinition) -> Result<(), StoreError> {
        let update = query("UPDATE attributes SET label = $2, kind = $3, harmless = $4 WHERE id = $1")
            .bind(definition.id.uuid())
            .bind(&definition.label)
            .bind(definition.kind.as_str())
            .bind(definition.harmless);
        self.run_on_one(update).await
    }

    async fn delete_attribute(&mut self, id: AttributeId) -> Result<(), StoreError> {
        self.run_on_one(query("DELETE FROM attributes WHERE id = $1").bind(id.uuid())).await
    }
}
