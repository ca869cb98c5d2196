//! The authorisation table as data next to the routes (rule R21): [`Guarded::at`] hangs a route in together with what it
//! needs, writes that into the `OpenAPI` file as `x-permission`, and refuses requests before the handler runs.
//! A route that was hung in without it stops the start ([`crate::openapi::unguarded`]).

use crate::extract::ClientAddress;
use crate::idempotency;
use crate::problem::Problem;
use crate::state::Web;
use app::access::{Actor, Permission};
use app::sessions::SignIn;
use axum::extract::{FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use kernel::OpaqueToken;
use std::ops::Deref;
use std::sync::Arc;
use utoipa::openapi::path::{Operation, Paths};
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter};

/// What a route needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// Nothing: anybody may call it.
    Nothing,
    /// Nothing here: the visitor API checks site key, origin and visitor token itself.
    SiteKey,
    /// A signed-in user, whatever he or she may do.
    User,
    /// A permission, of a user or a token.
    Permission(Permission),
    /// Any of these permissions.
    AnyOf(&'static [Permission]),
}

impl Needs {
    /// The text of `x-permission`.
    pub fn text(self) -> String {
        match self {
            Self::Nothing => "none".to_owned(),
            Self::SiteKey => "site_key".to_owned(),
            Self::User => "signed_in".to_owned(),
            Self::Permission(permission) => permission.key().to_owned(),
            Self::AnyOf(some) => some.iter().map(|p| p.key()).collect::<Vec<_>>().join(" | "),
        }
    }

    fn met_by(self, actor: &Actor) -> bool {
        match self {
            Self::Nothing | Self::SiteKey => true,
            Self::User => actor.user_id().is_some(),
            Self::Permission(permission) => actor.may(permission),
            Self::AnyOf(some) => some.iter().any(|p| actor.may(*p)),
        }
    }
}

/// Hanging routes in.
pub trait Guarded {
    /// Adds a route with what it needs.
    fn at(self, needs: Needs, routes: UtoipaMethodRouter<Web>) -> Self;
    /// Adds a route that makes something: the same `Idempotency-Key` makes it once. Its 201 answer carries `Location`.
    fn creating(self, needs: Needs, routes: UtoipaMethodRouter<Web>) -> Self;
}

impl Guarded for OpenApiRouter<Web> {
    fn at(self, needs: Needs, (schemas, mut paths, router): UtoipaMethodRouter<Web>) -> Self {
        state_needs(&mut paths, needs);
        if needs == Needs::SiteKey {
            // Its extractor checks; a guard that lets everybody pass would only cost time.
            return self.routes((schemas, paths, router));
        }
        let guard = from_fn(move |request: Request, next: Next| check(needs, request, next));
        self.routes((schemas, paths, router.route_layer(guard)))
    }
    fn creating(self, needs: Needs, (schemas, paths, router): UtoipaMethodRouter<Web>) -> Self {
        self.at(needs, (schemas, paths, router.route_layer(from_fn(idempotency::once))))
    }
}

fn state_needs(paths: &mut Paths, needs: Needs) {
    for item in paths.paths.values_mut() {
        let operations = [&mut item.get, &mut item.put, &mut item.post, &mut item.delete, &mut item.patch];
        for operation in operations.into_iter().flatten() {
            state_need(operation, needs);
        }
    }
}

fn state_need(operation: &mut Operation, needs: Needs) {
    let stated =
        utoipa::openapi::extensions::ExtensionsBuilder::new().add("x-permission", needs.text()).build();
    match &mut operation.extensions {
        Some(extensions) => extensions.merge(stated),
        none => *none = Some(stated),
    }
    if !matches!(needs, Needs::Nothing | Needs::SiteKey) {
        let schemes = ["session", "token"]
            .map(|name| utoipa::openapi::security::SecurityRequirement::new(name, Vec::<String>::new()));
        operation.security = Some(schemes.to_vec());
    }
}

/// Who sends a request: given to handlers of guarded routes.
#[derive(Debug, Clone)]
pub struct Who(Arc<SignIn>, Actor);

impl Who {
    /// The same credential now; none when it is not valid any more.
    pub(crate) async fn again(&self, web: &Web, headers: &HeaderMap) -> Result<Option<Self>, Problem> {
        let Some(found) = credential(headers, cookie_name(&web.app().settings().public_url)) else {
            return Ok(None);
        };
        let sign_in = sign_in(web, &found, found.hash()).await?;
        Ok(sign_in.map(|sign_in| {
            let actor = sign_in.actor(self.1.ip.clone());
            Self(sign_in, actor)
        }))
    }
    /// User, profile and session; `None` for a token.
    pub fn sign_in(&self) -> &SignIn {
        &self.0
    }
}

