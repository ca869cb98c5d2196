//! Figures of dialogues, folded from activities. A reader may be handed an activity twice (they are delivered at least
//! once); it counts once.

use crate::{Activity, ActivityType, days, rules::once_per_conversation};
use jiff::{civil::Date, tz::TimeZone};
use kernel::{ActivityId, ConversationId, DialogueId};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashSet};

/// What became of a dialogue's conversations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct DialogueCounts {
    /// Conversations shown.
    pub triggered: u64,
    /// Conversations with an answer.
    pub engaged: u64,
    /// Conversations that reached the end of a branch.
    pub completed: u64,
    /// Conversations in which an e-mail address was given.
    pub acquired: u64,
    /// Goal cards passed.
    pub goals: u64,
}

impl DialogueCounts {
    /// Counts one more activity of a type; others than the five are not figures of a dialogue.
    pub fn count(&mut self, kind: ActivityType) {
        match kind {
            ActivityType::Triggered => self.triggered += 1,
            ActivityType::Engaged => self.engaged += 1,
            ActivityType::Completed => self.completed += 1,
            ActivityType::Acquired => self.acquired += 1,
            ActivityType::Goal => self.goals += 1,
            _ => {}
        }
    }

    /// The sum of both.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            triggered: self.triggered + other.triggered,
            engaged: self.engaged + other.engaged,
            completed: self.completed + other.completed,
            acquired: self.acquired + other.acquired,
            goals: self.goals + other.goals,
        }
    }
}

/// Recognises what was counted before: the same activity, or a second one of what counts once per conversation.
#[derive(Debug, Clone, Default)]
pub struct Once {
    activities: HashSet<ActivityId>,
    stages: HashSet<(ConversationId, ActivityType)>,
}

impl Once {
    /// True when the activity counts; from then on it does not any more.
    pub fn counts(&mut self, activity: &Activity) -> bool {
        if !self.activities.insert(activity.id) {
            return false;
        }
        match activity.conversation_id {
            Some(id) if once_per_conversation(activity.kind) => self.stages.insert((id, activity.kind)),
            _ => true,
        }
    }
}

/// The figures of every dialogue that the activities name.
pub fn counts_by_dialogue<'a>(
    activities: impl IntoIterator<Item = &'a Activity>,
) -> BTreeMap<DialogueId, DialogueCounts> {
    let mut once = Once::default();
    let mut counts: BTreeMap<DialogueId, DialogueCounts> = BTreeMap::new();
    for activity in activities {
        if let Some(dialogue) = activity.dialogue_id
            && once.counts(activity)
        {
            counts.entry(dialogue).or_default().count(activity.kind);
        }
    }
    counts
}

/// The figures of one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayCounts {
    /// The day, in the zone that was asked for.
    pub day: Date,
    /// Its figures.
    #[serde(flatten)]
    pub counts: DialogueCounts,
}

/// The figures of every day from `first` to `last` (both included, at most [`days::MAX_DAYS`]), also of days on which
/// nothing happened. Activities of other days and without a dialogue are passed over.
pub fn counts_by_day<'a>(
    activities: impl IntoIterator<Item = &'a Activity>,
    first: Date,
    last: Date,
    zone: &TimeZone,
) -> Vec<DayCounts> {
    let empty = |day| (day, DialogueCounts::default());
    let mut counts: BTreeMap<Date, DialogueCounts> = days::between(first, last).map(empty).collect();
    let mut once = Once::default();
    for activity in activities.into_iter().filter(|activity| activity.dialogue_id.is_some()) {
        if once.counts(activity)
            && let Some(day) = counts.get_mut(&days::day_of(activity.at, zone))
        {
            day.count(activity.kind);
        }
    }
    counts.into_iter().map(|(day, counts)| DayCounts { day, counts }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::activity;
    use serde_json::json;

    #[test]
    fn what_counts_once_counts_once_and_goals_every_time() {
        use ActivityType::{Acquired, Completed, Dropped, Engaged, Goal, Triggered};
        let kinds =
            [Triggered, Triggered, Engaged, Engaged, Goal, Goal, Acquired, Acquired, Completed, Dropped];
        let mut log: Vec<Activity> =
            (1..).zip(kinds).map(|(number, kind)| activity(number, kind, 1, 0, &json!({}))).collect();
        log.push(activity(50, Triggered, 2, 0, &json!({})));
        // Delivered a second time.
        log.extend(log.clone());
        let counts = counts_by_dialogue(&log);
        let expected = DialogueCounts { triggered: 2, engaged: 1, completed: 1, acquired: 1, goals: 2 };
        assert_eq!(counts.into_values().collect::<Vec<_>>(), [expected]);
    }

    #[test]
    fn days_are_those_of_the_zone_and_empty_ones_are_there() {
        let berlin = TimeZone::get("Europe/Berlin").expect("a zone");
        // 2026-03-28 23:30 UTC is the 29th in Berlin, whose day has 23 hours.
        let at = |text: &str| text.parse::<kernel::Timestamp>().expect("a time").as_second();
        let log = [
            activity(1, ActivityType::Triggered, 1, at("2026-03-28T22:59:59Z"), &json!({})),
            activity(2, ActivityType::Triggered, 2, at("2026-03-28T23:30:00Z"), &json!({})),
            activity(3, ActivityType::Triggered, 3, at("2026-03-29T21:59:59Z"), &json!({})),
            activity(4, ActivityType::Triggered, 4, at("2026-03-29T22:00:00Z"), &json!({})),
        ];
        let (first, last) = (jiff::civil::date(2026, 3, 27), jiff::civil::date(2026, 3, 30));
        let triggered: Vec<(String, u64)> = counts_by_day(&log, first, last, &berlin)
            .into_iter()
            .map(|day| (day.day.to_string(), day.counts.triggered))
            .collect();
        let expected = [("2026-03-27", 0), ("2026-03-28", 1), ("2026-03-29", 2), ("2026-03-30", 1)];
        assert_eq!(triggered, expected.map(|(day, count)| (day.to_owned(), count)));
    }

    #[test]
    fn a_day_is_one_flat_object() {
        let day = DayCounts { day: jiff::civil::date(2026, 1, 2), counts: DialogueCounts::default() };
        let json = serde_json::to_value(day).expect("JSON");
        let expected = json!({"day": "2026-01-02", "triggered": 0, "engaged": 0, "completed": 0, "acquired": 0, "goals": 0});
        assert_eq!(json, expected);
    }
}
