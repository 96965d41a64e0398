//! The report of a campaign: when it is there, that it stays, what it hides.

use axum::http::StatusCode;

use crate::staff::{DAY_MS, TestOffice, cells};

#[tokio::test]
async fn there_is_no_report_while_the_campaign_is_open() {
    let here = TestOffice::new().await;
    let campaign = here.campaign(None).await;
    here.measure_unit(campaign, "Bidang Data", 15).await;
    let mut officer = here.officer().await;
    let page = officer.get(&format!("/campaigns/{campaign}/results")).await.text();
    assert!(page.contains("Buat laporan sekarang") && !page.contains("<table"), "{page}");
}

#[tokio::test]
async fn a_report_is_drawn_up_when_the_campaign_is_over_and_does_not_change_any_more() {
    let here = TestOffice::new().await;
    let campaign = here.campaign(None).await;
    here.measure_unit(campaign, "Bidang Data", 20).await;
    here.measure_unit(campaign, "Dinas Sosial", 14).await;
    here.office.clock.advance(8 * DAY_MS);
    let mut officer = here.officer().await;
    let path = format!("/campaigns/{campaign}/results");
    let page = officer.get(&path).await.text();
    assert!(page.contains("Dari hasil 55 pegawai"), "{page}");
    assert_eq!(cells(&page, "Dinas Sosial"), ["25", "–", "–", "14\u{a0}(56%)"]);
    let late = here.people_of("Dinas Kominfo").await[0];
    here.measure(campaign, late, (3.0, "precision")).await;
    assert!(officer.get(&path).await.text().contains("Dari hasil 55 pegawai"));
}

#[tokio::test]
async fn tests_that_the_server_has_still_to_close_are_waited_for() {
    let here = TestOffice::new().await;
    let campaign = here.campaign(None).await;
    here.measure_unit(campaign, "Bidang Data", 15).await;
    here.start(campaign, here.people_of("Dinas Sosial").await[0]).await;
    here.office.clock.advance(8 * DAY_MS);
    let mut officer = here.officer().await;
    let path = format!("/campaigns/{campaign}/results");
    assert!(officer.get(&path).await.text().contains("Laporan siap dalam beberapa menit"));
    melek_assess::close_overdue(&here.desk(), &here.office.db, here.office.clock.now_ms()).await.unwrap();
    assert!(officer.get(&path).await.text().contains("Dari hasil 30 pegawai"));
}

#[tokio::test]
async fn an_officer_may_draw_it_up_earlier_and_then_later_results_are_not_in_it() {
    let here = TestOffice::new().await;
    let campaign = here.campaign(None).await;
    here.measure_unit(campaign, "Bidang Data", 15).await;
    let mut officer = here.officer().await;
    let path = format!("/campaigns/{campaign}/results");
    officer.get(&path).await;
    let drawn_up = officer.post_form(&path, &[]).await;
    assert!(officer.follow(&drawn_up).await.text().contains("Dari hasil 30 pegawai"));
    here.measure_unit(campaign, "Dinas Sosial", 12).await;
    officer.post_form(&path, &[]).await;
    here.office.clock.advance(8 * DAY_MS);
    let mut officer = here
        .user(
            "pengelola.dua",
            (melek_people::Role::Officer, Some(melek_people::Scope::whole_agency(here.agency))),
            None,
        )
        .await;
    assert!(officer.get(&path).await.text().contains("Dari hasil 30 pegawai"));
}

#[tokio::test]
async fn nine_results_make_no_report() {
    let here = TestOffice::new().await;
    let campaign = here.campaign(None).await;
    for person in &here.people_of("Dinas Sosial").await[..9] {
        here.measure(campaign, *person, (0.0, "precision")).await;
    }
    let mut officer = here.officer().await;
    let path = format!("/campaigns/{campaign}/results");
    assert!(!officer.get(&path).await.text().contains("Buat laporan sekarang"));
    assert_eq!(officer.post_form(&path, &[]).await.status(), StatusCode::CONFLICT);
    here.office.clock.advance(8 * DAY_MS);
    let mut officer = here
        .user(
            "pengelola.dua",
            (melek_people::Role::Officer, Some(melek_people::Scope::whole_agency(here.agency))),
            None,
        )
        .await;
    let page = officer.get(&path).await.text();
    assert!(page.contains("Sekarang baru 9") && !page.contains("<table"), "{page}");
}

#[tokio::test]
async fn a_small_unit_is_in_no_row_and_cannot_be_had_by_subtraction() {
    let here = TestOffice::new().await;
    let campaign = here.campaign(None).await;
    for (unit, low) in [("Bidang Data", 15), ("Dinas Kominfo", 0), ("Dinas Sosial", 12), ("Kelurahan Laut", 2)] {
        here.measure_unit(campaign, unit, low).await;
    }
    here.office.clock.advance(8 * DAY_MS);
    let mut officer = here.officer().await;
    let page = officer.get(&format!("/campaigns/{campaign}/results")).await.text();
    assert!(!page.contains("Kelurahan Laut") && !page.contains("Kecamatan Timur"), "{page}");
    let pooled = cells(&page, "Unit kecil digabung (2)");
    assert_eq!(pooled[0], "29");
    assert_eq!(cells(&page, "Dinas Kominfo")[0], "42");
}

#[tokio::test]
async fn what_a_bar_does_not_show_is_drawn_and_named() {
    let here = TestOffice::new().await;
    let campaign = here.campaign(None).await;
    here.measure_unit(campaign, "Bidang Data", 26).await;
    here.office.clock.advance(8 * DAY_MS);
    let mut officer = here.officer().await;
    let path = format!("/campaigns/{campaign}/results");
    let page = officer.get(&path).await.text();
    assert!(page.contains("</svg>Tidak ditampilkan</li>") && page.contains("<rect class=\"withheld\" x=\""), "{page}");
    officer.post_form("/language", &[("language", "en"), ("return_to", path.as_str())]).await;
    assert!(officer.get(&path).await.text().contains("</svg>Not shown</li>"));
}
