//! Writing a rich text down.

use super::{marker, token};
use kernel::{
    SafeLink,
    rich_text::{Block, RichText, Span},
};

/// The Markdown of a rich text, without a line break at its end.
pub fn write(text: &RichText) -> String {
    let mut lines = Vec::new();
    let mut last: Option<&Block> = None;
    for block in &text.blocks {
        match block {
            Block::Paragraph { spans } => lines.push(paragraph(spans)),
            Block::List { ordered, items } => {
                if is_list(last, *ordered) {
                    lines.push(String::new());
                }
                lines.extend(list(*ordered, items));
            }
        }
        last = Some(block);
    }
    lines.join("\n")
}

/// True for a list of this kind that has items.
fn is_list(block: Option<&Block>, wanted: bool) -> bool {
    matches!(block, Some(Block::List { ordered, items }) if *ordered == wanted && !items.is_empty())
}

fn paragraph(spans: &[Span]) -> String {
    let row = row(spans);
    match marker(&row) {
        _ if row.is_empty() => "\\p".to_owned(),
        Some((length, _)) => format!("{}\\{}", &row[..length - 1], &row[length - 1..]),
        None => row,
    }
}

fn list(ordered: bool, items: &[Vec<Span>]) -> Vec<String> {
    if items.is_empty() {
        return vec![if ordered { "\\o" } else { "\\u" }.to_owned()];
    }
    let line = |(index, spans): (usize, &Vec<Span>)| {
        let sign = if ordered { format!("{}.", index + 1) } else { "-".to_owned() };
        if spans.is_empty() { sign } else { format!("{sign} {}", row(spans)) }
    };
    items.iter().enumerate().map(line).collect()
}

fn row(spans: &[Span]) -> String {
    let mut row = Row {
        out: String::new(),
        style: Style::default(),
        inside: (false, false),
        after_blank: true,
        at_stars: false,
    };
    let mut last: Option<&Span> = None;
    for (index, span) in spans.iter().enumerate() {
        let style = Style::of(span);
        let seam = last.is_some_and(|last| !last.text.is_empty() && !span.text.is_empty());
        if seam && style == row.style {
            row.mark("\\b");
        }
        row.turn(style);
        row.text(&span.text, index + 1 == spans.len());
        last = Some(span);
    }
    row.turn(Style::default());
    row.out
}

#[derive(Default, Clone, Copy, PartialEq)]
struct Style<'a> {
    bold: bool,
    italic: bool,
    link: Option<&'a SafeLink>,
}

impl<'a> Style<'a> {
    fn of(Span { text: _, bold, italic, link }: &'a Span) -> Self {
        Self { bold: *bold, italic: *italic, link: link.as_ref() }
    }
}

struct Row<'a> {
    out: String,
    style: Style<'a>,
    /// Bold and italic that began inside of the link.
    inside: (bool, bool),
    /// The last sign written is a blank, or nothing is written yet.
    after_blank: bool,
    /// Stars were written last, behind a blank: a blank must not follow, or they are no marks.
    at_stars: bool,
}

impl<'a> Row<'a> {
    fn mark(&mut self, mark: &str) {
        self.out.push_str(mark);
        (self.after_blank, self.at_stars) = (false, false);
    }

    fn turn(&mut self, style: Style<'a>) {
        let before = self.style;
        let leaves = before.link.filter(|_| before.link != style.link);
        if let Some(link) = leaves {
            // What began inside of the link ends there.
            let (bold, italic) = (self.inside.0 && !style.bold, self.inside.1 && !style.italic);
            self.stars(bold, italic);
            self.mark(&format!("]({})", address(link)));
            self.inside = (false, false);
        }
        let (bold, italic) = (self.style.bold != style.bold, self.style.italic != style.italic);
        self.stars(bold, italic);
        if style.link.is_some() && before.link != style.link {
            self.mark("[");
        } else if style.link.is_some() {
            self.inside = (style.bold && (bold || self.inside.0), style.italic && (italic || self.inside.1));
        }
        self.style = style;
    }

    fn stars(&mut self, bold: bool, italic: bool) {
        if bold || italic {
            let behind_blank = self.after_blank;
            self.mark(&"*".repeat(2 * usize::from(bold) + usize::from(italic)));
            self.at_stars = behind_blank;
            self.style.bold ^= bold;
            self.style.italic ^= italic;
        }
    }

    fn text(&mut self, text: &str, last: bool) {
        if text.is_empty() {
            return self.mark("\\e");
        }
        let mut rest = text;
        while let Some(sign) = rest.chars().next() {
            let whole = token(rest);
            let length = whole.map_or(sign.len_utf8(), str::len);
            let ends = last && length == rest.len();
            match whole {
                Some(token) => self.mark(token),
                None => self.sign(sign, rest, ends),
            }
            rest = &rest[length..];
        }
    }

    fn sign(&mut self, sign: char, rest: &str, ends: bool) {
        match sign {
            '\n' => self.mark("\\n"),
            '\\' | '*' | '[' | ']' => self.mark(&format!("\\{sign}")),
            '{' if rest[1..].starts_with('{') => self.mark("\\{"),
            blank if blank.is_whitespace() => {
                let edge = self.out.is_empty() || self.at_stars || ends;
                if edge {
                    self.out.push('\\');
                }
                self.out.push(blank);
                (self.after_blank, self.at_stars) = (!edge, false);
            }
            plain => {
                self.out.push(plain);
                (self.after_blank, self.at_stars) = (false, false);
            }
        }
    }
}

fn address(link: &SafeLink) -> String {
    let mut out = String::with_capacity(link.as_str().len());
    for sign in link.as_str().chars() {
        if matches!(sign, '(' | ')' | '\\') {
            out.push('\\');
        }
        out.push(sign);
    }
    out
}
