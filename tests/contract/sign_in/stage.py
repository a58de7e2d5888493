"""What a client that is not ours signs in to: two emulators over https, whose tokens last an hour and a minute."""

import atexit
import json
import os
import shlex
import shutil
import sys
import tempfile
from contextlib import contextmanager
from datetime import datetime, timezone
from functools import lru_cache
from pathlib import Path

import jwt

from checks import check, raised
from emulator import Emulator

DATA = Path(__file__).parents[3] / "emulator" / "tests" / "data"
CERTIFICATE, KEY = DATA / "client-certificate.pem", DATA / "client-key.pem"

# Microsoft's Azure Arc agent keeps its keys there, and its clients read no other folder; see ../run.
ARC_KEYS = Path("/var/opt/azcmagent/tokens")

GRAPH = "https://graph.microsoft.com/.default"
REDIRECT = "http://localhost:8400/done"
MINUTE = "60"  # the libraries renew a token that has less than five minutes left


@lru_cache(None)
def browser():
    """A program that opens a page as a person would. Its path has no blank, at which those who read BROWSER would split it."""
    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder)
    program = folder / "browser"
    command = shlex.join([sys.executable, str(Path(__file__).with_name("browser.py"))])
    program.write_text(f'#!/bin/sh\nexec {command} "$1"\n')
    program.chmod(0o755)
    return program


class Stage:
    """One emulator, and the checks that every way of signing in has to pass."""

    def __init__(self, library, program, *options):
        self.library = library
        arc = ["--arc-key-folder", ARC_KEYS] if ARC_KEYS.exists() else []
        usual = ["--https", "--verify-tokens", "--client-certificate", CERTIFICATE, "--device-code-interval", "1"]
        self.emulator = Emulator(program, *usual, *arc, *options)
        self.about = self.emulator.about
        self.app, self.tenant, self.url = (self.about[name] for name in ("appId", "tenantId", "url"))
        self.authority = f"{self.url}/{self.tenant}"
        self.ca_file = self.about["caFile"]
        self.trust()

    def trust(self):
        """Each library has its own variable, and the browser of its interactive sign-in has one too."""
        os.environ |= {"REQUESTS_CA_BUNDLE": self.ca_file, "SSL_CERT_FILE": self.ca_file,
                       "BROWSER": f"{browser()} %s &"}

    def control(self, method, path, body=None):
        return self.emulator.control(method, path, body)

    def requests(self, grant_type):
        """How many requests for tokens succeeded."""
        counts = self.control("GET", "tokenRequests")
        return sum(count["issued"] for count in counts if count["grantType"] == grant_type)

    @contextmanager
    def later(self, length):
        """The emulator's clock is ahead by so much within."""
        self.control("POST", "clock", {"advance": length})
        yield
        self.control("POST", "clock", {"set": datetime.now(timezone.utc).isoformat()})

    @contextmanager
    def claims_challenge(self, **options):
        """Graph demands the claims that are yielded."""
        self.control("PUT", "claimsChallenge", options)
        try:
            yield json.dumps(self.control("GET", "claimsChallenge")["claims"])
        finally:
            self.control("DELETE", "claimsChallenge")

    def approve(self, user_code, user="adele"):
        self.control("POST", f"signIns/{user_code}", {"user": user})

    def assertion(self, subject="repo:contoso/presence"):
        """What an identity provider elsewhere says; see `trust_federated`."""
        body = {"issuer": "https://ci.example", "subject": subject}
        return self.control("POST", "assertions", body)["assertion"]

    def register(self, **registration):
        self.control("POST", "applications", registration)

    def trust_federated(self, app):
        self.register(appId=app, federatedCredentials=[{"issuer": "https://ci.example", "subject": "repo:contoso/presence"}])

    def check(self, sentence, problem):
        """`problem`: a function that raises it."""
        self.trust()
        check(f"{self.library}: {sentence}", [raised(problem)])

    def check_token(self, token, user=None):
        """The published key signed it, and Graph lets it write and read a presence."""
        claims = self.verify(token, "https://graph.microsoft.com")
        expect(claims["iss"], f"https://sts.windows.net/{self.tenant}/")
        expect(claims.get("upn"), user)
        target = "me" if user else "users/adele"
        presence = f"{self.url}/v1.0/{target}/presence"
        session = {"sessionId": claims["appid"], "availability": "Busy", "activity": "InACall"}
        self.emulator.call("POST", f"{presence}/setPresence", session, token)
        expect(self.emulator.call("GET", presence, token=token)["activity"], "InACall")

    def check_id_token(self, token, user, audience=None):
        claims = self.verify(token, audience or self.app)
        expect(claims["iss"], self.configuration()["issuer"])
        expect(claims["preferred_username"], user)

    def verify(self, token, audience):
        keys = jwt.PyJWKClient(self.configuration()["jwks_uri"], ssl_context=self.emulator.trust())
        key = keys.get_signing_key_from_jwt(token)
        return jwt.decode(token, key, algorithms=["RS256"], audience=audience)

    def configuration(self):
        return self.emulator.call("GET", f"{self.authority}/v2.0/.well-known/openid-configuration")

    @contextmanager
    def one_request(self, grant_type, number=1):
        """What happens within sends so many successful requests for a token."""
        before = self.requests(grant_type)
        yield
        expect(self.requests(grant_type) - before, number)


def expect(found, expected):
    if found != expected:
        raise AssertionError(f"{found!r} is not {expected!r}")


@contextmanager
def environment(**variables):
    """Only these of the variables that hosts of managed identities set."""
    names = ["IDENTITY_ENDPOINT", "IDENTITY_HEADER", "IMDS_ENDPOINT", "AZURE_POD_IDENTITY_AUTHORITY_HOST", *variables]
    before = {name: os.environ.pop(name, None) for name in names}
    os.environ |= variables
    yield
    for name, value in before.items():
        os.environ.pop(name, None)
        os.environ |= {name: value} if value is not None else {}


def hosts(about):
    """Each host of managed identities: its name and the variables by which a library finds it."""
    yield "App Service", {"IDENTITY_ENDPOINT": about["identityEndpoint"], "IDENTITY_HEADER": about["identityHeader"]}
    yield "a virtual machine", {"AZURE_POD_IDENTITY_AUTHORITY_HOST": about["url"]}
    if ARC_KEYS.exists():
        yield "Azure Arc", {"IDENTITY_ENDPOINT": about["arcEndpoint"], "IMDS_ENDPOINT": about["url"]}
