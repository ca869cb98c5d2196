//! The library of documents and what visitors do with them, over real HTTP.

mod console;
mod support;

use app::sites::{ConsentMode, SiteView};
use console::{User, console, text as owned};
use serde_json::{Value as Json, json};
use support::*;
use testkit::{
    http::Answer,
    pdf,
    receiver::{Receiver, Reply},
};

const PDF: &str = "application/pdf";
const PAGE: &str = "https://www.shop.example/pricing";

async fn upload(user: &mut User, name: &str, pages: usize) -> Json {
    let answer = user.send_bytes(&format!("/documents?name={name}"), PDF, &pdf::with_pages(pages)).await;
    assert_eq!(answer.status, 201, "{}", String::from_utf8_lossy(&answer.body));
    answer.json()
}

fn form(file_name: &str, content: &[u8]) -> (String, Vec<u8>) {
    let head = format!(
        "--xyz\r\ncontent-disposition: form-data; name=\"note\"\r\n\r\nhello\r\n--xyz\r\n\
         content-disposition: form-data; name=\"file\"; filename=\"{file_name}\"\r\ncontent-type: text/html\r\n\r\n"
    );
    let body = [head.as_bytes(), content, b"\r\n--xyz--\r\n"].concat();
    ("multipart/form-data; boundary=xyz".to_owned(), body)
}

/// Shows a document, then asks whether it was of use.
fn reading(document: &str) -> Json {
    let mut draft = draft("");
    draft["stream"] = json!({ "start": "read", "cards": [
        { "id": "read", "kind": "document", "text": rich("Here it is."), "document": document, "next": "use" },
        { "id": "use", "kind": "question", "text": rich("Of use?"), "style": "buttons", "responses": [
            { "id": "yes", "label": "Yes", "next": "bye" }, { "id": "no", "label": "No", "next": "mail" } ] },
        { "id": "mail", "kind": "info_capture", "text": rich("Whom may we ask?"), "fields": [
            { "id": "email", "type": "email", "label": "E-mail", "overwrite": "always" } ],
          "skip_if_known": false, "required": true, "next": "bye" },
        { "id": "bye", "kind": "message", "text": rich("Bye!"), "next": null } ] });
    draft
}

struct Reader {
    browser: Browser,
    talk: Json,
}

impl Reader {
    async fn new(server: &Server, site: &SiteView) -> Self {
        let mut browser = server.browser(site);
        let looking = browser.page(PAGE).await;
        browser.shown(&looking).await;
        let talk = browser.open(&looking).await;
        Self { browser, talk }
    }

    async fn event(&mut self, event: Json) -> Answer {
        self.event_as(&id(), event).await
    }

    async fn event_as(&mut self, client_id: &str, event: Json) -> Answer {
        let path = format!("conversations/{}/document", text(&self.talk["id"]));
        let body = json!({ "client_id": client_id, "card_id": "read", "event": event, "page_url": PAGE });
        self.browser.post(&path, body).await
    }

    async fn does(&mut self, event: Json) {
        let answer = self.event(event).await;
        assert_eq!(answer.status, 204, "{}", String::from_utf8_lossy(&answer.body));
    }
}

