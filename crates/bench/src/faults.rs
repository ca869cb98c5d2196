//! The long form of the fault runs: what the tests do for seconds, here for as long as it takes to believe it.

use crate::{Options, figures};
use testkit::delivery::{Findings, Run};
use testkit::proxy::Proxy;
use testkit::stage::Stage;

/// Conversations in every run, and the agents whom they need.
const CONVERSATIONS: usize = 200;
const AGENTS: usize = 10;
/// How often a node is killed.
const KILLS: usize = 50;
/// Messages between two faults: far above the twenty a second at which it must hold, since everybody talks without a pause.
const BETWEEN: u64 = 2_000;
/// Of a thousand answers so many are lost.
const LOST: u32 = 30;

/// Steps of dialogues, then live chat on one node and on two.
pub async fn run(options: &Options) -> Result<(), String> {
    let plan = testkit::faults::Plan { conversations: 200, kills: KILLS, messages_between_kills: BETWEEN };
    let found = testkit::faults::run(&options.binary, plan).await?;
    println!("{} kills under {} conversations: {found:?}", plan.kills, plan.conversations);
    figures::zero(
        "messages lost, doubled, out of order, misnumbered",
        found.lost + found.doubled + found.out_of_order + found.misnumbered,
    );
    killed(options).await?;
    lost_answers(options).await?;
    two_nodes(options).await
}

fn say(title: &str, found: &Findings) {
    println!("{title}: {found}");
    figures::zero(&format!("harm to live chat, {title}"), found.harm());
}

async fn killed(options: &Options) -> Result<(), String> {
    let mut stage = Stage::single(&options.binary, AGENTS, &[]).await?;
    let mut run = Run::begin(&stage, CONVERSATIONS).await?;
    for _ in 0..KILLS {
        run.messages(BETWEEN).await?;
        run.kill(&mut stage, 0).await?;
    }
    let found = run.finish(&stage).await?;
    say("one node killed again and again", &found);
    figures::at_most("everybody back after the node is", found.slowest_return.as_secs_f64(), 5.0, "s");
    stage.end().await
}

async fn lost_answers(options: &Options) -> Result<(), String> {
    let mut stage = Stage::single(&options.binary, AGENTS, &[]).await?;
    let proxy = Proxy::start(stage.nodes[0].address()).await.map_err(|e| e.to_string())?;
    stage.entrances = vec![proxy.address()];
    let mut run = Run::begin(&stage, CONVERSATIONS).await?;
    proxy.lose(LOST);
    run.messages(20 * BETWEEN).await?;
    proxy.lose(0);
    let found = run.finish(&stage).await?;
    say(&format!("{} answers lost on the way", proxy.lost()), &found);
    stage.end().await
}

async fn two_nodes(options: &Options) -> Result<(), String> {
    let mut stage = Stage::pair(&options.binary, AGENTS, &[]).await?;
    let mut run = Run::begin(&stage, CONVERSATIONS).await?;
    for turn in 0..KILLS / 2 {
        run.messages(BETWEEN).await?;
        run.kill(&mut stage, turn % 2).await?;
    }
    let missing = || "the pair has it".to_owned();
    for _ in 0..5 {
        stage.nats.as_mut().ok_or_else(missing)?.stop();
        run.messages(BETWEEN).await?;
        stage.nats.as_mut().ok_or_else(missing)?.start_again().await;
        run.messages(BETWEEN).await?;
        stage.postgres.as_mut().ok_or_else(missing)?.stop();
        run.refusals(CONVERSATIONS as u64).await?;
        let before = run.acknowledged();
        run.refusals(CONVERSATIONS as u64).await?;
        figures::zero("acknowledged while Postgres is away", run.acknowledged() - before);
        stage.postgres.as_mut().ok_or_else(missing)?.start_again().await;
        run.messages(BETWEEN).await?;
    }
    let found = run.finish(&stage).await?;
    say("two nodes killed in turn, NATS and Postgres restarted", &found);
    stage.end().await
}
