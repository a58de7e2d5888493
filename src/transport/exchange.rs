//! One exchange with the service: sends a request, and repeats it as Graph asks, until there is a response or a
//! failure.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use reqwest::header::{HeaderMap, HeaderValue, RETRY_AFTER};
use tokio::sync::SemaphorePermit;
use tokio::time::Instant;

use super::http::{Broken, Http, HttpResponse};
use super::progress::Progress;
use super::retry::{GaveUp, is_retryable, retry_after};
use super::{Call, Message, TransportFailure, verdict};
use crate::error::Error;
use crate::job::aside;
use crate::log::{Level, Log};
use crate::operation::content;
use crate::response::Response;
use crate::token::Token;

/// The outcome of an attempt: a complete response, or a failure with the incomplete response, if there is one.
pub(crate) type Outcome = Result<HttpResponse, Broken>;

/// Sends a request until there is a response or a reason to give up.
pub(crate) async fn exchange(
    http: &Http,
    log: &Log,
    call: &Arc<Call>,
    progress: &mut Progress,
) -> Result<Response, Error> {
    loop {
        let connection = http.client(call.deadline, call.timeout).await.map_err(|failure| {
            failure.in_context(progress.context(&call.client_request_id, None))
        })?;
        let outcome = match Way::open(http, connection, log, call.deadline).await {
            Ok(way) => {
                progress.waited_for_slot += way.waited;
                progress.attempt(&call.client_request_id, call.row.effect);
                way.send(call, progress).await
            }
            Err(waited) => {
                let limit = http.options.max_in_flight;
                Err((progress.had_no_slot(waited, call.timeout, limit), None))
            }
        };
        if !may_repeat(&outcome) {
            return conclude(http, call, progress, outcome, None).await;
        }
        progress.repeats(may_be_done(&outcome));
        match next_wait(call, progress, &outcome) {
            Ok(wait) => {
                http.counters.retries.add(1);
                pause(log, call, progress, &outcome, wait).await;
            }
            Err(gave_up) => {
                // Drop the incomplete response, since it is not the final answer of the service.
                let outcome = outcome.map_err(|(failure, _)| (failure, None));
                return conclude(http, call, progress, outcome, Some(gave_up)).await;
            }
        }
    }
}

/// What one request is sent over: a connection, and a slot.
#[derive(Debug)]
pub(crate) struct Way<'a> {
    http: &'a Http,
    connection: reqwest::Client,
    log: &'a Log,
    _slot: SemaphorePermit<'a>,
    /// The wait for the slot.
    pub(crate) waited: Duration,
}

impl<'a> Way<'a> {
    /// Waits for a slot. Fails at the deadline, with the wait: zero if a slot was free and the deadline had passed.
    pub(crate) async fn open(
        http: &'a Http,
        connection: reqwest::Client,
        log: &'a Log,
        deadline: Instant,
    ) -> Result<Self, Duration> {
        let (queued, was_free) = (Instant::now(), http.has_free_slot());
        match http.slot(deadline).await {
            Some(slot) => Ok(Self { http, connection, log, _slot: slot, waited: queued.elapsed() }),
            None if was_free => Err(Duration::ZERO),
            None => Err(queued.elapsed()),
        }
    }

    /// Sends a request once, as an attempt that was counted. A token that the response echoes is redacted before anything
    /// else sees it.
    pub(crate) async fn send(self, call: &Call, progress: &mut Progress) -> Outcome {
        let Self { http, connection, log, .. } = &self;
        progress.trace.sent(&call.message);
        let place = call.throttle.as_ref().map(|throttle| throttle.count(1));
        http.counters.requests.add(1);
        let began = Instant::now();
        let outcome = http.send(connection, &call.message, call.deadline).await;
        let took = began.elapsed();
        if let (Some(place), Ok(response)) = (place, &outcome)
            && is_judged(response.http_status)
        {
            let is_throttled = response.http_status == 429;
            http.counters.throttled.add(is_throttled.into());
            place.answered(is_throttled.into());
        }
        let outcome = without_token(outcome, &call.token).await;
        log.write(Level::Debug, "attempt", || attempt_line(call, &outcome, took));
        if let Ok(response) | Err((_, Some(response))) = &outcome {
            progress.trace.received(response);
        }
        if let Err((failure, _)) = &outcome {
            progress.trace.note(failure);
        }
        outcome
    }
}

/// Whether a response tells that the service has counted the request: it accepted or rejected it, and did not just fail.
pub(crate) fn is_judged(http_status: u16) -> bool {
    http_status < 500
}

/// The log line of an attempt.
fn attempt_line(call: &Call, outcome: &Outcome, took: Duration) -> String {
    let Message { method, url, .. } = &call.message;
    let result = match outcome {
        Ok(response) => response.http_status.to_string(),
        Err((failure, _)) => failure.to_string(),
    };
    format!("{} {method} {} {result}, {} ms", call.client_request_id, url.path(), took.as_millis())
}

/// Whether Graph asked to retry later, or the response was lost.
fn may_repeat(outcome: &Outcome) -> bool {
    match outcome {
        Ok(response) => is_retryable(response.http_status),
        Err((failure, _)) => failure.is_lost_response(),
    }
}

/// Whether a request that is sent again may have had its effect. A 5xx does not say that it had none, because a gateway
/// may not have waited for the service.
pub(crate) fn may_be_done(outcome: &Outcome) -> bool {
    match outcome {
        Ok(response) => response.http_status >= 500,
        Err((failure, _)) => !matches!(failure, TransportFailure::Connect { .. }),
    }
}

