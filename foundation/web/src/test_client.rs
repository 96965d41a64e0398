//! A browser for tests, without sockets: keeps cookies, sends the CSRF field by itself, reads forms out of pages.
//!
//! Redirects are answers like others (`location()`), so that a test says what it expects; `follow` goes there.

use std::collections::BTreeMap;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use tower::ServiceExt as _;

use crate::{NewSession, Office, Visitor};

const BODY_LIMIT: usize = 64 * 1024 * 1024;
const FORM: &str = "application/x-www-form-urlencoded";
const BOUNDARY: &str = "melek-test-boundary";

/// One visitor's browser. Clones start with the same cookies and go separate ways.
#[derive(Clone)]
pub struct Client {
    router: Router,
    cookies: BTreeMap<String, String>,
    csrf: Option<String>,
    headers: Vec<(String, String)>,
}

impl Client {
    pub fn new(router: Router) -> Self {
        Self { router, cookies: BTreeMap::new(), csrf: None, headers: Vec::new() }
    }

    /// The same client with a header on every request from now on.
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Opens a session without a sign-in page, as if the account had just proved itself.
    pub async fn sign_in(&mut self, office: &Office, new: NewSession<'_>) {
        let guest = Visitor::guest(crate::Locale::default(), "/");
        let cookies = office.sessions().open(&guest, new).await.expect("the session opens");
        for cookie in &cookies.0 {
            self.keep_cookie(cookie.to_str().expect("a cookie is text"));
        }
        self.csrf = None;
    }

    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(Method::GET, path, None, Vec::new()).await
    }

    /// Posts fields with the CSRF field of the page seen last (of `/` when none was seen yet).
    pub async fn post_form(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let csrf = self.own_csrf().await;
        let with_csrf = [&[("csrf", csrf.as_str())], fields].concat();
        self.post_without_csrf(path, &with_csrf).await
    }

    /// Posts exactly these fields.
    pub async fn post_without_csrf(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = serde_html_form::to_string(fields).expect("pairs become a form");
        self.send(Method::POST, path, Some(FORM), body.into_bytes()).await
    }

    /// Posts a form with one file.
    pub async fn post_file(
        &mut self,
        path: &str,
        (field, file_name): (&str, &str),
        content: &[u8],
        fields: &[(&str, &str)],
    ) -> Answer {
        let csrf = self.own_csrf().await;
        let mut body = Vec::new();
        for (name, value) in [&[("csrf", csrf.as_str())], fields].concat() {
            let part = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend(part.bytes());
        }
        let disposition = format!("form-data; name=\"{field}\"; filename=\"{file_name}\"");
        body.extend(format!("--{BOUNDARY}\r\nContent-Disposition: {disposition}\r\n\r\n").bytes());
        body.extend(content);
        body.extend(format!("\r\n--{BOUNDARY}--\r\n").bytes());
        let media_type = format!("multipart/form-data; boundary={BOUNDARY}");
        self.send(Method::POST, path, Some(&media_type), body).await
    }

    /// Posts any body of any media type, with nothing added.
    pub async fn post_raw(&mut self, path: &str, media_type: &str, body: &[u8]) -> Answer {
        self.send(Method::POST, path, Some(media_type), body.to_vec()).await
    }

    /// Sends a form as it stood on the page, with the CSRF field it carries.
    pub async fn submit(&mut self, form: &PageForm) -> Answer {
        let fields: Vec<(&str, &str)> =
            form.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.post_without_csrf(&form.action, &fields).await
    }

    /// Opens the page that a redirect leads to.
    pub async fn follow(&mut self, answer: &Answer) -> Answer {
        let location = answer.location().expect("the answer is a redirect").to_owned();
        self.get(&location).await
    }

    /// The `Cookie` header the next request carries.
    pub fn cookie_header(&self) -> String {
        let pairs: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        pairs.join("; ")
    }

    async fn own_csrf(&mut self) -> String {
        if self.csrf.is_none() {
            self.get("/").await;
        }
        self.csrf.clone().expect("every page carries a form")
    }

    async fn send(&mut self, method: Method, path: &str, media_type: Option<&str>, body: Vec<u8>) -> Answer {
        let mut request = Request::builder().method(method).uri(path).header(header::HOST, "melek.test");
        if !self.cookies.is_empty() {
            request = request.header(header::COOKIE, self.cookie_header());
        }
        if let Some(media_type) = media_type {
            request = request.header(header::CONTENT_TYPE, media_type);
        }
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let request = request.body(Body::from(body)).expect("the request is well formed");
        let response = self.router.clone().oneshot(request).await.expect("a router always answers");
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, BODY_LIMIT).await.expect("the body can be read");
        for cookie in parts.headers.get_all(header::SET_COOKIE) {
            self.keep_cookie(cookie.to_str().expect("a cookie is text"));
        }
        let answer = Answer { status: parts.status, headers: parts.headers, bytes: bytes.to_vec() };
        if let Some(csrf) = answer.csrf() {
            self.csrf = Some(csrf);
        }
        answer
    }

    fn keep_cookie(&mut self, cookie: &str) {
        let (pair, attributes) = cookie.split_once(';').unwrap_or((cookie, ""));
        let (name, value) = pair.split_once('=').expect("a cookie has a name");
        if attributes.contains("Max-Age=0") {
            self.cookies.remove(name);
        } else {
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
    }
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    bytes: Vec<u8>,
}

