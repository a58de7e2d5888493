"""What the library is made to send: for each operation, bodies and queries that a caller may give."""

from ctypes import byref, c_void_p
from dataclasses import dataclass, field

ADELE, ALEX = "fa8bf3dc-eca7-46b7-bad1-db199b62afc3", "66825e03-7ef5-42da-9069-724602c31f6b"

# By the numbers of MGP_TARGET_: me, a user by principal name, a presence by object id. All three are adele.
TARGET_IDS = {0: None, 1: "AdeleV@contoso.example", 2: ADELE}

SESSION_PAIRS = ["Available/Available", "Busy/InACall", "Busy/InAConferenceCall", "Away/Away",
                 "DoNotDisturb/Presenting"]
PREFERRED_PAIRS = ["Available/Available", "Busy/Busy", "DoNotDisturb/DoNotDisturb", "BeRightBack/BeRightBack",
                   "Away/Away", "Offline/OffWork"]

# In spellings that the library has to bring into the documented one, and some that it may leave.
SESSION_DURATIONS = ["PT5M", "PT4H", "PT60M", "PT3600S", "pt1h", "P0DT1H", "PT1H0M0S", "PT90M", "PT301.5S", "PT0060M"]
PREFERRED_DURATIONS = [*SESSION_DURATIONS, "P1D", "p7d", "PT24H", "P1DT12H30M5.25S", "PT36H", "PT0.5S"]

# Graph may learn properties before this library does; the descriptions let objects through.
UNKNOWN = {"extension": {"Any": [1, "ü", None, {"deep": True}], "": 0}}


@dataclass
class Example:
    about: str
    body: dict | None = None
    query: dict = field(default_factory=dict)
    headers: dict = field(default_factory=dict)


def message(content, content_type="text", **more):
    return {"statusMessage": {"message": {"content": content, "contentType": content_type}, **more}}


def pairs_and_durations(pairs, durations, base):
    def body(pair, **more):
        return dict(zip(("availability", "activity"), pair.split("/")), **base, **more)

    for pair in pairs:
        yield Example(pair, body(pair))
        yield Example(pair.upper(), body(pair.upper(), expirationDuration="PT1H"))
    for duration in durations:
        yield Example(duration, body(pairs[1], expirationDuration=duration))
    yield Example("no duration said", body(pairs[0], expirationDuration=None))
    yield Example("unknown properties", body(pairs[0], **UNKNOWN))


def locations():
    yield Example("office", {"workLocationType": "office", "placeId": "eb706f15-137e-4722-b4d1-b601481d9251"})
    for word in ["remote", "timeOff", "unspecified", "TIMEOFF"]:
        yield Example(word, {"workLocationType": word})
    yield Example("no place", {"workLocationType": "office", "placeId": None, **UNKNOWN})


def examples(app):
    """By the names of MGP_OP_; `app` is the application of the token."""
    select, by_id = {"$select": "id,availability,activity"}, f"id in ('{ADELE}','{ALEX}')"
    presence = {"@odata.type": "#microsoft.graph.presence", "availability": "Busy", "activity": "InACall"}
    full = {**presence, "outOfOfficeSettings": {"isOutOfOffice": True, "message": "Back on Monday\n"}, **message("Hi"),
            "workLocation": {"workLocationType": "remote"}, **UNKNOWN}
    objects = [Example("typical", {**presence, "id": ADELE}), Example("full", {**full, "id": ADELE})]
    expiry = {"dateTime": "2099-10-18T17:05:33.387", "timeZone": "Pacific Standard Time"}
    return {
        "get_presence": [Example("plain"), Example("chosen properties", query=select)],
        "set_presence": [*pairs_and_durations(SESSION_PAIRS, SESSION_DURATIONS, {"sessionId": app})],
        "update_presence": objects,
        "create_presence": objects,
        "delete_presence": [Example("plain"), Example("of an ETag", headers={"If-Match": 'W/"another"'})],
        "clear_presence": [Example("plain", {"sessionId": app}), Example("unknown", {"sessionId": app, **UNKNOWN})],
        "set_user_preferred_presence": [*pairs_and_durations(PREFERRED_PAIRS, PREFERRED_DURATIONS, {})],
        "clear_user_preferred_presence": [Example("no body"), Example("{}", {}), Example("unknown", UNKNOWN)],
        "set_status_message": [
            Example("plain", message("Back at 3")), Example("expiry", message("Away", expiryDateTime=expiry)),
            Example("empty", message("")),
            Example("not ASCII", message("Zürich 🏔️ \"3\" \\ \t\n\u2028")),
            Example("unknown", {**message("Hi"), **UNKNOWN})],
        "set_manual_location": [*locations()],
        "set_automatic_location": [*locations()],
        "clear_location": [Example("plain")],
        "clear_automatic_location": [Example("plain")],
        "list_presences": [
            Example("plain"), Example("two by id", query={"$filter": by_id, "$top": "1", **select}),
            Example("counted", query={"$count": "true", "$skip": "1", "$top": "999"})],
        "count_presences": [Example("plain"), Example("of two", query={"$filter": by_id})],
        "get_presences_by_user_id": [
            Example("two", {"ids": [ADELE, ALEX]}), Example("unknown", {"ids": [ADELE], **UNKNOWN}),
            Example("in parts", {"ids": [ADELE, ALEX] * 326})],
    }


def shorthands(user):
    """The arguments of mgp_<operation> after the client; these bodies are the library's own."""
    return {
        "get_presence": (user, byref(c_void_p())),  # the response lives until the process ends
        "set_presence": (user, None, "Busy", "InACall", "PT1H"), "clear_presence": (user, None),
        "set_user_preferred_presence": (user, "Offline", "OffWork", "PT8H"),
        "clear_user_preferred_presence": (user,),
        "set_status_message": (user, "Back at 5", "2099-10-18T17:05:33", "UTC"),
        "create_presence": (ADELE, "Busy", "InACall", None), "update_presence": (user, "Away", "Away", None),
    }
