use super::*;
use miniz_oxide::deflate::compress_to_vec_zlib;

const CATALOG: &str = "1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n";
const TRAILER: &str = "trailer\n<< /Size 9 /Root 1 0 R >>\nstartxref\n0\n%%EOF";

fn file(body: &str) -> Vec<u8> {
    format!("%PDF-1.7\n%\u{e2}\u{e3}\n{body}").into_bytes()
}

/// A file whose objects stand in a compressed one, as most programs write them today.
fn compressed(objects: &[(u32, &str)], filter: bool) -> Vec<u8> {
    let (mut head, mut values) = (String::new(), String::new());
    for (number, value) in objects {
        head += &format!("{number} {} ", values.len());
        values += &format!("{value} ");
    }
    let (first, count) = (head.len(), objects.len());
    let text = format!("{head}{values}").into_bytes();
    let content = if filter { compress_to_vec_zlib(&text, 6) } else { text };
    let kind = if filter { "/Filter /FlateDecode" } else { "" };
    let length = content.len();
    let mut file = format!(
        "%PDF-1.5\n7 0 obj\n<< /Type /ObjStm /N {count} /First {first} {kind} /Length {length} >>\nstream\n"
    )
    .into_bytes();
    file.extend(content);
    file.extend(b"\nendstream\nendobj\n8 0 obj\n<</Type/XRef/Root 1 0 R/W[1 2 1]/Length 4>>stream\r\n\0\x01(<\r\nendstream endobj");
    file
}

#[test]
fn the_page_tree_states_the_count() {
    let plain =
        format!("{CATALOG}2 0 obj\n<< /Type /Pages /Kids [3 0 R 4 0 R] /Count 2 >>\nendobj\n{TRAILER}");
    let elsewhere = format!("{CATALOG}2 0 obj <</Count 5 0 R>> endobj 5 0 obj 12 endobj {TRAILER}");
    let tight =
        "1 0 obj<</Pages 2 0 R/Type/Catalog>>endobj 2 0 obj<</Count 3/Kids[]>>endobj trailer<</Root 1 0 R>>";
    let nested = format!(
        "{CATALOG}2 0 obj <</Names [(a \\) /Count 9 (b) c) <2f> % /Count 8\n] /Inner << /Count 7 >> /Count 4>> endobj {TRAILER}"
    );
    for (body, count) in [(plain.as_str(), 2), (&elsewhere, 12), (tight, 3), (&nested, 4)] {
        assert_eq!(pages(&file(body)), Ok(count), "{body}");
    }
}

#[test]
fn a_later_object_replaces_an_earlier_one() {
    let changed = format!(
        "{CATALOG}2 0 obj <</Count 9>> endobj {TRAILER}\n2 0 obj <</Count 5>> endobj trailer <</Root 1 0 R /Prev 9>>"
    );
    assert_eq!(pages(&file(&changed)), Ok(5));
}

#[test]
fn objects_may_be_compressed() {
    let objects = [(1, "<</Type/Catalog/Pages 2 0 R>>"), (2, "<</Type/Pages/Count 40>>"), (3, "[1 2]")];
    assert_eq!(pages(&compressed(&objects, true)), Ok(40));
    assert_eq!(pages(&compressed(&objects, false)), Ok(40));
}

#[test]
fn what_stands_in_content_is_not_taken_for_an_object() {
    let hidden = "2 0 obj <</Count 99>> endobj trailer <</Root 9 0 R>>";
    let body = format!(
        "{CATALOG}2 0 obj <</Count 1>> endobj 5 0 obj <</Length {}>>\nstream\n{hidden}\nendstream endobj\n\
         6 0 obj <</Length 3>> stream\n{hidden} endstream endobj {TRAILER}",
        hidden.len()
    );
    assert_eq!(pages(&file(&body)), Ok(1));
}

#[test]
fn what_is_no_pdf_or_cannot_be_shown_is_refused() {
    let html = b"<html>%PDF-1.7 1 0 obj</html>".to_vec();
    let protected = format!("{CATALOG}2 0 obj <</Count 1>> endobj trailer <</Root 1 0 R /Encrypt 5 0 R>>");
    let empty = format!("{CATALOG}2 0 obj <</Count 0>> endobj {TRAILER}");
    let negative = format!("{CATALOG}2 0 obj <</Count -3>> endobj {TRAILER}");
    let endless = format!("{CATALOG}2 0 obj <</Count 99999999>> endobj {TRAILER}");
    let circle = "1 0 obj <</Pages 1 0 R>> endobj trailer <</Root 1 0 R>>";
    for (bytes, refusal) in [
        (html, NotReadable::NotPdf),
        (b"MZ\x90".to_vec(), NotReadable::NotPdf),
        (Vec::new(), NotReadable::NotPdf),
        (file(""), NotReadable::Damaged),
        (file("%PDF-1.7 only words"), NotReadable::Damaged),
        (file(&protected), NotReadable::Protected),
        (file(&empty), NotReadable::Damaged),
        (file(&negative), NotReadable::Damaged),
        (file(&endless), NotReadable::TooLong),
        (file(circle), NotReadable::Damaged),
    ] {
        assert_eq!(pages(&bytes), Err(refusal), "{}", String::from_utf8_lossy(&bytes));
    }
}

#[test]
fn hostile_content_comes_to_an_end() {
    let deep = format!("1 0 obj {}", "[".repeat(200_000));
    let open = "1 0 obj (".repeat(50_000);
    let unended = "1 0 obj <</Length 9>> stream\n".repeat(50_000);
    let mut bomb = compressed(&[(1, "<</Pages 2 0 R>>")], true);
    bomb.extend(compressed(&[(2, &"<</Count 1>>".repeat(1_000))], true));
    for bytes in [file(&deep), file(&open), file(&unended)] {
        assert!(pages(&bytes).is_err());
    }
    assert_eq!(pages(&bomb), Ok(1));
}

proptest::proptest! {
    #[test]
    fn no_content_makes_it_fail(noise in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..400), at in 0_usize..300, cut in 0_usize..400) {
        let objects = [(1, "<</Type/Catalog/Pages 2 0 R>>"), (2, "<</Type/Pages/Count 4>>")];
        let mut bytes = compressed(&objects, true);
        let at = at.min(bytes.len());
        bytes.splice(at..at, noise.iter().copied());
        bytes.truncate(cut.max(8));
        let _ = pages(&bytes);
        let mut noise_only = b"%PDF-".to_vec();
        noise_only.extend(noise);
        let _ = pages(&noise_only);
    }
}
