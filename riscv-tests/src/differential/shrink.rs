//! A failing stream made small.

use anyhow::{Context, Result};

use super::{Emulator, NOP, Stream};

impl Stream {
    /// Runs the stream on two emulators; `true` when both end in the same state.
    ///
    /// # Errors
    ///
    /// When it does not compile, an emulator cannot be started, or the reference does not come to the end of the stream, so that
    /// nothing would be compared.
    pub fn agrees(&self, ours: &dyn Emulator, reference: &dyn Emulator) -> Result<bool> {
        let (ours, reference) = (ours.run(self)?, reference.run(self)?);
        reference
            .state()
            .with_context(|| format!("{reference:?} of {}: {}", self.source().display(), self.listing()))?;
        Ok(ours.equals(&reference))
    }

    /// The smallest stream found that still differs: one pass, if it does not take more, and slots made into nops.
    ///
    /// # Errors
    ///
    /// As [`Stream::agrees`].
    pub fn shrink(self, ours: &dyn Emulator, reference: &dyn Emulator) -> Result<Stream> {
        let mut smallest = self.only_failing_pass(ours, reference)?;
        let mut chunk = smallest.slots.len().div_ceil(2);
        while chunk > 0 {
            for start in (0..smallest.slots.len()).step_by(chunk) {
                let mut without = smallest.clone();
                let slots = without.slots.iter_mut().skip(start).take(chunk);
                slots.for_each(|slot| *slot = NOP);
                if without.slots != smallest.slots && !without.agrees(ours, reference)? {
                    smallest = without;
                }
            }
            chunk /= 2;
        }
        // The last program written may be one that agreed: write this one again.
        smallest.agrees(ours, reference)?;
        Ok(smallest)
    }

    /// The first pass after which the two differ, alone. All that a pass works on is drawn before it, so that it seldom needs others.
    fn only_failing_pass(self, ours: &dyn Emulator, reference: &dyn Emulator) -> Result<Stream> {
        let first = |passes: u32| Stream { passes, ..self.clone() };
        // A difference stays, in the hash: so there is a first pass, between these.
        let (mut agreeing, mut differing) = (0, self.passes);
        while differing - agreeing > 1 {
            let middle = agreeing.midpoint(differing);
            if first(middle).agrees(ours, reference)? {
                agreeing = middle;
            } else {
                differing = middle;
            }
        }
        let mut alone = first(1);
        if agreeing > 0 {
            let before = reference.run(&first(agreeing))?.state();
            alone.drawing = before.context("the reference came to its end before")?.drawing();
        }
        Ok(if alone.agrees(ours, reference)? {
            first(differing)
        } else {
            alone
        })
    }
}
