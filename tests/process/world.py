# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of real processes have in common: the two programs as their user starts them, the ledger's truth
beside what the mirror holds, and the cases of a test, told as the unit tests tell theirs."""
import contextlib
import glob
import json
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import textwrap
import time
import traceback
import urllib.error
import urllib.parse
import urllib.request

PROGRAM = os.environ["LEDGERDECK_PROGRAM"]
SIMULATOR = os.environ["SIMULATOR_PROGRAM"]
# For the environment of a program that tests/process/hook.c works on.
HOOK = {"LD_PRELOAD": os.environ.get("HOOK_LIBRARY", ""),
        "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0"}
SOAK = "LEDGERDECK_SOAK" in os.environ
SHORT_S = 1                                         # for the many cases of one test, without a soak
SOAK_S = int(os.environ.get("SOAK_SECONDS") or 60)  # the same in a soak
SECONDS = 120  # the longest that anything may take; sanitizers are slow
# What is drawn by chance comes from here, and is told, so that it can be drawn again.
SEED = int(os.environ.get("LEDGERDECK_SEED") or random.SystemRandom().randrange(1 << 32))
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))

# Whoever runs the tests in the background has some of them ignored, which children would inherit.
for _number in signal.SIGINT, signal.SIGQUIT, signal.SIGHUP:
    signal.signal(_number, signal.SIG_DFL)



class Skip(Exception):
    """What the machine can't do."""


