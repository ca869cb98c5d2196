//! The fault run of live chat: visitors and agents talk over sockets while the caller takes away what they stand on; then
//! everything that was acknowledged must stand in the conversation once and in order, and have reached the other side once
//! and in order (robust.md, Delivery).

use crate::http::Client;
use crate::party::{Counts, Line, NOTE, Party, Phase, SAYS, Told, plain};
use crate::stage::{Stage, Visitor};
use serde_json::Value as Json;
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::Ordering::SeqCst;
use std::time::Duration;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};

/// How long anything may take before the run is given up.
const PATIENCE: Duration = Duration::from_secs(90);

/// What a run found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Findings {
    /// Messages that the server acknowledged.
    pub acknowledged: u64,
    /// Acknowledged, but not in the conversation.
    pub lost: u64,
    /// In the conversation more than once.
    pub doubled: u64,
    /// In the conversation behind a later one of the same side.
    pub out_of_order: u64,
    /// Acknowledged with another number than it has.
    pub misnumbered: u64,
    /// Numbers missing or repeated in a conversation.
    pub gaps: u64,
    /// In the conversation, but never told to somebody who was listening.
    pub untold: u64,
    /// Told twice, in the wrong order, or though it is not there.
    pub mistold: u64,
    /// Internal notes that reached a visitor.
    pub leaked: u64,
    /// Chats that lost their agent or ended by themselves.
    pub torn: u64,
    /// Connections beyond the first of each party.
    pub returns: u64,
    /// Messages refused for the moment and said again.
    pub refused: u64,
    /// Times that somebody had to read everything anew.
    pub resyncs: u64,
    /// The slowest return of everybody after a node was back.
    pub slowest_return: Duration,
}

impl Findings {
    /// Everything that must be zero.
    pub fn harm(&self) -> u64 {
        self.lost
            + self.doubled
            + self.out_of_order
            + self.misnumbered
            + self.gaps
            + self.untold
            + self.mistold
            + self.leaked
            + self.torn
    }
}

impl fmt::Display for Findings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} acknowledged, {} returns, {} refused for the moment, {} resyncs, all back after {:?}; lost {}, doubled {}, \
             out of order {}, misnumbered {}, gaps {}, untold {}, mistold {}, leaked {}, torn {}",
            self.acknowledged,
            self.returns,
            self.refused,
            self.resyncs,
            self.slowest_return,
            self.lost,
            self.doubled,
            self.out_of_order,
            self.misnumbered,
            self.gaps,
            self.untold,
            self.mistold,
            self.leaked,
            self.torn
        )
    }
}

/// Talks under way.
pub struct Run {
    phase: watch::Sender<Phase>,
    counts: Arc<Counts>,
    parties: Vec<JoinHandle<Told>>,
    slowest_return: Duration,
}

impl Run {
    /// Agents come, visitors ask for them, and all talk.
    pub async fn begin(stage: &Stage, conversations: usize) -> Result<Self, String> {
        let (phase, told) = watch::channel(Phase::Talk);
        let counts = Arc::new(Counts::default());
        let mut run =
            Self { phase, counts: Arc::clone(&counts), parties: Vec::new(), slowest_return: Duration::ZERO };
        for (number, agent) in stage.agents.iter().enumerate() {
            let party = Party::agent(agent.clone(), number, told.clone(), Arc::clone(&counts));
            run.parties.push(tokio::spawn(party.run(stage.entrances.clone())));
        }
        let agents = stage.agents.len() as u64;
        run.until("agents are there", |counts| counts.welcomed.load(SeqCst) >= agents).await?;
        for (visitor, stands) in ask(stage, conversations).await? {
            let party = Party::visitor(visitor, &stands, told.clone(), Arc::clone(&counts));
            run.parties.push(tokio::spawn(party.run(stage.entrances.clone())));
        }
        let all = conversations as u64;
        run.until("every visitor has an agent", |counts| counts.together.load(SeqCst) >= all).await?;
        Ok(run)
    }

