//! Hours, busy times and meetings of one agent, and the slots that remain.

use crate::{
    busy::Stretch,
    rules::{Rules, minutes},
};
use jiff::civil::Date;
use kernel::Timestamp;
use routing::Hours;
use std::collections::BTreeMap;

/// A stretch of time in which a meeting can take place.
pub type Slot = Stretch;

/// A meeting that stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Booked {
    /// The meeting itself.
    pub meeting: Stretch,
    /// With the buffers that it was booked with.
    pub guarded: Stretch,
}

/// Why a slot cannot be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// It starts too soon, or has started.
    TooSoon,
    /// It lies beyond the horizon.
    TooFar,
    /// It is not one of the starts that the hours allow.
    OutsideHours,
    /// Something else is there, or too near.
    Taken,
    /// The day has as many meetings as it may have.
    DayFull,
}

/// Hours, busy times and meetings of one agent, laid out for asking.
#[derive(Debug, Clone)]
pub struct Calendar<'a> {
    hours: Hours<'a>,
    rules: &'a Rules,
    /// What new meetings must not touch, with their buffers; sorted, and not overlapping one another.
    taken: Vec<Stretch>,
    meetings_on: BTreeMap<Date, u32>,
}

impl<'a> Calendar<'a> {
    /// Lays out `busy` times, in any order and overlapping as they like, and `booked` meetings.
    pub fn new(hours: Hours<'a>, rules: &'a Rules, busy: &[Stretch], booked: &[Booked]) -> Self {
        let mut taken: Vec<Stretch> =
            busy.iter().copied().chain(booked.iter().map(|booked| booked.guarded)).collect();
        merge(&mut taken);
        let mut meetings_on = BTreeMap::new();
        if rules.most_per_day.is_some() {
            for booked in booked {
                *meetings_on.entry(hours.date_of(booked.meeting.start)).or_default() += 1;
            }
        }
        Self { hours, rules, taken, meetings_on }
    }

    /// The slots of `length` minutes that start in `range` and can be booked at `now`, by start.
    ///
    /// Starts are counted from the beginning of each block of hours, in steps; a slot lies in one block, or in several
    /// that touch. An hour that the clock shows twice is two hours, one that it leaves out is none.
    pub fn slots(&self, length: u32, range: Stretch, now: Timestamp) -> Vec<Slot> {
        let bookable = self.rules.bookable(now);
        let first = range.start.max(bookable.start);
        let last = range.end.min(bookable.end);
        if first >= last || length == 0 {
            return Vec::new();
        }
        let pieces = self.pieces(first, last);
        let runs = runs(&pieces);
        let mut slots = Vec::new();
        for piece in &pieces {
            self.slots_of(*piece, length, Stretch { start: first, end: last }, &runs, &mut slots);
        }
        slots.sort_unstable();
        slots.dedup();
        slots
    }

    /// Whether the meeting can be had when it is booked at `now`.
    pub fn check(&self, slot: Slot, now: Timestamp) -> Result<(), Refusal> {
        let bookable = self.rules.bookable(now);
        if slot.start < bookable.start {
            return Err(Refusal::TooSoon);
        }
        if slot.start >= bookable.end {
            return Err(Refusal::TooFar);
        }
        if !self.is_a_start(slot) {
            return Err(Refusal::OutsideHours);
        }
        let guarded = self.rules.guarded(slot);
        if !is_free(&self.taken, guarded) {
            return Err(Refusal::Taken);
        }
        if !self.has_room(slot) {
            return Err(Refusal::DayFull);
        }
        Ok(())
    }

    fn is_a_start(&self, slot: Slot) -> bool {
        let length = slot.start.duration_until(slot.end).as_mins();
        let Ok(length) = u32::try_from(length) else { return false };
        let step = minutes(self.rules.step_of(length)).as_secs();
        let pieces = self.pieces(slot.start, slot.end);
        let on_grid = |piece: &&Stretch| {
            let ahead = piece.start.duration_until(slot.start).as_secs();
            piece.start <= slot.start && slot.start < piece.end && ahead % step == 0
        };
        pieces.iter().any(|piece| on_grid(&piece)) && is_within(&runs(&pieces), slot)
    }

    /// Pieces of hours that can hold a slot with a start in `from..to`, by start.
    fn pieces(&self, from: Timestamp, to: Timestamp) -> Vec<Stretch> {
        let mut day = self.hours.date_of(from);
        day = day.yesterday().unwrap_or(day);
        let last = self.hours.date_of(to);
        // One day more: a slot may run on into the hours of the next.
        let last = last.tomorrow().unwrap_or(last);
        let mut pieces = Vec::new();
        while day <= last {
            pieces.extend(self.hours.pieces_of(day).map(|(start, end)| Stretch { start, end }));
            let Ok(next) = day.tomorrow() else { break };
            day = next;
        }
        pieces
    }

    fn slots_of(
        &self,
        piece: Stretch,
        length: u32,
        starts: Stretch,
        runs: &[Stretch],
        slots: &mut Vec<Slot>,
    ) {
        let step = minutes(self.rules.step_of(length));
        let mut start = first_start(piece.start, starts.start, step);
        while start < piece.end.min(starts.end) {
            let Ok(end) = start.checked_add(minutes(length)) else { return };
            let slot = Stretch { start, end };
            if is_within(runs, slot) && is_free(&self.taken, self.rules.guarded(slot)) && self.has_room(slot)
            {
                slots.push(slot);
            }
            let Ok(next) = start.checked_add(step) else { return };
            start = next;
        }
    }

    fn has_room(&self, slot: Slot) -> bool {
        self.meetings_on.is_empty()
            || self.rules.most_per_day.is_none_or(|most| {
                let there = self.meetings_on.get(&self.hours.date_of(slot.start)).copied();
                there.unwrap_or_default() < most
            })
    }
}

/// Whether `wanted` touches none of the stretches, which are sorted and apart from one another.
fn is_free(taken: &[Stretch], wanted: Stretch) -> bool {
    behind(taken, wanted.start).is_none_or(|taken| !taken.overlaps(wanted))
}

/// Whether `slot` lies within one of the stretches, which are sorted and apart from one another.
fn is_within(runs: &[Stretch], slot: Slot) -> bool {
    behind(runs, slot.start).is_some_and(|run| run.start <= slot.start && slot.end <= run.end)
}

/// The first that ends after an instant.
fn behind(apart: &[Stretch], at: Timestamp) -> Option<&Stretch> {
    apart.get(apart.partition_point(|stretch| stretch.end <= at))
}

/// The first start of a block that is not before `not_before`.
fn first_start(block: Timestamp, not_before: Timestamp, step: jiff::SignedDuration) -> Timestamp {
    let ahead = block.duration_until(not_before).as_millis();
    if ahead <= 0 {
        return block;
    }
    let step = step.as_millis().max(1);
    let whole = (ahead + step - 1) / step * step;
    i64::try_from(whole)
        .ok()
        .and_then(|ahead| block.checked_add(jiff::SignedDuration::from_millis(ahead)).ok())
        .unwrap_or(Timestamp::MAX)
}

/// Pieces that touch or overlap, put together.
fn runs(pieces: &[Stretch]) -> Vec<Stretch> {
    let mut runs = pieces.to_vec();
    merge(&mut runs);
    runs
}

/// Sorts, and puts together what touches or overlaps.
fn merge(stretches: &mut Vec<Stretch>) {
    stretches.sort_unstable();
    stretches.dedup_by(|next, kept| {
        let together = next.start <= kept.end;
        if together {
            kept.end = kept.end.max(next.end);
        }
        together
    });
}
