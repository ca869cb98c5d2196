//! An activity as one English sentence for the console: "Engaged with Book a demo on /pricing".

use crate::{Activity, ActivityType};
use serde_json::Value;

/// The sentence. Details that are missing are simply not mentioned.
pub fn summary(activity: &Activity) -> String {
    let details = Details(activity);
    match activity.kind {
        ActivityType::Triggered => details.on_page(&format!("Was shown {}", details.dialogue())),
        ActivityType::Engaged => details.on_page(&format!("Engaged with {}", details.dialogue())),
        ActivityType::Completed => details.on_page(&format!("Completed {}", details.dialogue())),
        ActivityType::Dropped => format!("Left {} unfinished", details.dialogue()),
        ActivityType::Acquired => {
            details.on_page(&format!("Gave an e-mail address in {}", details.dialogue()))
        }
        ActivityType::Goal => {
            let goal = details.text("goal").unwrap_or_else(|| "of a dialogue".to_owned());
            details.on_page(&format!("Reached the goal {goal} in {}", details.dialogue()))
        }
        ActivityType::Document => {
            let name = details.text("document_name").unwrap_or_else(|| "a document".to_owned());
            details.on_page(&format!("Opened {name} in {}", details.dialogue()))
        }
        ActivityType::InterestingMoment => {
            format!("Interesting moment: {}", details.text("text").unwrap_or_default())
        }
        ActivityType::ScoreChanged => details.score(),
        ActivityType::FilledForm => match details.text("form") {
            Some(form) => details.on_page(&format!("Sent the form {form}")),
            None => details.on_page("Sent a form"),
        },
        ActivityType::VisitedPage => {
            let page = details.page().unwrap_or_else(|| "a page".to_owned());
            match details.inferred() {
                Some(place) => format!("Visited {page} (inferred from the address: {place})"),
                None => format!("Visited {page}"),
            }
        }
        ActivityType::AttributeChanged => details.change(),
        ActivityType::ListAdded => format!("Was added to {}", details.list()),
        ActivityType::ListRemoved => format!("Was removed from {}", details.list()),
        ActivityType::Merged => "Another record of this person was merged into this one".to_owned(),
        ActivityType::Linked => {
            details.on_page("A visitor gave this person's e-mail address without proving it")
        }
        ActivityType::ConsentGiven => details.on_page("Gave consent"),
        ActivityType::ConsentWithdrawn => details.on_page("Withdrew consent"),
        ActivityType::Imported => match details.text("import_name") {
            Some(name) => format!("Imported from {name}"),
            None => "Imported".to_owned(),
        },
        ActivityType::LiveChatRequested => details.on_page("Asked for an agent"),
        ActivityType::LiveChatInitiated => {
            let agent = details.text("agent_name").unwrap_or_else(|| "an agent".to_owned());
            details.on_page(&format!("Engaged with {agent} in a live chat"))
        }
        ActivityType::LiveChatMissed => details.on_page("Found nobody in a live chat"),
        ActivityType::LiveChatEnded => match details.text("agent_name") {
            Some(agent) => format!("The live chat with {agent} ended"),
            None => "A live chat ended".to_owned(),
        },
        ActivityType::LiveChatRated => match details.text("rating") {
            Some(rating) => format!("Rated a live chat with {rating} of 5"),
            None => "Rated a live chat".to_owned(),
        },
    }
}

struct Details<'a>(&'a Activity);

