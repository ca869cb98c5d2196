//! Passwords: Argon2id with its recommended costs, away from the threads that answer requests, a few at a time.

use crate::{App, AppError};
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};
use kernel::Secret;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::Semaphore;

/// Fewest characters of a password.
pub const SHORTEST: usize = 10;
/// Most characters of a password; longer ones would only cost time.
pub const LONGEST: usize = 200;

/// Hashes made at the same time: each takes 19 MiB and one core.
static GATE: Semaphore = Semaphore::const_new(2);
static WAITING: AtomicUsize = AtomicUsize::new(0);
const MOST_WAITING: usize = 64;

/// Refuses passwords that are too short, too long, or that everybody tries first.
pub fn check(password: &str, field: &str) -> Result<(), AppError> {
    let length = password.chars().count();
    let common = ["password", "passwort", "1234567890", "qwertyuiop", "qwertzuiop", "letmein"];
    let lower = password.to_lowercase();
    if length < SHORTEST {
        return Err(AppError::invalid(field, "too_short", format!("has fewer than {SHORTEST} characters")));
    }
    if length > LONGEST {
        return Err(AppError::invalid(field, "too_long", format!("has more than {LONGEST} characters")));
    }
    let repeated = lower.chars().all(|c| lower.starts_with(c));
    if repeated
        || common
            .iter()
            .any(|word| lower.trim_end_matches(|c: char| c.is_ascii_digit()) == *word || lower == *word)
    {
        return Err(AppError::invalid(field, "common", "is one of the passwords that are tried first"));
    }
    Ok(())
}

/// The hash to store (PHC text).
pub async fn hash(app: &App, password: &str) -> Result<Secret<String>, AppError> {
    let mut salt = [0_u8; 16];
    app.entropy().fill(&mut salt);
    let password = Secret::new(password.to_owned());
    gated(move || hash_now(&password, &salt)).await?.map(Secret::new)
}

/// Whether `password` is the one behind `stored`. Without a stored hash it takes the same time and is never right.
pub async fn verify(password: &str, stored: Option<&Secret<String>>) -> Result<bool, AppError> {
    let password = Secret::new(password.to_owned());
    let stored = stored.cloned();
    gated(move || {
        let real = stored.is_some();
        let hash = stored.map_or_else(|| stand_in().clone(), |hash| hash.expose().clone());
        let fits = PasswordHash::new(&hash)
            .is_ok_and(|parsed| hasher().verify_password(password.expose().as_bytes(), &parsed).is_ok());
        real && fits
    })
    .await
}

fn hasher() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::default())
}

fn hash_now(password: &Secret<String>, salt: &[u8]) -> Result<String, AppError> {
    hasher()
        .hash_password_with_salt(password.expose().as_bytes(), salt)
        .map(|hash| hash.to_string())
        .map_err(|error| AppError::Internal(format!("argon2: {error}")))
}

/// The hash of a password that nobody has, so that unknown accounts cost what known ones cost.
fn stand_in() -> &'static String {
    static HASH: OnceLock<String> = OnceLock::new();
    HASH.get_or_init(|| {
        hash_now(&Secret::new("nobody has this one".to_owned()), &[7; 16]).unwrap_or_default()
    })
}

async fn gated<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, AppError> {
    if WAITING.fetch_add(1, Ordering::Relaxed) >= MOST_WAITING {
        WAITING.fetch_sub(1, Ordering::Relaxed);
        return Err(AppError::TooMany { retry_after: 2 });
    }
    let permit = GATE.acquire().await;
    WAITING.fetch_sub(1, Ordering::Relaxed);
    let _permit = permit.map_err(|e| AppError::Internal(e.to_string()))?;
    tokio::task::spawn_blocking(work).await.map_err(|e| AppError::Internal(e.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weak_passwords_are_refused() {
        for (password, fine) in [
            ("short", false),
            ("aaaaaaaaaaaa", false),
            ("Password1234", false),
            ("correct horse battery", true),
            ("ünïcödé-пароль", true),
        ] {
            assert_eq!(check(password, "/password").is_ok(), fine, "{password}");
        }
        assert!(check(&"x1".repeat(150), "/password").is_err());
    }

    #[tokio::test]
    async fn only_the_right_password_fits() {
        let hash = Secret::new(hash_now(&Secret::new("right one here".to_owned()), &[1; 16]).expect("hash"));
        assert!(verify("right one here", Some(&hash)).await.expect("verified"));
        assert!(!verify("wrong one here", Some(&hash)).await.expect("verified"));
        assert!(!verify("nobody has this one", None).await.expect("verified"));
    }
}
