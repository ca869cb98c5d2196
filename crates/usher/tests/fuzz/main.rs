//! Bad input against every operation of the OpenAPI file (robust.md, Input): wrong types, 1e400, deep JSON, duplicate
//! keys, NUL, lone surrogates, huge texts, foreign ids and tokens. Never a 5xx, never slow, always problem details.

mod generate;

use generate::{Dice, Shapes, broken_body};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};
use testkit::faults::endless_question;
use testkit::http::{Answer, Client};
use testkit::instance::{Console, Server};

/// Requests for each operation; the seed makes a run repeatable.
const REQUESTS: usize = 60;
const SEED: u64 = 20_261_120;
const SLOW: Duration = Duration::from_secs(2);

const LIMITS: [(&str, &str); 5] = [
    ("USHER_LIMITS_ADDRESS_REQUESTS_PER_MINUTE", "100000000"),
    ("USHER_LIMITS_VISITOR_REQUESTS_PER_MINUTE", "100000000"),
    // A few sign-ins are let through and tried, the rest is refused: hashing passwords is slow on purpose.
    ("USHER_LIMITS_SIGN_INS_PER_MINUTE", "30"),
    ("USHER_LOG_LEVEL", "error"),
    ("USHER_LOG_FORMAT", "text"),
];

/// What a body may be said to be, beside JSON.
const KINDS: [&str; 6] = [
    "",
    "text/html",
    "application/x-www-form-urlencoded",
    "application/json; charset=utf-7",
    "multipart/form-data",
    "text/plain",
];

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Asker {
    Nobody,
    Token,
    WeakToken,
    Visitor,
    ForeignVisitor,
    Nonsense,
}

const ASKERS: [Asker; 8] = [
    Asker::Token,
    Asker::Token,
    Asker::Token,
    Asker::Visitor,
    Asker::Nobody,
    Asker::WeakToken,
    Asker::ForeignVisitor,
    Asker::Nonsense,
];

/// An instance with something in it.
struct Target {
    server: Server,
    client: Client,
    token: String,
    weak: String,
    key: String,
    visitor: String,
    foreign: String,
    ids: Vec<String>,
    api: Json,
}

impl Target {
    async fn open() -> Self {
        let mut server = Server::new(env!("CARGO_BIN_EXE_usher"), &LIMITS);
        let token =
            server.run(&["token", "create", "fuzz", "--scope", "*", "--quiet"]).await.expect("a token");
        let weak = server
            .run(&["token", "create", "weak", "--scope", "analytics.export", "--quiet"])
            .await
            .expect("a token");
        server.start().await.expect("it starts");
        let mut console = Console::new(server.address(), &token);
        let (site, key) = console.open_site("Fuzzed").await.expect("a site");
        let dialogue =
            console.publish_dialogue(&site, "Endless", endless_question()).await.expect("a dialogue");
        let (other, other_key) = console.open_site("Other").await.expect("a site");
        let person = console
            .call("POST", "/api/v1/people", Some(json!({ "attributes": { "email": "eve@example.com" } })))
            .await
            .expect("a person");
        let mut client = Client::new(server.address());
        let (visitor, conversation) = Self::visitor(&mut client, &key, &dialogue).await;
        let (foreign, _) = Self::visitor(&mut client, &other_key, "").await;
        let api = client.send("GET", "/api/openapi.json", &[], None).await.expect("the file").json();
        let ids = [site, other, dialogue, person["id"].as_str().unwrap_or_default().to_owned(), conversation]
            .into_iter()
            .filter(|id| !id.is_empty())
            .collect();
        let trim = |t: String| t.trim().to_owned();
        Self { server, client, token: trim(token), weak: trim(weak), key, visitor, foreign, ids, api }
    }

    async fn visitor(client: &mut Client, key: &str, dialogue: &str) -> (String, String) {
        let view = "00000000-0000-7000-8000-000000000001";
        let page = json!({ "page_view_id": view, "url": "https://www.example.com/", "title": "Home" });
        let first = client
            .send("POST", &format!("/api/visitor/v1/page?site={key}"), &[], Some(&page))
            .await
            .expect("a page view")
            .json();
        let token = first["visitor_token"].as_str().unwrap_or_default().to_owned();
        let open = json!({ "page_view_id": view, "dialogue_id": dialogue });
        let headers = [("x-usher-visitor", token.as_str())];
        let opened = client
            .send("POST", &format!("/api/visitor/v1/conversations?site={key}"), &headers, Some(&open))
            .await
            .expect("an answer")
            .json();
        (token, opened["conversation"]["id"].as_str().unwrap_or_default().to_owned())
    }

