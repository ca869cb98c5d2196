//! Makes the demo: users, site, dialogues, people from a CSV, and three weeks of visitors.

use super::api::{Api, Caller, StoryClock};
use super::dialogues::{Script, patterns, scripts};
use super::flows::{Flow, flows};
use super::{Sheet, SignIn, Token, library, visitors};
use crate::ambient::SystemClock;
use crate::config::Config;
use crate::{sample, wire};
use app::Running;
use app::access::Actor;
use kernel::{Clock, Timestamp, millis, to_millis};
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use web::{NoAssets, WebConfig};

/// People in the imported file.
const PEOPLE: u64 = 3_000;
/// How long the story is.
const DAYS: i64 = 21;
const DAY_MS: i64 = 24 * 3_600_000;
/// One password for all users of a demo that listens on loopback.
const PASSWORD: &str = "tidewater-demo";

/// Everything from nothing.
pub async fn make(config: &Config) -> Result<Sheet, String> {
    let now = SystemClock.now();
    let begin = millis(to_millis(now) - DAYS * DAY_MS);
    let story = Story::open(config, begin).await?;
    let made = story.tell(config, begin, now).await;
    story.close().await;
    made
}

/// The same demo under another address: the dialogues' target pages follow.
pub async fn retarget(config: &Config, sheet: Sheet) -> Result<Sheet, String> {
    let story = Story::open(config, SystemClock.now()).await?;
    let caller = bearer(sheet.tokens.first().map_or("", |t| t.token.as_str()));
    let mut moved = story.move_targets(&caller, config).await;
    if moved.is_ok() {
        moved = story.move_sources(&caller, &sheet.url, &config.public_url()).await;
    }
    story.close().await;
    moved.map(|()| Sheet { url: config.public_url(), ..sheet })
}

fn bearer(token: &str) -> Caller<'static> {
    Caller { from: ([127, 0, 0, 1], 1).into(), headers: vec![("authorization", format!("Bearer {token}"))] }
}

/// An instance whose clock stands where the story is.
struct Story {
    api: Api,
    instance: wire::Instance,
    running: Running,
}

impl Story {
    async fn open(config: &Config, at: Timestamp) -> Result<Self, String> {
        let clock = Arc::new(StoryClock::at(at));
        // The whole story comes from one process within seconds; limits meant for strangers would stop it.
        let mut unlimited = config.clone();
        unlimited.limits.address_requests_per_minute = u32::MAX;
        unlimited.limits.visitor_requests_per_minute = u32::MAX;
        let instance = wire::open_demo_at(&unlimited, Arc::clone(&clock) as Arc<dyn Clock>).await?;
        let running = instance.app.start().await.map_err(|e| e.to_string())?;
        let router = web::router(instance.app.clone(), Arc::new(NoAssets), WebConfig::default());
        Ok(Self { api: Api::new(router, clock), instance, running })
    }

    async fn close(self) {
        self.running.stop().await;
        self.instance.app.store().close().await;
    }

    async fn tell(&self, config: &Config, begin: Timestamp, now: Timestamp) -> Result<Sheet, String> {
        let (owner, token) = self.owner().await?;
        let caller = bearer(&token.token);
        let mut sign_ins = vec![owner];
        sign_ins.extend(self.colleagues().await?);
        let (site, site_key) = self.site(&caller).await?;
        self.goals(&caller).await?;
        let document = self.library(&caller, config).await?;
        for script in scripts(&document) {
            self.dialogue(&caller, &site, config, &script).await?;
        }
        let mut started = BTreeMap::new();
        for flow in flows() {
            started.insert(flow.slug.to_owned(), self.flow(&caller, &site, &flow).await?);
        }
        self.people(&caller).await?;
        let base = config.public_url();
        let website = visitors::Website { site_key: &site_key, base: &base, flows: &started };
        visitors::live(&self.api, &website, begin, now).await?;
        self.api.clock.set(now);
        app::sweep::run(&self.instance.app).await.map_err(|e| e.to_string())?;
        Ok(Sheet { url: config.public_url(), site_key, flows: started, sign_ins, tokens: vec![token] })
    }

    async fn owner(&self) -> Result<(SignIn, Token), String> {
        let nobody = Caller { from: ([127, 0, 0, 1], 1).into(), headers: Vec::new() };
        let email = "maren@tidewater.example".to_owned();
        let body = json!({ "email": email, "name": "Maren Dahl", "password": PASSWORD });
        self.api.call(&nobody, "POST", "/api/v1/setup", Some(body)).await?;
        let issued =
            crate::commands::token::create(&self.instance.app, "demo scripts", vec!["*".to_owned()]).await?;
        let token = Token { name: "demo scripts".to_owned(), token: issued };
        Ok((SignIn { email, password: PASSWORD.to_owned(), profile: "Owner".to_owned(), owner: true }, token))
    }

