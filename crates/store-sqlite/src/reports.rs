//! Figures of one dialogue or flow.

use crate::{
    error::Result,
    rows::{Columns, all, count, run_found},
    session::{Connected, Handle},
    writer::Turn,
};
use async_trait::async_trait;
use kernel::{ConversationId, DialogueId, Timestamp, VersionId, to_millis};
use sqlx::{AssertSqlSafe, query, sqlite::SqliteRow};
use store::{
    BUCKET_MS, CanvasFigures, CardFigures, Circumstances, Cut, Figures, NamedCount, Part, ReportReads,
    ReportWrites, Span,
};

/// Guests' triggers of `?1` in `[?2, ?3)` by bucket, before and after their marks were folded. In all statements here `?1`
/// to `?3` are the dialogue and the span, and `?4` is the length of a bucket.
const GUESTS: &str = "
    guests AS (
      SELECT shown_at - shown_at % ?4 AS bucket, count(*) AS triggered FROM guest_marks
      WHERE dialogue_id = ?1 AND shown_at >= ?2 AND shown_at < ?3 AND converted = 0 AND shown_at IS NOT NULL GROUP BY 1
      UNION ALL
      SELECT bucket, triggered FROM dialogue_guest_triggers WHERE dialogue_id = ?1 AND bucket >= ?2 AND bucket < ?3)";

/// The version that was live when a bucket of guests ended, by its column.
macro_rules! live_version {
    ($column:literal) => {
        concat!(
            "(SELECT v.",
            $column,
            " FROM dialogue_versions v WHERE v.dialogue_id = ?1 AND v.created_at < g.bucket + ?4
              ORDER BY v.number DESC LIMIT 1)"
        )
    };
}

/// Six figures of which each statement counts some.
const SUMS: &str = "sum(triggered) AS triggered, sum(engaged) AS engaged, sum(completed) AS completed,
    sum(acquired) AS acquired, sum(goals) AS goals, sum(documents) AS documents";

/// The times at which a conversation is counted.
const STAGES: [&str; 4] = ["triggered_at", "engaged_at", "completed_at", "acquired_at"];

fn over_time() -> String {
    let stage = |time: &str, figures: &str| {
        format!(
            "SELECT {time} - {time} % ?4, {figures} FROM conversations
             WHERE dialogue_id = ?1 AND {time} >= ?2 AND {time} < ?3 GROUP BY 1"
        )
    };
    let triggered = stage("triggered_at", "count(*), 0, 0, 0, 0, 0");
    let engaged = stage("engaged_at", "0, count(*), 0, 0, 0, 0");
    let completed = stage("completed_at", "0, 0, count(*), 0, 0, 0");
    let acquired = stage("acquired_at", "0, 0, 0, count(*), 0, 0");
    format!(
        "WITH {GUESTS},
         counted (bucket, triggered, engaged, completed, acquired, goals, documents) AS (
           {triggered} UNION ALL {engaged} UNION ALL {completed} UNION ALL {acquired}
           UNION ALL SELECT bucket, triggered, 0, 0, 0, 0, 0 FROM guests
           UNION ALL SELECT at - at % ?4, 0, 0, 0, 0, sum(kind = 'goal'), sum(kind = 'document') FROM activities
           WHERE dialogue_id = ?1 AND kind IN ('goal', 'document') AND at >= ?2 AND at < ?3 GROUP BY 1)
         SELECT bucket, {SUMS} FROM counted GROUP BY bucket ORDER BY bucket"
    )
}

/// What a conversation `c` has in common with others of its part.
pub(crate) const fn key_of(cut: Cut) -> &'static str {
    match cut {
        Cut::Page => "nullif(rtrim(substr(c.page_url, 1, instr(c.page_url || '?', '?') - 1), '/'), '')",
        Cut::Device => "c.device",
        Cut::Country => "c.country",
        Cut::Known => "CASE c.known WHEN 1 THEN 'known' WHEN 0 THEN 'anonymous' END",
        Cut::Version => "(SELECT CAST(v.number AS TEXT) FROM dialogue_versions v WHERE v.id = c.version_id)",
    }
}

/// The part of a bucket `g` of guests.
const fn key_of_guests(cut: Cut) -> &'static str {
    match cut {
        Cut::Page | Cut::Device | Cut::Country => "NULL",
        Cut::Known => "'anonymous'",
        Cut::Version => concat!("CAST(", live_version!("number"), " AS TEXT)"),
    }
}

