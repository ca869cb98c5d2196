//! Figures of one dialogue or flow.

use crate::{
    codec::{At, Columns, all},
    unit::{Unit, made},
};
use async_trait::async_trait;
use kernel::{ConversationId, DialogueId, Timestamp, VersionId};
use sqlx::{postgres::PgRow, query};
use store::{
    CanvasFigures, CardFigures, Circumstances, Cut, Figures, NamedCount, Part, ReportReads, ReportWrites,
    Span, StoreError,
};

/// Guests' triggers of `$1` in `[$2, $3)` by bucket, before and after their marks were folded. In all statements here `$1`
/// to `$3` are the dialogue and the span.
const GUESTS: &str = "
    guests AS (
      SELECT date_bin('15 minutes', shown_at, 'epoch') AS bucket, count(*) AS triggered FROM guest_marks
      WHERE dialogue_id = $1 AND shown_at >= $2 AND shown_at < $3 AND NOT converted GROUP BY 1
      UNION ALL
      SELECT bucket, triggered FROM dialogue_guest_triggers WHERE dialogue_id = $1 AND bucket >= $2 AND bucket < $3)";

/// The version that was live when a bucket of guests ended, by its column.
macro_rules! live_version {
    ($column:literal) => {
        concat!(
            "(SELECT v.",
            $column,
            " FROM dialogue_versions v WHERE v.dialogue_id = $1 AND v.created_at < g.bucket + interval '15 minutes'
              ORDER BY v.number DESC LIMIT 1)"
        )
    };
}

/// Six figures of which each statement counts some.
const SUMS: &str = "sum(triggered)::bigint AS triggered, sum(engaged)::bigint AS engaged,
    sum(completed)::bigint AS completed, sum(acquired)::bigint AS acquired, sum(goals)::bigint AS goals,
    sum(documents)::bigint AS documents";

/// The times at which a conversation is counted.
const STAGES: [&str; 4] = ["triggered_at", "engaged_at", "completed_at", "acquired_at"];

fn over_time() -> String {
    let bucket = |time: &str| format!("date_bin('15 minutes', {time}, 'epoch')");
    let stage = |time: &str, figures: &str| {
        format!(
            "SELECT {}, {figures} FROM conversations
             WHERE dialogue_id = $1 AND {time} >= $2 AND {time} < $3 GROUP BY 1",
            bucket(time)
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
           UNION ALL SELECT {}, 0, 0, 0, 0, count(*) FILTER (WHERE kind = 'goal'),
             count(*) FILTER (WHERE kind = 'document') FROM activities
           WHERE dialogue_id = $1 AND kind IN ('goal', 'document') AND at >= $2 AND at < $3 GROUP BY 1)
         SELECT bucket, {SUMS} FROM counted GROUP BY bucket ORDER BY bucket",
        bucket("at")
    )
}

/// What a conversation `c` has in common with others of its part.
pub(crate) const fn key_of(cut: Cut) -> &'static str {
    match cut {
        Cut::Page => "nullif(rtrim(split_part(c.page_url, '?', 1), '/'), '')",
        Cut::Device => "c.device",
        Cut::Country => "c.country",
        Cut::Known => "CASE c.known WHEN true THEN 'known' WHEN false THEN 'anonymous' END",
        Cut::Version => "(SELECT v.number::text FROM dialogue_versions v WHERE v.id = c.version_id)",
    }
}

/// The part of a bucket `g` of guests.
const fn key_of_guests(cut: Cut) -> &'static str {
    match cut {
        Cut::Page | Cut::Device | Cut::Country => "NULL::text",
        Cut::Known => "'anonymous'",
        Cut::Version => concat!("(", live_version!("number"), ")::text"),
    }
}

