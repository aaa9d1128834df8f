# SPDX-License-Identifier: GPL-3.0-or-later
"""Servers that are not what they should be: one between the program and the simulator, which changes what goes through
or answers by itself, and a proxy. What they say is made here, and not with the program's own ideas of a ledger."""
import contextlib
import http.client
import http.server
import socket
import ssl
import tempfile
import threading
import urllib.parse

from world import SECONDS

# Signs nothing but itself, for a name that nobody asks for.
CERTIFICATE = """\
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgoePfddB0e8BpyNeV
8kiopWLVupN0rs2tqviS8mFZW2KhRANCAAT0mdWLQobF4CovvHnWcttgKQpqyDA3
gK/apkexuvYTiP8WE4F9Tn4TaWcQujKZwuGe/OxJ8URCVRBY4sTYCphH
-----END PRIVATE KEY-----
-----BEGIN CERTIFICATE-----
MIIBiTCCAS+gAwIBAgIUdrGlw3yx9x+d1jPbuKVyqWH6vSYwCgYIKoZIzj0EAwIw
GTEXMBUGA1UEAwwObm9ib2R5LmludmFsaWQwIBcNMjYxMTI5MDYyNDQxWhgPMjEy
NjExMDUwNjI0NDFaMBkxFzAVBgNVBAMMDm5vYm9keS5pbnZhbGlkMFkwEwYHKoZI
zj0CAQYIKoZIzj0DAQcDQgAE9JnVi0KGxeAqL7x51nLbYCkKasgwN4Cv2qZHsbr2
E4j/FhOBfU5+E2lnELoymcLhnvzsSfFEQlUQWOLE2AqYR6NTMFEwHQYDVR0OBBYE
FKy2KylAfRS7hx/KXY7Ha+HUqf9ZMB8GA1UdIwQYMBaAFKy2KylAfRS7hx/KXY7H
a+HUqf9ZMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIhAL7S4JvI
fj39wruS5JjtvSH9r3Mwm0ycwlZGfy6ckpgHAiAe99AHU/X/7W8MraJIfFqYaeQv
UH/rur+nDuFx6Hqrng==
-----END CERTIFICATE-----
"""


class Answer:
    def __init__(self, body=b"", status=200, content_type="application/json", headers=(), raw=None):
        self.body = body if isinstance(body, bytes) else body.encode()
        self.status, self.content_type, self.headers = status, content_type, list(headers)
        self.raw = raw  # the bytes on the wire, and then the connection ends


CUT = Answer(raw=b"")  # the connection ends without a byte


class Asked:
    def __init__(self, method, path, headers, body):
        self.method, self.path, self.headers, self.body = method, path, headers, body

    @property
    def query(self):
        return urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query).get("query", [""])[0]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = SECONDS

    def log_message(self, *_):
        pass

    def answer(self):
        length = int(self.headers.get("Content-Length") or 0)
        asked = Asked(self.command, self.path, dict(self.headers), self.rfile.read(length) if length else b"")
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self.send(self.server.owner.decide(asked))

    def send(self, answer):
        if answer.raw is not None:
            self.wfile.write(answer.raw)
            self.close_connection = True
            return
        self.send_response(answer.status)
        for name, value in [("Content-Type", answer.content_type), ("Content-Length", str(len(answer.body))), *answer.headers]:
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    def do_CONNECT(self):
        with contextlib.suppress(OSError):
            self.server.owner.connect(self)
        self.close_connection = True

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = answer


class Quiet(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        """Whoever is tested may leave in the middle."""


class Server:
    """On a free port of loopback, until close()."""

    def __init__(self):
        self.server = Quiet(("127.0.0.1", 0), Handler)
        self.server.owner = self
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.asked = []
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    def decide(self, asked):
        self.asked.append(asked)
        return Answer(status=404)

    def connect(self, handler):
        handler.send_error(405)


class Between(Server):
    """`rule` gets what was asked and a function that asks the simulator; it returns an Answer, or None for what the
    simulator says."""

    def __init__(self, simulator):
        super().__init__()
        self.simulator, self.rule = simulator, None

    def pass_on(self, asked):
        address = urllib.parse.urlsplit(self.simulator.url)
        connection = http.client.HTTPConnection(address.hostname, address.port, timeout=SECONDS)
        headers = {name: value for name, value in asked.headers.items() if name.lower() not in ("host", "accept-encoding")}
        connection.request(asked.method, asked.path, asked.body or None, headers)
        got = connection.getresponse()
        body = got.read()
        connection.close()
        kept = [(name, value) for name, value in got.getheaders() if name.lower() not in (
            "content-length", "content-type", "connection", "date", "transfer-encoding")]
        return Answer(body, got.status, got.getheader("Content-Type") or "text/plain", kept)

    def decide(self, asked):
        self.asked.append(asked)
        answer = self.rule(asked, lambda: self.pass_on(asked)) if self.rule else None
        return answer or self.pass_on(asked)

    @contextlib.contextmanager
    def ruled(self, rule):
        self.rule = rule
        try:
            yield self
        finally:
            self.rule = None


class Proxy(Server):
    """What a company puts between its people and the world. `how`: refuse, or intercept (its own certificate)."""

    def __init__(self, how, status=403):
        super().__init__()
        self.how, self.status, self.hosts = how, status, []

    def connect(self, handler):
        self.hosts.append(handler.path)
        if self.how == "refuse":
            handler.send_error(self.status)
            return
        handler.send_response(200)
        handler.end_headers()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        with tempfile.NamedTemporaryFile("w") as file:
            file.write(CERTIFICATE)
            file.flush()
            context.load_cert_chain(file.name)
        with contextlib.suppress(ssl.SSLError):
            handler.connection.settimeout(SECONDS)
            context.wrap_socket(handler.connection, server_side=True).recv(1)


def closed_port():
    """A port on which nobody listens."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]
