//! Approved knowledge, and the questions that it did not answer.

use crate::{
    codec::{Columns, all, instant, word},
    paging::{Filter, NewestFirst, fixed},
    table::Table,
    unit::Unit,
};
use async_trait::async_trait;
use kernel::{QuestionId, ResponseId, text::fold};
use knowledge::Response;
use serde_json::{Value as Json, json};
use sqlx::{postgres::PgRow, query};
use std::collections::HashSet;
use store::{KnowledgeReads, KnowledgeWrites, Page, PageRequest, StoreError, UnansweredQuestion};

const RESPONSES: Table = Table {
    name: "responses",
    key: "id",
    columns: "id, question, variants, answer, topics, links, state, created_at, updated_at, version",
    changeable: "question, variants, answer, topics, links, state, updated_at, version",
};
const UNANSWERED: Table = Table {
    name: "unanswered_questions",
    key: "id",
    columns: "id, question, folded, times, first_at, last_at, dialogue_id, conversation_id, person_id",
    changeable: "",
};
const ASKED: NewestFirst =
    NewestFirst { select: "SELECT * FROM unanswered_questions", time: "last_at", id: "id" };

fn response(row: &PgRow) -> Result<Response, StoreError> {
    Ok(Response {
        id: row.id("id")?,
        question: row.text("question")?,
        variants: row.json("variants")?,
        answer: row.json("answer")?,
        topics: row.json("topics")?,
        links: row.json("links")?,
        state: row.word("state")?,
        created_at: row.at("created_at")?,
        updated_at: row.at("updated_at")?,
        version: row.long("version")?,
    })
}

fn unanswered(row: &PgRow) -> Result<UnansweredQuestion, StoreError> {
    Ok(UnansweredQuestion {
        id: row.id("id")?,
        question: row.text("question")?,
        times: u32::try_from(row.long("times")?).unwrap_or(u32::MAX),
        first_at: row.at("first_at")?,
        last_at: row.at("last_at")?,
        dialogue_id: row.id("dialogue_id")?,
        conversation_id: row.id("conversation_id")?,
        person_id: row.id("person_id")?,
    })
}

fn row(response: &Response, version: i64) -> Json {
    json!({
        "id": response.id.uuid(),
        "question": response.question,
        "variants": response.variants,
        "answer": response.answer,
        "topics": response.topics,
        "links": response.links,
        "state": word(&response.state),
        "created_at": instant(response.created_at),
        "updated_at": instant(response.updated_at),
        "version": version,
    })
}

#[async_trait]
impl KnowledgeReads for Unit {
    async fn responses(&mut self) -> Result<Vec<Response>, StoreError> {
        all(&self.rows(fixed("SELECT * FROM responses ORDER BY created_at, id")).await?, response)
    }

    async fn response(&mut self, id: ResponseId) -> Result<Option<Response>, StoreError> {
        let found = query("SELECT * FROM responses WHERE id = $1").bind(id.uuid());
        self.row(found).await?.as_ref().map(response).transpose()
    }

    async fn unanswered_questions(
        &mut self,
        page: &PageRequest,
    ) -> Result<Page<UnansweredQuestion>, StoreError> {
        ASKED.page(self, Filter::new(), page, unanswered).await
    }
}

#[async_trait]
impl KnowledgeWrites for Unit {
    async fn insert_responses(&mut self, responses: &[Response]) -> Result<(), StoreError> {
        let rows: Vec<Json> = responses.iter().map(|response| row(response, response.version)).collect();
        RESPONSES.insert(self.connection(), &rows).await.map(drop)
    }

    async fn update_responses(&mut self, responses: &[Response]) -> Result<(), StoreError> {
        let rows: Vec<Json> = responses.iter().map(|response| row(response, response.version + 1)).collect();
        let changed = RESPONSES.update(self.connection(), &rows, "AND t.version = r.version - 1").await?;
        if changed >= rows.len() as u64 {
            return Ok(());
        }
        let known: HashSet<ResponseId> = self.responses().await?.into_iter().map(|known| known.id).collect();
        let gone = responses.iter().any(|response| !known.contains(&response.id));
        Err(if gone { StoreError::NotFound } else { StoreError::Stale })
    }

    async fn delete_response(&mut self, id: ResponseId) -> Result<(), StoreError> {
        self.run_on_one(query("DELETE FROM responses WHERE id = $1").bind(id.uuid())).await
    }

    async fn note_unanswered(&mut self, asked: &UnansweredQuestion) -> Result<(), StoreError> {
        let row = json!({
            "id": asked.id.uuid(),
            "question": asked.question,
            "folded": fold(&asked.question),
            "times": asked.times,
            "first_at": instant(asked.first_at),
            "last_at": instant(asked.last_at),
            "dialogue_id": asked.dialogue_id.uuid(),
            "conversation_id": asked.conversation_id.uuid(),
            "person_id": asked.person_id.uuid(),
        });
        let again = "ON CONFLICT (folded) DO UPDATE SET times = unanswered_questions.times + excluded.times,
            question = excluded.question, last_at = excluded.last_at, dialogue_id = excluded.dialogue_id,
            conversation_id = excluded.conversation_id, person_id = excluded.person_id";
        UNANSWERED.insert_with(self.connection(), &[row], again).await.map(drop)
    }

    async fn delete_unanswered(&mut self, id: QuestionId) -> Result<(), StoreError> {
        self.run_on_one(query("DELETE FROM unanswered_questions WHERE id = $1").bind(id.uuid())).await
    }
}
