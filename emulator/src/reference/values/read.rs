//! Reading a values file.

use std::io::{self, BufReader, Read, Seek, SeekFrom};

use sha2::{Digest as _, Sha256};

use super::{
    END_MAGIC, END_OF_EXECUTIONS, ENTRY_SIZE, Ending, Execution, HEADER_SIZE, Header, MAGIC, Place, RECORD_SIZE,
    TRAILER_SIZE, VALUE_SIZE, VERSION, ValueEntry, ValueId,
};

/// Why a file cannot be read as a values file.
#[derive(Debug, thiserror::Error)]
pub enum ValuesError {
    /// It is something else.
    #[error("not a values file")]
    NotValues,
    /// Another version of sigemu wrote it.
    #[error("a values file of version {0}; this sigemu reads version 1")]
    Version(u32),
    /// It breaks off.
    #[error("the file is incomplete: the run that wrote it did not end, or it was not copied whole")]
    Incomplete,
    /// It is damaged.
    #[error("the file is damaged: {0}")]
    Damaged(&'static str),
    /// It has no such value.
    #[error("there is no value {0} in the file")]
    NoSuchValue(ValueId),
    /// It cannot be read.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// A values file. Header and table are read when it is opened; executions stream by.
#[derive(Debug)]
pub struct ValuesReader<R> {
    input: BufReader<R>,
    header: Header,
    values: Vec<ValueEntry>,
    /// Executions that are there.
    executions: u64,
    table: u64,
    size: u64,
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(std::array::from_fn(|i| bytes.get(at + i).copied().unwrap_or_default()))
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(std::array::from_fn(|i| bytes.get(at + i).copied().unwrap_or_default()))
}

impl<R: Read + Seek> ValuesReader<R> {
    /// Opens a file: its header, trailer and table must be sound. Whether its executions are is seen when they are read.
    ///
    /// # Errors
    ///
    /// [`ValuesError`].
    pub fn open(input: R) -> Result<ValuesReader<R>, ValuesError> {
        let mut input = BufReader::new(input);
        let size = input.seek(SeekFrom::End(0))?;
        input.rewind()?;
        let mut start = [0; HEADER_SIZE as usize];
        if size < MAGIC.len() as u64 {
            return Err(ValuesError::NotValues);
        }
        input.read_exact(&mut start[..12.min(size as usize)])?;
        if &start[..8] != MAGIC {
            return Err(ValuesError::NotValues);
        }
        if size < HEADER_SIZE + RECORD_SIZE + 12 + TRAILER_SIZE {
            return Err(ValuesError::Incomplete);
        }
        if u32_at(&start, 8) != VERSION {
            return Err(ValuesError::Version(u32_at(&start, 8)));
        }
        input.read_exact(&mut start[12..])?;
        let header = Header {
            task: std::array::from_fn(|i| start[16 + i]),
            seed: u64_at(&start, 48),
            precision: u64_at(&start, 56),
            first: u64_at(&start, 64),
            executions: u64_at(&start, 72),
        };
        if header
            .first
            .checked_add(header.executions)
            .is_none_or(|end| end > header.precision)
        {
            return Err(ValuesError::Damaged("it holds executions that its task does not have"));
        }
        let mut trailer = [0; TRAILER_SIZE as usize];
        input.seek(SeekFrom::Start(size - TRAILER_SIZE))?;
        input.read_exact(&mut trailer)?;
        if &trailer[40..] != END_MAGIC {
            return Err(ValuesError::Incomplete);
        }
        let table = u64_at(&trailer, 0);
        let table_end = size - TRAILER_SIZE;
        if table < HEADER_SIZE + RECORD_SIZE || table > table_end - 12 {
            return Err(ValuesError::Damaged("the table is not where it should be"));
        }
        input.seek(SeekFrom::Start(table))?;
        let (executions, values) = read_table(&mut input, table_end - table)?;
        if executions > header.executions {
            return Err(ValuesError::Damaged("it holds more executions than it says"));
        }
        Ok(ValuesReader {
            input,
            header,
            values,
            executions,
            table,
            size,
        })
    }

    /// What the file is about.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The values, in the order in which they first appear.
    pub fn values(&self) -> &[ValueEntry] {
        &self.values
    }

    /// Executions that are there.
    pub fn executions(&self) -> u64 {
        self.executions
    }

    /// Whether all executions are there that should be: the run was not cancelled.
    pub fn is_complete(&self) -> bool {
        self.executions == self.header.executions
    }

    /// All executions, in order, from the first.
    ///
    /// # Errors
    ///
    /// Those of the input.
    pub fn read(&mut self) -> Result<Executions<'_, R>, ValuesError> {
        self.input.seek(SeekFrom::Start(HEADER_SIZE))?;
        Ok(Executions {
            values: self.values.len() as u32,
            left: self.executions,
            rest: self.table - HEADER_SIZE,
            input: &mut self.input,
        })
    }

    /// The samples of one value, in the order of the executions, at most `most`; executions that did not print it have none.
    ///
    /// # Errors
    ///
    /// [`ValuesError::NoSuchValue`]; damage that is met on the way.
    pub fn samples(&mut self, id: ValueId, most: usize) -> Result<Vec<f64>, ValuesError> {
        let number = self.values.iter().position(|value| value.id == id);
        let number = number.ok_or(ValuesError::NoSuchValue(id))? as u32;
        let mut samples = Vec::new();
        let mut executions = self.read()?;
        while samples.len() < most
            && let Some(execution) = executions.next()
        {
            let execution = execution?;
            samples.extend(
                execution
                    .values
                    .iter()
                    .filter(|value| value.0 == number)
                    .map(|value| value.1),
            );
        }
        samples.truncate(most);
        Ok(samples)
    }

    /// Reads the whole file and compares its digest.
    ///
    /// # Errors
    ///
    /// [`ValuesError::Damaged`] where it differs.
    pub fn check(&mut self) -> Result<(), ValuesError> {
        self.input.rewind()?;
        let mut left = self.size - 40;
        let mut digest = Sha256::new();
        let mut buffer = vec![0; 1 << 16];
        while left > 0 {
            let part = left.min(buffer.len() as u64) as usize;
            self.input.read_exact(&mut buffer[..part])?;
            digest.update(&buffer[..part]);
            left -= part as u64;
        }
        let mut expected = [0; 32];
        self.input.read_exact(&mut expected)?;
        if digest.finalize()[..] == expected {
            Ok(())
        } else {
            Err(ValuesError::Damaged("its digest is wrong"))
        }
    }
}

/// The table at the input's position, `size` bytes long.
fn read_table(input: &mut impl Read, size: u64) -> Result<(u64, Vec<ValueEntry>), ValuesError> {
    const DAMAGED: ValuesError = ValuesError::Damaged("the table of values is too long or too short");
    let mut start = [0; 12];
    input.read_exact(&mut start)?;
    let (executions, count) = (u64_at(&start, 0), u32_at(&start, 8));
    let mut left = size - 12;
    let mut values = Vec::new();
    for _ in 0..count {
        left = left.checked_sub(ENTRY_SIZE).ok_or(DAMAGED)?;
        let mut entry = [0; ENTRY_SIZE as usize];
        input.read_exact(&mut entry)?;
        let length = u32_at(&entry, 32) as usize;
        left = left
            .checked_sub(length as u64)
            .filter(|_| length <= Place::LONGEST_TEXT)
            .ok_or(DAMAGED)?;
        let mut text = vec![0; length];
        input.read_exact(&mut text)?;
        values.push(ValueEntry {
            id: ValueId::from_bytes(std::array::from_fn(|i| entry[i])),
            count: u64_at(&entry, 16),
            place: Place {
                text,
                conversion: u32_at(&entry, 24),
                occurrence: u32_at(&entry, 28),
            },
        });
    }
    if left == 0 {
        Ok((executions, values))
    } else {
        Err(DAMAGED)
    }
}

/// The executions of a file, streaming by; after an error there are no more.
#[derive(Debug)]
pub struct Executions<'a, R> {
    input: &'a mut BufReader<R>,
    values: u32,
    left: u64,
    /// Bytes up to the table.
    rest: u64,
}

