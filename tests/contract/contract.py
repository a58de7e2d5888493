"""Holds every request that the library sends, and every answer of the emulator, to an OpenAPI description.

    contract.py LIBRARY EMULATOR        prints a line for each check, for tools/count
"""

import json
import sys

import broken
from checks import check, raised
from descriptions import Descriptions
from emulator import Emulator
from examples import TARGET_IDS, examples, shorthands
from library import OPERATIONS, SHORTHANDS, VERSIONS, Client
from reading import closed

descriptions = Descriptions()
closed_descriptions = Descriptions(closed)
sent_routes = set()


def check_sent(version, route, requests, by=descriptions):
    if not requests:
        raise ValueError("nothing was sent")
    for request in requests:
        found = by.check_request(request)
        sent_routes.add((version, found))
        if found != route or not request["path"].startswith(f"/{version}/"):
            raise ValueError(f"went to {request['path']}")


def check_answered(requests, answer):
    # Refused is only a session that has gone and an ETag of another version, in the form that is described for errors.
    if not 200 <= answer.status < 300 and answer.status not in (404, 412):
        raise ValueError(f"was answered {answer.status}: {answer.message}")
    if requests:
        descriptions.check_answer(requests[0], answer)


def routes(client, operation):
    """Where an operation leads, and the target for it: three for one user's presence, one for all presences."""
    return {client.route(operation, target): target for target in reversed(TARGET_IDS)}


def every_operation(client, emulator):
    """All examples on all targets in both versions, through mgp_send."""
    known = examples(emulator["appId"])
    check("every operation of the header has examples", known.keys() ^ OPERATIONS.keys())
    for version, version_number in VERSIONS.items():
        for name, operation in OPERATIONS.items():
            for route, target in routes(client, operation).items():
                sent, answered = [], []
                for example in known.get(name, ()):
                    body = None if example.body is None else json.dumps(example.body)
                    answer = client.send(operation, version_number, target, TARGET_IDS[target], body, example.query,
                                         example.headers)
                    requests = emulator.take_requests()
                    for problems, problem in [(sent, raised(check_sent, version, route, requests)),
                                              (answered, raised(check_answered, requests, answer))]:
                        problems.append(problem and f"{example.about}: {problem}")
                check(f"{version} {route} is sent as described, in {len(sent)} ways", sent)
                check(f"{version} {route} is answered as described", answered)


def every_shorthand(client, emulator):
    """The functions of the header that are named like the operations: their bodies are the library's own."""
    for target in (0, 1):
        known = shorthands(TARGET_IDS[target])
        check("every shorthand of the header is known", known.keys() ^ SHORTHANDS)
        for name, arguments in known.items():
            route = client.route(OPERATIONS[name], target)
            failure = raised(client.call, name, client.client, *arguments)
            requests = emulator.take_requests()
            wrong = raised(check_sent, "v1.0", route, requests, closed_descriptions)
            check(f"mgp_{name} sends {route} as described", [failure, wrong])


def every_route_was_sent():
    """Nothing that a description has is left out silently."""
    for version, described in descriptions.of_version.items():
        for description in described:
            never = [f"{route} was not" for route in sorted(description.routes) if (version, route) not in sent_routes]
            check(f"{version}: all {len(description.routes)} routes of {description.file} were sent", never)


def broken_requests_are_found():
    for by, requests in [(descriptions, broken.REQUESTS), (closed_descriptions, broken.SHORTHANDS)]:
        for about, request in requests.items():
            is_found = raised(by.check_request, request)
            check(f"{about} is found", [None if is_found else "it passes"])


def main(library, program):
    emulator = Emulator(program)
    client = Client(library, emulator["url"], emulator["userToken"])
    broken_requests_are_found()
    every_operation(client, emulator)
    every_route_was_sent()
    every_shorthand(client, emulator)


if __name__ == "__main__":
    main(*sys.argv[1:])
