#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documents on their way into an entity of Xledger, which knows no key that makes a repetition harmless, takes vouchers in
first and posts them later: whatever is killed, lost or refused, each stands there once, to the cent, or is visibly owed."""
import json
import os

from entity import Entity
from killing import Twin, count_steps, kill_at, moments
from pushing import SOON, await_that, customer
from world import SOAK, case, check_sound, run_cases, same

COMPANY = "xledger,realm=777,customers=8,invoices=8"
DAY = "2026-11-02"


def sale(kind, number, whose, *lines, **more):
    """Lines are (item, amount, tax code)."""
    return {"type": kind, "external_id": f"{kind}-{number}", "data": {
        "number": number, "customer": whose, "date": DAY,
        "lines": [{"item": item, "description": f"Linje {place}", "amount": amount, **({"tax_code": tax} if tax else {})}
                  for place, (item, amount, tax) in enumerate(lines)], **more}}


def cents(text):
    whole, _, part = str(text).lstrip("-").partition(".")
    return (int(whole) * 100 + int((part + "00")[:2])) * (-1 if str(text).startswith("-") else 1)


class Writer(Entity):
    """One that may write: customers are made, codes are mapped, and the accounts of both ledgers are named."""

    def __init__(self, directory, settings=None, switches=()):
        super().__init__(directory, {**SOON, **(settings or {})}, switches, (COMPANY,))
        self.begin()
        self.deck.good("sync", "--all")
        for rule in ("item:TIME=TIME", "item:KURS=KURS", "item:LIS=LIS", "tax_code:3=3", "tax_code:0=0", "tax_code:1=1", "tax_code:31=31"):
            self.deck.run("map", self.account, "--rule", rule)
        for policy, value in (("new-customer", "create"), ("receivable", "account=1500"), ("payable", "account=2400")):
            self.deck.good("policy", self.account, policy, value)

    def take_in(self, documents):
        with open(os.path.join(self.deck.home, "documents.json"), "w") as file:
            json.dump(documents, file)
        self.deck.good("import", "documents.json", "--account", self.account, "--write", "--json")

    def plan(self, codes=(9,)):
        result = self.deck.run("plan", self.account, "--json")
        assert result.code in codes, result
        rows = result.json()["plan"]
        return rows[0]["plan"] if rows else None

    def blocked(self, document):
        """Why it can't be written."""
        self.take_in([document])
        return "; ".join(row["why"] for row in self.deck.rows("plans", self.plan((3,)), "--what", "blocked"))

    def apply(self, *codes, plan=None):
        result = self.deck.run("apply", plan or self.plan((9, 3)), "--json")
        assert result.code in (codes or (0,)), result
        return {row["state"]: row for row in result.json().get("apply", [])}

    def push(self, documents, *codes):
        self.take_in(documents)
        return self.apply(*codes)

    def outbox(self):
        return self.deck.run("outbox", "--json").json()["outbox"]

    def nodes(self, root, fields, filter_text=""):
        where = f", filter: {{{filter_text}}}" if filter_text else ""
        found = self.other(f"{{ r: {root}(first: 10000{where}) {{ edges {{ node {{ {fields} }} }} }} }}")["r"]
        return [edge["node"] for edge in (found["edges"] if found and found["edges"] else [])]

    def entries(self, number, root="arTransactions"):
        return self.nodes(root, "dbId invoiceNumber invoiceDate dueDate invoiceAmount amount subledger { dbId description } currency { code } "
                          "slTransactionType { name }", f'invoiceNumber: "{number}"')

    def named(self, name, root="customers"):
        return self.nodes(root, "dbId description email address { streetAddress zipCode place }", f"description: {json.dumps(name)}")

    def lines(self, whose):
        """Account and amount of the lines of the books that have one of these texts."""
        found = self.nodes("transactions", "account { code } amount taxAmount text taxRule { code }")
        return [(line["account"]["code"], line["amount"], line["taxAmount"], (line["taxRule"] or {}).get("code")) for line in found
                if line["text"] in whose]

    def check(self, documents):
        """Each is there once, with its total, and belongs to whom it should; the mirror says so, too."""
        for document in documents:
            data = document["data"]
            if document["type"] == "customer":
                same(1, len(self.named(data["name"])), data["name"])
                continue
            entries = self.entries(data["number"])
            same(1, len(entries), entries)
            same(data["total"], entries[0]["invoiceAmount"].lstrip("-"), entries)
            same("CREDIT_MEMO" if document["type"] == "credit_memo" else "INVOICE", entries[0]["slTransactionType"]["name"])
            same(data["customer"].removeprefix("c-"), entries[0]["subledger"]["description"], entries)
        same([], self.outbox())
        stray = self.deck.sql("SELECT intent.id FROM intent LEFT JOIN link ON link.resource = intent.resource AND "
                              "link.account_id = intent.account_id AND link.record_id = intent.record_id "
                              "WHERE intent.state = 5 AND link.resource IS NULL")
        assert not stray, stray
        self.plan((0,))
        check_sound(self.deck)


