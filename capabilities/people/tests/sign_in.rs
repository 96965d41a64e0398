//! Signing in and what follows: codes, passwords, limits, signing out everywhere.

#![allow(clippy::unwrap_used, reason = "the helpers of a test fail by panicking")]

mod office;
mod sheet;

use axum::http::StatusCode;
use melek_people::{CodesFor, IssuedCode, Scope, issue_codes};
use melek_web::test_client::Client;
use office::{PASSWORD, TestOffice, sign_in};
use sheet::Person;

const NEW_PASSWORD: &str = "hujan di bulan juni";

async fn codes(here: &TestOffice) -> Vec<IssuedCode> {
    let scope = Scope::whole_agency(here.agency);
    issue_codes(here.db(), &here.office.clock, &scope, CodesFor::Waiting { path: "" }).await.unwrap()
}

fn nip(number: u32) -> String {
    Person::number(number).get("NIP BARU").to_owned()
}

/// The code of person `number`.
async fn code_of(here: &TestOffice, number: u32) -> String {
    let id = here.person(&nip(number)).await;
    let codes = codes(here).await;
    codes.iter().find(|code| code.person.to_string() == id).expect("a code").code.as_str().to_owned()
}

async fn set_password(client: &mut Client, password: &str) -> melek_web::test_client::Answer {
    client.get("/password").await;
    client.post_form("/password", &[("new_password", password), ("again", password)]).await
}

/// A person with a password, signed in.
async fn civil_servant(here: &TestOffice, number: u32) -> Client {
    let code = code_of(here, number).await;
    let mut client = here.guest();
    sign_in(&mut client, &nip(number), &code).await;
    set_password(&mut client, NEW_PASSWORD).await;
    client
}

