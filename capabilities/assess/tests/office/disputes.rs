//! A disagreement with a result, from the officer's side.

use axum::http::StatusCode;
use melek_people::{Role, Scope};
use uuid::Uuid;

use crate::staff::TestOffice;

const STATEMENT: &str = "Saya mengelola basis data setiap hari.";
const REPLY: &str = "Terima kasih, kami jadwalkan pengukuran ulang.";

/// Somebody of the unit disagrees; the id of the session.
async fn disagreement(here: &TestOffice, unit: &str) -> (Uuid, Uuid) {
    let campaign = here.campaign(None).await;
    let person = here.people_of(unit).await[0];
    let session = here.measure(campaign, person, (-1.0, "precision")).await;
    melek_assess::open_dispute(&here.office, session, STATEMENT.to_owned()).await.unwrap();
    (person, session)
}

async fn dispute_path(client: &mut melek_web::test_client::Client) -> String {
    let list = client.get("/disputes").await.text();
    let after = list.split_once("href=\"/disputes/").unwrap().1;
    format!("/disputes/{}", after.split('"').next().unwrap())
}

#[tokio::test]
async fn the_officer_answers_by_name_and_the_person_reads_it() {
    let here = TestOffice::new().await;
    let (person, session) = disagreement(&here, "Bidang Data").await;
    let mut officer = here.officer().await;
    let path = dispute_path(&mut officer).await;
    let page = officer.get(&path).await.text();
    for shown in [STATEMENT, &here.name_of(person).await, "Bidang Data", "Pranata Komputer", "Sementara:", "antara"] {
        assert!(page.contains(shown), "{shown}");
    }
    let answered = officer.post_form(&path, &[("reply", REPLY)]).await;
    assert!(officer.follow(&answered).await.text().contains(REPLY));
    let mut reader = here.person(person).await;
    let result = reader.get(&format!("/results/{session}")).await.text();
    assert!(result.contains(REPLY) && result.contains("Jawaban Rina Puspita"), "{result}");
}

#[tokio::test]
async fn fast_answers_and_the_score_without_them_stand_beside_the_result_for_the_officer_to_judge() {
    let here = TestOffice::new().await;
    let (_, session) = disagreement(&here, "Bidang Data").await;
    here.answers(session, 2).await;
    let mut officer = here.officer().await;
    let path = dispute_path(&mut officer).await;
    let page = officer.get(&path).await.text().replace(['\u{2068}', '\u{2069}'], "");
    for shown in
        ["<b>400</b>", "2 dari 14 jawaban datang", "Keseluruhan tanpa 2 jawaban itu", "tanyakan kepada pegawainya"]
    {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    officer.post_form(&path, &[("reply", REPLY)]).await;
    assert!(!officer.get(&path).await.text().contains("jawaban itu"));
}

#[tokio::test]
async fn the_officer_is_told_nothing_of_pace_when_no_answer_was_fast() {
    let here = TestOffice::new().await;
    let (_, session) = disagreement(&here, "Bidang Data").await;
    here.answers(session, 0).await;
    let mut officer = here.officer().await;
    let path = dispute_path(&mut officer).await;
    let page = officer.get(&path).await.text();
    assert!(page.contains("<b>400</b>") && !page.contains("dalam beberapa detik"), "{page}");
}

#[tokio::test]
async fn once_answered_the_result_is_gone_and_a_second_answer_changes_nothing() {
    let here = TestOffice::new().await;
    disagreement(&here, "Bidang Data").await;
    let mut officer = here.officer().await;
    let path = dispute_path(&mut officer).await;
    officer.get(&path).await;
    officer.post_form(&path, &[("reply", REPLY)]).await;
    officer.post_form(&path, &[("reply", "Jawaban lain yang terlambat.")]).await;
    let page = officer.get(&path).await.text();
    assert!(page.contains(REPLY) && !page.contains("terlambat"));
    assert!(!page.contains("Peluang terpenuhi") && !page.contains("Sementara:"), "{page}");
}

#[tokio::test]
async fn an_answer_of_two_letters_is_shown_again_with_what_is_missing() {
    let here = TestOffice::new().await;
    disagreement(&here, "Bidang Data").await;
    let mut officer = here.officer().await;
    let path = dispute_path(&mut officer).await;
    officer.get(&path).await;
    let answer = officer.post_form(&path, &[("reply", "Ya")]).await;
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text().contains("error-summary"));
}

#[tokio::test]
async fn nobody_answers_their_own_disagreement() {
    let here = TestOffice::new().await;
    let (person, _) = disagreement(&here, "Bidang Data").await;
    let scope = Scope::whole_agency(here.agency);
    let mut officer = here.user("pengelola", (Role::Officer, Some(scope)), Some(person)).await;
    let path = dispute_path(&mut officer).await;
    let page = officer.get(&path).await.text();
    assert!(page.contains("keberatan Anda sendiri") && !page.contains("name=\"reply\""));
    assert_eq!(officer.post_form(&path, &[("reply", REPLY)]).await.status(), StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_disagreement_of_another_unit_or_agency_is_not_found() {
    let here = TestOffice::new().await;
    disagreement(&here, "Bidang Data").await;
    let path = dispute_path(&mut here.officer().await).await;
    for mut other in [here.officer_of("Dinas Sosial").await, here.stranger().await] {
        assert!(!other.get("/disputes").await.text().contains("/disputes/"));
        assert_eq!(other.get(&path).await.status(), StatusCode::NOT_FOUND);
        assert_eq!(other.post_form(&path, &[("reply", REPLY)]).await.status(), StatusCode::NOT_FOUND);
    }
    let mut own = here
        .user(
            "pengelola.kominfo",
            (Role::Officer, Some(Scope { agency: here.agency, unit_path: Some(here.path_of("Dinas Kominfo").await) })),
            None,
        )
        .await;
    assert_eq!(own.get(&path).await.status(), StatusCode::OK);
}
