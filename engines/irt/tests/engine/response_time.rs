use melek_irt::ability::Estimate;
use melek_irt::calibration::Grid;
use melek_irt::model::{Form, ResponseFunction};
use melek_irt::response_time::*;
use melek_irt::responses::Response;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use crate::table::{self, Row, assert_near, assert_relative};

pub mod draws;
mod properties;

use draws::{standard_normal, uniform};

/// The times of `response_time_times.csv`.
fn reference_times() -> Times {
    let mut persons = vec![Vec::new(); 80];
    for row in table::read("response_time_times.csv") {
        persons[row.count("person")].push((row.count("item") as u16, row.number("seconds")));
    }
    Times::new(6, persons).unwrap()
}

/// The parameters those times were drawn with.
fn reference_model() -> LognormalModel {
    let rows = table::read("response_time_items.csv");
    let item = |row: &Row| LognormalItem::new(row.number("intensity"), row.number("discrimination")).unwrap();
    LognormalModel::new(rows.iter().map(item).collect(), rows[0].number("speed_deviation")).unwrap()
}

/// Response functions, times model and people of `response_time_joint_*.csv`.
struct Joint {
    items: Vec<ResponseFunction>,
    times: LognormalModel,
    people: Vec<(Vec<Response>, Vec<Time>)>,
}

impl Joint {
    fn read() -> Self {
        let rows = table::read("response_time_joint_items.csv");
        let function = |row: &Row| ResponseFunction::two_parameter(row.number("slope"), row.number("intercept"));
        let item = |row: &Row| LognormalItem::new(row.number("intensity"), row.number("discrimination"));
        let mut people = vec![(Vec::new(), Vec::new()); 250];
        for row in table::read("response_time_joint_people.csv") {
            let (answers, times) = &mut people[row.count("person")];
            let item = row.count("item") as u16;
            answers.push(Response { item, category: row.count("category") as u8 });
            times.push(Time::new(item, row.number("seconds")).unwrap());
        }
        Self {
            items: rows.iter().map(function).collect::<Result<_, _>>().unwrap(),
            times: LognormalModel::new(rows.iter().map(item).collect::<Result<_, _>>().unwrap(), 0.4).unwrap(),
            people,
        }
    }

    fn model(&self) -> JointModel<'_> {
        JointModel { items: &self.items, times: &self.times, grid: Grid { points: 81, lowest: -8.0, highest: 8.0 } }
    }

    fn records(&self) -> Vec<Record<'_>> {
        self.people.iter().map(|(answers, times)| Record { answers, times }).collect()
    }
}

fn population(correlation: f64) -> Population {
    Population { ability_mean: 0.0, ability_deviation: 1.0, speed_mean: 0.0, speed_deviation: 0.4, correlation }
}

#[test]
fn log_density_and_expected_seconds_agree_with_scipy() {
    for row in table::read("response_time_density.csv") {
        let item = LognormalItem::new(row.number("intensity"), row.number("discrimination")).unwrap();
        let speed = row.number("speed");
        let expected = row.number("log_density");
        assert_near(item.log_density(row.number("seconds"), speed), expected, 1e-12 * expected.abs().max(1.0));
        assert_relative(item.expected_seconds(speed), row.number("expected_seconds"), 1e-13);
    }
}

#[test]
fn calibrate_times_and_lognormal_errors_agree_with_the_dense_likelihood() {
    let times = reference_times();
    let calibration = calibrate_times(&times).unwrap();
    let errors = lognormal_errors(&times, &calibration.model).unwrap();
    for row in table::read("response_time_calibration.csv") {
        let item = row.count("item");
        let own = &calibration.model.items()[item];
        let (estimate, error) = match row.text("parameter") {
            "intensity" => (own.intensity(), errors.intensity[item]),
            "discrimination" => (own.discrimination(), errors.discrimination[item]),
            _ => (calibration.model.speed_deviation(), errors.speed_deviation),
        };
        assert_near(estimate, row.number("estimate"), 1e-6);
        assert_relative(error, row.number("standard_error"), 1e-6);
        assert_near(calibration.log_likelihood, row.number("log_likelihood"), 1e-8);
    }
}

