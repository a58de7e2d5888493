//! Opens the system's browser.

use std::process::{Command, Stdio};

use crate::auth::AuthFailure;
use crate::error::Error;
use crate::job;

/// The programs that open a page, the best first. None of them goes through a shell, which would read the URL.
const OPENERS: &[(&str, &[&str])] = if cfg!(windows) {
    &[("rundll32.exe", &["url.dll,FileProtocolHandler"])]
} else if cfg!(target_os = "macos") {
    &[("/usr/bin/open", &[])]
} else {
    &[("xdg-open", &[]), ("wslview", &[])]
};

/// Opens a page, and does not wait for the browser.
pub(super) fn open(url: &str) -> Result<(), Error> {
    for (program, arguments) in OPENERS {
        let mut command = Command::new(program);
        command.args(*arguments).arg(url);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        if let Ok(mut child) = command.spawn() {
            // Somebody must wait for a child, or it stays a zombie.
            return job::start(move || drop(child.wait()));
        }
    }
    let programs: Vec<_> = OPENERS.iter().map(|(program, _)| *program).collect();
    Err(AuthFailure::NoBrowser { programs: programs.join(", ") }.into())
}
