//! Names of addresses, and the questions a machine asks of them.

use std::sync::OnceLock;

/// What a symbol stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SymbolKind {
    /// A function (`STT_FUNC`).
    Function,
    /// A function whose address a resolver chooses at start-up (`STT_GNU_IFUNC`); the symbol's address is the resolver's.
    IndirectFunction,
    /// Data (`STT_OBJECT`, `STT_COMMON`).
    Object,
    /// Nothing that the tools said: labels of assembly sources, linker symbols such as `_end`.
    Unspecified,
}

/// Who sees a symbol when linking. Static functions of C and many functions of zig's musl are `Local`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SymbolBinding {
    /// Visible everywhere.
    Global,
    /// Global, and overridden by a global of the same name.
    Weak,
    /// Visible in its object file only.
    Local,
}

/// One name of one address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Symbol<'a> {
    /// The name as the file spells it (C++ names mangled).
    pub name: &'a str,
    /// Guest address, the load base of a static PIE included.
    pub address: u64,
    /// Size in bytes; 0 where the file does not say.
    pub size: u64,
    /// What it stands for.
    pub kind: SymbolKind,
    /// Who sees it when linking.
    pub binding: SymbolBinding,
}

impl Symbol<'_> {
    /// Whether the symbol can be called: a function, or a label of an assembly source that says nothing else.
    pub fn is_function(&self) -> bool {
        matches!(self.kind, SymbolKind::Function | SymbolKind::IndirectFunction)
    }
}

/// A symbol as it is kept: programs have thousands, and all are read before the first instruction.
#[derive(Clone, Copy, Debug)]
struct Entry {
    address: u64,
    size: u64,
    /// Where the name starts in the names, and its length in bytes.
    name: (u32, u32),
    kind: SymbolKind,
    binding: SymbolBinding,
}

/// All symbols of an image, ordered by address; those of one address keep functions first, then globals before locals.
#[derive(Clone, Debug, Default)]
pub struct Symbols {
    /// All names, one behind the other.
    names: String,
    by_address: Vec<Entry>,
    /// Numbers of the entries in the order of their names, made when somebody first asks for a name.
    by_name: OnceLock<Vec<u32>>,
}

/// Symbols while they are being read.
#[derive(Default)]
pub(crate) struct Reading(Symbols);

impl Reading {
    /// Makes room for `count` more, whose names have about `length` bytes in all.
    pub(crate) fn reserve(&mut self, count: usize, length: usize) {
        self.0.by_address.reserve(count);
        self.0.names.reserve(length);
    }

    pub(crate) fn add(&mut self, symbol: Symbol<'_>) {
        let Symbol {
            name,
            address,
            size,
            kind,
            binding,
        } = symbol;
        // Four thousand million bytes of names: what comes after them is not kept.
        let (Ok(start), Ok(length)) = (u32::try_from(self.0.names.len()), u32::try_from(name.len())) else {
            return;
        };
        self.0.names.push_str(name);
        self.0.by_address.push(Entry {
            address,
            size,
            name: (start, length),
            kind,
            binding,
        });
    }

    /// All of them, in order and each once.
    pub(crate) fn finish(self) -> Symbols {
        let Symbols {
            names,
            mut by_address,
            by_name,
        } = self.0;
        // One order whatever the file's, so that the name shown for an address with aliases is stable: real functions, then
        // what other objects see, then shorter names (`exp` before `__ieee754_exp`).
        by_address.sort_unstable_by(|a, b| {
            a.address.cmp(&b.address).then_with(|| {
                let rank = |entry: &Entry| {
                    let symbol = entry.symbol(&names);
                    let name = symbol.name;
                    (
                        !symbol.is_function(),
                        name.starts_with('_'),
                        symbol.binding,
                        name.len(),
                        name,
                    )
                };
                let rest = |entry: &Entry| (entry.kind as u8, entry.size);
                rank(a).cmp(&rank(b)).then_with(|| rest(a).cmp(&rest(b)))
            })
        });
        by_address.dedup_by(|a, b| a.symbol(&names) == b.symbol(&names));
        Symbols {
            names,
            by_address,
            by_name,
        }
    }
}

impl Entry {
    fn name(self, names: &str) -> &str {
        let (start, length) = (self.name.0 as usize, self.name.1 as usize);
        &names[start..start + length]
    }

    fn symbol(self, names: &str) -> Symbol<'_> {
        Symbol {
            name: self.name(names),
            address: self.address,
            size: self.size,
            kind: self.kind,
            binding: self.binding,
        }
    }
}

impl Symbols {
    /// All symbols, ascending by address.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Symbol<'_>> + Clone {
        self.by_address.iter().map(|entry| entry.symbol(&self.names))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.by_address.len()
    }

    /// Whether the file had none.
    pub fn is_empty(&self) -> bool {
        self.by_address.is_empty()
    }

    /// The symbol of this name: a global one if there is one, else the one with the lowest address.
    pub fn named(&self, name: &str) -> Option<Symbol<'_>> {
        self.all_named(name)
            .min_by_key(|symbol| symbol.binding == SymbolBinding::Local)
    }

    /// Every symbol of this name, ascending by address: local names may stand for several.
    pub fn all_named<'a>(&'a self, name: &str) -> impl Iterator<Item = Symbol<'a>> + use<'a> {
        let name_of = |&number: &u32| self.by_address[number as usize].name(&self.names);
        let by_name = self.by_name.get_or_init(|| {
            let mut numbers: Vec<u32> = (0..self.by_address.len() as u32).collect();
            numbers.sort_by(|a, b| name_of(a).cmp(name_of(b)));
            numbers
        });
        let start = by_name.partition_point(|number| name_of(number) < name);
        let count = by_name[start..].partition_point(|number| name_of(number) == name);
        by_name[start..start + count]
            .iter()
            .map(|&number| self.by_address[number as usize].symbol(&self.names))
    }

    /// Every name of exactly this address: the aliases of a function.
    pub fn at(&self, address: u64) -> impl ExactSizeIterator<Item = Symbol<'_>> + Clone {
        let start = self.by_address.partition_point(|symbol| symbol.address < address);
        let end = self.by_address.partition_point(|symbol| symbol.address <= address);
        self.by_address[start..end]
            .iter()
            .map(|entry| entry.symbol(&self.names))
    }

    /// The function that `address` lies in and the offset from its start. A function without a size reaches to the next
    /// symbol.
    pub fn function_containing(&self, address: u64) -> Option<(Symbol<'_>, u64)> {
        let end = self.by_address.partition_point(|symbol| symbol.address <= address);
        let mut fallback = None;
        // The last start at or below the address decides; a label inside a function (no size, no kind) must not hide the
        // function around it, so look a little further back for one that covers the address.
        const LOOK_BACK: usize = 64;
        let mut index = end;
        for _ in 0..LOOK_BACK {
            let Some(previous) = index.checked_sub(1) else { break };
            let mut candidates = self.at(self.by_address[previous].address);
            index = end.min(index) - candidates.len();
            let Some(first) = candidates.clone().find(|symbol| symbol.kind != SymbolKind::Object) else {
                continue;
            };
            let offset = address - first.address;
            if candidates.any(|symbol| symbol.is_function() && offset < symbol.size) {
                return Some((first, offset));
            }
            if fallback.is_none() && first.size == 0 {
                fallback = Some((first, offset));
            }
        }
        fallback
    }
}