fn by(cut: Cut) -> String {
    let (key, guests) = (key_of(cut), key_of_guests(cut));
    let within = |time: &str| format!("sum(coalesce(c.{time} >= ?2 AND c.{time} < ?3, 0))");
    let [triggered, engaged, completed, acquired] = STAGES.map(within);
    // So that the index tells which conversations the span touches, and only their rows are read.
    let touched = STAGES.map(|time| format!("c.{time} >= ?2 AND c.{time} < ?3")).join(" OR ");
    format!(
        "WITH {GUESTS},
         counted (key, triggered, engaged, completed, acquired, goals, documents) AS (
           SELECT {key}, {triggered}, {engaged}, {completed}, {acquired}, 0, 0
           FROM conversations c WHERE c.dialogue_id = ?1 AND ({touched}) GROUP BY 1
           UNION ALL SELECT {guests}, sum(g.triggered), 0, 0, 0, 0, 0 FROM guests g GROUP BY 1
           UNION ALL SELECT {key}, 0, 0, 0, 0, sum(a.kind = 'goal'), sum(a.kind = 'document')
           FROM activities a LEFT JOIN conversations c ON c.id = a.conversation_id
           WHERE a.dialogue_id = ?1 AND a.kind IN ('goal', 'document') AND a.at >= ?2 AND a.at < ?3 GROUP BY 1)
         SELECT key, {SUMS} FROM counted GROUP BY key
         HAVING sum(triggered + engaged + completed + acquired + goals + documents) > 0
         ORDER BY sum(triggered) DESC, key NULLS LAST"
    )
}

fn figures(row: &SqliteRow) -> Result<Figures> {
    Ok(Figures {
        triggered: row.int("triggered")?,
        engaged: row.int("engaged")?,
        completed: row.int("completed")?,
        acquired: row.int("acquired")?,
        goals: row.int("goals")?,
        documents: row.int("documents")?,
    })
}

fn named(row: &SqliteRow) -> Result<NamedCount> {
    Ok(NamedCount {
        name: row.opt_text("name")?,
        times: row.int("times")?,
        conversations: row.int("conversations")?,
    })
}

/// Conversations of the span, of one version when `?4` is one.
macro_rules! chosen {
    ($select:literal, $rest:literal) => {
        concat!(
            "SELECT ",
            $select,
            " FROM conversations c WHERE c.dialogue_id = ?1 AND c.triggered_at >= ?2 AND c.triggered_at < ?3
               AND (?4 IS NULL OR c.version_id = ?4) ",
            $rest
        )
    };
}

/// A conversation comes by a card once, however many messages it left; the inner grouping follows the key of `messages`.
const REACHED: &str = concat!(
    "SELECT card_id, count(*) AS reached, sum(answered) AS answered FROM (
       SELECT m.conversation_id, m.card_id, max(m.sender = 'visitor') AS answered
       FROM (",
    chosen!("c.id", "AND c.last_seq > 0"),
    ") chosen CROSS JOIN messages m ON m.conversation_id = chosen.id
       WHERE m.card_id IS NOT NULL GROUP BY 1, 2)
     GROUP BY card_id ORDER BY card_id"
);
const LEFT: &str = chosen!(
    "c.state ->> '$.phase.card' AS card_id, count(*) AS left_at",
    "AND c.last_seq > 0 AND c.completed_at IS NULL AND (c.dropped_at IS NOT NULL OR c.engaged_at IS NULL)
     AND c.state ->> '$.phase.is' = 'waiting' GROUP BY 1"
);
const UNANSWERED: &str = chosen!(
    "c.version_id AS version_id, count(*) AS n",
    "AND c.last_seq = 0 AND c.engaged_at IS NULL GROUP BY 1"
);
const CONVERSATIONS: &str = chosen!("count(*)", "");

/// Guests by the version that was live; one of a dialogue that never had any is left out.
fn guests_by_version() -> String {
    format!(
        "WITH {GUESTS} SELECT version_id, sum(triggered) AS n FROM (SELECT {} AS version_id, g.triggered FROM guests g)
         WHERE version_id IS NOT NULL GROUP BY 1",
        live_version!("id")
    )
}

impl<C: Connected> Handle<C> {
    /// Rows of a statement about a dialogue in a span, with the length of a bucket.
    async fn counted(&mut self, sql: String, dialogue: DialogueId, span: Span) -> Result<Vec<SqliteRow>> {
        let found = query(AssertSqlSafe(sql))
            .bind(dialogue.uuid())
            .bind(to_millis(span.from))
            .bind(to_millis(span.to))
            .bind(BUCKET_MS);
        all(self.connection()?, found).await
    }

    /// Rows of a statement about the conversations of a dialogue in a span, of one version or all.
    async fn chosen(
        &mut self,
        sql: &'static str,
        dialogue: DialogueId,
        span: Span,
        version: Option<VersionId>,
    ) -> Result<Vec<SqliteRow>> {
        let found = query(sql)
            .bind(dialogue.uuid())
            .bind(to_millis(span.from))
            .bind(to_millis(span.to))
            .bind(version.map(VersionId::uuid));
        all(self.connection()?, found).await
    }

