//! What dialogues share: attributes, lists and goals.

use super::{
    folder::{Described, Folder},
    run::Run,
    shapes::{Action, PlannedChange},
};
use crate::{
    AppError,
    access::Permission,
    attributes::{self, Attribute, AttributeChange, NewAttribute},
    goals::{self, GoalNames},
    lists,
};
use criteria::{AttributeRef, Criteria, ListRef, Source};
use kernel::ListId;
use people::AttributeOwner;
use std::collections::BTreeSet;
use store::{DialogueContent, Session};
use stream::{Action as Deed, CardKind, Stream};
use textform::{AttributeText, AttributesText, Kind, Places};

/// The lists that a dialogue asks about or changes.
pub(super) fn lists_of(content: &DialogueContent) -> BTreeSet<ListId> {
    let mut lists = fixed_lists(&content.targeting.audience);
    for card in &content.stream.cards {
        match &card.kind {
            CardKind::Branch(branch) => {
                lists.extend(branch.cases.iter().flat_map(|case| fixed_lists(&case.criteria)));
            }
            CardKind::Action(card) => lists.extend(card.actions.iter().filter_map(|deed| match deed {
                Deed::AddToList { list } | Deed::RemoveFromList { list } => *list,
                _ => None,
            })),
            _ => {}
        }
    }
    lists
}

fn fixed_lists(criteria: &Criteria) -> BTreeSet<ListId> {
    let fixed = |list| match list {
        ListRef::List(id) => Some(id),
        ListRef::SmartList(_) => None,
    };
    criteria.lists_used().into_iter().filter_map(fixed).collect()
}

/// The attributes that admins defined, by path, and the standard ones that are harmless.
pub(super) async fn described_attributes(session: &mut dyn Session) -> Result<AttributesText, AppError> {
    let all = attributes::list_in(session, None).await?;
    let path = |attribute: &Attribute| AttributeRef::new(attribute.of, &attribute.name).ok();
    let standard = all.iter().filter(|attribute| attribute.standard && attribute.harmless);
    let mut harmless: Vec<AttributeRef> = standard.filter_map(path).collect();
    let custom = all.iter().filter(|attribute| !attribute.standard).filter_map(|attribute| {
        let Attribute { label, kind, harmless, .. } = attribute;
        Some(AttributeText { path: path(attribute)?, label: label.clone(), kind: *kind, harmless: *harmless })
    });
    let mut attributes: Vec<AttributeText> = custom.collect();
    harmless.sort();
    attributes.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(AttributesText { harmless, attributes })
}

