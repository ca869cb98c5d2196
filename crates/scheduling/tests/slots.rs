//! The slots of spec 07: the named cases, daylight saving, buffers, limits, and what holds for any calendar.

use jiff::{SignedDuration, civil::Date, tz::TimeZone};
use kernel::Timestamp;
use proptest::prelude::*;
use routing::{Block, Hours, Schedule, Week};
use scheduling::{Answer, Booked, Calendar, Event, Refusal, Rules, Shows, Stretch, When, blocking, union};
use std::collections::BTreeSet;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn stretch(start: &str, end: &str) -> Stretch {
    Stretch { start: at(start), end: at(end) }
}

fn blocks(texts: &[(&str, &str)]) -> Vec<Block> {
    let block = |(from, to): &(&str, &str)| Block { from: from.parse().unwrap(), to: to.parse().unwrap() };
    texts.iter().map(block).collect()
}

fn every_day(zone: &str, texts: &[(&str, &str)]) -> Schedule {
    let of_a_day = || blocks(texts);
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

fn at_once(length: u32) -> Rules {
    Rules { lengths: vec![length], notice: 0, horizon_days: 366, ..Rules::default() }
}

fn day_of(schedule: &Schedule, date: &str) -> Stretch {
    let hours = hours(schedule);
    let date: Date = date.parse().unwrap();
    Stretch { start: hours.start_of(date).unwrap(), end: hours.start_of(date.tomorrow().unwrap()).unwrap() }
}

fn hours(schedule: &Schedule) -> Hours<'_> {
    Hours::new(Some(schedule), TimeZone::get(&schedule.time_zone).unwrap())
}

fn starts(schedule: &Schedule, rules: &Rules, busy: &[Stretch], date: &str) -> Vec<String> {
    let day = day_of(schedule, date);
    let calendar = Calendar::new(hours(schedule), rules, busy, &[]);
    let zone = TimeZone::get(&schedule.time_zone).unwrap();
    let shown = |slot: &Stretch| slot.start.to_zoned(zone.clone()).strftime("%H:%M%:z").to_string();
    calendar.slots(rules.usual_length(), day, day.start).iter().map(shown).collect()
}

#[test]
fn the_cases_that_the_specification_names() {
    let whole = [("00:00", "24:00")];
    type Case<'a> = (&'a [(&'a str, &'a str)], u32, &'a str, usize);
    let cases: [Case<'_>; 7] = [
        (&whole, 60, "2027-01-12", 24),
        (&whole, 20, "2027-01-12", 72),
        (&[("00:00", "23:45")], 20, "2027-01-12", 71),
        (&[("11:00", "12:00"), ("14:00", "15:00")], 20, "2027-01-12", 6),
        (&[("07:22", "08:00")], 8, "2027-01-12", 4),
        (&[("01:00", "04:00")], 60, "2027-03-28", 2),
        (&[("01:00", "04:00")], 60, "2026-10-25", 4),
    ];
    for (texts, length, date, expected) in cases {
        let schedule = every_day("Europe/Paris", texts);
        let found = starts(&schedule, &at_once(length), &[], date);
        assert_eq!(found.len(), expected, "{texts:?} by {length} on {date}: {found:?}");
    }
}

#[test]
fn nine_to_five_is_nine_to_five_on_the_clock_of_every_date() {
    for zone in ["Europe/Paris", "Australia/Lord_Howe", "America/Adak", "Asia/Kathmandu"] {
        let schedule = every_day(zone, &[("09:00", "17:00")]);
        let mut date: Date = "2027-01-01".parse().unwrap();
        for _ in 0..366 {
            let found = starts(&schedule, &at_once(60), &[], &date.to_string());
            assert_eq!(found.len(), 8, "{zone} {date}");
            assert!(
                found[0].starts_with("09:00") && found[7].starts_with("16:00"),
                "{zone} {date}: {found:?}"
            );
            date = date.tomorrow().unwrap();
        }
    }
}

#[test]
fn an_hour_that_comes_twice_is_offered_as_two_and_one_that_is_left_out_not_at_all() {
    let schedule = every_day("Europe/Paris", &[("01:00", "04:00")]);
    let twice = starts(&schedule, &at_once(60), &[], "2026-10-25");
    assert_eq!(twice, ["01:00+02:00", "02:00+02:00", "02:00+01:00", "03:00+01:00"]);
    let left_out = starts(&schedule, &at_once(60), &[], "2027-03-28");
    assert_eq!(left_out, ["01:00+01:00", "03:00+02:00"]);
}

