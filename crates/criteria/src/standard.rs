//! The standard attributes: the one place where they are listed. Custom attributes stand beside them in the store.

use crate::{
    AttributeRef, AttributeType,
    AttributeType::{Boolean, Currency, DateTime, Email, Number, Score, Text, Url},
    Source,
};

/// An attribute that every instance has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StandardAttribute {
    /// What it belongs to.
    pub of: Source,
    /// The name behind the dot.
    pub name: &'static str,
    /// The English label.
    pub label: &'static str,
    /// Its type.
    pub kind: AttributeType,
    /// People, imports and cards may set it. The others are kept by the system: when a person was made and last seen,
    /// and all of a visit and of what the IP address suggests.
    pub editable: bool,
}

const fn row(
    of: Source,
    name: &'static str,
    label: &'static str,
    kind: AttributeType,
    editable: bool,
) -> StandardAttribute {
    StandardAttribute { of, name, label, kind, editable }
}
const fn person(name: &'static str, label: &'static str, kind: AttributeType) -> StandardAttribute {
    row(Source::Person, name, label, kind, true)
}
const fn company(name: &'static str, label: &'static str, kind: AttributeType) -> StandardAttribute {
    row(Source::Company, name, label, kind, true)
}
const fn visit(name: &'static str, label: &'static str, kind: AttributeType) -> StandardAttribute {
    row(Source::Visit, name, label, kind, false)
}
const fn inferred(name: &'static str, label: &'static str, kind: AttributeType) -> StandardAttribute {
    row(Source::Inferred, name, label, kind, false)
}

static ATTRIBUTES: &[StandardAttribute] = &[
    person("first_name", "First name", Text),
    person("last_name", "Last name", Text),
    person("full_name", "Full name", Text),
    person("email", "E-mail", Email),
    person("phone", "Phone", Text),
    person("mobile", "Mobile phone", Text),
    person("job_title", "Job title", Text),
    person("department", "Department", Text),
    person("address", "Address", Text),
    person("city", "City", Text),
    person("postal_code", "Postal code", Text),
    person("state", "State or province", Text),
    person("country", "Country", Text),
    person("language", "Language", Text),
    person("time_zone", "Time zone", Text),
    person("source", "Source", Text),
    person("score", "Score", Score),
    person("crm_status", "CRM status", Text),
    person("crm_id", "CRM id", Text),
    person("owner", "Owner", Text),
    person("unsubscribed", "Unsubscribed", Boolean),
    person("consent_marketing", "Agreed to marketing", Boolean),
    row(Source::Person, "created_at", "Created", DateTime, false),
    row(Source::Person, "last_seen_at", "Last seen", DateTime, false),
    company("name", "Company name", Text),
    company("domain", "Company domain", Text),
    company("industry", "Industry", Text),
    company("size", "Company size", Number),
    company("revenue", "Revenue", Currency),
    company("address", "Company address", Text),
    company("city", "Company city", Text),
    company("state", "Company state or province", Text),
    company("country", "Company country", Text),
    company("owner", "Company owner", Text),
    visit("device", "Device", Text),
    visit("browser", "Browser", Text),
    visit("os", "Operating system", Text),
    visit("language", "Browser language", Text),
    visit("referrer", "Referrer", Url),
    visit("referrer_domain", "Referrer domain", Text),
    visit("utm_source", "UTM source", Text),
    visit("utm_medium", "UTM medium", Text),
    visit("utm_campaign", "UTM campaign", Text),
    visit("utm_term", "UTM term", Text),
    visit("utm_content", "UTM content", Text),
    visit("first_visit", "First visit", Boolean),
    visit("visits", "Visits so far", Number),
    visit("pages", "Pages in this visit", Number),
    visit("url", "Page address", Url),
    visit("path", "Page path", Text),
    visit("title", "Page title", Text),
    inferred("country", "Inferred country", Text),
    inferred("region", "Inferred region", Text),
    inferred("city", "Inferred city", Text),
    inferred("postal_code", "Inferred postal code", Text),
    inferred("company", "Inferred company", Text),
    inferred("domain", "Inferred domain", Text),
    inferred("industry", "Inferred industry", Text),
    inferred("employees", "Inferred number of employees", Number),
];

/// All standard attributes, in the order in which they are shown.
pub fn attributes() -> &'static [StandardAttribute] {
    ATTRIBUTES
}

/// Those of one source.
pub fn of(source: Source) -> impl Iterator<Item = &'static StandardAttribute> {
    ATTRIBUTES.iter().filter(move |attribute| attribute.of == source)
}

/// The standard attribute with this path.
pub fn find(attribute: &AttributeRef) -> Option<&'static StandardAttribute> {
    of(attribute.of()).find(|standard| standard.name == attribute.name())
}

impl StandardAttribute {
    /// The path, such as `person.email`.
    pub fn path(&self) -> AttributeRef {
        AttributeRef::new(self.of, self.name).expect("standard names are well-formed, see the test")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_path_is_well_formed_and_found_again() {
        for attribute in attributes() {
            assert_eq!(find(&attribute.path()), Some(attribute));
        }
    }
}