#[test]
fn speed_and_person_fit_of_times_agree_with_weighted_least_squares() {
    let (times, model) = (reference_times(), reference_model());
    for row in table::read("response_time_speed.csv") {
        let own = times.of(row.count("person"));
        let (likely, expected) = (speed_by_likelihood(&model, own).unwrap(), speed_posterior(&model, own).unwrap());
        assert_near(likely.mean, row.number("ml"), 1e-12);
        assert_near(likely.standard_error, row.number("ml_error"), 1e-12);
        assert_near(expected.mean, row.number("eap"), 1e-12);
        assert_near(expected.standard_error, row.number("eap_error"), 1e-12);
        let fit = time_fit(&model, own).unwrap();
        assert_eq!(fit.degrees_of_freedom, row.count("degrees_of_freedom"));
        assert_relative(fit.statistic, row.number("statistic"), 1e-10);
        assert_relative(fit.p_value, row.number("p_value"), 1e-10);
    }
}

#[test]
fn time_residuals_agree_with_the_conditional_normal_law() {
    let (times, model) = (reference_times(), reference_model());
    for row in table::read("response_time_residuals.csv") {
        let residuals = time_residuals(&model, times.of(row.count("person"))).unwrap();
        let own = residuals.iter().find(|one| usize::from(one.item) == row.count("item")).unwrap();
        assert_near(own.z, row.number("z"), 1e-12);
        assert_relative(own.p_value, row.number("p_value"), 1e-10);
    }
}

#[test]
fn normative_thresholds_agree_with_numpy_and_stop_at_ten_seconds() {
    let times = reference_times();
    for (column, share) in [("nt10", 0.10), ("nt15", 0.15), ("nt40", 0.40)] {
        let thresholds = normative_thresholds(&times, share).unwrap();
        for row in table::read("response_time_thresholds.csv") {
            assert_relative(thresholds.seconds()[row.count("item")], row.number(column), 1e-14);
        }
        assert!(thresholds.seconds().iter().all(|seconds| *seconds <= LONGEST_THRESHOLD));
    }
}

#[test]
fn lognormal_mixture_agrees_with_direct_maximisation_and_finds_none_where_there_is_none() {
    let mut seconds = vec![Vec::new(); 3];
    for row in table::read("response_time_mixture_times.csv") {
        seconds[row.count("case")].push(row.number("seconds"));
    }
    for row in table::read("response_time_mixture.csv") {
        let mixture = lognormal_mixture(&seconds[row.count("case")]).unwrap();
        assert_near(mixture.share, row.number("share"), 1e-4);
        assert_near(mixture.rapid.mean, row.number("rapid_mean"), 1e-4);
        assert_near(mixture.rapid.deviation, row.number("rapid_deviation"), 1e-4);
        assert_near(mixture.effortful.mean, row.number("effortful_mean"), 1e-4);
        assert_near(mixture.effortful.deviation, row.number("effortful_deviation"), 1e-4);
        assert_near(mixture.log_likelihood, row.number("log_likelihood"), 1e-6);
        assert_near(mixture.advantage, row.number("advantage"), 1e-5);
        assert_relative(mixture.threshold().unwrap(), row.number("threshold"), 1e-4);
    }
    assert_eq!(lognormal_mixture(&seconds[2]).unwrap().threshold(), None);
    let columns =
        Times::new(3, (0..500).map(|n| (0..3).map(|item| (item as u16, seconds[item][n])).collect::<Vec<_>>()));
    let thresholds = mixture_thresholds(&columns.unwrap()).unwrap();
    assert!(thresholds.seconds()[0] > 7.0 && thresholds.seconds()[2] == 0.0);
}

