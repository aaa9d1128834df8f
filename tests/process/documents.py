# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of documents have in common: a home with its companies, documents on their way in, and what a plan says."""
import json
import os

from world import Deck, Simulator, same

REALM = "1001"
HEARD = 40  # seconds: without a bell nobody looks sooner than after sixty


def begin(directory, *kinds, **settings):
    companies = [f"{kind},realm={int(REALM) + number}" for number, kind in enumerate(kinds)]
    simulator = Simulator(directory, "--set", "limits=off", companies=companies)
    home = os.path.join(directory, "home")
    os.mkdir(home)
    deck = Deck(home, simulator.url, {name.replace("__", "."): value for name, value in settings.items()})
    accounts = deck.begin(simulator, len(kinds))
    deck.good("sync", "--all")
    return simulator, deck, accounts


def bring(deck, account, documents, code=0):
    path = os.path.join(deck.home, "documents.jsonl")
    with open(path, "w") as file:
        file.write("".join(json.dumps({"type": kind, "external_id": name, "data": data}) + "\n" for kind, name, data in documents))
    result = deck.run("import", path, "--account", account, "--write")
    same(code, result.code, result)


def invoice(number, lines, **more):
    return "invoice", number, {"number": number, "customer": "C", "date": "2026-11-05", "lines": lines, **more}


def live(deck, account, kind, **like):
    return next(row for row in deck.rows("objects", account, kind)
                if row["state"] == "live" and all(row.get(name) == value for name, value in like.items()))


def plan(deck, account, code, *words):
    result = deck.run("plan", account, "--json", *words)
    same(code, result.code, result)
    return result.json()["plan"]


def acts(rows):
    return sorted((row["what"], row["type"], row["count"]) for row in rows if row["kind"] == "act")


def rules(deck, account, *more):
    customer, item = live(deck, account, "Customer")["id"], live(deck, account, "Item", Type="Service")["id"]
    words = [f"customer:C={customer}", f"item:I={item}", *more]
    return deck.run("map", account, *[word for rule in words for word in ("--rule", rule)])
