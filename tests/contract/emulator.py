"""The emulator as a child process; see docs/emulator.md."""

import http.client
import json
import subprocess
from urllib.parse import urlsplit


class Emulator:
    """Ends when this process does: it reads our stdin pipe until it closes."""

    def __init__(self, program):
        command = [program, "--until-stdin-closes"]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.about = json.loads(self.process.stdout.readline())

    def __getitem__(self, name):
        return self.about[name]

    def take_requests(self):
        """The Graph requests that came over the wire since the last time: {method, path, status, headers, body}."""
        requests = self._control("GET")
        self._control("DELETE")
        return json.loads(requests)

    def _control(self, method):
        connection = http.client.HTTPConnection(urlsplit(self["url"]).netloc)
        connection.request(method, "/_emulator/requests")
        answer = connection.getresponse().read()
        connection.close()
        return answer
