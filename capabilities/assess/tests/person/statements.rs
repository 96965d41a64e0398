//! Every statement is in the common subset and is understood by the engine under test.

use crate::office::test_office;

#[tokio::test]
async fn every_statement_is_understood_by_the_engine() {
    let office = test_office().await;
    melek_db::check_statements(&office.office.db, &melek_assess::statements()).await.expect("statements");
}
