"""Microsoft Teams presence from Python, on ctypes alone: libmgpresence does the work.

    with Client(token, base_url=None) as client:
        client.set_presence("adele@contoso.com", "Busy", "InACall", expiration="PT1H")
        print(client.get_presence("adele@contoso.com").activity)

Blocking calls let other Python threads run: ctypes releases the interpreter's lock. A token may be a string or a
function that returns one; the function is called on a thread of the library. The client keeps the function, and the
object of a method; a request that outlives both fails. Any other function that refers to its client keeps it alive: free
it, or use `with`. A program with such a function ends its requests when it exits, and waits for a call to return; the
second Ctrl+C or SIGTERM in that time ends it at once. A thread that then makes a client with a function gets a RuntimeError.
To send something at the end of a program, use `with`, or an atexit function that is registered after this import. In a
subinterpreter, a token must be a string.
"""

import atexit
import ctypes
import ctypes.util
import itertools
import math
import os
import signal
import threading
import time
import traceback
import types
import weakref
from ctypes import POINTER, byref, c_char_p, c_int32, c_int64, c_uint32, c_uint64, c_void_p, sizeof
from typing import Callable, Iterator, NamedTuple, Optional, Union

ABI = (0, 1)  # major and minor of the header that the structs below were written from

GET_PRESENCE, SET_PRESENCE, UPDATE_PRESENCE, CREATE_PRESENCE = 1, 2, 3, 4
ME, USER, COMMUNICATIONS = 0, 1, 2
V1_0, BETA = 0, 1
_OK, _TIMEOUT, _CLOSED, _WAIT_TIMEOUT, _WOKEN = 0, 22, 51, 53, 54
_ALLOW_LOOPBACK_HTTP = 1

_TokenFunction = ctypes.CFUNCTYPE(None, c_void_p, c_void_p)
_DropFunction = ctypes.CFUNCTYPE(None, c_void_p)


class _ClientOptions(ctypes.Structure):
    _fields_ = [
        ("struct_size", c_uint32), ("flags", c_uint32), ("cloud", c_char_p), ("base_url", c_char_p),
        ("credential", c_void_p), ("user_agent", c_char_p), ("proxy_url", c_char_p), ("ca_file", c_char_p),
        ("timeout_ms", c_uint32), ("connect_timeout_ms", c_uint32), ("retry_budget_ms", c_uint32),
        ("max_attempts", c_uint32), ("max_in_flight", c_uint32), ("log_level", c_int32),
        ("log", c_void_p), ("log_user", c_void_p), ("log_drop", c_void_p),
        ("throttle_start", c_uint32), ("throttle_ceiling", c_uint32), ("retry_delay_ms", c_uint32),
        ("environment_count", c_uint32), ("environment", c_void_p),
    ]


class _Request(ctypes.Structure):
    _fields_ = [
        ("struct_size", c_uint32), ("operation", c_int32), ("api_version", c_int32), ("target", c_int32),
        ("target_id", c_char_p), ("body_json", c_char_p), ("query", c_void_p), ("headers", c_void_p),
        ("query_count", c_uint32), ("header_count", c_uint32), ("access_token", c_char_p),
        ("timeout_ms", c_uint32), ("flags", c_uint32), ("next_link", c_char_p),
    ]


class _Completion(ctypes.Structure):
    _fields_ = [
        ("struct_size", c_uint32), ("status", c_int32), ("operation", c_uint64), ("user", c_void_p),
        ("response", c_void_p), ("error", c_void_p), ("event", c_void_p),
    ]


def _open() -> ctypes.CDLL:
    """The file that MGP_LIBRARY names, or else the library of this major version, beside which others may be installed."""
    soname = f"libmgpresence.so.{ABI[0]}"
    try:
        return ctypes.CDLL(os.environ.get("MGP_LIBRARY") or soname)
    except OSError:
        if os.environ.get("MGP_LIBRARY"):
            raise
        return ctypes.CDLL(ctypes.util.find_library("mgpresence") or soname)  # where libraries have names of another kind