    async fn until(&mut self, what: &str, reached: impl Fn(&Counts) -> bool) -> Result<(), String> {
        let deadline = Instant::now() + PATIENCE;
        while !reached(&self.counts) {
            if let Some(place) = self.parties.iter().position(JoinHandle::is_finished) {
                let why = match self.parties.swap_remove(place).await {
                    Ok(Ok(_)) => "somebody left".to_owned(),
                    Ok(Err(why)) => why,
                    Err(error) => error.to_string(),
                };
                return Err(format!("before {what}: {why}"));
            }
            if Instant::now() > deadline {
                return Err(format!("not in {PATIENCE:?}: {what}; {:?}", self.counts));
            }
            sleep(Duration::from_millis(5)).await;
        }
        Ok(())
    }

    /// So many messages more were acknowledged.
    pub async fn messages(&mut self, more: u64) -> Result<(), String> {
        let goal = self.acknowledged() + more;
        self.until("more was acknowledged", |counts| counts.acknowledged.load(SeqCst) >= goal).await
    }

    /// How many were acknowledged so far.
    pub fn acknowledged(&self) -> u64 {
        self.counts.acknowledged.load(SeqCst)
    }

    /// So many messages more were refused for the moment.
    pub async fn refusals(&mut self, more: u64) -> Result<(), String> {
        let goal = self.counts.refused.load(SeqCst) + more;
        self.until("more was refused", |counts| counts.refused.load(SeqCst) >= goal).await
    }

    /// A node is killed and started again; returns when everybody was greeted anew.
    pub async fn kill(&mut self, stage: &mut Stage, node: usize) -> Result<(), String> {
        let before = self.counts.welcomed.load(SeqCst);
        stage.nodes[node].kill().await.map_err(|e| e.to_string())?;
        stage.nodes[node].start().await?;
        let (back, parties) = (Instant::now(), self.parties.len() as u64);
        if stage.nodes.len() == 1 {
            self.until("everybody is back", |counts| counts.welcomed.load(SeqCst) >= before + parties)
                .await?;
        }
        self.slowest_return = self.slowest_return.max(back.elapsed());
        Ok(())
    }

    /// Nobody says anything new; everybody hears the rest; everything is compared with what the store has.
    pub async fn finish(mut self, stage: &Stage) -> Result<Findings, String> {
        self.phase.send_replace(Phase::Hush);
        let all = self.parties.len() as u64;
        self.until("everything begun is finished", |counts| counts.quiet.load(SeqCst) >= all).await?;
        let stored = Stored::read(stage).await?;
        let numbers = stored.0.iter().map(|(id, items)| (id.clone(), items.last().map_or(0, |m| m.seq)));
        self.phase.send_replace(Phase::Until(Arc::new(numbers.collect())));
        let mut findings = Findings {
            acknowledged: self.acknowledged(),
            returns: self.counts.welcomed.load(SeqCst) - all,
            refused: self.counts.refused.load(SeqCst),
            resyncs: self.counts.resyncs.load(SeqCst),
            slowest_return: self.slowest_return,
            ..Findings::default()
        };
        for party in std::mem::take(&mut self.parties) {
            let heard = tokio::time::timeout(PATIENCE, party).await;
            let heard = heard.map_err(|_| "somebody never heard the rest".to_owned())?;
            let (is_agent, lines) = heard.map_err(|e| e.to_string())??;
            for line in lines {
                stored.compare(&line, is_agent, &mut findings);
            }
        }
        stored.examine(&mut findings);
        Ok(findings)
    }
}

