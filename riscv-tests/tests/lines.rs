//! The text half of the test lines: every row of the instruction table has lines, and they decode and read as they should.
//! (`conformance` runs them.)

use std::collections::BTreeSet;

use isa::{Format, Op, decode, disassemble, encode};
use riscv_tests::lines::{self, Effect};

const PC: u64 = 0x10000;

#[test]
fn every_row_has_a_line() {
    let with_line: BTreeSet<Op> = lines::all()
        .expect("the lines are well formed")
        .iter()
        .flat_map(|(_, lines)| lines)
        .flat_map(|line| &line.words)
        .filter_map(|word| decode(*word))
        .map(|inst| inst.op)
        .collect();
    let without: Vec<Op> = Op::ALL.into_iter().filter(|op| !with_line.contains(op)).collect();
    assert!(without.is_empty(), "rows without a test line: {without:?}");
}

#[test]
fn every_line_decodes_and_reads_as_it_says() {
    let mut differences = Vec::new();
    let mut count = 0;
    for (file, lines) in lines::all().expect("the lines are well formed") {
        for line in lines {
            count += 1;
            for (word, expected) in line.words.iter().zip(&line.texts) {
                let inst = decode(*word);
                let text = inst.map(|inst| disassemble(&inst, PC).to_string().replace('\t', " "));
                let expected = match expected.split_once("pc+") {
                    Some((before, offset)) => {
                        let offset: u64 = offset.parse().expect("a decimal offset");
                        format!("{before}{:x}", PC + offset)
                    }
                    None => expected.clone(),
                };
                // A compressed one is encoded as its expansion.
                let round_trip = inst.is_none_or(|inst| inst.len == 2 || encode(&inst) == Some(*word));
                if text.as_ref() != Some(&expected) || !round_trip {
                    differences.push(format!("{file}:{}: {word:08x} {expected}, but {text:?}", line.number));
                }
            }
        }
    }
    println!("{count} lines");
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// What is tested by its text alone is listed here: a row must not slip out of execution unseen.
#[test]
fn rows_that_are_not_run_are_known() {
    let mut not_run = BTreeSet::new();
    for (_, lines) in lines::all().expect("the lines are well formed") {
        for line in lines {
            let insts: Vec<_> = line.words.iter().filter_map(|word| decode(*word)).collect();
            match &line.effect {
                Effect::Trap(_) => not_run.extend(insts.iter().map(|inst| inst.op)),
                Effect::Values(outputs) => {
                    let nothing_to_see = |format: Format| matches!(format, Format::Fence | Format::Nullary);
                    let silent = insts.iter().all(|inst| nothing_to_see(inst.op.format()));
                    assert_eq!(outputs.is_empty(), silent, "{:?}:{}", line.texts, line.number);
                }
            }
        }
    }
    println!("text alone is tested of {not_run:?}");
    let expected = [
        Op::Ecall,
        Op::Ebreak,
        Op::Mret,
        Op::Sret,
        Op::Wfi,
        Op::SfenceVma,
        Op::SinvalVma,
        Op::SfenceWInval,
        Op::SfenceInvalIr,
        Op::Uxhw,
    ];
    assert_eq!(not_run, BTreeSet::from(expected));
}
