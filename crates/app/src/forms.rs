//! A form of the page was sent (spec 02, `usher.attachForm`): its values become attributes, and the first choice that fits
//! starts its flow.

use crate::{
    App, AppError, FieldError,
    caller::Caller,
    conversations::{
        flow::{self, FlowStart, Started},
        identity::{self, Bearer, Given},
        setting,
        telling::{Place, Telling},
        trigger::ensure_stored,
    },
    import::{
        self,
        mapping::{Target, Targets},
    },
    memory::Known,
    sites::ConsentMode,
    visit::PageFacts,
};
use bus::Hint;
use criteria::{
    AttributeCondition, AttributeRef, AttributeType, Catalog, Condition, Criteria, Facts, ListRef, Literal,
    MembershipCondition, MembershipOperator, Moment, Operator, Source, Symbols, Unit, Value,
};
use engagement::ActivityType;
use jiff::tz::TimeZone;
use kernel::{DialogueId, Email, ListId, SmartListId, Timestamp};
use people::{Origin, Rung, SourceKind};
use serde::{Deserialize, Deserializer, Serialize, de::Error};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use store::Tx;
use stream::Interface;
use utoipa::ToSchema;
use uuid::Uuid;

/// The most fields of a form, and the longest value in characters.
const MAX_FIELDS: usize = 100;
const MAX_VALUE: usize = 4_000;
/// The most choices (spec 02).
const MAX_CHOICES: usize = 10;
/// The most conditions of a choice.
const MAX_CONDITIONS: usize = 50;

/// A form that was sent.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FormSent {
    /// Made by the widget; the same id is the same sending.
    #[schema(value_type = String, format = "uuid")]
    pub start_id: Uuid,
    /// Address of the page.
    pub url: String,
    /// What the form is called on the page.
    #[serde(default)]
    pub form: String,
    /// What was filled in, by the field's name: at most 100 texts of 4,000 characters.
    #[schema(value_type = Object)]
    pub values: BTreeMap<String, String>,
    /// Which attribute a field fills, by the field's name. Others are recognised by their names.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub map: BTreeMap<String, String>,
    /// At most ten; the first that fits starts its flow.
    #[serde(default)]
    pub choices: Vec<Choice>,
    /// The flow when no choice fits.
    #[serde(default, rename = "else")]
    pub otherwise: Option<Follow>,
    /// What the snippet declares; counts only when it is stricter than the site's mode.
    #[serde(default)]
    pub consent_mode: Option<ConsentMode>,
    /// Consent was given before.
    #[serde(default)]
    pub granted: bool,
}

/// A flow to be started.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Follow {
    /// Which flow.
    #[schema(value_type = String)]
    pub flow_id: DialogueId,
    /// How it appears.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub ui: Option<Interface>,
}

/// A choice: conditions on what was filled in, and a flow.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// Whether all conditions must hold, or any.
    pub mode: Mode,
    /// At most 50.
    pub conditions: Vec<FormCondition>,
    /// What is started.
    pub follow: Follow,
}

/// All or any.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Every condition must hold.
    All,
    /// One is enough.
    Any,
}

/// A condition on a field, or on membership of a list.
#[derive(Debug, Clone, ToSchema)]
#[serde(untagged)]
pub enum FormCondition {
    /// *field · operator · values*, as in criteria.
    Field(FieldCondition),
    /// Membership of a list.
    Member(MemberCondition),
}

/// By what it names, so that a page's developer hears what is wrong with the one that was meant.
impl<'de> Deserialize<'de> for FormCondition {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let written = Json::deserialize(d)?;
        let read = if written.get("member_of").is_some() {
            serde_json::from_value(written).map(Self::Member)
        } else {
            serde_json::from_value(written).map(Self::Field)
        };
        read.map_err(D::Error::custom)
    }
}

