//! The first screen and the command palette.

use super::people_shapes::Person;
use crate::extract::Query;
use crate::guard::{Guarded, Needs, Who};
use crate::problem::Problem;
use crate::shapes::List;
use crate::state::Web;
use app::conversations::console::ConversationSummary;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Routes of the first screen.
pub fn router() -> OpenApiRouter<Web> {
    OpenApiRouter::new().at(Needs::User, routes!(home)).at(Needs::User, routes!(search))
}

/// Something that somebody should look at.
#[derive(Debug, Serialize, ToSchema)]
struct NeedInfo {
    kind: String,
    title: String,
    detail: String,
    /// Within the console.
    link: String,
}

/// Figures of one day.
#[derive(Debug, Serialize, ToSchema)]
struct DayCounts {
    visits: u64,
    triggered: u64,
    engaged: u64,
    completed: u64,
    acquired: u64,
}

/// The first screen.
#[derive(Debug, Serialize, ToSchema)]
struct Home {
    needs: Vec<NeedInfo>,
    counts_today: DayCounts,
    counts_yesterday: DayCounts,
    recent_people: Vec<Person>,
    recent_conversations: Vec<ConversationSummary>,
}

impl From<app::home::Day> for DayCounts {
    fn from(day: app::home::Day) -> Self {
        Self {
            visits: day.visits,
            triggered: day.triggered,
            engaged: day.engaged,
            completed: day.completed,
            acquired: day.acquired,
        }
    }
}

/// What needs attention, today against yesterday, and who came last
///
/// Shows what the user may see; the rest is empty.
#[utoipa::path(get, path = "/api/v1/home", tag = "console", responses((status = 200, body = Home)))]
async fn home(State(web): State<Web>, who: Who) -> Result<axum::Json<Home>, Problem> {
    let zone = who.sign_in().user().and_then(|me| app::users::time_zone(&me.user));
    let found = app::home::home(web.app(), &who, zone).await?;
    let need = |need: app::home::Need| NeedInfo {
        kind: need.kind.to_owned(),
        title: need.title,
        detail: need.detail,
        link: need.link,
    };
    Ok(axum::Json(Home {
        needs: found.needs.into_iter().map(need).collect(),
        counts_today: found.today.into(),
        counts_yesterday: found.yesterday.into(),
        recent_people: found.people.into_iter().map(Into::into).collect(),
        recent_conversations: found.conversations,
    }))
}

/// What is looked for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Words {
    /// Beginnings of words.
    #[serde(default)]
    q: String,
}

/// Something found.
#[derive(Debug, Serialize, ToSchema)]
struct SearchHit {
    #[schema(value_type = crate::words::HitKind)]
    kind: String,
    id: String,
    title: String,
    subtitle: Option<String>,
    /// Within the console.
    link: String,
}

/// Search everything one may see
#[utoipa::path(get, path = "/api/v1/search", tag = "console", params(Words), responses((status = 200, body = List<SearchHit>)))]
async fn search(
    State(web): State<Web>,
    who: Who,
    Query(words): Query<Words>,
) -> Result<axum::Json<List<SearchHit>>, Problem> {
    let hits = app::search::search(web.app(), &who, &words.q).await?;
    let shape = |hit: app::search::Hit| SearchHit {
        kind: hit.kind.to_owned(),
        id: hit.id,
        title: hit.title,
        subtitle: hit.subtitle,
        link: hit.link,
    };
    Ok(axum::Json(List::whole(hits.into_iter().map(shape).collect())))
}
