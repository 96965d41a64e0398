//! Items as people see them: every kind of material, variants of families, files to download.

use std::io::Cursor;

use axum::http::StatusCode;
use calamine::{Data, Reader, Xlsx};
use melek_assess::{Answer, Bank, DocumentKind, ItemId, Task, preview_routes};
use melek_web::test_client::Client;
use melek_web::{Locale, testing};
use uuid::Uuid;

use crate::office::{SEED, TestOffice, test_office};

const FAMILY: &str = "1.3-intermediate-53";
const FAMILY_OF_A_CSV: &str = "1.3-advanced-52";
const NO_FILE: &str = "1.2-basic-01";

/// The writer's preview of the whole bank.
async fn preview() -> (Client, Bank) {
    let database = melek_db::test_database().await;
    let office = testing::office(database.handle(), &[]).await;
    let bank = Bank::load(None).expect("bank");
    let (office, routes) = preview_routes(office, bank.items.clone(), 1);
    (Client::new(melek_web::router(office, routes)), bank)
}

#[tokio::test]
async fn every_item_of_the_bank_has_a_page_in_both_languages() {
    let (mut browser, bank) = preview().await;
    for language in Locale::ALL {
        browser.get("/").await;
        browser.post_form("/language", &[("language", language.tag()), ("return_to", "/")]).await;
        for item in &bank.items {
            let page = browser.get(&format!("/{}/3", item.id)).await;
            let text = page.text();
            assert_eq!(page.status(), StatusCode::OK, "{}", item.id);
            assert!(text.contains(&format!("lang=\"{}\"", language.tag())), "{}", item.id);
            assert!(!text.contains("{{") && !text.contains("}}"), "{}", item.id);
        }
    }
}

/// Words that say what is drawn, by kind: a picture alone would tell nothing to who does not see it.
#[tokio::test]
async fn every_kind_of_material_says_its_states_in_words() {
    let (mut browser, bank) = preview().await;
    let said = [
        (DocumentKind::Inbox, vec!["Kotak masuk", "belum dibaca", "bahan-rapat.pdf"]),
        (DocumentKind::FolderTree, vec!["Folder ", "Berkas ", "Surat"]),
        (DocumentKind::Permissions, vec!["Izin aplikasi", "Diizinkan", "Tidak diizinkan"]),
        (DocumentKind::Login, vec!["Halaman masuk di peramban", "peramban menampilkan gembok tertutup"]),
        (DocumentKind::Calendar, vec!["Kalender", "Senin, 6 April 2026", "Ruang Mawar"]),
        (DocumentKind::Form, vec!["Formulir terisi", "dicentang"]),
    ];
    for (kind, words) in said {
        let marked = bank.items.iter().filter(|item| item.variants.is_none());
        let found =
            marked.into_iter().find(|item| matches!(&item.task, Task::Mark { document } if document.kind == kind));
        let text = browser.get(&format!("/{}/1", found.expect("an item of the kind").id)).await.text();
        for word in words {
            assert!(text.contains(word), "{word} of {kind:?}");
        }
        assert!(text.contains("role=\"group\" aria-label="), "{kind:?} has no name");
        assert!(!text.contains("style=") && !text.contains("onclick"), "{kind:?}");
    }
}

#[tokio::test]
async fn a_hint_beside_a_tick_is_shown() {
    let (mut browser, _) = preview().await;
    let text = browser.get("/2.3-highly-advanced-21/1").await.text();
    assert!(text.contains("Diisi aplikasi dan tidak dapat diubah"), "{text}");
}

