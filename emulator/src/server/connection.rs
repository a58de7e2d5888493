//! One connection: hyper reads its requests one after the other until the client or a fault ends it.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex};

use hyper::StatusCode;
use hyper::body::Incoming;
use hyper::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout, timeout_at};
use tokio_rustls::server::TlsStream;

use super::body::Body;
use super::read::read;
use super::slots::{EVICTION_GRACE, Slot};
use crate::http::Answer;
use crate::service::{End, Reply, Script, Service, reset};
use crate::state::Pieces;

/// Makes hyper stop without an answer. The script is then written to the underlying stream.
#[derive(Debug)]
struct Scripted;

impl std::fmt::Display for Scripted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a fault takes over the connection")
    }
}

impl std::error::Error for Scripted {}

/// A TCP or TLS stream, with access to the socket that a fault may reset.
pub(super) trait Wire: AsyncRead + AsyncWrite + Unpin + Send + 'static {
    fn socket(&self) -> &TcpStream;
}

impl Wire for TcpStream {
    fn socket(&self) -> &TcpStream {
        self
    }
}

#[cfg(any(test, feature = "fuzzing"))]
impl Wire for tokio::io::DuplexStream {
    fn socket(&self) -> &TcpStream {
        unreachable!("only a fault asks for it, and none is armed")
    }
}

impl Wire for TlsStream<TcpStream> {
    fn socket(&self) -> &TcpStream {
        self.get_ref().0
    }
}

pub(super) async fn run(stream: impl Wire, slot: Slot, service: Arc<Service>) {
    let slot = Arc::new(slot);
    let held = Arc::clone(&slot);
    let script: Arc<Mutex<Option<Script>>> = Arc::default();
    let order = Arc::clone(&script);
    let settings = Arc::clone(&service.settings);
    let respond = service_fn(move |incoming: hyper::Request<Incoming>| {
        let (service, order, held) = (Arc::clone(&service), Arc::clone(&order), Arc::clone(&held));
        Box::pin(async move {
            held.mark_busy();
            let (request, read) = read(incoming, &service.settings, &service.body_budget).await;
            let response = match service.respond(request, read).await {
                Reply::Answer(answer) => into_response(answer),
                Reply::Requests(pieces) => in_pieces(pieces),
                Reply::Script(script) => {
                    *order.lock().expect("no thread panics while it holds the lock") = Some(script);
                    return Err(Scripted);
                }
            };
            // A client that does not read its answer must not keep the slot.
            held.mark_idle();
            Ok(response)
        })
    });
    let mut connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(settings.header_timeout.duration())
        .max_buf_size(settings.max_header_bytes)
        .auto_date_header(false)
        .serve_connection(TokioIo::new(stream), respond);
    // The client caused the error: it closed the connection, or it sent invalid HTTP and got a 400.
    let evicted = tokio::select! {
        _ = poll_fn(|context| Pin::new(&mut connection).poll_without_shutdown(context)) => None,
        last = slot.evicted() => Some(last),
    };
    let last = evicted.unwrap_or_else(|| Instant::now() + EVICTION_GRACE);
    if evicted.is_some() {
        Pin::new(&mut connection).graceful_shutdown();
        let end = poll_fn(|context| Pin::new(&mut connection).poll_without_shutdown(context));
        let mut end = pin!(end);
        // The rest of a head may have arrived with the eviction.
        if timeout_at(last, &mut end).await.is_err() && slot.is_answering() {
            let _ = timeout(EVICTION_GRACE, end).await;
        }
    }

    let mut stream = connection.into_parts().io.into_inner();
    let script = script.lock().expect("no thread panics while it holds the lock").take();
    match script {
        Some(script) => {
            let _ = script.play(&mut stream).await;
            if script.end == End::Reset {
                reset(stream.socket());
            }
        }
        None => drop(timeout_at(last, stream.shutdown()).await),
    }
}

fn into_response(answer: Answer) -> hyper::Response<Body> {
    let mut response = hyper::Response::new(Body::from(answer.body));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or_default();
    for (name, value) in answer.headers {
        // A fault may name a header that is invalid in HTTP. Omit the header and send the rest.
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            response.headers_mut().append(name, value);
        }
    }
    response
}

fn in_pieces(pieces: Pieces) -> hyper::Response<Body> {
    let mut response = hyper::Response::new(Body::from(pieces));
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert(CONTENT_TYPE, json);
    response
}