#[tokio::test]
async fn a_code_signs_in_with_a_spaced_nip_and_leads_to_the_page_that_sets_a_password() {
    let here = TestOffice::with_staff(2).await;
    let code = code_of(&here, 0).await;
    let number = nip(0);
    let spaced = format!("{} {} {} {}", &number[..8], &number[8..14], &number[14..15], &number[15..]);
    let mut client = here.guest();
    let answer = sign_in(&mut client, &spaced, &code.to_lowercase()).await;
    assert_eq!(answer.location(), Some("/password"));
    assert_eq!(client.get("/account").await.location(), Some("/password"));
    assert!(client.get("/password").await.text().contains("Paling sedikit 8 karakter"));
    assert_eq!(set_password(&mut client, NEW_PASSWORD).await.location(), Some("/"));
    assert_eq!(client.get("/account").await.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_code_is_worth_nothing_after_the_password_is_set() {
    let here = TestOffice::with_staff(2).await;
    let code = code_of(&here, 0).await;
    let mut client = here.guest();
    sign_in(&mut client, &nip(0), &code).await;
    set_password(&mut client, NEW_PASSWORD).await;
    let mut again = here.guest();
    assert_eq!(sign_in(&mut again, &nip(0), &code).await.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(sign_in(&mut again, &nip(0), NEW_PASSWORD).await.location(), Some("/"));
}

#[tokio::test]
async fn a_code_expires_after_two_weeks() {
    let here = TestOffice::with_staff(2).await;
    let code = code_of(&here, 0).await;
    here.office.clock.advance(14 * 24 * 60 * 60 * 1000);
    assert_eq!(sign_in(&mut here.guest(), &nip(0), &code).await.status(), StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn codes_are_kept_only_as_digests_and_nobody_gets_a_second_one_unasked() {
    let here = TestOffice::with_staff(3).await;
    let issued = codes(&here).await;
    assert_eq!(issued.len(), 3);
    let kept: Vec<String> = melek_db::q("SELECT code_digest FROM people_account").scalars(here.db()).await.unwrap();
    for code in &issued {
        assert!(kept.iter().all(|digest| !digest.contains(code.code.as_str()) && digest.len() == 43));
    }
    assert_eq!(codes(&here).await.len(), 0);
    let scope = Scope::whole_agency(here.agency);
    let who = CodesFor::WithoutPassword { path: "" };
    assert_eq!(issue_codes(here.db(), &here.office.clock, &scope, who).await.unwrap().len(), 3);
}

#[tokio::test]
async fn an_unknown_name_and_a_wrong_password_get_the_same_answer() {
    let here = TestOffice::with_staff(1).await;
    here.officer().await;
    let mut pages = Vec::new();
    for login in ["petugas", "nobody", "198609262015051001", &nip(0)] {
        let answer = sign_in(&mut here.guest(), login, "wrong password").await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let csrf = answer.form("/sign-in").unwrap().get("csrf").unwrap().to_owned();
        pages.push(answer.text().replace(&csrf, "").replace(&format!("value=\"{login}\""), ""));
    }
    assert!(pages.windows(2).all(|pair| pair[0] == pair[1]));
}

#[tokio::test]
async fn a_user_name_is_typed_in_any_letters() {
    let here = TestOffice::empty().await;
    here.officer().await;
    assert_eq!(sign_in(&mut here.guest(), " PETUGAS ", PASSWORD).await.location(), Some("/"));
}

#[tokio::test]
async fn after_ten_attempts_an_account_waits_and_another_does_not() {
    let here = TestOffice::empty().await;
    here.officer().await;
    let mut guest = here.guest();
    for _ in 0..10 {
        assert_eq!(sign_in(&mut guest, "petugas", "wrong").await.status(), StatusCode::UNPROCESSABLE_ENTITY);
    }
    let answer = sign_in(&mut guest, "petugas", PASSWORD).await;
    assert_eq!(answer.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(answer.header("retry-after"), Some("60"));
    assert_eq!(sign_in(&mut guest, "somebody", "wrong").await.status(), StatusCode::UNPROCESSABLE_ENTITY);
    here.office.clock.advance(60_000);
    assert_eq!(sign_in(&mut guest, "petugas", PASSWORD).await.location(), Some("/"));
}

#[tokio::test]
async fn a_new_password_follows_the_rule_that_was_told() {
    let here = TestOffice::with_staff(1).await;
    let code = code_of(&here, 0).await;
    let mut client = here.guest();
    sign_in(&mut client, &nip(0), &code).await;
    for refused in ["pendek", "password1", &nip(0)[..8]] {
        assert_eq!(set_password(&mut client, refused).await.status(), StatusCode::UNPROCESSABLE_ENTITY, "{refused}");
    }
    let fields = [("new_password", NEW_PASSWORD), ("again", "another one")];
    assert_eq!(client.post_form("/password", &fields).await.status(), StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_change_of_password_asks_for_the_present_one_and_signs_out_elsewhere() {
    let here = TestOffice::empty().await;
    let mut client = here.officer().await;
    let mut elsewhere = here.guest();
    sign_in(&mut elsewhere, "petugas", PASSWORD).await;
    client.get("/password").await;
    let fields = [("present", "wrong"), ("new_password", NEW_PASSWORD), ("again", NEW_PASSWORD)];
    assert_eq!(client.post_form("/password", &fields).await.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let fields = [("present", PASSWORD), ("new_password", NEW_PASSWORD), ("again", NEW_PASSWORD)];
    let answer = client.post_form("/password", &fields).await;
    assert_eq!(answer.location(), Some("/account?password=changed"));
    assert_eq!(client.follow(&answer).await.status(), StatusCode::OK);
    assert!(elsewhere.get("/account").await.location().unwrap().starts_with("/sign-in"));
}

#[tokio::test]
async fn sign_out_everywhere_ends_every_session_at_once() {
    let here = TestOffice::with_staff(1).await;
    let mut phone = civil_servant(&here, 0).await;
    let mut laptop = here.guest();
    sign_in(&mut laptop, &nip(0), NEW_PASSWORD).await;
    let account = laptop.get("/account").await.text();
    assert_eq!(account.matches("action=\"/account/sign-out\"").count(), 1);
    laptop.post_form("/account/sign-out-everywhere", &[]).await;
    for client in [&mut phone, &mut laptop] {
        assert!(client.get("/account").await.location().unwrap().starts_with("/sign-in"));
    }
}

#[tokio::test]
async fn one_other_device_can_be_signed_out() {
    let here = TestOffice::empty().await;
    let mut client = here.officer().await;
    let mut other = here.guest();
    sign_in(&mut other, "petugas", PASSWORD).await;
    let form = client.get("/account").await.form("/account/sign-out").expect("the other device");
    client.submit(&form).await;
    assert!(other.get("/account").await.location().is_some());
    assert_eq!(client.get("/account").await.status(), StatusCode::OK);
}

#[tokio::test]
async fn the_account_page_shows_the_nip_masked() {
    let here = TestOffice::with_staff(1).await;
    let page = civil_servant(&here, 0).await.get("/account").await.text();
    assert!(!page.contains(&nip(0)));
    assert!(page.contains(&format!("{}…{}", &nip(0)[..4], &nip(0)[15..])));
}

#[tokio::test]
async fn a_reset_ends_the_sessions_and_the_password_and_gives_a_code() {
    let here = TestOffice::with_staff(2).await;
    let mut person = civil_servant(&here, 0).await;
    let mut officer = here.officer().await;
    let id = here.person(&nip(0)).await;
    officer.get(&format!("/staff/{id}")).await;
    let slip = officer.post_form(&format!("/staff/{id}/code"), &[]).await.text();
    let code = slip.split("class=\"code\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
    assert!(person.get("/account").await.location().is_some());
    let mut again = here.guest();
    assert_eq!(sign_in(&mut again, &nip(0), NEW_PASSWORD).await.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(sign_in(&mut again, &nip(0), &code).await.location(), Some("/password"));
}

#[tokio::test]
async fn an_account_that_holds_a_role_is_not_reset_by_an_officer() {
    let here = TestOffice::with_staff(1).await;
    civil_servant(&here, 0).await;
    let account: String = melek_db::q("SELECT id FROM people_account").scalar(here.db()).await.unwrap();
    let scope = Scope::whole_agency(here.agency);
    let granted = (melek_people::Role::Officer, Some(&scope));
    melek_people::grant_role(here.db(), &here.office.clock, account.parse().unwrap(), granted).await.unwrap();
    let mut officer = here.officer().await;
    let id = here.person(&nip(0)).await;
    assert!(officer.get(&format!("/staff/{id}")).await.form(&format!("/staff/{id}/code")).is_none());
    assert_eq!(officer.post_form(&format!("/staff/{id}/code"), &[]).await.status(), StatusCode::NOT_FOUND);
    assert_eq!(sign_in(&mut here.guest(), &nip(0), NEW_PASSWORD).await.location(), Some("/"));
}

#[tokio::test]
async fn codes_come_as_a_spreadsheet_or_as_slips_eight_on_a_sheet() {
    let here = TestOffice::with_staff(20).await;
    let mut officer = here.officer().await;
    officer.get("/staff/codes").await;
    let slips = officer.post_form("/staff/codes", &[("form", "slips")]).await.text();
    assert_eq!((slips.matches("class=\"slips\"").count(), slips.matches("class=\"slip\"").count()), (3, 20));
    assert!(!slips.contains(&nip(0)));
    let nobody = officer.post_form("/staff/codes", &[("form", "xlsx")]).await;
    assert_eq!(nobody.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let sheet = officer.post_form("/staff/codes", &[("form", "xlsx"), ("whom", "unused")]).await;
    assert!(sheet.bytes().starts_with(b"PK"));
}