#[test]
fn estimate_population_agrees_with_direct_maximisation() {
    let joint = Joint::read();
    let estimate = estimate_population(&joint.model(), &joint.records()).unwrap();
    let row = &table::read("response_time_joint.csv")[0];
    let own = estimate.population;
    assert_near(own.ability_mean, row.number("ability_mean"), 1e-5);
    assert_near(own.ability_deviation, row.number("ability_deviation"), 1e-5);
    assert_near(own.speed_mean, row.number("speed_mean"), 1e-5);
    assert_near(own.speed_deviation, row.number("speed_deviation"), 1e-5);
    assert_near(own.correlation, row.number("correlation"), 1e-5);
    assert_near(estimate.correlation_error, row.number("correlation_error"), 1e-4);
}

#[test]
fn joint_posterior_agrees_with_quadrature_over_both() {
    let joint = Joint::read();
    for row in table::read("response_time_posterior.csv") {
        let record = joint.records()[row.count("person")];
        let posterior = joint_posterior(&joint.model(), &population(0.5), &record).unwrap();
        assert_near(posterior.ability.mean, row.number("ability"), 1e-8);
        assert_near(posterior.ability.standard_error, row.number("ability_error"), 1e-8);
        assert_near(posterior.speed.mean, row.number("speed"), 1e-8);
        assert_near(posterior.speed.standard_error, row.number("speed_error"), 1e-8);
        assert_near(posterior.correlation, row.number("correlation"), 1e-8);
    }
}

/// Two logistic items, one graded, one nominal, as in `reference/response_time.py`.
fn mixed_items() -> Vec<ResponseFunction> {
    let forms = [
        (1.2, Form::Logistic { intercept: 0.3, lower: 0.2, upper: 1.0 }),
        (1.8, Form::Logistic { intercept: -0.5, lower: 0.0, upper: 1.0 }),
        (1.4, Form::Graded { intercepts: vec![1.0, -0.6] }),
        (1.0, Form::DivideByTotal { scoring: vec![0.7, 2.0], intercepts: vec![0.4, -0.3] }),
    ];
    forms.map(|(slope, form)| ResponseFunction::new(vec![slope], form).unwrap()).to_vec()
}

fn scale(items: &[ResponseFunction]) -> AbilityScale<'_> {
    let population = Estimate { mean: 0.3, standard_error: 1.1 };
    AbilityScale { items, population, grid: Grid { points: 121, lowest: -9.0, highest: 9.0 } }
}

#[test]
fn effort_moderated_scores_agree_with_scipy_quadrature() {
    let items = mixed_items();
    for row in table::read("response_time_effort_moderated.csv") {
        let answers: Vec<(Response, bool)> = (0..4_u16)
            .map(|item| {
                let category = row.count(&format!("answer{item}")) as u8;
                (Response { item, category }, row.count(&format!("rapid{item}")) == 1)
            })
            .collect();
        let score = effort_moderated(&scale(&items), &answers).unwrap();
        assert_near(score.all_answers.mean, row.number("all"), 1e-8);
        assert_near(score.all_answers.standard_error, row.number("all_error"), 1e-8);
        assert_near(score.effortful_answers.mean, row.number("effortful"), 1e-8);
        assert_near(score.effortful_answers.standard_error, row.number("effortful_error"), 1e-8);
        assert_eq!(score.rapid, answers.iter().filter(|(_, rapid)| *rapid).count());
    }
}

/// Times of simulated people who work by the model: 12 items, intensities 2.5 … 3.6, σ = 0.4.
fn simulated(people: usize, seed: u64) -> (LognormalModel, Times) {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let item = |n: i32| LognormalItem::new(2.5 + 0.1 * f64::from(n), 1.4 + 0.2 * f64::from(n % 5)).unwrap();
    let model = LognormalModel::new((0..12).map(item).collect(), 0.4).unwrap();
    let person = |_| {
        let speed = 0.4 * standard_normal(&mut rng);
        let time = |item: &LognormalItem, rng: &mut ChaCha8Rng| {
            (item.intensity() - speed + standard_normal(rng) / item.discrimination()).exp()
        };
        (0..12).zip(model.items()).map(|(n, item)| (n, time(item, &mut rng))).collect::<Vec<(u16, f64)>>()
    };
    let persons: Vec<_> = (0..people).map(person).collect();
    let times = Times::new(12, persons).unwrap();
    (model, times)
}

