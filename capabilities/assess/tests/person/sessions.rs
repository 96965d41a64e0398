//! What a person may rely on in a session: sending twice, two devices, pauses, the end.

use crate::office::{DAY_MS, test_office};
use melek_assess::{Next, close_overdue};

#[tokio::test]
async fn a_test_ends_between_twelve_and_thirty_items_with_a_result() {
    let office = test_office().await;
    let person = office.people[0];
    let session = office.start(person).await;
    let items = office.finish(session, person).await;
    assert!((12..=30).contains(&items), "{items}");
    assert_eq!(office.count_answers(session).await, items as i64);
    let stored: i64 = office.read("SELECT items FROM assess_result WHERE session_id = $1", session).await;
    assert_eq!(stored, items as i64);
}

#[tokio::test]
async fn a_second_start_leads_to_the_same_session() {
    let office = test_office().await;
    let first = office.start(office.people[0]).await;
    assert_eq!(office.start(office.people[0]).await, first);
}

#[tokio::test]
async fn a_second_submit_of_the_same_answer_changes_nothing() {
    let office = test_office().await;
    let person = office.people[0];
    let session = office.start(person).await;
    assert_eq!(office.answer(session, person, (1, true)).await, Next::Item { position: 2 });
    assert_eq!(office.answer(session, person, (1, false)).await, Next::Item { position: 2 });
    assert_eq!(office.count_answers(session).await, 1);
}

#[tokio::test]
async fn two_tabs_that_answer_at_the_same_moment_keep_one_answer() {
    let office = test_office().await;
    let person = office.people[0];
    let session = office.start(person).await;
    let both = tokio::join!(office.answer(session, person, (1, true)), office.answer(session, person, (1, false)));
    assert_eq!(both, (Next::Item { position: 2 }, Next::Item { position: 2 }));
    assert_eq!(office.count_answers(session).await, 1);
}

#[tokio::test]
async fn an_answer_after_the_end_leads_to_the_result() {
    let office = test_office().await;
    let person = office.people[0];
    let session = office.start(person).await;
    let items = office.finish(session, person).await;
    assert_eq!(office.answer(session, person, (items, true)).await, Next::Finished);
    assert_eq!(office.count_answers(session).await, items as i64);
}

#[tokio::test]
async fn the_server_closes_an_open_session_when_the_campaign_is_over() {
    let office = test_office().await;
    let person = office.people[0];
    let session = office.start(person).await;
    office.answer(session, person, (1, true)).await;
    office.office.clock.advance(8 * DAY_MS);
    let now = office.office.clock.now_ms();
    assert_eq!(close_overdue(&office.desk(), &office.office.db, now).await.expect("close"), 1);
    let reason: String = office.read("SELECT reason FROM assess_result WHERE session_id = $1", session).await;
    assert_eq!(reason, "closed");
    assert_eq!(close_overdue(&office.desk(), &office.office.db, now).await.expect("close"), 0);
}

#[tokio::test]
async fn an_answer_after_the_last_moment_is_not_taken_though_the_server_has_not_closed_the_session_yet() {
    let office = test_office().await;
    let person = office.people[0];
    let session = office.start(person).await;
    office.close_in(60_000).await;
    assert_eq!(office.answer(session, person, (1, true)).await, Next::Item { position: 2 });
    assert_eq!(office.answer(session, person, (2, true)).await, Next::Finished);
    assert_eq!(office.count_answers(session).await, 1);
    let reason: String = office.read("SELECT reason FROM assess_result WHERE session_id = $1", session).await;
    assert_eq!(reason, "closed");
    let now = office.office.clock.now_ms();
    assert_eq!(close_overdue(&office.desk(), &office.office.db, now).await.expect("close"), 0);
}

#[tokio::test]
async fn an_answer_in_the_last_moment_is_taken() {
    let office = test_office().await;
    let person = office.people[0];
    let session = office.start(person).await;
    office.close_in(30_001).await;
    assert_eq!(office.answer(session, person, (1, true)).await, Next::Item { position: 2 });
}

#[tokio::test]
async fn no_item_comes_twice_and_every_area_comes_twice_at_least() {
    let office = test_office().await;
    let person = office.people[1];
    let session = office.start(person).await;
    office.finish(session, person).await;
    let items: Vec<String> = melek_db::q("SELECT item_id FROM assess_answer WHERE session_id = $1")
        .bind(session)
        .scalars(&office.office.db)
        .await
        .expect("items");
    let mut distinct = items.clone();
    distinct.sort();
    distinct.dedup();
    assert_eq!(distinct.len(), items.len());
    for area in 1..=5 {
        let count = items.iter().filter(|item| item.starts_with(&format!("{area}."))).count();
        assert!(count >= 2, "area {area}: {count}");
    }
}

#[tokio::test]
async fn what_is_shown_is_counted_once_for_everybody() {
    let office = test_office().await;
    let mut items = 0;
    for &person in &office.people {
        let session = office.start(person).await;
        items += office.finish(session, person).await;
    }
    let shown: i64 = melek_db::q("SELECT CAST(SUM(shown) AS BIGINT) FROM assess_bank_item")
        .scalar(&office.office.db)
        .await
        .expect("sum");
    let started: i64 = melek_db::q("SELECT started FROM assess_bank").scalar(&office.office.db).await.expect("started");
    assert_eq!((shown, started), (items as i64, 2));
}
