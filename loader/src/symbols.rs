//! Names of addresses, and the questions a machine asks of them.

use std::collections::HashMap;

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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SymbolBinding {
    /// Visible in its object file only.
    Local,
    /// Visible everywhere.
    Global,
    /// Global, and overridden by a global of the same name.
    Weak,
}

/// One name of one address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Symbol {
    /// The name as the file spells it (C++ names mangled).
    pub name: String,
    /// Guest address, the load base of a static PIE included.
    pub address: u64,
    /// Size in bytes; 0 where the file does not say.
    pub size: u64,
    /// What it stands for.
    pub kind: SymbolKind,
    /// Who sees it when linking.
    pub binding: SymbolBinding,
}

impl Symbol {
    /// Whether the symbol can be called: a function, or a label of an assembly source that says nothing else.
    pub fn is_function(&self) -> bool {
        matches!(self.kind, SymbolKind::Function | SymbolKind::IndirectFunction)
    }
}

/// All symbols of an image, ordered by address; those of one address keep functions first, then globals before locals.
#[derive(Clone, Debug, Default)]
pub struct Symbols {
    by_address: Vec<Symbol>,
    by_name: HashMap<String, Vec<usize>>,
}

impl Symbols {
    pub(crate) fn new(mut symbols: Vec<Symbol>) -> Symbols {
        // One order whatever the file's, so that the name shown for an address with aliases is stable: real functions, then
        // what other objects see, then shorter names (`exp` before `__ieee754_exp`).
        symbols.sort_by(|a, b| {
            let rank = |symbol: &Symbol| {
                let binding = match symbol.binding {
                    SymbolBinding::Global => 0,
                    SymbolBinding::Weak => 1,
                    SymbolBinding::Local => 2,
                };
                (
                    symbol.address,
                    !symbol.is_function(),
                    symbol.name.starts_with('_'),
                    binding,
                    symbol.name.len(),
                )
            };
            rank(a).cmp(&rank(b)).then_with(|| a.name.cmp(&b.name))
        });
        symbols.dedup();
        let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
        for (index, symbol) in symbols.iter().enumerate() {
            by_name.entry(symbol.name.clone()).or_default().push(index);
        }
        Symbols {
            by_address: symbols,
            by_name,
        }
    }

    /// All symbols, ascending by address.
    pub fn iter(&self) -> std::slice::Iter<'_, Symbol> {
        self.by_address.iter()
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
    pub fn named(&self, name: &str) -> Option<&Symbol> {
        self.all_named(name)
            .min_by_key(|symbol| symbol.binding == SymbolBinding::Local)
    }

    /// Every symbol of this name: local names may stand for several addresses.
    pub fn all_named<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a Symbol> + use<'a> {
        self.by_name
            .get(name)
            .into_iter()
            .flatten()
            .map(|&index| &self.by_address[index])
    }

    /// Every name of exactly this address: the aliases of a function.
    pub fn at(&self, address: u64) -> &[Symbol] {
        let start = self.by_address.partition_point(|symbol| symbol.address < address);
        let end = self.by_address.partition_point(|symbol| symbol.address <= address);
        &self.by_address[start..end]
    }

    /// The function that `address` lies in and the offset from its start. A function without a size reaches to the next
    /// symbol.
    pub fn function_containing(&self, address: u64) -> Option<(&Symbol, u64)> {
        let end = self.by_address.partition_point(|symbol| symbol.address <= address);
        let mut fallback = None;
        // The last start at or below the address decides; a label inside a function (no size, no kind) must not hide the
        // function around it, so look a little further back for one that covers the address.
        const LOOK_BACK: usize = 64;
        let mut index = end;
        for _ in 0..LOOK_BACK {
            let Some(previous) = index.checked_sub(1) else { break };
            let candidates = self.at(self.by_address[previous].address);
            index = end.min(index) - candidates.len();
            let Some(first) = candidates.iter().find(|symbol| symbol.kind != SymbolKind::Object) else {
                continue;
            };
            let offset = address - first.address;
            if candidates
                .iter()
                .any(|symbol| symbol.is_function() && offset < symbol.size)
            {
                return Some((first, offset));
            }
            if fallback.is_none() && first.size == 0 {
                fallback = Some((first, offset));
            }
        }
        fallback
    }
}

impl<'a> IntoIterator for &'a Symbols {
    type Item = &'a Symbol;
    type IntoIter = std::slice::Iter<'a, Symbol>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
