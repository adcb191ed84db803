//! Libraries that cannot be had here, and how their functions are found.

use system_tests::{Guest, Toolchain, sigemu};

use crate::support::{shape, tracked};

/// Newlib and glibc from 2.37 cannot be had here: stand-ins have their symbols and signatures.
#[test]
fn stand_ins_for_newlib_and_new_glibc() {
    let program = Guest::new("printing/stand_in.c").build(Toolchain::Glibc);
    let output = tracked(&program).end().good();
    assert_eq!(
        shape(&output),
        "_vfprintf_r <1.500000{8}> 3\n_svfprintf_r <1.50{8}>\n__printf_buffer <1.500000e+00{8}> <0.5{1}>\n"
    );
}

#[test]
fn hooks_are_explained() {
    let program = Guest::new("printing/reading.c").build(Toolchain::Glibc);
    let output = sigemu().args(["run", "--explain-hooks"]).arg(&program).end().good();
    for name in ["__vfprintf_internal", "__vfscanf_internal", "strtod", "____strtof_l_internal"] {
        assert!(
            output.lines().any(|line| line.split(' ').nth(1) == Some(name)),
            "{name} is not in\n{output}"
        );
    }
    assert!(!output.contains("strtod <"), "the program does not run");
}
