//! Reading a dialogue or flow.

use super::{DialogueText, cards, scripts, targets};
use crate::{
    Directory, Kind,
    document::Head,
    toml_text::{Reading, Section, float},
};
use std::collections::BTreeMap;
use stream::{CardId, Interface, Stream};

pub(super) const INTERFACES: [(&str, Interface); 3] =
    [("chatbot", Interface::Chatbot), ("popup", Interface::Popup), ("inline", Interface::Inline)];

pub(super) fn dialogue(
    reading: &mut Reading<'_>,
    root: &mut Section<'_>,
    head: &Head,
    names: &Directory,
) -> DialogueText {
    DialogueText {
        is_flow: head.kind == Kind::Flow,
        name: head.name.clone(),
        reference: head.reference.clone(),
        site: head.site.clone().unwrap_or_default(),
        description: root.string(reading, "description").unwrap_or_default(),
        priority: root.number(reading, "priority").unwrap_or(1),
        enabled: root.flag(reading, "enabled", true),
        language: root.string(reading, "language").unwrap_or_else(|| "auto".to_owned()),
        allow_back: root.flag(reading, "allow_back", true),
        allow_restart: root.flag(reading, "allow_restart", true),
        interface: root.word(reading, "interface", &INTERFACES).unwrap_or_default(),
        targeting: targets::read(reading, root, names),
        stream: Stream {
            start: root.string(reading, "start").unwrap_or_default(),
            cards: cards::read(reading, root, names),
        },
        tests: scripts::read(reading, root),
        layout: layout(reading, root),
    }
}

/// `[layout]`: a card's id and its place, from the left and from the top.
fn layout(reading: &mut Reading<'_>, root: &mut Section<'_>) -> BTreeMap<CardId, (f64, f64)> {
    let Some(section) = root.section(reading, "layout") else { return BTreeMap::new() };
    let mut points = BTreeMap::new();
    for (card, value) in section.keys() {
        let place = value.get_ref().as_array().map(|numbers| numbers.iter().map(|n| float(n.get_ref())));
        let place: Option<Vec<f64>> = place.and_then(Iterator::collect);
        match place.as_deref() {
            Some([x, y]) => drop(points.insert(card.to_owned(), (*x, *y))),
            _ => section.error(
                reading,
                card,
                "Expected two numbers, as in [120, 40]: from the left and from the top.",
            ),
        }
    }
    points
}