def await_that(question, what, seconds=SECONDS):
    """Until it is so: looked at again and again, since nothing tells."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        answer = question()
        if answer:
            return answer
        time.sleep(0.005)
    raise AssertionError(f"waited in vain: {what}")


def as_time_lets(chance, cases, least, what):
    """Cases in an order of chance, for as long as such have: no fewer than `least`."""
    cases = list(cases)
    chance.shuffle(cases)
    end = time.monotonic() + (SOAK_S if SOAK else SHORT_S)
    tried = 0
    for each in cases:
        if time.monotonic() > end and tried >= least:
            break
        tried += 1
        yield each
    print(f"{tried} of {len(cases)} {what}", flush=True)


# ---- processes: all that were started end with the test

started = []


def start(words, **options):
    process = subprocess.Popen(words, **options)
    started.append(process)
    return process


def tell_all():
    """What a failure leaves behind: what each process was, whether it still ran and in which call its threads waited, and what it has said."""
    for process in started:
        # Others' pipes and terminals are read by whoever started them.
        streams = [stream for stream in (process.stdout, process.stderr) if stream and not stream.closed]
        code = process.poll()
        if code is not None and not streams:
            continue
        print(f"{process.args}: {'still there' if code is None else code}")
        for task in glob.glob(f"/proc/{process.pid}/task/*"):
            with contextlib.suppress(OSError), open(task + "/syscall") as call, open(task + "/stat") as state:
                print(f"  {os.path.basename(task)} {state.read().rpartition(')')[2][:2].strip()} {call.read().strip()}")
        if code is None:
            process.kill()
            process.wait(SECONDS)
        for stream in streams:
            with contextlib.suppress(OSError, ValueError):
                os.set_blocking(stream.fileno(), False)  # a child of it may hold the other end
                print(textwrap.indent((stream.read() or b"")[-4000:].decode(errors="replace"), "  "))
    sys.stdout.flush()


def end_all():
    for process in started:
        if process.poll() is None:
            process.kill()
        process.wait(SECONDS)
        for stream in (process.stdin, process.stdout, process.stderr):
            if stream:
                with contextlib.suppress(BrokenPipeError):
                    stream.close()
    started.clear()


class Result:
    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err

    @property
    def text(self):
        return self.err.decode(errors="replace")

    def json(self):
        return json.loads(self.out)

    def __str__(self):
        return f"exit {self.code}\nstdout: {self.out[:2000]!r}\nstderr: {self.text[-3000:]}"


# ---- the simulator


class Simulator:
    def __init__(self, directory, *options, companies=("small,realm=1001",)):
        port = os.path.join(directory, "simulator.port")
        words = [SIMULATOR, "--port", "0", "--port-file", port, "--auto-consent", "--quiet", "--exit-with-parent"]
        for company in companies:
            words += ["--company", company]
        self.log = os.path.join(directory, "simulator.log")
        with open(self.log, "ab") as log:
            self.process = start([*words, *options], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        await_that(lambda: os.path.exists(port) or self.process.poll() is not None, "the simulator listens")
        with open(port) as file:
            self.url = f"http://127.0.0.1:{int(file.read())}"

    def ask(self, path, body=None, method=None, json_type="application/json"):
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, {"Accept": json_type, "Content-Type": json_type}, method=method)
        with DIRECT.open(request, timeout=SECONDS) as answer:
            return answer.read()

    def control(self, what, body=None, method=None):
        return json.loads(self.ask("/simulator/" + what, body, method))

    def trouble(self, **trouble):
        self.control("troubles", trouble)

    def calm(self):
        self.control("troubles", method="DELETE")

    def switch(self, **switches):
        self.control("switches", {name.replace("_", "-"): str(value) for name, value in switches.items()})

    def counters(self, realm):
        return self.control("counters")["companies"][realm]

    # -- as somebody else in a browser, who meets neither limits nor troubles

    def other(self, realm, path, body=None):
        return self.ask(f"/simulator/as-other-user/v3/company/{realm}/{path}", body)

    def query(self, realm, text):
        return self.other(realm, "query?" + urllib.parse.urlencode({"query": text}))

    def save(self, realm, kind, body, operation=""):
        return json.loads(self.other(realm, kind.lower() + operation, body))[kind]

    def records(self, realm, kind, where=""):
        """{id: the bytes} of all records of a type."""
        found, first = {}, 1
        while True:
            page = self.query(realm, f"select * from {kind}{where} startposition {first} maxresults 1000").decode()
            pieces = slices(page)
            for record, text in pieces:
                found[id_of(record)] = text.encode()
            if len(pieces) < 1000:
                return found
            first += 1000

    def truth(self, realm):
        """{type: {id: the bytes}}: what the ledger holds, and nothing else."""
        company = next(each for each in self.control("companies")["companies"] if each["realm"] == realm)
        found = {}
        for kind, counts in company["entities"].items():
            try:
                found[kind] = self.records(realm, kind, " where Active in (true, false)")
            except urllib.error.HTTPError:
                found[kind] = self.records(realm, kind)
            assert len(found[kind]) == counts["live"] + counts["inactive"], (kind, counts, len(found[kind]))
        return found

    def consent(self, url):
        """What a person does in the browser; the address that it ends on."""

        class Stay(urllib.request.HTTPRedirectHandler):
            def redirect_request(self, *_):
                return None

        try:
            urllib.request.build_opener(urllib.request.ProxyHandler({}), Stay).open(url, timeout=SECONDS)
        except urllib.error.HTTPError as answer:
            return answer.headers["Location"]
        raise AssertionError("the consent page did not redirect")


def id_of(record):
    if "Id" in record:
        return record["Id"]
    if "SourceCurrencyCode" in record:
        return record["SourceCurrencyCode"] + ":" + record["AsOfDate"]
    return id_of(next(iter(record.values())))  # what a recurring transaction is wrapped around


def slices(page):
    """[(record, its very bytes as text)] of a query's answer."""
    start = re.match(r'\{"QueryResponse":\{"\w+":\[', page)
    found = []
    if not start:
        return found
    at = start.end()
    decoder = json.JSONDecoder()
    while page[at] != "]":
        record, end = decoder.raw_decode(page, at)
        found.append((record, page[at:end]))
        at = end + (page[end] == ",")
    return found


def live_a_day(simulator, realm, chance):
    """Somebody works in the ledger: records come, change, end, and are deleted."""
    for _ in range(2):
        name = f"Ny kunde {chance.randrange(1 << 40)}"
        busy, idle = (simulator.save(realm, "Customer", {"DisplayName": f"{name} {each}"}) for each in "ab")
        invoices = [simulator.save(realm, "Invoice", {
            "CustomerRef": {"value": busy["Id"]},
            "Line": [{"DetailType": "SalesItemLineDetail", "Amount": 12.50, "SalesItemLineDetail": {}}]}) for _ in range(3)]
        for invoice, operation in zip(invoices, ("?operation=delete", "?operation=void")):
            simulator.save(realm, "Invoice", {"Id": invoice["Id"], "SyncToken": invoice["SyncToken"]}, operation)
        simulator.save(realm, "Customer", {"Id": idle["Id"], "SyncToken": "0", "sparse": True,
                                           "Notes": f"number {chance.random()}", "Active": False})
        # One that is known already, if it is not the first day.
        known = [record for record, _ in slices(simulator.query(realm, "select * from Invoice").decode())]
        old = known[chance.randrange(len(known))]
        simulator.save(realm, "Invoice", {"Id": old["Id"], "SyncToken": old["SyncToken"]}, "?operation=delete")