    /// One user of each profile.
    async fn colleagues(&self) -> Result<Vec<SignIn>, String> {
        let people = [
            ("Tariq Haddad", "tariq", "Marketing user"),
            ("Sanne de Vries", "sanne", "Live agent"),
            ("Ivo Novák", "ivo", "Calendar agent"),
            ("Júlia Costa", "julia", "Marketing admin"),
            ("Lars Eriksen", "lars", "Sales admin"),
        ];
        let mut joined = Vec::new();
        for (name, local, profile) in people {
            let email = format!("{local}@tidewater.example");
            let user = app::users::create(
                &self.instance.app,
                &Actor::command_line(),
                &email,
                name,
                profile,
                Some(PASSWORD),
            )
            .await;
            user.map_err(|e| format!("{email}: {e}"))?;
            joined.push(SignIn {
                email,
                password: PASSWORD.to_owned(),
                profile: profile.to_owned(),
                owner: false,
            });
        }
        Ok(joined)
    }

    async fn site(&self, caller: &Caller<'_>) -> Result<(String, String), String> {
        let site =
            self.api.call(caller, "POST", "/api/v1/sites", Some(json!({ "name": "Tidewater" }))).await?;
        let id = site["id"].as_str().unwrap_or_default().to_owned();
        let mut changed = json!({ "style": site["style"], "privacy": site["privacy"] });
        let style = &mut changed["style"];
        style["bot_name"] = json!("Tide");
        style["response_delay_ms"] = json!(500);
        style["colors"]["header"] = json!("#0b4f57");
        style["colors"]["header_text"] = json!("#ffffff");
        style["colors"]["button"] = json!("#0b5f67");
        style["colors"]["button_text"] = json!("#ffffff");
        style["colors"]["visitor_bubble"] = json!("#0b5f67");
        style["colors"]["visitor_text"] = json!("#ffffff");
        changed["privacy"]["consent_mode"] = json!("open");
        let changed = self.patch(caller, &format!("/api/v1/sites/{id}"), &site["version"], changed).await?;
        Ok((id, changed["key"].as_str().unwrap_or_default().to_owned()))
    }

    async fn patch(
        &self,
        caller: &Caller<'_>,
        path: &str,
        version: &Json,
        body: Json,
    ) -> Result<Json, String> {
        let mut headers = caller.headers.clone();
        headers.push(("if-match", format!("\"{version}\"")));
        self.api.call(&Caller { from: caller.from, headers }, "PATCH", path, Some(body)).await
    }

    /// What dialogues and flows are meant to reach.
    async fn goals(&self, caller: &Caller<'_>) -> Result<(), String> {
        let (scripts, flows) = (scripts(""), flows());
        let streams = scripts.iter().map(|one| &one.stream).chain(flows.iter().map(|one| &one.stream));
        let cards = streams.flat_map(|stream| stream["cards"].as_array().into_iter().flatten());
        let names: BTreeSet<&str> = cards.filter_map(|card| card["goal"].as_str()).collect();
        for name in names {
            self.api.call(caller, "POST", "/api/v1/goals", Some(json!({ "name": name }))).await?;
        }
        Ok(())
    }

    async fn dialogue(
        &self,
        caller: &Caller<'_>,
        site: &str,
        config: &Config,
        script: &Script,
    ) -> Result<(), String> {
        let body = json!({ "site_id": site, "name": script.name });
        let created = self.api.call(caller, "POST", "/api/v1/dialogues", Some(body)).await?;
        let mut draft = created["draft"].clone();
        draft["stream"] = script.stream.clone();
        draft["targeting"] = json!({ "audience": script.audience, "pages": patterns(script.pages, &config.public_url()), "events": script.events, "caps": {} });
        let path = format!("/api/v1/dialogues/{}", created["id"].as_str().unwrap_or_default());
        let change =
            json!({ "description": script.description, "priority": script.priority, "draft": draft });
        self.patch(caller, &path, &created["draft_version"], change).await?;
        if script.published {
            self.api.call(caller, "POST", &format!("{path}/publish"), None).await?;
        }
        Ok(())
    }

