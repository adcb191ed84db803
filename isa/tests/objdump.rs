//! The disassembler and the decoder against GNU objdump 2.40, and LLVM's objdump 19 where GNU's is older than an extension.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use isa::{Format, Inst, Op, TABLE, csr, decode, disassemble};

mod listing;
use listing::Listed;

const GNU: &str = "riscv64-linux-gnu-objdump";
const GNU_ASSEMBLER: &str = "riscv64-linux-gnu-as";
const LLVM: &str = "llvm-objdump-19";

/// Runs a listing tool and gives each instruction to `each`.
fn list(tool: &str, arguments: &[&str], file: &Path, mut each: impl FnMut(Listed)) {
    let package = if tool == LLVM {
        "llvm-19"
    } else {
        "binutils-riscv64-linux-gnu"
    };
    let mut process = Command::new(tool)
        .arg("--disassemble")
        .args(arguments)
        .arg(file)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|e| panic!("{tool}: {e}: apt-get install {package}"));
    for line in BufReader::new(process.stdout.take().expect("stdout was piped")).lines() {
        if let Some(listed) = listing::parse(&line.expect("listings are text")) {
            each(listed);
        }
    }
    assert!(process.wait().expect("the tool was started").success(), "{tool} failed");
}

fn summary(differences: &[String]) -> String {
    differences.iter().take(30).cloned().collect::<Vec<_>>().join("\n")
}

#[test]
fn every_instruction_of_libc() {
    for library in ["libc.a", "libm.a"] {
        let path = PathBuf::from(format!("/usr/riscv64-linux-gnu/lib/{library}"));
        assert!(
            path.exists(),
            "{} is missing: apt-get install libc6-dev-riscv64-cross",
            path.display()
        );
        let mut seen: BTreeMap<Op, u64> = BTreeMap::new();
        let mut differences = Vec::new();
        list(GNU, &[], &path, |listed| match decode(listed.word) {
            Some(inst)
                if disassemble(&inst, listed.address).to_string() == listed.text
                    && u32::from(inst.len) == listed.length =>
            {
                *seen.entry(inst.op).or_default() += 1;
            }
            other => differences.push(format!("{listed:x?}\n    ours: {other:?}")),
        });
        let instructions: u64 = seen.values().sum();
        println!(
            "{library}: {instructions} instructions of {} kinds, {} differ",
            seen.len(),
            differences.len()
        );
        assert!(differences.is_empty(), "{}", summary(&differences));
        assert!(
            instructions > 50_000,
            "{library}: only {instructions} instructions were listed"
        );
    }
}

/// Assembles raw words; the object names every extension that GNU as 2.40 knows of ours, so that its objdump lists them.
fn object(name: &str, words: impl Iterator<Item = u32>) -> PathBuf {
    let directory = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let (source, object) = (directory.join(format!("{name}.s")), directory.join(format!("{name}.o")));
    let text: String = words
        .map(|word| {
            if word & 3 == 3 {
                format!(".insn 4, {word:#x}\n")
            } else {
                format!(".insn 2, {word:#x}\n")
            }
        })
        .collect();
    std::fs::write(&source, text).expect("the target folder can be written");
    let status = Command::new(GNU_ASSEMBLER)
        .arg("-march=rv64gc_zba_zbb_zbc_zbs_zbkb_zbkx_zfh_zicbom_zicbop_zicboz_zawrs_svinval_zihintpause")
        .args([&source, Path::new("-o"), &object])
        .status()
        .unwrap_or_else(|e| panic!("{GNU_ASSEMBLER}: {e}: apt-get install binutils-riscv64-linux-gnu"));
    assert!(status.success());
    object
}

const LLVM_ARGUMENTS: [&str; 2] = [
    "--disassemble-zeroes",
    "--mattr=+m,+a,+f,+d,+c,+zba,+zbb,+zbc,+zbs,+zbkb,+zbkx,+zfh,+zfa,+zicond,+zcb,+zicbom,+zicbop,+zicboz,+zawrs,+svinval,\
     +zihintntl,+zimop,+zcmop",
];

