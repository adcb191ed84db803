//! Functions that ask about a distribution. A number without one is certain: all its mass is at itself.

use distcore::{Distribution, Format};

use crate::hooks::ux;
use crate::host::Stream;
use crate::machine::{Failure, Machine};

impl Machine {
    /// `NthMoment(value, n)`: the mean for n = 1, the n-th central moment above; of a plain number itself, and 0.
    pub(super) fn nth_moment(&mut self, format: Format) {
        let value = self.argument(0, format);
        let n = u32::try_from(self.pointer(0)).unwrap_or(u32::MAX);
        let moment = match (&value.distribution, n) {
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
        let mode = match (&value.distribution, n) {
            (Some(distribution), n) => distribution.mode(n as usize),
            (None, 1) => value.particle,
            (None, _) => f64::NAN,
        };
        self.set_result(mode, format);
    }

    /// `Quantile(value, p)`.
    pub(super) fn quantile(&mut self, format: Format) {
        let value = self.argument(0, format);
        let p = self.argument(1, format).mean();
        let quantile = match &value.distribution {
            Some(distribution) => distribution.quantile(p),
            None if (0.0..=1.0).contains(&p) => value.particle,
            None => f64::NAN,
        };
        self.set_result(quantile, format);
    }

    /// `ProbabilityGT(value, cutoff)`; a cutoff that is uncertain counts as its mean.
    pub(super) fn probability_above(&mut self, format: Format) {
        let value = self.argument(0, format);
        let cutoff = self.argument(1, format).mean();
        let probability = match &value.distribution {
            Some(distribution) => distribution.probability_above(cutoff),
            None => f64::from(u8::from(value.particle > cutoff)),
        };
        self.set_result(probability, format);
    }

    /// `SupportMin(value)`, `SupportMax(value)`.
    pub(super) fn support(&mut self, end: fn(&Distribution) -> f64, format: Format) {
        let value = self.argument(0, format);
        let end = value.distribution.as_ref().map_or(value.particle, |distribution| end(distribution));
        self.set_result(end, format);
    }

    /// `Sample(value)`: one draw.
    pub(super) fn sample(&mut self, format: Format) {
        let value = self.argument(0, format);
        let draw = match (&value.distribution, &mut self.shadow) {
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
        let bytes = count.checked_mul(size).ok_or(crate::trap::Trap::StoreFault { address: destination })?;
        let sampler = value.distribution.as_ref().and_then(|distribution| distribution.sampler());
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
    pub(super) fn print(&mut self, format: Format) {
        let value = self.argument(0, format);
        let particle = format!("{:.6}", value.particle);
        let mut text = Vec::new();
        match self.ux_value(format) {
            Some(value) => value.write_text(&particle, &mut text),
            None => text.extend(particle.bytes()),
        }
        text.push(b'\n');
        // A stream that nobody reads shows at the program's own next write.
        let _ = self.host.write(Stream::Output, &text);
    }

    /// `DistributionToByteArray(value, buffer, bytes)`: the binary Ux form; its length, or -1 if the buffer is too small.
    pub(super) fn write_bytes(&mut self, format: Format) -> Result<(), Failure> {
        let (buffer, capacity) = (self.pointer(0), self.pointer(1));
        let value = match self.ux_value(format) {
            Some(value) => value,
            None => ux::from_number(self.argument(0, format).particle, distcore::Representation::Athens, format),
        };
        let bytes = value.to_binary();
        if bytes.len() as u64 > capacity {
            self.set_integer_result(-1);
            return Ok(());
        }
        self.memory.slice_mut(buffer, bytes.len() as u64)?.copy_from_slice(&bytes);
        self.set_integer_result(bytes.len() as i64);
        Ok(())
    }

    /// The value in `fa0` as Ux, on a core that tracks.
    fn ux_value(&self, format: Format) -> Option<distcore::ux::UxValue> {
        let representation = self.shadow.as_ref()?.arithmetic().representation();
        let value = self.argument(0, format);
        Some(match &value.distribution {
            Some(distribution) => distribution.to_ux(Some(value.particle), format),
            None => ux::from_number(value.particle, representation, format),
        })
    }
}
