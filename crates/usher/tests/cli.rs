//! The command line as scripts use it: words on standard output, exit codes, and one process at a time on a folder.

use serde_json::{Value as Json, json};
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::Duration;
use testkit::faults::endless_question;
use testkit::http::Client;
use testkit::instance::{Console, Server};

/// A folder that is removed at the end of a test, however that ends.
struct Folder(std::path::PathBuf);

impl Folder {
    fn new() -> Self {
        Self(testkit::servers::new_directory("usher-cli-"))
    }
    fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

fn usher(data: &Path, args: &[&str], input: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_usher"));
    command.args(args).env("USHER_DATA_DIR", data).env("USHER_LOG_LEVEL", "error");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the binary runs");
    let mut stdin = child.stdin.take().expect("a pipe");
    // A command that reads nothing may have ended already.
    drop(stdin.write_all(input.as_bytes()));
    drop(stdin);
    child.wait_with_output().expect("it ends")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn complained(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn the_first_user_is_the_owner_and_the_next_has_a_profile() {
    let folder = Folder::new();
    let first = usher(
        folder.path(),
        &["user", "add", "ada@example.com", "--name", "Ada", "--password-stdin"],
        "a-long-password-1\n",
    );
    assert!(first.status.success(), "{}", complained(&first));
    let second = usher(
        folder.path(),
        &["user", "add", "bo@example.com", "--profile", "Live agent", "--password-stdin"],
        "a-long-password-2\n",
    );
    assert!(second.status.success(), "{}", complained(&second));
    let list = usher(folder.path(), &["user", "list", "--json"], "");
    let users: Vec<Json> = said(&list).lines().map(|l| serde_json::from_str(l).expect("JSON")).collect();
    let of = |email: &str| users.iter().find(|u| u["email"] == email).expect("listed").clone();
    assert_eq!(
        (of("ada@example.com")["owner"].clone(), of("ada@example.com")["name"].clone()),
        (json!(true), json!("Ada"))
    );
    assert_eq!(
        (of("bo@example.com")["owner"].clone(), of("bo@example.com")["profile"].clone()),
        (json!(false), json!("Live agent"))
    );
}

#[test]
fn what_cannot_be_a_user_is_refused_with_a_reason_and_a_failing_exit_code() {
    let folder = Folder::new();
    let owner =
        usher(folder.path(), &["user", "add", "ada@example.com", "--password-stdin"], "a-long-password-1\n");
    assert!(owner.status.success(), "{}", complained(&owner));
    for (args, password, word) in [
        (vec!["user", "add", "nobody", "--password-stdin"], "a-long-password-1\n", "e-mail"),
        (vec!["user", "add", "bo@example.com", "--password-stdin"], "short\n", "password"),
        (vec!["user", "add", "bo@example.com", "--password-stdin"], "", "password"),
        (
            vec!["user", "add", "bo@example.com", "--profile", "Pirate", "--password-stdin"],
            "a-long-password-1\n",
            "rofile",
        ),
        (vec!["user", "add", "ADA@example.com", "--password-stdin"], "a-long-password-1\n", ""),
    ] {
        let output = usher(folder.path(), &args, password);
        assert_eq!(output.status.code(), Some(1), "{args:?}");
        let reason = complained(&output);
        assert!(!reason.trim().is_empty() && reason.contains(word), "{args:?} said {reason:?}");
    }
}

#[test]
fn the_configuration_is_shown_in_full_and_unknown_keys_are_named() {
    let folder = Folder::new();
    let shown = usher(folder.path(), &["config", "show"], "");
    assert!(shown.status.success());
    let table: toml_like::Keys = toml_like::keys(&said(&shown));
    for key in
        ["listen", "limits.sign_in_failures", "retention.drop_after_hours", "mail.smtp_host", "log.format"]
    {
        assert!(table.contains(&key.to_owned()), "{key} is not shown");
    }
    let file = folder.path().join("usher.toml");
    fs::write(&file, "listne = \"127.0.0.1:1\"\n").expect("written");
    let wrong = usher(folder.path(), &["config", "check", "--config", file.to_str().expect("text")], "");
    assert_eq!(wrong.status.code(), Some(1));
    assert!(complained(&wrong).contains("listne"), "{}", complained(&wrong));
    fs::write(&file, said(&shown)).expect("written");
    let right = usher(folder.path(), &["config", "check", "--config", file.to_str().expect("text")], "");
    assert!(right.status.success(), "what is shown can be read again: {}", complained(&right));
}

/// Names of the keys of a shown configuration: enough of TOML for what the program prints.
mod toml_like {
    pub type Keys = Vec<String>;

    pub fn keys(text: &str) -> Keys {
        let mut section = String::new();
        let mut found = Vec::new();
        for line in text.lines() {
            if let Some(name) = line.strip_prefix('[') {
                section = format!("{}.", name.trim_end_matches(']'));
            } else if let Some((key, _)) = line.split_once(" = ") {
                found.push(format!("{section}{key}"));
            }
        }
        found
    }
}

#[test]
fn usage_errors_end_with_code_two_and_help_has_examples() {
    let folder = Folder::new();
    for args in [vec!["sevre"], vec!["user", "add"], vec!["token", "create", "name"]] {
        assert_eq!(usher(folder.path(), &args, "").status.code(), Some(2), "{args:?}");
    }
    for args in [
        vec!["--help"],
        vec!["user", "add", "--help"],
        vec!["token", "create", "--help"],
        vec!["import", "people", "--help"],
    ] {
        let help = usher(folder.path(), &args, "");
        assert!(help.status.success() && said(&help).contains("Example"), "{args:?}: {}", said(&help));
    }
}

#[test]
fn rows_that_cannot_be_people_are_written_to_the_rejects_with_line_field_and_reason() {
    let folder = Folder::new();
    let (file, rejects) = (folder.path().join("people.csv"), folder.path().join("refused.csv"));
    let csv = "First name,E-mail,Score\nAda,ada@example.com,10\nBo,not-an-address,20\n\"Cleo\nPatra\",cleo@example.com,30\nDan,dan@example.com,many\n";
    fs::write(&file, csv).expect("written");
    let args =
        ["import", "people", file.to_str().expect("text"), "--rejects", rejects.to_str().expect("text")];
    let output = usher(folder.path(), &args, "");
    assert!(output.status.success(), "{}", complained(&output));
    let refused = fs::read_to_string(&rejects).expect("a file of rejects");
    let lines: Vec<&str> = refused.lines().collect();
    assert_eq!(lines.len(), 3, "{refused}");
    assert!(lines[0].starts_with("line,field,reason"), "{refused}");
    assert!(lines[1].starts_with("3,") && lines[1].contains("not-an-address"), "{refused}");
    assert!(lines[2].starts_with("6,") && lines[2].contains("many"), "{refused}");
    let again = usher(folder.path(), &args, "");
    assert!(again.status.success(), "the same file a second time changes nothing: {}", complained(&again));
}

#[tokio::test]
async fn a_second_process_on_the_folder_is_refused_with_the_way_to_go() {
    let mut server = Server::new(env!("CARGO_BIN_EXE_usher"), &[("USHER_LOG_LEVEL", "error")]);
    server.start().await.expect("it starts");
    let refused = server.run(&["token", "create", "second", "--scope", "*"]).await.expect_err("refused");
    assert!(refused.contains("running") && refused.contains("--url"), "{refused}");
    let second = server.run(&["serve"]).await.expect_err("refused");
    assert!(second.contains("running"), "{second}");
    assert!(server.terminate().await.expect("it ends"));
    server.run(&["token", "create", "second", "--scope", "*"]).await.expect("free again");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sigterm_under_load_ends_with_success_and_loses_nothing() {
    let limits = [
        ("USHER_LIMITS_ADDRESS_REQUESTS_PER_MINUTE", "1000000"),
        ("USHER_LIMITS_VISITOR_REQUESTS_PER_MINUTE", "1000000"),
        ("USHER_LOG_LEVEL", "error"),
    ];
    let mut server = Server::new(env!("CARGO_BIN_EXE_usher"), &limits);
    let token = server.run(&["token", "create", "load", "--scope", "*", "--quiet"]).await.expect("a token");
    server.start().await.expect("it starts");
    let mut console = Console::new(server.address(), &token);
    let (site, key) = console.open_site("Load").await.expect("a site");
    console.publish_dialogue(&site, "Endless", endless_question()).await.expect("a dialogue");
    let talks: Vec<_> =
        (0..20).map(|number| tokio::spawn(talk(server.address(), key.clone(), number))).collect();
    // Everybody is in the middle of a conversation when the order comes.
    let mut conversations = Console::new(server.address(), &token);
    let busy = async {
        loop {
            let list = conversations
                .call("GET", "/api/v1/conversations?state=engaged&limit=100", None)
                .await
                .expect("a list");
            if list["items"].as_array().is_some_and(|all| all.len() == 20) {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), busy).await.expect("all twenty talk");
    let ended = tokio::time::timeout(Duration::from_secs(30), server.terminate()).await.expect("within 30 s");
    assert!(ended.expect("it ends"), "the server ends with success");
    server.start().await.expect("it starts again");
    let mut console = Console::new(server.address(), &token);
    for talk in talks {
        let (id, acknowledged) = talk.await.expect("a visitor");
        assert!(!acknowledged.is_empty());
        let conversation =
            console.call("GET", &format!("/api/v1/conversations/{id}"), None).await.expect("a conversation");
        let text = conversation["transcript"].to_string();
        for words in acknowledged {
            assert!(text.contains(&words), "{words:?} was acknowledged and is not in the transcript");
        }
    }
    server.terminate().await.expect("it ends");
}

/// Talks until the server is gone; the conversation and what was acknowledged.
async fn talk(address: std::net::SocketAddr, key: String, number: usize) -> (String, Vec<String>) {
    let mut client = Client::new(address);
    let view = format!("{number:08x}-0000-7000-8000-000000000000");
    let path = |rest: &str| format!("/api/visitor/v1/{rest}?site={key}");
    let page = json!({ "page_view_id": view, "url": "https://www.example.com/", "title": "Home" });
    let first = client.send("POST", &path("page"), &[], Some(&page)).await.expect("a page view").json();
    let token = first["visitor_token"].as_str().expect("a token").to_owned();
    let headers = [("x-usher-visitor", token.as_str())];
    let open = json!({ "page_view_id": view, "dialogue_id": first["resolved"]["dialogue_id"] });
    let opened =
        client.send("POST", &path("conversations"), &headers, Some(&open)).await.expect("opened").json();
    let id = opened["conversation"]["id"].as_str().expect("a conversation").to_owned();
    let mut acknowledged = Vec::new();
    for step in 1.. {
        let words = format!("visitor {number} step {step};");
        let body = json!({ "client_id": format!("{number:08x}-0000-7000-8000-{step:012x}"), "card_id": "ask", "input": { "kind": "text", "text": words } });
        match client.send("POST", &path(&format!("conversations/{id}/input")), &headers, Some(&body)).await {
            Ok(answer) if answer.status == 200 => acknowledged.push(words),
            _ => break,
        }
    }
    (id, acknowledged)
}