    async fn named_counts(
        &mut self,
        kind: &str,
        name: &str,
        dialogue: DialogueId,
        span: Span,
    ) -> Result<Vec<NamedCount>> {
        let found = query(
            // A goal counts under its present name, whatever it was called when it was reached.
            "SELECT coalesce(k.name, a.attributes ->> ?5) AS name, count(*) AS times,
               count(DISTINCT a.conversation_id) AS conversations
             FROM activities a
               LEFT JOIN (SELECT g.name, j.value AS told FROM goals g CROSS JOIN json_each(g.names) j) k
                 ON a.kind = 'goal' AND k.told = a.attributes ->> '$.goal'
             WHERE a.dialogue_id = ?1 AND a.kind = ?4 AND a.at >= ?2 AND a.at < ?3
             GROUP BY 1 ORDER BY times DESC, 1 NULLS LAST",
        )
        .bind(dialogue.uuid())
        .bind(to_millis(span.from))
        .bind(to_millis(span.to))
        .bind(kind.to_owned())
        .bind(name.to_owned());
        all(self.connection()?, found).await?.iter().map(named).collect()
    }

    async fn unanswered(
        &mut self,
        dialogue: DialogueId,
        span: Span,
        version: Option<VersionId>,
    ) -> Result<(Vec<(VersionId, u64)>, u64)> {
        let mut unanswered: Vec<(VersionId, u64)> = Vec::new();
        let mut guests = 0;
        let own = self.chosen(UNANSWERED, dialogue, span, version).await?;
        let seen = self.counted(guests_by_version(), dialogue, span).await?;
        for (row, is_guest) in own.iter().map(|row| (row, false)).chain(seen.iter().map(|row| (row, true))) {
            let (id, n): (VersionId, u64) = (row.id("version_id")?, row.int("n")?);
            if version.is_some_and(|wanted| wanted != id) {
                continue;
            }
            guests += if is_guest { n } else { 0 };
            match unanswered.iter_mut().find(|(known, _)| *known == id) {
                Some((_, sum)) => *sum += n,
                None => unanswered.push((id, n)),
            }
        }
        unanswered.sort_unstable();
        Ok((unanswered, guests))
    }
}

#[async_trait]
impl<C: Connected> ReportReads for Handle<C> {
    async fn figures_over_time(
        &mut self,
        dialogue: DialogueId,
        span: Span,
    ) -> Result<Vec<(Timestamp, Figures)>> {
        let rows = self.counted(over_time(), dialogue, span).await?;
        rows.iter().map(|row| Ok((row.at("bucket")?, figures(row)?))).collect()
    }

    async fn figures_by(&mut self, dialogue: DialogueId, span: Span, cut: Cut) -> Result<Vec<Part>> {
        let rows = self.counted(by(cut), dialogue, span).await?;
        rows.iter().map(|row| Ok(Part { key: row.opt_text("key")?, figures: figures(row)? })).collect()
    }

    async fn goals_of(&mut self, dialogue: DialogueId, span: Span) -> Result<Vec<NamedCount>> {
        self.named_counts("goal", "$.goal", dialogue, span).await
    }

    async fn documents_of(&mut self, dialogue: DialogueId, span: Span) -> Result<Vec<NamedCount>> {
        self.named_counts("document", "$.document_name", dialogue, span).await
    }

    async fn canvas_figures(
        &mut self,
        dialogue: DialogueId,
        span: Span,
        version: Option<VersionId>,
    ) -> Result<CanvasFigures> {
        let mut cards = Vec::new();
        for row in self.chosen(REACHED, dialogue, span, version).await? {
            let (reached, answered) = (row.int("reached")?, row.int("answered")?);
            cards.push(CardFigures { card_id: row.text("card_id")?, reached, answered, left: 0 });
        }
        for row in self.chosen(LEFT, dialogue, span, version).await? {
            let (card_id, left) = (row.text("card_id")?, row.int("left_at")?);
            if let Some(card) = cards.iter_mut().find(|card| card.card_id == card_id) {
                card.left = left;
            }
        }
        let total = query(CONVERSATIONS)
            .bind(dialogue.uuid())
            .bind(to_millis(span.from))
            .bind(to_millis(span.to))
            .bind(version.map(VersionId::uuid));
        let own = count(self.connection()?, total).await?;
        let (unanswered, guests) = self.unanswered(dialogue, span, version).await?;
        Ok(CanvasFigures { conversations: own + guests, cards, unanswered })
    }
}

#[async_trait]
impl ReportWrites for Handle<Turn> {
    async fn note_circumstances(
        &mut self,
        conversation: ConversationId,
        circumstances: &Circumstances,
    ) -> Result<()> {
        let note = query("UPDATE conversations SET device = ?, country = ?, known = ? WHERE id = ?")
            .bind(circumstances.device.clone())
            .bind(circumstances.country.clone())
            .bind(circumstances.known)
            .bind(conversation.uuid());
        run_found(self.connection()?, note).await
    }
}
