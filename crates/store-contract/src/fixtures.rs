//! Records as cases need them: plain, valid, told apart by what the case sets.

use crate::{World, world::at};
use engagement::{Activity, ActivityType};
use kernel::{
    CompanyId, DialogueId, JobId, ListId, PersonId, ProfileId, SiteId, UserId, VersionId, VisitorId,
};
use people::{Company, Origin, Person, Rung, SourceKind};
use serde_json::{Value as Json, json};
use store::{
    Conversation, ConversationStage, DialogueContent, DialogueKind, DialogueRecord, DialogueVersion,
    DocumentRecord, GoalRecord, GuestMark, Job, JobStatus, ListRecord, Message, MessageFrom, PageRequest,
    PageViewRecord, Profile, PublicationState, SiteRecord, User, Visit, Visitor,
};

/// Pages of any size until the end; fails on a page that is too long.
#[macro_export]
macro_rules! all_pages {
    ($limit:expr, $page:ident => $call:expr) => {{
        let mut items = Vec::new();
        let mut $page = store::PageRequest::first($limit);
        loop {
            let answer = $call.await.unwrap();
            assert!(answer.items.len() <= $limit as usize, "a page of {}", answer.items.len());
            items.extend(answer.items);
            match answer.next {
                Some(next) => $page.cursor = Some(next),
                None => break items,
            }
            assert!(items.len() < 100_000, "the pages do not end");
        }
    }};
}

pub(crate) const FIRST: PageRequest = PageRequest::first(200);

impl World {
    pub(crate) fn site(&self, key: &str) -> SiteRecord {
        SiteRecord {
            id: self.id(),
            name: format!("Site {key}"),
            key: key.to_owned(),
            enabled: true,
            chat_enabled: true,
            style: json!({"theme": "auto"}),
            privacy: json!({"consent_mode": "open"}),
            security: json!({"allowed_domains": ["example.com"]}),
            poke_pause_minutes: 5,
            avatar: None,
            last_seen_at: None,
            seen_hosts: Vec::new(),
            created_at: at(0),
            version: 1,
        }
    }

    pub(crate) fn content(&self, text: &str) -> DialogueContent {
        let stream = json!({"start": "hello", "cards": [{"id": "hello", "kind": "message",
            "text": {"blocks": [{"type": "paragraph", "spans": [{"text": text}]}]}, "next": null}]});
        DialogueContent {
            stream: serde_json::from_value(stream).unwrap(),
            targeting: targeting::Targeting::default(),
            allow_back: true,
            allow_restart: false,
            language: "auto".to_owned(),
            interface: store::Interface::default(),
            layout: std::collections::BTreeMap::new(),
            tests: Vec::new(),
        }
    }

    pub(crate) fn dialogue(&self, site: SiteId, name: &str) -> DialogueRecord {
        DialogueRecord {
            id: self.id(),
            site_id: site,
            kind: DialogueKind::Dialogue,
            name: name.to_owned(),
            description: String::new(),
            priority: 1,
            enabled: true,
            state: PublicationState::Draft,
            draft: self.content("Hello"),
            draft_version: 1,
            published: None,
            created_at: at(0),
            updated_at: at(0),
            updated_by: None,
        }
    }

    pub(crate) fn version(&self, dialogue: &DialogueRecord, number: u32) -> DialogueVersion {
        DialogueVersion {
            id: self.id(),
            dialogue_id: dialogue.id,
            number,
            name: dialogue.name.clone(),
            content: dialogue.draft.clone(),
            draft_version: dialogue.draft_version,
            created_at: at(i64::from(number)),
            created_by: None,
        }
    }

    pub(crate) fn anonymous(&self) -> Person {
        Person {
            id: self.id(),
            email: None,
            rung: Rung::Anonymous,
            attributes: people::AttributeMap::new(),
            origins: std::collections::BTreeMap::new(),
            base_origin: Origin { source: SourceKind::System, detail: None, at: at(0), rung: None },
            suggestions: Vec::new(),
            company_id: None,
            owner_id: None,
            created_at: at(0),
            updated_at: at(0),
            last_seen_at: None,
            version: 1,
        }
    }

