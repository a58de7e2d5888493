//! One call, from the request to the response, in the order in which it happens.

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use reqwest::Url;
use reqwest::header::IF_MATCH;
use tokio::time::{Instant, timeout_at};

use crate::auth::{AuthFailure, Credential, Wanted, claims_challenge};
use crate::error::{Error, LocalFailure};
use crate::job::aside;
use crate::log::{Level, Log};
use crate::operation::{Checked, Invalid, Part, Plan, Replay, Request, merge};
use crate::response::Response;
use crate::token::{Claims, Token};
use crate::transport::{
    Attempts, Call, Http, Known, Message, Progress, RetryRule, SharedThrottle, Subject, Throttles,
    TransportFailure, client_request_id, exchange, from_now,
};

/// What all calls of a client share.
#[derive(Debug)]
pub(crate) struct Setup {
    pub(crate) http: Http,
    pub(crate) credential: Option<Credential>,
    pub(crate) log: Log,
    pub(crate) retry: RetryRule,
    pub(crate) timeout: Duration,
    pub(crate) throttles: Throttles,
}

/// The timeout of a call, and the moment at which it ends.
#[derive(Clone, Copy)]
pub(crate) struct Time {
    pub(crate) timeout: Duration,
    pub(crate) deadline: Instant,
}

/// The longest wait of a submitted request for its start, in multiples of its timeout.
pub(crate) const LONGEST_QUEUE: u32 = 100;

impl Setup {
    pub(crate) fn timeout(&self, request: &Request) -> Duration {
        request.timeout.unwrap_or(self.timeout)
    }

    /// Runs a call until its end or until something ends it, and logs the result. `deadline` is `None` for a submitted
    /// request, whose timeout counts from its start.
    pub(crate) async fn run(
        &self,
        request: Request,
        deadline: Option<Instant>,
        attempts: &Attempts,
        end: impl Future<Output = LocalFailure>,
    ) -> Result<Response, Error> {
        let name = request.operation.row().name;
        // Boxed, because the future is thousands of bytes large, and every layer above would store and move them twice.
        let work = Box::pin(self.start(request, deadline, attempts));
        let result = tokio::select! {
            biased;
            end = end => Err(end.into()),
            result = catch_panic(work) => result,
        };
        let result = result.map_err(|failure| attempts.known_to(failure));
        self.log_end(name, &result);
        result
    }

    /// Logs and counts the end of a call.
    pub(crate) fn log_end(&self, name: &str, result: &Result<Response, Error>) {
        let counters = &self.http.counters;
        let ended = if result.is_ok() { &counters.succeeded } else { &counters.failed };
        ended.add(1);
        match result {
            Ok(response) => self.log.write(Level::Info, "call", || {
                format!("{} {name} {}", response.client_request_id(), response.http_status())
            }),
            Err(error) => self.log.write(Level::Error, "call", || {
                format!("{} {name}: {error}", error.client_request_id()).trim_start().into()
            }),
        }
    }

    /// Waits for a slot, if this is a submitted request, and sends it. A request with a deadline starts at once.
    async fn start(
        &self,
        request: Request,
        deadline: Option<Instant>,
        attempts: &Attempts,
    ) -> Result<Response, Error> {
        #[cfg(feature = "test-panic")]
        crate::ffi::panic_if_asked_to(&request);
        let timeout = self.timeout(&request);
        if let Some(deadline) = deadline {
            return self.send(request, Time { timeout, deadline }, attempts).await;
        }
        let _slot = self.http.start_slot(timeout.saturating_mul(LONGEST_QUEUE)).await?;
        self.send(request, Time { timeout, deadline: from_now(timeout) }, attempts).await
    }

    /// Checks a request and sends it, in several parts if Graph limits its size. The first part that fails ends the
    /// call.
    async fn send(
        &self,
        request: Request,
        time: Time,
        shared: &Attempts,
    ) -> Result<Response, Error> {
        let Plan { parts, order } = prepare(request, time).await?;
        let mut responses = Vec::with_capacity(parts.len());
        for part in &parts {
            let progress = Progress {
                shared: shared.clone(),
                earlier_attempts: attempts(&responses),
                ..Progress::new(part.request.trace)
            };
            match self.send_part(part, time, progress).await {
                Ok(response) => responses.push(response),
                Err(error) => return Err(error.after(&responses)),
            }
        }
        let size = responses.iter().map(|response| response.body().len()).sum();
        // Dropping large parts takes as long as creating them, so it also happens there.
        let merged = aside(size, move || (merge(order, responses), drop(parts)).0).await?;
        merged.ok_or_else(|| LocalFailure::Internal("A request had no parts".into()).into())
    }

    /// Sends one part with a token, and once more with a new token if Graph calls the first token invalid.
    async fn send_part(
        &self,
        part: &Part,
        time: Time,
        mut progress: Progress,
    ) -> Result<Response, Error> {
        let request = &part.request;
        let url = self.url(part)?;
        let client_request_id = client_request_id(request);
        let own = request.access_token.as_ref();
        let token = self.token(own, &Wanted::default(), time).await.map_err(|failure| {
            let refused = failure.response().cloned();
            failure.in_context(progress.context(&client_request_id, refused))
        })?;
        let call = self.call(part, url.clone(), time, &client_request_id, token.clone())?;
        let call = self.counted(call);
        let first = exchange(&self.http, &self.log, &call, &mut progress).await;
        let rejection = match first {
            Err(error) if self.can_renew(own.is_some()) => error,
            result => return result,
        };
        let Some(wanted) = wanted_instead(&rejection, token) else { return Err(rejection) };
        progress.repeats(false);
        let token = self.token(own, &wanted, time).await.map_err(|failure| {
            let refused = failure.response().or(rejection.response()).cloned();
            failure.in_context(progress.context(&client_request_id, refused))
        })?;
        let call = self.counted(self.call(part, url, time, &client_request_id, token)?);
        exchange(&self.http, &self.log, &call, &mut progress).await
    }

