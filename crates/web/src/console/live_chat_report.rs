//! The report of live chat: totals, days, agents and teams, and each of these tables as a file.

use crate::{
    extract::Query,
    guard::{Guarded, Needs, Who},
    problem::Problem,
    shapes::At,
    state::Web,
};
use app::{
    access::Permission,
    dialogues::span::Asked,
    livechat::report::{self, LiveChatReport, LiveChatTable, Wanted},
};
use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use kernel::{SiteId, TeamId, UserId};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

const VIEW: Needs = Needs::Permission(Permission::AnalyticsLivechat);

/// Routes of the report of live chat.
pub fn router() -> OpenApiRouter<Web> {
    OpenApiRouter::new().at(VIEW, routes!(figures)).at(VIEW, routes!(sheet))
}

/// Which time, and whose figures.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Range {
    /// Chats requested from this time on; 30 days before the end when absent.
    #[param(value_type = Option<String>)]
    from: Option<At>,
    /// Requested before this time; now when absent.
    #[param(value_type = Option<String>)]
    to: Option<At>,
    /// IANA name of the zone in which days are cut; the instance's when absent.
    time_zone: Option<String>,
    /// Chats of one site.
    #[param(value_type = Option<String>)]
    site_id: Option<SiteId>,
    /// Totals and days of one agent.
    #[param(value_type = Option<String>)]
    agent_id: Option<UserId>,
    /// Totals and days of the members of a team.
    #[param(value_type = Option<String>)]
    team_id: Option<TeamId>,
}

/// Which table of which time, and whose figures.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct SheetQuery {
    /// `days`, `agents` or `teams`.
    #[param(value_type = String)]
    table: LiveChatTable,
    /// Chats requested from this time on; 30 days before the end when absent.
    #[param(value_type = Option<String>)]
    from: Option<At>,
    /// Requested before this time; now when absent.
    #[param(value_type = Option<String>)]
    to: Option<At>,
    /// IANA name of the zone in which days are cut; the instance's when absent.
    time_zone: Option<String>,
    /// Chats of one site.
    #[param(value_type = Option<String>)]
    site_id: Option<SiteId>,
    /// Days of one agent.
    #[param(value_type = Option<String>)]
    agent_id: Option<UserId>,
    /// Days of the members of a team.
    #[param(value_type = Option<String>)]
    team_id: Option<TeamId>,
}

fn asked(from: Option<At>, to: Option<At>, zone: Option<String>) -> Asked {
    Asked { from: from.map(|at| at.0), to: to.map(|at| at.0), zone }
}

/// Figures of live chat: totals, days, agents and teams
///
/// Everything of a chat counts on the day on which the visitor asked for somebody. A chat belongs to the agent who had it
/// last; being asked counts for everybody who was.
#[utoipa::path(get, path = "/api/v1/reports/live-chat", operation_id = "show_live_chat_report", tag = "console", params(Range), responses((status = 200, body = LiveChatReport)))]
async fn figures(
    State(web): State<Web>,
    Query(range): Query<Range>,
) -> Result<axum::Json<LiveChatReport>, Problem> {
    let Range { from, to, time_zone, site_id, agent_id, team_id } = range;
    let asked = asked(from, to, time_zone);
    let wanted = Wanted { asked, site: site_id, agent: agent_id, team: team_id };
    Ok(axum::Json(report::report(web.app(), &wanted).await?))
}

/// A whole table of the report of live chat as CSV
///
/// Needs the permission to export reports too. Cells that a spreadsheet could take for a formula get a quote in front.
#[utoipa::path(get, path = "/api/v1/reports/live-chat.csv", operation_id = "download_live_chat_report", tag = "console", params(SheetQuery), responses((status = 200, content_type = "text/csv", body = String)))]
async fn sheet(
    State(web): State<Web>,
    who: Who,
    Query(query): Query<SheetQuery>,
) -> Result<Response, Problem> {
    if !who.may(Permission::AnalyticsExport) {
        let sentence = "downloading figures needs the permission to export reports";
        return Err(app::AppError::Forbidden(sentence.to_owned()).into());
    }
    let SheetQuery { table, from, to, time_zone, site_id, agent_id, team_id } = query;
    let asked = asked(from, to, time_zone);
    let wanted = Wanted { asked, site: site_id, agent: agent_id, team: team_id };
    let text = report::sheet(web.app(), &wanted, table).await?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"live-chat-{}.csv\"", table.name())),
    ];
    Ok((headers, text).into_response())
}
