//! What one row of a CSV file does to the records (spec 08, *CSV import*).

use crate::{
    person::{AttributeMap, Origin, Person},
    setting::{Changes, Existing, Incoming, OverwritePolicy, RECORD_FIELDS, Types, apply_attributes},
};
use criteria::Value;
use kernel::Email;
use serde::{Deserialize, Serialize};

/// What an import may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportMode {
    /// Make new people; rows of people who are there are refused.
    Create,
    /// Change people who are there; rows of others are refused.
    Update,
    /// Both.
    Upsert,
}

/// Why a row is refused; the text of each is fit for people.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RowRefused {
    /// People are known by their address.
    #[error("there is no e-mail address")]
    NoEmail,
    /// The address is none.
    #[error("the e-mail address is not one")]
    BadEmail,
    /// Mode *create*.
    #[error("there is a person with this e-mail address already")]
    Exists,
    /// Mode *update*.
    #[error("there is no person with this e-mail address")]
    Unknown,
    /// A value is none of its attribute.
    #[error("{attribute} {reason}")]
    BadValue {
        /// Bare name.
        attribute: String,
        /// Why.
        reason: String,
    },
}

impl RowRefused {
    /// The attribute that is to blame, for the file of refused rows.
    pub fn attribute(&self) -> &str {
        match self {
            Self::BadValue { attribute, .. } => attribute,
            _ => "email",
        }
    }
}

/// What a row does.
#[derive(Debug, Clone, PartialEq)]
pub enum RowOutcome {
    /// A new person.
    Create {
        /// Its address.
        email: Email,
        /// Its values; all of the import's origin.
        attributes: AttributeMap,
    },
    /// Changes of the person who is there.
    Update(Changes),
    /// Nothing: all values are there already.
    Unchanged,
}

/// Applies a row of typed values by bare attribute name, `email` among them. An empty cell is simply not in the row and
/// changes nothing. `existing` is the living person with the row's address.
pub fn apply_row(
    existing: Option<&Person>,
    row: &[(String, Value)],
    mode: ImportMode,
    origin: &Origin,
    types: Types<'_>,
) -> Result<RowOutcome, RowRefused> {
    let email = row.iter().find(|(name, _)| name == "email").ok_or(RowRefused::NoEmail)?;
    let email: Email = email.1.to_text().parse().map_err(|_| RowRefused::BadEmail)?;
    let incoming = incoming(row);
    match (existing, mode) {
        (Some(_), ImportMode::Create) => Err(RowRefused::Exists),
        (None, ImportMode::Update) => Err(RowRefused::Unknown),
        (Some(person), _) => {
            let changes = checked(apply_attributes(&Existing::of(person), &incoming, origin, types))?;
            Ok(if changes.is_empty() { RowOutcome::Unchanged } else { RowOutcome::Update(changes) })
        }
        (None, _) => {
            let empty = Existing {
                attributes: &AttributeMap::new(),
                origins: &std::collections::BTreeMap::new(),
                base_origin: origin,
            };
            let changes = checked(apply_attributes(&empty, &incoming, origin, types))?;
            let set = changes.set.into_iter();
            let attributes = set.filter_map(|change| Some((change.attribute, change.new?))).collect();
            Ok(RowOutcome::Create { email, attributes })
        }
    }
}

fn incoming(row: &[(String, Value)]) -> Vec<Incoming> {
    let settable = row.iter().filter(|(name, _)| !RECORD_FIELDS.contains(&name.as_str()));
    let offer = |(name, value): &(String, Value)| Incoming {
        attribute: name.clone(),
        value: value.to_json(),
        overwrite: OverwritePolicy::Always,
    };
    settable.map(offer).collect()
}

/// A row is taken whole or not at all.
fn checked(changes: Changes) -> Result<Changes, RowRefused> {
    match changes.refused.first() {
        Some((attribute, reason)) => {
            Err(RowRefused::BadValue { attribute: attribute.clone(), reason: reason.clone() })
        }
        None => Ok(changes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::person::SourceKind;
    use crate::testing::{origin, person};
    use criteria::AttributeType;
    use serde_json::json;

    fn kinds(name: &str) -> Option<AttributeType> {
        match name {
            "first_name" => Some(AttributeType::Text),
            "score" => Some(AttributeType::Score),
            _ => None,
        }
    }

    fn row(values: &[(&str, Value)]) -> Vec<(String, Value)> {
        values.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
    }

    fn text(text: &str) -> Value {
        Value::Text(text.to_owned())
    }

    #[test]
    fn the_mode_decides_who_is_made_and_who_is_changed() {
        let ada = person(1);
        let address = ada.email.clone().expect("known").to_string();
        let row = row(&[("email", text(&address)), ("first_name", text("Ada"))]);
        let from = origin(SourceKind::Import, 50);
        let apply = |existing, mode| apply_row(existing, &row, mode, &from, &kinds);
        assert_eq!(apply(Some(&ada), ImportMode::Create), Err(RowRefused::Exists));
        assert_eq!(apply(None, ImportMode::Update), Err(RowRefused::Unknown));
        assert!(matches!(apply(None, ImportMode::Create), Ok(RowOutcome::Create { attributes, .. })
            if attributes["first_name"] == json!("Ada")));
        let Ok(RowOutcome::Update(changes)) = apply(Some(&ada), ImportMode::Upsert) else {
            panic!("an update")
        };
        let mut updated = ada.clone();
        changes.apply_to(&mut updated);
        assert_eq!(updated.text("first_name"), Some("Ada"));
        assert_eq!(apply(Some(&updated), ImportMode::Update), Ok(RowOutcome::Unchanged));
    }

    #[test]
    fn a_row_that_cannot_be_stored_is_refused_whole_and_says_why() {
        let from = origin(SourceKind::Import, 50);
        for (values, attribute, reason) in [
            (vec![("first_name", text("Ada"))], "email", "there is no e-mail address"),
            (vec![("email", text("ada"))], "email", "the e-mail address is not one"),
            (vec![("email", text("a@example.com")), ("shoe", text("x"))], "shoe", "shoe is not an attribute"),
            (vec![("email", text("a@example.com")), ("score", text("x"))], "score", "score is not a number"),
        ] {
            let refused =
                apply_row(None, &row(&values), ImportMode::Upsert, &from, &kinds).expect_err(reason);
            assert_eq!((refused.attribute(), refused.to_string().as_str()), (attribute, reason));
        }
    }
}
