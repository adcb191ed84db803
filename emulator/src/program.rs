//! A program: decoded once, shared by every run of it.

use std::path::Path;
use std::sync::OnceLock;

use loader::{FileBytes, Image, Lines, LoadError, Location};

use crate::hooks::HookTable;
use crate::resources::Arena;
use crate::warm::Warm;

/// An executable, ready to run any number of times. Immutable and shareable between threads.
pub struct Program {
    image: Image,
    bytes: FileBytes,
    lines: OnceLock<Lines>,
    has_semihosting_call: OnceLock<bool>,
    pub(crate) hooks: HookTable,
    /// What its runs leave for later ones.
    pub(crate) warm: Warm,
}

impl Program {
    /// Reads an executable from a file of the host.
    ///
    /// # Errors
    ///
    /// The file cannot be read, or is not a program that can run here; the message says what it is instead.
    pub fn open(path: &Path) -> Result<Program, LoadError> {
        Program::parse(loader::read(path, Arena::populated)?)
    }

    /// Reads an executable from its bytes: a vector, a slice, or [what else holds them](FileBytes).
    ///
    /// # Errors
    ///
    /// As [`Program::open`].
    pub fn parse(bytes: impl Into<FileBytes>) -> Result<Program, LoadError> {
        let bytes = bytes.into();
        let image = Image::parse_shared(&bytes)?;
        let hooks = HookTable::bind(&image);
        Ok(Program {
            image,
            bytes,
            lines: OnceLock::new(),
            has_semihosting_call: OnceLock::new(),
            hooks,
            warm: Warm::default(),
        })
    }

    /// Whether the program is one for a machine without operating system, to be run on a [`BareMachine`](crate::BareMachine): it
    /// has the symbols `tohost` and `fromhost`, or makes semihosting calls.
    #[must_use]
    pub fn is_bare(&self) -> bool {
        self.image.tohost().is_some() && self.image.fromhost().is_some() || self.is_semihosted()
    }

    /// Whether the program asks its host by semihosting calls and not through `tohost`: one that [`Machine::bare`](crate::Machine::bare)
    /// can run with distributions.
    #[must_use]
    pub fn is_semihosted(&self) -> bool {
        let has_call = || crate::bare::has_semihosting_call(&self.image);
        !self.image.names_linux && self.image.tohost().is_none() && *self.has_semihosting_call.get_or_init(has_call)
    }

    /// Whether functions of the UxHw library are in it.
    #[must_use]
    pub fn uses_uxhw(&self) -> bool {
        self.image
            .symbols
            .iter()
            .any(|symbol| sdk::functions::by_name(symbol.name).is_some())
    }

    /// What the executable consists of.
    #[must_use]
    pub fn image(&self) -> &Image {
        &self.image
    }

    /// The executable itself.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The functions that are recognised by name: address and name, ascending; an alias has a line of its own.
    pub fn hooked_functions(&self) -> impl Iterator<Item = (u64, &str)> {
        self.hooks
            .names()
            .iter()
            .map(|(address, name)| (*address, name.as_str()))
    }

    /// The function and, with debug information, the source line of an address. Reads the debug information when first asked.
    #[must_use]
    pub fn locate(&self, address: u64) -> Option<Location> {
        self.lines
            .get_or_init(|| Lines::parse(self.bytes.clone(), &self.image))
            .locate(address, &self.image)
    }
}
