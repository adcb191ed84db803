//! The guest side: UxHw header and library, embedded, and the driver that builds guest programs with them.
//!
//! * [`functions`]: the table of UxHw functions and their instruction numbers, shared by the guest library and the emulator.

pub mod functions;
