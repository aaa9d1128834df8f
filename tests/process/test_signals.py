# SPDX-License-Identifier: GPL-3.0-or-later
"""Signals, terminals and readers that leave: one interrupt ends in good order, a second at once; nothing is left
running, the terminal is given back, and no byte of a name drives it."""
import json
import os
import signal
import termios

from between import Answer, Between
from pty_user import User
from world import SECONDS, Deck, Simulator, await_that, case, check_mirror, check_sound, run_cases, same


class Place:
    """A company with enough in it, read slowly."""

    def __init__(self, directory):
        self.simulator = Simulator(directory, "--set", "limits=off")
        self.deck = Deck(directory, self.simulator.url, {"sync.interval": "1s"})
        self.account, = self.deck.begin(self.simulator)

    def slow(self, ms):
        self.simulator.switch(latency_ms=ms)

    def calls(self):
        return sum(self.simulator.counters("1001")["calls"].values())

    def await_calls(self, more):
        start = self.calls()
        await_that(lambda: self.calls() >= start + more, "it reads")

    def goes_on(self):
        self.slow(0)
        self.deck.good("sync", "--all")
        check_mirror(self.deck, self.account, self.simulator.truth("1001"), range(5))
        check_sound(self.deck)


@case
def test_once_is_graceful(directory, chance):
    place = Place(directory)
    place.slow(30)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        for words, code in ((("sync", "--all", "--full"), 130), (("run",), 0)):
            process = place.deck.start(*words)
            place.await_calls(3)
            process.send_signal(number)
            out, err = process.communicate(timeout=SECONDS)
            print(f"  {words[0]}, {signal.Signals(number).name}: exit {process.returncode}: {err.decode().splitlines()[-1]}", flush=True)
            same(code, process.returncode, err)
            check_sound(place.deck)
    for follower in (("log", "--follow"), ("log", "--follow", "--json")):
        process = place.deck.start(*follower)
        assert process.stdout.readline(), "it shows what there is"
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=SECONDS)
        assert process.returncode in (0, 130), process.returncode
    place.goes_on()


@case
def test_twice_is_now(directory, chance):
    """While the ledger does not answer and the store is being written by somebody else."""
    place = Place(directory)
    place.simulator.trouble(kind="delay", ms=100000, times=-1)
    process = place.deck.start("sync", "--all")
    place.await_calls(1)
    process.send_signal(signal.SIGINT)
    process.send_signal(signal.SIGINT)
    same(130, process.wait(SECONDS))
    place.simulator.calm()
    place.goes_on()


