"""Microsoft's descriptions and our own, and openapi-core, which holds requests and answers to them."""

import json
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit
from warnings import filterwarnings

import yaml
from openapi_core import Config, OpenAPI
from openapi_core.templating.paths.exceptions import PathNotFound
from openapi_core.templating.paths.finders import APICallPathFinder
from openapi_core.testing.requests import MockRequest
from openapi_core.testing.responses import MockResponse

from reading import as_meant

FOLDER = Path(__file__).parent
GRAPH = "https://graph.microsoft.com"  # where the descriptions have it; the emulator is elsewhere
METHODS = {"get", "post", "patch", "delete"}

# The only text/plain that is described is a count, an integer; the validator alone would take it for a string.
CONFIG = Config(extra_media_type_deserializers={"text/plain": lambda body, **parameters: int(body)})

filterwarnings("ignore", message="Unsupported scheme type")  # OAuth: whose a token is, no description says


def qualified(method, path):
    """The path as Graph's metadata writes it; the one place that knows.

    An action has a qualified name, `presence/microsoft.graph.setPresence`, and the short one that the documentation
    pages print and the library sends, `presence/setPresence`. OData lets a service take both as the same, and Graph
    does; its metadata, and what is made of that, has the qualified one only.
    https://docs.oasis-open.org/odata/odata/v4.01/odata-v4.01-part2-url-conventions.html
    """
    start, name = path.rsplit("/", 1)
    is_short = method == "POST" and name != "presences" and not name.startswith("microsoft.graph.")
    return f"{start}/microsoft.graph.{name}" if is_short else path


def plain(value):
    """JSON without OData's control information: every object may carry it, and no description lists it.
    https://docs.oasis-open.org/odata/odata-json-format/v4.01/odata-json-format-v4.01.html#sec_ControlInformation
    """
    control = {"@odata.context", "@odata.count", "@odata.etag", "@odata.id", "@odata.type"}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items() if name not in control}
    return value


class Description:
    def __init__(self, file, *readers):
        document = yaml.safe_load((FOLDER / file).read_text(encoding="utf-8"))
        for read in readers:
            document = read(document)
        self.file = file
        self.openapi = OpenAPI.from_dict(document, config=CONFIG)
        self.routes = {f"{method.upper()} {path}" for path, methods in document["paths"].items()
                       for method in METHODS & set(methods)}

    def route(self, request):
        """Such as `GET /users/{user-id}/presence`; PathNotFound where the path, or its method, is not in here."""
        found = APICallPathFinder(self.openapi.spec).find(request.method, request.host_url + request.path)
        return f"{request.method.upper()} {found.path_result.pattern}"


class Descriptions:
    """Microsoft's where it has the path, else our own."""

    def __init__(self, *readers):
        own = Description("presence-own.yml", *readers)
        self.of_version = {version: [Description(f"presence-openapi-{version}.yml", as_meant, *readers), own]
                           for version in ("v1.0", "beta")}

    def _of(self, request):
        version = request.path.split("/")[1]
        for description in self.of_version.get(version, ()):
            try:
                return description, description.route(request)
            except PathNotFound:
                pass
        raise ValueError(f"no description has {request.method.upper()} {request.path}")

    def check_request(self, sent):
        """Raises what is wrong with a request, as the emulator received it; returns its route."""
        request = as_request(sent)
        description, route = self._of(request)
        description.openapi.validate_request(request)
        return route

    def check_answer(self, sent, answer):
        """Raises what is wrong with the answer to a request, as the library handed it back."""
        request = as_request(sent)
        description, _ = self._of(request)
        is_json = answer.content_type.startswith("application/json")
        body = as_bytes(json.loads(answer.body)) if is_json else answer.body
        description.openapi.validate_response(
            request, MockResponse(body, answer.status, content_type=answer.content_type))


def as_request(sent):
    url, headers = urlsplit(sent["path"]), sent["headers"]
    return MockRequest(
        GRAPH, sent["method"], qualified(sent["method"], url.path), args=dict(parse_qsl(url.query)), headers=headers,
        content_type=headers.get("content-type", ""), data=b"" if sent["body"] is None else as_bytes(sent["body"]))


def as_bytes(body):
    return json.dumps(plain(body)).encode()
