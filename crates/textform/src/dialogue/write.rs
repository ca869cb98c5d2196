//! Writing a dialogue or flow.

use super::{DialogueText, cards, read::INTERFACES, scripts, targets};
use crate::{Directory, toml_text::Writer};
use stream::Interface;

/// The text of a dialogue or flow.
pub fn write(dialogue: &DialogueText, names: &Directory) -> String {
    let DialogueText {
        is_flow,
        name,
        reference,
        site,
        description,
        priority,
        enabled,
        language,
        allow_back,
        allow_restart,
        interface,
        targeting,
        stream,
        layout,
        tests,
    } = dialogue;
    let mut out = Writer::default();
    out.text("kind", if *is_flow { "flow" } else { "dialogue" });
    out.text("name", name);
    out.optional("reference", Some(reference.as_str()).filter(|reference| *reference != name));
    out.text("site", site);
    if !description.is_empty() {
        out.prose("description", description);
    }
    if !*is_flow || *priority != 1 {
        out.number("priority", *priority);
    }
    out.flag("enabled", *enabled, true);
    out.optional("language", Some(language.as_str()).filter(|language| *language != "auto"));
    out.flag("allow_back", *allow_back, true);
    out.flag("allow_restart", *allow_restart, true);
    if *interface != Interface::default() {
        out.optional(
            "interface",
            INTERFACES.iter().find(|(_, known)| known == interface).map(|(word, _)| *word),
        );
    }
    out.optional("start", Some(stream.start.as_str()).filter(|start| !start.is_empty()));
    targets::write(&mut out, targeting, names);
    cards::write(&mut out, &stream.cards, names);
    scripts::write(&mut out, tests);
    if !layout.is_empty() {
        out.header("[layout]");
        for (card, (x, y)) in layout {
            out.entry(card, &format!("[{}, {}]", number(*x), number(*y)));
        }
    }
    out.finish()
}

/// Whole numbers without a point.
fn number(value: f64) -> String {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if value.fract() == 0.0 && value.abs() < EXACT { format!("{value:.0}") } else { format!("{value:?}") }
}
