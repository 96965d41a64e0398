//! Every page in both languages with real content, and the pages of posts and staff.

#![allow(clippy::unwrap_used, reason = "the helpers of a test fail by panicking")]

mod office;
mod sheet;

use axum::http::StatusCode;
use melek_db::q;
use melek_web::test_client::Client;
use office::TestOffice;
use sheet::{Person, xlsx};

async fn post_id(here: &TestOffice) -> String {
    q("SELECT post_id FROM people_v_post ORDER BY name").scalar(here.db()).await.unwrap()
}

async fn upload(client: &mut Client, people: &[Person]) -> String {
    client.get("/staff/import").await;
    let answer = client.post_file("/staff/import", ("file", "pegawai.xlsx"), &xlsx(1, people), &[]).await;
    answer.location().unwrap().to_owned()
}

/// A file with everything a difference can show.
fn everything() -> Vec<Person> {
    let mut people: Vec<Person> = (0..140).map(Person::number).collect();
    people.remove(7);
    let old = people[3].get("NIP BARU").to_owned();
    people[3] = people[3].clone().with("NIP BARU", format!("{}{:03}", &old[..15], 99));
    people[5] = people[5].clone().with("KEDUDUKAN HUKUM NAMA", "Tugas Belajar").with("UNOR NAMA", "Bidang Baru");
    people[6] = people[6].clone().with("INSTANSI KERJA NAMA", "Kementerian Sungai Biru");
    people
}

#[tokio::test]
async fn every_page_is_shown_in_both_languages() {
    let here = TestOffice::with_staff(120).await;
    let mut officer = here.officer().await;
    let person = here.person(Person::number(4).get("NIP BARU")).await;
    let post = post_id(&here).await;
    let faulty = upload(&mut officer, &[Person::number(0).with("NAMA", "").with("NIP BARU", "x")]).await;
    let faulty_page = officer.get(&faulty).await.text();
    let open = upload(&mut officer, &everything()).await;
    let paths = [
        "/sign-in",
        "/account",
        "/password",
        "/staff",
        "/staff?page=2",
        "/staff?q=nobody",
        "/staff/codes",
        "/staff/import",
        "/posts",
    ];
    let paths = paths.map(str::to_owned).into_iter();
    let paths: Vec<String> =
        paths.chain([format!("/staff/{person}"), format!("/posts/{post}"), faulty.clone(), open]).collect();
    for language in ["id", "en"] {
        let fields = [("language", language), ("return_to", "/staff")];
        officer.get("/staff").await;
        officer.post_form("/language", &fields).await;
        for path in &paths {
            let answer = officer.get(path).await;
            let is_fine = answer.status() == StatusCode::OK || answer.location() == Some("/");
            assert!(is_fine, "{path} in {language}: {}", answer.status());
            let title = format!("<html lang=\"{language}\">");
            assert!(answer.location().is_some() || answer.text().contains(&title), "{path}");
        }
    }
    assert!(faulty_page.contains("Nama kosong."));
}

#[tokio::test]
async fn the_difference_shows_changes_questions_leavers_and_another_agency() {
    let here = TestOffice::with_staff(120).await;
    let mut officer = here.officer().await;
    let open = upload(&mut officer, &everything()).await;
    let page = officer.get(&open).await;
    let text = page.text();
    for shown in ["Tugas Belajar", "Bidang Baru", "question-3", "Kementerian Sungai Biru: 1 baris", "AGAMA NAMA"] {
        assert!(text.contains(shown), "{shown}");
    }
    let form = page.form(&open).unwrap();
    assert!(form.html.contains("PEGAWAI CONTOH 7"));
}

#[tokio::test]
async fn a_changed_title_is_shown_by_its_place_and_nothing_as_empty() {
    let here = TestOffice::with_staff(6).await;
    let mut officer = here.officer().await;
    let people = (0..6).map(Person::number).map(|person| person.with("GELAR BELAKANG", "M.M."));
    let open = upload(&mut officer, &people.collect::<Vec<_>>()).await;
    let text = officer.get(&open).await.text();
    for shown in ["Gelar belakang: <s>S.Kom.</s> → M.M.", "Gelar belakang: (kosong) → M.M."] {
        assert!(text.contains(shown), "{shown}: {text}");
    }
}

