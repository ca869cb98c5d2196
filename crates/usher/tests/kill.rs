//! Killed at any moment, often, in the middle of hundreds of conversations (robust.md, Delivery): what was acknowledged
//! stands in the transcript once and in order.

use testkit::faults::{Findings, Plan, run};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_killed_ten_times_keeps_every_acknowledged_message_once_and_in_order() {
    let plan = Plan { conversations: 200, kills: 10, messages_between_kills: 400 };
    let found = run(env!("CARGO_BIN_EXE_usher"), plan).await.expect("the run comes to its end");
    let harm = Findings { acknowledged: 0, repeated: 0, ..found };
    assert_eq!(
        harm,
        Findings::default(),
        "acknowledged {}, sent again {}",
        found.acknowledged,
        found.repeated
    );
    assert!(found.acknowledged >= 4_000, "only {} messages were acknowledged", found.acknowledged);
    assert!(found.repeated > 0, "no request was ever interrupted, so nothing was tried");
}
