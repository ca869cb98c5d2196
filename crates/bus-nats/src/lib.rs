//! The bus between nodes: one subject of NATS core, hints as JSON (rule R6).
//!
//! The server may be away when a node starts and at any time later: the connection comes back by itself, hints of the
//! meantime are kept up to a bound and dropped beyond it. Because hints of other nodes are lost meanwhile, every
//! (re)connection is followed by the two hints that make this node look for itself: *configuration* and *outbox*.
//!
//! Own hints never take the way over the server: this node hears them at once, also without one.

use async_nats::{Client, ConnectOptions, Event, Subscriber, client::RequestErrorKind};
use async_trait::async_trait;
use bus::{Bus, BusError, Hint};
use futures_util::StreamExt;
use std::time::Duration;
use tokio::{
    sync::{broadcast, mpsc},
    task::JoinSet,
    time::timeout,
};

/// How many hints wait for a server that is away or slow; more are dropped.
const WAITING: usize = 4_096;
/// How many hints a slow reader on this node may be behind before it loses some.
const BEHIND: usize = 4_096;
/// The longest pause between two attempts to connect.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);
/// How long the server may take to answer [`Bus::ready`].
const PATIENCE: Duration = Duration::from_secs(2);

/// Carries hints between nodes.
#[derive(Debug)]
pub struct NatsBus {
    client: Client,
    probe: String,
    here: broadcast::Sender<Hint>,
    outgoing: mpsc::Sender<Hint>,
    /// Ends the tasks with the bus.
    _tasks: JoinSet<()>,
}

impl NatsBus {
    /// Begins to connect to `url` (`nats://` or `tls://`, several separated by commas, with user and password if need be)
    /// and returns without waiting for the server. Needs the right to publish to `subject` and below it, and to subscribe to
    /// it and to `_INBOX.>`. Fails only on an address or subject that cannot be one.
    pub async fn connect(url: &str, subject: &str) -> Result<Self, BusError> {
        let here = broadcast::channel(BEHIND).0;
        let client = options(here.clone())
            .connect(url.split(',').map(str::trim).collect::<Vec<_>>())
            .await
            .map_err(|error| BusError(error.to_string()))?;
        let subscriber =
            client.subscribe(subject.to_owned()).await.map_err(|error| BusError(error.to_string()))?;

        let (outgoing, waiting) = mpsc::channel(WAITING);
        let mut tasks = JoinSet::new();
        tasks.spawn(send(client.clone(), subject.to_owned(), waiting));
        tasks.spawn(receive(subscriber, here.clone()));
        Ok(Self { client, probe: format!("{subject}.ready"), here, outgoing, _tasks: tasks })
    }
}

#[async_trait]
impl Bus for NatsBus {
    fn publish(&self, hint: Hint) {
        // Nobody listening here, or no room on the way there: hints are only hints.
        drop(self.here.send(hint.clone()));
        drop(self.outgoing.try_send(hint));
    }

    fn subscribe(&self) -> broadcast::Receiver<Hint> {
        self.here.subscribe()
    }

    async fn ready(&self) -> Result<(), BusError> {
        // Nobody listens at the probe's address, and only a server that is there can say so.
        let answer = timeout(PATIENCE, self.client.request(self.probe.clone(), "".into())).await;
        match answer {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) if error.kind() == RequestErrorKind::NoResponders => Ok(()),
            Ok(Err(error)) => Err(BusError(error.to_string())),
            Err(_) => Err(BusError(format!("no answer within {} seconds", PATIENCE.as_secs()))),
        }
    }
}

fn options(here: broadcast::Sender<Hint>) -> ConnectOptions {
    ConnectOptions::new()
        .name("usher")
        .retry_on_initial_connect()
        .no_echo()
        .client_capacity(WAITING)
        .reconnect_delay_callback(|attempt| {
            let doubled = u32::try_from(attempt.min(10)).map_or(u32::MAX, |attempt| 1 << attempt);
            (Duration::from_millis(2) * doubled).min(LONGEST_PAUSE)
        })
        .event_callback(move |event| {
            let here = here.clone();
            async move { note(&event, &here) }
        })
}

fn note(event: &Event, here: &broadcast::Sender<Hint>) {
    match event {
        Event::Connected => {
            tracing::info!("bus connected");
            drop(here.send(Hint::Configuration));
            drop(here.send(Hint::Outbox));
        }
        Event::Disconnected => {
            tracing::warn!("bus disconnected: hints of other nodes are late until it is back");
        }
        other => tracing::debug!(%other, "bus"),
    }
}

async fn send(client: Client, subject: String, mut waiting: mpsc::Receiver<Hint>) {
    while let Some(hint) = waiting.recv().await {
        let Ok(json) = serde_json::to_vec(&hint) else { continue };
        // Waits while the server is away and its buffer is full; `publish` above then drops.
        if let Err(error) = client.publish(subject.clone(), json.into()).await {
            tracing::debug!(%error, "a hint was not carried");
        }
    }
}

async fn receive(mut subscriber: Subscriber, here: broadcast::Sender<Hint>) {
    while let Some(message) = subscriber.next().await {
        match serde_json::from_slice::<Hint>(&message.payload) {
            Ok(hint) => drop(here.send(hint)),
            // A newer node may speak of what this one does not know.
            Err(error) => tracing::debug!(%error, "a hint that this version does not know"),
        }
    }
}
