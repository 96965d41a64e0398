//! Input a person gave that cannot be used: the program ends with exit code 2 and this sentence.

#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct BadInput(pub String);
