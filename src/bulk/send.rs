//! Sends one batch, and decides what becomes of each of its operations.

use std::sync::Arc;
use std::time::Duration;

use reqwest::Url;
use reqwest::header::{CONTENT_TYPE, HeaderMap};
use tokio::time::Instant;

use super::failure::BatchFailure;
use super::health::Sign;
use super::work::{Group, Work};
use super::{answer, batch};
use crate::call::{Setup, Time, wanted_instead};
use crate::error::{Error, LocalFailure};
use crate::job::aside;
use crate::operation::{ApiVersion, Replay, merge};
use crate::response::Response;
use crate::token::Token;
use crate::transport::{
    Call, GaveUp, Held, HttpResponse, Message, Outcome, Progress, TransportFailure, asked_wait,
    attempt, conclude, is_put_off, new_guid, say_retry,
};

/// How one operation of a batch goes on.
pub(super) enum End {
    Done(Result<Response, Error>),
    Again { work: Box<Work>, at: Instant },
}

/// An operation on the wire.
struct Sent {
    operation: u64,
    work: Box<Work>,
    call: Arc<Call>,
}

/// What came back for one operation.
enum Came {
    /// Its own answer, or the failure of the request.
    Own(Outcome),
    /// The whole batch was refused.
    Refused(HttpResponse),
    /// Nothing that can be understood.
    Odd(BatchFailure),
    /// A response that could not be read for want of a thread.
    Unread(Error),
}

/// Sends operations together, or a single one as it is. What becomes of each, and what it says about the service.
pub(super) async fn send(
    setup: &Setup,
    group: &Group,
    mut work: Vec<(u64, Box<Work>)>,
    is_fresh: bool,
    held: Held,
) -> (Vec<(u64, End)>, Sign) {
    let now = Instant::now();
    let begin = |(_, work): &mut (u64, Box<Work>)| *work.deadline.get_or_insert(now + work.timeout);
    let deadline = work.iter_mut().map(begin).min().unwrap_or(now);
    let time = Time { timeout: group.timeout, deadline };
    let wanted = work.iter().find_map(|(_, work)| work.wanted.as_ref());
    let wanted = wanted.cloned().unwrap_or_default();
    let token = match setup.token(group.token.as_ref(), &wanted, time).await {
        Ok(token) => token,
        Err(failure) => return (all_fail(work, &failure), Sign::Unknown),
    };
    let connection = match setup.http.client(deadline, group.timeout).await {
        Ok(connection) => connection,
        Err(failure) => return (all_fail(work, &failure), Sign::Unknown),
    };
    let (mut ends, mut sent) = (Vec::new(), Vec::new());
    for (operation, work) in work {
        let time = Time { deadline: work.deadline.unwrap_or(deadline), ..time };
        match call(setup, &work, time, &token) {
            Ok(call) => sent.push(Sent { operation, work, call: Arc::new(call) }),
            Err(failure) => ends.push((operation, End::Done(Err(failure)))),
        }
    }
    let came = match sent.as_mut_slice() {
        [] => Vec::new(),
        [alone] => {
            let (call, progress) = (&alone.call, &mut alone.work.progress);
            vec![Came::Own(attempt(&setup.http, connection, &setup.log, call, progress).await)]
        }
        several => together(setup, connection, group, several, time, &token).await,
    };
    let throttled = came.iter().filter(|came| http_status(came) == Some(429)).count();
    setup.http.counters.throttled.add(throttled as u64);
    held.answered(u32::try_from(throttled).unwrap_or(u32::MAX));
    let sign = sign(&came, is_fresh);
    ends.extend(decide(setup, sent, came).await);
    (ends, sign)
}

fn all_fail(work: Vec<(u64, Box<Work>)>, failure: &Error) -> Vec<(u64, End)> {
    let end =
        |(operation, work): (u64, Box<Work>)| (operation, End::Done(Err(work.fails(failure))));
    work.into_iter().map(end).collect()
}

fn call(setup: &Setup, work: &Work, time: Time, token: &Token) -> Result<Call, Error> {
    let url = setup.url(&work.part)?;
    setup.call(&work.part, url, time, &work.client_request_id, token.clone())
}

