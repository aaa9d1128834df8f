# SPDX-License-Identifier: GPL-3.0-or-later
"""Backups and restores as they are shipped: killed at every step that lasts, while others work, without room, and with
a ledger that has gone on meanwhile."""
import contextlib
import itertools
import os
import re
import resource
import shutil
import signal
import sqlite3

from world import (HOOK, Deck, Simulator, as_time_lets, await_that, case, check_mirror, check_sound, fill, mounted, refuse, run_cases,
                   same)

HOW = ("before", "half", "after")
COMPANY = "small,realm=1001,customers=11,invoices=11"


def home(directory, name, url="http://127.0.0.1:9", **settings):
    path = os.path.join(directory, name)
    os.mkdir(path)
    return Deck(path, url, settings)


def look(path, statement):
    """At a copy, so that nothing is changed by looking."""
    place = path + ".looked-at"
    for end in ("", "-wal"):
        with contextlib.suppress(FileNotFoundError):
            shutil.copy(path + end, place + end)
    with contextlib.closing(sqlite3.connect(place)) as database:
        found = database.execute(statement).fetchall()
    for end in ("", "-wal", "-shm"):
        with contextlib.suppress(FileNotFoundError):
            os.remove(place + end)
    return found


def word_in(path):
    same([("ok",)], look(path, "PRAGMA quick_check"), path)
    return bool(look(path, "SELECT 1 FROM meta WHERE name = 'last' AND value = 'word'"))


def kept(deck):
    folder = os.path.dirname(deck.store)
    return sorted(os.path.join(folder, name) for name in os.listdir(folder)
                  if re.search(r"\.before-restore-\d{8}T\d{6}Z(-\d+)?$", name))


def leftovers(folder):
    return [name for name in os.listdir(folder) if ".restoring" in name or ".part" in name]


def interrupted_home(directory):
    """A store whose last words stand in the log beside it, since whoever wrote them was killed; and a backup before them."""
    deck = home(directory, "past")
    deck.good("vault", "init")
    deck.good("backup", deck.home + "/backup.db")
    place = os.path.join(directory, "home")
    with contextlib.closing(sqlite3.connect(deck.store)) as database:
        database.execute("INSERT INTO meta (name, value) VALUES ('last', 'word')")
        database.commit()
        shutil.copytree(deck.home, place)
    twin = Deck(place, "", deck.settings)
    twin.settings["vault.key_file"] = twin.key = os.path.join(place, "vault.key")
    twin.configure()
    with contextlib.suppress(FileNotFoundError):
        os.remove(twin.store + "-shm")
    assert os.path.getsize(twin.store + "-wal") > 0
    return twin


def every_step(chance, deck, words, check):
    """The command killed at one step after the other, each time with the same past, then looked at and run again."""
    steps = os.path.join(os.path.dirname(deck.home), "steps")
    place = deck.home + ".kept"
    os.rename(deck.home, place)

    def begin(at, how="before"):
        shutil.rmtree(deck.home, ignore_errors=True)
        shutil.copytree(place, deck.home)
        return deck.run(*words, env={**deck.environment(), **HOOK, "HOOK_DIE_AT": str(at), "HOOK_DIE_HOW": how, "HOOK_STEPS_FILE": steps})

    straight = begin(0)
    same(0, straight.code, straight)
    with open(steps) as file:
        count = int(file.read())
    assert count > 20, f"{count} steps: nothing was counted"
    # The last ones are those that put it in place: they are never left out.
    last = [(at, how) for at in range(count - 11, count + 1) for how in HOW]
    before = [(at, how) for at in range(1, count - 11) for how in HOW]
    died = tried = 0
    for at, how in itertools.chain(last, as_time_lets(chance, before, 20, "instants before")):
        tried += 1
        result = begin(at, how)
        assert result.code in (-signal.SIGKILL, 0), f"step {at}, {how}: {result}"
        died += result.code != 0
        check(f"killed {how} step {at} of {count}")
    print(f"  {died} of {tried} killed, {count} steps", flush=True)
    assert died > tried // 2, "hardly anything ever died"


