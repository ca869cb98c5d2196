//! Rewriting an SVG out of a short list of elements and attributes. What is not on the lists is left out with everything
//! inside it; what is not plainly well-formed is refused. The result holds no script, no style sheet, no link, no text
//! of another document and no reference outside itself.

/// A rewritten drawing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CleanSvg {
    /// The new text.
    pub text: String,
    /// Width and height in pixels, where the drawing says so in plain numbers.
    pub size: Option<(u32, u32)>,
}

const ELEMENTS: &[&str] = &[
    "svg",
    "g",
    "defs",
    "title",
    "desc",
    "path",
    "rect",
    "circle",
    "ellipse",
    "line",
    "polyline",
    "polygon",
    "linearGradient",
    "radialGradient",
    "stop",
    "clipPath",
    "mask",
    "text",
    "tspan",
];

const ATTRIBUTES: &[&str] = &[
    "xmlns",
    "version",
    "viewBox",
    "width",
    "height",
    "preserveAspectRatio",
    "id",
    "x",
    "y",
    "x1",
    "y1",
    "x2",
    "y2",
    "cx",
    "cy",
    "r",
    "rx",
    "ry",
    "fx",
    "fy",
    "d",
    "points",
    "transform",
    "fill",
    "fill-opacity",
    "fill-rule",
    "clip-rule",
    "clip-path",
    "mask",
    "stroke",
    "stroke-width",
    "stroke-opacity",
    "stroke-linecap",
    "stroke-linejoin",
    "stroke-miterlimit",
    "stroke-dasharray",
    "stroke-dashoffset",
    "opacity",
    "offset",
    "stop-color",
    "stop-opacity",
    "gradientUnits",
    "gradientTransform",
    "spreadMethod",
    "clipPathUnits",
    "maskUnits",
    "maskContentUnits",
    "font-family",
    "font-size",
    "font-weight",
    "font-style",
    "text-anchor",
    "dominant-baseline",
    "letter-spacing",
    "dx",
    "dy",
];

const NAMESPACE: &str = "http://www.w3.org/2000/svg";
const MAX_DEPTH: usize = 64;

/// Whether the content could be an SVG at all.
pub fn looks_like(bytes: &[u8]) -> bool {
    let start = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    start.starts_with(b"<svg") || start.starts_with(b"<?xml") || start.starts_with(b"<!--")
}

/// Rewrites a drawing, or says in words why that is not possible.
pub fn sanitise(bytes: &[u8]) -> Result<CleanSvg, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "the SVG must be UTF-8 text")?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut writer = Writer::default();
    let mut rest = text;
    while !rest.is_empty() {
        rest = writer.step(rest)?;
    }
    writer.finish()
}

#[derive(Default)]
struct Writer {
    out: String,
    /// Names of the open elements.
    open: Vec<String>,
    /// How many open elements belong to one that is left out.
    skipped: usize,
    size: Option<(u32, u32)>,
    done: bool,
}

