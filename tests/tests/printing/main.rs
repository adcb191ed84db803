//! Numbers go out and come in: the printf family, C++ streams, Fortran output, scanf and its relatives.

mod libraries;
mod output;
mod reading;
mod support;
