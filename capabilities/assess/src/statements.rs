//! Every fixed statement of this capability, for the test that prepares them on both engines. Multi-row statements are built by
//! size and are tested by running them.

use crate::oversight::{
    answer_dispute, campaign, close_flag, draw_up_report, export_answers, list_campaigns, open_campaign, show_campaign,
    show_unfinished,
};
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
        ("times of answers", result_of_session::TIMES),
        ("session by id", stored_session::BY_ID),
        ("session by campaign", stored_session::BY_CAMPAIGN),
        ("overdue sessions", stored_session::OVERDUE),
        ("campaign in scope", campaign::CAMPAIGN),
        ("campaigns", list_campaigns::CAMPAIGNS),
        ("campaign of any scope", campaign::CAMPAIGN_OF_ANY_SCOPE),
        ("units", campaign::UNITS),
        ("insert campaign", open_campaign::INSERT),
        ("same campaign", open_campaign::SAME),
        ("coverage", show_campaign::COVERAGE),
        ("move closing", show_campaign::MOVE_CLOSING),
        ("unfinished people", show_unfinished::UNFINISHED),
        ("results of campaign", draw_up_report::RESULTS),
        ("count results of campaign", draw_up_report::COUNT_RESULTS),
        ("open sessions of campaign", draw_up_report::OPEN_SESSIONS),
        ("posts of agency", draw_up_report::POSTS),
        ("needs of agency", draw_up_report::NEEDS),
        ("kept report", draw_up_report::KEPT),
        ("keep report", draw_up_report::KEEP),
        ("disputes", answer_dispute::DISPUTES),
        ("dispute in scope", answer_dispute::DISPUTE),
        ("reply", answer_dispute::REPLY),
        ("flagged items", close_flag::FLAGGED),
        ("notes on item", close_flag::NOTES),
        ("close flags", close_flag::CLOSE),
        ("people with answers", export_answers::PEOPLE),
        ("answers", export_answers::ANSWERS),
        ("last of part", export_answers::LAST_OF_PART),
    ]
}
