//! Where a run spends its instructions, by function and by the calls that led there.
//!
//! Nothing is sampled: every block is counted, so the same run gives the same profile, but for its times. Calls are told from jumps
//! by the hints of the calling convention (unprivileged manual, "Unconditional Jumps"): a jump that links `ra` or `t0` calls, a jump to
//! `ra` or `t0` that links nothing returns, to the frame whose return address it is. A jump to another function is a tail call.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use isa::{Inst, Op};
use loader::Symbols;

/// What a function took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FunctionProfile {
    /// Its name, or its address in hexadecimal.
    pub name: String,
    /// Instructions in itself.
    pub instructions: u64,
    /// Instructions in itself and in what it called, recursion counted once.
    pub total_instructions: u64,
    /// Operations in which a distribution took part; those of library functions count where they were called from.
    pub uncertain_operations: u64,
    /// Time in which those were done.
    pub uncertain_time: Duration,
}

/// A path of calls and what it took itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StackProfile {
    /// Names of functions, the first one called first.
    pub functions: Vec<String>,
    /// Instructions of the last function when called in this way.
    pub instructions: u64,
}

/// Where a run spent its instructions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Profile {
    /// All functions that ran, most instructions of their own first.
    pub functions: Vec<FunctionProfile>,
    /// All paths of calls, in the order of their first time.
    pub stacks: Vec<StackProfile>,
}

/// Collects a profile while a program runs.
pub(crate) struct Profiler {
    functions: Vec<Function>,
    by_start: HashMap<u64, usize>,
    nodes: Vec<Node>,
    frames: Vec<Frame>,
    /// Where the last block led.
    expected: u64,
    /// Instructions that have been counted.
    counted: u64,
    /// Count of uncertain operations and the time, when the last block ended.
    last: Option<(u64, Instant)>,
}

struct Function {
    name: String,
    start: u64,
    end: u64,
}

/// A path of calls.
#[derive(Default)]
struct Node {
    function: usize,
    parent: Option<usize>,
    children: Vec<usize>,
    instructions: u64,
    operations: u64,
    time: Duration,
}

struct Frame {
    /// Where the function will return to.
    return_address: u64,
    node: usize,
}

/// Deeper calls count for the function at this depth: a path must stay readable, and recursion finite.
const DEEPEST: usize = 200;

impl Profiler {
    pub(crate) fn new() -> Self {
        Profiler {
            functions: Vec::new(),
            by_start: HashMap::new(),
            nodes: Vec::new(),
            frames: Vec::new(),
            expected: 0,
            counted: 0,
            last: None,
        }
    }

    /// `retired` instructions have been executed so far: those that are new, a system call's own among them, count for the function
    /// under way.
    fn note_instructions(&mut self, retired: u64) {
        if let Some(frame) = self.frames.last() {
            self.nodes[frame.node].instructions += retired - self.counted;
            self.counted = retired;
        }
    }

    /// A block at `pc` is about to run, and `operations` have been uncertain so far: what came since the last block (a hook, a
    /// library function) was done on behalf of that.
    pub(crate) fn enter(&mut self, pc: u64, retired: u64, operations: u64, symbols: &Symbols) {
        self.note_instructions(retired);
        self.note_operations(operations);
        if self.frames.is_empty() {
            let node = self.child(None, pc, symbols);
            self.frames.push(Frame {
                return_address: 0,
                node,
            });
        } else if pc != self.expected {
            // Something outside moved the program counter: a hook that did the work of a function, a signal handler.
            if !self.pop_to(pc) {
                self.move_to(pc, symbols);
            }
        }
    }

    /// The block that began at the last [`enter`](Self::enter) has ended, at `pc`, after `instructions`; `last` is the one that led
    /// there, if the block was not left midway, and `behind` the address behind it.
    pub(crate) fn leave(
        &mut self,
        pc: u64,
        instructions: u64,
        last: Option<(&Inst, u64)>,
        operations: u64,
        symbols: &Symbols,
    ) {
        self.note_instructions(self.counted + instructions);
        self.note_operations(operations);
        self.expected = pc;
        let is_link = |register: u8| register == 1 || register == 5;
        match last {
            Some((inst, behind)) if matches!(inst.op, Op::Jal | Op::Jalr) && is_link(inst.rd) => {
                let parent = self.frames.last().map(|frame| frame.node);
                let node = if self.frames.len() < DEEPEST {
                    self.child(parent, pc, symbols)
                } else {
                    parent.unwrap_or_default()
                };
                self.frames.push(Frame {
                    return_address: behind,
                    node,
                });
            }
            Some((inst, _)) if inst.op == Op::Jalr && is_link(inst.rs1) && self.pop_to(pc) => {}
            Some((inst, _)) if matches!(inst.op, Op::Jal | Op::Jalr) => self.move_to(pc, symbols),
            _ => {}
        }
    }

