# SPDX-License-Identifier: GPL-3.0-or-later
"""The doctor: well when all is well, and each thing that is wrong is found, with what to do."""
import contextlib
import os
import signal
import sqlite3

from world import HOOK, Deck, Simulator, case, run_cases, same


def make(directory):
    simulator = Simulator(directory, "--set", "limits=off", companies=("small,realm=1001,customers=3,invoices=3",))
    deck = Deck(directory, simulator.url)
    deck.begin(simulator)
    deck.good("sync", "--all")
    deck.good("backup", directory + "/books.db")
    return simulator, deck


def look(deck, code, *words):
    """{check: (state, what, do)} of what it tells; the worst of several."""
    result = deck.run("doctor", "--json", *words)
    same(code, result.code, result)
    found = {}
    for row in result.json()["doctor"]:
        here = (row["state"], row["what"], row["do"])
        assert (row["state"] == "ok") == (row["do"] is None), row
        if row["check"] not in found or row["state"] != "ok":
            found[row["check"]] = here
    return found


def expect(deck, code, check, state, what, do, *words):
    found = look(deck, code, *words)[check]
    print(f"  {check}: {found}", flush=True)
    same(state, found[0], found)
    assert what in found[1], (what, found)
    assert do in (found[2] or ""), (do, found)


@case
def test_well(directory, chance):
    simulator, deck = make(directory)
    found = look(deck, 0)
    same(set(), {check for check, each in found.items() if each[0] != "ok"})
    same({"settings", "catalogue", "terminal", "files", "room", "write-ahead log", "store", "audit", "history", "vault", "leases", "budget",
          "backup", "connection", "types", "ledger", "clock"}, set(found))
    calls = simulator.counters("1001")
    look(deck, 0, "--offline")
    same(calls, simulator.counters("1001"), "nothing was asked")
    result = deck.run("doctor")
    same((0, ""), (result.code, result.text), result)
    assert b"+ ok" in result.out, result


@case
def test_wrong(directory, chance):
    simulator, deck = make(directory)
    folder = os.path.dirname(deck.store)
    os.chmod(deck.store, 0o640)
    expect(deck, 1, "files", "fail", "others can use", "chmod go= ", "--offline")
    for name in os.listdir(folder):  # what is made beside it gets its rights
        os.chmod(os.path.join(folder, name), 0o600)
    os.chmod(folder, 0o770)
    expect(deck, 1, "files", "fail", "others can use", "chmod go-w ", "--offline")
    os.chmod(folder, 0o700)
    os.rename(deck.key, deck.key + ".away")
    expect(deck, 1, "vault", "fail", "is not there", "put the key file back")
    os.rename(deck.key + ".away", deck.key)
    expect(deck, 1, "room", "fail", "MB are free", "make room", "--set", "store.reserve=1000000G", "--offline")
    expect(deck, 1, "budget", "fail", "local: ", "read less often", "--set", "sync.month_limit=1", "--offline")
    expect(deck, 3, "settings", "warn", "quickbooks.client_secret stands in clear in ", "take it out of there", "--offline",
           "--env-file", secret_file(directory))
    # A row of the catalogue that was changed, before anybody works by it.
    types = os.path.join(deck.home, ".config/ledgerdeck/types")
    os.makedirs(types)
    with open(os.path.join(types, "mine.catalogue"), "w") as file:
        file.write("provider = quickbooks\n[Customer]\nquery = Customer\nkey = Id\nfield = Notes text\n")
    expect(deck, 3, "catalogue", "warn", "the columns of 1 of 39 types are not filled anew yet", "fills them by itself", "--offline")
    os.remove(os.path.join(types, "mine.catalogue"))
    # A clock that is ahead, and one that is too far ahead to be worked with.
    deck.extra = {**HOOK, "HOOK_AHEAD_S": "200"}
    expect(deck, 3, "clock", "warn", "200 s ahead of the ledger's", "set this machine's clock")
    deck.extra["HOOK_AHEAD_S"] = "2000"
    expect(deck, 1, "clock", "fail", "2000 s ahead of the ledger's", "set this machine's clock")
    # Backups that are old.
    deck.extra["HOOK_AHEAD_S"] = str(3 * 86400)
    expect(deck, 3, "backup", "warn", "the last one is 3 days old", "directory = PATH", "--offline")
    deck.extra = {}
    simulator.process.send_signal(signal.SIGKILL)
    simulator.process.wait()
    expect(deck, 1, "ledger", "fail", "refused the connection", "Check the network")
    # What is well is not touched by what is not.
    same(0, deck.run("doctor", "--offline").code)


def secret_file(directory):
    path = os.path.join(directory, "secret.env")
    with open(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
        file.write("QB_CLIENT_SECRET=geheim\n")
    return path


@case
def test_inside(directory, chance):
    simulator, deck = make(directory)
    account = deck.rows("accounts")[0]["id"]

    def change(statement):
        with contextlib.closing(sqlite3.connect(deck.store)) as database:
            database.execute(statement)
            database.commit()

    change("UPDATE object SET status = 4, error_code = 5, error_text = 'broke' WHERE type = 'Invoice'")
    expect(deck, 3, "types", "warn", "1 of 39 types failed", f"status {account} --state failed", "--offline")
    change("UPDATE object SET status = 1, error_code = 0, type = 'Gone' WHERE type = 'Invoice'")
    expect(deck, 3, "catalogue", "warn", "1 mirrored types have no row", "types/", "--offline")
    change("UPDATE object SET type = 'Invoice' WHERE type = 'Gone'")
    change(f"UPDATE account SET state = 1, reason = 'signed out' WHERE id = '{account}'")
    expect(deck, 1, "connection", "fail", "must be connected again: signed out", f"connect quickbooks --account {account}", "--offline")
    change(f"UPDATE account SET state = 0, reason = '' WHERE id = '{account}'")
    dead = deck.run("version")
    assert dead.code == 0
    change(f"INSERT OR REPLACE INTO lease VALUES ('{account}', '{os.uname().nodename[:39]}:999999999:1:x', 9999999999999, 1)")
    expect(deck, 0, "leases", "ok", "1 by processes that are gone", "", "--offline")
    change("DELETE FROM attempt WHERE type = 'backup'")
    expect(deck, 3, "backup", "warn", "none that the log knows of", "ledgerdeck backup FILE", "--offline")
    change("DROP TRIGGER audit_update")
    change("UPDATE audit SET who = 'nobody' WHERE no = 1")
    expect(deck, 1, "audit", "fail", "row 1 was changed", "compare it", "--offline")
    with open(deck.store, "r+b") as file:
        file.seek(5 * 16384)
        file.write(chance.randbytes(16384))
    found = look(deck, 1, "--offline")
    same("fail", found["store"][0], found)
    os.remove(deck.store)
    expect(deck, 1, "store", "fail", "there is no file", "")


if __name__ == "__main__":
    run_cases()
