//! Sends one batch, and decides which of its operations have ended and which are sent again.

use std::cmp::Reverse;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use reqwest::Url;
use reqwest::header::{CONTENT_TYPE, HeaderMap};
use tokio::time::{Instant, timeout_at};

use super::failure::BatchFailure;
use super::groups::Group;
use super::health::Sign;
use super::outbox::Outbox;
use super::work::Work;
use super::{batch_request, batch_response};
use crate::auth::Wanted;
use crate::call::{Setup, Time, wanted_instead};
use crate::error::{Error, LocalFailure};
use crate::job::aside;
use crate::operation::{ApiVersion, Effect, Replay, merge};
use crate::response::Response;
use crate::token::Token;
use crate::transport::{
    Call, GaveUp, Held, HttpResponse, Message, Outcome, Progress, TransportFailure, Way,
    asked_wait, conclude, from_now, is_judged, is_retryable, log_retry, may_be_done, new_guid,
};

/// What becomes of one operation of a batch.
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

/// What was received for one operation.
enum Received {
    /// Its own response, or the failure of the request.
    Own(Outcome),
    /// The whole batch was refused.
    Refused(HttpResponse),
    /// A response that cannot be understood.
    Odd(BatchFailure),
    /// A response that could not be parsed because no thread could be started.
    Unread(Error),
}

/// Sends operations in a batch, or a single one without. Returns what becomes of each, and what the result says about
/// the service.
///
/// The batch may take until the last of its operations times out. Those that time out before are removed from the outbox.
pub(super) async fn send(
    setup: &Setup,
    outbox: &Outbox<Group, Box<Work>>,
    group: &Group,
    mut work: Vec<(u64, Box<Work>)>,
    is_fresh: bool,
    mut held: Held,
) -> (Vec<(u64, End)>, Sign) {
    let now = Instant::now();
    let begin = |(_, work): &mut (u64, Box<Work>)| {
        *work.deadline.get_or_insert_with(|| from_now(work.timeout))
    };
    let deadline = work.iter_mut().map(begin).max().unwrap_or(now);
    let time = Time { timeout: group.timeout, deadline };
    let max_in_flight = setup.http.options.max_in_flight;
    let late = |(operation, work): (u64, &Work)| {
        if let Some(finish) = outbox.remove(operation, Instant::now().into_std()) {
            finish(Err(work.timed_out(max_in_flight)));
        }
    };
    let wanted = work.iter().find_map(|(_, work)| work.wanted.clone());
    let (is_wanted, wanted) = (wanted.is_some(), wanted.unwrap_or_default());
    let asked = Wanted { is_for_keep_alive: group.urgent, ..wanted.clone() };
    let ready = get_ready(setup, group.token.as_ref(), &asked, time);
    let each = work.iter().map(|(operation, work)| (*operation, &**work));
    let (token, way) = match with_late_ones(ready, each, late).await {
        Ok(ready) => ready,
        Err(why) => {
            let end = |(operation, mut work): (u64, Box<Work>)| {
                let end = match &why {
                    // Another token may be granted than in the place of the one that was rejected.
                    NotReady::Failed(_) if is_wanted && work.wanted.is_none() => {
                        End::Again { work, at: now }
                    }
                    NotReady::Failed(failure) => End::Done(Err(work.fails(failure))),
                    NotReady::NoSlot(waited) => {
                        End::Done(Err(work.had_no_slot(*waited, max_in_flight)))
                    }
                };
                (operation, end)
            };
            return (work.into_iter().map(end).collect(), Sign::Unknown);
        }
    };
    let (mut ends, mut sent) = (Vec::new(), Vec::new());
    let now = Instant::now();
    for (operation, mut work) in work {
        work.progress.waited_for_slot += way.waited;
        // The token was asked for on behalf of another operation, in the place of another token.
        let needs_another = |own: &Wanted| *own != wanted && own.rejects(&token);
        if !work.is_late(now) && work.wanted.as_ref().is_some_and(needs_another) {
            ends.push((operation, End::Again { work, at: now }));
            continue;
        }
        let time = Time { deadline: work.deadline.unwrap_or(deadline), ..time };
        match prepare(setup, outbox, operation, &mut work, time, &token) {
            Ok(call) => sent.push(Sent { operation, work, call: Arc::new(call) }),
            Err(failure) => ends.push((operation, End::Done(Err(failure)))),
        }
    }
    if sent.is_empty() {
        return (ends, Sign::Unknown);
    }
    held.sent(u32::try_from(sent.len()).unwrap_or(u32::MAX));
    let received = match sent.as_mut_slice() {
        [alone] => vec![Received::Own(way.send(&alone.call, &mut alone.work.progress).await)],
        several => send_batch(setup, way, group, several, time, &token, late).await,
    };
    let throttled = received.iter().filter(|received| http_status(received) == Some(429)).count();
    setup.http.counters.throttled.add(throttled as u64);
    if received.iter().filter_map(http_status).any(is_judged) {
        held.answered(u32::try_from(throttled).unwrap_or(u32::MAX));
    }
    // What is sent alone may be refused for its length or its content type.
    let sign = sign(&received, is_fresh && !sent.iter().any(|sent| sent.work.is_alone));
    ends.extend(decide(setup, sent, received).await);
    (ends, sign)
}

