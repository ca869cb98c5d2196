//! The scripted conversations that a dialogue keeps as its tests.

use crate::toml_text::{Inline, Reading, Section, Writer, text_of};
use std::collections::BTreeMap;
use stream::{Script, ScriptStep};

pub(super) fn write(out: &mut Writer, tests: &[Script]) {
    for Script { name, visitor, steps } in tests {
        out.header("[[tests]]");
        out.text("name", name);
        if !visitor.is_empty() {
            out.put("visitor", &table(visitor));
        }
        let rows: Vec<String> = steps.iter().map(step).collect();
        out.rows("steps", &rows);
    }
}

fn table(values: &BTreeMap<String, String>) -> String {
    values.iter().fold(Inline::default(), |table, (key, value)| table.text(key, value)).finish()
}

fn step(step: &ScriptStep) -> String {
    let table = Inline::default();
    match step {
        ScriptStep::Choose { response } => table.text("choose", response),
        ScriptStep::Type { text } => table.text("type", text),
        ScriptStep::Fill { values } => table.put("fill", &self::table(values)),
        ScriptStep::Skip => table.put("skip", "true"),
        ScriptStep::Continue => table.put("continue", "true"),
        ScriptStep::Back { card } => table.text("back", card),
        ScriptStep::ExpectSays { text } => table.text("expect_says", text),
        ScriptStep::ExpectAsks { card } => table.text("expect_asks", card),
        ScriptStep::ExpectGoal { goal } => table.text("expect_goal", goal),
        ScriptStep::ExpectNoGoal { goal } => table.text("expect_no_goal", goal),
        ScriptStep::ExpectAttribute { attribute, value } => {
            table.text("expect_attribute", attribute).text("value", value)
        }
        ScriptStep::ExpectEnd => table.put("expect_end", "true"),
    }
    .finish()
}

pub(super) fn read(reading: &mut Reading<'_>, root: &mut Section<'_>) -> Vec<Script> {
    let sections = root.sections(reading, "tests").unwrap_or_default();
    sections.into_iter().map(|section| script(reading, section)).collect()
}

fn script(reading: &mut Reading<'_>, mut section: Section<'_>) -> Script {
    let name = section.required(reading, "name");
    let visitor = section.section(reading, "visitor").map(|visitor| values(reading, &visitor));
    let steps = section.sections(reading, "steps").unwrap_or_default();
    let steps = steps.into_iter().filter_map(|section| step_of(reading, section)).collect();
    section.finish(reading);
    Script { name, visitor: visitor.unwrap_or_default(), steps }
}

fn values(reading: &mut Reading<'_>, section: &Section<'_>) -> BTreeMap<String, String> {
    let one = |(key, value): (&str, _)| {
        let text = text_of(reading, value, format!("{}/{key}", section.field()))?;
        Some((key.to_owned(), text.value.to_owned()))
    };
    section.keys().filter_map(one).collect()
}

const STEPS: [&str; 12] = [
    "choose",
    "type",
    "fill",
    "skip",
    "continue",
    "back",
    "expect_says",
    "expect_asks",
    "expect_goal",
    "expect_no_goal",
    "expect_attribute",
    "expect_end",
];

fn step_of(reading: &mut Reading<'_>, mut section: Section<'_>) -> Option<ScriptStep> {
    let named: Vec<&str> = STEPS.into_iter().filter(|step| section.has(step)).collect();
    let [kind] = named.as_slice() else {
        let message = format!("A step is one of {}.", STEPS.join(", "));
        reading.error(section.span(), section.field(), message);
        return None;
    };
    let step = step_called(reading, &mut section, kind);
    section.finish(reading);
    step
}

fn step_called(reading: &mut Reading<'_>, section: &mut Section<'_>, kind: &str) -> Option<ScriptStep> {
    let mut plain = |key: &'static str, step: ScriptStep| {
        let yes = section.flag(reading, key, true);
        if !yes {
            section.error(reading, key, format!("Write {key} = true, or leave the step out."));
        }
        Some(step)
    };
    match kind {
        "skip" => return plain("skip", ScriptStep::Skip),
        "continue" => return plain("continue", ScriptStep::Continue),
        "expect_end" => return plain("expect_end", ScriptStep::ExpectEnd),
        _ => {}
    }
    let mut text = |key: &'static str| section.string(reading, key);
    Some(match kind {
        "choose" => ScriptStep::Choose { response: text("choose")? },
        "type" => ScriptStep::Type { text: text("type")? },
        "back" => ScriptStep::Back { card: text("back")? },
        "expect_says" => ScriptStep::ExpectSays { text: text("expect_says")? },
        "expect_asks" => ScriptStep::ExpectAsks { card: text("expect_asks")? },
        "expect_goal" => ScriptStep::ExpectGoal { goal: text("expect_goal")? },
        "expect_no_goal" => ScriptStep::ExpectNoGoal { goal: text("expect_no_goal")? },
        "expect_attribute" => {
            let attribute = text("expect_attribute")?;
            ScriptStep::ExpectAttribute { attribute, value: section.required(reading, "value") }
        }
        _ => {
            let form = section.section(reading, "fill")?;
            ScriptStep::Fill { values: values(reading, &form) }
        }
    })
}
