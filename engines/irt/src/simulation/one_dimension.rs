//! Plays a test of one dimension scored on a grid, with any rule of choice and of exposure, to given answers or to people
//! drawn from the prior; alone one after the other, or in rooms where all answer item by item together. Logits.

use rand::Rng;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

use super::simulate::SimulationError;
use super::summary::Summary;
use super::tally::{Judged, Person, Tally, overlap};
use crate::ability::{Estimate, Grid, GridPosterior, Posterior};
use crate::numeric::random;
use crate::selection::one_dimension::{PoolOnGrid, Rule, Sitting, choose};
use crate::selection::{
    Eligibility, Exposure, ExposureControl, Pool, Progress, Quotas, Showings, price_factor, sympson_hetter,
};
use crate::stopping::Reason;

/// Cycles after which the parameters of Sympson–Hetter have settled.
const CYCLES: usize = 12;

/// People of a cycle.
const CYCLE: u32 = 1_000;

/// Who answers.
#[derive(Debug, Clone, Copy)]
pub enum People<'a> {
    /// This many, drawn from N(0, 1), answering by the model.
    Drawn(u32),
    /// People whose answer to every item of the pool is known: a row a person, by position in the pool.
    Known(&'a [Vec<bool>]),
}

/// How exposure is controlled.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Control {
    /// Information alone.
    None,
    Priced(ExposureControl),
    Eligibility {
        rate: f64,
    },
    SympsonHetter {
        rate: f64,
    },
}

/// The test to play.
#[derive(Debug, Clone, Copy)]
pub struct Plan<'a> {
    pub pool: &'a Pool<1>,
    pub grid: &'a Grid,
    pub quotas: &'a Quotas,
    pub rule: Rule,
    pub control: Control,
    /// Standard error at or below which a test ends, logits; 0 for tests of full length.
    pub standard_error: f64,
    pub people: People<'a>,
    /// People who sit the test together and answer item by item in step; 1 for people one after the other.
    pub room: usize,
    /// Choose by the ability the person was drawn with in place of the estimate: what no test can do, and so a bound of what one
    /// can.
    pub clairvoyant: bool,
    /// People played before, one after the other, whose showings warm the prices.
    pub warm: u32,
}

/// One person's test.
#[derive(Debug, Clone, PartialEq)]
pub struct Path {
    /// The ability the person was drawn with; `None` when the answers were given.
    pub ability: Option<f64>,
    /// Positions in the pool, in order.
    pub items: Vec<usize>,
    pub estimate: Estimate,
}

/// What was played.
#[derive(Debug, Clone, PartialEq)]
pub struct Played {
    pub paths: Vec<Path>,
    /// Accuracy is NaN when the answers were given.
    pub summary: Summary<1>,
    /// Mean over rooms of the share of items that two people of one room have in common; NaN for rooms of one.
    pub overlap_in_room: f64,
}

/// Plays the plan; the same seed gives the same paths on every machine.
///
/// # Formula
/// θ ~ N(0, 1) or given answers; each item by [`choose`]; the posterior by [`GridPosterior`]; end at full length or when
/// the standard error is small enough.
///
/// # Source
/// Monte-Carlo simulation of an adaptive test, as in Thissen & Mislevy (2000), in Wainer, *Computerized Adaptive Testing*,
/// ch. 5.
///
/// # Accuracy
/// Monte Carlo. With given answers, maximum information and no control the paths are catR's.
///
/// # Limits
/// No people or no items is an error. The ceiling of Sympson–Hetter and of eligibility is a target, not a limit.
pub fn play(plan: &Plan<'_>, seed: u64) -> Result<Played, SimulationError> {
    let on_grid = PoolOnGrid::new(plan.pool, plan.grid, plan.rule);
    let mut hall = Hall::new(plan, &on_grid, ChaCha8Rng::seed_from_u64(seed))?;
    hall.prepare();
    Ok(hall.play(plan.people, plan.room.max(1)))
}

/// The running state of a simulation: counters and generator.
struct Hall<'a> {
    plan: &'a Plan<'a>,
    on_grid: &'a PoolOnGrid<'a>,
    untouched: Progress,
    rng: ChaCha8Rng,
    control: ExposureControl,
    started: u64,
    shown: Vec<u64>,
    /// What the prices of the people now in the room rest on.
    priced_started: u64,
    priced_shown: Vec<u64>,
    /// Tests and choices before the ones reported.
    warm_started: u64,
    warm_shown: Vec<u64>,
    eligibility: Option<Eligibility>,
    /// Sum and number of the standard errors before each position.
    standard_errors: Vec<(f64, f64)>,
    /// Probability to be shown once chosen.
    show: Vec<f64>,
    chosen: Vec<u64>,
}

