//! Cards: `[[cards]]` tables, the lines of each kind in a fixed order.

mod read;
mod write;

pub(super) use read::read;
pub(super) use write::write;

use stream::{FieldKind, MomentType, Overwrite, Refuse, ResponseStyle};

const STYLES: [(&str, ResponseStyle); 2] =
    [("buttons", ResponseStyle::Buttons), ("list", ResponseStyle::List)];
const OVERWRITES: [(&str, Overwrite); 2] = [("always", Overwrite::Always), ("if_empty", Overwrite::IfEmpty)];
const REFUSALS: [(&str, Refuse); 2] = [("free", Refuse::Free), ("disposable", Refuse::Disposable)];
const MOMENTS: [(&str, MomentType); 3] =
    [("email", MomentType::Email), ("web", MomentType::Web), ("milestone", MomentType::Milestone)];
const FIELD_KINDS: [(&str, FieldKind); 9] = [
    ("text", FieldKind::Text),
    ("long_text", FieldKind::LongText),
    ("email", FieldKind::Email),
    ("phone", FieldKind::Phone),
    ("number", FieldKind::Number),
    ("date", FieldKind::Date),
    ("url", FieldKind::Url),
    ("picklist", FieldKind::Picklist),
    ("consent", FieldKind::Consent),
];

/// The word for one of the values of a table above.
fn word<T: PartialEq + Copy>(words: &[(&'static str, T)], value: T) -> &'static str {
    words.iter().find(|(_, known)| *known == value).map_or("", |(word, _)| word)
}

#[cfg(test)]
pub(super) fn field_kinds() -> Vec<FieldKind> {
    FIELD_KINDS.iter().map(|(_, kind)| *kind).collect()
}
