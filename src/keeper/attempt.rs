//! The request that is sent for a hold, and what its result means.

use std::time::Duration;

use super::failure::KeepAliveFailure;
use crate::error::{Context, Error, Refusal};
use crate::keep_alive::{Down, LONGEST_PROBE_PAUSE, Outcome, Sign, Work};
use crate::operation::{Operation, Request};
use crate::response::Response;
use crate::status::Status;

/// The timeout of one attempt. It is short because a request that hangs delays the next attempt, and the slack of an
/// Available session is one minute.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The pause after a 429 without a Retry-After.
const THROTTLED: Duration = Duration::from_secs(10);

/// The request that renews or clears the presence that `held` sets.
pub(super) fn request(held: &Request, work: Work) -> Request {
    let request = match work {
        Work::Renew => held.clone(),
        Work::Clear => held.clone().into_clear(),
    };
    Request { urgent: true, ..request.batched().timeout(TIMEOUT) }
}

/// Whether what failed so often in a row shares no batch any more, since a gateway may refuse batches alone. What is
/// throttled still does, so that there are few requests.
pub(super) fn goes_alone(failures: u32, last: Option<&Error>) -> bool {
    failures >= 2 && last.is_some_and(|error| error.status() != Status::Throttled)
}

/// What a result means for the schedule.
pub(super) fn outcome(work: Work, result: &Result<Response, Error>) -> Outcome<Error> {
    let error = match result {
        Ok(_) => return Outcome::Done,
        Err(error) if work == Work::Clear && has_ended(error) => return Outcome::Done,
        Err(error) if error.is_unsent() => return Outcome::NotSent,
        Err(error) => in_own_words(error),
    };
    if !may_work_later(&error) {
        return Outcome::Refused(error);
    }
    let (wait, sign) = (wait(&error), sign(&error));
    // What Graph throttled, and what was not sent, has set nothing.
    let was_refused =
        matches!(error.status(), Status::Throttled | Status::Connect) || is_of_sign_in(&error);
    let may_be_set = !was_refused || error.may_be_done();
    Outcome::Failed { error, wait, sign, may_be_set }
}

/// Whether the sign-in failed, so that nothing was sent.
fn is_of_sign_in(error: &Error) -> bool {
    error.attempts() == 0
}

/// The failure of an attempt. The general one for a request that timed out advises another timeout.
fn in_own_words(error: &Error) -> Error {
    match error.status() == Status::Timeout && !is_of_sign_in(error) {
        true => error.with_cause(KeepAliveFailure::Late { after: TIMEOUT }),
        false => error.clone(),
    }
}

/// How long the service asks to wait. One that is down may be back earlier than it says, and is probed anyway.
fn wait(error: &Error) -> Option<Duration> {
    match error.status() {
        Status::Throttled => Some(error.retry_after().unwrap_or(THROTTLED)),
        _ => error.retry_after().map(|wait| wait.min(LONGEST_PROBE_PAUSE)),
    }
}

/// What a failure says of the service. The error for the presences that wait names no one else's.
fn sign(error: &Error) -> Sign<Error> {
    let number = error.status().number();
    match (number, error.http_status()) {
        // The page of a portal or a gateway may have any status, but it may also be the response to one request only.
        _ if error.status() == Status::Response && !is_of_sign_in(error) => {
            let error = KeepAliveFailure::NotUnderstood.into();
            Sign::Down(Down { error, may_be_of_one: true, pause: Duration::ZERO })
        }
        // Transport and sign-in concern every request, and so does an option that the sign-in cannot use.
        _ if matches!(number, 20..=39)
            || error.status() == Status::Option && is_of_sign_in(error) =>
        {
            let error = error.in_context(Context::default());
            Sign::Down(Down { error, may_be_of_one: false, pause: Duration::ZERO })
        }
        (_, None) => Sign::Unknown,
        (_, Some(http_status))
            if matches!(http_status, 429 | 503 | 504) || error.graph_code().is_none() =>
        {
            // Graph throttles an application, or one mailbox.
            let pause = if http_status == 429 { wait(error) } else { None };
            let error = KeepAliveFailure::Unavailable { http_status }.into();
            Sign::Down(Down { error, may_be_of_one: true, pause: pause.unwrap_or_default() })
        }
        _ => Sign::Up,
    }
}

