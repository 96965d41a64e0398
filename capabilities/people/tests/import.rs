//! Loading staff: what is written, what the second file changes, who decides, on the database of MELEK_TEST_POSTGRES or
//! SQLite.

#![allow(clippy::unwrap_used, reason = "the helpers of a test fail by panicking")]

mod office;
mod sheet;

use axum::http::StatusCode;
use melek_db::q;
use melek_people::{Report, find_agency, load_staff, read_staff_of};
use melek_web::Locale;
use office::{AGENCY, PASSWORD, TestOffice, sign_in, upload};
use sheet::{Person, cell, xlsx};

async fn count(here: &TestOffice, table: &str) -> i64 {
    q(format!("SELECT COUNT(*) FROM {table}")).scalar(here.db()).await.unwrap()
}

fn people(count: u32) -> Vec<Person> {
    (0..count).map(Person::number).collect()
}

fn numbers(report: &Report) -> [usize; 6] {
    let Report { new, changed, unchanged, leavers, questions, errors, .. } = report;
    [*new, *changed, *unchanged, leavers.len(), questions.len(), errors.len()]
}

async fn read(here: &TestOffice, people: &[Person]) -> Report {
    let read = read_staff_of(here.db(), &here.office.clock, AGENCY, &upload(&xlsx(0, people))).await.unwrap();
    read.report(Locale::En)
}

/// Uploads through the page and answers the address of the outcome.
async fn upload_page(client: &mut melek_web::test_client::Client, people: &[Person]) -> String {
    client.get("/staff/import").await;
    let answer = client.post_file("/staff/import", ("file", "pegawai.xlsx"), &xlsx(2, people), &[]).await;
    answer.location().unwrap_or_else(|| panic!("{}", answer.text())).to_owned()
}

