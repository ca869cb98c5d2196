//! How an opened document is read: which pages for how long, what is looked for in it, whether it is taken along. The
//! opening is an activity and never changes; this goes on beside it while the visitor reads.

use kernel::text::one_line;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The longest time on one page that one event may tell of, in milliseconds.
pub const MAX_PAGE_MS: u64 = 3_600_000;
/// The longest search that is kept, in characters.
pub const MAX_SEARCH: usize = 200;
/// How many searches of one opening are kept; further ones are counted.
pub const KEPT_SEARCHES: usize = 50;

/// What a visitor did with a document that is open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ReadingEvent {
    /// Looked at a page.
    Page {
        /// Which, from 1 on.
        page: u32,
        /// For how long, in milliseconds.
        ms: u64,
    },
    /// Looked for words.
    Search {
        /// The words.
        text: String,
    },
    /// Saved the file.
    Downloaded,
    /// Printed it.
    Printed,
    /// Closed it.
    Closed,
}

/// Why an event cannot be true.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ImpossibleEvent {
    /// The document has no such page.
    #[error("is not a page of the document")]
    Page,
    /// More than an hour on a page is told in parts.
    #[error("is more than an hour")]
    Time,
    /// Nothing, or too much.
    #[error("has 1 to 200 characters")]
    Search,
}

/// What became of one opening.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Reading {
    /// Milliseconds by page looked at.
    #[serde(default)]
    pub pages: BTreeMap<u32, u64>,
    /// What was looked for, in order; at most [`KEPT_SEARCHES`].
    #[serde(default)]
    pub searches: Vec<String>,
    /// How often something was looked for.
    #[serde(default)]
    pub search_count: u32,
    /// How often the file was saved.
    #[serde(default)]
    pub downloads: u32,
    /// How often it was printed.
    #[serde(default)]
    pub prints: u32,
}

impl Reading {
    /// Notes an event of a document with so many pages. Nothing is noted of an impossible one.
    pub fn note(&mut self, event: &ReadingEvent, pages: u32) -> Result<(), ImpossibleEvent> {
        match event {
            ReadingEvent::Page { page, .. } if !(1..=pages).contains(page) => {
                return Err(ImpossibleEvent::Page);
            }
            ReadingEvent::Page { ms, .. } if *ms > MAX_PAGE_MS => return Err(ImpossibleEvent::Time),
            ReadingEvent::Page { page, ms } => {
                let total = self.pages.entry(*page).or_default();
                *total = total.saturating_add(*ms);
            }
            ReadingEvent::Search { text } => self.search(text)?,
            ReadingEvent::Downloaded => self.downloads = self.downloads.saturating_add(1),
            ReadingEvent::Printed => self.prints = self.prints.saturating_add(1),
            ReadingEvent::Closed => {}
        }
        Ok(())
    }

    fn search(&mut self, text: &str) -> Result<(), ImpossibleEvent> {
        let text = one_line(text);
        if text.is_empty() || text.chars().nth(MAX_SEARCH).is_some() {
            return Err(ImpossibleEvent::Search);
        }
        self.search_count = self.search_count.saturating_add(1);
        if self.searches.len() < KEPT_SEARCHES {
            self.searches.push(text);
        }
        Ok(())
    }

    /// How many pages were looked at.
    pub fn pages_seen(&self) -> u32 {
        u32::try_from(self.pages.len()).unwrap_or(u32::MAX)
    }

    /// Which share of so many pages was looked at, 0 to 1.
    pub fn share_of(&self, pages: u32) -> f64 {
        if pages == 0 { 0.0 } else { (f64::from(self.pages_seen()) / f64::from(pages)).min(1.0) }
    }

    /// Milliseconds on all pages together.
    pub fn total_ms(&self) -> u64 {
        self.pages.values().fold(0, |sum, ms| sum.saturating_add(*ms))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_add_up_and_what_is_done_is_counted() {
        let mut reading = Reading::default();
        let page = |page, ms| ReadingEvent::Page { page, ms };
        let search = |text: &str| ReadingEvent::Search { text: text.to_owned() };
        let events = [
            page(1, 2_000),
            page(3, 500),
            page(1, 1_000),
            search(" price\nlist "),
            ReadingEvent::Downloaded,
            ReadingEvent::Printed,
            ReadingEvent::Closed,
        ];
        for event in &events {
            reading.note(event, 4).expect("possible");
        }
        assert_eq!(reading.pages, BTreeMap::from([(1, 3_000), (3, 500)]));
        assert_eq!((reading.pages_seen(), reading.total_ms()), (2, 3_500));
        assert!((reading.share_of(4) - 0.5).abs() < f64::EPSILON);
        assert_eq!(reading.searches, ["price list"]);
        assert_eq!((reading.search_count, reading.downloads, reading.prints), (1, 1, 1));
    }

    #[test]
    fn impossible_events_leave_nothing() {
        let mut reading = Reading::default();
        for (event, why) in [
            (ReadingEvent::Page { page: 0, ms: 1 }, ImpossibleEvent::Page),
            (ReadingEvent::Page { page: 5, ms: 1 }, ImpossibleEvent::Page),
            (ReadingEvent::Page { page: 1, ms: MAX_PAGE_MS + 1 }, ImpossibleEvent::Time),
            (ReadingEvent::Search { text: " \n".to_owned() }, ImpossibleEvent::Search),
            (ReadingEvent::Search { text: "x".repeat(201) }, ImpossibleEvent::Search),
        ] {
            assert_eq!(reading.note(&event, 4), Err(why), "{event:?}");
        }
        assert_eq!(reading, Reading::default());
    }

    #[test]
    fn searches_without_end_are_counted_and_not_kept() {
        let mut reading = Reading::default();
        for number in 0..120 {
            reading.note(&ReadingEvent::Search { text: number.to_string() }, 1).expect("possible");
        }
        assert_eq!((reading.search_count, reading.searches.len()), (120, KEPT_SEARCHES));
    }
}
