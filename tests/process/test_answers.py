# SPDX-License-Identifier: GPL-3.0-or-later
"""What a ledger, or whoever answers in its place, can say that makes no sense: each is told in a clear sentence with what
to do, nothing of the mirror is lost or half written, and reading goes on once the ledger is well again."""
import gzip
import json
import os
import re

from between import CUT, Answer, Between, Proxy, closed_port
from world import SOAK, Deck, Simulator, case, check_mirror, check_sound, run_cases, same

ESC = "\x1b[31m\x1b]0;owned\x07"


class Place:
    """A company that is connected and mirrored, with somebody between it and us."""

    def __init__(self, directory, **settings):
        self.simulator = Simulator(directory, "--set", "limits=off")
        self.between = Between(self.simulator)
        self.deck = Deck(directory, self.between.url, {"sync.tries": "1", "sync.retry_delay": "1s", **settings})
        self.account, = self.deck.begin(self.simulator)
        self.deck.good("sync", "--all", "--type", "Customer,Term")

    def held(self):
        return self.deck.sql("SELECT type, id, version, state, hash FROM record JOIN object ON object.no = record.object "
                             "ORDER BY type, id")

    def heal(self):
        """Nobody is in between any more."""
        self.deck.configure(quickbooks__local_address=self.simulator.url)
        self.deck.good("sync", "--all")
        check_mirror(self.deck, self.account, self.simulator.truth("1001"), range(10))
        check_sound(self.deck)


def told(place, code, words, command=("--type", "Customer", "--full")):
    """A sync that fails so, in a table for people and in JSON for programs; the mirror is what it was."""
    before = place.held()
    result = place.deck.run("sync", place.account, *command, "--json")
    row = result.json()["sync"][0]
    print(f"  exit {result.code}: {row['message']}\n    why: {row['why']}\n    do: {row['do']}", flush=True)
    same(code, result.code, result)
    assert re.search(words, row["message"]), f"{words!r} is not in {row['message']!r}"
    assert row["why"] and row["do"] and row["error"], row
    assert not re.search(r"[\x00-\x1f\x7f]", row["message"]), row
    same(before, place.held(), "the mirror")
    logged = place.deck.rows("log", "--state", "failed", "--limit", "1")[0]
    same(row["message"], logged["message"], "the log")
    return row


def queries(of):
    """Only queries of that type are meant."""
    def narrow(rule):
        def narrowed(asked, forward):
            return rule(asked, forward) if f"from {of}".lower() in asked.query.lower() else None
        return narrowed
    return narrow


def customers(body, **how):
    return queries("Customer")(lambda *_: Answer(body, **how))