/// Whether Graph has no session to clear.
fn has_ended(error: &Error) -> bool {
    error.status() == Status::NotFound && error.graph_code().is_some()
}

/// Whether the same request may succeed later, when the service, the network or the sign-in works again. What was not sent
/// may be: a file that the sign-in reads, or the endpoint of a managed identity, may be missing for a moment.
fn may_work_later(error: &Error) -> bool {
    match error.status() {
        Status::Unauthorized
        | Status::BadRequest
        | Status::Forbidden
        | Status::NotFound
        | Status::Service => error.refusal().is_none_or(is_of_the_moment),
        Status::Cloud | Status::Operation => false,
        other => !(60..70).contains(&other.number()),
    }
}

/// Whether a refusal says nothing of the request itself.
fn is_of_the_moment(refusal: &Refusal) -> bool {
    match (refusal.http_status, refusal.code.as_deref()) {
        // Not Graph's, but the page of a gateway, a firewall or a captive portal.
        (_, None) => true,
        // Graph also answers 401 to a request about another user, which a new token would not change.
        (401, Some(code)) => code == "InvalidAuthenticationToken",
        // Request Timeout, Locked, Too Early
        (http_status, _) => matches!(http_status, 408 | 423 | 425),
    }
}

impl Request {
    /// The request that clears the presence that this one sets.
    fn into_clear(mut self) -> Self {
        self.operation = match self.operation {
            Operation::SetUserPreferredPresence => Operation::ClearUserPreferredPresence,
            _ => Operation::ClearPresence,
        };
        self.body = self.body.map(|body| body.only("sessionId"));
        self
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::auth::AuthFailure;
    use crate::error::{Context, LocalFailure};
    use crate::operation::{SetPresence, SetUserPreferredPresence, Target};
    use crate::presence::{Activity, Availability};
    use crate::response::Unreadable;
    use crate::transport::TransportFailure;

    fn refusal(http_status: u16, code: &str) -> Error {
        let code = (!code.is_empty()).then(|| code.into());
        let refusal = Refusal { http_status, code, ..Refusal::default() };
        Error::with_context(refusal, Context::default())
    }

    fn kind(work: Work, error: Error) -> &'static str {
        match outcome(work, &Err(error)) {
            Outcome::Done => "done",
            Outcome::Failed { .. } => "failed",
            Outcome::Refused(_) => "refused",
            Outcome::NotSent => "not sent",
        }
    }

    fn no_file(reason: &str) -> AuthFailure {
        let path = "/run/token".into();
        AuthFailure::File { name: "assertion_file", path, reason: reason.into() }
    }

    #[test]
    fn a_failure_tells_of_the_service_or_of_one_presence() {
        let sign_of = |error: Error| match sign(&error) {
            Sign::Up => "up",
            Sign::Unknown => "unknown",
            Sign::Down(Down { may_be_of_one: true, .. }) => "down for one",
            Sign::Down(_) => "down",
        };
        let answered = |http_status, code| {
            let response = Response {
                http_status,
                headers: Vec::new(),
                content: Err(Unreadable::Unexpected("a refusal".into())),
                body: Arc::default(),
                client_request_id: String::new(),
                attempts: 1,
                trace: String::new(),
            };
            let context = Context { response: Some(response), ..Context::default() };
            refusal(http_status, code).in_context(context)
        };
        let page = || {
            let (from, content_type) = (String::new(), "text/html".into());
            Error::from(TransportFailure::NotJson {
                from,
                http_status: 200,
                content_type,
                at: (1, 1),
            })
        };
        for (error, expected) in [
            (TransportFailure::NoSlot { after: TIMEOUT, limit: 1 }.into(), "down"),
            (AuthFailure::NeedsPerson.into(), "down"),
            (AuthFailure::NotUnderstood { from: String::new(), http_status: 200 }.into(), "down"),
            (no_file("it is empty").into(), "down"),
            (AuthFailure::Id { name: "AZURE_TENANT_ID" }.into(), "down"),
            (answered(503, "ServiceUnavailable"), "down for one"),
            (answered(502, ""), "down for one"),
            (page().in_context(Context { attempts: 1, ..Context::default() }), "down for one"),
            (page(), "down"), // of a sign-in
            (answered(409, "Conflict"), "up"),
            (answered(401, "InvalidAuthenticationToken"), "up"),
            (LocalFailure::Cancelled.into(), "unknown"),
        ] {
            assert_eq!(sign_of(error.clone()), expected, "{error}");
        }
    }

