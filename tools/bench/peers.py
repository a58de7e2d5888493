"""The programs that ours is compared with. Each is a path, or the reason why it is absent."""
import shutil
import subprocess

from measure import BENCH, ROOT, say

GRAPH_JS = "3.0.7"
GRAPH_PYTHON = "1.65.0"


class Absent(str):
    """Why a peer is not there; it stands in the table."""


def on_path(name, package=None):
    return shutil.which(name) or Absent(f"apt-get install {package or name}")


def wrk(quick):
    """Of Debian, unpacked into target/bench: that needs no root."""
    if shutil.which("wrk"):
        return shutil.which("wrk")
    folder = BENCH / "wrk"
    folder.mkdir(exist_ok=True)
    script = f"""apt-get download wrk libluajit-5.1-2 && for package in *.deb; do dpkg -x "$package" . || exit; done
        printf '#!/bin/sh\\nLD_LIBRARY_PATH=%s exec %s/usr/bin/wrk "$@"\\n' "$(echo {folder}/usr/lib/*-linux-gnu)" {folder} >run
        chmod +x run"""
    return installed("wrk", folder / "run", quick, "apt-get", [["sh", "-c", script]], cwd=folder)


def graph_rs(quick):
    program = BENCH / "cargo/release/bench-graph-rs"
    build = ["cargo", "build", "--quiet", "--release", "--locked", "--target-dir", BENCH / "cargo"]
    return installed("graph-rs-sdk", program, quick, "cargo", [build], cwd=ROOT / "tools/bench/host/graph-rs")


def graph_js(quick):
    """The folder with node_modules, which the script is copied to: node looks for packages beside the script."""
    folder = BENCH / "javascript"
    package = f"@microsoft/microsoft-graph-client@{GRAPH_JS}"
    install = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", folder, package]
    found = installed("microsoft-graph-client", folder / "node_modules/@microsoft", quick, "npm", [install])
    if not isinstance(found, Absent):
        shutil.copy(ROOT / "tools/bench/host/graph.mjs", folder)
        return folder / "graph.mjs"
    return found


def graph_python(quick):
    """The interpreter of an environment that has the package."""
    folder = BENCH / "python"
    steps = [["python3", "-m", "venv", folder], [folder / "bin/pip", "install", "--quiet", f"msgraph-sdk=={GRAPH_PYTHON}"]]
    marker = folder / f".msgraph-sdk-{GRAPH_PYTHON}"
    found = installed("msgraph-sdk", marker, quick, "python3", [*steps, ["touch", marker]])
    return found if isinstance(found, Absent) else folder / "bin/python"


def installed(name, result, quick, needs, steps, **options):
    """Installs a peer into target/bench unless it is there; a quick run installs nothing."""
    if result.exists():
        return result
    if quick:
        return Absent("make bench without QUICK=1 installs it")
    if not shutil.which(needs):
        return Absent(f"there is no {needs}")
    say(f"Installing {name} into target/bench")
    for step in steps:
        done = subprocess.run(list(map(str, step)), capture_output=True, text=True, **options)
        if done.returncode != 0:
            reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
            return Absent(f"{needs} could not install it: {reason[:120]}")
    return result
