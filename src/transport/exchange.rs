//! One call: send, wait and send again as Graph asks, until there is an answer or a reason.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use reqwest::header::{HeaderValue, RETRY_AFTER};
use tokio::time::Instant;

use super::http::{Answer, Http, Message};
use super::retry::{End, RetryRule, is_put_off, retry_after};
use super::trace::Trace;
use super::{Origin, TransportFailure, verdict};
use crate::auth::Token;
use crate::error::{Cause, Context, Error};
use crate::job::aside;
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
    pub(crate) timeout: Duration,
    /// `timeout` after the call began.
    pub(crate) deadline: Instant,
    pub(crate) client_request_id: String,
}

/// What has become of a call so far; outlives a change of its token.
#[derive(Clone, Debug)]
pub(crate) struct Progress {
    pub(super) attempts: u32,
    waited: Duration,
    /// For a place on the wire.
    crowded: Duration,
    /// An attempt may have had its effect although its answer does not say so.
    pub(super) may_be_done: bool,
    trace: Trace,
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

impl Progress {
    pub(crate) fn new(trace: bool) -> Self {
        let trace = Trace::new(trace);
        let (waited, crowded) = (Duration::ZERO, Duration::ZERO);
        Self { attempts: 0, waited, crowded, may_be_done: false, trace }
    }

    /// What an error tells of the call.
    pub(crate) fn context(&self, client_request_id: &str, response: Option<Response>) -> Context {
        let (client_request_id, trace) = (client_request_id.into(), self.trace.text().into());
        Context { client_request_id, attempts: self.attempts, trace, response }
    }
}

/// Runs a call to its end.
pub(crate) async fn exchange(
    http: &Http,
    log: &Log,
    call: &Arc<Call>,
    progress: &mut Progress,
) -> Result<Response, Error> {
    let client = http
        .client(call.deadline, call.timeout)
        .await
        .map_err(|failure| failure.in_context(progress.context(&call.client_request_id, None)))?;
    loop {
        let (cause, asked) = match attempt(http, &client, log, call, progress).await {
            Step::Done(answer) => return finish(http, call, progress, Ok(answer), None).await,
            Step::Failed(failure, half) => {
                return finish(http, call, progress, Err((failure, half)), None).await;
            }
            Step::Again { cause, asked } => (cause, asked),
        };
        // A gateway's 5xx may stand for an effect that it did not wait for.
        progress.may_be_done |= cause.as_ref().map_or(true, |answer| answer.http_status >= 500);
        let left = call.deadline.saturating_duration_since(Instant::now());
        let wait =
            match call.retry.wait(call.replay, progress.attempts, progress.waited, asked, left) {
                Ok(wait) => wait,
                Err(end) => {
                    let last = cause.map_err(|failure| (failure, None));
                    return finish(http, call, progress, last, Some(end)).await;
                }
            };
        let why = match &cause {
            Ok(answer) => format!("Graph put it off ({})", answer.http_status),
            Err(failure) => failure.to_string(),
        };
        let note =
            format!("{why}; attempt {} in {:.3} s", progress.attempts + 1, wait.as_secs_f64());
        progress.trace.note(&note);
        log.write(Level::Warning, "retry", || format!("{} {note}", call.client_request_id));
        tokio::time::sleep(wait).await;
        progress.waited += wait;
    }
}

async fn attempt(
    http: &Http,
    client: &reqwest::Client,
    log: &Log,
    call: &Call,
    progress: &mut Progress,
) -> Step {
    let came = Instant::now();
    let Some(_place) = http.place(call.deadline).await else {
        let (after, limit) = (call.timeout, http.options.max_in_flight);
        return Step::Failed(TransportFailure::Crowded { after, limit }, None);
    };
    progress.crowded += came.elapsed();
    progress.attempts += 1;
    let Message { method, url, headers, body } = &call.message;
    progress.trace.sent(method.as_str(), url.as_str(), headers, body.as_deref());
    let began = Instant::now();
    let result = http.send(client, &call.message, call.deadline).await;
    let took = began.elapsed();
    let result = redacted(result, &call.token).await;
    log.write(Level::Debug, "attempt", || {
        let what = match &result {
            Ok(answer) => answer.http_status.to_string(),
            Err((failure, _)) => failure.to_string(),
        };
        let (id, ms) = (&call.client_request_id, took.as_millis());
        format!("{id} {method} {} {what}, {ms} ms", url.path())
    });
    if let Ok(answer) | Err((_, Some(answer))) = &result {
        progress.trace.received(answer.http_status, &answer.headers, &answer.body);
    }
    match result {
        Ok(answer) if is_put_off(answer.http_status) => {
            let asked = answer.headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok());
            let asked = asked.and_then(|value| retry_after(value, SystemTime::now()));
            Step::Again { cause: Ok(answer), asked }
        }
        Ok(answer) => Step::Done(answer),
        Err((failure, half)) => {
            progress.trace.note(&failure);
            if failure.is_lost_answer() {
                Step::Again { cause: Err(failure), asked: None }
            } else {
                Step::Failed(failure, half)
            }
        }
    }
}

