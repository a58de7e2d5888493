//! Answers every request with 200 and no body, over http and over https, as fast as one thread per connection can.
//!
//!     bench-server CA_FILE
//!
//! Writes the certificate to trust to CA_FILE, then one line of JSON on stdout with both addresses. `GET /count` says how
//! many requests were answered since it was last asked. Ends when stdin closes.

use std::error::Error;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

static ANSWERED: AtomicU64 = AtomicU64::new(0);

fn main() -> Result<(), Box<dyn Error>> {
    let ca_file = std::env::args().nth(1).ok_or("usage: bench-server CA_FILE")?;
    let tls = tls(&ca_file)?;
    let http = listen(|stream| drop(serve(stream)))?;
    let https = listen(move |stream| {
        if let Ok(connection) = ServerConnection::new(Arc::clone(&tls)) {
            drop(serve(StreamOwned::new(connection, stream)));
        }
    })?;
    println!(r#"{{"http":"http://127.0.0.1:{http}","https":"https://127.0.0.1:{https}"}}"#);
    io::copy(&mut io::stdin(), &mut io::sink())?;
    Ok(())
}

/// A certificate for the loopback address, made anew at each start.
fn tls(ca_file: &str) -> Result<Arc<ServerConfig>, Box<dyn Error>> {
    let own = rcgen::generate_simple_self_signed(vec!["127.0.0.1".into()])?;
    std::fs::write(ca_file, own.cert.pem())?;
    let key = PrivateKeyDer::try_from(own.signing_key.serialize_der())?;
    let config = ServerConfig::builder().with_no_client_auth();
    Ok(Arc::new(config.with_single_cert(vec![own.cert.der().clone()], key)?))
}

/// The port. Each connection is served on a thread of its own.
fn listen(serve: impl Fn(TcpStream) + Send + Sync + 'static) -> io::Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let port = listener.local_addr()?.port();
    let serve = Arc::new(serve);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let serve = Arc::clone(&serve);
            let _ = stream.set_nodelay(true);
            thread::spawn(move || serve(stream));
        }
    });
    Ok(port)
}

/// Until the client hangs up.
fn serve(stream: impl Read + Write) -> io::Result<()> {
    let mut stream = BufReader::new(stream);
    let (mut head, mut body) = (Vec::new(), Vec::new());
    while read_head(&mut stream, &mut head)? {
        body.resize(content_length(&head), 0);
        stream.read_exact(&mut body)?;
        stream.get_mut().write_all(answer(&head).as_bytes())?;
    }
    Ok(())
}

/// The head in lower case; false at the end of the connection.
fn read_head(stream: &mut impl BufRead, head: &mut Vec<u8>) -> io::Result<bool> {
    head.clear();
    loop {
        let line = stream.read_until(b'\n', head)?;
        if line <= 2 {
            head.make_ascii_lowercase();
            return Ok(line > 0);
        }
    }
}

fn content_length(head: &[u8]) -> usize {
    let lines = head.split(|byte| *byte == b'\n');
    let value = lines.filter_map(|line| line.strip_prefix(b"content-length:")).next();
    value.and_then(|value| str::from_utf8(value).ok()?.trim().parse().ok()).unwrap_or(0)
}

fn answer(head: &[u8]) -> String {
    if !head.starts_with(b"get /count ") {
        ANSWERED.fetch_add(1, Ordering::Relaxed);
        return "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".into();
    }
    let count = ANSWERED.swap(0, Ordering::Relaxed).to_string();
    format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{count}", count.len())
}
