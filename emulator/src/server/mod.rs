//! The sockets: accepts connections, reads requests within the limits, and writes answers or what a fault orders.

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

/// Connections that wait to be accepted. std's 128 makes the next client wait a second for its repeated SYN.
const BACKLOG: u32 = 4096;

/// Needs a runtime to be entered.
pub(crate) fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // Elsewhere the option means that another process may take the port.
    socket.set_reuseaddr(cfg!(unix))?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Accepts until the runtime ends.
pub(crate) async fn run(listener: TcpListener, service: Arc<Service>, tls: Option<TlsAcceptor>) {
    let slots = Slots::new(service.settings.max_connections);
    loop {
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            // Out of file descriptors or memory: what is open must go on, so wait for something to close.
            Err(_) => {
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        // Closing at once tells the client more than leaving it in the queue.
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
    // A client that waits for the acknowledgement of half an answer would measure our delay.
    let _ = stream.set_nodelay(true);
    let timeout = service.settings.header_timeout.duration();
    match (service.due_for_connection(), tls) {
        (Some(FaultKind::Outage), _) => reset(&stream),
        (Some(_), Some(_)) => drop(tokio::time::timeout(timeout, tls::refuse(stream)).await),
        (Some(_), None) => {}
        (None, None) => connection::run(stream, slot, service).await,
        (None, Some(tls)) => {
            // A client whose handshake fails or takes too long learns that from TLS itself.
            let handshake = tokio::time::timeout(timeout, tls.accept(stream));
            let stream = tokio::select! {
                stream = handshake => stream,
                () = slot.evicted() => return,
            };
            if let Ok(Ok(stream)) = stream {
                connection::run(stream, slot, service).await;
            }
        }
    }
}
