//! Functions that ask about a distribution. A number without one is certain: all its mass is at itself.

use distcore::{Distribution, Format};

use crate::hooks::{GuestArgument, ux};
use crate::host::Stream;
use crate::machine::{Failure, Machine};

impl Machine {
    /// `NthMoment(value, n)`: the mean for n = 1, the n-th central moment above; of a plain number itself, and 0.
    pub(super) fn nth_moment(&mut self, format: Format) {
        let value = self.argument(0, format);
        let n = u32::try_from(self.pointer(0)).unwrap_or(u32::MAX);
        let moment = match (self.distribution(&value), n) {
            (Some(distribution), n) => distribution.nth_moment(n),
            (None, 1) => value.particle,
            (None, 0) => 1.0,
            (None, _) => 0.0,
        };
        self.set_result(moment, format);
    }

    /// `NthMode(value, n)`: the n-th most likely position, from 1.
    pub(super) fn nth_mode(&mut self, format: Format) {
        let value = self.argument(0, format);
        let n = self.pointer(0);
        let mode = match (self.distribution(&value), n) {
            (Some(distribution), n) => distribution.mode(n as usize),
            (None, 1) => value.particle,
            (None, _) => f64::NAN,
        };
        self.set_result(mode, format);
    }

    /// `Quantile(value, p)`.
    pub(super) fn quantile(&mut self, format: Format) {
        let value = self.argument(0, format);
        let p = self.argument(1, format);
        let p = self.mean(&p);
        let quantile = match self.distribution(&value) {
            Some(distribution) => distribution.quantile(p),
            None if (0.0..=1.0).contains(&p) => value.particle,
            None => f64::NAN,
        };
        self.set_result(quantile, format);
    }

    /// `ProbabilityGT(value, cutoff)`; a cutoff that is uncertain counts as its mean.
    pub(super) fn probability_above(&mut self, format: Format) {
        let value = self.argument(0, format);
        let cutoff = self.argument(1, format);
        let cutoff = self.mean(&cutoff);
        let probability = match self.distribution(&value) {
            Some(distribution) => distribution.probability_above(cutoff),
            None => f64::from(u8::from(value.particle > cutoff)),
        };
        self.set_result(probability, format);
    }

    /// `SupportMin(value)`, `SupportMax(value)`.
    pub(super) fn support(&mut self, end: fn(&Distribution) -> f64, format: Format) {
        let value = self.argument(0, format);
        let end = self
            .distribution(&value)
            .map_or(value.particle, |distribution| end(&distribution));
        self.set_result(end, format);
    }

    /// `Sample(value)`: one draw.
    pub(super) fn sample(&mut self, format: Format) {
        let value = self.argument(0, format);
        let draw = match (self.distribution(&value), &mut self.shadow) {
            (Some(distribution), Some(shadow)) => distribution.sample(shadow.generator()),
            _ => value.particle,
        };
        self.set_result(draw, format);
    }

    /// `SampleBatch(value, destination, n)`: n draws.
    pub(super) fn sample_batch(&mut self, format: Format) -> Result<(), Failure> {
        let value = self.argument(0, format);
        let (destination, count) = (self.pointer(0), self.pointer(1));
        let size = match format {
            Format::F64 => 8,
            Format::F32 => 4,
        };
        let bytes = count
            .checked_mul(size)
            .ok_or(crate::trap::Trap::StoreFault { address: destination })?;
        let distribution = self.distribution(&value);
        let sampler = distribution.as_ref().and_then(|distribution| distribution.sampler());
        let destination = self.memory.slice_mut(destination, bytes)?;
        for place in destination.chunks_exact_mut(size as usize) {
            let draw = match (&sampler, &mut self.shadow) {
                (Some(sampler), Some(shadow)) => sampler.sample(shadow.generator()),
                _ => value.particle,
            };
            match format {
                Format::F64 => place.copy_from_slice(&draw.to_le_bytes()),
                Format::F32 => place.copy_from_slice(&(draw as f32).to_le_bytes()),
            }
        }
        Ok(())
    }

    /// `Print(value)`: the value with its Ux part and a line end, to standard output.
    ///
    /// The program's own `puts` or `printf` prints it, so that it stands where it belongs among what the program has buffered; a
    /// program that has neither buffers nothing.
    pub(super) fn print(&mut self, format: Format) -> Result<(), Failure> {
        let value = self.argument(0, format);
        let number = format!("{:.6}", value.particle);
        let mut text = number.clone().into_bytes();
        if self.prints_ux()
            && let Some(value) = self.ux_value(&value, format)
        {
            text.clear();
            value.write_text(&number, &mut text);
        }
        let function = |name| self.program.image().symbols.named(name).map(|symbol| symbol.address);
        let (puts, printf) = (function("puts"), function("printf"));
        if puts.is_none() {
            text.push(b'\n');
        }
        let Some(function) = puts.or(printf) else {
            // A stream that nobody reads shows at the program's own next write.
            let _ = self.host.write(Stream::Output, &text);
            return Ok(());
        };
        let text = self.guest_string(&text)?;
        self.call_guest(function, &[GuestArgument::Integer(text)]).map(drop)
    }

    /// `DistributionToByteArray(value, buffer, bytes)`: the binary Ux form; its length, or -1 if the buffer is too small.
    pub(super) fn write_bytes(&mut self, format: Format) -> Result<(), Failure> {
        let (buffer, capacity) = (self.pointer(0), self.pointer(1));
        let argument = self.argument(0, format);
        let value = match self.ux_value(&argument, format) {
            Some(value) => value,
            None => ux::from_number(argument.particle, distcore::Representation::Athens, format),
        };
        let bytes = value.to_binary();
        if bytes.len() as u64 > capacity {
            self.set_integer_result(-1);
            return Ok(());
        }
        self.memory
            .slice_mut(buffer, bytes.len() as u64)?
            .copy_from_slice(&bytes);
        self.set_integer_result(bytes.len() as i64);
        Ok(())
    }
}
