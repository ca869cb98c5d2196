//! The hours of an agent as they are written down: weekly blocks on the clock of a zone, days off, extra days.

use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::{collections::BTreeSet, fmt, str::FromStr};

/// The most blocks of a day.
pub const MAX_BLOCKS: usize = 12;
/// The most days off, and the most extra days.
pub const MAX_DATES: usize = 400;
const MINUTES_OF_A_DAY: u16 = 24 * 60;

/// A time on a clock with 24 hours, from `00:00` to `24:00`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ClockTime(u16);

/// The text is not a time such as `09:30`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidClockTime;

impl fmt::Display for InvalidClockTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("is not a time of day such as 09:30; the last one is 24:00")
    }
}

impl ClockTime {
    /// The beginning of a day.
    pub const MIDNIGHT: Self = Self(0);
    /// The end of a day.
    pub const END_OF_DAY: Self = Self(MINUTES_OF_A_DAY);

    /// Hour and minute.
    pub const fn new(hour: u16, minute: u16) -> Option<Self> {
        if minute > 59 || hour > 24 || (hour == 24 && minute > 0) {
            return None;
        }
        Some(Self(hour * 60 + minute))
    }
    /// Hour and minute; the end of a day is hour 24.
    pub(crate) const fn parts(self) -> (u16, u16) {
        (self.0 / 60, self.0 % 60)
    }
}

impl fmt::Display for ClockTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (hour, minute) = self.parts();
        write!(f, "{hour:02}:{minute:02}")
    }
}

impl FromStr for ClockTime {
    type Err = InvalidClockTime;
    fn from_str(text: &str) -> Result<Self, InvalidClockTime> {
        let (hour, minute) = text.split_once(':').ok_or(InvalidClockTime)?;
        let number = |part: &str| match part.len() {
            2 if part.bytes().all(|byte| byte.is_ascii_digit()) => part.parse::<u16>().ok(),
            _ => None,
        };
        let parts = number(hour).zip(number(minute));
        parts.and_then(|(hour, minute)| Self::new(hour, minute)).ok_or(InvalidClockTime)
    }
}

impl Serialize for ClockTime {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ClockTime {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d)?.parse().map_err(serde::de::Error::custom)
    }
}

/// From a time to a time; one that ends at or before its beginning ends on the next day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Block {
    /// The beginning.
    pub from: ClockTime,
    /// The end, which is not part of it.
    pub to: ClockTime,
}

impl Block {
    /// Whether it ends on the day after.
    pub fn crosses_midnight(self) -> bool {
        self.to <= self.from
    }
}

/// Any number of blocks a weekday.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(missing_docs, reason = "days of the week")]
pub struct Week {
    pub monday: Vec<Block>,
    pub tuesday: Vec<Block>,
    pub wednesday: Vec<Block>,
    pub thursday: Vec<Block>,
    pub friday: Vec<Block>,
    pub saturday: Vec<Block>,
    pub sunday: Vec<Block>,
}

impl Week {
    /// The blocks that begin on a weekday.
    pub fn on(&self, day: Weekday) -> &[Block] {
        match day {
            Weekday::Monday => &self.monday,
            Weekday::Tuesday => &self.tuesday,
            Weekday::Wednesday => &self.wednesday,
            Weekday::Thursday => &self.thursday,
            Weekday::Friday => &self.friday,
            Weekday::Saturday => &self.saturday,
            Weekday::Sunday => &self.sunday,
        }
    }

    fn days(&self) -> [(&'static str, &[Block]); 7] {
        [
            ("monday", &self.monday),
            ("tuesday", &self.tuesday),
            ("wednesday", &self.wednesday),
            ("thursday", &self.thursday),
            ("friday", &self.friday),
            ("saturday", &self.saturday),
            ("sunday", &self.sunday),
        ]
    }
}

/// Blocks of one date, beside those of its weekday.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExtraDay {
    /// The date.
    pub date: Date,
    /// Its blocks.
    pub blocks: Vec<Block>,
}

/// The hours of an agent.
///
/// On a day off nothing takes place: blocks of its weekday do not begin, and one that came over from the day before ends
/// at midnight. Extra days add blocks to their date, also on a day off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Schedule {
    /// IANA name of the zone whose clock counts.
    pub time_zone: String,
    /// The week.
    #[serde(default)]
    pub week: Week,
    /// Dates without hours.
    #[serde(default)]
    pub days_off: BTreeSet<Date>,
    /// Dates with more hours.
    #[serde(default)]
    pub extra_days: Vec<ExtraDay>,
}

/// What cannot be accepted in a schedule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// JSON pointer within the schedule.
    pub path: String,
    /// Why; follows the name of the field in a sentence.
    pub reason: &'static str,
}

impl Schedule {
    /// Whether there is any hour in it at all.
    pub fn is_empty(&self) -> bool {
        self.week.days().iter().all(|(_, blocks)| blocks.is_empty())
            && self.extra_days.iter().all(|day| day.blocks.is_empty())
    }

    /// The blocks that begin on a date.
    pub(crate) fn blocks_of(&self, date: Date) -> impl Iterator<Item = Block> + '_ {
        let weekly = if self.days_off.contains(&date) { &[] } else { self.week.on(date.weekday()) };
        let extra = self.extra_days.iter().filter(move |day| day.date == date);
        weekly.iter().chain(extra.flat_map(|day| &day.blocks)).copied()
    }

    /// The last date that is not like every week.
    pub(crate) fn last_special_date(&self) -> Option<Date> {
        let extra = self.extra_days.iter().map(|day| day.date).max();
        self.days_off.last().copied().max(extra)
    }

    /// Everything that cannot be accepted; whether the zone exists is for the caller, who has the zones.
    pub fn mistakes(&self) -> Vec<Mistake> {
        let mut found = Vec::new();
        for (day, blocks) in self.week.days() {
            check_blocks(&format!("/week/{day}"), blocks, &mut found);
        }
        for (index, day) in self.extra_days.iter().enumerate() {
            check_blocks(&format!("/extra_days/{index}/blocks"), &day.blocks, &mut found);
            if self.extra_days[..index].iter().any(|other| other.date == day.date) {
                let path = format!("/extra_days/{index}/date");
                found.push(Mistake { path, reason: "is there twice" });
            }
        }
        for (path, count) in [("/days_off", self.days_off.len()), ("/extra_days", self.extra_days.len())] {
            if count > MAX_DATES {
                found.push(Mistake { path: path.to_owned(), reason: "must have at most 400 dates" });
            }
        }
        found
    }
}

fn check_blocks(path: &str, blocks: &[Block], found: &mut Vec<Mistake>) {
    if blocks.len() > MAX_BLOCKS {
        found.push(Mistake { path: path.to_owned(), reason: "must have at most 12 blocks" });
    }
    for (index, block) in blocks.iter().enumerate() {
        if let Some(reason) = mistake_of(*block, &blocks[..index]) {
            found.push(Mistake { path: format!("{path}/{index}"), reason });
        }
    }
}

fn mistake_of(block: Block, before: &[Block]) -> Option<&'static str> {
    if block.from == ClockTime::END_OF_DAY {
        return Some("must begin before 24:00");
    }
    if block.from == block.to {
        return Some("must not end when it begins; a whole day is 00:00 to 24:00");
    }
    let end = |block: Block| if block.crosses_midnight() { ClockTime::END_OF_DAY } else { block.to };
    let overlaps = |other: &Block| other.from < end(block) && block.from < end(*other);
    before.iter().any(overlaps).then_some("overlaps another block of the day")
}
