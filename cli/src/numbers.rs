//! Whole numbers of options, and what is said of a text that is none.

use std::num::NonZeroUsize;
use std::ops::RangeInclusive;

/// Least stack that a program gets.
const LEAST_STACK: u64 = 16384;

/// A whole number in `range`.
pub(crate) fn within<T: TryFrom<u64>>(
    range: RangeInclusive<u64>,
) -> impl Fn(&str) -> Result<T, String> + Clone + Send + Sync + 'static {
    move |text| {
        let number = text.parse().ok().filter(|number| range.contains(number));
        number
            .and_then(|number| T::try_from(number).ok())
            .ok_or_else(|| format!("not a whole number from {} to {}", range.start(), range.end()))
    }
}

/// A whole number of any size.
pub(crate) fn any(text: &str) -> Result<u64, String> {
    within(0..=u64::MAX)(text)
}

/// A precision. Which ones there are depends on the core.
pub(crate) fn precision(text: &str) -> Result<u64, String> {
    let error = "not a whole number: a precision is 4 to 8000, on a Reference core 4 to 1000000";
    text.parse().map_err(|_| error.into())
}

/// A size of memory. [`emulator::Core::check`] says which ones there are.
pub(crate) fn memory_size(text: &str) -> Result<u64, String> {
    let error = "not a whole number of bytes, without a unit, such as 64000000";
    text.parse().map_err(|_| error.into())
}

/// A size of a stack.
pub(crate) fn stack_size(text: &str) -> Result<u64, String> {
    let bytes = text.parse().ok().filter(|bytes| *bytes >= LEAST_STACK);
    bytes.ok_or_else(|| format!("not a whole number of bytes, without a unit, of {LEAST_STACK} or more"))
}

/// A number of threads.
pub(crate) fn threads(text: &str) -> Result<NonZeroUsize, String> {
    text.parse().map_err(|_| "not a whole number of 1 or more".into())
}
