//! No bytes make the loader panic, and nothing it accepts breaks its promises.

use crate::file::executable;
use loader::{ADDRESS_SPACE_END, Image, Lines};
use proptest::prelude::*;

/// Parses, and checks what every accepted image promises.
fn holds_its_promises(bytes: &[u8]) {
    let Ok(image) = Image::parse(bytes) else { return };
    assert!(
        image
            .segments
            .iter()
            .any(|segment| segment.executable && segment.addresses().contains(&image.entry))
    );
    assert!(
        image
            .segments
            .windows(2)
            .all(|pair| pair[0].addresses().end <= pair[1].address)
    );
    assert!(image.memory_span().end <= ADDRESS_SPACE_END);
    for segment in &image.segments {
        assert!(segment.data().len() as u64 <= segment.memory_size);
    }
    let names: usize = image.symbols.iter().map(|symbol| symbol.name.len()).sum();
    assert!(
        names <= 3 * 4 * bytes.len(),
        "names stay in proportion to the file (lossy UTF-8 at most triples them)"
    );
    let lines = Lines::parse(bytes, &image);
    let _ = lines.locate(image.entry, &image);
    let _ = image.remarks();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        holds_its_promises(&bytes);
        // With a good start the bytes get further.
        let mut with_header = executable()[..64].to_vec();
        with_header.extend(&bytes);
        holds_its_promises(&with_header);
    }

    #[test]
    fn mutations(changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8)) {
        let mut bytes = executable();
        for (index, value) in changes {
            let at = index.index(bytes.len());
            bytes[at] = value;
        }
        holds_its_promises(&bytes);
    }

    /// Whole fields at their extremes, which single bytes seldom reach.
    #[test]
    fn extreme_fields(changes in proptest::collection::vec((any::<prop::sample::Index>(), extreme()), 1..4)) {
        let mut bytes = executable();
        for (index, value) in changes {
            let at = index.index(bytes.len() / 8 - 1) * 8;
            bytes[at..at + 8].copy_from_slice(&value.to_le_bytes());
        }
        holds_its_promises(&bytes);
    }
}

fn extreme() -> impl Strategy<Value = u64> {
    prop_oneof![
        Just(0),
        Just(1),
        Just(u64::MAX),
        Just(i64::MAX as u64),
        Just(ADDRESS_SPACE_END),
        (0u32..64).prop_map(|shift| 1 << shift),
        any::<u64>(),
    ]
}
