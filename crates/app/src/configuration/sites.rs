//! Sites.

use super::{
    folder::{Described, Folder},
    run::{Run, shown_difference},
    shapes::{Action, PlannedChange},
    world::World,
};
use crate::{
    AppError, FieldError,
    access::Permission,
    audit::{self, Note},
    sites::{self, Privacy, Security, SitePatch, SiteSettings, Style},
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value as Json, json};
use store::SiteRecord;
use textform::{Head, Kind, Names, Place, Places, SiteText, site};

/// Sites in the order of their making.
pub(super) fn in_order(world: &World) -> Vec<&SiteRecord> {
    let mut records: Vec<&SiteRecord> = world.site_records.values().collect();
    records.sort_by_key(|site| (site.created_at, site.id));
    records
}

/// A site as its text says it.
pub(super) fn described(world: &World, record: &SiteRecord) -> Result<SiteText, AppError> {
    of_record(record, world.sites.label(record.id))
}

fn of_record(record: &SiteRecord, reference: String) -> Result<SiteText, AppError> {
    let settings = SiteSettings::of(record)?;
    Ok(SiteText {
        name: record.name.clone(),
        reference,
        enabled: record.enabled,
        chat_enabled: record.chat_enabled,
        poke_pause_minutes: record.poke_pause_minutes,
        style: Some(table(&Style { avatar_url: None, ..settings.style })),
        privacy: Some(table(&settings.privacy)),
        security: Some(table(&settings.security)),
    })
}

fn table(section: &impl Serialize) -> Map<String, Json> {
    match json!(section) {
        Json::Object(table) => table,
        _ => Map::new(),
    }
}

/// A section of a text: what it does not say is as in a new site.
fn section<T: Serialize + DeserializeOwned>(
    name: &str,
    said: Option<&Map<String, Json>>,
    new: &T,
) -> Result<Option<T>, AppError> {
    let Some(said) = said else { return Ok(None) };
    let mut whole = json!(new);
    merge(&mut whole, said);
    let read = serde_path_to_error::deserialize(whole);
    read.map(Some).map_err(|error| {
        let path = error.path().to_string().replace('.', "/");
        let field = if path == "/" { format!("/{name}") } else { format!("/{name}/{path}") };
        AppError::Invalid(vec![FieldError::new(field, "shape", format!("cannot be read: {}", error.inner()))])
    })
}

fn merge(whole: &mut Json, said: &Map<String, Json>) {
    let Json::Object(table) = whole else { return };
    for (key, value) in said {
        match (table.get_mut(key), value) {
            (Some(inner @ Json::Object(_)), Json::Object(value)) => merge(inner, value),
            _ => drop(table.insert(key.clone(), value.clone())),
        }
    }
}

fn patch(text: &SiteText, new_name: &str) -> Result<SitePatch, AppError> {
    let look = sites::first_look(new_name);
    Ok(SitePatch {
        name: Some(text.name.clone()),
        enabled: Some(text.enabled),
        chat_enabled: Some(text.chat_enabled),
        style: section("style", text.style.as_ref(), &look)?,
        privacy: section("privacy", text.privacy.as_ref(), &Privacy::default())?,
        security: section("security", text.security.as_ref(), &Security::default())?,
        poke_pause_minutes: Some(text.poke_pause_minutes),
    })
}

/// What cannot be accepted in a site's text, as a use case refuses it.
pub(super) fn refused(text: &SiteText, plain: &mut SiteRecord) -> Result<(), AppError> {
    sites::patch_into(plain, patch(text, &text.name)?).map(drop)
}