@case
def test_useless_answers(directory, chance):
    place = Place(directory)
    page = place.simulator.query("1001", "select * from Customer orderby MetaData.LastUpdatedTime").decode()
    whole = page.encode()
    for what, rule, words in (
            ("an HTML page", customers("<html><body>Sign in to the guest network</body></html>", content_type="text/html"),
             "a web page instead of data"),
            ("a maintenance page", customers("<h1>Down</h1>", status=503, content_type="text/html"), "503"),
            ("half of the JSON", customers(whole[:len(whole) // 2]), "cut off"),
            ("no JSON", customers("{'QueryResponse': None}"), "no valid JSON"),
            ("a word", customers("null"), "(?i)."),
            ("a list", customers("[1,2,3]"), "(?i)."),
            ("nothing", customers(""), "(?i)empty|nothing"),
            ("bytes that are no UTF-8", customers(whole.replace(b"Orchard", b"Orch\xff\xfe", 1)), "no valid UTF-8"),
            ("nested too deep", customers('{"QueryResponse":{"Customer":[' + '{"a":' * 5000 + "1" + "}" * 5000 + "]}}"), "."),
            ("no HTTP", queries("Customer")(lambda *_: Answer(raw=b"SSH-2.0-OpenSSH_9.2\r\n")), "not HTTP"),
            ("no byte", queries("Customer")(lambda *_: CUT), "."),
            ("less than was promised", queries("Customer")(lambda *_: Answer(
                raw=b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n" + whole)), "."),
            ("a broken gzip", customers(gzip.compress(whole)[:-30], headers=[("Content-Encoding", "gzip")]), "."),
            ("somebody's redirect", customers("", status=302, headers=[("Location", "http://127.0.0.1:9/steal")]), "."),
            ("a teapot", customers("short and stout", status=418, content_type="text/plain"), "418")):
        print(what, flush=True)
        with place.between.ruled(rule):
            told(place, 1, words)
    place.heal()


@case
def test_huge_answers(directory, chance):
    place = Place(directory, **{"net.answer_max": "1M"})
    for what, rule in (
            ("more than is taken", customers(b" " * (2 << 20) + b"{}")),
            ("a bomb", customers(gzip.compress(b" " * (64 << 20)), headers=[("Content-Encoding", "gzip")]))):
        print(what, flush=True)
        with place.between.ruled(rule):
            told(place, 1, "larger than 1048576 bytes")
    with place.between.ruled(customers(place.simulator.query("1001", "select * from Customer"),
                                       headers=[("X-Long", "x" * 60000)] * 8)):
        print("half a megabyte of headers", flush=True)
        told(place, 1, ".")
    place.heal()


@case
def test_same_page_for_ever(directory, chance):
    place = Place(directory, **{"sync.max_results": "10"})
    for number in range(30):
        place.simulator.save("1001", "Customer", {"DisplayName": f"Number {number}"})
    place.deck.good("sync", "--all")
    place.simulator.trouble(kind="repeat", times=-1)
    told(place, 1, "gives the same page again")
    place.simulator.calm()
    place.heal()


@case
def test_small_pages(directory, chance):
    """All kinds of companies, a few records at a time."""
    simulator = Simulator(directory, "--set", "limits=off", companies=("eu,realm=1002", "us,realm=1003"))
    deck = Deck(directory, simulator.url, {"sync.max_results": "10"})
    accounts = deck.begin(simulator, 2)
    for words in (("sync", "--all"), ("sync", "--all", "--full")):
        deck.good(*words)
        for account, realm in zip(accounts, ("1002", "1003")):
            check_mirror(deck, account, simulator.truth(realm), chance.sample(range(1500), 60 if SOAK else 15))
    check_sound(deck)


@case
def test_unreachable(directory, chance):
    place = Place(directory)
    deck = place.deck
    good = place.between.url

    def at(url, words, **settings):
        deck.configure(quickbooks__local_address=url, **settings)
        told(place, 1, words)

    at(f"http://127.0.0.1:{closed_port()}", "refused the connection")
    at("https://no-such-host.invalid", "was not found")
    deck.extra = {"no_proxy": "", "NO_PROXY": ""}
    at("https://ledger.invalid", "proxy", net__proxy=f"http://127.0.0.1:{closed_port()}")
    with Proxy("refuse") as proxy:
        at("https://ledger.invalid", ".", net__proxy=proxy.url)
    deck.extra = {}
    deck.configure(quickbooks__local_address=good, net__proxy="")
    with place.between.ruled(lambda asked, forward: Answer(raw=b"") if "query" in asked.path else None):
        told(place, 1, ".")
    deck.configure(net__timeout="1s")
    place.simulator.trouble(kind="delay", ms=30000, call="query", times=-1)
    told(place, 1, "in time|answer")
    place.simulator.calm()
    deck.configure(net__timeout="60s")
    place.heal()


@case
def test_tls_and_proxies(directory, chance):
    """On the way to Intuit's own hosts, which are never reached: a proxy that refuses, one that asks for a password, one
    that opens what is encrypted, and one that is none."""
    deck = Deck(directory, "http://127.0.0.1:9", {"quickbooks.environment": "sandbox", "quickbooks.client_id": "ABcdefgh"})
    deck.extra = {"no_proxy": "", "NO_PROXY": "", "QB_CLIENT_SECRET": "not-a-real-secret"}
    deck.good("vault", "init")

    def told_by(proxy, words):
        deck.configure(net__proxy=proxy)
        result = deck.run("connect", "quickbooks", input=b"")
        print(f"  exit {result.code}: {result.text.splitlines()[-1]}", flush=True)
        same(1, result.code, result)
        assert re.search(words, result.text), result
        assert b"not-a-real-secret" not in result.err
        same([], deck.rows("accounts"))

    with Proxy("refuse", 403) as proxy:
        told_by(proxy.url, "proxy refused")
        assert proxy.hosts and all(host.endswith("intuit.com:443") for host in proxy.hosts), proxy.hosts
    with Proxy("refuse", 407) as proxy:
        told_by(proxy.url, "proxy.*(password|user|sign)")
    with Proxy("intercept") as proxy:
        told_by(proxy.url, "certificate|TLS")
    told_by(f"http://127.0.0.1:{closed_port()}", "proxy")
    told_by("http://no-such-proxy.invalid:3128", "proxy was not found")
    with Proxy("intercept") as proxy:
        deck.configure(net__proxy=proxy.url, net__ca_file=os.path.join(directory, "none.pem"))
        result = deck.run("connect", "quickbooks", input=b"")
        print(f"  exit {result.code}: {result.text.splitlines()[-1]}", flush=True)
        assert result.code in (1, 2) and "net.ca_file" in result.text, result


def with_customer(place, record):
    """The first Customer of each page is that one, whatever it is."""
    def rule(asked, forward):
        answer = forward()
        head = b'"Customer":['
        return Answer(answer.body.replace(head, head + record.encode() + b",", 1), answer.status)
    return queries("Customer")(rule)


def make_record(id, **members):
    record = {"Id": id, "SyncToken": "0", "MetaData": {"CreateTime": "2016-01-01T00:00:00-08:00",
              "LastUpdatedTime": "2016-01-01T00:00:00-08:00"}, "DisplayName": "X", "Active": True, **members}
    return json.dumps({name: value for name, value in record.items() if value is not None})


@case
def test_poison_records(directory, chance):
    """A record that cannot be is parked with its reason; the others come in, and the type does not fail for it."""
    place = Place(directory)
    before = len(place.simulator.truth("1001")["Customer"])
    for what, record in (
            ("no Id", make_record(None)),
            ("an Id that is null", make_record("9").replace('"9"', "null")),
            ("an empty Id", make_record("")),
            ("an Id that is a list", make_record(["9"])),
            ("an Id without end", make_record("9" * 5000)),
            ("a number for a record", "42"),
            ("a word for a record", '"words"'),
            ("null for a record", "null"),
            ("a list for a record", "[]")):
        print(what, flush=True)
        with place.between.ruled(with_customer(place, record)):
            result = place.deck.run("sync", place.account, "--type", "Customer", "--full", "--json")
        row = result.json()["sync"][0]
        print(f"  exit {result.code}: parked {row['parked']}: {row['message']}", flush=True)
        status, = place.deck.rows("status", "--type", "Customer")
        same(before, status["live"] + status["inactive"], "customers")
        if result.code == 0:
            assert row["parked"] == 1, row
        else:
            assert row["message"] and row["do"], row
    assert place.deck.rows("status", "--type", "Customer")[0]["parked"] >= 5
    why = {row["why"] for row in place.deck.sql("SELECT why FROM parked")}
    print("  parked:", why, flush=True)
    assert all(why), why
    place.heal()


@case
def test_odd_values(directory, chance):
    """Numbers beyond 64 bits, dates outside of any calendar, signs that drive terminals: kept as they are, shown harmless."""
    place = Place(directory)
    odd = {
        "901": {"Balance": 123456789012345678901234567890, "BalanceWithJobs": 1e300},
        "902": {"Balance": "not a number", "Active": "perhaps", "Taxable": 7},
        "903": {"DisplayName": ESC + "red", "CompanyName": "a\u0000b\u0085c\u202ed\u2028e"},
        "904": {"DisplayName": "\u0001" * 300, "CompanyName": "x" * 100000},
        "905": {"DisplayName": {"not": "a name"}, "CompanyName": [1, 2]},
        "907": {"DisplayName": "alone \ud800"},
        "906": {"Balance": -0.0, "BalanceWithJobs": 0.1 + 0.2},
    }
    times = {
        "911": "99999-99-99T99:99:99Z", "912": "0000-00-00T00:00:00Z", "913": "-292277022399-01-01T00:00:00Z",
        "914": "9999-12-31T23:59:59-23:59", "915": "yesterday", "916": "", "917": "2026-02-30T12:00:00Z",
    }
    records = {id: make_record(id, **members) for id, members in odd.items()}
    records.update({id: make_record(id, MetaData={"CreateTime": time, "LastUpdatedTime": time}) for id, time in times.items()})
    records["920"] = make_record("920").replace('"X"', '"X","Balance":1e99999999999,"Notes":"\\u001b[2J"')
    for id, record in records.items():
        with place.between.ruled(with_customer(place, record)):
            result = place.deck.run("sync", place.account, "--type", "Customer", "--full", "--json")
        row = result.json()["sync"][0]
        shown = place.deck.run("show", place.account, "Customer", id, "--raw")
        print(f"  {id}: exit {result.code}, parked {row['parked']}, {'kept' if shown.code == 0 else 'not kept'}: {row['message']}",
              flush=True)
        same(0, result.code, result)
        if shown.code == 0:
            same(record.encode(), shown.out, id)
        else:
            assert row["parked"] == 1, row
    # Every way out, as text for programs: valid JSON, CSV without a raw escape in it.
    listed = place.deck.good("objects", place.account, "Customer", "--json", "--limit", "1000")
    assert len(listed.json()["objects"]) > 10 and b"\x1b" not in listed.out
    for row in listed.json()["objects"]:
        place.deck.good("show", place.account, "Customer", row["id"], "--json").json()
    same([], place.deck.rows("log", "--state", "failed"))
    # A full read without them, and they are as if they had been deleted.
    place.deck.good("sync", place.account, "--type", "Customer", "--full")
    check_sound(place.deck)


@case
def test_faults_keep_their_words(directory, chance):
    """The ledger's own sentence reaches the operator, without what could drive a terminal in it."""
    place = Place(directory)
    fault = {"Fault": {"Error": [{"Message": "Nice" + ESC + "try\u009b31m", "Detail": "line\nbreak\r\u0000end", "code": "2500"}],
                       "type": "ValidationFault"}, "time": "2026-01-01T00:00:00.000-08:00"}
    with place.between.ruled(customers(json.dumps(fault), status=400)):
        row = told(place, 1, "Nice")
    same("2500", row["ledger_code"])
    with place.between.ruled(customers('{"Fault":{"Error":[{"Message":"' + "very " * 20000 + 'long"}]}}', status=400)):
        told(place, 1, "very")
    place.heal()


if __name__ == "__main__":
    run_cases()
