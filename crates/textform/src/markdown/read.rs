//! Reading a rich text.

use super::{marker, token};
use crate::Mistake;
use kernel::{
    SafeLink,
    rich_text::{Block, RichText, Span},
};

/// Reads Markdown; the first mistake when a mark is not what it must be.
pub fn read(text: &str) -> Result<RichText, Mistake> {
    let mut blocks: Vec<Block> = Vec::new();
    // Whether the next item belongs to the list before it.
    let mut open = false;
    let mut at = 0;
    for line in text.split('\n') {
        let row = trimmed(line);
        let begin = at + line.len() - line.trim_start().len();
        at += line.len() + 1;
        open = match row {
            "" => false,
            "\\p" => {
                blocks.push(Block::Paragraph { spans: Vec::new() });
                false
            }
            "\\u" | "\\o" => {
                blocks.push(Block::List { ordered: row == "\\o", items: Vec::new() });
                false
            }
            _ => add(&mut blocks, open, row, begin)?,
        };
    }
    Ok(RichText { blocks })
}

/// Adds a paragraph or an item; whether an item was added.
fn add(blocks: &mut Vec<Block>, open: bool, row: &str, at: usize) -> Result<bool, Mistake> {
    let Some((length, ordered)) = marker(row) else {
        blocks.push(Block::Paragraph { spans: spans(row, at)? });
        return Ok(false);
    };
    let inside = row[length..].trim_start();
    let item = spans(inside, at + row.len() - inside.len())?;
    match blocks.last_mut() {
        Some(Block::List { ordered: same, items }) if open && *same == ordered => items.push(item),
        _ => blocks.push(Block::List { ordered, items: vec![item] }),
    }
    Ok(true)
}

/// A line without the blanks at its edges; an escaped one belongs to it.
fn trimmed(line: &str) -> &str {
    let line = line.trim_start();
    let short = line.trim_end();
    let backslashes = short.bytes().rev().take_while(|byte| *byte == b'\\').count();
    match line[short.len()..].chars().next() {
        Some(blank) if backslashes % 2 == 1 => &line[..short.len() + blank.len_utf8()],
        _ => short,
    }
}

fn spans(row: &str, offset: usize) -> Result<Vec<Span>, Mistake> {
    let mut reader = Reader { row, at: 0, ..Reader::default() };
    let shifted = |mistake: Mistake| Mistake { at: mistake.at + offset, ..mistake };
    reader.read().map_err(shifted)?;
    Ok(reader.spans)
}

#[derive(Default)]
struct Reader<'a> {
    row: &'a str,
    at: usize,
    spans: Vec<Span>,
    text: String,
    /// Where the mark that is open began.
    bold: Option<usize>,
    italic: Option<usize>,
    link: Option<Link>,
    /// The sign before is a blank that is not escaped.
    after_blank: bool,
}

struct Link {
    address: SafeLink,
    text_end: usize,
    end: usize,
}