def _load() -> ctypes.CDLL:
    library = _open()
    try:
        version = library.mgp_abi_version
    except AttributeError:
        raise ImportError(f"{library._name} is not libmgpresence; MGP_LIBRARY may name its file") from None
    version.restype = c_uint32
    major, minor = version() >> 16, version() & 0xFFFF
    if major != ABI[0] or minor < ABI[1]:
        raise ImportError(f"libmgpresence has ABI {major}.{minor}, and this module needs {ABI[0]}.{ABI[1]} or a later {ABI[0]}.x; MGP_LIBRARY may name its file")
    return library


def _declare(library: ctypes.CDLL) -> None:
    pointer = POINTER(c_void_p)
    signatures = {
        c_int32: {
            "mgp_credential_new_token": [c_char_p, pointer, pointer],
            "mgp_credential_new_callback": [_TokenFunction, c_void_p, _DropFunction, c_char_p, pointer, pointer],
            "mgp_token_sink_set": [c_void_p, c_char_p, c_int64],
            "mgp_token_sink_fail": [c_void_p, c_char_p],
            "mgp_client_new": [POINTER(_ClientOptions), pointer, pointer],
            "mgp_client_close": [c_void_p, c_uint32, pointer],
            "mgp_send": [c_void_p, POINTER(_Request), pointer, pointer],
            "mgp_submit": [c_void_p, POINTER(_Request), c_void_p, c_void_p, c_void_p, POINTER(c_uint64), pointer],
            "mgp_cancel": [c_void_p, c_uint64],
            "mgp_queue_new": [pointer, pointer],
            "mgp_queue_wait": [c_void_p, c_uint32, POINTER(_Completion), pointer],
            "mgp_queue_close": [c_void_p],
            "mgp_set_presence": [c_void_p, c_char_p, c_char_p, c_char_p, c_char_p, c_char_p, pointer],
            "mgp_clear_presence": [c_void_p, c_char_p, c_char_p, pointer],
            "mgp_set_user_preferred_presence": [c_void_p, c_char_p, c_char_p, c_char_p, c_char_p, pointer],
            "mgp_clear_user_preferred_presence": [c_void_p, c_char_p, pointer],
            "mgp_set_status_message": [c_void_p, c_char_p, c_char_p, c_char_p, c_char_p, pointer],
            "mgp_update_presence": [c_void_p, c_char_p, c_char_p, c_char_p, pointer, pointer],
            "mgp_create_presence": [c_void_p, c_char_p, c_char_p, c_char_p, pointer, pointer],
            "mgp_response_http_status": [c_void_p],
            "mgp_error_http_status": [c_void_p],
        },
        c_int64: {"mgp_error_retry_after_ms": [c_void_p]},
        c_uint32: {"mgp_response_presence_count": [c_void_p], "mgp_error_attempts": [c_void_p]},
        c_void_p: {"mgp_response_presence": [c_void_p, c_uint32]},
        c_char_p: {
            **{f"mgp_response_{name}": [c_void_p] for name in ("body", "request_id")},
            **{f"mgp_presence_{name}": [c_void_p] for name in ("id", "availability", "activity", "json")},
            **{f"mgp_error_{name}": [c_void_p] for name in
               ("message", "graph_code", "graph_message", "advice", "request_id", "client_request_id")},
            "mgp_status_name": [c_int32],
        },
        None: {f"mgp_{name}_free": [c_void_p] for name in ("credential", "client", "queue", "response", "error")},
    }
    for result, functions in signatures.items():
        for name, arguments in functions.items():
            function = getattr(library, name)
            function.restype, function.argtypes = result, arguments


_lib = _load()
_declare(_lib)


def _utf8(text: Optional[str]) -> Optional[bytes]:
    if text is not None and "\0" in text:
        raise ValueError("text with a NUL character cannot be passed on")
    return None if text is None else text.encode()


def _milliseconds(seconds: float) -> int:
    """A time for C, which would keep its lowest 32 bits: none for one that has passed; from 49 days on, forever."""
    return math.ceil(min(max(seconds, 0) * 1000, 0xFFFFFFFF))


def _number(kind: type, number: int) -> int:
    """A number for C, which would keep its lowest 32 bits."""
    if kind(number).value != number:
        raise ValueError(f"{number} does not fit in 32 bits")
    return number


def _text(text: Optional[bytes]) -> Optional[str]:
    return None if text is None else text.decode()