    /// The response library out of its file, and the document; its id.
    async fn library(&self, caller: &Caller<'_>, config: &Config) -> Result<String, String> {
        let file = library::responses(&config.public_url()).into_bytes();
        let upload = "/api/v1/responses/import?apply=true";
        let told = self.api.send(caller, "POST", upload, "text/csv", file).await?;
        if told["applied"] != true {
            return Err(format!("the response library was refused: {told}"));
        }
        let upload = format!("/api/v1/documents?name={}", library::GUIDE.replace(' ', "%20"));
        let document = self.api.send(caller, "POST", &upload, "application/pdf", library::guide()).await?;
        Ok(document["id"].as_str().unwrap_or_default().to_owned())
    }

    /// A published flow; its id.
    async fn flow(&self, caller: &Caller<'_>, site: &str, flow: &Flow) -> Result<String, String> {
        let body = json!({ "site_id": site, "name": flow.name });
        let created = self.api.call(caller, "POST", "/api/v1/flows", Some(body)).await?;
        let id = created["id"].as_str().unwrap_or_default().to_owned();
        let mut draft = created["draft"].clone();
        draft["stream"] = flow.stream.clone();
        draft["interface"] = json!(flow.interface);
        let path = format!("/api/v1/flows/{id}");
        let change = json!({ "description": flow.description, "draft": draft });
        self.patch(caller, &path, &created["draft_version"], change).await?;
        self.api.call(caller, "POST", &format!("{path}/publish"), None).await?;
        Ok(id)
    }

    /// Sources in the library lead to the website, wherever it is.
    async fn move_sources(&self, caller: &Caller<'_>, from: &str, to: &str) -> Result<(), String> {
        let list = self.api.call(caller, "GET", "/api/v1/responses", None).await?;
        for response in list["items"].as_array().into_iter().flatten() {
            let links = response["links"].to_string();
            let moved = links.replace(&format!("{from}/demo/"), &format!("{to}/demo/"));
            if moved == links {
                continue;
            }
            let path = format!("/api/v1/responses/{}", response["id"].as_str().unwrap_or_default());
            let links: Json = serde_json::from_str(&moved).map_err(|e| e.to_string())?;
            self.patch(caller, &path, &response["version"], json!({ "links": links })).await?;
        }
        Ok(())
    }

    async fn move_targets(&self, caller: &Caller<'_>, config: &Config) -> Result<(), String> {
        let list = self.api.call(caller, "GET", "/api/v1/dialogues?limit=200", None).await?;
        for script in scripts("") {
            let Some(row) = list["items"].as_array().into_iter().flatten().find(|d| d["name"] == script.name)
            else {
                continue;
            };
            let path = format!("/api/v1/dialogues/{}", row["id"].as_str().unwrap_or_default());
            let dialogue = self.api.call(caller, "GET", &path, None).await?;
            let mut draft = dialogue["draft"].clone();
            draft["targeting"]["pages"] = patterns(script.pages, &config.public_url());
            self.patch(caller, &path, &dialogue["draft_version"], json!({ "draft": draft })).await?;
            if dialogue["state"] == "published" {
                self.api.call(caller, "POST", &format!("{path}/publish"), None).await?;
            }
        }
        Ok(())
    }

    /// Through the importer: file up, mapping as it proposes, rows read by the job that a server would run.
    async fn people(&self, caller: &Caller<'_>) -> Result<(), String> {
        let mut csv = Vec::new();
        sample::write(&mut csv, PEOPLE, 300).map_err(|e| e.to_string())?;
        let upload = "/api/v1/imports?name=contacts-from-crm.csv";
        let import = self.api.send(caller, "POST", upload, "text/csv", csv).await?;
        let columns = import["columns"].as_array().into_iter().flatten();
        let mapping: serde_json::Map<String, Json> = columns
            .filter_map(|c| Some((c["header"].as_str()?.to_owned(), c["attribute"].clone())))
            .collect();
        let path = format!("/api/v1/imports/{}", import["id"].as_str().unwrap_or_default());
        self.api
            .call(
                caller,
                "POST",
                &format!("{path}/start"),
                Some(json!({ "mode": "upsert", "mapping": mapping })),
            )
            .await?;
        let id = import["id"].as_str().and_then(|id| id.parse().ok()).ok_or("an import has an id")?;
        app::import::run(&self.instance.app, id).await.map_err(|e| e.to_string())?;
        let done = self.api.call(caller, "GET", &path, None).await?;
        if done["state"] == "done" { Ok(()) } else { Err(format!("the import ended as {done}")) }
    }
}
