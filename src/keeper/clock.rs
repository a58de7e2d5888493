//! The clocks of a keep-alive: those of the machine, or one that a test moves.

use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use tokio::sync::watch;

use crate::keep_alive::Reading;

/// Where a keep-alive reads the time, and waits for it.
#[derive(Clone, Debug)]
pub(super) enum Clock {
    /// Since the keep-alive began.
    Machine(Instant),
    Test(TestClock),
}

impl Clock {
    pub(super) fn machine() -> Self {
        Self::Machine(Instant::now())
    }

    pub(super) fn read(&self) -> Reading {
        match self {
            Self::Machine(start) => Reading { monotonic: start.elapsed(), wall: SystemTime::now() },
            Self::Test(clock) => clock.read(),
        }
    }

    pub(super) fn sleep(&self, time: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        match self {
            Self::Machine(_) => Box::pin(tokio::time::sleep(time)),
            Self::Test(clock) => Box::pin(clock.clone().sleep(time)),
        }
    }
}

/// A clock that stands still until a test moves it; clones are the same clock. It begins with the machine's time.
#[doc(hidden)]
#[derive(Clone, Debug)]
pub struct TestClock(Arc<watch::Sender<Reading>>);

impl TestClock {
    pub fn new() -> Self {
        let start = Reading { monotonic: Duration::ZERO, wall: SystemTime::now() };
        Self(Arc::new(watch::Sender::new(start)))
    }

    /// Lets time pass on both clocks.
    pub fn advance(&self, time: Duration) {
        self.0.send_modify(|reading| {
            reading.monotonic += time;
            reading.wall += time;
        });
    }

    /// Lets time pass that the monotonic clock does not see, as on a machine that sleeps.
    pub fn sleep_machine(&self, time: Duration) {
        self.0.send_modify(|reading| reading.wall += time);
    }

    fn read(&self) -> Reading {
        *self.0.borrow()
    }

    async fn sleep(self, time: Duration) {
        let until = self.read().monotonic.saturating_add(time);
        // The sender lives as long as this value.
        let _ = self.0.subscribe().wait_for(|reading| reading.monotonic >= until).await;
    }
}

impl Default for TestClock {
    fn default() -> Self {
        Self::new()
    }
}
