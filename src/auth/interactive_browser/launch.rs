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
    open_with(OPENERS, url)
}

fn open_with(openers: &[(&str, &[&str])], url: &str) -> Result<(), Error> {
    for (program, arguments) in openers {
        let mut command = Command::new(program);
        command.args(*arguments).arg(url);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        if let Ok(mut child) = command.spawn() {
            // A child that is never waited for stays a zombie.
            return job::start(move || drop(child.wait()));
        }
    }
    let programs: Vec<_> = openers.iter().map(|(program, _)| *program).collect();
    Err(AuthFailure::NoBrowser { programs: programs.join(", ") }.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(unix)]
    fn the_first_program_that_exists_gets_the_page_as_one_argument() {
        let file = format!("mgpresence-page-{}; touch not this", std::process::id());
        let page = std::env::temp_dir().join(file);
        let url = page.to_str().unwrap();
        open_with(&[("/absent/xdg-open", &[]), ("touch", &[])], url).unwrap();
        while !page.exists() {
            std::thread::yield_now();
        }
        std::fs::remove_file(page).unwrap();
    }

    #[test]
    fn without_a_browser_there_is_another_way() {
        let error = open_with(&[("/absent/xdg-open", &[])], "https://login.example").unwrap_err();
        assert_eq!(error.status(), crate::Status::Interaction);
        assert!(error.to_string().contains("Sign in with a device code"), "{error}");
    }
}
