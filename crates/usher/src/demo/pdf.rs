//! The demo's own document: a small PDF of plain pages, made while the demo is made.

/// A page: its heading and its lines.
pub struct Leaf {
    /// What stands large at its top.
    pub title: &'static str,
    /// Lines of at most some 80 characters; an empty one is a gap.
    pub lines: &'static [&'static str],
}

/// A4 pages, one after the other, set in the font that every reader has.
pub fn booklet(leaves: &[Leaf]) -> Vec<u8> {
    let kids: String = (0..leaves.len()).map(|n| format!("{} 0 R ", 5 + 2 * n)).collect();
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        format!("<< /Type /Pages /Kids [{kids}] /Count {} >>", leaves.len()),
        font("Helvetica"),
        font("Helvetica-Bold"),
    ];
    for (number, leaf) in leaves.iter().enumerate() {
        let content = content(leaf, number + 1, leaves.len());
        objects.push(format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] \
             /Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> /Contents {} 0 R >>",
            6 + 2 * number
        ));
        objects.push(format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()));
    }
    file(&objects)
}

fn font(name: &str) -> String {
    format!("<< /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding >>")
}

fn content(leaf: &Leaf, number: usize, of: usize) -> String {
    let mut text = String::new();
    let mut put = |font: &str, size: u32, y: u32, words: &str| {
        // Writing to a string does not fail.
        text.push_str(&format!("BT /{font} {size} Tf 72 {y} Td ({}) Tj ET\n", escaped(words)));
    };
    put("F2", 26, 740, leaf.title);
    for (row, line) in (0..).zip(leaf.lines) {
        put("F1", 12, 696 - 20 * row, line);
    }
    put("F1", 9, 48, &format!("Tidewater field guide, page {number} of {of}"));
    text
}

/// The signs that mean something inside of a string.
fn escaped(words: &str) -> String {
    words.replace('\\', "\\\\").replace('(', "\\(").replace(')', "\\)")
}

/// Objects with the table that says where each begins.
fn file(objects: &[String]) -> Vec<u8> {
    let mut text = "%PDF-1.4\n".to_owned();
    let mut table = String::new();
    for (number, object) in objects.iter().enumerate() {
        table.push_str(&format!("{:010} 00000 n \n", text.len()));
        text.push_str(&format!("{} 0 obj\n{object}\nendobj\n", number + 1));
    }
    let (begin, size) = (text.len(), objects.len() + 1);
    text.push_str(&format!(
        "xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{begin}\n%%EOF\n"
    ));
    text.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_says_where_objects_begin() {
        let leaves = [Leaf { title: "One (1)", lines: &["a", "", "b"] }, Leaf { title: "Two", lines: &[] }];
        let bytes = booklet(&leaves);
        assert!(bytes.is_ascii());
        let text = String::from_utf8(bytes).expect("ASCII");
        let (body, table) = text.split_once("xref\n").expect("a table");
        let places = table.lines().filter_map(|line| line.strip_suffix(" 00000 n ")).enumerate();
        let found: Vec<bool> = places
            .map(|(index, place)| {
                body[place.parse::<usize>().expect("a number")..].starts_with(&format!("{} 0 obj", index + 1))
            })
            .collect();
        assert_eq!(found, [true; 8]);
        assert!(text.contains("(One \\(1\\)) Tj"));
    }
}
