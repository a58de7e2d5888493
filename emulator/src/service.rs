//! Between socket and world: notes each request, lets faults strike, and keeps the log.

use std::fs::File;
use std::io::Write as _;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::Value;
use tokio::sync::Semaphore;

use crate::control;
use crate::error::GraphError;
use crate::fault::{FaultKind, Order};
use crate::http::{Answer, Outcome, Request};
use crate::server::{End, Script};
use crate::settings::Limits;
use crate::world::World;

/// What is shared by all connections.
#[derive(Debug)]
pub(crate) struct Service {
    world: Mutex<World>,
    log: Option<Mutex<File>>,
    pub(crate) limits: Limits,
    /// A permit is a byte of a body that is being read.
    pub(crate) body_budget: Semaphore,
}

/// What goes back over the connection.
#[derive(Debug)]
pub(crate) enum Reply {
    Answer(Answer),
    Script(Script),
}

impl Service {
    pub(crate) fn new(world: World, log: Option<File>) -> Self {
        let limits = world.settings.limits.clone();
        let body_budget = Semaphore::new(limits.total_body_bytes.max(limits.body_bytes));
        Self { world: Mutex::new(world), log: log.map(Mutex::new), limits, body_budget }
    }

    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        // A panic in one request must not take the others with it.
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What a rule orders for a connection that opens.
    pub(crate) fn strike_connection(&self) -> Option<FaultKind> {
        let mut guard = self.world();
        let world = &mut *guard;
        world.faults.strike_connection(world.clock.now(), &mut world.random)
    }

    /// Answers one request. `read`: the refusal if it could not be read to its end.
    pub(crate) async fn respond(
        self: &Arc<Self>,
        request: Request,
        read: Result<(), GraphError>,
    ) -> Reply {
        if control::is_control(&request.path) {
            return Reply::Answer(control::answer(&mut self.world(), &request));
        }
        let (mut noted, order) = {
            let mut world = self.world();
            let number = world.journal.note(&request);
            let order = world.strike(&request);
            (Noted { service: Arc::clone(self), number, status: 0 }, order)
        };
        let reply = match order {
            None => Reply::Answer(self.answer(&request, read)),
            Some(order) => self.obey(order, &request, read).await,
        };
        noted.status = match &reply {
            Reply::Answer(answer) => answer.status,
            Reply::Script(_) => 0,
        };
        reply
    }

    fn answer(&self, request: &Request, read: Result<(), GraphError>) -> Answer {
        let mut world = self.world();
        match read {
            Ok(()) => world.answer(request),
            Err(error) => world.finish(request, Err(error)),
        }
    }

    async fn obey(&self, order: Order, request: &Request, read: Result<(), GraphError>) -> Reply {
        let mut early = order.applied.then(|| self.answer(request, read.clone()));
        let pause = Duration::from_millis(order.delay_ms);
        if order.kind != FaultKind::Trickle {
            tokio::time::sleep(pause).await;
        }
        let mut right = || early.take().unwrap_or_else(|| self.answer(request, read.clone()));
        match order.kind {
            FaultKind::Answer => {
                Reply::Answer(self.world().finish(request, ordered_answer(&order)))
            }
            FaultKind::Delay => Reply::Answer(right()),
            FaultKind::Half => Reply::Script(Script::half(&right())),
            FaultKind::Trickle => {
                Reply::Script(Script::trickle(&right(), pause.max(Duration::from_millis(1))))
            }
            FaultKind::Garbage => {
                let bytes = self.world().random.bytes(256);
                Reply::Script(Script { bytes, ..Script::nothing(End::Close) })
            }
            FaultKind::Close | FaultKind::Tls => Reply::Script(Script::nothing(End::Close)),
            FaultKind::Reset | FaultKind::Outage => Reply::Script(Script::nothing(End::Reset)),
        }
    }

    fn write_log(&self, line: &Value) {
        let Some(log) = &self.log else { return };
        let mut log = log.lock().unwrap_or_else(PoisonError::into_inner);
        if let Err(error) = writeln!(log, "{line}") {
            eprintln!("mgpresence-emulator: the log cannot be written: {error}");
        }
    }
}

/// A request that was noted. Its status is filled in when it is dropped, so that a client that hangs up leaves a 0.
struct Noted {
    service: Arc<Service>,
    number: u64,
    status: u16,
}

impl Drop for Noted {
    fn drop(&mut self) {
        let line = self
            .service
            .world()
            .journal
            .answered(self.number, self.status)
            .map(|received| received.to_json());
        line.iter().for_each(|line| self.service.write_log(line));
    }
}

/// The answer that a rule spells out.
fn ordered_answer(order: &Order) -> Outcome {
    let mut answer = match &order.body {
        None if order.status >= 400 => {
            let (code, message) = default_error(order.status);
            let code = order.code.as_deref().unwrap_or(code);
            let message = order.message.as_deref().unwrap_or(message);
            let mut error = GraphError::new(order.status, code, message);
            error.headers = given_headers(order);
            return Err(error);
        }
        None => Answer::empty(order.status),
        Some(Value::String(text)) if text.trim_start().starts_with('<') => {
            Answer::text(order.status, "text/html", text.clone())
        }
        Some(Value::String(text)) => Answer::text(order.status, "text/plain", text.clone()),
        Some(body) => Answer::json(order.status, body),
    };
    let given = given_headers(order);
    answer.headers.retain(|(name, _)| !given.iter().any(|(own, _)| own == name));
    answer.headers.extend(given);
    Ok(answer)
}

/// Names in lower case; an array becomes one header a value.
fn given_headers(order: &Order) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), Into::into);
    let pairs = order.headers.iter().flat_map(|(name, value)| {
        let values = value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]);
        values.into_iter().map(move |value| (name.to_ascii_lowercase(), text(&value)))
    });
    pairs.collect()
}

fn default_error(status: u16) -> (&'static str, &'static str) {
    match status {
        400 => ("BadRequest", "Bad request."),
        401 => ("InvalidAuthenticationToken", "Access token validation failure."),
        403 => ("Forbidden", ""),
        404 => ("NotFound", "Not found."),
        409 => ("Conflict", "Conflict."),
        412 => ("PreconditionFailed", "The condition of the request is not met."),
        429 => ("TooManyRequests", "Too many requests."),
        503 => ("ServiceUnavailable", "The service is unavailable."),
        504 => ("GatewayTimeout", "The gateway timed out."),
        _ => ("UnknownError", ""),
    }
}

#[cfg(test)]
mod tests {
    use crate::settings::Settings;

    use super::{Arc, Mutex, Request, Service, World};

    #[test]
    fn a_panic_in_one_request_leaves_the_service_usable() {
        let service =
            Arc::new(Service::new(World::new(Arc::new(Settings::default()), String::new()), None));
        let other = Arc::clone(&service);
        let panicked = std::thread::spawn(move || {
            let _guard = other.world();
            std::panic::resume_unwind(Box::new("on purpose"));
        });
        assert!(panicked.join().is_err());
        assert!(Mutex::is_poisoned(&service.world));
        assert_eq!(service.world().answer(&Request::default()).status, 401);
    }
}
