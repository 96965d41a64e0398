//! Sign-in sessions over time: idle, absolute, sign-out, everywhere. The clock is moved by hand.

mod harness;

use axum::http::StatusCode;
use melek_db::{check_statements, q};
use melek_web::test_client::Client;
use melek_web::{NewSession, STATEMENTS, Settings};

use harness::{ACCOUNT, Site};

const MINUTE_MS: i64 = 60_000;

async fn is_signed_in(client: &mut Client) -> bool {
    client.get("/members").await.status() == StatusCode::OK
}

#[tokio::test]
async fn a_session_without_requests_ends_after_the_idle_time() {
    let site = Site::new().await;
    let mut client = site.signed_in().await;
    site.office.clock.advance(119 * MINUTE_MS);
    assert!(is_signed_in(&mut client).await);
    site.office.clock.advance(119 * MINUTE_MS);
    assert!(is_signed_in(&mut client).await, "the request before counts");
    site.office.clock.advance(121 * MINUTE_MS);
    assert!(!is_signed_in(&mut client).await);
}

#[tokio::test]
async fn a_session_in_constant_use_ends_after_the_absolute_time() {
    let site = Site::new().await;
    let mut client = site.signed_in().await;
    for _ in 0..11 {
        site.office.clock.advance(60 * MINUTE_MS);
        assert!(is_signed_in(&mut client).await);
    }
    site.office.clock.advance(60 * MINUTE_MS);
    assert!(!is_signed_in(&mut client).await);
}

#[tokio::test]
async fn being_seen_is_written_at_most_every_five_minutes() {
    let site = Site::new().await;
    let mut client = site.signed_in().await;
    let begin_ms = site.office.clock.now_ms();
    let seen = async || site.office.sessions().list(ACCOUNT).await.unwrap()[0].last_seen_ms;
    site.office.clock.advance(4 * MINUTE_MS);
    client.get("/").await;
    assert_eq!(seen().await, begin_ms);
    site.office.clock.advance(2 * MINUTE_MS);
    client.get("/").await;
    assert_eq!(seen().await, begin_ms + 6 * MINUTE_MS);
}

#[tokio::test]
async fn a_form_sent_after_the_session_ended_leads_to_sign_in_and_back_to_its_page() {
    let site = Site::new().await;
    let mut client = site.signed_in().await.with_header("referer", "http://melek.test/form?x=1");
    let form = client.get("/form").await.form("/form").unwrap();
    site.office.clock.advance(13 * 60 * MINUTE_MS);
    let answer = client.submit(&form).await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    assert_eq!(answer.location(), Some("/sign-in?next=/form%3Fx%3D1"));
}

#[tokio::test]
async fn signing_out_ends_this_session_only_and_twice_is_harmless() {
    let site = Site::new().await;
    let (mut phone, mut desk) = (site.signed_in().await, site.signed_in().await);
    let token = phone.cookie_header();
    assert_eq!(phone.post_form("/sign-out", &[]).await.location(), Some("/"));
    phone.get("/").await;
    assert_eq!(phone.post_form("/sign-out", &[]).await.location(), Some("/"));
    assert!(!is_signed_in(&mut phone).await);
    let mut thief = site.guest().with_header("cookie", &token);
    assert!(!is_signed_in(&mut thief).await, "the old token opens nothing");
    assert!(is_signed_in(&mut desk).await);
}

#[tokio::test]
async fn signing_out_everywhere_ends_all_sessions_at_once() {
    let site = Site::new().await;
    let (mut phone, mut desk) = (site.signed_in().await, site.signed_in().await);
    assert_eq!(site.office.sessions().list(ACCOUNT).await.unwrap().len(), 2);
    assert_eq!(site.office.sessions().close_all(ACCOUNT).await.unwrap(), 2);
    assert!(!is_signed_in(&mut phone).await && !is_signed_in(&mut desk).await);
}

#[tokio::test]
async fn one_session_of_the_list_can_be_ended_by_its_own_account_only() {
    let site = Site::new().await;
    let mut phone = site.signed_in().await;
    let session_id = site.office.sessions().list(ACCOUNT).await.unwrap()[0].session_id.clone();
    let stranger = uuid::Uuid::from_u128(8);
    assert!(!site.office.sessions().close_one(stranger, &session_id).await.unwrap());
    assert!(is_signed_in(&mut phone).await);
    assert!(site.office.sessions().close_one(ACCOUNT, &session_id).await.unwrap());
    assert!(!is_signed_in(&mut phone).await);
}

#[tokio::test]
async fn a_changed_name_and_role_show_in_open_sessions() {
    let site = Site::new().await;
    let mut client = site.signed_in().await;
    assert!(client.get("/").await.text().contains("href=\"/members\""));
    let changed = NewSession { account: ACCOUNT, name: "Siti R.", roles: &[] };
    site.office.sessions().refresh(changed).await.unwrap();
    let text = client.get("/").await.text();
    assert!(text.contains("Siti R.") && !text.contains("href=\"/members\""));
}

#[tokio::test]
async fn the_database_keeps_no_token() {
    let site = Site::new().await;
    let client = site.signed_in().await;
    let token = client.cookie_header().trim_start_matches("m=").to_owned();
    let kept: Vec<String> = q("SELECT token_hash FROM web_session").scalars(&site.office.db).await.unwrap();
    assert_eq!(kept, [melek_web::secret::digest(&token)]);
}

#[tokio::test]
async fn ended_sessions_are_forgotten_with_the_next_sign_in() {
    let site = Site::with(Settings { absolute_minutes: 1, ..Settings::default() }).await;
    site.signed_in().await;
    site.office.clock.advance(2 * MINUTE_MS);
    site.signed_in().await;
    let rows: i64 = q("SELECT COUNT(*) FROM web_session").scalar(&site.office.db).await.unwrap();
    assert_eq!(rows, 1);
}

#[tokio::test]
async fn every_statement_suits_the_engine() {
    let site = Site::new().await;
    check_statements(&site.office.db, STATEMENTS).await.unwrap();
}
