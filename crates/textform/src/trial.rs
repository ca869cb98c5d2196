//! Texts by themselves: what can be checked and played without any instance. Whatever only an instance knows (lists,
//! documents, agents, teams) is taken to be there.

use crate::{
    AttributesText, DialogueText, Directory, Document, Kind, Names, Place, Places, SiteText, TextError,
    document::Read,
};
use criteria::{AttributeRef, AttributeType, Catalog, ListRef, standard};
use jiff::tz::TimeZone;
use kernel::{DialogueId, Domain, Locale, SmartListId, Timestamp};
use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::Arc,
};
use stream::{
    CheckContext, CompiledStream, FlowFacts, OfferedDocument, Room, ScriptResult, Stream, Surroundings,
    handover::standard_fallback, script,
};

/// A mistake in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileError {
    /// The file.
    pub file: String,
    /// What is wrong where.
    pub error: TextError,
}

/// Something that a check found in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileFinding {
    /// The file.
    pub file: String,
    /// It keeps the dialogue from being published.
    pub is_error: bool,
    /// What is found where.
    pub found: TextError,
}

/// A test that was played.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Played {
    /// The file.
    pub file: String,
    /// The name of the dialogue or flow.
    pub dialogue: String,
    /// What the test came to.
    pub result: ScriptResult,
    /// Where it failed.
    pub failed_at: Option<Place>,
}

/// Everything that texts say together.
#[derive(Debug, Default)]
pub struct Trial {
    dialogues: Vec<(String, Read<DialogueText>)>,
    sites: HashMap<String, SiteText>,
    attributes: HashMap<AttributeRef, AttributeType>,
    flows: HashMap<DialogueId, usize>,
}

impl Trial {
    /// Reads texts by file name; what cannot be read is told and left out.
    pub fn of(files: &BTreeMap<String, String>) -> (Self, Vec<FileError>) {
        let mut errors = Errors::default();
        let mut trial = Self::default();
        let mut documents = Vec::new();
        for (file, text) in files {
            if let Some(document) = errors.keep(file, Document::open(text)) {
                documents.push((file, document));
            }
        }
        let flows = flow_names(&documents);
        for (file, document) in &documents {
            trial.add(file, document, &flows, &mut errors);
        }
        for (index, (_, dialogue)) in trial.dialogues.iter().enumerate().filter(|(_, (_, d))| d.value.is_flow)
        {
            let names = flows.get(&dialogue.value.site);
            if let Some(id) = names.and_then(|names| names.find(&dialogue.value.reference)) {
                trial.flows.insert(id, index);
            }
        }
        (trial, errors.found)
    }

    fn add(
        &mut self,
        file: &str,
        document: &Document,
        flows: &HashMap<String, Arc<Names<DialogueId>>>,
        errors: &mut Errors,
    ) {
        match document.head().kind {
            Kind::Dialogue | Kind::Flow => {
                let site = document.head().site.as_deref().unwrap_or_default();
                let flows = flows.get(site).cloned().unwrap_or_default();
                let names = Directory { flows, ..Directory::anything() };
                let read = errors.keep(file, document.dialogue(&names));
                self.dialogues.extend(read.map(|read| (file.to_owned(), read)));
            }
            Kind::Site => {
                let read = errors.keep(file, document.site());
                self.sites.extend(read.map(|read| (read.value.reference.clone(), read.value)));
            }
            Kind::Attributes => {
                let AttributesText { harmless: _, attributes } =
                    errors.keep(file, document.attributes()).map(|read| read.value).unwrap_or_default();
                self.attributes.extend(attributes.into_iter().map(|one| (one.path, one.kind)));
            }
            Kind::Goals | Kind::Lists => drop(errors.keep(file, document.names())),
        }
    }

    /// How many dialogues and flows there are.
    pub fn len(&self) -> usize {
        self.dialogues.len()
    }

    /// True when there is neither a dialogue nor a flow.
    pub fn is_empty(&self) -> bool {
        self.dialogues.is_empty()
    }

    fn type_of(&self, path: &str) -> Option<AttributeType> {
        self.attribute_type(&stream::tokens::canonical_attribute(path).parse().ok()?)
    }