    fn credentials(&self, asker: Asker) -> String {
        match asker {
            Asker::Nobody => String::new(),
            Asker::Token => format!("authorization: Bearer {}\r\n", self.token),
            Asker::WeakToken => format!("authorization: Bearer {}\r\n", self.weak),
            Asker::Visitor => format!("x-usher-visitor: {}\r\n", self.visitor),
            Asker::ForeignVisitor => format!("x-usher-visitor: {}\r\n", self.foreign),
            Asker::Nonsense => "authorization: Bearer ust_x\r\nx-usher-visitor: \u{fffd}\r\ncookie: usher=x; __Host-usher=\"\r\norigin: null\r\n".to_owned(),
        }
    }
}

/// One request as it goes out.
struct Shot {
    method: String,
    address: String,
    kind: &'static str,
    asker: Asker,
    body: Vec<u8>,
}

impl Shot {
    fn bytes(&self, target: &Target) -> Vec<u8> {
        let mut address = self.address.clone();
        if address.starts_with("/api/visitor/") && self.asker != Asker::Nonsense && !address.contains("site=")
        {
            address.push(if address.contains('?') { '&' } else { '?' });
            address.push_str("site=");
            address.push_str(&target.key);
        }
        let mut head = format!(
            "{} {address} HTTP/1.1\r\nhost: {}\r\n{}",
            self.method,
            target.server.address(),
            target.credentials(self.asker)
        );
        if !self.kind.is_empty() {
            head.push_str(&format!("content-type: {}\r\n", self.kind));
        }
        head.push_str(&format!("content-length: {}\r\n\r\n", self.body.len()));
        [head.as_bytes(), &self.body].concat()
    }

    /// Enough of it to send it again.
    fn shown(&self) -> String {
        let body: String = String::from_utf8_lossy(&self.body).chars().take(400).collect();
        format!("{} {} as {:?} ({}): {body}", self.method, self.address, self.asker, self.kind)
    }
}

fn shot(target: &Target, path: &str, method: &str, operation: &Json, common: &Json, dice: &mut Dice) -> Shot {
    let shapes = Shapes { api: &target.api, ids: &target.ids };
    let parameters: Vec<&Json> =
        [&operation["parameters"], common].into_iter().filter_map(Json::as_array).flatten().collect();
    let wild = dice.once_in(3);
    let mut kind = "application/json";
    let mut method = method.to_uppercase();
    let content = &operation["requestBody"]["content"];
    let valid = shapes.value(&content["application/json"]["schema"], dice, 0, 0);
    let body = match dice.roll(10) {
        _ if content.is_null() => Vec::new(),
        0..3 => valid.to_string().into_bytes(),
        3..7 => shapes.value(&content["application/json"]["schema"], dice, 6, 0).to_string().into_bytes(),
        _ => broken_body(dice, &valid),
    };
    if dice.once_in(12) {
        kind = *dice.pick(&KINDS);
    }
    if dice.once_in(15) {
        (*dice.pick(&["PUT", "DELETE", "PATCH", "TRACE", "PROPFIND", "OPTIONS"])).clone_into(&mut method);
    }
    let mut address = shapes.address(path, &parameters, dice, wild);
    if method == "DELETE" {
        // What the run itself stands on stays.
        for id in &target.ids {
            address = address.replace(id.as_str(), "dlg_01arz3ndektsv4rrffq69g5fav");
        }
    }
    Shot { method, address, kind, asker: *dice.pick(&ASKERS), body }
}

/// What is wrong with an answer, if anything.
fn fault(answer: &Answer, took: Duration) -> Option<String> {
    if answer.status >= 500 {
        return Some(format!("status {}: {}", answer.status, String::from_utf8_lossy(&answer.body)));
    }
    if took > SLOW {
        return Some(format!("took {} ms", took.as_millis()));
    }
    if answer.status < 400 {
        return None;
    }
    let problem = answer.json();
    let kind = answer.header("content-type").unwrap_or_default();
    let whole = kind.starts_with("application/problem+json")
        && problem["type"].as_str().is_some_and(|t| !t.is_empty())
        && problem["title"].as_str().is_some_and(|t| !t.is_empty())
        && problem["status"] == json!(answer.status);
    (!whole).then(|| {
        format!(
            "status {} is no problem document: {kind} {}",
            answer.status,
            String::from_utf8_lossy(&answer.body)
        )
    })
}