    #[test]
    fn the_timeout_of_an_attempt_is_not_one_to_raise() {
        let late = TransportFailure::Timeout { after: TIMEOUT, attempts: 1, waited_for_slot: None };
        let context = Context { attempts: 1, ..Context::default() };
        let Outcome::Failed { error, .. } =
            outcome(Work::Renew, &Err(Error::from(late).in_context(context)))
        else {
            panic!("a timeout is a failure")
        };
        assert_eq!((error.status(), error.attempts()), (Status::Timeout, 1));
        assert!(
            error.to_string().contains("more than 10 s, the timeout of each attempt"),
            "{error}"
        );
    }

    #[test]
    fn an_error_that_will_not_go_away_is_a_refusal() {
        for (http_status, code, expected) in [
            (400, "InvalidArgument", "refused"),
            (401, "Unauthorized", "refused"),
            (401, "InvalidAuthenticationToken", "failed"),
            (403, "Forbidden", "refused"),
            (404, "NotFound", "refused"),
            (409, "Conflict", "failed"),
            (418, "Teapot", "refused"),
            (429, "TooManyRequests", "failed"),
            (500, "InternalServerError", "failed"),
            (503, "ServiceUnavailable", "failed"),
        ] {
            assert_eq!(
                kind(Work::Renew, refusal(http_status, code)),
                expected,
                "{http_status} {code}"
            );
        }
        assert_eq!(kind(Work::Renew, LocalFailure::Cancelled.into()), "failed");
        let full = TransportFailure::NoSlot { after: TIMEOUT, limit: 32 };
        assert_eq!(kind(Work::Renew, full.into()), "not sent");
    }

    #[test]
    fn an_answer_that_says_nothing_of_the_request_is_no_refusal() {
        for (http_status, code) in [
            (408, "RequestTimeout"),
            (423, "resourceLocked"),
            (425, "TooEarly"),
            (400, ""), // a page of a gateway, a firewall or a captive portal
            (401, ""),
            (403, ""),
            (404, ""),
            (407, ""),
            (451, ""),
        ] {
            let error = refusal(http_status, code);
            assert_eq!(kind(Work::Renew, error), "failed", "{http_status} {code}");
        }
    }

    #[test]
    fn a_sign_in_that_cannot_run_now_may_run_later() {
        let not_set_up = |reason: &str| AuthFailure::NotSetUp {
            what: "A managed identity",
            reason: reason.into(),
        };
        for failure in [
            no_file("No such file or directory"),
            not_set_up("http://169.254.169.254 does not answer"),
            AuthFailure::Chain { told: String::new() },
            AuthFailure::Callback { reason: "the vault is sealed".into() },
            AuthFailure::NeedsPerson,
        ] {
            assert_eq!(kind(Work::Renew, failure.clone().into()), "failed", "{failure}");
        }
        let ca_file = TransportFailure::Option { name: "ca_file", reason: "cannot be read".into() };
        assert_eq!(kind(Work::Renew, ca_file.into()), "failed");
    }

    #[test]
    fn clearing_a_session_that_has_ended_succeeds() {
        assert_eq!(kind(Work::Clear, refusal(404, "NotFound")), "done");
        assert_eq!(kind(Work::Clear, refusal(403, "Forbidden")), "refused");
        assert_eq!(kind(Work::Clear, refusal(404, "")), "failed");
    }

    #[test]
    fn the_body_of_a_clear_has_only_the_session_id() {
        let session = SetPresence {
            session_id: Some("app".into()),
            ..SetPresence::new(Availability::Busy, Activity::InACall)
        };
        let preferred = SetUserPreferredPresence {
            availability: Availability::Away,
            activity: Activity::Away,
            expiration_duration: None,
        };
        let adele = || Target::user("adele");
        for (set, clear, body) in [
            (
                Request::set_presence(adele(), session),
                Operation::ClearPresence,
                r#"{"sessionId":"app"}"#,
            ),
            (
                Request::set_user_preferred_presence(adele(), preferred),
                Operation::ClearUserPreferredPresence,
                "{}",
            ),
        ] {
            let request = request(&set, Work::Clear);
            assert_eq!((request.operation, &request.target), (clear, &adele()));
            assert_eq!(request.body.unwrap().to_json(), body);
        }
    }
}
