//! Steps of conversations that were worked out beside the writer ([`store::Store::commit_step`]). All that wait are written
//! together, in one transaction of a few statements, so that many steps share not only a flush of the disk but also the way
//! to SQLite's thread. While one batch is being flushed the next one gathers.
//!
//! `OR FAIL` spares SQLite the journal for undoing a single statement: whatever fails, the whole transaction is given up, and
//! the steps are tried one by one, so that only the one that cannot be done fails.

use crate::{
    activities, closed,
    error::{Result, database},
    rows::{Columns, all, json, opt_ms, word},
    values::{MOST_ROWS, Values},
    writer::Writer,
};
use kernel::{ConversationId, UserId, to_millis};
use sqlx::{SqliteConnection, query};
use std::{
    collections::HashMap,
    sync::{Arc, LazyLock},
};
use store::{Conversation, Message, StepRecord, StoreError};
use tokio::sync::{mpsc, oneshot};

/// The most steps of one batch.
const MOST: usize = 64;
/// How many steps may wait; whoever comes then waits for room.
const WAITING: usize = 1_024;

type Outcome = Result<()>;

/// A step and who waits for it.
struct Waiting {
    step: StepRecord,
    done: oneshot::Sender<Outcome>,
}

/// The way of steps to the writer.
pub(crate) struct Steps {
    sender: mpsc::Sender<Waiting>,
}

impl Steps {
    /// Ends when this is dropped.
    pub(crate) fn new(writer: Arc<Writer>) -> Self {
        let (sender, receiver) = mpsc::channel(WAITING);
        tokio::spawn(write(writer, receiver));
        Self { sender }
    }

    /// Returns when the step is flushed or refused.
    pub(crate) async fn commit(&self, step: StepRecord) -> Result<()> {
        let (done, outcome) = oneshot::channel();
        self.sender.send(Waiting { step, done }).await.map_err(|_| closed())?;
        outcome.await.map_err(|_| closed())?
    }
}

async fn write(writer: Arc<Writer>, mut steps: mpsc::Receiver<Waiting>) {
    let mut batch = Vec::with_capacity(MOST);
    while steps.recv_many(&mut batch, MOST).await > 0 {
        let mut turn = writer.alone().await;
        // Others came while units of work had their turns.
        while batch.len() < MOST
            && let Ok(more) = steps.try_recv()
        {
            batch.push(more);
        }
        match turn.connection() {
            Ok(connection) => write_batch(connection, &mut batch).await,
            Err(_) => batch.clear(),
        }
    }
}

/// Writes a batch and tells everybody.
async fn write_batch(connection: &mut SqliteConnection, batch: &mut Vec<Waiting>) {
    let steps: Vec<&StepRecord> = batch.iter().map(|waiting| &waiting.step).collect();
    let outcomes = match in_transaction(connection, &steps).await {
        Ok(outcomes) => outcomes,
        Err(error) if steps.len() == 1 => vec![Err(error)],
        Err(_) => {
            let mut outcomes = Vec::with_capacity(steps.len());
            for step in &steps {
                outcomes.push(in_transaction(connection, &[*step]).await.and_then(single));
            }
            outcomes
        }
    };
    for (waiting, outcome) in batch.drain(..).zip(outcomes) {
        // Whoever went away reads what happened when it comes back.
        waiting.done.send(outcome).ok();
    }
}

fn single(outcomes: Vec<Outcome>) -> Outcome {
    outcomes.into_iter().next().unwrap_or_else(|| Err(closed()))
}

/// All that are not stale, flushed; or an error, and nothing of them is there.
async fn in_transaction(connection: &mut SqliteConnection, steps: &[&StepRecord]) -> Result<Vec<Outcome>> {
    let written = statements(connection, steps).await;
    if written.is_err() {
        // An error only says that SQLite had given the transaction up already.
        query("ROLLBACK").execute(connection).await.ok();
    }
    written
}

async fn statements(connection: &mut SqliteConnection, steps: &[&StepRecord]) -> Result<Vec<Outcome>> {
    // Two steps from the same revision: one of them comes too late anyway.
    let mut firsts: HashMap<ConversationId, usize> = HashMap::with_capacity(steps.len());
    for (place, step) in steps.iter().enumerate() {
        firsts.entry(step.conversation.id).or_insert(place);
    }
    let is_first = |place: &usize| firsts.get(&steps[*place].conversation.id) == Some(place);
    let places: Vec<usize> = (0..steps.len()).filter(is_first).collect();
    let asked: Vec<&Conversation> = places.iter().map(|place| &*steps[*place].conversation).collect();
    let (taken, moved) = move_on(connection, &asked).await?;
    let mut outcomes: Vec<Outcome> = steps.iter().map(|_| Err(StoreError::Stale)).collect();
    let (mut messages, mut facts) = (Vec::new(), Vec::new());
    for place in places {
        let step = steps[place];
        if taken.contains(&step.conversation.id) {
            outcomes[place] = Ok(());
            messages.extend(step.messages.iter().map(|message| (step.conversation.id, message)));
            facts.extend(&step.activities);
        }
    }
    change_stages(connection, &moved).await?;
    if !facts.is_empty() {
        activities::append(connection, &facts).await?;
    }
    say_and_commit(connection, &messages).await?;
    Ok(outcomes)
}

