//! What criteria and texts may ask about a visitor, out of what the request already loaded.

use crate::{
    memory::Known,
    snapshot::Site,
    visit::{self, PageFacts},
};
use criteria::{AttributeRef, AttributeType, Facts, ListRef, Moment, Source, Symbols, Value};
use jiff::tz::TimeZone;
use kernel::{ConversationId, DocumentId, Email, ListId, Locale, RichText, Timestamp, VisitorId};
use people::{Company, Person, Rung, Viewer};
use serde_json::Value as Json;
use std::collections::BTreeMap;
use store::Visit;
use stream::{Handover, OfferedDocument, handover::standard_fallback};

/// Somebody on a page: with a profile, or without one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Subject<'a> {
    pub site: &'a Site,
    pub person: Option<&'a Person>,
    pub company: Option<&'a Company>,
    pub lists: &'a [ListId],
    pub visit: &'a Visit,
    pub page: &'a PageFacts,
}

impl Subject<'_> {
    /// Only what some audience of the site asks about is worked out.
    pub(crate) fn facts(&self, moment: &Moment) -> Facts {
        self.facts_for(self.site.targeting.symbols(), &self.site.wanted, moment)
    }

    /// The same for audiences of one's own, which ask about `wanted`.
    pub(crate) fn facts_for(
        &self,
        symbols: &Symbols,
        wanted: &[(AttributeRef, AttributeType)],
        moment: &Moment,
    ) -> Facts {
        let values: Vec<(&AttributeRef, Value)> =
            wanted.iter().filter_map(|(path, kind)| Some((path, self.value(path, *kind)?))).collect();
        let lists = self.lists.iter().map(|id| ListRef::List(*id));
        let named = values.iter().map(|(path, value)| (path.of(), path.name(), value));
        Facts::prepare(symbols, moment, named, lists)
    }

    fn value(&self, path: &AttributeRef, kind: AttributeType) -> Option<Value> {
        let name = path.name();
        match path.of() {
            Source::Person => person_value(self.person?, name, kind),
            Source::Company => company_value(self.company?, name, kind),
            Source::Visit => visit::value(self.visit, self.page, name),
            Source::Inferred => {
                let text = visit::stored_text(self.visit, "inferred", name)?;
                kind.parse_text(text).ok().flatten()
            }
        }
    }
}

fn person_value(person: &Person, name: &str, kind: AttributeType) -> Option<Value> {
    match name {
        "email" => person.email.as_ref().map(|email| Value::Text(email.to_string())),
        "created_at" => Some(Value::DateTime(person.created_at)),
        "last_seen_at" => person.last_seen_at.map(Value::DateTime),
        "owner" => person.owner_id.map(|owner| Value::Text(owner.to_string())),
        "full_name" => people::full_name(person).map(Value::Text),
        _ => json_value(person.attributes.get(name)?, kind),
    }
}

fn company_value(company: &Company, name: &str, kind: AttributeType) -> Option<Value> {
    match name {
        "name" => Some(Value::Text(company.name.clone())).filter(|_| !company.name.is_empty()),
        "domain" => company.domains.first().map(|domain| Value::Text(domain.to_string())),
        "owner" => company.owner_id.map(|owner| Value::Text(owner.to_string())),
        _ => json_value(company.attributes.get(name)?, kind),
    }
}

/// Stored values were checked when they were set, so text needs no second look.
fn json_value(json: &Json, kind: AttributeType) -> Option<Value> {
    match json {
        Json::String(text) if kind.is_textual() => {
            (!text.trim().is_empty()).then(|| Value::Text(text.clone()))
        }
        _ => kind.parse(json).ok().flatten(),
    }
}