#[tokio::test]
async fn days_without_appointments_are_told_and_folders_nest() {
    let (mut browser, _) = preview().await;
    let calendar = browser.get("/2.4-basic-51/1").await.text();
    assert!(calendar.contains("Kamis, 12 Maret 2026") && calendar.contains("Tidak ada acara"));
    let page = browser.get("/1.3-intermediate-52/1").await.text();
    let folders =
        page.split("class=\"document ").nth(1).and_then(|rest| rest.split("</div>\n</fieldset>").next()).expect("tree");
    assert_eq!(folders.matches("<li>").count(), 11);
    assert_eq!(folders.matches("<ul>").count(), folders.matches("</ul>").count());
    assert_eq!(folders.matches("<li>").count(), folders.matches("</li>").count());
}

#[tokio::test]
async fn a_marked_material_is_scored_by_its_places() {
    let (mut browser, bank) = preview().await;
    let item = bank.item(&ItemId::new("4.2-basic-52")).expect("item");
    let Task::Mark { document } = &item.task else { panic!("to mark") };
    let wrong = |part: &melek_assess::Part| part.mark == melek_assess::PartMark::Wrong;
    let places: Vec<String> =
        document.parts.iter().zip(1..).filter(|(part, _)| wrong(part)).map(|(_, place)| place.to_string()).collect();
    let fields: Vec<(&str, &str)> = places.iter().map(|place| ("a", place.as_str())).collect();
    browser.get("/4.2-basic-52/1").await;
    let said = browser.post_form("/4.2-basic-52/1", &fields).await.text();
    assert!(said.contains("Dinilai benar."), "{said}");
    let said = browser.post_form("/4.2-basic-52/1", &fields[1..]).await.text();
    assert!(said.contains("Dinilai belum benar."), "{said}");
}

/// A session with the item before the person, and its page's address.
async fn before(office: &TestOffice, person: usize, item: &str) -> (Uuid, String) {
    let session = office.start(office.people[person]).await;
    office.put_before(session, item).await;
    (session, format!("/sessions/{session}"))
}

#[tokio::test]
async fn a_family_shows_the_same_variant_again_and_is_scored_by_its_own_key() {
    let office = test_office().await;
    let (session, path) = before(&office, 0, FAMILY).await;
    let mut browser = office.browser(office.people[0]).await;
    let variant = office.desk().item(&ItemId::new(FAMILY)).expect("item").drawn(SEED).into_owned();
    let stem = variant.stem.get(Locale::Id).to_owned();
    for _ in 0..2 {
        assert!(browser.get(&path).await.text().contains(&stem));
    }
    let key = Answer::key(&variant.task);
    browser.post_form(&format!("{path}/1"), &[("a", key.as_str())]).await;
    let right: bool = office.read("SELECT is_right FROM assess_answer WHERE session_id = $1", session).await;
    assert!(right);
}

#[tokio::test]
async fn seeds_give_different_variants_and_one_seed_the_same_one() {
    let bank = Bank::load(None).expect("bank");
    let mut alike = Vec::new();
    for item in bank.items.iter().filter(|item| item.variants.is_some()) {
        let shown = |seed| {
            let variant = item.drawn(seed);
            let what = (&variant.context, &variant.table, &variant.material, &variant.file, &variant.task);
            format!("{what:?}")
        };
        assert_eq!(shown(5), shown(5), "{}", item.id);
        let different: std::collections::BTreeSet<String> = (0..40).map(shown).collect();
        if different.len() <= 30 {
            alike.push(format!("{}: {} variants in 40 draws", item.id, different.len()));
        }
        assert_eq!(item.drawn(9).task.chance(), item.task.chance(), "{}", item.id);
    }
    assert!(alike.is_empty(), "{alike:#?}");
}

/// The draw is part of what people were shown: it must never change for an item that is in use.
#[tokio::test]
async fn the_variant_of_a_seed_is_the_one_it_always_was() {
    let family = include_str!("../items/own-family.toml");
    let item = melek_assess::read_item("own-family", family).expect("family");
    let drawn = [1, 2, u64::MAX].map(|seed| {
        let variant = item.drawn(seed);
        format!("{} = {}", variant.stem.en, Answer::key(&variant.task).as_str())
    });
    assert_eq!(drawn, DRAWN);
}

