//! Conversations as text from the command line: promotion from one instance to another and back, checks and tests with
//! exit codes, on a data folder and through a running server.

use serde_json::Value as Json;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use testkit::instance::Server;

/// A folder that is removed at the end of a test, however that ends.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        Self(testkit::servers::new_directory("usher-texts-"))
    }
    fn join(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

fn usher(data: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_usher"));
    command.args(args).env("USHER_DATA_DIR", data).env("USHER_LOG_LEVEL", "error");
    command.output().expect("the binary runs")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn complained(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn fine(output: &Output) -> String {
    assert!(output.status.success(), "{}\n{}", said(output), complained(output));
    said(output)
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a path of text")
}

const SITE: &str =
    "kind = \"site\"\nname = \"Acme\"\n\n[security]\nblocked_email_domains = [\"blocked.example\"]\n";

/// The example of the manual, which is therefore known to work.
fn example() -> String {
    let manual = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/text-form.md"))
        .expect("a manual");
    let begin = manual.find("```toml\nkind = \"dialogue\"").expect("an example") + "```toml\n".len();
    let end = manual[begin..].find("```").expect("its end");
    manual[begin..begin + end].to_owned()
}

/// A folder as somebody writes it by hand.
fn written(folder: &Folder) -> PathBuf {
    let texts = folder.join("texts");
    fs::create_dir_all(texts.join("dialogues/acme")).expect("a folder");
    fs::create_dir_all(texts.join("sites")).expect("a folder");
    fs::write(texts.join("sites/acme.toml"), SITE).expect("written");
    fs::write(texts.join("lists.toml"), "kind = \"lists\"\nlists = [\"Customers\"]\n").expect("written");
    fs::write(texts.join("dialogues/acme/book-a-demo.toml"), example()).expect("written");
    texts
}

fn all_texts(folder: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(next).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(folder).expect("within").to_string_lossy().into_owned();
                found.push((name, fs::read_to_string(&path).expect("text")));
            }
        }
    }
    found.sort();
    found
}

#[test]
fn what_is_promoted_comes_back_without_difference() {
    let folder = Folder::new();
    let (test, live) = (folder.join("test"), folder.join("live"));
    let texts = written(&folder);
    let applied = fine(&usher(&test, &["apply", text(&texts), "--publish"]));
    assert!(
        applied.contains("+ dialogue  Acme / Book a demo") && applied.contains("1 published"),
        "{applied}"
    );
    let (first, second) = (folder.join("first"), folder.join("second"));
    fine(&usher(&test, &["export", "--out", text(&first)]));
    assert_eq!(
        all_texts(&first).into_iter().map(|(name, _)| name).collect::<Vec<_>>(),
        ["dialogues/acme/book-a-demo.toml", "goals.toml", "lists.toml", "sites/acme.toml"]
    );
    fine(&usher(&live, &["apply", text(&first), "--publish"]));
    fine(&usher(&live, &["export", "--out", text(&second)]));
    assert_eq!(all_texts(&first), all_texts(&second));
    let published = folder.join("published");
    fine(&usher(&live, &["export", "--out", text(&published), "--published"]));
    assert_eq!(all_texts(&first), all_texts(&published));
    let back = fine(&usher(&test, &["apply", text(&second), "--publish", "--prune"]));
    assert!(back.contains("\n0 created, 0 changed, 4 unchanged, 0 deleted, 0 published."), "{back}");
    let once_more = fine(&usher(&live, &["export", "--out", text(&second)]));
    assert!(once_more.contains("0 written, 4 unchanged."), "{once_more}");
}

#[test]
fn a_plan_shows_the_lines_that_change_and_changes_nothing() {
    let folder = Folder::new();
    let (data, texts) = (folder.join("data"), written(&folder));
    fine(&usher(&data, &["apply", text(&texts)]));
    let file = texts.join("dialogues/acme/book-a-demo.toml");
    fs::write(&file, format!("# Ours\n{}", example().replace("Thank you!", "Thank **you**!")))
        .expect("written");
    let plan = fine(&usher(&data, &["apply", text(&texts), "--dry-run"]));
    assert!(plan.contains("    - text = \"Thank you!\"\n    + text = \"Thank **you**!\""), "{plan}");
    assert!(plan.contains("Would be: 0 created, 1 changed, 2 unchanged"), "{plan}");
    let json = fine(&usher(&data, &["check", text(&texts), "--json"]));
    let report: Json = serde_json::from_str(&json).expect("JSON");
    assert_eq!((&report["ok"], &report["applied"]), (&Json::Bool(true), &Json::Bool(false)));
    assert_eq!(report["tests"][0]["failure"], Json::Null);
    fine(&usher(&data, &["export", "--out", text(&texts)]));
    assert_eq!(fs::read_to_string(&file).expect("text"), example(), "nothing was changed");
}