impl Run<'_> {
    /// Makes and changes attributes, and makes lists.
    pub(super) async fn shared(&mut self, folder: &Folder) -> Result<(), AppError> {
        for text in folder.of(Kind::Attributes) {
            match text.document.attributes() {
                Ok(read) => self.attributes(&text.file, &read.value, &read.places).await?,
                Err(errors) => self.errors(&text.file, errors),
            }
        }
        for text in folder.of(Kind::Lists) {
            self.lists(text).await?;
        }
        for text in folder.of(Kind::Goals) {
            self.goals(text).await?;
        }
        Ok(())
    }

    async fn attributes(
        &mut self,
        file: &str,
        wanted: &AttributesText,
        places: &Places,
    ) -> Result<(), AppError> {
        let AttributesText { harmless, attributes } = wanted;
        for (index, attribute) in attributes.iter().enumerate() {
            let field = format!("attributes/{index}");
            let AttributeText { path, label, kind, harmless } = attribute;
            let change =
                AttributeChange { label: Some(label.clone()), harmless: Some(*harmless), kind: Some(*kind) };
            let new = NewAttribute {
                of: if path.of() == Source::Company {
                    AttributeOwner::Company
                } else {
                    AttributeOwner::Person
                },
                name: path.name().to_owned(),
                label: label.clone(),
                kind: *kind,
            };
            self.attribute(file, places, &field, path, change, Some(new)).await?;
        }
        let known = described_attributes(&mut *self.tx).await?;
        for (index, path) in harmless.iter().enumerate().filter(|(_, path)| !known.harmless.contains(path)) {
            let change = AttributeChange { harmless: Some(true), ..AttributeChange::default() };
            self.attribute(file, places, &format!("harmless/{index}"), path, change, None).await?;
        }
        for path in known.harmless.iter().filter(|path| !harmless.contains(path)) {
            let change = AttributeChange { harmless: Some(false), ..AttributeChange::default() };
            self.attribute(file, places, "harmless", path, change, None).await?;
        }
        Ok(())
    }

    /// Changes an attribute, or makes it when that is possible.
    async fn attribute(
        &mut self,
        file: &str,
        places: &Places,
        field: &str,
        path: &AttributeRef,
        change: AttributeChange,
        new: Option<NewAttribute>,
    ) -> Result<(), AppError> {
        let all = attributes::list_in(&mut *self.tx, Some(path.of())).await?;
        let there = all.into_iter().find(|attribute| attribute.name == path.name());
        let action = match &there {
            Some(attribute) if change.says_what_is(attribute) => Action::Unchanged,
            Some(_) => Action::Changed,
            None => Action::Created,
        };
        if action != Action::Unchanged {
            self.need(Permission::PeopleEdit, &format!("changing the attribute {path}"), file)?;
            let outcome = match (there, new) {
                (Some(attribute), _) => {
                    attributes::update_in(self.app, &mut *self.tx, self.actor, &attribute, change).await
                }
                (None, Some(new)) => {
                    let made = attributes::create_in(self.app, &mut *self.tx, self.actor, new).await;
                    match made {
                        Ok(made) => {
                            attributes::update_in(self.app, &mut *self.tx, self.actor, &made, change).await
                        }
                        Err(error) => Err(error),
                    }
                }
                (None, None) => {
                    let message = format!("There is no standard attribute {path}.");
                    self.error(file, places.of(field), field, message);
                    return Ok(());
                }
            };
            if self.refused_at(file, places, field, outcome)?.is_none() {
                return Ok(());
            }
        }
        self.note_shared(action, "attribute", &path.to_string(), file);
        Ok(())
    }

    /// As [`Run::refused`], for a part of a text.
    fn refused_at<T>(
        &mut self,
        file: &str,
        places: &Places,
        field: &str,
        outcome: Result<T, AppError>,
    ) -> Result<Option<T>, AppError> {
        let outcome = outcome.map_err(|error| match error {
            AppError::Invalid(errors) => {
                let within = |error: crate::FieldError| crate::FieldError {
                    field: format!("/{field}{}", error.field),
                    ..error
                };
                AppError::Invalid(errors.into_iter().map(within).collect())
            }
            AppError::Conflict(message) => {
                AppError::invalid(format!("/{field}"), "conflict", format!("cannot change: {message}"))
            }
            other => other,
        });
        self.refused(file, places, outcome)
    }

    fn note_shared(&mut self, action: Action, kind: &'static str, name: &str, file: &str) {
        self.change(PlannedChange {
            action,
            kind,
            name: name.to_owned(),
            site: None,
            file: Some(file.to_owned()),
            published: false,
            difference: Vec::new(),
        });
    }

    async fn lists(&mut self, text: &Described) -> Result<(), AppError> {
        let Some((names, places)) = self.names(text) else { return Ok(()) };
        for (index, name) in names.iter().enumerate() {
            let known = self.tx.lists().await?;
            let mut action = Action::Unchanged;
            if !known.iter().any(|list| list.name == *name) {
                self.need(Permission::PeopleEdit, &format!("making the list “{name}”"), &text.file)?;
                let outcome = lists::create_in(self.app, &mut *self.tx, self.actor, name).await;
                if self.refused_at(&text.file, &places, &format!("lists/{index}"), outcome)?.is_none() {
                    continue;
                }
                action = Action::Created;
            }
            self.note_shared(action, "list", name, &text.file);
        }
        Ok(())
    }

    async fn goals(&mut self, text: &Described) -> Result<(), AppError> {
        let Some((names, places)) = self.names(text) else { return Ok(()) };
        for (index, name) in names.iter().enumerate() {
            let known = GoalNames::read(&mut *self.tx).await?;
            let mut action = Action::Unchanged;
            if known.current(name).is_none() {
                self.need(Permission::DialoguesManage, &format!("making the goal “{name}”"), &text.file)?;
                let outcome = goals::ensure_in(self.app, &mut *self.tx, self.actor, [name.as_str()]).await;
                if self.refused_at(&text.file, &places, &format!("goals/{index}"), outcome)?.is_none() {
                    continue;
                }
                action = Action::Created;
            }
            self.note_shared(action, "goal", name, &text.file);
        }
        Ok(())
    }

    /// Goals that a stream names and that nobody made so far are made with it.
    pub(super) async fn goals_of(
        &mut self,
        file: &str,
        places: &Places,
        stream: &Stream,
    ) -> Result<(), AppError> {
        let outcome = goals::ensure_in(self.app, &mut *self.tx, self.actor, stream.goals()).await;
        for name in self.refused_at(file, places, "cards", outcome)?.unwrap_or_default() {
            self.note_shared(Action::Created, "goal", &name, file);
        }
        Ok(())
    }

    fn names(&mut self, text: &Described) -> Option<(Vec<String>, Places)> {
        match text.document.names() {
            Ok(read) => Some((read.value, read.places)),
            Err(errors) => {
                self.errors(&text.file, errors);
                None
            }
        }
    }
}
