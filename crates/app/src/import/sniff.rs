//! What a file looks like: delimiter, headers, samples, and which attribute each column seems to be.

use super::mapping::{Target, Targets};
use super::text::decode;
use super::{Column, Plan};
use criteria::AttributeType;
use kernel::text::fold;
use std::collections::HashSet;

/// Delimiters that are tried, in order of preference.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// Rows shown before the start.
const PREVIEW: usize = 20;
/// Samples shown a column.
const SAMPLES: usize = 3;
/// Most columns of a file.
const MOST_COLUMNS: usize = 500;

/// Why a file cannot be imported, fit for people.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// Nothing in it.
    #[error("is empty")]
    Empty,
    /// More columns than anybody maps.
    #[error("has more than 500 columns")]
    TooWide,
    /// Binary content.
    #[error("is not a text file with separated values")]
    Binary,
}

/// Looks at the beginning of a stored file. `whole` says that the sample is the whole file.
pub fn look(sample: &[u8], whole: bool, utf16: bool, targets: &Targets) -> Result<Plan, Unreadable> {
    if sample.contains(&0) {
        return Err(Unreadable::Binary);
    }
    let delimiter = delimiter(sample, whole);
    let mut rows = rows(sample, delimiter, whole, PREVIEW + 1);
    if rows.is_empty() {
        return Err(Unreadable::Empty);
    }
    let headers = distinct(rows.remove(0));
    if headers.len() > MOST_COLUMNS {
        return Err(Unreadable::TooWide);
    }
    let mut taken = HashSet::new();
    let columns = headers.into_iter().enumerate().map(|(index, header)| {
        let cells: Vec<&str> = rows.iter().filter_map(|row| row.get(index)).map(String::as_str).collect();
        let attribute = propose(&header, &cells, targets).filter(|path| taken.insert(path.clone()));
        let samples = cells.iter().filter(|cell| !cell.trim().is_empty()).take(SAMPLES);
        Column { header, samples: samples.map(|cell| cut(cell)).collect(), attribute }
    });
    Ok(Plan {
        delimiter: char::from(delimiter),
        encoding: if utf16 { "utf-16".to_owned() } else { super::text::name_of(sample).to_owned() },
        columns: columns.collect(),
        preview: rows.iter().map(|row| row.iter().map(|cell| cut(cell)).collect()).collect(),
        run: None,
    })
}

fn cut(cell: &str) -> String {
    cell.chars().take(200).collect()
}

fn rows(sample: &[u8], delimiter: u8, whole: bool, most: usize) -> Vec<Vec<String>> {
    let mut reader =
        csv::ReaderBuilder::new().delimiter(delimiter).has_headers(false).flexible(true).from_reader(sample);
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut record = csv::ByteRecord::new();
    while rows.len() < most && reader.read_byte_record(&mut record).unwrap_or(false) {
        rows.push(record.iter().map(|cell| decode(cell).into_owned()).collect());
    }
    // The last row of a part of a file may be cut.
    if !whole && rows.len() > 1 && reader.position().byte() >= sample.len() as u64 {
        rows.pop();
    }
    rows
}

/// The delimiter with which most rows have as many cells as the first, which has more than one.
pub(crate) fn delimiter(sample: &[u8], whole: bool) -> u8 {
    let score = |delimiter: u8| {
        let rows = rows(sample, delimiter, whole, 200);
        let width = rows.first().map_or(0, Vec::len);
        let even = rows.iter().filter(|row| row.len() == width).count();
        if width < 2 { 0 } else { even * 1_000 / rows.len().max(1) * 1_000 + width.min(999) }
    };
    let mut best = (0, DELIMITERS[0]);
    for delimiter in DELIMITERS {
        let found = score(delimiter);
        if found > best.0 {
            best = (found, delimiter);
        }
    }
    best.1
}

/// Headers are keys of the mapping: the second of a name gets a number, one without a name its position.
fn distinct(headers: Vec<String>) -> Vec<String> {
    let mut seen = HashSet::new();
    let name = |(index, header): (usize, String)| {
        let plain = header.trim().to_owned();
        let base = if plain.is_empty() { format!("Column {}", index + 1) } else { plain };
        let mut name = base.clone();
        let mut number = 1;
        while !seen.insert(name.clone()) {
            number += 1;
            name = format!("{base} ({number})");
        }
        name
    };
    headers.into_iter().enumerate().map(name).collect()
}

