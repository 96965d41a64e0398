use std::collections::BTreeMap;

use melek_irt::model::{Form, ResponseFunction};
use melek_irt::standard_setting::{
    AngoffError, Booklet, BookmarkError, CharacteristicCurve, CurveError, Panel, PanelError, angoff, cut_score_errors,
    intraclass, location,
};
use proptest::prelude::*;

use crate::table::{self, Row, assert_near};

/// The items of the tables.
pub fn items() -> Vec<ResponseFunction> {
    let item = |row: &Row| {
        let (first, second) = (row.number("first"), row.number("second"));
        let form = match row.text("model") {
            "logistic" => Form::Logistic { intercept: first, lower: row.number("lower"), upper: 1.0 },
            "graded" => Form::Graded { intercepts: vec![first, second] },
            _ => Form::DivideByTotal { scoring: vec![1.0, 2.0], intercepts: vec![first, second] },
        };
        ResponseFunction::new(vec![row.number("slope")], form).unwrap()
    };
    table::read("standard_setting_items.csv").iter().map(item).collect()
}

#[test]
fn pages_of_a_booklet_lie_where_scipy_finds_them() {
    let rows = table::read("standard_setting_pages.csv");
    for probability in [0.5, 0.67, 0.8] {
        let booklet = Booklet::new(&items(), probability).unwrap();
        let expected: Vec<&Row> = rows.iter().filter(|row| row.number("probability") == probability).collect();
        assert_eq!(booklet.pages().len(), expected.len());
        for (page, row) in booklet.pages().iter().zip(expected) {
            assert_eq!((page.item, page.category), (row.count("item"), row.count("category")));
            assert_near(page.location, row.number("location"), 1e-11);
        }
    }
}

#[test]
fn cuts_of_bookmark_panels_agree_with_numpy() {
    let booklet = Booklet::new(&items(), 0.67).unwrap();
    let mut panels: BTreeMap<usize, Vec<Row>> = BTreeMap::new();
    for row in table::read("standard_setting_bookmark.csv") {
        panels.entry(row.count("panel")).or_default().push(row);
    }
    for rows in panels.values() {
        let marks: Vec<Option<usize>> = rows.iter().map(|row| Some(row.count("page"))).collect();
        let panel = booklet.cut(&marks).unwrap();
        assert_eq!(panel.raters, rows.len());
        assert_near(panel.mean, rows[0].number("mean"), 1e-11);
        assert_near(panel.median, rows[0].number("median"), 1e-11);
        assert_near(panel.deviation, rows[0].number("deviation"), 1e-11);
        assert_near(panel.standard_error, rows[0].number("error"), 1e-11);
        assert_near(panel.median_standard_error, rows[0].number("median_error"), 1e-11);
    }
}

fn ratings_of(panel: &str) -> Vec<Vec<Option<f64>>> {
    let mut raters: BTreeMap<usize, Vec<Option<f64>>> = BTreeMap::new();
    for row in table::read("standard_setting_ratings.csv").iter().filter(|row| row.text("panel") == panel) {
        let rating = row.number("rating");
        raters.entry(row.count("rater")).or_default().push((!rating.is_nan()).then_some(rating));
    }
    raters.into_values().collect()
}

#[test]
fn modified_angoff_agrees_with_numpy_for_a_full_panel_and_one_with_gaps() {
    let rows = table::read("standard_setting_angoff.csv");
    for panel in ["full", "gaps"] {
        let found = angoff(&items(), &ratings_of(panel)).unwrap();
        assert_eq!(found.intraclass.is_some(), panel == "full");
        for row in rows.iter().filter(|row| row.text("panel") == panel) {
            let position = row.count("position");
            let actual = match row.text("statistic") {
                "score_mean" => found.score.mean,
                "score_error" => found.score.standard_error,
                "ability" => found.ability,
                "ability_error" => found.ability_standard_error,
                "rater_ability" => found.raters[position].ability,
                "rater_score" => found.raters[position].score,
                "rater_inconsistency" => found.raters[position].inconsistency,
                "rater_correlation" => found.raters[position].correlation.unwrap(),
                "item_mean" => found.items[position].mean.unwrap(),
                "item_deviation" => found.items[position].deviation.unwrap(),
                "item_expected" => found.items[position].expected,
                _ => {
                    let all = found.intraclass.unwrap();
                    [all.single, all.average, all.single_consistency, all.average_consistency][position]
                }
            };
            assert_near(actual, row.number("value"), 1e-10);
        }
    }
}