    pub(crate) fn person(&self, email: &str) -> Person {
        Person { email: Some(email.parse().unwrap()), rung: Rung::Claimed, ..self.anonymous() }
    }

    pub(crate) fn named(&self, email: &str, first: &str, last: &str) -> Person {
        with(with(self.person(email), "first_name", first.into()), "last_name", last.into())
    }

    pub(crate) fn company(&self, name: &str, domains: &[&str]) -> Company {
        Company {
            id: self.id::<CompanyId>(),
            name: name.to_owned(),
            domains: domains.iter().map(|domain| domain.parse().unwrap()).collect(),
            attributes: people::AttributeMap::new(),
            owner_id: None,
            created_at: at(0),
            updated_at: at(0),
            version: 1,
        }
    }

    pub(crate) fn list(&self, name: &str) -> ListRecord {
        ListRecord { id: self.id::<ListId>(), name: name.to_owned(), size: 0, created_at: at(0) }
    }

    pub(crate) fn visitor(&self, person: PersonId, token: u8) -> Visitor {
        Visitor {
            id: self.id(),
            token_hash: [token; 32],
            person_id: person,
            rung: Rung::Anonymous,
            language: Some("de".to_owned()),
            dismissed_at: None,
            created_at: at(0),
            last_seen_at: at(0),
            revoked_at: None,
        }
    }

    pub(crate) fn visit(&self, visitor: VisitorId, number: u32) -> Visit {
        Visit {
            id: self.id(),
            visitor_id: visitor,
            number,
            started_at: at(i64::from(number) * 3_600),
            last_at: at(i64::from(number) * 3_600),
            pages: 1,
            visible_ms: 0,
            dialogue_ms: Vec::new(),
            attributes: json!({"visit.device": "phone"}),
        }
    }

    pub(crate) fn view(&self, visit: &Visit, url: &str, seconds: i64) -> PageViewRecord {
        PageViewRecord {
            id: self.id(),
            visit_id: visit.id,
            visitor_id: visit.visitor_id,
            url: url.to_owned(),
            title: "Title".to_owned(),
            at: at(seconds),
            trace: json!([["D1", "shown"]]),
        }
    }

    pub(crate) fn conversation(
        &self,
        site: SiteId,
        visitor: &Visitor,
        dialogue: DialogueId,
        version: VersionId,
    ) -> Conversation {
        Conversation {
            id: self.id(),
            site_id: site,
            visitor_id: visitor.id,
            person_id: visitor.person_id,
            dialogue_id: dialogue,
            version_id: version,
            stage: ConversationStage::Triggered,
            revision: 0,
            state: stream::ConversationState::default(),
            last_seq: 0,
            epoch: 0,
            page_url: "https://example.com/".to_owned(),
            triggered_at: at(10),
            engaged_at: None,
            completed_at: None,
            dropped_at: None,
            acquired_at: None,
            dismissed_at: None,
            last_visitor_at: at(10),
            shown_at: vec![at(10)],
            goals: Vec::new(),
        }
    }

    pub(crate) fn message(&self, seq: u64, text: &str) -> Message {
        Message {
            id: self.id(),
            seq,
            from: MessageFrom::Bot,
            kind: "text".to_owned(),
            card_id: Some("hello".to_owned()),
            body: json!({"text": text}),
            superseded: false,
            client_id: None,
            author_id: None,
            at: at(10),
        }
    }

    pub(crate) fn activity(&self, person: PersonId, kind: ActivityType, seconds: i64) -> Activity {
        Activity {
            id: self.id(),
            kind,
            person_id: person,
            visitor_id: None,
            site_id: None,
            dialogue_id: None,
            conversation_id: None,
            at: at(seconds),
            attributes: serde_json::Map::new(),
        }
    }

    pub(crate) fn goal(&self, name: &str) -> GoalRecord {
        GoalRecord {
            id: self.id(),
            name: name.to_owned(),
            names: vec![name.to_owned()],
            created_at: at(0),
            created_by: None,
            updated_at: at(0),
            version: 1,
        }
    }

