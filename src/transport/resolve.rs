//! Looks up host names, each on a thread of its own. tokio's way shares one pool, and panics if no thread can be
//! started.

use std::collections::HashMap;
use std::fmt;
use std::future::ready;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs};
use std::sync::{Arc, Mutex, PoisonError};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::error::Error;
use crate::job::Job;

/// The look-ups of one client. At most one look-up of a name is under way, however many requests wait for it.
pub(crate) struct Resolver {
    under_way: Mutex<HashMap<String, Job<Found>>>,
    find: Arc<Find>,
}

/// The addresses of a name, or why there are none.
type Found = Result<Vec<IpAddr>, String>;

/// Looks up a name. This may take long.
type Find = dyn Fn(&str) -> Found + Send + Sync;

impl Default for Resolver {
    fn default() -> Self {
        let find = |name: &str| {
            let found = (name, 0).to_socket_addrs().map_err(|error| error.to_string());
            found.map(|found| found.map(|address| address.ip()).collect())
        };
        Self { under_way: Mutex::default(), find: Arc::new(find) }
    }
}

impl fmt::Debug for Resolver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Resolver")
    }
}

impl Resolver {
    fn look_up(&self, name: &str) -> Result<Job<Found>, Error> {
        let mut under_way = self.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(job) = under_way.get(name).filter(|job| !job.has_ended()) {
            return Ok(job.clone());
        }
        let (host, find) = (name.to_string(), Arc::clone(&self.find));
        let job = Job::start(move || Ok(find(&host)))?;
        under_way.insert(name.into(), job.clone());
        Ok(job)
    }
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        // Never looked up, so that no name server or hosts file can send a plain http request for this machine elsewhere.
        // <https://www.rfc-editor.org/rfc/rfc6761#section-6.3>
        if name.as_str().eq_ignore_ascii_case("localhost") {
            let addresses = [IpAddr::from(Ipv4Addr::LOCALHOST), IpAddr::from(Ipv6Addr::LOCALHOST)];
            let addresses = addresses.map(|address| SocketAddr::new(address, 0));
            return Box::pin(ready(Ok(Box::new(addresses.into_iter()) as Addrs)));
        }
        let job = self.look_up(name.as_str());
        Box::pin(async move {
            let addresses = job?.end().await??;
            // Port 0 means the port of the connection.
            let addresses = addresses.into_iter().map(|address| SocketAddr::new(address, 0));
            Ok(Box::new(addresses) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;
    use crate::transport::runtime;

    #[test]
    fn localhost_is_this_machine_whatever_a_name_server_says() {
        let find = |_: &str| Ok(vec![IpAddr::from([192, 0, 2, 1])]);
        let resolver = Resolver { under_way: Mutex::default(), find: Arc::new(find) };
        for (name, is_loopback) in
            [("localhost", true), ("LocalHost", true), ("localhost.x", false)]
        {
            let found =
                runtime::block_on(resolver.resolve(name.parse().unwrap())).unwrap().unwrap();
            assert!(found.into_iter().all(|address| address.ip().is_loopback() == is_loopback));
        }
    }

    #[test]
    fn concurrent_requests_share_a_look_up_and_later_ones_start_another() {
        let ((asked, names), (gate, opened)) = (mpsc::channel(), mpsc::channel());
        let opened = Mutex::new(opened);
        let find = move |name: &str| {
            asked.send(name.to_string()).unwrap();
            opened.lock().unwrap().recv().unwrap();
            Ok(vec![IpAddr::from([127, 0, 0, 1])])
        };
        let resolver = Resolver { under_way: Mutex::default(), find: Arc::new(find) };
        for _ in 0..2 {
            let jobs = ["host", "host", "host"].map(|name| resolver.look_up(name).unwrap());
            assert_eq!(names.recv().unwrap(), "host");
            gate.send(()).unwrap();
            for job in jobs {
                let found = runtime::block_on(job.end()).unwrap().unwrap();
                assert_eq!(found, Ok(vec![IpAddr::from([127, 0, 0, 1])]));
            }
            assert!(names.try_recv().is_err(), "asked once");
        }
    }
}
