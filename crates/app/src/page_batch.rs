//! The way of page views into the store: a bounded queue and one writer, so that answering a page view writes nothing.
//! Visits and views are telemetry: when the writer is behind or the store away, the newest are dropped and counted.

use crate::{App, memory::Counters, traces::Decisions};
use engagement::Activity;
use kernel::{DecisionSnapshotId, PersonId, SiteId, Timestamp, VisitorId};
use people::Person;
use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, Mutex},
    time::Duration,
};
use store::{DecisionSnapshot, PageViewBatch, PageViewRecord, SiteScope, StoreError, Visit, Visitor};
use tokio::sync::{mpsc, oneshot};

/// One thing to be written.
#[derive(Debug)]
pub(crate) enum Row {
    /// A page view.
    View(Box<ViewRow>),
    /// A visit whose visible time grew.
    Visit(SiteScope, Arc<Visit>),
    /// The snippet was seen on a host.
    Seen(SiteId, String, Timestamp),
    /// Everything before this is to be written now.
    Flush(oneshot::Sender<()>),
}

/// A page view with what hangs on it.
#[derive(Debug)]
pub(crate) struct ViewRow {
    pub scope: SiteScope,
    pub new_visitor: Option<(Visitor, Person)>,
    pub visit: Arc<Visit>,
    pub view: PageViewRecord,
    /// What the trace of the view speaks of.
    pub decisions: Arc<Decisions>,
    pub activity: Activity,
}

/// Both ends of the queue; the writer takes its end when it starts.
#[derive(Debug)]
pub(crate) struct BatchSender {
    sender: mpsc::Sender<Row>,
    receiver: Mutex<Option<mpsc::Receiver<Row>>>,
}

pub(crate) fn channel(capacity: usize) -> BatchSender {
    let (sender, receiver) = mpsc::channel(capacity.max(1));
    BatchSender { sender, receiver: Mutex::new(Some(receiver)) }
}

impl BatchSender {
    /// Hands a row over; false when it was dropped.
    pub(crate) fn send(&self, row: Row) -> bool {
        self.sender.try_send(row).is_ok()
    }

    /// Returns when everything handed over before is written or dropped.
    pub(crate) async fn flush(&self) {
        let (done, written) = oneshot::channel();
        if self.sender.send(Row::Flush(done)).await.is_ok() {
            // The writer is gone: there is nothing to wait for.
            drop(written.await);
        }
    }

    pub(crate) fn take_receiver(&self) -> Option<mpsc::Receiver<Row>> {
        self.receiver.lock().ok().and_then(|mut receiver| receiver.take())
    }
}

/// Writes batches until the queue is closed.
pub(crate) async fn write_batches(app: App, mut rows: mpsc::Receiver<Row>) {
    let limits = app.settings().limits.clone();
    while let Some(first) = rows.recv().await {
        let mut gathered = vec![first];
        let gather = async {
            while gathered.len() < limits.page_batch_rows && !matches!(gathered.last(), Some(Row::Flush(_))) {
                match rows.recv().await {
                    Some(row) => gathered.push(row),
                    None => break,
                }
            }
        };
        // Whatever came in time is in `gathered`, also when the time ran out.
        drop(tokio::time::timeout(Duration::from_millis(limits.page_batch_ms), gather).await);
        write(&app, gathered).await;
    }
}

async fn write(app: &App, rows: Vec<Row>) {
    let mut gathered = Gathered::default();
    for row in rows {
        gathered.add(app, row);
    }
    let counters = app.counters();
    let views = gathered.batch.views.len() as u64;
    match gathered.store(app).await {
        Ok(()) => Counters::add(&counters.page_views_written, views),
        Err(error) => {
            tracing::warn!(%error, views, "page views were dropped");
            Counters::add(&counters.page_views_dropped, views);
        }
    }
    for waiting in gathered.flushes {
        // Nobody may be waiting any more.
        waiting.send(()).ok();
    }
}

#[derive(Default)]
struct Gathered {
    batch: PageViewBatch,
    visits: HashMap<kernel::VisitId, usize>,
    activities: Vec<Activity>,
    people: HashMap<PersonId, Timestamp>,
    decisions: HashMap<DecisionSnapshotId, (SiteScope, DecisionSnapshot)>,
    seen: HashMap<SiteId, (BTreeSet<String>, Timestamp)>,
    flushes: Vec<oneshot::Sender<()>>,
}

impl Gathered {
    fn add(&mut self, app: &App, row: Row) {
        let gone = |visitor: VisitorId| app.memory().withdrawn.contains_key(&visitor);
        match row {
            Row::View(row) if !gone(row.visit.visitor_id) => self.view(app, *row),
            Row::Visit(scope, visit) if !gone(visit.visitor_id) => self.visit(scope, visit),
            Row::View(_) | Row::Visit(..) => {}
            Row::Seen(site, host, at) => {
                let seen = self.seen.entry(site).or_insert_with(|| (BTreeSet::new(), at));
                seen.0.insert(host);
                seen.1 = seen.1.max(at);
            }
            Row::Flush(done) => self.flushes.push(done),
        }
    }

    fn view(&mut self, app: &App, row: ViewRow) {
        let (scope, snapshot) = (row.scope, row.decisions.id());
        if !app.memory().noted.contains_key(&snapshot) {
            self.decisions.entry(snapshot).or_insert_with(|| (scope, row.decisions.stored(row.view.at)));
        }
        if let Some((visitor, person)) = row.new_visitor {
            self.batch.new_visitors.push((row.scope, visitor, person));
        }
        let at = self.people.entry(row.activity.person_id).or_insert(row.view.at);
        *at = (*at).max(row.view.at);
        self.batch.views.push((row.scope, row.view));
        self.activities.push(row.activity);
        self.visit(row.scope, row.visit);
    }

    /// Only the last state of a visit is written.
    fn visit(&mut self, scope: SiteScope, visit: Arc<Visit>) {
        if let Some(place) = self.visits.get(&visit.id) {
            self.batch.visits[*place] = (scope, visit);
        } else {
            self.visits.insert(visit.id, self.batch.visits.len());
            self.batch.visits.push((scope, visit));
        }
    }

    async fn store(&self, app: &App) -> Result<(), StoreError> {
        if self.batch.views.is_empty() && self.batch.visits.is_empty() && self.seen.is_empty() {
            return Ok(());
        }
        let people: Vec<_> = self.people.iter().map(|(id, at)| (*id, *at)).collect();
        let mut tx = app.store().begin().await?;
        let decisions: Vec<_> = self.decisions.values().cloned().collect();
        tx.keep_decision_snapshots(&decisions).await?;
        tx.record_page_views(&self.batch).await?;
        tx.append_activities(&self.activities).await?;
        tx.touch_people(&people).await?;
        for (site, (hosts, at)) in &self.seen {
            let hosts: Vec<String> = hosts.iter().cloned().collect();
            tx.touch_site(*site, &hosts, *at).await?;
        }
        tx.commit().await?;
        self.decisions.keys().for_each(|id| app.memory().noted.insert(*id, ()));
        Ok(())
    }
}