/// How a tool lists bits that it does not know (`<unknown>` is cut off as if it were a symbol).
fn unknown(text: &str) -> bool {
    text.is_empty() || text.starts_with('.') || text.starts_with("0x")
}

/// Blanks out how tools differ: spaces, the base that numbers are written in, `zext.b`.
fn canonical(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text.trim();
    while let Some(c) = rest.chars().next() {
        let word_end = rest
            .find(|c: char| !c.is_ascii_alphanumeric() && c != '.')
            .unwrap_or(rest.len());
        let (word, after) = rest.split_at(word_end.max(c.len_utf8()));
        match word.strip_prefix("0x").map(|digits| u64::from_str_radix(digits, 16)) {
            Some(Ok(number)) => out.push_str(&number.to_string()),
            _ if c == ' ' => {}
            _ => out.push_str(word),
        }
        rest = after;
    }
    match out
        .strip_prefix("andi\t")
        .and_then(|operands| operands.strip_suffix(",255"))
    {
        Some(registers) => format!("zext.b\t{registers}"),
        None => out,
    }
}

/// What both tools say of the same object, by address.
struct Opinions {
    gnu: BTreeMap<u64, Listed>,
    llvm: BTreeMap<u64, Listed>,
}

impl Opinions {
    fn of(object: &Path) -> Opinions {
        let mut opinions = Opinions {
            gnu: BTreeMap::new(),
            llvm: BTreeMap::new(),
        };
        list(GNU, &["--disassemble-zeroes"], object, |listed| {
            opinions.gnu.insert(listed.address, listed);
        });
        list(LLVM, &LLVM_ARGUMENTS, object, |listed| {
            opinions.llvm.insert(listed.address, listed);
        });
        opinions
    }
}

/// A fixed sequence of words for the operands (xorshift64*, Vigna 2016).
fn words(mut state: u64) -> impl Iterator<Item = u32> {
    std::iter::repeat_with(move || {
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        (state.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 32) as u32
    })
}

/// CSR names have a test of their own.
fn names_a_nameless_csr(inst: &Inst) -> bool {
    let is_csr = matches!(inst.op.format(), Format::Csr | Format::CsrImmediate);
    is_csr && u16::try_from(inst.imm).is_ok_and(|number| csr::name(number).is_none() || unnamed_by_gnu(number))
}

#[test]
fn every_row_of_the_table() {
    let mut random = words(1);
    let mut operands = || random.next().expect("an endless sequence");
    let samples: Vec<u32> = TABLE
        .iter()
        .filter(|row| row.op != Op::Uxhw)
        .flat_map(|row| {
            // GNU writes a fence with anything in its reserved fields as data.
            let free = match row.op {
                Op::Fence => 0x0ff0_0000,
                Op::FenceI => 0,
                _ => !row.mask,
            };
            // Aliases are about x0 and small immediates, which random operands seldom have: fields take turns in being zero.
            let turns = [
                0,
                31 << 7,
                31 << 15,
                31 << 20,
                31 << 7 | 31 << 15,
                0xfff0_0000,
                0xfff0_0f80,
                !0,
            ];
            (0..160)
                .map(|n| row.bits | operands() & free & !turns[n % turns.len()])
                .collect::<Vec<_>>()
        })
        .filter(|&word| decode(word).is_some_and(|inst| !names_a_nameless_csr(&inst)))
        .collect();
    let opinions = Opinions::of(&object("rows", samples.iter().copied()));

    let (mut by_gnu, mut by_llvm) = (BTreeSet::new(), BTreeSet::new());
    let mut differences = Vec::new();
    for (position, &word) in samples.iter().enumerate() {
        let address = 4 * position as u64;
        let inst = decode(word).expect("only legal words are sampled");
        let text = disassemble(&inst, address).to_string();
        let (gnu, llvm) = (&opinions.gnu[&address].text, &opinions.llvm[&address].text);
        // Zihintntl is younger than binutils 2.40, which lists the base instruction.
        if !unknown(gnu) && !text.starts_with("ntl.") {
            by_gnu.insert(inst.op);
            if *gnu != text {
                differences.push(format!("{word:#010x} GNU: {gnu} ours: {text}"));
            }
        } else if !unknown(llvm) {
            by_llvm.insert(inst.op);
            if canonical(llvm) != canonical(&text) {
                differences.push(format!("{word:#010x} LLVM: {llvm} ours: {text}"));
            }
        }
    }
    let only_llvm: Vec<&Op> = by_llvm.difference(&by_gnu).collect();
    println!(
        "{} words; {} rows by GNU, {} by LLVM alone: {only_llvm:?}",
        samples.len(),
        by_gnu.len(),
        only_llvm.len()
    );
    assert!(
        differences.is_empty(),
        "{} of {} differ\n{}",
        differences.len(),
        samples.len(),
        summary(&differences)
    );
    let unheard: Vec<Op> = Op::ALL
        .into_iter()
        .filter(|op| !by_gnu.contains(op) && !by_llvm.contains(op))
        .collect();
    assert_eq!(unheard, [Op::Uxhw], "rows that neither tool knows");
}