/// A person sitting the test.
struct Seat<'a> {
    ability: Option<f64>,
    answers: Option<&'a [bool]>,
    /// Of the prices of this person's own.
    seed: u64,
    posterior: GridPosterior<'a>,
    progress: Progress,
    eligible: Vec<bool>,
    end: Option<Option<Reason>>,
}

impl<'a> Hall<'a> {
    fn new(plan: &'a Plan<'a>, on_grid: &'a PoolOnGrid<'a>, rng: ChaCha8Rng) -> Result<Self, SimulationError> {
        let items = plan.pool.items().len();
        if items == 0 {
            return Err(SimulationError::NoItems);
        }
        if matches!(plan.people, People::Drawn(0)) || matches!(plan.people, People::Known([])) {
            return Err(SimulationError::NoPeople);
        }
        let eligibility = match plan.control {
            Control::Eligibility { rate } => Some(Eligibility::new(items, rate)),
            _ => None,
        };
        let control = match plan.control {
            Control::Priced(control) => control,
            _ => ExposureControl::NONE,
        };
        Ok(Self {
            plan,
            on_grid,
            untouched: Progress::new(plan.pool, plan.quotas, &[]),
            rng,
            control,
            started: 0,
            shown: vec![0; items],
            priced_started: 0,
            priced_shown: vec![0; items],
            warm_started: 0,
            warm_shown: vec![0; items],
            eligibility,
            standard_errors: vec![(0.0, 0.0); plan.quotas.length()],
            show: vec![1.0; items],
            chosen: vec![0; items],
        })
    }

    /// What has to be learnt before the first person: prices, or the parameters of Sympson–Hetter.
    fn prepare(&mut self) {
        if let Control::SympsonHetter { rate } = self.plan.control {
            for _ in 0..CYCLES {
                self.chosen.fill(0);
                self.play(People::Drawn(CYCLE), 1);
                let shares: Vec<f64> = self.chosen.iter().map(|&count| count as f64 / f64::from(CYCLE)).collect();
                self.show = sympson_hetter::parameters(&shares, rate, self.plan.quotas.length());
            }
        }
        if self.plan.warm > 0 {
            self.play(People::Drawn(self.plan.warm), 1);
            self.warm_started = self.started;
            self.warm_shown = std::mem::take(&mut self.shown);
        }
        self.started = 0;
        self.shown = vec![0; self.warm_shown.len()];
    }

    fn play(&mut self, people: People<'a>, room: usize) -> Played {
        let count = match people {
            People::Drawn(count) => count as usize,
            People::Known(answers) => answers.len(),
        };
        let mut paths = Vec::with_capacity(count);
        let mut tally = Tally::new(Judged {
            items: self.shown.len(),
            population: Estimate { mean: 0.0, standard_error: 1.0 },
            weights: [1.0],
            levels: &[],
        });
        let before = self.shown.clone();
        let (mut rooms, mut shared) = (0.0, 0.0);
        while paths.len() < count {
            let first = paths.len();
            let mut seats: Vec<Seat<'a>> =
                (first..(first + room).min(count)).map(|person| self.seat(people, person)).collect();
            self.priced_started = self.warm_started + self.started;
            self.priced_shown = self.warm_shown.iter().zip(&self.shown).map(|(warm, real)| warm + real).collect();
            let in_room = self.sit(&mut seats);
            let lengths: usize = seats.iter().map(|seat| seat.progress.given().len()).sum();
            if seats.len() > 1 {
                rooms += 1.0;
                shared += overlap(&in_room, seats.len() as f64, lengths as f64 / seats.len() as f64);
            }
            for seat in seats {
                let path = self.leave(seat, &mut tally);
                paths.push(path);
            }
        }
        let shown: Vec<u64> = self.shown.iter().zip(&before).map(|(now, before)| now - before).collect();
        Played { paths, summary: tally.summarise(&shown), overlap_in_room: shared / rooms }
    }