KARI = customer("Kari Traa AS", email="kari@example.no", street="Storgata 1", zip="0155", city="Oslo")
SAGA = [KARI, sale("invoice", "K-1", "c-Kari Traa AS", ("TIME", "1000.00", "3"), ("KURS", "0.01", "0"), total="1250.01"),
        customer("Fjord & Fjell \"AS\""), sale("invoice", "F-1", "c-Fjord & Fjell \"AS\"", ("LIS", "99.90", "3"), total="124.88"),
        sale("credit_memo", "F-2", "c-Fjord & Fjell \"AS\"", ("LIS", "10.00", "3"), total="12.50")]


@case
def test_written_as_planned(directory, _):
    """Customers, invoices, credit memos and bills; what is posted adds up to nothing, and another plan finds nothing to do."""
    writer = Writer(directory)
    writer.take_in(SAGA)
    plan = writer.plan()
    fact, = (row for row in writer.deck.run("plan", writer.account, "--json").json()["plan"] if row["what"] == "calls")
    same((3, "2 batches and 1 to ask what became of them, less than a minute"), (fact["count"], fact["why"]))
    before = sum(writer.simulator.counters("777")["calls"].values())
    same({"confirmed"}, set(writer.apply(0, plan=plan)))
    # Customers in one call; vouchers in one, and one question what became of them.
    same(3, sum(writer.simulator.counters("777")["calls"].values()) - before, "calls")
    writer.check(SAGA)
    kari, = writer.named("Kari Traa AS")
    same(("kari@example.no", {"streetAddress": "Storgata 1", "zipCode": "0155", "place": "Oslo"}), (kari["email"], kari["address"]))
    posted = writer.nodes("glImportItems", "account { code } amount invoiceAmount taxAmount taxRule { code } trRegNumber text extIdentifier")
    vouchers = {}
    for line in posted:
        vouchers.setdefault(line["trRegNumber"], []).append(line)
    same(3, len(vouchers))
    for lines in vouchers.values():
        same(0, sum(cents(line["amount"]) for line in lines), lines)
    first = sorted((line["account"]["code"], line["amount"]) for line in next(v for v in vouchers.values() if any(x["amount"] == "1250.01" for x in v)))
    same([("1500", "1250.01"), ("2700", "-250.00"), ("3010", "-1000.00"), ("3100", "-0.01")], first)
    # What is posted stays: a document that changes is taken back and written anew.
    changed = sale("invoice", "K-1", "c-Kari Traa AS", ("TIME", "900.00", "3"), total="1125.00")
    why = writer.blocked(changed)
    assert "what is posted can't be changed in Xledger" in why, why
    writer.take_in([SAGA[1]])
    writer.plan((0,))
    # Customers can be changed, and what is not ours to write stays.
    writer.push([customer("Kari Traa AS", email="post@example.no", street="Storgata 1", zip="0155", city="Oslo")])
    kari, = writer.named("Kari Traa AS")
    same(("post@example.no", "Storgata 1"), (kari["email"], kari["address"]["streetAddress"]))
    writer.plan((0,))


