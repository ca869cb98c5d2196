//! What a visitor may see of the person that the visitor claims to be (spec 03, *Claimed is not proven*), and names as
//! people read them.

use crate::person::{Person, Rung, SourceKind};
use kernel::{ConversationId, Email, VisitorId};
use serde_json::Value;
use std::collections::BTreeMap;

/// The visitor who looks.
pub struct Viewer<'a> {
    /// How sure it is that the visitor is this person.
    pub rung: Rung,
    /// The visitor's own conversations: what was typed there is the visitor's to see.
    pub conversations: &'a [ConversationId],
    /// The visitor: what was typed into forms is the visitor's to see, too.
    pub visitor: Option<VisitorId>,
    /// The address that the visitor typed.
    pub typed_address: Option<&'a Email>,
    /// Whether an admin marked an attribute (bare name) as harmless.
    pub harmless: &'a dyn Fn(&str) -> bool,
}

impl Viewer<'_> {
    /// Whether tokens and prefilled fields may show an attribute (bare name) of the person.
    pub fn may_see(&self, person: &Person, attribute: &str) -> bool {
        self.rung == Rung::Proven || (self.harmless)(attribute) || self.typed(person, attribute)
    }

    fn typed(&self, person: &Person, attribute: &str) -> bool {
        if attribute == "email" {
            return person.email.is_some() && person.email.as_ref() == self.typed_address;
        }
        let origin = person.origin_of(attribute);
        let detail = origin.detail.as_deref().unwrap_or_default();
        match origin.source {
            SourceKind::Chat => {
                detail.parse().is_ok_and(|id: ConversationId| self.conversations.contains(&id))
            }
            SourceKind::Form => self.visitor.is_some_and(|visitor| detail.parse() == Ok(visitor)),
            _ => false,
        }
    }

    /// The text of an attribute as a token or prefilled field shows it; none when empty or not for this visitor.
    pub fn shown(&self, person: &Person, attribute: &str) -> Option<String> {
        if attribute == "full_name" && person.text("full_name").is_none() {
            return full_name_where(person, |part| self.may_see(person, part));
        }
        if !self.may_see(person, attribute) {
            return None;
        }
        if attribute == "email" {
            return person.email.as_ref().map(ToString::to_string);
        }
        person.attributes.get(attribute).map(text_of).filter(|text| !text.trim().is_empty())
    }
}

/// Everything that the visitor may see, as text by bare name, `email` and `full_name` included.
pub fn visible_to_claimed(person: &Person, viewer: &Viewer<'_>) -> BTreeMap<String, String> {
    let names = person.attributes.keys().map(String::as_str).chain(["email", "full_name"]);
    names.filter_map(|name| Some((name.to_owned(), viewer.shown(person, name)?))).collect()
}

/// The full name: the one that was set, else first and last name; none when there is neither.
pub fn full_name(person: &Person) -> Option<String> {
    let own = person.text("full_name").map(str::to_owned);
    own.or_else(|| full_name_where(person, |_| true))
}

fn full_name_where(person: &Person, may: impl Fn(&str) -> bool) -> Option<String> {
    let part = |name: &str| person.text(name).filter(|_| may(name)).map(str::trim);
    let parts: Vec<&str> = ["first_name", "last_name"].into_iter().filter_map(part).collect();
    let name = parts.join(" ");
    (!name.is_empty()).then_some(name)
}

/// A JSON scalar as people read it.
fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::person::Origin;
    use crate::testing::{conversation_id, origin, person};
    use serde_json::json;

    fn customer() -> Person {
        let mut ada = person(1);
        for (name, value) in
            [("first_name", "Ada"), ("last_name", "Lovelace"), ("phone", "+441234"), ("city", "London")]
        {
            ada.attributes.insert(name.to_owned(), json!(value));
        }
        let chat = |number| Origin {
            detail: Some(conversation_id(number).to_string()),
            ..origin(SourceKind::Chat, 5)
        };
        ada.origins.insert("phone".to_owned(), chat(1));
        ada.origins.insert("city".to_owned(), chat(2));
        ada
    }

    fn names(person: &Person, viewer: &Viewer<'_>) -> Vec<String> {
        visible_to_claimed(person, viewer).into_keys().collect()
    }

    #[test]
    fn who_types_a_customers_address_reads_nothing_of_the_customer() {
        let ada = customer();
        let none = |_: &str| false;
        let mine = [conversation_id(1)];
        let stranger = Viewer {
            rung: Rung::Claimed,
            conversations: &[],
            visitor: None,
            typed_address: None,
            harmless: &none,
        };
        assert_eq!(names(&ada, &stranger), Vec::<String>::new());
        let typed = Viewer { conversations: &mine, typed_address: ada.email.as_ref(), ..stranger };
        assert_eq!(names(&ada, &typed), ["email", "phone"]);
        let proven = Viewer {
            rung: Rung::Proven,
            conversations: &[],
            visitor: None,
            typed_address: None,
            harmless: &none,
        };
        assert_eq!(names(&ada, &proven), ["city", "email", "first_name", "full_name", "last_name", "phone"]);
    }

    #[test]
    fn harmless_attributes_are_shown_and_the_full_name_only_of_them() {
        let ada = customer();
        let first = |name: &str| name == "first_name";
        let viewer = Viewer {
            rung: Rung::Claimed,
            conversations: &[],
            visitor: None,
            typed_address: None,
            harmless: &first,
        };
        assert_eq!(viewer.shown(&ada, "first_name").as_deref(), Some("Ada"));
        assert_eq!(viewer.shown(&ada, "full_name").as_deref(), Some("Ada"));
        assert_eq!(viewer.shown(&ada, "last_name"), None);
    }

    #[test]
    fn the_full_name_is_the_one_set_or_made_of_its_parts() {
        let mut ada = customer();
        assert_eq!(full_name(&ada).as_deref(), Some("Ada Lovelace"));
        ada.attributes.insert("full_name".to_owned(), json!("Countess Lovelace"));
        assert_eq!(full_name(&ada).as_deref(), Some("Countess Lovelace"));
        assert_eq!(full_name(&person(2)), None);
    }
}
