//! Reports about items, for the item writer.

use melek_db::q;

use crate::staff::TestOffice;

const ITEM: &str = "1.1-basic-01";

async fn report(here: &TestOffice, person: usize, note: &str) {
    let person = here.people_of("Bidang Data").await[person];
    let campaign = here.campaign(None).await;
    let session = here.start(campaign, person).await;
    let mut tx = here.office.db.begin().await.unwrap();
    q("INSERT INTO assess_flag (id, session_id, position, item_id, locale, note, raised_ms) \
       VALUES ($1, $2, 1, $3, 'id', $4, $5)")
    .bind(here.office.clock.new_id())
    .bind(session)
    .bind(ITEM)
    .bind(note)
    .bind(here.office.clock.now_ms())
    .exec(&mut tx)
    .await
    .unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn an_item_is_shown_with_notes_key_and_reasons_in_both_languages() {
    let here = TestOffice::new().await;
    report(&here, 0, "Dua jawaban benar.").await;
    let mut writer = here.item_writer().await;
    assert!(writer.get("/item-flags").await.text().contains("1 terbuka dari 1"));
    let page = writer.get(&format!("/item-flags/{ITEM}")).await.text();
    for shown in ["Dua jawaban benar.", "syarat surat keterangan usaha", "business certificate requirements", "Kunci"] {
        assert!(page.contains(shown), "{shown}");
    }
    assert!(page.contains("Cakupannya malah lebih luas"), "reasons of the other options");
}

#[tokio::test]
async fn closing_closes_what_was_on_the_page_and_no_later_report() {
    let here = TestOffice::new().await;
    report(&here, 0, "Salah ketik.").await;
    let mut writer = here.item_writer().await;
    let path = format!("/item-flags/{ITEM}");
    let form = writer.get(&path).await.form(&path).unwrap();
    here.office.clock.advance(1_000);
    report(&here, 1, "Gambar tidak terbuka.").await;
    writer.submit(&form).await;
    assert!(writer.get("/item-flags").await.text().contains("1 terbuka dari 2"));
    let form = writer.get(&path).await.form(&path).unwrap();
    writer.submit(&form).await;
    assert!(writer.get("/item-flags").await.text().contains("0 terbuka dari 2"));
}
