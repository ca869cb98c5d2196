//! Names for what a text refers to: in texts nothing is called by its id.

use kernel::{DialogueId, DocumentId, ListId, SmartListId, TeamId, UserId};
use std::{
    collections::{BTreeMap, HashMap, HashSet},
    fmt,
    hash::Hash,
    str::FromStr,
    sync::Arc,
};
use uuid::Uuid;

/// The things of one kind, each with a name that no other has.
#[derive(Debug, Clone)]
pub struct Names<T> {
    labels: BTreeMap<T, String>,
    ids: HashMap<String, T>,
    open: bool,
}

impl<T> Default for Names<T> {
    fn default() -> Self {
        Self { labels: BTreeMap::new(), ids: HashMap::new(), open: false }
    }
}

impl<T: Copy + Ord + Hash + From<Uuid> + FromStr + fmt::Display> Names<T> {
    /// Things in the order of their making. Of two with one name the younger is called `Name (2)`.
    pub fn new(things: impl IntoIterator<Item = (T, String)>) -> Self {
        let things: Vec<(T, String)> = things.into_iter().collect();
        let own: HashSet<&str> = things.iter().map(|(_, name)| name.as_str()).collect();
        let mut names = Self::default();
        for (id, name) in &things {
            let label = names.free_label(name, &own);
            names.add(*id, label);
        }
        names
    }

    /// Names of which every one means something: for texts that are looked at by themselves.
    pub fn anything() -> Self {
        Self { open: true, ..Self::default() }
    }

    fn free_label(&self, name: &str, own: &HashSet<&str>) -> String {
        if !self.ids.contains_key(name) {
            return name.to_owned();
        }
        let numbered = (2..).map(|number: u64| format!("{name} ({number})"));
        let free = |label: &String| !self.ids.contains_key(label) && !own.contains(label.as_str());
        numbered.into_iter().find(free).unwrap_or_default()
    }

    /// What a thing that is made now would be called.
    pub fn label_of_next(&self, name: &str) -> String {
        self.free_label(name, &self.ids.keys().map(String::as_str).collect())
    }

    /// Gives a thing a name that is free.
    pub fn add(&mut self, id: T, label: String) {
        self.ids.insert(label.clone(), id);
        self.labels.insert(id, label);
    }

    /// What a thing is called in texts; what is not there (any more) by its id, so that nothing is lost.
    pub fn label(&self, id: T) -> String {
        self.labels.get(&id).cloned().unwrap_or_else(|| id.to_string())
    }

    /// What a name in a text means.
    pub fn find(&self, label: &str) -> Option<T> {
        let known = self.ids.get(label).copied().or_else(|| label.parse().ok());
        known.or_else(|| self.open.then(|| T::from(invented(label))))
    }

    /// The names, sorted.
    pub fn labels(&self) -> impl Iterator<Item = &str> {
        let mut labels: Vec<&str> = self.labels.values().map(String::as_str).collect();
        labels.sort_unstable();
        labels.into_iter()
    }

    /// A name that might have been meant.
    pub(crate) fn closest(&self, label: &str) -> Option<&str> {
        closest(label, self.labels.values().map(String::as_str))
    }
}

/// The same id for the same name, always (FNV-1a).
fn invented(label: &str) -> Uuid {
    const OFFSET: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
    let hash = label.bytes().fold(OFFSET, |hash, byte| (hash ^ u128::from(byte)).wrapping_mul(PRIME));
    Uuid::from_u128(hash)
}

/// What texts may refer to.
#[derive(Debug, Clone, Default)]
pub struct Directory {
    /// Fixed lists.
    pub lists: Arc<Names<ListId>>,
    /// Smart lists.
    pub smart_lists: Arc<Names<SmartListId>>,
    /// Documents of the library.
    pub documents: Arc<Names<DocumentId>>,
    /// Agents by e-mail address.
    pub agents: Arc<Names<UserId>>,
    /// Teams.
    pub teams: Arc<Names<TeamId>>,
    /// Flows of the site that is spoken of.
    pub flows: Arc<Names<DialogueId>>,
}

impl Directory {
    /// Every name means something.
    pub fn anything() -> Self {
        Self {
            lists: Arc::new(Names::anything()),
            smart_lists: Arc::new(Names::anything()),
            documents: Arc::new(Names::anything()),
            agents: Arc::new(Names::anything()),
            teams: Arc::new(Names::anything()),
            flows: Arc::new(Names::anything()),
        }
    }
}

/// What is said of a name that means nothing.
pub(crate) fn unknown(noun: &str, name: &str, closest: Option<&str>) -> String {
    let hint = closest.map(|name| format!(" Perhaps “{name}”?")).unwrap_or_default();
    format!("There is no {noun} called “{}”.{hint}", shortened(name))
}

/// A text as it fits into a sentence.
pub(crate) fn shortened(text: &str) -> String {
    let line = kernel::text::one_line(text);
    match line.char_indices().nth(40) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// The candidate that a slip of the pen is from `word`.
pub(crate) fn closest<'a>(word: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let near = candidates.map(|candidate| (distance(word, candidate), candidate));
    let (steps, found) = near.min()?;
    (steps <= 1 + word.chars().count() / 4).then_some(found)
}

/// How many letters must change (Levenshtein); long words are not looked at closely.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().take(100).collect(), b.chars().take(100).collect());
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, to) in b.iter().enumerate() {
            let changed = diagonal + usize::from(from != to);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(number: u128) -> ListId {
        ListId::from(Uuid::from_u128(number))
    }

    #[test]
    fn names_that_occur_twice_are_numbered_in_the_order_of_making() {
        let names = Names::new([
            (list(1), "Acme".to_owned()),
            (list(2), "Acme".to_owned()),
            (list(3), "Acme (2)".to_owned()),
            (list(4), "Acme".to_owned()),
        ]);
        let labels: Vec<String> = (1..=4).map(|number| names.label(list(number))).collect();
        assert_eq!(labels, ["Acme", "Acme (3)", "Acme (2)", "Acme (4)"]);
        for number in 1..=4 {
            assert_eq!(names.find(&names.label(list(number))), Some(list(number)));
        }
    }

    #[test]
    fn what_is_gone_keeps_its_id_and_what_is_unknown_means_nothing() {
        let names: Names<ListId> = Names::new([(list(1), "Customers".to_owned())]);
        assert_eq!(names.find(&names.label(list(9))), Some(list(9)));
        assert_eq!(names.find("Costumers"), None);
        assert_eq!(names.closest("Costumers"), Some("Customers"));
        assert_eq!(names.closest("Partners"), None);
    }

    #[test]
    fn an_open_directory_gives_the_same_id_for_the_same_name() {
        let names: Names<ListId> = Names::anything();
        assert_eq!(names.find("a"), Names::anything().find("a"));
        assert_ne!(names.find("a"), names.find("b"));
    }
}
