//! Posted forms. The CSRF field was already checked when a [`Form`] reaches a handler (see `forgery`);
//! a [`MultipartForm`] checks it itself, before it takes in the first file.

use axum::body::Bytes;
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::StatusCode;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::{Problem, Visitor, forgery};

/// Largest form without files, in bytes.
pub(crate) const FORM_LIMIT: usize = 512 * 1024;
/// Largest form with files, in bytes; a staff file of 50,000 rows has about 10 MB.
pub(crate) const UPLOAD_LIMIT: usize = 20 * 1024 * 1024;
/// Most fields and files of a form with files.
const MOST_PARTS: usize = 500;

/// An `application/x-www-form-urlencoded` form read into `T`: last parameter of a handler.
///
/// Repeated fields (checkboxes) become a `Vec` with `#[serde(default)]`. Keep what people type as `String` and check it
/// with [`FieldErrors`](crate::FieldErrors); what cannot be read at all is answered with 400.
#[derive(Clone, Copy, Debug)]
pub struct Form<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Form<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let body = Bytes::from_request(request, state).await.map_err(|_| Problem::too_large())?;
        serde_html_form::from_bytes(&body).map(Self).map_err(|_| Problem::unreadable())
    }
}

/// The fields of a form as they were sent, for forms whose fields are known only at run time: `Form<Fields>`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    pub fn new(fields: Vec<(String, String)>) -> Self {
        Self(fields)
    }

    /// The first value of the field.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.iter().find(|(key, _)| *key == name).map(|(_, value)| value)
    }

    /// All values of the field, in order.
    pub fn all<'f>(&'f self, name: &'f str) -> impl Iterator<Item = &'f str> {
        self.iter().filter(move |(key, _)| *key == name).map(|(_, value)| value)
    }

    /// Name and value of every field, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

/// A `multipart/form-data` form: fields and files, all in memory. The `csrf` field comes first, so put the macro first.
#[derive(Clone, Debug, Default)]
pub struct MultipartForm {
    pub fields: Fields,
    pub files: Vec<Upload>,
}

/// One uploaded file.
#[derive(Clone, Debug)]
pub struct Upload {
    pub field: String,
    /// As the browser sent it; for showing only.
    pub file_name: String,
    pub bytes: Bytes,
}

impl MultipartForm {
    /// The file of the field, if one was chosen.
    pub fn file(&self, field: &str) -> Option<&Upload> {
        self.files.iter().find(|file| file.field == field)
    }

    async fn take_in(&mut self, part: Field<'_>) -> Result<(), Problem> {
        if self.fields.0.len() + self.files.len() >= MOST_PARTS {
            return Err(Problem::too_large());
        }
        let field = part.name().unwrap_or_default().to_owned();
        let file_name = part.file_name().map(str::to_owned);
        let bytes = part.bytes().await.map_err(unread)?;
        match file_name {
            // An empty name is a file field in which nothing was chosen.
            Some(file_name) if file_name.is_empty() => {}
            Some(file_name) => self.files.push(Upload { field, file_name, bytes }),
            None => self.fields.0.push((field, String::from_utf8_lossy(&bytes).replace('\0', ""))),
        }
        Ok(())
    }
}

impl<S: Send + Sync> FromRequest<S> for MultipartForm {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let visitor = request.extensions().get::<Visitor>().cloned().ok_or_else(Problem::form_expired)?;
        let mut parts = Multipart::from_request(request, state).await.map_err(|_| Problem::unreadable())?;
        let mut form = Self::default();
        while let Some(part) = parts.next_field().await.map_err(unread)? {
            form.take_in(part).await?;
            let token = form.fields.get(forgery::FIELD).unwrap_or_default();
            forgery::check_token(&visitor, token)?;
        }
        forgery::check_token(&visitor, form.fields.get(forgery::FIELD).unwrap_or_default())?;
        Ok(form)
    }
}

fn unread(error: MultipartError) -> Problem {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE { Problem::too_large() } else { Problem::unreadable() }
}
