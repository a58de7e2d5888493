"""The library in a C program beside curl and the Graph SDKs of other languages, and what it weighs."""
import os
import subprocess
import time
from dataclasses import replace
from pathlib import Path

import measure
import peers
from measure import BENCH, BODY, ROOT, SET_PRESENCE, TARGET, run
from peers import Absent
from table import Case, Comparison, Goal

HOST = BENCH / "host"


class Hosts:
    """One client program per language. Each takes a number of calls and how many are in flight."""

    def __init__(self, service, quick):
        self.service = service
        self.curl_program = peers.on_path("curl")
        self.graph_rs_program = peers.graph_rs(quick)
        self.graph_js_script = peers.graph_js(quick)
        self.node = peers.on_path("node", "nodejs")
        self.graph_python_program = peers.graph_python(quick)

    def ours(self, calls, in_flight=1, https=False, mode=None):
        url, env = (self.service.https, {"MGP_CA_FILE": self.service.ca_file}) if https else (self.service.url, {})
        mode = mode or ("queue" if in_flight > 1 else "sequence")
        return self.service.expect(calls, lambda: run(HOST, mode, url, self.service.token, calls, in_flight, env=env))

    def curl(self, calls, in_flight=1, https=False, path=SET_PRESENCE + "?call={}"):
        url = self.service.https if https else self.service.url
        many = ["--parallel", "--parallel-immediate", "--parallel-max", in_flight] if in_flight > 1 else []
        trust = ["--cacert", self.service.ca_file] if https else []
        ran = self.service.expect(calls, lambda: run(
            self.curl_program, "--silent", "--show-error", "--output", "/dev/null", "--write-out", "%{http_code}\n",
            "--header", f"Authorization: Bearer {self.service.token}", "--header", "Content-Type: application/json",
            "--data", BODY, *many, *trust, url + path.format(f"[1-{calls}]")))
        assert ran.output.split() == ["200"] * calls, f"curl got {set(ran.output.split())}"
        return ran

    def graph_rs(self, calls, in_flight=1):
        arguments = self.service.url, self.service.token, calls, in_flight
        return self.service.expect(calls, lambda: run(self.graph_rs_program, *arguments))

    def graph_js(self, calls, in_flight=1):
        return self.timed_within(calls, in_flight, self.node, self.graph_js_script)

    def graph_python(self, calls, in_flight=1):
        return self.timed_within(calls, in_flight, self.graph_python_program, ROOT / "tools/bench/host/graph.py")

    def timed_within(self, calls, in_flight, *program):
        """Programs whose start takes longer than the calls print what the calls took."""
        arguments = self.service.url, self.service.token, calls, in_flight
        ran = self.service.expect(calls, lambda: run(*program, *arguments))
        ran.seconds = float(ran.output)
        return ran

    def case(self, name, measured, *needs, goal=None):
        absent = next((need for need in needs if isinstance(need, Absent)), None)
        return Case(name, None if absent else measured, goal, absent or "")


def comparisons(hosts, quick):
    rounds, starts = (3, 7) if quick else (11, 41)
    calls, few = (1000, 100) if quick else (2000, 500)
    in_sequence = rates(hosts, f"{calls:,} calls in sequence", calls, few, 1, rounds, Goal("≥", 1.2))
    return [
        *starts_of(hosts, starts),
        in_sequence,
        kept_awake(in_sequence),
        rates(hosts, f"{2 * calls:,} calls, 16 in flight", 2 * calls, 2 * few, 16, rounds, Goal("≥", 1.3)),
        weight(hosts, starts),
        size(),
    ]


def kept_awake(comparison):
    """The same, with processors that do not sleep."""
    note = ("A processor that has nothing to do falls asleep, and in a virtual machine it takes longer to wake it than to make a call. "
            "Here a process of idle priority keeps each awake, so that the figures show what the programs themselves take.")
    return replace(comparison, title=comparison.title + ", the processors kept awake", note=note, within=measure.awake, samples={})


def many_users(hosts, quick):
    """Against the emulator, which answers a $batch item by item."""
    users = 10000
    rate = lambda work: lambda: users / work().seconds
    path = SET_PRESENCE.replace("adele", "user{}")
    return Comparison("10,000 users, in $batch requests", "users/s", [
        Case("C, MgPresence, in $batch requests", rate(lambda: hosts.ours(users, 16, mode="batch"))),
        Case("C, MgPresence, 16 in flight", rate(lambda: hosts.ours(users, 16))),
        hosts.case("curl, 16 in flight", rate(lambda: hosts.curl(users, 16, path=path)), hosts.curl_program),
    ], "Against the emulator, which has no limit of requests here. Over a network a $batch also saves round trips.", 3 if quick else 7)


