//! Hours, boundaries and the switch, by wall clock and across changes of the clock.

#![expect(clippy::unwrap_used, reason = "tests")]

use jiff::{civil::DateTime, tz::TimeZone};
use proptest::prelude::*;
use routing::{Because, Block, ClockTime, ExtraDay, Hours, Schedule, State, Switch, Week};

type Timestamp = jiff::Timestamp;

fn block(text: &str) -> Block {
    let (from, to) = text.split_once('-').unwrap();
    Block { from: from.parse().unwrap(), to: to.parse().unwrap() }
}

fn blocks(text: &str) -> Vec<Block> {
    text.split_whitespace().map(block).collect()
}

fn every_day(zone: &str, text: &str) -> Schedule {
    let day = || blocks(text);
    let week = Week {
        monday: day(),
        tuesday: day(),
        wednesday: day(),
        thursday: day(),
        friday: day(),
        saturday: day(),
        sunday: day(),
    };
    Schedule { time_zone: zone.to_owned(), week, ..empty(zone) }
}

fn empty(zone: &str) -> Schedule {
    Schedule {
        time_zone: zone.to_owned(),
        week: Week::default(),
        days_off: std::collections::BTreeSet::default(),
        extra_days: Vec::new(),
    }
}

fn hours(schedule: &Schedule) -> Hours<'_> {
    Hours::new(Some(schedule), TimeZone::get(&schedule.time_zone).unwrap())
}

/// A wall time in the zone; of a repeated one the first.
fn at(zone: &str, wall: &str) -> Timestamp {
    let wall: DateTime = wall.parse().unwrap();
    TimeZone::get(zone).unwrap().to_ambiguous_timestamp(wall).earlier().unwrap()
}

const BERLIN: &str = "Europe/Berlin";

#[test]
fn hours_by_the_clock() {
    let mut schedule = empty(BERLIN);
    schedule.week.monday = blocks("09:00-12:00 13:00-17:00");
    schedule.week.friday = blocks("22:00-06:00");
    schedule.week.sunday = blocks("00:00-24:00");
    schedule.days_off = ["2026-11-30".parse().unwrap()].into();
    schedule.extra_days = vec![
        ExtraDay { date: "2026-11-30".parse().unwrap(), blocks: blocks("18:00-19:00") },
        ExtraDay { date: "2026-12-01".parse().unwrap(), blocks: blocks("10:00-11:00") },
    ];
    for (wall, open, until) in [
        // A Monday with two blocks.
        ("2026-11-23T08:59", false, "2026-11-23T09:00"),
        ("2026-11-23T09:00", true, "2026-11-23T12:00"),
        ("2026-11-23T11:59:59", true, "2026-11-23T12:00"),
        ("2026-11-23T12:00", false, "2026-11-23T13:00"),
        ("2026-11-23T17:00", false, "2026-11-27T22:00"),
        // A block that crosses midnight.
        ("2026-11-27T23:00", true, "2026-11-28T06:00"),
        ("2026-11-28T05:59", true, "2026-11-28T06:00"),
        ("2026-11-28T06:00", false, "2026-11-29T00:00"),
        // A whole day.
        ("2026-11-29T00:00", true, "2026-11-30T00:00"),
        // A Monday off with an extra block, and an extra day.
        ("2026-11-30T10:00", false, "2026-11-30T18:00"),
        ("2026-11-30T18:30", true, "2026-11-30T19:00"),
        ("2026-12-01T10:30", true, "2026-12-01T11:00"),
    ] {
        let hours = hours(&schedule);
        assert_eq!(hours.is_open(at(BERLIN, wall)), open, "{wall}");
        assert_eq!(hours.next_boundary(at(BERLIN, wall)), Some(at(BERLIN, until)), "{wall}");
    }
}

#[test]
fn a_night_shift_ends_at_midnight_before_a_day_off_and_does_not_begin_on_one() {
    let mut schedule = every_day(BERLIN, "22:00-06:00");
    schedule.days_off = ["2026-11-28".parse().unwrap()].into();
    let hours = hours(&schedule);
    for (wall, open) in [
        ("2026-11-27T23:59", true),
        ("2026-11-28T00:00", false),
        ("2026-11-28T23:00", false),
        ("2026-11-29T01:00", false),
        ("2026-11-29T22:00", true),
    ] {
        assert_eq!(hours.is_open(at(BERLIN, wall)), open, "{wall}");
    }
}

#[test]
fn blocks_that_touch_are_one_and_always_has_no_end() {
    let shifts = every_day(BERLIN, "06:00-14:00 14:00-22:00");
    assert_eq!(
        hours(&shifts).next_boundary(at(BERLIN, "2026-11-23T07:00")),
        Some(at(BERLIN, "2026-11-23T22:00"))
    );
    let always = every_day(BERLIN, "00:00-24:00");
    assert_eq!(hours(&always).next_boundary(at(BERLIN, "2026-11-23T07:00")), None);
    let never = empty(BERLIN);
    assert_eq!(hours(&never).next_boundary(at(BERLIN, "2026-11-23T07:00")), None);
    // Always, but for one day far ahead.
    let mut holiday = always;
    holiday.days_off = ["2027-08-02".parse().unwrap()].into();
    assert_eq!(
        hours(&holiday).next_boundary(at(BERLIN, "2026-11-23T07:00")),
        Some(at(BERLIN, "2027-08-02T00:00"))
    );
}

