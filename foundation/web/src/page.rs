//! The one layout. A capability renders its body; the layout adds title, heading, header, navigation, language switch and footer.
//!
//! When the page's own script asks (header `x-melek-fragment`), only `<title>` and `<main>` are sent: the same main part.

use askama::Template;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse as _, Response};

use crate::assets::ASSETS;
use crate::visitor::FRAGMENT_HEADER;
use crate::{FieldErrors, NavEntry, Office, Problem, Visitor, Words, words};

const PRODUCT: &str = "Melek";
/// Address that the browser shall show after the script has put a fragment into the page.
const AT_HEADER: HeaderName = HeaderName::from_static("x-melek-at");

/// The ordinary page: `page(&office, &visitor, &title, body)`. The layout writes the title as the page's only `<h1>`.
pub fn page(office: &Office, visitor: &Visitor, title: &str, body: impl Template) -> Response {
    Page::new(office, visitor, title).show(body)
}

/// A page with something special: errors, a way back, full width, another status.
#[must_use = "a page is sent with show()"]
pub struct Page<'a> {
    office: &'a Office,
    visitor: &'a Visitor,
    title: &'a str,
    status: StatusCode,
    prefix: Option<String>,
    back: Option<(&'a str, &'a str)>,
    is_wide: bool,
    at: Option<&'a str>,
}

impl<'a> Page<'a> {
    pub fn new(office: &'a Office, visitor: &'a Visitor, title: &'a str) -> Self {
        let status = StatusCode::OK;
        Self { office, visitor, title, status, prefix: None, back: None, is_wide: false, at: None }
    }

    /// The form has errors: status 422, and the document's title begins with "Kesalahan:". No effect without errors.
    pub fn errors(mut self, errors: &FieldErrors) -> Self {
        if !errors.is_empty() {
            self.status = StatusCode::UNPROCESSABLE_ENTITY;
            self.prefix = Some(errors.prefix());
        }
        self
    }

    /// A link above the heading to the page one comes from.
    pub fn back(mut self, path: &'a str, label: &'a str) -> Self {
        self.back = Some((path, label));
        self
    }

    /// Uses the whole width, for tables of an office; text keeps its measure.
    pub fn wide(mut self) -> Self {
        self.is_wide = true;
        self
    }

    pub fn status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// The address under which this page is found with GET, when it is the direct answer to a posted form.
    pub fn at(mut self, path: &'a str) -> Self {
        self.at = Some(path);
        self
    }

    pub fn show(self, body: impl Template) -> Response {
        let html = body.render().and_then(|body| {
            if self.visitor.wants_fragment { self.fragment(&body).render() } else { self.layout(&body).render() }
        });
        match html {
            Ok(html) => self.answer(html),
            Err(error) => Problem::from(error).into_response(),
        }
    }

    fn answer(&self, html: String) -> Response {
        let mut response = (self.status, Html(html)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::VARY, HeaderValue::from(FRAGMENT_HEADER));
        if let Some(Ok(at)) = self.at.filter(|_| self.visitor.wants_fragment).map(HeaderValue::try_from) {
            headers.insert(AT_HEADER, at);
        }
        response
    }

    fn main<'b>(&'b self, body: &'b str) -> Main<'b> {
        Main { title: self.title, back: self.back, is_wide: self.is_wide, body }
    }

    fn fragment<'b>(&'b self, body: &'b str) -> Fragment<'b> {
        Fragment { document_title: self.document_title(), main: self.main(body) }
    }

    fn layout<'b>(&'b self, body: &'b str) -> Layout<'b> {
        let visitor = self.visitor;
        let path = visitor.path.split('?').next().unwrap_or_default();
        let links = |entries: &[NavEntry]| {
            let seen = entries.iter().filter(|entry| visitor.sees(entry.role));
            let link = |entry: &NavEntry| Link {
                path: entry.path,
                label: (entry.label)(visitor.locale),
                is_current: is_within(path, entry.path),
            };
            seen.map(link).collect()
        };
        Layout {
            document_title: self.document_title(),
            main: self.main(body),
            words: words(visitor.locale),
            visitor,
            return_to: self.at.unwrap_or(visitor.return_to.as_str()),
            navigation: links(self.office.navigation()),
            footer: links(self.office.footer()),
            is_account_page: is_within(path, "/account"),
            is_sign_in_page: is_within(path, "/sign-in"),
            installation: &self.office.settings.installation,
            is_synthetic: self.office.settings.synthetic,
            style: ASSETS.style.path(),
            script: ASSETS.script.path(),
            icon: ASSETS.icon.path(),
        }
    }

    fn document_title(&self) -> String {
        let prefix = self.prefix.as_ref().map(|prefix| format!("{prefix} ")).unwrap_or_default();
        let title = self.title;
        if title == PRODUCT { format!("{prefix}{title}") } else { format!("{prefix}{title} – {PRODUCT}") }
    }
}

/// Is `path` the page of a link, or below it?
fn is_within(path: &str, link: &str) -> bool {
    path.strip_prefix(link).is_some_and(|rest| rest.is_empty() || (link != "/" && rest.starts_with('/')))
}

struct Link {
    path: &'static str,
    label: String,
    is_current: bool,
}

#[derive(Template)]
#[template(path = "web/main.html")]
struct Main<'a> {
    title: &'a str,
    back: Option<(&'a str, &'a str)>,
    is_wide: bool,
    body: &'a str,
}

impl askama::filters::HtmlSafe for Main<'_> {}

#[derive(Template)]
#[template(path = "web/fragment.html")]
struct Fragment<'a> {
    document_title: String,
    main: Main<'a>,
}

#[derive(Template)]
#[template(path = "web/layout.html")]
struct Layout<'a> {
    document_title: String,
    main: Main<'a>,
    words: Words,
    visitor: &'a Visitor,
    return_to: &'a str,
    navigation: Vec<Link>,
    footer: Vec<Link>,
    is_account_page: bool,
    is_sign_in_page: bool,
    installation: &'a str,
    is_synthetic: bool,
    style: String,
    script: String,
    icon: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_current_on_its_page_and_below() {
        assert!(is_within("/staff", "/staff"));
        assert!(is_within("/staff/import", "/staff"));
        assert!(!is_within("/staffing", "/staff"));
        assert!(!is_within("/staff", "/"));
        assert!(is_within("/", "/"));
    }
}