@case
def test_killed_while_restoring(directory, chance):
    """Either what was there or what was put there: whole, with its own log and nobody else's."""
    deck = interrupted_home(directory)
    seen = {True: 0, False: 0}

    def check(what):
        # As the next program that opens it finds it.
        old = word_in(deck.store)
        seen[old] += 1
        for path in kept(deck):
            assert word_in(path), f"{what}: {path} is not what was there"
        assert old or kept(deck), f"{what}: what was there is gone"
        check_sound(deck)
        same([{"n": str(int(old))}], deck.sql("SELECT count(*) AS n FROM meta WHERE name = 'last'"), what)
        deck.good("restore", deck.home + "/backup.db", "--yes")
        assert not word_in(deck.store), what
        same([], leftovers(os.path.dirname(deck.store)), what)
        assert any(word_in(path) for path in kept(deck)), f"{what}: what was there is gone"
        for path in kept(deck):
            same(1, os.stat(path).st_nlink, f"{what}: {path}")
        check_sound(deck)

    every_step(chance, deck, ("restore", deck.home + "/backup.db", "--yes"), check)
    print(f"  {seen[True]} times what was there, {seen[False]} times the backup", flush=True)
    assert seen[True] and seen[False], seen


@case
def test_killed_while_backing_up(directory, chance):
    deck = interrupted_home(directory)
    path = deck.home + "/new.db"

    def check(what):
        if os.path.exists(path):
            same([("ok",)], look(path, "PRAGMA quick_check"), what)
            assert word_in(path), what
        deck.good("backup", path, "--force")
        check_sound(deck)
        assert word_in(path), what
        same([], leftovers(deck.home), what)

    every_step(chance, deck, ("backup", path), check)


# ---- a ledger that went on


def work(simulator, realm, chance):
    for _ in range(2):
        name = f"Ny kunde {chance.randrange(1 << 40)}"
        customer = simulator.save(realm, "Customer", {"DisplayName": name})
        invoices = [simulator.save(realm, "Invoice", {
            "CustomerRef": {"value": customer["Id"]},
            "Line": [{"DetailType": "SalesItemLineDetail", "Amount": 12.50, "SalesItemLineDetail": {}}]}) for _ in range(3)]
        for invoice, operation in zip(invoices, ("?operation=delete", "?operation=void")):
            simulator.save(realm, "Invoice", {"Id": invoice["Id"], "SyncToken": invoice["SyncToken"]}, operation)
        simulator.save(realm, "Customer", {**customer, "CompanyName": "Endret"})


@case
def test_what_happened_since(directory, chance):
    """After a restore the mirror ends equal to the ledger, with what was written there since, and nothing twice."""
    simulator = Simulator(directory, "--set", "limits=off", "--set", "rotation=every", companies=(COMPANY,))
    deck = home(directory, "home", simulator.url)
    account, = deck.begin(simulator)
    deck.good("sync", "--all")
    work(simulator, "1001", chance)
    backup = directory + "/books.db"
    made = deck.good("backup", backup, "--json").json()["backup"]
    same(0o600, os.stat(backup).st_mode & 0o7777)
    work(simulator, "1001", chance)
    deck.good("refresh", "--all")
    deck.good("sync", "--all")
    said = deck.good("restore", backup, "--yes", "--json")
    restored = said.json()["restore"]
    same((made["records"], made["accounts"], made["taken_at"]), tuple(restored[name] for name in ("records", "accounts", "taken_at")))
    same((1, 0), (restored["tokens_taken_over"], restored["tokens_unsure"]))
    assert "read on from where the backup was" in said.text, said
    rows = deck.rows("status")
    assert all(row["sweep_due"] for row in rows if row["read_up_to_at"]), rows
    # Twice: what is absent once is believed when it is absent again.
    for _ in range(3):
        assert deck.run("sync", "--all").code in (0, 3)
    deck.good("sync", "--all", "--sweep", "--approve")
    check_mirror(deck, account, simulator.truth("1001"))
    check_sound(deck)
    same(["restore"], [row["what"] for row in deck.rows("audit") if row["what"] == "restore"])
    # On another machine, where nothing newer is: tokens that were replaced since are no good, and it was said.
    other = Deck(deck.home, simulator.url, deck.settings)
    other.settings["store.path"] = directory + "/other.db"
    other.configure()
    said = other.good("restore", backup, "--yes", "--json")
    same((None, 0, 1), tuple(said.json()["restore"][name] for name in ("kept_as", "tokens_taken_over", "tokens_unsure")))
    assert "must be connected again" in said.text, said
    result = other.run("refresh", "--all")
    assert result.code != 0 and b"connect" in result.out + result.err, result