/// Instructions of drafts, which GNU still lists.
const WITHDRAWN: [&str; 3] = ["uret", "hret", "sfence.vm"];

/// One fixed bit of a row flipped: another instruction, or one that the decoder must refuse as both tools do.
#[test]
fn near_misses_of_every_row() {
    let mut random = words(2);
    let samples: Vec<u32> = TABLE
        .iter()
        .filter(|row| row.op != Op::Uxhw)
        .flat_map(|row| {
            (2..32)
                .filter(|bit| row.mask >> bit & 1 == 1)
                .map(|bit| row.bits ^ 1 << bit)
                .collect::<Vec<_>>()
        })
        .flat_map(|word| {
            // Once with zeros for operands, once with anything in rd and rs1, which no row but those with none fixes.
            [word, word | random.next().unwrap_or(0) & 0x000f_8f80]
        })
        // With these bits an instruction is longer than 32 bits; round_trip.rs refuses them.
        .filter(|word| word & 0x1f != 0x1f)
        .collect();
    let opinions = Opinions::of(&object("near_misses", samples.iter().copied()));
    let (mut legal, mut illegal) = (0, 0);
    let mut differences = Vec::new();
    for (position, &word) in samples.iter().enumerate() {
        let address = 4 * position as u64;
        let (gnu, llvm) = (&opinions.gnu[&address].text, &opinions.llvm[&address].text);
        let listed = |text: &str| {
            // `rm` of 5 or 6 is listed as an unknown mode; `uret`, `hret`, `sfence.vm` are of drafts that were withdrawn; LLVM takes
            // any `rm` for `fcvtmod`, of which the manual reserves all but rtz.
            let lax = text.ends_with(",unknown")
                || WITHDRAWN.contains(&text.split('\t').next().unwrap_or(text))
                || text.starts_with("fcvtmod") && !text.ends_with("rtz");
            !unknown(text) && !lax
        };
        let known = listed(gnu) || listed(llvm);
        let inst = decode(word);
        *(if inst.is_some() { &mut legal } else { &mut illegal }) += 1;
        // Fences ignore what the tools reserve, and our own instruction is ours.
        let only_ours = matches!(inst.map(|inst| inst.op), Some(Op::Fence | Op::FenceI | Op::Uxhw));
        if inst.is_some() != known && !only_ours {
            differences.push(format!("{word:#010x} GNU: {gnu} LLVM: {llvm} ours: {inst:?}"));
        }
    }
    println!("{legal} near misses are legal, {illegal} are not");
    assert!(
        differences.is_empty(),
        "{} of {} differ\n{}",
        differences.len(),
        samples.len(),
        summary(&differences)
    );
}

