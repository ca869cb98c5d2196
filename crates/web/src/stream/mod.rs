//! Sockets: what is said arrives while it is said (`docs/socket-protocol.md`).
//!
//! - [`hub`]: which sockets this node has, who watches what; it hears the hints of the bus and passes them on.
//! - [`socket`]: one connection, with a reader, a writer and a task between them, none of which waits for another for ever.
//! - [`viewer`]: whose connection it is. - [`session`]: what it asks and is told. - [`frames`]: the frames. - [`leaving`]: the end of the node.
//!
//! A socket tells nothing that the store does not know: a hint makes it read what the viewer may see. Losing hints costs
//! seconds, because the hub looks at everything that is watched now and then.

mod console;
mod frames;
mod hub;
mod leaving;
mod reads;
mod session;
mod socket;
mod viewer;
mod visitor;

pub use hub::Hub;
pub use leaving::Leaving;

use crate::state::Web;
use utoipa_axum::router::OpenApiRouter;

/// The route of the visitors' sockets.
pub fn visitor_router() -> OpenApiRouter<Web> {
    visitor::router()
}

/// The route of the console's sockets.
pub fn console_router() -> OpenApiRouter<Web> {
    console::router()
}

/// Begins to listen to the bus. Must be called within a Tokio runtime.
pub fn listen(web: &Web) {
    tokio::spawn(hub::hear(web.clone()));
    tokio::spawn(hub::look(web.clone()));
    tokio::spawn(hub::note_agents(web.clone()));
}
