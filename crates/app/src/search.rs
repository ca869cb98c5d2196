//! The command palette's search: a few of everything that the actor may see.

use crate::access::{Actor, Permission};
use crate::people::{self, Search};
use crate::{App, AppError};
use kernel::text::fold;
use store::{DialogueFilter, PageRequest, PeopleSort};

/// Hits of one kind.
const EACH: u32 = 6;

/// Something found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// `person`, `dialogue`, `site`, `company` or `user`.
    pub kind: &'static str,
    /// Its id.
    pub id: String,
    /// Its name.
    pub title: String,
    /// What tells it from others.
    pub subtitle: Option<String>,
    /// Where it is, within the console.
    pub link: String,
}

impl Hit {
    fn new(
        kind: &'static str,
        id: impl ToString,
        title: impl Into<String>,
        subtitle: Option<String>,
        place: &str,
    ) -> Self {
        let id = id.to_string();
        Self { kind, link: format!("/{place}/{id}"), id, title: title.into(), subtitle }
    }
}

/// Searches everything that `actor` may see.
pub async fn search(app: &App, actor: &Actor, words: &str) -> Result<Vec<Hit>, AppError> {
    let words = words.trim();
    let mut hits = Vec::new();
    if words.is_empty() {
        return Ok(hits);
    }
    let first = PageRequest::first(EACH);
    if actor.may(Permission::PeopleView) {
        let question =
            Search { words: Some(words.to_owned()), sort: PeopleSort::UpdatedAt, ..Search::default() };
        let mut session = app.store().read().await?;
        let question = people::question(app, &mut *session, &question).await?;
        for person in session.search_people(&question, &first).await?.items {
            let email = person.email.as_ref().map(ToString::to_string);
            let name = ::people::full_name(&person)
                .or_else(|| email.clone())
                .unwrap_or_else(|| "Anonymous".to_owned());
            hits.push(Hit::new("person", person.id, name, email, "people"));
        }
        for row in session.companies(Some(words), &first).await?.items {
            let domain = row.company.domains.first().map(ToString::to_string);
            hits.push(Hit::new("company", row.company.id, row.company.name, domain, "companies"));
        }
    }
    named(app, actor, words, &mut hits).await?;
    Ok(hits)
}

async fn named(app: &App, actor: &Actor, words: &str, hits: &mut Vec<Hit>) -> Result<(), AppError> {
    let mut session = app.store().read().await?;
    if actor.may(Permission::DialoguesView) {
        let filter = DialogueFilter { query: Some(words.to_owned()), ..DialogueFilter::default() };
        for dialogue in session.dialogues(&filter, &PageRequest::first(EACH)).await?.items {
            hits.push(Hit::new("dialogue", dialogue.id, dialogue.name, None, "dialogues"));
        }
    }
    let asked = fold(words);
    if actor.may(Permission::AdminChatbotSettings) {
        let sites = session.sites().await?.into_iter().filter(|site| fold(&site.name).contains(&asked));
        hits.extend(
            sites.take(EACH as usize).map(|site| Hit::new("site", site.id, site.name, None, "sites")),
        );
    }
    if actor.may(Permission::AdminUsers) {
        let fits =
            |user: &store::User| fold(&user.name).contains(&asked) || user.email.as_str().contains(&asked);
        let users = session.users().await?.into_iter().filter(fits);
        let hit = |user: store::User| {
            Hit::new("user", user.id, user.name.clone(), Some(user.email.to_string()), "users")
        };
        hits.extend(users.take(EACH as usize).map(hit));
    }
    Ok(())
}
