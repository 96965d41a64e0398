//! Pilot items: R's estimates on dense integration, the truth of simulated items, and what is refused.

use melek_irt::ability::{BankSpread, Estimate, UncertainItem};
use melek_irt::calibration::{PilotAnswer, PilotError, PilotItem, calibrate_pilot_item};
use melek_irt::model::{Item, ParameterError};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

use crate::response_time::draws::{standard_normal, uniform};
use crate::table::{self, assert_near, assert_relative};

const WEAK: BankSpread = BankSpread { log_discrimination: [0.0, 0.5], difficulty: [0.0, 2.0] };
const NONE: BankSpread = BankSpread { log_discrimination: [0.0, f64::INFINITY], difficulty: [0.0, f64::INFINITY] };

/// Half the width of a 95 % interval in standard errors.
const TWO_SIDED: f64 = 1.959_963_984_540_054;

/// People of a standard normal population whose scored answers tell their abilities with errors of .25 … .5.
fn simulate(item: &Item, people: usize, rng: &mut ChaCha8Rng) -> Vec<PilotAnswer> {
    let one = |_| {
        let standard_error = 0.25 + 0.25 * uniform(rng);
        let mean = (1.0 - standard_error * standard_error).sqrt() * standard_normal(rng);
        let theta = mean + standard_error * standard_normal(rng);
        let correct = uniform(rng) < item.probability(theta);
        PilotAnswer { ability: Estimate { mean, standard_error }, correct }
    };
    (0..people).map(one).collect()
}

/// Distances of ln a and b from the truth, in standard errors.
fn off(found: &PilotItem, truth: &Item) -> [f64; 2] {
    let log = (found.item.discrimination() / truth.discrimination()).ln() / found.errors.log_discrimination();
    [log, (found.item.difficulty() - truth.difficulty()) / found.errors.difficulty()]
}

#[test]
fn pilot_items_agree_with_optim_on_dense_integration_and_known_abilities_with_glm() {
    let people = table::read("pilot_people.csv");
    for row in table::read("pilot_items.csv") {
        let own = people.iter().filter(|person| person.text("case") == row.text("case"));
        let answer = |person: &table::Row| PilotAnswer {
            ability: Estimate { mean: person.number("mean"), standard_error: person.number("standard_error") },
            correct: person.count("correct") == 1,
        };
        let answers: Vec<PilotAnswer> = own.map(answer).collect();
        let log_discrimination = [row.number("log_mean"), row.number("log_deviation")];
        let prior = BankSpread { log_discrimination, difficulty: [row.number("mean"), row.number("deviation")] };
        let found = calibrate_pilot_item(&answers, row.number("lower"), &prior).unwrap();
        let (parameter, error) = if row.text("case") == "known" { (1e-10, 1e-10) } else { (1e-6, 1e-5) };
        assert_near(found.item.discrimination().ln(), row.number("log_discrimination"), parameter);
        assert_near(found.item.difficulty(), row.number("difficulty"), parameter);
        assert_relative(found.errors.log_discrimination(), row.number("log_error"), error);
        assert_relative(found.errors.difficulty(), row.number("error"), error);
        assert_near(found.errors.correlation(), row.number("correlation"), error);
        assert_near(found.log_likelihood, row.number("log_likelihood"), 1e-5);
        let p = row.number("p");
        assert_eq!(found.fit.is_none(), p.is_nan());
        if let Some(fit) = &found.fit {
            assert_near(fit.chi_square, row.number("chi_square"), 1e-4);
            assert_near(fit.p, p, 1e-4);
        }
    }
}