# ---- our own program, as a user with a home of his own


class Deck:
    def __init__(self, directory, url, settings=None, key=True):
        self.home = directory
        self.store = os.path.join(directory, ".local/share/ledgerdeck/ledgerdeck.db")
        self.key = os.path.join(directory, "vault.key")
        self.extra = {}
        self.settings = {
            "quickbooks.environment": "local", "quickbooks.local_address": url,
            "quickbooks.redirect_local": url + "/oauth2/code",
            "sync.per_second": "1000", "sync.per_minute": "60000", "sync.batches_per_minute": "1000",
        }
        if key:
            self.settings["vault.key_file"] = self.key
        self.settings.update(settings or {})
        self.configure()

    def configure(self, **changes):
        self.settings.update({name.replace("__", "."): value for name, value in changes.items()})
        path = os.path.join(self.home, ".config/ledgerdeck")
        os.makedirs(path, exist_ok=True)
        with open(os.path.join(path, "ledgerdeck.conf"), "w") as file:
            for name in sorted(self.settings):
                section, word = name.split(".", 1)
                file.write(f"[{section}]\n{word} = {self.settings[name]}\n")

    def environment(self):
        kept = {name: value for name, value in os.environ.items()
                if name in ("PATH", "TMPDIR") or name.endswith("SAN_OPTIONS")}
        return {**kept, "LC_ALL": "C", "HOME": self.home, "no_proxy": "*", **self.extra}

    def start(self, *words, **options):
        options = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "cwd": self.home,
                   "env": self.environment(), **options}
        return start([PROGRAM, *words], **options)

    def run(self, *words, input=None, **options):
        process = self.start(*words, stdin=subprocess.PIPE if input is not None else subprocess.DEVNULL, **options)
        out, err = process.communicate(input, timeout=SECONDS)
        return Result(process.returncode, out or b"", err or b"")

    def good(self, *words, **options):
        result = self.run(*words, **options)
        assert result.code == 0, f"{words}: {result}"
        return result

    def rows(self, *words):
        """The rows of a table."""
        return next(iter(self.good(*words, "--json").json().values()))

    def sql(self, statement):
        return self.rows("sql", statement)

    def connect(self, simulator, words=()):
        """A person: reads the address, agrees in the browser, pastes what comes. Returns the account's id."""
        process = self.start("connect", "quickbooks", "--yes", "--json", *words, stdin=subprocess.PIPE)
        said = b""
        while not (found := re.search(rb"^(http\S+)\n", said, re.M)):
            line = process.stderr.readline()
            assert line, said
            said += line
        out, err = process.communicate(simulator.consent(found[1].decode()).encode() + b"\n", timeout=SECONDS)
        assert process.returncode == 0, Result(process.returncode, out, said + err)
        return next(iter(json.loads(out).values()))["id"]

    def begin(self, simulator, count=1):
        """A vault, and so many companies connected."""
        self.good("vault", "init")
        return [self.connect(simulator) for _ in range(count)]


# ---- what must hold