/// *field · operator · values*.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FieldCondition {
    /// The field's name.
    pub field: String,
    /// An operator of criteria: `is`, `contains`, `at_least`…
    #[schema(value_type = String)]
    pub op: Operator,
    /// What it is compared with.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    pub values: Vec<Literal>,
    /// Of *in past* and *in future*.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub unit: Option<Unit>,
}

/// Membership of a list.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MemberCondition {
    /// The list.
    #[schema(value_type = String)]
    pub member_of: ListRef,
    /// `is_member` or `is_not_member`.
    #[schema(value_type = String)]
    pub op: MembershipOperator,
}

/// What came of a form.
#[derive(Debug, Serialize, ToSchema)]
pub struct FormTaken {
    /// To be stored by the widget, when one was issued now.
    pub visitor_token: Option<String>,
    /// The flow that was started.
    pub started: Option<Started>,
}

/// Takes a form. Sending it is an act of the visitor, so something may be stored in the mode *interaction*.
pub async fn sent(app: &App, caller: &Caller, form: FormSent) -> Result<FormTaken, AppError> {
    check(&form)?;
    let now = app.now();
    let mode = caller.mode().strictest(form.consent_mode.unwrap_or(ConsentMode::Open));
    let known = caller.visitor(app, now).await?;
    let recorded = known.is_some() || mode != ConsentMode::Required || form.granted;
    let (mut caller, mut token) = (caller.clone(), None);
    let mut lists = Vec::new();
    if recorded {
        let known = if let Some(known) = known {
            known
        } else {
            let (fresh, known) = caller.newcomer(app, now);
            token = Some(fresh.expose().to_owned());
            caller.token = Some(fresh);
            known
        };
        lists = Taking { app, caller: &caller, form: &form, now }.record(&known).await?;
    }
    let Some(follow) = choose(app, &form, &lists, now)? else {
        return Ok(FormTaken { visitor_token: token, started: None });
    };
    let start = FlowStart {
        start_id: form.start_id,
        flow_id: follow.flow_id,
        url: form.url.clone(),
        ui: follow.ui,
        context: BTreeMap::new(),
        clicked: true,
        granted: form.granted,
        consent_mode: form.consent_mode,
    };
    let started = flow::start(app, &caller, start).await?;
    let visitor_token = token.or_else(|| started.visitor_token.clone());
    Ok(FormTaken { visitor_token, started: Some(started) })
}

fn check(form: &FormSent) -> Result<(), AppError> {
    let mut errors = Vec::new();
    if form.values.len() > MAX_FIELDS {
        errors.push(FieldError::new("/values", "too_many", "must have at most 100 fields"));
    }
    for (name, value) in &form.values {
        if name.chars().count() > 200 || value.chars().count() > MAX_VALUE {
            let field = format!("/values/{}", name.replace('~', "~0").replace('/', "~1"));
            errors.push(FieldError::new(field, "too_long", "must have at most 4000 characters"));
        }
    }
    if form.form.chars().count() > 200 {
        errors.push(FieldError::new("/form", "too_long", "must have at most 200 characters"));
    }
    if form.choices.len() > MAX_CHOICES {
        errors.push(FieldError::new("/choices", "too_many", "must have at most ten choices"));
    }
    if form.choices.iter().any(|choice| choice.conditions.len() > MAX_CONDITIONS) {
        errors.push(FieldError::new("/choices", "too_many", "a choice has at most 50 conditions"));
    }
    if errors.is_empty() { Ok(()) } else { Err(AppError::Invalid(errors)) }
}

struct Taking<'a> {
    app: &'a App,
    caller: &'a Caller,
    form: &'a FormSent,
    now: Timestamp,
}