    fn flow(&self, id: DialogueId) -> Option<&DialogueText> {
        let index = *self.flows.get(&id)?;
        self.dialogues.get(index).map(|(_, read)| &read.value)
    }

    /// Whether a flow runs another one, by itself or through others.
    fn runs(&self, flow: DialogueId, wanted: DialogueId) -> bool {
        let (mut seen, mut open) = (HashSet::new(), vec![flow]);
        while let Some(id) = open.pop() {
            if id == wanted {
                return true;
            }
            if seen.insert(id) {
                open.extend(self.flow(id).into_iter().flat_map(|flow| flow.stream.flows()));
            }
        }
        false
    }

    /// What keeps the dialogues and flows from being published, as far as texts alone can tell.
    pub fn check(&self) -> Vec<FileFinding> {
        let files = self.dialogues.iter().enumerate();
        files.flat_map(|(index, (file, read))| self.check_one(index, file, read)).collect()
    }

    fn check_one(&self, index: usize, file: &str, read: &Read<DialogueText>) -> Vec<FileFinding> {
        let dialogue = &read.value;
        let own = self.flows.iter().find(|(_, flow)| **flow == index).map(|(id, _)| *id);
        let facts = |id: DialogueId| {
            let runs_this = own.is_some_and(|own| self.runs(id, own));
            self.flow(id).map(|_| FlowFacts { published: true, runs_this })
        };
        let type_of = |path: &str| self.type_of(path);
        let context = CheckContext {
            has_document: &|_| true,
            flow: &facts,
            has_agent: &|_| true,
            has_team: &|_| true,
            ..CheckContext::bare(&type_of, self)
        };
        let checks = stream::check(&dialogue.stream, &context);
        let finding = |is_error, field: String, message: String| FileFinding {
            file: file.to_owned(),
            is_error,
            found: TextError { place: read.places.of(&field), field, message },
        };
        let of_card = |is_error, found: stream::Finding| finding(is_error, field_of(&found), found.message);
        let errors = checks.errors.into_iter().map(|found| of_card(true, found));
        let warnings = checks.warnings.into_iter().map(|found| of_card(false, found));
        let mut all: Vec<FileFinding> = errors.chain(warnings).collect();
        if !dialogue.is_flow {
            let targeting = dialogue.targeting.check(self).into_iter();
            all.extend(
                targeting.map(|e| finding(true, format!("targeting{}", e.path), sentence(&e.message))),
            );
        }
        all
    }

    /// Plays every test.
    pub fn play(&self, at: Timestamp, zone: &TimeZone) -> Vec<Played> {
        self.dialogues.iter().flat_map(|(file, read)| self.play_one(file, read, at, zone)).collect()
    }

    fn play_one(&self, file: &str, read: &Read<DialogueText>, at: Timestamp, zone: &TimeZone) -> Vec<Played> {
        let dialogue = &read.value;
        if dialogue.tests.is_empty() {
            return Vec::new();
        }
        let surroundings = Surroundings { flow: &|id| self.stream_of(id), catalog: self };
        let compiled = CompiledStream::within(dialogue.stream.clone(), &surroundings);
        let site = self.sites.get(&dialogue.site);
        let blocked = site.map(blocked_domains).unwrap_or_default();
        let locale =
            Locale::from_tag(&dialogue.language).or_else(|| site.and_then(locale_of)).unwrap_or_default();
        let document =
            |id| Some(OfferedDocument { id, name: String::new(), url: String::new(), pages: None });
        let room = Room {
            stream: &compiled,
            at,
            zone: zone.clone(),
            country: None,
            attribute_type: &|path| self.type_of(path),
            document: &document,
            fallback: &|handover| standard_fallback(handover, locale),
            blocks: &|domain| blocked.iter().any(|blocked| blocked.covers(domain)),
            knowledge: &|_, _| None,
        };
        let played = |(index, test): (usize, &stream::Script)| {
            let result = script::play(test, &room);
            let failed_at =
                result.failure.as_ref().map(|failure| place_of(&read.places, index, failure.step));
            Played { file: file.to_owned(), dialogue: dialogue.name.clone(), result, failed_at }
        };
        dialogue.tests.iter().enumerate().map(played).collect()
    }

    fn stream_of(&self, flow: DialogueId) -> Option<Stream> {
        self.flow(flow).map(|flow| flow.stream.clone())
    }
}

