//! What screens and scripts call: `/api/v1`. Every file hangs its own routes in, each with the permission it needs.

use crate::state::Web;
use utoipa_axum::router::OpenApiRouter;

/// Routes of the console API.
pub fn router() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
}
