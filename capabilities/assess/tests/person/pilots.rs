//! Items on trial: shown at fixed positions, counted for nobody, calibrated from the answers.

use melek_assess::{Bank, Desk, Outcome, calibrate_pilots, replay_sessions, rescore};
use melek_db::q;
use melek_irt::calibration::PilotError;
use uuid::Uuid;

use crate::office::{TestOffice, test_office_with};

const ON_TRIAL: [&str; 2] = ["own-order", "own-match"];

/// The open bank with two items of the agency's own, on trial or counting.
fn bank_with(on_trial: bool) -> Bank {
    let folder = tempfile::tempdir().expect("folder");
    for (id, source) in
        ON_TRIAL.into_iter().zip([include_str!("../items/own-order.toml"), include_str!("../items/own-match.toml")])
    {
        let mark = if on_trial { "pilot = true\nsources = []" } else { "sources = []" };
        let source = source.replacen("sources = []", mark, 1);
        std::fs::write(folder.path().join(format!("{id}.toml")), source).expect("write");
    }
    Bank::load(Some(folder.path())).expect("bank")
}

fn bank() -> Bank {
    bank_with(true)
}

/// Items of a finished session, in order.
async fn finished(office: &TestOffice, person: Uuid) -> (Uuid, Vec<String>) {
    let session = office.start(person).await;
    let items = office.finish(session, person).await;
    let mut shown = Vec::new();
    for position in 1..=items as i64 {
        let sql = "SELECT item_id FROM assess_answer WHERE session_id = $1 AND position = $2";
        let item: String = q(sql).bind(session).bind(position).scalar(&office.office.db).await.expect("item");
        shown.push(item);
    }
    (session, shown)
}

#[tokio::test]
async fn items_on_trial_stand_at_their_positions_and_do_not_count() {
    let office = test_office_with(bank()).await;
    let (session, shown) = finished(&office, office.people[0]).await;
    let on_trial: Vec<usize> = (1..=shown.len()).filter(|&place| shown[place - 1].starts_with("own-")).collect();
    assert_eq!(on_trial, [5, 9]);
    assert_ne!(shown[4], shown[8]);
    let counted: i64 = office.read("SELECT items FROM assess_result WHERE session_id = $1", session).await;
    assert_eq!(counted, shown.len() as i64 - 2);
}

#[tokio::test]
async fn a_session_with_items_on_trial_can_be_played_again() {
    let office = test_office_with(bank()).await;
    finished(&office, office.people[0]).await;
    let replays = replay_sessions(&office.desk(), &office.office.db, None, None).await.expect("replay");
    assert_eq!(replays[0].outcome, Outcome::Identical);
}

#[tokio::test]
async fn an_answer_given_while_an_item_was_on_trial_does_not_count_when_the_item_does() {
    let office = test_office_with(bank()).await;
    let (session, shown) = finished(&office, office.people[0]).await;
    let db = &office.office.db;
    let later = Desk::open(db, bank_with(false), office.office.clock.now_ms()).await.expect("desk");
    let rescored = rescore(&later, db, None).await.expect("rescored");
    let [result] = rescored.as_slice() else { panic!("{rescored:?}") };
    assert_eq!((result.session, result.left_out), (session, 0));
    assert_eq!(result.before_logit, result.after_logit, "of {} items two were on trial", shown.len());
}

#[tokio::test]
async fn showings_of_an_item_on_trial_go_on_counting_in_the_next_version_of_the_bank() {
    let office = test_office_with(bank()).await;
    finished(&office, office.people[0]).await;
    let next = Bank { version: "0123456789ab".to_owned(), ..bank() };
    Desk::open(&office.office.db, next, office.office.clock.now_ms()).await.expect("desk");
    let shown = "SELECT item_id, shown FROM assess_bank_item WHERE bank_version = '0123456789ab' AND shown > 0 ORDER BY item_id";
    let shown: Vec<(String, i64)> = q(shown).all(&office.office.db).await.expect("shown");
    assert_eq!(shown, [("own-match".to_owned(), 1), ("own-order".to_owned(), 1)]);
}

#[tokio::test]
async fn everybody_who_answered_an_item_on_trial_is_asked_when_it_is_calibrated() {
    let office = test_office_with(bank()).await;
    for &person in &office.people {
        finished(&office, person).await;
    }
    let calibrated = calibrate_pilots(&office.desk(), &office.office.db).await.expect("calibration");
    let answers: Vec<(String, usize)> =
        calibrated.iter().map(|pilot| (pilot.item.to_string(), pilot.answers)).collect();
    assert_eq!(answers, [("own-match".to_owned(), 2), ("own-order".to_owned(), 2)]);
    // Both people answered each of them alike, which tells nothing, and that is said.
    assert!(calibrated.iter().all(|pilot| matches!(pilot.found, Err(PilotError::SameAnswer { people: 2, .. }))));
}

#[tokio::test]
async fn people_are_told_beforehand_that_some_items_are_on_trial() {
    let told = "masih diuji coba";
    let office = test_office_with(bank()).await;
    let intro = |office: &TestOffice| format!("/campaigns/{}/test", office.campaign);
    let mut browser = office.browser(office.people[0]).await;
    assert!(browser.get(&intro(&office)).await.text().contains(told));
    let session = office.start(office.people[0]).await;
    assert!(browser.get(&format!("/sessions/{session}")).await.text().contains(told), "said of every item");
    let office = test_office_with(Bank::load(None).expect("bank")).await;
    let mut browser = office.browser(office.people[0]).await;
    assert!(!browser.get(&intro(&office)).await.text().contains(told));
    let session = office.start(office.people[0]).await;
    assert!(!browser.get(&format!("/sessions/{session}")).await.text().contains(told));
}
