//! The handling of one request between the socket and the state: it is logged, then either a fault applies or it is
//! answered.

mod batch;
mod faults;
mod graph;
mod script;

use std::fs::File;
use std::io::Write as _;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Semaphore;

use crate::control::{self, Answered};
use crate::entra;
use crate::fault::{Fault, FaultKind};
use crate::http::{Answer, GraphError, Outcome, Request};
use crate::operation::{Operation, Route};
use crate::settings::Settings;
use crate::state::{Pieces, Received, State};
use batch::Batch;
pub(crate) use script::{End, Script, reset};

/// The shortest pause between two bytes of a trickle.
const SHORTEST_PAUSE: Duration = Duration::from_millis(1);

/// The memory budget for all request bodies that are being read at the same time.
const TOTAL_BODY_BYTES: usize = 64 << 20;

/// The data that all connections share.
#[derive(Debug)]
pub(crate) struct Service {
    state: Mutex<State>,
    log: Option<Mutex<File>>,
    pub(crate) settings: Arc<Settings>,
    /// One permit stands for one byte of a body that is being read.
    pub(crate) body_budget: Semaphore,
}

/// The reply to a request.
#[derive(Debug)]
pub(crate) enum Reply {
    Answer(Answer),
    Script(Script),
    /// The received requests as JSON, sent in pieces because of their size.
    Requests(Pieces),
}

impl Service {
    pub(crate) fn new(state: State, log: Option<File>) -> Self {
        let settings = Arc::clone(&state.settings);
        let body_budget = Semaphore::new(TOTAL_BODY_BYTES.max(settings.max_body_bytes));
        Self { state: Mutex::new(state), log: log.map(Mutex::new), settings, body_budget }
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        // A panic in one request must not break the others.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The fault for a new connection.
    pub(crate) fn due_for_connection(&self) -> Option<FaultKind> {
        faults::due_for_connection(&mut self.state())
    }

    /// Answers one request. `read` is an error if its body could not be read.
    pub(crate) async fn respond(
        self: &Arc<Self>,
        request: Request,
        read: Result<(), GraphError>,
    ) -> Reply {
        if control::is_control(&request.path) {
            return match control::answer(&mut self.state(), &request, read) {
                Answered::Whole(answer) => Reply::Answer(answer),
                Answered::Requests(pieces) => Reply::Requests(pieces),
            };
        }
        let (number, fault) = {
            let mut state = self.state();
            let number = state.journal.note(&request);
            let Some(fault) = faults::due(&mut state, &request) else {
                // In the usual case, the lock is taken only once.
                let answer = answer_read(&mut state, &request, read);
                state.journal.answered(number, answer.status);
                drop(state);
                self.write_log(self.line(&request), answer.status);
                return Reply::Answer(answer);
            };
            (number, fault)
        };
        let line = self.line(&request);
        let mut entry = OpenEntry { service: Arc::clone(self), number, line, status: 0 };
        let reply = self.carry_out(fault, &request, read).await;
        if let Reply::Answer(answer) = &reply {
            entry.status = answer.status;
        }
        reply
    }

    fn answer(&self, request: &Request, read: Result<(), GraphError>) -> Answer {
        answer_read(&mut self.state(), request, read)
    }

    async fn carry_out(
        &self,
        fault: Fault,
        request: &Request,
        read: Result<(), GraphError>,
    ) -> Reply {
        let mut early = fault.takes_effect().then(|| self.answer(request, read.clone()));
        if fault.kind() != FaultKind::Trickle {
            tokio::time::sleep(fault.pause()).await;
        }
        let mut right = || early.take().unwrap_or_else(|| self.answer(request, read.clone()));
        match fault.kind() {
            FaultKind::Answer => {
                Reply::Answer(graph::complete(&mut self.state(), request, fault.own_answer()))
            }
            FaultKind::Delay => Reply::Answer(right()),
            FaultKind::Half => Reply::Script(Script::half(&right())),
            FaultKind::Trickle => {
                Reply::Script(Script::trickle(&right(), fault.pause().max(SHORTEST_PAUSE)))
            }
            FaultKind::Garbage => {
                let bytes = self.state().random.bytes(256);
                Reply::Script(Script { bytes, ..Script::nothing(End::Close) })
            }
            FaultKind::Close | FaultKind::Tls => Reply::Script(Script::nothing(End::Close)),
            FaultKind::Reset | FaultKind::Outage => Reply::Script(Script::nothing(End::Reset)),
        }
    }

    /// The request's line for the log file, if one is configured.
    fn line(&self, request: &Request) -> Option<Received> {
        self.log.is_some().then(|| Received::of(request, 0))
    }

    fn write_log(&self, line: Option<Received>, status: u16) {
        let Some((log, line)) = self.log.as_ref().zip(line) else { return };
        // A single write, so that a reader of the file sees only complete lines.
        let line = format!("{}\n", Received { status, ..line }.to_json());
        let mut log = log.lock().unwrap_or_else(PoisonError::into_inner);
        if let Err(error) = log.write_all(line.as_bytes()) {
            eprintln!("mgpresence-emulator: The log cannot be written: {error}");
        }
    }
}

/// `read` is an error if the body could not be read.
fn answer_read(state: &mut State, request: &Request, read: Result<(), GraphError>) -> Answer {
    match read {
        Ok(()) => answer(state, request),
        Err(error) => graph::complete(state, request, Err(error)),
    }
}

/// Answers Entra's paths as Entra does, and all others as Graph does.
fn answer(state: &mut State, request: &Request) -> Answer {
    if let Some(answer) = entra::answer(state, request) {
        return answer;
    }
    let outcome = perform(state, request);
    graph::complete(state, request, outcome)
}

fn perform(state: &mut State, request: &Request) -> Outcome {
    let caller = graph::authenticate(state, request)?;
    match Route::of(&request.method, &request.path) {
        Ok(Route { operation: Operation::Batch, version, .. }) => {
            batch::batch(&mut Batch { state, request, caller, version })
        }
        route => graph::perform(state, caller, request, route),
    }
}

/// A request in the journal. Its status is set on drop; it stays 0 if the client closes the connection before the
/// answer.
struct OpenEntry {
    service: Arc<Service>,
    number: u64,
    /// The request's line for the log file, if one is configured.
    line: Option<Received>,
    status: u16,
}

impl Drop for OpenEntry {
    fn drop(&mut self) {
        self.service.state().journal.answered(self.number, self.status);
        self.service.write_log(self.line.take(), self.status);
    }
}

#[cfg(test)]
mod tests {
    use super::{Arc, Mutex, Request, Service, Settings, State, answer};

    #[test]
    fn a_panic_in_one_request_leaves_the_service_usable() {
        let service =
            Arc::new(Service::new(State::new(Arc::new(Settings::default()), String::new()), None));
        let other = Arc::clone(&service);
        let panicked = std::thread::spawn(move || {
            let _guard = other.state();
            std::panic::resume_unwind(Box::new("on purpose"));
        });
        assert!(panicked.join().is_err());
        assert!(Mutex::is_poisoned(&service.state));
        assert_eq!(answer(&mut service.state(), &Request::default()).status, 401);
    }
}
