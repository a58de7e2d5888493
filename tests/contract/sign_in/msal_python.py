"""MSAL for Python signs in, unmodified. <https://learn.microsoft.com/entra/msal/python/>"""

import hashlib
import ssl

import msal
import requests

from browser import sent_back
from stage import CERTIFICATE, GRAPH, KEY, MINUTE, REDIRECT, Stage, environment, expect, hosts

NAME = "MSAL for Python"
SCOPES = ["Presence.ReadWrite", "Presence.Read.All"]
ADELE = "AdeleV@contoso.example"


def main(program):
    hour, minute = Stage(NAME, program), Stage(NAME, program, "--token-lifetime", MINUTE)
    for name, credential in credentials(hour):
        hour.check(f"{name} signs an application in, once for two calls", lambda: twice(hour, credential, 1))
    secret = hour.about["clientSecret"]
    minute.check("a token that ends soon is asked for again", lambda: twice(minute, lambda _: secret, 2))
    for name, authority in authorities(hour):
        hour.check(f"{name} is taken for an authority", lambda: by_authority(hour, authority))
    hour.check("what is wrong with an application has Entra's number", lambda: refusals(hour))
    hour.check("a claims challenge is answered", lambda: claims_challenge(hour))
    hour.check("a claims challenge that needs the user asks for a sign-in", lambda: user_challenge(hour))
    for name, sign_in in sign_ins(hour):
        hour.check(f"{name} signs a user in, and the cache has the token", lambda: from_cache(hour, sign_in(hour)))
    for name, sign_in in sign_ins(minute):
        minute.check(f"{name} keeps the user signed in by refresh tokens", lambda: renewed(minute, sign_in(minute)))
    minute.check("a refresh token that was revoked asks for a sign-in", lambda: revoked(minute))
    hour.check("a device code waits, slows down, is declined or expires", lambda: device_errors(hour))
    for name, variables in hosts(hour.about):
        hour.check(f"{name} has a managed identity", lambda: managed_identity(hour, variables))
    hour.check("a user-assigned identity is found by its client id", lambda: user_assigned(hour))


def credentials(stage):
    """What proves an application: functions, since an assertion is about one application."""
    yield "a client secret", lambda app: stage.about["clientSecret"]
    yield "a client certificate", lambda app: {"private_key": KEY.read_text(), "public_certificate": CERTIFICATE.read_text()}
    old = {"private_key": KEY.read_text(), "thumbprint": sha1_thumbprint()}
    yield "a client certificate, named by SHA-1 as before,", lambda app: old
    stage.trust_federated("federated-app")
    yield "a client assertion", lambda app: {"client_assertion": stage.assertion}


def sha1_thumbprint():
    return hashlib.sha1(ssl.PEM_cert_to_DER_cert(CERTIFICATE.read_text())).hexdigest()


def confidential(stage, credential, app=None, authority=None, **options):
    app = app or ("federated-app" if isinstance(credential, dict) and "client_assertion" in credential else stage.app)
    options = {"instance_discovery": False} | options
    return msal.ConfidentialClientApplication(
        app, authority=authority or stage.authority, client_credential=credential, **options)


def public(stage, tenant=None):
    return msal.PublicClientApplication(stage.app, authority=f"{stage.url}/{tenant or stage.tenant}", instance_discovery=False)


def twice(stage, credential, number):
    client = confidential(stage, credential(stage.app))
    with stage.one_request("client_credentials", number):
        stage.check_token(token(client.acquire_token_for_client([GRAPH])))
        stage.check_token(token(client.acquire_token_for_client([GRAPH])))


def authorities(stage):
    yield "the emulator, without instance discovery", {"instance_discovery": False}
    yield "the emulator, by its own instance discovery", {"instance_discovery": f"{stage.url}/common/discovery/instance"}
    yield "a generic OpenID Connect provider", {"authority": None, "oidc_authority": f"{stage.authority}/v2.0"}


def by_authority(stage, options):
    options = {"authority": stage.authority} | options
    client = msal.ConfidentialClientApplication(stage.app, client_credential=stage.about["clientSecret"], **options)
    stage.check_token(token(client.acquire_token_for_client([GRAPH])))


