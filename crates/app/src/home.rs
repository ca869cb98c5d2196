//! The first screen: what needs attention, today against yesterday, and who came last.

use crate::access::{Actor, Permission};
use crate::conversations::console::ConversationSummary;
use crate::goals::GoalNames;
use crate::people::{self, PersonRow, Search};
use crate::{App, AppError};
use engagement::ActivityType;
use jiff::{ToSpan, tz::TimeZone};
use kernel::Timestamp;
use store::{
    ConversationFilter, DialogueFilter, ImportState, JobStatus, PageRequest, PeopleSort, PublicationState,
    Session,
};

/// Something that somebody should look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need {
    /// For programs: `no_site`, `no_dialogue`, `mail_held`, `mail_dead`, `import_failed`, `site_silent`.
    pub kind: &'static str,
    /// What it is.
    pub title: String,
    /// Why it matters.
    pub detail: String,
    /// Where to look, within the console.
    pub link: String,
}

/// Figures of one day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Day {
    /// Visits begun.
    pub visits: u64,
    /// Dialogues shown.
    pub triggered: u64,
    /// First answers.
    pub engaged: u64,
    /// Ends reached.
    pub completed: u64,
    /// Addresses given.
    pub acquired: u64,
}

/// The first screen.
#[derive(Debug)]
pub struct Home {
    /// What needs attention.
    pub needs: Vec<Need>,
    /// Today so far.
    pub today: Day,
    /// All of yesterday.
    pub yesterday: Day,
    /// Known people seen last.
    pub people: Vec<PersonRow>,
    /// Conversations that began last.
    pub conversations: Vec<ConversationSummary>,
}

/// What an actor may see of the first screen; days are cut in `zone`.
pub async fn home(app: &App, actor: &Actor, zone: Option<&str>) -> Result<Home, AppError> {
    let (yesterday, today, tomorrow) = days(app, zone);
    let mut session = app.store().read().await?;
    let needs = needs(app, actor, &mut *session).await?;
    let mut home = Home {
        needs,
        today: day(&mut *session, today, tomorrow).await?,
        yesterday: day(&mut *session, yesterday, today).await?,
        people: Vec::new(),
        conversations: Vec::new(),
    };
    let first = PageRequest::first(8);
    if actor.may(Permission::LivechatViewAll) {
        let found = session.conversations(&ConversationFilter::default(), &first).await?;
        let names = GoalNames::read(&mut *session).await?;
        home.conversations =
            found.items.into_iter().map(|row| ConversationSummary::new(row, &names)).collect();
    }
    drop(session);
    if actor.may(Permission::PeopleView) {
        let search = Search { known: Some(true), sort: PeopleSort::UpdatedAt, ..Search::default() };
        home.people = people::search(app, &search, &first).await?.0.items;
    }
    Ok(home)
}

fn days(app: &App, zone: Option<&str>) -> (Timestamp, Timestamp, Timestamp) {
    let name = zone.unwrap_or(&app.settings().time_zone);
    let zone = TimeZone::get(name).unwrap_or(TimeZone::UTC);
    let now = app.now().to_zoned(zone);
    let midnight = now.start_of_day().unwrap_or_else(|_| now.clone());
    let shifted =
        |days: i64| midnight.checked_add(days.days()).map_or(midnight.timestamp(), |day| day.timestamp());
    (shifted(-1), midnight.timestamp(), shifted(1))
}

async fn day(session: &mut dyn Session, from: Timestamp, to: Timestamp) -> Result<Day, AppError> {
    let counts = session.count_activities(from, to).await?;
    let of = |kind| counts.iter().find(|count| count.kind == kind).map_or(0, |count| count.count);
    Ok(Day {
        visits: session.count_visits(from, to).await?,
        triggered: of(ActivityType::Triggered),
        engaged: of(ActivityType::Engaged),
        completed: of(ActivityType::Completed),
        acquired: of(ActivityType::Acquired),
    })
}

fn need(kind: &'static str, title: impl Into<String>, detail: &str, link: &str) -> Need {
    Need { kind, title: title.into(), detail: detail.to_owned(), link: link.to_owned() }
}

async fn needs(app: &App, actor: &Actor, session: &mut dyn Session) -> Result<Vec<Need>, AppError> {
    let mut needs = Vec::new();
    if actor.may(Permission::AdminChatbotSettings) {
        site_needs(session, &mut needs).await?;
    }
    if actor.may(Permission::DialoguesView) {
        let live = DialogueFilter { state: Some(PublicationState::Published), ..DialogueFilter::default() };
        if session.dialogues(&live, &PageRequest::first(1)).await?.items.is_empty() {
            let detail = "Until a dialogue is published nobody is greeted.";
            needs.push(need("no_dialogue", "No dialogue is published", detail, "/dialogues"));
        }
    }
    if actor.may(Permission::AdminIntegrations) || actor.may(Permission::AdminUsers) {
        outbox_needs(app, session, &mut needs).await?;
    }
    if actor.may(Permission::PeopleImport) {
        let imports = session.imports(&PageRequest::first(20)).await?;
        for import in imports.items.into_iter().filter(|import| import.state == ImportState::Failed) {
            let detail = import.error.unwrap_or_default();
            needs.push(need(
                "import_failed",
                format!("The import of {} failed", import.name),
                &detail,
                &format!("/imports/{}", import.id),
            ));
        }
    }
    Ok(needs)
}

async fn site_needs(session: &mut dyn Session, needs: &mut Vec<Need>) -> Result<(), AppError> {
    let sites = session.sites().await?;
    if sites.is_empty() {
        needs.push(need(
            "no_site",
            "There is no site yet",
            "A site holds the snippet for your pages.",
            "/sites",
        ));
    }
    for site in sites.iter().filter(|site| site.enabled && site.last_seen_at.is_none()) {
        needs.push(need(
            "site_silent",
            format!("{} has not been seen yet", site.name),
            "Put the snippet on its pages.",
            &format!("/sites/{}", site.id),
        ));
    }
    Ok(())
}

async fn outbox_needs(app: &App, session: &mut dyn Session, needs: &mut Vec<Need>) -> Result<(), AppError> {
    for (status, count) in session.job_counts().await? {
        match status {
            JobStatus::Held if count > 0 && app.mailer().is_none() => needs.push(need(
                "mail_held",
                format!("{count} mails are held"),
                "No mail server is set up; the outbox shows them with their links.",
                "/outbox",
            )),
            JobStatus::Dead if count > 0 => needs.push(need(
                "mail_dead",
                format!("{count} mails could not be sent"),
                "They were given up after several attempts.",
                "/outbox",
            )),
            _ => {}
        }
    }
    Ok(())
}
