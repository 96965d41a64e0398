//! A few items more at the end, where they would settle what is not clear.

use melek_assess::{Next, Outcome, replay_sessions};
use melek_db::q;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::office::{DAY_MS, TestOffice, test_office};

/// Answers until three items more of the first area are offered: the offer itself is put there, as a test that could end now.
async fn offered(office: &TestOffice) -> (Uuid, Uuid) {
    let person = office.people[0];
    let session = office.start(person).await;
    for position in 1..=14 {
        office.answer(session, person, (position, position % 2 == 0)).await;
    }
    let mut state = state(office, session).await;
    let answers = state["a"].as_array().expect("answers").len();
    state["o"] = json!({"a": 0, "i": 3, "n": answers});
    state["n"] = json!([0.0, null, null, null, null]);
    state["c"] = Value::Null;
    let mut tx = office.office.db.begin().await.expect("begin");
    let update = q("UPDATE assess_session SET state = $2 WHERE id = $1");
    update.bind(session).bind(state.to_string()).exec(&mut tx).await.expect("update");
    tx.commit().await.expect("commit");
    (session, person)
}

async fn state(office: &TestOffice, session: Uuid) -> Value {
    let state: String = office.read("SELECT state FROM assess_session WHERE id = $1", session).await;
    serde_json::from_str(&state).expect("state")
}

async fn reason(office: &TestOffice, session: Uuid) -> String {
    office.read("SELECT reason FROM assess_result WHERE session_id = $1", session).await
}

#[tokio::test]
async fn whoever_goes_on_gets_items_of_that_area_only_and_no_more_than_were_offered() {
    let office = test_office().await;
    let (session, person) = offered(&office).await;
    office.decide(session, person, true).await;
    let mut more = 0;
    loop {
        let item = office.current_item(session).await.expect("an item").to_string();
        assert!(item.starts_with("1."), "{item} is of another area");
        more += 1;
        if office.answer(session, person, (14 + more, more % 2 == 0)).await == Next::Finished {
            break;
        }
    }
    assert!((1..=3).contains(&more), "{more}");
    assert!(["precision", "decision"].contains(&reason(&office, session).await.as_str()));
    let replays = replay_sessions(&office.desk(), &office.office.db, None, None).await.expect("replay");
    assert_eq!(replays[0].outcome, Outcome::Identical);
}

#[tokio::test]
async fn whoever_has_enough_gets_the_result_at_once_and_deciding_twice_changes_nothing() {
    let office = test_office().await;
    let (session, person) = offered(&office).await;
    office.decide(session, person, false).await;
    assert_eq!(reason(&office, session).await, "precision");
    office.decide(session, person, true).await;
    assert_eq!(office.current_item(session).await, None);
    assert_eq!(office.count_answers(session).await, 14);
}

#[tokio::test]
async fn whoever_leaves_an_offer_unanswered_has_finished() {
    let office = test_office().await;
    let (session, _) = offered(&office).await;
    office.office.clock.advance(8 * DAY_MS);
    melek_assess::close_overdue(&office.desk(), &office.office.db, office.office.clock.now_ms()).await.expect("close");
    assert_eq!(reason(&office, session).await, "precision");
}

#[tokio::test]
async fn the_page_says_what_is_not_clear_and_lets_the_person_choose() {
    let office = test_office().await;
    let (session, person) = offered(&office).await;
    let mut browser = office.browser(person).await;
    let path = format!("/sessions/{session}");
    let page = browser.get(&path).await;
    assert!(page.text().contains("Paling banyak 3 soal lagi"), "{}", page.text());
    let form = page.form(&format!("{path}/offer")).expect("form").set("choice", "more");
    browser.submit(&form).await;
    assert!(browser.get(&path).await.text().contains("Soal 15"));
}