#[test]
fn the_cut_of_a_rater_who_rated_everything_is_the_sum_of_the_ratings() {
    let ratings = ratings_of("full");
    for (rater, row) in angoff(&items(), &ratings).unwrap().raters.iter().zip(&ratings) {
        assert_near(rater.score, row.iter().flatten().sum(), 1e-11);
        assert_eq!(rater.rated, row.len());
    }
}

/// Shrout & Fleiss (1979), table 2: four judges (rows here) on six targets; table 4 has .29, .62, .71 and .91.
#[test]
fn intraclass_correlations_are_those_printed_by_shrout_and_fleiss() {
    let judges = [[9, 6, 8, 7, 10, 6], [2, 1, 4, 1, 5, 2], [5, 3, 6, 2, 6, 4], [8, 2, 8, 6, 9, 7]];
    let found = intraclass(&judges.map(|judge| judge.map(f64::from).to_vec())).unwrap();
    assert_near(found.single, 0.29, 0.005);
    assert_near(found.average, 0.62, 0.005);
    assert_near(found.single_consistency, 0.71, 0.005);
    assert_near(found.average_consistency, 0.91, 0.005);
}

#[test]
fn a_table_without_variance_or_with_gaps_has_no_intraclass_correlation() {
    assert_eq!(intraclass(&[]), None);
    assert_eq!(intraclass(&[vec![0.5, 0.6]]), None);
    assert_eq!(intraclass(&[vec![0.5], vec![0.6]]), None);
    assert_eq!(intraclass(&[vec![0.5, 0.5], vec![0.5, 0.5]]), None);
    assert_eq!(intraclass(&[vec![0.5, 0.6], vec![0.5]]), None);
    assert_eq!(intraclass(&[vec![0.5, f64::NAN], vec![0.5, 0.6]]), None);
}

#[test]
fn errors_of_item_mapping_cuts_agree_with_numpy() {
    let items: Vec<_> = table::read("cut_score_items.csv").iter().map(crate::standard_setting::level_item).collect();
    let expected = table::read("cut_score_errors.csv");
    let found = cut_score_errors(&items).unwrap();
    assert_eq!(found.len(), expected.len());
    for (cut, row) in found.iter().zip(&expected) {
        for (actual, column) in [(cut.unordered, "unordered"), (cut.ability, "ability")] {
            let value = row.number(column);
            assert_eq!(actual.is_none(), value.is_nan());
            assert_near(actual.unwrap_or(0.0), if value.is_nan() { 0.0 } else { value }, 1e-12);
        }
    }
}

#[test]
fn errors_of_linking_and_calibration_add_to_that_of_the_panel() {
    let panel = Panel::of(&[0.0, 0.6]).unwrap();
    assert_near(panel.standard_error, 0.3, 1e-15);
    assert_near(panel.total_error(&[0.4]), 0.5, 1e-15);
    assert_near(panel.total_error(&[]), 0.3, 1e-15);
}

#[test]
fn panels_of_one_rater_or_of_no_number_are_refused() {
    assert_eq!(Panel::of(&[1.0]), Err(PanelError::TooFew(1)));
    let infinite = PanelError::NotFinite { rater: 1, cut: f64::INFINITY };
    assert_eq!(Panel::of(&[1.0, f64::INFINITY]), Err(infinite));
}

#[test]
fn bookmarks_that_are_missing_or_lie_nowhere_name_the_rater() {
    let booklet = Booklet::new(&items(), 0.67).unwrap();
    let pages = booklet.pages().len();
    assert_eq!(booklet.cut(&[Some(3), None]), Err(BookmarkError::NoBookmark { rater: 1 }));
    assert_eq!(booklet.cut(&[Some(pages), Some(0)]), Err(BookmarkError::Page { rater: 0, page: pages, pages }));
    assert_eq!(booklet.cut(&[Some(3)]), Err(BookmarkError::Panel(PanelError::TooFew(1))));
}

