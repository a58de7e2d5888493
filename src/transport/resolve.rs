//! Names of hosts, looked up on a thread for each: tokio's own way shares one pool for all and panics where no thread can
//! be started.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::sync::{Mutex, PoisonError};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::error::Error;
use crate::job::Job;

/// The look-ups of one client. A name is looked up once at a time, however many wait for it or have given up.
#[derive(Default)]
pub(crate) struct Resolver(Mutex<HashMap<String, Job<Found>>>);

/// The addresses of a name, or why there are none.
type Found = Result<Vec<IpAddr>, String>;

impl Resolver {
    fn look_up(&self, name: &str) -> Result<Job<Found>, Error> {
        let mut under_way = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(job) = under_way.get(name).filter(|job| !job.has_ended()) {
            return Ok(job.clone());
        }
        let host = name.to_string();
        let job = Job::start(move || {
            let found = (host.as_str(), 0).to_socket_addrs().map_err(|error| error.to_string());
            Ok(found.map(|found| found.map(|address| address.ip()).collect()))
        })?;
        under_way.insert(name.into(), job.clone());
        Ok(job)
    }
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let job = self.look_up(name.as_str());
        Box::pin(async move {
            let addresses = job?.end().await??;
            // Port 0: the connection knows its own.
            let addresses = addresses.into_iter().map(|address| SocketAddr::new(address, 0));
            Ok(Box::new(addresses) as Addrs)
        })
    }
}