class PresenceError(Exception):
    """Why a call failed: the library's sentence, and what else is known. It can be pickled, as a worker process does."""

    status: int
    name: str
    http_status: Optional[int]
    graph_code: str
    graph_message: str
    advice: str
    request_id: str
    client_request_id: str
    attempts: int
    retry_after: Optional[float]

    @classmethod
    def _take(cls, status: int, error: Optional[c_void_p], message: Optional[str] = None) -> "PresenceError":
        taken = cls(message or _text(_lib.mgp_error_message(error)))
        taken.status = status
        taken.name = _text(_lib.mgp_status_name(status))
        taken.http_status = _lib.mgp_error_http_status(error) or None
        for text in ("graph_code", "graph_message", "advice", "request_id", "client_request_id"):
            setattr(taken, text, _text(getattr(_lib, f"mgp_error_{text}")(error)))
        taken.attempts = _lib.mgp_error_attempts(error)
        wait = _lib.mgp_error_retry_after_ms(error)
        taken.retry_after = None if wait < 0 else wait / 1000
        _lib.mgp_error_free(error)
        return taken


def _check(status: int, error: c_void_p) -> None:
    if status != _OK:
        raise PresenceError._take(status, error)


class Presence(NamedTuple):
    """What Graph says of a user. `json` is the whole object as it came."""

    id: Optional[str]
    availability: Optional[str]
    activity: Optional[str]
    json: Optional[str]


class Response(NamedTuple):
    """An answer, copied out of the library."""

    http_status: int
    body: str
    request_id: str
    presences: list

    @classmethod
    def _take(cls, response: c_void_p) -> "Response":
        handles = [_lib.mgp_response_presence(response, i) for i in range(_lib.mgp_response_presence_count(response))]
        presences = [Presence(*(_text(getattr(_lib, f"mgp_presence_{field}")(handle)) for field in Presence._fields)) for handle in handles]
        taken = cls(_lib.mgp_response_http_status(response), _text(_lib.mgp_response_body(response)), _text(_lib.mgp_response_request_id(response)), presences)
        _lib.mgp_response_free(response)
        return taken


class Request(NamedTuple):
    """One request as plain data; what it may hold is the library's to say.

    `timeout` is in seconds: 0 for the client's own. A request with a negative one, of a deadline that has passed, is not
    sent: PresenceError.
    """

    operation: int
    target: int = ME
    target_id: Optional[str] = None
    body: Optional[str] = None
    api_version: int = V1_0
    access_token: Optional[str] = None
    timeout: float = 0
    flags: int = 0

    def __repr__(self) -> str:
        """As that of any tuple, but without the token, which does not belong in a log."""
        shown = self._replace(access_token=self.access_token and "...")
        return f"Request({', '.join(f'{name}={value!r}' for name, value in zip(self._fields, shown))})"

    def _native(self) -> _Request:
        if self.timeout < 0:
            raise PresenceError._take(_TIMEOUT, None, "The deadline of the request had passed, so it was not sent.")
        return _Request(
            struct_size=sizeof(_Request), operation=_number(c_int32, self.operation),
            api_version=_number(c_int32, self.api_version), target=_number(c_int32, self.target),
            target_id=_utf8(self.target_id), body_json=_utf8(self.body), access_token=_utf8(self.access_token),
            timeout_ms=_milliseconds(self.timeout), flags=_number(c_uint32, self.flags))


class _Pointer(c_void_p):
    """One object of the library, freed with the last reference. A call holds one, so no thread frees what another uses."""

    _all: "weakref.WeakValueDictionary[int, _Pointer]" = weakref.WeakValueDictionary()

    def __init__(self, kind: str, cut_short: Callable[["_Pointer"], None]) -> None:
        super().__init__()
        self.cut_short = cut_short
        self._all[id(self)] = self
        self._free, self._forget = getattr(_lib, f"mgp_{kind}_free"), _Credential._forget_dropped  # globals end before the last object

    def __del__(self) -> None:
        self._free(self)
        self._forget()