@case
def test_taken_back(directory, _):
    """What was posted stays: a document that is void with its owner is taken back by a credit memo, or held back."""
    writer = Writer(directory)
    writer.push(SAGA)
    void = json.loads(json.dumps(SAGA[1]))
    void["data"]["voided"] = True
    why = writer.blocked(void)
    assert "lets nothing be made void" in why, why
    writer.deck.good("policy", writer.account, "void", "credit-note")
    same({"confirmed"}, set(writer.apply(0)))
    kept, note = sorted(writer.entries("K-1"), key=lambda entry: cents(entry["invoiceAmount"]), reverse=True)
    same(("1250.01", "INVOICE", "-1250.01", "CREDIT_MEMO"), (kept["invoiceAmount"], kept["slTransactionType"]["name"], note["invoiceAmount"],
                                                            note["slTransactionType"]["name"]))
    # That one is applied to the other is done in the ledger: nothing waits for it.
    writer.plan((0,))
    same([], writer.outbox())
    check_sound(writer.deck)


@case
def test_bills(directory, _):
    """A supplier and what is owed to it; each side's own accounts."""
    writer = Writer(directory)
    bill = {"type": "bill", "external_id": "b-1", "data": {"number": "B-1", "vendor": "v-1", "date": DAY, "due_date": "2026-11-30", "total": "125.00", "lines": [
        {"account": "rent", "description": "November", "amount": "100.00", "tax_code": "1"}]}}
    writer.take_in([{"type": "vendor", "external_id": "v-1", "data": {"name": "Utleie AS", "email": "post@example.no"}}, bill])
    writer.deck.run("map", writer.account, "--rule", "account:rent=6300")
    writer.deck.good("policy", writer.account, "payable", "ledger")
    why = "; ".join(row["why"] for row in writer.deck.rows("plans", writer.plan(), "--what", "blocked"))
    assert "the policy 'payable' does" in why, why
    writer.deck.good("policy", writer.account, "payable", "account=2400")
    same({"confirmed"}, set(writer.apply(0)))
    entry, = writer.entries("B-1", "apTransactions")
    same(("-125.00", "2026-11-30", "Utleie AS", DAY), (entry["invoiceAmount"], entry["dueDate"], entry["subledger"]["description"], entry["invoiceDate"]))
    posted = writer.nodes("glImportItems", "account { code } amount")
    same([("2400", "-125.00"), ("2710", "25.00"), ("6300", "100.00")], sorted((line["account"]["code"], line["amount"]) for line in posted))
    same(1, len(writer.named("Utleie AS", "suppliers")))
    writer.plan((0,))
    check_sound(writer.deck)


