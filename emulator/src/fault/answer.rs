//! The answer that a rule describes.

use serde_json::Value;

use super::Fault;
use crate::http::{Answer, GraphError, Headers, Outcome};

impl Fault {
    /// The answer that the rule describes. With a status of 400 or higher it is a Graph error, unless the rule has a
    /// body.
    pub(crate) fn own_answer(&self) -> Outcome {
        let status = self.status.unwrap_or(500);
        let given = self.given_headers();
        let mut answer = match &self.body {
            None if status >= 400 => {
                let (code, message) = default_error(status);
                let code = self.code.as_deref().unwrap_or(code);
                let message = self.message.as_deref().unwrap_or(message);
                return Err(GraphError {
                    headers: given,
                    ..GraphError::new(status, code, message)
                });
            }
            None => Answer::empty(status),
            Some(Value::String(text)) if text.trim_start().starts_with('<') => {
                Answer::text(status, "text/html", text.clone())
            }
            Some(Value::String(text)) => Answer::text(status, "text/plain", text.clone()),
            Some(body) => Answer::json(status, body),
        };
        answer.headers.retain(|(name, _)| !given.iter().any(|(own, _)| own == name));
        answer.headers.extend(given);
        Ok(answer)
    }

    /// The headers, with names in lower case. An array becomes one header for each value.
    fn given_headers(&self) -> Headers {
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), Into::into);
        let pairs = self.headers.iter().flat_map(|(name, value)| {
            let values = value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]);
            values.into_iter().map(move |value| (name.to_ascii_lowercase(), text(&value)))
        });
        pairs.collect()
    }
}

fn default_error(status: u16) -> (&'static str, &'static str) {
    match status {
        400 => ("BadRequest", "Bad request."),
        401 => ("InvalidAuthenticationToken", "Access token validation failure."),
        403 => ("Forbidden", ""),
        404 => ("NotFound", "Not found."),
        409 => ("Conflict", "Conflict."),
        412 => ("PreconditionFailed", "The condition of the request is not met."),
        429 => ("TooManyRequests", "Too many requests."),
        503 => ("ServiceUnavailable", "The service is unavailable."),
        504 => ("GatewayTimeout", "The gateway timed out."),
        _ => ("UnknownError", ""),
    }
}