#[test]
fn the_truth_of_simulated_items_lies_within_their_intervals() {
    let mut rng = ChaCha8Rng::seed_from_u64(1990);
    for (discrimination, difficulty, lower) in [(1.3, 0.3, 0.25), (0.7, -1.2, 0.0), (2.0, 1.0, 0.2)] {
        let truth = Item::new(discrimination, difficulty, lower).unwrap();
        let few = calibrate_pilot_item(&simulate(&truth, 300, &mut rng), lower, &WEAK).unwrap();
        let many = calibrate_pilot_item(&simulate(&truth, 3_000, &mut rng), lower, &WEAK).unwrap();
        assert!(off(&few, &truth).iter().chain(&off(&many, &truth)).all(|away| away.abs() < 2.6));
        assert!(many.errors.log_discrimination() < 0.5 * few.errors.log_discrimination());
        assert!(many.errors.difficulty() < 0.5 * few.errors.difficulty());
    }
}

#[test]
fn intervals_cover_the_truth_and_a_right_curve_is_seldom_doubted() {
    const ITEMS: usize = 200;
    let mut rng = ChaCha8Rng::seed_from_u64(2001);
    let truth = Item::new(1.2, 0.2, 0.25).unwrap();
    let (mut covered, mut doubted) = ([0; 2], 0);
    for _ in 0..ITEMS {
        let found = calibrate_pilot_item(&simulate(&truth, 300, &mut rng), 0.25, &WEAK).unwrap();
        for (count, away) in covered.iter_mut().zip(off(&found, &truth)) {
            *count += usize::from(away.abs() <= TWO_SIDED);
        }
        doubted += usize::from(found.fit.unwrap().p < 0.05);
    }
    assert!(covered.iter().all(|count| (184..=196).contains(count)), "{covered:?} of {ITEMS}");
    assert!(doubted <= 20, "{doubted} of {ITEMS}");
}

#[test]
fn ability_taken_as_known_flattens_the_curve_that_averaging_over_its_error_keeps() {
    let mut rng = ChaCha8Rng::seed_from_u64(4);
    let truth = Item::new(1.8, 0.0, 0.0).unwrap();
    let answers = simulate(&truth, 3_000, &mut rng);
    let known = |answer: &PilotAnswer| PilotAnswer {
        ability: Estimate { standard_error: 0.0, ..answer.ability },
        correct: answer.correct,
    };
    let averaged = calibrate_pilot_item(&answers, 0.0, &NONE).unwrap();
    let taken = calibrate_pilot_item(&answers.iter().map(known).collect::<Vec<_>>(), 0.0, &NONE).unwrap();
    assert!(off(&averaged, &truth)[0].abs() < 2.6);
    assert!(taken.item.discrimination() < 0.96 * averaged.item.discrimination());
}

#[test]
fn the_order_of_the_people_changes_nothing() {
    let mut rng = ChaCha8Rng::seed_from_u64(5);
    let truth = Item::new(1.0, 0.5, 0.2).unwrap();
    let mut answers = simulate(&truth, 200, &mut rng);
    // Ties of ability as well: people who share a mean must share a group.
    for (n, answer) in answers.iter_mut().enumerate().filter(|(n, _)| n % 3 == 0) {
        answer.ability.mean = (n % 4) as f64 - 1.5;
    }
    let found = calibrate_pilot_item(&answers, 0.2, &WEAK).unwrap();
    answers.reverse();
    answers.rotate_left(77);
    assert_eq!(calibrate_pilot_item(&answers, 0.2, &WEAK).unwrap(), found);
}

#[test]
fn a_scale_moved_moves_the_difficulty_alone() {
    let mut rng = ChaCha8Rng::seed_from_u64(6);
    let mut answers = simulate(&Item::new(1.4, 0.3, 0.25).unwrap(), 400, &mut rng);
    let before = calibrate_pilot_item(&answers, 0.25, &NONE).unwrap();
    answers.iter_mut().for_each(|answer| answer.ability.mean += 1.5);
    let after = calibrate_pilot_item(&answers, 0.25, &NONE).unwrap();
    assert_near(after.item.difficulty(), before.item.difficulty() + 1.5, 1e-8);
    assert_near(after.item.discrimination(), before.item.discrimination(), 1e-8);
    assert_near(after.errors.difficulty(), before.errors.difficulty(), 1e-8);
}