def starts_of(hosts, rounds):
    ms = lambda work: lambda: work().seconds * 1000
    http = [
        Case("C, MgPresence", ms(lambda: hosts.ours(1))),
        hosts.case("curl", ms(lambda: hosts.curl(1)), hosts.curl_program, goal=Goal("≤", 0.4)),
        hosts.case("Rust, graph-rs-sdk", ms(lambda: hosts.graph_rs(1)), hosts.graph_rs_program, goal=Goal("≤", 1.5)),
    ]
    https = [
        Case("C, MgPresence", ms(lambda: hosts.ours(1, https=True))),
        hosts.case("curl", ms(lambda: hosts.curl(1, https=True)), hosts.curl_program, goal=Goal("≤", 0.3)),
    ]
    return [
        Comparison("A new process until its first 200, http", "ms", http, "From the start of the process to its end.", rounds),
        Comparison("A new process until its first 200, https with a CA file", "ms", https,
                   "graph-rs-sdk has no option for a CA file.", rounds),
    ]


def rates(hosts, title, calls, few, in_flight, rounds, curl_goal):
    """`few`: the calls of the SDKs that are slow enough to show a rate with fewer."""
    rate = lambda work, calls: lambda: calls / work(calls, in_flight).seconds
    cases = [
        Case("C, MgPresence", rate(hosts.ours, calls)),
        hosts.case("curl", rate(hosts.curl, calls), hosts.curl_program, goal=curl_goal),
        hosts.case("Rust, graph-rs-sdk", rate(hosts.graph_rs, calls), hosts.graph_rs_program),
        hosts.case("JavaScript, microsoft-graph-client", rate(hosts.graph_js, few), hosts.node, hosts.graph_js_script,
                   goal=Goal("≥", 5)),
        hosts.case("Python, msgraph-sdk", rate(hosts.graph_python, few), hosts.graph_python_program, goal=Goal("≥", 5)),
    ]
    note = ("One connection for calls in sequence. C, curl and Rust: the whole process; JavaScript and Python: the calls "
            f"alone, {few:,} of them.")
    return Comparison(title, "calls/s", cases, note, rounds)


def weight(hosts, rounds):
    peak = lambda work: lambda: work().peak_mb
    return Comparison("Peak memory of a process with one call, http", "MB", [
        Case("C, MgPresence", peak(lambda: hosts.ours(1)), Goal("≤", 5, "value")),
        hosts.case("curl", peak(lambda: hosts.curl(1)), hosts.curl_program),
        hosts.case("Rust, graph-rs-sdk", peak(lambda: hosts.graph_rs(1)), hosts.graph_rs_program),
        hosts.case("JavaScript, microsoft-graph-client", peak(lambda: hosts.graph_js(1)), hosts.node, hosts.graph_js_script),
        hosts.case("Python, msgraph-sdk", peak(lambda: hosts.graph_python(1)), hosts.graph_python_program),
    ], "Resident memory, shared pages included.", min(rounds, 7))


def size():
    library = TARGET / "release/libmgpresence.so"
    return Comparison("Size of the stripped library", "MB", [
        Case("libmgpresence.so", lambda: os.path.getsize(library) / 1e6, Goal("≤", 3.0, "value")),
    ])


def instructions(hosts):
    """Not a comparison: the counts hardly vary, so a change of the code shows in them."""
    if isinstance(peers.on_path("valgrind"), Absent):
        return f"absent: {peers.on_path('valgrind')}"
    count = lambda calls: measure.instructions(HOST, "sequence", hosts.service.url, hosts.service.token, calls)
    first, more = count(1), count(101)
    return (f"A process with one call: {first / 1e6:.2f} million instructions. "
            f"Each further call: {(more - first) / 100 / 1e3:.1f} thousand.")


def idle(hosts):
    """Asserts that a client which has sent nothing costs nothing."""
    command = [HOST, "idle", hosts.service.url, hosts.service.token]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as process:
        folder = Path(f"/proc/{process.pid}")
        time.sleep(0.5)
        before = cpu_ticks(folder)
        time.sleep(1)
        threads = len(list((folder / "task").iterdir()))
        sockets = sum("socket:" in os.readlink(file) for file in (folder / "fd").iterdir())
        ticks = cpu_ticks(folder) - before
        process.stdin.close()
    assert (threads, sockets, ticks) == (1, 0, 0), f"{threads} threads, {sockets} sockets, {ticks} ticks"
    return "The process has one thread, its own; it has no socket, and it takes no processor time."


def cpu_ticks(folder):
    fields = (folder / "stat").read_text().rsplit(")", 1)[1].split()
    return int(fields[11]) + int(fields[12])
