#!/usr/bin/env python3
"""Bulk at full length: the figures that docs/operations.md states, measured on the emulator over real sockets.

    tests/soak/bulk.py BULK EMULATOR [FIGURE ...]

BULK is tests/soak/bulk.c, compiled against the release; EMULATOR the emulator's release. Prints a line for each figure.
"""

import json
import os
import subprocess
import sys
import time
import urllib.request

BULK, EMULATOR = sys.argv[1:3]


class Service:
    """An emulator of its own."""

    def __init__(self, users, limit, *flags):
        command = [EMULATOR, "--until-stdin-closes", "--users", str(users), "--throttle-limit", str(limit), *flags]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.about = json.loads(self.process.stdout.readline())

    def control(self, method, resource, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.about['url']}/_emulator/{resource}", data, method=method)
        request.add_header("Content-Type", "application/json")
        with urllib.request.urlopen(request, timeout=120) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def bulk(self, how, users, rounds=1, start=0, ceiling=0):
        environment = {**os.environ, "MGP_BASE_URL": self.about["url"], "MGP_TOKEN": self.about["token"]}
        command = [BULK, how, str(users), str(rounds), str(start), str(ceiling)]
        output = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True).stdout
        return json.loads(output)

    def not_busy(self, users):
        """How many of the users do not show what was set last."""
        shown = {}
        for number in range(0, users, 500):
            names = [f"user{user + 1}" for user in range(number, min(number + 500, users))]
            shown.update(self.presences(names))
        return sum(value != "Busy/InACall" for value in shown.values()) + users - len(shown)

    def presences(self, names):
        ids = [self.ids[name] for name in names]
        body = json.dumps({"ids": ids}).encode()
        url = f"{self.about['url']}/v1.0/communications/getPresencesByUserId"
        request = urllib.request.Request(url, body, method="POST")
        request.add_header("Content-Type", "application/json")
        request.add_header("Authorization", f"Bearer {self.about['token']}")
        with urllib.request.urlopen(request, timeout=120) as answer:
            value = json.loads(answer.read())["value"]
        return {one["id"]: f"{one['availability']}/{one['activity']}" for one in value}

    @property
    def ids(self):
        if not hasattr(self, "known"):
            self.known = {user["nickname"]: user["id"] for user in self.control("GET", "users")}
        return self.known

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()


def rejected(service):
    """Part of the requests that were answered 429, and the most in any 30 s."""
    throttle = service.control("GET", "throttle")
    caller = max(throttle["callers"], key=lambda caller: caller["accepted"])
    return caller["rejected"] / (caller["accepted"] + caller["rejected"]), throttle["largestInWindow"]


def ceiling_told():
    with Service(20_000, 10_000) as service:
        result = service.bulk("batch", 20_000, ceiling=10_000)
        part, largest = rejected(service)
        service.control("PUT", "throttle", {"limit": 0, "windowSeconds": 30})
        wrong = service.not_busy(20_000)
    yield "20,000 users with the ceiling told take 30.0 to 31.5 s", 30.0 <= result["seconds"] <= 31.5, result["seconds"]
    yield "the service never sees more than 10,000 in any 30 s", largest <= 10_000, largest
    yield "each of the users shows what was set", wrong == 0, wrong
    yield "at most 1 % is answered 429", part <= 0.01, part
    yield "each of them ends once, with a response", (result["notOnce"], result["failed"]) == (0, 0), result


def faults():
    users = 10_000
    with Service(users, 0) as service:
        now = time.time()
        stamp = lambda seconds: time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now + seconds))
        service.control("POST", "faults", [
            {"kind": "outage", "from": stamp(12), "to": stamp(22)},
            {"status": 503, "probability": 0.01, "headers": {"Retry-After": "1"}},
            {"kind": "close", "probability": 0.01},
            {"kind": "half", "probability": 0.005},
        ])
        result = service.bulk("batch", users, rounds=6, start=15_000, ceiling=15_000)
        service.control("DELETE", "faults")
        wrong = service.not_busy(users)
    yield "one result for each input", result["notOnce"] == 0, result
    yield "no input failed", result["failed"] == 0, result["failed"]
    yield "the right final state of every user", wrong == 0, wrong


def cold_start():
    for limit, users in [(1_500, 6_000), (4_000, 14_000), (10_000, 25_000)]:
        with Service(users, limit) as service:
            result = service.bulk("batch", users)
            part, largest = rejected(service)
        name = f"from a cold start the limit of {limit} is found"
        yield f"{name} with at most 2 % answered 429", part <= 0.02, (part, result["limit"], result["seconds"])
        yield f"{name}, and every input succeeds", result["failed"] == 0, result


def unthrottled():
    users = 20_000
    rates = {}
    with Service(users, 0) as service:
        for how, count in [("call", 5_000), ("queue", 5_000), ("batch", users), ("call", 5_000), ("batch", users)]:
            result = service.bulk(how, count, ceiling=0xFFFFFFFF)
            rates[how] = max(rates.get(how, 0), count / result["seconds"])
    shown = {how: round(rate) for how, rate in rates.items()}
    yield "without a limit batches have 3 times the rate of single calls", rates["batch"] >= 3 * rates["call"], shown


def memory():
    with Service(1_000, 0) as service:
        result = service.bulk("batch", 1_000, rounds=100, ceiling=0xFFFFFFFF)
    grown = (result["peakKiB"] - result["idleKiB"]) / 1024
    yield "100,000 inputs take at most 50 MB beyond idle", grown <= 50, f"{grown:.1f} MiB"
    yield "and each of them ends once", (result["notOnce"], result["failed"]) == (0, 0), result


FIGURES = {run.__name__: run for run in (unthrottled, memory, ceiling_told, faults, cold_start)}

if __name__ == "__main__":
    for name in sys.argv[3:] or FIGURES:
        for sentence, holds, value in FIGURES[name]():
            print("ok     " if holds else "FAILED ", sentence, "" if holds and isinstance(value, dict) else f"({value})", flush=True)