fn by(cut: Cut) -> String {
    let (key, guests) = (key_of(cut), key_of_guests(cut));
    let within = |time: &str| format!("count(*) FILTER (WHERE c.{time} >= $2 AND c.{time} < $3)");
    let [triggered, engaged, completed, acquired] = STAGES.map(within);
    // So that the index tells which conversations the span touches, and only their rows are read.
    let touched = STAGES.map(|time| format!("c.{time} >= $2 AND c.{time} < $3")).join(" OR ");
    format!(
        "WITH {GUESTS},
         counted (key, triggered, engaged, completed, acquired, goals, documents) AS (
           SELECT {key}, {triggered}, {engaged}, {completed}, {acquired}, 0, 0
           FROM conversations c WHERE c.dialogue_id = $1 AND ({touched}) GROUP BY 1
           UNION ALL SELECT {guests}, sum(g.triggered), 0, 0, 0, 0, 0 FROM guests g GROUP BY 1
           UNION ALL SELECT {key}, 0, 0, 0, 0, count(*) FILTER (WHERE a.kind = 'goal'),
             count(*) FILTER (WHERE a.kind = 'document')
           FROM activities a LEFT JOIN conversations c ON c.id = a.conversation_id
           WHERE a.dialogue_id = $1 AND a.kind IN ('goal', 'document') AND a.at >= $2 AND a.at < $3 GROUP BY 1)
         SELECT key, {SUMS} FROM counted GROUP BY key
         HAVING sum(triggered + engaged + completed + acquired + goals + documents) > 0
         ORDER BY sum(triggered) DESC, key COLLATE \"C\" NULLS LAST"
    )
}

fn figures(row: &PgRow) -> Result<Figures, StoreError> {
    Ok(Figures {
        triggered: row.count("triggered")?,
        engaged: row.count("engaged")?,
        completed: row.count("completed")?,
        acquired: row.count("acquired")?,
        goals: row.count("goals")?,
        documents: row.count("documents")?,
    })
}

fn named(row: &PgRow) -> Result<NamedCount, StoreError> {
    Ok(NamedCount {
        name: row.maybe_text("name")?,
        times: row.count("times")?,
        conversations: row.count("conversations")?,
    })
}

/// Conversations of the span, of one version when `$4` is one.
macro_rules! chosen {
    ($select:literal, $rest:literal) => {
        concat!(
            "SELECT ",
            $select,
            " FROM conversations c WHERE c.dialogue_id = $1 AND c.triggered_at >= $2 AND c.triggered_at < $3
               AND ($4::uuid IS NULL OR c.version_id = $4) ",
            $rest
        )
    };
}

/// A conversation comes by a card once, however many messages it left.
const REACHED: &str = concat!(
    "SELECT card_id, count(*) AS reached, count(*) FILTER (WHERE answered) AS answered FROM (
       SELECT m.conversation_id, m.card_id, bool_or(m.sender = 'visitor') AS answered
       FROM (",
    chosen!("c.id", "AND c.last_seq > 0"),
    ") chosen JOIN messages m ON m.conversation_id = chosen.id
       WHERE m.card_id IS NOT NULL GROUP BY 1, 2) by_conversation
     GROUP BY card_id ORDER BY card_id COLLATE \"C\""
);
const LEFT: &str = chosen!(
    "c.state -> 'phase' ->> 'card' AS card_id, count(*) AS left_at",
    "AND c.last_seq > 0 AND c.completed_at IS NULL AND (c.dropped_at IS NOT NULL OR c.engaged_at IS NULL)
     AND c.state -> 'phase' ->> 'is' = 'waiting' GROUP BY 1"
);
const UNANSWERED: &str =
    chosen!("c.version_id, count(*) AS n", "AND c.last_seq = 0 AND c.engaged_at IS NULL GROUP BY 1");
const CONVERSATIONS: &str = chosen!("count(*) AS n", "");

/// Guests by the version that was live; one of a dialogue that never had any is left out.
fn guests_by_version() -> String {
    format!(
        "WITH {GUESTS}
         SELECT version_id, sum(triggered)::bigint AS n FROM (SELECT {} AS version_id, g.triggered FROM guests g) seen
         WHERE version_id IS NOT NULL GROUP BY 1",
        live_version!("id")
    )
}

impl Unit {
    /// Rows of a statement about a dialogue in a span.
    async fn counted(
        &mut self,
        sql: String,
        dialogue: DialogueId,
        span: Span,
    ) -> Result<Vec<PgRow>, StoreError> {
        self.rows(made(sql).bind(dialogue.uuid()).bind(At(span.from)).bind(At(span.to))).await
    }

    /// Rows of a statement about the conversations of a dialogue in a span, of one version or all.
    async fn chosen(
        &mut self,
        sql: &'static str,
        dialogue: DialogueId,
        span: Span,
        version: Option<VersionId>,
    ) -> Result<Vec<PgRow>, StoreError> {
        let found = query(sql)
            .bind(dialogue.uuid())
            .bind(At(span.from))
            .bind(At(span.to))
            .bind(version.map(VersionId::uuid));
        self.rows(found).await
    }

