//! A page says who its visitor is, with a token that the site's own server signed (spec 02, `usher.identify`; spec 03,
//! *claimed is not proven*). Unsigned identification does not exist.

use crate::{
    App, AppError,
    caller::Caller,
    conversations::{
        identity::{self, Bearer, Given},
        setting,
        telling::{Place, Telling},
        trigger::ensure_stored,
    },
    memory::Known,
    sites::{self, ConsentMode, StoredIdentity},
    visit::PageFacts,
};
use bus::Hint;
use engagement::ActivityType;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use kernel::{Email, Timestamp};
use people::{Origin, Rung, SourceKind};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};
use std::sync::Arc;
use store::{Tx, Visitor};
use utoipa::ToSchema;

/// How far the clocks of two servers may be apart, in seconds.
const LEEWAY: i64 = 60;
/// How long a token may be valid at most, in seconds.
const LONGEST: i64 = 24 * 3_600;
/// The longest token, in bytes.
const MAX_TOKEN: usize = 8_192;

/// Who the visitor is.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IdentifyRequest {
    /// A JSON Web Token, signed with the site's secret (HS256) or key (RS256, ES256).
    pub token: String,
    /// Address of the page.
    #[serde(default)]
    pub url: Option<String>,
    /// The visitor has clicked in the chat: something may be stored in the mode *interaction*.
    #[serde(default)]
    pub clicked: bool,
    /// Consent was given before.
    #[serde(default)]
    pub granted: bool,
}

/// The answer.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Identified {
    /// To be stored by the widget in place of the one before: whoever knew the old one knows nothing now.
    pub visitor_token: Option<String>,
    /// False: nothing may be stored yet; call again when the visitor has clicked or agreed.
    pub identified: bool,
}

/// What a token says.
#[derive(Debug, Deserialize)]
struct Claims {
    email: String,
    exp: i64,
    #[serde(default)]
    given_name: Option<String>,
    #[serde(default)]
    family_name: Option<String>,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    phone_number: Option<String>,
    /// Further attributes by path (`person.job_title`, `company.name`).
    #[serde(default)]
    attributes: Map<String, Json>,
}

/// Identifies the visitor.
pub async fn identify(app: &App, caller: &Caller, request: &IdentifyRequest) -> Result<Identified, AppError> {
    let now = app.now();
    let mut session = app.store().read().await?;
    let keys = StoredIdentity::read(&mut *session, caller.site.id()).await?;
    drop(session);
    let claims = verify(app, caller, &keys, &request.token, now)?;
    let email: Email = claims.email.parse().map_err(|_| refused("its email is not an e-mail address"))?;
    let known = caller.visitor(app, now).await?;
    if known.is_none() && !may_store(caller, request) {
        return Ok(Identified { visitor_token: None, identified: false });
    }
    let url = PageFacts::new(request.url.as_deref().unwrap_or_default(), None, None).url;
    let proving = Proving { app, caller, claims: &claims, email, url, now };
    let token = proving.run(known).await?;
    Ok(Identified { visitor_token: token, identified: true })
}

fn may_store(caller: &Caller, request: &IdentifyRequest) -> bool {
    match caller.mode() {
        ConsentMode::Open => true,
        ConsentMode::Interaction => request.clicked || request.granted,
        ConsentMode::Required => request.granted,
    }
}

fn refused(reason: &str) -> AppError {
    AppError::invalid("/token", "token", format!("is refused: {reason}"))
}

fn verify(
    app: &App,
    caller: &Caller,
    keys: &StoredIdentity,
    token: &str,
    now: Timestamp,
) -> Result<Claims, AppError> {
    if token.len() > MAX_TOKEN {
        return Err(refused("it is longer than 8 KiB"));
    }
    let header = jsonwebtoken::decode_header(token).map_err(|_| refused("it is not a JSON Web Token"))?;
    let key = match header.alg {
        Algorithm::HS256 => {
            let secret = keys.secret(app, caller.site.id());
            Some(DecodingKey::from_secret(secret.expose().as_bytes()))
        }
        alg => {
            let own = keys.public_key.as_deref().map(sites::public_keys).unwrap_or_default();
            own.into_iter().find(|(kind, _)| *kind == alg).map(|(_, key)| key)
        }
    };
    let key = key.ok_or_else(|| refused("this site takes no token of that algorithm"))?;
    let mut validation = Validation::new(header.alg);
    // The instance's clock decides below, not the library's.
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation.required_spec_claims.clear();
    let claims =
        jsonwebtoken::decode::<Claims>(token, &key, &validation).map_err(|error| match error.kind() {
            jsonwebtoken::errors::ErrorKind::Json(_) => refused("it needs the claims email and exp"),
            _ => refused("its signature does not fit"),
        })?;
    let left = claims.claims.exp - now.as_second();
    if left < -LEEWAY {
        return Err(refused("it has expired"));
    }
    if left > LONGEST + LEEWAY {
        return Err(refused("it is valid for longer than a day"));
    }
    Ok(claims.claims)
}

struct Proving<'a> {
    app: &'a App,
    caller: &'a Caller,
    claims: &'a Claims,
    email: Email,
    url: String,
    now: Timestamp,
}

