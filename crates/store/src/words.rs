//! What both adapters store beside a record so that words are found without case and accents. Pure; here, so that the
//! two cannot disagree about what a word is.

use kernel::text::fold;
use people::{AttributeMap, Person};
use serde_json::{Map, Value as Json};

/// The name attributes whose words are searched, beside address and company.
const NAMED: [&str; 4] = ["first_name", "last_name", "full_name", "job_title"];

/// The words of a text: folded, split at everything that is neither letter nor digit.
pub fn search_words(text: &str) -> Vec<String> {
    split(&fold(text)).map(str::to_owned).collect()
}

fn split(folded: &str) -> impl Iterator<Item = &str> {
    folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// The words by which a person is found, each once, separated by one space: name, address, company and job title.
pub fn person_words(person: &Person, company: Option<&str>) -> String {
    let names = NAMED.into_iter().filter_map(|name| person.text(name));
    let email = person.email.as_ref().map(kernel::Email::as_str);
    words_in(names.chain(email).chain(company))
}

/// The same out of the single texts, for an adapter that reads only these.
pub fn words_in<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let mut words = Words::default();
    for text in texts {
        if text.is_ascii() {
            // What folding comes to, without a copy of each text.
            let parts = text.split(|c: char| !c.is_ascii_alphanumeric());
            parts.filter(|word| !word.is_empty()).for_each(|word| words.add(word));
        } else {
            split(&fold(text)).for_each(|word| words.add(word));
        }
    }
    words.text
}

/// Words, each once.
#[derive(Default)]
struct Words {
    text: String,
    /// Where each begins and ends.
    places: Vec<(usize, usize)>,
}

impl Words {
    fn add(&mut self, word: &str) {
        let before = self.text.len();
        if before > 0 {
            self.text.push(' ');
        }
        let begin = self.text.len();
        self.text.push_str(word);
        self.text[begin..].make_ascii_lowercase();
        let end = self.text.len();
        if self.places.iter().any(|(from, to)| self.text[*from..*to] == self.text[begin..]) {
            self.text.truncate(before);
        } else {
            self.places.push((begin, end));
        }
    }
}

/// The sort key of [`crate::PeopleSort::LastName`]; `None` when empty.
pub fn last_name_key(person: &Person) -> Option<String> {
    person.text("last_name").map(fold).filter(|name| !name.is_empty())
}

/// The value of [`crate::PeopleSort::Score`]; `None` when empty.
pub fn score_key(person: &Person) -> Option<f64> {
    person.attributes.get("score").and_then(Json::as_f64)
}

/// The text attributes whose folding is more than ASCII lower case, folded: a query compares with these and takes the
/// plain value in lower case for all others. `None` when there is none, as for most.
pub fn folded_attributes(attributes: &AttributeMap) -> Option<Map<String, Json>> {
    let mut folded = Map::new();
    for (name, value) in attributes {
        if let Json::String(text) = value
            && (!text.is_ascii() || text.trim().len() != text.len())
        {
            folded.insert(name.clone(), fold(text).into());
        }
    }
    if folded.is_empty() { None } else { Some(folded) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_come_folded_and_each_once() {
        let texts = ["Ada", " LOVELACE-King ", "ada.king+x@bücher.example", "Zoë zoe", "", "O’Brien", "a1"];
        assert_eq!(words_in(texts), "ada lovelace king x bucher example zoe o brien a1");
        assert_eq!(words_in([]), "");
    }
}
