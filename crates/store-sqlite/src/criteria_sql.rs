//! Criteria as SQL over `people p` and `companies c`, with exactly the answers of [`criteria::Compiled::holds`].
//!
//! Both read a condition through [`criteria::typed`], so that they cannot disagree about its meaning. Texts compare
//! folded: a record keeps the folding of those texts for which it is more than ASCII lower case, and SQLite's `lower`
//! does the others. There is no negation above a condition, so that SQL's *unknown* may stand for *no*.

use crate::error::{Result, corrupt};
use criteria::{
    AttributeCondition, AttributeRef, AttributeType, Condition, Criteria, ListRef, MembershipCondition,
    MembershipOperator, Moment, Source, standard,
    typed::{Range, TextMatch, Typed},
    window::{Bounds, Relation, Window},
};
use jiff::tz::TimeZone;
use kernel::{Timestamp, UserId, to_millis};
use people::{AttributeDefinition, AttributeOwner};
use sqlx::{Arguments, Encode, Sqlite, Type, sqlite::SqliteArguments};

/// A statement in the making.
#[derive(Default)]
pub(crate) struct Sql {
    pub(crate) text: String,
    pub(crate) arguments: SqliteArguments,
}

impl Sql {
    pub(crate) fn push(&mut self, text: &str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    /// Writes a parameter.
    pub(crate) fn bind<'v, T: Encode<'v, Sqlite> + Type<Sqlite>>(&mut self, value: T) -> Result<&mut Self> {
        self.arguments.add(value).map_err(corrupt)?;
        self.text.push('?');
        Ok(self)
    }
}

/// What the conditions are read with.
pub(crate) struct Reading {
    definitions: Vec<AttributeDefinition>,
    /// Whoever may own somebody: owners are compared as the text of their id.
    users: Vec<UserId>,
    moment: Moment,
}

impl Reading {
    pub(crate) fn new(
        definitions: Vec<AttributeDefinition>,
        users: Vec<UserId>,
        now: Timestamp,
        time_zone: &str,
    ) -> Self {
        let zone = TimeZone::get(time_zone).unwrap_or(TimeZone::UTC);
        Self { definitions, users, moment: Moment::new(now, zone) }
    }