class _Handle:
    """Owns one object of the library; freed once, by `with`, by `free` or by the collector, in any order and on any thread."""

    _kind: str
    _all: "weakref.WeakValueDictionary[int, _Handle]" = weakref.WeakValueDictionary()  # not a WeakSet: see _live
    _pointer: Optional[_Pointer] = None

    def __new__(cls, *_, **__) -> "_Handle":
        handle = super().__new__(cls)  # also of copy.copy, whose result shares the object
        handle._all[id(handle)] = handle
        return handle

    @classmethod
    def _live(cls) -> list:
        """Those that own an object. Other threads may make and free some meanwhile: valuerefs copies in one step."""
        handles = (reference() for reference in cls._all.valuerefs())
        return [handle for handle in handles if handle is not None and handle._pointer]

    def __init__(self) -> None:
        self._pointer = _Pointer(self._kind, self._cut_short)

    def free(self) -> None:
        self._pointer = None

    @staticmethod
    def _cut_short(pointer: _Pointer) -> None:
        """Ends what is under way, also what another thread began before the handle was freed."""

    def __enter__(self):
        return self

    def __exit__(self, *_) -> None:
        self.free()


# After importlib.reload, the library may still call the functions of the classes before.
_earlier = [*globals().get("_earlier", ()), globals().get("_Credential")]


class _Credential(_Handle):
    _kind = "credential"
    kept: Optional[Callable[[], str]] = None  # a method, for the client to keep
    _is_ending = _has_ended = False  # the program, and all calls with it
    _running: dict = {}  # the threads in a function that provides a token, and their process
    _alive: dict = {}  # callbacks and their process, by number, until the library says that it needs them no more
    _numbers = itertools.count(1)
    _dropped: set = set()  # numbers of callbacks that the library needs no more
    # It only marks: no destructor runs, which would let other threads go on, so this thread has left Python before one sees the mark.
    _drop = _DropFunction(_dropped.add)

    def __init__(self, token: Union[str, Callable[[], str]], client_id: Optional[str]):
        super().__init__()
        pointer, error = self._pointer, c_void_p()  # its own reference: the end of the program may free self
        if callable(token):
            if not _is_main_interpreter():
                raise ValueError("in a subinterpreter, a token must be a string")
            application = _utf8(client_id)
            # The callback lives in a global: what it refers to, be it self or the owner of a method, is never collected.
            # Not a WeakMethod, which needs an owner that can be referred to weakly.
            function = lambda: token
            if isinstance(token, types.MethodType):
                self.kept = lambda: token()
                function = weakref.ref(self.kept)
            answer = self._answer
            callback = _TokenFunction(lambda _, sink: answer(function, sink))
            number = next(self._numbers)
            self._alive[number] = os.getpid(), callback
            if self._is_ending:  # looked at last, so that _end sees this callback or this the end
                del self._alive[number]
                raise RuntimeError("A function cannot provide tokens while the program ends.")
            status = _lib.mgp_credential_new_callback(callback, number, self._drop, application, byref(pointer), byref(error))
            if status != _OK:
                del self._alive[number]
        else:
            status = _lib.mgp_credential_new_token(_utf8(token), byref(pointer), byref(error))
        del pointer  # a traceback would keep it
        _check(status, error)

    @staticmethod
    def _answer(function: Callable[[], Optional[Callable[[], str]]], sink: c_void_p) -> None:
        thread = threading.get_ident()
        _Credential._running[thread] = os.getpid()
        try:
            token = function()
            if token is None:
                raise ReferenceError("the object whose method provides the token is gone")
            _lib.mgp_token_sink_set(sink, _utf8(token()), 0)
        except BaseException as failure:  # whatever it is, it must not unwind into the library
            reason = "".join(traceback.format_exception_only(type(failure), failure)).strip()
            _lib.mgp_token_sink_fail(sink, reason.encode(errors="replace").replace(b"\0", b"?"))
        finally:
            _Credential._running.pop(thread, None)

    @classmethod
    def _forget_dropped(cls) -> None:
        for number in list(cls._dropped):
            cls._alive.pop(number, None)  # the mark goes last, so that none is lost if a destructor, a signal or another thread comes between
            cls._dropped.discard(number)

    @classmethod
    def _may_call_back(cls) -> bool:
        cls._forget_dropped()
        process = os.getpid()  # the library never calls what a fork has inherited
        return any(owner == process for owner, _ in list(cls._alive.values()))