impl Run<'_> {
    /// Makes and changes sites.
    pub(super) async fn sites(&mut self, folder: &Folder) -> Result<(), AppError> {
        for text in folder.of(Kind::Site) {
            match text.document.site() {
                Ok(read) => self.site(text, &read.value, &read.places).await?,
                Err(errors) => {
                    self.errors(&text.file, errors);
                    self.stand_in(text).await?;
                }
            }
        }
        Ok(())
    }

    async fn site(&mut self, text: &Described, wanted: &SiteText, places: &Places) -> Result<(), AppError> {
        let records = self.tx.sites().await?;
        let names = Names::new(records.iter().map(|site| (site.id, site.name.clone())));
        let head = text.document.head();
        let found = names.find(&head.reference).or_else(|| names.find(head.formerly.as_deref()?));
        let before = found.and_then(|id| records.into_iter().find(|site| site.id == id));
        let is_new = before.is_none();
        let mut record = before.clone().unwrap_or_else(|| sites::fresh(self.app, head.name.clone()));
        let patched = patch(wanted, &head.name).and_then(|patch| sites::patch_into(&mut record, patch));
        if self.refused(&text.file, places, patched)?.is_none() {
            return self.stand_in(text).await;
        }
        if is_new {
            let label = names.label_of_next(&record.name);
            if let Err(message) = reference_fits(head, &label) {
                self.error(&text.file, Place { line: 1, column: 1 }, "reference", message);
                return Ok(());
            }
        }
        let said =
            |record: &SiteRecord| Ok::<_, AppError>(site::write(&of_record(record, head.reference.clone())?));
        let after = said(&record)?;
        let before_text = before.as_ref().map(said).transpose()?;
        let action = match &before_text {
            None => Action::Created,
            Some(before) if *before == after => Action::Unchanged,
            Some(_) => Action::Changed,
        };
        if action != Action::Unchanged {
            self.save_site(text, before.as_ref(), &record).await?;
        }
        self.change(PlannedChange {
            action,
            kind: Kind::Site.word(),
            name: head.reference.clone(),
            site: None,
            file: Some(text.file.clone()),
            published: false,
            difference: shown_difference(before_text.as_deref().unwrap_or_default(), &after),
        });
        Ok(())
    }

    /// Nothing comes of a folder with mistakes. Until it is given up, a site that cannot be made has one in its place, so
    /// that the mistakes of its dialogues are told too.
    async fn stand_in(&mut self, text: &Described) -> Result<(), AppError> {
        let head = text.document.head();
        let records = self.tx.sites().await?;
        let names = Names::new(records.iter().map(|site| (site.id, site.name.clone())));
        if names.find(&head.reference).is_none() && names.label_of_next(&head.name) == head.reference {
            let site = sites::fresh(self.app, head.name.clone());
            self.tx.insert_site(&site).await?;
        }
        Ok(())
    }

    async fn save_site(
        &mut self,
        text: &Described,
        before: Option<&SiteRecord>,
        record: &SiteRecord,
    ) -> Result<(), AppError> {
        let sensitive = |site: &SiteRecord| (site.privacy.clone(), site.security.clone());
        let usual = |site: &SiteRecord| {
            let SiteRecord { name, enabled, chat_enabled, style, poke_pause_minutes, .. } = site.clone();
            (name, enabled, chat_enabled, style, poke_pause_minutes)
        };
        if before.is_none_or(|before| usual(before) != usual(record)) {
            self.need(Permission::AdminChatbotSettings, "changing the site", &text.file)?;
        }
        let plain = sites::fresh(self.app, record.name.clone());
        if sensitive(before.unwrap_or(&plain)) != sensitive(record) {
            self.need(
                Permission::AdminPrivacySecurity,
                "changing privacy and security of the site",
                &text.file,
            )?;
        }
        let action = if before.is_some() {
            self.tx.update_site(record).await?;
            "site.updated"
        } else {
            self.tx.insert_site(record).await?;
            "site.created"
        };
        let note =
            Note::new(action, "site").of(record.id, &record.name).details(json!({ "file": text.file }));
        audit::write(self.app, &mut *self.tx, self.actor, note).await
    }
}

/// A new object is called by its name, and by a number when there are others of that name.
pub(super) fn reference_fits(head: &Head, label: &str) -> Result<(), String> {
    if head.reference == label {
        return Ok(());
    }
    let Head { kind, reference, .. } = head;
    Err(if label == head.name {
        format!(
            "There is no {} called “{reference}” here, and a new one would be called “{label}”: leave reference out.",
            kind.word()
        )
    } else {
        format!(
            "There is no {} called “{reference}” here, and a new one would be called “{label}”, because others have the name.",
            kind.word()
        )
    })
}
