"""azure-identity for Python signs in, unmodified. <https://learn.microsoft.com/python/api/overview/azure/identity-readme>"""

import tempfile
import time
from contextlib import contextmanager
from unittest.mock import patch

import azure.identity as identity
from azure.core.exceptions import ClientAuthenticationError

from browser import sent_back
from stage import CERTIFICATE, GRAPH, KEY, MINUTE, REDIRECT, Stage, environment, expect, hosts

NAME = "azure-identity for Python"
SCOPES = ["https://graph.microsoft.com/Presence.ReadWrite", "https://graph.microsoft.com/Presence.Read.All"]
ADELE = "AdeleV@contoso.example"


def main(program):
    hour, minute = Stage(NAME, program), Stage(NAME, program, "--token-lifetime", MINUTE)
    for stage in (hour, minute):
        stage.trust_federated("federated-app")
    for name, make in applications():
        hour.check(f"{name} signs an application in, once for two calls", lambda: twice(hour, make, 1))
        minute.check(f"{name} asks again for a token that ends soon", lambda: twice(minute, make, 2))
    hour.check("what is wrong with an application has Entra's number", lambda: refusals(hour))
    hour.check("a claims challenge is answered", lambda: claims_challenge(hour))
    for name, make in users():
        hour.check(f"{name} signs a user in, and the cache has the token", lambda: user(hour, make, 0))
        minute.check(f"{name} keeps the user signed in by refresh tokens", lambda: user(minute, make, 1))
    for name, variables in hosts(hour.about):
        hour.check(f"{name} has a managed identity", lambda: managed_identity(hour, variables))
    hour.check("a user-assigned identity is found by its client id", lambda: user_assigned(hour))
    hour.check("a chain takes the first that has a token", lambda: chain(hour))
    hour.check("the default chain finds the identity of a virtual machine", lambda: default_chain(hour))


def options(stage):
    return {"authority": stage.url, "disable_instance_discovery": True}


def applications():
    """Each way an application signs in: a context with the credential."""
    yield "a client secret", secret
    yield "a client certificate", certificate
    yield "a client assertion", assertion
    yield "a workload's token file", workload
    yield "the environment", variables


@contextmanager
def secret(stage):
    yield identity.ClientSecretCredential(stage.tenant, stage.app, stage.about["clientSecret"], **options(stage))


@contextmanager
def certificate(stage):
    pem = KEY.read_bytes() + CERTIFICATE.read_bytes()
    yield identity.CertificateCredential(
        stage.tenant, stage.app, certificate_data=pem, send_certificate_chain=True, **options(stage))


@contextmanager
def assertion(stage):
    yield identity.ClientAssertionCredential(stage.tenant, "federated-app", stage.assertion, **options(stage))


@contextmanager
def workload(stage):
    with tempfile.NamedTemporaryFile("w") as file:
        file.write(stage.assertion())
        file.flush()
        yield identity.WorkloadIdentityCredential(
            tenant_id=stage.tenant, client_id="federated-app", token_file_path=file.name, **options(stage))


@contextmanager
def variables(stage):
    with environment(AZURE_TENANT_ID=stage.tenant, AZURE_CLIENT_ID=stage.app,
                     AZURE_CLIENT_SECRET=stage.about["clientSecret"]):
        yield identity.EnvironmentCredential(**options(stage))


def twice(stage, make, number):
    with make(stage) as credential, stage.one_request("client_credentials", number):
        stage.check_token(credential.get_token(GRAPH).token)
        with a_little_later():
            stage.check_token(credential.get_token(GRAPH).token)


def a_little_later():
    """The library does not ask again within half a minute for a token that ends soon."""
    now = time.time()
    return patch("time.time", lambda: now + 35)


def refusals(stage):
    for app, text, code in [(stage.app, "wrong", 7000215), ("unknown-app", "s", 700016)]:
        credential = identity.ClientSecretCredential(stage.tenant, app, text, **options(stage))
        try:
            credential.get_token(GRAPH)
            raise AssertionError(f"{code} was expected")
        except ClientAuthenticationError as error:
            expect(f"AADSTS{code}:" in error.message and "Trace ID: " in error.message, True)


def claims_challenge(stage):
    with stage.claims_challenge() as claims, secret(stage) as credential:
        stage.check_token(credential.get_token(GRAPH, claims=claims).token)


def users():
    """Each way a user signs in: a function that makes the credential."""
    yield "a device code", device_code
    yield "the system's browser", browser
    yield "an authorization code", authorization_code


def device_code(stage):
    def prompt(_uri, user_code, _expires):
        stage.approve(user_code)
    return identity.DeviceCodeCredential(stage.app, tenant_id=stage.tenant, prompt_callback=prompt, **options(stage))


def browser(stage):
    return identity.InteractiveBrowserCredential(
        client_id=stage.app, tenant_id=stage.tenant, login_hint="adele", timeout=20, **options(stage))


def authorization_code(stage):
    scopes = "%20".join([*SCOPES, "offline_access"])
    query = f"client_id={stage.app}&response_type=code&redirect_uri={REDIRECT}&scope={scopes}&login_hint=adele"
    _, _, parameters = sent_back(f"{stage.authority}/oauth2/v2.0/authorize?{query}")
    return identity.AuthorizationCodeCredential(
        stage.tenant, stage.app, parameters["code"], REDIRECT, client_secret=stage.about["clientSecret"], **options(stage))


def user(stage, make, number):
    credential = make(stage)
    first = credential.get_token(*SCOPES).token
    stage.check_token(first, ADELE)
    with stage.one_request("refresh_token", number), a_little_later():
        again = credential.get_token(*SCOPES).token
        stage.check_token(again, ADELE)
        expect(again == first, number == 0)


def managed_identity(stage, host, **named):
    with environment(**host), stage.one_request("managed_identity"):
        credential = identity.ManagedIdentityCredential(**named)
        for _ in range(2):
            stage.check_token(credential.get_token(GRAPH).token)


def user_assigned(stage):
    app = "00000000-bbbb-3333-cccc-4444dddd5555"
    stage.register(appId=app, isManagedIdentity=True)
    _, host = next(hosts(stage.about))
    managed_identity(stage, host, client_id=app)


def chain(stage):
    wrong = identity.EnvironmentCredential(**options(stage))
    with secret(stage) as right:
        stage.check_token(identity.ChainedTokenCredential(wrong, right).get_token(GRAPH).token)


def default_chain(stage):
    _, machine = list(hosts(stage.about))[1]
    with environment(**machine), stage.one_request("managed_identity"):
        stage.check_token(identity.DefaultAzureCredential(**options(stage)).get_token(GRAPH).token)