/// Other words that files use for standard attributes, folded and without what is not a letter or digit.
const SYNONYMS: &[(&str, &str)] = &[
    (
        "person.email",
        "email mail emailaddress mailaddress correo correoelectronico courriel adressemail epost",
    ),
    ("person.first_name", "firstname first givenname forename vorname prenom nombre nome fname"),
    ("person.last_name", "lastname last surname familyname nachname nom apellido apellidos cognome lname"),
    ("person.full_name", "fullname name contactname contact"),
    ("person.phone", "phone phonenumber telephone telefon tel businessphone workphone telefono"),
    ("person.mobile", "mobile mobilephone cell cellphone handy mobil portable"),
    ("person.job_title", "jobtitle title position role jobrole funktion poste"),
    ("person.department", "department abteilung dept"),
    ("person.address", "address street streetaddress address1 addressline1 strasse adresse"),
    ("person.city", "city town ort stadt ville ciudad"),
    ("person.postal_code", "postalcode postcode zip zipcode plz codepostal"),
    ("person.state", "state province region stateprovince bundesland"),
    ("person.country", "country land pays pais countrycode"),
    ("person.language", "language lang sprache locale"),
    ("person.time_zone", "timezone tz"),
    ("person.source", "source leadsource origin"),
    ("person.score", "score leadscore"),
    ("person.crm_status", "crmstatus status leadstatus"),
    ("person.crm_id", "crmid id leadid contactid externalid"),
    ("person.owner", "owner leadowner contactowner"),
    ("person.unsubscribed", "unsubscribed optout optedout emailoptout donotemail"),
    ("person.consent_marketing", "consent marketingconsent optin consentmarketing"),
    (
        "company.name",
        "company companyname organization organisation account accountname firma unternehmen entreprise empresa",
    ),
    ("company.domain", "domain companydomain website companywebsite"),
    ("company.industry", "industry companyindustry branche sector"),
    ("company.size", "companysize employees numberofemployees headcount size mitarbeiter"),
    ("company.revenue", "revenue annualrevenue companyrevenue umsatz"),
];

pub(crate) fn propose(header: &str, cells: &[&str], targets: &Targets) -> Option<String> {
    let word: String = fold(header).chars().filter(|c| c.is_alphanumeric()).collect();
    let by_word =
        SYNONYMS.iter().find(|(_, words)| words.split(' ').any(|w| w == word)).map(|(path, _)| *path);
    let path = targets
        .by_words(&word)
        .map(Target::path)
        .or_else(|| by_word.map(str::to_owned))
        .or_else(|| by_sample(cells).map(str::to_owned))?;
    let target = targets.find(&path)?;
    fits(target, cells).then_some(path)
}

/// Only an e-mail address is so unlike everything else that its looks alone say what it is.
fn by_sample(cells: &[&str]) -> Option<&'static str> {
    let filled: Vec<&&str> = cells.iter().filter(|cell| !cell.trim().is_empty()).collect();
    let emails = filled.iter().filter(|cell| cell.parse::<kernel::Email>().is_ok()).count();
    (!filled.is_empty() && emails * 10 >= filled.len() * 8).then_some("person.email")
}

/// A column whose samples mostly are not of the attribute's type is not proposed for it.
fn fits(target: &Target, cells: &[&str]) -> bool {
    if target.kind == AttributeType::Text {
        return true;
    }
    let filled = cells.iter().filter(|cell| !cell.trim().is_empty());
    let (good, all) = filled.fold((0, 0), |(good, all), cell| {
        (good + usize::from(target.kind.parse_text(cell).is_ok()), all + 1)
    });
    all == 0 || good * 2 >= all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(text: &str) -> Plan {
        look(text.as_bytes(), true, false, &Targets::standard()).expect("a plan")
    }

    #[test]
    fn delimiters_are_recognised() {
        for (text, delimiter) in [
            ("email,name\na@b.co,\"x;y;z\"\n", ','),
            ("email;name\na@b.co;\"x,y,z\"\n", ';'),
            ("email\tname\na@b.co\tx, y\n", '\t'),
            ("email|name\na@b.co|x\n", '|'),
            ("email\na@b.co\n", ','),
            ("email,\"a\nb\"\nx@y.zz,\"1\n2\n3\"\n", ','),
        ] {
            assert_eq!(plan(text).delimiter, delimiter, "{text:?}");
        }
    }

    #[test]
    fn columns_are_proposed_by_name_and_by_sample() {
        let plan = plan(
            "Vorname,Nachname,Kontakt,E-Mail,Company,Lead Score,Notes,Company\n\
             Ada,Lovelace,x,ada@example.com,ACME,12,hi,B\n",
        );
        let proposed: Vec<_> =
            plan.columns.iter().map(|c| (c.header.as_str(), c.attribute.as_deref())).collect();
        assert_eq!(
            proposed,
            [
                ("Vorname", Some("person.first_name")),
                ("Nachname", Some("person.last_name")),
                ("Kontakt", None),
                ("E-Mail", Some("person.email")),
                ("Company", Some("company.name")),
                ("Lead Score", Some("person.score")),
                ("Notes", None),
                ("Company (2)", None),
            ]
        );
        assert_eq!(plan.preview, [["Ada", "Lovelace", "x", "ada@example.com", "ACME", "12", "hi", "B"]]);
    }

    #[test]
    fn addresses_are_recognised_by_their_looks() {
        assert_eq!(
            plan("who,what\na@example.com,1\nb@example.com,2\n").columns[0].attribute.as_deref(),
            Some("person.email")
        );
    }

    #[test]
    fn what_is_no_table_is_refused() {
        assert_eq!(look(b"", true, false, &Targets::standard()), Err(Unreadable::Empty));
        assert_eq!(look(b"PK\x03\x04\0\0", true, false, &Targets::standard()), Err(Unreadable::Binary));
    }
}
