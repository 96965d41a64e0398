//! Answers that come too fast to have been read: said on the person's own result beside the score, which stays.

use melek_assess::{Approval, ItemPool, approve_rescoring, blueprint, rescore};
use melek_db::q;
use melek_irt::ability::{self, Answer as EngineAnswer};
use uuid::Uuid;

use crate::again::desk_with_harder_items;
use crate::office::{TestOffice, test_office};

/// What is only on a page that speaks of fast answers.
const FAST: &str = "datang dalam beberapa detik, lebih cepat daripada";

/// The page of the result as it reads, in Indonesian.
async fn result_page(office: &TestOffice, session: Uuid) -> String {
    let page = office.browser(office.people[0]).await.get(&format!("/results/{session}")).await.text();
    page.replace(['\u{2068}', '\u{2069}'], "")
}

/// A finished session with fast answers at these positions, and how many answers it has.
async fn finished(office: &TestOffice, fast: &[usize]) -> (Uuid, usize) {
    let session = office.start(office.people[0]).await;
    let answers = office.finish_with_fast(session, office.people[0], fast).await;
    (session, answers)
}

/// The overall score of all answers but those at some positions, computed beside the program.
async fn score_without(office: &TestOffice, session: Uuid, positions: &[usize]) -> String {
    let sql = "SELECT item_id, is_right FROM assess_answer WHERE session_id = $1 ORDER BY position";
    let rows: Vec<(String, bool)> = q(sql).bind(session).all(&office.office.db).await.expect("answers");
    let pool = ItemPool::of_bank(&office.desk().bank).expect("pool");
    let kept = rows.into_iter().zip(1..).filter(|(_, position)| !positions.contains(position));
    let answers = kept.map(|((item, correct), _)| {
        let item = pool.engine.items()[pool.position(&melek_assess::ItemId::new(item)).expect("known")];
        EngineAnswer { item: item.item, dimension: item.dimension, correct }
    });
    let answers: Vec<EngineAnswer> = answers.collect();
    let posterior = ability::posterior(&blueprint().prior, &answers).expect("posterior");
    let overall = posterior.composite(&blueprint().weights);
    let scale = |logit: f64| (500.0 + 100.0 * logit).round();
    let interval = overall.interval(0.95);
    format!("{}, antara {} dan {}", scale(overall.mean), scale(interval.lower), scale(interval.upper))
}

#[tokio::test]
async fn a_fast_answer_is_flagged_and_the_score_without_it_stands_beside_the_plain_one() {
    let office = test_office().await;
    let (session, answers) = finished(&office, &[2, 5]).await;
    let stored = "SELECT ability FROM assess_result WHERE session_id = $1";
    let before: String = office.read(stored, session).await;
    let page = result_page(&office, session).await;
    assert!(page.contains(&format!("2 dari {answers} jawaban Anda {FAST}")), "{page}");
    let without = score_without(&office, session, &[2, 5]).await;
    assert!(page.contains(&format!("Tanpa 2 jawaban itu, skor keseluruhan Anda akan menjadi {without}.")), "{page}");
    let plain = score_without(&office, session, &[]).await;
    let (value, interval) = plain.split_once(", ").expect("an interval");
    assert!(page.contains(&format!("<b>{value}</b> <span>{interval}</span>")), "{page}");
    assert!(plain != without && page.contains("Hasil Anda tetap seperti adanya"));
    assert_eq!(office.read::<String>(stored, session).await, before);
}

#[tokio::test]
async fn one_fast_answer_is_said_in_the_singular_in_english() {
    let office = test_office().await;
    let (session, answers) = finished(&office, &[2]).await;
    let mut browser = office.browser(office.people[0]).await;
    let path = format!("/results/{session}");
    browser.get(&path).await;
    browser.post_form("/language", &[("language", "en"), ("return_to", path.as_str())]).await;
    let page = browser.get(&path).await.text().replace(['\u{2068}', '\u{2069}'], "");
    let without = score_without(&office, session, &[2]).await.replace("antara", "between").replace(" dan ", " and ");
    for sentence in [
        format!("One of your {answers} answers came within a few seconds"),
        format!("Without this answer your overall score would be {without}."),
        "Your result stays as it is.".to_owned(),
    ] {
        assert!(page.contains(&sentence), "{sentence}: {page}");
    }
}