def _is_main_interpreter() -> bool:
    """Whether this is the interpreter into which ctypes calls back, whichever one a function is of."""
    try:
        current, main = ctypes.pythonapi["PyInterpreterState_Get"], ctypes.pythonapi["PyInterpreterState_Main"]
    except AttributeError:  # before Python 3.9, or not CPython
        return True
    current.restype = main.restype = c_void_p
    return current() == main()


def _end_calls() -> None:
    """Ends what is under way, and waits until the library needs no function any more."""
    _Credential._is_ending = True
    quiet_since = time.monotonic()
    while _Credential._may_call_back():
        handles = _Handle._live()  # each time anew, since other threads may still make some
        if handles or os.getpid() in list(_Credential._running.values()):
            quiet_since = time.monotonic()
        elif time.monotonic() - quiet_since > 5:
            break  # something, such as a traceback, keeps an object that is not in use
        for reference in _Pointer._all.valuerefs():
            pointer = reference()
            if pointer:
                pointer.cut_short(pointer)
            del pointer
        for handle in handles:
            handle._pointer = None  # not free, which a subclass may have replaced
        time.sleep(0.002)
    _Credential._has_ended = True


def _end_at_next(*_) -> None:
    """Handles a signal while the program waits at its end. The next one ends it at once, since a function may hang."""
    for number in signal.SIGINT, signal.SIGTERM:
        if signal.getsignal(number) is _end_at_next:
            signal.signal(number, signal.SIG_DFL)


def _takes_signals() -> bool:
    return threading.current_thread() is threading.main_thread() and _is_main_interpreter() and _Credential._may_call_back()


@atexit.register
@atexit.register  # twice, for a signal that ends the first before its `try`
def _end() -> None:
    """Lets no thread of the library call into an interpreter that has ended: Python would kill it, and with it the process.

    So what is raised meanwhile, such as by the handler of a signal, waits until then, unless it is raised again and again.
    """
    handlers: dict = {}
    raised = None
    for _ in range(100):
        try:
            for number in (signal.SIGINT, signal.SIGTERM) if _takes_signals() else ():
                if number not in handlers and signal.getsignal(number) not in (None, signal.SIG_IGN):
                    handlers[number] = signal.signal(number, _end_at_next)
            if not _Credential._has_ended:
                _end_calls()
            break
        except BaseException as error:
            raised = error
    for number, handler in handlers.items():
        if signal.getsignal(number) is _end_at_next:
            signal.signal(number, handler)
    if raised:
        raise raised


