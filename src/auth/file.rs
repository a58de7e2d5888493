//! Small files with secrets in them.

use std::fs::File;
use std::io::Read;

use zeroize::Zeroizing;

/// The largest file that is read, in bytes. A chain of certificates with a key is a tenth of it.
const LARGEST: u64 = 256 * 1024;

/// The bytes of a file, or why they cannot be read.
pub(super) fn bytes(path: &str) -> Result<Zeroizing<Vec<u8>>, String> {
    let file = File::open(path).map_err(|error| error.to_string())?;
    let mut bytes = Zeroizing::new(Vec::with_capacity(16 * 1024));
    file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    match bytes.len() as u64 {
        ..=LARGEST => Ok(bytes),
        _ => Err(format!("it has more than {LARGEST} bytes")),
    }
}

/// The text of a file.
pub(super) fn text(path: &str) -> Result<Zeroizing<String>, String> {
    let bytes = bytes(path)?;
    let text = std::str::from_utf8(&bytes).map_err(|_| "it is not text")?;
    Ok(Zeroizing::new(text.into()))
}
