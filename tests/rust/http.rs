//! A minimal HTTP client, which stands for a browser and calls the emulator's control API.

use std::io::{Read, Write};
use std::net::TcpStream;

/// An answer: status, the Location header, and the body.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) location: Option<String>,
    pub(crate) body: String,
}

pub(crate) fn get(url: &str) -> Answer {
    exchange("GET", url, "")
}

pub(crate) fn exchange(method: &str, url: &str, body: &str) -> Answer {
    let rest = url.strip_prefix("http://").expect("plain http on loopback");
    let (host, path) = rest.find(['/', '?']).map_or((rest, ""), |at| rest.split_at(at));
    let path = if path.starts_with('/') { path.to_string() } else { format!("/{path}") };
    let mut stream = TcpStream::connect(host.replace("localhost", "127.0.0.1")).unwrap();
    let length = body.len();
    let kind = "Content-Type: application/json\r\n";
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: {host}\r\n{kind}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )
    .unwrap();
    let mut text = Vec::new();
    stream.read_to_end(&mut text).unwrap();
    let text = String::from_utf8_lossy(&text).into_owned();
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    let location = head.lines().find_map(|line| {
        let (name, value) = line.split_once(": ")?;
        name.eq_ignore_ascii_case("location").then(|| value.to_string())
    });
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_default();
    Answer { status, location, body: body.into() }
}

/// Opens a page and follows its redirects, as a browser does. Returns the last answer.
pub(crate) fn browse(url: &str) -> Answer {
    let mut answer = get(url);
    for _ in 0..5 {
        match answer.location {
            Some(to) => answer = get(&to),
            None => break,
        }
    }
    answer
}
