use melek_irt::model::chance::{self, ChanceError};

use crate::table;

#[test]
fn the_chance_of_a_blind_answer_agrees_with_listing_all_answers() {
    for row in table::read("chance.csv") {
        let count = u32::try_from(row.count("count")).unwrap();
        let chance = match row.text("type") {
            "single_choice" => chance::single_choice(count),
            "multiple_choice" => chance::multiple_choice(count),
            "mark" => chance::mark(count),
            "order" => chance::order(count),
            "matching" => chance::matching(count, u32::try_from(row.count("right")).unwrap()),
            other => panic!("unknown type {other}"),
        };
        assert_eq!(chance, Ok(row.number("chance")), "{} {count}", row.text("type"));
    }
}

#[test]
fn too_few_elements_to_answer_wrongly_are_an_error() {
    let too_few = |count, at_least| Err(ChanceError::TooFew { count, at_least });
    assert_eq!(chance::single_choice(1), too_few(1, 2));
    assert_eq!(chance::multiple_choice(1), too_few(1, 2));
    assert_eq!(chance::mark(1), too_few(1, 2));
    assert_eq!(chance::order(1), too_few(1, 2));
    assert_eq!(chance::matching(0, 3), too_few(0, 1));
    assert_eq!(chance::matching(1, 1), too_few(1, 2));
    assert_eq!(chance::matching(3, 2), Err(ChanceError::TooFewToMatch { left: 3, right: 2 }));
}

#[test]
fn very_many_elements_leave_no_chance_and_do_not_overflow() {
    for chance in [chance::multiple_choice, chance::mark, chance::order] {
        assert_eq!(chance(u32::MAX), Ok(0.0));
    }
    assert_eq!(chance::matching(u32::MAX, u32::MAX), Ok(0.0));
    assert_eq!(chance::numeric(), 0.0);
}
