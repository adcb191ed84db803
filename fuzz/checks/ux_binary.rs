//! What must hold for any input of the Ux binary reader. Included by the fuzz target and by a test on stable.

use distcore::ux::{MAX_DIRACS, PositionWidth, UxValue};

/// Reading bytes never panics, with the width of positions unknown or known; errors point into the input; a value that
/// was read is read again from its own output.
pub(crate) fn check(data: &[u8]) {
    for width in [None, Some(PositionWidth::F64), Some(PositionWidth::F32)] {
        match UxValue::parse_binary(data, width) {
            Ok((value, length)) => {
                assert!(length <= data.len() && value.diracs.len() <= MAX_DIRACS);
                let written = value.to_binary();
                let again = UxValue::parse_binary(&written, width).expect("own output");
                assert!(
                    data[..length].ends_with(&written[11..]),
                    "all behind the marker is the input's"
                );
                assert_eq!(again, (value, written.len()));
            }
            Err(error) => assert!(error.offset <= data.len()),
        }
    }
}
