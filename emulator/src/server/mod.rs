//! The sockets: accepts connections, reads requests within the limits, and writes answers or the bytes of a fault.

mod body;
mod connection;
mod read;
mod slots;
mod tls;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio_rustls::TlsAcceptor;

use crate::fault::FaultKind;
use crate::service::{Service, reset};
use slots::{Slot, Slots};
pub(crate) use tls::{CaFile, acceptor};

/// The number of connections that may wait to be accepted. With std's 128, further clients would wait a second until
/// they repeat their SYN.
const BACKLOG: u32 = 4096;

/// Binds the listener. Must be called within a Tokio runtime.
pub(crate) fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // On Windows the option would let another process take the port.
    socket.set_reuseaddr(cfg!(unix))?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Accepts connections until the runtime ends.
pub(crate) async fn run(listener: TcpListener, service: Arc<Service>, tls: Option<TlsAcceptor>) {
    let slots = Slots::new(service.settings.max_connections);
    loop {
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            // Out of file descriptors or memory: keep the open connections, and wait until one of them closes.
            Err(_) => {
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        // Close the connection at once, so that the client need not wait in the queue.
        let Some(slot) = slots.take().await else { continue };
        tokio::spawn(serve(stream, slot, Arc::clone(&service), tls.clone()));
    }
}

/// Serves one connection in memory, for the fuzzer.
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) async fn converse(stream: tokio::io::DuplexStream, service: Arc<Service>) {
    let slot = Slots::new(1).take().await.expect("the first connection gets a slot");
    connection::run(stream, slot, service).await;
}

async fn serve(stream: TcpStream, slot: Slot, service: Arc<Service>, tls: Option<TlsAcceptor>) {
    // Without this option, Nagle's algorithm would delay the second half of an answer until the client acknowledges the
    // first.
    let _ = stream.set_nodelay(true);
    let timeout = service.settings.header_timeout.duration();
    match (service.due_for_connection(), tls) {
        (Some(FaultKind::Outage), _) => reset(&stream),
        (Some(_), Some(_)) => drop(tokio::time::timeout(timeout, tls::refuse(stream)).await),
        (Some(_), None) => {}
        (None, None) => connection::run(stream, slot, service).await,
        (None, Some(tls)) => {
            // If the handshake fails or takes too long, TLS itself reports it to the client.
            let handshake = tokio::time::timeout(timeout, tls.accept(stream));
            let stream = tokio::select! {
                stream = handshake => stream,
                _ = slot.evicted() => return,
            };
            if let Ok(Ok(stream)) = stream {
                connection::run(stream, slot, service).await;
            }
        }
    }
}
