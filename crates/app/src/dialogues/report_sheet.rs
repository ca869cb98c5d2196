//! Every table of a report as CSV.

use super::{
    Handle,
    report::{self, Named, NamedNumber, ReportCounts},
    span::Asked,
};
use crate::{
    App, AppError,
    export::{inert, line},
};
use serde::Deserialize;
use store::Cut;
use utoipa::ToSchema;

/// A table of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Sheet {
    /// A row for each day.
    Days,
    /// A row for each page.
    Page,
    /// A row for each kind of device.
    Device,
    /// A row for each country.
    Country,
    /// Known and anonymous people.
    Known,
    /// A row for each version.
    Version,
    /// A row for each goal.
    Goals,
    /// A row for each document.
    Documents,
}

impl Sheet {
    /// The head of its first column, which also names the file.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Days => "day",
            Self::Page => "page",
            Self::Device => "device",
            Self::Country => "country",
            Self::Known => "known",
            Self::Version => "version",
            Self::Goals => "goal",
            Self::Documents => "document",
        }
    }
}

/// The whole table, with the words of the API as heads; what was not recorded has an empty first cell.
pub async fn sheet(
    app: &App,
    handle: impl Into<Handle>,
    asked: &Asked,
    sheet: Sheet,
) -> Result<String, AppError> {
    let handle = handle.into();
    let cut = match sheet {
        Sheet::Days => {
            let days = report::report(app, handle, asked).await?.days;
            return Ok(counted(sheet, days.into_iter().map(|day| (Some(day.day), day.counts))));
        }
        Sheet::Goals => return Ok(named(sheet, report::names(app, handle, asked, Named::Goals).await?)),
        Sheet::Documents => {
            return Ok(named(sheet, report::names(app, handle, asked, Named::Documents).await?));
        }
        Sheet::Page => Cut::Page,
        Sheet::Device => Cut::Device,
        Sheet::Country => Cut::Country,
        Sheet::Known => Cut::Known,
        Sheet::Version => Cut::Version,
    };
    let parts = report::every_part(app, handle, asked, cut).await?;
    Ok(counted(sheet, parts.into_iter().map(|part| (part.key, part.counts))))
}

fn counted(sheet: Sheet, rows: impl Iterator<Item = (Option<String>, ReportCounts)>) -> String {
    let heads = [sheet.name(), "triggered", "engaged", "completed", "acquired", "goals", "documents"];
    let mut text = line(&heads);
    for (key, counts) in rows {
        let ReportCounts { triggered, engaged, completed, acquired, goals, documents } = counts;
        let mut cells = vec![inert(&key.unwrap_or_default())];
        cells.extend([triggered, engaged, completed, acquired, goals, documents].map(|n| n.to_string()));
        text.push_str(&line(&cells));
    }
    text
}

fn named(sheet: Sheet, rows: Vec<NamedNumber>) -> String {
    let mut text = line(&[sheet.name(), "times", "conversations"]);
    for NamedNumber { name, times, conversations } in rows {
        let cells = [inert(&name.unwrap_or_default()), times.to_string(), conversations.to_string()];
        text.push_str(&line(&cells));
    }
    text
}
