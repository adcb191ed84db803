//! `sigemu run --report`: where the program's way depended on a distribution, and where correlation tracking approximated.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use emulator::distcore::lineage::Approximation;
use emulator::{Approximations, BranchSite, Decision, Program};

/// Decisions of one kind in one place.
#[derive(Default)]
struct Row {
    times: u64,
    /// Sum over all times.
    other_way: f64,
}

/// The table: one row for each place and kind, most often met first.
pub(crate) fn table(program: &Program, decisions: &[BranchSite]) -> String {
    if decisions.is_empty() {
        return "sigemu: no branch, address or system call depended on a distribution\n".into();
    }
    let mut rows: BTreeMap<(String, Decision), Row> = BTreeMap::new();
    for site in decisions {
        let row = rows.entry((place(program, site.address), site.decision)).or_default();
        row.times += site.times;
        row.other_way += site.other_way * site.times as f64;
    }
    let mut rows: Vec<_> = rows.into_iter().collect();
    rows.sort_by_key(|(_, row)| std::cmp::Reverse(row.times));
    let mut text = String::from("sigemu: decided by particles:\n       times  other way  decision     place\n");
    for ((place, decision), row) in rows {
        let other_way = format!("{:.2} %", 100.0 * row.other_way / row.times as f64);
        let decision = name(decision);
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{:>12} {other_way:>10}  {decision:<11}  {place}", row.times);
    }
    text
}

/// What correlation tracking could not compute exactly: totals, then a row for each place and way, most values first.
pub(crate) fn approximations(program: &Program, approximations: &Approximations) -> String {
    let totals = approximations.totals;
    let mut text = format!(
        "sigemu: correlation tracking: {} answers from joint points; of values, {} frozen at joint points and {} cut\n",
        totals.sampled, totals.frozen, totals.cut
    );
    let mut rows: BTreeMap<(String, Approximation), u64> = BTreeMap::new();
    for site in &approximations.sites {
        *rows
            .entry((place(program, site.address), site.approximation))
            .or_default() += site.values;
    }
    let mut rows: Vec<_> = rows.into_iter().collect();
    rows.sort_by_key(|(_, values)| std::cmp::Reverse(*values));
    if !rows.is_empty() {
        text.push_str("      values  dependence  made at\n");
    }
    for ((place, approximation), values) in rows {
        let approximation = match approximation {
            Approximation::Frozen => "frozen",
            Approximation::Cut => "cut",
        };
        let _ = writeln!(text, "{values:>12}  {approximation:<10}  {place}");
    }
    text
}

/// Function and source line, as far as the executable tells.
pub(crate) fn place(program: &Program, address: u64) -> String {
    match program.locate(address) {
        None => format!("0x{address:x}"),
        Some(location) => match location.source {
            Some((file, line)) => format!("{} ({file}:{line})", location.function),
            None => location.function,
        },
    }
}

fn name(decision: Decision) -> &'static str {
    match decision {
        Decision::Branch => "branch",
        Decision::Jump => "jump",
        Decision::Address => "address",
        Decision::Select => "select",
        Decision::SystemCall => "system call",
    }
}