#[test]
fn an_item_that_has_no_place_at_the_probability_is_named() {
    assert_eq!(Booklet::new(&[], 0.67), Err(BookmarkError::NoItems));
    let form = Form::Logistic { intercept: 0.0, lower: 0.7, upper: 1.0 };
    let guessed = ResponseFunction::new(vec![1.0], form).unwrap();
    let no_location = BookmarkError::NoLocation { item: 0, category: 1, probability: 0.67 };
    assert_eq!(Booklet::new(&[guessed], 0.67), Err(no_location));
    let unordered = Form::DivideByTotal { scoring: vec![2.0, 1.0], intercepts: vec![0.0, 0.0] };
    assert_eq!(location(&ResponseFunction::new(vec![1.0], unordered).unwrap(), 1, 0.5), None);
    assert_eq!(location(&ResponseFunction::two_parameter(-1.0, 0.0).unwrap(), 1, 0.5), None);
    assert_eq!(location(&ResponseFunction::two_parameter(1.0, 0.0).unwrap(), 1, f64::NAN), None);
}

#[test]
fn ratings_from_which_no_cut_follows_name_the_rater_and_the_item() {
    let items = vec![ResponseFunction::two_parameter(1.0, 0.0).unwrap(); 2];
    let half = vec![Some(0.5), Some(0.5)];
    let refused = |row: Vec<Option<f64>>| angoff(&items, &[half.clone(), row]).err();
    assert_eq!(refused(vec![Some(0.5)]), Some(AngoffError::Items { rater: 1, ratings: 1, items: 2 }));
    assert_eq!(refused(vec![None, None]), Some(AngoffError::NoRatings { rater: 1 }));
    let rating = AngoffError::Rating { rater: 1, item: 1, rating: 1.2, highest: 1 };
    assert_eq!(refused(vec![None, Some(1.2)]), Some(rating));
    assert!(matches!(refused(vec![None, Some(f64::NAN)]), Some(AngoffError::Rating { rater: 1, item: 1, .. })));
    assert_eq!(refused(vec![Some(1.0), Some(1.0)]), Some(AngoffError::NoAbility { rater: 1, score: 2.0 }));
    assert_eq!(angoff(&items, &[half]).err(), Some(AngoffError::Panel(PanelError::TooFew(1))));
    assert_eq!(angoff(&[], &[]).err(), Some(AngoffError::Curve(CurveError::NoItems)));
}

#[test]
fn items_that_make_no_rising_curve_are_named() {
    let falling = ResponseFunction::two_parameter(-1.0, 0.0).unwrap();
    assert_eq!(CharacteristicCurve::new(&[falling]).err(), Some(CurveError::Slope { item: 0, slope: -1.0 }));
    let form = Form::Graded { intercepts: vec![0.0] };
    let two = ResponseFunction::new(vec![1.0, 1.0], form).unwrap();
    assert_eq!(CharacteristicCurve::new(&[two]).err(), Some(CurveError::Dimensions { item: 0, slopes: 2 }));
}

#[test]
fn the_slope_of_the_characteristic_curve_is_that_of_its_differences() {
    let items = items();
    let curve = CharacteristicCurve::new(&items).unwrap();
    for theta in [-3.0, -0.5, 0.0, 1.7] {
        let step = 1e-5;
        let difference = (curve.expected(theta + step) - curve.expected(theta - step)) / (2.0 * step);
        assert_near(curve.slope(theta), difference, 1e-8);
    }
}

proptest! {
    #[test]
    fn the_ability_at_an_expected_score_expects_it(theta in -4.0..4.0) {
        let items = items();
        let curve = CharacteristicCurve::new(&items).unwrap();
        prop_assert!((curve.ability_at(curve.expected(theta)).unwrap() - theta).abs() < 1e-10);
    }

    #[test]
    fn a_category_is_reached_at_its_location_with_the_probability_asked_for(probability in 0.3..0.95) {
        for item in items() {
            for category in 1..item.categories() {
                let place = location(&item, category, probability).unwrap();
                let reached: f64 = item.probabilities(&[place])[category..].iter().sum();
                prop_assert!((reached - probability).abs() < 1e-12);
            }
        }
    }

    #[test]
    fn a_later_bookmark_never_lowers_the_cut(marks in proptest::collection::vec(0_usize..18, 2..12), rater in 0_usize..12) {
        let booklet = Booklet::new(&items(), 0.67).unwrap();
        let before: Vec<Option<usize>> = marks.iter().copied().map(Some).collect();
        let mut after = before.clone();
        let position = rater % marks.len();
        after[position] = Some(marks[position] + 1);
        let (before, after) = (booklet.cut(&before).unwrap(), booklet.cut(&after).unwrap());
        prop_assert!(before.mean <= after.mean && before.median <= after.median);
    }
}
