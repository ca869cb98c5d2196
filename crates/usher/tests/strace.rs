//! Rule R1 seen from the kernel: between the arrival of a conversation step and its answer the database's log is flushed.

use serde_json::{Value as Json, json};
use std::collections::HashMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use testkit::faults::endless_question;
use testkit::http::Client;
use testkit::instance::{Console, Server};

const STEPS: usize = 8;
const CALLS: &str = "recvfrom,recvmsg,read,readv,sendto,sendmsg,write,writev,fsync,fdatasync";

/// A program that is the server under strace. The tracer stands aside (`-D`), so that signals reach the server itself.
fn traced_binary(folder: &Path) -> (PathBuf, PathBuf) {
    let (script, trace) = (folder.join("usher-under-strace"), folder.join("trace"));
    let text = format!(
        "#!/bin/sh\nif [ \"$1\" = serve ]; then\n  exec strace -D -f -q -y -s 4096 -e trace={CALLS} -o '{}' '{}' \"$@\"\nfi\nexec '{}' \"$@\"\n",
        trace.display(),
        env!("CARGO_BIN_EXE_usher"),
        env!("CARGO_BIN_EXE_usher"),
    );
    fs::write(&script, text).expect("the script is written");
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).expect("the script can be run");
    (script, trace)
}

/// What a line of the trace tells, as far as this test wants to know.
#[derive(Debug, PartialEq)]
enum Event {
    Step(usize),
    Flushed,
    Answered,
}

/// The events in the order in which the calls returned (requests, flushes) or were made (answers).
fn events(trace: &str) -> Vec<Event> {
    let mut flushing: HashMap<&str, bool> = HashMap::new();
    let mut found = Vec::new();
    for line in trace.lines() {
        let Some((thread, call)) = line.split_once(' ') else { continue };
        let call = call.trim_start();
        if call.starts_with("fsync(") || call.starts_with("fdatasync(") {
            let of_the_log = call.contains("usher.db-wal");
            if call.ends_with("<unfinished ...>") {
                flushing.insert(thread, of_the_log);
            } else if of_the_log && call.ends_with("= 0") {
                found.push(Event::Flushed);
            }
        } else if call.contains("sync resumed>") {
            if flushing.remove(thread) == Some(true) && call.ends_with("= 0") {
                found.push(Event::Flushed);
            }
        } else if call.contains("\"HTTP/1.1 200") {
            found.push(Event::Answered);
        } else if call.contains("/input?site=") {
            let step =
                call.split("step number ").nth(1).and_then(|rest| rest.split('.').next()?.parse().ok());
            found.extend(step.map(Event::Step));
        }
    }
    found
}

async fn post(client: &mut Client, path: &str, token: &str, body: &Json) -> Json {
    let headers = [("x-usher-visitor", token)];
    let headers = if token.is_empty() { &headers[..0] } else { &headers[..] };
    let answer = client.send("POST", path, headers, Some(body)).await.expect("an answer");
    assert_eq!(answer.status, 200, "{path}: {}", String::from_utf8_lossy(&answer.body));
    answer.json()
}

async fn talk(server: &Server, key: &str) {
    let mut client = Client::new(server.address());
    let view = "00000000-0000-7000-8000-000000000001";
    let path = |rest: &str| format!("/api/visitor/v1/{rest}?site={key}");
    let page = json!({ "page_view_id": view, "url": "https://www.example.com/", "title": "Home" });
    let first = post(&mut client, &path("page"), "", &page).await;
    let token = first["visitor_token"].as_str().expect("a token").to_owned();
    let open = json!({ "page_view_id": view, "dialogue_id": first["resolved"]["dialogue_id"] });
    let opened = post(&mut client, &path("conversations"), &token, &open).await;
    let id = opened["conversation"]["id"].as_str().expect("a conversation").to_owned();
    for step in 0..STEPS {
        let body = json!({
            "client_id": format!("00000000-0000-7000-8000-{:012x}", step + 2),
            "card_id": "ask",
            "input": { "kind": "text", "text": format!("step number {step}.") }
        });
        post(&mut client, &path(&format!("conversations/{id}/input")), &token, &body).await;
    }
}

#[tokio::test]
async fn a_conversation_step_is_answered_after_the_log_is_flushed() {
    let folder = tempfile_folder();
    let (binary, trace) = traced_binary(&folder);
    let mut server = Server::new(&binary, &[("USHER_LOG_LEVEL", "error")]);
    let token = server.run(&["token", "create", "trace", "--scope", "*", "--quiet"]).await.expect("a token");
    server.start().await.expect("the server runs under strace (Debian package strace)");
    let mut console = Console::new(server.address(), &token);
    let (site, key) = console.open_site("Trace").await.expect("a site");
    console.publish_dialogue(&site, "Endless", endless_question()).await.expect("a dialogue");
    talk(&server, &key).await;
    assert!(server.terminate().await.expect("it ends"), "the server ends with success");

    let text = String::from_utf8_lossy(&fs::read(&trace).expect("a trace")).into_owned();
    let events = events(&text);
    for step in 0..STEPS {
        let begin = events.iter().position(|e| *e == Event::Step(step));
        let rest = &events[begin.unwrap_or_else(|| panic!("step {step} is not in the trace")) + 1..];
        let answered = rest.iter().position(|e| *e == Event::Answered);
        let before = &rest[..answered.unwrap_or_else(|| panic!("step {step} has no answer in the trace"))];
        assert!(
            before.contains(&Event::Flushed),
            "step {step} was answered before the log was flushed: {before:?}"
        );
    }
    fs::remove_dir_all(folder).expect("removed");
}

fn tempfile_folder() -> PathBuf {
    testkit::servers::new_directory("usher-strace-")
}

#[test]
fn a_trace_is_read_in_the_order_of_what_happened() {
    let trace = "7 recvfrom(9<socket:[1]>, \"POST /api/visitor/v1/conversations/c/input?site=k HTTP/1.1\\r\\n{step number 0.}\", 8192) = 90\n\
        8 fdatasync(5</d/usher.db-wal> <unfinished ...>\n\
        7 write(3</d/other>, \"x\", 1) = 1\n\
        8 <... fdatasync resumed>) = 0\n\
        7 sendto(9<socket:[1]>, \"HTTP/1.1 200 OK\\r\\n\", 17) = 17\n\
        8 fdatasync(6</d/usher.db>) = 0\n";
    assert_eq!(events(trace), [Event::Step(0), Event::Flushed, Event::Answered]);
}
