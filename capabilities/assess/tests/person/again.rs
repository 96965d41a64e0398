//! What can be computed again from what is stored: the path of a session, and its score with a new bank version.

use std::path::Path;

use melek_assess::{
    Answer, Approval, Bank, Desk, Outcome, Reply, Sent, Starting, answer_item, approve_rescoring, replay_sessions,
    rescore, start_session,
};
use melek_db::q;
use melek_web::Locale;

use crate::office::{SEED, TestOffice, test_office};

/// Two finished sessions and nothing else.
async fn two_finished() -> TestOffice {
    let office = test_office().await;
    for &person in &office.people {
        let session = office.start(person).await;
        office.finish(session, person).await;
    }
    office
}

async fn outcomes(office: &TestOffice) -> Vec<Outcome> {
    let replays = replay_sessions(&office.desk(), &office.office.db, None, None).await.expect("replay");
    replays.into_iter().map(|replay| replay.outcome).collect()
}

/// A program with an item of the open bank changed, as an agency or a calibration changes it.
pub async fn desk_with_harder_items(office: &TestOffice) -> Desk {
    let folder = tempfile::tempdir().expect("folder");
    let items = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../content/items");
    for file in std::fs::read_dir(items).expect("items").map(|file| file.expect("file").path()) {
        let text = std::fs::read_to_string(&file).expect("read");
        let harder = text.replacen("difficulty = ", "difficulty = 0.7 # was ", 1);
        std::fs::write(folder.path().join(file.file_name().expect("name")), harder).expect("write");
    }
    let bank = Bank::load(Some(folder.path())).expect("bank");
    Desk::open(&office.office.db, bank, office.office.clock.now_ms()).await.expect("desk")
}

#[tokio::test]
async fn a_session_played_again_shows_the_same_items_and_ends_with_the_same_score() {
    let office = two_finished().await;
    assert_eq!(outcomes(&office).await, [Outcome::Identical, Outcome::Identical]);
}

#[tokio::test]
async fn a_session_whose_items_the_ceiling_refused_can_be_played_again() {
    let office = test_office().await;
    let db = &office.office.db;
    let mut tx = db.begin().await.expect("begin");
    // Every item of two levels has reached the ceiling of a quarter, the others nobody has seen.
    q("UPDATE assess_bank_item SET shown = 260 WHERE level = 'intermediate' OR level = 'advanced'")
        .exec(&mut tx)
        .await
        .expect("update");
    q("UPDATE assess_bank SET started = 1000").exec(&mut tx).await.expect("update");
    tx.commit().await.expect("commit");
    // Simulated people keep their prices low enough that many would come first if the ceiling let them.
    let counted = Desk::open(db, Bank::load(None).expect("bank"), office.office.clock.now_ms()).await.expect("desk");
    let (person, now_ms) = (office.people[0], office.office.clock.now_ms());
    let starting = Starting { campaign: office.campaign, person, seed: SEED, now_ms };
    let session = start_session(&counted, db, starting).await.expect("start");
    for position in 1..=12 {
        let item = office.current_item(session).await.and_then(|item| counted.item(&item).cloned()).expect("an item");
        let answer = if position % 2 == 0 { Answer::unknown() } else { Answer::key(&item.drawn(SEED).task) };
        let reply = Reply::Answer(answer);
        let sent = Sent { session, person, position, reply, locale: Locale::Id, device_elapsed_ms: None };
        answer_item(&counted, db, sent, now_ms).await.expect("answer");
    }
    let state: String = office.read("SELECT state FROM assess_session WHERE id = $1", session).await;
    assert!(state.contains("\"r\":{"), "nothing was refused: {state}");
    assert_eq!(outcomes(&office).await, [Outcome::Identical]);
    counted.shut_down().await;
}

#[tokio::test]
async fn an_item_or_a_score_that_does_not_follow_is_found() {
    let office = two_finished().await;
    let mut tx = office.office.db.begin().await.expect("begin");
    let sessions: Vec<String> =
        q("SELECT id FROM assess_session ORDER BY id").scalars(&office.office.db).await.expect("ids");
    let state: String = q("SELECT state FROM assess_session WHERE id = $1")
        .bind(sessions[0].as_str())
        .scalar(&mut tx)
        .await
        .expect("state");
    let mut state: serde_json::Value = serde_json::from_str(&state).expect("state");
    let other = state["a"][5][0].clone();
    state["a"][4][0] = other;
    q("UPDATE assess_session SET state = $2 WHERE id = $1")
        .bind(sessions[0].as_str())
        .bind(state.to_string())
        .exec(&mut tx)
        .await
        .expect("update");
    q("UPDATE assess_result SET ability = replace(ability, '\"logit\":', '\"logit\":1') WHERE session_id = $1")
        .bind(sessions[1].as_str())
        .exec(&mut tx)
        .await
        .expect("update");
    tx.commit().await.expect("commit");
    let outcomes = outcomes(&office).await;
    assert!(matches!(outcomes[0], Outcome::OtherItem { position: 5, .. }), "{outcomes:?}");
    assert!(matches!(outcomes[1], Outcome::OtherScore { .. }), "{outcomes:?}");
}

#[tokio::test]
async fn a_new_bank_version_changes_results_only_when_somebody_approves() {
    let office = two_finished().await;
    let db = &office.office.db;
    let desk = desk_with_harder_items(&office).await;
    let rescored = rescore(&desk, db, None).await.expect("rescored");
    assert_eq!(rescored.len(), 2);
    assert!(rescored.iter().all(|result| result.size() > 0.01 && result.left_out == 0), "{rescored:?}");
    let count = "SELECT COUNT(*) FROM assess_result";
    assert_eq!(q(count).scalar::<i64>(db).await.expect("count"), 2);

    let approval = Approval { by: "Siti Rahma", note: "Kalibrasi 2027", at_ms: office.office.clock.now_ms() };
    approve_rescoring(&desk, db, &rescored, &approval).await.expect("approved");
    assert_eq!(q(count).scalar::<i64>(db).await.expect("count"), 4);
    assert_eq!(rescore(&desk, db, None).await.expect("again"), []);
    let again = approve_rescoring(&desk, db, &rescored, &approval).await;
    assert!(again.is_err(), "a version is written once");
    assert_eq!(q("SELECT COUNT(*) FROM assess_rescoring").scalar::<i64>(db).await.expect("count"), 1);

    let person = office.people[0];
    let mut browser = office.browser(person).await;
    let home = browser.get("/home").await;
    assert!(home.text().contains("Dihitung ulang pada"), "{}", home.text());
    desk.shut_down().await;
}