impl Proving<'_> {
    /// The visitor's new token; none when nothing about the identity is new.
    async fn run(&self, known: Option<Arc<Known>>) -> Result<Option<String>, AppError> {
        let mut tx = self.app.store().begin().await?;
        let (known, token) = match known {
            Some(known) if self.is_same(&known) => (known, None),
            Some(known) => {
                ensure_stored(&mut *tx, self.caller, &known).await?;
                let (token, fresh) = self.succeed(&mut *tx, &known).await?;
                (fresh, Some(token))
            }
            None => {
                let (token, fresh) = self.caller.newcomer(self.app, self.now);
                ensure_stored(&mut *tx, self.caller, &fresh).await?;
                (fresh, Some(token.expose().to_owned()))
            }
        };
        let (person, before) = self.prove(&mut *tx, &known).await?;
        tx.commit().await?;
        let visitor = known.profile.visitor.id;
        for id in [person, before] {
            self.app.memory().forget_person(id);
            self.app.hint(Hint::Person { id });
        }
        self.app.memory().forget_visitor(visitor);
        self.app.hint(Hint::Visitor { id: visitor });
        Ok(token)
    }

    fn is_same(&self, known: &Known) -> bool {
        known.stored
            && known.profile.visitor.rung == Rung::Proven
            && known.profile.person.email.as_ref() == Some(&self.email)
    }

    /// The visitor goes on under another token: one that was planted before the sign-in must not see what comes after.
    async fn succeed(&self, tx: &mut dyn Tx, known: &Known) -> Result<(String, Arc<Known>), AppError> {
        let (token, fresh) = self.caller.newcomer(self.app, self.now);
        let old = &known.profile.visitor;
        let visitor =
            Visitor { id: token.visitor, token_hash: token.hash, created_at: self.now, ..old.clone() };
        tx.replace_visitor(self.caller.site.scope(), old.id, &visitor, self.now).await?;
        self.app.memory().visits.invalidate(&old.id);
        self.app.memory().forget_visitor(old.id);
        self.app.hint(Hint::Visitor { id: old.id });
        let mut profile = known.profile.clone();
        profile.visitor = visitor;
        let successor =
            Known { profile, history: known.history.clone(), stored: true, read_at: fresh.read_at };
        Ok((token.expose().to_owned(), Arc::new(successor)))
    }

    /// The person that the visitor is now, and the one before.
    async fn prove(
        &self,
        tx: &mut dyn Tx,
        known: &Known,
    ) -> Result<(kernel::PersonId, kernel::PersonId), AppError> {
        let before = known.profile.person.id;
        let bearer = Bearer::lock_person(tx, before, known).await?;
        let origin = Origin {
            source: SourceKind::Api,
            detail: Some("identify".to_owned()),
            at: self.now,
            rung: Some(Rung::Proven),
        };
        let given = Given {
            email: self.email.clone(),
            site: &self.caller.site,
            visitor: known.profile.visitor.id,
            proof: Rung::Proven,
            origin: origin.clone(),
        };
        let (mut bearer, moved) = identity::give(self.app, tx, given, bearer).await?;
        let mut telling = Telling::new(self.app, self.now);
        let place = Place {
            person: bearer.person.id,
            visitor: known.profile.visitor.id,
            site: self.caller.site.id(),
            conversation: None,
            page_url: &self.url,
        };
        if moved.linked {
            telling.at(ActivityType::Linked, &place, json!({ "rung": Rung::Proven, "from": before }));
        }
        let offers = self.offers();
        if !offers.is_empty() {
            let setting = setting::Setting { site: &self.caller.site, place };
            setting::apply(self.app, tx, setting, &mut bearer, offers, &origin, &mut telling).await?;
        }
        bearer.store(tx, self.now).await?;
        if !telling.activities.is_empty() {
            tx.append_activities(telling.told()).await?;
        }
        Ok((bearer.person.id, before))
    }

    fn offers(&self) -> Vec<setting::Offer> {
        let claims = self.claims;
        let named = [
            ("person.first_name", &claims.given_name),
            ("person.last_name", &claims.family_name),
            ("person.full_name", &claims.name),
            ("person.phone", &claims.phone_number),
        ];
        let named = named.into_iter().filter_map(|(path, value)| Some((path, Json::from(value.clone()?))));
        let further = claims.attributes.iter().filter(|(path, _)| self.is_settable(path));
        named
            .map(|(path, value)| setting::given(path, value))
            .chain(further.map(|(path, value)| setting::given(path, value.clone())))
            .collect()
    }

    /// An attribute that exists, can be set and is not the address itself.
    fn is_settable(&self, path: &str) -> bool {
        let path = stream::tokens::canonical_attribute(path);
        let exists = self.caller.site.catalog.type_of(&path).is_some();
        let standard = path.parse().ok().and_then(|path| criteria::standard::find(&path));
        exists
            && path != "person.email"
            && (path.starts_with("person.") || path.starts_with("company."))
            && standard.is_none_or(|standard| standard.editable)
    }
}
