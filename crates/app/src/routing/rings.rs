//! Rings as the screen shows them: the order, everybody's last and next turn, and totals.

use super::assign::{Presence, setup};
use crate::{App, AppError, catalog::AttributeCatalog};
use ::routing::{Away, Purpose, RingKey, Scope, Standing};
use criteria::Symbols;
use kernel::{RoutingRuleId, TeamId, Timestamp, UserId};
use serde::Serialize;
use utoipa::ToSchema;

/// A ring.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Ring)]
pub struct RingView {
    /// Turns served in all.
    pub turns: i64,
    /// Those who take turns, the next one first.
    pub seats: Vec<SeatView>,
}

/// Somebody who takes turns.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Seat)]
pub struct SeatView {
    /// Who.
    #[schema(value_type = String)]
    pub agent_id: UserId,
    /// Name.
    pub name: String,
    /// Turns for one of the others.
    pub weight: u8,
    /// Turns so far.
    pub turns: u64,
    /// The last one.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_at: Option<Timestamp>,
    /// In how many turns it is his or hers, if all are there: 1 is the next.
    pub next_turn: Option<u32>,
    /// Why he or she would be passed over now, in words; none when not.
    pub away: Option<String>,
}

/// Whose ring is asked for.
pub fn scope(team: Option<TeamId>, rule: Option<RoutingRuleId>) -> Result<Scope, AppError> {
    match (team, rule) {
        (None, None) => Ok(Scope::Everybody),
        (Some(team), None) => Ok(Scope::Team(team)),
        (None, Some(rule)) => Ok(Scope::Rule(rule)),
        _ => Err(AppError::invalid("/team", "option", "cannot be given together with a rule")),
    }
}

/// A ring as it stands.
pub async fn show(app: &App, purpose: Purpose, scope: Scope) -> Result<RingView, AppError> {
    let mut session = app.store().read().await?;
    let catalog = AttributeCatalog::read(&mut *session).await?;
    let (mut symbols, presence) = (Symbols::new(), Presence::default());
    let setup = setup(&mut *session, &catalog, &mut symbols, purpose, &presence, app.now()).await?;
    let members = setup.members(scope);
    let rings = session.rings(&[RingKey { purpose, scope }]).await?;
    let ring = rings.into_iter().next().unwrap_or_default();
    let upcoming = ring.upcoming(&members);
    let seats = ring.order(&members).into_iter().filter_map(|id| {
        let agent = setup.agents.iter().find(|agent| agent.id == id)?;
        let seat = ring.seat(id);
        let away = match agent.standing {
            Standing::Free => None,
            Standing::Away(why) => Some(Away::words(why)),
        };
        Some(SeatView {
            agent_id: id,
            name: agent.name.clone(),
            weight: agent.weight,
            turns: seat.map_or(0, |seat| seat.turns),
            last_at: seat.map(|seat| seat.last_at),
            next_turn: upcoming.get(&id).copied(),
            away,
        })
    });
    Ok(RingView { turns: ring.turns, seats: seats.collect() })
}
