//! An office with agents and a website whose visitors ask for them.
#![allow(dead_code, reason = "every test file uses its own part")]

use crate::{
    console::{User, text},
    support::{self, Browser, Server, id, response, rich},
};
use app::sites::{ConsentMode, SiteView};
use kernel::UserId;
use serde_json::{Value as Json, json};

pub fn always() -> Json {
    let day = json!([{ "from": "00:00", "to": "24:00" }]);
    json!({ "time_zone": "Europe/Berlin", "week": {
        "monday": day, "tuesday": day, "wednesday": day, "thursday": day, "friday": day, "saturday": day, "sunday": day } })
}

/// Asks for interest, and hands over.
pub fn draft() -> Json {
    let mut draft = support::draft("Hello");
    draft["stream"] = json!({ "start": "interest", "cards": [
        { "id": "interest", "title": "Interest", "kind": "question", "text": rich("What brings you here?"),
          "style": "buttons", "responses": [
            { "id": "chat", "label": "A person", "next": "agent" }, { "id": "mail", "label": "By mail", "next": "contact" } ] },
        { "id": "contact", "kind": "info_capture", "text": rich("Your address?"), "fields": [
            { "id": "email", "type": "email", "label": "E-mail", "overwrite": "always" } ],
          "skip_if_known": false, "required": true, "next": "agent" },
        { "id": "agent", "kind": "live_chat", "text": rich("One moment, please."), "routing": { "by": "round_robin" },
          "fallback": rich("Nobody is here now.") },
    ] });
    draft
}

pub struct Office {
    pub server: Server,
    pub site: SiteView,
    pub owner: User,
}

impl Office {
    pub async fn new() -> Self {
        Self::with(|_| {}).await
    }

    /// One whose operator configured something else.
    pub async fn with(change: impl FnOnce(&mut app::Settings)) -> Self {
        let server = support::server_with(|settings| {
            settings.limits.sign_ins_per_minute = 0;
            change(settings);
        })
        .await;
        Self::in_house(server).await
    }

    /// On a server of one's own.
    pub async fn in_house(server: Server) -> Self {
        let owner = User::owner(&server).await;
        let site = server.site(ConsentMode::Open).await;
        server.dialogue(site.id, "Help", draft()).await;
        Self { server, site, owner }
    }

    /// An agent with hours, and a console that is open.
    pub async fn agent(&mut self, name: &str) -> (User, UserId) {
        self.server.clock.advance_ms(1);
        let email = format!("{name}@example.com");
        let user = User::with_profile(&self.server, &email, "Live agent").await;
        let agents = self.owner.get("/agents").await;
        let agent = agents["items"].as_array().and_then(|all| all.iter().find(|one| one["email"] == email));
        let id = text(&agent.expect("an agent")["id"]);
        self.owner
            .expect(200, "PATCH", &format!("/agents/{id}"), Some(json!({ "live_chat": always() })))
            .await;
        let id: UserId = id.parse().expect("an id");
        self.there(&[id]).await;
        (user, id)
    }

    /// Their consoles are open.
    pub async fn there(&self, agents: &[UserId]) {
        app::livechat::presence::note(&self.server.app, "test", agents).await.expect("presence");
    }

    /// Time passes while the agents stay connected.
    pub async fn wait(&self, seconds: i64, agents: &[UserId]) {
        // In steps, as a node looks: one that looks again after a break gives everybody time to come back.
        let mut left = seconds;
        while left > 0 {
            self.look(agents).await;
            let step = left.min(5);
            self.server.clock.advance_ms(step * 1_000);
            left -= step;
        }
        self.look(agents).await;
    }

    async fn look(&self, agents: &[UserId]) {
        self.there(agents).await;
        app::livechat::due::run(&self.server.app).await.expect("due work");
    }

    /// Many agents with hours, without consoles.
    pub async fn agents(&mut self, number: usize) -> Vec<UserId> {
        let actor = app::access::Actor::system();
        let schedule: ::routing::Schedule = serde_json::from_value(always()).expect("hours");
        let mut ids = Vec::new();
        for one in 0..number {
            let email = format!("agent{one}@example.com");
            let password = Some(crate::console::PASSWORD);
            let made =
                app::users::create(&self.server.app, &actor, &email, &email, "Live agent", password).await;
            let id = made.expect("a user").id;
            let patch = app::routing::agents::AgentPatch {
                live_chat: Some(Some(schedule.clone())),
                ..Default::default()
            };
            app::routing::agents::update(&self.server.app, &actor, id, None, patch).await.expect("hours");
            ids.push(id);
        }
        ids
    }

    /// A visitor before the first answer.
    pub async fn ready(&self) -> (Browser, Json) {
        let mut browser = self.server.browser(&self.site);
        let looking = browser.page("https://www.shop.example/").await;
        let opened = browser.open(&looking).await;
        (browser, opened)
    }

    pub async fn asks(&self) -> (Browser, Json) {
        let mut browser = self.server.browser(&self.site);
        let looking = browser.page("https://www.shop.example/").await;
        let opened = browser.open(&looking).await;
        let waiting = browser.answer(&opened, "interest", response("chat")).await;
        (browser, waiting)
    }
}

pub fn path(conversation: &Json, rest: &str) -> String {
    format!("conversations/{}/{rest}", support::text(&conversation["id"]))
}

pub async fn offer(agent: &mut User) -> Json {
    let me = agent.get("/live/me").await;
    me["offers"][0].clone()
}

pub async fn accept(agent: &mut User) -> String {
    let chat = text(&offer(agent).await["chat_id"]);
    let view = agent.expect(200, "POST", &format!("/chats/{chat}/accept"), None).await;
    assert_eq!(
        (&view["state"], &view["mine"], &view["may_write"]),
        (&json!("with_agent"), &json!(true), &json!(true))
    );
    chat
}

pub async fn says(agent: &mut User, chat: &str, kind: &str, words: &str) -> Json {
    let body = json!({ "client_id": id(), "kind": kind, "text": words });
    agent.expect(200, "POST", &format!("/chats/{chat}/messages"), Some(body)).await
}
