//! The store must find exactly those people whom the evaluator of criteria lets through.

use super::search::everybody;
use crate::{World, all_pages, fixtures::with, world::at};
use ::criteria::{
    AttributeRef, AttributeType, Catalog, Criteria, Facts, ListRef, Moment, Source, Symbols, Value, compile,
    standard,
};
use ::people::{AttributeDefinition, AttributeOwner, Company, Person};
use jiff::tz::TimeZone;
use kernel::{ListId, PersonId, SmartListId};
use serde_json::{Value as Json, json};
use std::collections::HashMap;
use store::PeopleQuery;

const CUSTOM: [(&str, AttributeType); 7] = [
    ("rank", AttributeType::Number),
    ("budget", AttributeType::Currency),
    ("birthday", AttributeType::Date),
    ("renewal", AttributeType::DateTime),
    ("vip", AttributeType::Boolean),
    ("homepage", AttributeType::Url),
    ("colour", AttributeType::Text),
];

struct Known(HashMap<String, ListId>);

impl Catalog for Known {
    fn attribute_type(&self, attribute: &AttributeRef) -> Option<AttributeType> {
        let custom = CUSTOM.iter().find(|(name, _)| *name == attribute.name()).map(|(_, kind)| *kind);
        let fixed = standard::of(attribute.of()).find(|s| s.name == attribute.name()).map(|s| s.kind);
        fixed.or_else(|| custom.filter(|_| attribute.of() == Source::Person))
    }
    fn list_name(&self, list: ListRef) -> Option<String> {
        self.0.iter().find(|(_, id)| ListRef::List(**id) == list).map(|(name, _)| name.clone())
    }
    fn lists_of(&self, _: SmartListId) -> Vec<ListRef> {
        Vec::new()
    }
}

/// Repeatable choices.
struct Choices(u64);

impl Choices {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % bound
    }
    fn of<'a, T: ?Sized>(&mut self, choices: &[&'a T]) -> &'a T {
        choices[self.below(choices.len())]
    }
    fn json(&mut self, choices: &[Json]) -> Json {
        choices[self.below(choices.len())].clone()
    }
}

const TEXTS: [&str; 9] =
    ["Ada", "ada lovelace", "ÁDÁ", "Łódź", "İstanbul", "straße", "100%_x", "O'Neil", "café Ada"];
const URLS: [&str; 6] = [
    "https://www.example.com/a?b=c@evil.org#d",
    "http://example.com:8080/",
    "https://badexample.com/example.com",
    "https://sub.Example.com?x=http://other.org/",
    "https://other.org/#@example.com",
    "http://[2001:db8::1]:80/example.com",
];

fn made(w: &World, choices: &mut Choices, companies: &[Company], number: usize) -> Person {
    let domain = choices.of(&["example.com", "mail.example.com", "badexample.com", "other.org"]);
    let mut person =
        if choices.below(5) == 0 { w.anonymous() } else { w.person(&format!("p{number}@{domain}")) };
    person.created_at = at(i64::try_from(choices.below(40)).unwrap() * 86_400 - 20 * 86_400);
    person.last_seen_at =
        (choices.below(3) > 0).then(|| at(i64::try_from(choices.below(100)).unwrap() * 3_600 - 50 * 3_600));
    person.company_id = companies.get(choices.below(companies.len() + 2)).map(|company| company.id);
    let values: [(&str, Vec<Json>); 10] = [
        ("first_name", TEXTS.iter().map(|text| json!(text)).collect()),
        ("last_name", TEXTS.iter().map(|text| json!(text)).collect()),
        ("full_name", TEXTS.iter().map(|text| json!(text)).collect()),
        ("rank", vec![json!(0), json!(1), json!(2.5), json!(-3), json!(1e15)]),
        ("budget", vec![json!(100), json!(99.99), json!(1_000_000)]),
        (
            "birthday",
            ["2026-03-02", "2026-03-01", "2025-12-31", "2026-04-01", "1970-01-01"].map(Json::from).to_vec(),
        ),
        (
            "renewal",
            [
                "2026-03-02T08:59:59.999Z",
                "2026-03-02T09:00:00.000Z",
                "2026-03-01T23:30:00.000Z",
                "2026-02-20T00:00:00.000Z",
            ]
            .map(Json::from)
            .to_vec(),
        ),
        ("vip", vec![json!(true), json!(false)]),
        (
            "homepage",
            URLS.iter()
                .map(|url| AttributeType::Url.parse(&json!(url)).unwrap().unwrap().to_json())
                .collect(),
        ),
        ("colour", vec![json!("Red"), json!("rouge"), json!("RÖT")]),
    ];
    for (name, possible) in values {
        if choices.below(3) > 0 {
            person = with(person, name, choices.json(&possible));
        }
    }
    person
}

