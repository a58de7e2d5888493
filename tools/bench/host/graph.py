"""setPresence through msgraph-sdk: `python graph.py URL TOKEN CALLS IN_FLIGHT`.
Prints the seconds that the calls took, without the imports."""
import asyncio
import sys
import time
from datetime import timedelta

from kiota_abstractions.authentication import AccessTokenProvider, AllowedHostsValidator, BaseBearerTokenAuthenticationProvider
from msgraph import GraphRequestAdapter, GraphServiceClient
from msgraph.generated.users.item.presence.set_presence.set_presence_post_request_body import SetPresencePostRequestBody


class Given(AccessTokenProvider):
    """A token that is there already."""

    def __init__(self, token):
        self.token = token

    async def get_authorization_token(self, uri, additional_authentication_context={}):
        return self.token

    def get_allowed_hosts_validator(self):
        return AllowedHostsValidator([])


async def lane(client, left):
    """Sends one request after the other while some are left. The client raises on any answer but 2xx."""
    body = SetPresencePostRequestBody(
        session_id="22553876-f5ab-4529-bffb-cfe50aa89f87",
        availability="Busy",
        activity="InACall",
        expiration_duration=timedelta(hours=1),
    )
    for _ in left:
        await client.users.by_user_id("adele").presence.set_presence.post(body)


async def main(url, token, calls, in_flight):
    adapter = GraphRequestAdapter(BaseBearerTokenAuthenticationProvider(Given(token)))
    adapter.base_url = f"{url}/v1.0"
    client = GraphServiceClient(request_adapter=adapter)
    left = iter(range(int(calls)))
    start = time.perf_counter()
    await asyncio.gather(*(lane(client, left) for _ in range(int(in_flight))))
    print(time.perf_counter() - start)


asyncio.run(main(*sys.argv[1:]))
