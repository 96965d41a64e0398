//! An .xlsx file as the answer to a request: never cached, always saved under the name given.

use axum::http::header;
use axum::response::{IntoResponse as _, Response};

const MEDIA_TYPE: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// `name` is without ending and of plain letters, digits, dashes.
pub(crate) fn spreadsheet(bytes: Vec<u8>, name: &str) -> Response {
    let name: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).collect();
    let disposition = format!("attachment; filename=\"{name}.xlsx\"");
    let headers = [
        (header::CONTENT_TYPE, MEDIA_TYPE.to_owned()),
        (header::CONTENT_DISPOSITION, disposition),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    (headers, bytes).into_response()
}
