use super::{read, write};
use kernel::rich_text::{Block, RichText, Span};
use proptest::prelude::*;

fn span(text: &str) -> Span {
    Span { text: text.to_owned(), ..Span::default() }
}

fn bold(text: &str) -> Span {
    Span { bold: true, ..span(text) }
}

fn italic(text: &str) -> Span {
    Span { italic: true, ..span(text) }
}

fn link(text: &str) -> Span {
    Span { link: Some("https://usher.example/a_(b)".parse().expect("a link")), ..span(text) }
}

fn paragraph(spans: &[Span]) -> Block {
    Block::Paragraph { spans: spans.to_vec() }
}

fn list(ordered: bool, items: &[&[Span]]) -> Block {
    Block::List { ordered, items: items.iter().map(|spans| spans.to_vec()).collect() }
}

#[test]
fn texts_look_as_people_write_them() {
    for (markdown, blocks) in [
        ("Hello", vec![paragraph(&[span("Hello")])]),
        ("", vec![]),
        ("a **b** c", vec![paragraph(&[span("a "), bold("b"), span(" c")])]),
        (
            "*a* and ***b***",
            vec![paragraph(&[italic("a"), span(" and "), Span { italic: true, ..bold("b") }])],
        ),
        (
            "[see **this**](https://usher.example/a_\\(b\\)).",
            vec![paragraph(&[link("see "), Span { bold: true, ..link("this") }, span(".")])],
        ),
        (
            "Hi {{person.first_name:\"*there*\"}}, write to first_name@example.com",
            vec![paragraph(&[span("Hi {{person.first_name:\"*there*\"}}, write to first_name@example.com")])],
        ),
        (
            "Choose:\n- one\n- two\n1. first\n2. second\nDone",
            vec![
                paragraph(&[span("Choose:")]),
                list(false, &[&[span("one")], &[span("two")]]),
                list(true, &[&[span("first")], &[span("second")]]),
                paragraph(&[span("Done")]),
            ],
        ),
        ("- a\n\n- b", vec![list(false, &[&[span("a")]]), list(false, &[&[span("b")]])]),
        ("5 \\* 3 \\[x\\]", vec![paragraph(&[span("5 * 3 [x]")])]),
        ("\\- no list", vec![paragraph(&[span("- no list")])]),
        ("12\\. December", vec![paragraph(&[span("12. December")])]),
        ("a\\nb", vec![paragraph(&[span("a\nb")])]),
        (
            "\\p\n\\e\n\\u\n\\o\n-\n- \\e",
            vec![
                paragraph(&[]),
                paragraph(&[span("")]),
                list(false, &[]),
                list(true, &[]),
                list(false, &[&[], &[span("")]]),
            ],
        ),
        ("a\\bb\\e**\\e**", vec![paragraph(&[span("a"), span("b"), span(""), bold("")])]),
        ("\\{{{x}}", vec![paragraph(&[span("{{{x}}")])]),
    ] {
        let text = RichText { blocks };
        assert_eq!(read(markdown).as_ref(), Ok(&text), "{markdown}");
        assert_eq!(write(&text), markdown);
    }
}

#[test]
fn what_people_write_freely_is_understood() {
    for (markdown, same) in [
        ("  Hello  \n\n\nWorld \n", "Hello\nWorld"),
        ("  - a\n   - b", "- a\n- b"),
        ("7. a\n9. b", "1. a\n2. b"),
        ("2 * 3 = 6", "2 \\* 3 = 6"),
        ("[optional]", "\\[optional\\]"),
        ("[x](https://a.example/_(y))", "[x](https://a.example/_\\(y\\))"),
        ("{{no token", "\\{{no token"),
    ] {
        assert_eq!(write(&read(markdown).expect(markdown)), same, "{markdown}");
    }
}

#[test]
fn mistakes_are_named_where_they_are() {
    for (markdown, at, words) in [
        ("a **b", 2, "The ** is never closed"),
        ("Hello\n*b", 6, "The * is never closed"),
        ("a ****b", 2, "three stars"),
        ("see [x](javascript:alert)", 8, "“javascript:alert” is not a link"),
        ("see [x](https://a", 8, "never closed"),
        ("see [](https://a.example)", 4, "no text"),
        ("a\\q", 1, "\\q means nothing"),
        ("- a\\", 3, "end of a line"),
    ] {
        let mistake = read(markdown).expect_err(markdown);
        assert_eq!(mistake.at, at, "{markdown}: {mistake:?}");
        assert!(mistake.message.contains(words), "{markdown}: {mistake:?}");
    }
}

fn run() -> impl Strategy<Value = Span> {
    let signs = proptest::sample::select(vec![
        "a",
        "é",
        " ",
        "\t",
        "*",
        "**",
        "[",
        "]",
        "(",
        ")",
        "{",
        "}",
        "{{",
        "}}",
        "\\",
        "-",
        "1",
        ".",
        "- ",
        "_",
        "\n",
        "\u{a0}",
        "\r",
        "`",
        "{{person.x}}",
        "](https://a.example)",
        "\\p",
        "e",
        "b",
    ]);
    let text = prop_oneof![
        4 => proptest::collection::vec(signs, 0..6).prop_map(|signs| signs.concat()),
        1 => any::<String>(),
    ];
    let link = prop_oneof![
        4 => Just(None),
        1 => Just(Some("https://a.example/x y(z)\\w")),
        1 => Just(Some("mailto:a@b.example")),
    ];
    (text, any::<bool>(), any::<bool>(), link).prop_map(|(text, bold, italic, link)| Span {
        text,
        bold,
        italic,
        link: link.map(|link| link.parse().expect("a link")),
    })
}

pub(crate) fn rich_text() -> impl Strategy<Value = RichText> {
    let row = || proptest::collection::vec(run(), 0..5);
    let block = prop_oneof![
        row().prop_map(|spans| Block::Paragraph { spans }),
        (any::<bool>(), proptest::collection::vec(row(), 0..4))
            .prop_map(|(ordered, items)| Block::List { ordered, items }),
    ];
    proptest::collection::vec(block, 0..5).prop_map(|blocks| RichText { blocks })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn every_text_is_read_as_it_was_written(text in rich_text()) {
        let markdown = write(&text);
        let read = read(&markdown);
        prop_assert_eq!(read.as_ref(), Ok(&text), "{:?}", markdown);
    }

    #[test]
    fn no_text_breaks_the_reader(text in any::<String>()) {
        drop(read(&text));
    }

    #[test]
    fn what_is_read_is_written_in_one_way(text in rich_text(), cut in 0_usize..40) {
        let markdown: String = write(&text).chars().take(cut).collect();
        if let Ok(text) = read(&markdown) {
            prop_assert_eq!(read(&write(&text)), Ok(text));
        }
    }
}