#[test]
fn mistakes_and_failing_tests_end_with_a_failing_exit_code_and_their_lines() {
    let folder = Folder::new();
    let (data, texts) = (folder.join("data"), written(&folder));
    let file = texts.join("dialogues/acme/book-a-demo.toml");
    fs::write(&file, example().replace("person.email is empty", "person.email is emty")).expect("written");
    for args in [vec!["check"], vec!["apply"], vec!["check", "--alone"]] {
        let mut all = args.clone();
        all.push(text(&texts));
        let output = usher(&data, &all);
        assert_eq!(output.status.code(), Some(1), "{args:?}");
        let expected = "dialogues/acme/book-a-demo.toml:10:17: targeting/audience: Expected a value";
        assert!(complained(&output).contains(expected), "{args:?}: {}", complained(&output));
    }
    fs::write(&file, example().replace("choose = \"Show me a demo\"", "choose = \"Show me\""))
        .expect("written");
    let line = example().lines().position(|line| line.contains("choose =")).expect("a step") + 1;
    let output = usher(&data, &["test-dialogue", text(&file)]);
    assert_eq!(output.status.code(), Some(1));
    let words = said(&output);
    assert!(
        words.contains("FAILED  Book a demo: Somebody asks for a demo")
            && words.contains(&format!(":{line})")),
        "{words}"
    );
    assert!(words.contains("| bot: Hi there, welcome to Acme!"), "{words}");
    assert_eq!(usher(&data, &["check", text(&texts), "--alone"]).status.code(), Some(1));
    assert_eq!(usher(&data, &["apply", text(&texts), "--publish"]).status.code(), Some(1));
    assert_eq!(usher(&data, &["check", text(&folder.join("nowhere"))]).status.code(), Some(1));
}

#[test]
fn tests_are_played_without_server_or_store() {
    let folder = Folder::new();
    let texts = written(&folder);
    let data = folder.join("never");
    let output =
        fine(&usher(&data, &["test-dialogue", text(&texts.join("dialogues/acme/book-a-demo.toml"))]));
    assert!(
        output.contains("ok      Book a demo: Somebody asks for a demo")
            && output.contains("1 passed, 0 failed."),
        "{output}"
    );
    let json = fine(&usher(&data, &["test-dialogue", text(&texts), "--json"]));
    let results: Json = serde_json::from_str(&json).expect("JSON");
    assert_eq!(results["ok"], true, "{results}");
    fine(&usher(&data, &["check", text(&texts), "--alone"]));
    assert!(!data.exists(), "no instance was made");
    let blocked = texts.join("sites/acme.toml");
    fs::write(&blocked, SITE.replace("blocked.example", "acme.example")).expect("written");
    assert_eq!(
        usher(&data, &["test-dialogue", text(&texts)]).status.code(),
        Some(1),
        "the site refuses the address"
    );
    assert_eq!(usher(&data, &["test-dialogue"]).status.code(), Some(2));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_running_server_is_worked_through_with_a_token() {
    let folder = Folder::new();
    let texts = written(&folder);
    let mut server = Server::new(env!("CARGO_BIN_EXE_usher"), &[("USHER_LOG_LEVEL", "error")]);
    let token = server.run(&["token", "create", "texts", "--scope", "*", "--quiet"]).await.expect("a token");
    let reader =
        ["token", "create", "reader", "--scope", "dialogues.view", "--scope", "flows.view", "--quiet"];
    let reader = server.run(&reader).await.expect("a token");
    server.start().await.expect("it starts");
    let url = format!("http://{}", server.address());
    let elsewhere = folder.join("elsewhere");
    let through = |args: &[&str], token: &str| {
        let mut all = args.to_vec();
        all.extend(["--url", &url, "--token", token.trim()]);
        usher(&elsewhere, &all)
    };
    let denied = through(&["apply", text(&texts)], &reader);
    assert!(
        !denied.status.success() && complained(&denied).contains("permission"),
        "{}",
        complained(&denied)
    );
    fine(&through(&["check", text(&texts)], &reader));
    fine(&through(&["apply", text(&texts), "--publish"], &token));
    let out = folder.join("out");
    fine(&through(&["export", "--out", text(&out)], &reader));
    assert_eq!(fs::read_to_string(out.join("dialogues/acme/book-a-demo.toml")).expect("text"), example());
    let file = texts.join("dialogues/acme/book-a-demo.toml");
    fs::write(&file, example().replace("kind = \"goal\"", "kind = \"gaol\"")).expect("written");
    let refused = through(&["apply", text(&texts)], &token);
    assert_eq!(refused.status.code(), Some(1));
    assert!(
        complained(&refused).contains("cards/goal/kind: “gaol” is not one of"),
        "{}",
        complained(&refused)
    );
    assert!(!elsewhere.exists(), "no instance was made here");
    server.terminate().await.expect("it ends");
}

#[test]
fn help_has_examples() {
    let folder = Folder::new();
    for command in ["export", "check", "apply", "test-dialogue"] {
        let help = fine(&usher(&folder.join("data"), &[command, "--help"]));
        assert!(help.contains("Examples:"), "{command}: {help}");
    }
}
