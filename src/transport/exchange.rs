//! One call: send, wait and send again as Graph asks, until there is an answer or a reason.

use std::time::{Duration, Instant, SystemTime};

use reqwest::header::{HeaderMap, RETRY_AFTER};

use super::TransportFailure;
use super::http::{Answer, Http, Message};
use super::refusal::{self, Refusal};
use super::retry::{RetryRule, is_put_off, retry_after};
use super::trace::Trace;
use crate::auth::Token;
use crate::error::{Cause, Context, Error};
use crate::log::{Level, Log};
use crate::operation::{Replay, Row};
use crate::response::Response;

/// Everything that one call needs besides the connection.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) row: &'static Row,
    /// `set the presence of adele`.
    pub(crate) subject: String,
    pub(crate) message: Message,
    pub(crate) token: Token,
    pub(crate) replay: Replay,
    pub(crate) retry: RetryRule,
    pub(crate) started: Instant,
    pub(crate) timeout: Duration,
    pub(crate) client_request_id: String,
    pub(crate) trace: bool,
}

/// What an attempt came to.
enum Step {
    Done(Answer),
    Failed(TransportFailure, Option<Answer>),
    /// Graph put it off, or the answer was lost; the time is what Graph asked to wait.
    Again {
        cause: Result<Answer, TransportFailure>,
        asked: Option<Duration>,
    },
}

/// Runs a call to its end.
pub(crate) async fn exchange(http: &Http, log: &Log, call: Call) -> Result<Response, Error> {
    let mut trace = Trace::new(call.trace);
    let (mut attempts, mut waited, mut lost) = (0, Duration::ZERO, false);
    loop {
        attempts += 1;
        let step = attempt(http, &call, &mut trace).await;
        let (cause, asked) = match step {
            Step::Done(answer) => {
                return finish(http, log, call, trace, attempts, lost, Ok(answer));
            }
            Step::Failed(failure, half) => {
                return finish(http, log, call, trace, attempts, lost, Err((failure, half)));
            }
            Step::Again { cause, asked } => (cause, asked),
        };
        let wait = call.retry.wait(call.replay, attempts, waited, asked);
        let Some(wait) = wait.filter(|wait| call.started.elapsed() + *wait < call.timeout) else {
            let end = cause.map_err(|failure| (failure, None));
            return finish(http, log, call, trace, attempts, lost, end);
        };
        lost |= cause.is_err();
        let why = match &cause {
            Ok(answer) => format!("Graph put it off ({})", answer.http_status),
            Err(failure) => failure.to_string(),
        };
        let note = format!("{why}; attempt {} in {:.3} s", attempts + 1, wait.as_secs_f64());
        trace.note(&note);
        log.write(Level::Warning, "retry", || format!("{} {note}", call.client_request_id));
        tokio::time::sleep(wait).await;
        waited += wait;
    }
}

async fn attempt(http: &Http, call: &Call, trace: &mut Trace) -> Step {
    let Message { method, url, headers, body } = &call.message;
    trace.sent(method.as_str(), url.as_str(), headers, body.as_deref());
    let left = call.timeout.saturating_sub(call.started.elapsed());
    let result = match tokio::time::timeout(left, http.send(&call.message)).await {
        Ok(result) => result,
        Err(_) => {
            trace.note(&"no answer in time");
            return Step::Failed(
                TransportFailure::Timeout { after: call.timeout, attempts: 1 },
                None,
            );
        }
    };
    match result {
        Ok(answer) => {
            trace.received(answer.http_status, &answer.headers, &answer.body);
            if is_put_off(answer.http_status) {
                let asked = header(&answer.headers, RETRY_AFTER.as_str())
                    .and_then(|value| retry_after(value, SystemTime::now()));
                Step::Again { cause: Ok(answer), asked }
            } else {
                Step::Done(answer)
            }
        }
        Err((failure, half)) => {
            trace.note(&failure);
            if failure.is_lost_answer() {
                Step::Again { cause: Err(failure), asked: None }
            } else {
                Step::Failed(failure, half)
            }
        }
    }
}

/// Makes of the last attempt what the caller gets.
fn finish(
    http: &Http,
    log: &Log,
    call: Call,
    trace: Trace,
    attempts: u32,
    lost: bool,
    end: Result<Answer, (TransportFailure, Option<Answer>)>,
) -> Result<Response, Error> {
    let trace = trace.finish(Some(&call.token));
    let respond = |answer: Answer| Response::new(&call, attempts, trace.clone(), answer);
    let (cause, response): (Cause, _) = match end {
        Ok(answer) => {
            let response = respond(answer);
            match judge(http, &call, &response, attempts, lost) {
                None => {
                    log.write(Level::Info, "call", || {
                        let status = response.http_status();
                        format!("{} {} {status}", call.client_request_id, call.row.name)
                    });
                    return Ok(response);
                }
                Some(cause) => (cause, Some(response)),
            }
        }
        Err((TransportFailure::Timeout { after, .. }, half)) => {
            (TransportFailure::Timeout { after, attempts }.into(), half.map(respond))
        }
        Err((failure, half)) => (failure.into(), half.map(respond)),
    };
    let client_request_id = call.client_request_id.clone();
    let error =
        Error::with_context(cause, Context { client_request_id, attempts, trace, response });
    log.write(Level::Error, "call", || {
        format!("{} {}: {error}", call.client_request_id, call.row.name)
    });
    Err(error)
}

/// Why an answer is no success; `None` where it is one.
fn judge(
    http: &Http,
    call: &Call,
    response: &Response,
    attempts: u32,
    lost: bool,
) -> Option<Cause> {
    let http_status = response.http_status();
    let content_type = || response.header("content-type").unwrap_or("no content type").to_string();
    let origin = || http.options.origin.to_string();
    match http_status {
        200..=299 if response.is_readable() => None,
        200..=299 => {
            let (from, content_type) = (origin(), content_type());
            Some(TransportFailure::NotJson { from, http_status, content_type }.into())
        }
        // The first attempt did it, and its answer was lost.
        404 if lost && call.replay == Replay::SafeDoneIs404 => None,
        300..=399 => {
            let to = response.header("location").map(|to| call.token.redact(to.into()));
            Some(TransportFailure::Redirect { http_status, to, origin: origin() }.into())
        }
        _ => {
            let (code, message) = refusal::error_object(response.body());
            let message = message.map(|text| call.token.redact(text.into()).into_boxed_str());
            let said =
                (code.as_deref().unwrap_or_default(), message.as_deref().unwrap_or_default());
            let advice = refusal::advice(call.row, http_status, said.0, said.1);
            let retry_after = response
                .header(RETRY_AFTER.as_str())
                .and_then(|value| retry_after(value, SystemTime::now()));
            let (subject, content_type) = (call.subject.clone(), content_type().into());
            let refusal = Refusal {
                subject,
                http_status,
                code,
                message,
                advice,
                retry_after,
                attempts,
                content_type,
            };
            Some(refusal.into())
        }
    }
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}