impl Deref for Who {
    type Target = Actor;
    fn deref(&self) -> &Actor {
        &self.1
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Who {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Self>().cloned().ok_or_else(unauthenticated)
    }
}

fn unauthenticated() -> Problem {
    Problem::new(axum::http::StatusCode::UNAUTHORIZED, "Sign in, or send an API token.")
}

/// A credential of the console API.
enum Credential {
    Cookie(String),
    Bearer(String),
}

impl Credential {
    fn hash(&self) -> kernel::token::TokenHash {
        match self {
            Self::Cookie(text) | Self::Bearer(text) => OpaqueToken::hash_of(text),
        }
    }
}

/// Whether a request that a browser sends with its cookie comes from a page of ours; a token says by itself who sends it.
pub(crate) fn is_same_origin(web: &Web, headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|value: &axum::http::HeaderValue| value.to_str().ok());
    match credential(headers, cookie_name(&web.app().settings().public_url)) {
        Some(Credential::Bearer(_)) => true,
        _ => text(header::ORIGIN).is_some_and(|origin| is_ours(web, origin, text(header::HOST))),
    }
}

fn credential(headers: &HeaderMap, cookie: &str) -> Option<Credential> {
    let bearer = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    if let Some(text) = bearer {
        let (scheme, token) = text.split_once(' ').unwrap_or((text, ""));
        return scheme.eq_ignore_ascii_case("bearer").then(|| Credential::Bearer(token.trim().to_owned()));
    }
    cookie_value(headers, cookie).map(Credential::Cookie)
}

/// The value of a cookie.
pub fn cookie_value(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value.to_owned())
}

/// Name of the session cookie: with the prefix that binds it to this host where the instance is reached over https.
pub fn cookie_name(public_url: &str) -> &'static str {
    if public_url.starts_with("https://") { "__Host-usher" } else { "usher" }
}

async fn check(needs: Needs, request: Request, next: Next) -> Response {
    let Some(web) = request.extensions().get::<Web>().cloned() else {
        return Problem::new(axum::http::StatusCode::INTERNAL_SERVER_ERROR, "No state.").into_response();
    };
    let (mut parts, body) = request.into_parts();
    match admit(&web, needs, &parts).await {
        Ok(who) => {
            who.map(|who| parts.extensions.insert(who));
            next.run(Request::from_parts(parts, body)).await
        }
        Err(problem) => problem.into_response(),
    }
}

async fn admit(web: &Web, needs: Needs, request: &Parts) -> Result<Option<Who>, Problem> {
    let headers = &request.headers;
    match needs {
        Needs::SiteKey => return Ok(None),
        // Signing somebody in from a foreign page is refused as well.
        Needs::Nothing => {
            return same_origin(web, &request.method, headers, Strictness::WhenStated).map(|()| None);
        }
        _ => {}
    }
    let found =
        credential(headers, cookie_name(&web.app().settings().public_url)).ok_or_else(unauthenticated)?;
    let hash = found.hash();
    if matches!(found, Credential::Cookie(_)) {
        same_origin(web, &request.method, headers, Strictness::Always)?;
    }
    let sign_in = sign_in(web, &found, hash).await?.ok_or_else(unauthenticated)?;
    let ip = ClientAddress::of(&request.extensions, headers, web.config().trusted_proxies).0;
    let actor = sign_in.actor(Some(ip.to_string()));
    if needs.met_by(&actor) {
        return Ok(Some(Who(sign_in, actor)));
    }
    Err(match needs {
        Needs::User => Problem::forbidden("This is for signed-in users, not for API tokens."),
        _ => Problem::forbidden(format!("This needs the permission {}.", needs.text())),
    })
}

async fn sign_in(
    web: &Web,
    credential: &Credential,
    hash: kernel::token::TokenHash,
) -> Result<Option<Arc<SignIn>>, Problem> {
    if let Some(known) = web.sign_ins().get(&hash) {
        return Ok(Some(known));
    }
    let found = match credential {
        Credential::Cookie(_) => app::sessions::authenticate(web.app(), &hash).await?,
        Credential::Bearer(_) => app::tokens::authenticate(web.app(), &hash).await?,
    };
    let Some(found) = found.map(Arc::new) else { return Ok(None) };
    web.sign_ins().insert(hash, Arc::clone(&found));
    Ok(Some(found))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Strictness {
    /// A browser's origin must be stated and ours.
    Always,
    /// A stated origin must be ours.
    WhenStated,
}

/// Cross-site request forgery: a browser states the origin of every request that changes something.
fn same_origin(
    web: &Web,
    method: &Method,
    headers: &HeaderMap,
    strictness: Strictness,
) -> Result<(), Problem> {
    if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return Ok(());
    }
    let text = |name| headers.get(name).and_then(|value: &axum::http::HeaderValue| value.to_str().ok());
    let ours = match text(header::ORIGIN) {
        Some(origin) => is_ours(web, origin, text(header::HOST)),
        None => match text(header::HeaderName::from_static("sec-fetch-site")) {
            Some(site) => site == "same-origin" || site == "none",
            None => strictness == Strictness::WhenStated,
        },
    };
    if ours { Ok(()) } else { Err(Problem::forbidden("The request comes from another origin.")) }
}

fn is_ours(web: &Web, origin: &str, host: Option<&str>) -> bool {
    let public = web.app().settings().public_url.trim_end_matches('/');
    let authority = origin.split_once("://").map(|(_, authority)| authority);
    origin.eq_ignore_ascii_case(public) || (authority.is_some() && authority == host)
}