/// One condition of each operator of each type, with values that lie on and around what people hold.
fn conditions(choices: &mut Choices) -> Vec<Json> {
    let mut all = Vec::new();
    let text = [
        "ada", "ÁDA", "lódz", "Łódź", "istanbul", "strasse", "straße", "%", "_", "o'", "café", "re",
        "Lovelace",
    ];
    for attribute in
        ["person.first_name", "person.full_name", "person.email", "person.colour", "company.name"]
    {
        for op in ["is", "is_not", "contains", "not_contains", "starts_with", "not_starts_with"] {
            let words: &[&str] = if attribute == "person.email" {
                &["p1", "example", "P7@example.com", "@", "p2@other.org"]
            } else {
                &text
            };
            all.push(json!({"attribute": attribute, "op": op, "values": [choices.of(words)]}));
            all.push(
                json!({"attribute": attribute, "op": op, "values": [choices.of(words), choices.of(words)]}),
            );
        }
    }
    for attribute in ["person.email", "person.homepage"] {
        for domain in ["example.com", "com", "other.org", "xample.com", "mail.example.com", "[2001:db8::1]"] {
            all.push(json!({"attribute": attribute, "op": "domain_is", "values": [domain]}));
        }
    }
    for attribute in ["person.rank", "person.budget", "company.size"] {
        for op in ["is", "is_not", "greater_than", "less_than", "at_least", "at_most"] {
            for value in [json!(1), json!(2.5), json!(100)] {
                all.push(json!({"attribute": attribute, "op": op, "values": [value]}));
            }
        }
        all.push(json!({"attribute": attribute, "op": "between", "values": [0, 100]}));
        all.push(json!({"attribute": attribute, "op": "is_not", "values": [1, 100, 50]}));
    }
    for attribute in ["person.birthday", "person.renewal", "person.created_at", "person.last_seen_at"] {
        for op in ["is", "before", "after", "on_or_after"] {
            for value in ["2026-03-02", "2026-03-02T09:00:00Z"] {
                all.push(json!({"attribute": attribute, "op": op, "values": [value]}));
            }
        }
        all.push(json!({"attribute": attribute, "op": "between", "values": ["2026-02-20", "2026-03-02T09:00:00Z"]}));
        for op in ["in_past", "not_in_past", "in_future"] {
            for unit in ["minutes", "hours", "days", "weeks", "months"] {
                all.push(json!({"attribute": attribute, "op": op, "values": [2], "unit": unit}));
            }
        }
        for op in [
            "today",
            "yesterday",
            "this_week",
            "last_week",
            "this_month",
            "last_month",
            "this_quarter",
            "last_quarter",
        ] {
            all.push(json!({"attribute": attribute, "op": op}));
        }
    }
    for op in ["is_true", "is_false", "is_empty"] {
        all.push(json!({"attribute": "person.vip", "op": op}));
    }
    for attribute in [
        "person.email",
        "person.first_name",
        "person.full_name",
        "person.rank",
        "person.birthday",
        "person.renewal",
        "person.last_seen_at",
        "person.homepage",
        "person.owner",
        "company.name",
        "company.domain",
        "company.size",
    ] {
        for op in ["is_empty", "is_not_empty"] {
            all.push(json!({"attribute": attribute, "op": op}));
        }
    }
    all.push(json!({"attribute": "company.domain", "op": "is", "values": ["acme.com", "nobody.com"]}));
    all.push(json!({"attribute": "company.domain", "op": "not_contains", "values": ["acme"]}));
    all
}