/// What an attempt brought without the token: nothing behind this line can show it.
async fn redacted(last: Last, token: &Token) -> Last {
    let (failure, answer) = match last {
        Ok(answer) => (None, answer),
        Err((failure, Some(half))) => (Some(failure), half),
        nothing => return nothing,
    };
    let token = token.clone();
    match (aside(answer.body.len(), move || redact(answer, &token)).await, failure) {
        (Ok(answer), None) => Ok(answer),
        (Ok(half), Some(failure)) => Err((failure, Some(half))),
        (Err(lack), _) => Err((TransportFailure::Lack { reason: lack.to_string() }, None)),
    }
}

/// Blots the token out of an answer that echoes it.
fn redact(mut answer: Answer, token: &Token) -> Answer {
    answer.body = token.redact(answer.body);
    for value in answer.headers.values_mut() {
        let text = String::from_utf8_lossy(value.as_bytes()).into_owned();
        if token.redact(text.clone()) != text {
            *value = HeaderValue::from_static("[token]");
        }
    }
    answer
}

/// What the last attempt brought: an answer, or a failure with what had come of one.
type Last = Result<Answer, (TransportFailure, Option<Answer>)>;

/// How long the body is that came.
fn length(last: &Last) -> usize {
    match last {
        Ok(answer) | Err((_, Some(answer))) => answer.body.len(),
        Err((_, None)) => 0,
    }
}

/// Makes of the last attempt what the caller gets; a long answer is read off the I/O thread.
async fn finish(
    http: &Http,
    call: &Arc<Call>,
    progress: &Progress,
    last: Last,
    end: Option<End>,
) -> Result<Response, Error> {
    let size = length(&last);
    let (options, call, progress) = (Arc::clone(&http.options), Arc::clone(call), progress.clone());
    aside(size, move || {
        let most = options.max_in_flight;
        conclude(&options.origin, most, &call, &progress, last, end)
    })
    .await?
}

fn conclude(
    origin: &Origin,
    max_in_flight: u32,
    call: &Call,
    progress: &Progress,
    last: Last,
    end: Option<End>,
) -> Result<Response, Error> {
    let attempts = progress.attempts;
    let respond = |answer| Response::new(call, attempts, progress.trace.text().into(), answer);
    let (cause, response): (Cause, _) = match last {
        Ok(answer) => {
            let response = respond(answer);
            match verdict::judge(origin, call, &response, progress, end) {
                None => return Ok(response),
                Some(cause) => (cause, Some(response)),
            }
        }
        Err((TransportFailure::Late, half)) => {
            let after = call.timeout;
            let is_crowded = progress.crowded * 2 > after;
            let crowded = is_crowded.then_some((progress.crowded, max_in_flight));
            (TransportFailure::Timeout { after, attempts, crowded }.into(), half.map(respond))
        }
        Err((failure, half)) => (failure.into(), half.map(respond)),
    };
    Err(Error::with_context(cause, progress.context(&call.client_request_id, response)))
}
