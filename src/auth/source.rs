//! Keeps the token of a credential and renews it, with one sign-in at a time however many requests need a token.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use tokio::sync::futures::Notified;
use tokio::sync::{Notify, watch};

use super::access_token::{AccessToken, Kept};
use super::attempt::{Attempt, Cancel, cancelled};
use super::pending_lines::PendingLines;
use super::sign_in::SignIn;
use crate::error::{Error, LocalFailure};
use crate::job::Job;
use crate::log::{Level, Log};
use crate::process::PerProcess;
use crate::status::Status;
use crate::token::Token;

/// A way to sign in, with its token.
pub(super) struct Source {
    pub(super) sign_in: Box<dyn SignIn>,
    /// One for each process, since a sign-in of the parent would never end after a fork.
    shared: PerProcess<Shared>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    /// Locked while a sign-in runs.
    turn: tokio::sync::Mutex<()>,
    /// Notified when the sign-in is cancelled.
    cancelled: Notify,
    pending_lines: PendingLines,
}

#[derive(Default)]
struct State {
    kept: Option<Kept>,
    /// Whether a person was asked and has not signed in since.
    was_asked_in_vain: bool,
    /// The sign-ins that have not ended. There are several if a request needs more than the first one gets.
    under_way: Vec<UnderWay>,
}

/// A sign-in under way.
struct UnderWay {
    job: Job<Token>,
    claims: Option<String>,
    may_prompt: bool,
    cancel: Cancel,
}

/// What a request needs from a credential.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Wanted {
    /// A token that the service called invalid, which must not be used again.
    pub(crate) rejected: Option<Token>,
    /// The claims that the token must have, as JSON.
    pub(crate) claims: Option<String>,
    /// Whether a keep-alive wants it. The person may be away, so one who did not sign in is not asked again for it.
    pub(crate) is_for_keep_alive: bool,
}

impl Wanted {
    pub(crate) fn rejects(&self, token: &Token) -> bool {
        self.rejected.as_ref() == Some(token)
    }
}

/// The current token, or the sign-in that will get one.
type TokenOrWait = Result<Token, Waiting>;

/// A sign-in to wait for.
struct Waiting {
    job: Job<Token>,
    /// Its cancellation.
    ended: watch::Receiver<bool>,
    /// Whether it asks for claims that the request does not need.
    gets_more: bool,
}

impl Source {
    pub(super) fn new(sign_in: Box<dyn SignIn>) -> Arc<Self> {
        Arc::new(Self { sign_in, shared: PerProcess::new() })
    }

    pub(super) async fn token(
        self: &Arc<Self>,
        wanted: &Wanted,
        now: SystemTime,
    ) -> Result<Token, Error> {
        loop {
            let Waiting { job, ended, gets_more } = match self.kept_or_job(wanted, now)? {
                Ok(token) => return Ok(token),
                Err(waiting) => waiting,
            };
            let result = tokio::select! {
                biased;
                result = job.end() => result,
                () = cancelled(ended) => Err(LocalFailure::Cancelled.into()),
            };
            match result {
                // What was refused with further claims may be granted without.
                Err(failure) if gets_more && failure.status() != Status::Cancelled => {}
                result => return result,
            }
        }
    }

    /// The current token, without fetching one.
    pub(super) fn kept(&self) -> Option<Token> {
        self.lock().kept.as_ref().map(|kept| kept.token.clone())
    }

    /// Cancels the sign-ins that are under way.
    pub(super) fn cancel(&self) {
        for UnderWay { cancel, .. } in self.lock().under_way.drain(..) {
            let _ = cancel.send(true);
        }
        self.shared.get().cancelled.notify_waiters();
    }

