//! Samples of several values at once.
//!
//! Programs pass the rows in two ways that one signature cannot tell apart: as one array of numbers, row after row, or as an array
//! of pointers to rows. Pointers are recognised by what they are: every word of the array is the aligned address of a readable
//! row. Read as doubles, addresses below 4 GB are numbers under 3e-314; nobody measures those.

use distcore::Format;

use crate::machine::{Failure, Machine};
use crate::memory::{READ, WRITE, word};
use crate::shadow::{Number, column};
use crate::trap::Trap;

impl Machine {
    /// `DistFromMultidimensionalSamples(destination, samples, count, cardinality)`: writes `cardinality` values.
    ///
    /// Without correlation tracking they are independent of each other, and each has the distribution that `DistFromSamples`
    /// makes of its column.
    pub(super) fn multidimensional_samples(&mut self, format: Format) -> Result<(), Failure> {
        let [destination, samples, count, cardinality] = std::array::from_fn(|n| self.pointer(n));
        let size = match format {
            Format::F64 => 8,
            Format::F32 => 4,
        };
        let row_size = cardinality
            .checked_mul(size)
            .ok_or(Trap::StoreFault { address: destination })?;
        if !self.memory.allows(destination, row_size, WRITE) {
            return Err(Trap::StoreFault { address: destination }.into());
        }
        let rows = self.rows(samples, count, cardinality, row_size, format)?;
        let dimensions = cardinality as usize;
        let numbers = match &mut self.shadow {
            Some(shadow) => {
                shadow.count_operation();
                shadow.algebra().joint_samples(&rows, dimensions, format, &self.cancel)
            }
            None => (self.cancel.while_wanted(0..dimensions))
                .map(|dimension| {
                    let column = column(&rows, dimensions, dimension, &self.cancel);
                    Number::certain(distcore::mean_until(Some(self.cancel.flag()), &column))
                })
                .collect(),
        };
        let cancel = self.cancel.clone();
        let places = (destination..).step_by(size as usize).zip(numbers);
        for (address, number) in cancel.while_wanted(places) {
            self.put_number(address, number, format)?;
        }
        Ok(())
    }

    /// All samples, row after row.
    fn rows(
        &self,
        samples: u64,
        count: u64,
        cardinality: u64,
        row_size: u64,
        format: Format,
    ) -> Result<Vec<f64>, Trap> {
        if let Some(pointers) = self.row_pointers(samples, count, row_size) {
            let mut rows = Vec::new();
            for pointer in self.cancel.while_wanted(pointers.into_iter()) {
                rows.extend(self.numbers_at(pointer, cardinality, format)?);
            }
            return Ok(rows);
        }
        let numbers = count
            .checked_mul(cardinality)
            .ok_or(Trap::LoadFault { address: samples })?;
        self.numbers_at(samples, numbers, format)
    }

    /// The rows' addresses, if an array of pointers to readable rows is what stands at `samples`.
    fn row_pointers(&self, samples: u64, count: u64, row_size: u64) -> Option<Vec<u64>> {
        if count == 0 || !samples.is_multiple_of(8) {
            return None;
        }
        let bytes = self.memory.slice(samples, count.checked_mul(8)?).ok()?;
        let pointers = || self.cancel.while_wanted(bytes.chunks_exact(8)).map(word);
        let is_row = |address: u64| address.is_multiple_of(4) && self.memory.allows(address, row_size, READ);
        (row_size > 0 && pointers().all(is_row)).then(|| pointers().collect())
    }
}