/// Everything that is known of a person and the company, as text by path: for an author who may see people.
pub(crate) fn as_text(
    catalog: &crate::catalog::AttributeCatalog,
    person: &Person,
    company: Option<&Company>,
) -> BTreeMap<String, String> {
    let value = |path: &AttributeRef, kind| match path.of() {
        Source::Person => person_value(person, path.name(), kind),
        Source::Company => company_value(company?, path.name(), kind),
        Source::Visit | Source::Inferred => None,
    };
    catalog.all().filter_map(|(path, kind)| Some((path.to_string(), value(&path, kind)?.to_text()))).collect()
}

/// Everything that is known of a person and the company, for conditions.
pub(crate) fn known_values(
    catalog: &crate::catalog::AttributeCatalog,
    person: Option<&Person>,
    company: Option<&Company>,
) -> Vec<(AttributeRef, Value)> {
    let value = |path: &AttributeRef, kind| match path.of() {
        Source::Person => person_value(person?, path.name(), kind),
        Source::Company => company_value(company?, path.name(), kind),
        Source::Visit | Source::Inferred => None,
    };
    catalog.all().filter_map(|(path, kind)| value(&path, kind).map(|value| (path, value))).collect()
}

/// What texts may show and cards may ask (spec 03, *claimed is not proven*).
#[derive(Clone)]
pub(crate) struct Voice<'a> {
    pub site: &'a Site,
    pub person: Option<&'a Person>,
    pub company: Option<&'a Company>,
    pub rung: Rung,
    /// The visitor's own conversations.
    pub own: &'a [ConversationId],
    /// The browser; none without a profile.
    pub visitor: Option<VisitorId>,
    /// The address that the visitor typed to become this person.
    pub typed: Option<&'a Email>,
    pub visit: Option<&'a Visit>,
    pub page: Option<&'a PageFacts>,
    pub country: Option<String>,
    /// The lists that the person is on.
    pub lists: &'a [ListId],
    /// In which Usher's own words are said.
    pub locale: Locale,
}

impl<'a> Voice<'a> {
    /// Of a visitor.
    pub(crate) fn of(site: &'a Site, known: &'a Known, own: &'a [ConversationId]) -> Self {
        let profile = &known.profile;
        Self {
            site,
            person: Some(&profile.person),
            company: profile.company.as_ref(),
            rung: profile.visitor.rung,
            own,
            visitor: Some(profile.visitor.id),
            // Whoever is a claimed person now has typed that address.
            typed: profile.person.email.as_ref(),
            visit: profile.visit.as_ref(),
            page: None,
            country: visit::country(profile.visit.as_ref(), profile.visitor.language.as_deref()),
            lists: &profile.lists,
            locale: site.locale(profile.visitor.language.as_deref()),
        }
    }

    /// Of somebody without a profile.
    pub(crate) fn of_guest(site: &'a Site, visit: &'a Visit, page: &'a PageFacts) -> Self {
        let language = visit::stored_text(visit, "visit", "language");
        Self {
            visit: Some(visit),
            page: Some(page),
            country: visit::country(Some(visit), language),
            locale: site.locale(language),
            ..Self::of_nobody(site)
        }
    }

    /// Of somebody of whom nothing at all is known.
    pub(crate) fn of_nobody(site: &'a Site) -> Self {
        Self {
            site,
            person: None,
            company: None,
            rung: Rung::Anonymous,
            own: &[],
            visitor: None,
            typed: None,
            visit: None,
            page: None,
            country: None,
            lists: &[],
            locale: site.locale(None),
        }
    }

    /// In the language of a dialogue, when it has one of its own.
    pub(crate) fn speaking(mut self, language: &str) -> Self {
        self.locale = Locale::from_tag(language).unwrap_or(self.locale);
        self
    }

    /// During a visit that may be newer than the profile.
    pub(crate) fn during(mut self, visit: Option<&'a Visit>) -> Self {
        if let Some(visit) = visit {
            let inferred = visit::stored_text(visit, "inferred", "country").map(str::to_owned);
            self.country = inferred.or(self.country);
            self.visit = Some(visit);
        }
        self
    }

