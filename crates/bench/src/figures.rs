//! Printing a figure beside its goal, and reading what a process used.

use std::fs;
use std::time::Duration;

fn line(name: &str, value: &str, goal: &str, met: bool) {
    println!("{:<72} {value:>16}   {goal:<18} {}", name, if met { "met" } else { "NOT MET" });
}

/// A figure that should be at least `goal`.
pub fn at_least(name: &str, value: f64, goal: f64, unit: &str) {
    line(name, &format!("{value:.0} {unit}"), &format!("≥ {goal:.0} {unit}"), value >= goal);
}

/// A figure that should be at most `goal`.
pub fn at_most(name: &str, value: f64, goal: f64, unit: &str) {
    line(name, &format!("{value:.2} {unit}"), &format!("≤ {goal} {unit}"), value <= goal);
}

/// A count that should be zero.
pub fn zero(name: &str, value: u64) {
    line(name, &value.to_string(), "0", value == 0);
}

/// Two things that should be the same.
pub fn same<T: PartialEq + std::fmt::Debug>(name: &str, found: &T, wanted: &T) {
    let same = found == wanted;
    line(name, if same { "same" } else { "different" }, "same", same);
    if !same {
        let shown = |value: &T| format!("{value:?}").chars().take(300).collect::<String>();
        println!("  found  {}\n  wanted {}", shown(found), shown(wanted));
    }
}

/// CPU seconds (user and system) that a process has used so far.
pub fn cpu_seconds(pid: u32) -> f64 {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let fields: Vec<&str> = after_name.split_whitespace().collect();
    let ticks: f64 = [11, 12].iter().filter_map(|i| fields.get(*i)?.parse::<f64>().ok()).sum();
    // Linux counts in hundredths of a second on every machine that it supports today.
    ticks / 100.0
}

/// A memory line of a process in MiB (`VmRSS`, `VmHWM`).
pub fn memory_mib(pid: u32, what: &str) -> f64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let row = status.lines().find(|l| l.starts_with(what)).unwrap_or_default();
    row.split_whitespace().nth(1).and_then(|n| n.parse::<f64>().ok()).unwrap_or(0.0) / 1024.0
}

/// The `part` (0 to 1) quantile in milliseconds.
pub fn quantile_ms(sorted: &[Duration], part: f64) -> f64 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "an index into measured times"
    )]
    let index = ((sorted.len() as f64 * part) as usize).min(sorted.len().saturating_sub(1));
    sorted.get(index).map_or(0.0, |d| d.as_secs_f64() * 1_000.0)
}
