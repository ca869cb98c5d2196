//! Reports of dialogues and flows: totals, days, parts, names, and each of these tables as a file.

use crate::{
    extract::{Path, Query},
    guard::{Guarded, Needs, Who},
    problem::Problem,
    shapes::{At, List},
    state::Web,
};
use app::{
    access::Permission,
    dialogues::{
        Handle,
        report::{self, Named, NamedNumber, Report, ReportParts},
        report_sheet::{self, Sheet},
        span::Asked,
    },
};
use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use kernel::DialogueId;
use serde::Deserialize;
use store::{Cut, DialogueKind};
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Routes of reports.
pub fn router() -> OpenApiRouter<Web> {
    dialogue_reports::router().merge(flow_reports::router())
}

/// Which time.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Range {
    /// From this time on; 30 days before the end when absent.
    #[param(value_type = Option<String>)]
    from: Option<At>,
    /// Before this time; now when absent.
    #[param(value_type = Option<String>)]
    to: Option<At>,
    /// IANA name of the zone in which days are cut; the instance's when absent.
    time_zone: Option<String>,
}

/// Which time, and what it is cut by.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct PartsQuery {
    /// `page`, `device`, `country`, `known` or `version`.
    #[param(value_type = String)]
    by: Cut,
    /// From this time on; 30 days before the end when absent.
    #[param(value_type = Option<String>)]
    from: Option<At>,
    /// Before this time; now when absent.
    #[param(value_type = Option<String>)]
    to: Option<At>,
}

/// Which time, and names of what.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct NamesQuery {
    /// `goals` or `documents`.
    #[param(value_type = String)]
    of: Named,
    /// From this time on; 30 days before the end when absent.
    #[param(value_type = Option<String>)]
    from: Option<At>,
    /// Before this time; now when absent.
    #[param(value_type = Option<String>)]
    to: Option<At>,
}

/// Which table of which time.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct SheetQuery {
    /// `days`, `page`, `device`, `country`, `known`, `version`, `goals` or `documents`.
    #[param(value_type = String)]
    table: Sheet,
    /// From this time on; 30 days before the end when absent.
    #[param(value_type = Option<String>)]
    from: Option<At>,
    /// Before this time; now when absent.
    #[param(value_type = Option<String>)]
    to: Option<At>,
    /// IANA name of the zone in which days are cut; the instance's when absent.
    time_zone: Option<String>,
}

fn asked(from: Option<At>, to: Option<At>, zone: Option<String>) -> Asked {
    Asked { from: from.map(|at| at.0), to: to.map(|at| at.0), zone }
}

async fn file(web: &Web, who: &Who, handle: Handle, query: SheetQuery) -> Result<Response, Problem> {
    if !who.may(Permission::AnalyticsExport) {
        let sentence = "downloading figures needs the permission to export reports";
        return Err(app::AppError::Forbidden(sentence.to_owned()).into());
    }
    let SheetQuery { table, from, to, time_zone } = query;
    let text = report_sheet::sheet(web.app(), handle, &asked(from, to, time_zone), table).await?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"report-{}.csv\"", table.name())),
    ];
    Ok((headers, text).into_response())
}

/// The routes of one kind; the paths stand in full because the API's file is made of literals.
macro_rules! report_routes {
    ($(#[$doc:meta])* $module:ident, $kind:expr, $view:expr, $report:literal, $parts:literal, $names:literal, $file:literal) => {
        $(#[$doc])*
        mod $module {
            use super::*;

            const VIEW: Needs = Needs::Permission($view);

            pub(super) fn router() -> OpenApiRouter<Web> {
                OpenApiRouter::new()
                    .at(VIEW, routes!(figures))
                    .at(VIEW, routes!(parts))
                    .at(VIEW, routes!(names))
                    .at(VIEW, routes!(sheet))
            }

            fn handle(id: DialogueId) -> Handle {
                Handle { kind: $kind, id }
            }

            /// Figures: totals and days, with those of the period before
            #[utoipa::path(get, path = $report, tag = "console", params(("id" = String, Path), Range), responses((status = 200, body = Report)))]
            async fn figures(
                State(web): State<Web>,
                Path(id): Path<DialogueId>,
                Query(range): Query<Range>,
            ) -> Result<axum::Json<Report>, Problem> {
                let asked = asked(range.from, range.to, range.time_zone);
                Ok(axum::Json(report::report(web.app(), handle(id), &asked).await?))
            }

            /// Figures cut by page, device, country, known people or version
            ///
            /// The parts add up to the totals: the 100 most triggered, and the sum of the others.
            #[utoipa::path(get, path = $parts, tag = "console", params(("id" = String, Path), PartsQuery), responses((status = 200, body = ReportParts)))]
            async fn parts(
                State(web): State<Web>,
                Path(id): Path<DialogueId>,
                Query(query): Query<PartsQuery>,
            ) -> Result<axum::Json<ReportParts>, Problem> {
                let asked = asked(query.from, query.to, None);
                Ok(axum::Json(report::parts(web.app(), handle(id), &asked, query.by).await?))
            }

            /// Goals reached or documents opened, by name
            #[utoipa::path(get, path = $names, tag = "console", params(("id" = String, Path), NamesQuery), responses((status = 200, body = List<NamedNumber>)))]
            async fn names(
                State(web): State<Web>,
                Path(id): Path<DialogueId>,
                Query(query): Query<NamesQuery>,
            ) -> Result<axum::Json<List<NamedNumber>>, Problem> {
                let asked = asked(query.from, query.to, None);
                Ok(axum::Json(List::whole(report::names(web.app(), handle(id), &asked, query.of).await?)))
            }

            /// A whole table of the report as CSV
            ///
            /// Needs the permission to export reports too. Cells that a spreadsheet could take for a formula get a quote
            /// in front.
            #[utoipa::path(get, path = $file, tag = "console", params(("id" = String, Path), SheetQuery), responses((status = 200, content_type = "text/csv", body = String)))]
            async fn sheet(
                State(web): State<Web>,
                who: Who,
                Path(id): Path<DialogueId>,
                Query(query): Query<SheetQuery>,
            ) -> Result<Response, Problem> {
                file(&web, &who, handle(id), query).await
            }
        }
    };
}

report_routes!(
    /// Of dialogues.
    dialogue_reports, DialogueKind::Dialogue, Permission::DialoguesView,
    "/api/v1/dialogues/{id}/report",
    "/api/v1/dialogues/{id}/report/parts",
    "/api/v1/dialogues/{id}/report/names",
    "/api/v1/dialogues/{id}/report.csv"
);

report_routes!(
    /// Of flows.
    flow_reports, DialogueKind::Flow, Permission::FlowsView,
    "/api/v1/flows/{id}/report",
    "/api/v1/flows/{id}/report/parts",
    "/api/v1/flows/{id}/report/names",
    "/api/v1/flows/{id}/report.csv"
);