#[tokio::test]
async fn files_are_taken_by_their_content_and_served_inert() {
    let server = console().await;
    let mut owner = User::owner(&server).await;
    let (kind, body) = form("../../Price%20<script>.pdf", &pdf::with_pages(3));
    let answer = owner.send_bytes("/documents", &kind, &body).await;
    assert_eq!(answer.status, 201, "{}", String::from_utf8_lossy(&answer.body));
    let made = answer.json();
    assert_eq!(answer.header("location"), Some(format!("/api/v1/documents/{}", owned(&made["id"])).as_str()));
    assert_eq!((&made["name"], &made["pages"]), (&json!("Price%20<script>"), &json!(3)));
    assert_eq!(made["figures"]["opens"], 0);
    let url = owned(&made["url"]);
    let path = url.strip_prefix(&format!("http://{}", server.address)).expect("our address").to_owned();

    let site = server.site(ConsentMode::Open).await;
    let mut browser = server.browser(&site);
    let fetch = async |browser: &mut Browser, path: &str, more: &[(&str, &str)]| {
        let headers = [&[("origin", "https://shop.example")], more].concat();
        browser.client.send("GET", path, &headers, None).await.expect("an answer")
    };
    let whole = fetch(&mut browser, &path, &[]).await;
    assert_eq!((whole.status, whole.body.as_slice()), (200, pdf::with_pages(3).as_slice()));
    for (name, value) in [
        ("content-type", PDF),
        ("x-content-type-options", "nosniff"),
        ("content-security-policy", "sandbox; default-src 'none'"),
        ("access-control-allow-origin", "https://shop.example"),
        ("cache-control", "public, max-age=31536000, immutable"),
        ("accept-ranges", "bytes"),
        ("cross-origin-resource-policy", "cross-origin"),
    ] {
        assert_eq!(whole.header(name), Some(value), "{name}");
    }
    let tag = whole.header("etag").expect("a tag").to_owned();
    assert_eq!(fetch(&mut browser, &path, &[("if-none-match", &tag)]).await.status, 304);
    let part = fetch(&mut browser, &path, &[("range", "bytes=0-7")]).await;
    assert_eq!((part.status, part.body.as_slice()), (206, b"%PDF-1.4".as_slice()));
    assert_eq!(part.header("content-range"), Some(format!("bytes 0-7/{}", whole.body.len()).as_str()));
    assert_eq!(fetch(&mut browser, &path, &[("range", "bytes=9999999-")]).await.status, 416);
    let other = fetch(&mut browser, &path, &[("range", "bytes=0-7"), ("if-range", "\"old\"")]).await;
    assert_eq!(other.status, 200);
    let old = fetch(&mut browser, &path.replace("v=1", "v=7"), &[]).await;
    assert_eq!((old.status, old.header("cache-control")), (200, Some("public, no-cache")));

    let saved = owner.send("GET", &format!("/documents/{}/file", owned(&made["id"])), None).await;
    assert_eq!(saved.body, whole.body);
    let disposition = saved.header("content-disposition").expect("a disposition");
    assert!(disposition.starts_with("attachment; filename=\"Price_20_script_.pdf\""), "{disposition}");
    server.stop().await;
}

