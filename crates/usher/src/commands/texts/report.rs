//! What a check or an apply said, for people and for scripts.

use serde_json::Value as Json;

fn list<'a>(report: &'a Json, key: &str) -> &'a [Json] {
    report[key].as_array().map(Vec::as_slice).unwrap_or_default()
}

fn text<'a>(value: &'a Json, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

/// Prints a report; an error when something stands against what was asked for.
pub fn print(report: &Json, json: bool, pretend: bool) -> Result<(), String> {
    if json {
        println!("{report}");
    } else {
        for change in list(report, "changes") {
            print_change(change);
        }
        print_tests(report);
        for warning in list(report, "warnings") {
            println!("{}", line(warning, "warning: "));
        }
    }
    let errors = list(report, "errors");
    for error in errors.iter().filter(|_| !json) {
        eprintln!("{}", line(error, ""));
    }
    if !errors.is_empty() {
        let (problems, verb) = if errors.len() == 1 { ("problem", "stands") } else { ("problems", "stand") };
        return Err(format!("{} {problems} {verb} against it; nothing was changed", errors.len()));
    }
    if !json {
        println!("{}", summary(report, pretend));
    }
    Ok(())
}

/// `file:line:column: field: message`, as editors understand it.
fn line(problem: &Json, level: &str) -> String {
    let field = text(problem, "field");
    let field = if field.is_empty() { String::new() } else { format!("{field}: ") };
    let (file, message) = (text(problem, "file"), text(problem, "message"));
    format!("{file}:{}:{}: {level}{field}{message}", problem["line"], problem["column"])
}

fn print_change(change: &Json) {
    let sign = match text(change, "action") {
        "created" => '+',
        "changed" => '~',
        "deleted" => '-',
        _ if change["published"] == true => '^',
        _ => return,
    };
    let site = change["site"].as_str().map(|site| format!("{site} / ")).unwrap_or_default();
    let published = if change["published"] == true { ", published" } else { "" };
    let file = change["file"].as_str().map(|file| format!("  ({file}{published})")).unwrap_or_default();
    println!("{sign} {:<10}{site}{}{file}", text(change, "kind"), text(change, "name"));
    if text(change, "action") != "changed" {
        return;
    }
    for line in list(change, "difference") {
        match text(line, "sign") {
            "removed" => println!("    - {}", text(line, "text")),
            "added" => println!("    + {}", text(line, "text")),
            "gap" => println!("    …"),
            _ => println!("      {}", text(line, "text")),
        }
    }
}

/// Prints the tests that were played; failed ones with what was said.
pub fn print_tests(report: &Json) {
    for test in list(report, "tests") {
        let name = format!("{}: {}", text(test, "dialogue"), text(test, "name"));
        match test["failure"].as_str() {
            None => println!("ok      {name}"),
            Some(failure) => {
                println!("FAILED  {name}\n        {failure} ({}:{})", text(test, "file"), test["line"]);
                for said in list(test, "transcript").iter().filter_map(Json::as_str) {
                    println!("        | {said}");
                }
            }
        }
    }
}

fn summary(report: &Json, pretend: bool) -> String {
    let changes = list(report, "changes");
    let count = |action: &str| changes.iter().filter(|change| text(change, "action") == action).count();
    let published = changes.iter().filter(|change| change["published"] == true).count();
    let counts = format!(
        "{} created, {} changed, {} unchanged, {} deleted, {published} published",
        count("created"),
        count("changed"),
        count("unchanged"),
        count("deleted"),
    );
    if pretend { format!("Would be: {counts}. Nothing was changed.") } else { format!("{counts}.") }
}
