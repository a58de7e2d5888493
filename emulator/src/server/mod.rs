//! The sockets: accepts connections, reads requests within bounds, writes answers or what a fault ordered.

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
use slots::{Place, Places};
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
    let places = Places::new(service.settings.max_connections);
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
        let Some(place) = places.take().await else { continue };
        tokio::spawn(serve(stream, place, Arc::clone(&service), tls.clone()));
    }
}

async fn serve(stream: TcpStream, place: Place, service: Arc<Service>, tls: Option<TlsAcceptor>) {
    // A client that waits for the acknowledgement of half an answer would measure our delay.
    let _ = stream.set_nodelay(true);
    let patience = service.settings.header_timeout.duration();
    match (service.due_for_connection(), tls) {
        (Some(FaultKind::Outage), _) => reset(&stream),
        (Some(_), Some(_)) => drop(tokio::time::timeout(patience, tls::refuse(stream)).await),
        (Some(_), None) => {}
        (None, None) => connection::run(stream, place, service).await,
        (None, Some(tls)) => {
            // Whoever cannot shake hands, takes too long or must give way has been told so by TLS itself.
            let handshake = tokio::time::timeout(patience, tls.accept(stream));
            let stream = tokio::select! {
                stream = handshake => stream,
                () = place.is_asked_to_leave() => return,
            };
            if let Ok(Ok(stream)) = stream {
                connection::run(stream, place, service).await;
            }
        }
    }
}
