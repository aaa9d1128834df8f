# SPDX-License-Identifier: GPL-3.0-or-later
"""Nothing secret leaves: marked secrets go through all that the program does, well and badly, then every byte that it
produced is searched for them in all the forms that bytes take."""
import base64
import json
import os
import resource
import signal
import string
import subprocess
import urllib.parse

from between import Answer, Between, Proxy
from pty_user import User
from world import PROGRAM, Deck, Simulator, as_time_lets, await_that, case, run_cases, same, start

WINDOW = 12  # so many bytes in a row of a secret are a leak
TOKENS = "/oauth2/v1/tokens/bearer"


# ---- the search


def forms(piece):
    """A piece of a secret in the forms in which it could be written."""
    yield piece
    yield piece.hex().encode()
    yield piece.hex().upper().encode()
    yield "".join(f"%{byte:02X}" for byte in piece).encode()
    yield urllib.parse.quote(piece, safe="").encode()
    yield urllib.parse.quote(piece).encode()
    yield piece[::-1]
    for shift in range(3):
        inside = piece[shift:]
        inside = inside[:len(inside) // 3 * 3]
        yield base64.b64encode(inside)
        yield base64.urlsafe_b64encode(inside)


def find(secrets, produced):
    """[(secret's name, where)] of all that was found. `produced`: {where: bytes}."""
    found = set()
    for name, secret in secrets.items():
        last = len(secret) - WINDOW
        assert last >= 0, f"{name} is too short to be known again"
        step = max(1, last // 8)
        wanted = {form for at in [*range(0, last, step), last] for form in forms(secret[at:at + WINDOW])}
        for where, content in produced.items():
            if any(form in content for form in wanted):
                found.add((name, where))
    return found


@case
def test_the_search_finds(directory, chance):
    """Otherwise all that is said here about leaks means nothing."""
    secret = bytes(chance.choices(string.ascii_letters.encode() + b"+/=&%", k=60))
    same(set(), find({"s": secret}, {"x": b"nothing of it here " * 1000}))
    for width in (24, 60):
        at = chance.randrange(60 - width + 1)
        part = secret[at:at + width]
        for shown in (part, base64.b64encode(part), base64.b64encode(b"a" + part), base64.urlsafe_b64encode(b"ab" + part),
                      part.hex().encode(), part.hex().upper().encode(), urllib.parse.quote(part).encode(), part[::-1],
                      "".join(f"%{byte:02X}" for byte in part).encode(), json.dumps(part.decode()).encode()):
            same({("s", "x")}, find({"s": secret}, {"x": b"before" + shown + b"behind"}), repr(shown))


# ---- what is planted, and what was produced


class Life:
    """A program between its user and a ledger, with all secrets known and all that it produces kept."""

    def __init__(self, directory, chance, **settings):
        self.directory, self.secrets, self.produced = directory, {}, {}
        self.letters = lambda length: "".join(chance.choices(string.ascii_letters + string.digits, k=length))
        self.app = self.plant("client secret", self.letters(40))
        path = os.path.join(directory, "app.secret")
        with open(path, "w") as file:
            file.write(self.app + "\n")
        self.simulator = Simulator(directory, "--set", "limits=off", "--set", "rotation=every", "--client-secret-file", path)
        self.between = Between(self.simulator)
        self.between.rule = self.listen
        home = os.path.join(directory, "home")
        os.makedirs(os.path.join(home, "tmp"))
        self.deck = Deck(home, self.between.url, {"sync.tries": "1", "sync.interval": "1s", "vault.cost": "interactive", **settings})
        self.deck.extra = {"TMPDIR": os.path.join(home, "tmp")}

    def plant(self, name, text):
        self.secrets[name] = text if isinstance(text, bytes) else text.encode()
        return text

    def keep(self, where, content):
        self.produced[where] = self.produced.get(where, b"") + content

    def listen(self, asked, forward):
        """Learns each token that goes by."""
        if TOKENS not in asked.path or asked.method != "POST":
            return None
        answer = forward()
        if answer.status == 200:
            number = len(self.secrets)
            for name in ("access_token", "refresh_token"):
                self.plant(f"{name} {number}", json.loads(answer.body)[name].split("..")[-1])
        return answer

    def plant_answer(self, location):
        """The address that the browser ends on: code and state."""
        query = urllib.parse.parse_qs(urllib.parse.urlsplit(location).query)
        self.plant(f"code {len(self.secrets)}", query["code"][0])
        return location.encode()

    def run(self, *words, **options):
        result = self.deck.run("--set", "log.level=debug", *words, **options)
        self.keep(f"stdout of {words}", result.out)
        self.keep(f"stderr of {words}", result.err)
        return result

    def look_at(self, process):
        """What others can see of a process of ours while it runs, and of its children."""
        pids = [process.pid]
        for pid in pids:
            with open(f"/proc/{pid}/task/{pid}/children") as file:
                pids += [int(word) for word in file.read().split()]
        for pid in pids:
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                self.keep("arguments", file.read() + b"\n")
            with open(f"/proc/{pid}/environ", "rb") as file:
                content = file.read()
            if pid != process.pid:  # what its user gave it is its user's
                self.keep("environment of a child", content)
        return pids

    def take_files(self, *but):
        for folder, _, names in os.walk(self.deck.home):
            for name in names:
                path = os.path.join(folder, name)
                if path in but or not os.path.isfile(path):
                    continue
                with open(path, "rb") as file:
                    self.keep(os.path.relpath(path, self.deck.home), file.read())
        temporary = os.listdir(os.path.join(self.deck.home, "tmp"))
        assert not temporary, f"temporary files stay: {temporary}"

    def take_store(self, *options, **more):
        """Everything in the file, as `sql` tells it: bytes as hexadecimal."""
        tables = [row["name"] for row in self.deck.good(*options, "sql", "--json", "SELECT name FROM sqlite_master WHERE "
                                                         "type = 'table'", **more).json()["rows"]]
        for table in tables:
            for form in ("--json", "--csv"):
                self.run("sql", f"SELECT * FROM {table}", form)

    def check(self, *marks):
        """Nothing is found, and all was looked at: each mark, which is no secret, was seen in what it names."""
        for where, mark in marks:
            assert any(mark in content for name, content in self.produced.items() if where in name), \
                f"{mark!r} is not in {where}: nothing was looked at"
        total = sum(map(len, self.produced.values()))
        print(f"{len(self.secrets)} secrets, {len(self.produced)} outputs, {total} bytes", flush=True)
        same(set(), find(self.secrets, self.produced), "leaks")


def echoes(life):
    """Answers that throw back what they were sent, in all places of an answer."""
    def tell(asked):
        return " ".join([*asked.headers.values(), asked.path, asked.body.decode(errors="replace")])

    def fault(asked, forward, status=400, code="4000"):
        return Answer(json.dumps({"Fault": {"Error": [{"Message": "refused: " + asked.headers.get("Authorization", "none"),
                                                       "Detail": tell(asked), "code": code}], "type": "ValidationFault"}}), status)

    yield "fault", fault
    yield "401", lambda *both: fault(*both, 401, "3200")
    yield "403", lambda *both: fault(*both, 403, "3100")
    yield "500", lambda *both: fault(*both, 500, "10000")
    yield "page", lambda asked, forward: Answer("<html>" + tell(asked) + "</html>", 200, "text/html")
    yield "no JSON", lambda asked, forward: Answer(tell(asked))
    yield "head", lambda asked, forward: Answer("{}", 503, headers=[
        ("intuit_tid", asked.headers.get("Authorization", "")), ("Retry-After", "0"), ("X-Echo", tell(asked)[:8000])])
    yield "redirect", lambda asked, forward: Answer("", 302, headers=[
        ("Location", "http://127.0.0.1:9/?" + urllib.parse.quote(tell(asked)))])
    yield "status", lambda asked, forward: Answer(raw=b"HTTP/1.1 599 " + asked.headers.get("Authorization", "").encode() +
                                                  b"\r\nContent-Length: 0\r\n\r\n")
    yield "no HTTP", lambda asked, forward: Answer(raw=tell(asked).encode())


def live_badly(life, account, chance):
    """Every failure that echoes: while reading, and while renewing."""
    simulator = life.simulator
    every = list(echoes(life))
    for what, rule in as_time_lets(chance, every, 3, "echoes"):
        print(what, flush=True)
        life.between.rule = lambda asked, forward, rule=rule: rule(asked, forward) if "/v3/company/" in asked.path \
            else life.listen(asked, forward)
        life.run("sync", account, "--type", "Customer", "--json")
        life.between.rule = lambda asked, forward, rule=rule: rule(asked, forward) if TOKENS in asked.path else None
        simulator.control("expire", {"realm": "1001"})
        # One that ends the connection is of no use here: it is tried in the end.
        life.run("sync", account, "--type", "Term", "--full")
        life.run("refresh", account)
        life.between.rule = life.listen
        life.run("log", "--limit", "0", "--json")
        if life.deck.rows("accounts")[0]["state"] != "ok":
            reconnect(life, account)
    life.run("status", "--json")
    life.run("status")


def reconnect(life, account):
    url = life.run("connect", "quickbooks", "--account", account).text
    location = life.simulator.consent(next(line for line in url.splitlines() if line.startswith("http")))
    result = life.run("connect", "quickbooks", "--resume", "--yes", input=life.plant_answer(location))
    same(0, result.code, result)


@case
def test_key_file(directory, chance):
    """With a key file: the app's secret from the environment, the answer pasted into a pipe, work by commands and `run`."""
    life = Life(directory, chance)
    deck = life.deck
    life.run("vault", "init")
    with open(deck.key, "rb") as file:
        text = file.read()
    life.plant("key file", text.split()[1])
    word = text.split()[1].decode()
    life.plant("key", base64.urlsafe_b64decode(word + "=" * (-len(word) % 4)))
    deck.extra["QB_CLIENT_ID"], deck.extra["QB_CLIENT_SECRET"] = "simulator-client", life.app
    url = life.run("connect", "quickbooks").text
    location = life.simulator.consent(next(line for line in url.splitlines() if line.startswith("http")))
    for wrong in (location.replace("state=", "state=x"), location[:-20], "code=" + life.app):
        life.run("connect", "quickbooks", "--resume", "--yes", input=wrong.encode() + b"\n")
    result = life.run("connect", "quickbooks", "--resume", "--yes", input=life.plant_answer(location))
    same(0, result.code, result)
    # Twice: the code is used up.
    life.run("connect", "quickbooks", "--resume", "--yes", input=location.encode())
    account = deck.rows("accounts")[0]["id"]
    life.run("sync", "--all", "--json")
    scheduler = deck.start("--set", "log.level=debug", "--set", "sync.interval=1s", "run", stdout=subprocess.PIPE)
    life.simulator.control("expire", {"realm": "1001"})
    before = len(life.between.asked)
    await_that(lambda: len(life.between.asked) > before + 3, "the scheduler works")
    life.look_at(scheduler)
    scheduler.send_signal(signal.SIGTERM)
    out, err = scheduler.communicate()
    life.keep("run", out + err)
    live_badly(life, account, chance)
    life.run("vault", "rotate")
    life.run("settings", "--origin", "--json")
    life.run("audit", "--json")
    life.run("objects", account, "Customer", "--csv")
    life.take_files(deck.key)
    life.run("disconnect", account, "--yes")
    life.take_store()
    life.take_files(deck.key)
    life.check(("ledgerdeck.db", b"Otter Creek"), ("run", b"debug net"), ("stderr of ('sync'", b"debug net"), ("arguments", b"run"),
               ("sql', 'SELECT * FROM sealed'", b"kind"), ("SELECT * FROM attempt'", b"Customer"), ("audit", b"vault init"))


@case
def test_passphrase_at_a_terminal(directory, chance):
    """A person types passphrase, secret and answer at a terminal: none of it is echoed, nor kept anywhere."""
    life = Life(directory, chance)
    deck = life.deck
    deck.settings.pop("vault.key_file")
    deck.configure()
    words = life.plant("passphrase", "correct horse " + life.letters(20)).encode()
    user = User(deck, "--set", "log.level=debug", "vault", "init")
    for prompt in (b"New passphrase for the vault: ", b"The same again: "):
        user.await_text(prompt)
        user.type(words + b"\r")
    same(0, user.end())
    life.keep("terminal", user.seen)
    for typed, code in ((b"wrong " + words[::-1], 7), (words, 0)):
        user = User(deck, "--set", "log.level=debug", "connect", "quickbooks", "--client-id", "simulator-client")
        user.await_text(b"Passphrase of the vault: ")
        user.type(typed + b"\r")
        if code == 0:
            user.await_text(b"(not shown): ")
            user.type(life.app.encode() + b"\r")
            user.await_text(b"Open this address in a browser:\r\n")
            url = user.await_text(b"\r\n")
            user.await_text(b"Paste here: ")
            life.look_at(user.process)
            user.type(life.plant_answer(life.simulator.consent(url.decode())) + b"\r")
            user.await_text(b"company id ending in")
            user.await_text(b"? ")
            user.type(b"yes\r")
        same(code, user.end(), user.seen)
        life.keep("terminal", user.seen)
    for command in (("sync", "--all"), ("refresh", "--all"), ("vault", "rotate"), ("status",)):
        user = User(deck, "--set", "log.level=debug", *command)
        if command != ("status",):
            user.await_text(b"Passphrase of the vault: ")
            user.type(words + b"\r")
        same(0, user.end(), user.seen)
        life.keep("terminal", user.seen)
    life.take_store()
    life.take_files()
    life.check(("terminal", b"Otter Creek"), ("terminal", b"debug net"), ("ledgerdeck.db", b"Otter Creek"))


@case
def test_proxies_and_tls(directory, chance):
    """On the way to the real ledger through what is between: its password, and the app's secret."""
    life = Life(directory, chance, **{"quickbooks.environment": "sandbox", "quickbooks.client_id": "AB" + "c" * 20})
    password = life.plant("proxy password", life.letters(24))
    life.run("vault", "init")
    life.deck.extra.update({"no_proxy": "", "NO_PROXY": "", "QB_CLIENT_SECRET": life.app,
                            "QB_AUTHORIZATION_CODE": life.plant("code", "AB1" + life.letters(40)), "QB_REALM_ID": "4620816365000000000"})
    for how, status in (("refuse", 407), ("refuse", 403), ("intercept", 200)):
        with Proxy(how, status) as proxy:
            address = proxy.url.replace("://", f"://somebody:{password}@")
            life.deck.extra["https_proxy"] = address
            same(1, life.run("connect", "quickbooks", "--yes").code)
            assert proxy.hosts, "the proxy was not asked"
            life.run("connect", "quickbooks", "--yes", "--set", "net.proxy=" + address)
    life.run("settings", "--origin", "--json")
    life.deck.configure(net__proxy=address)
    life.run("settings", "--origin")
    life.deck.configure(net__proxy="")
    life.take_store()
    life.take_files(life.deck.key, os.path.join(life.deck.home, ".config/ledgerdeck/ledgerdeck.conf"))
    life.check(("stderr", b"proxy"), ("stdout of ('settings'", b"client_secret"))


@case
def test_demo(directory, chance):
    """The simulator is a child of the demo: what its user has in his environment is none of its business."""
    life = Life(directory, chance)
    life.deck.extra.update({"QB_CLIENT_SECRET": life.app, "QUICKBOOKS_CLIENT_SECRET": life.app,
                            "LEDGERDECK__QUICKBOOKS__AUTHORIZATION_CODE": life.plant("code", life.letters(40)),
                            "SOMETHING_ELSE": life.plant("anything", life.letters(40))})
    process = life.deck.start("--set", "log.level=debug", "demo")
    children = f"/proc/{process.pid}/task/{process.pid}/children"
    assert await_that(lambda: open(children).read().split(), "the simulator starts")
    pid = int(open(children).read().split()[0])
    await_that(lambda: b"simulator" in open(f"/proc/{pid}/cmdline", "rb").read(), "the simulator runs")
    assert len(life.look_at(process)) == 2
    out, err = process.communicate()
    same(0, process.returncode, err)
    life.keep("demo", out + err)
    # Its own secrets are the simulator's, which everybody knows, and are kept by the simulator.
    place = os.path.join(life.deck.home, ".local/share/ledgerdeck/demo")
    with open(os.path.join(place, "demo.key"), "rb") as file:
        life.plant("demo's key", file.read().split()[1])
    life.take_files(os.path.join(place, "demo.key"))
    life.check(("environment of a child", b"PATH="), ("demo.db", b"Otter Creek" if b"Otter" in out else b"SQLite format 3"),
               ("demo", b"Invoice"))


@case
def test_no_core(directory, chance):
    """Even where the system would write cores, and the program dies of one of its own signals."""
    life = Life(directory, chance)
    life.run("vault", "init")
    for number in (signal.SIGABRT, signal.SIGSEGV, signal.SIGQUIT):
        process = start([PROGRAM, "run"], env=life.deck.environment(), cwd=life.deck.home, stdout=subprocess.DEVNULL,
                        stderr=subprocess.PIPE, preexec_fn=lambda: resource.setrlimit(
                            resource.RLIMIT_CORE, (resource.getrlimit(resource.RLIMIT_CORE)[1],) * 2))
        process.stderr.readline()  # it is at work
        with open(f"/proc/{process.pid}/limits") as file:
            limit = next(line for line in file if line.startswith("Max core file size")).split()[4]
        same("0", limit, "the greatest core file")
        process.send_signal(number)
        _, status = os.waitpid(process.pid, 0)
        process.returncode = -number
        if os.WIFSIGNALED(status):
            assert not os.WCOREDUMP(status), "a core was written"
    same([], [name for name in os.listdir(life.deck.home) if name.startswith("core")])


if __name__ == "__main__":
    run_cases()
