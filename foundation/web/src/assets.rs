//! Style sheet, script and icon: compiled in, compressed at start, named after their content.
//!
//! A name carries the first 40 bits of the content's SHA-256, so a browser may keep a file for ever and a new release is seen at once.

use std::io::Write as _;
use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::secret;

/// The files of every page.
pub(crate) static ASSETS: LazyLock<Assets> = LazyLock::new(|| Assets {
    style: Asset::new("app", "css", include_bytes!("../assets/app.css")),
    script: Asset::new("app", "js", include_bytes!("../assets/app.js")),
    icon: Asset::new("icon", "svg", include_bytes!("../assets/icon.svg")),
});

pub(crate) struct Assets {
    pub style: Asset,
    pub script: Asset,
    pub icon: Asset,
}

pub(crate) struct Asset {
    name: String,
    media_type: &'static str,
    plain: &'static [u8],
    gzip: Vec<u8>,
}

impl Asset {
    fn new(stem: &str, extension: &str, plain: &'static [u8]) -> Self {
        let media_type = match extension {
            "css" => "text/css; charset=utf-8",
            "js" => "text/javascript; charset=utf-8",
            _ => "image/svg+xml",
        };
        Self { name: name(stem, extension, plain), media_type, plain, gzip: gzip(plain) }
    }

    /// Address of the file, for a page.
    pub fn path(&self) -> String {
        format!("/assets/{}", self.name)
    }

    /// Bytes that travel when the browser accepts gzip.
    #[cfg(test)]
    pub fn gzip_len(&self) -> usize {
        self.gzip.len()
    }
}

/// `app.1f3a9c0b2d.css`
fn name(stem: &str, extension: &str, content: &[u8]) -> String {
    format!("{stem}.{}.{extension}", secret::fingerprint(content))
}

fn gzip(plain: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(plain).and_then(|()| encoder.finish()).expect("writing to memory does not fail")
}

/// GET /assets/{name}
pub(crate) async fn asset(Path(name): Path<String>, headers: HeaderMap) -> Response {
    let all = [&ASSETS.style, &ASSETS.script, &ASSETS.icon];
    let Some(asset) = all.into_iter().find(|asset| asset.name == name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let accepts_gzip = headers
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.contains("gzip"));
    let mut response = if accepts_gzip {
        let mut response = asset.gzip.clone().into_response();
        let gzip = HeaderValue::from_static("gzip");
        response.headers_mut().insert(header::CONTENT_ENCODING, gzip);
        response
    } else {
        asset.plain.into_response()
    };
    for (name, value) in [
        (header::CONTENT_TYPE, asset.media_type),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (header::VARY, "accept-encoding"),
    ] {
        let value = HeaderValue::from_static(value);
        response.headers_mut().insert(name, value);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_file_gets_another_name() {
        let before = name("app", "css", b"body{}");
        assert_eq!(before, name("app", "css", b"body{}"));
        assert_ne!(before, name("app", "css", b"body{color:red}"));
        assert!(before.starts_with("app.") && before.ends_with(".css"));
    }

    #[test]
    fn style_script_and_icon_stay_within_their_budget() {
        let sizes = [&ASSETS.style, &ASSETS.script, &ASSETS.icon].map(Asset::gzip_len);
        println!("gzip bytes: style {}, script {}, icon {}", sizes[0], sizes[1], sizes[2]);
        assert!(sizes[0] <= 9 * 1024, "style sheet");
        assert!(sizes[1] <= 4 * 1024, "script");
        assert!(sizes.iter().sum::<usize>() <= 16 * 1024, "first page's files");
    }
}
