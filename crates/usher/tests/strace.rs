//! Rule R1 seen from the kernel: between the arrival of a conversation step or of a chat message and its acknowledgement the
//! database's log is flushed, and nobody else is told before.

use serde_json::{Value as Json, json};
use std::collections::HashMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use testkit::faults::endless_question;
use testkit::http::Client;
use testkit::instance::{Console, Server};
use testkit::socket::Entrance;
use testkit::stage::{Stage, Visitor};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

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
    /// A message arrived on a socket, was acknowledged, was told to somebody.
    Said(usize),
    Acknowledged(usize),
    Told(usize),
}

/// The number behind some words of a line.
fn number(call: &str, words: &str) -> Option<usize> {
    let rest = call.split(words).nth(1)?;
    rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

/// What a frame on a socket tells; the text of a trace has a backslash before each quotation mark.
fn frame(call: &str) -> Option<Event> {
    if call.contains(r#"\"t\":\"say\""#) {
        return number(call, "word number ").map(Event::Said);
    }
    if call.contains(r#"{\"t\":\"ack\""#) {
        return number(call, r#"\"client_id\":\"word-"#).map(Event::Acknowledged);
    }
    let messages = call.contains(r#"{\"t\":\"messages\""#);
    messages.then(|| number(call, "word number ").map(Event::Told)).flatten()
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
            found.extend(number(call, "step number ").map(Event::Step));
        } else {
            found.extend(frame(call));
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

/// A socket whose frames can be read in a trace: clients hide theirs behind a mask, which here hides nothing.
struct Plain(TcpStream);

impl Plain {
    async fn open(entrance: &Entrance) -> Self {
        let mut stream = TcpStream::connect(entrance.server).await.expect("connects");
        let mut head = format!(
            "GET {} HTTP/1.1\r\nhost: {}\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n",
            entrance.path, entrance.server
        );
        for (name, value) in &entrance.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str("\r\n");
        stream.write_all(head.as_bytes()).await.expect("sent");
        let mut socket = Self(stream);
        socket.until("\r\n\r\n").await;
        socket
    }

    async fn send(&mut self, frame: &Json) {
        let text = frame.to_string();
        let length = u16::try_from(text.len()).expect("a short frame");
        let mut bytes = vec![0x81, 0x80 | 126];
        bytes.extend(length.to_be_bytes());
        bytes.extend([0; 4]);
        bytes.extend(text.as_bytes());
        self.0.write_all(&bytes).await.expect("sent");
    }

    /// Reads until the words came; frames of a server are not masked.
    async fn until(&mut self, words: &str) {
        let mut heard = Vec::new();
        while !String::from_utf8_lossy(&heard).contains(words) {
            assert!(self.0.read_buf(&mut heard).await.expect("read") > 0, "closed before {words}");
        }
    }
}

/// Visitor and agent say one word after the other.
async fn chat(stage: &Stage) {
    let address = stage.nodes[0].address();
    let mut client = Client::new(address);
    let agent = &stage.agents[0];
    let mut console = Plain::open(&Entrance::of_console(address, &agent.cookie)).await;
    console.send(&json!({ "t": "hello", "protocol": 1 })).await;
    console.until(r#""t":"me""#).await;
    let visitor = Visitor::open(&mut client, &stage.site_key, 1).await.expect("a conversation");
    let asked = visitor.ask(&mut client).await.expect("a chat");
    let origin = format!("http://{address}");
    let headers = [("cookie", agent.cookie.as_str()), ("origin", origin.as_str())];
    let path = format!("/api/v1/chats/{}/accept", asked["chat"]["id"].as_str().expect("a chat"));
    testkit::stage::insist(&mut client, "POST", &path, &headers, None).await.expect("taken");
    let mut tab = Plain::open(&Entrance::of_visitor(address, &stage.site_key)).await;
    tab.send(&json!({ "t": "hello", "protocol": 1, "token": visitor.token })).await;
    tab.until(r#""t":"ready""#).await;
    for socket in [&mut console, &mut tab] {
        socket.send(&json!({ "t": "watch", "conversation": visitor.conversation, "after": asked["last_seq"], "epoch": asked["epoch"] })).await;
        socket.until(r#""t":"chat""#).await;
    }
    for word in 0..STEPS {
        let (by, to) = if word % 2 == 0 { (&mut tab, &mut console) } else { (&mut console, &mut tab) };
        by.send(&json!({ "t": "say", "conversation": visitor.conversation, "client_id": format!("word-{word}"), "text": format!("word number {word}.") })).await;
        to.until(&format!("word number {word}.")).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_chat_message_is_acknowledged_and_told_after_the_log_is_flushed() {
    let folder = tempfile_folder();
    let (binary, trace) = traced_binary(&folder);
    let stage = Stage::single(&binary, 1, &[]).await.expect("a stage under strace (Debian package strace)");
    chat(&stage).await;
    stage.end().await.expect("the end");
    let text = String::from_utf8_lossy(&fs::read(&trace).expect("a trace")).into_owned();
    let events = events(&text);
    for word in 0..STEPS {
        let place = |event: Event| events.iter().position(|one| *one == event);
        let said = place(Event::Said(word)).unwrap_or_else(|| panic!("word {word} is not in the trace"));
        for later in [Event::Acknowledged(word), Event::Told(word)] {
            let what = format!("{later:?}");
            let at = place(later).unwrap_or_else(|| panic!("{what} is not in the trace"));
            assert!(events[said..at].contains(&Event::Flushed), "{what} before the log was flushed");
        }
    }
    fs::remove_dir_all(folder).expect("removed");
}

#[test]
fn frames_are_read_out_of_a_trace() {
    let trace = r#"7 recvfrom(9<socket:[1]>, "\201\376\0\200\0\0\0\0{\"t\":\"say\",\"text\":\"word number 3.\"}", 4096) = 90
8 fdatasync(5</d/usher.db-wal>) = 0
7 sendto(9<socket:[1]>, "\201~\0w{\"t\":\"ack\",\"conversation\":\"c\",\"client_id\":\"word-3\",\"seq\":5}", 17) = 17
7 sendto(10<socket:[2]>, "\201~\0w{\"t\":\"messages\",\"items\":[{\"text\":\"word number 3.\"}]}", 17) = 17"#;
    assert_eq!(events(trace), [Event::Said(3), Event::Flushed, Event::Acknowledged(3), Event::Told(3)]);
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
