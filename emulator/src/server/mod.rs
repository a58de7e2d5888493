//! The sockets: accepts connections, reads requests within bounds, writes answers or what a fault ordered.

mod connection;
mod read;
mod script;

use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::Semaphore;

use crate::fault::FaultKind;
use crate::service::Service;
pub(crate) use script::{End, Script};

/// Accepts until the runtime ends.
pub(crate) async fn run(listener: TcpListener, service: Arc<Service>) {
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
        let service = Arc::clone(&service);
        match service.strike_connection() {
            Some(FaultKind::Outage) => script::reset(&stream),
            Some(_) => {}
            None => drop(tokio::spawn(async move {
                connection::run(stream, service).await;
                drop(place);
            })),
        }
    }
}
