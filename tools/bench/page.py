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

- **A PowerShell process with one call.** The library takes less than one millisecond of it. What it takes above a module with empty
  bodies is .NET's compiler at run time, so `module/build` compiles the assembly ahead.
- **A cmdlet in a loop.** About half of a call is PowerShell's own: it looks up the command, binds the parameters and logs the call.
  .NET compiles our part for speed after some hundred calls; a shorter script runs the first, slower code.
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
