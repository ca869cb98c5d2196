//! The program over real HTTP: a router on a port of its own, a store in a file, a clock that is set.
#![allow(dead_code, reason = "every test file uses its own part")]

use app::{
    App, Limits, Ports, Retention, Running, Settings,
    access::Actor,
    dialogues::{DialoguePatch, Draft, NewDialogue},
    sites::{ConsentMode, NewSite, Privacy, Security, SitePatch, SiteView},
};
use kernel::{Clock, DialogueId, Secret, SiteId};
use serde_json::{Value as Json, json};
use std::{net::SocketAddr, sync::Arc};
use store::Store;
use store_sqlite::{SqliteOptions, SqliteStore};
use testkit::{
    SeededEntropy, SetClock,
    http::{Answer, Client},
};
use uuid::Uuid;

/// When tests begin.
pub const BEGIN: &str = "2026-11-20T10:00:00Z";

/// A running program.
pub struct Server {
    pub app: App,
    pub clock: Arc<SetClock>,
    pub address: SocketAddr,
    running: Running,
    _files: tempfile::TempDir,
}

pub async fn server() -> Server {
    server_with(|_| {}).await
}

pub async fn server_with(change: impl FnOnce(&mut Settings)) -> Server {
    server_behind(Extras::default(), change).await
}

/// What only some tests need.
#[derive(Default)]
pub struct Extras {
    pub ip: Option<Arc<dyn connect::IpIntelligence>>,
    pub trusted_proxies: usize,
    /// A mail server.
    pub mail: Option<SocketAddr>,
}

pub async fn server_behind(extras: Extras, change: impl FnOnce(&mut Settings)) -> Server {
    let files = tempfile::tempdir().expect("a directory");
    let store =
        SqliteStore::open(&files.path().join("usher.db"), SqliteOptions::default()).await.expect("a store");
    store.migrate().await.expect("a schema");
    let clock = Arc::new(SetClock::at(BEGIN));
    let uploads = outbound::LocalFiles::open(files.path().join("files"), clock.now()).await.expect("uploads");
    let ports = Ports {
        store: Arc::new(store),
        bus: Arc::new(bus::InProcessBus::default()),
        clock: Arc::clone(&clock) as Arc<dyn Clock>,
        entropy: Arc::new(SeededEntropy::new(7)),
        mailer: extras.mail.map(|address| mailer(address, Arc::clone(&clock) as Arc<dyn Clock>)),
        files: Arc::new(uploads),
        ip: extras.ip,
        outgoing: Arc::new(outbound::GuardedClient::new(loopback())),
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let mut settings = Settings {
        public_url: format!("http://{address}"),
        instance_name: "Test".to_owned(),
        demo: false,
        instance_key: Secret::new([42; 32]),
        time_zone: "UTC".to_owned(),
        limits: Limits {
            visitor_requests_per_minute: 100_000,
            address_requests_per_minute: 0,
            ..Limits::default()
        },
        retention: Retention::default(),
        live_chat: livechat::Rules::default(),
        sockets: app::Sockets::default(),
    };
    change(&mut settings);
    let app = App::new(ports, settings);
    let running = app.start().await.expect("configuration");
    app::goals::create(&app, &Actor::system(), GOAL).await.expect("a goal");
    let config = web::WebConfig { trusted_proxies: extras.trusted_proxies, ..web::WebConfig::default() };
    let router = web::router(app.clone(), Arc::new(web::NoAssets), config);
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await });
    Server { app, clock, address, running, _files: files }
}

fn mailer(address: SocketAddr, clock: Arc<dyn Clock>) -> Arc<dyn connect::Mailer> {
    let settings = outbound::SmtpSettings {
        host: address.ip().to_string(),
        port: address.port(),
        encryption: outbound::Encryption::None,
        credentials: None,
        from: "usher@example.com".parse().expect("an address"),
        from_name: None,
    };
    Arc::new(outbound::SmtpMailer::new(settings, clock).expect("a mailer"))
}

