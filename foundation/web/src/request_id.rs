//! One short random id per request: in the answer's `x-request-id`, in every log line about it, and on the page when we fail,
//! so that a person can tell it to the help desk. What a client sends under that name is ignored.

use crate::secret;

#[derive(Clone, Debug)]
pub(crate) struct RequestId(String);

impl Default for RequestId {
    /// 48 random bits as 12 hexadecimal digits.
    fn default() -> Self {
        Self(secret::bytes::<6>().iter().map(|byte| format!("{byte:02x}")).collect())
    }
}

impl RequestId {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
