//! From how a run ended to what a client is told.

use std::sync::Arc;

use emulator::reference::ReferenceReport;
use emulator::{Exit, Program, Report};

use super::event::{Executions, Status, TaskResult, UncertainBranch};
use crate::interrupt;

/// A run that has ended.
pub(super) struct Ended {
    pub(super) name: String,
    pub(super) program: Arc<Program>,
    pub(super) report: Report,
    /// On a Reference core.
    pub(super) executions: Option<Executions>,
}

impl Executions {
    pub(super) fn of(report: &ReferenceReport) -> Executions {
        Executions {
            made: report.executions,
            failed: report.failures,
        }
    }
}

/// The result of a task that never ran.
pub(super) fn refused(message: String) -> TaskResult {
    TaskResult {
        status: Status::Stopped,
        message,
        exit_code: None,
        limit: None,
        status_transitions: Vec::new(),
        stats: None,
        executions: None,
        uncertain_branches: Vec::new(),
    }
}

impl Ended {
    /// The exit status of the command, and what to tell.
    pub(super) fn tell(self) -> (u8, TaskResult) {
        let name = &self.name;
        let exit = &self.report.exit;
        let (status, message) = match exit {
            Exit::Status(0) => (Status::Completed, "the program has ended".into()),
            Exit::Status(status) => (
                Status::Completed,
                format!("the program has ended with exit status {status}"),
            ),
            Exit::Signal(signal) => (Status::Completed, format!("{name}: ended by {signal}")),
            Exit::Fault(fault) => (Status::Completed, format!("{name}: {fault}")),
            Exit::Stuck(why) => (Status::Completed, format!("{name}: {why}")),
            Exit::Unsupported(what) => (
                Status::Completed,
                format!("{name}: the program needs {what}, which sigemu does not have"),
            ),
            Exit::Cancelled => (Status::Cancelled, "cancelled".into()),
            Exit::Stopped(limit) => (Status::Stopped, format!("ended by the {limit}")),
            Exit::Failed(message) => (
                Status::Stopped,
                format!("sigemu itself has failed, please report it: {message}"),
            ),
        };
        let limit = match exit {
            Exit::Stopped(limit) => Some((*limit).into()),
            _ => None,
        };
        let command_status = match status {
            Status::Cancelled => interrupt::STATUS,
            Status::Stopped => exit.status(),
            _ => 0,
        };
        let sites = self.report.decisions.iter();
        let uncertain_branches = sites.map(|site| UncertainBranch {
            address: site.address,
            place: self.program.locate(site.address).map(|place| place.to_string()),
            decision: format!("{:?}", site.decision),
            times: site.times,
            other_way: site.other_way,
        });
        let result = TaskResult {
            status,
            message,
            exit_code: Some(exit.status()),
            limit,
            status_transitions: Vec::new(),
            uncertain_branches: uncertain_branches.collect(),
            stats: Some(self.report.stats),
            executions: self.executions,
        };
        (command_status, result)
    }
}
