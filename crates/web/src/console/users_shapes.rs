//! Shapes of users, shared by the routes of sign-in and of user management.

use crate::guard::Who;
use crate::shapes::At;
use crate::state::Web;
use app::sessions::{SignedInUser, permissions_of};
use app::users::{UserRow, theme, time_zone};
use serde::Serialize;
use utoipa::ToSchema;

/// A user of the console.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct User {
    /// Stable id.
    #[schema(example = "usr_01jc8x4n1sfgz8v7qk2m3p4r5t")]
    id: String,
    /// Sign-in name.
    #[schema(example = "ada@example.com")]
    email: String,
    /// Name for people.
    name: String,
    profile_id: String,
    profile_name: String,
    /// Has everything and cannot be locked out.
    owner: bool,
    /// May not sign in.
    disabled: bool,
    #[schema(value_type = crate::words::ThemeChoice)]
    theme: String,
    /// IANA name.
    time_zone: Option<String>,
    created_at: At,
    last_seen_at: Option<At>,
    /// Invited, not yet joined.
    pending: bool,
}

impl From<UserRow> for User {
    fn from(row: UserRow) -> Self {
        let user = row.user;
        Self {
            id: user.id.to_string(),
            email: user.email.to_string(),
            profile_id: user.profile_id.to_string(),
            profile_name: if user.owner { "Owner".to_owned() } else { row.profile_name },
            owner: user.owner,
            disabled: user.disabled,
            theme: theme(&user).to_owned(),
            time_zone: time_zone(&user).map(str::to_owned),
            created_at: user.created_at.into(),
            last_seen_at: user.last_seen_at.map(At),
            pending: user.password_hash.is_none(),
            name: user.name,
        }
    }
}

/// Who is signed in, what he or she may do, and where.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Me {
    user: User,
    /// Permission keys.
    permissions: Vec<String>,
    owner: bool,
    instance: Instance,
}

/// This instance.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Instance {
    name: String,
    /// True for a demo; screens say so.
    demo: bool,
    version: String,
}

impl Me {
    /// Out of a sign-in.
    pub fn of(web: &Web, signed_in: &SignedInUser) -> Self {
        let settings = web.app().settings();
        let (user, profile) = (&signed_in.user, &signed_in.profile);
        Self {
            permissions: permissions_of(user, profile).keys(),
            owner: user.owner,
            user: UserRow { user: user.clone(), profile_name: profile.name.clone() }.into(),
            instance: Instance {
                name: settings.instance_name.clone(),
                demo: settings.demo,
                version: web.config().version.to_owned(),
            },
        }
    }
}

/// The signed-in user behind a guarded request.
pub fn me(who: &Who) -> Result<&SignedInUser, crate::Problem> {
    who.sign_in().user().ok_or_else(|| crate::Problem::forbidden("This is for signed-in users."))
}