def refusals(stage):
    secret = {"secretText": "old", "endDateTime": "2020-01-01T00:00:00Z"}
    stage.register(appId="expired-app", secrets=[secret])
    stage.register(appId="disabled-app", secrets=["s"], isDisabled=True)
    for app, credential, code in [
            (stage.app, "wrong", 7000215),
            ("expired-app", "old", 7000222),
            ("disabled-app", "s", 7000112),
            ("unknown-app", "s", 700016),
            ("federated-app", {"client_assertion": stage.assertion("repo:other")}, 700213),
            ("federated-app", {"private_key": KEY.read_text(), "public_certificate": CERTIFICATE.read_text()}, 700026)]:
        answer = confidential(stage, credential, app).acquire_token_for_client([GRAPH])
        expect(answer.get("error_codes"), [code])
        expect(all(answer[name] in answer["error_description"] for name in ("trace_id", "correlation_id", "timestamp")), True)


def claims_challenge(stage):
    client = confidential(stage, stage.about["clientSecret"])
    with stage.claims_challenge() as claims:
        stage.check_token(token(client.acquire_token_for_client([GRAPH], claims_challenge=claims)))


def user_challenge(stage):
    client, _ = device_code(stage)
    with stage.claims_challenge(interactive=True) as claims:
        answer = silent(client, claims_challenge=claims)
        expect((answer["error"], answer["suberror"]), ("interaction_required", "basic_action"))


def sign_ins(stage):
    """Each way a user signs in: a function that returns the client and its answer."""
    yield "a device code", device_code
    yield "a device code of any organization", lambda stage: device_code(stage, "organizations")
    for mode in ("query", "form_post", "fragment"):
        yield f"an authorization code by {mode}", lambda stage, mode=mode: authorization_code(stage, mode)
    yield "an authorization code of a confidential client", lambda stage: authorization_code(stage, "query", True)
    yield "the system's browser", interactive


def device_code(stage, tenant=None):
    client = public(stage, tenant)
    flow = client.initiate_device_flow(SCOPES)
    stage.approve(flow["user_code"])
    return client, client.acquire_token_by_device_flow(flow)


def authorization_code(stage, mode, is_confidential=False):
    client = confidential(stage, stage.about["clientSecret"]) if is_confidential else public(stage)
    flow = client.initiate_auth_code_flow(SCOPES, redirect_uri=REDIRECT, response_mode=mode, login_hint="adele")
    used, _, parameters = sent_back(flow["auth_uri"])
    expect(used, mode)
    return client, client.acquire_token_by_auth_code_flow(flow, parameters)


def interactive(stage):
    client = public(stage)
    return client, client.acquire_token_interactive(SCOPES, login_hint="adele", timeout=20)


def from_cache(stage, signed_in):
    client, answer = signed_in
    stage.check_token(token(answer), ADELE)
    stage.check_id_token(answer["id_token"], ADELE)
    with stage.one_request("refresh_token", 0):
        expect(token(silent(client)), answer["access_token"])


def renewed(stage, signed_in):
    client, answer = signed_in
    for _ in range(2):
        with stage.one_request("refresh_token"):
            again = token(silent(client))
            stage.check_token(again, ADELE)
            expect(again == answer["access_token"], False)


def silent(client, **options):
    account, = client.get_accounts()
    expect(account["username"], ADELE)
    return client.acquire_token_silent_with_error(SCOPES, account=account, **options)


def revoked(stage):
    client, _ = device_code(stage)
    stage.control("DELETE", "signIns")
    answer = silent(client)
    expect((answer["error"], answer["error_codes"]), ("invalid_grant", [50173]))


def device_errors(stage):
    client = public(stage)
    def poll(flow):
        return client.acquire_token_by_device_flow(flow, exit_condition=lambda _: True)["error"]
    flow = client.initiate_device_flow(SCOPES)
    expect(poll(flow), "authorization_pending")
    stage.control("POST", f"signIns/{flow['user_code']}", {"slowDown": True})
    expect(poll(flow), "slow_down")
    stage.control("POST", f"signIns/{flow['user_code']}", {"decline": True})
    expect(poll(flow), "authorization_declined")
    flow = client.initiate_device_flow(SCOPES)
    with stage.later("PT15M"):
        expect(poll(flow), "expired_token")


def managed_identity(stage, variables, identity=msal.SystemAssignedManagedIdentity()):
    with environment(**variables), stage.one_request("managed_identity"):
        client = msal.ManagedIdentityClient(identity, http_client=requests.Session())
        for _ in range(2):
            stage.check_token(token(client.acquire_token_for_client(resource="https://graph.microsoft.com")))


def user_assigned(stage):
    identity = "00000000-bbbb-3333-cccc-4444dddd5555"
    stage.register(appId=identity, isManagedIdentity=True)
    _, variables = next(hosts(stage.about))
    managed_identity(stage, variables, msal.UserAssignedManagedIdentity(client_id=identity))


def token(answer):
    if "access_token" not in answer:
        raise AssertionError(answer.get("error_description", answer))
    return answer["access_token"]
