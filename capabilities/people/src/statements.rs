//! Every statement of this capability, so that a test prepares all of them on both engines and checks that they name only
//! this capability's tables. Statements that end in a list of values are completed with one row.

use melek_db::rows;

use crate::{
    agency, apply_import, confirm_import, create_user, import_staff, issue_codes, known_staff, scope_units,
    set_password, set_requirements, show_account, show_posts, show_staff, sign_in, signed_in, upload_staff,
};

/// Name, text around a list of values, and how many columns that list has (none: no list).
const STATEMENTS: &[(&str, &[&str], usize)] = &[
    ("find agency", &[agency::FIND], 0),
    ("read agency", &[agency::READ], 0),
    ("insert agency", &[agency::INSERT], 0),
    ("insert units", &[apply_import::INSERT_UNITS], 9),
    ("insert posts", &[apply_import::INSERT_POSTS], 7),
    ("insert requirements", &[apply_import::INSERT_REQUIREMENTS], 3),
    ("insert people", &[apply_import::INSERT_PEOPLE], 17),
    ("move unit", &[apply_import::MOVE_UNIT], 0),
    ("update people", &apply_import::UPDATE_PEOPLE, 17),
    ("mark as left", &[apply_import::MARK_LEFT], 0),
    ("rename accounts", &[apply_import::RENAME_ACCOUNTS], 0),
    ("close import", &[apply_import::CLOSE_IMPORT], 0),
    ("set import aside", &[confirm_import::SET_ASIDE], 0),
    ("insert account", &[create_user::INSERT_ACCOUNT], 0),
    ("insert role", &[create_user::INSERT_ROLE], 0),
    ("find unit by path", &[create_user::UNIT_OF_PATH], 0),
    ("insert import", &[import_staff::INSERT_IMPORT], 0),
    ("forget content of imports", &[import_staff::FORGET_CONTENT], 0),
    ("read import", &[import_staff::READ_IMPORT], 0),
    ("candidates for codes", &[issue_codes::CANDIDATES], 0),
    ("write codes", &issue_codes::WRITE_CODES, 8),
    ("staff of agency", &[known_staff::STAFF_OF_AGENCY], 0),
    ("staff elsewhere", &[known_staff::STAFF_ELSEWHERE, ")"], 1),
    ("units of agency", &[known_staff::UNITS_OF_AGENCY], 0),
    ("posts of agency", &[known_staff::POSTS_OF_AGENCY], 0),
    ("units in scope", &[scope_units::UNITS_IN_SCOPE], 0),
    ("read owner of password", &[set_password::READ_OWNER], 0),
    ("write password", &[set_password::WRITE_PASSWORD], 0),
    ("write job family", &[set_requirements::WRITE_FAMILY], 0),
    ("write requirement", &[set_requirements::WRITE_LEVEL], 0),
    ("read account", &[show_account::READ_ACCOUNT], 0),
    ("list posts", &[show_posts::LIST], 0),
    ("count posts", &[show_posts::COUNT], 0),
    ("read post", &[show_posts::READ], 0),
    ("read levels", &[show_posts::LEVELS], 0),
    ("list staff", &[show_staff::LIST], 0),
    ("count staff", &[show_staff::COUNT], 0),
    ("read person", &[show_staff::READ_PERSON], 0),
    ("find account by login", &[sign_in::FIND_BY_LOGIN], 0),
    ("find account by NIP", &[sign_in::FIND_BY_NIP], 0),
    ("find account of session", &[signed_in::FIND_ACCOUNT], 0),
    ("list roles", &[signed_in::LIST_ROLES], 0),
    ("recent imports", &[upload_staff::RECENT], 0),
];

/// Name and full text of each statement.
pub fn statements() -> Vec<(&'static str, String)> {
    let full = |parts: &[&str], columns: usize| match (parts, columns) {
        ([first, last @ ..], 1..) => format!("{first}{}{}", rows(1, columns), last.concat()),
        _ => parts.concat(),
    };
    STATEMENTS.iter().map(|(name, parts, columns)| (*name, full(parts, *columns))).collect()
}
