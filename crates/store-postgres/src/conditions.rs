//! Criteria as SQL over `people p` and `companies c`, with exactly the answers of `criteria::Compiled::holds`: both read a
//! condition through `criteria::typed`. There is no negation above a condition, so SQL's *unknown* may stand for *no*.

use crate::{
    codec::{At, Columns},
    paging::{Filter, fixed},
    unit::Unit,
};
use criteria::{
    AttributeCondition, AttributeRef, AttributeType, Condition, Criteria, ListRef, Literal,
    MembershipCondition, MembershipOperator, Moment, Source, standard,
    typed::{Range, TextMatch, Typed},
    window::{Bounds, Relation, Window},
};
use jiff::tz::TimeZone;
use kernel::UserId;
use serde_json::{Map, Value as Json};
use sqlx::types::Json as Document;
use std::collections::HashMap;
use store::{PeopleQuery, StoreError};

/// What conditions are read with.
pub(crate) struct Reading {
    kinds: HashMap<String, AttributeType>,
    /// The ids of users as they are shown, by the numbers inside: as a text an owner is its id.
    owners: Map<String, Json>,
    moment: Moment,
}

impl Reading {
    pub async fn new(unit: &mut Unit, asked: &PeopleQuery) -> Result<Self, StoreError> {
        let mut kinds = HashMap::new();
        for row in unit.rows(fixed("SELECT of, name, kind FROM attributes WHERE NOT standard")).await? {
            let kind = row.text("kind")?;
            let kind = AttributeType::from_word(&kind)
                .ok_or_else(|| StoreError::Corrupt(format!("attribute type {kind}")))?;
            kinds.insert(format!("{}.{}", row.text("of")?, row.text("name")?), kind);
        }
        let uses_owner = |criteria: &Criteria| criteria.attributes_used().iter().any(|a| a.name() == "owner");
        let mut owners = Map::new();
        if asked.criteria.as_ref().is_some_and(uses_owner) {
            for row in unit.rows(fixed("SELECT id FROM users")).await? {
                let user: UserId = row.id("id")?;
                owners.insert(user.uuid().to_string(), user.to_string().into());
            }
        }
        // An owner may be a user who is gone; the condition then names the id.
        if let Some(criteria) = &asked.criteria {
            criteria.each_condition(&mut |_, condition| {
                let Condition::Attribute(condition) = condition else { return };
                let texts = condition.values.iter().filter_map(|value| match value {
                    Literal::Text(text) => text.trim().parse::<UserId>().ok(),
                    _ => None,
                });
                owners.extend(texts.map(|user| (user.uuid().to_string(), user.to_string().into())));
            });
        }
        let zone = TimeZone::get(&asked.time_zone).unwrap_or(TimeZone::UTC);
        Ok(Self { kinds, owners, moment: Moment::new(asked.now, zone) })
    }

    fn kind(&self, attribute: &AttributeRef) -> Result<AttributeType, StoreError> {
        let standard = standard::find(attribute).map(|standard| standard.kind);
        standard
            .or_else(|| self.kinds.get(&attribute.to_string()).copied())
            .ok_or_else(|| StoreError::Corrupt(format!("criteria: there is no attribute {attribute}")))
    }
}

/// True when `companies c` must be joined.
pub(crate) fn needs_companies(criteria: &Criteria) -> bool {
    criteria.attributes_used().iter().any(|attribute| attribute.of() == Source::Company)
}

/// The criteria as an expression whose parameters are in `filter`.
pub(crate) fn expression(
    filter: &mut Filter,
    criteria: &Criteria,
    reading: &Reading,
) -> Result<String, StoreError> {
    let (joined, none, members) = match criteria {
        Criteria::All(members) => (" AND ", "true", members),
        Criteria::Any(members) => (" OR ", "false", members),
        Criteria::Condition(Condition::Attribute(condition)) => return attribute(filter, condition, reading),
        Criteria::Condition(Condition::Membership(condition)) => return membership(filter, *condition),
    };
    let members = members.iter().map(|member| expression(filter, member, reading));
    let members = members.collect::<Result<Vec<_>, _>>()?;
    Ok(if members.is_empty() { none.to_owned() } else { format!("({})", members.join(joined)) })
}

fn membership(filter: &mut Filter, condition: MembershipCondition) -> Result<String, StoreError> {
    let is = condition.op == MembershipOperator::IsMember;
    let ListRef::List(list) = condition.member_of else {
        // Smart lists have no members here: whoever asks about one has it resolved first.
        return Ok(if is { "false" } else { "true" }.to_owned());
    };
    let place = filter.bind(list.uuid())?;
    let not = if is { "" } else { "NOT " };
    Ok(format!(
        "{not}EXISTS (SELECT FROM list_members lm WHERE lm.person_id = p.id AND lm.list_id = {place})"
    ))
}

