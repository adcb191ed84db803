//! The timer and the software interrupt: a CLINT for one hart, as SiFive's, Spike's and QEMU's.

use std::ops::Range;

/// Where it answers.
pub(super) const ADDRESSES: Range<u64> = 0x200_0000..0x20c_0000;

const MSIP: u64 = 0;
const MTIMECMP: u64 = 0x4000;
const MTIME: u64 = 0xbff8;

/// Its registers. The timer counts the cycles of the hart, one a nanosecond, so that a run is the same on every machine.
#[derive(Debug)]
pub(super) struct Clint {
    pub(super) software_interrupt: bool,
    pub(super) compare: u64,
    /// What is added to the count of cycles to give `mtime`.
    pub(super) time_offset: u64,
}

impl Default for Clint {
    fn default() -> Self {
        Clint {
            software_interrupt: false,
            compare: u64::MAX,
            time_offset: 0,
        }
    }
}

impl Clint {
    pub(super) fn time(&self, cycles: u64) -> u64 {
        cycles.wrapping_add(self.time_offset)
    }

    pub(super) fn timer_interrupt(&self, cycles: u64) -> bool {
        self.time(cycles) >= self.compare
    }

    /// Lets the timer jump to where it interrupts, if that is still to come.
    pub(super) fn skip_to_interrupt(&mut self, cycles: u64) {
        if !self.timer_interrupt(cycles) {
            self.time_offset = self.compare.wrapping_sub(cycles);
        }
    }

    /// The doubleword at `offset`, a multiple of 8.
    fn register(&self, offset: u64, cycles: u64) -> u64 {
        match offset {
            MSIP => self.software_interrupt.into(),
            MTIMECMP => self.compare,
            MTIME => self.time(cycles),
            _ => 0,
        }
    }

    fn set_register(&mut self, offset: u64, value: u64, cycles: u64) {
        match offset {
            MSIP => self.software_interrupt = value & 1 != 0,
            MTIMECMP => self.compare = value,
            MTIME => self.time_offset = value.wrapping_sub(cycles),
            _ => {}
        }
    }

    /// Reads bytes at `offset` from its start, none beyond the doubleword that they start in.
    pub(super) fn load(&self, offset: u64, bytes: &mut [u8], cycles: u64) {
        let register = self.register(offset & !7, cycles).to_le_bytes();
        for (byte, value) in bytes.iter_mut().zip(register.iter().skip(offset as usize & 7)) {
            *byte = *value;
        }
    }

    pub(super) fn store(&mut self, offset: u64, bytes: &[u8], cycles: u64) {
        let mut register = self.register(offset & !7, cycles).to_le_bytes();
        for (value, byte) in register.iter_mut().skip(offset as usize & 7).zip(bytes) {
            *value = *byte;
        }
        self.set_register(offset & !7, u64::from_le_bytes(register), cycles);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn registers_by_word_and_doubleword() {
        let mut clint = Clint::default();
        assert!(!clint.timer_interrupt(1000));
        clint.store(MTIMECMP, &500u64.to_le_bytes(), 0);
        assert!(!clint.timer_interrupt(499));
        assert!(clint.timer_interrupt(500));
        clint.store(MTIME, &0u64.to_le_bytes(), 600);
        assert_eq!(clint.time(610), 10);
        clint.skip_to_interrupt(610);
        assert_eq!(clint.time(610), 500);
        clint.store(MTIMECMP + 4, &1u32.to_le_bytes(), 610);
        assert_eq!(clint.compare, (1 << 32) + 500);
        clint.store(MSIP, &3u32.to_le_bytes(), 0);
        assert!(clint.software_interrupt);
        let mut word = [0; 4];
        clint.load(MSIP, &mut word, 0);
        assert_eq!(word, [1, 0, 0, 0]);
    }
}