impl Reader<'_> {
    fn read(&mut self) -> Result<(), Mistake> {
        self.after_blank = true;
        while let Some(sign) = self.row[self.at..].chars().next() {
            if let Some(end) = self.link.as_ref().filter(|link| link.text_end == self.at).map(|link| link.end)
            {
                self.flush();
                (self.link, self.at, self.after_blank) = (None, end, false);
                continue;
            }
            self.step(sign)?;
        }
        self.flush();
        let open = self.bold.map(|at| (at, "**")).or(self.italic.map(|at| (at, "*")));
        match open {
            None => Ok(()),
            Some((at, mark)) => {
                let plain = mark.replace('*', "\\*");
                Err(Mistake::new(
                    at,
                    format!("The {mark} is never closed in its line; write {plain} for the sign itself."),
                ))
            }
        }
    }

    fn step(&mut self, sign: char) -> Result<(), Mistake> {
        if let Some(token) = token(&self.row[self.at..]) {
            self.say(token);
            return Ok(());
        }
        match sign {
            '\\' => self.escape(),
            '*' => self.stars(),
            '[' if self.link.is_none() => self.bracket(),
            plain => {
                let length = plain.len_utf8();
                self.say(&self.row[self.at..self.at + length]);
                self.after_blank = plain.is_whitespace();
                Ok(())
            }
        }
    }

    fn say(&mut self, text: &str) {
        self.text.push_str(text);
        self.at += text.len();
        self.after_blank = false;
    }

    fn flush(&mut self) {
        if !self.text.is_empty() {
            let text = std::mem::take(&mut self.text);
            self.push(text);
        }
    }

    fn push(&mut self, text: String) {
        let link = self.link.as_ref().map(|link| link.address.clone());
        self.spans.push(Span { text, bold: self.bold.is_some(), italic: self.italic.is_some(), link });
    }

    fn escape(&mut self) -> Result<(), Mistake> {
        let at = self.at;
        let Some(sign) = self.row[at + 1..].chars().next() else {
            return Err(Mistake::new(
                at,
                "A backslash at the end of a line means nothing; write \\\\ for the sign itself.",
            ));
        };
        self.at += 1 + sign.len_utf8();
        self.after_blank = false;
        match sign {
            'n' => self.text.push('\n'),
            'b' => self.flush(),
            'e' => {
                self.flush();
                self.push(String::new());
            }
            plain if plain.is_ascii_punctuation() || plain.is_whitespace() => self.text.push(plain),
            other => {
                let message = format!("\\{other} means nothing; write \\\\ for a backslash.");
                return Err(Mistake::new(at, message));
            }
        }
        Ok(())
    }

    fn stars(&mut self) -> Result<(), Mistake> {
        let at = self.at;
        let rest = &self.row[at..];
        let count = rest.bytes().take_while(|byte| *byte == b'*').count();
        let next = rest[count..].chars().next();
        if self.after_blank && next.is_none_or(char::is_whitespace) {
            self.say(&rest[..count]);
            return Ok(());
        }
        if count > 3 {
            return Err(Mistake::new(
                at,
                "More than three stars are no mark; write \\* for the sign itself.",
            ));
        }
        self.flush();
        if count >= 2 {
            self.bold = if self.bold.is_some() { None } else { Some(at) };
        }
        if count != 2 {
            self.italic = if self.italic.is_some() { None } else { Some(at) };
        }
        (self.at, self.after_blank) = (at + count, false);
        Ok(())
    }

    /// A link begins, or a bracket is just a bracket.
    fn bracket(&mut self) -> Result<(), Mistake> {
        let Some((text_end, target)) = link_at(self.row, self.at) else {
            self.say("[");
            return Ok(());
        };
        if text_end == self.at + 1 {
            return Err(Mistake::new(self.at, "The link has no text; write \\[ for the bracket itself."));
        }
        let begin = text_end + 2;
        let (address, end) =
            target.ok_or_else(|| Mistake::new(begin, "The link's address is never closed."))?;
        let address = address.parse().map_err(|e| Mistake::new(begin, format!("“{address}” {e}.")))?;
        self.flush();
        self.link = Some(Link { address, text_end, end });
        (self.at, self.after_blank) = (self.at + 1, false);
        Ok(())
    }
}

/// The link whose text begins behind the bracket at `at`: where its text ends, its address and where the whole ends.
fn link_at(row: &str, at: usize) -> Option<(usize, Option<(String, usize)>)> {
    let mut here = at + 1;
    while let Some(sign) = row[here..].chars().next() {
        match sign {
            _ if token(&row[here..]).is_some() => here += token(&row[here..]).map_or(1, str::len),
            '\\' => here += 1 + row[here + 1..].chars().next().map_or(0, char::len_utf8),
            ']' if row[here + 1..].starts_with('(') => return Some((here, target_at(row, here + 2))),
            ']' => return None,
            other => here += other.len_utf8(),
        }
    }
    None
}

/// The address that begins at `at`, and where it ends; brackets may stand in it in pairs.
fn target_at(row: &str, at: usize) -> Option<(String, usize)> {
    let mut address = String::new();
    let (mut depth, mut escaped) = (0_usize, false);
    for (offset, sign) in row[at..].char_indices() {
        match sign {
            _ if escaped => escaped = false,
            '\\' => {
                escaped = true;
                continue;
            }
            '(' => depth += 1,
            ')' if depth == 0 => return Some((address, at + offset + 1)),
            ')' => depth -= 1,
            _ => {}
        }
        address.push(sign);
    }
    None
}
