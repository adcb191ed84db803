use std::io::Cursor;

use super::*;

fn header(first: u64, executions: u64) -> Header {
    Header {
        task: [7; 32],
        seed: 42,
        precision: 10,
        first,
        executions,
    }
}

fn place(number: usize) -> Place {
    Place {
        text: format!("value {number}: %f\n").into_bytes(),
        conversion: number as u32,
        occurrence: 2,
    }
}

/// Executions of which some print one value more: execution n prints values 0, 1, and for odd n value 2 between them.
fn file(first: u64, executions: u64, written: u64) -> Vec<u8> {
    let mut writer = ValuesWriter::new(Vec::new(), &header(first, executions)).unwrap();
    for n in first..first + written {
        let numbers: &[usize] = if n % 2 == 1 { &[0, 2, 1] } else { &[0, 1] };
        let values: Vec<_> = numbers
            .iter()
            .map(|&number| (ValueId::new(42, &place(number)), n as f64 + number as f64 / 8.0))
            .collect();
        let ending = if n == 4 { Ending::Fault } else { Ending::Exit };
        writer.push(ending, n as u8, &values, |n| place(numbers[n])).unwrap();
    }
    writer.finish().unwrap()
}

fn open(bytes: &[u8]) -> Result<ValuesReader<Cursor<Vec<u8>>>, ValuesError> {
    ValuesReader::open(Cursor::new(bytes.to_vec()))
}

/// Every error that reading a file to its end can give.
fn read_all(bytes: &[u8]) -> Result<Vec<Execution>, ValuesError> {
    let mut reader = open(bytes)?;
    reader.check()?;
    reader.read()?.collect()
}

#[test]
fn what_was_written_is_read() {
    let bytes = file(0, 10, 10);
    let mut reader = open(&bytes).unwrap();
    assert_eq!(reader.header(), &header(0, 10));
    assert!(reader.is_complete());
    let counts: Vec<_> = reader.values().iter().map(|value| value.count).collect();
    assert_eq!(counts, [10, 10, 5]);
    // Value 2 appears after value 1 did, in execution 1.
    assert_eq!(reader.values()[2].place, place(2));
    let id = reader.values()[2].id;
    assert_eq!(reader.samples(id, 3).unwrap(), [1.25, 3.25, 5.25]);
    assert_eq!(reader.samples(id, 100).unwrap().len(), 5);
    let executions = read_all(&bytes).unwrap();
    assert_eq!(executions.len(), 10);
    assert_eq!(executions[4].ending, Ending::Fault);
    assert_eq!(executions[3].values, [(0, 3.0), (2, 3.25), (1, 3.125)]);
    let other = ValueId::new(1, &place(0));
    assert!(matches!(reader.samples(other, 1), Err(ValuesError::NoSuchValue(id)) if id == other));
}

#[test]
fn shards_merge_to_the_file_of_one_run() {
    let whole = file(0, 10, 10);
    // The second shard meets value 2 in its first execution: the order of its table differs.
    let shards = [file(5, 5, 5), file(0, 1, 1), file(1, 4, 4)];
    let mut readers: Vec<_> = shards.iter().map(|bytes| open(bytes).unwrap()).collect();
    assert!(merge(&mut readers, Vec::new()).unwrap() == whole);
    assert!(merge(&mut [open(&whole).unwrap()], Vec::new()).unwrap() == whole);
}

#[test]
fn shards_that_do_not_fit_are_refused() {
    let refusal = |files: &[Vec<u8>]| {
        let mut readers: Vec<_> = files.iter().map(|bytes| open(bytes).unwrap()).collect();
        let error = merge(&mut readers, Vec::new()).unwrap_err();
        (error.file(), error.to_string())
    };
    assert_eq!(refusal(&[]).1, "there is nothing to merge");
    assert_eq!(
        refusal(&[file(0, 3, 3), file(5, 5, 5)]),
        (None, "executions 3 to 4 of 10 are missing".into())
    );
    assert_eq!(
        refusal(&[file(0, 3, 3)]),
        (None, "executions 3 to 9 of 10 are missing".into())
    );
    assert_eq!(
        refusal(&[file(0, 6, 6), file(5, 5, 5)]),
        (Some(1), "execution 5 is in two files".into())
    );
    assert_eq!(
        refusal(&[file(0, 5, 5), file(5, 5, 2)]),
        (Some(1), "it has 2 of its 5 executions: the run was cancelled".into())
    );
    let mut other = header(5, 5);
    other.seed = 43;
    let other = ValuesWriter::new(Vec::new(), &other).unwrap().finish().unwrap();
    assert_eq!(
        refusal(&[file(0, 5, 5), other]),
        (
            Some(1),
            "it belongs to another task: program, arguments, core or seed differ".into()
        )
    );
}

#[test]
fn no_damage_goes_unseen_and_none_panics() {
    let good = file(0, 10, 10);
    for length in 0..good.len() {
        assert!(read_all(&good[..length]).is_err(), "cut to {length} bytes");
    }
    for (at, bit) in (0..good.len()).flat_map(|at| [(at, 0), (at, 7)]) {
        let mut bad = good.clone();
        bad[at] ^= 1 << bit;
        assert!(read_all(&bad).is_err(), "byte {at}, bit {bit}");
        // Without the digest damage may go unseen, but is no panic and no giant allocation.
        if let Ok(mut reader) = open(&bad) {
            let _ = reader.read().map(Iterator::count);
            let _ = merge(&mut [reader], std::io::sink());
        }
    }
}

#[test]
fn refusals_say_what_the_file_is() {
    let message = |bytes: &[u8]| open(bytes).unwrap_err().to_string();
    assert_eq!(message(b""), "not a values file");
    assert_eq!(message(&[b'x'; 200]), "not a values file");
    let good = file(0, 10, 10);
    assert_eq!(
        message(&good[..good.len() - 1]),
        "the file is incomplete: the run that wrote it did not end, or it was not copied whole"
    );
    let mut newer = good;
    newer[8] = 2;
    assert_eq!(
        message(&newer),
        "a values file of version 2; this sigemu reads version 1"
    );
}
