//! Writing a values file.

use std::collections::HashMap;
use std::io::{self, Write};

use sha2::{Digest as _, Sha256};

use super::{
    END_MAGIC, END_OF_EXECUTIONS, Ending, HEADER_SIZE, Header, MAGIC, Place, RECORD_SIZE, VALUE_SIZE, VERSION,
    ValueEntry, ValueId,
};

/// Writes the executions of a task, one after another. What it keeps in memory is the table of values.
///
/// The many small writes should go to something buffered. Without [`ValuesWriter::finish`] the file is no values file.
#[derive(Debug)]
pub struct ValuesWriter<W> {
    output: W,
    digest: Sha256,
    /// Bytes written so far.
    offset: u64,
    executions: u64,
    values: Vec<ValueEntry>,
    numbers: HashMap<ValueId, u32>,
}

impl<W: Write> ValuesWriter<W> {
    /// Starts a file.
    ///
    /// # Errors
    ///
    /// Those of the output.
    pub fn new(output: W, header: &Header) -> io::Result<ValuesWriter<W>> {
        let mut writer = ValuesWriter {
            output,
            digest: Sha256::new(),
            offset: 0,
            executions: 0,
            values: Vec::new(),
            numbers: HashMap::new(),
        };
        let mut bytes = Vec::with_capacity(HEADER_SIZE as usize);
        bytes.extend(MAGIC);
        bytes.extend(VERSION.to_le_bytes());
        bytes.extend(0u32.to_le_bytes());
        bytes.extend(header.task);
        for number in [header.seed, header.precision, header.first, header.executions, 0] {
            bytes.extend(number.to_le_bytes());
        }
        writer.put(&bytes)?;
        Ok(writer)
    }

    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.digest.update(bytes);
        self.offset += bytes.len() as u64;
        self.output.write_all(bytes)
    }

    /// Writes the next execution: how it ended, and what it printed, in order. `place` is asked for the place of the n-th of
    /// `values` if no execution before has printed it.
    ///
    /// # Errors
    ///
    /// Those of the output; more than 2^32 different values or values in one execution.
    pub fn push(
        &mut self,
        ending: Ending,
        status: u8,
        values: &[(ValueId, f64)],
        mut place: impl FnMut(usize) -> Place,
    ) -> io::Result<()> {
        let too_many = |_| io::Error::other("more than 2^32 values");
        let mut bytes = Vec::with_capacity(RECORD_SIZE as usize + VALUE_SIZE as usize * values.len());
        bytes.extend([ending.code(), status, 0, 0]);
        bytes.extend(u32::try_from(values.len()).map_err(too_many)?.to_le_bytes());
        for (n, &(id, value)) in values.iter().enumerate() {
            let number = match self.numbers.get(&id) {
                Some(&number) => number,
                None => {
                    let number = u32::try_from(self.values.len()).map_err(too_many)?;
                    let place = place(n);
                    self.values.push(ValueEntry { id, place, count: 0 });
                    self.numbers.insert(id, number);
                    number
                }
            };
            self.values[number as usize].count += 1;
            bytes.extend(number.to_le_bytes());
            bytes.extend(value.to_le_bytes());
        }
        self.executions += 1;
        self.put(&bytes)
    }

    /// Whether an execution so far has printed this value.
    pub fn has(&self, id: ValueId) -> bool {
        self.numbers.contains_key(&id)
    }

    /// Bytes that an execution with so many values takes.
    pub(crate) fn record_size(values: usize) -> u64 {
        RECORD_SIZE + VALUE_SIZE * values as u64
    }

    /// Executions written so far.
    pub fn executions(&self) -> u64 {
        self.executions
    }

    /// The values so far, in the order in which they first appeared.
    pub fn values(&self) -> &[ValueEntry] {
        &self.values
    }

    /// Writes the table, which ends the file, and gives the output back, flushed.
    ///
    /// # Errors
    ///
    /// Those of the output.
    pub fn finish(mut self) -> io::Result<W> {
        self.put(&[END_OF_EXECUTIONS, 0, 0, 0, 0, 0, 0, 0])?;
        let table = self.offset;
        let mut bytes = Vec::new();
        bytes.extend(self.executions.to_le_bytes());
        bytes.extend((self.values.len() as u32).to_le_bytes());
        for value in &self.values {
            let text = &value.place.text[..value.place.text.len().min(Place::LONGEST_TEXT)];
            bytes.extend(value.id.to_bytes());
            bytes.extend(value.count.to_le_bytes());
            bytes.extend(value.place.conversion.to_le_bytes());
            bytes.extend(value.place.occurrence.to_le_bytes());
            bytes.extend((text.len() as u32).to_le_bytes());
            bytes.extend(text);
        }
        bytes.extend(table.to_le_bytes());
        self.put(&bytes)?;
        let digest = self.digest.finalize();
        self.output.write_all(&digest)?;
        self.output.write_all(END_MAGIC)?;
        self.output.flush()?;
        Ok(self.output)
    }
}