/// Visitors with open conversations who asked, some at a time.
async fn ask(stage: &Stage, conversations: usize) -> Result<Vec<(Visitor, Json)>, String> {
    let at_once = Arc::new(Semaphore::new(16));
    let asking: Vec<_> = (0..conversations)
        .map(|number| {
            let (key, at_once) = (stage.site_key.clone(), Arc::clone(&at_once));
            let server = stage.entrances[number % stage.entrances.len()];
            tokio::spawn(async move {
                let _turn = at_once.acquire_owned().await.map_err(|e| e.to_string())?;
                let mut client = Client::new(server);
                let visitor = Visitor::open(&mut client, &key, number).await?;
                let stands = visitor.ask(&mut client).await?;
                Ok::<_, String>((visitor, stands))
            })
        })
        .collect();
    let mut asked = Vec::new();
    for one in asking {
        asked.push(one.await.map_err(|e| e.to_string())??);
    }
    Ok(asked)
}

#[derive(Debug)]
struct Item {
    seq: u64,
    text: String,
}

/// What the store has, by conversation.
struct Stored(HashMap<String, Vec<Item>>);

impl Stored {
    async fn read(stage: &Stage) -> Result<Self, String> {
        let mut console = stage.console(0);
        let mut stored = HashMap::new();
        let mut cursor = String::new();
        loop {
            let page = console.call("GET", &format!("/api/v1/chats?limit=100{cursor}"), None).await?;
            for row in page["items"].as_array().into_iter().flatten() {
                let id = row["id"].as_str().unwrap_or_default();
                let path = format!("/api/v1/chats/{id}/messages?after=0");
                let messages = console.call("GET", &path, None).await?;
                let items = messages["items"].as_array().into_iter().flatten();
                let items =
                    items.map(|m| Item { seq: m["seq"].as_u64().unwrap_or(0), text: plain(&m["text"]) });
                stored
                    .insert(row["conversation_id"].as_str().unwrap_or_default().to_owned(), items.collect());
            }
            match page["next"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return Ok(Self(stored)),
            }
        }
    }

    /// Numbers, and the order of what each side said.
    fn examine(&self, findings: &mut Findings) {
        for items in self.0.values() {
            findings.gaps += items.iter().zip(1..).filter(|(item, seq)| item.seq != *seq).count() as u64;
            let mut last: HashMap<&str, u64> = HashMap::new();
            let mut seen = std::collections::HashSet::new();
            for item in items.iter().filter(|item| is_ours(&item.text)) {
                findings.doubled += u64::from(!seen.insert(&item.text));
                let Some((by, number)) = said_by(&item.text) else { continue };
                let before = last.insert(by, number);
                findings.out_of_order += u64::from(before.is_some_and(|before| before > number));
            }
        }
    }

    /// What one party was promised and told.
    fn compare(&self, line: &Line, is_agent: bool, findings: &mut Findings) {
        let nothing = Vec::new();
        let items = self.0.get(&line.conversation).unwrap_or(&nothing);
        for (seq, text) in &line.acknowledged {
            match items.iter().find(|item| item.text == *text) {
                None => findings.lost += 1,
                Some(item) => findings.misnumbered += u64::from(item.seq != *seq),
            }
        }
        let visible = |text: &str| text.starts_with(SAYS) || (is_agent && text.starts_with(NOTE));
        let expected: Vec<(u64, &str)> = items
            .iter()
            .filter(|item| item.seq > line.start && visible(&item.text))
            .map(|item| (item.seq, item.text.as_str()))
            .collect();
        let heard: Vec<(u64, &str)> = line.heard.iter().map(|(seq, text)| (*seq, text.as_str())).collect();
        findings.untold += expected.iter().filter(|one| !heard.contains(one)).count() as u64;
        findings.mistold += heard.iter().filter(|one| !expected.contains(one)).count() as u64;
        findings.mistold += heard.windows(2).filter(|pair| pair[0].0 >= pair[1].0).count() as u64;
        findings.leaked += heard.iter().filter(|(_, text)| !visible(text)).count() as u64;
        findings.torn += line.faults.len() as u64;
    }
}

fn is_ours(text: &str) -> bool {
    text.starts_with(SAYS) || text.starts_with(NOTE)
}

/// By whom a message is, and its number there.
fn said_by(text: &str) -> Option<(&str, u64)> {
    let mut words = text.split(' ').skip(1);
    Some((words.next()?, words.next()?.parse().ok()?))
}