#[test]
fn a_wrong_key_shows_in_the_fit_and_without_a_prior_there_is_no_item() {
    let mut rng = ChaCha8Rng::seed_from_u64(7);
    let mut answers = simulate(&Item::new(1.5, 0.0, 0.0).unwrap(), 300, &mut rng);
    answers.iter_mut().for_each(|answer| answer.correct = !answer.correct);
    let found = calibrate_pilot_item(&answers, 0.0, &WEAK).unwrap();
    assert!(found.item.discrimination() < 0.3 && found.fit.unwrap().p < 1e-6);
    let refused = calibrate_pilot_item(&answers, 0.0, &NONE).unwrap_err();
    assert!(refused.to_string().contains("look at the key"), "{refused}");
}

#[test]
fn an_estimate_goes_straight_into_scoring_with_its_errors() {
    let mut rng = ChaCha8Rng::seed_from_u64(8);
    let pilot = calibrate_pilot_item(&simulate(&Item::new(1.4, 0.0, 0.0).unwrap(), 300, &mut rng), 0.0, &WEAK).unwrap();
    let uncertain = UncertainItem::new(pilot.item, pilot.errors);
    assert!(uncertain.likelihood(2.0, true) < pilot.item.probability(2.0));
}

#[test]
fn two_people_with_a_prior_are_enough_and_few_are_not_judged() {
    let person = |mean, correct| PilotAnswer { ability: Estimate { mean, standard_error: 0.3 }, correct };
    let found = calibrate_pilot_item(&[person(-0.5, false), person(0.5, true)], 0.0, &WEAK).unwrap();
    assert_eq!((found.people, found.share_right, found.fit), (2, 0.5, None));
    assert!(found.errors.log_discrimination() > 0.4 && found.errors.difficulty() > 1.0);
}

#[test]
fn people_of_one_ability_are_not_judged() {
    let person =
        |n: usize| PilotAnswer { ability: Estimate { mean: 0.0, standard_error: 0.3 }, correct: n.is_multiple_of(3) };
    let found = calibrate_pilot_item(&(0..90).map(person).collect::<Vec<_>>(), 0.0, &WEAK).unwrap();
    assert_eq!(found.fit, None);
}

#[test]
fn what_tells_nothing_about_an_item_is_refused() {
    let person = |mean, correct| PilotAnswer { ability: Estimate { mean, standard_error: 0.3 }, correct };
    let two = [person(-0.5, false), person(0.5, true)];
    let refused = |answers: &[PilotAnswer]| calibrate_pilot_item(answers, 0.0, &WEAK).err();
    assert_eq!(refused(&[]), Some(PilotError::FewPeople(0)));
    assert_eq!(refused(&two[..1]), Some(PilotError::FewPeople(1)));
    let same = PilotError::SameAnswer { people: 2, correct: true };
    assert_eq!(refused(&[two[1], two[1]]), Some(same));
    let endless = PilotError::Ability { person: 1, mean: f64::INFINITY, standard_error: 0.3 };
    assert_eq!(refused(&[two[0], person(f64::INFINITY, true)]), Some(endless));
    let lower = PilotError::Lower(ParameterError::LowerAsymptote(1.0));
    assert_eq!(calibrate_pilot_item(&two, 1.0, &WEAK).err(), Some(lower));
    let sharp = BankSpread { difficulty: [0.0, 0.0], ..WEAK };
    let prior = PilotError::Prior { mean: 0.0, deviation: 0.0 };
    assert_eq!(calibrate_pilot_item(&two, 0.0, &sharp).err(), Some(prior));
}

#[test]
fn known_abilities_that_separate_right_from_wrong_have_no_item_without_a_prior() {
    let person =
        |n: usize| PilotAnswer { ability: Estimate { mean: n as f64 / 10.0, standard_error: 0.0 }, correct: n >= 20 };
    let answers: Vec<PilotAnswer> = (0..40).map(person).collect();
    assert!(matches!(
        calibrate_pilot_item(&answers, 0.0, &NONE),
        Err(PilotError::NoItem(ParameterError::Discrimination(_)))
    ));
    assert!(calibrate_pilot_item(&answers, 0.0, &WEAK).is_ok());
}
