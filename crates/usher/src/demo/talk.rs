//! How the demo's visitors answer cards, read documents, ask questions and send forms.

use super::visitors::{Dice, Visitor};
use serde_json::{Value as Json, json};

/// What visitors of the help page ask; the library answers most of it.
const QUESTIONS: [&str; 12] = [
    "What are your prices?",
    "How long does the battery last",
    "do you lose readings at sea?",
    "Can we try it on one lane?",
    "what does a pallet cost",
    "Is it approved for medicines?",
    "Who pays for lost sensors?",
    "Do you deliver to Iceland?",
    "Is there an app for drivers?",
    "Can I choose who is called at night?",
    "Do you have an office in Porto?",
    "How do I send the sensors back",
];

/// What they ship a month; a thousand and more go to an engineer.
const PALLETS: [&str; 4] = ["40", "250", "1200", "9000"];

impl Visitor<'_> {
    /// Answers as long as there is something to answer, at most `patience` times.
    pub async fn talk(
        &mut self,
        dice: &mut Dice,
        mut conversation: Json,
        patience: u64,
    ) -> Result<(), String> {
        for _ in 0..patience {
            if conversation["waiting"]["kind"] == "document" {
                self.read(dice, &conversation).await?;
            }
            let Some(input) = self.reply(dice, &conversation["waiting"]) else { break };
            self.wait(dice, 45);
            let id = conversation["id"].as_str().unwrap_or_default().to_owned();
            let body = json!({ "client_id": self.turn(), "card_id": conversation["waiting"]["card_id"], "input": input });
            conversation = self.post(&format!("conversations/{id}/input"), body).await?;
        }
        Ok(())
    }

    fn reply(&self, dice: &mut Dice, waiting: &Json) -> Option<Json> {
        match waiting["kind"].as_str()? {
            "question" => {
                let responses = waiting["responses"].as_array()?;
                // The first answer is the most likely one.
                let index = usize::try_from(dice.roll(responses.len() as u64 + 2)).unwrap_or(0);
                let response = responses.get(index).or_else(|| responses.first())?;
                Some(json!({ "kind": "response", "response_id": response["id"] }))
            }
            "document" => Some(json!({ "kind": "continue" })),
            "ai_answer" if waiting["questions_left"] != 3 && dice.roll(2) == 0 => {
                Some(json!({ "kind": "skip" }))
            }
            "ai_answer" => Some(json!({ "kind": "text", "text": dice.pick(&QUESTIONS) })),
            _ => self.values(waiting),
        }
    }

    fn values(&self, waiting: &Json) -> Option<Json> {
        let mut values = serde_json::Map::new();
        for field in waiting["fields"].as_array()? {
            let (id, kind) = (field["id"].as_str()?, field["type"].as_str()?);
            values.insert(id.to_owned(), Json::from(self.writes(id, kind)));
        }
        Some(json!({ "kind": "values", "values": values }))
    }

    /// Most open the document; some read on, some take it with them.
    async fn read(&mut self, dice: &mut Dice, conversation: &Json) -> Result<(), String> {
        if dice.roll(4) == 0 {
            return Ok(());
        }
        self.reads(conversation, json!({ "kind": "opened" })).await?;
        for page in 1..=1 + dice.roll(4) {
            let seconds = 5 + dice.roll(50);
            self.wait(dice, seconds);
            self.reads(conversation, json!({ "kind": "page", "page": page, "seconds": seconds })).await?;
        }
        if dice.roll(3) == 0 {
            self.reads(conversation, json!({ "kind": "downloaded" })).await?;
        }
        self.reads(conversation, json!({ "kind": "closed" })).await
    }

    async fn reads(&mut self, conversation: &Json, event: Json) -> Result<(), String> {
        let path = format!("conversations/{}/document", conversation["id"].as_str().unwrap_or_default());
        let body = json!({
            "client_id": self.turn(), "card_id": conversation["waiting"]["card_id"], "event": event,
            "page_url": self.address("resources"),
        });
        self.post(&path, body).await.map(drop)
    }

    /// Asks in the flow of the help page.
    pub async fn ask(&mut self, dice: &mut Dice) -> Result<(), String> {
        self.wait(dice, 30);
        let body = json!({ "start_id": self.turn(), "flow_id": self.flow("HELP"), "url": self.address("help"), "ui": "inline" });
        let started = self.post("flows/start", body).await?;
        self.heed(&started);
        let patience = dice.roll(6);
        self.talk(dice, started["conversation"].clone(), patience).await
    }

    /// Sends the form of the quote page, as its script attaches it.
    pub async fn fill_in(&mut self, dice: &mut Dice) -> Result<(), String> {
        self.wait(dice, 90);
        let values = json!({
            "first_name": self.writes("first_name", "text"), "email": self.writes("email", "email"),
            "company": self.writes("company", "text"), "pallets": dice.pick(&PALLETS),
        });
        let choice = json!({
            "mode": "all", "conditions": [{ "field": "pallets", "op": "at_least", "values": [1_000] }],
            "follow": { "flow_id": self.flow("LARGE"), "ui": "popup" },
        });
        let body = json!({
            "start_id": self.turn(), "url": self.address("quote"), "form": "quote", "values": values,
            "map": { "company": "company.name" }, "choices": [choice], "else": { "flow_id": self.flow("SMALL") },
        });
        let taken = self.post("forms", body).await?;
        self.heed(&taken);
        self.heed(&taken["started"]);
        let patience = dice.roll(5);
        self.talk(dice, taken["started"]["conversation"].clone(), patience).await
    }
}