#[tokio::test]
async fn a_fast_i_do_not_know_is_no_guess() {
    let office = test_office().await;
    // Every third answer of these sessions is "I do not know".
    let (session, _) = finished(&office, &[3, 6, 9]).await;
    assert!(!result_page(&office, session).await.contains(FAST));
}

#[tokio::test]
async fn without_fast_answers_nothing_is_said() {
    let office = test_office().await;
    let (session, _) = finished(&office, &[]).await;
    assert!(!result_page(&office, session).await.contains(FAST));
}

#[tokio::test]
async fn an_item_that_was_read_before_a_pause_may_be_answered_at_once_after_it() {
    let office = test_office().await;
    let person = office.people[0];
    let session = office.start(person).await;
    let mut browser = office.browser(person).await;
    let path = format!("/sessions/{session}");
    browser.get(&path).await;
    office.office.clock.advance(60_000);
    browser.post_form(&format!("{path}/pause"), &[]).await;
    office.office.clock.advance(60_000);
    browser.post_form(&format!("{path}/resume"), &[]).await;
    office.answer_after(1_000, (session, person), (1, true)).await;
    office.finish(session, person).await;
    let used: i64 =
        office.read("SELECT used_ms FROM assess_answer WHERE session_id = $1 AND position = 1", session).await;
    let page = browser.get(&format!("/results/{session}")).await.text();
    assert!(used == 1_000 && page.contains("Keseluruhan") && !page.contains(FAST), "{page}");
}

#[tokio::test]
async fn when_too_few_answers_are_left_no_score_is_given_without_the_fast_ones() {
    let office = test_office().await;
    let fast: Vec<usize> = (1..=40).filter(|position| position % 3 != 0).collect();
    let (session, answers) = finished(&office, &fast).await;
    let left = answers / 3;
    assert!(left < 12, "{answers} answers");
    let page = result_page(&office, session).await;
    let few = format!("itu tersisa {left} jawaban, kurang dari 12 yang diperlukan untuk sebuah skor.");
    assert!(page.contains(FAST) && page.contains(&few), "{page}");
    assert!(!page.contains("skor keseluruhan Anda akan menjadi"), "{page}");
}

#[tokio::test]
async fn a_test_too_short_for_a_score_says_nothing_of_fast_answers() {
    let office = test_office().await;
    let person = office.people[0];
    let session = office.start(person).await;
    office.answer_after(1_000, (session, person), (1, true)).await;
    office.close_in(0).await;
    let mut browser = office.browser(person).await;
    browser.get(&format!("/sessions/{session}")).await;
    let page = browser.get(&format!("/results/{session}")).await.text();
    assert!(page.contains("Jawaban terlalu sedikit") && !page.contains(FAST), "{page}");
}

#[tokio::test]
async fn once_the_person_has_disagreed_the_page_does_not_ask_for_it_again() {
    let office = test_office().await;
    let (session, _) = finished(&office, &[2]).await;
    let ask = "Jika keterangan ini tidak benar";
    let mut browser = office.browser(office.people[0]).await;
    let path = format!("/results/{session}");
    assert!(browser.get(&path).await.text().contains(ask));
    browser.get(&format!("{path}/disagree")).await;
    browser.post_form(&format!("{path}/disagree"), &[("statement", "Soal itu sudah saya kenal.")]).await;
    let page = browser.get(&path).await.text();
    assert!(page.contains(FAST) && !page.contains(ask), "{page}");
}

#[tokio::test]
async fn a_result_scored_again_is_compared_with_the_bank_version_that_scored_it() {
    let office = test_office().await;
    let (session, _) = finished(&office, &[2, 5]).await;
    let desk = desk_with_harder_items(&office).await;
    let rescored = rescore(&desk, &office.office.db, None).await.expect("rescored");
    let approval = Approval { by: "Siti Rahma", note: "Kalibrasi", at_ms: office.office.clock.now_ms() };
    approve_rescoring(&desk, &office.office.db, &rescored, &approval).await.expect("approved");
    desk.shut_down().await;
    let page = result_page(&office, session).await;
    let with_the_first_version = score_without(&office, session, &[2, 5]).await;
    assert!(page.contains("Hasil ini dihitung ulang") && page.contains("skor keseluruhan Anda akan menjadi"), "{page}");
    assert!(!page.contains(&with_the_first_version), "{page}");
}
