"""libmgpresence through ctypes: as much of include/mgpresence.h as this suite calls."""

import re
from ctypes import (CDLL, POINTER, Structure, byref, c_char_p, c_int32, c_uint32, c_uint64, c_void_p, sizeof,
                    string_at)
from dataclasses import dataclass
from pathlib import Path

HEADER = (Path(__file__).parents[2] / "include" / "mgpresence.h").read_text()
CONSTANTS = {name: int(value) for name, value in re.findall(r"^(?:#define|   ) (MGP_\w+) (?:= )?(\d+)[u,]?$", HEADER, re.M)}
OPERATIONS = {name.removeprefix("MGP_OP_").lower(): number for name, number in CONSTANTS.items()
              if name.startswith("MGP_OP_")}
SHORTHANDS = {name for name in OPERATIONS if f" mgp_{name}(" in HEADER}
VERSIONS = {"v1.0": CONSTANTS["MGP_API_V1_0"], "beta": CONSTANTS["MGP_API_BETA"]}


class ClientOptions(Structure):
    _fields_ = [("struct_size", c_uint32), ("flags", c_uint32), ("cloud", c_char_p), ("base_url", c_char_p),
                ("credential", c_void_p), ("user_agent", c_char_p), ("proxy_url", c_char_p), ("ca_file", c_char_p),
                ("timeout_ms", c_uint32), ("connect_timeout_ms", c_uint32), ("retry_budget_ms", c_uint32),
                ("max_attempts", c_uint32), ("max_in_flight", c_uint32), ("log_level", c_int32), ("log", c_void_p),
                ("log_user", c_void_p), ("log_drop", c_void_p), ("throttle_start", c_uint32),
                ("throttle_ceiling", c_uint32), ("retry_delay_ms", c_uint32), ("environment_count", c_uint32),
                ("environment", c_void_p)]


class Field(Structure):
    _fields_ = [("name", c_char_p), ("value", c_char_p)]


class Request(Structure):
    _fields_ = [("struct_size", c_uint32), ("operation", c_int32), ("api_version", c_int32), ("target", c_int32),
                ("target_id", c_char_p), ("body_json", c_char_p), ("query", POINTER(Field)), ("headers", POINTER(Field)),
                ("query_count", c_uint32), ("header_count", c_uint32), ("access_token", c_char_p),
                ("timeout_ms", c_uint32), ("flags", c_uint32), ("next_link", c_char_p)]


@dataclass
class Answer:
    """What the library handed back. `status` is 0 where there was no HTTP answer; `message` says why."""
    status: int = 0
    content_type: str = ""
    body: bytes = b""
    message: str = ""


class Client:
    def __init__(self, library, base_url, token):
        self.library = CDLL(str(library))
        for function, kind in {"response_header": c_char_p, "error_message": c_char_p, "operation_route": c_char_p,
                               "response_body": c_void_p, "response_body_length": c_uint64,
                               "error_response": c_void_p}.items():
            self._function(function).restype = kind
        credential = c_void_p()
        self.call("credential_new_token", token, byref(credential))
        options = ClientOptions(sizeof(ClientOptions), CONSTANTS["MGP_CLIENT_ALLOW_LOOPBACK_HTTP"], None,
                                base_url.encode(), credential)
        self.client = c_void_p()
        self.call("client_new", byref(options), byref(self.client))

    def _function(self, name):
        return getattr(self.library, f"mgp_{name}")

    def route(self, operation, target):
        """How Graph's metadata writes the route of an operation, such as `GET /users/{user-id}/presence`."""
        return self._function("operation_route")(operation, target).decode()

    def call(self, name, *arguments):
        """A function whose last argument is the error; anything but MGP_OK is raised."""
        error = c_void_p()
        status = self._function(name)(*map(_argument, arguments), byref(error))
        message = (self._function("error_message")(error) or b"").decode()
        self._function("error_free")(error)
        if status != CONSTANTS["MGP_OK"]:
            raise RuntimeError(f"mgp_{name}: {message}")

    def send(self, operation, version, target, target_id, body=None, query=None, headers=None):
        """mgp_send; an answer is an answer, be it a success or not."""
        query, headers = _fields(query or {}), _fields(headers or {})
        request = Request(sizeof(Request), operation, version, target, _argument(target_id), _argument(body), query,
                          headers, len(query), len(headers))
        response, error = c_void_p(), c_void_p()
        self._function("send")(self.client, byref(request), byref(response), byref(error))
        answer = self._answer(response or c_void_p(self._function("error_response")(error)))
        answer.message = (self._function("error_message")(error) or b"").decode()
        self._function("response_free")(response)
        self._function("error_free")(error)
        return answer

    def _answer(self, response):
        if not response:
            return Answer()
        size = self._function("response_body_length")(response)
        content_type = self._function("response_header")(response, b"content-type") or b""
        return Answer(self._function("response_http_status")(response), content_type.decode(),
                      string_at(self._function("response_body")(response), size))


def _argument(value):
    """Texts and lists of texts as C has them; the rest as ctypes takes it."""
    if isinstance(value, list):
        return (c_char_p * len(value))(*map(str.encode, value))
    return value.encode() if isinstance(value, str) else value


def _fields(values):
    return (Field * len(values))(*[Field(name.encode(), value.encode()) for name, value in values.items()])
