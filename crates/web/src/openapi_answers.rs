//! What an answer always holds: an `Option` is written as `null`, never left out, so its property is required though it is
//! nullable. Shapes of requests stay as they are: there absent is a meaning of its own.

use std::collections::BTreeSet;
use utoipa::openapi::schema::{AllOf, Schema, SchemaType, Type};
use utoipa::openapi::{OpenApi, RefOr};

const PREFIX: &str = "#/components/schemas/";
/// Shapes in which an absent property is left out of the answer.
const LEAVES_OUT: [&str; 2] = ["MessageView", "Problem"];

/// Marks the nullable properties of shapes that only answers have as required.
pub fn require_nullable(api: &mut OpenApi) {
    let asked = of_requests(api);
    let Some(components) = api.components.as_mut() else { return };
    for (name, schema) in &mut components.schemas {
        if !asked.contains(name) && !LEAVES_OUT.contains(&name.as_str()) {
            require(schema);
        }
    }
}

fn require(schema: &mut RefOr<Schema>) {
    match schema {
        RefOr::T(Schema::Object(object)) => {
            for (name, property) in &mut object.properties {
                if is_nullable(property) && !object.required.contains(name) {
                    object.required.push(name.clone());
                }
                require(property);
            }
        }
        RefOr::T(Schema::AllOf(AllOf { items, .. })) => items.iter_mut().for_each(require),
        RefOr::T(Schema::Array(array)) => {
            if let utoipa::openapi::schema::ArrayItems::RefOrSchema(item) = &mut array.items {
                require(item);
            }
        }
        _ => {}
    }
}

fn is_nullable(schema: &RefOr<Schema>) -> bool {
    let has_null = |of: &SchemaType| match of {
        SchemaType::Type(one) => *one == Type::Null,
        SchemaType::Array(several) => several.contains(&Type::Null),
        SchemaType::AnyValue => false,
    };
    match schema {
        RefOr::T(Schema::Object(object)) => has_null(&object.schema_type),
        RefOr::T(Schema::Array(array)) => has_null(&array.schema_type),
        RefOr::T(Schema::OneOf(one_of)) => one_of.items.iter().any(is_nullable),
        _ => false,
    }
}

/// Names of all shapes that a request body has, however deep.
fn of_requests(api: &OpenApi) -> BTreeSet<String> {
    let schemas = api.components.as_ref().map(|components| &components.schemas);
    let mut names = BTreeSet::new();
    let mut open = Vec::new();
    for item in api.paths.paths.values() {
        for operation in [&item.get, &item.put, &item.post, &item.delete, &item.patch].into_iter().flatten() {
            references(&operation.request_body, &mut open);
        }
    }
    while let Some(name) = open.pop() {
        if let Some(schema) = schemas.and_then(|all| all.get(&name))
            && names.insert(name)
        {
            references(schema, &mut open);
        }
    }
    names
}

fn references(of: &impl serde::Serialize, found: &mut Vec<String>) {
    fn walk(value: &serde_json::Value, found: &mut Vec<String>) {
        match value {
            serde_json::Value::Object(object) => {
                let name =
                    object.get("$ref").and_then(|at| at.as_str()).and_then(|at| at.strip_prefix(PREFIX));
                found.extend(name.map(str::to_owned));
                object.values().for_each(|inner| walk(inner, found));
            }
            serde_json::Value::Array(array) => array.iter().for_each(|inner| walk(inner, found)),
            _ => {}
        }
    }
    if let Ok(value) = serde_json::to_value(of) {
        walk(&value, found);
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn an_answer_always_holds_what_may_be_null_and_a_request_need_not() {
        let api: serde_json::Value = serde_json::from_str(&crate::openapi::json()).expect("JSON");
        let required = |name: &str| api["components"]["schemas"][name]["required"].to_string();
        assert!(required("Person").contains("\"company\""), "{}", required("Person"));
        assert!(required("List_User").contains("\"next\""), "{}", required("List_User"));
        assert!(!required("Question").contains("\"cursor\""), "{}", required("Question"));
        assert!(!required("UserChange").contains("\"name\""), "{}", required("UserChange"));
    }
}