    fn seat(&mut self, people: People<'a>, person: usize) -> Seat<'a> {
        self.started += 1;
        let mut progress = self.untouched.clone();
        let eligible = self.eligibility.as_ref().map(|eligibility| eligibility.draw(&mut self.rng)).unwrap_or_default();
        for (position, _) in eligible.iter().enumerate().filter(|(_, eligible)| !**eligible) {
            progress.leave_out(self.plan.pool, self.plan.quotas, position);
        }
        let (ability, answers) = match people {
            People::Drawn(_) => (Some(random::standard_normal(&mut self.rng)), None),
            People::Known(answers) => (None, Some(answers[person].as_slice())),
        };
        let seed = self.rng.next_u64();
        Seat { ability, answers, seed, posterior: GridPosterior::new(self.plan.grid), progress, eligible, end: None }
    }

    /// Everybody answers one item, then everybody the next, until all have ended. Returns the showings in this room.
    fn sit(&mut self, seats: &mut [Seat<'a>]) -> Vec<u64> {
        let mut in_room = vec![0; self.shown.len()];
        while seats.iter().any(|seat| seat.end.is_none()) {
            for seat in seats.iter_mut().filter(|seat| seat.end.is_none()) {
                self.step(seat, &mut in_room);
            }
        }
        in_room
    }

    fn step(&mut self, seat: &mut Seat<'a>, in_room: &mut [u64]) {
        let estimate = seat.posterior.estimate();
        let given = seat.progress.given().len();
        if given > 0 && estimate.standard_error <= self.plan.standard_error {
            seat.end = Some(Some(Reason::Precision));
            return;
        }
        if given >= self.plan.quotas.length() {
            seat.end = Some(Some(Reason::Maximum));
            return;
        }
        let (sum, count) = &mut self.standard_errors[given];
        *sum += estimate.standard_error;
        *count += 1.0;
        let Some(position) = self.next(seat, estimate) else {
            seat.end = Some(None);
            return;
        };
        self.shown[position] += 1;
        in_room[position] += 1;
        seat.progress.give(self.plan.pool, self.plan.quotas, position);
        let right = match (seat.answers, seat.ability) {
            (Some(answers), _) => answers.get(position).copied().unwrap_or(false),
            (None, ability) => {
                let item = &self.plan.pool.items()[position].item;
                random::uniform(&mut self.rng) < item.probability(ability.unwrap_or_default())
            }
        };
        seat.posterior.update(self.on_grid.likelihood(position, right));
    }

    /// The next item; one that Sympson–Hetter refuses is left out of this test and another chosen.
    fn next(&mut self, seat: &mut Seat<'a>, estimate: Estimate) -> Option<usize> {
        let given = seat.progress.given().len();
        let (sum, count) = self.standard_errors[given];
        let seen = seat.ability.filter(|_| self.plan.clairvoyant).unwrap_or(estimate.mean);
        loop {
            let sitting = Sitting {
                on_grid: self.on_grid,
                quotas: self.plan.quotas,
                posterior: &seat.posterior,
                estimate: Estimate { mean: seen, ..estimate },
                progress: &seat.progress,
            };
            let exposure = Exposure {
                control: self.control,
                counts: Showings { started: self.started, shown: &self.shown },
                priced: Showings { started: self.priced_started, shown: &self.priced_shown },
                refused: &[],
                seed: seat.seed,
                price_factor: price_factor(given, estimate.standard_error, sum / count),
            };
            let position = choose(&sitting, self.plan.rule, &exposure, &mut self.rng)?.position;
            self.chosen[position] += 1;
            if self.show[position] >= 1.0 || random::uniform(&mut self.rng) < self.show[position] {
                return Some(position);
            }
            seat.progress.leave_out(self.plan.pool, self.plan.quotas, position);
        }
    }

    fn leave(&mut self, seat: Seat<'a>, tally: &mut Tally<'_, 1>) -> Path {
        let estimate = seat.posterior.estimate();
        if let Some(eligibility) = &mut self.eligibility {
            eligibility.count(&seat.eligible, seat.progress.given());
        }
        let variance = estimate.standard_error * estimate.standard_error;
        tally.add(&Person {
            ability: [seat.ability.unwrap_or(f64::NAN)],
            posterior: Posterior { mean: [estimate.mean], covariance: [[variance]] },
            broken: seat.progress.broken(self.plan.quotas).len(),
            administered: seat.progress.given().to_vec(),
            end: seat.end.flatten(),
        });
        Path { ability: seat.ability, items: seat.progress.given().to_vec(), estimate }
    }
}
