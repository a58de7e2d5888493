//! What Graph says when it refuses a request. <https://learn.microsoft.com/graph/errors>

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use crate::quoted::{Quoted, Truncated};

/// A response that is not a success, in Graph's words and ours.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Refusal {
    /// Who refused, such as `Graph`, or an address if it is not certain that Graph answered.
    pub(crate) by: Cow<'static, str>,
    /// What was refused, such as `set the presence of adele`.
    pub(crate) subject: String,
    pub(crate) http_status: u16,
    /// The code of the error object; `None` if the response contains no error object.
    pub(crate) code: Option<Box<str>>,
    pub(crate) message: Option<Box<str>>,
    pub(crate) advice: Option<Cow<'static, str>>,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) attempts: u32,
    /// The content type of a body that is not an error object.
    pub(crate) content_type: Box<str>,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { by, subject, http_status, .. } = self;
        match (&self.code, self.retry_after) {
            (_, Some(wait)) if *http_status == 429 => write!(
                f,
                "{by} asks to wait {:.1} s before it will {subject} (429), after {} attempt{}.",
                wait.as_secs_f64(),
                self.attempts,
                if self.attempts == 1 { "" } else { "s" }
            )?,
            (None, _) if self.message.as_deref().is_some_and(|message| !message.is_empty()) => {
                write!(
                    f,
                    "{by} refused to {subject} ({http_status}: {}).",
                    Truncated(self.message.as_deref().unwrap_or_default())
                )?
            }
            (None, _) => write!(
                f,
                "{by} refused to {subject} ({http_status}) with {} instead of an error object.",
                Quoted(&self.content_type)
            )?,
            (Some(code), _) => {
                write!(f, "{by} refused to {subject} ({http_status} {}", Quoted(code))?;
                match self.message.as_deref() {
                    None | Some("") => f.write_str(").")?,
                    Some(message) => write!(f, ": {}).", Truncated(message))?,
                }
            }
        }
        self.advice.as_ref().map_or(Ok(()), |advice| write!(f, " {advice}"))
    }
}