/// Servers of tests are on loopback, which nobody may call unless it is listed; their patience is short.
fn loopback() -> outbound::GuardSettings {
    let listed = outbound::AllowedHosts::parse(&["127.0.0.1".to_owned()]).expect("a host");
    outbound::GuardSettings {
        webhook_hosts: listed.clone(),
        document_hosts: listed.clone(),
        push_hosts: listed,
        time_limit: std::time::Duration::from_millis(500),
        ..outbound::GuardSettings::default()
    }
}

impl Server {
    pub async fn site(&self, mode: ConsentMode) -> SiteView {
        let actor = Actor::system();
        let site =
            app::sites::create(&self.app, &actor, NewSite { name: "Shop".to_owned() }).await.expect("a site");
        let privacy = Privacy { consent_mode: mode, ..Privacy::default() };
        self.patch_site(site.id, SitePatch { privacy: Some(privacy), ..SitePatch::default() }).await
    }

    pub async fn patch_site(&self, id: SiteId, patch: SitePatch) -> SiteView {
        app::sites::update(&self.app, &Actor::system(), id, None, patch).await.expect("a change")
    }

    pub async fn secure(&self, id: SiteId, security: Security) -> SiteView {
        self.patch_site(id, SitePatch { security: Some(security), ..SitePatch::default() }).await
    }

    /// A published dialogue on the pages of `shop.example`.
    pub async fn dialogue(&self, site: SiteId, name: &str, draft: Json) -> DialogueId {
        let actor = Actor::system();
        let new = NewDialogue { site_id: site, name: name.to_owned(), template: None };
        let made = app::dialogues::create(&self.app, &actor, new).await.expect("a dialogue");
        self.republish(made.summary.id, draft).await;
        made.summary.id
    }

    pub async fn republish(&self, id: DialogueId, draft: Json) {
        let actor = Actor::system();
        let draft: Draft = serde_json::from_value(draft).expect("a draft");
        let patch = DialoguePatch { draft: Some(draft), ..DialoguePatch::default() };
        app::dialogues::update(&self.app, &actor, id, None, patch).await.expect("a change");
        app::dialogues::publish(&self.app, &actor, id).await.expect("publication");
    }

    /// A published flow.
    pub async fn flow(&self, site: SiteId, name: &str, stream: Json) -> DialogueId {
        let new = NewDialogue { site_id: site, name: name.to_owned(), template: None };
        let kind = store::DialogueKind::Flow;
        let made = app::dialogues::create_kind(&self.app, &Actor::system(), kind, new).await.expect("a flow");
        let id = made.summary.id;
        self.republish_flow(id, stream).await;
        id
    }

    pub async fn republish_flow(&self, id: DialogueId, stream: Json) {
        let handle = app::dialogues::Handle::flow(id);
        let mut draft = draft("");
        draft["stream"] = stream;
        let draft: Draft = serde_json::from_value(draft).expect("a draft");
        let patch = DialoguePatch { draft: Some(draft), ..DialoguePatch::default() };
        app::dialogues::update(&self.app, &Actor::system(), handle, None, patch).await.expect("a change");
        app::dialogues::publish(&self.app, &Actor::system(), handle).await.expect("publication");
    }

    pub async fn prioritise(&self, id: DialogueId, priority: u32) {
        let patch = DialoguePatch { priority: Some(priority), ..DialoguePatch::default() };
        app::dialogues::update(&self.app, &Actor::system(), id, None, patch).await.expect("a change");
    }

    /// Counted conversations as an author sees them.
    pub async fn counts(&self, id: DialogueId) -> [u64; 5] {
        let counts = app::dialogues::get(&self.app, id).await.expect("a dialogue").summary.counts;
        [counts.triggered, counts.engaged, counts.completed, counts.acquired, counts.goals]
    }