/// Opens the transaction and moves the conversations on that stand where their step began: which those are, and the ones
/// among them whose stage or times change.
async fn move_on<'c>(
    connection: &mut SqliteConnection,
    asked: &[&'c Conversation],
) -> Result<(Vec<ConversationId>, Vec<&'c Conversation>)> {
    static MOVE_ON: LazyLock<Values> = LazyLock::new(|| {
        Values::new(7, |rows| {
            format!(
                "BEGIN IMMEDIATE;
                 UPDATE OR FAIL conversations SET state = s.column3, last_seq = s.column4, epoch = s.column5,
                   last_visitor_at = s.column6, goals = s.column7, revision = revision + 1
                 FROM (VALUES {rows}) AS s
                 WHERE conversations.id = s.column1 AND conversations.revision = s.column2 AND person_id IS NOT NULL
                 RETURNING id, stage, engaged_at, completed_at, dropped_at"
            )
        })
    });
    let mut update = MOVE_ON.query(asked.len());
    for c in asked {
        update = update
            .bind(c.id.uuid())
            .bind(number(c.revision.saturating_sub(1)))
            .bind(json(&c.state)?)
            .bind(number(c.last_seq))
            .bind(c.epoch)
            .bind(to_millis(c.last_visitor_at))
            .bind(json(&c.goals)?);
    }
    let by_id: HashMap<ConversationId, &Conversation> = asked.iter().map(|c| (c.id, *c)).collect();
    let (mut taken, mut moved) = (Vec::with_capacity(asked.len()), Vec::new());
    for row in all(connection, update).await? {
        let id: ConversationId = row.id("id")?;
        taken.push(id);
        let Some(after) = by_id.get(&id) else { continue };
        let before = (row.opt_at("engaged_at")?, row.opt_at("completed_at")?, row.opt_at("dropped_at")?);
        if before != (after.engaged_at, after.completed_at, after.dropped_at)
            || row.text("stage")? != word(after.stage)
        {
            moved.push(*after);
        }
    }
    Ok((taken, moved))
}

/// Apart from the others, because indexes are made of these columns.
async fn change_stages(connection: &mut SqliteConnection, moved: &[&Conversation]) -> Result<()> {
    static CHANGE: LazyLock<Values> = LazyLock::new(|| {
        Values::new(5, |rows| {
            format!(
                "UPDATE OR FAIL conversations SET stage = s.column2, engaged_at = s.column3, completed_at = s.column4,
                   dropped_at = s.column5
                 FROM (VALUES {rows}) AS s WHERE conversations.id = s.column1"
            )
        })
    });
    if moved.is_empty() {
        return Ok(());
    }
    let mut update = CHANGE.query(moved.len());
    for c in moved {
        update = update
            .bind(c.id.uuid())
            .bind(word(c.stage))
            .bind(opt_ms(c.engaged_at))
            .bind(opt_ms(c.completed_at))
            .bind(opt_ms(c.dropped_at));
    }
    update.execute(connection).await.map(drop).map_err(database)
}

/// Writes the messages and makes everything durable, the last of them and the flush in one go.
async fn say_and_commit(
    connection: &mut SqliteConnection,
    messages: &[(ConversationId, &Message)],
) -> Result<()> {
    fn insert(rows: &str) -> String {
        format!(
            "INSERT OR FAIL INTO messages
               (conversation_id, seq, id, sender, kind, card_id, body, superseded, client_id, at, author_id)
             SELECT * FROM (VALUES {rows}) WHERE column1 IS NOT NULL"
        )
    }
    static SAY: LazyLock<Values> = LazyLock::new(|| Values::new(11, insert));
    static SAY_LAST: LazyLock<Values> =
        LazyLock::new(|| Values::new(11, |rows| format!("{}; COMMIT", insert(rows))));
    let mut parts = messages.chunks(MOST_ROWS).peekable();
    if parts.peek().is_none() {
        return query("COMMIT").execute(connection).await.map(drop).map_err(database);
    }
    while let Some(part) = parts.next() {
        let mut insert = if parts.peek().is_some() { &SAY } else { &SAY_LAST }.query(part.len());
        for (conversation, m) in part {
            insert = insert
                .bind(conversation.uuid())
                .bind(number(m.seq))
                .bind(m.id.uuid())
                .bind(word(m.from))
                .bind(m.kind.as_str())
                .bind(m.card_id.as_deref())
                .bind(json(&m.body)?)
                .bind(m.superseded)
                .bind(m.client_id.as_deref())
                .bind(to_millis(m.at))
                .bind(m.author_id.map(UserId::uuid));
        }
        insert.execute(&mut *connection).await.map_err(database)?;
    }
    Ok(())
}

fn number(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