    async fn named_counts(
        &mut self,
        kind: &'static str,
        name: &'static str,
        dialogue: DialogueId,
        span: Span,
    ) -> Result<Vec<NamedCount>, StoreError> {
        let found = query(
            // A goal counts under its present name, whatever it was called when it was reached.
            "SELECT * FROM (
               SELECT coalesce(k.name, a.attributes ->> $5) AS name, count(*) AS times,
                 count(DISTINCT a.conversation_id) AS conversations
               FROM activities a
                 LEFT JOIN (SELECT g.name, j.told FROM goals g CROSS JOIN jsonb_array_elements_text(g.names) j (told)) k
                   ON a.kind = 'goal' AND k.told = a.attributes ->> 'goal'
               WHERE a.dialogue_id = $1 AND a.kind = $4 AND a.at >= $2 AND a.at < $3 GROUP BY 1) counted
             ORDER BY times DESC, name COLLATE \"C\" NULLS LAST",
        )
        .bind(dialogue.uuid())
        .bind(At(span.from))
        .bind(At(span.to))
        .bind(kind)
        .bind(name);
        all(&self.rows(found).await?, named)
    }

    async fn unanswered(
        &mut self,
        dialogue: DialogueId,
        span: Span,
        version: Option<VersionId>,
    ) -> Result<(Vec<(VersionId, u64)>, u64), StoreError> {
        let mut unanswered: Vec<(VersionId, u64)> = Vec::new();
        let mut guests = 0;
        let own = self.chosen(UNANSWERED, dialogue, span, version).await?;
        let seen = self.counted(guests_by_version(), dialogue, span).await?;
        for (row, is_guest) in own.iter().map(|row| (row, false)).chain(seen.iter().map(|row| (row, true))) {
            let (id, n): (VersionId, u64) = (row.id("version_id")?, row.count("n")?);
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
impl ReportReads for Unit {
    async fn figures_over_time(
        &mut self,
        dialogue: DialogueId,
        span: Span,
    ) -> Result<Vec<(Timestamp, Figures)>, StoreError> {
        let rows = self.counted(over_time(), dialogue, span).await?;
        all(&rows, |row| Ok((row.at("bucket")?, figures(row)?)))
    }

    async fn figures_by(
        &mut self,
        dialogue: DialogueId,
        span: Span,
        cut: Cut,
    ) -> Result<Vec<Part>, StoreError> {
        let rows = self.counted(by(cut), dialogue, span).await?;
        all(&rows, |row| Ok(Part { key: row.maybe_text("key")?, figures: figures(row)? }))
    }

    async fn goals_of(&mut self, dialogue: DialogueId, span: Span) -> Result<Vec<NamedCount>, StoreError> {
        self.named_counts("goal", "goal", dialogue, span).await
    }

    async fn documents_of(
        &mut self,
        dialogue: DialogueId,
        span: Span,
    ) -> Result<Vec<NamedCount>, StoreError> {
        self.named_counts("document", "document_name", dialogue, span).await
    }

    async fn canvas_figures(
        &mut self,
        dialogue: DialogueId,
        span: Span,
        version: Option<VersionId>,
    ) -> Result<CanvasFigures, StoreError> {
        let mut cards = all(&self.chosen(REACHED, dialogue, span, version).await?, |row| {
            let (reached, answered) = (row.count("reached")?, row.count("answered")?);
            Ok(CardFigures { card_id: row.text("card_id")?, reached, answered, left: 0 })
        })?;
        for row in self.chosen(LEFT, dialogue, span, version).await? {
            let (card_id, left) = (row.text("card_id")?, row.count("left_at")?);
            if let Some(card) = cards.iter_mut().find(|card| card.card_id == card_id) {
                card.left = left;
            }
        }
        let total = self.chosen(CONVERSATIONS, dialogue, span, version).await?;
        let own = total.first().map_or(Ok(0), |row| row.count("n"))?;
        let (unanswered, guests) = self.unanswered(dialogue, span, version).await?;
        Ok(CanvasFigures { conversations: own + guests, cards, unanswered })
    }
}

#[async_trait]
impl ReportWrites for Unit {
    async fn note_circumstances(
        &mut self,
        conversation: ConversationId,
        circumstances: &Circumstances,
    ) -> Result<(), StoreError> {
        let note = query("UPDATE conversations SET device = $2, country = $3, known = $4 WHERE id = $1")
            .bind(conversation.uuid())
            .bind(circumstances.device.as_deref())
            .bind(circumstances.country.as_deref())
            .bind(circumstances.known);
        self.run_on_one(note).await
    }
}