class Client(_Handle):
    """A connection to Microsoft Graph; one is enough for all threads.

    `timeout` is in seconds, for each request with its retries: 0 for the library's own, 100. Ctrl+C takes effect when the
    call under way has returned.
    """

    _kind = "client"

    def __init__(self, token: Union[str, Callable[[], str], None] = None, *, client_id: Optional[str] = None, cloud: Optional[str] = None,
                 base_url: Optional[str] = None, proxy_url: Optional[str] = None, ca_file: Optional[str] = None,
                 timeout: float = 0):
        super().__init__()
        if timeout < 0:
            raise ValueError(f"timeout is {timeout} s. Give a positive time, or 0 for the library's own")
        pointer = self._pointer
        credential = _Credential(token, client_id) if token is not None else None
        self._method = credential and credential.kept
        source = credential and credential._pointer  # its own reference, since a struct keeps none
        error = c_void_p()
        try:
            options = _ClientOptions(
                struct_size=sizeof(_ClientOptions), flags=_ALLOW_LOOPBACK_HTTP if (base_url or "").startswith("http:") else 0,
                cloud=_utf8(cloud), base_url=_utf8(base_url), proxy_url=_utf8(proxy_url), ca_file=_utf8(ca_file),
                credential=source, timeout_ms=_milliseconds(timeout))
            status = _lib.mgp_client_new(byref(options), byref(pointer), byref(error))
        finally:
            del source, pointer  # a traceback would keep them, and the program would wait for the credential when it exits
        _check(status, error)

    def send(self, request: Request) -> Response:
        """Sends and waits for the answer."""
        response, error = c_void_p(), c_void_p()
        _check(_lib.mgp_send(self._pointer, byref(request._native()), byref(response), byref(error)), error)
        return Response._take(response)

    def get_presence(self, user: Optional[str] = None) -> Presence:
        """The presence of a user; None: the signed-in user."""
        return self.send(Request(GET_PRESENCE, ME if user is None else USER, user)).presences[0]

    def set_presence(self, user: Optional[str], availability: str, activity: str, *, session_id: Optional[str] = None, expiration: Optional[str] = None) -> None:
        """Opens or renews an application's session. `user` None: the signed-in user; `session_id` None: the token's application."""
        self._call(_lib.mgp_set_presence, user, session_id, availability, activity, expiration)

    def clear_presence(self, user: Optional[str], *, session_id: Optional[str] = None) -> None:
        """Ends an application's session."""
        self._call(_lib.mgp_clear_presence, user, session_id)

    def set_user_preferred_presence(self, user: Optional[str], availability: str, activity: str, *, expiration: Optional[str] = None) -> None:
        """Sets the preferred presence, which shows only while the user has a session."""
        self._call(_lib.mgp_set_user_preferred_presence, user, availability, activity, expiration)

    def clear_user_preferred_presence(self, user: Optional[str]) -> None:
        """Clears the preferred presence."""
        self._call(_lib.mgp_clear_user_preferred_presence, user)

    def set_status_message(self, user: Optional[str], content: str, *, expiry: Optional[str] = None, time_zone: Optional[str] = None) -> None:
        """Sets the status message; "" removes it. Give `expiry`, a local time, and `time_zone` together."""
        self._call(_lib.mgp_set_status_message, user, content, expiry, time_zone)

    def update_presence(self, user: Optional[str], availability: str, activity: str) -> None:
        """Updates a presence object. Do not expect the live service to offer it."""
        self._call(_lib.mgp_update_presence, user, availability, activity, None)

    def create_presence(self, user: Optional[str], availability: str, activity: str) -> None:
        """Creates a presence object. Do not expect the live service to offer it."""
        self._call(_lib.mgp_create_presence, user, availability, activity, None)

    def _call(self, function, *arguments: Optional[str]) -> None:
        error = c_void_p()
        _check(function(self._pointer, *map(_utf8, arguments), byref(error)), error)

    def close(self, wait: float = 10) -> None:
        """Waits for what is under way. What has not ended in `wait` seconds is ended, and a PresenceError (Timeout) says so."""
        error = c_void_p()
        _check(_lib.mgp_client_close(self._pointer, _milliseconds(wait), byref(error)), error)

    @staticmethod
    def _cut_short(pointer: _Pointer) -> None:
        _lib.mgp_client_close(pointer, 0, None)


class Queue(_Handle):
    """Many requests under way from one thread: submit them, then take their ends as they come."""

    _kind = "queue"

    def __init__(self) -> None:
        super().__init__()
        pointer, error = self._pointer, c_void_p()
        _check(_lib.mgp_queue_new(byref(pointer), byref(error)), error)

    def submit(self, client: Client, request: Request) -> int:
        """Starts a request; returns its number."""
        operation, error = c_uint64(), c_void_p()
        _check(_lib.mgp_submit(client._pointer, byref(request._native()), self._pointer, None, None, byref(operation), byref(error)), error)
        return operation.value

    def cancel(self, client: Client, operation: int) -> None:
        """Ends a request early; without effect on one that has ended."""
        _lib.mgp_cancel(client._pointer, operation)

    def close(self) -> None:
        """Accepts no more requests and cancels those in flight; `take` still yields how each of them ended."""
        _lib.mgp_queue_close(self._pointer)

    _cut_short = staticmethod(_lib.mgp_queue_close)

    def take(self, timeout: float) -> Iterator[tuple]:
        """Yields (number, Response or PresenceError) until nothing has come for `timeout` seconds."""
        while True:
            done, error = _Completion(struct_size=sizeof(_Completion)), c_void_p()
            status = _lib.mgp_queue_wait(self._pointer, _milliseconds(timeout), byref(done), byref(error))
            if status in (_WAIT_TIMEOUT, _WOKEN, _CLOSED):
                _lib.mgp_error_free(error)
                return
            _check(status, error)
            if done.status == _OK:
                yield done.operation, Response._take(c_void_p(done.response))
            else:
                yield done.operation, PresenceError._take(done.status, c_void_p(done.error))
