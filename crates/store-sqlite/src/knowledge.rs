//! Approved knowledge, and the questions that it did not answer.

use crate::{
    error::Result,
    rows::{Columns, after_time, all, json, limit, one, paged, run, run_found, word},
    session::{Connected, Handle},
    writer::Turn,
};
use async_trait::async_trait;
use kernel::{QuestionId, ResponseId, text::fold, to_millis};
use knowledge::Response;
use sqlx::{query, sqlite::SqliteRow};
use store::{KnowledgeReads, KnowledgeWrites, Page, PageRequest, StoreError, UnansweredQuestion};

fn response(row: &SqliteRow) -> Result<Response> {
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
        version: row.int("version")?,
    })
}

fn unanswered(row: &SqliteRow) -> Result<UnansweredQuestion> {
    Ok(UnansweredQuestion {
        id: row.id("id")?,
        question: row.text("question")?,
        times: row.int("times")?,
        first_at: row.at("first_at")?,
        last_at: row.at("last_at")?,
        dialogue_id: row.id("dialogue_id")?,
        conversation_id: row.id("conversation_id")?,
        person_id: row.id("person_id")?,
    })
}

#[async_trait]
impl<C: Connected> KnowledgeReads for Handle<C> {
    async fn responses(&mut self) -> Result<Vec<Response>> {
        let found = query("SELECT * FROM responses ORDER BY created_at, id");
        all(self.connection()?, found).await?.iter().map(response).collect()
    }

    async fn response(&mut self, id: ResponseId) -> Result<Option<Response>> {
        let found = query("SELECT * FROM responses WHERE id = ?").bind(id.uuid());
        one(self.connection()?, found).await?.as_ref().map(response).transpose()
    }

    async fn unanswered_questions(&mut self, page: &PageRequest) -> Result<Page<UnansweredQuestion>> {
        let (at, id) = after_time(page)?;
        let found = query(
            "SELECT * FROM unanswered_questions WHERE (last_at, id) < (?, ?) ORDER BY last_at DESC, id DESC LIMIT ?",
        )
        .bind(at)
        .bind(id)
        .bind(limit(page));
        let rows = all(self.connection()?, found).await?;
        let items = rows.iter().map(unanswered).collect::<Result<_>>()?;
        Ok(paged(items, page, |asked: &UnansweredQuestion| (to_millis(asked.last_at), asked.id.uuid())))
    }
}

#[async_trait]
impl KnowledgeWrites for Handle<Turn> {
    async fn insert_responses(&mut self, responses: &[Response]) -> Result<()> {
        for response in responses {
            let insert = query(
                "INSERT INTO responses (id, question, variants, answer, topics, links, state, created_at, updated_at, version)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            )
            .bind(response.id.uuid())
            .bind(response.question.clone())
            .bind(json(&response.variants)?)
            .bind(json(&response.answer)?)
            .bind(json(&response.topics)?)
            .bind(json(&response.links)?)
            .bind(word(response.state))
            .bind(to_millis(response.created_at))
            .bind(to_millis(response.updated_at))
            .bind(response.version);
            run(self.connection()?, insert).await?;
        }
        Ok(())
    }

    async fn update_responses(&mut self, responses: &[Response]) -> Result<()> {
        for response in responses {
            let update = query(
                "UPDATE responses SET question = ?, variants = ?, answer = ?, topics = ?, links = ?, state = ?, updated_at = ?,
                   version = version + 1
                 WHERE id = ? AND version = ?",
            )
            .bind(response.question.clone())
            .bind(json(&response.variants)?)
            .bind(json(&response.answer)?)
            .bind(json(&response.topics)?)
            .bind(json(&response.links)?)
            .bind(word(response.state))
            .bind(to_millis(response.updated_at))
            .bind(response.id.uuid())
            .bind(response.version);
            if run(self.connection()?, update).await? == 0 {
                let there = self.response(response.id).await?.is_some();
                return Err(if there { StoreError::Stale } else { StoreError::NotFound });
            }
        }
        Ok(())
    }

    async fn delete_response(&mut self, id: ResponseId) -> Result<()> {
        run_found(self.connection()?, query("DELETE FROM responses WHERE id = ?").bind(id.uuid())).await
    }

    async fn note_unanswered(&mut self, asked: &UnansweredQuestion) -> Result<()> {
        let insert = query(
            "INSERT INTO unanswered_questions
               (id, question, folded, times, first_at, last_at, dialogue_id, conversation_id, person_id)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
             ON CONFLICT (folded) DO UPDATE SET times = times + excluded.times, question = excluded.question,
               last_at = excluded.last_at, dialogue_id = excluded.dialogue_id,
               conversation_id = excluded.conversation_id, person_id = excluded.person_id",
        )
        .bind(asked.id.uuid())
        .bind(asked.question.clone())
        .bind(fold(&asked.question))
        .bind(asked.times)
        .bind(to_millis(asked.first_at))
        .bind(to_millis(asked.last_at))
        .bind(asked.dialogue_id.uuid())
        .bind(asked.conversation_id.uuid())
        .bind(asked.person_id.uuid());
        run(self.connection()?, insert).await.map(drop)
    }

    async fn delete_unanswered(&mut self, id: QuestionId) -> Result<()> {
        let delete = query("DELETE FROM unanswered_questions WHERE id = ?").bind(id.uuid());
        run_found(self.connection()?, delete).await
    }
}
