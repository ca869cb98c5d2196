//! Slots of fifty agents over thirty days, each with twenty busy events a day: `cargo xtask bench slots`.
#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]

use jiff::{SignedDuration, tz::TimeZone};
use kernel::{Timestamp, UserId};
use routing::{Block, Hours, Schedule, Week};
use scheduling::{Calendar, Rules, Stretch, union};
use std::{collections::BTreeSet, hint::black_box, time::Instant};

const AGENTS: u64 = 50;
const DAYS: i64 = 30;
const EVENTS_A_DAY: u64 = 20;
const ROUNDS: usize = 40;
const ZONES: [&str; 5] =
    ["Europe/Paris", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Kiritimati"];

fn schedule(zone: &str) -> Schedule {
    let of_a_day = || -> Vec<Block> {
        [("09:00", "12:00"), ("13:00", "18:00")]
            .into_iter()
            .filter_map(|(from, to)| Some(Block { from: from.parse().ok()?, to: to.parse().ok()? }))
            .collect()
    };
    Schedule {
        time_zone: zone.to_owned(),
        week: Week {
            monday: of_a_day(),
            tuesday: of_a_day(),
            wednesday: of_a_day(),
            thursday: of_a_day(),
            friday: of_a_day(),
            saturday: of_a_day(),
            sunday: of_a_day(),
        },
        days_off: BTreeSet::new(),
        extra_days: Vec::new(),
    }
}

/// Events of half an hour and less, anywhere in the day, in the order in which a calendar may give them.
fn busy(agent: u64, now: Timestamp) -> Vec<Stretch> {
    let mut dice = agent.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut roll = |sides: u64| {
        dice ^= dice << 13;
        dice ^= dice >> 7;
        dice ^= dice << 17;
        i64::try_from(dice % sides).unwrap_or_default()
    };
    let mut events = Vec::new();
    for day in 0..=DAYS {
        for _ in 0..EVENTS_A_DAY {
            let start = now + SignedDuration::from_mins(day * 1440 + roll(1440));
            events.push(Stretch { start, end: start + SignedDuration::from_mins(5 + roll(25)) });
        }
    }
    events
}

fn main() {
    let now: Timestamp = "2027-03-15T10:00:00Z".parse().unwrap_or(Timestamp::UNIX_EPOCH);
    let range = Stretch { start: now, end: now + SignedDuration::from_hours(DAYS * 24) };
    let rules = Rules { buffer_after: 5, most_per_day: Some(8), ..Rules::default() };
    let agents: Vec<(UserId, Schedule, TimeZone, Vec<Stretch>)> = (0..AGENTS)
        .zip(ZONES.iter().cycle())
        .map(|(agent, zone)| {
            let id = UserId::from(uuid::Uuid::from_u128(u128::from(agent)));
            (id, schedule(zone), TimeZone::get(zone).unwrap_or(TimeZone::UTC), busy(agent, now))
        })
        .collect();
    let mut times = Vec::with_capacity(ROUNDS);
    let mut offers = 0;
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        let slots = agents.iter().map(|(id, schedule, zone, busy)| {
            let hours = Hours::new(Some(schedule), zone.clone());
            (*id, Calendar::new(hours, &rules, busy, &[]).slots(30, range, now))
        });
        offers = black_box(union(slots)).len();
        times.push(begun.elapsed());
    }
    times.sort_unstable();
    let micros = |place: usize| times[place].as_micros();
    println!(
        "{{\"bench\":\"slots\",\"agents\":{AGENTS},\"days\":{DAYS},\"busy_a_day\":{EVENTS_A_DAY},\"offers\":{offers},\"median_us\":{},\"worst_us\":{}}}",
        micros(ROUNDS / 2),
        micros(ROUNDS - 1)
    );
}
