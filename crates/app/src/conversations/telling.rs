//! Activities of visitors, most of them of conversations: facts for the log, with what readers want to know beside them.

use crate::{App, visit::PageFacts};
use engagement::{Activity, ActivityType};
use kernel::{ConversationId, DialogueId, PersonId, SiteId, Timestamp, VisitorId};
use serde_json::{Map, Value as Json};
use store::Conversation;

/// Gathers the activities of one unit of work.
#[derive(Debug)]
pub(crate) struct Telling<'a> {
    app: &'a App,
    now: Timestamp,
    page_url: Option<String>,
    pub activities: Vec<Activity>,
}

/// Where and to whom something happened.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'a> {
    pub person: PersonId,
    pub visitor: VisitorId,
    pub site: SiteId,
    /// The conversation with its dialogue and the dialogue's name.
    pub conversation: Option<(ConversationId, DialogueId, &'a str)>,
    pub page_url: &'a str,
}

impl<'a> Place<'a> {
    pub(crate) fn of(conversation: &'a Conversation, dialogue_name: &'a str) -> Self {
        Self {
            person: conversation.person_id,
            visitor: conversation.visitor_id,
            site: conversation.site_id,
            conversation: Some((conversation.id, conversation.dialogue_id, dialogue_name)),
            page_url: &conversation.page_url,
        }
    }
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
        self.at(kind, &Place::of(conversation, dialogue_name), more);
    }

    /// Something that happened somewhere.
    pub(crate) fn at(&mut self, kind: ActivityType, place: &Place<'_>, more: Json) {
        let page_url = self.page_url.as_deref().unwrap_or(place.page_url);
        let mut attributes = Map::from_iter([("page_url".to_owned(), Json::from(page_url))]);
        if let Some((_, _, name)) = place.conversation {
            attributes.insert("dialogue_name".to_owned(), name.into());
        }
        attributes.extend(details(more));
        self.activities.push(Activity {
            id: self.app.id(self.now),
            kind,
            person_id: place.person,
            visitor_id: Some(place.visitor),
            site_id: Some(place.site),
            dialogue_id: place.conversation.map(|(_, dialogue, _)| dialogue),
            conversation_id: place.conversation.map(|(id, _, _)| id),
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