/// Where a finding of the card checks stands in the text.
pub fn field_of(found: &stream::Finding) -> String {
    match &found.card_id {
        Some(card) => format!("cards/{card}/{}", found.field),
        None => found.field.clone(),
    }
}

/// Where a step of a test stands in the text.
pub fn place_of(places: &Places, test: usize, step: Option<usize>) -> Place {
    match step {
        Some(step) => places.of(&format!("tests/{test}/steps/{step}")),
        None => places.of(&format!("tests/{test}")),
    }
}

/// The flows of each site by name.
fn flow_names(documents: &[(&String, Document)]) -> HashMap<String, Arc<Names<DialogueId>>> {
    let mut flows: HashMap<String, Names<DialogueId>> = HashMap::new();
    let any: Names<DialogueId> = Names::anything();
    for (_, document) in documents.iter().filter(|(_, document)| document.head().kind == Kind::Flow) {
        let head = document.head();
        let site = head.site.clone().unwrap_or_default();
        let id = any.find(&format!("{site}\n{}", head.reference));
        let names = flows.entry(site).or_default();
        if let Some(id) = id {
            names.add(id, head.reference.clone());
        }
    }
    flows.into_iter().map(|(site, names)| (site, Arc::new(names))).collect()
}

fn strings<'a>(section: Option<&'a serde_json::Map<String, serde_json::Value>>, key: &str) -> Vec<&'a str> {
    let values = section.and_then(|section| section.get(key)).and_then(|value| value.as_array());
    values.into_iter().flatten().filter_map(|value| value.as_str()).collect()
}

fn blocked_domains(site: &SiteText) -> Vec<Domain> {
    let domains = strings(site.security.as_ref(), "blocked_email_domains");
    domains.into_iter().filter_map(|domain| domain.parse().ok()).collect()
}

fn locale_of(site: &SiteText) -> Option<Locale> {
    Locale::from_tag(site.style.as_ref()?.get("language")?.as_str()?)
}

fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first: String = letters.next().map(|c| c.to_uppercase().collect()).unwrap_or_default();
    format!("{first}{}.", letters.as_str().trim_end_matches('.'))
}

#[derive(Default)]
struct Errors {
    found: Vec<FileError>,
}

impl Errors {
    fn keep<T>(&mut self, file: &str, read: Result<T, Vec<TextError>>) -> Option<T> {
        let error = |error| FileError { file: file.to_owned(), error };
        read.map_err(|errors| self.found.extend(errors.into_iter().map(error))).ok()
    }
}