impl Details<'_> {
    /// A scalar detail as text; none when absent or empty.
    fn text(&self, name: &str) -> Option<String> {
        let text = match self.0.attributes.get(name)? {
            Value::String(text) => text.trim().to_owned(),
            Value::Bool(true) => "yes".to_owned(),
            Value::Bool(false) => "no".to_owned(),
            Value::Number(number) => number.to_string(),
            Value::Null | Value::Array(_) | Value::Object(_) => return None,
        };
        (!text.is_empty()).then_some(text)
    }

    /// Where the visitor seemed to come from, and from which company.
    fn inferred(&self) -> Option<String> {
        let inferred = self.0.attributes.get("inferred")?;
        let part = |name: &str| inferred.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        let place: Vec<&str> = ["company", "city", "country"].into_iter().filter_map(part).collect();
        (!place.is_empty()).then(|| place.join(", "))
    }

    fn dialogue(&self) -> String {
        self.text("dialogue_name").unwrap_or_else(|| "a dialogue".to_owned())
    }

    fn score(&self) -> String {
        let number = |name: &str| self.0.attributes.get(name).and_then(Value::as_f64);
        match (number("old"), number("new")) {
            (Some(old), Some(new)) => format!("Score went from {old} to {new}"),
            _ => "The score changed".to_owned(),
        }
    }

    fn list(&self) -> String {
        self.text("list_name").map_or_else(|| "a list".to_owned(), |name| format!("the list {name}"))
    }

    fn page(&self) -> Option<String> {
        self.text("page_url").map(|url| path_of(&url).to_owned())
    }

    fn on_page(&self, sentence: &str) -> String {
        match self.page() {
            Some(page) => format!("{sentence} on {page}"),
            None => sentence.to_owned(),
        }
    }

    fn change(&self) -> String {
        let name = self.text("attribute").unwrap_or_else(|| "A value".to_owned());
        // A path names its source; of a person's own values only the name is said.
        let name = name.strip_prefix("person.").unwrap_or(&name);
        let name = capitalised(&name.replace(['_', '.'], " "));
        match (self.text("old"), self.text("new")) {
            (Some(old), Some(new)) => format!("{name} changed from {old} to {new}"),
            (None, Some(new)) => format!("{name} was set to {new}"),
            (Some(old), None) => format!("{name} was emptied (it was {old})"),
            (None, None) => format!("{name} changed"),
        }
    }
}

/// The path of an address, without query and fragment; the whole text when it is no address.
fn path_of(url: &str) -> &str {
    let Some((_, rest)) = url.split_once("://") else { return url };
    let end = rest.find(['?', '#']).unwrap_or(rest.len());
    let rest = &rest[..end];
    rest.find('/').map_or("/", |slash| &rest[slash..])
}

fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::activity;
    use serde_json::json;

    #[test]
    fn activities_read_as_sentences() {
        let page =
            json!({"dialogue_name": "Book a demo", "page_url": "https://www.example.com/pricing?x=1#top"});
        for (kind, details, expected) in [
            (ActivityType::Engaged, page.clone(), "Engaged with Book a demo on /pricing"),
            (
                ActivityType::Triggered,
                json!({"page_url": "https://example.com"}),
                "Was shown a dialogue on /",
            ),
            (ActivityType::Dropped, page, "Left Book a demo unfinished"),
            (ActivityType::Goal, json!({"goal": "Demo", "dialogue_name": "D"}), "Reached the goal Demo in D"),
            (
                ActivityType::AttributeChanged,
                json!({"attribute": "first_name", "old": "Ada", "new": "Grace"}),
                "First name changed from Ada to Grace",
            ),
            (ActivityType::AttributeChanged, json!({"attribute": "score", "new": 5}), "Score was set to 5"),
            (
                ActivityType::AttributeChanged,
                json!({"attribute": "person.job_title", "new": "Buyer"}),
                "Job title was set to Buyer",
            ),
            (
                ActivityType::AttributeChanged,
                json!({"attribute": "company.size", "new": 5}),
                "Company size was set to 5",
            ),
            (ActivityType::ListAdded, json!({"list_name": "VIP"}), "Was added to the list VIP"),
            (ActivityType::VisitedPage, json!({}), "Visited a page"),
            (
                ActivityType::VisitedPage,
                json!({"inferred": {"city": "Kiel", "country": "DE", "company": "Förde Foods", "employees": "300"}}),
                "Visited a page (inferred from the address: Förde Foods, Kiel, DE)",
            ),
            (ActivityType::Imported, json!({"import_name": "people.csv"}), "Imported from people.csv"),
            (
                ActivityType::LiveChatInitiated,
                json!({"agent_name": "Ada", "page_url": "https://example.com/pricing"}),
                "Engaged with Ada in a live chat on /pricing",
            ),
            (ActivityType::LiveChatRated, json!({"rating": 4}), "Rated a live chat with 4 of 5"),
        ] {
            assert_eq!(summary(&activity(1, kind, 1, 0, &details)), expected);
        }
    }

    #[test]
    fn every_type_has_a_sentence_without_any_detail() {
        for kind in ActivityType::ALL {
            assert!(summary(&activity(1, kind, 1, 0, &json!({}))).len() > 5, "{kind:?}");
        }
    }
}
