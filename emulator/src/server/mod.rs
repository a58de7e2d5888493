//! The sockets: accepts connections, reads requests within bounds, writes answers or what a fault ordered.

mod connection;
mod read;
mod script;
mod tls;

use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;

use crate::fault::FaultKind;
use crate::service::Service;
pub(crate) use script::{End, Script};
pub(crate) use tls::{CaFile, acceptor};

/// Accepts until the runtime ends.
pub(crate) async fn run(listener: TcpListener, service: Arc<Service>, tls: Option<TlsAcceptor>) {
    let room = Arc::new(Semaphore::new(service.limits.connections));
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
        let Ok(place) = Arc::clone(&room).try_acquire_owned() else { continue };
        let (service, tls) = (Arc::clone(&service), tls.clone());
        tokio::spawn(async move {
            serve(stream, service, tls).await;
            drop(place);
        });
    }
}

async fn serve(stream: TcpStream, service: Arc<Service>, tls: Option<TlsAcceptor>) {
    // A client that waits for the acknowledgement of half an answer would measure our delay.
    let _ = stream.set_nodelay(true);
    let patience = service.limits.header_timeout;
    match (service.strike_connection(), tls) {
        (Some(FaultKind::Outage), _) => script::reset(&stream),
        (Some(_), Some(_)) => drop(tokio::time::timeout(patience, tls::refuse(stream)).await),
        (Some(_), None) => {}
        (None, None) => connection::run(stream, service).await,
        (None, Some(tls)) => {
            // Whoever cannot shake hands or takes too long has been told so by TLS itself.
            if let Ok(Ok(stream)) = tokio::time::timeout(patience, tls.accept(stream)).await {
                connection::run(stream, service).await;
            }
        }
    }
}