#[tokio::test]
async fn what_is_no_pdf_too_large_or_not_allowed_is_refused() {
    let server = support::server_with(|settings| {
        settings.limits.sign_ins_per_minute = 0;
        settings.limits.document_bytes = 20_000;
    })
    .await;
    let mut owner = User::owner(&server).await;
    for (content, status) in [
        (b"MZ\x90\0".to_vec(), 415),
        (b"<html>%PDF-1.4</html>".to_vec(), 415),
        (Vec::new(), 415),
        (b"%PDF-1.4 and nothing behind it".to_vec(), 422),
        ([b"%PDF-1.4\n".as_slice(), &[b' '; 30_000]].concat(), 413),
    ] {
        let answer = owner.send_bytes("/documents", PDF, &content).await;
        assert_eq!(answer.status, status, "{}", String::from_utf8_lossy(&answer.body));
        let (kind, body) = form("real.pdf", &content);
        assert_eq!(owner.send_bytes("/documents", &kind, &body).await.status, status);
    }
    let (kind, _) = form("", b"");
    assert_eq!(owner.send_bytes("/documents", &kind, b"--xyz--\r\n").await.status, 422);
    assert_eq!(owner.send_bytes("/documents?name=a%0Ab", PDF, &pdf::with_pages(1)).await.status, 422);
    assert_eq!(owner.get("/documents").await["items"], json!([]));

    let mut agent = User::with_profile(&server, "agent@example.com", "Live agent").await;
    let made = upload(&mut owner, "One", 1).await;
    let path = format!("/documents/{}", owned(&made["id"]));
    assert_eq!(agent.get("/documents").await["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(agent.send_bytes("/documents", PDF, &pdf::with_pages(1)).await.status, 403);
    agent.expect(403, "PATCH", &path, Some(json!({ "name": "Mine" }))).await;
    agent.expect(403, "DELETE", &path, None).await;
    let mut nobody = User::nobody(&server);
    nobody.expect(401, "GET", "/documents", None).await;
    server.stop().await;
}

#[tokio::test]
async fn a_document_is_renamed_replaced_and_found() {
    let server = console().await;
    let mut owner = User::owner(&server).await;
    let one = upload(&mut owner, "Brochure", 2).await;
    upload(&mut owner, "Price%20list", 1).await;
    let path = format!("/documents/{}", owned(&one["id"]));
    let renamed = owner.expect(200, "PATCH", &path, Some(json!({ "name": " Broschüre " }))).await;
    assert_eq!((&renamed["name"], &renamed["url"]), (&json!("Broschüre"), &one["url"]));
    owner.expect(422, "PATCH", &path, Some(json!({ "name": " " }))).await;
    owner.expect(422, "PATCH", &path, Some(json!({ "name": "x", "pages": 9 }))).await;
    let file = format!("{path}/file");
    let answer = owner.send_bytes_by("PUT", &file, PDF, &pdf::with_pages(5)).await;
    assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
    let replaced = answer.json();
    assert_eq!((&replaced["pages"], &replaced["content_version"]), (&json!(5), &json!(2)));
    assert_ne!(replaced["url"], one["url"]);
    assert_eq!(owner.send("GET", &file, None).await.body, pdf::with_pages(5));
    assert_eq!(owner.send_bytes_by("PUT", &file, PDF, b"no pdf").await.status, 415);
    assert_eq!(owner.send("GET", &file, None).await.body, pdf::with_pages(5));
    for (query, names) in [
        ("", vec!["Broschüre", "Price list"]),
        ("?query=BROSCHURE", vec!["Broschüre"]),
        ("?query=list", vec!["Price list"]),
        ("?query=nothing", vec![]),
    ] {
        let listed = owner.get(&format!("/documents{query}")).await;
        let found: Vec<&str> =
            listed["items"].as_array().expect("items").iter().map(|d| text(&d["name"])).collect();
        assert_eq!(found, names, "{query}");
    }
    owner.expect(204, "DELETE", &path, None).await;
    owner.expect(404, "GET", &path, None).await;
    let left = owner.get("/documents").await["items"][0]["id"].clone();
    owner.expect(409, "POST", &format!("/documents/{}/refresh", owned(&left)), None).await;
    server.stop().await;
}

#[tokio::test]
async fn a_document_is_fetched_from_its_address_and_again_on_demand() {
    let server = console().await;
    let mut owner = User::owner(&server).await;
    let content = |pages| Reply::Content { media_type: "text/html", bytes: pdf::with_pages(pages) };
    let receiver = Receiver::start([content(2)]).await;
    let address = receiver.url("/files/Price%20list.pdf?token=1");
    let made = owner.expect(201, "POST", "/documents/by-url", Some(json!({ "url": address }))).await;
    assert_eq!(
        (&made["name"], &made["pages"], &made["source_url"]),
        (&json!("Price list"), &json!(2), &json!(address))
    );
    let path = format!("/documents/{}", owned(&made["id"]));
    let same = owner.expect(200, "POST", &format!("{path}/refresh"), None).await;
    assert_eq!(same["content_version"], 1);
    receiver.reply([content(4)]);
    let fresh = owner.expect(200, "POST", &format!("{path}/refresh"), None).await;
    assert_eq!((&fresh["content_version"], &fresh["pages"]), (&json!(2), &json!(4)));
    for (reply, code) in [
        (Reply::Status(404), "status"),
        (Reply::Redirect("http://169.254.169.254/".to_owned()), "redirect"),
        (Reply::Content { media_type: PDF, bytes: b"<html>".to_vec() }, "pdf"),
        (Reply::Silence, "timeout"),
        (Reply::Endless, "too_large"),
    ] {
        receiver.reply([reply]);
        let problem = owner.expect(422, "POST", &format!("{path}/refresh"), None).await;
        assert_eq!(
            (&problem["errors"][0]["field"], &problem["errors"][0]["code"]),
            (&json!("/url"), &json!(code))
        );
    }
    assert_eq!(owner.get(&path).await["content_version"], 2);
    for (url, code) in [
        ("http://169.254.169.254/latest", "refused"),
        ("http://[::1]/x.pdf", "refused"),
        ("file:///etc/passwd", "url"),
        ("http://no-such-host.invalid/x.pdf", "unreachable"),
    ] {
        let problem = owner.expect(422, "POST", "/documents/by-url", Some(json!({ "url": url }))).await;
        assert_eq!(problem["errors"][0]["code"], code, "{url}");
    }
    server.stop().await;
}

#[tokio::test]
async fn reading_is_recorded_as_it_happens_and_counted_once() {
    let server = console().await;
    let mut owner = User::owner(&server).await;
    let made = upload(&mut owner, "Brochure", 4).await;
    let site = server.site(ConsentMode::Open).await;
    let dialogue = server.dialogue(site.id, "Offer", reading(text(&made["id"]))).await;
    let mut reader = Reader::new(&server, &site).await;
    let waiting = &reader.talk["waiting"];
    assert_eq!((&waiting["kind"], &waiting["document"]["pages"]), (&json!("document"), &json!(4)));
    assert_eq!(waiting["document"]["url"], made["url"]);
    assert_eq!(reader.event(json!({ "kind": "page", "page": 1, "seconds": 1 })).await.status, 409);

    let opening = id();
    for _ in 0..2 {
        assert_eq!(reader.event_as(&opening, json!({ "kind": "opened" })).await.status, 204);
    }
    assert_eq!(server.counts(dialogue).await, [1, 1, 0, 0, 0]);
    let once = id();
    let page = json!({ "kind": "page", "page": 1, "seconds": 2.5 });
    for _ in 0..3 {
        assert_eq!(reader.event_as(&once, page.clone()).await.status, 204);
    }
    assert_eq!(reader.event_as(&once, json!({ "kind": "downloaded" })).await.status, 409);
    reader.does(json!({ "kind": "page", "page": 3, "seconds": 4 })).await;
    reader.does(json!({ "kind": "page", "page": 1, "seconds": 1.5 })).await;
    reader.does(json!({ "kind": "search", "text": "<img src=x onerror=alert(1)>" })).await;
    reader.does(json!({ "kind": "downloaded" })).await;
    reader.does(json!({ "kind": "closed" })).await;
    for event in [
        json!({ "kind": "page", "page": 5, "seconds": 1 }),
        json!({ "kind": "page", "page": 0, "seconds": 1 }),
        json!({ "kind": "page", "page": 1, "seconds": -1 }),
        json!({ "kind": "page", "page": 1, "seconds": 3601 }),
        json!({ "kind": "search", "text": " " }),
        json!({ "kind": "search", "text": "x".repeat(201) }),
        json!({ "kind": "burnt" }),
        json!({ "kind": "page", "page": 1 }),
    ] {
        let answer = reader.event(event.clone()).await;
        assert_eq!(answer.status, 422, "{event}");
    }

    // The card goes on waiting, and the conversation goes on behind it.
    let talk = reader.browser.read(&reader.talk).await;
    assert_eq!((&talk["state"], &talk["waiting"]["kind"]), (&json!("engaged"), &json!("document")));
    let talk = reader.browser.answer(&talk, "read", json!({ "kind": "continue" })).await;
    assert_eq!(talk["waiting"]["card_id"], "use");
    assert_eq!(reader.event(json!({ "kind": "opened" })).await.status, 409);
    reader.does(json!({ "kind": "page", "page": 2, "seconds": 1 })).await;
    let talk = reader.browser.answer(&talk, "use", response("no")).await;
    reader.browser.answer(&talk, "mail", values(json!({ "email": "ada@example.com" }))).await;

    let report = owner.get(&format!("/documents/{}/report", owned(&made["id"]))).await;
    let figures = &report["figures"];
    assert_eq!(
        (&figures["opens"], &figures["people"], &figures["downloads"]),
        (&json!(1), &json!(1), &json!(1))
    );
    assert_eq!((&figures["share_read"], &figures["average_seconds"]), (&json!(0.75), &json!(9.0)));
    let seconds: Vec<&Json> =
        report["pages"].as_array().expect("pages").iter().map(|page| &page["average_seconds"]).collect();
    assert_eq!(seconds, [&json!(4.0), &json!(1.0), &json!(4.0), &Json::Null]);
    assert_eq!(report["searches"], json!([{ "text": "<img src=x onerror=alert(1)>", "count": 1 }]));
    let earlier =
        owner.get(&format!("/documents/{}/report?to=2026-11-20T00:00:00Z", owned(&made["id"]))).await;
    assert_eq!((&earlier["figures"]["opens"], &earlier["figures"]["share_read"]), (&json!(0), &Json::Null));

    let people = owner.expect(200, "POST", "/people/search", Some(json!({}))).await;
    let person = owned(&people["items"][0]["id"]);
    let openings = format!("/documents/{}/openings", owned(&made["id"]));
    let listed = owner.get(&openings).await;
    let one = &listed["items"][0];
    assert_eq!(listed["items"].as_array().map(Vec::len), Some(1));
    assert_eq!((&one["person"]["id"], &one["person"]["email"]), (&json!(person), &json!("ada@example.com")));
    assert_eq!((&one["conversation_id"], &one["dialogue"]["name"]), (&reader.talk["id"], &json!("Offer")));
    assert_eq!((&one["pages_viewed"], &one["share_read"]), (&json!([1, 2, 3]), &json!(0.75)));
    assert_eq!(
        (&one["seconds"], &one["downloaded"], &one["printed"]),
        (&json!(9.0), &json!(true), &json!(false))
    );
    let before = owner.get(&format!("{openings}?to=2026-11-20T00:00:00Z")).await;
    assert_eq!(before["items"], json!([]));
    let mut calendar = User::with_profile(&server, "cal@example.com", "Calendar agent").await;
    calendar.expect(200, "GET", &format!("/documents/{}/report", owned(&made["id"])), None).await;
    calendar.expect(403, "GET", &openings, None).await;
    let log = owner.get(&format!("/people/{person}/activities?type=document")).await;
    let activity = &log["items"][0];
    assert_eq!(log["items"].as_array().map(Vec::len), Some(1));
    let details = &activity["attributes"];
    assert_eq!((&details["document_name"], &details["document"]), (&json!("Brochure"), &made["id"]));
    assert_eq!((&details["page_url"], &details["share_read"]), (&json!(PAGE), &json!(0.75)));
    assert_eq!((&details["pages_viewed"], &details["seconds"]), (&json!([1, 2, 3]), &json!(9)));
    assert_eq!((&details["downloaded"], &details["printed"]), (&json!(true), &json!(false)));
    server.stop().await;
}

#[tokio::test]
async fn a_foreign_visitor_reads_nothing_into_a_conversation() {
    let server = console().await;
    let mut owner = User::owner(&server).await;
    let made = upload(&mut owner, "Brochure", 4).await;
    let site = server.site(ConsentMode::Open).await;
    server.dialogue(site.id, "Offer", reading(text(&made["id"]))).await;
    let mut reader = Reader::new(&server, &site).await;
    reader.does(json!({ "kind": "opened" })).await;
    let mut other = Reader::new(&server, &site).await;
    other.talk = reader.talk.clone();
    for event in [json!({ "kind": "opened" }), json!({ "kind": "page", "page": 1, "seconds": 1 })] {
        assert_eq!(other.event(event).await.status, 404);
    }
    server.stop().await;
}

#[tokio::test]
async fn a_document_that_visitors_meet_cannot_go() {
    let server = console().await;
    let mut owner = User::owner(&server).await;
    let made = upload(&mut owner, "Brochure", 1).await;
    let site = server.site(ConsentMode::Open).await;
    let dialogue = server.dialogue(site.id, "Offer", reading(text(&made["id"]))).await;
    let path = format!("/documents/{}", owned(&made["id"]));
    let used = owner.get(&path).await["used_in"].clone();
    assert_eq!(
        used[0],
        json!({ "id": dialogue, "name": "Offer", "kind": "dialogue", "draft": true, "published": true })
    );
    let refused = owner.expect(409, "DELETE", &path, None).await;
    assert!(text(&refused["detail"]).contains("“Offer”"), "{refused}");
    owner.expect(200, "POST", &format!("/dialogues/{dialogue}/unpublish"), None).await;
    owner.expect(204, "DELETE", &path, None).await;
    let checked = owner.expect(200, "POST", &format!("/dialogues/{dialogue}/check"), None).await;
    let messages: Vec<&Json> =
        checked["errors"].as_array().expect("errors").iter().map(|e| &e["message"]).collect();
    assert_eq!(messages, [&json!("The document is not in the library any more.")]);
    server.stop().await;
}