    pub(crate) fn document(&self, name: &str) -> DocumentRecord {
        DocumentRecord {
            id: self.id(),
            name: name.to_owned(),
            file: self.id(),
            size: 12_345,
            pages: 4,
            source_url: None,
            content_version: 1,
            created_at: at(0),
            created_by: None,
            updated_at: at(0),
            version: 1,
        }
    }

    pub(crate) fn job(&self, kind: &str, due: i64) -> Job {
        Job {
            id: self.id::<JobId>(),
            kind: kind.to_owned(),
            payload: json!({"n": due}),
            title: "somebody@example.com".to_owned(),
            status: JobStatus::Waiting,
            attempts: 0,
            next_attempt_at: at(due),
            last_error: None,
            created_at: at(due),
            finished_at: None,
        }
    }

    pub(crate) fn profile(&self, name: &str) -> Profile {
        Profile {
            id: self.id::<ProfileId>(),
            name: name.to_owned(),
            description: "What it is for".to_owned(),
            built_in: false,
            permissions: vec!["people.edit".to_owned(), "people.view".to_owned()],
            version: 1,
            users: 0,
        }
    }

    pub(crate) fn user(&self, email: &str, profile: ProfileId) -> User {
        User {
            id: self.id::<UserId>(),
            email: email.parse().unwrap(),
            name: email.split('@').next().unwrap_or_default().to_owned(),
            profile_id: profile,
            owner: false,
            disabled: false,
            password_hash: None,
            failed_attempts: 0,
            locked_until: None,
            preferences: json!({"theme": "dark"}),
            created_at: at(0),
            last_seen_at: None,
        }
    }

    pub(crate) fn mark(&self, hash: u8, dialogue: DialogueId) -> GuestMark {
        GuestMark {
            hash: [hash; 32],
            dialogue_id: dialogue,
            shown_at: None,
            dismissed_at: None,
            visible_ms: 0,
            converted: false,
            created_at: at(0),
        }
    }

    /// The id of a user who is stored with a profile.
    pub(crate) async fn stored_user(&self, email: &str) -> UserId {
        let profile = self.profile(email);
        let user = self.user(email, profile.id);
        let mut tx = self.begin().await;
        tx.insert_profile(&profile).await.unwrap();
        tx.insert_user(&user).await.unwrap();
        tx.commit().await.unwrap();
        user.id
    }

    /// The id of a site that is stored.
    pub(crate) async fn stored_site(&self) -> SiteId {
        let site = self.site("a-key");
        let mut tx = self.begin().await;
        tx.insert_site(&site).await.unwrap();
        tx.commit().await.unwrap();
        site.id
    }

    /// A site with a published dialogue.
    pub(crate) async fn published(&self, key: &str) -> (SiteRecord, DialogueRecord, DialogueVersion) {
        let site = self.site(key);
        let dialogue = self.dialogue(site.id, &format!("Dialogue of {key}"));
        let version = self.version(&dialogue, 1);
        let mut tx = self.begin().await;
        tx.insert_site(&site).await.unwrap();
        tx.insert_dialogue(&dialogue).await.unwrap();
        tx.publish_version(&version).await.unwrap();
        tx.commit().await.unwrap();
        (site, dialogue, version)
    }

    /// A visitor with its person, stored.
    pub(crate) async fn arrived(&self, site: SiteId, person: &Person, token: u8) -> Visitor {
        let visitor = self.visitor(person.id, token);
        let mut tx = self.begin().await;
        tx.insert_people(std::slice::from_ref(person)).await.unwrap();
        tx.ensure_visitor(store::SiteScope::new(site), &visitor).await.unwrap();
        tx.commit().await.unwrap();
        visitor
    }
}

/// `person` with an attribute.
pub(crate) fn with(mut person: Person, name: &str, value: Json) -> Person {
    person.attributes.insert(name.to_owned(), value);
    person
}