def check_mirror(deck, account, truth, only=None):
    """Record by record, byte for byte, and not one more. `only`: numbers of the records that are asked for one by one."""
    types = {row["type"] for row in deck.rows("types")}
    assert set(truth) <= types, set(truth) - types
    held = {}
    for row in deck.sql("SELECT type, id, state FROM record JOIN object ON object.no = record.object "
                        f"WHERE account_id = '{account}' ORDER BY type, id"):
        held.setdefault(row["type"], {})[row["id"]] = row["state"] != "3"
    for kind in types:
        ids = {id for id, lives in held.get(kind, {}).items() if lives}
        wanted = set(truth.get(kind, {}))
        assert ids == wanted, f"{kind}: {ids ^ wanted} are here or there only"
        if ids and only is None:
            listed = {row["id"] for row in deck.rows("objects", account, kind, "--limit", "100000") if row["state"] != "deleted"}
            same(wanted, listed, kind)
    every = [(kind, id, lives) for kind in held for id, lives in held[kind].items()]
    for number, (kind, id, lives) in enumerate(every):
        if only is not None and number not in only:
            continue
        raw = deck.good("show", account, kind, id, "--raw", "--personal").out
        if lives:
            same(truth[kind][id], raw, f"{kind} {id}")
        else:
            assert raw, f"{kind} {id}: deleted there, and its last record is gone here"


def check_sound(deck):
    """Nothing hangs on from what was killed, and nothing is broken."""
    left = deck.sql("SELECT 'attempt ' || type AS what FROM attempt WHERE took_ms < 0 UNION ALL "
                    "SELECT 'object ' || type || ' ' || error_text FROM object WHERE status NOT IN (0, 1)")
    assert not left, f"these are left running, or failed: {left}"
    same([{"quick_check": "ok"}], deck.sql("PRAGMA quick_check"))
    assert deck.good("audit", "--verify", "--json").json()["audit"]["sound"] is True


def same(wanted, got, what=""):
    if isinstance(wanted, list) and isinstance(got, list) and len(wanted) > 9:
        wanted, got = [each for each in wanted if each not in got], [each for each in got if each not in wanted]
    assert wanted == got, f"{what}: wanted {wanted!r:.2000}, got {got!r:.2000}"


def refuse(deck, code, words, *command, **options):
    """The command fails with that code, one line says why in those words; returns it."""
    result = deck.run(*command, **options)
    line = result.text.strip().splitlines()[-1] if result.text.strip() else ""
    print(f"  {' '.join(command)[:60]}: exit {result.code}: {line}", flush=True)
    same(code, result.code, result)
    assert re.search(words, line), f"{words!r} is not in {line!r}"
    assert line.startswith("ledgerdeck: ") and not re.search(r"[\x00-\x1f\x7f]", line), line
    same(b"", result.out, "standard output")
    return line


def dump(path):
    """What is in it, whatever it looks like: opening a file counts its changes."""
    with contextlib.closing(sqlite3.connect(path)) as database:
        return list(database.iterdump())


# ---- disks


@contextlib.contextmanager
def mounted(place, *words):
    os.makedirs(place, mode=0o700, exist_ok=True)
    try:
        done = subprocess.run(["mount", *words, place], capture_output=True)
    except FileNotFoundError:
        raise Skip("there is no mount")
    if done.returncode:
        raise Skip("mounting is not possible here: " + done.stderr.decode().strip())
    try:
        yield place
    finally:
        subprocess.run(["umount", place], check=True)


def fill(place):
    with open(os.path.join(place, "filler"), "wb", buffering=0) as file:
        with contextlib.suppress(OSError):
            for _ in range(1 << 20):
                file.write(b"\0" * 4096)


# ---- cases

cases = []


def case(function):
    cases.append(function)
    return function


def run_cases():
    """All, or those that are named as arguments. Each gets a directory and chance of its own."""
    failed = False
    print(f"seed {SEED}: LEDGERDECK_SEED={SEED} repeats it", flush=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    for function in cases:
        name = function.__name__
        if sys.argv[1:] and name not in sys.argv[1:]:
            continue
        directory = tempfile.mkdtemp(prefix="ledgerdeck-")
        began = time.monotonic()
        print(f"[ RUN      ] {name}", flush=True)
        try:
            function(directory, random.Random(f"{SEED} {name}"))
            print(f"[       OK ] {name} ({time.monotonic() - began:.1f} s)", flush=True)
        except Skip as reason:
            print(f"{name}: {reason}\n[  SKIPPED ] {name}", flush=True)
        except Exception:
            traceback.print_exc(file=sys.stdout)
            tell_all()
            print(f"[  FAILED  ] {name}", flush=True)
            failed = True
        finally:
            end_all()
            shutil.rmtree(directory, ignore_errors=True)
    sys.exit(1 if failed else 0)