# ---- beside others


@case
def test_while_it_is_used(directory, chance):
    simulator = Simulator(directory, "--set", "limits=off", companies=(COMPANY,))
    deck = home(directory, "home", simulator.url, **{"sync.interval": "1s"})
    deck.begin(simulator)
    scheduler = deck.start("run", stderr=open(directory + "/run.log", "wb"))
    await_that(lambda: deck.rows("log", "--limit", "1"), "something is read")
    backups = [directory + f"/{number}.db" for number in range(5)]
    for path in backups:
        deck.good("backup", path)
        same([("ok",)], look(path, "PRAGMA integrity_check"), path)
    refuse(deck, 3, rf"is open: process {scheduler.pid} \(ledgerdeck\); end it, then restore", "restore", backups[0], "--yes")
    scheduler.send_signal(signal.SIGTERM)
    same(0, scheduler.wait())
    deck.good("restore", backups[0], "--yes")
    deck.good("sync", "--all")
    check_sound(deck)


@case
def test_refused(directory, chance):
    deck = home(directory, "home")
    deck.good("vault", "init")
    backup = directory + "/backup.db"
    deck.good("backup", backup)
    refuse(deck, 2, "is there already; .*--force", "backup", backup)
    refuse(deck, 2, "is the store's own", "backup", deck.store, "--force")
    refuse(deck, 2, "is the store's own", "backup", deck.store + "-bell", "--force")
    refuse(deck, 1, "No such file or directory", "backup", directory + "/no/where.db")
    refuse(deck, 2, "where to.*directory = PATH", "backup")
    refuse(deck, 2, "nobody is there to agree; --yes", "restore", backup)
    refuse(deck, 2, "not confirmed; nothing was changed", "restore", backup, input=b"yes\n")
    refuse(deck, 2, "is the store itself", "restore", deck.store, "--yes")
    refuse(deck, 2, "readonly forbids", "--readonly", "restore", backup, "--yes")
    refuse(deck, 2, "No such file", "restore", backup + ".none", "--yes")
    with open(backup + ".noise", "wb") as file:
        file.write(chance.randbytes(100000))
    refuse(deck, 1, "is not a ledgerdeck file", "restore", backup + ".noise", "--yes")
    with open(backup, "r+b") as file:
        file.truncate(os.path.getsize(backup) // 2)
    refuse(deck, 1, "damaged", "restore", backup, "--yes")
    same([], kept(deck))
    check_sound(deck)
    deck.good("--readonly", "backup", directory + "/read.db")
    deck.good("restore", directory + "/read.db", input=b"restore\n")


@case
def test_no_room(directory, chance):
    deck = home(directory, "home")
    deck.good("vault", "init")
    good = directory + "/good.db"
    deck.good("backup", good)
    small = {"preexec_fn": lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100000, 100000))}
    refuse(deck, 1, "full|room|large", "backup", directory + "/cut.db", **small)
    refuse(deck, 1, "full|room|large", "restore", good, "--yes", **small)
    same(["good.db", "home"], sorted(os.listdir(directory)))
    same([], leftovers(os.path.dirname(deck.store)))
    # How it ended could not be told either; the next one does.
    deck.good("backup", directory + "/more.db")
    check_sound(deck)
    with mounted(os.path.join(directory, "disk"), "-t", "tmpfs", "-o", "size=3m,mode=700", "none") as place:
        fill(place)
        refuse(deck, 1, "no room for|No space", "backup", place + "/new.db")
        same(["filler"], os.listdir(place))
        os.remove(place + "/filler")
        deck.good("backup", place + "/new.db")
        # A store of its own on that disk, on which there is no room for a second one.
        shutil.move(place + "/new.db", place + "/books.db")
        deck.configure(store__path=place + "/books.db", store__reserve="0")
        deck.store = place + "/books.db"
        deck.good("vault", "rotate")
        fill(place)
        refuse(deck, 1, "no room for|No space|full", "restore", good, "--yes")
        os.remove(place + "/filler")
        check_sound(deck)