/// Why a batch cannot be sent.
enum NotReady {
    Failed(Error),
    /// Its time passed while it waited so long for a slot.
    NoSlot(Duration),
}

/// Gets what a batch needs before it is sent.
async fn get_ready<'a>(
    setup: &'a Setup,
    own_token: Option<&Token>,
    wanted: &Wanted,
    time: Time,
) -> Result<(Token, Way<'a>), NotReady> {
    let Time { timeout, deadline } = time;
    let token = setup.token(own_token, wanted, time).await.map_err(NotReady::Failed)?;
    let connection = setup.http.client(deadline, timeout).await.map_err(NotReady::Failed)?;
    let way = Way::open(&setup.http, connection, &setup.log, deadline).await;
    Ok((token, way.map_err(NotReady::NoSlot)?))
}

/// Runs a step of a batch, and tells of the operations that time out before it ends.
async fn with_late_ones<'a, T>(
    step: impl Future<Output = T>,
    work: impl Iterator<Item = (u64, &'a Work)>,
    late: impl Fn((u64, &'a Work)),
) -> T {
    let mut step = pin!(step);
    let mut next: Vec<(Instant, (u64, &Work))> =
        work.filter_map(|(operation, work)| Some((work.deadline?, (operation, work)))).collect();
    next.sort_by_key(|(deadline, _)| Reverse(*deadline));
    // The step ends with the last of the deadlines by itself.
    while let [_, .., (deadline, _)] = next.as_slice() {
        match timeout_at(*deadline, step.as_mut()).await {
            Ok(ended) => return ended,
            Err(_) => next.pop().into_iter().for_each(|(_, work)| late(work)),
        }
    }
    step.await
}

/// The call of an operation, which is counted as an attempt from now on. Fails if it is late or was cancelled meanwhile.
fn prepare(
    setup: &Setup,
    outbox: &Outbox<Group, Box<Work>>,
    operation: u64,
    work: &mut Work,
    time: Time,
    token: &Token,
) -> Result<Call, Error> {
    if work.is_late(Instant::now()) {
        return Err(work.timed_out(setup.http.options.max_in_flight));
    }
    let url = setup.url(&work.part)?;
    let call = setup.call(&work.part, url, time, &work.client_request_id, token.clone())?;
    let Work { client_request_id, progress, .. } = work;
    match outbox.sends(operation, || progress.attempt(client_request_id, call.row.effect)) {
        true => Ok(call),
        false => Err(LocalFailure::Cancelled.into()),
    }
}

/// Sends operations in one `$batch`.
async fn send_batch(
    setup: &Setup,
    way: Way<'_>,
    group: &Group,
    sent: &mut [Sent],
    time: Time,
    token: &Token,
    late: impl Fn((u64, &Work)),
) -> Vec<Received> {
    let count = sent.len();
    let call = match batch_call(setup, group, sent, time, token) {
        Ok(call) => call,
        Err(failure) => return for_each(&failure, count),
    };
    for Sent { work, call: own, .. } in sent.iter_mut() {
        work.progress.trace.note(&format!("in a batch of {count}, {}", call.client_request_id));
        work.progress.trace.sent(&own.message);
    }
    setup.http.counters.batches.add(1);
    setup.http.counters.items.add(count as u64);
    let mut progress = Progress::new(false);
    let each = sent.iter().map(|sent| (sent.operation, &*sent.work));
    let outcome = with_late_ones(way.send(&call, &mut progress), each, late).await;
    let received = split(setup, outcome, count).await;
    for (Sent { work, .. }, received) in sent.iter_mut().zip(&received) {
        match received {
            Received::Own(Ok(response)) | Received::Refused(response) => {
                work.progress.trace.received(response);
            }
            Received::Own(Err((failure, _))) => work.progress.trace.note(failure),
            Received::Odd(failure) => work.progress.trace.note(failure),
            Received::Unread(failure) => work.progress.trace.note(failure),
        }
    }
    received
}

/// The request for the whole batch.
fn batch_call(
    setup: &Setup,
    group: &Group,
    sent: &[Sent],
    time: Time,
    token: &Token,
) -> Result<Call, TransportFailure> {
    let first = &sent[0].call;
    let client_request_id = new_guid();
    let body = batch_request::write(sent.iter().map(|sent| &sent.call.message));
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

/// What the response to a batch means for each of its operations. According to older documentation, a batch with a
/// throttled item gets 424.
async fn split(setup: &Setup, outcome: Outcome, count: usize) -> Vec<Received> {
    let response = match outcome {
        Ok(response) => response,
        Err((TransportFailure::TooLong { from, limit, .. }, _)) => {
            let too_long = || BatchFailure::TooLong { from: from.clone(), limit };
            return (0..count).map(|_| Received::Odd(too_long())).collect();
        }
        Err((failure, _)) => return for_each(&failure, count),
    };
    let size = response.body.len();
    let read = move || (batch_response::read(&response.body, count), response);
    let (answers, response) = match aside(size, read).await {
        Ok(read) => read,
        Err(failure) => return (0..count).map(|_| Received::Unread(failure.clone())).collect(),
    };
    let from = || setup.http.options.origin.to_string();
    let http_status = response.http_status;
    match answers {
        Ok(answers) if matches!(http_status, 200..=299 | 424) => answers
            .into_iter()
            .map(|answer| match answer {
                Ok(response) => Received::Own(Ok(response)),
                Err(fault) => Received::Odd(BatchFailure::Item { from: from(), fault }),
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
            (0..count).map(|_| Received::Odd(odd())).collect()
        }
        _ => (0..count).map(|_| Received::Refused(response.clone())).collect(),
    }
}

/// The same failure for every operation. A partial response does not belong to any of them.
fn for_each(failure: &TransportFailure, count: usize) -> Vec<Received> {
    (0..count).map(|_| Received::Own(Err((failure.clone(), None)))).collect()
}

fn content_type(headers: &HeaderMap) -> String {
    let value = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    value.unwrap_or("no content type").into()
}

fn http_status(received: &Received) -> Option<u16> {
    match received {
        Received::Own(Ok(response)) | Received::Refused(response) => Some(response.http_status),
        Received::Own(Err(_)) | Received::Odd(_) | Received::Unread(_) => None,
    }
}

fn sign(received: &[Received], is_fresh: bool) -> Sign {
    let is_down = |received: &Received| match received {
        Received::Own(Err((failure, _))) => {
            failure.is_of_connection() || *failure == TransportFailure::Late
        }
        received => matches!(http_status(received), Some(503 | 504)),
    };
    match !received.is_empty() && received.iter().all(is_down) {
        false => Sign::Up,
        true if is_fresh => Sign::Down,
        true => Sign::StillDown,
    }
}

/// Ends the operations that are complete. The others are sent again, all after the longest wait that any response asked
/// for.
async fn decide(setup: &Setup, sent: Vec<Sent>, received: Vec<Received>) -> Vec<(u64, End)> {
    let asked = received.iter().filter_map(|received| match received {
        Received::Own(Ok(response)) | Received::Refused(response)
            if may_repeat_status(response) =>
        {
            asked_wait(&response.headers)
        }
        _ => None,
    });
    let mut pause = Pause { longest: asked.max(), waits: Vec::new() };
    let mut ends = Vec::with_capacity(sent.len());
    for (sent, received) in sent.into_iter().zip(received) {
        let operation = sent.operation;
        ends.push((operation, decide_one(setup, sent, received, &mut pause).await));
    }
    ends
}

async fn decide_one(setup: &Setup, sent: Sent, received: Received, pause: &mut Pause) -> End {
    let Sent { mut work, mut call, .. } = sent;
    let (call, outcome) = match received {
        // What is wrong with the answer to a batch, such as its length, need not be wrong with one of its own. What a
        // keep-alive sends may take effect twice.
        Received::Odd(_)
            if (call.row.effect == Effect::Read || work.part.request.urgent) && !work.is_alone =>
        {
            return alone(work, true);
        }
        Received::Odd(failure) => return End::Done(Err(work.fails(&failure.into()))),
        Received::Unread(failure) => return End::Done(Err(work.fails(&failure))),
        Received::Own(outcome) => {
            if outcome.is_err() {
                work.batch_failed();
            }
            (call, outcome)
        }
        // What was wrong with one request is not the answer to the others: each gets its own.
        Received::Refused(response) if may_be_of_one(&response, &call) => {
            return alone(work, false);
        }
        Received::Refused(response) => {
            work.batch_failed();
            if let Some(call) = Arc::get_mut(&mut call) {
                call.subject.is_in_batch = true;
            }
            (call, Ok(response))
        }
    };
    let mut gave_up = None;
    if may_repeat(setup, &outcome) {
        work.progress.repeats(may_be_done(&outcome));
        let own = outcome.as_ref().ok().and_then(|response| asked_wait(&response.headers));
        match pause.wait(&work, call.replay, own) {
            Ok(wait) => return again(setup, work, &outcome, wait),
            Err(_) if work.part.request.urgent => gave_up = Some(GaveUp::KeepAlive),
            Err(reason) => gave_up = Some(reason),
        }
    }
    let result = conclude(&setup.http, &call, &work.progress, outcome, gave_up).await;
    if let (Err(error), None) = (&result, &work.wanted)
        && setup.can_renew(call.is_own_token)
        && let Some(wanted) = wanted_instead(error, call.token.clone())
    {
        // The sign-in with claims may take long, and the others need none.
        work.is_alone |= wanted.claims.is_some();
        work.wanted = Some(wanted);
        work.progress.repeats(false);
        return End::Again { work, at: Instant::now() };
    }
    match result {
        Ok(response) => {
            // Merging one response always gives one.
            let merged = merge(work.order.take(), vec![response]);
            End::Done(
                merged.ok_or_else(|| LocalFailure::Internal("a response was lost".into()).into()),
            )
        }
        error => End::Done(error),
    }
}

/// Sends an operation again at once, without a batch.
fn alone(mut work: Box<Work>, may_be_done: bool) -> End {
    work.is_alone = true;
    work.progress.repeats(may_be_done);
    End::Again { work, at: Instant::now() }
}

fn again(setup: &Setup, mut work: Box<Work>, outcome: &Outcome, wait: Duration) -> End {
    setup.http.counters.retries.add(1);
    log_retry(&setup.log, &work.client_request_id, &mut work.progress, outcome, wait);
    End::Again { work, at: Instant::now() + wait }
}

/// The wait before operations are sent again: the same for those of one batch, so that they can be batched again.
struct Pause {
    /// The longest wait that any response asked for.
    longest: Option<Duration>,
    /// The waits that were chosen, by number of attempts and the wait that a response asked for.
    waits: Vec<((u32, Option<Duration>), Duration)>,
}

impl Pause {
    /// `own` is the wait that the response to this operation asked for. It counts if the operation has no time for the
    /// longest one.
    fn wait(
        &mut self,
        work: &Work,
        replay: Replay,
        own: Option<Duration>,
    ) -> Result<Duration, GaveUp> {
        let Progress { attempts, waited, .. } = work.progress;
        let deadline = work.deadline.unwrap_or_else(Instant::now);
        let left = deadline.saturating_duration_since(Instant::now());
        let after = |asked| Ok((asked, work.retry.wait(replay, attempts, waited, asked, left)?));
        let (asked, wait) = after(self.longest).or_else(|_| after(own))?;
        let key = (attempts, asked);
        let known = self.waits.iter().find(|(same, _)| *same == key).map(|(_, wait)| *wait);
        if known.is_none() {
            self.waits.push((key, wait));
        }
        Ok(known.filter(|known| *known < left).unwrap_or(wait))
    }
}

/// Whether the outcome allows a retry. The operation has to allow it, too.
fn may_repeat(setup: &Setup, outcome: &Outcome) -> bool {
    match outcome {
        Ok(response) => may_repeat_status(response),
        // A host that has never answered is more likely misspelled than down.
        Err((TransportFailure::Connect { .. }, _)) => setup.http.counters.succeeded.get() > 0,
        Err((failure, _)) => failure.is_of_connection() || *failure == TransportFailure::Late,
    }
}

/// Whether a batch may have been refused for one of its requests alone, and this one may be sent again: a read always, a
/// write only if nothing was done.
fn may_be_of_one(response: &HttpResponse, call: &Call) -> bool {
    let http_status = response.http_status;
    let was_nothing_done = matches!(http_status, 400..=499) && http_status != 408;
    let may_be_sent_again = match call.row.effect {
        Effect::Read => true,
        Effect::Write => was_nothing_done && call.replay != Replay::Never,
    };
    http_status != 401 && !may_repeat_status(response) && may_be_sent_again
}

fn may_repeat_status(response: &HttpResponse) -> bool {
    is_retryable(response.http_status) || response.http_status == 424
}