/// Sends operations in one `$batch`.
async fn together(
    setup: &Setup,
    connection: &reqwest::Client,
    group: &Group,
    sent: &mut [Sent],
    time: Time,
    token: &Token,
) -> Vec<Came> {
    let call = match batch_call(setup, group, sent, time, token) {
        Ok(call) => call,
        Err(failure) => return for_each(&failure, sent.len()),
    };
    let mut progress = Progress::new(false);
    let outcome = attempt(&setup.http, connection, &setup.log, &call, &mut progress).await;
    if progress.attempts > 0 {
        let counters = &setup.http.counters;
        counters.batches.add(1);
        counters.items.add(sent.len() as u64);
    }
    let count = sent.len();
    for Sent { work, call: own, .. } in sent.iter_mut() {
        let known = &mut work.progress;
        known.attempts += progress.attempts;
        known.waited_for_slot += progress.waited_for_slot;
        known.trace.note(&format!("in a batch of {count}, {}", call.client_request_id));
        known.trace.sent(&own.message);
    }
    let came = split(setup, outcome, count).await;
    for (Sent { work, .. }, came) in sent.iter_mut().zip(&came) {
        match came {
            Came::Own(Ok(response)) | Came::Refused(response) => {
                work.progress.trace.received(response);
            }
            Came::Own(Err((failure, _))) => work.progress.trace.note(failure),
            Came::Odd(failure) => work.progress.trace.note(failure),
            Came::Unread(failure) => work.progress.trace.note(failure),
        }
    }
    came
}

/// The request that carries the operations.
fn batch_call(
    setup: &Setup,
    group: &Group,
    sent: &[Sent],
    time: Time,
    token: &Token,
) -> Result<Call, TransportFailure> {
    let first = &sent[0].call;
    let client_request_id = new_guid();
    let body = batch::write(sent.iter().map(|sent| &sent.call.message));
    let url = batch_url(setup, group.api_version)?;
    Ok(Call {
        row: first.row,
        subject: first.subject.clone(),
        message: Message::batch(url, &client_request_id, token, body),
        token: token.clone(),
        replay: Replay::Safe,
        retry: setup.retry,
        timeout: time.timeout,
        deadline: time.deadline,
        client_request_id,
        is_own_token: first.is_own_token,
        throttle: None,
    })
}

fn batch_url(setup: &Setup, version: ApiVersion) -> Result<Url, TransportFailure> {
    setup.http.options.origin.join(match version {
        ApiVersion::V1_0 => "/v1.0/$batch",
        ApiVersion::Beta => "/beta/$batch",
    })
}

/// What the answer to a batch means for each of its operations. Older pages say that a batch with a throttled item is
/// answered with 424.
async fn split(setup: &Setup, outcome: Outcome, count: usize) -> Vec<Came> {
    let response = match outcome {
        Ok(response) => response,
        Err((failure, _)) => return for_each(&failure, count),
    };
    let size = response.body.len();
    let read = move || (answer::read(&response.body, count), response);
    let (answers, response) = match aside(size, read).await {
        Ok(read) => read,
        Err(failure) => return (0..count).map(|_| Came::Unread(failure.clone())).collect(),
    };
    let from = || setup.http.options.origin.to_string();
    let http_status = response.http_status;
    match answers {
        Ok(answers) if matches!(http_status, 200..=299 | 424) => answers
            .into_iter()
            .map(|answer| match answer {
                Ok(response) => Came::Own(Ok(response)),
                Err(fault) => Came::Odd(BatchFailure::Item { from: from(), fault }),
            })
            .collect(),
        Err(oddity) if matches!(http_status, 200..=299) => {
            let content_type = content_type(&response.headers);
            let odd = || BatchFailure::Whole {
                from: from(),
                http_status,
                content_type: content_type.clone(),
                oddity,
            };
            (0..count).map(|_| Came::Odd(odd())).collect()
        }
        _ => (0..count).map(|_| Came::Refused(response.clone())).collect(),
    }
}

/// The same failure for all. What had arrived of an answer belongs to none of them.
fn for_each(failure: &TransportFailure, count: usize) -> Vec<Came> {
    (0..count).map(|_| Came::Own(Err((failure.clone(), None)))).collect()
}

fn content_type(headers: &HeaderMap) -> String {
    let value = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    value.unwrap_or("no content type").into()
}

fn http_status(came: &Came) -> Option<u16> {
    match came {
        Came::Own(Ok(response)) | Came::Refused(response) => Some(response.http_status),
        Came::Own(Err(_)) | Came::Odd(_) | Came::Unread(_) => None,
    }
}

