//! The clock of a keep-alive: the machine's, or one that a test moves.

use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use tokio::sync::watch;

use crate::keep_alive::Reading;

/// Reads the time, and sleeps.
#[derive(Clone, Debug)]
pub(super) enum Clock {
    /// The machine's clocks, and when the keep-alive began.
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

/// A clock that stands still until a test moves it. It starts with the machine's time, and all clones are the same
/// clock.
#[doc(hidden)]
#[derive(Clone, Debug)]
pub struct TestClock(Arc<watch::Sender<Reading>>);

impl TestClock {
    pub fn new() -> Self {
        let start = Reading { monotonic: Duration::ZERO, wall: SystemTime::now() };
        Self(Arc::new(watch::Sender::new(start)))
    }

    /// Advances the monotonic and the wall clock.
    pub fn advance(&self, time: Duration) {
        self.0.send_modify(|reading| {
            reading.monotonic += time;
            reading.wall += time;
        });
    }

    /// Advances the wall clock only, as on a machine that sleeps.
    pub fn sleep_machine(&self, time: Duration) {
        self.0.send_modify(|reading| reading.wall += time);
    }

    fn read(&self) -> Reading {
        *self.0.borrow()
    }

    async fn sleep(self, time: Duration) {
        let until = self.read().monotonic.saturating_add(time);
        // This cannot fail, because `self` owns the sender.
        let _ = self.0.subscribe().wait_for(|reading| reading.monotonic >= until).await;
    }
}

impl Default for TestClock {
    fn default() -> Self {
        Self::new()
    }
}