fn facts_of<'a>(
    person: &'a Person,
    company: Option<&'a Company>,
    catalog: &Known,
) -> Vec<(Source, String, Value)> {
    let mut facts = Vec::new();
    let mut put = |of: Source, name: &str, json: Option<Json>| {
        let Ok(attribute) = AttributeRef::new(of, name) else { return };
        let (Some(kind), Some(json)) = (catalog.attribute_type(&attribute), json) else { return };
        if let Ok(Some(value)) = kind.parse(&json) {
            facts.push((of, name.to_owned(), value));
        }
    };
    for (name, value) in &person.attributes {
        put(Source::Person, name, Some(value.clone()));
    }
    put(Source::Person, "email", person.email.as_ref().map(|email| email.as_str().into()));
    put(Source::Person, "full_name", ::people::full_name(person).map(Json::from));
    put(Source::Person, "owner", person.owner_id.map(|id| id.to_string().into()));
    put(Source::Person, "created_at", Some(person.created_at.to_string().into()));
    put(Source::Person, "last_seen_at", person.last_seen_at.map(|at| at.to_string().into()));
    if let Some(company) = company {
        for (name, value) in &company.attributes {
            put(Source::Company, name, Some(value.clone()));
        }
        put(Source::Company, "name", Some(company.name.clone().into()));
        put(Source::Company, "domain", company.domains.first().map(|domain| domain.as_str().into()));
    }
    facts
}

struct Crowd {
    people: Vec<Person>,
    companies: Vec<Company>,
    catalog: Known,
    members: Vec<PersonId>,
    list: ListId,
}

async fn crowd(w: &World) -> Crowd {
    let mut choices = Choices(7);
    let mut companies = vec![
        w.company("Acmé Ada", &["acme.com", "second.com"]),
        w.company("Łódź", &["x.org"]),
        w.company("None", &[]),
    ];
    companies[0].attributes.insert("size".to_owned(), json!(100));
    companies[1].attributes.insert("size".to_owned(), json!(1));
    let user_profile = w.profile("P");
    let user = w.user("owner@example.com", user_profile.id);
    let mut people: Vec<_> = (0..300).map(|n| made(w, &mut choices, &companies, n)).collect();
    for person in people.iter_mut().step_by(9) {
        person.owner_id = Some(user.id);
    }
    let list = w.list("Some");
    let members: Vec<_> = people.iter().step_by(3).map(|person| person.id).collect();
    let mut tx = w.begin().await;
    for (name, kind) in CUSTOM {
        tx.insert_attribute(&AttributeDefinition {
            id: w.id(),
            of: AttributeOwner::Person,
            name: name.to_owned(),
            label: name.to_owned(),
            kind,
            standard: false,
            harmless: false,
            created_at: at(0),
        })
        .await
        .unwrap();
    }
    tx.insert_profile(&user_profile).await.unwrap();
    tx.insert_user(&user).await.unwrap();
    tx.insert_companies(&companies).await.unwrap();
    tx.insert_people(&people[..150]).await.unwrap();
    tx.bulk_upsert_people(&people[150..]).await.unwrap();
    tx.insert_list(&list).await.unwrap();
    tx.add_to_list(list.id, &members, None, at(0)).await.unwrap();
    tx.commit().await.unwrap();
    let catalog = Known(HashMap::from([("Some".to_owned(), list.id)]));
    Crowd { people, companies, catalog, members, list: list.id }
}

