//! Requests to addresses that people chose, against a real server on loopback.

use connect::{Outgoing, OutgoingError, OutgoingRequest, Purpose, outgoing::Send};
use outbound::{AllowedHosts, GuardSettings, GuardedClient};
use std::time::Duration;
use testkit::receiver::{Receiver, Reply};

fn get(url: &str) -> OutgoingRequest {
    OutgoingRequest {
        purpose: Purpose::Webhook,
        url: url.parse().expect(url),
        send: Send::Get,
        headers: Vec::new(),
    }
}

/// A client that may call what is listed, with little patience.
fn client(listed: &[String]) -> GuardedClient {
    GuardedClient::new(GuardSettings {
        webhook_hosts: AllowedHosts::parse(listed).expect("hosts"),
        time_limit: Duration::from_millis(500),
        max_bytes: 200_000,
        ..GuardSettings::default()
    })
}

fn to(receiver: &Receiver) -> GuardedClient {
    client(&[receiver.address.to_string()])
}

#[tokio::test]
async fn inner_addresses_in_any_spelling_are_not_contacted() {
    let receiver = Receiver::start([Reply::Status(200)]).await;
    let port = receiver.address.port();
    for host in [
        "127.0.0.1",
        "127.1",
        "127.0.1",
        "2130706433",
        "0x7f000001",
        "0x7f.0.0.1",
        "0177.0.0.1",
        "017700000001",
        "127.0.0.1.",
        "0",
        "0.0.0.0",
        "localhost",
        "LOCALHOST",
        "%6c%6f%63alhost",
        "①②⑦.⓪.⓪.①",
        "１２７.０.０.１",
        "127。0。0。1",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[0:0:0:0:0:ffff:7f00:0001]",
        "[64:ff9b::7f00:1]",
        "[::7f00:1]",
        "169.254.169.254",
        "[fd00:ec2::254]",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "[fe80::1]",
        "[fc00::1]",
    ] {
        let refused = client(&[]).send(&get(&format!("http://{host}:{port}/"))).await;
        assert!(matches!(refused, Err(OutgoingError::Refused(_))), "{host}: {refused:?}");
    }
    // Not every machine knows this spelling.
    let dotted = client(&[]).send(&get(&format!("http://localhost.:{port}/"))).await;
    assert!(matches!(dotted, Err(OutgoingError::Refused(_) | OutgoingError::Unreachable(_))), "{dotted:?}");
    assert_eq!(receiver.received().len(), 0);
}

#[tokio::test]
async fn a_listed_host_is_called_for_its_own_purpose_only() {
    let receiver =
        Receiver::start([Reply::Content { media_type: "text/plain", bytes: b"hello".to_vec() }]).await;
    let client = to(&receiver);
    let answer = client.send(&get(&receiver.url("/x?y=1"))).await.expect("listed");
    assert_eq!((answer.status, answer.body.as_slice()), (200, b"hello".as_slice()));
    let other = OutgoingRequest { purpose: Purpose::Document, ..get(&receiver.url("/")) };
    let refused = client.send(&other).await.expect_err("listed for webhooks");
    assert!(refused.to_string().contains("outgoing.allowed_document_hosts"), "{refused}");
    assert_eq!(receiver.received().len(), 1);
}

#[tokio::test]
async fn what_is_sent_arrives_without_credentials() {
    let receiver = Receiver::start([Reply::Status(204)]).await;
    let request = OutgoingRequest {
        send: Send::Post { media_type: "application/json", body: b"{\"a\":1}".to_vec() },
        headers: vec![("usher-event-id", "job_1".to_owned())],
        ..get(&receiver.url("/hook"))
    };
    assert_eq!(to(&receiver).send(&request).await.expect("answered").status, 204);
    let received = receiver.received().remove(0);
    assert!(received.head.starts_with("POST /hook HTTP/1.1\r\n"), "{}", received.head);
    assert_eq!(received.body, b"{\"a\":1}");
    assert_eq!(received.header("usher-event-id"), Some("job_1"));
    assert_eq!(received.header("content-type"), Some("application/json"));
    for absent in ["cookie", "authorization", "referer", "accept-encoding"] {
        assert_eq!(received.header(absent), None, "{absent}");
    }
}

#[tokio::test]
async fn redirects_are_answers_and_lead_nowhere() {
    let inner = Receiver::start([Reply::Status(200)]).await;
    let receiver = Receiver::start([Reply::Redirect(inner.url("/secret"))]).await;
    let answer = to(&receiver).send(&get(&receiver.url("/"))).await.expect("an answer");
    assert_eq!(answer.status, 302);
    assert_eq!(inner.received().len(), 0);
}

#[tokio::test]
async fn silent_partners_are_cut_in_time_and_endless_ones_by_size() {
    let receiver = Receiver::start([Reply::Silence, Reply::Endless]).await;
    let client = to(&receiver);
    let silent = client.send(&get(&receiver.url("/"))).await;
    assert!(matches!(silent, Err(OutgoingError::TimedOut { .. })), "{silent:?}");
    let endless = client.send(&get(&receiver.url("/"))).await;
    assert_eq!(endless, Err(OutgoingError::TooLarge { limit: 200_000 }));
}

#[tokio::test]
async fn a_failure_is_said_in_words_that_keep_the_address_secret() {
    let gone = {
        let receiver = Receiver::start([Reply::Status(200)]).await;
        receiver.address
    };
    let client = client(&[gone.to_string()]);
    let failed = client.send(&get(&format!("http://{gone}/token-1234"))).await.expect_err("nobody listens");
    assert!(matches!(failed, OutgoingError::Unreachable(_)), "{failed:?}");
    let words = failed.to_string();
    assert!(words.contains("127.0.0.1") && !words.contains("token"), "{words}");
    let nowhere = client.send(&get("http://no-such-host.invalid/")).await.expect_err("no such host");
    assert!(nowhere.to_string().contains("no-such-host.invalid"), "{nowhere}");
}
