//! Every page of the office in both languages with real content.

use axum::http::StatusCode;

use crate::staff::{DAY_MS, TestOffice};

#[tokio::test]
async fn every_page_is_shown_in_both_languages() {
    let here = TestOffice::new().await;
    let over = here.campaign(Some("Dinas Kominfo")).await;
    here.measure_unit(over, "Bidang Data", 15).await;
    let person = here.people_of("Dinas Kominfo").await[0];
    let session = here.measure(over, person, (0.0, "precision")).await;
    melek_assess::open_dispute(&here.office, session, "Saya tidak setuju dengan ini.".to_owned()).await.unwrap();
    here.office.clock.advance(8 * DAY_MS);
    let open = here.campaign(None).await;
    let mut officer = here.officer().await;
    let mut paths: Vec<String> = ["/campaigns", "/campaigns/new", "/disputes"].map(str::to_owned).into();
    for campaign in [over, open] {
        for page in ["", "/people", "/results"] {
            paths.push(format!("/campaigns/{campaign}{page}"));
        }
    }
    paths.extend((1..=5).map(|area| format!("/campaigns/{over}/results?area={area}")));
    paths.push(format!("/campaigns/{over}/results?area=9"));
    for language in ["id", "en"] {
        officer.get("/campaigns").await;
        officer.post_form("/language", &[("language", language), ("return_to", "/campaigns")]).await;
        for path in &paths {
            let answer = officer.get(path).await;
            assert_eq!(answer.status(), StatusCode::OK, "{path}");
            assert!(answer.text().contains(&format!("<html lang=\"{language}\">")), "{path}");
        }
    }
}
