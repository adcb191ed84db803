//! The guest side: UxHw header and library, embedded, and the driver that builds guest programs with them.
