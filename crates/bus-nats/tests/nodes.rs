//! Two nodes on a real server, which comes and goes.

use bus::{Bus, Hint};
use bus_nats::NatsBus;
use kernel::ConversationId;
use std::time::Duration;
use testkit::nats::{NatsServer, shared_url};
use tokio::{sync::broadcast, time::timeout};

const LIMIT: Duration = Duration::from_secs(20);

async fn ready(bus: &NatsBus) {
    timeout(LIMIT, async { while bus.ready().await.is_err() {} }).await.expect("the bus connects");
}

fn at(seq: u64) -> Hint {
    let id: ConversationId = "cnv_01j9zzzzzzzzzzzzzzzzzzzzzz".parse().expect("an id");
    Hint::Conversation { id, seq }
}

/// The next hint about a conversation; those that follow a connection are passed over.
async fn next(heard: &mut broadcast::Receiver<Hint>) -> Hint {
    timeout(LIMIT, async {
        loop {
            match heard.recv().await {
                Ok(Hint::Configuration | Hint::Outbox) => {}
                Ok(hint) => return hint,
                Err(error) => panic!("{error}"),
            }
        }
    })
    .await
    .expect("a hint comes")
}

#[tokio::test]
async fn both_nodes_hear_each_hint_once() {
    let url = shared_url().await;
    let (a, b) = (
        NatsBus::connect(&url, "usher.test.once").await.expect("an address"),
        NatsBus::connect(&url, "usher.test.once").await.expect("an address"),
    );
    ready(&a).await;
    ready(&b).await;
    let (mut at_a, mut at_b) = (a.subscribe(), b.subscribe());
    for seq in 1..=3 {
        a.publish(at(seq));
    }
    for seq in 1..=3 {
        assert_eq!(next(&mut at_a).await, at(seq), "an own hint, once");
        assert_eq!(next(&mut at_b).await, at(seq), "a hint of the other, in order");
    }
    b.publish(at(4));
    assert_eq!(next(&mut at_a).await, at(4));
    assert_eq!(next(&mut at_b).await, at(4));
}

#[tokio::test]
async fn other_subjects_are_other_instances() {
    let url = shared_url().await;
    let ours = NatsBus::connect(&url, "usher.test.ours").await.expect("an address");
    let theirs = NatsBus::connect(&url, "usher.test.theirs").await.expect("an address");
    let here = NatsBus::connect(&url, "usher.test.ours").await.expect("an address");
    for bus in [&ours, &theirs, &here] {
        ready(bus).await;
    }
    let mut heard = ours.subscribe();
    theirs.publish(at(1));
    ready(&theirs).await;
    here.publish(at(2));
    assert_eq!(next(&mut heard).await, at(2));
}

#[tokio::test]
async fn a_server_that_is_away_costs_nothing_but_time() {
    let mut server = NatsServer::stopped();
    let a = NatsBus::connect(&server.url(), "usher.hints").await.expect("no server is needed to begin");
    let b = NatsBus::connect(&server.url(), "usher.hints").await.expect("no server is needed to begin");
    let mut at_a = a.subscribe();
    a.publish(at(1));
    assert_eq!(next(&mut at_a).await, at(1), "own hints are heard without a server");
    a.ready().await.expect_err("not ready without a server");

    server.start_again().await;
    ready(&a).await;
    ready(&b).await;
    let mut at_b = b.subscribe();
    a.publish(at(2));
    assert_eq!(next(&mut at_b).await, at(2));

    server.stop();
    for seq in 3..20_000 {
        a.publish(at(seq));
    }
    server.start_again().await;
    ready(&a).await;
    ready(&b).await;
    let mut after = a.subscribe();
    b.publish(at(20_000));
    assert_eq!(next(&mut after).await, at(20_000), "heard again after the server came back");
}

#[tokio::test]
async fn every_connection_makes_the_node_look_for_itself() {
    let mut server = NatsServer::stopped();
    let bus = NatsBus::connect(&server.url(), "usher.hints").await.expect("no server is needed to begin");
    let mut heard = bus.subscribe();
    for _ in 0..2 {
        server.start_again().await;
        let first = timeout(LIMIT, heard.recv()).await.expect("connects").expect("hint");
        let second = timeout(LIMIT, heard.recv()).await.expect("connects").expect("hint");
        assert_eq!([first, second], [Hint::Configuration, Hint::Outbox]);
        server.stop();
    }
}