impl Crowd {
    fn expected(&self, criteria: &Criteria, zone: &str) -> Vec<PersonId> {
        let mut symbols = Symbols::new();
        let compiled = compile(criteria, &self.catalog, &mut symbols).expect("the criteria is right");
        let moment = Moment::new(at(0), TimeZone::get(zone).unwrap());
        let holds = |person: &&Person| {
            let company = self.companies.iter().find(|company| Some(company.id) == person.company_id);
            let facts = facts_of(person, company, &self.catalog);
            let named = facts.iter().map(|(of, name, value)| (*of, name.as_str(), value));
            let lists = self.members.contains(&person.id).then_some(ListRef::List(self.list));
            compiled.holds(&Facts::prepare(&symbols, &moment, named, lists))
        };
        let mut ids: Vec<_> = self.people.iter().filter(holds).map(|person| person.id).collect();
        ids.sort_unstable();
        ids
    }

    async fn compare(&self, w: &World, json: &Json, zone: &str) -> usize {
        let criteria: Criteria = serde_json::from_value(json.clone()).unwrap();
        let expected = self.expected(&criteria, zone);
        let query =
            PeopleQuery { criteria: Some(criteria), now: at(0), time_zone: zone.to_owned(), ..everybody() };
        let mut session = w.read().await;
        let mut found: Vec<_> =
            all_pages!(200, page => session.search_people(&query, &page)).iter().map(|p| p.id).collect();
        found.sort_unstable();
        assert_eq!(found, expected, "{json} in {zone}");
        assert_eq!(session.count_people(&query).await.unwrap().count, expected.len() as u64, "{json}");
        expected.len()
    }
}

pub async fn search_agrees_with_the_evaluator(w: World) {
    let crowd = crowd(&w).await;
    let mut choices = Choices(11);
    let mut conditions = conditions(&mut choices);
    conditions.push(json!({"member_of": crowd.list, "op": "is_member"}));
    conditions.push(json!({"member_of": crowd.list, "op": "is_not_member"}));
    let owner = crowd.people[0].owner_id.unwrap().to_string();
    for op in ["is", "is_not", "starts_with", "not_contains"] {
        conditions.push(json!({"attribute": "person.owner", "op": op, "values": [owner]}));
    }
    let mut selective = 0;
    for condition in &conditions {
        let count = crowd.compare(&w, condition, "UTC").await;
        selective += usize::from(count > 0 && count < crowd.people.len());
    }
    assert!(
        selective * 3 > conditions.len() * 2,
        "{selective} of {} conditions tell people apart",
        conditions.len()
    );
    for _ in 0..60 {
        let mut pick = || conditions[choices.below(conditions.len())].clone();
        let tree = json!({"all": [{"any": [pick(), pick(), {"all": [pick(), pick()]}]}, {"any": [pick(), {"all": []}, pick()]},
            {"any": [pick(), pick(), pick()]}]});
        crowd.compare(&w, &tree, "UTC").await;
    }
    crowd.compare(&w, &json!({"all": []}), "UTC").await;
}

pub async fn days_are_cut_in_the_zone_asked_for(w: World) {
    let crowd = crowd(&w).await;
    for zone in ["America/Los_Angeles", "Asia/Kolkata", "Pacific/Auckland"] {
        for attribute in ["person.birthday", "person.renewal", "person.created_at", "person.last_seen_at"] {
            for op in
                ["today", "yesterday", "this_week", "last_week", "this_month", "last_month", "this_quarter"]
            {
                crowd.compare(&w, &json!({"attribute": attribute, "op": op}), zone).await;
            }
            for op in ["is", "before", "after", "on_or_after"] {
                crowd
                    .compare(&w, &json!({"attribute": attribute, "op": op, "values": ["2026-03-02"]}), zone)
                    .await;
            }
        }
    }
}
