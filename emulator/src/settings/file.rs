//! Reads the files that settings name.

use std::path::Path;

/// The text of a file, without the byte order mark with which Windows PowerShell begins one.
pub(super) fn read(path: impl AsRef<Path>) -> Result<String, String> {
    let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(&text).into())
}