@case
def test_ignored_stays_ignored(directory, chance):
    """As under nohup."""
    place = Place(directory)
    place.slow(20)
    process = place.deck.start("sync", "--all", preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
    place.await_calls(3)
    process.send_signal(signal.SIGHUP)
    out, err = process.communicate(timeout=SECONDS)
    same(0, process.returncode, err)
    place.goes_on()


@case
def test_reader_leaves(directory, chance):
    """`| head -1` has what it wanted: no message, and the code of what was done."""
    place = Place(directory)
    place.deck.good("sync", "--all")
    for words in (("types",), ("types", "--json"), ("types", "--csv"), ("log", "--limit", "0"), ("settings",), ("help",),
                  ("objects", place.account, "Invoice", "--json"), ("sql", "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT "
                   "x + 1 FROM n LIMIT 3000000) SELECT x FROM n"), ("sync", "--all", "--full")):
        reader, writer = os.pipe()
        process = place.deck.start(*words, stdout=writer)
        os.close(writer)
        if words[0] != "sync":
            os.read(reader, 10)
        os.close(reader)
        _, err = process.communicate(timeout=SECONDS)
        same(0, process.returncode, f"{words}: {err}")
        assert b"write" not in err and b"pipe" not in err.lower(), err
    process = place.deck.start("log", "--follow")
    process.stdout.readline()
    process.stdout.close()
    place.deck.good("sync", "--all", "--type", "Term")
    same(0, process.wait(SECONDS), "a follower ends when nobody reads")
    place.goes_on()


ESCAPES = ("\x1b]0;owned\x07\x1b[31mred\x1b[2J\x1b[?1049h\x9b1mC1\u009b31m \u202egpj.exe \u2066x \r overwritten \x08\x08 "
           "\x1bPq#0\x1b\\ \x00 \x7f end")


@case
def test_names_drive_no_terminal(directory, chance):
    """Names of companies and records, and the ledger's own sentences, on a terminal: of all escape sequences only the
    program's own are sent."""
    simulator = Simulator(directory, "--set", "limits=off")
    with Between(simulator) as between:
        deck = Deck(directory, between.url, {"sync.tries": "1"})
        deck.good("vault", "init")

        def rename(asked, forward):
            if "/v3/company/" not in asked.path:
                return None
            answer = forward()
            hostile = json.dumps(ESCAPES)[1:-1].encode()
            return Answer(answer.body.replace(b'"DisplayName":"', b'"DisplayName":"' + hostile)
                          .replace(b'"CompanyName":"', b'"CompanyName":"' + hostile), answer.status, answer.content_type)

        between.rule = rename
        user = User(deck, "connect", "quickbooks")
        user.await_text(b"Open this address in a browser:\r\n")
        url = user.await_text(b"\r\n")
        user.await_text(b"Paste here: ")
        user.type(simulator.consent(url.decode()).encode() + b"\r")
        user.await_text(b"company id ending in")
        user.await_text(b"? ")
        user.type(b"y\r")
        same(0, user.end(), user.seen)
        shown = [user.seen]
        account = deck.rows("accounts")[0]["id"]
        for words, code in ((("sync", "--all"), 0), (("accounts",), 0), (("status",), 0), (("objects", account, "Customer"), 0),
                            (("show", account, "Customer", "4"), 0), (("show", account, "Customer", "4", "--raw"), 0),
                            (("objects", account, "Customer", "--csv"), 0), (("objects", account, "Customer", "--json"), 0),
                            (("sql", "SELECT title FROM record"), 0), (("sql", "SELECT name FROM account", "--json"), 0),
                            (("sync", "no\x1b[31msuch"), 2), (("bad\x1b[31mword",), 2), (("--set", "x\x1b[31m=1", "status"), 2)):
            user = User(deck, *words)
            same(code, user.end(), user.seen)
            shown.append(user.seen)
        between.rule = lambda asked, forward: Answer('{"Fault":{"Error":[{"Message":' + json.dumps(ESCAPES) +
                                                     ',"code":"2500"}]}}', 400)
        user = User(deck, "sync", account)
        same(1, user.end(), user.seen)
        shown.append(user.seen)
    own = (b"\x1b[?2004h", b"\x1b[?2004l", b"\x1b[K", b"\r")
    for seen in shown:
        for sequence in own:
            seen = seen.replace(sequence, b"")
        text = seen.decode("utf-8", "strict").replace("\n", "")
        bad = {hex(ord(sign)) for sign in text if ord(sign) < 32 or 0x7f <= ord(sign) < 0xa0 or sign in "\u202e\u2066\u2028"}
        assert not bad, f"{bad} reached the terminal: {seen[:3000]!r}"
    assert any(b"owned" in seen for seen in shown), "the names were never shown"


@case
def test_terminal_is_given_back(directory, chance):
    """Whatever ends a question: the terminal echoes again and takes lines."""
    deck = Deck(directory, "http://127.0.0.1:9", {"vault.cost": "interactive"}, key=False)
    deck.good("vault", "init", input=b"pass word\npass word\n")
    # Of a terminal that nobody has touched: the program may have changed its own before one can look.
    fresh, other = os.openpty()
    before = termios.tcgetattr(fresh)[3]
    os.close(fresh)
    os.close(other)
    for end in (lambda user: user.type(b"\x03"), lambda user: user.type(b"\x04"), lambda user: user.process.send_signal(signal.SIGTERM),
                lambda user: user.process.send_signal(signal.SIGHUP), lambda user: user.type(b"wrong\r")):
        user = User(deck, "vault", "rotate")
        user.await_text(b"Passphrase of the vault: ")
        assert not termios.tcgetattr(user.master)[3] & termios.ECHO, "the passphrase is echoed"
        end(user)
        code = user.process.wait(SECONDS)
        same(before, termios.tcgetattr(user.master)[3], "the terminal's modes")
        user.read(0)
        print(f"  exit {code}: {user.seen.splitlines()[-1].decode()}", flush=True)
        assert code in (7, 130), (code, user.seen)
        os.close(user.master)


if __name__ == "__main__":
    run_cases()
