//! What is known of the visitor's browser when a chat is requested; routing asks for it again when it chooses later.

use crate::{facts::Voice, visit};
use ::livechat::Background;
use criteria::Source;

/// Out of what the request loaded.
pub(crate) fn background(voice: &Voice<'_>, language: Option<&str>) -> Background {
    let of_visit = |source| matches!(source, Source::Visit | Source::Inferred);
    let asked = voice.site.catalog.all().filter(|(path, _)| of_visit(path.of()));
    let inferred = voice.visit.and_then(|visit| visit::stored_text(visit, "inferred", "domain"));
    Background {
        inferred_domain: inferred.map(str::to_owned),
        language: language.map(str::to_owned),
        visit: asked
            .filter_map(|(path, kind)| Some((path.to_string(), voice.asked(&path, kind)?.to_text())))
            .collect(),
    }
}
