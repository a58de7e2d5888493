"""docs/benchmarks.md: the tables, the machine and the versions."""
import os
import platform
import re
import subprocess
from pathlib import Path

import peers

ABOUT = """# Benchmarks

`make bench` writes this page: it builds the server and the peers, measures all of them in turn on this machine, and asserts the
status of every answer and their number. `make bench QUICK=1` takes two minutes and prints the tables instead.

All programs send the same setPresence request over loopback, to a server that answers 200 at once; what is left is the cost of
the client. Each figure is the median of several rounds, in which the programs take turns. *Spread* is the lowest and the highest
round. *MgPresence : this* divides the first row's median by that of the row. A goal is what we want to reach, whether we do or not.
"""


FOUND = """## What the profiles showed

- **A call from C.** A third of its instructions parse URLs, which reqwest does twice more than we do, and allocate memory. Built for the
  smallest size (`opt-level = "z"`), the library is 5 % smaller and a call takes three quarters more instructions, so what runs with each
  request is built with `"s"`, and what runs with each connection with `"z"`.
- **Calls in sequence.** Each waits for a wake-up of the server and one of the client. In a virtual machine that takes longer than the call,
  and it depends on how long the kernel keeps polling before it lets a processor sleep: one and the same program ran at 9,400 or at 28,900
  calls a second.
- **A PowerShell process with one call.** The library takes less than one millisecond of it. What it takes above a module with empty
  bodies is .NET's compiler at run time, so `module/build` compiles the assembly ahead. What is left to compile in the first call is six
  small methods that hand a handle to the library.
- **A cmdlet in a loop.** .NET compiles code that runs often once more, first with counters and then for speed. That takes some seconds,
  and nearly all of this code is PowerShell's own and .NET's. So the loops run for some seconds before they are measured, that of
  Invoke-RestMethod too. A shorter script runs the first, slower code, whichever cmdlet it calls.
- **A pipeline.** Batches are sent on another thread while PowerShell binds the next inputs. With `-ErrorAction Stop` inputs go one by
  one, so that nothing behind a failure is sent, and a pipeline is then as fast as a loop. With the limit of requests that Graph has for
  an application, 10,000 inputs take 30 s, whatever the client can do.
- **The emulator.** Most of the time is the kernel's, for the wake-ups of 64 connections. With `--log`, each line is one write.
"""


def page(machine, sections):
    """`sections`: a heading and the texts under it."""
    parts = [ABOUT, machine]
    for heading, texts in sections:
        parts += [f"## {heading}\n", *texts]
    return "\n".join([*parts, FOUND])


def section(title, *paragraphs):
    return "\n\n".join([f"### {title}", *filter(None, paragraphs)]) + "\n"


def machine():
    """What the figures hold for; asked before anything is measured."""
    model = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    rows = [
        ("Processor", f"{model[1] if model else platform.machine()}, {os.cpu_count()} cores"),
        ("System", f"{system()}, Linux {platform.release()}"),
        ("Load before the run", f"{os.getloadavg()[0]:.2f}"),
        *((name, version) for name, command in PROGRAMS.items() if (version := first_line(command))),
        ("Graph SDKs", f"graph-rs-sdk {graph_rs_version()}, microsoft-graph-client {peers.GRAPH_JS}, msgraph-sdk {peers.GRAPH_PYTHON}"),
    ]
    return "\n".join(["| | |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows)]) + "\n"


PROGRAMS = {
    "MgPresence": ["git", "describe", "--always", "--dirty"],
    "Rust": ["rustc", "--version"],
    "C compiler": ["cc", "--version"],
    "curl": ["curl", "--version"],
    "node": ["node", "--version"],
    "Python": ["python3", "--version"],
    "wrk": ["wrk", "--version"],
    "PowerShell": ["tools/find-pwsh", "--version"],
}


def first_line(command):
    if command[0] == "tools/find-pwsh":
        found = subprocess.run(command[0], capture_output=True, text=True).stdout.strip()
        command = [found or "pwsh", *command[1:]]
    try:
        done = subprocess.run(command, capture_output=True, text=True)
    except FileNotFoundError:
        return ""
    return (done.stdout + done.stderr).strip().splitlines()[0][:34].split(" libcurl")[0]


def graph_rs_version():
    manifest = Path(__file__).with_name("host") / "graph-rs/Cargo.toml"
    return re.search(r'graph-rs-sdk = .*"=([\d.]+)"', manifest.read_text())[1]


def system():
    release = dict(re.findall(r'^(\w+)="?([^"\n]*)', Path("/etc/os-release").read_text(), re.M))
    return release.get("PRETTY_NAME", platform.system())
