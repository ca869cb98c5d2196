//! Rich text as structure, never as HTML (spec 02): paragraphs and lists of spans.

use crate::SafeLink;
use serde::{Deserialize, Serialize};

/// A text by an author: what the widget renders node by node.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RichText {
    /// Paragraphs and lists, from top to bottom. At most 200.
    pub blocks: Vec<Block>,
}

/// A paragraph or a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Block {
    /// A paragraph.
    Paragraph {
        /// Its runs of text.
        spans: Vec<Span>,
    },
    /// A list.
    List {
        /// Numbered instead of bulleted.
        ordered: bool,
        /// One row of spans an item.
        items: Vec<Vec<Span>>,
    },
}

/// A run of text in one style.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Span {
    /// The text; may hold tokens such as `{{person.first_name:"there"}}`.
    pub text: String,
    /// Bold.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub bold: bool,
    /// Italic.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub italic: bool,
    /// Where it leads (http, https, mailto, tel only).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<SafeLink>,
}

impl RichText {
    /// One paragraph a line of `text`.
    pub fn plain(text: &str) -> Self {
        let paragraph =
            |line: &str| Block::Paragraph { spans: vec![Span { text: line.to_owned(), ..Span::default() }] };
        Self { blocks: text.lines().map(paragraph).collect() }
    }

    /// The words alone, a line a paragraph or item.
    pub fn to_plain(&self) -> String {
        self.rows()
            .map(|spans| spans.iter().map(|s| s.text.as_str()).collect::<String>())
            .collect::<Vec<_>>()
            .join("\n")
    }

    /// True when no span has a visible character.
    pub fn is_blank(&self) -> bool {
        self.rows().flatten().all(|s| s.text.trim().is_empty())
    }

    /// The same structure with every span's text replaced; links and styles stay.
    pub fn map_text(&self, mut replace: impl FnMut(&str) -> String) -> Self {
        let mut map = |spans: &Vec<Span>| -> Vec<Span> {
            spans.iter().map(|s| Span { text: replace(&s.text), ..s.clone() }).collect()
        };
        let blocks = self.blocks.iter().map(|block| match block {
            Block::Paragraph { spans } => Block::Paragraph { spans: map(spans) },
            Block::List { ordered, items } => {
                Block::List { ordered: *ordered, items: items.iter().map(&mut map).collect() }
            }
        });
        Self { blocks: blocks.collect() }
    }

    /// Every row of spans: a paragraph is one, a list has one an item.
    pub fn rows(&self) -> impl Iterator<Item = &Vec<Span>> {
        self.blocks.iter().flat_map(|block| match block {
            Block::Paragraph { spans } => std::slice::from_ref(spans).iter(),
            Block::List { items, .. } => items.iter(),
        })
    }
}