@case
def test_taxes_and_currencies(directory, _):
    """Amounts that include the tax, tax that was rounded line by line, tax that no rule makes, another currency."""
    writer = Writer(directory)
    writer.push([KARI, sale("invoice", "T-1", "c-Kari Traa AS", ("TIME", "125.00", "3"), tax_mode="inclusive", total="125.00")])
    writer.push([sale("invoice", "T-2", "c-Kari Traa AS", ("TIME", "0.10", "3"), ("TIME", "0.10", "3"), ("TIME", "0.10", "3"), tax_total="0.09",
                      total="0.39")])
    same(["0.39"], [entry["invoiceAmount"] for entry in writer.entries("T-2")])
    why = writer.blocked(sale("invoice", "T-3", "c-Kari Traa AS", ("TIME", "100.00", "3"), tax_total="20.00", total="120.00"))
    assert "your tax is 20.00, by its tax rules it is 25.00" in why, why
    why = writer.blocked(sale("invoice", "T-3", "c-Kari Traa AS", ("TIME", "100.00", "3"), currency="EUR", total="125.00"))
    assert "no exchange rate from EUR to NOK" in why, why
    writer.push([sale("invoice", "T-3", "c-Kari Traa AS", ("TIME", "33.33", "3"), ("TIME", "66.67", "3"), currency="EUR", exchange_rate="11.5137",
                      total="125.00")])
    entry, = writer.entries("T-3")
    posted = writer.nodes("glImportItems", "amount invoiceAmount currency { code } exchangeRate", "")[-5:]
    same(("EUR", 0, 0), (entry["currency"]["code"], sum(cents(line["amount"]) for line in posted[1:]), sum(cents(line["invoiceAmount"]) for line in posted[1:])),
         posted)
    same("143921", str(abs(cents(posted[1]["amount"]))), posted)
    # An invoice without a number, or with the ledger's, can't be imported.
    why = writer.blocked(sale("invoice", "", "c-Kari Traa AS", ("TIME", "1.00", "3")))
    assert "the document needs one of its own" in why, why
    check_sound(writer.deck)


@case
def test_refused_by_the_import(directory, _):
    """It takes the lines and tells later what is wrong: rejected in its own words, put right, and then there once."""
    writer = Writer(directory)
    writer.deck.good("policy", writer.account, "receivable", "account=9999")
    invoice = sale("invoice", "K-1", "c-Kari Traa AS", ("TIME", "1000.00", "3"), total="1250.00")
    rows = writer.push([KARI, invoice], 4)
    assert "The account does not exist" in rows["rejected"]["why"], rows
    same([], writer.entries("K-1"))
    owed, = writer.outbox()
    same(("IMPORT_ERROR", "rejected"), (owed["ledger_code"], owed["state"]), owed)
    # The same once more comes to the same; put right it is written.
    result = writer.deck.run("retry", writer.account, "--failed")
    writer.deck.good("policy", writer.account, "receivable", "account=1500")
    same({"confirmed"}, set(writer.apply(0)), result)
    writer.check([KARI, invoice])


@case
def test_posted_later(directory, _):
    """While the import keeps it that is neither there nor absent: it is waited for, and never sent twice."""
    writer = Writer(directory)
    writer.push([KARI])
    writer.simulator.switch(xledger_import_delay_s=100000)
    invoice = sale("invoice", "K-1", "c-Kari Traa AS", ("TIME", "1000.00", "3"), total="1250.00")
    writer.take_in([invoice])
    process = writer.deck.start("apply", writer.plan())
    await_that(lambda: any("not posted it yet" in (row["reason"] or "") for row in writer.outbox()), "it is seen in the import")
    sent = writer.simulator.counters("777")["calls"]["write"]
    looked = writer.calls()
    await_that(lambda: writer.calls() > looked + 6, "it is looked for again and again")
    same(sent, writer.simulator.counters("777")["calls"]["write"], "it is not sent again")
    writer.simulator.switch(xledger_import_delay_s=0)
    same(0, process.wait())
    writer.check([KARI, invoice])
    # What the import refuses later is refused.
    writer.simulator.switch(xledger_import_delay_s=100000)
    writer.deck.good("policy", writer.account, "receivable", "account=9999")
    writer.take_in([sale("invoice", "K-2", "c-Kari Traa AS", ("TIME", "10.00", "3"))])
    process = writer.deck.start("apply", writer.plan())
    await_that(lambda: any("not posted it yet" in (row["reason"] or "") for row in writer.outbox()), "it is seen in the import")
    writer.simulator.switch(xledger_import_delay_s=0)
    same(1, process.wait())
    owed, = writer.outbox()
    assert owed["state"] == "rejected" and "does not exist" in owed["reason"], owed


