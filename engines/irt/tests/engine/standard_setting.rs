use melek_irt::model::Item;
use melek_irt::standard_setting::{CutScoreError, LevelItem, cut_scores};
use proptest::prelude::*;

use crate::strategies;
use crate::table::{self, Row, assert_near};

pub fn level_item(row: &Row) -> LevelItem {
    LevelItem {
        item: Item::new(row.number("a"), row.number("b"), row.number("c")).unwrap(),
        dimension: row.count("dimension"),
        level: u32::try_from(row.count("level")).unwrap(),
    }
}

#[test]
fn cut_scores_agree_with_mpmath_and_scikit_learn() {
    let items: Vec<LevelItem> = table::read("cut_score_items.csv").iter().map(level_item).collect();
    let cuts = cut_scores(&items).unwrap();
    let expected = table::read("cut_scores.csv");
    assert_eq!(cuts.len(), expected.len());
    for (cut, row) in cuts.iter().zip(&expected) {
        assert_eq!((cut.dimension, cut.level as usize), (row.count("dimension"), row.count("level")));
        assert_eq!(cut.items, row.count("items"));
        assert_near(cut.unordered, row.number("unordered"), 1e-12);
        assert_near(cut.ability, row.number("ability"), 1e-12);
    }
}

#[test]
fn an_item_guessed_right_too_often_to_show_mastery_is_an_error_that_names_it() {
    let easy = LevelItem { item: Item::new(1.0, 0.0, 0.0).unwrap(), dimension: 0, level: 1 };
    let guessed = LevelItem { item: Item::new(1.0, 0.0, 0.67).unwrap(), ..easy };
    assert_eq!(cut_scores(&[easy, guessed]), Err(CutScoreError::LowerAsymptote { position: 1, lower: 0.67 }));
}

#[test]
fn no_items_give_no_cuts() {
    assert_eq!(cut_scores(&[]), Ok(Vec::new()));
}

fn level_items() -> impl Strategy<Value = Vec<LevelItem>> {
    let one = (strategies::item(), 0_usize..3, 1_u32..6).prop_map(|(item, dimension, level)| LevelItem {
        item,
        dimension,
        level,
    });
    proptest::collection::vec(one, 0..60)
}

proptest! {
    #[test]
    fn a_higher_level_never_begins_below_a_lower_one(items in level_items()) {
        let cuts = cut_scores(&items).unwrap();
        for pair in cuts.windows(2).filter(|pair| pair[0].dimension == pair[1].dimension) {
            prop_assert!(pair[0].level < pair[1].level && pair[0].ability <= pair[1].ability);
        }
    }

    #[test]
    fn putting_levels_in_order_keeps_the_mean_over_the_items_of_a_dimension(items in level_items()) {
        let cuts = cut_scores(&items).unwrap();
        for dimension in 0..3 {
            let own = || cuts.iter().filter(|cut| cut.dimension == dimension);
            let before: f64 = own().map(|cut| cut.unordered * cut.items as f64).sum();
            let after: f64 = own().map(|cut| cut.ability * cut.items as f64).sum();
            prop_assert!((before - after).abs() < 1e-9);
        }
    }
}
