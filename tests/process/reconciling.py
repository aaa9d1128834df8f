# SPDX-License-Identifier: GPL-3.0-or-later
"""Books to be reconciled: a company whose ledger has what was planned, and ways to make the two differ."""
import json
import os
import sqlite3

from world import Deck, Simulator, same

REALM = "1001"
PERIOD = "2026-06"  # the samples have no sales in it


def begin(directory, kind="small", **settings):
    simulator = Simulator(directory, "--set", "limits=off", companies=[f"{kind},realm={REALM}"])
    home = os.path.join(directory, "home")
    os.mkdir(home)
    deck = Deck(home, simulator.url, {name.replace("__", "."): value for name, value in settings.items()})
    (account,) = deck.begin(simulator, 1)
    deck.good("sync", "--all")
    return simulator, deck, account


def bring(deck, account, documents):
    path = os.path.join(deck.home, "documents.jsonl")
    with open(path, "w") as file:
        file.write("".join(json.dumps({"type": kind, "external_id": name, "data": data}) + "\n" for kind, name, data in documents))
    deck.good("import", path, "--account", account, "--write")


def live(deck, account, kind, **like):
    return [row for row in deck.rows("objects", account, kind)
            if row["state"] == "live" and all(row.get(name) == value for name, value in like.items())]


def invoice(number, amount, date="2026-06-05", **more):
    return "invoice", number, {"number": number, "customer": "C", "date": date, "lines": [{"item": "I", "amount": amount}], **more}


def write(deck, account, documents, *more):
    """Documents of one's own that are in the ledger as planned: {number: id of its record}."""
    bring(deck, account, documents)
    customers, item = live(deck, account, "Customer"), live(deck, account, "Item", Type="Service")[0]["id"]
    deck.good("map", account, "--rule", f"customer:C={customers[0]['id']}", "--rule", f"customer:D={customers[1]['id']}",
              "--rule", f"item:I={item}", *more)
    made = deck.run("plan", account, "--json").json()["plan"][0]["plan"]
    deck.good("apply", made)
    return {row["number"]: row["record"] for row in deck.rows("outbox", "--all")}


def reconcile(deck, account, code, *words, period=PERIOD):
    result = deck.run("reconcile", account, "--period", period, "--json", *words)
    same(code, result.code, result)
    return result.json()["reconcile"]


def exceptions(deck, *words):
    return deck.run("exceptions", "--json", *words).json()["exceptions"]


def found(deck, *words):
    return sorted((row["reason"], row["ref"]) for row in exceptions(deck, *words))


def session(deck):
    return deck.rows("sessions")[0]


def record(simulator, kind, number):
    return json.loads(simulator.records(REALM, kind)[number])


def change(simulator, kind, number, **members):
    old = record(simulator, kind, number)
    return simulator.save(REALM, kind, {"Id": old["Id"], "SyncToken": old["SyncToken"], "sparse": True, **members})


