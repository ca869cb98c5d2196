//! How one is called when a chat needs one and one looks elsewhere.

use super::users_shapes::me;
use crate::{
    extract::{Json, Path},
    guard::{Guarded, Needs, Who},
    problem::Problem,
    state::Web,
};
use app::notify::{
    browsers::{self, BrowserView, NewSubscription, Trial},
    settings::{self, NotificationsChange, NotificationsView},
};
use axum::{extract::State, http::StatusCode};
use kernel::PushSubscriptionId;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Routes about one's own notifications.
pub fn router() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .at(Needs::User, routes!(show))
        .at(Needs::User, routes!(change))
        .at(Needs::User, routes!(subscribe))
        .at(Needs::User, routes!(unsubscribe))
        .at(Needs::User, routes!(attempt))
}

/// How I am called
#[utoipa::path(get, path = "/api/v1/me/notifications", operation_id = "show_my_notifications", tag = "console", responses((status = 200, body = NotificationsView)))]
async fn show(State(web): State<Web>, who: Who) -> Result<axum::Json<NotificationsView>, Problem> {
    Ok(axum::Json(settings::show(web.app(), &who, me(&who)?).await?))
}

/// Choose how I am called
#[utoipa::path(put, path = "/api/v1/me/notifications", operation_id = "change_my_notifications", tag = "console", request_body = NotificationsChange, responses((status = 200, body = NotificationsView)))]
async fn change(
    State(web): State<Web>,
    who: Who,
    Json(body): Json<NotificationsChange>,
) -> Result<axum::Json<NotificationsView>, Problem> {
    let view = settings::change(web.app(), &who, me(&who)?, body).await?;
    web.forget_sign_ins();
    Ok(axum::Json(view))
}

/// Push notifications to this browser
///
/// The subscription ends with the sign-in. The same again changes nothing.
#[utoipa::path(put, path = "/api/v1/me/push-subscriptions", operation_id = "put_my_push_subscription", tag = "console", request_body = NewSubscription, responses((status = 200, body = BrowserView)))]
async fn subscribe(
    State(web): State<Web>,
    who: Who,
    Json(body): Json<NewSubscription>,
) -> Result<axum::Json<BrowserView>, Problem> {
    Ok(axum::Json(browsers::add(web.app(), me(&who)?, body).await?))
}

/// Push nothing to a browser any more
#[utoipa::path(delete, path = "/api/v1/me/push-subscriptions/{id}", operation_id = "delete_my_push_subscription", tag = "console", params(("id" = String, Path)), responses((status = 204)))]
async fn unsubscribe(
    State(web): State<Web>,
    who: Who,
    Path(id): Path<PushSubscriptionId>,
) -> Result<StatusCode, Problem> {
    browsers::remove(web.app(), me(&who)?, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Try whether a notification arrives
#[utoipa::path(post, path = "/api/v1/me/notifications/trial", operation_id = "try_my_notifications", tag = "console", request_body = Trial, responses((status = 202)))]
async fn attempt(State(web): State<Web>, who: Who, Json(body): Json<Trial>) -> Result<StatusCode, Problem> {
    browsers::attempt(web.app(), me(&who)?, body).await?;
    Ok(StatusCode::ACCEPTED)
}