/// How long to wait before the next attempt, or why there is no other attempt.
fn next_wait(call: &Call, progress: &Progress, outcome: &Outcome) -> Result<Duration, GaveUp> {
    let asked = outcome.as_ref().ok().and_then(|response| asked_wait(&response.headers));
    let left = call.deadline.saturating_duration_since(Instant::now());
    call.retry.wait(call.replay, progress.attempts, progress.waited, asked, left)
}

/// How long a response asks to wait.
pub(crate) fn asked_wait(headers: &HeaderMap) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?;
    retry_after(value, SystemTime::now())
}

/// Waits before the next attempt, and logs why.
async fn pause(log: &Log, call: &Call, progress: &mut Progress, outcome: &Outcome, wait: Duration) {
    log_retry(log, &call.client_request_id, progress, outcome, wait);
    tokio::time::sleep(wait).await;
}

/// Logs why and when a request is sent again, and counts the wait.
pub(crate) fn log_retry(
    log: &Log,
    client_request_id: &str,
    progress: &mut Progress,
    outcome: &Outcome,
    wait: Duration,
) {
    let why = match outcome {
        Ok(response) => format!("Graph asks to retry later ({})", response.http_status),
        Err((failure, _)) => failure.to_string().trim_end_matches('.').into(),
    };
    let note = format!("{why}; attempt {} in {:.3} s", progress.attempts + 1, wait.as_secs_f64());
    progress.trace.note(&note);
    log.write(Level::Warning, "retry", || format!("{client_request_id} {note}"));
    progress.waited += wait;
}

/// Redacts the token in a complete or incomplete response.
async fn without_token(outcome: Outcome, token: &Token) -> Outcome {
    let (failure, response) = match outcome {
        Ok(response) => (None, response),
        Err((failure, Some(partial))) => (Some(failure), partial),
        nothing => return nothing,
    };
    let token = token.clone();
    match (aside(response.body.len(), move || redact(response, &token)).await, failure) {
        (Ok(response), None) => Ok(response),
        (Ok(partial), Some(failure)) => Err((failure, Some(partial))),
        (Err(error), _) => {
            Err((TransportFailure::OutOfResources { reason: error.to_string() }, None))
        }
    }
}

fn redact(mut response: HttpResponse, token: &Token) -> HttpResponse {
    response.redact_body(|body| token.redact(body));
    response.headers.values_mut().for_each(|value| token.redact_header(value));
    response
}

/// Turns the outcome of the last attempt into the result of the call. A long body is parsed on another thread.
pub(crate) async fn conclude(
    http: &Http,
    call: &Arc<Call>,
    progress: &Progress,
    outcome: Outcome,
    gave_up: Option<GaveUp>,
) -> Result<Response, Error> {
    let size = match &outcome {
        Ok(response) | Err((_, Some(response))) => response.body.len(),
        Err((_, None)) => 0,
    };
    let (options, call, progress) = (Arc::clone(&http.options), Arc::clone(call), progress.clone());
    aside(size, move || match outcome {
        Ok(response) => {
            let response = read(&call, &progress, response);
            match verdict::judge(&options.origin, &call, &response, &progress, gave_up) {
                None => Ok(response),
                Some(failure) => {
                    let context = progress.context(&call.client_request_id, Some(response));
                    Err(failure.in_context(context))
                }
            }
        }
        Err((failure, partial)) => {
            let failure = match failure {
                TransportFailure::Late => progress.timed_out(call.timeout, options.max_in_flight),
                failure => failure,
            };
            let partial = partial.map(|response| read(&call, &progress, response));
            let context = progress.context(&call.client_request_id, partial);
            Err(Error::with_context(failure, context))
        }
    })
    .await?
}

/// The response for the caller, with the presences in its body.
fn read(call: &Call, progress: &Progress, response: HttpResponse) -> Response {
    let HttpResponse { http_status, headers, body } = response;
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    Response {
        http_status,
        headers: headers.iter().map(|(name, value)| (name.to_string(), text(value))).collect(),
        content: content::read(call.row, selects(&call.message.url), &body),
        body,
        client_request_id: call.client_request_id.clone(),
        attempts: progress.attempts,
        trace: progress.trace.text().into(),
    }
}

/// Whether a URL has a `$select`.
fn selects(url: &reqwest::Url) -> bool {
    url.query_pairs().any(|(name, _)| name.trim_start_matches('$').eq_ignore_ascii_case("select"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transport::Peer;

    fn answer(http_status: u16) -> HttpResponse {
        HttpResponse { http_status, headers: HeaderMap::new(), body: Arc::default() }
    }

    #[test]
    fn a_request_may_be_done_unless_it_was_refused_or_never_sent() {
        let (to, reason) = ("graph".to_string(), "refused".to_string());
        let connect = TransportFailure::Connect { to, reason, peer: Peer::Graph };
        let (to, reason) = ("graph".to_string(), "reset".to_string());
        let lost = TransportFailure::ConnectionLost { to, http_status: None, reason };
        for (outcome, is_possible) in [
            (Ok(answer(429)), false),
            (Ok(answer(503)), true),
            (Err((connect, None)), false),
            (Err((lost, None)), true),
            (Err((TransportFailure::Late, None)), true),
        ] {
            assert_eq!(may_be_done(&outcome), is_possible, "{outcome:?}");
        }
    }
}