    fn person_text(&self, name: &str) -> Option<String> {
        let site = self.site;
        let harmless = |name: &str| {
            AttributeRef::new(Source::Person, name).is_ok_and(|path| site.catalog.is_harmless(&path))
        };
        let viewer = Viewer {
            rung: self.rung,
            conversations: self.own,
            visitor: self.visitor,
            typed_address: self.typed,
            harmless: &harmless,
        };
        viewer.shown(self.person?, name)
    }

    fn company_text(&self, path: &AttributeRef) -> Option<String> {
        if self.rung != Rung::Proven && !self.site.catalog.is_harmless(path) {
            return None;
        }
        let kind = self.site.catalog.type_of(&path.to_string())?;
        company_value(self.company?, path.name(), kind).map(|value| value.to_text())
    }

    /// What a condition asks about; unlike a text it may use everything (spec 03, *claimed is not proven*).
    pub(crate) fn asked(&self, path: &AttributeRef, kind: AttributeType) -> Option<Value> {
        let name = path.name();
        match path.of() {
            Source::Person => person_value(self.person?, name, kind),
            Source::Company => company_value(self.company?, name, kind),
            Source::Visit => match self.page {
                Some(page) => visit::value(self.visit?, page, name),
                None => kind.parse_text(visit::stored_text(self.visit?, "visit", name)?).ok().flatten(),
            },
            Source::Inferred => {
                kind.parse_text(visit::stored_text(self.visit?, "inferred", name)?).ok().flatten()
            }
        }
    }

    fn visit_text(&self, name: &str) -> Option<String> {
        let visit = self.visit?;
        match self.page {
            Some(page) => visit::value(visit, page, name).map(|value| value.to_text()),
            None => visit::stored_text(visit, "visit", name).map(str::to_owned),
        }
    }
}

impl stream::Profile for Voice<'_> {
    fn shown(&self, attribute: &str) -> Option<String> {
        let path: AttributeRef = attribute.parse().ok()?;
        match path.of() {
            Source::Person => self.person_text(path.name()),
            Source::Company => self.company_text(&path),
            Source::Visit => self.visit_text(path.name()),
            Source::Inferred => None,
        }
    }

    fn is_known(&self, attribute: &str) -> bool {
        let Ok(path) = attribute.parse::<AttributeRef>() else { return false };
        let Some(kind) = self.site.catalog.type_of(attribute) else { return false };
        match path.of() {
            Source::Person => self.person.is_some_and(|p| person_value(p, path.name(), kind).is_some()),
            Source::Company => self.company.is_some_and(|c| company_value(c, path.name(), kind).is_some()),
            Source::Visit => self.visit_text(path.name()).is_some(),
            Source::Inferred => {
                self.visit.is_some_and(|visit| visit::stored_text(visit, "inferred", path.name()).is_some())
            }
        }
    }

    fn country(&self) -> Option<&str> {
        self.country.as_deref()
    }

    fn is_blocked_domain(&self, domain: &str) -> bool {
        self.site.blocks_domain(domain)
    }

    fn facts(&self, symbols: &Symbols, at: Timestamp) -> Facts {
        let asked = self.site.catalog.all().filter(|(path, _)| symbols.wants(path.of(), path.name()));
        let values: Vec<(AttributeRef, Value)> =
            asked.filter_map(|(path, kind)| self.asked(&path, kind).map(|value| (path, value))).collect();
        let named = values.iter().map(|(path, value)| (path.of(), path.name(), value));
        let zone = TimeZone::get(&self.site.time_zone).unwrap_or(TimeZone::UTC);
        let lists = self.lists.iter().map(|list| ListRef::List(*list));
        Facts::prepare(symbols, &Moment::new(at, zone), named, lists)
    }

    fn document(&self, id: DocumentId) -> Option<OfferedDocument> {
        self.site.documents.get(&id).cloned()
    }

    fn fallback(&self, handover: Handover) -> RichText {
        let own = self.site.fallbacks.text(handover);
        own.cloned().unwrap_or_else(|| standard_fallback(handover, self.locale))
    }
}
