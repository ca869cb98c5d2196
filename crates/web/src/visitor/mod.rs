//! What the widget calls: `/api/visitor/v1`.

use crate::state::Web;
use utoipa_axum::router::OpenApiRouter;

/// Routes of the visitor API.
pub fn router() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
}
