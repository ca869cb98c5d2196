//! Activities of conversations: facts for the log, with what readers want to know beside them.

use crate::{App, visit::PageFacts};
use engagement::{Activity, ActivityType};
use kernel::{PersonId, Timestamp};
use serde_json::{Map, Value as Json, json};
use store::Conversation;

/// Gathers the activities of one unit of work.
#[derive(Debug)]
pub(crate) struct Telling<'a> {
    app: &'a App,
    now: Timestamp,
    page_url: Option<String>,
    pub activities: Vec<Activity>,
}

/// Details of an activity out of a JSON object.
pub(crate) fn details(json: Json) -> Map<String, Json> {
    match json {
        Json::Object(map) => map,
        _ => Map::new(),
    }
}

impl<'a> Telling<'a> {
    pub(crate) fn new(app: &'a App, now: Timestamp) -> Self {
        Self { app, now, page_url: None, activities: Vec::new() }
    }

    /// Where the visitor is now, when it is not where the dialogue was shown.
    pub(crate) fn on_page(&mut self, url: &str) {
        self.page_url = Some(PageFacts::new(url, None, None).url);
    }

    /// Something that happened in a conversation.
    pub(crate) fn of(
        &mut self,
        kind: ActivityType,
        conversation: &Conversation,
        dialogue_name: &str,
        more: Json,
    ) {
        let mut attributes = details(json!({
            "dialogue_name": dialogue_name,
            "page_url": self.page_url.as_ref().unwrap_or(&conversation.page_url),
        }));
        attributes.extend(details(more));
        self.activities.push(Activity {
            id: self.app.id(self.now),
            kind,
            person_id: conversation.person_id,
            visitor_id: Some(conversation.visitor_id),
            site_id: Some(conversation.site_id),
            dialogue_id: Some(conversation.dialogue_id),
            conversation_id: Some(conversation.id),
            at: self.now,
            attributes,
        });
    }

    /// What was told, with ids that sort as it happened: those of one instant are random otherwise.
    pub(crate) fn told(&mut self) -> &[Activity] {
        let mut ids: Vec<_> = self.activities.iter().map(|activity| activity.id).collect();
        ids.sort_unstable();
        for (activity, id) in self.activities.iter_mut().zip(ids) {
            activity.id = id;
        }
        &self.activities
    }

    /// From now on everything belongs to another person, also what was told before in this unit of work.
    pub(crate) fn moved(&mut self, from: PersonId, to: PersonId) {
        for activity in self.activities.iter_mut().filter(|a| a.person_id == from) {
            activity.person_id = to;
        }
    }
}