impl Answer {
    pub fn status(&self) -> StatusCode {
        self.status
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Where a redirect leads.
    pub fn location(&self) -> Option<&str> {
        self.header("location")
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The form with this action, as it stands on the page.
    pub fn form(&self, action: &str) -> Option<PageForm> {
        let text = self.text();
        let forms = text.split("<form").skip(1).filter_map(|rest| rest.split("</form>").next());
        forms.map(PageForm::read).find(|form| form.action == action)
    }

    fn csrf(&self) -> Option<String> {
        let text = self.text();
        let after = text.split("name=\"csrf\" value=\"").nth(1)?;
        after.split('"').next().map(str::to_owned)
    }
}

/// A form of a page with the values it would send: hidden and filled fields, checked boxes, chosen options. Buttons are left out;
/// add the one that is pressed with `set`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageForm {
    pub action: String,
    pub fields: Vec<(String, String)>,
    /// The form's own HTML, to look into.
    pub html: String,
}

impl PageForm {
    pub fn get(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Fills a field; all its former values go.
    pub fn set(mut self, name: &str, value: &str) -> Self {
        self.fields.retain(|(key, _)| key != name);
        self.add(name, value)
    }

    /// Adds one more value of a field, such as a second checked box.
    pub fn add(mut self, name: &str, value: &str) -> Self {
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    fn read(html: &str) -> Self {
        let mut form = Self { action: String::new(), fields: Vec::new(), html: format!("<form{html}</form>") };
        let mut select = None;
        for (position, tag) in html.split('<').enumerate() {
            let (tag, text) = split_tag(tag);
            let name = attribute(tag, "name");
            let value = attribute(tag, "value");
            match tag.split_whitespace().next().unwrap_or_default() {
                _ if position == 0 => form.action = attribute(tag, "action").unwrap_or_default(),
                "input" if is_sent(tag) => {
                    form.fields.extend(name.map(|name| (name, value.unwrap_or_else(|| "on".to_owned()))));
                }
                "textarea" => form.fields.extend(name.map(|name| (name, unescape(text.trim_start_matches('\n'))))),
                "select" => select = name,
                "option" => {
                    let Some(name) = &select else { continue };
                    let is_first = form.get(name).is_none();
                    if is_first || has_flag(tag, "selected") {
                        form.fields.retain(|(key, _)| key != name);
                        form.fields.push((name.clone(), value.unwrap_or_else(|| unescape(text.trim()))));
                    }
                }
                "/select" => select = None,
                _ => {}
            }
        }
        form
    }
}

/// The inside of a tag, and the text after it. Quoted values may hold `>`.
fn split_tag(rest: &str) -> (&str, &str) {
    let mut is_quoted = false;
    for (index, character) in rest.char_indices() {
        match character {
            '"' => is_quoted = !is_quoted,
            '>' if !is_quoted => return (&rest[..index], &rest[index + 1..]),
            _ => {}
        }
    }
    (rest, "")
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let marker = format!(" {name}=\"");
    let flat = tag.replace('\n', " ");
    let after = flat.split_once(&marker)?.1.to_owned();
    after.split('"').next().map(unescape)
}

fn has_flag(tag: &str, flag: &str) -> bool {
    tag.split_whitespace().any(|word| word.trim_end_matches('/') == flag)
}

fn is_sent(tag: &str) -> bool {
    match attribute(tag, "type").as_deref() {
        Some("checkbox" | "radio") => has_flag(tag, "checked"),
        Some("submit" | "button" | "file") => false,
        _ => true,
    }
}

fn unescape(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#34;", "\"")
        .replace("&#39;", "'")
        .replace("&#60;", "<")
        .replace("&#62;", ">")
        .replace("&#38;", "&")
        .replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_read_as_a_browser_would_send_it() {
        let html = r#" method="post" action="/a">
            <input type="hidden" name="csrf" value="t">
            <input name="who" value="Siti &#38; Budi &#60;3">
            <input type="radio" name="r" value="1"><input type="radio" name="r" value="2" checked>
            <textarea name="note">
dua baris</textarea>
            <select name="unit"><option value="u1">A</option><option value="u2" selected>B</option></select>
            <button name="go" value="yes">Go</button>"#;
        let form = PageForm::read(html);
        assert_eq!(form.action, "/a");
        assert_eq!(form.get("csrf"), Some("t"));
        assert_eq!(form.get("who"), Some("Siti & Budi <3"));
        assert_eq!(form.get("r"), Some("2"));
        assert_eq!(form.get("note"), Some("dua baris"));
        assert_eq!(form.get("unit"), Some("u2"));
        assert_eq!(form.get("go"), None);
        assert_eq!(form.set("r", "1").add("r", "2").fields.len(), 6);
    }
}
