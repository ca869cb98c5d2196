//! What differs between two texts, line by line.

/// The largest comparison that is made line by line; larger ones show all lines as exchanged.
const MOST_CELLS: usize = 4_000_000;

/// A line of a difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DiffLine {
    /// In both.
    Same(String),
    /// Only in the text before.
    Removed(String),
    /// Only in the text after.
    Added(String),
    /// So many lines that are in both are not shown.
    Gap(usize),
}

/// The lines that differ, with up to `context` equal ones around them; nothing for equal texts.
pub fn difference(before: &str, after: &str, context: usize) -> Vec<DiffLine> {
    let (before, after): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let head = before.iter().zip(&after).take_while(|(a, b)| a == b).count();
    let (old, new) = (&before[head..], &after[head..]);
    let tail = old.iter().rev().zip(new.iter().rev()).take_while(|(a, b)| a == b).count();
    let mut lines: Vec<DiffLine> = before[..head].iter().map(|line| same(line)).collect();
    lines.extend(changed(&old[..old.len() - tail], &new[..new.len() - tail]));
    lines.extend(before[before.len() - tail..].iter().map(|line| same(line)));
    shortened(lines, context)
}

fn same(line: &str) -> DiffLine {
    DiffLine::Same(line.to_owned())
}

/// The longest common lines stay, everything else is exchanged.
fn changed(old: &[&str], new: &[&str]) -> Vec<DiffLine> {
    let removed = |line: &&str| DiffLine::Removed((*line).to_owned());
    let added = |line: &&str| DiffLine::Added((*line).to_owned());
    if old.len().saturating_mul(new.len()) > MOST_CELLS {
        return old.iter().map(removed).chain(new.iter().map(added)).collect();
    }
    let lengths = common_lengths(old, new);
    let (mut i, mut j, mut lines) = (0, 0, Vec::new());
    while i < old.len() && j < new.len() {
        if old[i] == new[j] {
            lines.push(same(old[i]));
            (i, j) = (i + 1, j + 1);
        } else if lengths[i + 1][j] >= lengths[i][j + 1] {
            lines.push(removed(&old[i]));
            i += 1;
        } else {
            lines.push(added(&new[j]));
            j += 1;
        }
    }
    lines.extend(old[i..].iter().map(removed));
    lines.extend(new[j..].iter().map(added));
    lines
}

/// How many lines the rests from each pair of lines on have in common.
fn common_lengths(old: &[&str], new: &[&str]) -> Vec<Vec<u32>> {
    let mut lengths = vec![vec![0_u32; new.len() + 1]; old.len() + 1];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            lengths[i][j] = if old[i] == new[j] {
                lengths[i + 1][j + 1] + 1
            } else {
                lengths[i + 1][j].max(lengths[i][j + 1])
            };
        }
    }
    lengths
}

/// Equal lines far from any change become gaps.
fn shortened(lines: Vec<DiffLine>, context: usize) -> Vec<DiffLine> {
    let changes: Vec<usize> =
        (0..lines.len()).filter(|index| !matches!(lines[*index], DiffLine::Same(_))).collect();
    if changes.is_empty() {
        return Vec::new();
    }
    let near = |index: usize| {
        let next = changes.partition_point(|change| *change < index);
        let after = changes.get(next).is_some_and(|change| change - index <= context);
        let before = next > 0 && index - changes[next - 1] <= context;
        after || before
    };
    let mut shown = Vec::new();
    for (index, line) in lines.into_iter().enumerate() {
        match (near(index), shown.last_mut()) {
            (true, _) => shown.push(line),
            (false, Some(DiffLine::Gap(count))) => *count += 1,
            (false, _) => shown.push(DiffLine::Gap(1)),
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(before: &str, after: &str, context: usize) -> String {
        let line = |line: &DiffLine| match line {
            DiffLine::Same(line) => format!(" {line}"),
            DiffLine::Removed(line) => format!("-{line}"),
            DiffLine::Added(line) => format!("+{line}"),
            DiffLine::Gap(count) => format!("…{count}"),
        };
        difference(before, after, context).iter().map(line).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn changes_are_shown_with_what_is_around_them() {
        for (before, after, expected) in [
            ("a\nb", "a\nb", ""),
            ("a\nb\nc\nd\ne", "a\nb\nX\nd\ne", "…1  b -c +X  d …1"),
            ("a\nb", "b", "-a  b"),
            ("", "a", "+a"),
            ("a\nb\nc", "c\na\nb", "+c  a  b -c"),
        ] {
            assert_eq!(shown(before, after, 1), expected, "{before:?} {after:?}");
        }
    }

    proptest! {
        #[test]
        fn a_difference_leads_from_one_text_to_the_other(
            before in proptest::collection::vec("[ab]", 0..12), after in proptest::collection::vec("[ab]", 0..12),
        ) {
            let lines = difference(&before.join("\n"), &after.join("\n"), 100);
            let pick = |removed: bool| -> Vec<String> {
                lines.iter().filter_map(|line| match line {
                    DiffLine::Same(line) => Some(line.clone()),
                    DiffLine::Removed(line) => removed.then(|| line.clone()),
                    DiffLine::Added(line) => (!removed).then(|| line.clone()),
                    DiffLine::Gap(_) => None,
                }).collect()
            };
            if before != after {
                prop_assert_eq!(pick(true), before);
                prop_assert_eq!(pick(false), after);
            }
        }
    }
}
