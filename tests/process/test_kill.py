# SPDX-License-Identifier: GPL-3.0-or-later
"""SIGKILL at every moment, on the programs as they are shipped and over real sockets: whatever was killed, the next
start carries on, and the mirror ends equal to what the ledger holds."""
import os
import signal
import subprocess
import time

from killing import Twin, count_steps, deadly, home, kill_at, moments
from world import HOOK, SECONDS, SHORT_S, SOAK, SOAK_S, Deck, Simulator, await_that, case, check_mirror, check_sound, live_a_day, run_cases, same

COMPANY = "small,realm=1001,customers=25,invoices=35" if SOAK else "small,realm=1001,customers=11,invoices=11"
PAGES = {"sync.max_results": "10", "sync.workers": "2"}  # many pages, many transactions


def some(chance):
    """Which records' bytes are looked at: all take their time, and their hashes are compared in any case."""
    return chance.sample(range(60), 8)


def hashes(deck):
    """What the records are and what they were: nothing of it lost, nothing twice."""
    return deck.sql("SELECT type, id, record.version, record.state, hash, (SELECT group_concat(was) FROM (SELECT "
                    "history.version || ' ' || history.state || ' ' || coalesce(len, '-') AS was FROM history WHERE "
                    "record = record.no ORDER BY history.no)) AS before FROM record JOIN object ON object.no = record.object "
                    "ORDER BY type, id")


def kill_everywhere(chance, deck, account, words, truth):
    """The same command killed at one step after the other, each time with the same past, then run again."""
    twins = Twin(deck)
    straight = twins.copy()
    count = count_steps(straight, *words)
    straight.good("sync", "--all")
    check_mirror(straight, account, truth, some(chance))
    wanted, died = hashes(straight), 0
    for at, how in moments(chance, count):
        twin = twins.copy()
        died += kill_at(twin, at, how, *words)
        twin.good(*words)
        twin.good("sync", "--all")
        same(wanted, hashes(twin), f"killed {how} step {at}")
        check_sound(twin)
        if died == 1 or chance.random() < 0.1:
            check_mirror(twin, account, truth, some(chance))
        twins.drop(twin)
    assert died > 0, "nothing ever died"


@case
def test_first_sync(directory, chance):
    simulator = Simulator(directory, "--set", "limits=off", companies=(COMPANY,))
    deck = Deck(home(directory, "home"), simulator.url, PAGES)
    account, = deck.begin(simulator)
    kill_everywhere(chance, deck, account, ("sync", "--all"), simulator.truth("1001"))


@case
def test_later_syncs(directory, chance):
    simulator = Simulator(directory, "--set", "limits=off", companies=(COMPANY,))
    deck = Deck(home(directory, "home"), simulator.url, PAGES)
    account, = deck.begin(simulator)
    live_a_day(simulator, "1001", chance)
    deck.good("sync", "--all")
    live_a_day(simulator, "1001", chance)
    truth = simulator.truth("1001")
    both = (("sync", "--all"), ("sync", "--all", "--full"))
    for words in both if SOAK else (chance.choice(both),):
        print(*words, flush=True)
        kill_everywhere(chance, deck, account, words, truth)


@case
def test_sweep(directory, chance):
    """What a sweep does not find it takes for deleted when another one, minutes later, does not find it either."""
    simulator = Simulator(directory, "--set", "limits=off", companies=(COMPANY,))
    deck = Deck(home(directory, "home"), simulator.url, PAGES)
    account, = deck.begin(simulator)
    live_a_day(simulator, "1001", chance)
    deck.good("sync", "--all")
    live_a_day(simulator, "1001", chance)
    deck.good("sync", "--all", "--sweep")
    simulator.control("clock", {"step_s": 200})
    deck.extra = {**HOOK, "HOOK_AHEAD_S": "200"}
    kill_everywhere(chance, deck, account, ("sync", "--all", "--sweep"), simulator.truth("1001"))


def columns(deck):
    cells = ", ".join(f"CASE c{i} WHEN x'' THEN title ELSE c{i} END AS c{i}" for i in range(4))
    return deck.sql(f"SELECT type, id, state, title, time_ms, {cells}, digest, filling, filled_id FROM record JOIN object "
                    "ON object.no = record.object ORDER BY type, id")


