//! Counts of passed and failed tests, by suite.

use std::collections::BTreeMap;
use std::fmt;

/// The counts of one suite.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Counts {
    passed: usize,
    failed: usize,
    not_run: usize,
}

/// What became of a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It passed.
    Passed,
    /// It failed.
    Failed,
    /// It was not run; the reason is printed with it.
    NotRun,
}

/// A table that prints itself: a line a suite, then the sum.
#[derive(Clone, Debug, Default)]
pub struct Table {
    suites: BTreeMap<String, Counts>,
    reasons: BTreeMap<String, usize>,
}

impl Table {
    /// Counts one test.
    pub fn add(&mut self, suite: &str, verdict: Verdict) {
        let counts = self.suites.entry(suite.to_owned()).or_default();
        match verdict {
            Verdict::Passed => counts.passed += 1,
            Verdict::Failed => counts.failed += 1,
            Verdict::NotRun => counts.not_run += 1,
        }
    }

    /// Counts one test that is not run, and why.
    pub fn add_not_run(&mut self, suite: &str, reason: &str) {
        self.add(suite, Verdict::NotRun);
        *self.reasons.entry(reason.to_owned()).or_default() += 1;
    }

    /// Whether no test failed.
    pub fn all_passed(&self) -> bool {
        self.suites.values().all(|counts| counts.failed == 0)
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.suites.is_empty()
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self
            .suites
            .keys()
            .map(String::len)
            .max()
            .unwrap_or(0)
            .max("suite".len());
        let mut sum = Counts::default();
        writeln!(
            f,
            "{:width$}  {:>6}  {:>6}  {:>7}",
            "suite", "passed", "failed", "not run"
        )?;
        for (suite, counts) in &self.suites {
            writeln!(
                f,
                "{suite:width$}  {:>6}  {:>6}  {:>7}",
                counts.passed, counts.failed, counts.not_run
            )?;
            sum.passed += counts.passed;
            sum.failed += counts.failed;
            sum.not_run += counts.not_run;
        }
        writeln!(
            f,
            "{:width$}  {:>6}  {:>6}  {:>7}",
            "sum", sum.passed, sum.failed, sum.not_run
        )?;
        for (reason, count) in &self.reasons {
            writeln!(f, "not run: {count}, because {reason}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_by_suite_and_in_sum() {
        let mut table = Table::default();
        table.add("rv64ui", Verdict::Passed);
        table.add("rv64ui", Verdict::Failed);
        table.add_not_run("rv64mi", "there is no machine");
        assert!(!table.all_passed());
        assert_eq!(
            table.to_string(),
            "suite   passed  failed  not run\n\
             rv64mi       0       0        1\n\
             rv64ui       1       1        0\n\
             sum          1       1        1\n\
             not run: 1, because there is no machine\n"
        );
    }
}
