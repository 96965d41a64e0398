//! The Excel file of a campaign, opened again, and the answers handed out for calibration.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use melek_assess::{ExportedAnswer, export_answers};
use uuid::Uuid;

use crate::staff::{DAY_MS, TestOffice};

/// Rows of every sheet as texts.
type Sheets = BTreeMap<String, Vec<Vec<String>>>;

async fn exported(here: &TestOffice, campaign: Uuid) -> Sheets {
    let mut officer = here.officer().await;
    let answer = officer.get(&format!("/campaigns/{campaign}/results.xlsx")).await;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(answer.bytes().to_vec())).unwrap();
    let names = book.sheet_names();
    let text = |cell: &Data| cell.to_string();
    let mut sheet = |name: &String| {
        let range = book.worksheet_range(name).unwrap();
        range.rows().map(|row| row.iter().map(text).collect()).collect()
    };
    names.iter().map(|name| (name.clone(), sheet(name))).collect()
}

#[tokio::test]
async fn a_file_for_the_report_holds_counts_and_no_person() {
    let here = TestOffice::new().await;
    let campaign = here.campaign(None).await;
    for (unit, low) in [("Bidang Data", 15), ("Dinas Kominfo", 1), ("Dinas Sosial", 12), ("Kelurahan Laut", 2)] {
        here.measure_unit(campaign, unit, low).await;
    }
    here.office.clock.advance(8 * DAY_MS);
    let sheets = exported(&here, campaign).await;
    let names: Vec<&str> = sheets.keys().map(String::as_str).collect();
    assert_eq!(names, ["Cakupan", "Kesenjangan per jabatan", "Kesenjangan per unit", "Keterangan", "Sebaran"]);
    let last = sheets["Cakupan"].last().unwrap();
    assert_eq!(last, &["Semua", "71", "0", "0", "71"]);
    for sheet in ["Kesenjangan per jabatan", "Kesenjangan per unit"] {
        let rows = &sheets[sheet][1..];
        assert!(rows.len() > 5);
        for cell in rows.iter().flat_map(|row| &row[2..]) {
            assert!(cell == "–" || cell.parse::<u64>().unwrap() >= 10, "{sheet}: {cell}");
        }
    }
    let notes = format!("{:?}", sheets["Keterangan"]);
    for told in ["Sementara:", &here.desk().bank.version, "di bawah 10 orang", "9 Desember 2026", "Menyusun pelatihan."]
    {
        assert!(notes.contains(told), "{told} in {notes}");
    }
    let everything = format!("{sheets:?}");
    assert!(!everything.contains("Pegawai A") && !everything.contains("1986"), "a name or NIP is in the file");
}

#[tokio::test]
async fn while_there_is_no_report_the_file_holds_coverage_only() {
    let here = TestOffice::new().await;
    let campaign = here.campaign(None).await;
    here.measure_unit(campaign, "Bidang Data", 15).await;
    let sheets = exported(&here, campaign).await;
    assert_eq!(sheets.keys().map(String::as_str).collect::<Vec<_>>(), ["Cakupan", "Keterangan"]);
}

#[tokio::test]
async fn exported_answers_name_a_person_by_a_number_that_is_drawn_anew() {
    let here = TestOffice::new().await;
    let campaign = here.campaign(None).await;
    let people = here.people_of("Bidang Data").await;
    for (at, person) in people.iter().enumerate() {
        let session = here.measure(campaign, *person, (0.0, "precision")).await;
        let mut tx = here.office.db.begin().await.unwrap();
        for position in 1..=2 {
            melek_db::q("INSERT INTO assess_answer (session_id, position, item_id, answer, is_right, locale, shown_ms, answered_ms, used_ms) \
                         VALUES ($1, $2, '1.1-basic-01', 'a', TRUE, 'id', 0, 0, $3)")
                .bind(session)
                .bind(i64::from(position))
                .bind(at as i64)
                .exec(&mut tx)
                .await
                .unwrap();
        }
        tx.commit().await.unwrap();
    }
    let mut orders = BTreeSet::new();
    for seed in [1, 2] {
        let answers = exported_answers(&here, seed).await;
        assert_eq!(answers.len(), 60);
        let numbers: BTreeSet<usize> = answers.iter().map(|answer| answer.person).collect();
        assert_eq!(numbers, (1..=30).collect());
        orders.insert(answers.iter().map(|answer| answer.milliseconds).collect::<Vec<_>>());
    }
    let in_time: Vec<i64> = (0..30).flat_map(|at| [at, at]).collect();
    assert!(orders.len() == 2 && !orders.contains(&in_time));
}

#[tokio::test]
async fn exported_answers_say_which_were_too_fast_to_have_been_read() {
    let here = TestOffice::new().await;
    let campaign = here.campaign(None).await;
    let session = here.measure(campaign, here.people_of("Bidang Data").await[0], (0.0, "precision")).await;
    here.answers(session, 3).await;
    let answers = exported_answers(&here, 1).await;
    let rapid: Vec<i64> = answers.iter().filter(|answer| answer.is_rapid).map(|answer| answer.milliseconds).collect();
    assert_eq!((answers.len(), rapid), (14, vec![1_000; 3]));
}

async fn exported_answers(here: &TestOffice, seed: u64) -> Vec<ExportedAnswer> {
    let (desk, mut answers) = (here.desk(), Vec::new());
    let handed_out = export_answers(&here.office.db, &desk.bank, seed, |answer| answers.push(answer)).await.unwrap();
    assert_eq!(handed_out, answers.len());
    answers
}
