//! ELF files to plain data: segments, entry, symbols, source lines.