async fn fire(target: &mut Target, shot: &Shot) -> Option<String> {
    let bytes = shot.bytes(target);
    #[expect(clippy::disallowed_methods, reason = "measures how long an answer takes")]
    let begin = Instant::now();
    let mut answer = target.client.send_raw(&bytes).await;
    if matches!(&answer, Err(error) if error.kind() != std::io::ErrorKind::TimedOut) {
        // The server may close a connection whose body it refused to read; the next request opens another.
        answer = target.client.send_raw(&bytes).await;
    }
    match answer {
        Ok(answer) => fault(&answer, begin.elapsed()),
        // A refused body may be answered before it is read, which can break the connection again.
        Err(error) if shot.body.len() > 64 * 1024 && error.kind() != std::io::ErrorKind::TimedOut => None,
        Err(error) => Some(format!("no answer: {error}")),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_that_is_sent_makes_the_server_fail() {
    let mut target = Target::open().await;
    let mut dice = Dice(SEED);
    let mut faults: BTreeMap<String, (usize, String)> = BTreeMap::new();
    let mut sent = 0;
    let paths = target.api["paths"].as_object().expect("paths").clone();
    for (path, item) in &paths {
        for (method, operation) in
            item.as_object().expect("operations").iter().filter(|(m, _)| *m != "parameters")
        {
            for _ in 0..REQUESTS {
                let shot = shot(&target, path, method, operation, &item["parameters"], &mut dice);
                sent += 1;
                if let Some(what) = fire(&mut target, &shot).await {
                    let entry = faults
                        .entry(format!("{method} {path}"))
                        .or_insert((0, format!("{}\n   {what}", shot.shown())));
                    entry.0 += 1;
                }
            }
        }
    }
    let alive = target.client.send("GET", "/readyz", &[], None).await.expect("it still answers");
    assert_eq!(alive.status, 200);
    let told: Vec<String> =
        faults.iter().map(|(at, (count, first))| format!("{at}: {count} times, first\n   {first}")).collect();
    assert!(faults.is_empty(), "{sent} requests, {} operations failed:\n{}", faults.len(), told.join("\n"));
    assert!(paths.len() > 40, "the file describes only {} addresses", paths.len());
    target.server.terminate().await.expect("it ends");
}

#[tokio::test]
async fn what_is_too_big_is_refused_quickly() {
    let mut target = Target::open().await;
    for (path, asker) in [("/api/v1/dialogues", Asker::Token), ("/api/visitor/v1/page", Asker::Visitor)] {
        let body = format!("{{\"name\":\"{}\"}}", "x".repeat(10 * 1024 * 1024)).into_bytes();
        let shot = Shot {
            method: "POST".to_owned(),
            address: path.to_owned(),
            kind: "application/json",
            asker,
            body,
        };
        let bytes = shot.bytes(&target);
        #[expect(clippy::disallowed_methods, reason = "measures how long an answer takes")]
        let begin = Instant::now();
        let answer = target.client.send_raw(&bytes).await;
        let took = begin.elapsed();
        if let Ok(answer) = answer {
            assert_eq!(answer.status, 413, "{path}");
        }
        assert!(took < SLOW, "{path} took {took:?}");
        target.client = Client::new(target.server.address());
        assert_eq!(target.client.send("GET", "/readyz", &[], None).await.expect("alive").status, 200);
    }
    target.server.terminate().await.expect("it ends");
}

#[tokio::test]
async fn another_sites_visitor_gets_nothing_of_this_one() {
    let mut target = Target::open().await;
    let conversation = target.ids.last().expect("a conversation").clone();
    let mine = format!("/api/visitor/v1/conversations/{conversation}?site={}", target.key);
    for (token, expected) in [
        (target.visitor.clone(), 200),
        (target.foreign.clone(), 404),
        (String::new(), 404),
        ("x".repeat(43), 404),
    ] {
        let headers = [("x-usher-visitor", token.as_str())];
        let headers = if token.is_empty() { &headers[..0] } else { &headers[..] };
        let answer = target.client.send("GET", &mine, headers, None).await.expect("an answer");
        assert_eq!(
            answer.status,
            expected,
            "with the token {token:?}: {}",
            String::from_utf8_lossy(&answer.body)
        );
    }
    target.server.terminate().await.expect("it ends");
}
