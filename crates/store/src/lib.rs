//! The storage port. `store-sqlite` and `store-postgres` implement it; everything above speaks only this.
//!
//! # How it is used
//! [`Store::read`] gives a [`Session`] for reading; [`Store::begin`] gives a [`Tx`], a unit of work that reads and
//! writes. A `Tx` that is dropped without [`Tx::commit`] leaves nothing behind. `commit` returns when the change is
//! *flushed to disk* (rule R1): whatever is acknowledged to anybody is acknowledged after it.
//!
//! # How to add a method
//! 1. Put it into the trait of its noun, with what it returns, in which order, and what happens when nothing is there.
//!    Writing methods take a slice and write the set at once; nobody loops over rows calling the store.
//! 2. Write it in both adapters. 3. Add a case to `store-contract`, which runs on both.
//!
//! # Rules
//! - What belongs to a site is only reachable through a [`SiteScope`].
//! - Reading methods take `&mut self`, because a session is one database connection.
//! - Lists come newest first unless said otherwise, and end with a [`Cursor`] when there is more.
//! - An adapter never decides: no clock, no randomness, no defaults of the business.

mod access;
mod activities;
mod attachments;
mod canned;
mod chats;
mod conversations;
mod dialogues;
mod documents;
mod error;
mod goals;
mod imports;
mod knowledge;
mod outbox;
mod people;
mod push;
mod reports;
mod retention;
mod routing;
mod sites;
mod traces;
mod visitors;
mod words;

pub use access::*;
pub use activities::*;
pub use attachments::*;
pub use canned::*;
pub use chats::*;
pub use conversations::*;
pub use dialogues::*;
pub use documents::*;
pub use error::*;
pub use goals::*;
pub use imports::*;
pub use kernel::Cursor;
pub use knowledge::*;
pub use outbox::*;
pub use people::*;
pub use push::*;
pub use reports::*;
pub use retention::*;
pub use routing::*;
pub use sites::*;
pub use traces::*;
pub use visitors::*;
pub use words::*;

use async_trait::async_trait;
use kernel::SiteId;

/// Proof that a query is meant for one site; every query of what belongs to a site takes it (rule R19).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SiteScope(SiteId);

impl SiteScope {
    /// Made by the extractor that checked the site key, or from a record that names its site.
    pub const fn new(site: SiteId) -> Self {
        Self(site)
    }
    /// The site.
    pub const fn site(self) -> SiteId {
        self.0
    }
}

/// A page of rows.
#[derive(Debug, Clone)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Where the next page begins; `None` at the end.
    pub next: Option<Cursor>,
}

/// How many rows from where.
#[derive(Debug, Clone)]
pub struct PageRequest {
    /// 1 to 200.
    pub limit: u32,
    /// The cursor that the page before gave.
    pub cursor: Option<Cursor>,
}

impl PageRequest {
    /// The first `limit` rows.
    pub const fn first(limit: u32) -> Self {
        Self { limit, cursor: None }
    }
}

/// A database.
#[async_trait]
pub trait Store: Send + Sync {
    /// A connection for reading. Sees what was committed before each statement.
    async fn read(&self) -> Result<Box<dyn Session>, StoreError>;

    /// Begins a unit of work.
    async fn begin(&self) -> Result<Box<dyn Tx>, StoreError>;

    /// A unit of work of its own for the commonest of all: one step of a conversation, worked out beside the store. Returns
    /// when it is flushed, like [`Tx::commit`]; many that come at the same time may share the way to the disk.
    ///
    /// `Stale` when the conversation is not at the revision before the step any more, or is not there; `Taken
    /// {conversations.client_id}` when a client id is there already. After an error nothing of it is there.
    async fn commit_step(&self, step: StepRecord) -> Result<(), StoreError>;

    /// Brings the schema up to date; refuses a schema that is newer than this program, and on Postgres a server
    /// with `fsync` or `synchronous_commit` off.
    async fn migrate(&self) -> Result<(), StoreError>;

    /// True when a write could be made durable now.
    async fn ready(&self) -> Result<(), StoreError>;

    /// Closes all connections after what is under way.
    async fn close(&self);
}

/// Everything that can be read.
pub trait Session:
    SiteReads
    + DialogueReads
    + DocumentReads
    + GoalReads
    + CannedReads
    + VisitorReads
    + ConversationReads
    + ActivityReads
    + PeopleReads
    + CompanyReads
    + AttributeReads
    + ListReads
    + UserReads
    + AccessReads
    + PushReads
    + OutboxReads
    + ImportReads
    + KnowledgeReads
    + ReportReads
    + TraceReads
    + RoutingReads
    + ChatReads
    + AttachmentReads
    + Send
{
}

/// A unit of work: reads its own writes, all of it or nothing.
#[async_trait]
pub trait Tx:
    Session
    + SiteWrites
    + DialogueWrites
    + DocumentWrites
    + GoalWrites
    + CannedWrites
    + VisitorWrites
    + ConversationWrites
    + ActivityWrites
    + PeopleWrites
    + CompanyWrites
    + AttributeWrites
    + ListWrites
    + UserWrites
    + AccessWrites
    + PushWrites
    + OutboxWrites
    + ImportWrites
    + KnowledgeWrites
    + RoutingWrites
    + ChatWrites
    + AttachmentWrites
    + RetentionWrites
    + ReportWrites
    + TraceWrites
{
    /// Makes everything durable, then returns. After an error nothing of it is there.
    async fn commit(self: Box<Self>) -> Result<(), StoreError>;

    /// Gives up everything written.
    async fn rollback(self: Box<Self>) -> Result<(), StoreError>;
}