#[tokio::test]
async fn a_file_makes_units_under_their_parents_posts_with_requirements_and_people() {
    let here = TestOffice::with_staff(100).await;
    assert_eq!(count(&here, "people_v_person").await, 100);
    // 40 departments below 8 offices.
    assert_eq!(count(&here, "people_v_unit").await, 48);
    let posts = count(&here, "people_v_post").await;
    assert_eq!(count(&here, "people_v_requirement").await, posts * 21);
    let depth: i64 = q("SELECT MAX(depth) FROM people_v_unit").scalar(here.db()).await.unwrap();
    let below: i64 = q("SELECT COUNT(*) FROM people_v_unit u JOIN people_v_unit p ON p.unit_id = u.parent_id
        WHERE u.path = p.path || '/' || u.unit_id")
    .scalar(here.db())
    .await
    .unwrap();
    assert_eq!((depth, below), (1, 40));
}

#[tokio::test]
async fn the_same_file_again_changes_nothing() {
    let here = TestOffice::with_staff(60).await;
    let state = "SELECT id, unit_id, post_id, nip, name, updated_ms FROM people_person ORDER BY id";
    type Row = (String, String, String, String, String, i64);
    let before: Vec<Row> = q(state).all(here.db()).await.unwrap();
    here.office.clock.advance(60_000);
    let read = here.load(&people(60)).await;
    assert_eq!(numbers(&read.report(Locale::Id)), [0, 0, 60, 0, 0, 0]);
    let after: Vec<Row> = q(state).all(here.db()).await.unwrap();
    assert_eq!(before, after);
    assert_eq!(count(&here, "people_unit").await, 48);
}

#[tokio::test]
async fn a_changed_file_shows_the_difference_and_keeps_who_is_missing() {
    let here = TestOffice::with_staff(20).await;
    let mut changed = people(21);
    changed.remove(3);
    changed[1] = changed[1].clone().with("JABATAN NAMA", "Arsiparis Ahli Muda");
    assert_eq!(numbers(&read(&here, &changed).await), [1, 1, 18, 1, 0, 0]);
    here.load(&changed).await;
    assert_eq!(count(&here, "people_v_person").await, 21);
    let active: i64 = q("SELECT COUNT(*) FROM people_v_person WHERE active = TRUE").scalar(here.db()).await.unwrap();
    assert_eq!(active, 21);
    let family: String = q("SELECT o.job_family FROM people_v_post o WHERE o.name = $1")
        .bind("Arsiparis Ahli Muda")
        .scalar(here.db())
        .await
        .unwrap();
    assert_eq!(family, "arsiparis");
}

#[tokio::test]
async fn a_file_with_a_fault_writes_nothing_not_even_the_agency() {
    let here = TestOffice::empty().await;
    let mut faulty = people(5);
    faulty[2] = faulty[2].clone().with("NAMA", "");
    let read = load_staff(here.db(), &here.office.clock, "Kabupaten Lain", &upload(&xlsx(0, &faulty))).await.unwrap();
    let report = read.report(Locale::Id);
    assert_eq!((report.rows, report.errors.len(), report.errors[0].cell.clone()), (5, 1, cell("NAMA", 4)));
    assert_eq!(find_agency(here.db(), "Kabupaten Lain").await.unwrap(), None);
    assert_eq!(count(&here, "people_person").await, 0);
}

#[tokio::test]
async fn a_dry_run_of_an_agency_that_is_not_there_yet_reads_everybody_as_new() {
    let here = TestOffice::empty().await;
    let read = read_staff_of(here.db(), &here.office.clock, "Baru", &upload(&xlsx(0, &people(4)))).await.unwrap();
    assert_eq!(numbers(&read.report(Locale::Id)), [4, 0, 0, 0, 0, 0]);
    assert_eq!(read.report(Locale::Id).other_agencies[0].rows, 4);
    assert_eq!(find_agency(here.db(), "Baru").await.unwrap(), None);
}

#[tokio::test]
async fn the_report_has_the_keys_that_scripts_read() {
    let here = TestOffice::empty().await;
    let json = serde_json::to_value(read(&here, &[Person::number(0).with("NAMA", "")]).await).unwrap();
    for key in ["rows", "new", "changed", "unchanged", "dropped_columns", "errors"] {
        assert!(json.get(key).is_some(), "{key}");
    }
    for key in ["sheet", "cell", "column", "value", "reason"] {
        assert!(json["errors"][0].get(key).is_some(), "{key}");
    }
    assert_eq!(json["errors"][0]["reason"], "The name is empty.");
}

#[tokio::test]
async fn a_changed_nip_is_asked_and_only_the_answer_changes_it() {
    let here = TestOffice::with_staff(10).await;
    let mut client = here.officer().await;
    let old = Person::number(4).get("NIP BARU").to_owned();
    let corrected = format!("{}{:03}", &old[..15], 77);
    let mut changed = people(10);
    changed[4] = changed[4].clone().with("NIP BARU", corrected.as_str());
    let outcome = upload_page(&mut client, &changed).await;
    let page = client.get(&outcome).await;
    let form = page.form(&outcome).expect("the form to confirm");
    assert_eq!(form.get("question-4"), Some("later"));

    let later = client.submit(&form).await;
    assert_eq!(later.location(), Some(outcome.as_str()));
    let id = here.person(&old).await;

    let outcome = upload_page(&mut client, &changed).await;
    let form = client.get(&outcome).await.form(&outcome).unwrap().set("question-4", "same");
    client.submit(&form).await;
    assert_eq!(here.person(&corrected).await, id);
    assert_eq!(count(&here, "people_person").await, 10);
}

#[tokio::test]
async fn somebody_of_another_agency_is_not_taken_over() {
    let here = TestOffice::with_staff(3).await;
    let read = here.load_for("Kabupaten Sungai Biru", &people(3)).await;
    assert_eq!(numbers(&read.report(Locale::En)), [0, 0, 0, 0, 3, 0]);
    let moved: i64 = q("SELECT COUNT(*) FROM people_person WHERE agency_id <> $1")
        .bind(here.agency)
        .scalar(here.db())
        .await
        .unwrap();
    assert_eq!(moved, 0);
}

#[tokio::test]
async fn a_file_is_confirmed_on_its_page_and_leavers_are_marked_by_the_officer() {
    let here = TestOffice::with_staff(10).await;
    let mut client = here.officer().await;
    let gone = here.person(Person::number(9).get("NIP BARU")).await;
    let outcome = upload_page(&mut client, &people(9)).await;
    let form = client.get(&outcome).await.form(&outcome).unwrap().add("left", &gone);
    client.submit(&form).await;
    let page = client.get(&outcome).await;
    assert_eq!(page.status(), StatusCode::OK);
    let active: bool =
        q("SELECT active FROM people_v_person WHERE person_id = $1").bind(&gone).scalar(here.db()).await.unwrap();
    assert!(!active);
    let kept: i64 =
        q("SELECT COUNT(*) FROM people_import WHERE content_json IS NOT NULL").scalar(here.db()).await.unwrap();
    assert_eq!(kept, 0);
    // Confirming again changes nothing.
    assert_eq!(client.submit(&form).await.location(), Some(outcome.as_str()));
}

#[tokio::test]
async fn what_changed_since_the_page_was_shown_is_shown_again_instead_of_written() {
    let here = TestOffice::empty().await;
    let mut client = here.officer().await;
    let outcome = upload_page(&mut client, &people(5)).await;
    let form = client.get(&outcome).await.form(&outcome).unwrap();
    here.load(&people(2)).await;
    let again = upload_page(&mut client, &people(5)).await;
    let stale = form.set("seen", "0000000000");
    let stale = melek_web::test_client::PageForm { action: again.clone(), ..stale };
    let answer = client.submit(&stale).await;
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(count(&here, "people_person").await, 2);
}

#[tokio::test]
async fn a_faulty_file_is_shown_with_its_cells_and_downloaded_as_a_list() {
    let here = TestOffice::empty().await;
    let mut client = here.officer().await;
    let faulty = Person::number(0).with("NAMA", "").with("AGAMA NAMA", "RAHASIA");
    let outcome = upload_page(&mut client, &[faulty]).await;
    let page = client.get(&outcome).await.text();
    assert!(page.contains(&cell("NAMA", 4)) && page.contains("Nama kosong."));
    assert!(page.contains("AGAMA NAMA") && !page.contains("RAHASIA"));
    let list = client.get(&format!("{outcome}/errors.xlsx")).await;
    assert!(list.bytes().starts_with(b"PK"));
    assert!(list.header("content-disposition").unwrap().contains("kesalahan"));
    assert_eq!(client.post_form(&format!("{outcome}/set-aside"), &[]).await.location(), Some("/staff/import"));
    assert_eq!(client.get(&format!("{outcome}/errors.xlsx")).await.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_file_that_cannot_be_read_is_explained_beside_its_field() {
    let here = TestOffice::empty().await;
    let mut client = here.officer().await;
    client.get("/staff/import").await;
    let answer = client.post_file("/staff/import", ("file", "x.xls"), b"\xd0\xcf\x11\xe0....", &[]).await;
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text().contains(".xls"));
    let answer = client.post_file("/staff/import", ("file", ""), b"", &[]).await;
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn what_was_never_confirmed_is_forgotten_after_a_week() {
    let here = TestOffice::empty().await;
    let mut client = here.officer().await;
    let outcome = upload_page(&mut client, &people(3)).await;
    let kept = async || -> i64 {
        q("SELECT COUNT(*) FROM people_import WHERE content_json IS NOT NULL").scalar(here.db()).await.unwrap()
    };
    let day_ms = 24 * 60 * 60 * 1000;
    here.office.clock.advance(6 * day_ms);
    melek_people::forget_stale_uploads(here.db(), &here.office.clock).await.unwrap();
    assert_eq!(kept().await, 1);
    here.office.clock.advance(2 * day_ms);
    melek_people::forget_stale_uploads(here.db(), &here.office.clock).await.unwrap();
    assert_eq!(kept().await, 0);
    sign_in(&mut client, "petugas", PASSWORD).await;
    assert!(client.get(&outcome).await.text().contains("tidak dipakai"));
}

#[tokio::test]
async fn no_table_keeps_anything_of_a_dropped_column() {
    let here = TestOffice::empty().await;
    let mut client = here.officer().await;
    upload_page(&mut client, &people(3)).await;
    here.load(&people(3)).await;
    let imports: Vec<String> =
        q("SELECT COALESCE(content_json, '') || summary_json FROM people_import").scalars(here.db()).await.unwrap();
    assert!(imports.iter().all(|text| !text.contains("RAHASIA") && !text.contains("01-01-19")));
}