    /// The same call, counted by the throttle of its token.
    fn counted(&self, call: Call) -> Arc<Call> {
        let throttle = Some(self.throttle(call.is_own_token, &call.token));
        Arc::new(Call { throttle, ..call })
    }

    /// The throttle that counts the requests with a token. `is_own` says that the token came with the request.
    pub(crate) fn throttle(&self, is_own: bool, token: &Token) -> Arc<SharedThrottle> {
        self.known(is_own, token).throttle
    }

    /// The application and the throttle of a token, whose claims are read only once.
    fn known(&self, is_own: bool, token: &Token) -> Known {
        self.throttles.of(token, is_own, || {
            self.http.counters.tokens.add(1);
            match &self.credential {
                Some(credential) if !is_own => credential.app_id(token),
                _ => Claims::of(token).app_id(),
            }
        })
    }

    pub(crate) fn url(&self, Part { request, checked }: &Part) -> Result<Url, Error> {
        let origin = &self.http.options.origin;
        Ok(match &request.next_link {
            Some(link) => origin.admit(link)?,
            None => origin.join(&checked.path_and_query)?,
        })
    }

    /// The token to send: the request's own, or else the credential's.
    pub(crate) async fn token(
        &self,
        own: Option<&Token>,
        wanted: &Wanted,
        time: Time,
    ) -> Result<Token, Error> {
        match (own, &self.credential) {
            (Some(token), _) => Ok(token.clone()),
            (None, Some(credential)) => {
                let token = timeout_at(time.deadline, credential.token(wanted)).await;
                credential.tell(&self.log);
                token.unwrap_or_else(|_| Err(AuthFailure::Late { after: time.timeout }.into()))
            }
            (None, None) => Err(AuthFailure::NoCredential.into()),
        }
    }

    /// Whether the credential could provide a new token. `is_own` says that the token came with the request.
    pub(crate) fn can_renew(&self, is_own: bool) -> bool {
        !is_own && self.credential.as_ref().is_some_and(Credential::can_renew)
    }

    /// Prepares the exchange of one part.
    pub(crate) fn call(
        &self,
        Part { request, checked }: &Part,
        url: Url,
        Time { timeout, deadline }: Time,
        client_request_id: &str,
        token: Token,
    ) -> Result<Call, Error> {
        let row = request.operation.row();
        let body = self.body(request, checked, &token)?;
        let message = Message::new(request, url, client_request_id, &token, body);
        let is_conditional = message.headers.contains_key(IF_MATCH);
        Ok(Call {
            row,
            subject: Subject::new(row, request.target.clone()),
            message,
            token,
            replay: if is_conditional { Replay::Never } else { row.replay },
            retry: self.retry,
            timeout,
            deadline,
            client_request_id: client_request_id.into(),
            is_own_token: request.access_token.is_some(),
            throttle: None,
        })
    }

    /// The body that is sent, with the default session id if the request asks for it.
    fn body(
        &self,
        request: &Request,
        checked: &Checked,
        token: &Token,
    ) -> Result<Option<String>, Error> {
        let Some(body) = &checked.body else { return Ok(None) };
        if !request.needs_session_id() {
            return Ok(Some(body.to_json()));
        }
        let id = self.known(request.access_token.is_some(), token).application;
        let id = id.ok_or(Invalid::SessionIdUnknown { action: request.operation.row().name })?;
        Ok(Some(body.to_json_with("sessionId", &id)))
    }
}

fn attempts(responses: &[Response]) -> u32 {
    responses.iter().map(Response::attempts).sum()
}

/// Checks a request, and splits it if Graph limits its size. A large request is checked on another thread.
async fn prepare(request: Request, time: Time) -> Result<Plan, Error> {
    let plan = aside(request.size(), move || Plan::new(request));
    timeout_at(time.deadline, plan).await.unwrap_or_else(|_| {
        Ok(Err(TransportFailure::NotReady { after: time.timeout, ca_file: None }.into()))
    })?
}

/// Runs the work of a call, and turns a panic into an error.
pub(crate) async fn catch_panic<T>(
    work: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    let mut work = pin!(work);
    poll_fn(|context| {
        // AssertUnwindSafe is sound because the work is not polled again after a panic.
        let poll = AssertUnwindSafe(|| work.as_mut().poll(context));
        catch_unwind(poll)
            .unwrap_or_else(|panic| Poll::Ready(Err(LocalFailure::panic(panic.as_ref()).into())))
    })
    .await
}

/// The token to ask for if Graph called the first one invalid, or demands further claims. `None` for any other 401,
/// such as one about another user, which a new token would not change.
pub(crate) fn wanted_instead(error: &Error, rejected: Token) -> Option<Wanted> {
    if error.http_status() != Some(401) {
        return None;
    }
    let challenges = error.response().into_iter().flat_map(|it| it.headers_of("www-authenticate"));
    let claims = challenges.filter_map(claims_challenge).next();
    let is_rejected = error.graph_code() == Some("InvalidAuthenticationToken");
    (is_rejected || claims.is_some()).then(|| Wanted {
        rejected: Some(rejected),
        claims,
        ..Wanted::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transport::runtime;

    #[test]
    fn a_panic_during_a_call_becomes_an_error() {
        let result = runtime::block_on(catch_panic(async {
            tokio::task::yield_now().await;
            if true { panic!("on purpose") } else { Ok(()) }
        }));
        let error = result.unwrap().unwrap_err();
        assert_eq!(error.status(), crate::Status::Panic);
        assert!(error.to_string().contains("on purpose"), "{error}");
    }
}