    fn kind(&self, attribute: &AttributeRef) -> Result<AttributeType> {
        let owner = match attribute.of() {
            Source::Person => Some(AttributeOwner::Person),
            Source::Company => Some(AttributeOwner::Company),
            Source::Visit | Source::Inferred => None,
        };
        let standard = standard::of(attribute.of()).find(|s| s.name == attribute.name()).map(|s| s.kind);
        let custom = || {
            let mut defined = self.definitions.iter();
            defined.find(|d| Some(d.of) == owner && d.name == attribute.name()).map(|d| d.kind)
        };
        standard
            .or_else(custom)
            .ok_or_else(|| corrupt(format!("criteria: there is no attribute {attribute}")))
    }
}

/// True when the companies must be joined.
pub(crate) fn needs_companies(criteria: &Criteria) -> bool {
    criteria.attributes_used().iter().any(|attribute| attribute.of() == Source::Company)
}

/// True when owners are compared.
pub(crate) fn needs_users(criteria: &Criteria) -> bool {
    criteria.attributes_used().iter().any(|attribute| attribute.name() == "owner")
}

/// Writes the criteria as an expression.
pub(crate) fn write(sql: &mut Sql, criteria: &Criteria, reading: &Reading) -> Result<()> {
    let (joined, none, members) = match criteria {
        Criteria::All(members) => (" AND ", "1", members),
        Criteria::Any(members) => (" OR ", "0", members),
        Criteria::Condition(Condition::Attribute(condition)) => return attribute(sql, condition, reading),
        Criteria::Condition(Condition::Membership(condition)) => return membership(sql, *condition),
    };
    if members.is_empty() {
        sql.push(none);
        return Ok(());
    }
    sql.push("(");
    for (index, member) in members.iter().enumerate() {
        sql.push(if index > 0 { joined } else { "" });
        write(sql, member, reading)?;
    }
    sql.push(")");
    Ok(())
}

fn membership(sql: &mut Sql, condition: MembershipCondition) -> Result<()> {
    let is = condition.op == MembershipOperator::IsMember;
    let ListRef::List(list) = condition.member_of else {
        // Smart lists have no members here: whoever asks about one has it resolved first.
        sql.push(if is { "0" } else { "1" });
        return Ok(());
    };
    sql.push(if is { "EXISTS (" } else { "NOT EXISTS (" });
    sql.push("SELECT 1 FROM list_members m WHERE m.person_id = p.id AND m.list_id = ")
        .bind(list.uuid())?
        .push(")");
    Ok(())
}

/// Where the value of an attribute stands, and in which form.
enum Place {
    /// An expression for the folded text.
    Text(String),
    /// An expression for a number, boolean or day.
    Plain(String),
    /// An instant as text of fixed form.
    InstantText(String),
    /// An instant in milliseconds.
    InstantMs(&'static str),
    /// A user's id.
    Owner(&'static str),
    /// Nowhere: of a visit, which a person at rest has not.
    Nowhere,
}

fn place(attribute: &AttributeRef, kind: AttributeType) -> Place {
    let name = attribute.name();
    let (table, special) = match attribute.of() {
        Source::Person => match name {
            "email" => ("p", Some(Place::Text("p.email".to_owned()))),
            "owner" => ("p", Some(Place::Owner("p.owner_id"))),
            "created_at" => ("p", Some(Place::InstantMs("p.created_at"))),
            "last_seen_at" => ("p", Some(Place::InstantMs("p.last_seen_at"))),
            _ => ("p", None),
        },
        Source::Company => match name {
            "name" => ("c", Some(Place::Text("nullif(c.name_folded, '')".to_owned()))),
            "owner" => ("c", Some(Place::Owner("c.owner_id"))),
            "domain" => ("c", Some(Place::Text(FIRST_DOMAIN.to_owned()))),
            _ => ("c", None),
        },
        Source::Visit | Source::Inferred => ("p", Some(Place::Nowhere)),
    };
    // A name consists of letters, digits and underscores, so that it may stand in the path.
    let plain = || format!("({table}.attributes ->> '$.{name}')");
    let text = |name: &str| {
        format!(
            "nullif(coalesce({table}.folded ->> '$.{name}', lower({table}.attributes ->> '$.{name}')), '')"
        )
    };
    special.unwrap_or_else(|| match kind {
        _ if attribute.of() == Source::Person && name == "full_name" => {
            // Set, or made of first and last name.
            let (full, first, last) = (text("full_name"), text("first_name"), text("last_name"));
            let made = format!("nullif(trim(coalesce({first}, '') || ' ' || coalesce({last}, '')), '')");
            Place::Text(format!("coalesce({full}, {made})"))
        }
        _ if kind.is_textual() => Place::Text(text(name)),
        AttributeType::DateTime => Place::InstantText(plain()),
        _ => Place::Plain(plain()),
    })
}

const FIRST_DOMAIN: &str =
    "(SELECT d.domain FROM company_domains d WHERE d.company_id = c.id AND d.position = 0)";

fn attribute(sql: &mut Sql, condition: &AttributeCondition, reading: &Reading) -> Result<()> {
    let kind = reading.kind(&condition.attribute)?;
    let typed = condition.typed(kind).map_err(|why| corrupt(format!("criteria: {why}")))?;
    match (place(&condition.attribute, kind), typed) {
        (Place::Owner(column), typed) => owner(sql, column, &typed, reading),
        (Place::Nowhere, typed) => {
            let empty_will_do = matches!(typed, Typed::Empty | Typed::NotText(..) | Typed::NotNumber(_));
            sql.push(if empty_will_do { "1" } else { "0" });
            Ok(())
        }
        (Place::InstantMs(column), Typed::Time(relation, windows)) => {
            windowed(sql, column, &windows, reading, |bounds| milliseconds(bounds, relation))
        }
        (Place::InstantText(text), Typed::Time(relation, windows)) => {
            windowed(sql, &text, &windows, reading, |bounds| instants(bounds, relation))
        }
        (Place::Plain(text), Typed::Time(relation, windows)) => {
            windowed(sql, &text, &windows, reading, |bounds| days(bounds, relation))
        }
        (Place::InstantMs(column), typed) => value(sql, column, &typed),
        (Place::Text(text) | Place::Plain(text) | Place::InstantText(text), typed) => {
            value(sql, &text, &typed)
        }
    }
}

fn value(sql: &mut Sql, place: &str, typed: &Typed) -> Result<()> {
    match typed {
        Typed::Empty => drop(sql.push(place).push(" IS NULL")),
        Typed::Present => drop(sql.push(place).push(" IS NOT NULL")),
        Typed::Boolean(wanted) => drop(sql.push(place).push(if *wanted { " = 1" } else { " = 0" })),
        Typed::Text(how, texts) => any(sql, texts, |sql, text| matches(sql, place, *how, text))?,
        Typed::NotText(how, texts) => {
            sql.push("(").push(place).push(" IS NULL OR NOT ");
            any(sql, texts, |sql, text| matches(sql, place, *how, text))?;
            sql.push(")");
        }
        Typed::Domain(domains) => any(sql, domains, |sql, domain| belongs(sql, place, domain.as_str()))?,
        Typed::Number(ranges) => any(sql, ranges, |sql, range| within(sql, place, *range))?,
        Typed::NotNumber(numbers) => {
            sql.push("(").push(place).push(" IS NULL OR NOT ");
            any(sql, numbers, |sql, number| within(sql, place, Range::Exactly(*number)))?;
            sql.push(")");
        }
        Typed::Time(..) => return Err(corrupt("criteria: a time is asked of something else")),
    }
    Ok(())
}

fn any<T>(sql: &mut Sql, operands: &[T], mut one: impl FnMut(&mut Sql, &T) -> Result<()>) -> Result<()> {
    sql.push("(");
    for (index, operand) in operands.iter().enumerate() {
        sql.push(if index > 0 { " OR " } else { "" });
        one(sql, operand)?;
    }
    sql.push(")");
    Ok(())
}

fn matches(sql: &mut Sql, place: &str, how: TextMatch, wanted: &str) -> Result<()> {
    match how {
        TextMatch::Is => sql.push(place).push(" = ").bind(wanted.to_owned())?,
        TextMatch::Contains => {
            sql.push("instr(").push(place).push(", ").bind(wanted.to_owned())?.push(") > 0")
        }
        TextMatch::StartsWith => {
            let length = i64::try_from(wanted.chars().count()).unwrap_or(i64::MAX);
            sql.push("substr(")
                .push(place)
                .push(", 1, ")
                .bind(length)?
                .push(") = ")
                .bind(wanted.to_owned())?
        }
    };
    Ok(())
}

/// The host of an e-mail or web address is the domain or lies below it.
fn belongs(sql: &mut Sql, place: &str, domain: &str) -> Result<()> {
    let rest = format!("substr({place}, instr({place}, '://') + 3)");
    let authority = format!("replace(replace({rest}, '?', '/'), '#', '/') || '/'");
    let authority = format!("substr({rest}, 1, instr({authority}, '/') - 1)");
    // Stored web addresses carry no user name; a port stands behind the last colon, outside the brackets of IPv6.
    let host = format!(
        "CASE WHEN {authority} LIKE '[%' THEN substr({authority}, 1, instr({authority}, ']'))
           ELSE substr({authority}, 1, instr({authority} || ':', ':') - 1) END"
    );
    // Without a scheme what follows the @ counts, and no domain holds an @.
    let address = format!("'@' || CASE WHEN instr({place}, '://') > 0 THEN {host} ELSE {place} END");
    sql.push(&format!("substr({address}, -{}) IN (", domain.chars().count() + 1));
    sql.bind(format!("@{domain}"))?.push(", ").bind(format!(".{domain}"))?.push(")");
    Ok(())
}

fn within(sql: &mut Sql, place: &str, range: Range) -> Result<()> {
    sql.push(place);
    match range {
        Range::Exactly(number) => sql.push(" = ").bind(number)?,
        Range::Above(bound) => sql.push(" > ").bind(bound)?,
        Range::Below(bound) => sql.push(" < ").bind(bound)?,
        Range::AtLeast(bound) => sql.push(" >= ").bind(bound)?,
        Range::AtMost(bound) => sql.push(" <= ").bind(bound)?,
        Range::Between(low, high) => sql.push(" BETWEEN ").bind(low)?.push(" AND ").bind(high)?,
    };
    Ok(())
}

/// `value < low` or `value >= high`, or between them, in whatever form the column has.
struct Span<T> {
    relation: Relation,
    from: T,
    until: T,
    /// `until` itself still belongs to the window.
    closed: bool,
}

fn milliseconds(bounds: &Bounds, relation: Relation) -> Span<i64> {
    Span { relation, from: to_millis(bounds.from), until: to_millis(bounds.until), closed: false }
}

/// Instants are stored in UTC with three decimals, so that texts lie as the instants do.
fn instants(bounds: &Bounds, relation: Relation) -> Span<String> {
    let text = |at: Timestamp| format!("{at:.3}");
    Span { relation, from: text(bounds.from), until: text(bounds.until), closed: false }
}

fn days(bounds: &Bounds, relation: Relation) -> Span<String> {
    Span { relation, from: bounds.first_day.to_string(), until: bounds.last_day.to_string(), closed: true }
}

fn windowed<'v, T: Encode<'v, Sqlite> + Type<Sqlite>>(
    sql: &mut Sql,
    place: &str,
    windows: &[Window],
    reading: &Reading,
    span: impl Fn(&Bounds) -> Span<T>,
) -> Result<()> {
    any(sql, windows, |sql, window| related(sql, place, span(&window.bounds(&reading.moment))))
}

fn related<'v, T: Encode<'v, Sqlite> + Type<Sqlite>>(
    sql: &mut Sql,
    place: &str,
    span: Span<T>,
) -> Result<()> {
    let (up_to, beyond) = if span.closed { (" <= ", " > ") } else { (" < ", " >= ") };
    sql.push("(").push(place);
    match span.relation {
        Relation::Inside => {
            sql.push(" >= ").bind(span.from)?.push(" AND ").push(place).push(up_to).bind(span.until)?
        }
        Relation::Outside => {
            sql.push(" < ").bind(span.from)?.push(" OR ").push(place).push(beyond).bind(span.until)?
        }
        Relation::Before => sql.push(" < ").bind(span.from)?,
        Relation::After => sql.push(beyond).bind(span.until)?,
        Relation::FromStart => sql.push(" >= ").bind(span.from)?,
    };
    sql.push(")");
    Ok(())
}

/// Users are few: who fits is found here, and the one that is asked for need not exist any more.
fn owner(sql: &mut Sql, column: &str, typed: &Typed, reading: &Reading) -> Result<()> {
    let (how, texts, inverted) = match typed {
        Typed::Text(how, texts) => (*how, texts, false),
        Typed::NotText(how, texts) => (*how, texts, true),
        _ => return value(sql, column, typed),
    };
    let named = texts.iter().filter_map(|text| text.parse::<UserId>().ok());
    let fitting = reading.users.iter().copied().chain(named).filter(|id| {
        let id = id.to_string();
        texts.iter().any(|text| match how {
            TextMatch::Is => id == *text,
            TextMatch::Contains => id.contains(text.as_str()),
            TextMatch::StartsWith => id.starts_with(text.as_str()),
        })
    });
    let ids = crate::rows::hexes(fitting.map(UserId::uuid));
    sql.push("coalesce(").push(column).push(", x'')").push(if inverted { " NOT IN" } else { " IN" });
    sql.push(" (SELECT unhex(value) FROM json_each(").bind(ids)?.push("))");
    Ok(())
}
