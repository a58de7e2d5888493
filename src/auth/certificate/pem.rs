//! A reader for PEM: named blocks of base64. <https://www.rfc-editor.org/rfc/rfc7468>

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use zeroize::Zeroizing;

/// A block: its name, such as `CERTIFICATE`, and its bytes.
pub(super) struct Block {
    pub(super) name: String,
    pub(super) bytes: Zeroizing<Vec<u8>>,
    /// Whether the block has headers, which describe an encryption older than PKCS #8.
    pub(super) has_headers: bool,
}

/// Whether a file is PEM.
pub(super) fn is_pem(bytes: &[u8]) -> bool {
    bytes.windows(MARK.len()).any(|window| window == MARK.as_bytes())
}

const MARK: &str = "-----BEGIN ";

/// The blocks of a file; `None` if one of them cannot be read. Text around them is ignored.
pub(super) fn blocks(text: &str) -> Option<Vec<Block>> {
    let mut blocks = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(MARK) {
        let (name, body) = rest[at + MARK.len()..].split_once("-----")?;
        let (body, after) = body.split_once(&format!("-----END {name}-----"))?;
        let has_headers = body.contains(':');
        let mut base64 = Zeroizing::new(String::with_capacity(body.len()));
        base64.extend(body.chars().filter(|c| !c.is_whitespace()));
        let bytes = if has_headers { Vec::new() } else { BASE64_STANDARD.decode(&*base64).ok()? };
        blocks.push(Block { name: name.into(), bytes: Zeroizing::new(bytes), has_headers });
        rest = after;
    }
    Some(blocks)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_read_in_order_and_text_around_them_is_ignored() {
        let text = "Bag Attributes\n-----BEGIN A B-----\r\nAQ\r\nID\r\n-----END A B-----\nx\n-----BEGIN C-----\nProc-Type: 4,ENCRYPTED\n\nAQID\n-----END C-----\n";
        let blocks = blocks(text).unwrap();
        let shown: Vec<_> =
            blocks.iter().map(|it| (it.name.as_str(), it.bytes.to_vec(), it.has_headers)).collect();
        assert_eq!(shown, [("A B", vec![1, 2, 3], false), ("C", vec![], true)]);
    }

    #[test]
    fn a_truncated_or_invalid_block_is_refused() {
        for text in
            ["-----BEGIN A", "-----BEGIN A-----\nAQID", "-----BEGIN A-----\n!\n-----END A-----"]
        {
            assert!(blocks(text).is_none(), "{text}");
        }
        assert!(is_pem(b"x\n-----BEGIN A-----") && !is_pem(b"\x30\x82"));
    }
}
