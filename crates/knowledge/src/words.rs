//! What of a sentence counts when it is looked for: its words without accents and case, cut to their stems, without those
//! that every sentence has.

use kernel::text::fold;
use std::collections::BTreeSet;

/// Words of English, German, French and Spanish questions that say nothing of what is asked. Folded, sorted.
const EMPTY: [&str; 158] = [
    "a", "about", "and", "are", "as", "at", "au", "auf", "aus", "avec", "be", "been", "bei", "brauche", "by",
    "ca", "can", "ce", "ces", "con", "could", "cual", "da", "dans", "das", "de", "del", "dem", "den", "der",
    "des", "did", "die", "do", "does", "du", "ein", "eine", "einem", "einen", "einer", "el", "elle", "en",
    "er", "es", "est", "et", "for", "from", "fur", "get", "gibt", "hat", "have", "how", "i", "ich", "ihr",
    "il", "im", "in", "is", "ist", "it", "j", "je", "kann", "konnen", "l", "la", "las", "le", "les", "like",
    "lo", "los", "m", "man", "me", "mein", "meine", "mes", "mi", "mir", "mit", "mochte", "mon", "my", "n",
    "necesito", "need", "nous", "of", "on", "or", "ou", "our", "para", "pas", "please", "por", "pour",
    "puedo", "qu", "que", "quel", "quelle", "qui", "quiero", "s", "se", "sich", "sie", "sind", "so", "son",
    "sont", "su", "sur", "t", "tell", "that", "the", "there", "they", "this", "to", "tu", "um", "un", "und",
    "une", "unser", "us", "veux", "want", "was", "we", "wer", "what", "when", "where", "which", "who", "wie",
    "will", "wir", "with", "wo", "would", "y", "yo", "you", "your", "zu", "zum", "zur",
];

/// The stems that count in a text, each once.
pub(crate) fn stems(text: &str) -> BTreeSet<String> {
    let folded = fold(text);
    let words = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let spaced = words.filter(|word| EMPTY.binary_search(word).is_err()).map(stem);
    let mut found: BTreeSet<String> = spaced.collect();
    found.extend(unspaced(&folded));
    found
}

/// Languages written without spaces are compared by pairs of characters.
fn unspaced(folded: &str) -> impl Iterator<Item = String> {
    let characters: Vec<char> = folded.chars().filter(|c| is_unspaced(*c)).collect();
    let pairs: Vec<String> = characters.windows(2).map(|pair| pair.iter().collect()).collect();
    pairs.into_iter()
}

const fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}')
}

/// Takes the endings of plurals and of bent words off; rough, and the same for question and answer.
fn stem(word: &str) -> String {
    const ENDINGS: [&str; 13] =
        ["ations", "ation", "ungen", "ung", "ing", "ies", "ern", "es", "en", "er", "ed", "s", "e"];
    let long_enough = |ending: &&str| word.len() >= ending.len() + 4;
    let ending = ENDINGS.iter().find(|ending| word.ends_with(**ending) && long_enough(ending));
    let stem = ending.map_or(word, |ending| &word[..word.len() - ending.len()]);
    stem.strip_suffix('y').filter(|stem| stem.len() >= 3).unwrap_or(stem).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_empty_words_are_sorted_so_that_they_can_be_searched() {
        assert!(EMPTY.is_sorted());
        assert!(EMPTY.windows(2).all(|pair| pair[0] != pair[1]));
    }

    #[test]
    fn words_are_compared_without_their_dress() {
        for (one, other) in [
            ("Prices", "price?"),
            ("Où sont mes données", "donnée"),
            ("Do you have integrations?", "integration"),
            ("Kündigungen", "Kündigung"),
            ("policies", "policy"),
        ] {
            assert_eq!(stems(one), stems(other), "{one} / {other}");
        }
        assert!(stems("What is it?").is_empty());
        assert!(stems("料金はいくら").contains("料金"));
    }
}
