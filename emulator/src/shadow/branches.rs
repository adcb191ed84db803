//! Where a program's way depended on a distribution.
//!
//! A branch, a jump, an address or an argument of a system call can only be one value: the particle. How much that choice hides is
//! the probability that a draw from the operands' distributions would have chosen otherwise; operands count as independent.

use distcore::{Distribution, Format};
use isa::{Inst, Op};

use super::Shadow;
use super::registers::{Held, RegisterNumber};
use super::values::Kind;
use crate::hart::{Hart, reg};

/// What an uncertain operand decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Decision {
    /// A conditional branch.
    Branch,
    /// The target of a jump, or of a call through a pointer.
    Jump,
    /// The address of a load, a store or an atomic operation.
    Address,
    /// The choice of a conditional move (`czero`).
    Select,
    /// An argument of a system call.
    SystemCall,
}

/// An instruction whose operand was uncertain although it steers the program; the particle decided.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BranchSite {
    /// Address of the instruction.
    pub address: u64,
    /// What was decided.
    pub decision: Decision,
    /// Times it was met.
    pub times: u64,
    /// Probability, 0 to 1, that a draw would have decided otherwise than the particle: the mean over all times. NaN if the run
    /// was not to [find out](crate::Task::weighs_decisions).
    pub other_way: f64,
}

/// Sites that are told apart; a program has far fewer. What is met at others is only counted.
const MOST_SITES: usize = 1 << 16;

/// What is kept of a site during a run.
#[derive(Debug, Clone, Copy)]
pub(super) struct Counted {
    decision: Decision,
    pub(super) times: u64,
    /// Sum of the probabilities.
    other_way: f64,
}

/// An operand of a decision: what may stand in the register, with probabilities.
struct Choice {
    /// Ascending by bit pattern read as a signed number; each value once or more.
    values: Vec<(i64, f64)>,
}

impl Choice {
    /// Masses with special ones (an integer has none; the bits of a NaN or an infinity do) count as the largest value.
    fn new(kind: Kind, distribution: &Distribution) -> Choice {
        let bits = |position: f64| match kind {
            Kind::F64 => position.to_bits() as i64,
            Kind::F32 => i64::from((position as f32).to_bits() as i32),
            Kind::WithoutSign(Format::F64) => (position.to_bits() << 1) as i64,
            Kind::WithoutSign(Format::F32) => (u64::from((position as f32).to_bits()) << 33) as i64,
            // Unsigned doublewords have positions beyond i64.
            Kind::Integer(_) => (position as i128) as i64,
        };
        let mut values: Vec<(i64, f64)> = distribution
            .diracs()
            .map(|(position, mass)| (bits(position), mass))
            .collect();
        values.sort_unstable_by_key(|value| value.0);
        let special = distribution.special().total();
        if special > 0.0 {
            values.push((i64::MAX, special));
        }
        Choice { values }
    }

    fn certain(value: u64) -> Choice {
        Choice {
            values: vec![(value as i64, 1.0)],
        }
    }

    /// The values as unsigned numbers in an order that signed comparison understands.
    fn unsigned(mut self) -> Choice {
        for value in &mut self.values {
            value.0 ^= i64::MIN;
        }
        self.values.sort_unstable_by_key(|value| value.0);
        self
    }

    fn mass_at(&self, wanted: i64) -> f64 {
        self.values
            .iter()
            .filter(|value| value.0 == wanted)
            .map(|value| value.1)
            .sum()
    }
}

/// P(a < b), by one sweep over both.
fn less(a: &Choice, b: &Choice) -> f64 {
    let mut below = 0.0;
    let mut next = a.values.iter().peekable();
    let mut total = 0.0;
    for &(value, mass) in &b.values {
        while let Some(smaller) = next.next_if(|smaller| smaller.0 < value) {
            below += smaller.1;
        }
        total += mass * below;
    }
    total
}

/// P(a = b).
fn equal(a: &Choice, b: &Choice) -> f64 {
    let (few, many) = if a.values.len() < b.values.len() {
        (a, b)
    } else {
        (b, a)
    };
    let mut total = 0.0;
    for &(value, mass) in &few.values {
        let start = many.values.partition_point(|other| other.0 < value);
        let same = many.values[start..].iter().take_while(|other| other.0 == value);
        total += mass * same.map(|other| other.1).sum::<f64>();
    }
    total
}

impl Shadow {
    /// A conditional branch at `pc`, before it is executed.
    #[inline]
    pub(super) fn note_branch(&mut self, pc: u64, inst: &Inst, hart: &Hart) {
        let registers = [inst.rs1, inst.rs2].map(RegisterNumber::x);
        if registers
            .iter()
            .all(|&register| self.registers.get(register) == Held::Nothing)
        {
            return;
        }
        self.note_uncertain_branch(pc, inst, hart);
    }

