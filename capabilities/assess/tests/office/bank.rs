//! The release of a bank that an agency changed, and the page about the bank in force.

use melek_assess::{
    ActivateBankError, Bank, ItemPool, Release, SimulatedBank, activate_bank, blueprint, require_activation,
    simulate_bank,
};

use crate::staff::TestOffice;

/// The open bank with one item of the agency's own on trial.
fn changed_bank() -> Bank {
    let folder = tempfile::tempdir().unwrap();
    let on_trial = include_str!("../items/own-order.toml").replacen("sources = []", "pilot = true\nsources = []", 1);
    std::fs::write(folder.path().join("own-order.toml"), on_trial).unwrap();
    Bank::load(Some(folder.path())).unwrap()
}

/// So few people are played that the bank falls short by that alone.
fn played(bank: &Bank) -> SimulatedBank {
    simulate_bank(&ItemPool::of_bank(bank).unwrap(), blueprint(), 50, 1).unwrap()
}

fn release(despite: Option<&str>) -> Release<'_> {
    Release { by: "Siti Rahma", despite, at_ms: 1_796_086_800_000 }
}

#[tokio::test]
async fn the_open_bank_needs_no_release_and_a_changed_one_does() {
    let here = TestOffice::new().await;
    let db = &here.office.db;
    assert!(require_activation(db, &Bank::load(None).unwrap(), blueprint()).await.is_ok());
    let refused = require_activation(db, &changed_bank(), blueprint()).await.unwrap_err().to_string();
    assert!(refused.contains("melek bank activate"), "{refused}");
    assert!(refused.contains("1 of the agency's own"), "{refused}");
}

#[tokio::test]
async fn a_bank_that_falls_short_is_released_only_with_a_reason() {
    let here = TestOffice::new().await;
    let (db, bank) = (&here.office.db, changed_bank());
    let simulated = played(&bank);
    let refused = activate_bank(db, (&bank, blueprint()), &simulated, &release(None)).await;
    assert!(matches!(refused, Err(ActivateBankError::Short(_))));
    assert!(require_activation(db, &bank, blueprint()).await.is_err(), "nothing was released");
    activate_bank(db, (&bank, blueprint()), &simulated, &release(Some("Uji coba terbatas"))).await.unwrap();
    assert!(require_activation(db, &bank, blueprint()).await.is_ok());
}

#[tokio::test]
async fn a_release_is_of_one_bank_version() {
    let here = TestOffice::new().await;
    let (db, bank) = (&here.office.db, changed_bank());
    activate_bank(db, (&bank, blueprint()), &played(&bank), &release(Some("Uji coba"))).await.unwrap();
    let other = Bank { version: "0123456789ab".into(), ..changed_bank() };
    assert!(require_activation(db, &other, blueprint()).await.is_err());
}

#[tokio::test]
async fn the_item_writer_reads_who_released_the_bank_why_and_how_far_items_on_trial_have_come() {
    let bank = changed_bank();
    let here = TestOffice::with_bank(changed_bank()).await;
    let reason = "Uji coba terbatas di dua bidang";
    activate_bank(&here.office.db, (&bank, blueprint()), &played(&bank), &release(Some(reason))).await.unwrap();
    let page = here.item_writer().await.get("/bank").await.text();
    for shown in ["Siti Rahma", reason, "only 50 people were played", "own-order", &bank.version] {
        assert!(page.contains(shown), "{shown}: {page}");
    }
}

#[tokio::test]
async fn of_the_open_bank_the_page_says_that_it_is_as_shipped() {
    let here = TestOffice::new().await;
    let page = here.item_writer().await.get("/bank").await.text();
    assert!(page.contains("Bank terbuka seperti yang dikirim bersama program"), "{page}");
}
