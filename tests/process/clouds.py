# SPDX-License-Identifier: GPL-3.0-or-later
"""Servers of clouds on loopback, as the tests of exports need them, and a client of each that knows nothing of ours."""
import base64
import datetime
import hashlib
import hmac
import http.client
import os
import re
import shutil
import socket
import subprocess
import urllib.parse

from world import Skip, await_that, start

READERS = os.path.join(os.path.dirname(os.environ["LEDGERDECK_PROGRAM"]), "readers")


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Server:
    def __init__(self, directory, program, words):
        if not shutil.which("node"):
            raise Skip("there is no node")
        path = os.path.join(READERS, "node_modules/.bin", program)
        if not os.path.exists(path):
            raise Skip(f"there is no {program}: scripts/readers installs it")
        self.directory, self.port = os.path.join(directory, program), free_port()
        self.words = ["node", path, *(word.replace("PORT", str(self.port)).replace("DIRECTORY", self.directory) for word in words)]
        os.makedirs(self.directory, exist_ok=True)
        self.process = self.begin(self.words, self.port)

    def begin(self, words, port, **options):
        process = start(words, **options, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=self.directory)

        def listens():
            assert process.poll() is None, f"{words} ended with {process.returncode}"
            with socket.socket() as probe:
                return probe.connect_ex(("127.0.0.1", port)) == 0

        await_that(listens, f"{words[1]} listens")
        return process

    def run(self):
        self.process = self.begin(self.words, self.port)

    def stop(self):
        self.process.terminate()  # killed, it would forget what it has taken
        self.process.wait()

    def call(self, method, path, headers, body=b""):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        return answer.status, content


class Azure(Server):
    """Azurite with its well-known account; it checks signatures."""
    account = "devstoreaccount1"
    key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="

    def __init__(self, directory):
        super().__init__(directory, "azurite-blob", ["--location", "DIRECTORY", "--blobPort", "PORT", "--silent", "--disableTelemetry"])
        self.endpoint = f"http://127.0.0.1:{self.port}/{self.account}"

    def ask(self, method, path, query=None, body=b"", **headers):
        """A request by shared key; path below the account."""
        query = query or {}
        headers = {"x-ms-date": datetime.datetime.now(datetime.timezone.utc).strftime("%a, %d %b %Y %H:%M:%S GMT"), "x-ms-version": "2021-08-06",
                   **{name.replace("_", "-"): value for name, value in headers.items()}}
        url = f"/{self.account}/{urllib.parse.quote(path)}"
        signed = [method, "", "", str(len(body)) if body else "", "", "", "", "", "", "", "", ""]
        signed += [f"{name}:{headers[name]}" for name in sorted(headers) if name.startswith("x-ms-")]
        signed += [f"/{self.account}{url}", *(f"{name}:{query[name]}" for name in sorted(query))]
        mark = base64.b64encode(hmac.new(base64.b64decode(self.key), "\n".join(signed).encode(), hashlib.sha256).digest()).decode()
        return self.call(method, url + ("?" + urllib.parse.urlencode(query) if query else ""), {**headers, "Authorization": f"SharedKey {self.account}:{mark}"}, body)

    def make(self, container):
        status, content = self.ask("PUT", container, {"restype": "container"})
        assert status == 201, (status, content)

    def sas(self, container, rights):
        """A token for one container, as its owner gives it to others."""
        now = datetime.datetime.now(datetime.timezone.utc)
        end = (now + datetime.timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
        signed = [rights, "", end, f"/blob/{self.account}/{container}", "", "", "", "2020-10-02", "c", "", "", "", "", "", ""]
        mark = base64.b64encode(hmac.new(base64.b64decode(self.key), "\n".join(signed).encode(), hashlib.sha256).digest()).decode()
        return urllib.parse.urlencode({"sv": "2020-10-02", "sr": "c", "sp": rights, "se": end, "sig": mark})

    def files(self, container):
        """{name: bytes} of all blobs."""
        status, content = self.ask("GET", container, {"comp": "list", "restype": "container"})
        assert status == 200, (status, content)
        names = re.findall(r"<Name>([^<]*)</Name>", content.decode())
        assert "<NextMarker/>" in content.decode() or "<NextMarker></NextMarker>" in content.decode(), "more than one page"
        return {name: self.ask("GET", f"{container}/{name}")[1] for name in names}


class S3(Server):
    """s3rver behind a gate that checks signatures (tests/lake/s3-gate.mjs). Its own store is the client: it keeps objects as files."""
    key_id, key = "S3RVER", "a/secret+key=="  # the id is all that s3rver looks at

    def __init__(self, directory, *buckets, trouble=0):
        super().__init__(directory, "s3rver", ["-d", "DIRECTORY", "-p", "PORT", "-a", "127.0.0.1", *(word for bucket in buckets for word in ("--configure-bucket", bucket))])
        gate = free_port()
        self.gate = self.begin(["node", os.path.join(os.environ["SOURCE_DIR"], "tests/lake/s3-gate.mjs"), READERS, str(gate), str(self.port), self.key_id, self.key],
                               gate, env={**os.environ, "GATE_TROUBLE": str(trouble)})
        self.endpoint = f"http://127.0.0.1:{gate}"

    def files(self, bucket):
        found, top = {}, os.path.join(self.directory, bucket)
        for path, _, names in os.walk(top):
            for name in names:
                if name.endswith("._S3rver_object"):
                    whole = os.path.join(path, name)
                    with open(whole, "rb") as file:
                        found[os.path.relpath(whole, top)[:-len("._S3rver_object")]] = file.read()
        return found
