//! The person's pages through the whole stack of layers, without sockets.

use crate::office::test_office;
use axum::http::StatusCode;

#[tokio::test]
async fn a_person_is_led_from_home_through_practice_to_the_first_item() {
    let office = test_office().await;
    let mut browser = office.browser(office.people[0]).await;
    let home = browser.get("/home").await;
    assert!(home.text().contains("Penilaian uji"));
    let intro = browser.get(&format!("/campaigns/{}/test", office.campaign)).await;
    assert!(intro.text().contains("Untuk menguji.") && intro.text().contains("Siapa melihat apa"));
    for number in 1..=6 {
        let practice = browser.get(&format!("/campaigns/{}/practice/{number}", office.campaign)).await;
        assert_eq!(practice.status(), StatusCode::OK);
    }
    let started = browser.post_form(&format!("/campaigns/{}/test", office.campaign), &[]).await;
    let item = browser.follow(&started).await;
    assert!(item.text().contains("<h1>Soal 1</h1>"), "{}", item.text());
}

#[tokio::test]
async fn an_item_says_why_it_comes_and_after_a_few_answers_about_how_many_are_left() {
    let office = test_office().await;
    let person = office.people[0];
    let session = office.start(person).await;
    let mut browser = office.browser(person).await;
    let path = format!("/sessions/{session}");
    let first = browser.get(&path).await;
    assert!(first.text().contains("memperjelas hasil di area") && !first.text().contains("soal lagi"));
    let mut told = Vec::new();
    for position in 1..=12 {
        office.answer(session, person, (position, position % 3 != 0)).await;
        let page = browser.get(&path).await.text();
        let words = page.split("Kira-kira ").nth(1).map(|rest| rest.split(' ').next().unwrap_or_default());
        told.push(words.and_then(|words| words.trim_matches(['\u{2068}', '\u{2069}']).parse::<usize>().ok()));
    }
    assert_eq!(told[..3], [None; 3], "{told:?}");
    let told: Vec<usize> = told[3..].iter().map(|told| told.expect("a number")).collect();
    // At least up to the shortest test of 12, at most to the longest of 30, and fewer towards the end than at first.
    assert!(told.iter().zip(4..).all(|(&left, given)| left + given >= 12 && left + given <= 30), "{told:?}");
    assert!(told[8] < told[0], "{told:?}");
}

#[tokio::test]
async fn an_empty_answer_is_shown_again_with_what_to_do() {
    let office = test_office().await;
    let person = office.people[0];
    let session = office.start(person).await;
    let mut browser = office.browser(person).await;
    browser.get(&format!("/sessions/{session}")).await;
    let again = browser.post_form(&format!("/sessions/{session}/1"), &[]).await;
    assert_eq!(again.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.text().contains("error-summary"));
    assert_eq!(office.count_answers(session).await, 0);
}

#[tokio::test]
async fn an_empty_answer_in_practice_names_no_button_that_practice_lacks() {
    let office = test_office().await;
    let mut browser = office.browser(office.people[0]).await;
    let path = format!("/campaigns/{}/practice/1", office.campaign);
    for (language, (check, skip)) in [("id", ("“Periksa”", "Saya tidak tahu")), ("en", ("“Check”", "I do not know"))]
    {
        browser.get(&path).await;
        browser.post_form("/language", &[("language", language), ("return_to", path.as_str())]).await;
        let again = browser.post_form(&path, &[]).await;
        assert_eq!(again.status(), StatusCode::UNPROCESSABLE_ENTITY);
        assert!(again.text().contains(check) && !again.text().contains(skip), "{}", again.text());
    }
}

#[tokio::test]
async fn answers_are_said_to_be_saved_once_there_is_one() {
    let office = test_office().await;
    let person = office.people[0];
    let session = office.start(person).await;
    let mut browser = office.browser(person).await;
    let path = format!("/sessions/{session}");
    assert!(!browser.get(&path).await.text().contains("Jawaban sebelumnya sudah tersimpan"));
    browser.post_form(&format!("{path}/1"), &[("skip", "1")]).await;
    assert!(browser.get(&path).await.text().contains("Jawaban sebelumnya sudah tersimpan"));
}

#[tokio::test]
async fn the_language_changes_in_the_middle_of_a_test_and_is_kept_with_each_answer() {
    let office = test_office().await;
    let person = office.people[0];
    let session = office.start(person).await;
    let mut browser = office.browser(person).await;
    let path = format!("/sessions/{session}");
    browser.get(&path).await;
    browser.post_form(&format!("{path}/1"), &[("skip", "1")]).await;
    browser.post_form("/language", &[("language", "en"), ("return_to", path.as_str())]).await;
    assert!(browser.get(&path).await.text().contains("<h1>Item 2</h1>"));
    browser.post_form(&format!("{path}/2"), &[("skip", "1")]).await;
    let locales: Vec<String> = melek_db::q("SELECT locale FROM assess_answer WHERE session_id = $1 ORDER BY position")
        .bind(session)
        .scalars(&office.office.db)
        .await
        .expect("answers");
    assert_eq!(locales, ["id", "en"]);
}

