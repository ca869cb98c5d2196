//! The switch and the hours, with the clock set: who is asked at which minute.

mod console;
mod office;
mod support;

use console::User;
use kernel::{Clock, Timestamp, UserId, to_millis};
use office::Office;
use serde_json::{Value as Json, json};

/// From nine to five in Berlin, from Monday to Friday.
fn office_hours() -> Json {
    let day = json!([{ "from": "09:00", "to": "17:00" }]);
    json!({ "time_zone": "Europe/Berlin", "week": {
        "monday": day, "tuesday": day, "wednesday": day, "thursday": day, "friday": day } })
}

struct Morning {
    office: Office,
    agent: User,
    id: UserId,
}

impl Morning {
    async fn with_hours(hours: &Json) -> Self {
        let mut office = Office::new().await;
        let (agent, id) = office.agent("ada").await;
        let change = json!({ "live_chat": hours });
        office.owner.expect(200, "PATCH", &format!("/agents/{id}"), Some(change)).await;
        Self { office, agent, id }
    }

    /// Sets the clock; the agent's console stays open.
    async fn at(&self, time: &str) {
        let wanted: Timestamp = time.parse().expect("an instant");
        let clock = &self.office.server.clock;
        clock.advance_ms(to_millis(wanted) - to_millis(clock.now()));
        self.office.there(&[self.id]).await;
    }

    async fn turns(&mut self, available: bool) {
        let body = json!({ "available": available });
        self.agent.expect(200, "PUT", "/me/availability/switch", Some(body)).await;
    }

    /// Whether the agent is available, why, and until when; and whether a visitor who asks now gets him or her.
    async fn stands(&mut self, available: bool, because: &str, until: &str) {
        let me = self.agent.get("/live/me").await;
        let found = (&me["available"], &me["because"], &me["until"]);
        assert_eq!(found, (&json!(available), &json!(because), &json!(until)));
        let (mut visitor, asked) = self.office.asks().await;
        let state = if available { "waiting" } else { "ended" };
        assert_eq!(asked["chat"]["state"], state, "{me}");
        if available {
            visitor.ok(&office::path(&asked, "chat/cancel"), json!({})).await;
        }
    }
}

#[tokio::test]
async fn switched_off_it_stays_off_until_the_hours_end_and_on_until_midnight() {
    let mut day = Morning::with_hours(&office_hours()).await;
    // A Friday, eleven in Berlin.
    day.at("2026-11-20T10:00:01Z").await;
    day.stands(true, "schedule", "2026-11-20T16:00:00Z").await;
    day.turns(false).await;
    day.stands(false, "switch", "2026-11-20T16:00:00Z").await;
    day.at("2026-11-20T15:59:59Z").await;
    day.stands(false, "switch", "2026-11-20T16:00:00Z").await;
    // The next boundary: from here on the hours say it, and they say no until Monday.
    day.at("2026-11-20T16:00:00Z").await;
    day.stands(false, "schedule", "2026-11-23T08:00:00Z").await;

    day.at("2026-11-20T20:00:00Z").await;
    day.turns(true).await;
    day.stands(true, "switch", "2026-11-20T23:00:00Z").await;
    day.at("2026-11-20T22:59:59Z").await;
    day.stands(true, "switch", "2026-11-20T23:00:00Z").await;
    // Midnight in Berlin.
    day.at("2026-11-20T23:00:00Z").await;
    day.stands(false, "schedule", "2026-11-23T08:00:00Z").await;
    day.at("2026-11-23T08:00:00Z").await;
    day.stands(true, "schedule", "2026-11-23T16:00:00Z").await;
    day.office.server.stop().await;
}

#[tokio::test]
async fn switching_back_is_what_the_hours_say() {
    let mut day = Morning::with_hours(&office_hours()).await;
    day.at("2026-11-20T10:00:01Z").await;
    day.turns(false).await;
    day.turns(true).await;
    day.stands(true, "schedule", "2026-11-20T16:00:00Z").await;
    day.office.server.stop().await;
}

#[tokio::test]
async fn without_hours_midnight_is_that_of_utc() {
    let mut day = Morning::with_hours(&Json::Null).await;
    day.at("2026-11-20T10:00:01Z").await;
    assert_eq!(day.agent.get("/live/me").await["because"], "no_hours");
    day.turns(true).await;
    day.stands(true, "switch", "2026-11-21T00:00:00Z").await;
    day.at("2026-11-21T00:00:00Z").await;
    let me = day.agent.get("/live/me").await;
    assert_eq!((&me["available"], &me["because"]), (&json!(false), &json!("no_hours")));
    let (_, asked) = day.office.asks().await;
    assert_eq!(asked["chat"]["outcome"], "nobody");
    day.office.server.stop().await;
}

/// Going unavailable leaves active chats alone.
#[tokio::test]
async fn a_chat_goes_on_when_its_agent_switches_off() {
    let mut day = Morning::with_hours(&office_hours()).await;
    day.at("2026-11-20T10:00:01Z").await;
    let (mut visitor, waiting) = day.office.asks().await;
    let chat = office::accept(&mut day.agent).await;
    day.turns(false).await;
    day.office.wait(5, &[day.id]).await;
    office::says(&mut day.agent, &chat, "text", "Still here").await;
    let now = visitor.read(&waiting).await;
    assert_eq!(
        (&now["chat"]["state"], now["messages"].to_string().contains("Still here")),
        (&json!("with_agent"), true)
    );
    day.office.server.stop().await;
}