    pub fn browser(&self, site: &SiteView) -> Browser {
        Browser {
            client: Client::new(self.address),
            key: site.key.clone(),
            token: None,
            headers: vec![
                ("origin".to_owned(), "https://shop.example".to_owned()),
                (
                    "user-agent".to_owned(),
                    "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Firefox/130.0".to_owned(),
                ),
            ],
        }
    }

    /// How many uploads lie beside the database.
    pub fn kept_files(&self) -> usize {
        std::fs::read_dir(self._files.path().join("files")).expect("a directory").count()
    }

    pub fn advance_minutes(&self, minutes: i64) {
        self.clock.advance_ms(minutes * 60_000);
    }

    pub async fn stop(self) {
        self.running.stop().await;
    }
}

/// One browser.
pub struct Browser {
    pub client: Client,
    pub key: String,
    pub token: Option<String>,
    pub headers: Vec<(String, String)>,
}

/// A page as the visitor sees it.
pub struct Looking {
    pub page_view_id: String,
    pub answer: Json,
}

impl Looking {
    pub fn resolved(&self) -> &Json {
        &self.answer["resolved"]
    }
}

impl Browser {
    pub async fn send(&mut self, method: &str, path: &str, body: Option<Json>) -> Answer {
        let join = if path.contains('?') { '&' } else { '?' };
        let path = format!("/api/visitor/v1/{path}{join}site={}", self.key);
        let mut headers: Vec<(&str, &str)> =
            self.headers.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        if let Some(token) = &self.token {
            headers.push(("x-usher-visitor", token));
        }
        if body.is_some() {
            headers.push(("content-type", "text/plain;charset=UTF-8"));
        }
        self.client.send(method, &path, &headers, body.as_ref()).await.expect("an answer")
    }

