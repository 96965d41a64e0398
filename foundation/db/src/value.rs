//! The values a statement may carry: one integer type, one real type, text, bytes, truth.
//!
//! Each value keeps its type when it is NULL, because PostgreSQL fixes the type of `$n` when it
//! prepares a statement; a NULL of another type would break the next use of the cached statement.
//! Identifiers are UUIDs written as text. Times are integers, in milliseconds since 1970.

use sqlx::{Arguments, Database, Encode, Type};
use uuid::Uuid;

/// A value bound to `$n`. `None` is NULL of that type.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Bool(Option<bool>),
    Int(Option<i64>),
    Real(Option<f64>),
    Text(Option<String>),
    Blob(Option<Vec<u8>>),
}

impl Value {
    /// Why this value would be kept differently by the two engines, if it would.
    pub(crate) fn unfit(&self) -> Option<&'static str> {
        match self {
            Value::Real(Some(number)) if number.is_nan() => {
                Some("it is not a number (NaN), which SQLite would keep as NULL")
            }
            Value::Text(Some(text)) if text.contains('\0') => {
                Some("the text holds a NUL character, which PostgreSQL refuses")
            }
            _ => None,
        }
    }
}

/// Hands the values to the engine in order.
pub(crate) fn arguments<D>(values: Vec<Value>) -> Result<D::Arguments, sqlx::Error>
where
    D: Database,
    for<'t> Option<bool>: Encode<'t, D> + Type<D>,
    for<'t> Option<i64>: Encode<'t, D> + Type<D>,
    for<'t> Option<f64>: Encode<'t, D> + Type<D>,
    for<'t> Option<String>: Encode<'t, D> + Type<D>,
    for<'t> Option<Vec<u8>>: Encode<'t, D> + Type<D>,
{
    let mut arguments = D::Arguments::default();
    arguments.reserve(values.len(), 0);
    for value in values {
        match value {
            Value::Bool(v) => arguments.add(v),
            Value::Int(v) => arguments.add(v),
            Value::Real(v) => arguments.add(v),
            Value::Text(v) => arguments.add(v),
            Value::Blob(v) => arguments.add(v),
        }
        .map_err(sqlx::Error::Encode)?;
    }
    Ok(arguments)
}

macro_rules! from {
    ($($source:ty => $kind:ident, $convert:expr;)*) => {$(
        impl From<$source> for Value {
            fn from(value: $source) -> Value {
                Value::$kind(Some($convert(value)))
            }
        }
        impl From<Option<$source>> for Value {
            fn from(value: Option<$source>) -> Value {
                Value::$kind(value.map($convert))
            }
        }
    )*};
}

from! {
    bool => Bool, |v| v;
    i64 => Int, |v| v;
    i32 => Int, i64::from;
    u32 => Int, i64::from;
    u16 => Int, i64::from;
    u8 => Int, i64::from;
    f64 => Real, |v| v;
    String => Text, |v| v;
    &str => Text, str::to_owned;
    &String => Text, String::clone;
    Uuid => Text, |v: Uuid| v.to_string();
    &Uuid => Text, |v: &Uuid| v.to_string();
    Vec<u8> => Blob, |v| v;
    &[u8] => Blob, <[u8]>::to_vec;
    &Vec<u8> => Blob, Vec::clone;
}
