//! Every fixed statement of the person's side, for the test that prepares them on both engines. Multi-row statements are built by
//! size and are tested by running them.

use crate::{begin, disagree, home, result_of_session, stored_session};

pub fn statements() -> Vec<(&'static str, &'static str)> {
    vec![
        ("campaign for person", begin::CAMPAIGN_FOR_PERSON),
        ("dispute", disagree::DISPUTE),
        ("finished session", disagree::IS_FINISHED),
        ("open campaigns", home::OPEN_CAMPAIGNS),
        ("results of person", home::RESULTS),
        ("result", result_of_session::RESULT),
        ("needs of person", result_of_session::NEEDS),
        ("post of person", result_of_session::POST),
        ("missed items", result_of_session::MISSED),
        ("session by id", stored_session::BY_ID),
        ("session by campaign", stored_session::BY_CAMPAIGN),
        ("overdue sessions", stored_session::OVERDUE),
    ]
}