impl Catalog for Trial {
    fn attribute_type(&self, attribute: &AttributeRef) -> Option<AttributeType> {
        let standard = standard::find(attribute).map(|attribute| attribute.kind);
        standard.or_else(|| self.attributes.get(attribute).copied())
    }
    fn list_name(&self, list: ListRef) -> Option<String> {
        Some(list.to_string())
    }
    fn lists_of(&self, _: SmartListId) -> Vec<ListRef> {
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FLOW: &str = r#"kind = "flow"
name = "Qualify"
site = "Acme"
start = "size"

[[cards]]
id = "size"
kind = "question"
text = "How many are you?"
responses = [
  { id = "few", label = "Few", next = "bye" },
  { id = "many", label = "Many", next = "bye" },
]
attribute = "company.plan"

[[cards]]
id = "bye"
kind = "message"
text = "I see."
"#;

    const DIALOGUE: &str = r#"kind = "dialogue"
name = "Hello"
site = "Acme"
start = "mail"

[targeting]
pages.include = ["https://acme.example"]

[[cards]]
id = "mail"
kind = "info_capture"
text = "Your address?"
required = true
next = "more"

[[cards.fields]]
id = "email"
type = "email"
label = "E-mail"

[[cards]]
id = "more"
kind = "flow"
flow = "Qualify"
next = "goal"

[[cards]]
id = "goal"
kind = "goal"
goal = "Qualified"
next = "thanks"

[[cards]]
id = "thanks"
kind = "message"
text = "Thanks, {{company.plan}}!"

[[tests]]
name = "Many"
steps = [
  { fill = { E-mail = "ada@acme.example" } },
  { choose = "Many" },
  { expect_goal = "Qualified" },
  { expect_says = "Thanks, many" },
  { expect_attribute = "company.plan", value = "Many" },
  { expect_end = true },
]
"#;

    const ATTRIBUTES: &str = "kind = \"attributes\"\n\n[[attributes]]\nattribute = \"company.plan\"\nlabel = \"Plan\"\ntype = \"text\"\n";
    const SITE: &str =
        "kind = \"site\"\nname = \"Acme\"\n\n[security]\nblocked_email_domains = [\"blocked.example\"]\n";

    fn folder(change: impl Fn(&str) -> String) -> BTreeMap<String, String> {
        [("a.toml", ATTRIBUTES), ("d.toml", DIALOGUE), ("f.toml", FLOW), ("s.toml", SITE)]
            .into_iter()
            .map(|(file, text)| (file.to_owned(), change(text)))
            .collect()
    }

    fn played(files: &BTreeMap<String, String>) -> Vec<Played> {
        let (trial, errors) = Trial::of(files);
        assert_eq!(errors, []);
        trial.play(Timestamp::UNIX_EPOCH, &TimeZone::UTC)
    }

    #[test]
    fn tests_are_played_with_flows_and_attributes_of_the_folder() {
        let played = played(&folder(str::to_owned));
        assert_eq!(played.len(), 1);
        assert_eq!(played[0].result.failure, None, "{:?}", played[0].result.transcript);
        assert_eq!(played[0].result.transcript.last().map(String::as_str), Some("bot: Thanks, Many!"));
    }

    #[test]
    fn a_test_that_fails_names_its_line() {
        let files = folder(|text| text.replace("choose = \"Many\"", "choose = \"Lots\""));
        let played = played(&files);
        let failed_at = played[0].failed_at.expect("it fails");
        assert_eq!(
            files["d.toml"].lines().nth(failed_at.line - 1).map(str::trim),
            Some("{ choose = \"Lots\" },")
        );
        assert!(played[0].result.failure.as_ref().is_some_and(|failure| failure.message.contains("Lots")));
    }

    #[test]
    fn what_the_site_refuses_is_refused() {
        let files = folder(|text| text.replace("ada@acme.example", "ada@mail.blocked.example"));
        let failure = played(&files)[0].result.failure.clone().expect("it fails");
        assert_eq!(failure.step, Some(0));
    }

    #[test]
    fn the_checks_of_publishing_name_lines() {
        let files = folder(|text| {
            text.replace("next = \"goal\"", "next = \"gaol\"").replace("company.plan}}", "company.plam}}")
        });
        let (trial, _) = Trial::of(&files);
        let found: Vec<(usize, String)> = trial
            .check()
            .into_iter()
            .filter(|found| found.is_error)
            .map(|found| (found.found.place.line, found.found.field))
            .collect();
        let line = |wanted: &str| 1 + files["d.toml"].lines().position(|line| line == wanted).expect(wanted);
        assert!(found.contains(&(line("next = \"gaol\""), "cards/more/next".to_owned())), "{found:?}");
        assert!(found.iter().any(|(_, field)| field == "cards/thanks/text"), "{found:?}");
        let (fine, _) = Trial::of(&folder(str::to_owned));
        assert!(fine.check().iter().all(|found| !found.is_error), "{:?}", fine.check());
    }

    #[test]
    fn a_flow_that_runs_itself_and_a_flow_that_is_not_there_are_found() {
        let circle =
            FLOW.replace("kind = \"message\"\ntext = \"I see.\"", "kind = \"flow\"\nflow = \"Qualify\"");
        let files =
            BTreeMap::from([("f.toml".to_owned(), circle), ("a.toml".to_owned(), ATTRIBUTES.to_owned())]);
        let (trial, errors) = Trial::of(&files);
        assert_eq!(errors, []);
        assert!(
            trial.check().iter().any(|found| found.found.field == "cards/bye/flow"),
            "{:?}",
            trial.check()
        );
        let lonely = BTreeMap::from([("d.toml".to_owned(), DIALOGUE.to_owned())]);
        let (_, errors) = Trial::of(&lonely);
        assert!(errors[0].error.message.contains("no flow called “Qualify”"), "{errors:?}");
    }
}