#[test]
fn a_slot_may_run_over_midnight_where_hours_touch() {
    let schedule = every_day("UTC", &[("00:00", "24:00")]);
    let rules = Rules { step: Some(50), ..at_once(50) };
    assert_eq!(starts(&schedule, &rules, &[], "2027-01-12").last().unwrap(), "23:20+00:00");
    let night = every_day("UTC", &[("22:00", "02:00")]);
    let found = starts(&night, &at_once(60), &[], "2027-01-12");
    assert_eq!(found, ["00:00+00:00", "01:00+00:00", "22:00+00:00", "23:00+00:00"]);
}

#[test]
fn busy_times_and_buffers_push_away_what_is_too_near() {
    let schedule = every_day("UTC", &[("09:00", "12:00")]);
    let busy = [stretch("2027-01-12T10:00:00Z", "2027-01-12T10:30:00Z")];
    let plain = at_once(30);
    let free = ["09:00+00:00", "09:30+00:00", "10:30+00:00", "11:00+00:00", "11:30+00:00"];
    assert_eq!(starts(&schedule, &plain, &busy, "2027-01-12"), free);
    let buffers = Rules { buffer_before: 10, buffer_after: 15, ..at_once(30) };
    let free = ["09:00+00:00", "11:00+00:00", "11:30+00:00"];
    assert_eq!(starts(&schedule, &buffers, &busy, "2027-01-12"), free);
}

#[test]
fn buffers_of_two_meetings_add_up() {
    let schedule = every_day("UTC", &[("09:00", "12:00")]);
    let rules = Rules { buffer_after: 15, buffer_before: 5, ..at_once(20) };
    let meeting = stretch("2027-01-12T10:00:00Z", "2027-01-12T10:20:00Z");
    let booked = [Booked { meeting, guarded: rules.guarded(meeting) }];
    let calendar = Calendar::new(hours(&schedule), &rules, &[], &booked);
    let day = day_of(&schedule, "2027-01-12");
    let found: Vec<String> =
        calendar.slots(20, day, day.start).iter().map(|slot| slot.start.to_string()).collect();
    let times = ["09:00", "09:20", "10:40", "11:00", "11:20", "11:40"];
    assert_eq!(found, times.map(|time| format!("2027-01-12T{time}:00Z")));
}

#[test]
fn notice_horizon_and_the_most_of_a_day_count() {
    let schedule = every_day("America/New_York", &[("09:00", "17:00")]);
    let rules =
        Rules { notice: 90, horizon_days: 1, most_per_day: Some(1), lengths: vec![60], ..Rules::default() };
    let now = at("2027-01-12T14:00:00Z");
    let range = Stretch { start: now, end: at("2027-02-12T00:00:00Z") };
    let open = Calendar::new(hours(&schedule), &rules, &[], &[]);
    let found = open.slots(60, range, now);
    assert_eq!(found.first().unwrap().start, at("2027-01-12T16:00:00Z"));
    assert_eq!(found.last().unwrap().start, at("2027-01-12T21:00:00Z"));
    let late = stretch("2027-01-13T00:30:00Z", "2027-01-13T01:30:00Z");
    let full = Calendar::new(hours(&schedule), &rules, &[], &[Booked { meeting: late, guarded: late }]);
    assert_eq!(
        full.slots(60, range, now),
        [],
        "half past midnight in UTC is the evening of the 12th in New York"
    );
    let slot = found[0];
    assert_eq!(full.check(slot, now), Err(Refusal::DayFull));
    assert_eq!(open.check(slot, now), Ok(()));
    assert_eq!(open.check(slot, at("2027-01-12T14:31:00Z")), Err(Refusal::TooSoon));
    let off_grid = stretch("2027-01-12T16:10:00Z", "2027-01-12T17:10:00Z");
    assert_eq!(open.check(off_grid, now), Err(Refusal::OutsideHours));
    let evening = stretch("2027-01-12T22:00:00Z", "2027-01-12T23:00:00Z");
    assert_eq!(open.check(evening, now), Err(Refusal::OutsideHours));
    assert_eq!(
        open.check(stretch("2027-01-13T15:00:00Z", "2027-01-13T16:00:00Z"), now),
        Err(Refusal::TooFar)
    );
}

