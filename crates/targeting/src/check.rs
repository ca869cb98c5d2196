//! What is wrong with a dialogue's targeting, in words.

use crate::{Caps, EventCondition, EventRule, Targeting};
use criteria::{Catalog, CheckError};

const MAX_DAYS: u32 = 3_650;
const MAX_EVENTS: usize = 20;
const DAY_SECONDS: u32 = 86_400;

impl Targeting {
    /// Everything that stands against publishing; paths begin with `/audience`, `/pages`, `/events`, `/caps`.
    /// Without an inclusion a dialogue cannot be published (spec 03, *Target pages*).
    pub fn check(&self, catalog: &dyn Catalog) -> Vec<CheckError> {
        let mut errors = within("/audience", criteria::check(&self.audience, catalog));
        if self.pages.include.is_empty() {
            errors.push(error("/pages/include", "there is no target page, so it would never be shown"));
        }
        errors.extend(within("/pages", self.pages.compile().err().unwrap_or_default()));
        errors.extend(within("/events", self.events.check()));
        errors.extend(within("/caps", self.caps.check()));
        errors
    }
}

fn error(path: impl Into<String>, message: impl Into<String>) -> CheckError {
    CheckError { path: path.into(), message: message.into() }
}

pub(crate) fn within(prefix: &str, errors: Vec<CheckError>) -> Vec<CheckError> {
    errors
        .into_iter()
        .map(|e| CheckError { path: format!("{prefix}{}", e.path), message: e.message })
        .collect()
}

impl EventRule {
    /// Values out of range.
    pub fn check(&self) -> Vec<CheckError> {
        if self.conditions.len() > MAX_EVENTS {
            return vec![error("/conditions", format!("there are more than {MAX_EVENTS} events"))];
        }
        let place = |(index, condition): (usize, &EventCondition)| {
            condition.problem().map(|message| error(format!("/conditions/{index}"), message))
        };
        self.conditions.iter().enumerate().filter_map(place).collect()
    }
}

impl EventCondition {
    fn problem(self) -> Option<&'static str> {
        match self {
            Self::TimeOnPage { seconds } if seconds > DAY_SECONDS => Some("time on page is more than a day"),
            Self::TimeOnSite { seconds } if seconds > DAY_SECONDS => Some("time on site is more than a day"),
            Self::ScrollDepth { percent } if percent > 100 => Some("scroll depth is more than 100 percent"),
            Self::PageViews { count } if !(1..=1_000).contains(&count) => {
                Some("page views are not 1 to 1000")
            }
            _ => None,
        }
    }
}

impl Caps {
    /// Values out of range.
    pub fn check(&self) -> Vec<CheckError> {
        let days = |days: u32| (1..=MAX_DAYS).contains(&days);
        let mut errors = Vec::new();
        if let Some(cap) = self.per_visitor {
            if !(1..=1_000).contains(&cap.times) {
                errors.push(error("/per_visitor/times", "the number of showings is not 1 to 1000"));
            }
            if !days(cap.period_days) {
                errors.push(error("/per_visitor/period_days", "the period is not 1 to 3650 days"));
            }
        }
        if self.pause_after_dismissal_days.is_some_and(|pause| !days(pause)) {
            errors.push(error("/pause_after_dismissal_days", "the pause is not 1 to 3650 days"));
        }
        if self.share.is_some_and(|share| !(1..=100).contains(&share)) {
            errors.push(error("/share", "the share is not 1 to 100 percent"));
        }
        errors
    }
}
