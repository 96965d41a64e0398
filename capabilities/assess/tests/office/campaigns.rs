//! Opening a campaign, who is reached and how far they are, who is not finished, the closing date.

use axum::http::StatusCode;
use melek_db::q;

use crate::staff::{DAY_MS, TestOffice, cells};

#[tokio::test]
async fn everything_wrong_with_the_form_is_said_at_once() {
    let here = TestOffice::new().await;
    let mut officer = here.officer().await;
    officer.get("/campaigns/new").await;
    let fields = [("title", " "), ("purpose", ""), ("unit", "x"), ("opens", "besok"), ("closes", "2020-01-01")];
    let answer = officer.post_form("/campaigns/new", &fields).await;
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    for field in ["title", "purpose", "unit", "opens", "closes"] {
        assert!(answer.text().contains(&format!("href=\"#{field}\"")), "{field}");
    }
}

#[tokio::test]
async fn a_campaign_sent_twice_is_opened_once_and_lasts_to_the_end_of_its_last_day() {
    let here = TestOffice::new().await;
    let mut officer = here.officer().await;
    let form = officer.get("/campaigns/new").await.form("/campaigns/new").unwrap();
    let form = form.set("title", "Pemetaan").set("opens", "2026-12-02").set("closes", "2026-12-05");
    let first = officer.submit(&form).await;
    let second = officer.submit(&form).await;
    assert_eq!(first.location().unwrap(), second.location().unwrap());
    let rows: Vec<(i64, i64)> =
        q("SELECT opens_ms, closes_ms FROM assess_campaign").all(&here.office.db).await.unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].1 - rows[0].0, 4 * DAY_MS);
    assert!(officer.follow(&first).await.text().contains("2 Desember 2026 sampai 5 Desember 2026"));
}

#[tokio::test]
async fn coverage_counts_who_has_not_started_who_is_at_it_and_who_has_finished() {
    let here = TestOffice::new().await;
    let campaign = here.campaign(None).await;
    let people = here.people_of("Dinas Sosial").await;
    for person in &people[..5] {
        here.measure(campaign, *person, (0.0, "precision")).await;
    }
    here.start(campaign, people[5]).await;
    here.measure(campaign, people[6], (0.0, "closed")).await;
    let mut officer = here.officer().await;
    let page = officer.get(&format!("/campaigns/{campaign}")).await.text();
    assert_eq!(cells(&page, "Dinas Sosial"), ["25", "18", "2", "5"]);
    assert_eq!(cells(&page, "Kelurahan Laut"), ["4", "4", "0", "0"]);
    assert!(page.contains("Penilaian semua") && page.contains("http://melek.test"), "{page}");
    let list = officer.get("/campaigns").await.text();
    assert!(list.contains("5 dari 71 pegawai sudah selesai"), "{list}");
}

#[tokio::test]
async fn who_has_finished_is_not_on_the_list_of_names() {
    let here = TestOffice::new().await;
    let campaign = here.campaign(Some("Dinas Sosial")).await;
    let people = here.people_of("Dinas Sosial").await;
    here.measure(campaign, people[0], (0.0, "precision")).await;
    here.start(campaign, people[1]).await;
    here.measure(campaign, people[2], (0.0, "closed")).await;
    let mut officer = here.officer().await;
    let page = officer.get(&format!("/campaigns/{campaign}/people")).await.text();
    assert!(!page.contains(&here.name_of(people[0]).await));
    for (person, state) in [(1, "Mulai, belum selesai"), (2, "Mulai, belum selesai"), (3, "Belum mulai")] {
        assert_eq!(cells(&page, &here.name_of(people[person]).await), ["Dinas Sosial", state]);
    }
}

#[tokio::test]
async fn a_long_list_of_names_is_divided_into_pages_that_repeat_nobody() {
    let here = TestOffice::new().await;
    let campaign = here.campaign(None).await;
    let mut officer = here.officer().await;
    let first = officer.get(&format!("/campaigns/{campaign}/people")).await.text();
    let second = officer.get(&format!("/campaigns/{campaign}/people?page=1")).await.text();
    let count = |page: &str| page.matches("<th scope=\"row\"").count();
    assert_eq!((count(&first), count(&second)), (50, 21));
}

#[tokio::test]
async fn the_last_day_can_be_moved_but_not_into_the_past() {
    let here = TestOffice::new().await;
    let campaign = here.campaign(None).await;
    let mut officer = here.officer().await;
    let path = format!("/campaigns/{campaign}/closing");
    officer.get(&format!("/campaigns/{campaign}")).await;
    let past = officer.post_form(&path, &[("closes", "2026-11-01")]).await;
    assert_eq!(past.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let unread = officer.post_form(&path, &[("closes", "besok")]).await;
    assert!(unread.text().contains("error-summary"));
    let moved = officer.post_form(&path, &[("closes", "2026-12-31")]).await;
    assert!(officer.follow(&moved).await.text().contains("31 Desember 2026"));
}

#[tokio::test]
async fn the_first_thing_to_do_is_to_see_who_has_not_finished_while_a_campaign_runs_and_the_report_when_it_is_over() {
    let here = TestOffice::new().await;
    let path = format!("/campaigns/{}", here.campaign(Some("Dinas Sosial")).await);
    let button = |to: &str| format!("<a class=\"button\" href=\"{path}/{to}\">");
    let page = here.officer().await.get(&path).await.text();
    assert!(page.contains(&button("people")) && !page.contains(&button("results")), "{page}");
    here.office.clock.advance(8 * DAY_MS);
    let page = here.officer_of("Dinas Sosial").await.get(&path).await.text();
    assert!(page.contains(&button("results")) && !page.contains(&button("people")), "{page}");
}

#[tokio::test]
async fn nobody_is_reminded_of_a_campaign_that_is_over() {
    let here = TestOffice::new().await;
    let path = format!("/campaigns/{}", here.campaign(None).await);
    here.office.clock.advance(8 * DAY_MS);
    let mut officer = here.officer().await;
    let page = officer.get(&path).await.text();
    assert!(!page.contains("Pesan pengingat") && !page.contains("data-copy"), "{page}");
    let people = officer.get(&format!("{path}/people")).await.text();
    assert!(people.contains("sudah ditutup") && !people.contains("mengingatkan"), "{people}");
}