#[tokio::test]
async fn a_long_address_may_break_after_its_at_sign_and_its_dots() {
    let here = TestOffice::empty().await;
    let person = Person::number(0).with("EMAIL GOV", "pegawai.contoh@lembah-arum.go.id");
    here.load(std::slice::from_ref(&person)).await;
    let id = here.person(person.get("NIP BARU")).await;
    let page = here.officer().await.get(&format!("/staff/{id}")).await.text();
    assert!(page.contains("<dd>pegawai.<wbr>contoh@<wbr>lembah-arum.<wbr>go.<wbr>id</dd>"), "{page}");
}

#[tokio::test]
async fn what_a_post_needs_is_set_by_competence_or_taken_from_a_family() {
    let here = TestOffice::with_staff(10).await;
    let mut officer = here.officer().await;
    let post = post_id(&here).await;
    let path = format!("/posts/{post}");
    let level = async || -> i64 {
        let level = q("SELECT level FROM people_v_requirement WHERE post_id = $1 AND competence = $2");
        level.bind(&post).bind("1.2").scalar(here.db()).await.unwrap()
    };
    let form = officer.get(&path).await.form(&path).unwrap().set("level-1.2", "4").set("action", "save");
    let answer = officer.submit(&form).await;
    assert!(officer.follow(&answer).await.text().contains("role=\"status\""));
    assert_eq!(level().await, 4);
    let form = officer.get(&path).await.form(&path).unwrap().set("family", "pelaksana-operator");
    officer.submit(&form.set("action", "defaults")).await;
    assert_eq!(level().await, 1);
    let family: String =
        q("SELECT job_family FROM people_v_post WHERE post_id = $1").bind(&post).scalar(here.db()).await.unwrap();
    assert_eq!(family, "pelaksana-operator");
}

#[tokio::test]
async fn an_unknown_family_or_level_changes_nothing() {
    let here = TestOffice::with_staff(3).await;
    let mut officer = here.officer().await;
    let path = format!("/posts/{}", post_id(&here).await);
    officer.get(&path).await;
    let answer = officer.post_form(&path, &[("family", "nonsense"), ("action", "defaults")]).await;
    assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
    officer.post_form(&path, &[("level-1.2", "9"), ("action", "save")]).await;
    let highest: i64 = q("SELECT MAX(level) FROM people_v_requirement").scalar(here.db()).await.unwrap();
    assert!(highest <= 4);
}

#[tokio::test]
async fn staff_are_found_by_words_of_the_name_a_whole_nip_and_a_unit() {
    let here = TestOffice::with_staff(30).await;
    let mut officer = here.officer().await;
    let count = |text: &str| text.matches("<a href=\"/staff/0").count();
    let name = officer.get("/staff?q=contoh+17").await.text();
    assert_eq!(count(&name), 1);
    let nip = officer.get(&format!("/staff?q={}", Person::number(4).get("NIP BARU"))).await.text();
    assert!(count(&nip) == 1 && nip.contains("PEGAWAI CONTOH 4"));
    assert!(!officer.get("/staff?q=%25").await.text().contains("PEGAWAI CONTOH"));
    let unit: String =
        q("SELECT unit_id FROM people_v_unit WHERE name = $1").bind("Dinas 1").scalar(here.db()).await.unwrap();
    assert_eq!(count(&officer.get(&format!("/staff?unit={unit}")).await.text()), 4);
}

#[tokio::test]
async fn a_list_is_shown_fifty_at_a_time() {
    let here = TestOffice::with_staff(120).await;
    let mut officer = here.officer().await;
    let count = |text: &str| text.matches("PEGAWAI CONTOH").count();
    assert_eq!(count(&officer.get("/staff").await.text()), 50);
    assert_eq!(count(&officer.get("/staff?page=3").await.text()), 20);
    assert_eq!(count(&officer.get("/staff?page=99").await.text()), 20);
}

#[tokio::test]
async fn the_published_view_shows_the_name_with_titles_and_no_whole_nip() {
    let here = TestOffice::empty().await;
    let person =
        Person::number(0).with("GELAR DEPAN", "Dr.").with("GELAR BELAKANG", "S.Kom., M.T.").with("NAMA", "BUDI");
    here.load(std::slice::from_ref(&person)).await;
    let (name, nip): (String, String) = q("SELECT name, nip_masked FROM people_v_person").one(here.db()).await.unwrap();
    assert_eq!(name, "Dr. BUDI, S.Kom., M.T.");
    let whole = person.get("NIP BARU");
    assert_eq!(nip, format!("{}…{}", &whole[..4], &whole[15..]));
}
