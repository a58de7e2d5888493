"""The PowerShell module beside an empty module with the same surface, Invoke-RestMethod and curl."""
import os
import subprocess

import peers
from hosts import Hosts, kept_awake
from measure import BENCH, ROOT, TARGET, run, say
from peers import Absent
from table import Case, Comparison, Goal

SCRIPTS = ROOT / "tools/bench/powershell"


class PowerShell:
    """A pwsh, our built module, and its twin: each a path, or why it is absent."""

    def __init__(self, quick):
        self.warm_up = 2 if quick else 6  # seconds
        found = subprocess.run(ROOT / "tools/find-pwsh", capture_output=True, text=True).stdout.strip()
        self.pwsh = found or Absent("there is no PowerShell 7: make toolchain")
        self.ours = self.pwsh if isinstance(self.pwsh, Absent) else built_module()
        self.twin = self.ours if isinstance(self.ours, Absent) else built_twin(self.pwsh)

    def script(self, name, *arguments, service=None):
        env = {"MGP_URL": service.url, "MGP_TOKEN": service.token} if service else {}
        return run(self.pwsh, "-NoProfile", "-NonInteractive", "-File", SCRIPTS / name, *arguments, env=env)

    def import_ms(self, module):
        return float(self.script("Import.ps1", module).output)

    def one_call(self, service, name, *arguments, calls=1):
        return service.expect(calls, lambda: self.script(name, *arguments, service=service))

    def loop(self, service, kind, count, module, *flags, sends=True):
        """The seconds of `count` calls."""
        arguments = "Loop.ps1", "-Kind", kind, "-WarmUp", self.warm_up, "-Count", count, "-Module", module, *flags
        printed = lambda ran: ran.output.split()[-2:]
        ran = service.expect(lambda ran: int(printed(ran)[0]) if sends else 0, lambda: self.script(*arguments, service=service))
        return float(printed(ran)[1])


def built_module():
    emulator = TARGET / "release/mgpresence-emulator"
    done = subprocess.run([ROOT / "module/build"], env={**os.environ, "MGP_TARGET": TARGET, "MGP_EMULATOR": emulator},
                          capture_output=True, text=True)
    if done.returncode != 0:
        return Absent(f"the module cannot be built: {(done.stdout + done.stderr).strip().splitlines()[-1][:120]}")
    return ROOT / "module/MgPresence"


def built_twin(pwsh):
    twin = BENCH / "twin"
    say("Building the module with empty bodies")
    generate = [pwsh, "-NoProfile", "-File", SCRIPTS / "New-TwinModule.ps1", "-From", ROOT / "module/MgPresence", "-To", twin]
    subprocess.run(list(map(str, generate)), check=True)
    build = '. tools/dotnet-env.sh && dotnet build "$0" --configuration Release --verbosity quiet --nologo'
    done = subprocess.run(["bash", "-c", build, str(twin / "src")], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-2000:]
    return twin / "MgPresence"


def comparisons(service, tenant, quick):
    shell, curl = PowerShell(quick), Hosts(service, quick)
    rounds = 3 if quick else 11
    case = lambda name, measured, goal=None, needs=shell.twin: Case(
        name, None if isinstance(needs, Absent) else measured, goal, needs if isinstance(needs, Absent) else "")
    in_a_loop = loops(shell, case, service, curl, quick)
    return [
        imports(shell, case, rounds),
        *one_calls(shell, case, service, rounds),
        in_a_loop,
        kept_awake(in_a_loop),
        pipe(shell, case, tenant, quick),
        *alone(shell, case, service, quick),
    ]


def imports(shell, case, rounds):
    return Comparison("Import-Module in a new process", "ms", [
        case("MgPresence", lambda: shell.import_ms(shell.ours)),
        case("the same surface with empty bodies", lambda: shell.import_ms(shell.twin), Goal("≤", 1.15)),
    ], "", rounds)


def one_calls(shell, case, service, rounds):
    """Time and memory of the same processes."""
    programs = [
        ("MgPresence", ("OneCall.ps1", shell.ours), 1),
        ("the same surface with empty bodies", ("OneCall.ps1", shell.twin), 0),
        ("Invoke-RestMethod", ("OneRestCall.ps1",), 1),
        ("pwsh that makes the token", ("OnlyToken.ps1",), 0),
        ("pwsh", ("Nothing.ps1",), 0),
    ]
    goals = {
        "ms": {"the same surface with empty bodies": Goal("≤", 50, "difference"), "Invoke-RestMethod": Goal("≤", 1)},
        "MB": {"pwsh that makes the token": Goal("≤", 10, "difference")},
    }

    def compared(title, unit, value, note):
        cases = [case(name, lambda script=script, calls=calls: value(shell.one_call(service, *script, calls=calls)),
                      goals[unit].get(name)) for name, script, calls in programs]
        return Comparison(title, unit, cases, note, rounds)

    return [
        compared("A pwsh process with one setPresence", "ms", lambda ran: ran.seconds * 1000,
                 "Import, connect and set; all but the last make the same SecureString of the token."),
        compared("Its peak memory", "MB", lambda ran: ran.peak_mb, "Resident memory, shared pages included."),
    ]


def loops(shell, case, service, hosts, quick):
    count, rest = (1000, 200) if quick else (5000, 1000)
    return Comparison("Set-MgUserPresence in a loop", "calls/s", [
        case("MgPresence", lambda: count / shell.loop(service, "Set", count, shell.ours)),
        case("curl in sequence", lambda: count / hosts.curl(count).seconds, Goal("≥", 0.9), hosts.curl_program),
        case("Invoke-RestMethod in a loop", lambda: rest / shell.loop(service, "Rest", rest, shell.ours), Goal("≥", 4)),
    ], f"In one process, after {shell.warm_up} s of calls.", 3 if quick else 7)


def pipe(shell, case, tenant, quick):
    """Against the emulator, which answers a $batch."""
    loop, rest = (500, 200) if quick else (2000, 1000)
    rate = lambda kind, count: lambda: count / shell.loop(tenant, kind, count, shell.ours, "-Users")
    return Comparison("10,000 users piped to Set-MgUserPresence", "users/s", [
        case("MgPresence", rate("Pipe", 10000)),
        case("MgPresence in a loop", rate("Set", loop), Goal("≥", 3)),
        case("Invoke-RestMethod in a loop", rate("Rest", rest), Goal("≥", 10)),
    ], f"Against the emulator, without a limit of requests; in one process, after {shell.warm_up} s of calls.", 3 if quick else 7)


def alone(shell, case, service, quick):
    """What a cmdlet costs when nothing is sent, beside an empty one with the same parameters."""
    count = 1000 if quick else 5000
    microseconds = lambda kind, module: lambda: shell.loop(service, kind, count, module, sends=False) / count * 1e6

    def compared(title, kind, note):
        return Comparison(title, "µs", [
            case("MgPresence", microseconds(kind, shell.ours)),
            case("the same parameters with an empty body", microseconds(kind, shell.twin), Goal("≤", 3)),
        ], note, 3 if quick else 7)

    return [
        compared("A call that is refused before it is sent", "Refused", f"Busy/Busy, after {shell.warm_up} s of calls. Ours writes an error record."),
        compared("A call with -WhatIf", "WhatIf", f"After {shell.warm_up} s of calls. Ours makes PowerShell print its line."),
    ]