def change_row(deck):
    path = os.path.join(deck.home, ".config/ledgerdeck/types")
    os.makedirs(path)
    with open(os.path.join(path, "mine.catalogue"), "w") as file:
        file.write("provider = quickbooks\n[Customer]\nquery = Customer\nkey = Id\nversion = SyncToken\n"
                   "time = MetaData.LastUpdatedTime\ntitle = FullyQualifiedName\nactive = Active\ndeleted = changes\n"
                   "field = Taxable flag\nfield = Balance money\nfield = DisplayName text\n")


@case
def test_changed_row(directory, chance):
    """A row of the catalogue is changed: whatever dies, the columns end as if nothing had, and the ledger is not even there."""
    simulator = Simulator(directory, "--set", "limits=off", companies=("small,realm=1001,customers=1200,invoices=5",))
    deck = Deck(home(directory, "home"), simulator.url, {"sync.workers": "1"})
    deck.begin(simulator)
    deck.good("sync", "--all", "--type", "Customer")
    before = columns(deck)
    simulator.process.kill()
    twins = Twin(deck)
    straight = twins.copy()
    change_row(straight)
    wanted = follow(straight)
    assert wanted != before and all(row["c2"] == row["title"] for row in wanted), "nothing has changed"
    died = 0
    for at, how in moments(chance, 40):
        twin = twins.copy()
        change_row(twin)
        with open(os.path.join(directory, "said"), "ab") as said:
            process = twin.start("run", env=deadly(twin, at, how), stdout=said, stderr=said)
            await_that(lambda: process.poll() is not None or is_current(twin, wanted), "it dies, or all is current")
            died += process.poll() == -signal.SIGKILL
            process.kill()
            process.wait(SECONDS)
        same(wanted, follow(twin), f"killed {how} step {at}")
        same([{"quick_check": "ok"}], twin.sql("PRAGMA quick_check"))
        twins.drop(twin)
    assert died > 0


def is_current(deck, wanted):
    return deck.sql("SELECT digest, filling FROM object WHERE type = 'Customer'") == [
        {"digest": wanted[0]["digest"], "filling": ""}]