fn sign(came: &[Came], is_fresh: bool) -> Sign {
    let is_down = |came: &Came| match came {
        Came::Own(Err((failure, _))) => {
            failure.is_of_connection() || *failure == TransportFailure::Late
        }
        came => matches!(http_status(came), Some(503 | 504)),
    };
    match !came.is_empty() && came.iter().all(is_down) {
        false => Sign::Up,
        true if is_fresh => Sign::Down,
        true => Sign::StillDown,
    }
}

/// Ends what has ended, and puts off what is to be sent again, all of it for as long as was asked of any.
async fn decide(setup: &Setup, sent: Vec<Sent>, came: Vec<Came>) -> Vec<(u64, End)> {
    let asked = came.iter().filter_map(|came| match came {
        Came::Own(Ok(response)) | Came::Refused(response) if may_repeat_status(response) => {
            asked_wait(&response.headers)
        }
        _ => None,
    });
    let mut pause = Pause { asked: asked.max(), waits: Vec::new() };
    let mut ends = Vec::with_capacity(sent.len());
    for (sent, came) in sent.into_iter().zip(came) {
        let operation = sent.operation;
        ends.push((operation, decide_one(setup, sent, came, &mut pause).await));
    }
    ends
}

async fn decide_one(setup: &Setup, sent: Sent, came: Came, pause: &mut Pause) -> End {
    let Sent { mut work, mut call, .. } = sent;
    let (call, outcome) = match came {
        Came::Odd(failure) => return End::Done(Err(work.fails(&failure.into()))),
        Came::Unread(failure) => return End::Done(Err(work.fails(&failure))),
        Came::Own(outcome) => (call, outcome),
        Came::Refused(response) => {
            if let Some(call) = Arc::get_mut(&mut call) {
                call.subject.is_in_batch = true;
            }
            (call, Ok(response))
        }
    };
    let mut gave_up = None;
    if may_repeat(setup, &outcome) {
        work.progress.may_be_done |=
            outcome.as_ref().map_or(true, |response| response.http_status >= 500);
        match pause.wait(&work, call.replay) {
            Ok(wait) => return again(setup, work, &outcome, wait),
            Err(reason) => gave_up = Some(reason),
        }
    }
    let result = conclude(&setup.http, &call, &work.progress, outcome, gave_up).await;
    if let (Err(error), None) = (&result, &work.wanted)
        && setup.can_renew(call.is_own_token)
        && let Some(wanted) = wanted_instead(error, call.token.clone())
    {
        work.wanted = Some(wanted);
        return End::Again { work, at: Instant::now() };
    }
    match result {
        Ok(response) => {
            // Of one response there is always one.
            let merged = merge(work.order.take(), vec![response]);
            End::Done(
                merged.ok_or_else(|| LocalFailure::Internal("a response was lost".into()).into()),
            )
        }
        error => End::Done(error),
    }
}

fn again(setup: &Setup, mut work: Box<Work>, outcome: &Outcome, wait: Duration) -> End {
    setup.http.counters.retries.add(1);
    say_retry(&setup.log, &work.client_request_id, &mut work.progress, outcome, wait);
    End::Again { work, at: Instant::now() + wait }
}

/// How long what has to be sent again waits: those of one batch together, so that they can travel together again.
struct Pause {
    /// The longest that was asked of any.
    asked: Option<Duration>,
    /// By the number of attempts.
    waits: Vec<(u32, Duration)>,
}

impl Pause {
    fn wait(&mut self, work: &Work, replay: Replay) -> Result<Duration, GaveUp> {
        let Progress { attempts, waited, .. } = work.progress;
        let deadline = work.deadline.unwrap_or_else(Instant::now);
        let left = deadline.saturating_duration_since(Instant::now());
        let own = work.retry.wait(replay, attempts, waited, self.asked, left)?;
        let known = self.waits.iter().find(|(same, _)| *same == attempts).map(|(_, wait)| *wait);
        if known.is_none() {
            self.waits.push((attempts, own));
        }
        Ok(known.unwrap_or(own).min(left))
    }
}

/// Whether the request may be sent again, if its operation allows it.
fn may_repeat(setup: &Setup, outcome: &Outcome) -> bool {
    match outcome {
        Ok(response) => may_repeat_status(response),
        // A host that never answered is more likely misspelled than away.
        Err((TransportFailure::Connect { .. }, _)) => setup.http.counters.succeeded.get() > 0,
        Err((failure, _)) => failure.is_of_connection() || *failure == TransportFailure::Late,
    }
}

fn may_repeat_status(response: &HttpResponse) -> bool {
    is_put_off(response.http_status) || response.http_status == 424
}
