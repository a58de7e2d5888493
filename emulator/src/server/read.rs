//! Reads one complete request within the limits.

use std::time::Duration;

use http_body_util::{BodyExt as _, Limited};
use hyper::body::{Body as _, Incoming};
use tokio::sync::Semaphore;

use crate::http::{GraphError, Request};
use crate::settings::Settings;

/// The time limit for a request body, from when there is room for it.
const BODY_TIMEOUT: Duration = Duration::from_secs(30);

/// Bodies up to this size do not use the budget. With 8192 connections they take at most 128 MiB.
const SMALL: usize = 16 << 10;

/// The request, and an error if its body exceeded a limit or did not arrive. The request can then still be logged and
/// answered.
pub(super) async fn read(
    incoming: hyper::Request<Incoming>,
    settings: &Settings,
    budget: &Semaphore,
) -> (Request, Result<(), GraphError>) {
    let (head, mut body) = incoming.into_parts();
    let headers = head.headers.iter().map(|(name, value)| {
        (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
    });
    let mut request = Request {
        method: head.method.as_str().to_owned(),
        path: head.uri.path().to_owned(),
        query: head.uri.query().map(Into::into),
        headers: headers.collect(),
        body: Vec::new(),
    };
    let wanted = body.size_hint().exact().map_or(settings.max_body_bytes, |length| length as usize);
    if wanted > settings.max_body_bytes {
        // A client that waits for permission has sent nothing yet.
        if request.header("expect").is_none() {
            discard(&mut body).await;
        }
        return (request, Err(too_large(settings)));
    }
    // Small bodies need not wait for large ones that were announced but are never sent.
    let share = if wanted <= SMALL { 0 } else { u32::try_from(wanted).unwrap_or(u32::MAX) };
    let _share = budget.acquire_many(share).await;
    let whole = Limited::new(&mut body, settings.max_body_bytes).collect();
    let outcome = match tokio::time::timeout(BODY_TIMEOUT, whole).await {
        Ok(Ok(whole)) => {
            request.body = whole.to_bytes().into();
            Ok(())
        }
        Ok(Err(error)) if error.is::<http_body_util::LengthLimitError>() => {
            discard(&mut body).await;
            Err(too_large(settings))
        }
        Ok(Err(_)) => Err(GraphError::bad_request("The request body could not be read.")),
        Err(_) => {
            Err(GraphError::new(408, "RequestTimeout", "The request body did not arrive in time."))
        }
    };
    // Close the connection, because the rest of a rejected body would be read as the next request.
    (request, outcome.map_err(|error| error.with("connection", "close")))
}

/// Reads the rest of a body that is refused, within limits. Closing a connection with unread bytes would reset it, and
/// most clients look at the answer only after they have sent everything.
async fn discard(body: &mut Incoming) {
    const MOST: usize = 64 << 20;
    const LONGEST: Duration = Duration::from_secs(5);
    const LONGEST_PAUSE: Duration = Duration::from_millis(500);
    let all = async {
        let mut left = MOST;
        while let Ok(Some(Ok(frame))) = tokio::time::timeout(LONGEST_PAUSE, body.frame()).await {
            let length = frame.data_ref().map_or(0, |data| data.len());
            match left.checked_sub(length) {
                Some(rest) => left = rest,
                None => return,
            }
        }
    };
    let _ = tokio::time::timeout(LONGEST, all).await;
}

fn too_large(settings: &Settings) -> GraphError {
    let message =
        format!("The maximum request length of {} bytes was exceeded.", settings.max_body_bytes);
    GraphError::new(413, "RequestEntityTooLarge", message).with("connection", "close")
}
