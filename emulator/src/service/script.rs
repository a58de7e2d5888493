//! The bytes that a fault writes instead of an answer, their pace, and the end of the connection.

use std::time::Duration;

use tokio::io::{AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::http::Answer;

/// How a connection ends.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum End {
    Close,
    Reset,
}

/// Bytes that are written to the stream without an HTTP library.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Script {
    pub(crate) bytes: Vec<u8>,
    /// The pause between two bytes; zero sends all bytes at once.
    pub(crate) pause: Duration,
    pub(crate) end: End,
}

impl Script {
    pub(crate) fn nothing(end: End) -> Self {
        Self { bytes: Vec::new(), pause: Duration::ZERO, end }
    }

    /// Half of the body, or half of the head if the answer has no body.
    pub(crate) fn half(answer: &Answer) -> Self {
        let mut bytes = head(answer);
        match answer.body.len() {
            0 => bytes.truncate(bytes.len() / 2),
            length => bytes.extend_from_slice(&answer.body[..length / 2]),
        }
        Self { bytes, ..Self::nothing(End::Close) }
    }

    pub(crate) fn trickle(answer: &Answer, pause: Duration) -> Self {
        let mut bytes = head(answer);
        bytes.extend_from_slice(&answer.body);
        Self { bytes, pause, end: End::Close }
    }

    /// Writes the bytes. The caller then drops the stream, which closes or resets the connection.
    pub(crate) async fn play(&self, stream: &mut (impl AsyncWrite + Unpin)) -> std::io::Result<()> {
        if self.pause.is_zero() {
            stream.write_all(&self.bytes).await?;
        } else {
            for byte in &self.bytes {
                stream.write_all(&[*byte]).await?;
                stream.flush().await?;
                tokio::time::sleep(self.pause).await;
            }
        }
        stream.flush().await?;
        match self.end {
            End::Close => stream.shutdown().await,
            End::Reset => Ok(()),
        }
    }
}

/// Makes the later drop of the stream reset the connection.
pub(crate) fn reset(stream: &TcpStream) {
    // Ignore an error: a closed socket cannot be reset.
    let _ = stream.set_zero_linger();
}

fn head(answer: &Answer) -> Vec<u8> {
    let reason = hyper::StatusCode::from_u16(answer.status)
        .ok()
        .and_then(|status| status.canonical_reason());
    let mut head = format!("HTTP/1.1 {} {}\r\n", answer.status, reason.unwrap_or_default());
    for (name, value) in &answer.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str(&format!("content-length: {}\r\nconnection: close\r\n\r\n", answer.body.len()));
    head.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::{Answer, Script};

    #[test]
    fn half_an_answer_announces_the_whole() {
        let text =
            String::from_utf8(Script::half(&Answer::text(200, "text/plain", "12345678")).bytes)
                .unwrap();
        assert!(text.contains("content-length: 8\r\n"), "{text}");
        assert!(text.ends_with("\r\n\r\n1234"), "{text}");
    }

    #[test]
    fn half_of_an_empty_answer_is_half_a_head() {
        let text = String::from_utf8(Script::half(&Answer::empty(200)).bytes).unwrap();
        assert!(text.starts_with("HTTP/1.1 200 OK\r\n") && !text.contains("\r\n\r\n"), "{text}");
    }
}