#[test]
fn what_keeps_somebody_busy() {
    let zone = TimeZone::get("Asia/Kathmandu").unwrap();
    let when = When::At(stretch("2027-01-12T10:00:00Z", "2027-01-12T11:00:00Z"));
    let cases = [
        ("busy", Shows::Busy, Answer::Own, true),
        ("accepted", Shows::Busy, Answer::Accepted, true),
        ("tentative", Shows::Tentative, Answer::Own, true),
        ("tentatively accepted", Shows::Busy, Answer::Tentative, true),
        ("unanswered", Shows::Busy, Answer::None, true),
        ("free", Shows::Free, Answer::Own, false),
        ("declined", Shows::Busy, Answer::Declined, false),
        ("cancelled", Shows::Cancelled, Answer::Accepted, false),
    ];
    for (name, shows, answer, blocks) in cases {
        assert_eq!(blocking(&Event { when, shows, answer }, &zone).is_some(), blocks, "{name}");
    }
    let day = |from: &str, to: &str| Event {
        when: When::Days { from: from.parse().unwrap(), to: to.parse().unwrap() },
        shows: Shows::Busy,
        answer: Answer::Own,
    };
    let one = Some(stretch("2027-01-11T18:15:00Z", "2027-01-12T18:15:00Z"));
    assert_eq!(blocking(&day("2027-01-12", "2027-01-13"), &zone), one);
    assert_eq!(
        blocking(&day("2027-01-12", "2027-01-12"), &zone),
        one,
        "an end on the first day takes that day"
    );
    let empty = When::At(stretch("2027-01-12T10:00:00Z", "2027-01-12T10:00:00Z"));
    assert_eq!(blocking(&Event { when: empty, shows: Shows::Busy, answer: Answer::Own }, &zone), None);
}

#[test]
fn several_agents_show_the_union_of_their_slots() {
    let [first, second] = [1, 2].map(|n| kernel::UserId::from(uuid::Uuid::from_u128(n)));
    let slot = |hour: i64| {
        let start = at("2027-01-12T00:00:00Z") + SignedDuration::from_hours(hour);
        Stretch { start, end: start + SignedDuration::from_hours(1) }
    };
    let offers = union([(first, vec![slot(9), slot(10)]), (second, vec![slot(8), slot(10)])]);
    let shown: Vec<_> = offers.iter().map(|offer| (offer.slot, offer.agents.as_slice())).collect();
    let expected: [(Stretch, &[_]); 3] =
        [(slot(8), &[second]), (slot(9), &[first]), (slot(10), &[first, second])];
    assert_eq!(shown, expected);
}

#[test]
fn rules_name_the_field_that_cannot_be_accepted() {
    let broken = Rules {
        lengths: vec![30, 30, 2],
        step: Some(0),
        buffer_before: 2000,
        horizon_days: 0,
        most_per_day: Some(0),
        notice: 100_000,
        ..Rules::default()
    };
    let paths: Vec<String> = broken.mistakes().into_iter().map(|mistake| mistake.path).collect();
    let expected =
        ["/lengths/1", "/lengths/2", "/step", "/buffer_before", "/notice", "/horizon_days", "/most_per_day"];
    assert_eq!(paths, expected);
    assert_eq!(Rules::default().mistakes(), []);
    assert_eq!(Rules { lengths: vec![], ..Rules::default() }.mistakes().len(), 1);
}

fn any_stretch() -> impl Strategy<Value = Stretch> {
    (0_i64..10_000, 1_i64..600).prop_map(|(from, length)| {
        let start = at("2026-10-20T00:00:00Z") + SignedDuration::from_mins(from);
        Stretch { start, end: start + SignedDuration::from_mins(length) }
    })
}

proptest! {
    #[test]
    fn a_slot_is_offered_exactly_when_it_passes_the_check(
        busy in prop::collection::vec(any_stretch(), 0..12),
        meetings in prop::collection::vec(any_stretch(), 0..4),
        (length, step) in (5_u32..120, prop::option::of(5_u32..90)),
        (before, after) in (0_u32..40, 0_u32..40),
        most in prop::option::of(1_u32..3),
        zone in prop::sample::select(vec!["Europe/Paris", "Australia/Lord_Howe", "UTC", "Asia/Kathmandu"]),
    ) {
        let schedule = every_day(zone, &[("00:30", "03:40"), ("22:00", "00:30")]);
        let rules = Rules {
            lengths: vec![length],
            step,
            buffer_before: before,
            buffer_after: after,
            most_per_day: most,
            notice: 60,
            horizon_days: 6,
        };
        let booked: Vec<Booked> =
            meetings.iter().map(|meeting| Booked { meeting: *meeting, guarded: rules.guarded(*meeting) }).collect();
        let now = at("2026-10-20T00:00:00Z");
        let calendar = Calendar::new(hours(&schedule), &rules, &busy, &booked);
        let range = Stretch { start: now, end: at("2026-10-28T00:00:00Z") };
        let slots = calendar.slots(length, range, now);
        prop_assert!(slots.is_sorted());
        let mut minute = range.start;
        let mut passing = Vec::new();
        while minute < range.end {
            let slot = Stretch { start: minute, end: minute + SignedDuration::from_mins(i64::from(length)) };
            if calendar.check(slot, now).is_ok() {
                passing.push(slot);
            }
            minute += SignedDuration::from_mins(1);
        }
        prop_assert_eq!(&slots, &passing);
        for slot in slots {
            let guarded = rules.guarded(slot);
            prop_assert!(busy.iter().all(|busy| !busy.overlaps(guarded)));
            prop_assert!(booked.iter().all(|booked| !booked.guarded.overlaps(guarded)));
        }
    }
}
