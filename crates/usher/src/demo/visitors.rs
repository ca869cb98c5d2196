//! Three weeks of visitors who browse, answer or leave, through the same requests that the widget makes.

use super::api::{Api, Caller};
use kernel::{Timestamp, millis, to_millis};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use std::net::SocketAddr;

/// Visitors in the three weeks.
const VISITORS: u64 = 360;
const MINUTE_MS: i64 = 60_000;

const BROWSERS: [&str; 5] = [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.4 Safari/605.1.15",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.4 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0",
    "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36",
];

const REFERRERS: [&str; 5] = [
    "",
    "https://www.google.com/",
    "https://www.linkedin.com/feed/",
    "https://news.coldchain.example/issue-41",
    "https://duckduckgo.com/",
];
const LANGUAGES: [&str; 6] = ["de-DE", "en-GB", "fr-FR", "nl-NL", "en-US", "sv-SE"];
const NAMES: [&str; 16] = [
    "Ingrid", "Paul", "Amélie", "Joost", "Nora", "Tomás", "Beate", "Karim", "Lotte", "Giulia", "Emil",
    "Rosa", "Stefan", "Aisha", "Pekka", "Clara",
];
const SURNAMES: [&str; 12] = [
    "Lindgren",
    "Okonkwo",
    "Bauer",
    "Ferreira",
    "Visser",
    "Marchetti",
    "Nowak",
    "Aydin",
    "Hughes",
    "Sørensen",
    "Moreno",
    "Tan",
];
/// Domain and name.
const FIRMS: [(&str, &str); 8] = [
    ("nordkueste-frost", "Nordküste Frost"),
    ("lumen-clinics", "Lumen Clinics"),
    ("fleurs-du-sud", "Fleurs du Sud"),
    ("oakridge-dairy", "Oakridge Dairy"),
    ("atlas-kuehl", "Atlas Kühllogistik"),
    ("petersen-fisch", "Petersen Fisch"),
    ("vitalis-labs", "Vitalis Labs"),
    ("greenfield-produce", "Greenfield Produce"),
];
const PATHS: [&[&str]; 9] = [
    &["", "product", "pricing"],
    &["pricing"],
    &["resources"],
    &["", "customers"],
    &["product", "pricing", "contact"],
    &["resources", "", "pricing"],
    &["product", "help"],
    &["help", "pricing"],
    &["pricing", "quote"],
];

/// A repeatable die.
pub struct Dice(u64);

impl Dice {
    /// From 0 to one less than the number of sides.
    pub fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % sides
    }
    /// One of several.
    pub fn pick<'a, T: ?Sized>(&mut self, from: &'a [&'a T]) -> &'a T {
        let index = usize::try_from(self.roll(from.len() as u64)).unwrap_or(0);
        from[index]
    }
}

/// When the visitors come: more each week, fewer at night and at weekends.
fn arrivals(dice: &mut Dice, begin: Timestamp, end: Timestamp) -> Vec<i64> {
    let (from, to) = (to_millis(begin) + 60 * MINUTE_MS, to_millis(end) - 30 * MINUTE_MS);
    let span = u64::try_from(to - from).unwrap_or(1);
    let mut times = Vec::new();
    while (times.len() as u64) < VISITORS {
        let at = from + i64::try_from(dice.roll(span)).unwrap_or(0);
        let hour = (at / 3_600_000) % 24;
        let weekday = (at / 86_400_000 + 3) % 7;
        let likely = if (7..18).contains(&hour) { 10 } else { 2 } * if weekday < 5 { 3 } else { 1 };
        let later = 1 + u64::try_from(at - from).unwrap_or(0) * 2 / span;
        if dice.roll(90) < likely * later {
            times.push(at);
        }
    }
    times.sort_unstable();
    times
}

/// Lets them all live, in the order in which they come.
pub async fn live(api: &Api, website: &Website<'_>, begin: Timestamp, end: Timestamp) -> Result<(), String> {
    let mut dice = Dice(2_026);
    for (number, at) in arrivals(&mut dice, begin, end).into_iter().enumerate() {
        let from = SocketAddr::from((
            [10, 20, u8::try_from(number / 250).unwrap_or(0), u8::try_from(number % 250 + 1).unwrap_or(1)],
            40_000,
        ));
        let mut visitor = Visitor {
            api,
            website,
            number,
            from,
            token: None,
            browser: dice.pick(&BROWSERS),
            language: dice.pick(&LANGUAGES),
            at,
            views: 0,
            turns: 0,
        };
        visitor.browse(&mut dice).await?;
    }
    Ok(())
}

/// Where they go.
pub struct Website<'a> {
    /// Key of the site.
    pub site_key: &'a str,
    /// Where the demo is reached.
    pub base: &'a str,
    /// Ids of the flows by what pages call them.
    pub flows: &'a BTreeMap<String, String>,
}

