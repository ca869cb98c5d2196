//! From columns to attributes: what can be set, and the mapping that was chosen, checked.

use crate::catalog::AttributeCatalog;
use crate::{AppError, FieldError};
use criteria::{AttributeRef, AttributeType, Source, standard};
use kernel::text::fold;
use std::collections::{BTreeMap, HashMap, HashSet};

/// An attribute that a column can set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// `person` or `company`.
    pub of: Source,
    /// Bare name.
    pub name: String,
    /// Its type.
    pub kind: AttributeType,
}

impl Target {
    /// `person.first_name`.
    pub fn path(&self) -> String {
        format!("{}.{}", self.of.as_str(), self.name)
    }
}

/// Everything that a column can set.
#[derive(Debug, Clone, Default)]
pub struct Targets(BTreeMap<String, Target>);

impl Targets {
    /// The standard attributes alone.
    pub fn standard() -> Self {
        Self::of(standard::attributes().iter().map(|a| (a.path(), a.kind)))
    }

    /// Standard and custom attributes.
    pub fn all(catalog: &AttributeCatalog) -> Self {
        Self::of(catalog.all())
    }

    fn of(attributes: impl Iterator<Item = (AttributeRef, AttributeType)>) -> Self {
        let settable = attributes.filter(|(path, _)| {
            matches!(path.of(), Source::Person | Source::Company)
                && standard::find(path).is_none_or(|s| s.editable)
        });
        let target =
            |(path, kind): (AttributeRef, _)| Target { of: path.of(), name: path.name().to_owned(), kind };
        Self(settable.map(target).map(|target| (target.path(), target)).collect())
    }

    /// By path; a bare name is the person's.
    pub fn find(&self, path: &str) -> Option<&Target> {
        self.0.get(path).or_else(|| self.0.get(&format!("person.{path}")))
    }

    /// By name or label, folded and without what is not a letter or digit; the person's first.
    pub fn by_words(&self, word: &str) -> Option<&Target> {
        let bare = |text: &str| fold(text).chars().filter(|c| c.is_alphanumeric()).collect::<String>();
        let fits = |target: &&Target| bare(&target.name) == word || bare(&target.path()) == word;
        let person = self.0.values().filter(|t| t.of == Source::Person).find(fits);
        person
            .or_else(|| self.0.values().filter(|t| t.of == Source::Company).find(|t| bare(&t.path()) == word))
    }

    /// The types of a source by bare name.
    pub fn types(&self, of: Source) -> HashMap<String, AttributeType> {
        self.0.values().filter(|t| t.of == of).map(|t| (t.name.clone(), t.kind)).collect()
    }
}

/// Checks a chosen mapping against the columns of a file. The result has an entry a column.
pub fn checked(
    headers: &[String],
    mapping: &BTreeMap<String, Option<String>>,
    targets: &Targets,
) -> Result<Vec<Option<Target>>, AppError> {
    let pointer = |header: &str| format!("/mapping/{}", header.replace('~', "~0").replace('/', "~1"));
    let mut errors = Vec::new();
    for header in mapping.keys().filter(|header| !headers.contains(header)) {
        errors.push(FieldError::new(pointer(header), "option", "is not a column of the file"));
    }
    let mut taken = HashSet::new();
    let mut columns = Vec::with_capacity(headers.len());
    for header in headers {
        let chosen = mapping.get(header).and_then(Option::as_deref);
        let target = chosen.and_then(|path| targets.find(path));
        match (chosen, target) {
            (Some(path), None) => {
                errors.push(FieldError::new(
                    pointer(header),
                    "option",
                    format!("{path} is not an attribute that can be set"),
                ));
            }
            (_, Some(target)) if !taken.insert(target.path()) => {
                errors.push(FieldError::new(
                    pointer(header),
                    "twice",
                    "is mapped to the attribute of another column",
                ));
            }
            _ => {}
        }
        columns.push(target.cloned());
    }
    if errors.is_empty() && !taken.contains("person.email") {
        let reason = "has no column for the e-mail address: people are recognised by it";
        errors.push(FieldError::new("/mapping", "required", reason));
    }
    if errors.is_empty() { Ok(columns) } else { Err(AppError::Invalid(errors)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mappings_are_checked() {
        let headers = ["E-mail".to_owned(), "A/B".to_owned()];
        let check = |pairs: &[(&str, &str)]| {
            let mapping = pairs.iter().map(|(h, a)| ((*h).to_owned(), Some((*a).to_owned()))).collect();
            match checked(&headers, &mapping, &Targets::standard()) {
                Ok(columns) => Ok(columns.iter().flatten().map(Target::path).collect::<Vec<_>>()),
                Err(AppError::Invalid(errors)) => Err(errors[0].field.clone()),
                Err(other) => panic!("{other}"),
            }
        };
        assert_eq!(
            check(&[("E-mail", "email"), ("A/B", "company.name")]),
            Ok(vec!["person.email".to_owned(), "company.name".to_owned()])
        );
        assert_eq!(check(&[("E-mail", "email"), ("A/B", "person.email")]), Err("/mapping/A~1B".to_owned()));
        assert_eq!(check(&[("E-mail", "email"), ("A/B", "created_at")]), Err("/mapping/A~1B".to_owned()));
        assert_eq!(check(&[("E-mail", "email"), ("Other", "city")]), Err("/mapping/Other".to_owned()));
        assert_eq!(check(&[("A/B", "city")]), Err("/mapping".to_owned()));
    }
}