def follow(deck):
    """A scheduler is started, and ended as soon as the columns are those of the changed row."""
    process = deck.start("run", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    await_that(lambda: deck.sql("SELECT count(*) AS n FROM attempt WHERE job = 'extract' AND took_ms >= 0 AND error_code = 0") !=
               [{"n": "0"}], "the columns are filled anew")
    process.terminate()
    assert process.wait(SECONDS) in (0, 130, -signal.SIGTERM), process.returncode
    return columns(deck)


@case
def test_one_crash_after_the_other(directory, chance):
    """Two at a time, a scheduler and a command, die at random moments while the ledger lives on."""
    simulator = Simulator(directory, "--set", "limits=off", "--set", "latency-ms=2", "--set", "jitter-ms=10",
                          companies=(COMPANY, "eu,realm=1002" if SOAK else "small,realm=1002"))
    deck = Deck(home(directory, "home"), simulator.url, {**PAGES, "sync.max_results": "20", "sync.interval": "1s"})
    accounts = deck.begin(simulator, 2)
    end, rounds = time.monotonic() + (SOAK_S if SOAK else SHORT_S), 0
    while time.monotonic() < end or rounds < 2:
        rounds += 1
        live_a_day(simulator, "1001", chance)
        wanted = chance.choice((("--all",), ("--all", "--sweep", "--approve"), ("--all", "--full")))
        with open(os.path.join(directory, "said"), "ab") as said:
            both = [deck.start("run", stdout=said, stderr=said), deck.start("sync", *wanted, stdout=said, stderr=said)]
        for process in chance.sample(both, 2):
            time.sleep(chance.uniform(0, 0.6))
            process.kill()
            # 3: a sweep had already found so much gone that a person must agree.
            assert process.wait() in (-signal.SIGKILL, 0, 3), f"{process.args}: {process.returncode}"
    print(f"{rounds} rounds", flush=True)
    # What is gone is looked for, agreed to where it is much, and looked for again later.
    for ahead in ({}, {**HOOK, "HOOK_AHEAD_S": "200"}):
        deck.extra = ahead
        if ahead:
            simulator.control("clock", {"step_s": 200})
        codes = []
        while 0 not in codes:
            codes.append(deck.run("sync", "--all", "--sweep", "--approve").code)
            assert codes[-1] in (0, 3) and len(codes) < 4, codes
    check_mirror(deck, accounts[0], simulator.truth("1001"), some(chance))
    check_mirror(deck, accounts[1], simulator.truth("1002"), some(chance))
    check_sound(deck)


def opens(deck, *words):
    """Does the vault open, and do the tokens in it?"""
    return deck.run("refresh", "--all", *words).code == 0


@case
def test_vault_init(directory, chance):
    empty = Deck(home(directory, "home"), "http://127.0.0.1:9")
    twins = Twin(empty)
    for at, how in moments(chance, count_steps(twins.copy(), "vault", "init")):
        deck = twins.copy()
        deck.configure(vault__key_file=os.path.join(deck.home, "vault.key"))
        kill_at(deck, at, how, "vault", "init")
        again = deck.run("vault", "init")
        assert again.code == 0 or (again.code == 2 and "has a vault already" in again.text), again
        deck.good("vault", "rotate")
        same("vault init", deck.rows("audit")[0]["what"])
        check_sound(deck)
        twins.drop(deck)


@case
def test_vault_rotate(directory, chance):
    simulator = Simulator(directory, "--set", "limits=off")
    deck = Deck(home(directory, "home"), simulator.url)
    deck.begin(simulator)
    twins = Twin(deck)
    for at, how in moments(chance, count_steps(twins.copy(), "vault", "rotate")):
        twin = twins.copy()
        kill_at(twin, at, how, "vault", "rotate")
        assert opens(twin), f"rotate was killed {how} step {at}"
        twin.good("vault", "rotate")
        status = twin.good("vault", "status", "--json").json()["vault"]
        assert not status["rotating"] and status["vault_keys"] == 1 and status["account_keys_of_old"] == 0, status
        assert opens(twin), f"rotate was killed {how} step {at} and run again"
        check_sound(twin)
        twins.drop(twin)


@case
def test_vault_passwd(directory, chance):
    """Either what opened it before opens it, or the new key file: never neither, never both."""
    simulator = Simulator(directory, "--set", "limits=off")
    deck = Deck(home(directory, "home"), simulator.url)
    deck.begin(simulator)
    twins = Twin(deck)
    straight, seen = twins.copy(), set()
    for at, how in moments(chance, count_steps(straight, "vault", "passwd", "--key-file", straight.home + "/new.key")):
        twin = twins.copy()
        kill_at(twin, at, how, "vault", "passwd", "--key-file", twin.home + "/new.key")
        new = ("--set", "vault.key_file=" + twin.home + "/new.key")
        seen.add(opens(twin, *new))
        assert opens(twin) != opens(twin, *new), f"passwd was killed {how} step {at}"
        twins.drop(twin)
    assert len(seen) == 2 or not SOAK, seen


@case
def test_connect(directory, chance):
    """What was killed before the company was saved is no company; the next attempt makes one, and one only."""
    simulator = Simulator(directory, "--set", "limits=off")
    deck = Deck(home(directory, "home"), simulator.url)
    deck.good("vault", "init")
    twins = Twin(deck)
    words = ("connect", "quickbooks", "--resume", "--yes", "--json")

    def agree(twin):
        url = twin.run("connect", "quickbooks").text
        return simulator.consent(next(line for line in url.splitlines() if line.startswith("http"))).encode() + b"\n"

    straight = twins.copy()
    for at, how in moments(chance, count_steps(straight, *words, input=agree(straight))):
        twin = twins.copy()
        kill_at(twin, at, how, *words, input=agree(twin))
        accounts = twin.rows("accounts")
        assert len(accounts) <= 1, accounts
        if not accounts:
            twin.connect(simulator)
        same(1, len(twin.rows("accounts")))
        twin.good("sync", "--all", "--type", "Customer")
        check_sound(twin)
        twins.drop(twin)


if __name__ == "__main__":
    run_cases()
