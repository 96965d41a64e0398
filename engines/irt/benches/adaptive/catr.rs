//! Processor time of a step, and R's catR on the same bank in the same run.

use std::path::{Path, PathBuf};
use std::process::Command;

use divan::black_box;
use rustix::time::{ClockId, clock_gettime};

use melek_irt::model::Item;

use crate::adaptive_bank;
use crate::tests_played::{Five, ITEMS_FIVE, ITEMS_ONE, One};

const RUNS: usize = 15;
const PEOPLE: u64 = 200;

/// Plays a test of 30 items for five people and prints the seconds of processor a step.
const PEER: &str = include_str!("peers/catr_step.R");

/// Prints a table; catR only where there is an R that has it.
pub fn beside(rscript: Option<PathBuf>) {
    println!("| step: score and choose | items | µs of processor |");
    println!("|---|---|---|");
    let (one, large) = (One::new(500), One::new(10_000));
    let (free, ruled) = (Five::free(600), Five::with_rules(600));
    let ours = a_step(ITEMS_ONE, |person| one.play(person).mean);
    println!("| one dimension, maximum information, EAP on 33 nodes | 500 | {ours:.2} |");
    let step = a_step(ITEMS_ONE, |person| large.play(person).mean);
    println!("| the same | 10,000 | {step:.2} |");
    let step = a_step(ITEMS_FIVE, |person| free.play(person).mean[0]);
    println!("| five dimensions, D-optimal | 600 | {step:.2} |");
    let step = a_step(ITEMS_FIVE, |person| ruled.play(person).mean[0]);
    println!("| the same with quotas at every length, prices and a ceiling | 600 | {step:.2} |");
    match rscript.map(|rscript| catr(&rscript)) {
        Some(Ok(peer)) => {
            println!("| catR, one dimension, thetaEst and nextItem | 500 | {:.0} |", 1e6 * peer);
            println!("catR takes {:.0} times as long as ours.", 1e6 * peer / ours);
        }
        Some(Err(said)) => println!("catR did not run: {said}"),
        None => println!("catR is not installed: ours alone."),
    }
}

/// Microseconds of processor a step: the middle of several runs of many people.
fn a_step(steps: usize, play: impl Fn(u64) -> f64) -> f64 {
    let run = |_| {
        let start = processor_s();
        (0..PEOPLE).for_each(|person| {
            black_box(play(person));
        });
        1e6 * (processor_s() - start) / (PEOPLE as f64 * steps as f64)
    };
    let mut runs: Vec<f64> = (0..RUNS).map(run).collect();
    runs.sort_by(f64::total_cmp);
    runs[RUNS / 2]
}

fn processor_s() -> f64 {
    let now = clock_gettime(ClockId::ProcessCPUTime);
    now.tv_sec as f64 + now.tv_nsec as f64 / 1e9
}

fn catr(rscript: &Path) -> Result<f64, String> {
    let bank = adaptive_bank::items().map_err(|error| error.to_string())?;
    let row = |(item, _): &(Item, usize)| format!("{} {}", item.discrimination(), item.difficulty());
    let rows: Vec<String> = bank.iter().map(row).collect();
    let mut peer = Command::new(rscript);
    let output = peer.args(["-e", PEER]).arg(rows.join(" ")).output().map_err(|error| error.to_string())?;
    let printed = String::from_utf8_lossy(&output.stdout);
    printed.trim().parse().map_err(|_| format!("{printed}{}", String::from_utf8_lossy(&output.stderr)))
}
