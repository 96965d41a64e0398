//! Nobody sees a campaign of another unit or agency, on any page.

use axum::http::StatusCode;
use melek_web::test_client::Client;
use uuid::Uuid;

use crate::staff::TestOffice;

async fn check_not_found(client: &mut Client, campaign: Uuid) {
    let path = format!("/campaigns/{campaign}");
    for page in ["", "/people", "/results", "/results.xlsx"] {
        assert_eq!(client.get(&format!("{path}{page}")).await.status(), StatusCode::NOT_FOUND, "{page}");
    }
    for (page, fields) in [("/closing", [("closes", "2026-12-31")]), ("/results", [("x", "y")])] {
        let answer = client.post_form(&format!("{path}{page}"), &fields).await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{page}");
    }
    assert!(!client.get("/campaigns").await.text().contains(&campaign.to_string()));
}

#[tokio::test]
async fn a_campaign_of_another_unit_of_the_whole_agency_or_of_another_agency_is_not_found() {
    let here = TestOffice::new().await;
    let (whole, data) = (here.campaign(None).await, here.campaign(Some("Bidang Data")).await);
    let mut officer = here.officer_of("Dinas Sosial").await;
    check_not_found(&mut officer, whole).await;
    check_not_found(&mut officer, data).await;
    let mut stranger = here.stranger().await;
    check_not_found(&mut stranger, whole).await;
}

#[tokio::test]
async fn an_officer_of_a_unit_sees_campaigns_of_the_units_below() {
    let here = TestOffice::new().await;
    let data = here.campaign(Some("Bidang Data")).await;
    let mut officer = here.officer_of("Dinas Kominfo").await;
    assert_eq!(officer.get(&format!("/campaigns/{data}")).await.status(), StatusCode::OK);
    assert!(officer.get("/campaigns").await.text().contains(&data.to_string()));
}

#[tokio::test]
async fn an_officer_of_a_unit_opens_campaigns_for_that_unit_only() {
    let here = TestOffice::new().await;
    let mut officer = here.officer_of("Dinas Kominfo").await;
    let page = officer.get("/campaigns/new").await;
    assert!(page.text().contains("Bidang Data") && !page.text().contains("Dinas Sosial"));
    let form = page.form("/campaigns/new").unwrap().set("title", "Coba");
    let foreign = here.path_of("Dinas Sosial").await;
    for unit in [foreign.as_str(), ""] {
        let answer = officer.submit(&form.clone().set("unit", unit)).await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY, "{unit}");
    }
    assert!(officer.submit(&form).await.location().is_some());
}

#[tokio::test]
async fn a_civil_servant_and_an_item_writer_see_no_page_of_officers() {
    let here = TestOffice::new().await;
    let person = here.people_of("Bidang Data").await[0];
    for mut client in [here.person(person).await, here.item_writer().await] {
        for path in ["/campaigns", "/campaigns/new", "/disputes"] {
            assert_eq!(client.get(path).await.status(), StatusCode::FORBIDDEN, "{path}");
        }
    }
    assert_eq!(here.officer().await.get("/item-flags").await.status(), StatusCode::FORBIDDEN);
}
