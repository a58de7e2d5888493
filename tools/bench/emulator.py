"""The emulator under load: wrk on the same machine, with one thread and 64 connections."""
import json
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import peers
from measure import APP_ID, BENCH, BODY, SET_PRESENCE, emulator
from peers import Absent
from table import Case, Comparison, Goal


@dataclass
class Load:
    rate: float
    p99_ms: float
    requests: int


def batch():
    item = {"method": "POST", "url": SET_PRESENCE.removeprefix("/v1.0"), "body": json.loads(BODY),
            "headers": {"Content-Type": "application/json"}}
    return json.dumps({"requests": [{"id": str(number), **item} for number in range(20)]})


def load(wrk, service, path, body, seconds):
    """Every answer must be 200."""
    script = BENCH / "wrk.lua"
    quoted = body.replace("\\", "\\\\").replace("'", "\\'")
    script.write_text(
        f"wrk.method, wrk.path, wrk.body = 'POST', '{path}', '{quoted}'\n"
        f"wrk.headers['Content-Type'] = 'application/json'\nwrk.headers['Authorization'] = 'Bearer {service.token}'\n")
    command = [wrk, "-t1", "-c64", f"-d{seconds}s", "--latency", "-s", str(script), service.url]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "Non-2xx" not in said and "Socket errors" not in said, said
    slowest, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)\b", said).groups()
    return Load(
        rate=float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1]),
        p99_ms=float(slowest) * {"us": 0.001, "ms": 1, "s": 1000}[unit],
        requests=int(re.search(r"(\d+) requests in", said)[1]),
    )


def comparisons(service, quick):
    wrk = peers.wrk(quick)
    seconds, rounds = (3, 3) if quick else (10, 5)

    def one(title, unit, value, path, body, goal=None, note=""):
        absent = wrk if isinstance(wrk, Absent) else ""
        measure = None if absent else lambda: value(load(wrk, service, path, body, seconds))
        return Comparison(title, unit, [Case("mgpresence-emulator", measure, goal, absent)], note, rounds)

    rate, p99 = (lambda load: load.rate), (lambda load: load.p99_ms)
    return [
        one("The emulator: setPresence from 64 connections", "requests/s", rate, SET_PRESENCE, BODY, Goal("≥", 30000, "value"),
            "wrk runs on the same machine, with one thread."),
        one("The same: 99 of 100 answers come within", "ms", p99, SET_PRESENCE, BODY, Goal("≤", 10, "value")),
        one("The emulator: $batch of 20 setPresence from 64 connections", "batches/s", rate, "/v1.0/$batch", batch()),
    ]


def memory(quick):
    """What the emulator holds while requests come, and after its log was read."""
    wrk = peers.wrk(quick)
    if isinstance(wrk, Absent):
        return f"absent: {wrk}"
    wanted, sent, held = (200_000 if quick else 1_000_000), 0, []
    with emulator() as service:
        while sent < wanted:
            sent += load(wrk, service, SET_PRESENCE, BODY, 3).requests
            held.append(resident_mb(service.pid))
        service.get("/_emulator/requests")
        return (f"After the first 3 s of load the emulator holds {held[0]:.0f} MB, after {sent:,} requests {held[-1]:.0f} MB, "
                f"and {resident_mb(service.pid):.0f} MB when the log of requests has been read.")


def resident_mb(pid):
    return int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())[1]) * 1024 / 1e6
