//! What is wrong with a criteria, in words, when it is saved (spec 03: *a criteria is checked when saved*).

use crate::tree::within;
use crate::{AttributeRef, AttributeType, Condition, Criteria, ListRef, MAX_CONDITIONS, MAX_DEPTH, describe};
use kernel::SmartListId;
use serde::Serialize;
use std::collections::HashMap;

/// What exists: the attributes with their types, and the lists.
pub trait Catalog {
    /// The type of an attribute; `None` when there is no such attribute.
    fn attribute_type(&self, attribute: &AttributeRef) -> Option<AttributeType>;
    /// The name of a list or smart list; `None` when there is no such list.
    fn list_name(&self, list: ListRef) -> Option<String>;
    /// The lists that the criteria of a smart list asks about (see [`Criteria::lists_used`]).
    fn lists_of(&self, smart_list: SmartListId) -> Vec<ListRef>;
}

/// One mistake, at its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CheckError {
    /// JSON pointer of the condition or group, such as `/all/0`; empty for the criteria itself.
    pub path: String,
    /// A sentence that names the condition.
    pub message: String,
}

/// All mistakes of `criteria`; none means that it compiles.
pub fn check(criteria: &Criteria, catalog: &dyn Catalog) -> Vec<CheckError> {
    run(criteria, None, catalog)
}

/// As [`check()`], for the criteria that `smart_list` is about to get: it may not lead back to that list.
pub fn check_smart_list(
    criteria: &Criteria,
    smart_list: SmartListId,
    catalog: &dyn Catalog,
) -> Vec<CheckError> {
    run(criteria, Some(smart_list), catalog)
}

fn run(criteria: &Criteria, own: Option<SmartListId>, catalog: &dyn Catalog) -> Vec<CheckError> {
    let (depth, conditions) = criteria.extent();
    let limit = |message: String| vec![CheckError { path: String::new(), message }];
    if depth > MAX_DEPTH {
        return limit(format!("groups are nested more than {MAX_DEPTH} deep"));
    }
    if conditions > MAX_CONDITIONS {
        return limit(format!("there are {conditions} conditions; at most {MAX_CONDITIONS} are possible"));
    }
    let mut errors = Vec::new();
    empty_groups(criteria, &mut String::new(), &mut errors);
    criteria.each_condition(&mut |path, condition| {
        if let Some(problem) = mistake(condition, own, catalog) {
            let message = format!("{}: {problem}", describe(condition, catalog));
            errors.push(CheckError { path: path.to_owned(), message });
        }
    });
    errors
}

fn empty_groups(criteria: &Criteria, path: &mut String, errors: &mut Vec<CheckError>) {
    let (word, members) = match criteria {
        Criteria::Condition(_) => return,
        Criteria::All(members) => ("all", members),
        Criteria::Any(members) => ("any", members),
    };
    if word == "any" && members.is_empty() {
        let message = "a group with “any” has no condition, so nobody would match".to_owned();
        errors.push(CheckError { path: path.clone(), message });
    }
    for (index, member) in members.iter().enumerate() {
        within(path, word, index, |path| empty_groups(member, path, errors));
    }
}

fn mistake(condition: &Condition, own: Option<SmartListId>, catalog: &dyn Catalog) -> Option<String> {
    match condition {
        Condition::Attribute(condition) => match catalog.attribute_type(&condition.attribute) {
            None => Some(format!("there is no attribute {}", condition.attribute)),
            Some(kind) => condition.typed(kind).err(),
        },
        Condition::Membership(condition) => {
            match (catalog.list_name(condition.member_of), condition.member_of) {
                (None, ListRef::List(_)) => Some("there is no such list".to_owned()),
                (None, ListRef::SmartList(_)) => Some("there is no such smart list".to_owned()),
                (Some(_), ListRef::SmartList(list)) => cycle(list, own, catalog),
                (Some(_), ListRef::List(_)) => None,
            }
        }
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Walk {
    Enter,
    Leave,
}

/// Walks everything below `start`. On an explicit stack, since a chain of lists may be long.
fn cycle(start: SmartListId, own: Option<SmartListId>, catalog: &dyn Catalog) -> Option<String> {
    let mut open: HashMap<SmartListId, bool> = HashMap::new();
    let mut stack = vec![(start, Walk::Enter)];
    while let Some((list, step)) = stack.pop() {
        if step == Walk::Leave {
            open.insert(list, false);
            continue;
        }
        match open.get(&list) {
            _ if own == Some(list) => return Some(around(start, list, "this smart list", catalog)),
            Some(true) => return Some(around(start, list, "itself", catalog)),
            Some(false) => continue,
            None => {}
        }
        open.insert(list, true);
        stack.push((list, Walk::Leave));
        for below in catalog.lists_of(list) {
            if let ListRef::SmartList(below) = below {
                stack.push((below, Walk::Enter));
            }
        }
    }
    None
}

fn around(start: SmartListId, found: SmartListId, what: &str, catalog: &dyn Catalog) -> String {
    let name = |list| crate::words::list(ListRef::SmartList(list), catalog);
    if what == "itself" && start != found {
        format!("it leads to {}, which asks about itself", name(found))
    } else if start == found && what != "itself" {
        "a smart list cannot ask about itself".to_owned()
    } else {
        format!("{} leads back to {what}, so neither could be computed", name(start))
    }
}
