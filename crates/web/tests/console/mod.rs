//! A user of the console over real HTTP, on the harness of the visitor tests.
#![allow(dead_code, reason = "every test file uses its own part")]

use crate::support::{Server, server_with};
use serde_json::{Value as Json, json};
use testkit::http::{Answer, Client};

pub const PASSWORD: &str = "correct horse battery";

/// A server without limit of sign-ins.
pub async fn console() -> Server {
    server_with(|settings| settings.limits.sign_ins_per_minute = 0).await
}

/// Somebody with a credential, or nobody.
pub struct User {
    pub client: Client,
    pub origin: Option<String>,
    pub cookie: Option<String>,
    pub bearer: Option<String>,
    pub more: Vec<(String, String)>,
}

impl User {
    pub fn nobody(server: &Server) -> Self {
        let origin = Some(format!("http://{}", server.address));
        Self { client: Client::new(server.address), origin, cookie: None, bearer: None, more: Vec::new() }
    }

    /// The first owner, signed in.
    pub async fn owner(server: &Server) -> Self {
        let mut user = Self::nobody(server);
        let body = json!({ "email": "owner@example.com", "name": "Olga Owner", "password": PASSWORD });
        let answer = user.send("POST", "/setup", Some(body)).await;
        assert_eq!(answer.status, 201, "{}", String::from_utf8_lossy(&answer.body));
        user.keep_cookie(&answer);
        user
    }

    /// A user with a built-in profile, signed in.
    pub async fn with_profile(server: &Server, email: &str, profile: &str) -> Self {
        app::profiles::ensure_built_in(&server.app).await.expect("profiles");
        let actor = app::access::Actor::system();
        app::users::create(&server.app, &actor, email, email, profile, Some(PASSWORD)).await.expect("a user");
        let mut user = Self::nobody(server);
        assert_eq!(user.sign_in(email, PASSWORD).await.status, 200);
        user
    }

    pub fn token(server: &Server, token: &str) -> Self {
        Self { bearer: Some(token.to_owned()), origin: None, ..Self::nobody(server) }
    }

    pub async fn sign_in(&mut self, email: &str, password: &str) -> Answer {
        let answer =
            self.send("POST", "/session", Some(json!({ "email": email, "password": password }))).await;
        if answer.status == 200 {
            self.keep_cookie(&answer);
        }
        answer
    }

    fn keep_cookie(&mut self, answer: &Answer) {
        let cookie = answer.header("set-cookie").expect("a cookie");
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
        self.cookie = cookie.split(';').next().map(str::to_owned);
    }

    fn headers(&self) -> Vec<(String, String)> {
        let named = |name: &str, value: &Option<String>| value.clone().map(|value| (name.to_owned(), value));
        let bearer = self.bearer.as_ref().map(|token| format!("Bearer {token}"));
        [named("origin", &self.origin), named("cookie", &self.cookie), named("authorization", &bearer)]
            .into_iter()
            .flatten()
            .chain(self.more.iter().cloned())
            .collect()
    }

    pub async fn send(&mut self, method: &str, path: &str, body: Option<Json>) -> Answer {
        let headers = self.headers();
        let headers: Vec<(&str, &str)> = headers.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        self.client.send(method, &format!("/api/v1{path}"), &headers, body.as_ref()).await.expect("an answer")
    }

    /// Sends bytes as they are.
    pub async fn send_bytes(&mut self, path: &str, content_type: &str, body: &[u8]) -> Answer {
        self.send_bytes_by("POST", path, content_type, body).await
    }

    pub async fn send_bytes_by(
        &mut self,
        method: &str,
        path: &str,
        content_type: &str,
        body: &[u8],
    ) -> Answer {
        let mut head = format!(
            "{method} /api/v1{path} HTTP/1.1\r\nhost: {}\r\ncontent-type: {content_type}\r\ncontent-length: {}\r\n",
            self.origin.as_deref().unwrap_or("http://localhost").trim_start_matches("http://"),
            body.len()
        );
        for (name, value) in self.headers() {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str("\r\n");
        let bytes = [head.as_bytes(), body].concat();
        self.client.send_raw(&bytes).await.expect("an answer")
    }

    /// Sends what must be answered with `status`.
    pub async fn expect(&mut self, status: u16, method: &str, path: &str, body: Option<Json>) -> Json {
        let answer = self.send(method, path, body).await;
        assert_eq!(answer.status, status, "{method} {path}: {}", String::from_utf8_lossy(&answer.body));
        if status >= 400 {
            assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{method} {path}");
            assert_eq!(answer.json()["status"], status);
        }
        answer.json()
    }

    pub async fn get(&mut self, path: &str) -> Json {
        self.expect(200, "GET", path, None).await
    }

    /// With a header for the next requests.
    pub fn header(&mut self, name: &str, value: &str) -> &mut Self {
        self.more = vec![(name.to_owned(), value.to_owned())];
        self
    }
}

pub fn text(json: &Json) -> String {
    json.as_str().unwrap_or_else(|| panic!("a text, not {json}")).to_owned()
}
