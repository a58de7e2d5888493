//! The program `mgpresence-emulator`. Its first line on stdout is JSON with the address on which it listens.

mod cli;

use std::error::Error;
use std::io::{Read as _, Write as _};
use std::process::ExitCode;

use cli::CommandLine;
use mgpresence_emulator::{APP_ID, Builder, Emulator, Token};

fn main() -> ExitCode {
    match CommandLine::read().map_err(Into::into).and_then(run) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("mgpresence-emulator: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(command_line: CommandLine) -> Result<(), Box<dyn Error>> {
    let CommandLine { until_stdin_closes, permissions, settings, .. } = command_line;
    let emulator = Builder::from(settings).start()?;
    Ok(emulator.block_on(serve(&emulator, until_stdin_closes, &permissions))?)
}

/// Prints the first line and waits for the end. The signal handlers are installed before, because a reader of the line
/// may send a signal at once.
async fn serve(
    emulator: &Emulator,
    until_stdin_closes: bool,
    permissions: &[String],
) -> std::io::Result<()> {
    let signalled = signalled(until_stdin_closes)?;
    announce(emulator, permissions)?;
    tokio::select! {
        () = signalled => {}
        () = stdin_closed(), if until_stdin_closes => {}
    }
    Ok(())
}

/// Prints one line of JSON and flushes it, so that the parent process can read it and continue.
fn announce(emulator: &Emulator, permissions: &[String]) -> std::io::Result<()> {
    let mut about = emulator.about();
    let user = about["userId"].as_str().unwrap_or_default().to_owned();
    about["token"] = permitted(emulator.token(APP_ID), permissions).mint().into();
    about["userToken"] = permitted(emulator.token(APP_ID).user(&user), permissions).mint().into();
    let mut stdout = std::io::stdout().lock();
    writeln!(stdout, "{about}")?;
    stdout.flush()
}

fn permitted<'a>(token: Token<'a>, permissions: &[String]) -> Token<'a> {
    let names: Vec<&str> = permissions.iter().map(String::as_str).collect();
    if names.is_empty() { token } else { token.permissions(&names) }
}

/// Ctrl+C reaches every program of a terminal. With `until_stdin_closes`, the emulator ignores it, so that a user who
/// cancels a command does not also stop its emulator.
#[cfg(unix)]
fn signalled(until_stdin_closes: bool) -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut terminate, mut interrupt) =
        (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv(), if !until_stdin_closes => {}
        }
    })
}

#[cfg(windows)]
fn signalled(until_stdin_closes: bool) -> std::io::Result<impl Future<Output = ()>> {
    let (mut interrupt, mut closing) =
        (tokio::signal::windows::ctrl_c()?, tokio::signal::windows::ctrl_close()?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv(), if !until_stdin_closes => {}
            _ = closing.recv() => {}
        }
    })
}

/// Uses a separate thread, because a read of stdin cannot be cancelled and must not delay the end of the runtime.
async fn stdin_closed() {
    let (closed, wait) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || {
        let mut stdin = std::io::stdin().lock();
        while matches!(stdin.read(&mut [0; 1024]), Ok(1..)) {}
        closed.send(())
    });
    let _ = wait.await;
}
