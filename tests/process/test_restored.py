# SPDX-License-Identifier: GPL-3.0-or-later
"""Documents and a restored backup: what was written after the backup was taken is known again by its mark, and nothing is
written twice, with numbers or without, whether the documents themselves were in the backup or come in again."""
import os

from world import Deck, Simulator, case, run_cases, same

REALM = "1001"
HEAD = "InvoiceNo,Customer,InvoiceDate,DueDate,Item(Product/Service),ItemAmount\n"
OLD = "X-1,C1,2026-11-02,2026-12-02,DESIGN,112.50\nX-2,C1,2026-11-03,2026-12-03,DESIGN,75.00\n"
NEW = "X-9,C1,2026-11-09,2026-12-09,DESIGN,85.00\n"


def bring(deck, account, rows):
    path = os.path.join(deck.home, "invoices.csv")
    with open(path, "w") as file:
        file.write(HEAD + rows)
    deck.good("import", path, "--account", account, "--write")


def plan(deck, account, code, *words):
    result = deck.run("plan", account, "--json", *words)
    same(code, result.code, result)
    return result.json()["plan"]


def begin(directory, *policies):
    simulator = Simulator(directory, "--set", "limits=off", companies=(f"small,realm={REALM}",))
    home = os.path.join(directory, "home")
    os.mkdir(home)
    deck = Deck(home, simulator.url)
    account = deck.begin(simulator)[0]
    deck.good("sync", "--all")
    customer = next(row["id"] for row in deck.rows("objects", account, "Customer") if row["state"] == "live")
    for policy in policies:
        deck.good("policy", account, *policy)
    bring(deck, account, OLD)
    deck.good("map", account, "--rule", "item:DESIGN=1", "--rule", f"customer:C1={customer}")
    return simulator, deck, account


def write_restore_and_write(directory, *policies):
    simulator, deck, account = begin(directory, *policies)
    backup = os.path.join(directory, "backup.db")
    deck.good("backup", backup)
    deck.good("apply", plan(deck, account, 9)[0]["plan"])
    bring(deck, account, OLD + NEW)
    deck.good("apply", plan(deck, account, 9)[0]["plan"])
    before = set(simulator.records(REALM, "Invoice"))
    deck.good("restore", backup, "--yes")
    # Before the ledger was read again nothing is created, whoever asks.
    blocked = plan(deck, account, 3, "--as-is")
    same(["blocked"], [row["what"] for row in blocked if row["kind"] == "act"])
    bring(deck, account, OLD + NEW)
    linked = plan(deck, account, 9)
    same([("link", 3)], [(row["what"], row["count"]) for row in linked if row["kind"] == "act"])
    deck.good("apply", linked[0]["plan"])
    same([], plan(deck, account, 0))
    same(before, set(simulator.records(REALM, "Invoice")), "invoices of the ledger")


@case
def with_numbers(directory, chance):
    write_restore_and_write(directory)


@case
def without_numbers(directory, chance):
    write_restore_and_write(directory, ("numbering", "ledger"))


@case
def what_was_queued_is_looked_for(directory, chance):
    """In the backup it was still to be sent; it was sent after it was taken."""
    simulator, deck, account = begin(directory)
    backup = os.path.join(directory, "backup.db")
    made = plan(deck, account, 9)[0]["plan"]
    deck.good("apply", made, "--queue")
    deck.good("backup", backup)
    deck.good("apply", made)
    before = set(simulator.records(REALM, "Invoice"))
    deck.good("restore", backup, "--yes")
    same({"uncertain"}, {row["state"] for row in deck.run("outbox", "--json").json()["outbox"]})
    deck.good("sync", "--all")
    deck.good("apply", made, "--set", "push.look_delay=1s")
    same({"confirmed"}, {row["state"] for row in deck.rows("outbox", "--all")})
    same(before, set(simulator.records(REALM, "Invoice")), "invoices of the ledger")


if __name__ == "__main__":
    run_cases()
