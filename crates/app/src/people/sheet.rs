//! People as CSV, written while it is read: memory stays small however many there are.

use super::{Names, PersonRow, Search, question};
use crate::access::Actor;
use crate::audit::{self, Note};
use crate::export::{cell, inert, line};
use crate::{App, AppError, FieldError};
use kernel::{Timestamp, to_millis};
use serde_json::{Value, json};
use store::{PageRequest, PeopleQuery, PeopleSort};
use tokio::sync::mpsc::{self, Receiver, Sender};

/// The header line and the queue of the rest; an error ends it early.
pub type Sheet = Receiver<Result<String, AppError>>;

/// Columns beside attributes.
const FIELDS: [&str; 8] =
    ["id", "email", "company", "owner", "known", "created_at", "updated_at", "last_seen_at"];

/// Begins an export; the access stands in the audit log with columns and number.
pub async fn sheet(
    app: &App,
    actor: &Actor,
    search: &Search,
    columns: Vec<String>,
) -> Result<Sheet, AppError> {
    let columns = checked(app, columns).await?;
    let mut session = app.store().read().await?;
    let mut question = question(app, &mut *session, search).await?;
    // By time of making, so that people who change meanwhile stay where they are.
    question.sort = PeopleSort::CreatedAt;
    question.descending = false;
    let total = session.count_people(&question).await?;
    drop(session);
    let details = json!({ "people": total.count, "columns": columns, "words": search.words.is_some(), "criteria": search.criteria.is_some() });
    audit::write_alone(app, actor, Note::new("people.exported", "people").details(details)).await?;
    let (sender, receiver) = mpsc::channel(4);
    let app = app.clone();
    tokio::spawn(async move {
        if let Err(error) = write(&app, &question, &columns, &sender).await {
            // Nobody listens any more when this fails.
            drop(sender.send(Err(error)).await);
        }
    });
    Ok(receiver)
}

async fn checked(app: &App, columns: Vec<String>) -> Result<Vec<String>, AppError> {
    if columns.is_empty() || columns.len() > 500 {
        return Err(AppError::invalid("/columns", "required", "has no column, or more than 500"));
    }
    let mut session = app.store().read().await?;
    let catalog = crate::catalog::AttributeCatalog::read(&mut *session).await?;
    let bare: Vec<String> =
        columns.into_iter().map(|c| c.strip_prefix("person.").map(str::to_owned).unwrap_or(c)).collect();
    let known = |name: &str| {
        FIELDS.contains(&name)
            || name.starts_with("company.")
            || catalog.type_of(&format!("person.{name}")).is_some()
    };
    let unknown = bare.iter().enumerate().filter(|(_, name)| !known(name));
    let errors: Vec<FieldError> = unknown
        .map(|(i, _)| FieldError::new(format!("/columns/{i}"), "option", "is not an attribute"))
        .collect();
    if errors.is_empty() { Ok(bare) } else { Err(AppError::Invalid(errors)) }
}

async fn write(
    app: &App,
    question: &PeopleQuery,
    columns: &[String],
    sender: &Sender<Result<String, AppError>>,
) -> Result<(), AppError> {
    let header: Vec<String> = columns.iter().map(|name| inert(name)).collect();
    if sender.send(Ok(line(&header))).await.is_err() {
        return Ok(());
    }
    let mut names = Names::default();
    let mut page = PageRequest::first(200);
    loop {
        let mut session = app.store().read().await?;
        let found = session.search_people(question, &page).await?;
        let mut text = String::new();
        for row in names.rows(&mut *session, found.items).await? {
            let company = match row.person.company_id {
                Some(id) => names.company(&mut *session, id).await?.cloned(),
                None => None,
            };
            let cells: Vec<String> = columns.iter().map(|name| value(&row, company.as_ref(), name)).collect();
            text.push_str(&line(&cells));
        }
        drop(session);
        if sender.send(Ok(text)).await.is_err() {
            return Ok(());
        }
        match found.next {
            Some(next) => page.cursor = Some(next),
            None => return Ok(()),
        }
    }
}

fn value(row: &PersonRow, company: Option<&people::Company>, name: &str) -> String {
    let person = &row.person;
    let time = |at: Timestamp| format!("{:.3}", kernel::millis(to_millis(at)));
    match name {
        "id" => person.id.to_string(),
        "email" => person.email.as_ref().map(|email| inert(email.as_str())).unwrap_or_default(),
        "company" | "company.name" => company.map(|company| inert(&company.name)).unwrap_or_default(),
        "company.domain" => {
            company.and_then(|c| c.domains.first()).map(|d| inert(d.as_str())).unwrap_or_default()
        }
        "owner" => row.owner.as_ref().map(|(_, name)| inert(name)).unwrap_or_default(),
        "known" => person.is_known().to_string(),
        "created_at" => time(person.created_at),
        "updated_at" => time(person.updated_at),
        "last_seen_at" => person.last_seen_at.map(time).unwrap_or_default(),
        "full_name" => people::full_name(person).map(|name| inert(&name)).unwrap_or_default(),
        _ => match name.strip_prefix("company.") {
            Some(bare) => cell(company.and_then(|c| c.attributes.get(bare)).unwrap_or(&Value::Null)),
            None => cell(person.attributes.get(name).unwrap_or(&Value::Null)),
        },
    }
}
