//! The counters of a client.

use std::fmt::Write;

/// The counters of one client at one moment; see [`Client::stats`](crate::Client::stats). Totals start at 0 when the
/// client is created, and never decrease.
///
/// # Example
/// ```
/// use mgpresence::{Request, Target};
/// # mod doctest { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/doctest.rs")); }
/// # let (_emulator, client) = doctest::emulated();
///
/// client.send(Request::get_presence(Target::user("adele")))?;
/// let statistics = client.stats()?;
/// assert_eq!((statistics.requests, statistics.succeeded, statistics.throttled), (1, 1, 0));
/// assert!(statistics.to_prometheus().contains("\nmgpresence_requests_total 1\n"));
/// # Ok::<(), mgpresence::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct Statistics {
    /// Operations that were started or submitted and have not ended.
    pub outstanding: u32,
    /// Batched operations that wait to be sent, or to be sent again.
    pub waiting: u32,
    /// Requests on the wire.
    pub in_flight: u32,
    /// The current limit of requests that the application may send within 30 s; 0 before the first request, and
    /// [`ClientBuilder::THROTTLE_NONE`](crate::ClientBuilder::THROTTLE_NONE) without a limit.
    pub throttle_limit: u32,
    /// Requests that count toward that limit: in flight, or answered less than 30 s ago, from any client of the
    /// process.
    pub throttle_used: u32,
    /// Requests sent. Each attempt counts; a batch counts as one.
    pub requests: u64,
    /// Batches sent.
    pub batches: u64,
    /// Operations sent in batches. Each attempt counts.
    pub batched: u64,
    /// Retries: how often an operation was to be sent again because it was throttled, refused for now, or lost.
    pub retries: u64,
    /// Responses with status 429, to requests and to operations in batches.
    pub throttled: u64,
    /// How often batched operations had to wait for the limit.
    pub throttle_waits: u64,
    /// Operations that ended with a response.
    pub succeeded: u64,
    /// Operations that ended with an error.
    pub failed: u64,
    /// How often a token was first sent: 1 for the first token, and 1 for each change.
    pub tokens: u64,
}

impl Statistics {
    /// The counters in the text format of Prometheus, for the host to serve.
    /// <https://prometheus.io/docs/instrumenting/exposition_formats/>
    pub fn to_prometheus(&self) -> String {
        let mut text = String::new();
        for (name, kind, help, value) in self.metrics() {
            let _ = writeln!(text, "# HELP mgpresence_{name} {help}");
            let _ = writeln!(text, "# TYPE mgpresence_{name} {kind}");
            let _ = writeln!(text, "mgpresence_{name} {value}");
        }
        text
    }

    fn metrics(&self) -> [(&'static str, &'static str, &'static str, u64); 14] {
        let gauge = |name, help, value: u32| (name, "gauge", help, u64::from(value));
        let counter = |name, help, value| (name, "counter", help, value);
        [
            gauge("operations_outstanding", "Operations that have not ended.", self.outstanding),
            gauge("operations_waiting", "Batched operations that wait to be sent.", self.waiting),
            gauge("requests_in_flight", "Requests on the wire.", self.in_flight),
            gauge("throttle_limit", "Requests allowed within 30 s.", self.throttle_limit),
            gauge("throttle_used", "Requests counted within 30 s.", self.throttle_used),
            counter("requests_total", "Requests sent.", self.requests),
            counter("batches_total", "Requests sent that were a batch.", self.batches),
            counter("batched_total", "Operations sent in batches.", self.batched),
            counter("retries_total", "Operations sent again.", self.retries),
            counter("throttled_total", "Answers 429.", self.throttled),
            counter(
                "throttle_waits_total",
                "Waits for room within the limit.",
                self.throttle_waits,
            ),
            counter("succeeded_total", "Operations that ended with a response.", self.succeeded),
            counter("failed_total", "Operations that ended with an error.", self.failed),
            counter("tokens_total", "Changes of the token.", self.tokens),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_counter_is_a_metric_with_its_help_and_type() {
        let statistics = Statistics { waiting: 7, requests: 12, ..Statistics::default() };
        let text = statistics.to_prometheus();
        for lines in [
            "# HELP mgpresence_operations_waiting Batched operations that wait to be sent.\n\
             # TYPE mgpresence_operations_waiting gauge\n\
             mgpresence_operations_waiting 7\n",
            "# HELP mgpresence_requests_total Requests sent.\n\
             # TYPE mgpresence_requests_total counter\n\
             mgpresence_requests_total 12\n",
        ] {
            assert!(text.contains(lines), "{text}");
        }
        assert_eq!(text.lines().count(), 3 * 14);
    }
}
