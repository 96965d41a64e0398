//! Time of one answer in a test of 16 answers over five dimensions: `cargo bench -p melek-irt --bench ability`.
#![allow(clippy::unwrap_used, reason = "the inputs are constants of this file")]

use divan::{Bencher, black_box};
use melek_irt::ability::{Answer, ExpectationPropagation, Prior, posterior};
use melek_irt::model::Item;

fn main() {
    divan::main();
}

fn prior() -> Prior<5> {
    let covariance =
        core::array::from_fn(|row: usize| core::array::from_fn(|column: usize| if row == column { 1.0 } else { 0.7 }));
    Prior::new([0.0; 5], covariance).unwrap()
}

fn answers() -> Vec<Answer> {
    (0..16)
        .map(|n| Answer {
            item: Item::new(1.1 + 0.06 * n as f64, -1.5 + 0.2 * n as f64, [0.25, 0.07, 0.0][n % 3]).unwrap(),
            dimension: n % 5,
            correct: n % 7 != 3 && n < 11,
        })
        .collect()
}

/// Sixteen updates, each to its fixed point: divide by sixteen for one answer.
#[divan::bench]
fn sixteen_answers_one_at_a_time(bencher: Bencher) {
    let (prior, answers) = (prior(), answers());
    bencher.bench_local(|| {
        let mut person = ExpectationPropagation::new(&prior);
        for answer in &answers {
            person.update(&answer.item, answer.dimension, answer.correct).unwrap();
        }
        black_box(person.posterior().mean)
    });
}

#[divan::bench]
fn sixteen_answers_at_once(bencher: Bencher) {
    let (prior, answers) = (prior(), answers());
    bencher.bench_local(|| black_box(posterior(&prior, &answers).unwrap()));
}
