//! When a resolved dialogue is shown (spec 03, *Events*).

use serde::{Deserialize, Serialize};

/// The events of a dialogue; without conditions it is shown at once.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventRule {
    /// Whether all conditions must be met or one suffices.
    pub mode: EventMode,
    /// What must happen.
    pub conditions: Vec<EventCondition>,
}

/// How conditions combine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EventMode {
    /// All of them.
    #[default]
    All,
    /// Any of them.
    Any,
}

/// One thing that must happen.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum EventCondition {
    /// The page was visible for so many seconds, added up over this visit's stays on the dialogue's target pages.
    TimeOnPage {
        /// 0 to 86,400.
        seconds: u32,
    },
    /// Pages of the site were visible for so many seconds in this visit.
    TimeOnSite {
        /// 0 to 86,400.
        seconds: u32,
    },
    /// So much of the page has been scrolled into view.
    ScrollDepth {
        /// 0 to 100.
        percent: u8,
    },
    /// The pointer left the page at its top.
    ExitIntent {},
    /// This is at least the so-many-th page view of the visit.
    PageViews {
        /// 1 to 1000.
        count: u32,
    },
}

/// What has been seen of the visitor so far.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Observed {
    /// Visible seconds on the dialogue's target pages in this visit.
    pub page_seconds: f64,
    /// Visible seconds on the site in this visit.
    pub site_seconds: f64,
    /// Deepest scroll position of this page, 0 to 100.
    pub scroll_percent: f64,
    /// The pointer has left the page at its top.
    pub exit_intent: bool,
    /// Page views in this visit, this one included.
    pub page_views: u32,
}

impl EventRule {
    /// True when the events have come. Time and scroll depth are continuous: *more than 30 s* has come at 30 s.
    pub fn met(&self, observed: &Observed) -> bool {
        let mut conditions = self.conditions.iter();
        match self.mode {
            _ if self.conditions.is_empty() => true,
            EventMode::All => conditions.all(|condition| condition.met(observed)),
            EventMode::Any => conditions.any(|condition| condition.met(observed)),
        }
    }

    /// True when nothing must happen first.
    pub fn is_immediate(&self) -> bool {
        self.conditions.is_empty()
    }
}

impl EventCondition {
    fn met(self, observed: &Observed) -> bool {
        match self {
            Self::TimeOnPage { seconds } => observed.page_seconds >= f64::from(seconds),
            Self::TimeOnSite { seconds } => observed.site_seconds >= f64::from(seconds),
            Self::ScrollDepth { percent } => observed.scroll_percent >= f64::from(percent),
            Self::ExitIntent {} => observed.exit_intent,
            Self::PageViews { count } => observed.page_views >= count,
        }
    }
}
