//! The loader on files made byte by byte, on files of real toolchains, and on noise.

mod arbitrary;
mod file;
mod images;
mod refusals;
mod toolchains;
