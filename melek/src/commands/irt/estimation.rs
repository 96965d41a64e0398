//! One run of the engine with progress, Ctrl-C and a clock; what `calibrate` and `fit` share.

use std::ops::ControlFlow;
use std::path::Path;

use anyhow::Result;
use melek_irt::calibration::{self, Calibration, Options, Specification};

use super::answers::Answers;
use super::clock::Stopwatch;
use super::fit_file::Timing;
use super::notes;
use super::stop::Stop;
use super::watch::Watch;
use crate::bad_input::BadInput;

/// Answers, where they come from, and how they are described.
pub struct Estimation<'a> {
    pub path: &'a Path,
    pub answers: &'a Answers,
    pub specification: &'a Specification,
    pub options: &'a Options,
}

impl Estimation<'_> {
    pub fn run(&self, stop: &Stop) -> Result<(Calibration, Timing)> {
        let mut watch = Watch::new(self.options.tolerance);
        let clock = Stopwatch::start();
        let responses = &self.answers.responses;
        let calibrated = calibration::calibrate(responses, self.specification, self.options, &mut |at| {
            watch.see(at);
            if stop.is_asked() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        let timing = clock.read();
        watch.end();
        let refused = |error| BadInput(format!("{}: {}", self.path.display(), notes::refused(&error, self.answers)));
        Ok((calibrated.map_err(refused)?, timing))
    }
}

pub fn threads(asked: Option<u16>) -> usize {
    asked.map_or_else(|| std::thread::available_parallelism().map_or(1, usize::from), usize::from)
}
