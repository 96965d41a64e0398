//! Time of one step of an adaptive test, the answer scored and the next item chosen: `cargo bench -p melek-irt --bench adaptive`,
//! one test an iteration. `cargo xtask bench cat` prints processor time a step and puts R's catR beside it.
#![allow(clippy::unwrap_used, reason = "the inputs are constants of this file")]
#![allow(clippy::print_stdout, reason = "a measurement talks to the person who started it")]

#[path = "../../examples/adaptive_bank/mod.rs"]
mod adaptive_bank;
mod catr;
mod tests_played;

use std::path::PathBuf;

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};

use crate::tests_played::{Five, ITEMS_FIVE, ITEMS_ONE, One};

fn main() {
    let mut arguments = std::env::args().skip_while(|argument| argument != "--beside-catr").skip(1);
    match arguments.next() {
        Some(rscript) => catr::beside(Some(PathBuf::from(rscript)).filter(|path| path.exists())),
        None => divan::main(),
    }
}

/// Two-parameter items, maximum information, EAP on 33 nodes; the 500 of `adaptive_bank.csv`, or the same over and over.
#[divan::bench(args = [500, 10_000])]
fn one_dimension(bencher: Bencher, items: usize) {
    let one = One::new(items);
    bencher.counter(ItemsCount::new(ITEMS_ONE)).bench_local(|| black_box(one.play(black_box(7)).mean));
}

/// Expectation propagation over five dimensions correlated .7, D-optimal choice among 600.
#[divan::bench]
fn five_dimensions(bencher: Bencher) {
    let five = Five::free(600);
    bencher.counter(ItemsCount::new(ITEMS_FIVE)).bench_local(|| black_box(five.play(black_box(7)).mean));
}

/// The same with quotas of 5 to 8 of 32 items a dimension at every length, under prices and a ceiling.
#[divan::bench]
fn five_dimensions_with_quotas_and_prices(bencher: Bencher) {
    let five = Five::with_rules(600);
    bencher.counter(ItemsCount::new(ITEMS_FIVE)).bench_local(|| black_box(five.play(black_box(7)).mean));
}
