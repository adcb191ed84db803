//! What RISC-V is: one instruction table; decode, encode, disassemble.
