//! The promises of this crate to every page, seen through the test client: one office, a few small routes.

mod harness;

use axum::http::StatusCode;
use melek_web::test_client::Client;

use harness::{SIGNED_IN_NAME, Site};

#[tokio::test]
async fn every_answer_carries_the_policy_and_a_request_id() {
    let site = Site::new().await;
    let mut guest = site.guest();
    for path in ["/", "/nowhere", "/healthz", "/broken", "/panic"] {
        let answer = guest.get(path).await;
        let policy = answer.header("content-security-policy").unwrap_or_else(|| panic!("{path} has no policy"));
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(answer.header("referrer-policy"), Some("same-origin"), "{path}");
        assert_eq!(answer.header("x-request-id").map(str::len), Some(12), "{path}");
    }
}

#[tokio::test]
async fn no_page_carries_code_or_style_of_its_own() {
    let site = Site::new().await;
    for path in ["/", "/form", "/chart", "/nowhere"] {
        let text = site.guest().get(path).await.text();
        assert!(!text.contains(" style=") && !text.contains("<style") && !text.contains("onclick"), "{path}");
        assert_eq!(text.matches("<script").count(), 1, "{path}");
        assert_eq!(text.matches("<h1").count(), 1, "{path}");
    }
}

#[tokio::test]
async fn a_post_without_the_token_is_refused_and_changes_nothing() {
    let site = Site::new().await;
    let mut guest = site.guest();
    guest.get("/").await;
    for fields in [&[][..], &[("csrf", "")], &[("csrf", "AAAAAAAAAAAAAAAAAAAAAA")]] {
        let answer = guest.post_without_csrf("/count", fields).await;
        assert_eq!(answer.status(), StatusCode::FORBIDDEN);
        assert!(answer.text().contains("Formulir ini sudah tidak berlaku"));
    }
    assert_eq!(site.count(), 0);
    assert_eq!(guest.post_form("/count", &[]).await.status(), StatusCode::SEE_OTHER);
    assert_eq!(site.count(), 1);
}

#[tokio::test]
async fn a_post_from_another_site_is_refused_even_with_the_token() {
    let site = Site::new().await;
    let mut foreign = site.guest().with_header("origin", "https://evil.example");
    assert_eq!(foreign.post_form("/count", &[]).await.status(), StatusCode::FORBIDDEN);
    let mut own = site.guest().with_header("origin", "http://melek.test");
    assert_eq!(own.post_form("/count", &[]).await.status(), StatusCode::SEE_OTHER);
    assert_eq!(site.count(), 1);
}

