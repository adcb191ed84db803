//! Parts of a task, to be run on different machines.

use std::ops::Range;
use std::str::FromStr;

/// Part `number` of `count`: `3/64` is the third of 64 parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    number: u64,
    count: u64,
}

impl Shard {
    /// The whole task.
    pub const ALL: Shard = Shard { number: 1, count: 1 };

    /// Part `number`, from 1, of `count`.
    ///
    /// # Errors
    ///
    /// A number that is 0 or above `count`.
    pub fn new(number: u64, count: u64) -> Result<Shard, ShardError> {
        if (1..=count).contains(&number) {
            Ok(Shard { number, count })
        } else {
            Err(ShardError(format!("{number}/{count}")))
        }
    }

    /// Which part it is, from 1.
    #[must_use]
    pub fn number(self) -> u64 {
        self.number
    }

    /// How many parts there are.
    #[must_use]
    pub fn count(self) -> u64 {
        self.count
    }

    /// The executions of this part, of `precision` in all; some parts have one more than others, and none where there are more
    /// parts than executions.
    #[must_use]
    pub fn executions(self, precision: u64) -> Range<u64> {
        let end = |part: u64| (u128::from(precision) * u128::from(part) / u128::from(self.count)) as u64;
        end(self.number - 1)..end(self.number)
    }
}

/// A text that is no shard.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is no shard: they are 1/N to N/N, for example 3/64")]
pub struct ShardError(String);

impl FromStr for Shard {
    type Err = ShardError;

    fn from_str(text: &str) -> Result<Self, ShardError> {
        let numbers = text
            .split_once('/')
            .and_then(|(number, count)| Some((number.parse().ok()?, count.parse().ok()?)));
        let (number, count) = numbers.ok_or_else(|| ShardError(text.into()))?;
        Shard::new(number, count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_disjoint_and_all_there_is() {
        for (precision, count) in [(10, 3), (1_000_000, 64), (4, 7), (100_000, 1), (u64::MAX, 5)] {
            let mut next = 0;
            for number in 1..=count {
                let executions = Shard::new(number, count).unwrap().executions(precision);
                assert_eq!(executions.start, next);
                next = executions.end;
            }
            assert_eq!(next, precision);
        }
    }

    #[test]
    fn texts_are_read() {
        assert_eq!("3/64".parse(), Shard::new(3, 64));
        for text in ["", "3", "0/4", "5/4", "1/0", "-1/4", "1/4/5", "a/b"] {
            assert_eq!(
                text.parse::<Shard>().unwrap_err().to_string(),
                format!("'{text}' is no shard: they are 1/N to N/N, for example 3/64")
            );
        }
    }
}
