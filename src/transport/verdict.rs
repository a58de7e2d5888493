//! Decides whether a response is a success, and if not, which failure it is.

use std::time::SystemTime;

use reqwest::header::RETRY_AFTER;

use super::refusal;
use super::retry::{GaveUp, retry_after};
use super::{Call, Origin, Peer, Progress, TransportFailure};
use crate::error::{Error, Refusal};
use crate::operation::Replay;
use crate::response::{Response, Unreadable};

/// Why a response is not a success; `None` if it is.
pub(super) fn judge(
    origin: &Origin,
    call: &Call,
    response: &Response,
    progress: &Progress,
    gave_up: Option<GaveUp>,
) -> Option<Error> {
    let http_status = response.http_status();
    let shown = || origin.to_string();
    match http_status {
        200..=299 => {
            let unreadable = response.unreadable()?.clone();
            Some(unread(origin, call, response, unreadable).into())
        }
        // An earlier attempt succeeded, and its response was lost.
        404 if progress.may_be_done
            && call.replay == Replay::SafeDoneIs404
            && refusal::is_gone(response.body()) =>
        {
            None
        }
        300..=399 => {
            let to = response.header("location").map(String::from);
            Some(
                TransportFailure::Redirect { http_status, to, origin: shown(), peer: Peer::Graph }
                    .into(),
            )
        }
        _ => {
            let (code, message) = refusal::error_object(response.body());
            let said =
                (code.as_deref().unwrap_or_default(), message.as_deref().unwrap_or_default());
            let advice = refusal::advice(call, origin, response, said, gave_up);
            let asked = response.header(RETRY_AFTER.as_str());
            let refusal = Refusal {
                by: if refusal::is_graphs(said) { "Graph".into() } else { shown().into() },
                subject: call.subject.to_string(),
                http_status,
                code,
                message,
                advice,
                retry_after: asked.and_then(|value| retry_after(value, SystemTime::now())),
                attempts: progress.attempts,
                content_type: content_type(response).into(),
            };
            Some(refusal.into())
        }
    }
}

/// The failure for a success status with a body of another kind than the operation returns.
fn unread(
    origin: &Origin,
    call: &Call,
    response: &Response,
    unreadable: Unreadable,
) -> TransportFailure {
    let (from, http_status) = (origin.to_string(), response.http_status());
    match unreadable {
        Unreadable::NotJson { line, column } => {
            let content_type = content_type(response);
            TransportFailure::NotJson { from, http_status, content_type, at: (line, column) }
        }
        Unreadable::Error { code, message } => {
            TransportFailure::ErrorInSuccess { from, http_status, code, message }
        }
        Unreadable::Unexpected(given) => {
            let expected = call.row.returns.expected();
            TransportFailure::NotExpected { from, http_status, given, expected }
        }
    }
}

fn content_type(response: &Response) -> String {
    response.header("content-type").unwrap_or("no content type").into()
}
