//! Reading a criteria.

use super::{
    UNITS, is_bare_date,
    lexer::{Kind, Token, tokens},
    operator_words,
};
use crate::{
    Directory, Mistake,
    names::{self, shortened, unknown},
};
use criteria::{
    AttributeCondition, AttributeRef, Condition, Criteria, ListRef, Literal, MAX_CONDITIONS, MAX_DEPTH,
    MAX_VALUES, MembershipCondition, MembershipOperator, Operand, Operator, Unit,
};

/// Brackets within brackets; groups have a smaller limit of their own.
const MOST_BRACKETS: usize = 100;

/// Reads a criteria; the first mistake when it is none.
pub fn read(text: &str, names: &Directory) -> Result<Criteria, Mistake> {
    let tokens = tokens(text)?;
    let mut parser = Parser { tokens: &tokens, next: 0, end: text.len(), names, brackets: 0 };
    let (found, bracketed) = parser.expression()?;
    if parser.peek().is_some() {
        return Err(parser.expected("“and”, “or” or the end"));
    }
    let criteria = match found {
        Criteria::Condition(_) if !bracketed => Criteria::All(vec![found]),
        other => other,
    };
    let (depth, conditions) = criteria.extent();
    if depth > MAX_DEPTH {
        return Err(Mistake::new(0, format!("Groups are nested more than {MAX_DEPTH} deep.")));
    }
    if conditions > MAX_CONDITIONS {
        return Err(Mistake::new(
            0,
            format!("There are {conditions} conditions; {MAX_CONDITIONS} are the most."),
        ));
    }
    Ok(criteria)
}