/// Whether an instruction is one of the forms that the manual lists as hints: nothing but the pc changes.
fn changes_nothing(inst: &Inst) -> bool {
    let shift_by_zero = matches!(inst.op, Op::Slli | Op::Srli | Op::Srai) && inst.imm == 0;
    let add_zero = inst.op == Op::Addi && inst.imm == 0;
    inst.rd == 0 || inst.rd == inst.rs1 && (shift_by_zero || add_zero)
}

#[test]
fn every_halfword() {
    let halves: Vec<u32> = (0..=0xffff).filter(|half| half & 3 != 3).collect();
    let opinions = Opinions::of(&object("halves", halves.iter().copied()));
    let mut differences = Vec::new();
    let (mut legal, mut hints, mut by_llvm) = (0, 0, 0);
    for (position, &half) in halves.iter().enumerate() {
        let address = 2 * position as u64;
        let (gnu, llvm) = (&opinions.gnu[&address].text, &opinions.llvm[&address].text);
        let inst = decode(half);
        let ours = inst.map(|inst| disassemble(&inst, address).to_string());
        let agreed = match (&inst, &ours) {
            // The tools write hints and may-be-operations by their compressed names (GNU `c.addi a0,0` by its long one).
            (Some(inst), _) if changes_nothing(inst) && (llvm.starts_with("c.") || gnu.starts_with("c.")) => {
                hints += 1;
                true
            }
            (_, Some(text)) if !unknown(gnu) => gnu == text,
            (_, Some(text)) => {
                by_llvm += 1;
                !unknown(llvm) && canonical(llvm) == canonical(text)
            }
            // `unimp` is a name for what is illegal by definition. Of the reserved forms GNU lists `c.addi16sp` by 0 and LLVM `c.lui`
            // by 0 (round_trip.rs has them from the manual).
            _ if half == 0 => gnu == "unimp" && llvm == "unimp",
            _ => unknown(gnu) || unknown(llvm),
        };
        legal += u32::from(inst.is_some());
        if !agreed {
            differences.push(format!("{half:#06x} GNU: {gnu} LLVM: {llvm} ours: {ours:?}"));
        }
    }
    println!(
        "{} halfwords, {legal} legal: {hints} hints, {by_llvm} judged by LLVM alone",
        halves.len()
    );
    assert!(
        differences.is_empty(),
        "{} differ\n{}",
        differences.len(),
        summary(&differences)
    );
}

/// What we name and GNU does not, or the other way round, with the reason.
fn csr_names_may_differ(number: u16, gnu: &str) -> bool {
    // The upper halves of 64-bit registers exist on RV32 only.
    gnu.ends_with('h') && !gnu.ends_with("scratch") || unnamed_by_gnu(number)
}

/// Smrnmi (0x740 to 0x744) is younger than binutils 2.40.
fn unnamed_by_gnu(number: u16) -> bool {
    (0x740..=0x744).contains(&number)
}

#[test]
fn every_csr() {
    // csrrs a0, number, a1
    let opinions = Opinions::of(&object("csrs", (0..4096).map(|number| number << 20 | 0x5a573)));
    let mut named = 0;
    let mut differences = Vec::new();
    for number in 0..4096_u16 {
        let gnu = &opinions.gnu[&(4 * u64::from(number))].text;
        let gnu = gnu.trim_start_matches("csrrs\ta0,").trim_end_matches(",a1");
        let ours = csr::name(number).map_or_else(|| format!("{number:#x}"), |name| name.to_string());
        if csr::name(number).is_some() {
            named += 1;
            assert_eq!(csr::number(&ours), Some(number), "{ours}");
        }
        if ours != gnu && !csr_names_may_differ(number, gnu) {
            differences.push(format!("{number:#x} GNU: {gnu} ours: {ours}"));
        }
    }
    println!("{named} CSRs have names");
    assert!(
        differences.is_empty(),
        "{} differ\n{}",
        differences.len(),
        summary(&differences)
    );
}
