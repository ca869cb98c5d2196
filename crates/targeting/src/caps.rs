//! How often a dialogue is shown, and to which share of visitors (spec 03, *Caps*).

use crate::{Caps, Mark};
use jiff::SignedDuration;
use kernel::{DialogueId, Timestamp, VisitorId};
use serde::{Deserialize, Serialize};

/// The cap that keeps a dialogue from being shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CapReached {
    /// The visitor is not in the share.
    Share,
    /// Shown so often within the period already.
    PerVisitor,
    /// Dismissed not long enough ago.
    PauseAfterDismissal,
}

impl Caps {
    /// The first cap that forbids showing now; `marks` are the visitor's of this dialogue.
    pub(crate) fn reached<'m>(
        &self,
        dialogue: DialogueId,
        visitor: VisitorId,
        marks: impl Iterator<Item = &'m Mark> + Clone,
        now: Timestamp,
    ) -> Option<CapReached> {
        let within = |at: Timestamp, days: u32| {
            now.duration_since(at) < SignedDuration::from_hours(24 * i64::from(days))
        };
        if self.share.is_some_and(|share| share_of(visitor, dialogue) >= share) {
            return Some(CapReached::Share);
        }
        if let Some(cap) = self.per_visitor {
            let shown =
                marks.clone().flat_map(|mark| &mark.shown_at).filter(|at| within(**at, cap.period_days));
            if shown.count() >= cap.times as usize {
                return Some(CapReached::PerVisitor);
            }
        }
        let days = self.pause_after_dismissal_days?;
        let dismissed = marks.filter_map(|mark| mark.dismissed_at).any(|at| within(at, days));
        dismissed.then_some(CapReached::PauseAfterDismissal)
    }
}

/// The visitor's place from 0 to 99 for a dialogue: always the same, evenly spread, and another one for each dialogue,
/// so that a roll-out to 10 % does not always meet the same visitors. A larger share includes the smaller one.
pub fn share_of(visitor: VisitorId, dialogue: DialogueId) -> u8 {
    let (a, b) = visitor.uuid().as_u64_pair();
    let (c, d) = dialogue.uuid().as_u64_pair();
    let mixed = [b, c, d].into_iter().fold(scatter(a), |sum, part| scatter(sum ^ part));
    u8::try_from(mixed % 100).unwrap_or(0)
}

/// Spreads the bits of `x` (the finaliser of `SplitMix64`): ids of one second differ in few bits only.
fn scatter(x: u64) -> u64 {
    let x = x.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}