    /// Sends bytes as they are.
    pub async fn send_bytes(&mut self, path: &str, content_type: &str, body: &[u8]) -> Answer {
        let join = if path.contains('?') { '&' } else { '?' };
        let mut head = format!(
            "POST /api/visitor/v1/{path}{join}site={} HTTP/1.1\r\nhost: localhost\r\ncontent-type: {content_type}\r\n\
             content-length: {}\r\n",
            self.key,
            body.len()
        );
        let token = self.token.iter().map(|token| ("x-usher-visitor", token.as_str()));
        for (name, value) in self.headers.iter().map(|(n, v)| (n.as_str(), v.as_str())).chain(token) {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str("\r\n");
        self.client.send_raw(&[head.as_bytes(), body].concat()).await.expect("an answer")
    }

    pub async fn post(&mut self, path: &str, body: Json) -> Answer {
        self.send("POST", path, Some(body)).await
    }

    /// Posts what must be accepted.
    pub async fn ok(&mut self, path: &str, body: Json) -> Json {
        let answer = self.post(path, body).await;
        assert_eq!(answer.status, 200, "{path}: {}", String::from_utf8_lossy(&answer.body));
        let json = answer.json();
        if let Some(token) = json["visitor_token"].as_str() {
            self.token = Some(token.to_owned());
        }
        json
    }

    pub async fn page(&mut self, url: &str) -> Looking {
        self.page_with(url, json!({})).await
    }

    pub async fn page_with(&mut self, url: &str, more: Json) -> Looking {
        let page_view_id = id();
        let mut body =
            json!({ "page_view_id": page_view_id, "url": url, "title": "A page", "language": "en" });
        for (name, value) in more.as_object().into_iter().flatten() {
            body[name] = value.clone();
        }
        let answer = self.ok("page", body).await;
        Looking { page_view_id, answer }
    }

    fn on(looking: &Looking) -> Json {
        json!({ "page_view_id": looking.page_view_id, "dialogue_id": looking.resolved()["dialogue_id"] })
    }

    pub async fn shown(&mut self, looking: &Looking) -> Json {
        self.ok("shown", Self::on(looking)).await["conversation"].clone()
    }

    pub async fn open(&mut self, looking: &Looking) -> Json {
        self.ok("conversations", Self::on(looking)).await["conversation"].clone()
    }

    pub async fn input(&mut self, conversation: &Json, card: &str, input: Json) -> Answer {
        let body =
            json!({ "client_id": id(), "card_id": card, "input": input, "after": conversation["last_seq"] });
        self.post(&format!("conversations/{}/input", text(&conversation["id"])), body).await
    }

    /// Answers and sees where the conversation stands.
    pub async fn answer(&mut self, conversation: &Json, card: &str, input: Json) -> Json {
        let answer = self.input(conversation, card, input).await;
        assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
        answer.json()
    }

    pub async fn read(&mut self, conversation: &Json) -> Json {
        let answer = self.send("GET", &format!("conversations/{}", text(&conversation["id"])), None).await;
        assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
        answer.json()
    }
}

pub fn id() -> String {
    static NEXT: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(1);
    let number = NEXT.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
    Uuid::from_u128(0x4000_8000_0000_0000_0000 + u128::from(number)).to_string()
}

pub fn text(json: &Json) -> &str {
    json.as_str().expect("a text")
}

/// The texts of messages that are not superseded.
pub fn said(conversation: &Json) -> Vec<String> {
    let messages = conversation["messages"].as_array().expect("messages");
    messages
        .iter()
        .filter(|message| message["superseded"] == false)
        .map(|message| plain(&message["text"]))
        .collect()
}

fn plain(text: &Json) -> String {
    let blocks = text["blocks"].as_array().into_iter().flatten();
    let spans = blocks.flat_map(|block| block["spans"].as_array().into_iter().flatten());
    spans.filter_map(|span| span["text"].as_str()).collect()
}

pub fn rich(words: &str) -> Json {
    json!({ "blocks": [{ "type": "paragraph", "spans": [{ "text": words }] }] })
}

pub fn response(id: &str) -> Json {
    json!({ "kind": "response", "response_id": id })
}

pub fn values(values: Json) -> Json {
    json!({ "kind": "values", "values": values })
}

/// The goal of [`draft`], which every server has.
pub const GOAL: &str = "Demo requested";

/// Greets, asks for interest, takes name and address, marks a goal, says thanks.
pub fn draft(greeting: &str) -> Json {
    draft_on(greeting, &["https://*.shop.example"], json!({ "mode": "all", "conditions": [] }))
}

pub fn draft_on(greeting: &str, pages: &[&str], events: Json) -> Json {
    json!({
        "stream": { "start": "hello", "cards": [
            { "id": "hello", "kind": "message", "text": rich(greeting), "next": "interest" },
            { "id": "interest", "title": "Interest", "kind": "question", "text": rich("What brings you here?"),
              "style": "buttons", "responses": [
                { "id": "demo", "label": "A demo", "next": "contact" },
                { "id": "look", "label": "Just looking", "next": "bye" } ] },
            { "id": "contact", "kind": "info_capture", "text": rich("Whom may we invite?"), "fields": [
                { "id": "name", "type": "text", "label": "First name", "attribute": "person.first_name", "overwrite": "always" },
                { "id": "email", "type": "email", "label": "E-mail", "overwrite": "always" } ],
              "skip_if_known": false, "required": true, "next": "asked" },
            { "id": "asked", "kind": "goal", "goal": GOAL, "next": "thanks" },
            { "id": "thanks", "kind": "message", "text": rich("Thank you, {{person.first_name:\"friend\"}}!"), "next": "more" },
            { "id": "more", "kind": "question", "text": rich("Anything else?"), "style": "buttons", "responses": [
                { "id": "no", "label": "No", "next": "bye" }, { "id": "yes", "label": "Yes", "next": "contact" } ] },
            { "id": "bye", "kind": "message", "text": rich("Bye!"), "next": null },
        ] },
        "targeting": { "audience": { "all": [] }, "pages": { "include": pages, "exclude": [] }, "events": events, "caps": {} },
        "allow_back": true, "allow_restart": true, "language": "auto",
    })
}
