//! The loopback port that the browser comes back to. It answers whatever comes, and ends with the redirect.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener as StdListener};
use std::time::{Duration, Instant};

use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use zeroize::Zeroizing;

use super::redirect::{self, Redirect};
use crate::auth::AuthFailure;
use crate::auth::attempt::Attempt;
use crate::auth::refused::Refused;
use crate::error::Error;
use crate::token::Secret;

/// The longest head of a request, in bytes: a code has about a thousand.
const LONGEST: usize = 16 * 1024;
/// How long one connection may take: a browser opens some that it never uses.
const PATIENCE: Duration = Duration::from_secs(5);
/// How many connections are read at a time. If a program opens more, those that have said nothing are closed.
const MOST: usize = 64;
/// How long to wait where the system has no descriptor for a connection.
const AGAIN: Duration = Duration::from_millis(100);

/// Two sockets on one port, since browsers take `localhost` for either.
pub(super) struct Listener {
    v4: StdListener,
    v6: Option<StdListener>,
    port: u16,
}

impl Listener {
    pub(super) fn bind(port: u16) -> Result<Self, Error> {
        let fail = |error: std::io::Error| {
            let reason =
                format!("{port} cannot be listened on: {error}. Choose another, or 0 for any");
            Error::from(AuthFailure::Field { name: "redirect_port", reason })
        };
        let v4 = StdListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(fail)?;
        let port = v4.local_addr().map_err(fail)?.port();
        let v6 = StdListener::bind(SocketAddr::from((Ipv6Addr::LOCALHOST, port))).ok();
        for socket in [Some(&v4), v6.as_ref()].into_iter().flatten() {
            socket.set_nonblocking(true).map_err(fail)?;
        }
        Ok(Self { v4, v6, port })
    }

    /// Entra compares all of it but the port.
    pub(super) fn redirect_uri(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    /// Waits for the code of the sign-in that has this state.
    pub(super) fn code(
        self,
        attempt: &Attempt,
        state: &str,
        deadline: Instant,
        client_id: &str,
    ) -> Result<Secret, Error> {
        let left = deadline.saturating_duration_since(Instant::now());
        let redirect = attempt.wait(async { timeout(left, self.redirect(state)).await })?;
        match redirect.map_err(|_| Error::from(AuthFailure::PersonLate))?? {
            Redirect::Refused { error, description } => {
                Err(Refused::in_browser(&error, &description, client_id).into_error())
            }
            Redirect::Code(code) => Ok(code),
            Redirect::Other => Err(AuthFailure::PersonLate.into()),
        }
    }

    async fn redirect(self, state: &str) -> Result<Redirect, Error> {
        let fail = |error: std::io::Error| {
            let reason = format!("{} cannot be listened on: {error}", self.port);
            Error::from(AuthFailure::Field { name: "redirect_port", reason })
        };
        let v4 = TcpListener::from_std(self.v4).map_err(fail)?;
        let v6 = self.v6.map(TcpListener::from_std).transpose().map_err(fail)?;
        let mut connections = JoinSet::new();
        loop {
            let accepted = tokio::select! {
                Some(answered) = connections.join_next() => match answered {
                    Ok(Some(redirect)) => return Ok(redirect),
                    _ => continue,
                },
                accepted = v4.accept() => accepted,
                Some(accepted) = accept(v6.as_ref()) => accepted,
            };
            // What a client does to its connection is not the person's fault.
            let Ok((stream, _)) = accepted else {
                sleep(AGAIN).await;
                continue;
            };
            if connections.len() >= MOST {
                connections.abort_all();
            }
            connections.spawn(answered(stream, state.to_string()));
        }
    }
}

async fn accept(
    listener: Option<&TcpListener>,
) -> Option<std::io::Result<(TcpStream, SocketAddr)>> {
    Some(listener?.accept().await)
}

/// The redirect, if it is what comes on a connection.
async fn answered(stream: TcpStream, state: String) -> Option<Redirect> {
    let redirect = timeout(PATIENCE, answer(&stream, &state)).await.ok().flatten();
    redirect.filter(|redirect| !matches!(redirect, Redirect::Other))
}

/// Reads the head of a request and answers it.
async fn answer(stream: &TcpStream, state: &str) -> Option<Redirect> {
    let mut head = Zeroizing::new(Vec::with_capacity(LONGEST));
    while !head.windows(4).any(|window| window == b"\r\n\r\n") {
        stream.readable().await.ok()?;
        let mut chunk = Zeroizing::new([0; 2048]);
        match stream.try_read(&mut *chunk) {
            Ok(0) => return None,
            Ok(read) if head.len() + read > LONGEST => return None,
            Ok(read) => head.extend_from_slice(&chunk[..read]),
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
            Err(_) => return None,
        }
    }
    let redirect = redirect::read(&String::from_utf8_lossy(&head), state);
    let (status, text) = match &redirect {
        Redirect::Code(_) => ("200 OK", "You are signed in. You can close this page."),
        Redirect::Refused { .. } => {
            ("200 OK", "You are not signed in. The program that opened this page says why.")
        }
        Redirect::Other => ("404 Not Found", "There is nothing here."),
    };
    write(stream, &page(status, text)).await;
    Some(redirect)
}

/// A page without scripts, which no cache keeps and which does not tell another where it comes from.
fn page(status: &str, text: &str) -> String {
    let body =
        format!("<!doctype html><html lang=\"en\"><title>Sign-in</title><p>{text}</p></html>");
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\nCache-Control: no-store\r\n\
         Referrer-Policy: no-referrer\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
}

async fn write(stream: &TcpStream, text: &str) {
    let mut rest = text.as_bytes();
    while !rest.is_empty() && stream.writable().await.is_ok() {
        match stream.try_write(rest) {
            Ok(written) => rest = &rest[written..],
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
            Err(_) => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::net::TcpStream;

    use super::*;

    #[test]
    fn connections_that_say_nothing_do_not_hold_up_the_redirect() {
        let listener = Listener::bind(0).unwrap();
        let connect = || TcpStream::connect((Ipv4Addr::LOCALHOST, listener.port)).unwrap();
        let _silent: Vec<TcpStream> = (0..=MOST).map(|_| connect()).collect();
        let mut browser = connect();
        browser.write_all(b"GET /?code=c&state=s HTTP/1.1\r\n\r\n").unwrap();

        let (attempt, _cancel) = Attempt::new(None, true);
        let deadline = Instant::now() + PATIENCE - Duration::from_secs(1);
        assert_eq!(listener.code(&attempt, "s", deadline, "client").unwrap().as_str(), "c");
    }
}
