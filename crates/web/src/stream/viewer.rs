//! Whose connection it is, and what that lets it do.

use super::frames::{In, PROTOCOL, Side};
use crate::{guard::Who, state::Web, strict};
use app::{access::Permission, caller::Caller, visitor_token::VisitorToken};
use axum::http::HeaderMap;
use kernel::UserId;

/// Whose socket it is.
pub enum Viewer {
    /// A visitor's.
    Visitor(Box<Caller>),
    /// A console's, with the headers that it signed in with.
    Console(Box<Who>, Box<HeaderMap>),
}

impl Viewer {
    /// With what the first frame says.
    pub async fn greeted(self, web: &Web, frame: &str) -> Result<Self, (&'static str, &'static str)> {
        let refused = Err(("hello", "The first frame must be hello."));
        let Ok(In::Hello { protocol, token }) = strict::from_slice(frame.as_bytes()) else { return refused };
        if protocol != PROTOCOL {
            return Err(("protocol", "This server speaks protocol 1."));
        }
        match self {
            Self::Visitor(mut caller) => {
                let key = &web.app().settings().instance_key;
                let text = token.unwrap_or_default();
                caller.token = VisitorToken::recognise(key, caller.site.id(), &text);
                let known = caller.visitor(web.app(), web.app().now()).await;
                match known {
                    Ok(Some(_)) => Ok(Self::Visitor(caller)),
                    Ok(None) => Err(("token", "The token is not one of this site.")),
                    Err(_) => Err(("unavailable", "Not available at the moment.")),
                }
            }
            console @ Self::Console(..) => Ok(console),
        }
    }

    /// The user of a console.
    pub fn user(&self) -> Option<UserId> {
        match self {
            Self::Visitor(_) => None,
            Self::Console(who, _) => who.user_id(),
        }
    }

    /// Whether it is a console.
    pub fn is_console(&self) -> bool {
        matches!(self, Self::Console(..))
    }

    /// Whether it is the console of somebody who may take chats.
    pub fn takes_chats(&self) -> bool {
        match self {
            Self::Visitor(_) => false,
            Self::Console(who, _) => {
                who.user_id().is_some() && who.may(Permission::AgentLivechatAvailability)
            }
        }
    }

    /// On which side of a chat.
    pub fn side(&self) -> Side {
        match self {
            Self::Visitor(_) => Side::Visitor,
            Self::Console(..) => Side::Agent,
        }
    }
}