impl Writer {
    fn step<'a>(&mut self, rest: &'a str) -> Result<&'a str, String> {
        if let Some(after) = rest.strip_prefix("<!--") {
            return after.split_once("-->").map(|(_, rest)| rest).ok_or("a comment does not end".to_owned());
        }
        if let Some(after) = rest.strip_prefix("<?xml ").filter(|_| self.out.is_empty()) {
            return after
                .split_once("?>")
                .map(|(_, rest)| rest)
                .ok_or("the XML line does not end".to_owned());
        }
        if rest.starts_with("<!") || rest.starts_with("<?") {
            return Err(
                "the SVG holds a document type, CDATA or an instruction, which is not taken".to_owned()
            );
        }
        if let Some(after) = rest.strip_prefix("</") {
            let (name, rest) = after.split_once('>').ok_or("a tag does not end")?;
            self.close(name.trim_end())?;
            return Ok(rest);
        }
        if let Some(after) = rest.strip_prefix('<') {
            return self.element(after);
        }
        let end = rest.find('<').unwrap_or(rest.len());
        self.text(&rest[..end])?;
        Ok(&rest[end..])
    }

    fn element<'a>(&mut self, tag: &'a str) -> Result<&'a str, String> {
        if self.done || self.open.len() >= MAX_DEPTH {
            return Err("the SVG is not one well-formed drawing".to_owned());
        }
        let end =
            tag.find(|c: char| c.is_whitespace() || c == '>' || c == '/').ok_or("a tag does not end")?;
        let (name, mut rest) = tag.split_at(end);
        if self.open.is_empty() && name != "svg" {
            return Err("the SVG must begin with an svg element".to_owned());
        }
        let mut attributes = Vec::new();
        let empty = loop {
            rest = rest.trim_start();
            if let Some(after) = rest.strip_prefix("/>") {
                rest = after;
                break true;
            }
            if let Some(after) = rest.strip_prefix('>') {
                rest = after;
                break false;
            }
            let (attribute, after) = attribute(rest)?;
            attributes.push(attribute);
            rest = after;
        };
        self.begin(name, &attributes, empty);
        Ok(rest)
    }

    fn begin(&mut self, name: &str, attributes: &[(&str, String)], empty: bool) {
        let kept = self.skipped == 0 && ELEMENTS.contains(&name);
        if self.open.is_empty() {
            self.size = size(attributes);
        }
        if kept {
            self.out.push('<');
            self.out.push_str(name);
            if self.open.is_empty() {
                self.out.push_str(" xmlns=\"");
                self.out.push_str(NAMESPACE);
                self.out.push('"');
            }
            for (name, value) in attributes {
                if *name != "xmlns" && ATTRIBUTES.contains(name) && harmless(value) {
                    self.out.extend([" ", name, "=\"", &escape(value), "\""]);
                }
            }
            self.out.push_str(if empty { "/>" } else { ">" });
        }
        if empty {
            self.done = self.open.is_empty();
        } else {
            self.skipped += usize::from(!kept);
            self.open.push(name.to_owned());
        }
    }

    fn close(&mut self, name: &str) -> Result<(), String> {
        if self.open.pop().as_deref() != Some(name) {
            return Err(format!("the SVG closes an element “{}” that is not open", shorten(name)));
        }
        if self.skipped > 0 {
            self.skipped -= 1;
        } else {
            self.out.extend(["</", name, ">"]);
        }
        self.done = self.open.is_empty();
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<(), String> {
        let plain = unescape(text)?;
        if self.open.is_empty() {
            return if plain.trim().is_empty() {
                Ok(())
            } else {
                Err("there is text outside the drawing".to_owned())
            };
        }
        if self.skipped == 0 {
            self.out.push_str(&escape(&plain));
        }
        Ok(())
    }

    fn finish(self) -> Result<CleanSvg, String> {
        if self.done && self.open.is_empty() {
            Ok(CleanSvg { text: self.out, size: self.size })
        } else {
            Err("the SVG is not one well-formed drawing".to_owned())
        }
    }
}

fn attribute(text: &str) -> Result<((&str, String), &str), String> {
    let (name, after) = text.split_once('=').ok_or("an attribute has no value")?;
    let name = name.trim();
    if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || "-_:.".contains(c)) {
        return Err("an attribute has no proper name".to_owned());
    }
    let after = after.trim_start();
    let quote =
        after.chars().next().filter(|c| matches!(c, '"' | '\'')).ok_or("an attribute is not quoted")?;
    let (value, rest) = after[1..].split_once(quote).ok_or("an attribute does not end")?;
    if value.contains('<') {
        return Err("an attribute holds a <".to_owned());
    }
    Ok(((name, unescape(value)?), rest))
}

