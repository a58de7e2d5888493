"""What is measured runs here: programs, the server that answers them, and the emulator. Every answer is asserted."""
import json
import os
import re
import subprocess
import sys
import tempfile
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TARGET = Path(os.environ.get("MGP_TARGET", ROOT / "target"))
BENCH = TARGET / "bench"
APP_ID = "22553876-f5ab-4529-bffb-cfe50aa89f87"  # the application of the emulator's tokens
BODY = json.dumps({"sessionId": APP_ID, "availability": "Busy", "activity": "InACall", "expirationDuration": "PT1H"})
SET_PRESENCE = "/v1.0/users/adele/presence/setPresence"


@dataclass
class Ran:
    """What a program took and printed."""

    seconds: float
    peak_mb: float
    output: str


def run(*command, env=None):
    """Runs a program that must succeed."""
    with tempfile.NamedTemporaryFile() as report:
        done = subprocess.run(
            [BENCH / "launch", report.name, *map(str, command)],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, env={**os.environ, **(env or {})},
        )
        seconds, peak, status = Path(report.name).read_text().split() or (0, 0, done.returncode)
    assert status == "0", f"{command[0]} ended with status {status}: {done.stderr[-1000:]}"
    return Ran(float(seconds), int(peak) * 1024 / 1e6, done.stdout)


@dataclass
class Service:
    """A server on loopback and the token that it takes."""

    url: str
    https: str
    ca_file: str
    token: str
    pid: int

    def answered(self):
        """The requests that were answered since this was last asked."""
        return int(self.get("/count"))

    def get(self, path):
        with urllib.request.urlopen(self.url + path) as answer:
            return answer.read()

    def expect(self, calls, work):
        """What `work` returns; the server must have answered exactly that many calls, a number or a function of the result."""
        self.answered()
        result = work()
        answered, calls = self.answered(), calls(result) if callable(calls) else calls
        assert answered == calls, f"the server answered {answered} requests, not {calls}"
        return result


@dataclass
class Emulator(Service):
    """The same for the emulator, which counts the items of a batch one by one."""

    before: int = 0

    def answered(self):
        callers = json.loads(self.get("/_emulator/throttle"))["callers"]
        total = sum(caller["accepted"] for caller in callers)
        since, self.before = total - self.before, total
        return since


@contextmanager
def server():
    """The server that answers everything at once. It ends with this process, whatever happens."""
    ca_file = BENCH / "server.pem"
    with started(BENCH / "cargo/release/bench-server", ca_file) as (process, line):
        yield Service(line["http"], line["https"], str(ca_file), token(), process.pid)


@contextmanager
def emulator(*flags):
    command = [TARGET / "release/mgpresence-emulator", "--until-stdin-closes", "--throttle-limit", "0", *flags]
    with started(*command) as (process, line):
        yield Emulator(line["url"], "", "", line["token"], process.pid)


@contextmanager
def awake():
    """Keeps the processors awake: to wake one that sleeps takes longer, and varies more, than all else of a round trip."""
    spinners = [subprocess.Popen([sys.executable, "-c", SPIN], stdin=subprocess.PIPE) for _ in range(os.cpu_count())]
    try:
        yield
    finally:
        for spinner in spinners:
            spinner.stdin.close()
            spinner.wait()


# Gives way to every other process, and ends with the one that holds its stdin.
SPIN = """
import os, sys, threading
os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0))).start()
while True: pass
"""


@contextmanager
def started(*command):
    process = subprocess.Popen(list(map(str, command)), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield process, json.loads(process.stdout.readline())
    finally:
        process.stdin.close()
        process.wait()


def token():
    """An unsigned token of ordinary length: clients read the application's id from it."""
    from base64 import urlsafe_b64encode

    part = lambda value: urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")
    claims = {"appid": APP_ID, "tid": APP_ID, "exp": 4102444800, "roles": ["Presence.ReadWrite.All"], "filler": "x" * 700}
    return f"{part({'typ': 'JWT', 'alg': 'none'})}.{part(claims)}.c2lnbmF0dXJl"


def instructions(*command):
    """The instructions that a program takes, under callgrind."""
    done = subprocess.run(
        ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", *map(str, command)],
        stdin=subprocess.DEVNULL, capture_output=True, text=True,
    )
    assert done.returncode == 0, done.stderr[-1000:]
    return int(re.search(r"Collected : (\d+)", done.stderr)[1])


def say(text):
    print(text, file=sys.stderr, flush=True)