impl Taking<'_> {
    /// Writes down what the form says, and returns the lists that the person is on then.
    async fn record(&self, known: &Known) -> Result<Vec<ListId>, AppError> {
        let mut tx = self.app.store().begin().await?;
        ensure_stored(&mut *tx, self.caller, known).await?;
        let (bearer, before) = self.take(&mut *tx, known).await?;
        tx.commit().await?;
        let visitor = known.profile.visitor.id;
        for id in [bearer.person.id, before] {
            self.app.memory().forget_person(id);
            self.app.hint(Hint::Person { id });
        }
        self.app.memory().forget_visitor(visitor);
        self.app.hint(Hint::Visitor { id: visitor });
        Ok(bearer.lists().to_vec())
    }

    async fn take(&self, tx: &mut dyn Tx, known: &Known) -> Result<(Bearer, kernel::PersonId), AppError> {
        let before = known.profile.person.id;
        let visitor = known.profile.visitor.id;
        let (email, values) = self.values();
        let mut bearer = Bearer::lock_person(tx, before, known).await?;
        let mut telling = Telling::new(self.app, self.now);
        let mut moved = identity::Moved::default();
        let origin = |rung| Origin {
            source: SourceKind::Form,
            detail: Some(visitor.to_string()),
            at: self.now,
            rung: Some(rung),
        };
        if let Some(email) = email {
            let site = &self.caller.site;
            let given = Given { email, site, visitor, proof: Rung::Claimed, origin: origin(Rung::Claimed) };
            (bearer, moved) = identity::give(self.app, tx, given, bearer).await?;
        }
        let url = PageFacts::new(&self.form.url, None, None).url;
        let place = Place {
            person: bearer.person.id,
            visitor,
            site: self.caller.site.id(),
            conversation: None,
            page_url: &url,
        };
        if moved.linked {
            telling.at(ActivityType::Linked, &place, json!({ "rung": bearer.rung, "from": before }));
        }
        let fields: Vec<&String> = self.form.values.keys().collect();
        let filled = json!({ "form": self.form.form, "fields": fields });
        telling.at(ActivityType::FilledForm, &place, filled);
        if !values.is_empty() {
            let setting = setting::Setting { site: &self.caller.site, place };
            let origin = origin(bearer.rung);
            setting::apply(self.app, tx, setting, &mut bearer, values, &origin, &mut telling).await?;
        }
        bearer.store(tx, self.now).await?;
        tx.append_activities(telling.told()).await?;
        Ok((bearer, before))
    }

    /// The address, and the other values with their attributes. What fits no attribute stays with the page.
    fn values(&self) -> (Option<Email>, Vec<setting::Offer>) {
        let targets = Targets::all(&self.caller.site.catalog);
        let (mut email, mut offers) = (None, Vec::new());
        for (name, value) in self.form.values.iter().filter(|(_, value)| !value.trim().is_empty()) {
            let path = match self.form.map.get(name) {
                Some(path) => targets.find(path).map(Target::path),
                None => import::propose(name, &[value.as_str()], &targets),
            };
            match path.as_deref() {
                Some("person.email") => email = email.or_else(|| self.address(value)),
                Some(path) => offers.push(setting::given(path, value.trim().into())),
                None => {}
            }
        }
        (email, offers)
    }

    fn address(&self, text: &str) -> Option<Email> {
        text.parse::<Email>().ok().filter(|email| !self.caller.site.blocks_domain(email.domain()))
    }
}

fn choose<'a>(
    app: &App,
    form: &'a FormSent,
    lists: &[ListId],
    now: Timestamp,
) -> Result<Option<&'a Follow>, AppError> {
    for (index, choice) in form.choices.iter().enumerate() {
        if holds(app, form, choice, index, lists, now)? {
            return Ok(Some(&choice.follow));
        }
    }
    Ok(form.otherwise.as_ref())
}

