"""Requests with one fault each. That they are found is what the word of the other checks rests on."""

STATUS_MESSAGE = "/v1.0/users/adele/presence/setStatusMessage"
ON_USER, ON_ME = "/v1.0/users/adele/presence/setPresence", "/v1.0/me/presence/setPresence"
JSON = {"content-type": "application/json"}


def request(method="POST", path=ON_USER, headers=JSON, body=None, **changes):
    good = {"sessionId": "a", "availability": "Busy", "activity": "InACall", "expirationDuration": "PT1H"}
    return {"method": method, "path": path, "headers": headers, "body": {**good, **changes} if body is None else body}


REQUESTS = {
    "a number for a text": request(availability=5),
    "null for a text": request(activity=None),
    "a duration in lower case": request(expirationDuration="pt1h"),
    "a misspelt property": request(avaliability="Busy"),
    "a body that is an array": request(body=[1]),
    "a body that is no JSON": request(body="{"),
    "another content type": request(headers={"content-type": "text/plain"}),
    "no content type": request(headers={}),
    "no body": {**request(), "body": None},
    "an unknown action": request(path="/v1.0/users/adele/presence/setPresents"),
    "a path with a segment too many": request(path="/v1.0/users/adele/x/presence/setPresence"),
    "another method": request(method="PATCH"),
    "an unknown version": request(path="/v2.0/users/adele/presence/setPresence"),
    "a query option of another type": request(method="GET", path="/beta/communications/presences?$top=all"),
    "a text in place of a status message": request(path=STATUS_MESSAGE, body={"statusMessage": "Back at 3"}),
    "by our own description, a pair that is none": request(path=ON_ME, activity="Busy"),
    "by our own description, a missing property": request(path=ON_ME, body={"availability": "Busy"}),
    "by our own description, an empty duration": request(path=ON_ME, expirationDuration="PT"),
    "by our own description, an unknown location": request(path=ON_USER.replace("setPresence", "setManualLocation"),
                                                           body={"workLocationType": "home"}),
}

# What only a caller may send: the library's own bodies have no property that is not described.
SHORTHANDS = {
    "an unknown object": request(extension={}),
    "a misspelt object": request(path=STATUS_MESSAGE, body={"statusMessage": {"expiry": {"timeZone": "UTC"}}}),
}
