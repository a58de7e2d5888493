"""Clients that are not ours sign in to the emulator, and use the token.

    run.py EMULATOR [NODE_MODULES]      prints a line for each check, for tools/count
"""

import json
import logging
import os
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

FOLDER = Path(__file__).parent
sys.path.insert(0, str(FOLDER.parent))

import azure_identity_python
import msal_python
from checks import check, skip
from stage import ARC_KEYS, MINUTE, Stage

# What they warn of, such as a poll without a wait, is what these checks are about.
logging.disable(logging.WARNING)
warnings.simplefilter("ignore")


def in_python(program):
    for suite in [msal_python, azure_identity_python]:
        suite.main(program)


def in_node(program, node_modules):
    """Each as a process of its own, which trusts both emulators."""
    hour, minute = Stage("", program), Stage("", program, "--token-lifetime", MINUTE)
    with tempfile.NamedTemporaryFile("w", suffix=".pem") as authorities:
        authorities.write("".join(Path(stage.ca_file).read_text() for stage in (hour, minute)))
        authorities.flush()
        stage = {"about": {"hour": hour.about, "minute": minute.about}, "python": sys.executable, "hasArc": ARC_KEYS.exists()}
        os.environ |= {"NODE_PATH": node_modules, "NODE_EXTRA_CA_CERTS": authorities.name, "SSL_CERT_FILE": authorities.name,
                       "MGP_STAGE": json.dumps(stage)}
        for suite in ["msal_node.js", "azure_identity.js", "openid_client.js"]:
            status = subprocess.run(["node", FOLDER / suite]).returncode
            if status != 0:
                check(f"{suite} comes to its end", [f"status {status}"])


def main(program, node_modules=None):
    if not ARC_KEYS.exists():
        skip("the managed identity of Azure Arc", f"there is no {ARC_KEYS}, and unshare could not make one for this suite")
    in_python(program)
    if node_modules:
        in_node(program, node_modules)


if __name__ == "__main__":
    main(*sys.argv[1:])
