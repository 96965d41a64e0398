//! Both languages of the pages are complete.

#[test]
fn every_text_stands_in_both_languages_and_is_used() {
    melek_web::testing::assert_same_words(env!("CARGO_MANIFEST_DIR"));
}
