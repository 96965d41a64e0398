//! Time of one step of a shadow test: 500 items, a national blueprint of 40 rules on sums, 40 pairs of enemies, 60
//! families, 30 items: `cargo bench -p melek-irt --bench shadow_test`.
//!
//! Whole tests of simulated people first, step by step, with the median and the 99th percentile of a step in processor time
//! and by the clock; then divan's figures of single steps.
#![allow(clippy::unwrap_used, reason = "the inputs are constants of this file")]
#![allow(clippy::print_stdout, reason = "a measurement talks to the person who started it")]

mod pool;

use std::time::{Duration, Instant};

use divan::{Bencher, black_box};
use melek_irt::model::Item;
use melek_irt::selection::shadow_test::{Accuracy, Blueprint, ShadowTest, Sitting, choose};
use melek_irt::selection::{Choice, Exposure, ExposureCeiling, ExposureControl, Showings};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use rustix::time::{ClockId, clock_gettime};

const PEOPLE: u64 = 200;

fn main() {
    whole_tests("rules alone", ExposureControl::NONE);
    let ceiling = ExposureCeiling::new(0.25, 5.0).unwrap();
    let priced = ExposureControl { ceiling, price: 0.3, spread: 0.0, exploration: 0.02 };
    whole_tests("ceiling .25, price .3, exploration .02", priced);
    divan::main();
}

struct Bank {
    items: Vec<Item>,
    blueprint: Blueprint,
}

fn bank() -> Bank {
    let made = pool::made(1);
    let parameters = made.discrimination.iter().zip(&made.difficulty);
    let items = parameters.map(|(&a, &b)| Item::new(a, b, 0.0).unwrap()).collect();
    let blueprint = Blueprint::new(pool::LENGTH, &made.families, made.rules, Accuracy::LIVE).unwrap();
    Bank { items, blueprint }
}

/// Processor time of this thread: what a step costs whatever else the machine does.
fn processor() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

fn uniform(rng: &mut ChaCha8Rng) -> f64 {
    (rng.next_u64() >> 11) as f64 / 9_007_199_254_740_992.0
}

/// One person: ability about normal, estimate by one scoring step an answer.
struct Person {
    ability: f64,
    estimate: f64,
    information: f64,
    rng: ChaCha8Rng,
}

impl Person {
    fn new(seed: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let ability = (0..12).map(|_| uniform(&mut rng)).sum::<f64>() - 6.0;
        Self { ability, estimate: 0.0, information: 1.0, rng }
    }

    fn choose(&mut self, bank: &Bank, test: &mut ShadowTest, exposure: &Exposure<'_>) -> Option<Choice> {
        let estimate = self.estimate;
        let mut sitting = Sitting { blueprint: &bank.blueprint, test, best_few: 1 };
        choose(&mut sitting, |position| bank.items[position].information(estimate), exposure, &mut self.rng)
    }

    fn answer(&mut self, item: &Item) {
        let right = uniform(&mut self.rng) < item.probability(self.ability);
        let slope = item.discrimination() * (f64::from(u8::from(right)) - item.probability(self.estimate));
        self.information += item.information(self.estimate);
        self.estimate += slope / self.information;
    }
}

fn whole_tests(name: &str, control: ExposureControl) {
    let before = processor();
    let bank = bank();
    println!("{name}: blueprint checked in {:.1} ms", (processor() - before).as_secs_f64() * 1e3);
    let mut shown = vec![0_u64; bank.items.len()];
    let (mut used, mut passed, mut gaps) = (Vec::new(), Vec::new(), Vec::new());
    for number in 0..PEOPLE {
        let mut person = Person::new(number);
        let mut test = ShadowTest::new(&bank.blueprint, &[]);
        loop {
            let counts = shown.clone();
            let showings = Showings { started: number + 1, shown: &counts };
            let exposure =
                Exposure { control, counts: showings, priced: showings, refused: &[], seed: number, price_factor: 1.0 };
            let (clock, before) = (Instant::now(), processor());
            let choice = person.choose(&bank, &mut test, &exposure);
            used.push((processor() - before).as_secs_f64() * 1e3);
            passed.push(clock.elapsed().as_secs_f64() * 1e3);
            let Some(choice) = choice else { break };
            gaps.push(test.gap() * 100.0);
            test.give(&bank.blueprint, choice.position);
            shown[choice.position] += 1;
            person.answer(&bank.items[choice.position]);
        }
        assert_eq!((test.given().len(), bank.blueprint.broken(test.given())), (pool::LENGTH, Vec::new()));
    }
    for (figure, mut values) in [("ms processor time", used), ("ms by the clock", passed), ("% proven gap", gaps)] {
        values.sort_by(f64::total_cmp);
        let at = |share: f64| values[((values.len() - 1) as f64 * share) as usize];
        println!("{figure}: p50 {:.3}, p90 {:.3}, p99 {:.3}, largest {:.3}", at(0.5), at(0.9), at(0.99), at(1.0));
    }
}

const FREE: Exposure<'_> = Exposure {
    control: ExposureControl::NONE,
    counts: Showings { started: 1, shown: &[] },
    priced: Showings { started: 1, shown: &[] },
    refused: &[],
    seed: 1,
    price_factor: 1.0,
};

#[divan::bench]
fn the_first_step(bencher: Bencher) {
    let bank = bank();
    bencher.bench_local(|| black_box(Person::new(1).choose(&bank, &mut ShadowTest::new(&bank.blueprint, &[]), &FREE)));
}

/// After five items all of one competence are withdrawn: the rule is found and given up.
#[divan::bench]
fn the_step_after_a_withdrawal(bencher: Bencher) {
    let bank = bank();
    let withdrawn = bank.blueprint.rules().iter().find(|rule| rule.name == "competence 7").unwrap();
    let (mut person, mut test) = (Person::new(3), ShadowTest::new(&bank.blueprint, &[]));
    for _ in 0..5 {
        let choice = person.choose(&bank, &mut test, &FREE).unwrap();
        test.give(&bank.blueprint, choice.position);
        person.answer(&bank.items[choice.position]);
    }
    (0..bank.items.len()).filter(|&item| withdrawn.weights[item] > 0.0).for_each(|item| test.leave_out(item));
    bencher.with_inputs(|| test.clone()).bench_local_values(|mut test| {
        black_box(person.choose(&bank, &mut test, &FREE));
        test.relaxed().len()
    });
}

/// Divide by thirty for a step.
#[divan::bench]
fn a_whole_test(bencher: Bencher) {
    let bank = bank();
    bencher.bench_local(|| {
        let (mut person, mut test) = (Person::new(2), ShadowTest::new(&bank.blueprint, &[]));
        while let Some(choice) = person.choose(&bank, &mut test, &FREE) {
            test.give(&bank.blueprint, choice.position);
            person.answer(&bank.items[choice.position]);
        }
        black_box(test.given().len())
    });
}
