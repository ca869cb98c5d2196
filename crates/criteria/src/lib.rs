//! The condition language (spec 03, *Criteria*): one tree of conditions that filters people, chooses audiences
//! and guards branches.
//!
//! - [`Criteria`] is the tree as it is written and stored; [`check()`] tells in words what is wrong with it.
//! - [`compile()`] resolves it to a [`Compiled`] program over numbered slots; [`Symbols`] hands out the numbers and is
//!   shared by everything compiled for one snapshot.
//! - [`Facts`] is what is known of one person at one moment, prepared once per request; [`Compiled::holds`] then
//!   neither allocates nor parses, and [`Compiled::explain`] names the first condition that failed.
//! - [`standard`] is the one place where the standard attributes are listed.
//!
//! Not in here: SQL (the store adapters read the public tree, each condition as [`typed::Typed`] and its date windows
//! as [`Bounds`]), activity filters
//! (they come with smart lists), and where profiles come from.

pub mod attribute;
mod check;
mod compile;
mod condition_json;
mod explain;
mod facts;
mod operator;
pub mod standard;
mod tree;
pub mod typed;
mod value;
pub mod window;
mod words;

pub use attribute::{AttributeRef, InvalidAttribute, Source};
pub use check::{Catalog, CheckError, check, check_smart_list};
pub use compile::{Compiled, compile};
pub use explain::{Failure, Told, Verdict, sentence};
pub use facts::{Facts, Symbols};
pub use operator::{MembershipOperator, Operand, Operator, Unit};
pub use tree::{
    AttributeCondition, Condition, Criteria, ListRef, Literal, MAX_CONDITIONS, MAX_DEPTH, MAX_VALUES,
    MembershipCondition,
};
pub use value::{AttributeType, InvalidAttributeValue, MAX_TEXT, Value};
pub use window::{Bounds, Moment, Window};
pub use words::describe;
