//! What is known of one person at one moment, laid out so that a compiled criteria reads it by number.

use crate::{
    AttributeRef, Bounds, ListRef, Moment, Source, Value, Window, value::instant_text, words::shorten,
};
use jiff::civil::Date;
use kernel::{Timestamp, millis, text::fold};
use std::collections::HashMap;

/// The numbers (slots) of the attributes and windows that compiled criteria ask about. One for all criteria of a
/// snapshot, so that the facts of a request are prepared once for all of them.
#[derive(Debug, Default, Clone)]
pub struct Symbols {
    slots: [HashMap<Box<str>, u32>; 4],
    used: u32,
    windows: HashMap<Window, u32>,
    ordered_windows: Vec<Window>,
}

impl Symbols {
    /// Without any.
    pub fn new() -> Self {
        Self::default()
    }

    /// True when some compiled criteria asks about the attribute; a service need not work out the others.
    pub fn wants(&self, of: Source, name: &str) -> bool {
        self.find(of, name).is_some()
    }

    pub(crate) fn slot(&mut self, attribute: &AttributeRef) -> u32 {
        if let Some(slot) = self.find(attribute.of(), attribute.name()) {
            return slot;
        }
        let slot = self.used;
        self.used += 1;
        self.slots[attribute.of() as usize].insert(attribute.name().into(), slot);
        slot
    }

    pub(crate) fn window(&mut self, window: Window) -> u32 {
        if let Some(index) = self.windows.get(&window) {
            return *index;
        }
        let index = u32::try_from(self.ordered_windows.len()).unwrap_or(u32::MAX);
        self.windows.insert(window, index);
        self.ordered_windows.push(window);
        index
    }

    fn find(&self, of: Source, name: &str) -> Option<u32> {
        self.slots[of as usize].get(name).copied()
    }
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Fact {
    Empty,
    /// Folded for comparison; the original is kept only where it differs, for explanations.
    Text(Box<str>, Option<Box<str>>),
    Number(f64),
    Boolean(bool),
    Date(Date),
    Instant(Timestamp),
}

/// A person at a moment, prepared once per request for all criteria that share the [`Symbols`].
#[derive(Debug, Clone)]
pub struct Facts {
    slots: Vec<Fact>,
    windows: Vec<Bounds>,
    lists: Vec<ListRef>,
}

const EMPTY: Fact = Fact::Empty;

impl Facts {
    /// Lays out `attributes` (absent ones are empty; of doubled ones the last counts) and the lists and smart lists
    /// that the person is a member of.
    pub fn prepare<'v>(
        symbols: &Symbols,
        moment: &Moment,
        attributes: impl IntoIterator<Item = (Source, &'v str, &'v Value)>,
        lists: impl IntoIterator<Item = ListRef>,
    ) -> Self {
        let mut slots = vec![Fact::Empty; symbols.used as usize];
        for (of, name, value) in attributes {
            if let Some(place) = symbols.find(of, name).and_then(|slot| slots.get_mut(slot as usize)) {
                *place = Fact::of(value);
            }
        }
        let windows = symbols.ordered_windows.iter().map(|window| window.bounds(moment)).collect();
        let mut lists: Vec<_> = lists.into_iter().collect();
        lists.sort_unstable();
        Self { slots, windows, lists }
    }

    /// What is known of an attribute by its slot: `is empty`, `is 30`.
    pub fn in_words(&self, slot: u32) -> String {
        self.fact(slot).in_words()
    }

    pub(crate) fn fact(&self, slot: u32) -> &Fact {
        self.slots.get(slot as usize).unwrap_or(&EMPTY)
    }

    pub(crate) fn bounds(&self, window: u32) -> Option<&Bounds> {
        self.windows.get(window as usize)
    }

    pub(crate) fn is_member(&self, list: ListRef) -> bool {
        self.lists.binary_search(&list).is_ok()
    }
}

impl Fact {
    fn of(value: &Value) -> Self {
        match value {
            Value::Text(text) => {
                let folded = fold(text);
                let original = (folded != *text).then(|| text.as_str().into());
                if folded.is_empty() { Self::Empty } else { Self::Text(folded.into(), original) }
            }
            Value::Number(number) => Self::Number(*number),
            Value::Boolean(yes) => Self::Boolean(*yes),
            Value::Date(day) => Self::Date(*day),
            Value::DateTime(at) => Self::Instant(millis(at.as_millisecond())),
        }
    }

    /// The fact in words: `is empty`, `is 30`.
    pub(crate) fn in_words(&self) -> String {
        match self {
            Self::Empty => "is empty".to_owned(),
            Self::Text(folded, original) => format!("is {}", shorten(original.as_ref().unwrap_or(folded))),
            Self::Number(number) => format!("is {number}"),
            Self::Boolean(yes) => format!("is {yes}"),
            Self::Date(day) => format!("is {day}"),
            Self::Instant(at) => format!("is {}", instant_text(*at)),
        }
    }
}