impl<R: Read> Executions<'_, R> {
    fn read(&mut self, last: bool) -> Result<Execution, ValuesError> {
        let mut record = [0; RECORD_SIZE as usize];
        self.rest = self
            .rest
            .checked_sub(RECORD_SIZE)
            .ok_or(ValuesError::Damaged("executions are missing"))?;
        self.input.read_exact(&mut record)?;
        if last {
            let ended = record == [END_OF_EXECUTIONS, 0, 0, 0, 0, 0, 0, 0] && self.rest == 0;
            return if ended {
                Ok(Execution {
                    ending: Ending::Exit,
                    status: 0,
                    values: Vec::new(),
                })
            } else {
                Err(ValuesError::Damaged("there are more executions than it says"))
            };
        }
        let ending = Ending::from_code(record[0]).ok_or(ValuesError::Damaged("an execution ended in no known way"))?;
        let count = u64::from(u32_at(&record, 4));
        self.rest = self
            .rest
            .checked_sub(count * VALUE_SIZE)
            .ok_or(ValuesError::Damaged("an execution has more values than fit"))?;
        // `count` is bounded by the size of the file.
        let mut values = Vec::with_capacity(count as usize);
        for _ in 0..count {
            let mut bytes = [0; VALUE_SIZE as usize];
            self.input.read_exact(&mut bytes)?;
            let number = u32_at(&bytes, 0);
            if number >= self.values {
                return Err(ValuesError::Damaged(
                    "an execution has a value that the table does not have",
                ));
            }
            values.push((number, f64::from_bits(u64_at(&bytes, 4))));
        }
        Ok(Execution {
            ending,
            status: record[1],
            values,
        })
    }
}

impl<R: Read> Iterator for Executions<'_, R> {
    type Item = Result<Execution, ValuesError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.left == 0 {
            return None;
        }
        let execution = self.read(false);
        self.left = if execution.is_ok() { self.left - 1 } else { 0 };
        if execution.is_ok()
            && self.left == 0
            && let Err(error) = self.read(true)
        {
            return Some(Err(error));
        }
        Some(execution)
    }
}
