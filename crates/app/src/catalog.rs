//! Which attributes and lists exist, for checking and compiling criteria, and which values a visitor may see.

use crate::AppError;
use criteria::{AttributeRef, AttributeType, Catalog, ListRef, Source, standard};
use kernel::{ListId, SmartListId};
use people::AttributeOwner;
use std::collections::{HashMap, HashSet};
use store::Session;

/// Attributes and lists of the instance at one moment.
#[derive(Debug, Clone, Default)]
pub struct AttributeCatalog {
    custom: HashMap<AttributeRef, AttributeType>,
    harmless: HashSet<AttributeRef>,
    lists: HashMap<ListId, String>,
}

impl AttributeCatalog {
    /// Reads definitions and lists.
    pub async fn read(session: &mut dyn Session) -> Result<Self, AppError> {
        let mut catalog = Self::default();
        for definition in session.attribute_definitions().await? {
            let source = match definition.of {
                AttributeOwner::Person => Source::Person,
                AttributeOwner::Company => Source::Company,
            };
            let Ok(path) = AttributeRef::new(source, &definition.name) else { continue };
            if definition.harmless {
                catalog.harmless.insert(path.clone());
            }
            if !definition.standard {
                catalog.custom.insert(path, definition.kind);
            }
        }
        catalog.lists = session.lists().await?.into_iter().map(|list| (list.id, list.name)).collect();
        Ok(catalog)
    }

    /// The type of an attribute by its path; `lead.` is read as `person.`.
    pub fn type_of(&self, path: &str) -> Option<AttributeType> {
        let path = stream::tokens::canonical_attribute(path);
        path.parse().ok().and_then(|path| self.attribute_type(&path))
    }

    /// May be shown to a visitor whose identity is merely claimed (spec 03, *claimed is not proven*).
    pub fn is_harmless(&self, path: &AttributeRef) -> bool {
        self.harmless.contains(path)
    }

    /// All attributes with their types.
    pub fn all(&self) -> impl Iterator<Item = (AttributeRef, AttributeType)> + '_ {
        let custom = self.custom.iter().map(|(path, kind)| (path.clone(), *kind));
        standard::attributes().iter().map(|a| (a.path(), a.kind)).chain(custom)
    }
}

impl Catalog for AttributeCatalog {
    fn attribute_type(&self, attribute: &AttributeRef) -> Option<AttributeType> {
        standard::find(attribute).map(|a| a.kind).or_else(|| self.custom.get(attribute).copied())
    }
    fn list_name(&self, list: ListRef) -> Option<String> {
        match list {
            ListRef::List(id) => self.lists.get(&id).cloned(),
            ListRef::SmartList(_) => None,
        }
    }
    fn lists_of(&self, _: SmartListId) -> Vec<ListRef> {
        Vec::new()
    }
}