@case
def test_one_of_several_is_wrong(directory, _):
    """The others of its call are written once, whether the ledger tells of each or of all together."""
    for number, form in enumerate(("on", "off")):
        place = os.path.join(directory, form)
        os.mkdir(place)
        writer = Writer(place, switches=(f"xledger-partial={form}",))
        names = [f"Ny {number} {each}" for each in range(3)]
        documents = [customer(name) for name in names]
        documents[1]["data"]["currency"] = "QQQ"
        rows = writer.push(documents, 4)
        same({"confirmed", "rejected"}, set(rows), rows)
        same([1, 0, 1], [len(writer.named(name)) for name in names], form)
        owed, = writer.outbox()
        assert owed["state"] == "rejected" and "QQQ" in owed["reason"], owed


# ---- answers that don't come, or not as they should

LOST = [
    {"kind": "cut-after"}, {"kind": "cut-before"}, {"kind": "cut-body"}, {"kind": "truncate"}, {"kind": "html"}, {"kind": "garbage"},
    {"kind": "status", "status": 500}, {"kind": "status", "status": 503}, {"kind": "status-after", "status": 500},
    {"kind": "status-after", "status": 504},
]


@case
def test_answers_lost(directory, chance):
    """The call that writes, and the one that asks what became of it."""
    writer = Writer(directory)
    saga = [KARI]
    writer.push(saga)
    for number, trouble in enumerate(LOST if SOAK else chance.sample(LOST, 5)):
        more = [sale("invoice", f"L-{number}", "c-Kari Traa AS", ("TIME", "12.00", "3"), total="15.00"),
                sale("invoice", f"M-{number}", "c-Kari Traa AS", ("KURS", "5.00", "0"), total="5.00"), customer(f"Ny {number}")]
        print(trouble, flush=True)
        writer.take_in(more)
        plan = writer.plan()
        writer.simulator.trouble(call="write", times=chance.choice((1, 2, 3)), **trouble)
        if chance.random() < 0.5:
            writer.simulator.trouble(call="read", times=4, kind="cut-before")
        rows = writer.apply(0, plan=plan)
        same({"confirmed"}, set(rows), trouble)
        saga += more
        writer.simulator.calm()
    writer.check(saga)


@case
def test_too_many_calls(directory, _):
    """Refused for want of credits or quiet: waited for, and each written once."""
    writer = Writer(directory)
    documents = [KARI] + [sale("invoice", f"K-{each}", "c-Kari Traa AS", ("TIME", f"{each + 1}.00", "0"), total=f"{each + 1}.00") for each in range(70)]
    writer.take_in(documents)
    plan = writer.plan()
    writer.simulator.switch(xledger_limit_burst=2, limits="on")
    same({"confirmed"}, set(writer.apply(0, plan=plan)))
    writer.simulator.switch(limits="off")
    writer.check(documents)


# ---- killed


def finish(writer, plan):
    """What a user does who finds that it was interrupted: the same again."""
    for _ in range(4):
        result = writer.deck.run("apply", plan, "--json")
        if result.code == 0:
            return
        assert result.code in (5, 6), result
    raise AssertionError(result)


@case
def test_killed(directory, chance):
    writer = Writer(directory)
    writer.take_in(SAGA)
    plan = writer.plan()
    writer.simulator.process.terminate()
    writer.simulator.process.wait()
    twins = Twin(writer.deck)
    straight = writer.twin(directory, "straight", twins)
    count = count_steps(straight.deck, "apply", plan)
    straight.check(SAGA)
    straight.drop(twins)
    died = 0
    for at, how in moments(chance, count):
        twin = writer.twin(directory, f"{how}-{at}", twins)
        died += kill_at(twin.deck, at, how, "apply", plan)
        finish(twin, plan)
        twin.check(SAGA)
        twin.drop(twins)
    assert died > 0, "nothing ever died"


if __name__ == "__main__":
    run_cases()
