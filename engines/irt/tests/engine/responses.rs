//! Answers of many people: what is kept, and what is refused.

use melek_irt::responses::{Response, Responses, ResponsesBuilder, ResponsesError};

#[test]
fn scores_are_numbered_as_categories_by_item() {
    let rows = [[Some(4), Some(0)], [Some(2), None], [Some(4), Some(1)]];
    let responses = Responses::from_rows(2, rows).unwrap();
    assert_eq!((responses.persons(), responses.items(), responses.total()), (3, 2, 5));
    assert_eq!((responses.categories(0), responses.scores(0)), (2, &[2, 4][..]));
    assert_eq!(responses.of(0), [Response { item: 0, category: 1 }, Response { item: 1, category: 0 }]);
    assert_eq!(responses.of(1), [Response { item: 0, category: 0 }]);
}

#[test]
fn answers_come_out_by_item_whatever_the_order_they_came_in() {
    let mut builder = ResponsesBuilder::new(9).unwrap();
    builder.person([(7, 1), (2, 0), (5, 1)]).unwrap();
    let items: Vec<u16> = builder.build().of(0).iter().map(|response| response.item).collect();
    assert_eq!(items, [2, 5, 7]);
}

#[test]
fn a_person_who_cannot_be_kept_leaves_no_trace() {
    let mut builder = ResponsesBuilder::new(3).unwrap();
    assert_eq!(builder.person([(0, 1), (3, 1)]), Err(ResponsesError::UnknownItem { person: 0, item: 3, items: 3 }));
    assert_eq!(builder.person([(1, 1), (1, 0)]), Err(ResponsesError::Twice { person: 0, item: 1 }));
    builder.person([(2, 1)]).unwrap();
    let responses = builder.build();
    assert_eq!((responses.persons(), responses.total(), responses.categories(0)), (1, 1, 0));
}

#[test]
fn no_items_too_many_items_and_ragged_rows_are_refused() {
    assert_eq!(ResponsesBuilder::new(0).err(), Some(ResponsesError::Items(0)));
    assert_eq!(ResponsesBuilder::new(65_536).err(), Some(ResponsesError::Items(65_536)));
    let ragged = Responses::from_rows(2, [vec![Some(1), Some(0)], vec![Some(1)]]);
    assert_eq!(ragged, Err(ResponsesError::RowLength { person: 1, cells: 1, items: 2 }));
}

#[test]
fn scores_that_exist_keep_their_place_though_nobody_has_them() {
    let mut builder = ResponsesBuilder::new(1).unwrap();
    builder.known_scores(0, 0..=3).unwrap();
    assert!(builder.known_scores(1, [0]).is_err());
    builder.person([(0, 3)]).unwrap();
    let responses = builder.build();
    assert_eq!((responses.categories(0), responses.of(0)[0].category), (4, 3));
}
