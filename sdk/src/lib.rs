//! The guest side: UxHw header and library, embedded, and the driver that builds guest programs with them.
//!
//! * [`functions`]: the table of UxHw functions and their instruction numbers, shared by the guest library and the emulator.
//! * [`LIBM`]: the libm functions that are one operation on distributions each.
//! * [`PARTICLE_MODIFIER`]: what `SignaloidParticleModifier` stands for.
//! * [`build`] (feature `build`): compiles guest programs with Debian's cross compiler, the headers and the library.

#[cfg(feature = "build")]
pub mod build;
pub mod functions;
mod libm;

pub use libm::LIBM;

/// The character that `SignaloidParticleModifier` of `uxhw.h` puts into a printf conversion. It is no flag, no length and no
/// conversion of any C library, so that it can stand before or after the precision and be told from everything else.
pub const PARTICLE_MODIFIER: u8 = b'!';

/// Flags for the executables that are kept beside the example programs: warnings are errors, no line tables, nothing unused.
pub const EXAMPLE_FLAGS: [&str; 6] = [
    "-std=c11",
    "-Wall",
    "-Wextra",
    "-Werror",
    "-Wl,--gc-sections",
    "-Wl,--strip-debug",
];