class Books:
    """A company whose books agree, and ways to make them differ: each gives what is to be found."""

    def __init__(self, directory, chance):
        self.chance = chance
        self.simulator, self.deck, self.account = begin(directory)
        self.sold = [f"N-{number}" for number in range(14)]
        self.dates = {number: f"2026-06-{chance.randrange(2, 28):02}" for number in self.sold}
        documents = [invoice(number, self.cents(), date=self.dates[number], customer=chance.choice("CD")) for number in self.sold]
        paid = [("payment", f"P-{number}", {
            "reference": f"P-{number}", "customer": documents[number][2]["customer"], "date": "2026-06-28",
            "amount": (amount := documents[number][2]["lines"][0]["amount"]), "lines": [{"invoice": f"N-{number}", "amount": amount}]})
            for number in (0, 1)]
        # More was paid than is settled by it.
        more = ("payment", "P-2", {"reference": "P-2", "customer": "C", "date": "2026-06-28", "amount": "50.00", "lines": []})
        self.documents = {name: data for _, name, data in documents}
        self.ids = write(self.deck, self.account, documents + paid + [more])
        self.free = self.sold[2:]
        chance.shuffle(self.free)

    def cents(self):
        return f"{self.chance.randrange(100, 999999) / 100:.2f}"

    def one(self):
        return self.free.pop()

    def line(self, number, amount):
        line = record(self.simulator, "Invoice", self.ids[number])["Line"][0]
        detail = {**line["SalesItemLineDetail"], "UnitPrice": amount, "Qty": 1}
        return {"Id": line["Id"], "DetailType": line["DetailType"], "Amount": amount, "SalesItemLineDetail": detail}

    def end(self, number, operation):
        old = record(self.simulator, "Invoice", self.ids[number])
        self.simulator.save(REALM, "Invoice", {"Id": old["Id"], "SyncToken": old["SyncToken"]}, "?operation=" + operation)

    def deleted(self):
        number = self.one()
        self.end(number, "delete")
        return "gone", number

    def voided(self):
        number = self.one()
        self.end(number, "void")
        return "gone", number

    def another_amount(self):
        number = self.one()
        change(self.simulator, "Invoice", self.ids[number], Line=[self.line(number, 7.77)])
        return "amount", number

    def one_cent(self):
        number = self.one()
        amount = float(self.documents[number]["lines"][0]["amount"])
        change(self.simulator, "Invoice", self.ids[number], Line=[self.line(number, round(amount + .01, 2))])
        return "amount", number

    def another_period(self):
        number = self.one()
        change(self.simulator, "Invoice", self.ids[number], TxnDate="2026-05-31")
        return "date", number

    def another_day(self):
        number = self.one()
        change(self.simulator, "Invoice", self.ids[number], TxnDate="2026-06-29")
        return "date", number

    def another_customer(self):
        number = self.one()
        change(self.simulator, "Invoice", self.ids[number], CustomerRef={"value": live(self.deck, self.account, "Customer")[2]["id"]})
        return "party", number

    def by_hand(self):
        old = record(self.simulator, "Invoice", self.ids["N-0"])
        line = {**self.line("N-0", float(self.cents()))}
        del line["Id"]
        made = self.simulator.save(REALM, "Invoice", {
            "CustomerRef": old["CustomerRef"], "TxnDate": "2026-06-15", "DocNumber": f"HAND-{self.chance.randrange(10 ** 6)}", "Line": [line]})
        return "not-in-source", made["Id"]

    def never_written(self):
        number = f"NEW-{self.chance.randrange(10 ** 6)}"
        bring(self.deck, self.account, [invoice(number, self.cents())])
        return "not-in-ledger", number

    def another_currency(self):
        number = self.one()
        bring(self.deck, self.account, [("invoice", number, {**self.documents[number], "currency": "EUR", "exchange_rate": "1.1"})])
        return "currency", number

    def dropped_link(self):
        number = self.chance.choice([each for each in ("P-0", "P-1") if each in self.ids])
        old = record(self.simulator, "Payment", self.ids.pop(number))
        self.simulator.save(REALM, "Payment", {**old, "Line": []})
        return "applied", number

    def over_applied(self):
        old = record(self.simulator, "Payment", self.ids.pop("P-2"))
        number = self.simulator.save(REALM, "Invoice", {"CustomerRef": old["CustomerRef"], "TxnDate": "2026-04-01", "Line": [{
            "Amount": 50, "DetailType": "SalesItemLineDetail",
            "SalesItemLineDetail": {"ItemRef": {"value": live(self.deck, self.account, "Item", Type="Service")[0]["id"]}}}]})["Id"]
        self.simulator.save(REALM, "Payment", {**old, "Line": [{"Amount": 50, "LinkedTxn": [{"TxnId": number, "TxnType": "Invoice"}]}]})
        return "applied", "P-2"

    def written_twice(self):
        """Another tool enters what is there already."""
        old = record(self.simulator, "Invoice", self.ids[self.one()])
        lines = [{name: value for name, value in line.items() if name != "Id"} for line in old["Line"] if line["DetailType"] == "SalesItemLineDetail"]
        made = self.simulator.save(REALM, "Invoice", {
            "CustomerRef": old["CustomerRef"], "TxnDate": old["TxnDate"], "DocNumber": old["DocNumber"], "Line": lines},
            "?include=allowduplicatedocnum")
        return "duplicate", made["Id"]

    def brought_twice(self):
        number = self.one()
        bring(self.deck, self.account, [("invoice", number + "-again", self.documents[number])])
        return "duplicate", number + "-again"

    WAYS = (deleted, voided, another_amount, one_cent, another_period, another_day, another_customer, by_hand, never_written,
            another_currency, dropped_link, over_applied, written_twice, brought_twice)
    ONCE = (dropped_link, over_applied)


def lose(deck, kind, number):
    """The mirror forgets a record, as no reading of changes would."""
    with sqlite3.connect(deck.store) as file:
        gone = file.execute("SELECT no FROM record WHERE id = ? AND object IN (SELECT no FROM object WHERE type = ?)", (number, kind)).fetchone()[0]
        for table in [name for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]:
            if "record" in [row[1] for row in file.execute(f"PRAGMA table_info({table})")] and table in ("history",):
                file.execute(f"DELETE FROM {table} WHERE record = ?", (gone,))
        file.execute("DELETE FROM raw WHERE no = ?", (gone,))
        file.execute("DELETE FROM record WHERE no = ?", (gone,))
    file.close()