struct Parser<'a> {
    tokens: &'a [Token<'a>],
    next: usize,
    end: usize,
    names: &'a Directory,
    brackets: usize,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<&'a Token<'a>> {
        self.tokens.get(self.next)
    }

    fn is_word(&self, ahead: usize, word: &str) -> bool {
        self.tokens.get(self.next + ahead).is_some_and(|t| t.kind == Kind::Word && t.source == word)
    }

    fn take_word(&mut self, word: &str) -> bool {
        let there = self.is_word(0, word);
        self.next += usize::from(there);
        there
    }

    fn take(&mut self, kind: &Kind) -> bool {
        let there = self.peek().is_some_and(|token| token.kind == *kind);
        self.next += usize::from(there);
        there
    }

    fn here(&self) -> usize {
        self.peek().map_or(self.end, |token| token.at)
    }

    fn expected(&self, what: &str) -> Mistake {
        let found =
            self.peek().map_or("the end".to_owned(), |token| format!("“{}”", shortened(token.source)));
        Mistake::new(self.here(), format!("Expected {what}, found {found}."))
    }

    /// Everything up to a closing bracket; whether it is one part in brackets.
    fn expression(&mut self) -> Result<(Criteria, bool), Mistake> {
        self.chain("or", Criteria::Any, |parser| parser.chain("and", Criteria::All, Self::part))
    }

    fn chain(
        &mut self,
        word: &str,
        group: fn(Vec<Criteria>) -> Criteria,
        part: impl Fn(&mut Self) -> Result<(Criteria, bool), Mistake>,
    ) -> Result<(Criteria, bool), Mistake> {
        let first = part(self)?;
        if !self.is_word(0, word) {
            return Ok(first);
        }
        let mut members = vec![first.0];
        while self.take_word(word) {
            members.push(part(self)?.0);
        }
        Ok((group(members), false))
    }

    fn part(&mut self) -> Result<(Criteria, bool), Mistake> {
        if self.take_word("everybody") {
            return Ok((Criteria::All(Vec::new()), true));
        }
        if self.take_word("nobody") {
            return Ok((Criteria::Any(Vec::new()), true));
        }
        for (word, group) in [("all", Criteria::All as fn(Vec<Criteria>) -> Criteria), ("any", Criteria::Any)]
        {
            if self.take_word(word) {
                return Ok((group(vec![self.bracketed()?]), true));
            }
        }
        if self.peek().is_some_and(|token| token.kind == Kind::Open) {
            return Ok((self.bracketed()?, true));
        }
        Ok((Criteria::Condition(self.condition()?), false))
    }

    fn bracketed(&mut self) -> Result<Criteria, Mistake> {
        let opened = self.here();
        if !self.take(&Kind::Open) {
            return Err(self.expected("an opening bracket"));
        }
        self.brackets += 1;
        if self.brackets > MOST_BRACKETS {
            return Err(Mistake::new(opened, format!("Groups are nested more than {MAX_DEPTH} deep.")));
        }
        let (inside, _) = self.expression()?;
        self.brackets -= 1;
        if self.take(&Kind::Close) {
            return Ok(inside);
        }
        match self.peek() {
            None => Err(Mistake::new(opened, "The bracket is never closed.")),
            Some(_) => Err(self.expected("“and”, “or” or a closing bracket")),
        }
    }

    fn condition(&mut self) -> Result<Condition, Mistake> {
        let negated = self.is_word(0, "not") && self.is_word(1, "member");
        self.next += usize::from(negated);
        if self.take_word("member") {
            return self.membership(negated);
        }
        let Some(token) = self.peek().filter(|token| token.kind == Kind::Word && token.source.contains('.'))
        else {
            return Err(
                self.expected("a condition such as person.email is empty, or member of list \"Customers\"")
            );
        };
        let attribute: AttributeRef =
            token.source.parse().map_err(|e| Mistake::new(token.at, format!("“{}” {e}.", token.source)))?;
        self.next += 1;
        let op = self.operator()?;
        let (values, unit) = self.operand(op)?;
        Ok(Condition::Attribute(AttributeCondition { attribute, op, values, unit }))
    }

    fn membership(&mut self, negated: bool) -> Result<Condition, Mistake> {
        let smart = self.is_word(1, "smart");
        let ahead = 1 + usize::from(smart);
        if !(self.is_word(0, "of") && self.is_word(ahead, "list")) {
            return Err(self.expected("of list \"…\" or of smart list \"…\" behind “member”"));
        }
        self.next += ahead + 1;
        let Some(Token { kind: Kind::Text(name), at, .. }) = self.peek() else {
            return Err(self.expected("the name of a list in quotation marks"));
        };
        let member_of = self.list(name, smart).map_err(|message| Mistake::new(*at, message))?;
        self.next += 1;
        let op = if negated { MembershipOperator::IsNotMember } else { MembershipOperator::IsMember };
        Ok(Condition::Membership(MembershipCondition { member_of, op }))
    }

    fn list(&self, name: &str, smart: bool) -> Result<ListRef, String> {
        let (found, closest, kind) = if smart {
            let lists = &self.names.smart_lists;
            (lists.find(name).map(ListRef::SmartList), lists.closest(name), "smart list")
        } else {
            let lists = &self.names.lists;
            (lists.find(name).map(ListRef::List), lists.closest(name), "list")
        };
        found.ok_or_else(|| unknown(kind, name, closest))
    }

    /// The longest operator that stands here; an “is” before one that does not begin with it is passed over.
    fn operator(&mut self) -> Result<Operator, Mistake> {
        let fits = |from: usize, op: Operator| {
            operator_words(op).enumerate().all(|(index, word)| self.is_word(from + index, word))
        };
        let length = |op: Operator| operator_words(op).count();
        let plain = Operator::ALL.iter().filter(|op| fits(0, **op)).map(|op| (length(*op), *op));
        let behind_is = Operator::ALL
            .iter()
            .filter(|op| self.is_word(0, "is") && operator_words(**op).next() != Some("is") && fits(1, **op));
        let behind_is = behind_is.map(|op| (length(*op) + 1, *op));
        let found = plain.chain(behind_is).max_by_key(|(words, _)| *words);
        let Some((words, op)) = found else { return Err(self.no_operator()) };
        self.next += words;
        Ok(op)
    }

    fn no_operator(&self) -> Mistake {
        let word = self.peek().map_or("", |token| token.source);
        let firsts = Operator::ALL.iter().filter_map(|op| operator_words(*op).next());
        let hint = names::closest(word, firsts).filter(|_| !word.is_empty());
        let hint = hint.map(|word| format!(" (perhaps “{word}”?)")).unwrap_or_default();
        self.expected(&format!("an operator such as is, is not, contains, at least, before or in past{hint}"))
    }

    fn operand(&mut self, op: Operator) -> Result<(Vec<Literal>, Option<Unit>), Mistake> {
        if self.take(&Kind::OpenList) {
            return self.listed();
        }
        match op.operand() {
            Operand::Nothing => Ok((Vec::new(), None)),
            Operand::Some => Ok((self.values()?, None)),
            Operand::One => {
                let value = self.value()?;
                if self.peek().is_some_and(|token| token.kind == Kind::Comma) {
                    return Err(Mistake::new(self.here(), format!("“{}” takes one value.", op.words())));
                }
                Ok((vec![value], None))
            }
            Operand::Two => {
                let low = self.value()?;
                if !self.take_word("and") {
                    return Err(self.expected("“and” and a second value, as in between 10 and 50"));
                }
                Ok((vec![low, self.value()?], None))
            }
            Operand::Duration => {
                let value = self.value()?;
                let unit = self.unit().ok_or_else(|| {
                    self.expected("minutes, hours, days, weeks or months, as in in past 3 days")
                })?;
                Ok((vec![value], Some(unit)))
            }
        }
    }

    fn listed(&mut self) -> Result<(Vec<Literal>, Option<Unit>), Mistake> {
        let values = if self.peek().is_some_and(|token| token.kind == Kind::CloseList) {
            Vec::new()
        } else {
            self.values()?
        };
        if !self.take(&Kind::CloseList) {
            return Err(self.expected("a comma or ]"));
        }
        Ok((values, self.unit()))
    }

    fn values(&mut self) -> Result<Vec<Literal>, Mistake> {
        let mut values = vec![self.value()?];
        while self.take(&Kind::Comma) {
            if values.len() == MAX_VALUES {
                return Err(Mistake::new(self.here(), format!("There are more than {MAX_VALUES} values.")));
            }
            values.push(self.value()?);
        }
        Ok(values)
    }

    fn value(&mut self) -> Result<Literal, Mistake> {
        let value = match self.peek() {
            Some(Token { kind: Kind::Text(text), .. }) => Literal::Text(text.clone()),
            Some(Token { kind: Kind::Bare, source, at }) => bare(source, *at)?,
            Some(Token { kind: Kind::Word, source: "true", .. }) => Literal::Boolean(true),
            Some(Token { kind: Kind::Word, source: "false", .. }) => Literal::Boolean(false),
            Some(Token { kind: Kind::Word, source: "null", .. }) => Literal::Null,
            _ => return Err(self.expected("a value: \"a text\", a number or a date")),
        };
        self.next += 1;
        Ok(value)
    }

    fn unit(&mut self) -> Option<Unit> {
        let word = self.peek().filter(|token| token.kind == Kind::Word)?.source;
        let (unit, ..) = UNITS.iter().find(|(_, singular, plural)| [*singular, *plural].contains(&word))?;
        self.next += 1;
        Some(*unit)
    }
}

/// A number as JSON writes it, to the last digit.
fn number(source: &str) -> Option<serde_json::Number> {
    serde_json::from_str::<serde_json::Number>(source).ok()?;
    let whole = source.parse::<i64>().map(Into::into).or_else(|_| source.parse::<u64>().map(Into::into));
    whole.ok().or_else(|| serde_json::Number::from_f64(source.parse().ok()?))
}

fn bare(source: &str, at: usize) -> Result<Literal, Mistake> {
    if let Some(number) = number(source) {
        return Ok(Literal::Number(number));
    }
    if is_bare_date(source) {
        return Ok(Literal::Text(source.to_owned()));
    }
    let message =
        format!("“{}” is neither a number nor a date; texts stand in quotation marks.", shortened(source));
    Err(Mistake::new(at, message))
}
