//! Executions that print more than anybody keeps fill neither memory nor disk.

use std::path::Path;

use serde_json::{Value, json};
use system_tests::sigemu;

use crate::support::guest;

/// The result of a task with a million executions.
fn result(way: &str, limits: &Value, values: &Path) -> Value {
    let task = json!({
        "Program": {"Path": guest("reference/hostile.c")},
        "Core": {"Microarchitecture": "Reference", "Precision": 1_000_000, "MemorySize": 64_000_000},
        "Arguments": [way],
        "Limits": limits,
        "Reference": {"Values": values, "Threads": 4},
    });
    let ended = sigemu().arg("task").stdin(task.to_string()).end();
    assert_eq!((ended.code, ended.stderr.as_str()), (124, ""));
    let last = ended.stdout.lines().last().expect("events");
    serde_json::from_str(last).expect("JSON")
}

#[test]
fn names_without_end() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("values");
    let limits = json!({"DistributionMemory": 20_000_000});
    let result = result("names", &limits, &file);
    assert_eq!(result["Limit"], "DistributionMemory", "{result}");
    // 2300 bytes a name, 2000 names an execution.
    assert_eq!(result["Executions"]["Made"], 4, "{result}");
    // Twice the names, what waits (64 MB), and for each of four threads a machine with its code (20 MB) and its own names (20 MB).
    let peak = result["Stats"]["PeakMemory"].as_u64().expect("a number");
    assert!(peak < 264_000_000, "{peak}");
}

#[test]
fn values_without_end() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("values");
    let result = result("values", &json!({"WrittenBytes": 10_000_000}), &file);
    assert_eq!(result["Limit"], "WrittenBytes", "{result}");
    // 131072 values of 12 bytes an execution, and a table entry of 41 for each of them.
    assert_eq!(result["Executions"]["Made"], 2, "{result}");
    let size = std::fs::metadata(&file).expect("the file").len();
    assert!((8_000_000..=10_000_000).contains(&size), "{size}");
    // What waits (64 MB), and for each of four threads a machine with its code (20 MB), the values of an execution and their names (20 MB);
    // of those that are written the table and the statistics (40 MB).
    let peak = result["Stats"]["PeakMemory"].as_u64().expect("a number");
    assert!(peak < 264_000_000, "{peak}");
}
