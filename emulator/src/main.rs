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
    match emulator.block_on(serve(&emulator, until_stdin_closes)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("mgpresence-emulator: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Says where it is and waits until it is told to end. It listens for signals first: whoever reads the line may send one.
async fn serve(emulator: &Emulator, until_stdin_closes: bool) -> std::io::Result<()> {
    let signalled = signalled()?;
    announce(emulator)?;
    tokio::select! {
        () = signalled => {}
        () = stdin_closed(), if until_stdin_closes => {}
    }
    Ok(())
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

#[cfg(unix)]
fn signalled() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut terminate, mut interrupt) =
        (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

#[cfg(windows)]
fn signalled() -> std::io::Result<impl Future<Output = ()>> {
    let (mut interrupt, mut closing) =
        (tokio::signal::windows::ctrl_c()?, tokio::signal::windows::ctrl_close()?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = closing.recv() => {}
        }
    })
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