#[test]
fn days_on_which_the_clock_changes() {
    let utc = |text: &str| text.parse::<Timestamp>().unwrap();
    // Nine to five is nine to five on every date.
    let office = every_day(BERLIN, "09:00-17:00");
    for (from, to) in [
        ("2026-03-28T08:00Z", "2026-03-28T16:00Z"),
        ("2026-03-29T07:00Z", "2026-03-29T15:00Z"),
        ("2026-10-24T07:00Z", "2026-10-24T15:00Z"),
        ("2026-10-25T08:00Z", "2026-10-25T16:00Z"),
    ] {
        let hours = hours(&office);
        assert!(!hours.is_open(utc(from) - jiff::SignedDuration::from_secs(1)), "{from}");
        assert!(hours.is_open(utc(from)), "{from}");
        assert_eq!(hours.next_boundary(utc(from)), Some(utc(to)), "{from}");
    }
    // On 2026-03-29 the clock goes from 02:00 to 03:00 at 01:00 UTC.
    let into_the_gap = every_day(BERLIN, "01:00-02:30");
    assert_eq!(hours(&into_the_gap).next_boundary(utc("2026-03-29T00:30Z")), Some(utc("2026-03-29T01:00Z")));
    let out_of_the_gap = every_day(BERLIN, "02:30-04:00");
    assert_eq!(
        hours(&out_of_the_gap).next_boundary(utc("2026-03-29T00:30Z")),
        Some(utc("2026-03-29T01:00Z"))
    );
    let within_the_gap = every_day(BERLIN, "02:15-02:45");
    assert_eq!(
        hours(&within_the_gap).next_boundary(utc("2026-03-28T23:00Z")),
        Some(utc("2026-03-30T00:15Z"))
    );
    // On 2026-10-25 the hour from 02:00 to 03:00 comes twice: 00:00 to 01:00 and 01:00 to 02:00 UTC.
    let twice = every_day(BERLIN, "02:15-02:45");
    assert_eq!(hours(&twice).next_boundary(utc("2026-10-25T00:00Z")), Some(utc("2026-10-25T00:15Z")));
    assert_eq!(hours(&twice).next_boundary(utc("2026-10-25T00:30Z")), Some(utc("2026-10-25T01:45Z")));
    // A zone whose midnight does not exist on that day.
    let beirut = every_day("Asia/Beirut", "00:00-08:00");
    let missing_midnight = at("Asia/Beirut", "2026-03-29T01:00");
    assert_eq!(hours(&beirut).next_boundary(at("Asia/Beirut", "2026-03-28T23:00")), Some(missing_midnight));
}

#[test]
fn the_switch_overrides_until_boundary_or_midnight() {
    let mut schedule = every_day(BERLIN, "09:00-12:00 13:00-17:00");
    schedule.week.sunday.clear();
    let hours = hours(&schedule);
    let wall = |text: &str| at(BERLIN, text);
    for (available, turned, until) in [
        // To the next end, the next beginning, and midnight.
        (false, "2026-11-23T10:00", "2026-11-23T12:00"),
        (true, "2026-11-23T12:10", "2026-11-23T13:00"),
        (true, "2026-11-23T18:00", "2026-11-24T00:00"),
        (true, "2026-11-28T20:00", "2026-11-29T00:00"),
        (true, "2026-11-29T10:00", "2026-11-30T00:00"),
    ] {
        let switch = Switch::turned(available, &hours, wall(turned)).unwrap();
        assert_eq!(switch.until(&hours), wall(until), "{turned}");
        let second = jiff::SignedDuration::from_secs(1);
        let during = hours.state_at(Some(switch), wall(until) - second);
        assert_eq!(
            during,
            State { available, because: Because::Switch, until: Some(wall(until)) },
            "{turned}"
        );
        let after = hours.state_at(Some(switch), wall(until));
        assert_eq!(after.because, Because::Schedule, "{turned}");
        assert_eq!(after.available, hours.is_open(wall(until)), "{turned}");
    }
}

#[test]
fn switching_back_leaves_nothing_behind_and_without_hours_midnight_is_that_of_utc() {
    let schedule = every_day(BERLIN, "09:00-17:00");
    let open = at(BERLIN, "2026-11-23T10:00");
    assert_eq!(Switch::turned(true, &hours(&schedule), open), None);
    let none = Hours::new(None, TimeZone::UTC);
    let now: Timestamp = "2026-11-23T10:00Z".parse().unwrap();
    assert_eq!(none.state_at(None, now), State { available: false, because: Because::NoHours, until: None });
    let switch = Switch::turned(true, &none, now).unwrap();
    assert_eq!(switch.until(&none), "2026-11-24T00:00Z".parse::<Timestamp>().unwrap());
    assert!(none.state_at(Some(switch), now).available);
}

