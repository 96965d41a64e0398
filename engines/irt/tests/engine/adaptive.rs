use melek_irt::ability::{Grid, GridPosterior};
use melek_irt::model::Item;
use melek_irt::selection::one_dimension::Rule;
use melek_irt::selection::{ExposureCeiling, ExposureControl, Pool, PoolItem, Quota, Quotas, Scope};
use melek_irt::simulation::one_dimension::{Control, People, Plan, Played, play};

use crate::table::{self, assert_near};

const LENGTH: usize = 30;

fn pool() -> Pool<1> {
    let item = |row: &table::Row| PoolItem {
        item: Item::new(row.number("a"), row.number("b"), row.number("c")).unwrap(),
        dimension: 0,
        kind: Some(row.count("domain") - 1),
        family: None,
    };
    Pool::new(table::read("adaptive_bank.csv").iter().map(item).collect()).unwrap()
}

/// What catR integrates on.
fn grid() -> Grid {
    Grid::new(33, (-4.0, 4.0), (0.0, 1.0)).unwrap()
}

/// 4 to 8 of 30 items of each of five domains.
fn quotas(scope: Scope) -> Quotas {
    Quotas::new(vec![Quota { parent: None, minimum: 4, maximum: 8 }; 5], LENGTH, scope).unwrap()
}

fn priced() -> Control {
    let ceiling = ExposureCeiling::new(0.25, 5.0).unwrap();
    Control::Priced(ExposureControl { ceiling, price: 1.4, spread: 0.03, exploration: 0.008 })
}

/// 600 people under some rule.
fn played(rule: Rule, control: Control, quotas: &Quotas, (standard_error, room): (f64, usize)) -> Played {
    let (pool, grid) = (pool(), grid());
    let people = People::Drawn(600);
    play(
        &Plan {
            pool: &pool,
            grid: &grid,
            quotas,
            rule,
            control,
            standard_error,
            people,
            room,
            clairvoyant: false,
            warm: 1_000,
        },
        1,
    )
    .unwrap()
}

#[test]
fn maximum_information_gives_the_items_and_scores_of_catr() {
    let (pool, grid) = (pool(), grid());
    let text = include_str!("../reference/adaptive_answers.csv");
    let answers: Vec<Vec<bool>> = text.lines().map(|row| row.split(',').map(|cell| cell == "1").collect()).collect();
    let free = Quotas::new(Vec::new(), LENGTH, Scope::WholeTest).unwrap();
    let plan = Plan {
        pool: &pool,
        grid: &grid,
        quotas: &free,
        rule: Rule::MaximumInformation,
        control: Control::None,
        standard_error: 0.0,
        people: People::Known(&answers),
        room: 1,
        clairvoyant: false,
        warm: 0,
    };
    let paths = play(&plan, 1).unwrap().paths;
    let expected = table::read("adaptive_paths.csv");
    assert_eq!(paths.len(), expected.len());
    for (path, row) in paths.iter().zip(&expected) {
        let items: Vec<usize> = row.text("items").split(' ').map(|item| item.parse::<usize>().unwrap() - 1).collect();
        assert_eq!(path.items, items, "person {}", row.text("person"));
        assert_near(path.estimate.mean, row.number("ability"), 1e-6);
        assert_near(path.estimate.standard_error, row.number("standard_error"), 1e-6);
    }
}

#[test]
fn the_masses_on_a_grid_are_a_distribution_and_move_with_the_answers() {
    let grid = grid();
    let mut person = GridPosterior::new(&grid);
    let item = Item::new(1.4, 0.3, 0.2).unwrap();
    let before = person.estimate();
    assert_near(before.mean, 0.0, 1e-12);
    person.update(&grid.likelihood(&item, true));
    assert_near(person.masses().iter().sum(), 1.0, 1e-12);
    assert!(person.estimate().mean > before.mean && person.estimate().standard_error < before.standard_error);
    assert_near(
        grid.abilities().zip(person.masses()).map(|(theta, mass)| theta * mass).sum(),
        person.estimate().mean,
        1e-12,
    );
}

#[test]
fn the_priced_rule_keeps_the_ceiling_and_the_quotas_and_leaves_no_item_unseen_for_long() {
    let played = played(Rule::MaximumInformation, priced(), &quotas(Scope::WholeTest), (0.0, 1));
    let exposure = &played.summary.exposure;
    assert!(exposure.largest <= 0.26, "{}", exposure.largest);
    assert!(exposure.overlap <= 0.18, "{}", exposure.overlap);
    assert_eq!(played.summary.short_of_quotas, 0);
    assert_near(played.summary.composite.coverage, 0.95, 0.04);
}

#[test]
fn people_who_answer_in_step_share_less_than_half_of_what_they_would_share_without_prices() {
    let whole = quotas(Scope::WholeTest);
    let shared = |control| {
        let played = played(Rule::MaximumInformation, control, &whole, (0.0, 300));
        assert_eq!(played.summary.short_of_quotas, 0);
        played.overlap_in_room
    };
    let (with, without) = (shared(priced()), shared(Control::None));
    assert!(with < 0.5 * without, "{with} {without}");
}

#[test]
fn quotas_hold_at_whatever_length_a_test_stops() {
    let played = played(Rule::MaximumInformation, priced(), &quotas(Scope::EveryLength), (0.316, 1));
    assert_eq!(played.summary.short_of_quotas, 0);
    let length = played.summary.length;
    assert!(length.mean < 16.0 && length.shortest < length.longest, "{length:?}");
}

#[test]
fn every_rule_measures_and_those_that_look_at_information_measure_alike() {
    let whole = quotas(Scope::WholeTest);
    let error = |rule| played(rule, Control::None, &whole, (0.0, 1)).summary.composite.mean_standard_error;
    let best = error(Rule::MaximumInformation);
    for rule in [
        Rule::PosteriorWeightedInformation,
        Rule::KullbackLeibler,
        Rule::MaximumExpectedInformation,
        Rule::MinimumExpectedVariance,
        Rule::Randomesque(5),
    ] {
        assert_near(error(rule), best, 0.02 * best);
    }
    for rule in [Rule::Progressive, Rule::Stratified(4)] {
        let error = error(rule);
        assert!(error > best && error < 1.6 * best, "{rule:?} {error} {best}");
    }
}

#[test]
fn probabilistic_controls_come_near_their_target() {
    for control in [Control::Eligibility { rate: 0.25 }, Control::SympsonHetter { rate: 0.25 }] {
        let largest =
            played(Rule::MaximumInformation, control, &quotas(Scope::WholeTest), (0.0, 1)).summary.exposure.largest;
        assert!((0.2..0.34).contains(&largest), "{control:?} {largest}");
    }
}