#[test]
fn simulated_parameters_are_recovered_within_four_standard_errors() {
    let (truth, times) = simulated(2_000, 20_061);
    let found = calibrate_times(&times).unwrap().model;
    let errors = lognormal_errors(&times, &found).unwrap();
    for (n, (own, expected)) in found.items().iter().zip(truth.items()).enumerate() {
        assert_near(own.intensity(), expected.intensity(), 4.0 * errors.intensity[n]);
        assert_near(own.discrimination(), expected.discrimination(), 4.0 * errors.discrimination[n]);
        assert!(errors.intensity[n] < 0.025 && errors.discrimination[n] < 0.06);
    }
    assert_near(found.speed_deviation(), 0.4, 4.0 * errors.speed_deviation);
}

#[test]
fn the_simulated_correlation_of_ability_and_speed_is_recovered_within_four_standard_errors() {
    let mut rng = ChaCha8Rng::seed_from_u64(2_007);
    let (times, _) = simulated(1, 1);
    let function = |n: i32| {
        let form = Form::Logistic { intercept: 1.1 - 0.2 * f64::from(n), lower: 0.2, upper: 1.0 };
        ResponseFunction::new(vec![1.5], form).unwrap()
    };
    let items: Vec<ResponseFunction> = (0..12).map(function).collect();
    let mut people = Vec::new();
    for _ in 0..1_500 {
        let ability = standard_normal(&mut rng);
        let speed = 0.4 * (-0.5 * ability + 0.75_f64.sqrt() * standard_normal(&mut rng)); // ρ = −.5
        let (mut answers, mut own) = (Vec::new(), Vec::new());
        for (item, (function, time)) in (0..).zip(items.iter().zip(times.items())) {
            let right = uniform(&mut rng) < function.probabilities(&[ability])[1];
            answers.push(Response { item, category: u8::from(right) });
            let logarithm = time.intensity() - speed + standard_normal(&mut rng) / time.discrimination();
            own.push(Time::new(item, logarithm.exp()).unwrap());
        }
        people.push((answers, own));
    }
    let records: Vec<Record> = people.iter().map(|(answers, times)| Record { answers, times }).collect();
    let model = JointModel { items: &items, times: &times, grid: Grid::standard(1) };
    let estimate = estimate_population(&model, &records).unwrap();
    assert!(estimate.correlation_error < 0.04);
    assert_near(estimate.population.correlation, -0.5, 4.0 * estimate.correlation_error);
    assert_near(estimate.population.ability_deviation, 1.0, 0.15);
}

#[test]
fn person_fit_of_honest_people_falls_below_a_level_as_often_as_the_level_says() {
    let (model, times) = simulated(4_000, 7);
    let share = |level: f64| {
        let below = |person: &usize| time_fit(&model, times.of(*person)).unwrap().p_value < level;
        (0..4_000).filter(below).count() as f64 / 4_000.0
    };
    assert_near(share(0.05), 0.05, 0.014); // four standard errors
    assert_near(share(0.5), 0.5, 0.032);
}

#[test]
fn flags_and_effort_follow_the_thresholds() {
    let thresholds = Thresholds::new(vec![3.0, 5.0, 0.0]).unwrap();
    let times = [Time::new(0, 2.0).unwrap(), Time::new(1, 5.0).unwrap(), Time::new(2, 0.1).unwrap()];
    assert_eq!(times.map(|time| thresholds.is_rapid(&time).unwrap()), [true, false, false]);
    assert_near(response_time_effort(&times, &thresholds).unwrap(), 2.0 / 3.0, 1e-15);
    let answers = [0, 1, 2].map(|item| Response { item, category: 0 });
    assert_eq!(thresholds.rapid_guesses(&answers, &times[1..]).unwrap(), [false, false, false]);
    let both = Times::from_rows(3, [[Some(1.0), Some(9.0), Some(1.0)], [Some(9.0), Some(9.0), None]]).unwrap();
    assert_eq!(response_time_fidelity(&both, &thresholds).unwrap(), [0.5, 1.0, 1.0]);
}
