//! Where makers of databases put what we look for.

use connect::ip::Inference;
use serde_json::Value;

/// Longer texts are no names.
const LONGEST: usize = 200;

const COUNTRY: &[&str] = &["country.iso_code", "country_code", "country", "registered_country.iso_code"];
const REGION: &[&str] =
    &["subdivisions.0.names.en", "region", "region_name", "state", "subdivisions.0.iso_code"];
const CITY: &[&str] = &["city.names.en", "city.name", "city"];
const POSTAL_CODE: &[&str] = &["postal.code", "postal_code", "postal", "zip"];
// Not the operator of the network (`isp`, `as_name`): most visitors at home would be said to work for theirs.
const COMPANY: &[&str] = &["company.name", "traits.organization", "organization", "company"];
const DOMAIN: &[&str] = &["company.domain", "traits.domain", "domain"];
const INDUSTRY: &[&str] = &["company.industry", "industry"];
const EMPLOYEES: &[&str] = &["company.employees", "company.employee_count", "employees", "employee_count"];

/// What an entry tells.
pub(crate) fn inference(entry: &Value) -> Inference {
    let two_letters = |text: &String| text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_alphabetic());
    Inference {
        country: first(entry, COUNTRY, |value| text(value).filter(two_letters))
            .map(|c| c.to_ascii_uppercase()),
        region: first(entry, REGION, text),
        city: first(entry, CITY, text),
        postal_code: first(entry, POSTAL_CODE, text),
        company: first(entry, COMPANY, text),
        domain: first(entry, DOMAIN, text).map(|domain| domain.to_lowercase()),
        industry: first(entry, INDUSTRY, text),
        employees: first(entry, EMPLOYEES, number),
    }
}

fn first<T>(entry: &Value, paths: &[&str], read: impl Fn(&Value) -> Option<T>) -> Option<T> {
    paths.iter().find_map(|path| read(at(entry, path)?))
}

fn at<'v>(entry: &'v Value, path: &str) -> Option<&'v Value> {
    path.split('.').try_fold(entry, |value, step| match value {
        Value::Array(items) => items.get(step.parse::<usize>().ok()?),
        other => other.get(step),
    })
}

fn text(value: &Value) -> Option<String> {
    let text: String = value.as_str()?.trim().chars().filter(|c| !c.is_control()).take(LONGEST).collect();
    (!text.is_empty()).then_some(text)
}

/// Numbers, and numbers written as texts.
fn number(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.trim().parse().ok())
}
