//! Reads one request to its end, within the limits.

use std::time::Duration;

use http_body_util::{BodyExt as _, Limited};
use hyper::body::{Body as _, Incoming};
use tokio::sync::Semaphore;

use crate::http::{GraphError, Request};
use crate::settings::Settings;

/// For a request body to arrive in.
const BODY_TIMEOUT: Duration = Duration::from_secs(30);

/// Bodies up to this size take no share of the budget: with 8192 connections they make 128 MiB at the very most.
const SMALL: usize = 16 << 10;

/// The request, and the refusal when its body broke a limit or did not arrive, so that it can still be logged and answered.
pub(super) async fn read(
    incoming: hyper::Request<Incoming>,
    settings: &Settings,
    budget: &Semaphore,
) -> (Request, Result<(), GraphError>) {
    let (head, body) = incoming.into_parts();
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
        return (request, Err(too_large(settings)));
    }
    let whole = async {
        // Ordinary bodies do not wait behind large ones that were announced and are not sent.
        let wanted = if wanted <= SMALL { 0 } else { wanted };
        let _share = budget.acquire_many(u32::try_from(wanted).unwrap_or(u32::MAX)).await;
        Limited::new(body, settings.max_body_bytes).collect().await
    };
    let outcome = match tokio::time::timeout(BODY_TIMEOUT, whole).await {
        Ok(Ok(whole)) => {
            request.body = whole.to_bytes().into();
            Ok(())
        }
        Ok(Err(error)) if error.is::<http_body_util::LengthLimitError>() => {
            Err(too_large(settings))
        }
        Ok(Err(_)) => Err(GraphError::bad_request("The request body could not be read.")),
        Err(_) => {
            Err(GraphError::new(408, "RequestTimeout", "The request body did not arrive in time."))
        }
    };
    // The rest of a refused body would be read as the next request.
    (request, outcome.map_err(|error| error.with("connection", "close")))
}

fn too_large(settings: &Settings) -> GraphError {
    let message =
        format!("The maximum request length of {} bytes was exceeded.", settings.max_body_bytes);
    GraphError::new(413, "RequestEntityTooLarge", message).with("connection", "close")
}
