//! Where a visitor came from when a conversation is triggered: what reports are cut by (spec 11).

use crate::{App, memory::Known, visit};
use store::Circumstances;

/// Of a visitor now.
pub(crate) fn of(app: &App, known: &Known) -> Circumstances {
    let visit = visit::current(app, &known.profile);
    let text = |of: &str, name: &str| visit::stored_text(visit.as_ref()?, of, name).map(str::to_owned);
    Circumstances {
        device: text("visit", "device"),
        country: text("inferred", "country"),
        known: known.profile.person.is_known(),
    }
}
