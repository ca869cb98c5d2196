//! Approved knowledge: what an answer card may say to a free question.

use crate::{App, snapshot::Site};
use kernel::RichText;

/// The approved answer to a question, with its sources; none when nothing approved answers it.
pub(crate) fn answer(_app: &App, _site: &Site, _question: &str, _topics: &[String]) -> Option<RichText> {
    None
}