/// Asks the criteria language; the field of the nth condition is its attribute `visit.fieldN`.
fn holds(
    app: &App,
    form: &FormSent,
    choice: &Choice,
    index: usize,
    lists: &[ListId],
    now: Timestamp,
) -> Result<bool, AppError> {
    let name = |number: usize| format!("field{number}");
    let (mut members, mut kinds, mut values) = (Vec::new(), Vec::new(), Vec::new());
    for (number, condition) in choice.conditions.iter().enumerate() {
        match condition {
            FormCondition::Field(asked) => {
                let typed = form.values.get(&asked.field).map(String::as_str).unwrap_or_default();
                let kind = kind_of(asked);
                let value = kind.parse_text(typed).ok().flatten();
                values.extend(value.map(|value| (name(number), value)));
                kinds.push((name(number), kind));
                let attribute = AttributeRef::new(Source::Visit, &name(number))
                    .map_err(|error| AppError::Internal(error.to_string()))?;
                members.push(Criteria::Condition(Condition::Attribute(AttributeCondition {
                    attribute,
                    op: asked.op,
                    values: asked.values.iter().map(|value| operand(kind, value)).collect(),
                    unit: asked.unit,
                })));
            }
            FormCondition::Member(asked) => {
                let asked = MembershipCondition { member_of: asked.member_of, op: asked.op };
                members.push(Criteria::Condition(Condition::Membership(asked)));
            }
        }
    }
    let criteria = match choice.mode {
        Mode::All => Criteria::All(members),
        Mode::Any => Criteria::Any(members),
    };
    let mut symbols = Symbols::new();
    let compiled = criteria::compile(&criteria, &Fields(kinds), &mut symbols).map_err(|errors| {
        let field = |error: criteria::CheckError| {
            let pointer = format!("/choices/{index}/conditions{}", in_conditions(&error.path));
            FieldError::new(pointer, "check", named(&error.message, choice))
        };
        AppError::Invalid(errors.into_iter().map(field).collect())
    })?;
    let zone = TimeZone::get(&app.settings().time_zone).unwrap_or(TimeZone::UTC);
    let named = values.iter().map(|(name, value): &(String, Value)| (Source::Visit, name.as_str(), value));
    let lists = lists.iter().map(|list| ListRef::List(*list));
    Ok(compiled.holds(&Facts::prepare(&symbols, &Moment::new(now, zone), named, lists)))
}

/// Pages write numbers as texts, too.
fn operand(kind: AttributeType, value: &Literal) -> Literal {
    let number = match value {
        Literal::Text(text) if kind == AttributeType::Number => text.trim().parse::<f64>().ok(),
        _ => None,
    };
    number.and_then(serde_json::Number::from_f64).map_or_else(|| value.clone(), Literal::Number)
}

/// `/all/1` of the criteria is `/1` of the conditions.
fn in_conditions(path: &str) -> &str {
    path.strip_prefix("/all").or_else(|| path.strip_prefix("/any")).unwrap_or(path)
}

/// A sentence with the fields called as the page calls them.
fn named(sentence: &str, choice: &Choice) -> String {
    choice.conditions.iter().enumerate().fold(sentence.to_owned(), |sentence, (number, condition)| {
        match condition {
            FormCondition::Field(asked) => sentence.replace(&format!("visit.field{number}"), &asked.field),
            FormCondition::Member(_) => sentence,
        }
    })
}

/// A field is a text, unless it is compared with numbers or in time.
fn kind_of(asked: &FieldCondition) -> AttributeType {
    if Operator::of(AttributeType::Text).contains(&asked.op) {
        AttributeType::Text
    } else if Operator::of(AttributeType::Number).contains(&asked.op) {
        AttributeType::Number
    } else {
        AttributeType::Date
    }
}

/// The fields that a choice asks about.
struct Fields(Vec<(String, AttributeType)>);

impl Catalog for Fields {
    fn attribute_type(&self, attribute: &AttributeRef) -> Option<AttributeType> {
        self.0.iter().find(|(name, _)| name == attribute.name()).map(|(_, kind)| *kind)
    }
    fn list_name(&self, list: ListRef) -> Option<String> {
        Some(list.to_string())
    }
    fn lists_of(&self, _: SmartListId) -> Vec<ListRef> {
        Vec::new()
    }
}
