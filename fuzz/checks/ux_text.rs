//! What must hold for any input of the Ux text reader. Included by the fuzz target and by a test on stable.

use distcore::ux::{MAX_DIRACS, UxValue};

/// Reading text never panics; errors point into the input; a value that was read is read again from its own print.
pub(crate) fn check(data: &[u8]) {
    match UxValue::parse_text(data) {
        Ok((value, length)) => {
            assert!(length <= data.len() && value.diracs.len() <= MAX_DIRACS);
            let printed = value.to_text("");
            let (again, all) = UxValue::parse_text(printed.as_bytes()).expect("own print");
            assert_eq!(all, printed.len());
            assert_eq!(
                again,
                UxValue {
                    particle: None,
                    ..value
                }
            );
            // The digits are those of the input.
            assert!(data[..length].to_ascii_uppercase().ends_with(&printed.as_bytes()[2..]));
        }
        Err(error) => assert!(error.offset <= data.len()),
    }
}
