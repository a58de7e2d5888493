"""The Python binding on an emulator: what it adds to the library, and what could go wrong between the two."""

import ast
import copy
import ctypes
import gc
import json
import multiprocessing
import os
import pathlib
import pickle
import signal
import subprocess
import sys
import threading
import time
import unittest
import urllib.request
import warnings

ROOT = pathlib.Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "examples/python"))

import mgpresence  # noqa: E402
from mgpresence import Client, PresenceError, Queue, Request  # noqa: E402


class Emulator:
    """One process for all tests, which ends with them."""

    def __init__(self):
        self.process = subprocess.Popen([os.environ["MGP_EMULATOR"], "--until-stdin-closes"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.about = json.loads(self.process.stdout.readline())
        self.url, self.token = self.about["url"], self.about["token"]

    def control(self, method, resource, body=None):
        request = urllib.request.Request(f"{self.url}/_emulator/{resource}", method=method, data=body and json.dumps(body).encode())
        with urllib.request.urlopen(request) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def sent(self):
        return [request["path"] for request in self.control("GET", "requests")]

    def stop(self):
        self.process.communicate()


class PresenceCase(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.emulator = Emulator()

    @classmethod
    def tearDownClass(cls):
        cls.emulator.stop()

    def setUp(self):
        self.emulator.control("POST", "reset")
        self.client = Client(self.emulator.token, base_url=self.emulator.url)

    def tearDown(self):
        self.client.free()


class SetPresence(PresenceCase):
    def test_what_is_set_is_what_the_next_read_shows(self):
        self.client.set_presence("adele", "Busy", "InACall", expiration="PT1H")
        now = self.client.get_presence("adele")
        self.assertEqual((now.availability, now.activity), ("Busy", "InACall"))
        self.assertEqual(json.loads(now.json)["activity"], "InACall")

    def test_every_shorthand_is_the_operation_of_its_name(self):
        self.client.set_presence("adele", "Available", "Available")
        self.client.set_user_preferred_presence("adele", "Busy", "Busy", expiration="PT8H")
        self.client.set_status_message("adele", "Back at two", expiry="2099-01-01T14:00:00", time_zone="UTC")
        self.client.clear_user_preferred_presence("adele")
        self.client.clear_presence("adele")
        self.client.update_presence("adele", "Away", "Away")
        self.client.create_presence("fa8bf3dc-eca7-46b7-bad1-db199b62afc3", "Away", "Away")
        users = "/v1.0/users/adele/presence"
        actions = ("setPresence", "setUserPreferredPresence", "setStatusMessage", "clearUserPreferredPresence", "clearPresence")
        self.assertEqual(self.emulator.sent(), [f"{users}/{action}" for action in actions] + [users, "/v1.0/communications/presences"])

    def test_a_refused_pair_sends_nothing_and_explains_itself(self):
        with self.assertRaises(PresenceError) as caught:
            self.client.set_presence("adele", "Busy", "Busy")
        self.assertEqual((caught.exception.name, caught.exception.http_status), ("InvalidPair", None))
        self.assertIn("InACall", str(caught.exception))
        self.assertEqual(self.emulator.sent(), [])

    def test_a_refusal_of_the_service_has_all_that_is_known(self):
        with self.assertRaises(PresenceError) as caught:
            self.client.get_presence("nobody")
        error = caught.exception
        self.assertEqual((error.http_status, error.name, error.attempts), (404, "NotFound", 1))
        self.assertTrue(error.graph_code and error.request_id and error.client_request_id)
        self.assertIsNone(error.retry_after)

    def test_an_error_crosses_a_process_with_all_that_is_known(self):
        with self.assertRaises(PresenceError) as caught:
            self.client.get_presence("nobody")
        for error in pickle.loads(pickle.dumps(caught.exception)), copy.copy(caught.exception):
            self.assertEqual((str(error), vars(error)), (str(caught.exception), vars(caught.exception)))

    def test_a_request_shows_no_token(self):
        request = Request(mgpresence.GET_PRESENCE, access_token="eyJ.a.b")
        self.assertNotIn("eyJ", f"{request} {request!r}")
        self.assertIn("operation=1, target=0", repr(request))

    def test_a_number_beyond_32_bits_is_refused_and_never_cut(self):
        for wide in {"operation": 2**32 + 1}, {"target": 2**32}, {"api_version": -2**32}, {"flags": -1}:
            with self.assertRaises(ValueError, msg=wide):
                self.client.send(Request(**{"operation": mgpresence.GET_PRESENCE, "target": mgpresence.USER, "target_id": "adele", **wide}))
        self.assertEqual(self.emulator.sent(), [])

    def test_a_request_whose_deadline_has_passed_is_not_sent(self):
        late = Request(mgpresence.GET_PRESENCE, mgpresence.USER, "adele", timeout=-0.001)
        with Queue() as queue:
            for send in self.client.send, lambda request: queue.submit(self.client, request):
                with self.assertRaises(PresenceError) as caught:
                    send(late)
                error = caught.exception
                self.assertEqual((error.name, error.attempts, error.http_status, error.retry_after), ("Timeout", 0, None, None))
                self.assertIn("deadline", str(error))
        self.assertEqual(self.emulator.sent(), [])

    def test_the_time_of_a_client_is_that_of_each_request(self):
        self.emulator.control("POST", "faults", {"kind": "delay", "delayMs": 600_000})
        with Client(self.emulator.token, base_url=self.emulator.url, timeout=0.3) as client, self.assertRaises(PresenceError) as caught:
            client.get_presence("adele")
        self.assertIn("0.3 s", str(caught.exception))
        self.assertRaises(ValueError, Client, self.emulator.token, base_url=self.emulator.url, timeout=-1)

    def test_text_with_nul_is_refused_and_never_cut(self):
        with self.assertRaises(ValueError):
            self.client.get_presence("adele\0@elsewhere")
        self.assertEqual(self.emulator.sent(), [])

    def test_a_freed_client_is_an_error_and_no_crash(self):
        self.client.free()
        with self.assertRaises(PresenceError) as caught:
            self.client.get_presence("adele")
        self.assertEqual(caught.exception.name, "NullArgument")


class Freed(PresenceCase):
    """Who frees an object, and when: `freed` has the pointers that the library was given to free."""

    def setUp(self):
        super().setUp()
        self.client.get_presence("adele")
        self.freed, free = [], mgpresence._lib.mgp_client_free
        self.addCleanup(setattr, mgpresence._lib, "mgp_client_free", free)
        mgpresence._lib.mgp_client_free = lambda pointer: (self.freed.append(pointer.value), free(pointer))
        self.client.free()
        self.client = Client(self.emulator.token, base_url=self.emulator.url)
        self.freed.clear()

    def test_a_call_under_way_keeps_its_client(self):
        client, freed = self.client, self.freed

        class OnAnotherThread(Request):
            def _native(self):
                thread = threading.Thread(target=client.free)
                thread.start()
                thread.join()
                self.freed.extend(freed)
                return super()._native()

            freed = []

        request = OnAnotherThread(mgpresence.GET_PRESENCE, mgpresence.USER, "adele")
        self.assertEqual(client.send(request).http_status, 200)
        self.assertEqual((OnAnotherThread.freed, len(freed)), ([], 1))

    def test_a_copy_shares_the_object_which_is_freed_once(self):
        twin = copy.copy(self.client)
        self.client.free()
        self.assertEqual(twin.get_presence("adele").availability, "Offline")
        twin.free()
        twin.free()
        self.assertEqual(len(self.freed), 1)


class Token(PresenceCase):
    def test_a_function_is_asked_on_a_thread_of_the_library(self):
        threads = []

        def token():
            threads.append(threading.get_ident())
            return self.emulator.token

        with Client(token, base_url=self.emulator.url) as client:
            client.get_presence("adele")
            client.get_presence("adele")
        self.assertEqual(len(threads), 1)
        self.assertNotEqual(threads[0], threading.get_ident())

    def test_an_exception_of_the_function_becomes_the_reason(self):
        def token():
            raise RuntimeError("the vault is locked")

        with Client(token, base_url=self.emulator.url) as client, self.assertRaises(PresenceError) as caught:
            client.get_presence("adele")
        self.assertEqual(caught.exception.name, "Token")
        self.assertIn("the vault is locked", str(caught.exception))

    def test_the_function_lives_as_long_as_the_library_needs_it_and_no_longer(self):
        client = Client(lambda: self.emulator.token, base_url=self.emulator.url)
        gc.collect()
        client.get_presence("adele")
        client.close()
        client.free()
        self.assertEqual(mgpresence._Credential._alive, {})

    def test_a_method_does_not_keep_its_object_and_the_objects_client(self):
        class Service:
            def __init__(self, emulator):
                self.emulator = emulator
                self.client = Client(self.token, base_url=emulator.url)

            def token(self):
                return self.emulator.token

        self.assertEqual(Service(self.emulator).client.get_presence("adele").id, self.client.get_presence("adele").id)
        gc.collect()
        self.assertEqual(mgpresence._Credential._alive, {})

    def test_the_object_of_a_method_lives_as_long_as_the_client(self):
        class Provider(str):  # to whose objects there are no weak references
            __slots__ = ()

            def token(self):
                return str(self)

        with Client(Provider(self.emulator.token).token, base_url=self.emulator.url) as client:
            gc.collect()
            self.assertIsNotNone(client.get_presence("adele").availability)

    def test_a_client_that_could_not_be_made_keeps_no_function(self):
        with self.assertRaises(ValueError):
            Client(lambda: self.emulator.token, client_id="a\0b")
        self.assertEqual(mgpresence._Credential._alive, {})

    def test_an_exception_without_text_still_says_what_it_is(self):
        class Unprintable(Exception):
            def __str__(self):
                raise RuntimeError

        def token():
            raise reason

        for reason in Unprintable(), ValueError():
            with Client(token, base_url=self.emulator.url) as client, self.assertRaises(PresenceError) as caught:
                client.get_presence("adele")
            self.assertIn(type(reason).__name__, str(caught.exception))

    def end_of_program(self, program):
        environment = {**os.environ, "MGP_TOKEN": self.emulator.token, "MGP_BASE_URL": self.emulator.url,
                       "PYTHONPATH": str(ROOT / "examples/python")}
        return subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, timeout=60)

    def run_program(self, program):
        run = self.end_of_program(program)
        self.assertEqual((run.returncode, run.stderr), (0, ""))
        return run.stdout

    def end_while_a_token_is_fetched(self, setup="", fetch="return os.environ['MGP_TOKEN']"):
        """The end of a program whose main thread has nothing more to do, while `fetch` is at work on another one."""
        return self.end_of_program(f"""if True:
            import os, signal, sys, threading, time, mgpresence
            from mgpresence import GET_PRESENCE, USER, Client, Queue, Request
            fetching = threading.Event()
            def token():
                fetching.set()
                while not mgpresence._Credential._is_ending:
                    time.sleep(0.001)
                {fetch}
            {setup}
            client, queue = Client(token, base_url=os.environ["MGP_BASE_URL"]), Queue()
            queue.submit(client, Request(GET_PRESENCE, USER, "adele"))
            fetching.wait()
            """)

    def test_a_program_ends_while_a_token_is_wanted(self):
        for _ in range(5):
            self.run_program("""if True:
                import os
                from mgpresence import GET_PRESENCE, USER, Client, Queue, Request
                def token():
                    return os.environ["MGP_TOKEN"]
                with Client(token, base_url=os.environ["MGP_BASE_URL"]) as client, Queue() as queue:
                    for user in "adele", "alex", "megan":
                        queue.submit(client, Request(GET_PRESENCE, USER, user))
                """)

    def test_one_signal_waits_for_the_function(self):
        for number in "SIGTERM", "SIGALRM":  # the handler of the second one still raises
            end = self.end_while_a_token_is_fetched(
                f"signal.signal(signal.{number}, lambda *_: sys.exit(3))",
                f"time.sleep(0.1); signal.raise_signal(signal.{number}); [time.sleep(0.002) for _ in range(50)]; print('fetched', flush=True)")
            self.assertEqual((end.returncode, end.stdout), (0, "fetched\n"), end.stderr)

    def test_an_error_that_lasts_ends_the_program(self):
        end = self.end_while_a_token_is_fetched("time.sleep, sleep = None, time.sleep", "sleep(0.5)")
        self.assertIn("'NoneType' object is not callable", end.stderr)

    def test_a_second_signal_ends_a_program_whose_function_hangs(self):
        cases = [(signal.SIGINT, "signal.default_int_handler"), (signal.SIGTERM, "lambda *_: sys.exit(3)"), (signal.SIGTERM, "lambda *_: None")]
        for number, handler in cases:
            end = self.end_while_a_token_is_fetched(f"signal.signal({number}, {handler})", f"""
                while signal.getsignal({number}) != mgpresence._end_at_next:
                    time.sleep(0.001)
                signal.raise_signal({number})
                while signal.getsignal({number}) != signal.SIG_DFL:
                    time.sleep(0.001)
                signal.raise_signal({number})
                time.sleep(3600)""")
            self.assertEqual((end.returncode, end.stderr), (-number, ""))

    def test_what_a_function_owned_is_freed_on_a_thread_of_python(self):
        self.emulator.control("POST", "faults", {"kind": "delay", "delayMs": 600_000})
        end = self.end_of_program("""if True:
            import os, threading
            from mgpresence import GET_PRESENCE, USER, Client, Queue, Request
            class Session:
                asked = threading.Event()
                def __del__(self):
                    print(threading.current_thread().name, flush=True)
            def of(session):
                return lambda: session.asked.set() or os.environ["MGP_TOKEN"]
            client, queue = Client(of(Session()), base_url=os.environ["MGP_BASE_URL"]), Queue()
            queue.submit(client, Request(GET_PRESENCE, USER, "adele"))
            Session.asked.wait()
            client.free()  # so that the end of the request is the last use, on a thread of the library
            """)
        self.assertEqual((end.returncode, end.stdout), (0, "MainThread\n"), end.stderr)

    def test_a_request_of_a_client_that_was_freed_ends_with_the_program(self):
        self.emulator.control("POST", "faults", {"kind": "delay", "delayMs": 600_000})
        began = time.monotonic()
        end = self.end_of_program("""if True:
            import os, threading
            from mgpresence import Client
            asked = threading.Event()
            with Client(lambda: asked.set() or os.environ["MGP_TOKEN"], base_url=os.environ["MGP_BASE_URL"]) as client:
                threading.Thread(target=client.get_presence, args=("adele",), daemon=True).start()
                asked.wait()
            """)
        self.assertEqual(end.returncode, 0, end.stderr)
        self.assertLess(time.monotonic() - began, 5)

    def test_the_library_still_calls_the_functions_of_before_a_reload(self):
        self.run_program("""if True:
            import gc, importlib, os, threading, time, mgpresence
            asked = threading.Event()
            def token():
                asked.set()
                time.sleep(0.2)
                return os.environ["MGP_TOKEN"]
            client, queue = mgpresence.Client(token, base_url=os.environ["MGP_BASE_URL"]), mgpresence.Queue()
            queue.submit(client, mgpresence.Request(mgpresence.GET_PRESENCE, mgpresence.USER, "adele"))
            asked.wait()
            importlib.reload(mgpresence)
            del client, queue, token
            gc.collect()
            for _ in range(2000):  # take the memory of what was collected
                mgpresence._DropFunction(lambda _: None)
            time.sleep(0.5)
            """)

    def test_a_program_ends_while_other_threads_make_objects(self):
        for _ in range(5):
            self.run_program("""if True:
                import os, sys, threading
                from mgpresence import Client, Queue
                def make():
                    while True:
                        queue = Queue()
                        try:
                            client = Client(lambda: os.environ["MGP_TOKEN"], base_url=os.environ["MGP_BASE_URL"])
                        except RuntimeError:  # the program is ending
                            pass
                sys.setswitchinterval(1e-5)
                kept = [Queue() for _ in range(3000)]
                client = Client(lambda: os.environ["MGP_TOKEN"], base_url=os.environ["MGP_BASE_URL"])
                for _ in range(4):
                    threading.Thread(target=make, daemon=True).start()
                """)

    def test_a_program_ends_with_the_error_of_a_client_that_could_not_be_made(self):
        self.run_program('''if True:
            from mgpresence import Client, PresenceError
            for wrong in {"cloud": "Mars"}, {"base_url": "ftp://x"}, {"ca_file": "a\\0b"}, {"cloud": 5}:
                try:
                    Client(lambda: "token", **wrong)
                except (PresenceError, ValueError, AttributeError, TypeError) as error:
                    kept = error  # with its traceback, and so its frames
            ''')

    def test_no_function_is_taken_once_the_program_is_ending(self):
        self.assertEqual(self.run_program("""if True:
            import atexit
            def last():
                try:
                    Client(lambda: "token")
                except RuntimeError as refusal:
                    print(refusal)
                Client("token").free()
            atexit.register(last)  # before the module's own, so that it runs after it
            from mgpresence import Client
            """), "A function cannot provide tokens while the program ends.\n")

    @unittest.skipIf(sys.version_info[:2] == (3, 12), "ctypes is for the main interpreter alone")
    def test_a_subinterpreter_needs_a_token_that_is_a_string(self):
        self.assertEqual(self.run_program("""if True:
            try:
                import _interpreters as interpreters
                one = interpreters.create("legacy")
            except ImportError:
                import _xxsubinterpreters as interpreters
                one = interpreters.create()
            interpreters.run_string(one, '''if True:
                import os
                from mgpresence import Client
                try:
                    Client(lambda: os.environ["MGP_TOKEN"])
                except ValueError as refusal:
                    print(refusal)
                with Client(os.environ["MGP_TOKEN"], base_url=os.environ["MGP_BASE_URL"]) as client:
                    print(client.get_presence("adele").availability, flush=True)
                ''')
            """), "in a subinterpreter, a token must be a string\nOffline\n")


class QueueOfRequests(PresenceCase):
    def test_a_hundred_requests_end_once_each(self):
        with Queue() as queue:
            numbers = [queue.submit(self.client, Request(mgpresence.GET_PRESENCE, mgpresence.USER, "adele")) for _ in range(100)]
            ends = []
            for number, answer in queue.take(timeout=60):
                ends.append(number)
                self.assertEqual(answer.http_status, 200)
                if len(ends) == 100:
                    break
            self.assertEqual(sorted(ends), sorted(numbers))
            self.assertEqual(list(queue.take(timeout=0)), [])

    def test_a_time_is_neither_cut_to_32_bits_nor_rounded_to_none(self):
        for seconds, milliseconds in (0, 0), (-1, 0), (0.0004, 1), (60, 60_000), (4_294_968, 0xFFFFFFFF), (float("inf"), 0xFFFFFFFF):
            self.assertEqual(mgpresence._milliseconds(seconds), milliseconds, seconds)

    def test_a_close_that_cuts_requests_short_says_so(self):
        self.emulator.control("POST", "faults", {"kind": "delay", "delayMs": 600_000})
        with Queue() as queue:
            queue.submit(self.client, Request(mgpresence.GET_PRESENCE, mgpresence.USER, "adele"))
            with self.assertRaises(PresenceError) as caught:
                self.client.close(0.01)
            ((_, end),) = queue.take(1)
        self.assertEqual((caught.exception.name, end.name), ("Timeout", "Closed"))

    def test_a_closed_queue_yields_how_each_request_ended(self):
        queue = Queue()
        submitted = {queue.submit(self.client, Request(mgpresence.GET_PRESENCE, mgpresence.USER, "adele")) for _ in range(8)}
        queue.close()
        self.assertEqual({number for number, _ in queue.take(10)}, submitted)
        with self.assertRaises(PresenceError) as caught:
            queue.submit(self.client, Request(mgpresence.GET_PRESENCE, mgpresence.USER, "adele"))
        self.assertEqual(caught.exception.name, "Closed")

    def test_a_cancelled_request_ends_as_an_error_that_is_not_raised(self):
        self.emulator.control("POST", "faults", {"kind": "delay", "delayMs": 600_000})
        with Queue() as queue:
            number = queue.submit(self.client, Request(mgpresence.GET_PRESENCE, mgpresence.USER, "adele"))
            queue.cancel(self.client, number)
            end, error = next(queue.take(timeout=60))
        self.assertEqual((end, error.name), (number, "Cancelled"))


def _in_a_worker(url, token):
    """What the parent's client says in a forked worker, and what one of the worker's own sees."""
    try:
        Fork.parents.get_presence("adele")
    except PresenceError as error:
        said = error.name
    with Client(token, base_url=url) as client:
        client.set_presence("adele", "Busy", "InACall")
        return said, client.get_presence("adele").activity


@unittest.skipUnless("fork" in multiprocessing.get_all_start_methods(), "no fork on this platform")
class Fork(PresenceCase):
    parents = None

    def test_forked_workers_make_clients_of_their_own(self):
        Fork.parents = self.client
        self.client.get_presence("adele")  # its threads are at work
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # Python warns of any fork beside threads
            with multiprocessing.get_context("fork").Pool(2) as pool:
                said = pool.starmap(_in_a_worker, [(self.emulator.url, self.emulator.token)] * 6)
        self.assertEqual(said, [("Forked", "InACall")] * 6)
        self.assertEqual(self.client.get_presence("adele").activity, "InACall")


class Library(unittest.TestCase):
    def _import(self, **environment):
        """Imports the module where the system would find another library than the loader."""
        code = "import ctypes.util; ctypes.util.find_library = lambda _: 'libc.so.6'; import mgpresence; print(mgpresence._lib._name)"
        variables = {name: value for name, value in os.environ.items() if name != "MGP_LIBRARY"}
        return subprocess.run([sys.executable, "-c", code], cwd=ROOT / "examples/python", env={**variables, **environment}, capture_output=True, text=True)

    def test_the_library_of_this_major_version_comes_before_any_other(self):
        folder = pathlib.Path(os.environ["MGP_LIBRARY"]).parent
        self.assertEqual(self._import(LD_LIBRARY_PATH=str(folder)).stdout, "libmgpresence.so.0\n")

    def test_a_library_that_is_named_is_the_only_one_that_is_tried(self):
        self.assertIn("absent.so", self._import(MGP_LIBRARY="/absent.so").stderr)

    def test_another_library_is_refused_by_name(self):
        self.assertIn("ImportError: libc.so.6 is not libmgpresence", self._import(MGP_LIBRARY="libc.so.6").stderr)


class Layout(unittest.TestCase):
    """tests/abi/*.layout is what a C compiler made of the header."""

    def test_structs_are_laid_out_as_in_the_header(self):
        structs = {"mgp_client_options": mgpresence._ClientOptions, "mgp_request": mgpresence._Request, "mgp_completion": mgpresence._Completion}
        (stored,) = sorted((ROOT / "tests/abi").glob("*.layout"))[-1:]
        compared = 0
        for name, number in (line.split() for line in stored.read_text().splitlines()):
            struct, _, field = name.partition(".")
            if struct in structs:
                ours = getattr(structs[struct], field).offset if field else ctypes.sizeof(structs[struct])
                self.assertEqual(ours, int(number), name)
                compared += 1
        self.assertEqual(compared, sum(len(struct._fields_) + 1 for struct in structs.values()))


class Example(PresenceCase):
    def test_the_example_sets_and_shows(self):
        environment = {**os.environ, "MGP_TOKEN": self.emulator.token, "MGP_BASE_URL": self.emulator.url}
        run = subprocess.run([sys.executable, ROOT / "examples/python/set_presence.py", "adele", "Busy", "InACall"],
                             env=environment, capture_output=True, text=True, check=True)
        self.assertEqual(run.stdout, "adele is now Busy/InACall\n")

    def test_no_example_needs_a_later_python_than_3_6(self):
        for file in (ROOT / "examples/python").glob("*.py"):
            tree = ast.parse(file.read_text(), feature_version=(3, 6))
            annotations = [getattr(node, name, None) for node in ast.walk(tree) for name in ("annotation", "returns")]
            unions = [node for annotation in filter(None, annotations) for node in ast.walk(annotation) if isinstance(node, ast.BinOp)]
            self.assertEqual(unions, [], f"{file.name} has X | Y, which is of 3.10")

    def test_the_example_says_what_it_needs(self):
        for arguments, text in ([], "usage: "), (["adele", "Busy", "InACall"], "token"):
            environment = {name: value for name, value in os.environ.items() if name != "MGP_TOKEN"}
            run = subprocess.run([sys.executable, ROOT / "examples/python/set_presence.py", *arguments],
                                 env=environment, capture_output=True, text=True)
            self.assertEqual(run.returncode, 1)
            self.assertEqual((text in run.stderr, "Traceback" in run.stderr), (True, False), run.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
