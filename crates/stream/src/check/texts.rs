//! Texts by authors: not blank, not endless, with tokens and links that lead somewhere.

use super::Found;
use crate::{
    MAX_TEXT,
    card::Card,
    tokens::{self, TokenCatalog},
};
use kernel::RichText;

/// The most paragraphs and lists of a text.
const MAX_BLOCKS: usize = 200;

/// The text that a card says.
pub(super) fn check_rich(card: &Card, text: &RichText, catalog: &dyn TokenCatalog, found: &mut Found) {
    check_rich_at(card, "text", text, catalog, found);
}

/// A further text of a card.
pub(super) fn check_rich_at(
    card: &Card,
    field: &str,
    text: &RichText,
    catalog: &dyn TokenCatalog,
    found: &mut Found,
) {
    if text.is_blank() {
        found.error(card, field, "The text is empty.");
    }
    if text.blocks.len() > MAX_BLOCKS || text.to_plain().chars().count() > MAX_TEXT {
        found.error(card, field, "The text is too long: 4,000 characters and 200 paragraphs at most.");
    }
    for span in text.rows().flatten() {
        check_tokens(card, field, &span.text, catalog, found);
        if let Some(link) = &span.link {
            check_link(card, field, link.as_str(), found);
        }
    }
}

/// A label or another single line.
pub(super) fn check_line(
    card: &Card,
    field: &str,
    text: &str,
    catalog: &dyn TokenCatalog,
    found: &mut Found,
) {
    if text.trim().is_empty() {
        found.error(card, field, "This is empty.");
    }
    check_tokens(card, field, text, catalog, found);
}

/// The tokens of any text.
pub(super) fn check_tokens(
    card: &Card,
    field: &str,
    text: &str,
    catalog: &dyn TokenCatalog,
    found: &mut Found,
) {
    for error in tokens::check(text, catalog) {
        found.error(card, field, &format!("{error}."));
    }
}

/// Schemes are refused when the JSON is read; here are the links that have a good scheme and lead nowhere.
fn check_link(card: &Card, field: &str, link: &str, found: &mut Found) {
    if link.contains("{{") || link.to_ascii_lowercase().contains("%7b%7b") {
        found.error(card, field, "A link cannot hold a token.");
    }
    let empty = link.split_once(':').is_none_or(|(_, rest)| rest.trim_matches('/').is_empty());
    if empty {
        found.error(card, field, &format!("The link {link} leads nowhere."));
    }
}
