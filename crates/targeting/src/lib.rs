//! Who is shown which dialogue (spec 03): page patterns, audience, events, caps, priority and the rules of resolution.
//!
//! - [`Targeting`] is what an author writes with a dialogue; [`Targeting::check`] tells what is wrong with it.
//! - [`SiteSnapshot`] holds a site's published dialogues, compiled and sorted once.
//! - [`resolve()`] answers a page view from the snapshot, the visitor's [`VisitorHistory`], the page and the facts;
//!   [`decide()`] gives the same answer with a [`Trace`] of the verdict on every dialogue, small enough to be kept with
//!   every page view; [`explain()`] says the verdicts in words at once.
//!
//! Not in here: counting and storing. The service writes the trigger when the widget says that the dialogue is shown.

mod caps;
mod check;
mod events;
mod history;
mod page;
mod resolve;
mod rules;
mod snapshot;
mod trace;

pub use caps::{CapReached, share_of};
pub use events::{EventCondition, EventMode, EventRule, Observed};
pub use history::{Mark, Stage, VisitorHistory};
pub use page::{Decision, InvalidPattern, MAX_PATTERN, MAX_PATTERNS, Page, PagePattern, PageRules, Reason};
pub use resolve::{Obstacle, Outcome, Resolution, Show, Verdict, View, decide, explain, resolve};
pub use rules::{Caps, PagePatterns, PerVisitor, Targeting};
pub use snapshot::{CompiledDialogue, Published, SiteRules, SiteSnapshot, Unusable};
pub use trace::{Trace, Traced};
