//! Whole-system tests: guest programs, the command line, snapshots.
