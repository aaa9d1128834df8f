# SPDX-License-Identifier: GPL-3.0-or-later
# What the simulator's server takes from the wire: good HTTP in all its forms, and requests that
# make no sense, which cost bounded memory and never stop the others.
command -v python3 >/dev/null || {
	echo 'no python3'
	exit 77
}
exec python3 - <<'END_OF_PYTHON'
import http.client
import json
import os
import re
import resource
import select
import signal
import socket
import subprocess
import sys
import threading
import time
import traceback
import urllib.parse

# Whoever runs the tests in the background has some of them ignored, which children would inherit.
for number in signal.SIGINT, signal.SIGQUIT, signal.SIGHUP:
    signal.signal(number, signal.SIG_DFL)

PROGRAM = os.environ["SIMULATOR_PROGRAM"]
DISCOVERY = "/.well-known/openid_configuration"
MIB = 1 << 20
# The thread sanitizer keeps several bytes of its own for each byte of the program.
with open(PROGRAM, "rb") as program:
    SHADOW = 8 if b"__tsan_init" in program.read() else 1
resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)


class Simulator:
    def __init__(self, *options):
        self.process = subprocess.Popen(
            [PROGRAM, "--port", "0", "--company", "small,realm=1234", "--auto-consent", *options],
            stdout=subprocess.PIPE, stdin=subprocess.DEVNULL,
            # A sanitized program must not keep what it has freed, for the sake of what is measured here.
            env={**os.environ, "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "") + ":quarantine_size_mb=8"})
        line = self.process.stdout.readline().decode()
        self.port = int(re.fullmatch(r"ledgerdeck-simulator: listening on http://127\.0\.0\.1:(\d+)\n", line)[1])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()

    def end(self, number=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            status = self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise
        finally:
            self.process.stdout.close()
        assert status == 0, f"ended with {status}"

    def dial(self, timeout=20):
        return socket.create_connection(("127.0.0.1", self.port), timeout)

    def ask(self, method="GET", path=DISCOVERY, body=None, headers={}):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read(), answer
        finally:
            connection.close()

    def is_alive(self):
        began = time.monotonic()
        status, body, _ = self.ask(path="/simulator/clock")
        assert status == 200 and b"now" in body
        assert time.monotonic() - began < 5

    def trouble(self, **trouble):
        status, body, _ = self.ask("POST", "/simulator/troubles", json.dumps(trouble))
        assert status == 200, body

    def proc(self, name):
        with open(f"/proc/{self.process.pid}/status") as file:
            return int(re.search(name + r":\s+(\d+)", file.read())[1])

    def token(self):
        redirect = f"http://127.0.0.1:{self.port}/oauth2/code"
        query = urllib.parse.urlencode({
            "client_id": "simulator-client", "response_type": "code", "state": "1",
            "scope": "com.intuit.quickbooks.accounting", "redirect_uri": redirect})
        status, _, answer = self.ask(path="/connect/oauth2?" + query)
        assert status == 302, status
        code = urllib.parse.parse_qs(urllib.parse.urlparse(answer.getheader("Location")).query)["code"][0]
        form = urllib.parse.urlencode({
            "grant_type": "authorization_code", "code": code, "redirect_uri": redirect,
            "client_id": "simulator-client", "client_secret": "simulator-secret"})
        status, body, _ = self.ask("POST", "/oauth2/v1/tokens/bearer", form,
                                   {"Content-Type": "application/x-www-form-urlencoded"})
        assert status == 200, body
        return json.loads(body)["access_token"]


def read_all(sock):
    """All bytes until the other side ends; None when it breaks the connection without one."""
    got = b""
    try:
        while True:
            piece = sock.recv(65536)
            if not piece:
                return got
            got += piece
    except (ConnectionResetError, BrokenPipeError):
        return got or None


def pour(sock, piece, most):
    """Send the same piece over and over; returns how many bytes went before the other side ended."""
    sent = 0
    try:
        while sent < most:
            sock.sendall(piece)
            sent += len(piece)
    except (ConnectionResetError, BrokenPipeError):
        pass
    return sent


def status_of(answer):
    return int(answer.split(b" ", 2)[1]) if answer else None


# ---- good HTTP

def check_forms(s):
    """Chunks for success and a length for the rest; HTTP/1.0, HEAD, and one connection for many."""
    headers = {"Authorization": "Bearer " + s.token(), "Accept": "application/json"}
    path = "/v3/company/1234/query?query=select%20*%20from%20Customer"
    connection = http.client.HTTPConnection("127.0.0.1", s.port, timeout=20)
    for _ in range(3):
        connection.request("GET", path, headers=headers)
        local = connection.sock.getsockname()
        answer = connection.getresponse()
        body = answer.read()
        assert answer.status == 200 and "QueryResponse" in json.loads(body)
        assert answer.getheader("Transfer-Encoding") == "chunked" and not answer.getheader("Content-Length")
        connection.request("GET", "/v3/company/1234/query", headers=headers)
        assert connection.sock.getsockname() == local
        answer = connection.getresponse()
        fault = answer.read()
        assert answer.status == 400 and int(answer.getheader("Content-Length")) == len(fault) > 0
    connection.close()
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    with s.dial() as sock:
        sock.sendall(f"GET {path} HTTP/1.0\r\n{lines}\r\n".encode())
        head, old = read_all(sock).split(b"\r\n\r\n", 1)
        assert b"chunked" not in head and f"Content-Length: {len(old)}".encode() in head
        assert "QueryResponse" in json.loads(old)
    with s.dial() as sock:
        sock.sendall(f"HEAD {path} HTTP/1.1\r\nHost: localhost\r\n{lines}\r\n"
                     f"HEAD {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{lines}\r\n".encode())
        first, second, rest = read_all(sock).split(b"\r\n\r\n")
        assert status_of(first) == status_of(second) == 200 and rest == b""


def check_continue(s):
    """Expect: 100-continue is granted, or refused before a byte of a body that is too large."""
    with s.dial() as sock:
        sock.sendall(b"POST /simulator/clock HTTP/1.1\r\nHost: localhost\r\nContent-Length: 13\r\n"
                     b"Expect: 100-continue\r\nConnection: close\r\n\r\n")
        assert sock.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"
        sock.sendall(b'{"step_s": 0}')
        assert status_of(read_all(sock)) == 200
    with s.dial() as sock:
        sock.sendall(b"POST /simulator/clock HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9000000\r\n"
                     b"Expect: 100-continue\r\n\r\n")
        assert status_of(read_all(sock)) == 413


def check_pieces(s):
    """Requests that come byte by byte, in chunks, or several at once."""
    request = (b"POST /simulator/clock HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n"
               b"%s\r\n6\r\n{\"step\r\n7\r\n_s\": 0}\r\n0\r\n\r\n")
    with s.dial() as sock:
        for at in range(len(request % b"Connection: close\r\n")):
            sock.sendall((request % b"Connection: close\r\n")[at:at + 1])
        assert status_of(read_all(sock)) == 200
    with s.dial() as sock:
        sock.sendall(request % b"" * 20 + request % b"Connection: close\r\n")
        assert read_all(sock).count(b"HTTP/1.1 200 OK") == 21


def check_slow(s):
    """An answer that comes late, and one that comes slowly, take their time."""
    s.trouble(kind="delay", ms=700, call="oauth")
    began = time.monotonic()
    assert s.ask()[0] == 200
    assert time.monotonic() - began >= 0.69
    s.trouble(kind="slow", bytes=2000, call="oauth")
    with s.dial() as sock:
        began = time.monotonic()
        sock.sendall(f"GET {DISCOVERY} HTTP/1.0\r\n\r\n".encode())
        first = sock.recv(200)
        waited = time.monotonic() - began
        body = (first + read_all(sock)).split(b"\r\n\r\n", 1)[1]
        assert json.loads(body)["issuer"]
        took = time.monotonic() - began
    assert took >= len(body) / 2000 * 0.9, (took, len(body))
    assert waited < took / 2, (waited, took)


def check_cuts(s):
    """Connections that are cut before the answer, within it with a length, and between chunks."""
    for kind in "cut-before", "cut-after":
        s.trouble(kind=kind, call="oauth")
        with s.dial() as sock:
            sock.sendall(f"GET {DISCOVERY} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            assert read_all(sock) == b"", kind
    whole = s.ask()[1]
    s.trouble(kind="cut-body", call="oauth")
    try:
        s.ask()
        raise AssertionError("the answer is whole")
    except http.client.IncompleteRead as cut:
        assert cut.partial == whole[:len(whole) // 2]
    token = s.token()
    s.trouble(kind="cut-body", call="query")
    try:
        s.ask(path="/v3/company/1234/query?query=select%20*%20from%20Account",
              headers={"Authorization": "Bearer " + token, "Accept": "application/json"})
        raise AssertionError("the answer is whole")
    except http.client.IncompleteRead as cut:
        assert cut.partial.startswith(b'{"QueryResponse"')
    with s.dial() as sock:
        sock.sendall(f"GET {DISCOVERY} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        assert sock.recv(10) == b"HTTP/1.1 2"


def check_in_flight(s):
    """A client that asks one thing after another, on whatever connections, has one call in flight."""
    headers = {"Authorization": "Bearer " + s.token(), "Accept": "application/json"}
    connections = [http.client.HTTPConnection("127.0.0.1", s.port, timeout=20) for _ in range(8)]
    s.ask("DELETE", "/simulator/counters")
    for turn in range(800):
        connection = connections[turn % len(connections)]
        statement = ("select%20*%20from%20Customer", "nonsense")[turn // len(connections) % 2]
        connection.request("GET", "/v3/company/1234/query?query=" + statement, headers=headers)
        connection.getresponse().read()
    counters = json.loads(s.ask(path="/simulator/counters")[1])["companies"]["1234"]
    assert counters["calls"]["query"] == 800 and counters["most_in_flight"] == 1, counters
    for connection in connections:
        connection.close()


# ---- what makes no sense

def check_not_http(s):
    for request in (b"\n", b"\0" * 2000 + b"\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 9,
                    b"GET\r\n\r\n", b"GET /\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"get it now please\n\n",
                    b"GET / HTTP/1.1\r\nno colon\r\n\r\n", b"SSH-2.0-OpenSSH_9.2\r\n", bytes(range(256)) * 40,
                    b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
                    b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999999\r\n\r\n",
                    b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                    b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nshort",
                    b"GET /%zz HTTP/1.1\r\nConnection: close\r\n\r\n",
                    b"GET /\xff\xfe HTTP/1.1\r\nConnection: close\r\n\r\n"):
        with s.dial() as sock:
            sock.sendall(request)
            sock.shutdown(socket.SHUT_WR)
            answer = read_all(sock)
            assert not answer or 400 <= status_of(answer) <= 505, (request[:40], answer)
    s.is_alive()


def check_endless_head(s):
    """Lines without an end, lines without number, parameters without number: refused, and soon."""
    before = s.proc("VmHWM")
    for start, piece, statuses in (
            (b"", b"x" * 4096, (414,)),
            (b"GET /", b"a" * 4096, (414,)),
            (b"GET /?", b"a=1&" * 1024, (400, 414)),
            (b"GET / HTTP/1.1\r\nX: ", b"y" * 4096, (431,)),
            (b"GET / HTTP/1.1\r\n", b"X-Header: value\r\n" * 256, (431,)),
            (b"GET / HTTP/1.1\r\nX: 1\r\n", b" folded\r\n" * 512, (431,))):
        with s.dial() as sock:
            sock.sendall(start)
            sent = pour(sock, piece, 256 * MIB)
            assert sent < 64 * MIB, (start, sent)
            answer = read_all(sock)
            assert answer is None or status_of(answer) in statuses, (start, answer)
    for parameters, statuses in ((60, (200, 400, 404)), (1000, (400,)), (10000, (400, 414))):
        status, _, _ = s.ask(path="/v3/company/1234/query?" + "a=1&" * parameters + "b=2")
        assert status in (401,) + statuses, (parameters, status)
    assert s.proc("VmHWM") - before < 200 * 1024
    s.is_alive()


def check_giant_body(s):
    """8 MiB are taken, a byte more is not; a gigabyte is cut short and never kept."""
    path = "/v3/company/1234/customer"
    assert s.ask("POST", path, b" " * 8 * MIB)[0] == 401
    before = s.proc("VmHWM")
    assert s.ask("POST", path, b" " * (8 * MIB + 1))[0] == 413
    assert s.ask("POST", path, iter([b" " * MIB] * 9))[0] == 413
    with s.dial() as sock:
        sock.sendall(b"POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000000\r\n\r\n" % path.encode())
        assert pour(sock, b" " * 65536, 1000000000) < 100 * MIB
        answer = read_all(sock)
        assert answer is None or status_of(answer) == 413, answer
    with s.dial() as sock:
        sock.sendall(b"POST %s HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n" % path.encode())
        assert pour(sock, b"10000\r\n" + b" " * 65536 + b"\r\n", 1000000000) < 100 * MIB
        answer = read_all(sock)
        assert answer is None or status_of(answer) == 413, answer
    assert s.proc("VmHWM") - before < 200 * 1024 * SHADOW, (before, s.proc("VmHWM"))
    s.is_alive()


def check_unread(s):
    """Clients that ask and never read hold up nobody."""
    token = s.token()
    request = (f"GET /v3/company/1234/query?query=select%20*%20from%20Account HTTP/1.1\r\nHost: localhost\r\n"
               f"Authorization: Bearer {token}\r\nAccept: application/json\r\n\r\n").encode()
    socks = [s.dial() for _ in range(100)]
    for sock in socks:
        sock.sendall(request * 20)
    s.is_alive()
    for sock in socks:
        sock.close()
    s.is_alive()


def check_idle(s):
    """Thousands of silent connections: no thread, bounded memory, closed after the idle time."""
    threads, memory = s.proc("Threads"), s.proc("VmRSS")
    count = min(3000, resource.getrlimit(resource.RLIMIT_NOFILE)[0] // 2)
    socks = [s.dial() for _ in range(count)]
    for sock in socks[::2]:
        sock.sendall(b"GET / HT")
    s.is_alive()
    assert s.proc("Threads") == threads
    assert s.proc("VmRSS") - memory < 64 * 1024 * SHADOW, (memory, s.proc("VmRSS"))
    for sock in socks:
        assert read_all(sock) in (b"", None)
        sock.close()
    s.is_alive()


def check_delayed(s):
    """Thousands of answers that wait at once: no thread, nobody else waits, all come."""
    threads = s.proc("Threads")
    count = min(2000, resource.getrlimit(resource.RLIMIT_NOFILE)[0] // 2)
    assert s.ask("POST", "/simulator/switches", '{"latency-ms": "2500", "jitter-ms": "500"}')[0] == 200
    socks = [s.dial() for _ in range(count)]
    began = time.monotonic()
    for sock in socks:
        sock.sendall(f"GET {DISCOVERY} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
    s.is_alive()
    assert s.proc("Threads") == threads
    for sock in socks:
        assert status_of(read_all(sock)) == 200
        sock.close()
    took = time.monotonic() - began
    assert 2.5 <= took < 15, took
    assert s.ask("POST", "/simulator/switches", '{"latency-ms": "0", "jitter-ms": "0"}')[0] == 200
    began = time.monotonic()
    assert s.ask()[0] == 200 and time.monotonic() - began < 2


def check_memory_limit():
    """Bodies that together would pass the limit are refused and not kept; what fits again is taken."""
    body = b" " * 7 * MIB
    with Simulator("--memory-limit", "16") as s:
        before = s.proc("VmRSS")
        socks = [s.dial() for _ in range(40)]
        for sock in socks:
            sock.sendall(b"POST /v3/company/1234/customer HTTP/1.1\r\nHost: localhost\r\n"
                         b"Content-Length: %d\r\n\r\n" % (len(body) + 1))
            sock.sendall(body)
        grown = s.proc("VmRSS") - before
        assert grown < 120 * 1024, grown
        statuses = []
        for sock in socks:
            sock.sendall(b" ")
            statuses.append(status_of(sock.recv(1000)))
            sock.close()
        assert 503 in statuses and set(statuses) <= {401, 503}, statuses
        assert s.ask("POST", "/v3/company/1234/customer", body)[0] == 401
        s.is_alive()


# ---- the end

def check_end():
    """Signals end the program while answers wait, flow and are not read."""
    for number in signal.SIGTERM, signal.SIGINT, signal.SIGHUP:
        with Simulator() as s:
            s.trouble(kind="slow", bytes=1, call="oauth")
            slow = s.dial()
            slow.sendall(f"GET {DISCOVERY} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            assert slow.recv(20)
            s.ask("POST", "/simulator/switches", '{"latency-ms": "3000000"}')
            socks = [s.dial() for _ in range(200)]
            for sock in socks:
                sock.sendall(f"GET {DISCOVERY} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            s.is_alive()
            s.end(number)
            for sock in socks + [slow]:
                sock.close()


def check_end_under_fire():
    """The end is clean, too, while requests that make no sense pour in."""
    garbage = (b"\0\1\2\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"GET / HTTP/1.1\r\nno colon\r\n\r\n",
               b"POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")

    def fire(s, over, fired):
        while not over.is_set():
            try:
                with s.dial(2) as sock:
                    for request in garbage:
                        sock.sendall(request)
                    sock.recv(100)
                fired.release()
            except OSError:
                pass

    for _ in range(20):
        over, fired = threading.Event(), threading.Semaphore(0)
        with Simulator() as s:
            threads = [threading.Thread(target=fire, args=(s, over, fired)) for _ in range(12)]
            for thread in threads:
                thread.start()
            try:
                for _ in range(100):
                    assert fired.acquire(timeout=20)
                s.end()
            finally:
                over.set()
                for thread in threads:
                    thread.join()


def check_parent():
    """With --exit-with-parent nothing is left behind when the parent dies."""
    parent = subprocess.Popen(
        ["sh", "-c", '"$0" --port 0 --company small --exit-with-parent=$$ & read wait; kill -9 $$', PROGRAM],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert parent.stdout.readline().startswith(b"ledgerdeck-simulator: listening on ")
    parent.stdin.write(b"\n")
    parent.stdin.close()
    parent.wait(20)
    ready, _, _ = select.select([parent.stdout], [], [], 20)
    assert ready and parent.stdout.read() == b""
    parent.stdout.close()


def run(check, *args):
    try:
        check(*args)
        return True
    except Exception:
        print(f"{check.__name__}: {check.__doc__}")
        traceback.print_exc(file=sys.stdout)
        return False


good = True
for options, checks in (
        (["--set", "limits=off"], (check_forms, check_continue, check_pieces, check_slow, check_cuts,
                                   check_in_flight, check_endless_head, check_giant_body, check_unread,
                                   check_delayed)),
        (["--idle-timeout", "2"], (check_not_http, check_idle))):
    with Simulator(*options) as s:
        for check in checks:
            good = run(check, s) and good
for check in check_memory_limit, check_end, check_end_under_fire, check_parent:
    good = run(check) and good
sys.exit(0 if good else 1)
END_OF_PYTHON
