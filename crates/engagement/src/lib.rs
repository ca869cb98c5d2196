//! The activity vocabulary and what follows from it: counting rules, folds for figures, sentences, and how
//! documents are read. Pure.

pub mod activity;
pub mod days;
pub mod figures;
pub mod reading;
pub mod rules;
pub mod summary;
#[cfg(test)]
mod testing;

pub use activity::{Activity, ActivityType};
pub use figures::{DayCounts, DialogueCounts, Once, counts_by_day, counts_by_dialogue};
pub use reading::{ImpossibleEvent, Reading, ReadingEvent};
pub use rules::{CountingRule, HowOften, once_per_conversation, rule, rules};
pub use summary::summary;
