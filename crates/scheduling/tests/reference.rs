//! Slots of twelve zones on every day of a leap year, against a calculation in another language with another time zone
//! library (`reference.py`, which wrote `reference.txt`).

use jiff::{
    ToSpan,
    civil::{Date, date},
    tz::TimeZone,
};
use routing::{Block, Hours, Schedule, Week};
use scheduling::{Calendar, Rules, Stretch};
use std::collections::BTreeSet;

const REFERENCE: &str = include_str!("reference.txt");
const FIRST: Date = date(2028, 1, 1);

fn schedule(zone: &str) -> Schedule {
    let of_a_day = || -> Vec<Block> {
        [("00:00", "03:30"), ("07:30", "12:00"), ("13:15", "18:05"), ("22:30", "01:40")]
            .map(|(from, to)| Block { from: from.parse().unwrap(), to: to.parse().unwrap() })
            .into()
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

#[test]
fn slots_are_those_of_the_independent_calculation() {
    let mut zones = 0;
    for line in REFERENCE.lines() {
        let mut fields = line.split(' ');
        let (zone, mixed) = (fields.next().unwrap(), fields.next().unwrap().parse::<u64>().unwrap());
        let counts: Vec<usize> = fields.next().unwrap().split(',').map(|n| n.parse().unwrap()).collect();
        let schedule = schedule(zone);
        let rules = Rules { lengths: vec![25], notice: 0, horizon_days: 366, ..Rules::default() };
        let hours = Hours::new(Some(&schedule), TimeZone::get(zone).unwrap());
        let calendar = Calendar::new(hours.clone(), &rules, &[], &[]);
        let mut found = 0_u64;
        for (ahead, expected) in (0_i64..).zip(&counts) {
            let day = FIRST + ahead.days();
            let start = hours.start_of(day).unwrap();
            let range = Stretch { start, end: hours.start_of(day.tomorrow().unwrap()).unwrap() };
            let slots = calendar.slots(25, range, start);
            assert_eq!(slots.len(), *expected, "{zone} {day}");
            for slot in slots {
                let minute = u64::try_from(slot.start.as_second() / 60).unwrap();
                found = found.wrapping_mul(31).wrapping_add(minute);
            }
        }
        assert_eq!((counts.len(), found), (366, mixed), "{zone}");
        zones += 1;
    }
    assert_eq!(zones, 12);
}
