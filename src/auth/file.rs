//! Reads small files with secrets.

use std::fs::File;
use std::io::Read;

use zeroize::Zeroizing;

/// The largest file that is read, in bytes: ten times a certificate chain with a key.
const LARGEST: u64 = 256 * 1024;

/// The bytes of a file, or why they cannot be read.
pub(super) fn bytes(path: &str) -> Result<Zeroizing<Vec<u8>>, String> {
    if is_pipe(path) {
        return Err("it is a pipe, which cannot be read again".into());
    }
    let file = File::open(path).map_err(|error| error.to_string())?;
    let mut bytes = Zeroizing::new(Vec::with_capacity(16 * 1024));
    file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    match bytes.len() as u64 {
        ..=LARGEST => Ok(bytes),
        _ => Err(format!("it has more than {LARGEST} bytes")),
    }
}

/// Whether a path is a pipe. Opening one would block until there is a writer.
#[cfg(unix)]
fn is_pipe(path: &str) -> bool {
    use std::os::unix::fs::FileTypeExt;
    std::fs::metadata(path).is_ok_and(|file| file.file_type().is_fifo())
}

#[cfg(not(unix))]
fn is_pipe(_: &str) -> bool {
    false
}

/// The text of a file.
pub(super) fn text(path: &str) -> Result<Zeroizing<String>, String> {
    let bytes = bytes(path)?;
    let text = std::str::from_utf8(&bytes).map_err(|_| "it is not text")?;
    Ok(Zeroizing::new(text.into()))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_pipe_is_refused_rather_than_waited_for() {
        let pipe = std::env::temp_dir().join(format!("mgpresence-pipe-{}", std::process::id()));
        let made = std::process::Command::new("mkfifo").arg(&pipe).status().unwrap();
        assert!(made.success());
        let refused = bytes(pipe.to_str().unwrap());
        std::fs::remove_file(&pipe).unwrap();
        assert!(refused.unwrap_err().contains("it is a pipe"));
    }
}