    fn note_operations(&mut self, operations: u64) {
        let now = Instant::now();
        if let (Some((before, then)), Some(frame)) = (self.last, self.frames.last())
            && operations != before
        {
            let node = &mut self.nodes[frame.node];
            node.operations += operations - before;
            node.time += now - then;
        }
        self.last = Some((operations, now));
    }

    /// Returns to the innermost frame that waits for `pc`, if one does.
    fn pop_to(&mut self, pc: u64) -> bool {
        match self.frames.iter().rposition(|frame| frame.return_address == pc) {
            Some(position) if position > 0 => {
                self.frames.truncate(position);
                true
            }
            _ => false,
        }
    }

    /// The running function is now the one at `pc`, which its caller might as well have called.
    fn move_to(&mut self, pc: u64, symbols: &Symbols) {
        let Some(frame) = self.frames.last() else { return };
        let node = frame.node;
        let function = &self.functions[self.nodes[node].function];
        if (function.start..function.end).contains(&pc) {
            return;
        }
        let parent = self.nodes[node].parent;
        let moved = self.child(parent, pc, symbols);
        if let Some(frame) = self.frames.last_mut() {
            frame.node = moved;
        }
    }

    /// The node of the function at `pc` when called from `parent`.
    fn child(&mut self, parent: Option<usize>, pc: u64, symbols: &Symbols) -> usize {
        let function = self.function(pc, symbols);
        let siblings = parent.map_or(&[][..], |parent| &self.nodes[parent].children[..]);
        if let Some(&known) = siblings.iter().find(|&&node| self.nodes[node].function == function) {
            return known;
        }
        if parent.is_none()
            && let Some(root) = (0..self.nodes.len())
                .find(|&node| self.nodes[node].parent.is_none() && self.nodes[node].function == function)
        {
            return root;
        }
        let number = self.nodes.len();
        self.nodes.push(Node {
            function,
            parent,
            ..Node::default()
        });
        if let Some(parent) = parent {
            self.nodes[parent].children.push(number);
        }
        number
    }

    fn function(&mut self, pc: u64, symbols: &Symbols) -> usize {
        let (name, start, end) = match symbols.function_containing(pc) {
            Some((symbol, _)) => (
                symbol.name.to_owned(),
                symbol.address,
                symbol.address + symbol.size.max(1),
            ),
            None => (format!("0x{pc:x}"), pc, pc + 1),
        };
        let number = self.functions.len();
        match self.by_start.entry(start) {
            std::collections::hash_map::Entry::Occupied(entry) => *entry.get(),
            std::collections::hash_map::Entry::Vacant(entry) => {
                entry.insert(number);
                self.functions.push(Function { name, start, end });
                number
            }
        }
    }

    /// What was found.
    pub(crate) fn finish(&mut self, retired: u64) -> Profile {
        self.note_instructions(retired);
        let mut functions: Vec<FunctionProfile> = self
            .functions
            .iter()
            .map(|function| FunctionProfile {
                name: function.name.clone(),
                instructions: 0,
                total_instructions: 0,
                uncertain_operations: 0,
                uncertain_time: Duration::ZERO,
            })
            .collect();
        let mut stacks = Vec::new();
        for node in &self.nodes {
            let own = &mut functions[node.function];
            own.instructions += node.instructions;
            own.uncertain_operations += node.operations;
            own.uncertain_time += node.time;
            let mut path = vec![node.function];
            let mut parent = node.parent;
            while let Some(number) = parent {
                path.push(self.nodes[number].function);
                parent = self.nodes[number].parent;
            }
            path.reverse();
            if node.instructions > 0 {
                stacks.push(StackProfile {
                    functions: path
                        .iter()
                        .map(|&function| self.functions[function].name.clone())
                        .collect(),
                    instructions: node.instructions,
                });
            }
            path.sort_unstable();
            path.dedup();
            for function in path {
                functions[function].total_instructions += node.instructions;
            }
        }
        functions.sort_by(|a, b| b.instructions.cmp(&a.instructions).then_with(|| a.name.cmp(&b.name)));
        Profile { functions, stacks }
    }
}