/// Where the value of an attribute stands, and in which form.
enum Place {
    /// An expression for the folded text.
    Text(String),
    /// An expression for a number.
    Number(String),
    /// An expression for a boolean.
    Boolean(String),
    /// An expression for a day as text.
    Day(String),
    /// An expression for an instant as text of fixed form.
    InstantText(String),
    /// A column with an instant.
    Instant(&'static str),
    /// A user's id, and an expression for its text.
    Owner(&'static str, String),
    /// Nowhere: of a visit, which a person at rest has not.
    Nowhere,
}

impl Place {
    fn of(
        filter: &mut Filter,
        attribute: &AttributeRef,
        kind: AttributeType,
        reading: &Reading,
    ) -> Result<Self, StoreError> {
        Ok(match (attribute.of(), attribute.name()) {
            (Source::Visit | Source::Inferred, _) => Self::Nowhere,
            (Source::Person, "email") => Self::Text("coalesce(p.folded ->> 'email', p.email)".to_owned()),
            (Source::Person, "created_at") => Self::Instant("p.created_at"),
            (Source::Person, "last_seen_at") => Self::Instant("p.last_seen_at"),
            (Source::Person, "full_name") => Self::Text(format!(
                "coalesce({}, nullif(concat_ws(' ', {}, {}), ''))",
                folded('p', "full_name"),
                folded('p', "first_name"),
                folded('p', "last_name")
            )),
            (Source::Person, "owner") => Self::owner(filter, "p.owner_id", reading)?,
            (Source::Company, "owner") => Self::owner(filter, "c.owner_id", reading)?,
            (Source::Company, "name") => Self::Text("nullif(c.name_folded, '')".to_owned()),
            (Source::Company, "domain") => Self::Text(
                "(SELECT d.domain FROM company_domains d WHERE d.company_id = c.id ORDER BY d.position LIMIT 1)"
                    .to_owned(),
            ),
            (Source::Person, name) => Self::stored('p', name, kind),
            (Source::Company, name) => Self::stored('c', name, kind),
        })
    }

    fn owner(filter: &mut Filter, column: &'static str, reading: &Reading) -> Result<Self, StoreError> {
        let ids = filter.bind(Document(reading.owners.clone()))?;
        Ok(Self::Owner(column, format!("({ids} ->> {column}::text)")))
    }

    /// In the attributes of the record; values of another type than the attribute's count as empty.
    fn stored(table: char, name: &str, kind: AttributeType) -> Self {
        // A name consists of letters, digits and underscores, so that it may stand in the text.
        let typed = |json: &str, value: String| {
            format!("(CASE WHEN jsonb_typeof({table}.attributes -> '{name}') = '{json}' THEN {value} END)")
        };
        let text = format!("{table}.attributes ->> '{name}'");
        match kind {
            _ if kind.is_textual() => Self::Text(folded(table, name)),
            _ if kind.is_numeric() => Self::Number(typed("number", format!("({text})::double precision"))),
            AttributeType::Boolean => Self::Boolean(typed("boolean", format!("({text})::boolean"))),
            AttributeType::DateTime => {
                Self::InstantText(format!("({} COLLATE \"C\")", typed("string", text)))
            }
            _ => Self::Day(format!("({} COLLATE \"C\")", typed("string", text))),
        }
    }

    fn expression(&self) -> &str {
        match self {
            Self::Text(text)
            | Self::Number(text)
            | Self::Boolean(text)
            | Self::Day(text)
            | Self::InstantText(text)
            | Self::Owner(_, text) => text,
            Self::Instant(column) => column,
            Self::Nowhere => "NULL",
        }
    }
}

/// A text attribute as `kernel::text::fold` leaves it: kept beside the record where it is more than ASCII lower case.
fn folded(table: char, name: &str) -> String {
    format!(
        "nullif(coalesce({table}.folded ->> '{name}', CASE WHEN jsonb_typeof({table}.attributes -> '{name}') = 'string' \
         THEN lower(({table}.attributes ->> '{name}') COLLATE \"C\") END), '')"
    )
}

fn attribute(
    filter: &mut Filter,
    condition: &AttributeCondition,
    reading: &Reading,
) -> Result<String, StoreError> {
    let kind = reading.kind(&condition.attribute)?;
    let typed = condition.typed(kind).map_err(|why| StoreError::Corrupt(format!("criteria: {why}")))?;
    let place = Place::of(filter, &condition.attribute, kind, reading)?;
    let value = place.expression();
    Ok(match (&place, typed) {
        (Place::Nowhere, Typed::Empty | Typed::NotText(..) | Typed::NotNumber(_)) => "true".to_owned(),
        (Place::Nowhere, _) => "false".to_owned(),
        // The owner may be a user who is gone.
        (Place::Owner(column, _), Typed::Empty) => format!("{column} IS NULL"),
        (Place::Owner(column, _), Typed::Present) => format!("{column} IS NOT NULL"),
        (_, Typed::Empty) => format!("{value} IS NULL"),
        (_, Typed::Present) => format!("{value} IS NOT NULL"),
        (Place::Boolean(_), Typed::Boolean(wanted)) => format!("{value} = {wanted}"),
        (Place::Text(_) | Place::Owner(..), Typed::Text(how, texts)) => text(filter, value, how, texts)?,
        (Place::Text(_) | Place::Owner(..), Typed::NotText(how, texts)) => {
            format!("({value} IS NULL OR NOT {})", text(filter, value, how, texts)?)
        }
        (Place::Text(_), Typed::Domain(domains)) => {
            let domains: Vec<String> = domains.into_iter().map(String::from).collect();
            let domains = filter.bind(domains)?;
            let host = host(value);
            format!(
                "EXISTS (SELECT FROM unnest({domains}::text[]) AS w (d) \
                 WHERE {host} = w.d OR right({host}, length(w.d) + 1) = '.' || w.d)"
            )
        }
        (Place::Number(_), Typed::Number(ranges)) => any(ranges, |range| within(filter, value, range))?,
        (Place::Number(_), Typed::NotNumber(numbers)) => {
            format!("({value} IS NULL OR {value} <> ALL({}))", filter.bind(numbers)?)
        }
        (_, Typed::Time(relation, windows)) => {
            any(windows, |window: Window| time(filter, &place, relation, &window.bounds(&reading.moment)))?
        }
        _ => return Err(StoreError::Corrupt("criteria: a value is asked of another type".to_owned())),
    })
}

fn any<T>(operands: Vec<T>, one: impl FnMut(T) -> Result<String, StoreError>) -> Result<String, StoreError> {
    let all = operands.into_iter().map(one).collect::<Result<Vec<_>, _>>()?;
    Ok(if all.is_empty() { "false".to_owned() } else { format!("({})", all.join(" OR ")) })
}

fn text(filter: &mut Filter, value: &str, how: TextMatch, texts: Vec<String>) -> Result<String, StoreError> {
    let texts = filter.bind(texts)?;
    Ok(match how {
        TextMatch::Is => format!("({value} = ANY({texts}))"),
        TextMatch::Contains => {
            format!("EXISTS (SELECT FROM unnest({texts}::text[]) AS w (t) WHERE strpos({value}, w.t) > 0)")
        }
        TextMatch::StartsWith => {
            format!("EXISTS (SELECT FROM unnest({texts}::text[]) AS w (t) WHERE starts_with({value}, w.t))")
        }
    })
}

/// The host of an e-mail or web address, as the evaluator finds it: behind the scheme without user and port, else behind the
/// last `@`.
fn host(value: &str) -> String {
    format!(
        "(CASE WHEN strpos({value}, '://') > 0 \
         THEN regexp_replace(regexp_replace(substring({value} from '://([^/?#]*)'), '^.*@', ''), ':[0-9]*$', '') \
         ELSE regexp_replace({value}, '^.*@', '') END)"
    )
}

fn within(filter: &mut Filter, value: &str, range: Range) -> Result<String, StoreError> {
    Ok(match range {
        Range::Exactly(number) => format!("{value} = {}", filter.bind(number)?),
        Range::Above(number) => format!("{value} > {}", filter.bind(number)?),
        Range::Below(number) => format!("{value} < {}", filter.bind(number)?),
        Range::AtLeast(number) => format!("{value} >= {}", filter.bind(number)?),
        Range::AtMost(number) => format!("{value} <= {}", filter.bind(number)?),
        Range::Between(low, high) => {
            format!("{value} BETWEEN {} AND {}", filter.bind(low)?, filter.bind(high)?)
        }
    })
}

/// Days include both ends of the window, instants exclude the end.
fn time(
    filter: &mut Filter,
    place: &Place,
    relation: Relation,
    bounds: &Bounds,
) -> Result<String, StoreError> {
    let value = place.expression();
    let (from, until, behind) = match place {
        Place::Day(_) => {
            let first = filter.bind(bounds.first_day.to_string())?;
            (first, filter.bind(bounds.last_day.to_string())?, ">")
        }
        Place::InstantText(_) => {
            let from = filter.bind(format!("{:.3}", bounds.from))?;
            (from, filter.bind(format!("{:.3}", bounds.until))?, ">=")
        }
        Place::Instant(_) => {
            let from = filter.bind(At(bounds.from))?;
            (from, filter.bind(At(bounds.until))?, ">=")
        }
        _ => return Err(StoreError::Corrupt("criteria: a time is asked of another type".to_owned())),
    };
    Ok(match relation {
        Relation::Inside => format!("({value} >= {from} AND NOT {value} {behind} {until})"),
        Relation::Outside => format!("({value} < {from} OR {value} {behind} {until})"),
        Relation::Before => format!("{value} < {from}"),
        Relation::After => format!("{value} {behind} {until}"),
        Relation::FromStart => format!("{value} >= {from}"),
    })
}
