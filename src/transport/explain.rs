//! Explains the failures of reqwest. Its messages are used without their URLs, which may contain ids.

use std::error::Error as StdError;

use super::proxy::Fault;
use super::{HttpOptions, TransportFailure, proxy, tls, trust};
use crate::error::Error;

/// Converts a failure of reqwest. `http_status` is that of an incomplete response.
pub(super) fn failure(
    options: &HttpOptions,
    error: &reqwest::Error,
    http_status: Option<u16>,
) -> TransportFailure {
    let (to, reason, peer) = (options.origin.to_string(), root(error), options.peer);
    if let Some(lack) = find::<Error>(error) {
        TransportFailure::OutOfResources { reason: lack.to_string() }
    } else if let Some((fault, advice)) = proxy::explain(causes(error)) {
        of_proxy(options, error, fault, advice)
    } else if let Some(failure) = find::<rustls::Error>(error) {
        let (reason, advice) = tls::explain(failure, peer.setting());
        TransportFailure::Tls { to, reason, advice }
    } else if error.is_connect() {
        TransportFailure::Connect { to, reason: why_not_there(options, error), peer }
    } else if find::<hyper::Error>(error).is_some_and(hyper::Error::is_parse)
        && http_status.is_none()
    {
        TransportFailure::NotHttp { from: to, reason, peer }
    } else {
        TransportFailure::ConnectionLost { to, http_status, reason }
    }
}

/// Whether a connection was given up because the platform's verifier has to decide and was not loaded yet.
pub(super) fn is_undecided(error: &reqwest::Error) -> bool {
    find::<rustls::Error>(error).is_some_and(trust::is_undecided)
}

fn of_proxy(
    options: &HttpOptions,
    error: &reqwest::Error,
    fault: Fault,
    advice: &'static str,
) -> TransportFailure {
    let proxy = proxy::on_the_way(options).unwrap_or_default();
    if let Some(failure) = find::<rustls::Error>(error) {
        let (reason, advice) = tls::explain(failure, "the proxy's URL");
        let to = format!("the proxy {proxy}");
        return TransportFailure::Tls { to, reason, advice };
    }
    let reason = match fault {
        Fault::Unreachable => format!("cannot be reached: {}", why_not_there(options, error)),
        Fault::Says(reason) => reason.into(),
    };
    TransportFailure::Proxy { proxy, reason, advice }
}

/// Why a host, or the proxy in front of it, cannot be reached.
fn why_not_there(options: &HttpOptions, error: &reqwest::Error) -> String {
    if error.is_timeout() {
        let way = proxy::on_the_way(options).map(|proxy| format!(" through the proxy {proxy}"));
        let (way, after) = (way.unwrap_or_default(), options.connect_timeout.as_secs_f64());
        return format!("no connection{way} within {after} s");
    }
    let reason = root(error);
    match causes(error).any(|cause| cause.to_string() == "dns error") {
        true => of_look_up(&reason),
        false => reason,
    }
}

/// Why a name could not be looked up, with the resolver's words: only some say that the name does not exist.
fn of_look_up(reason: &str) -> String {
    let of_resolver = reason.strip_prefix("failed to lookup address information: ");
    format!("its name could not be looked up: {}", of_resolver.unwrap_or(reason))
}

/// The message of the innermost cause, which the layers above repeat. Without the link to its own manual that rustls
/// adds.
fn root(error: &(dyn StdError + 'static)) -> String {
    let reason = causes(error).last().map(ToString::to_string).unwrap_or_default();
    reason.split(": https://docs.rs").next().unwrap_or_default().into()
}

/// The first cause of a given type.
fn find<'a, E: StdError + 'static>(error: &'a (dyn StdError + 'static)) -> Option<&'a E> {
    causes(error).find_map(|cause| cause.downcast_ref())
}

/// A failure and its causes. `source` skips the cause within an `io::Error`, so look there first.
fn causes<'a>(
    error: &'a (dyn StdError + 'static),
) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    fn cause<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a (dyn StdError + 'static)> {
        match error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref) {
            Some(hidden) => Some(hidden),
            None => error.source(),
        }
    }
    std::iter::successors(Some(error), |error| cause(*error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_was_not_found_is_told_in_the_words_of_the_resolver() {
        for (reason, words) in [
            ("failed to lookup address information: Try again", "Try again"),
            ("Too many open files (os error 24)", "Too many open files (os error 24)"),
        ] {
            assert_eq!(of_look_up(reason), format!("its name could not be looked up: {words}"));
        }
    }
}
