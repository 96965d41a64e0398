//! Every route of this capability, asked by somebody without the right: a guest is led to the sign-in page (JSON: 401), the
//! wrong role gets 403, an officer of a unit sees nobody of another unit.

#![allow(clippy::unwrap_used, reason = "the helpers of a test fail by panicking")]

mod office;
mod sheet;

use axum::http::StatusCode;
use melek_people::{Needs, ROUTES, Role, Scope};
use melek_web::test_client::{Answer, Client};
use office::TestOffice;
use sheet::Person;
use uuid::Uuid;

async fn ask(client: &mut Client, method: &str, path: &str) -> Answer {
    let path = path.replace("{id}", &Uuid::from_u128(1).to_string());
    match (method, path.as_str()) {
        ("GET", path) => client.get(path).await,
        (_, "/staff/import") => client.post_file("/staff/import", ("file", "x.csv"), b"a", &[]).await,
        (_, path) => client.post_form(path, &[("session", "x")]).await,
    }
}

#[tokio::test]
async fn a_guest_is_led_to_the_sign_in_page_from_every_protected_route() {
    let here = TestOffice::empty().await;
    for route in ROUTES.iter().filter(|route| route.needs != Needs::Nothing) {
        let mut guest = here.guest();
        guest.get("/sign-in").await;
        let answer = ask(&mut guest, route.method, route.path).await;
        let location = answer.location().unwrap_or_default().to_owned();
        assert!(location.starts_with("/sign-in"), "{} {}: {}", route.method, route.path, answer.status());
    }
}

#[tokio::test]
async fn a_program_without_a_session_gets_401() {
    let here = TestOffice::empty().await;
    let mut guest = here.guest().with_header("accept", "application/json");
    for route in ROUTES.iter().filter(|route| route.needs != Needs::Nothing && route.method == "GET") {
        let answer = ask(&mut guest, route.method, route.path).await;
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{}", route.path);
    }
}

#[tokio::test]
async fn an_account_without_the_role_gets_403_from_every_page_of_officers() {
    let here = TestOffice::empty().await;
    let mut writer = here.user("penulis", vec![(Role::ItemWriter, None)]).await;
    let mut administrator = here.user("admin.sistem", vec![(Role::Administrator, None)]).await;
    for route in ROUTES.iter().filter(|route| matches!(route.needs, Needs::Officer | Needs::AgencyOfficer)) {
        for client in [&mut writer, &mut administrator] {
            let answer = ask(client, route.method, route.path).await;
            assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{} {}", route.method, route.path);
        }
    }
}

#[tokio::test]
async fn an_officer_of_a_unit_gets_403_from_pages_of_the_whole_agency() {
    let here = TestOffice::with_staff(20).await;
    let mut officer = here.officer_of("Dinas 1").await;
    for route in ROUTES.iter().filter(|route| route.needs == Needs::AgencyOfficer) {
        let answer = ask(&mut officer, route.method, route.path).await;
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{} {}", route.method, route.path);
    }
}

#[tokio::test]
async fn an_officer_of_a_unit_sees_and_resets_only_people_of_that_unit() {
    let here = TestOffice::with_staff(20).await;
    let mut officer = here.officer_of("Dinas 1").await;
    // Person n belongs to "Dinas n % 8".
    let own = here.person(Person::number(9).get("NIP BARU")).await;
    let foreign = here.person(Person::number(10).get("NIP BARU")).await;
    let list = officer.get("/staff?q=pegawai").await.text();
    assert!(list.contains(&own) && !list.contains(&foreign));
    let search = officer.get(&format!("/staff?q={}", Person::number(10).get("NIP BARU"))).await.text();
    assert!(!search.contains(&foreign));
    assert_eq!(officer.get(&format!("/staff/{own}")).await.status(), StatusCode::OK);
    assert_eq!(officer.get(&format!("/staff/{foreign}")).await.status(), StatusCode::NOT_FOUND);
    assert_eq!(officer.post_form(&format!("/staff/{foreign}/code"), &[]).await.status(), StatusCode::NOT_FOUND);
    let foreign_unit: String = melek_db::q("SELECT unit_id FROM people_v_person WHERE person_id = $1")
        .bind(&foreign)
        .scalar(here.db())
        .await
        .unwrap();
    assert_eq!(officer.get(&format!("/staff?unit={foreign_unit}")).await.status(), StatusCode::NOT_FOUND);
    let codes = officer.post_form("/staff/codes", &[("unit", &foreign_unit), ("form", "slips")]).await;
    assert_eq!(codes.status(), StatusCode::NOT_FOUND);
    let slips = officer.post_form("/staff/codes", &[("unit", ""), ("form", "slips")]).await.text();
    assert_eq!(slips.matches("class=\"slip\"").count(), 3);
}

#[tokio::test]
async fn an_officer_sees_nothing_of_another_agency() {
    let here = TestOffice::with_staff(3).await;
    let other = melek_people::create_agency(here.db(), &here.office.clock, "Kabupaten Lain").await.unwrap();
    let mut officer = here.user("petugas.lain", vec![(Role::Officer, Some(Scope::whole_agency(other)))]).await;
    let person = here.person(Person::number(0).get("NIP BARU")).await;
    let post: String = melek_db::q("SELECT post_id FROM people_v_post").scalar(here.db()).await.unwrap();
    for path in [format!("/staff/{person}"), format!("/posts/{post}")] {
        assert_eq!(officer.get(&path).await.status(), StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(officer.post_form(&format!("/posts/{post}"), &[]).await.status(), StatusCode::NOT_FOUND);
    assert!(!officer.get("/staff").await.text().contains(&person));
}

#[tokio::test]
async fn a_role_taken_away_is_gone_at_once() {
    let here = TestOffice::empty().await;
    let mut officer = here.officer().await;
    assert_eq!(officer.get("/staff").await.status(), StatusCode::OK);
    let mut tx = here.db().begin().await.unwrap();
    melek_db::q("DELETE FROM people_role").exec(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(officer.get("/staff").await.status(), StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn every_route_answers_somebody_who_may() {
    let here = TestOffice::with_staff(2).await;
    let mut officer = here.officer().await;
    officer.get("/").await;
    for route in ROUTES.iter().filter(|route| route.path != "/account/sign-out-everywhere") {
        let answer = ask(&mut officer, route.method, route.path).await;
        let status = answer.status();
        let refused = [StatusCode::FORBIDDEN, StatusCode::UNAUTHORIZED, StatusCode::METHOD_NOT_ALLOWED];
        assert!(!refused.contains(&status) && !status.is_server_error(), "{} {}: {status}", route.method, route.path);
    }
}

#[test]
fn every_route_of_the_router_is_in_the_list() {
    let source = include_str!("../src/routes.rs");
    let mut count = 0;
    for part in source.split(".route(\"").skip(1) {
        let (path, rest) = part.split_once('"').unwrap();
        let handlers = rest.lines().next().unwrap();
        for (call, method) in [("get(", "GET"), ("post(", "POST")] {
            if handlers.contains(call) {
                let listed = ROUTES.iter().any(|route| route.path == path && route.method == method);
                assert!(listed, "{method} {path}");
                count += 1;
            }
        }
    }
    assert_eq!(count, ROUTES.len());
}
