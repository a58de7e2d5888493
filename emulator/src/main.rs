//! `mgpresence-emulator`: the emulator as a program. Its first line on stdout is JSON and says where it is.

mod cli;

use std::io::{Read as _, Write as _};
use std::process::ExitCode;

use clap::Parser as _;
use mgpresence_emulator::{Builder, Emulator};

fn main() -> ExitCode {
    let options = cli::Options::parse();
    let until_stdin_closes = options.until_stdin_closes;
    let emulator = match options.builder().and_then(Builder::start) {
        Ok(emulator) => emulator,
        Err(error) => {
            eprintln!("mgpresence-emulator: {error}");
            return ExitCode::FAILURE;
        }
    };
    if let Err(error) = announce(&emulator) {
        eprintln!("mgpresence-emulator: nobody reads where it listens: {error}");
        return ExitCode::FAILURE;
    }
    match emulator.block_on(wait(until_stdin_closes)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("mgpresence-emulator: {error}");
            ExitCode::FAILURE
        }
    }
}

/// One line of JSON, flushed, so that whoever started this can read it and go on.
fn announce(emulator: &Emulator) -> std::io::Result<()> {
    let mut about = emulator.about();
    let user = about["userId"].as_str().unwrap_or_default().to_owned();
    about["token"] = emulator.app_token().into();
    about["userToken"] = emulator.user_token(&user).into();
    let mut stdout = std::io::stdout().lock();
    writeln!(stdout, "{about}")?;
    stdout.flush()
}

/// Until the process is told to end.
async fn wait(until_stdin_closes: bool) -> std::io::Result<()> {
    tokio::select! {
        outcome = signalled() => outcome,
        () = stdin_closed(), if until_stdin_closes => Ok(()),
    }
}

#[cfg(unix)]
async fn signalled() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut terminate, mut interrupt) =
        (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(())
}

#[cfg(not(unix))]
async fn signalled() -> std::io::Result<()> {
    tokio::signal::ctrl_c().await
}

/// A thread of its own: a read of stdin cannot be cancelled, and must not hold up the runtime's end.
async fn stdin_closed() {
    let (closed, wait) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || {
        let mut stdin = std::io::stdin().lock();
        while matches!(stdin.read(&mut [0; 1024]), Ok(1..)) {}
        closed.send(())
    });
    let _ = wait.await;
}