#[tokio::test]
async fn the_guests_token_is_worthless_after_sign_in() {
    let site = Site::new().await;
    let mut client = site.guest();
    let form = client.get("/form").await.form("/form").unwrap();
    client.sign_in(&site.office, site.person()).await;
    assert_eq!(client.submit(&form).await.status(), StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_file_is_taken_in_only_after_the_token() {
    let site = Site::new().await;
    let mut guest = site.guest();
    let answer = guest.post_file("/upload", ("file", "staff.csv"), b"a;b", &[("unit", "u1")]).await;
    assert_eq!(answer.text(), "unit=u1 staff.csv 3");
    let body = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x\"\r\n\r\nabc\r\n--b--\r\n";
    let answer = guest.post_raw("/upload", "multipart/form-data; boundary=b", body.as_bytes()).await;
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
    let answer = guest.post_raw("/count", "text/plain", b"csrf=x").await;
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
    assert_eq!(site.count(), 0);
}

#[tokio::test]
async fn too_large_a_form_and_a_nul_are_refused_with_a_page() {
    let site = Site::new().await;
    let mut guest = site.guest();
    let large = "x".repeat(600 * 1024);
    assert_eq!(guest.post_form("/count", &[("note", &large)]).await.status(), StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(guest.post_form("/count", &[("note", "a\0b")]).await.status(), StatusCode::BAD_REQUEST);
    assert_eq!(guest.get("/named/a%00b").await.status(), StatusCode::NOT_FOUND);
    assert_eq!(site.count(), 0);
}

#[tokio::test]
async fn a_guest_keeps_the_chosen_language() {
    let site = Site::new().await;
    let mut guest = site.guest();
    assert!(guest.get("/").await.text().contains("<html lang=\"id\">"));
    let answer = guest.post_form("/language", &[("language", "en"), ("return_to", "/form?x=1")]).await;
    assert_eq!(answer.location(), Some("/form?x=1"));
    assert!(guest.get("/").await.text().contains("<html lang=\"en\">"));
    assert!(guest.get("/nowhere").await.text().contains("Page not found"));
}

#[tokio::test]
async fn the_language_switch_never_leads_out_of_the_site() {
    let site = Site::new().await;
    let answer = site.guest().post_form("/language", &[("language", "en"), ("return_to", "//evil.example")]).await;
    assert_eq!(answer.location(), Some("/"));
    let answer = site.guest().post_form("/language", &[("language", "xx")]).await;
    assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn an_account_keeps_its_language_on_every_device_and_for_the_next_sign_in() {
    let site = Site::new().await;
    let (mut phone, mut desk) = (site.signed_in().await, site.signed_in().await);
    phone.post_form("/language", &[("language", "en")]).await;
    assert!(desk.get("/").await.text().contains("<html lang=\"en\">"));
    desk.post_form("/sign-out", &[]).await;
    let mut later = site.signed_in().await;
    assert!(later.get("/").await.text().contains("<html lang=\"en\">"));
}

#[tokio::test]
async fn a_problem_is_json_for_a_client_that_prefers_it() {
    let site = Site::new().await;
    let mut machine = site.guest().with_header("accept", "application/json");
    let answer = machine.get("/nowhere").await;
    assert_eq!(answer.status(), StatusCode::NOT_FOUND);
    assert_eq!(answer.header("content-type"), Some("application/problem+json"));
    let body: serde_json::Value = serde_json::from_str(&answer.text()).unwrap();
    assert_eq!(body["status"], 404);
    assert_eq!(body["code"], "not-found");
    assert_eq!(machine.get("/members").await.status(), StatusCode::UNAUTHORIZED);
    let mut browser = site.guest().with_header("accept", "text/html,application/json;q=0.9");
    assert!(browser.get("/nowhere").await.text().contains("Halaman tidak ditemukan"));
}

#[tokio::test]
async fn a_failure_shows_its_code_and_hides_its_cause() {
    let site = Site::new().await;
    for path in ["/broken", "/panic"] {
        let answer = site.guest().get(path).await;
        assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR, "{path}");
        let text = answer.text();
        assert!(text.contains(answer.header("x-request-id").unwrap()), "{path}");
        assert!(!text.contains("secret cause"), "{path}");
    }
}

#[tokio::test]
async fn what_the_router_refuses_is_a_page_too() {
    let site = Site::new().await;
    let mut guest = site.guest();
    assert_eq!(guest.get("/count").await.status(), StatusCode::METHOD_NOT_ALLOWED);
    let unreadable = guest.get("/numbered/abc").await;
    assert_eq!(unreadable.status(), StatusCode::BAD_REQUEST);
    assert!(unreadable.text().contains("Permintaan tidak dapat dibaca"));
    let busy = guest.get("/busy").await;
    assert_eq!((busy.status(), busy.header("retry-after")), (StatusCode::SERVICE_UNAVAILABLE, Some("7")));
}

#[tokio::test]
async fn a_page_for_members_leads_a_guest_to_sign_in_and_back() {
    let site = Site::new().await;
    let answer = site.guest().get("/members?tab=2").await;
    assert_eq!(answer.location(), Some("/sign-in?next=/members%3Ftab%3D2"));
    assert!(site.signed_in().await.get("/members").await.text().contains(SIGNED_IN_NAME));
}

#[tokio::test]
async fn a_script_gets_the_main_part_only() {
    let site = Site::new().await;
    let mut script = site.guest().with_header("x-melek-fragment", "1");
    let text = script.get("/form").await.text();
    assert!(text.trim_start().starts_with("<title>") && text.contains("<main"), "{text}");
    assert!(!text.contains("<header") && !text.contains("<html"), "{text}");
    let refused = script.get("/members").await;
    assert_eq!(refused.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(refused.header("x-melek-go"), Some("/sign-in?next=/members"));
    assert_eq!(script.get("/").await.header("x-melek-at"), Some("/home"));
}

#[tokio::test]
async fn a_form_with_errors_says_so_in_title_summary_and_field() {
    let site = Site::new().await;
    for (language, prefix) in [("id", "Kesalahan:"), ("en", "Error:")] {
        let mut guest = site.guest();
        guest.post_form("/language", &[("language", language)]).await;
        let answer = guest.post_form("/form", &[("who", "<b>")]).await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let text = answer.text();
        assert!(text.contains(&format!("<title>{prefix} ")), "{text}");
        assert!(text.contains("role=\"alert\"") && text.contains("<a href=\"#who\">"), "{text}");
        assert!(text.contains("aria-describedby=\"who-hint who-error\" aria-invalid=\"true\""), "{text}");
        assert!(text.contains("value=\"&#60;b&#62;\""), "{text}");
        assert_eq!(answer.form("/form").unwrap().get("who"), Some("<b>"));
    }
}

#[tokio::test]
async fn every_macro_and_chart_renders_in_both_languages() {
    let site = Site::new().await;
    for language in ["id", "en"] {
        let mut guest = site.guest();
        guest.post_form("/language", &[("language", language)]).await;
        let form = guest.get("/form").await.text();
        for part in ["<select id=\"unit\"", "type=\"radio\"", "type=\"file\"", "<textarea", "type=\"password\""] {
            assert!(form.contains(part), "{language}: {part}");
        }
        assert!(form.contains("value=\"b\" selected") && form.contains("id=\"kind-2\""), "{language}");
        let chart = guest.get("/chart").await.text();
        for part in ["role=\"img\"", "<title id=", "<desc id=", "<details class=\"data\">", "<th scope=\"row\">"] {
            assert!(chart.contains(part), "{language}: {part}");
        }
        let spoken = if language == "id" { "antara −0,4 dan 0,6" } else { "between −0.4 and 0.6" };
        assert!(chart.contains(spoken), "{chart}");
    }
}

#[tokio::test]
async fn every_problem_has_its_words_in_both_languages() {
    let site = Site::new().await;
    for language in ["id", "en"] {
        let mut guest = site.guest();
        guest.post_form("/language", &[("language", language)]).await;
        for kind in ["forbidden", "conflict", "invalid", "too-many", "busy", "broken"] {
            let answer = guest.get(&format!("/{kind}")).await;
            assert!(!answer.status().is_success(), "{kind}");
            assert!(answer.text().contains("<h1>"), "{kind}");
        }
    }
}

#[tokio::test]
async fn health_asks_the_database_and_metrics_stay_on_the_machine() {
    let site = Site::new().await;
    let mut guest = site.guest();
    assert_eq!(guest.get("/healthz").await.text(), "ok\n");
    guest.get("/named/Siti").await;
    let metrics = guest.get("/metrics").await.text();
    assert!(metrics.contains("route=\"/named/{name}\""), "{metrics}");
    assert!(!metrics.contains("Siti"));
    let mut outside = site.guest().with_header("x-forwarded-for", "203.0.113.7");
    assert_eq!(outside.get("/metrics").await.status(), StatusCode::NOT_FOUND);
    site.office.db.close().await;
    assert_eq!(guest.get("/healthz").await.status(), StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn pages_are_not_kept_by_the_browser_and_assets_are() {
    let site = Site::new().await;
    let mut guest = site.guest();
    let page = guest.get("/").await;
    assert_eq!(page.header("cache-control"), Some("no-store"));
    let mut bytes = Vec::new();
    for path in harness::assets_of(&page.text()) {
        let mut packed = site.guest().with_header("accept-encoding", "gzip");
        let asset = packed.get(&path).await;
        assert_eq!(asset.header("cache-control"), Some("public, max-age=31536000, immutable"), "{path}");
        assert_eq!(asset.header("content-encoding"), Some("gzip"), "{path}");
        let plain = guest.get(&path).await;
        assert!(plain.header("content-encoding").is_none() && plain.bytes().len() > asset.bytes().len(), "{path}");
        bytes.push(asset.bytes().len());
    }
    let mut packed = site.guest().with_header("accept-encoding", "gzip");
    let first = packed.get("/form").await;
    assert_eq!(first.header("content-encoding"), Some("gzip"));
    bytes.push(first.bytes().len());
    let total: usize = bytes.iter().sum();
    println!("first page with its files: {total} bytes gzipped ({bytes:?})");
    assert_eq!(bytes.len(), 4);
    assert!(total <= 16 * 1024, "{total}");
    assert_eq!(guest.get("/assets/app.0000000000.css").await.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_answers_cookie_and_token_stay_small() {
    let site = Site::new().await;
    let mut client: Client = site.signed_in().await;
    client.post_form("/language", &[("language", "en")]).await;
    let csrf = client.get("/form").await.form("/form").unwrap().get("csrf").unwrap().to_owned();
    let sent = client.cookie_header().len() + format!("csrf={csrf}").len();
    println!("cookie header and token of an answer: {sent} bytes");
    assert_eq!(csrf.len(), 22);
    assert!(sent <= 60, "{sent}");
}

#[tokio::test]
async fn under_tls_cookies_are_secure_and_the_browser_stays_there() {
    let site = Site::with(melek_web::Settings { secure_cookies: true, ..Default::default() }).await;
    let mut client = site.signed_in().await;
    assert!(client.cookie_header().starts_with("__Host-m="), "{}", client.cookie_header());
    let answer = client.get("/members").await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.header("strict-transport-security"), Some("max-age=31536000"));
    let guest = site.guest().get("/").await;
    assert!(guest.header("set-cookie").unwrap().ends_with("; Secure"));
    assert!(Site::new().await.guest().get("/").await.header("strict-transport-security").is_none());
}

#[tokio::test]
async fn synthetic_data_is_announced_on_every_page() {
    let site = Site::with(melek_web::Settings { synthetic: true, ..Default::default() }).await;
    for path in ["/", "/nowhere"] {
        assert!(site.guest().get(path).await.text().contains("Data peragaan"), "{path}");
    }
    assert!(!Site::new().await.guest().get("/").await.text().contains("Data peragaan"));
}

#[tokio::test]
async fn the_foot_of_every_page_has_the_links_that_wiring_gives_and_no_others() {
    let site = Site::new().await;
    for path in ["/", "/nowhere"] {
        let text = site.guest().get(path).await.text();
        let foot = text.split_once("<footer").map(|(_, foot)| foot).unwrap_or_default();
        assert!(foot.contains("<a href=\"/chart\">Tentang situs ini</a>"), "{path}: {foot}");
        assert_eq!(foot.matches("<a ").count(), 1, "{path}: {foot}");
    }
}