# ---- by itself


@case
def test_by_itself(directory, chance):
    """Made when due, the oldest of our own removed, nobody else's; a failure is told, and tried again on request."""
    place = directory + "/backups"
    deck = home(directory, "home", **{"backup.directory": place, "backup.keep": "2", "backup.interval": "1h"})
    deck.good("vault", "init")

    def rows():
        return [row for row in deck.rows("log") if row["type"] == "backup"]

    def ours():
        return sorted(name for name in os.listdir(place) if re.fullmatch(r"ledgerdeck-[0-9a-f]{8}-\d{8}T\d{6}Z\.db", name))

    def run_until(question, what):
        scheduler = deck.start("run", stderr=open(directory + "/run.log", "wb"))
        await_that(question, what)
        scheduler.send_signal(signal.SIGTERM)
        same(0, scheduler.wait())

    run_until(lambda: rows() and rows()[0]["result"] == "ok", "the first one")
    same([("backup", "backup", "schedule", "ok")], [(row["type"], row["job"], row["cause"], row["result"]) for row in rows()])
    first, = ours()
    same(os.path.join(place, first), rows()[0]["detail"])
    same([("ok",)], look(os.path.join(place, first), "PRAGMA quick_check"))
    # Older ones, some of which are none of ours.
    head = first[:first.index("-", 11) + 1]
    for name in (head + "20200101T000000Z.db", head + "20200102T000000Z.db", "ledgerdeck-00000000-20200101T000000Z.db", head + "20200101.db",
                 head + "20200101T000000Z.db.old"):
        shutil.copy(os.path.join(place, first), os.path.join(place, name))
    with open(os.path.join(place, head + "20200103T000000Z.db"), "w") as file:
        file.write("a letter")
    with open(os.path.join(place, head + "20200104T000000Z.db.part"), "w") as file:
        file.write("of one that was killed")
    os.symlink(first, os.path.join(place, head + "20200105T000000Z.db"))
    deck.extra = {**HOOK, "HOOK_AHEAD_S": "4000"}
    run_until(lambda: len(rows()) == 2 and rows()[0]["result"] == "ok", "the second one")
    same({first, head + "20200103T000000Z.db", head + "20200105T000000Z.db", "ledgerdeck-00000000-20200101T000000Z.db", head + "20200101.db",
          head + "20200101T000000Z.db.old"}, set(os.listdir(place)) - {ours()[-1]}, "what stays")
    # A place that can't be used.
    os.rename(place, place + ".away")
    with open(place, "w") as file:
        file.write("no directory")
    deck.extra["HOOK_AHEAD_S"] = "8000"
    run_until(lambda: rows()[0]["result"] == "failed", "a failure")
    assert "cannot keep backups" in rows()[0]["message"], rows()[0]
    status = deck.run("status")
    assert f"The last backup failed: cannot keep backups" in status.text and f"ledgerdeck retry {rows()[0]['id']}" in status.text, status
    same(1, deck.run("retry", str(rows()[0]["id"])).code)
    os.remove(place)
    os.rename(place + ".away", place)
    deck.good("retry", str(rows()[0]["id"]))
    same(("retry", "ok"), (rows()[0]["cause"], rows()[0]["result"]))
    assert "backup failed" not in deck.run("status").text


if __name__ == "__main__":
    run_cases()
