//! Our own fits, timed.

use std::ops::ControlFlow;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use melek_irt::calibration::{Calibration, Grid, Latent, Options, Parameter, Specification, calibrate};
use melek_irt::model::{Form, ResponseFunction};
use melek_irt::responses::Responses;

use crate::data::DataSet;
use crate::measure::{median, peak_mb, processor_s, timed};

/// The tightest tolerance that is tried to reach a peer.
const TIGHTEST: f64 = 1e-8;

/// A data set in memory with what is estimated of it.
pub struct Task {
    pub set: &'static DataSet,
    pub responses: Responses,
    specification: Specification,
    /// One thread, standard tolerance, and the same nodes for everybody.
    options: Options,
}

/// The same fit several times.
pub struct Fits {
    pub processor_s: f64,
    pub wall_s: f64,
    pub calibration: Calibration,
    /// Of each fit, after each pass over all people: processor time so far, and log-likelihood plus log-prior.
    passes: Vec<Vec<(f64, f64)>>,
}

/// Fits until one is at least as good as a peer's.
pub struct Reached {
    /// Until that pass.
    pub processor_s: f64,
    /// Until the end of the fit.
    pub whole_fit_s: f64,
    pub tolerance: f64,
}

impl Task {
    pub fn new(set: &'static DataSet) -> Result<Self> {
        let options = Options { grid: Some(Grid::standard(set.dimensions())), ..Options::default() };
        Ok(Self { set, responses: set.draw()?, specification: set.specification(), options })
    }

    pub fn fits(&self, times: usize, change: impl Fn(&mut Options)) -> Result<Fits> {
        let mut options = self.options.clone();
        change(&mut options);
        let (mut processor, mut wall, mut passes, mut calibration) = (Vec::new(), Vec::new(), Vec::new(), None);
        for _ in 0..times {
            let (start, mut own) = (processor_s(), Vec::new());
            let (fit, processor_time, wall_time) = timed(|| {
                calibrate(&self.responses, &self.specification, &options, &mut |progress| {
                    if !progress.sample {
                        own.push((processor_s() - start, progress.log_posterior));
                    }
                    ControlFlow::Continue(())
                })
            });
            calibration = Some(fit?);
            processor.push(processor_time);
            wall.push(wall_time);
            passes.push(own);
        }
        let calibration = calibration.context("no fit")?;
        Ok(Fits { processor_s: median(processor), wall_s: median(wall), calibration, passes })
    }

    /// How long it takes to be as good as a peer; nothing when the arithmetic ends before.
    pub fn until(&self, log_posterior: f64, known: &Fits, times: usize) -> Result<Option<Reached>> {
        let mut tolerance = self.options.tolerance;
        if let Some(reached) = reached(known, log_posterior, tolerance) {
            return Ok(Some(reached));
        }
        while tolerance > TIGHTEST {
            tolerance /= 10.0;
            let fits = self.fits(times, |options| options.tolerance = tolerance)?;
            if let Some(reached) = reached(&fits, log_posterior, tolerance) {
                return Ok(Some(reached));
            }
        }
        Ok(None)
    }

    /// Log-likelihood and log-prior at the parameters of somebody else, on our nodes.
    pub fn evaluate(&self, functions: &[ResponseFunction], correlation: Option<f64>) -> Result<(f64, f64)> {
        let mut fixed = self.specification.clone();
        for (item, function) in fixed.items.iter_mut().zip(functions) {
            item.fixed = Some(function.clone());
        }
        let mut latent = Latent::standard(self.set.dimensions());
        if let Some(correlation) = correlation {
            latent.covariance = vec![vec![1.0, correlation], vec![correlation, 1.0]];
        }
        fixed.latent = vec![latent];
        let at = calibrate(&self.responses, &fixed, &self.options, &mut |_| ControlFlow::Continue(()))?;
        Ok((at.log_likelihood, self.log_prior(functions)))
    }

    fn log_prior(&self, functions: &[ResponseFunction]) -> f64 {
        let mut sum = 0.0;
        for (item, function) in self.specification.items.iter().zip(functions) {
            let Form::Logistic { lower, .. } = function.form() else { continue };
            let priors = item.priors.iter().filter(|(parameter, _)| *parameter == Parameter::Lower);
            sum += priors.map(|(_, prior)| prior.log_density(*lower)[0]).sum::<f64>();
        }
        sum
    }
}

fn reached(fits: &Fits, log_posterior: f64, tolerance: f64) -> Option<Reached> {
    let first = |passes: &Vec<(f64, f64)>| passes.iter().find(|(_, reached)| *reached >= log_posterior).copied();
    let times: Vec<f64> = fits.passes.iter().filter_map(first).map(|(processor, _)| processor).collect();
    let all = !times.is_empty() && times.len() == fits.passes.len();
    all.then(|| Reached { processor_s: median(times), whole_fit_s: fits.processor_s, tolerance })
}

/// Most memory of a process that does nothing but draw the data and fit them once, in megabytes.
pub fn memory_mb(set: &DataSet) -> Result<f64> {
    let itself = std::env::current_exe()?;
    let output = Command::new(itself).args(["--memory-of", set.name]).output()?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8_lossy(&output.stdout).trim().parse()?)
}

/// The process of [`memory_mb`].
pub fn fit_once(name: &str) -> Result<f64> {
    Task::new(DataSet::named(name)?)?.fits(1, |_| ())?;
    peak_mb()
}
