# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of pushing have in common: a company with a home that may write to it, documents, and what must hold of them."""
import json
import os
import shutil

from killing import home
from world import Deck, Simulator, await_that, check_sound, same

REALM = "1001"
COMPANY = f"small,realm={REALM},customers=3,invoices=3"
# Of whatever is waited for, as little as may be: what waits in life is a minute or two.
SOON = {"push.look_delay": "1s"}
NO_REPLAY = {**SOON, "push.replay_window": "0"}
DAY = "2026-11-02"


def customer(name, **more):
    return {"type": "customer", "external_id": "c-" + name, "data": {"name": name, **more}}


def invoice(number, whose, *amounts, **more):
    return {"type": "invoice", "external_id": "i-" + number, "data": {
        "number": number, "customer": whose, "date": DAY,
        "lines": [{"item": "W", "description": f"Work {place}", "amount": amount} for place, amount in enumerate(amounts)], **more}}


def payment(number, whose, amount, *invoices):
    return {"type": "payment", "external_id": "p-" + number, "data": {
        "reference": number, "customer": whose, "date": DAY, "amount": amount,
        "lines": [{"invoice": "i-" + each, "amount": part} for each, part in invoices]}}


class Books:
    """A company, and a home that is connected to it, has read it, and may write to it."""

    def __init__(self, directory, settings=None, switches=(), policies=(("new-customer", "create"),)):
        words = ["--set", "limits=off"]
        for switch in switches:
            words += ["--set", switch]
        self.state = os.path.join(directory, "books.state")
        self.simulator = Simulator(directory, *words, "--state", self.state, companies=(COMPANY,))
        self.words = words
        self.deck = Deck(home(directory, "home"), self.simulator.url, {**SOON, **(settings or {})})
        self.account, = self.deck.begin(self.simulator)
        self.deck.good("sync", "--all")
        self.deck.good("map", self.account, "--rule", "item:=Key repair")
        for policy, value in policies:
            self.deck.good("policy", self.account, policy, value)

    def take_in(self, documents, deck=None):
        deck = deck or self.deck
        with open(os.path.join(deck.home, "documents.json"), "w") as file:
            json.dump(documents, file)
        return deck.good("import", "documents.json", "--account", self.account, "--write", "--json")

    def plan(self, deck=None, codes=(9,), words=()):
        result = (deck or self.deck).run("plan", self.account, "--json", *words)
        assert result.code in codes, result
        return result.json()["plan"][0]["plan"] if result.json()["plan"] else None

    def apply(self, *codes, plan=None, words=()):
        result = self.deck.run("apply", plan or self.plan(), "--json", *words)
        assert result.code in (codes or (0,)), result
        return {row["state"]: row for row in result.json().get("apply", [])}

    def push(self, documents, *codes):
        self.take_in(documents)
        return self.apply(*codes)

    def reread(self):
        self.deck.good("sync", "--all")

    def outbox(self, *words):
        result = self.deck.run("outbox", "--json", *words)
        assert result.code in (0, 3), result
        return result.json()["outbox"]

    def await_owed(self, *states):
        """Until just so much is owed, in these states. In vain: what was owed instead is told."""
        seen = []

        def look():
            seen[:] = self.outbox()
            return [row["state"] for row in seen] == list(states)

        try:
            await_that(look, f"the outbox holds {states}")
        except AssertionError as err:
            raise AssertionError(f"{err}; it holds {seen}; the log: {self.deck.run('log', '--json').out.decode()[-4000:]}") from None

    def twin(self, directory, name, twins):
        """The same past, with a ledger of its own."""
        place = home(directory, name)
        state = os.path.join(place, "books.state")
        shutil.copy(self.state, state)
        other = object.__new__(Books)
        other.simulator = Simulator(place, *self.words, "--state", state, companies=())
        other.deck = twins.copy()
        other.deck.configure(**{"quickbooks.local_address": other.simulator.url,
                                "quickbooks.redirect_local": other.simulator.url + "/oauth2/code"})
        other.account = self.account
        other.place = place
        return other

    def drop(self, twins):
        self.simulator.process.kill()
        self.simulator.process.wait()
        twins.drop(self.deck)
        shutil.rmtree(self.place)


def standing(simulator, kind, *names):
    """What the ledger holds under that name or number, as records."""
    found = [json.loads(text) for text in simulator.records(REALM, kind).values()]
    return [each for each in found if names[0] in (each.get("DocNumber"), each.get("PaymentRefNum"), each.get("DisplayName"))]


def one(simulator, kind, name):
    found = standing(simulator, kind, name)
    assert len(found) == 1, f"{kind} {name} stands {len(found)} times in the ledger"
    return found[0]


def cents(text):
    whole, _, part = str(text).partition(".")
    return int(whole) * 100 + int((part + "00")[:2])


def check_saga(simulator, documents):
    """Each is there once, with its total, and points to where it belongs."""
    ids = {}
    for document in documents:
        data = document["data"]
        if document["type"] == "customer":
            ids[document["external_id"]] = one(simulator, "Customer", data["name"])["Id"]
        elif document["type"] == "invoice":
            record = one(simulator, "Invoice", data["number"])
            ids[document["external_id"]] = record["Id"]
            same(sum(cents(line["amount"]) for line in data["lines"]), cents(record["TotalAmt"]), data["number"])
            same(ids[data["customer"]], record["CustomerRef"]["value"], data["number"])
        else:
            record = one(simulator, "Payment", data["reference"])
            same(cents(data["amount"]), cents(record["TotalAmt"]), data["reference"])
            linked = {link["TxnId"] for line in record["Line"] for link in line["LinkedTxn"]}
            same({ids[line["invoice"]] for line in data["lines"]}, linked, data["reference"])


def check_settled(books):
    """Nothing is owed any more, each write has its link, and another plan finds nothing to do."""
    owed = books.outbox()
    assert not owed, owed
    stray = books.deck.sql("SELECT intent.id FROM intent LEFT JOIN link ON link.resource = intent.resource AND "
                           "link.account_id = intent.account_id AND link.record_id = intent.record_id "
                           "WHERE intent.state = 5 AND link.resource IS NULL")
    assert not stray, stray
    books.plan(codes=(0,))
    check_sound(books.deck)


def many(books, count):
    """A new customer, and invoices of hers that wait for her."""
    documents = [customer("Kestrel Joinery")] + [invoice(f"N-{place}", "c-Kestrel Joinery", f"{place + 1}.00") for place in range(count)]
    books.take_in(documents)
    return documents, books.plan()
