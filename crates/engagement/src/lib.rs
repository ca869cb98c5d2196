//! The activity vocabulary and what follows from it: counting rules, folds for figures, sentences. Pure.

pub mod activity;

pub use activity::{Activity, ActivityType};
