//! The trace of a page view: the verdict on every dialogue of a snapshot, in its order, as a line of a few letters, with
//! what was known of the attributes on which audiences failed. Whoever has the dialogues of that snapshot reads it back.
//!
//! A verdict is a letter. `a` (audience) and `x` (excluded page) are followed by the place of the condition or pattern;
//! any other letter by how often it comes in a row, when that is more than once: `p57sa3o2` is 57 dialogues of other
//! pages, one that is shown, one whose fourth condition failed, and two that would have come after it.

use crate::{CapReached, Obstacle, SiteSnapshot};
use criteria::{Compiled, Facts};
use std::fmt::Write as _;

/// Longer lines come from no snapshot.
const MOST_VERDICTS: usize = 100_000;

/// A verdict as it is read back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Traced {
    /// The visitor got it.
    Shown,
    /// Chat was off for the site.
    ChatOff,
    /// An engaged conversation went on.
    GoesOn,
    /// It could not be shown.
    Kept(Obstacle),
    /// It matched, but the one that is shown came first by priority.
    Outranked,
}

/// The verdicts of one page view.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Trace {
    /// A letter for each dialogue.
    pub verdicts: String,
    /// What was known of the attributes that failed conditions ask about, by slot, such as `is empty`.
    pub facts: Vec<(u32, String)>,
    /// The last letter and how often it came, not yet in the line.
    run: Option<(char, u32)>,
}

impl Trace {
    pub(crate) fn chat_off(snapshot: &SiteSnapshot) -> Self {
        Self::of_all('f', snapshot)
    }

    pub(crate) fn goes_on(snapshot: &SiteSnapshot) -> Self {
        Self::of_all('g', snapshot)
    }

    fn of_all(letter: char, snapshot: &SiteSnapshot) -> Self {
        let dialogues = u32::try_from(snapshot.dialogues().len()).unwrap_or(u32::MAX);
        let mut trace = Self { run: (dialogues > 0).then_some((letter, dialogues)), ..Self::default() };
        trace.end();
        trace
    }

    /// Adds the verdict on the next dialogue; without an obstacle it is shown when it is the first such.
    pub(crate) fn add(
        &mut self,
        obstacle: Option<Obstacle>,
        is_first: bool,
        audience: &Compiled,
        facts: &Facts,
    ) {
        let letter = match obstacle {
            None if is_first => 's',
            None => 'o',
            Some(Obstacle::Disabled) => 'd',
            Some(Obstacle::Completed) => 'c',
            Some(Obstacle::Page) => 'p',
            Some(Obstacle::Cap(CapReached::Share)) => 'r',
            Some(Obstacle::Cap(CapReached::PerVisitor)) => 'v',
            Some(Obstacle::Cap(CapReached::PauseAfterDismissal)) => 'w',
            Some(Obstacle::Excluded(place)) => return self.placed('x', place),
            Some(Obstacle::Audience(number)) => {
                self.know(audience.slot_of(number), facts);
                return self.placed('a', number);
            }
        };
        match &mut self.run {
            Some((last, times)) if *last == letter => *times += 1,
            _ => {
                self.end();
                self.run = Some((letter, 1));
            }
        }
    }

    fn placed(&mut self, letter: char, place: u32) {
        self.end();
        // Writing to a string cannot fail.
        let _ = write!(self.verdicts, "{letter}{place}");
    }

    fn know(&mut self, slot: Option<u32>, facts: &Facts) {
        if let Some(slot) = slot.filter(|slot| self.facts.iter().all(|(known, _)| known != slot)) {
            self.facts.push((slot, facts.in_words(slot)));
        }
    }

    /// Writes what is still held back.
    pub(crate) fn end(&mut self) {
        match self.run.take() {
            Some((letter, 1)) => self.verdicts.push(letter),
            Some((letter, times)) => {
                let _ = write!(self.verdicts, "{letter}{times}");
            }
            None => {}
        }
    }

    /// The verdicts of a line, in the order of the dialogues; `None` for a line that is none.
    pub fn read(line: &str) -> Option<Vec<Traced>> {
        let mut verdicts = Vec::new();
        let mut rest = line;
        while let Some(letter) = rest.chars().next() {
            let behind = &rest[letter.len_utf8()..];
            let digits = behind.len() - behind.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            let number = match digits {
                0 => None,
                _ => Some(behind[..digits].parse::<u32>().ok()?),
            };
            rest = &behind[digits..];
            let (verdict, times) = match (letter, number) {
                ('a', Some(number)) => (Traced::Kept(Obstacle::Audience(number)), 1),
                ('x', Some(place)) => (Traced::Kept(Obstacle::Excluded(place)), 1),
                (letter, times) => (simple(letter)?, times.unwrap_or(1) as usize),
            };
            if verdicts.len() + times > MOST_VERDICTS {
                return None;
            }
            verdicts.extend(std::iter::repeat_n(verdict, times));
        }
        Some(verdicts)
    }
}

fn simple(letter: char) -> Option<Traced> {
    Some(match letter {
        's' => Traced::Shown,
        'f' => Traced::ChatOff,
        'g' => Traced::GoesOn,
        'o' => Traced::Outranked,
        'd' => Traced::Kept(Obstacle::Disabled),
        'c' => Traced::Kept(Obstacle::Completed),
        'p' => Traced::Kept(Obstacle::Page),
        'r' => Traced::Kept(Obstacle::Cap(CapReached::Share)),
        'v' => Traced::Kept(Obstacle::Cap(CapReached::PerVisitor)),
        'w' => Traced::Kept(Obstacle::Cap(CapReached::PauseAfterDismissal)),
        _ => return None,
    })
}