const DRAWN: [&str; 3] = [
    "How many requests are longer than 5 days? = 6",
    "How many requests are longer than 4 days? = 3",
    "How many requests are longer than 5 days? = 5",
];

#[tokio::test]
async fn the_workbook_holds_what_the_key_is_computed_from() {
    let office = test_office().await;
    let (_, path) = before(&office, 0, FAMILY).await;
    let mut browser = office.browser(office.people[0]).await;
    let page = browser.get(&path).await.text();
    assert!(page.contains(&format!("href=\"{path}/1/file\"")) && page.contains("perjalanan-dinas.xlsx"), "{page}");
    let file = browser.get(&format!("{path}/1/file")).await;
    assert_eq!(file.header("content-disposition"), Some("attachment; filename=\"perjalanan-dinas.xlsx\""));
    assert_eq!(file.header("cache-control"), Some("no-store"));
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(file.bytes().to_vec())).expect("workbook");
    let sheet = workbook.worksheet_range_at(0).expect("sheet").expect("range");
    assert!(sheet.rows().skip(1).all(|row| matches!(row[2], Data::DateTime(_))), "a date is a date, not a text");
    let variant = office.desk().item(&ItemId::new(FAMILY)).expect("item").drawn(SEED).into_owned();
    let stem = variant.stem.get(Locale::Id);
    let approved = sheet.rows().skip(1).filter(|row| {
        let unit = row[1].to_string();
        stem.contains(&format!("Bagian {unit} ")) && row[4] == "disetujui"
    });
    let total: f64 =
        approved.map(|row| if let Data::Float(amount) = row[3] { amount } else { panic!("{row:?}") }).sum();
    assert!(Answer::stored(total.to_string()).is_right(&variant.task), "{total}");
    assert_eq!(sheet.rows().count(), 61);
    assert!(workbook.worksheet_formula(&workbook.sheet_names()[0].clone()).expect("formulas").is_empty());
}

#[tokio::test]
async fn the_table_of_values_holds_what_the_key_is_computed_from() {
    let office = test_office().await;
    let (_, path) = before(&office, 0, FAMILY_OF_A_CSV).await;
    let mut browser = office.browser(office.people[0]).await;
    let file = browser.get(&format!("{path}/1/file")).await;
    let disposition = file.header("content-disposition").expect("named").to_owned();
    assert!(disposition.ends_with(".csv\""), "{disposition}");
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(file.bytes());
    assert_eq!(reader.records().filter(|row| row.as_ref().is_ok_and(|row| row.len() == 4)).count(), 80);
}

#[tokio::test]
async fn a_file_is_only_for_the_person_and_only_while_its_item_is_shown() {
    let office = test_office().await;
    let (session, path) = before(&office, 0, FAMILY).await;
    let file = format!("{path}/1/file");
    let mut browser = office.browser(office.people[0]).await;
    let mut other = office.browser(office.people[1]).await;
    assert_eq!(other.get(&file).await.status(), StatusCode::NOT_FOUND);
    assert_eq!(browser.get(&format!("{path}/2/file")).await.status(), StatusCode::NOT_FOUND);
    assert_eq!(browser.get(&file).await.status(), StatusCode::OK);
    browser.get(&path).await;
    browser.post_form(&format!("{path}/pause"), &[]).await;
    assert_eq!(browser.get(&file).await.status(), StatusCode::NOT_FOUND);
    browser.post_form(&format!("{path}/resume"), &[]).await;
    assert_eq!(browser.get(&file).await.status(), StatusCode::OK);
    office.put_before(session, NO_FILE).await;
    assert_eq!(browser.get(&file).await.status(), StatusCode::NOT_FOUND);
    office.put_before(session, FAMILY).await;
    browser.post_form(&format!("{path}/1"), &[("skip", "1")]).await;
    assert_eq!(browser.get(&file).await.status(), StatusCode::NOT_FOUND);
}