    /// Returns at the next call of [`Source::cancel`].
    pub(super) fn cancelled(&self) -> Notified<'_> {
        self.shared.get().cancelled.notified()
    }

    /// The current token, after starting its renewal if that is due; or else the sign-in that will get one.
    fn kept_or_job(
        self: &Arc<Self>,
        wanted: &Wanted,
        now: SystemTime,
    ) -> Result<TokenOrWait, Error> {
        let mut state = self.lock();
        let is_rejected = |kept: &Kept| wanted.rejects(&kept.token);
        // A token that lacks the claims of one request is still good for the others.
        if wanted.claims.is_none() {
            state.kept.take_if(|kept| is_rejected(kept));
        }
        let works = state.kept.clone().filter(|kept| now < kept.end && !is_rejected(kept));
        match works {
            Some(kept) if now < kept.renew => Ok(Ok(kept.token)),
            // No request waits for a renewal. If it fails, the current token stays.
            Some(kept) => {
                let _ = self.under_way(&mut state, None, false);
                Ok(Ok(kept.token))
            }
            None => {
                let may_prompt = !(wanted.is_for_keep_alive && state.was_asked_in_vain);
                self.under_way(&mut state, wanted.claims.clone(), may_prompt).map(Err)
            }
        }
    }

    /// The sign-in that is under way. Starts one if there is none, or if it does not meet the needs.
    fn under_way(
        self: &Arc<Self>,
        state: &mut State,
        claims: Option<String>,
        may_prompt: bool,
    ) -> Result<Waiting, Error> {
        state.under_way.retain(|it| !it.job.has_ended());
        // A token with further claims serves a request that needs none.
        let does = |it: &&UnderWay| {
            (claims.is_none() || it.claims == claims) && (it.may_prompt || !may_prompt)
        };
        if let Some(known) = state.under_way.iter().find(does) {
            let (job, ended) = (known.job.clone(), known.cancel.subscribe());
            return Ok(Waiting { job, ended, gets_more: known.claims != claims });
        }
        let (attempt, cancel) = Attempt::new(claims.clone(), may_prompt);
        let this = Arc::clone(self);
        // The sign-in continues if the request gives up, so that the next request can use its token.
        let job = Job::start(move || this.sign_in(&attempt))?;
        let ended = cancel.subscribe();
        state.under_way.push(UnderWay { job: job.clone(), claims, may_prompt, cancel });
        Ok(Waiting { job, ended, gets_more: false })
    }

    /// Signs in and keeps the token. All waiting requests share the result, even a failure.
    fn sign_in(&self, attempt: &Attempt) -> Result<Token, Error> {
        let _turn = self.turn(attempt)?;
        let fetched = self.sign_in.token(attempt);
        let result = fetched.and_then(|fetched| Kept::new(&fetched, SystemTime::now()));
        self.report(attempt, &result);
        let mut state = self.lock();
        match &result {
            Ok(kept) => {
                state.kept = Some(kept.clone());
                state.was_asked_in_vain = false;
            }
            Err(_) => {
                state.was_asked_in_vain |= attempt.has_asked();
                state.kept.iter_mut().for_each(|kept| kept.postpone_renewal(SystemTime::now()))
            }
        }
        result.map(|kept| kept.token)
    }

    /// Signs in on behalf of a chain, which keeps the token.
    pub(super) fn fetch(&self, attempt: &Attempt) -> Result<AccessToken, Error> {
        let _turn = self.turn(attempt)?;
        self.sign_in.token(attempt)
    }

    /// Waits until no other sign-in of this credential runs. A cancelled one does not wait.
    fn turn(&self, attempt: &Attempt) -> Result<tokio::sync::MutexGuard<'_, ()>, Error> {
        let turn = &self.shared.get().turn;
        let turn = turn.try_lock().or_else(|_| attempt.wait(turn.lock()))?;
        attempt.check()?;
        Ok(turn)
    }

    /// Logs a sign-in. An error that a request waits for is not logged here, since it becomes the error of the request.
    fn report(&self, attempt: &Attempt, result: &Result<Kept, Error>) {
        let pending_lines = &self.shared.get().pending_lines;
        match result {
            Ok(kept) => {
                let life = kept.end.duration_since(SystemTime::now()).unwrap_or_default();
                let seconds = life.as_secs();
                pending_lines.add(
                    Level::Info,
                    format!("{}: a token for {seconds} s", self.sign_in.identity()),
                );
            }
            Err(error) if !attempt.may_prompt => {
                let identity = self.sign_in.identity();
                pending_lines
                    .add(Level::Warning, format!("{identity}: the token was not renewed: {error}"));
            }
            Err(_) => {}
        }
    }

    /// Writes the log lines since the last call.
    pub(super) fn tell(&self, log: &Log) {
        self.shared.get().pending_lines.tell(log);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.shared.get().state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::mpsc;
    use std::time::Duration;

    use super::*;
    use crate::auth::AccessToken;
    use crate::auth::callback::Callback;
    use crate::transport::runtime;

    fn token_at(source: &Arc<Source>, wanted: &Wanted, at: SystemTime) -> Result<String, Error> {
        let token = runtime::block_on(source.token(wanted, at)).unwrap();
        token.map(|token| token.as_str().to_string())
    }

    /// A credential whose first call gets a token for 1000 s and whose later calls fail, and the number of calls.
    fn sealed_after_the_first() -> (Arc<Source>, Arc<AtomicUsize>) {
        let asked = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&asked);
        let end = SystemTime::now() + Duration::from_secs(1000);
        let fetch = move || match counter.fetch_add(1, Ordering::SeqCst) {
            0 => Ok(AccessToken::new("first", Some(end))),
            _ => Err("the vault is sealed".into()),
        };
        (Source::new(Box::new(Callback { client_id: None, fetch: Box::new(fetch) })), asked)
    }

    /// A credential whose sign-in blocks until the gate is dropped.
    fn held_up() -> (Arc<Source>, mpsc::Sender<()>, mpsc::Receiver<()>) {
        let (gate, opened) = mpsc::channel();
        let (ask, asked) = mpsc::channel();
        let opened = Mutex::new(opened);
        let fetch = move || {
            let _ = ask.send(());
            let _ = opened.lock().unwrap().recv();
            Err("too late".into())
        };
        (Source::new(Box::new(Callback { client_id: None, fetch: Box::new(fetch) })), gate, asked)
    }

    #[test]
    fn a_failed_renewal_keeps_the_current_token() {
        let (source, asked) = sealed_after_the_first();
        let start = SystemTime::now();
        let token_at =
            |seconds| token_at(&source, &Wanted::default(), start + Duration::from_secs(seconds));
        let asked_again = |count| {
            while asked.load(Ordering::SeqCst) < count || !source.has_ended() {
                std::thread::yield_now();
            }
        };
        assert_eq!(token_at(0).unwrap(), "first");
        assert_eq!(token_at(900).unwrap(), "first");
        asked_again(2);
        assert_eq!(token_at(950).unwrap(), "first");
        asked_again(3);
        let error = token_at(1001).unwrap_err().to_string();
        assert!(error.contains("the vault is sealed"), "{error}");
        let lines = Arc::new(Mutex::new(Vec::new()));
        let told = Arc::clone(&lines);
        let log = Log::new(
            Level::Warning,
            Arc::new(move |_, _: &str, line: &str| {
                told.lock().unwrap().push(line.to_string());
            }),
        );
        source.tell(&log);
        log.flush(None);
        let lines = lines.lock().unwrap().join("\n");
        let line = "callback: the token was not renewed: The credential provided no token: the vault is sealed.";
        assert_eq!(lines, [line, line].join("\n"));
    }

    #[test]
    fn concurrent_requests_start_one_renewal() {
        let asked = Arc::new(AtomicUsize::new(0));
        let (gate, opened) = mpsc::channel::<()>();
        let (counter, opened) = (Arc::clone(&asked), Mutex::new(opened));
        let end = SystemTime::now() + Duration::from_secs(1000);
        let fetch = move || {
            let number = counter.fetch_add(1, Ordering::SeqCst);
            if number > 0 {
                let _ = opened.lock().unwrap().recv();
            }
            Ok(AccessToken::new(number.to_string(), Some(end)))
        };
        let source = Source::new(Box::new(Callback { client_id: None, fetch: Box::new(fetch) }));
        let late = SystemTime::now() + Duration::from_secs(900);
        let ask = |at| token_at(&source, &Wanted::default(), at).unwrap();
        assert_eq!(ask(SystemTime::now()), "0");
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| assert_eq!(ask(late), "0"));
            }
        });
        drop(gate);
        while !source.has_ended() {
            std::thread::yield_now();
        }
        assert_eq!((asked.load(Ordering::SeqCst), ask(SystemTime::now())), (2, "1".into()));
    }

    #[test]
    fn a_token_that_graph_rejected_is_not_used_again() {
        let (source, asked) = sealed_after_the_first();
        let now = SystemTime::now();
        assert_eq!(token_at(&source, &Wanted::default(), now).unwrap(), "first");
        let rejected = Wanted { rejected: Some(Token::new("first").unwrap()), ..Wanted::default() };
        assert!(token_at(&source, &rejected, now).is_err());
        assert!(token_at(&source, &Wanted::default(), now).is_err());
        assert_eq!(asked.load(Ordering::SeqCst), 3);
    }

    fn with_claims(rejected: &str) -> Wanted {
        let rejected = Some(Token::new(rejected).unwrap());
        Wanted { rejected, claims: Some("{}".into()), ..Wanted::default() }
    }

    #[test]
    fn a_token_that_lacks_the_claims_of_one_request_serves_the_others() {
        let (source, asked) = sealed_after_the_first();
        let now = SystemTime::now();
        assert_eq!(token_at(&source, &Wanted::default(), now).unwrap(), "first");
        assert!(token_at(&source, &with_claims("first"), now).is_err());
        assert_eq!(token_at(&source, &Wanted::default(), now).unwrap(), "first");
        assert_eq!(asked.load(Ordering::SeqCst), 2);
    }

    #[test]
    fn a_plain_request_that_joined_a_refused_sign_in_with_claims_signs_in_itself() {
        let asked = AtomicUsize::new(0);
        let (gate, opened) = mpsc::channel::<()>();
        let opened = Mutex::new(opened);
        let fetch = move || match asked.fetch_add(1, Ordering::SeqCst) {
            0 => {
                let _ = opened.lock().unwrap().recv();
                Err("not with these claims".into())
            }
            _ => Ok(AccessToken::new("plain", None)),
        };
        let source = Source::new(Box::new(Callback { client_id: None, fetch: Box::new(fetch) }));
        let now = SystemTime::now();
        std::thread::scope(|scope| {
            let refused = scope.spawn(|| token_at(&source, &with_claims("old"), now));
            while source.lock().under_way.is_empty() {
                std::thread::yield_now();
            }
            let plain = scope.spawn(|| token_at(&source, &Wanted::default(), now));
            std::thread::sleep(Duration::from_millis(50)); // it joins
            drop(gate);
            assert!(refused.join().unwrap().is_err());
            assert_eq!(plain.join().unwrap().unwrap(), "plain");
        });
    }

    #[test]
    fn a_cancelled_sign_in_ends_for_every_waiter() {
        let (source, gate, _asked) = held_up();
        std::thread::scope(|scope| {
            let wait = || token_at(&source, &Wanted::default(), SystemTime::now());
            let waiting = scope.spawn(wait);
            while source.lock().under_way.is_empty() {
                std::thread::yield_now();
            }
            source.cancel();
            let error = waiting.join().unwrap().unwrap_err();
            assert_eq!(error.status(), crate::Status::Cancelled);
        });
        drop(gate);
    }

    #[test]
    fn a_cancel_ends_all_that_are_under_way_and_a_plain_request_joins_one_with_claims() {
        let (source, gate, _asked) = held_up();
        let begin = |claims: Option<&str>| {
            source.under_way(&mut source.lock(), claims.map(Into::into), true).unwrap().job
        };
        let jobs = [begin(Some("{}")), begin(None), begin(Some("{\"a\":1}"))];
        assert_eq!(source.lock().under_way.len(), 2);
        let waits: Vec<_> =
            source.lock().under_way.iter().map(|it| it.cancel.subscribe()).collect();
        source.cancel();
        assert!(waits.iter().all(|cancelled| *cancelled.borrow()));
        drop((gate, jobs));
    }

    #[test]
    fn a_cancelled_sign_in_does_not_wait_for_its_turn() {
        let (source, gate, asked) = held_up();
        let begin = || source.under_way(&mut source.lock(), None, true).unwrap().job;
        begin();
        asked.recv().unwrap(); // it has its turn, and keeps it
        source.cancel();
        let second = begin();
        source.cancel();
        let end = async { tokio::time::timeout(Duration::from_secs(20), second.end()).await };
        let error = runtime::block_on(end).unwrap().expect("it ends").unwrap_err();
        assert_eq!(error.status(), crate::Status::Cancelled);
        drop(gate);
    }

    impl Source {
        fn has_ended(&self) -> bool {
            let state = self.lock();
            !state.under_way.is_empty() && state.under_way.iter().all(|it| it.job.has_ended())
        }
    }
}