/// One of them.
pub struct Visitor<'a> {
    api: &'a Api,
    website: &'a Website<'a>,
    number: usize,
    from: SocketAddr,
    token: Option<String>,
    browser: &'a str,
    language: &'a str,
    at: i64,
    views: u64,
    /// What was done in conversations so far.
    turns: u64,
}

impl Visitor<'_> {
    async fn browse(&mut self, dice: &mut Dice) -> Result<(), String> {
        let referrer = dice.pick(&REFERRERS).to_owned();
        for page in dice.pick(&PATHS) {
            let view = self.view(page, &referrer).await?;
            let resolved = &view["resolved"];
            match *page {
                "help" => self.ask(dice).await?,
                "quote" => self.fill_in(dice).await?,
                _ if resolved["kind"] == "dialogue" => {
                    self.wait(dice, 40);
                    let id = resolved["dialogue_id"].as_str().unwrap_or_default().to_owned();
                    self.meet(dice, &id).await?;
                }
                _ => {}
            }
            self.wait(dice, 120);
        }
        Ok(())
    }

    /// Up to `seconds` pass.
    pub fn wait(&mut self, dice: &mut Dice, seconds: u64) {
        self.at += 2_000 + i64::try_from(dice.roll(seconds * 1_000)).unwrap_or(0);
        self.api.clock.set(millis(self.at));
    }

    pub async fn post(&self, path: &str, body: Json) -> Result<Json, String> {
        let mut headers = vec![
            ("user-agent", self.browser.to_owned()),
            ("origin", self.website.base.to_owned()),
            ("accept-language", self.language.to_owned()),
        ];
        headers.extend(self.token.clone().map(|t| ("x-usher-visitor", t)));
        let path = format!("/api/visitor/v1/{path}?site={}", self.website.site_key);
        self.api.call(&Caller { from: self.from, headers }, "POST", &path, Some(body)).await
    }

    fn page_view(&self) -> String {
        format!("{:08x}-0000-7000-8000-{:012x}", self.number + 1, self.views)
    }

    async fn view(&mut self, page: &str, referrer: &str) -> Result<Json, String> {
        self.api.clock.set(millis(self.at));
        self.views += 1;
        let campaign =
            if self.number.is_multiple_of(7) { "?utm_source=newsletter&utm_campaign=autumn" } else { "" };
        let body = json!({
            "page_view_id": self.page_view(), "url": format!("{}{campaign}", self.address(page)), "title": page, "referrer": referrer,
            "language": self.language, "viewport": { "width": 1440, "height": 900 }
        });
        let view = self.post("page", body).await?;
        self.heed(&view);
        Ok(view)
    }

    /// The dialogue is shown; some open it, some of these answer, some of these to the end.
    async fn meet(&mut self, dice: &mut Dice, dialogue: &str) -> Result<(), String> {
        let body = json!({ "page_view_id": self.page_view(), "dialogue_id": dialogue });
        self.post("shown", body.clone()).await?;
        if dice.roll(100) < 48 {
            return Ok(());
        }
        self.wait(dice, 20);
        let conversation = self.post("conversations", body).await?["conversation"].clone();
        let patience = dice.roll(6);
        self.talk(dice, conversation, patience).await
    }

    /// Address of a page of the website.
    pub fn address(&self, page: &str) -> String {
        format!("{}/demo/{page}", self.website.base)
    }

    /// The flow that pages call so.
    pub fn flow(&self, slug: &str) -> &str {
        self.website.flows.get(slug).map_or("", String::as_str)
    }

    /// The server may have given a new name.
    pub fn heed(&mut self, answer: &Json) {
        if let Some(token) = answer["visitor_token"].as_str() {
            self.token = Some(token.to_owned());
        }
    }

    /// A number for what is done now, never used before.
    pub fn turn(&mut self) -> String {
        self.turns += 1;
        format!("{:08x}-0001-7000-8000-{:012x}", self.number + 1, self.turns)
    }

    /// What this visitor writes into a field.
    pub fn writes(&self, id: &str, kind: &str) -> String {
        let name = NAMES[self.number % NAMES.len()];
        let surname = SURNAMES[(self.number / 5) % SURNAMES.len()];
        let (domain, firm) = FIRMS[(self.number / 3) % FIRMS.len()];
        let plain = |text| kernel::text::fold(text).replace('ø', "o");
        match (kind, id) {
            ("email", _) => format!("{}.{}{}@{domain}.example", plain(name), plain(surname), self.number),
            ("phone", _) => format!("+4940{:06}", 200_000 + self.number),
            (_, "company") => firm.to_owned(),
            (_, "title") => "Head of logistics".to_owned(),
            (_, "last_name") => surname.to_owned(),
            _ => name.to_owned(),
        }
    }
}
