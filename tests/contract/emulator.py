"""The emulator as a child process; see docs/emulator.md."""

import json
import ssl
import subprocess
from urllib.request import Request, urlopen


class Emulator:
    """Ends when this process does: it reads our stdin pipe until it closes."""

    def __init__(self, program, *options):
        command = [program, "--until-stdin-closes", *options]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.about = json.loads(self.process.stdout.readline())

    def __getitem__(self, name):
        return self.about[name]

    def take_requests(self):
        """The Graph requests that came over the wire since the last time: {method, path, status, headers, body}."""
        requests = self.control("GET", "requests")
        self.control("DELETE", "requests")
        return requests

    def control(self, method, path, body=None):
        """What the control API answers, as JSON; None for an answer without a body."""
        return self.call(method, f"{self['control']}/{path}", body)

    def call(self, method, url, body=None, token=None):
        """Any request to the emulator; HTTPError for a refusal."""
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
        data = None if body is None else json.dumps(body).encode()
        with urlopen(Request(url, data, headers, method=method), context=self.trust()) as answer:
            return json.loads(answer.read() or "null")

    def trust(self):
        """For TLS: the emulator's own authority and no other; None where it serves http."""
        return ssl.create_default_context(cafile=self["caFile"]) if "caFile" in self.about else None