    fn note_uncertain_branch(&mut self, pc: u64, inst: &Inst, hart: &Hart) {
        if !self.options.weighs_decisions {
            if [inst.rs1, inst.rs2].iter().any(|&register| self.is_uncertain(register)) {
                self.count_decision(pc, Decision::Branch, f64::NAN);
            }
            return;
        }
        let choices = [inst.rs1, inst.rs2].map(|register| self.choice(register));
        if choices.iter().all(Option::is_none) {
            return;
        }
        let bits = [inst.rs1, inst.rs2].map(|register| hart.x[usize::from(register)]);
        let [a, b] = choices;
        let (a, b) = (
            a.unwrap_or_else(|| Choice::certain(bits[0])),
            b.unwrap_or_else(|| Choice::certain(bits[1])),
        );
        let (x, y) = (bits[0], bits[1]);
        let (taken, probability) = match inst.op {
            Op::Beq => (x == y, equal(&a, &b)),
            Op::Bne => (x != y, 1.0 - equal(&a, &b)),
            Op::Blt => ((x as i64) < y as i64, less(&a, &b)),
            Op::Bge => (x as i64 >= y as i64, 1.0 - less(&a, &b)),
            Op::Bltu => (x < y, less(&a.unsigned(), &b.unsigned())),
            _ => (x >= y, 1.0 - less(&a.unsigned(), &b.unsigned())),
        };
        self.count_decision(
            pc,
            Decision::Branch,
            if taken { 1.0 - probability } else { probability },
        );
    }

    /// Something at `pc` that only the value of `xN` decides.
    #[inline]
    pub(super) fn note_value(&mut self, pc: u64, decision: Decision, register: u8, hart: &Hart) {
        if self.registers.get(RegisterNumber::x(register)) == Held::Nothing {
            return;
        }
        if !self.options.weighs_decisions {
            if self.is_uncertain(register) {
                self.count_decision(pc, decision, f64::NAN);
            }
        } else if let Some(choice) = self.choice(register) {
            let same = choice.mass_at(hart.x[usize::from(register)] as i64);
            self.count_decision(pc, decision, 1.0 - same);
        }
    }

    /// The choice of an instruction that asks whether `xN` is zero.
    pub(super) fn note_zero(&mut self, pc: u64, register: u8, hart: &Hart) {
        if !self.options.weighs_decisions {
            if self.is_uncertain(register) {
                self.count_decision(pc, Decision::Select, f64::NAN);
            }
        } else if let Some(choice) = self.choice(register) {
            let zero = choice.mass_at(0);
            self.count_decision(
                pc,
                Decision::Select,
                if hart.x[usize::from(register)] == 0 {
                    1.0 - zero
                } else {
                    zero
                },
            );
        }
    }

    /// A system call at `pc` that looks at its first `arguments` arguments.
    pub(crate) fn note_system_call(&mut self, pc: u64, hart: &Hart, arguments: usize) {
        for register in reg::A0..reg::A0 + arguments {
            self.note_value(pc, Decision::SystemCall, register as u8, hart);
        }
    }

    /// All sites, ascending by address.
    pub(crate) fn branch_sites(&self) -> Vec<BranchSite> {
        let site = |(&address, counted): (&u64, &Counted)| BranchSite {
            address,
            decision: counted.decision,
            times: counted.times,
            other_way: counted.other_way / counted.times as f64,
        };
        self.branches.iter().map(site).collect()
    }

    fn is_uncertain(&self, register: u8) -> bool {
        match self.registers.get(RegisterNumber::x(register)) {
            Held::Value(tag) => self.values.get(tag).is_some(),
            Held::Nothing | Held::Pieces(_) => false,
        }
    }

    fn choice(&mut self, register: u8) -> Option<Choice> {
        let Held::Value(tag) = self.registers.get(RegisterNumber::x(register)) else {
            return None;
        };
        let value = self.values.get(tag)?;
        let distribution = self.algebra.distribution(&value.uncertain)?;
        Some(Choice::new(value.kind, &distribution))
    }

    fn count_decision(&mut self, pc: u64, decision: Decision, other_way: f64) {
        if self.branches.len() >= MOST_SITES && !self.branches.contains_key(&pc) {
            self.unlisted_branches += 1;
            return;
        }
        let counted = self.branches.entry(pc).or_insert(Counted {
            decision,
            times: 0,
            other_way: 0.0,
        });
        counted.times += 1;
        // Masses are exact to rounding only.
        counted.other_way += other_way.clamp(0.0, 1.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use distcore::IntegerType;

    fn choice(values: &[f64]) -> Choice {
        let masses = vec![1.0 / values.len() as f64; values.len()];
        let distribution = Distribution::from_parts(values, &masses).expect("a distribution");
        Choice::new(Kind::Integer(IntegerType::I64), &distribution)
    }

    #[test]
    fn probabilities_of_comparisons() {
        let die = || choice(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
        // Two dice: 15 of 36 pairs are ascending, 6 are equal.
        assert!((less(&die(), &die()) - 15.0 / 36.0).abs() < 1e-15);
        assert!((equal(&die(), &die()) - 6.0 / 36.0).abs() < 1e-15);
        assert!((less(&die(), &Choice::certain(3)) - 2.0 / 6.0).abs() < 1e-15);
        assert!((die().mass_at(4) - 1.0 / 6.0).abs() < 1e-15);
    }

    #[test]
    fn unsigned_comparison_takes_negative_numbers_as_large() {
        let signs = || choice(&[-1.0, 1.0]);
        assert_eq!(less(&signs(), &Choice::certain(0)), 0.5);
        assert_eq!(less(&signs().unsigned(), &Choice::certain(2).unsigned()), 0.5);
        assert_eq!(less(&signs().unsigned(), &Choice::certain(0).unsigned()), 0.0);
    }

    #[test]
    fn the_bits_of_a_number_compare_as_bits() {
        let distribution = Distribution::from_parts(&[-1.0, 2.0], &[0.25, 0.75]).expect("a distribution");
        let bits = Choice::new(Kind::F64, &distribution);
        assert_eq!(less(&bits, &Choice::certain(0)), 0.25);
        assert_eq!(bits.mass_at(2.0f64.to_bits() as i64), 0.75);
    }
}