#[test]
fn times_of_day_have_one_form() {
    for (text, good) in [
        ("00:00", true),
        ("09:30", true),
        ("24:00", true),
        ("24:01", false),
        ("9:30", false),
        ("09:60", false),
        ("+9:30", false),
        ("09:30:00", false),
        ("", false),
    ] {
        assert_eq!(text.parse::<ClockTime>().is_ok(), good, "{text}");
    }
    let text = r#"{"time_zone":"Europe/Berlin","week":{"monday":[{"from":"09:00","to":"17:00"}]}}"#;
    let schedule: Schedule = serde_json::from_str(text).unwrap();
    assert_eq!(schedule.week.monday, blocks("09:00-17:00"));
    let again: Schedule = serde_json::from_value(serde_json::to_value(&schedule).unwrap()).unwrap();
    assert_eq!(again, schedule);
}

#[test]
fn mistakes_are_found_at_their_place() {
    let mut schedule = empty(BERLIN);
    schedule.week.monday = blocks("09:00-12:00 11:00-13:00");
    schedule.week.tuesday = blocks("22:00-06:00 23:00-24:00");
    schedule.week.wednesday =
        vec![block("09:00-09:00"), Block { from: ClockTime::END_OF_DAY, to: ClockTime::new(1, 0).unwrap() }];
    schedule.week.thursday = blocks("08:00-09:00 09:00-10:00 22:00-02:00");
    let day = ExtraDay { date: "2026-11-30".parse().unwrap(), blocks: Vec::new() };
    schedule.extra_days = vec![day.clone(), day];
    let paths: Vec<String> = schedule.mistakes().into_iter().map(|mistake| mistake.path).collect();
    assert_eq!(
        paths,
        ["/week/monday/1", "/week/tuesday/1", "/week/wednesday/0", "/week/wednesday/1", "/extra_days/1/date"]
    );
}

fn clock_time() -> impl Strategy<Value = ClockTime> {
    (0_u16..=24, 0_u16..60)
        .prop_map(|(hour, minute)| ClockTime::new(hour, minute).unwrap_or(ClockTime::END_OF_DAY))
}

fn any_blocks() -> impl Strategy<Value = Vec<Block>> {
    prop::collection::vec((clock_time(), clock_time()).prop_map(|(from, to)| Block { from, to }), 0..4)
}

prop_compose! {
    fn any_schedule()(
        zone in prop::sample::select(vec!["Europe/Berlin", "America/New_York", "Asia/Beirut", "Pacific/Apia", "Australia/Lord_Howe", "UTC"]),
        days in prop::collection::vec(any_blocks(), 7),
        off in prop::collection::vec(0_i64..60, 0..5),
        extra in any_blocks(),
    ) -> Schedule {
        let mut days = days.into_iter();
        let mut day = || days.next().unwrap_or_default();
        let start: jiff::civil::Date = "2026-10-10".parse().unwrap();
        let date = |n: i64| start.checked_add(jiff::Span::new().days(n)).unwrap();
        Schedule {
            time_zone: zone.to_owned(),
            week: Week {
                monday: day(), tuesday: day(), wednesday: day(), thursday: day(), friday: day(), saturday: day(), sunday: day(),
            },
            days_off: off.iter().map(|n| date(*n)).collect(),
            extra_days: vec![ExtraDay { date: date(20), blocks: extra }],
        }
    }
}

proptest! {
    /// The state is the same from now to the boundary, and another at the boundary, whatever the schedule and the clock.
    #[test]
    fn between_now_and_the_boundary_nothing_changes(schedule in any_schedule(), minutes in 0_i64..80_000, share in 0_u32..100) {
        let now = "2026-10-01T00:00Z".parse::<Timestamp>().unwrap() + jiff::SignedDuration::from_mins(minutes);
        let hours = hours(&schedule);
        let open = hours.is_open(now);
        let until = hours.next_boundary(now);
        let end = until.unwrap_or(now + jiff::SignedDuration::from_hours(24 * 14));
        let within = now + (end.duration_since(now) / 100) * i32::try_from(share).unwrap();
        prop_assert_eq!(hours.is_open(within), open);
        if let Some(boundary) = until {
            prop_assert!(boundary > now);
            prop_assert_eq!(hours.is_open(boundary), !open);
        }
        let switch = Switch { available: !open, at: now };
        prop_assert!(switch.until(&hours) > now && switch.until(&hours) <= end.max(hours.next_midnight(now)));
    }

    /// Nothing panics at the ends of time.
    #[test]
    fn the_ends_of_time_are_harmless(schedule in any_schedule(), early in any::<bool>()) {
        let now = if early { Timestamp::MIN } else { Timestamp::MAX };
        let hours = hours(&schedule);
        let state = hours.state_at(Some(Switch { available: true, at: now }), now);
        prop_assert!(state.until.is_none_or(|until| until >= now));
    }
}