/// No address but one inside the drawing: `url(#id)`.
fn harmless(value: &str) -> bool {
    let folded: String = value.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect();
    let outside = folded.matches("url(").count() != folded.matches("url(#").count();
    !outside
        && !folded.contains("script:")
        && !folded.contains("data:")
        && !folded.contains("://")
        && !folded.contains('\\')
        && !kernel::text::has_forbidden_controls(value)
}

/// The five named entities and numbers; any other would come out of a document type.
fn unescape(text: &str) -> Result<String, String> {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        plain.push_str(&rest[..at]);
        let (entity, after) = rest[at + 1..].split_once(';').ok_or("an & is not written as &amp;")?;
        plain.push(entity_char(entity).ok_or("the SVG holds an unknown entity")?);
        rest = after;
    }
    plain.push_str(rest);
    Ok(plain)
}

fn entity_char(entity: &str) -> Option<char> {
    match entity {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = entity.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code).filter(|c| !c.is_control() || matches!(c, '\t' | '\n' | '\r'))
        }
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn size(attributes: &[(&str, String)]) -> Option<(u32, u32)> {
    let pixels = |wanted: &str| {
        let (_, value) = attributes.iter().find(|(name, _)| *name == wanted)?;
        let number: f64 = value.trim().trim_end_matches("px").parse().ok()?;
        // A whole number of pixels above what is allowed stays above it.
        (0.0..=100_000.0).contains(&number).then(|| format!("{:.0}", number.ceil()).parse().ok())?
    };
    Some((pixels("width")?, pixels("height")?))
}

fn shorten(text: &str) -> String {
    text.chars().take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clean(text: &str) -> String {
        sanitise(text.as_bytes()).expect(text).text
    }

    #[test]
    fn drawings_stay_and_power_goes() {
        for (text, expected) in [
            (
                "<?xml version=\"1.0\"?><!-- c --><svg width='10' height=\"10\"><circle r=\"5\" fill=\"#f00\"/></svg>\n",
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"10\" height=\"10\"><circle r=\"5\" fill=\"#f00\"/></svg>",
            ),
            (
                "<svg onload=\"alert(1)\"><script>alert(1)</script><g><a href=\"javascript:x\"><path d=\"M0\"/></a></g></svg>",
                "<svg xmlns=\"http://www.w3.org/2000/svg\"><g></g></svg>",
            ),
            (
                "<svg><rect fill=\"url(#a)\" style=\"x\" mask=\"url( https://e.vil/x)\"/><text>a &lt; b</text></svg>",
                "<svg xmlns=\"http://www.w3.org/2000/svg\"><rect fill=\"url(#a)\"/><text>a &lt; b</text></svg>",
            ),
            (
                "<svg><foreignObject><svg><path/></svg></foreignObject><image href=\"x\"/><use href=\"#a\"/></svg>",
                "<svg xmlns=\"http://www.w3.org/2000/svg\"></svg>",
            ),
        ] {
            assert_eq!(clean(text), expected);
        }
    }

    #[test]
    fn what_is_not_plain_is_refused() {
        for text in [
            "<!DOCTYPE svg [<!ENTITY x \"y\">]><svg>&x;</svg>",
            "<svg>&x;</svg>",
            "<svg><![CDATA[<script>]]></svg>",
            "<svg><?php ?></svg>",
            "<svg><g></svg></g>",
            "<svg></svg><svg></svg>",
            "<html></html>",
            "<svg><path d=M0></svg>",
            "<svg",
            "<svg><path d=\"<script>\"/></svg>",
        ] {
            assert!(sanitise(text.as_bytes()).is_err(), "{text}");
        }
    }

    #[test]
    fn the_size_is_read_where_it_is_plain() {
        let size = |text: &str| sanitise(text.as_bytes()).expect(text).size;
        assert_eq!(size("<svg width=\"20px\" height=\"30\"></svg>"), Some((20, 30)));
        assert_eq!(size("<svg width=\"100%\" height=\"30\"></svg>"), None);
    }
}