#[tokio::test]
async fn a_paused_test_goes_on_with_the_same_item_on_another_device_and_the_clock_stood_still() {
    let office = test_office().await;
    let person = office.people[0];
    let session = office.start(person).await;
    let item = office.current_item(session).await;
    let path = format!("/sessions/{session}");
    let mut phone = office.browser(person).await;
    phone.get(&path).await;
    let paused = phone.post_form(&format!("{path}/pause"), &[]).await;
    assert!(phone.follow(&paused).await.text().contains("Anda boleh menutup halaman ini"));
    office.office.clock.advance(90 * 60 * 1000);
    let mut laptop = phone.clone();
    let resumed = laptop.post_form(&format!("{path}/resume"), &[]).await;
    assert!(laptop.follow(&resumed).await.text().contains("<h1>Soal 1</h1>"));
    assert_eq!(office.current_item(session).await, item);
    laptop.post_form(&format!("{path}/1"), &[("skip", "1")]).await;
    let used: i64 = office.read("SELECT used_ms FROM assess_answer WHERE session_id = $1", session).await;
    assert!(used < 60_000, "{used}");
}

#[tokio::test]
async fn a_form_sent_after_the_last_moment_leads_to_the_end_of_the_test_and_to_a_result() {
    let office = test_office().await;
    let person = office.people[0];
    let session = office.start(person).await;
    let mut browser = office.browser(person).await;
    let path = format!("/sessions/{session}");
    browser.get(&path).await;
    office.close_in(0).await;
    let sent = browser.post_form(&format!("{path}/1"), &[("skip", "1")]).await;
    let page = browser.follow(&sent).await.text();
    assert!(page.contains("<h1>Tes selesai</h1>"), "{page}");
    let result = browser.get(&format!("/results/{session}")).await;
    assert!(result.text().contains("Penilaian ditutup setelah 0 soal"), "{}", result.text());
    assert_eq!(office.count_answers(session).await, 0);
}

#[tokio::test]
async fn a_result_says_level_need_and_what_to_learn_and_can_be_challenged() {
    let office = test_office().await;
    let person = office.people[0];
    let session = office.start(person).await;
    office.finish(session, person).await;
    let mut browser = office.browser(person).await;
    let path = format!("/results/{session}");
    let result = browser.get(&path).await.text();
    for words in ["Pranata Komputer Ahli Muda", "Sementara:", "Jabatan Anda memerlukan", "Peluang terpenuhi"] {
        assert!(result.contains(words), "{words} is missing");
    }
    browser.get(&format!("{path}/disagree")).await;
    let short = browser.post_form(&format!("{path}/disagree"), &[("statement", "tidak")]).await;
    assert_eq!(short.status(), StatusCode::UNPROCESSABLE_ENTITY);
    browser.post_form(&format!("{path}/disagree"), &[("statement", "Saya mengelola basis data setiap hari.")]).await;
    assert!(browser.get(&path).await.text().contains("Saya mengelola basis data setiap hari."));
}

#[tokio::test]
async fn a_report_about_an_item_is_kept_once() {
    let office = test_office().await;
    let person = office.people[0];
    let session = office.start(person).await;
    let mut browser = office.browser(person).await;
    let path = format!("/sessions/{session}");
    browser.get(&path).await;
    let sent = browser.post_form(&format!("{path}/1/flag"), &[("note", "Dua jawaban benar.")]).await;
    assert!(browser.follow(&sent).await.text().contains("diteruskan kepada penulis soal"));
    browser.post_form(&format!("{path}/1/flag"), &[("note", "Salah ketik.")]).await;
    let notes: Vec<String> = melek_db::q("SELECT note FROM assess_flag WHERE session_id = $1")
        .bind(session)
        .scalars(&office.office.db)
        .await
        .expect("flags");
    assert_eq!(notes, ["Salah ketik."]);
}

#[tokio::test]
async fn another_persons_session_and_result_are_not_found() {
    let office = test_office().await;
    let (mine, theirs) = (office.people[0], office.people[1]);
    let session = office.start(theirs).await;
    let mut browser = office.browser(mine).await;
    for path in [format!("/sessions/{session}"), format!("/results/{session}"), format!("/results/{session}/disagree")]
    {
        assert_eq!(browser.get(&path).await.status(), StatusCode::NOT_FOUND, "{path}");
    }
    browser.get("/home").await;
    let answer = browser.post_form(&format!("/sessions/{session}/1"), &[("skip", "1")]).await;
    assert_eq!(answer.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_page_of_an_item_does_not_tell_its_key() {
    let office = test_office().await;
    let person = office.people[0];
    let session = office.start(person).await;
    let mut browser = office.browser(person).await;
    let page = browser.get(&format!("/sessions/{session}")).await.text();
    for word in ["correct", "wrong", "right\"", "data-key", "rationale"] {
        assert!(!page.contains(word), "{word}");
    }
}
