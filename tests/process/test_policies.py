# SPDX-License-Identifier: GPL-3.0-or-later
"""Policies with values of the operator's own, on the programs as they are shipped: what lands in the ledger by them, and that it is
known again there."""
import json
import os

from documents import REALM, acts, begin, bring, invoice, plan, rules
from world import case, run_cases, same


def records(simulator, kind="Invoice"):
    return [json.loads(each) for each in simulator.records(REALM, kind).values()]


@case
def numbers_have_the_accounts_prefix(directory, chance):
    """Also for a reconciliation, where neither a link nor a mark says which is which, and nothing but the number differs."""
    simulator, deck, (account,) = begin(directory, "small")
    rules(deck, account)
    deck.good("policy", account, "numbering", "prefix=AC-")
    deck.good("policy", account, "tag", "none")
    bring(deck, account, [invoice(number, [{"item": "I", "amount": "10.00"}], date="2026-06-05") for number in ("1042", "1043")])
    made = plan(deck, account, 9)[0]["plan"]
    same(["AC-1042", "AC-1043"], sorted(row["number"] for row in deck.rows("plans", made)))
    deck.good("apply", made)
    same(["AC-1042", "AC-1043"], sorted(each["DocNumber"] for each in records(simulator) if each["TotalAmt"] == 10 and
                                        each["TxnDate"] == "2026-06-05"))
    same([], plan(deck, account, 0))
    for number in "1042", "1043":
        deck.good("unlink", account, number)
    deck.good("reconcile", account, "--period", "2026-06")
    same([], deck.run("exceptions", "--all", "--json").json()["exceptions"])
    result = deck.run("policy", account, "numbering", "prefix=")
    assert result.code == 2 and "numbering is one of: keep ledger prefix=AC-" in result.text, result


def change(simulator, kind, number, **members):
    old = next(each for each in records(simulator, kind) if each["DocNumber"] == number)
    return simulator.save(REALM, kind, {"Id": old["Id"], "SyncToken": old["SyncToken"], "sparse": True, **members})


@case
def a_field_has_its_owner(directory, chance):
    simulator, deck, (account,) = begin(directory, "small")
    rules(deck, account)
    result = deck.run("policy", account, "field-owner", "due_dat=ledger")
    assert result.code == 2 and "did you mean 'due_date'?" in result.text, result
    deck.good("policy", account, "field-owner", "due_date=ledger memo=manual")
    def document(due, memo, amount="10.00"):
        bring(deck, account, [invoice("F-1", [{"item": "I", "amount": amount}], due_date=due, memo=memo)])
    def landed():
        record = next(each for each in records(simulator) if each["DocNumber"] == "F-1")
        return record["DueDate"], record["PrivateNote"].split("\n")[0], record["TotalAmt"]
    document("2026-12-01", "ours")
    deck.good("apply", plan(deck, account, 9)[0]["plan"])
    same(("2026-12-01", "ours", 10), landed())
    change(simulator, "Invoice", "F-1", DueDate="2027-01-31")
    deck.good("sync", account, "--type", "Invoice")
    document("2026-12-24", "ours, too", "12.00")
    made = plan(deck, account, 3)[0]["plan"]
    line, = deck.rows("plans", made)
    same(("decide", "owner", "memo differs, and a person decides about it"), (line["what"], line["reason"], line["why"]))
    assert "due_date: the ledger's '2027-01-31' stays, yours is '2026-12-24'" in line["detail"]["notes"], line
    same(2, deck.run("decide", made, "skip", "--reason", "owner").code)
    deck.good("decide", made, "theirs", "--reason", "owner")
    deck.good("apply", deck.rows("plans")[0]["plan"])
    same(("2027-01-31", "ours", 12), landed())
    # What was decided stays so, for as long as neither side says something else.
    same([], plan(deck, account, 0))
    document("2026-12-24", "ours, at last", "12.00")
    made = plan(deck, account, 3)[0]["plan"]
    deck.good("decide", made, "ours", "--reason", "owner")
    deck.good("apply", deck.rows("plans")[0]["plan"])
    same(("2027-01-31", "ours, at last", 12), landed())


def table(deck, name, *rows):
    path = os.path.join(deck.home, name)
    with open(path, "w") as file:
        file.write("currency,from,rate\n" + "".join(",".join(row) + "\n" for row in rows))
    return path


@case
def rates_come_from_the_accounts_table(directory, chance):
    """Looked at first, then kept as a version; what is written has the very digits, and a plan of another table is stale."""
    simulator, deck, (account,) = begin(directory, "eu")
    foreign = next(each for each in records(simulator, "Customer") if each["CurrencyRef"]["value"] == "USD")
    rate = next(row for row in deck.rows("objects", account, "TaxCode") if row["state"] == "live")
    rules(deck, account, f"customer:F={foreign['Id']}", f"tax_code:={rate['id']}")
    deck.good("policy", account, "rate", "table")
    bring(deck, account, [invoice("R-1", [{"item": "I", "amount": "10.00"}], customer="F", currency="USD", date="2026-11-05"),
                          invoice("R-2", [{"item": "I", "amount": "10.00"}], customer="F", currency="USD", date="2026-10-31")])
    def why():
        made = deck.rows("plans")[0]["plan"]
        return {row["number"]: (row["what"], row["why"]) for row in deck.rows("plans", made)}
    plan(deck, account, 3)
    same({("blocked", "the table of exchange rates has no USD; 'ledgerdeck rates' takes in what is missing")}, set(why().values()))
    wrong = table(deck, "wrong.csv", ("USD", "2026-11-01", "0.9"), ("USD", "2026-12-01", "much"))
    result = deck.run("rates", account, "--import", wrong, "--write")
    assert result.code == 2 and "line 3: 'much' is no rate" in result.text, result
    first = table(deck, "first.csv", ("USD", "2026-11-01", "0.91845"), ("NOK", "2026-01-01", "0.085"))
    same(["new", "new"], [row["what"] for row in deck.rows("rates", account, "--import", first)])
    same([], deck.rows("rates", account))
    assert "1 can be written, 1 still wait" in deck.good("rates", account, "--import", first, "--write").text
    same(("blocked", "the table of exchange rates has USD from 2026-11-01 on only; 'ledgerdeck rates' takes in what is missing"), why()["R-2"])
    line = next(row for row in deck.rows("plans", deck.rows("plans")[0]["plan"]) if row["number"] == "R-1")
    assert "rate 0.91845 by the table of 2026-11-01" in line["detail"]["notes"], line
    second = table(deck, "second.csv", ("USD", "2026-10-01", "0.9"), ("USD", "2026-11-05", "0.91846"))
    same([("NOK", "2026-01-01", "removed"), ("USD", "2026-10-01", "new"), ("USD", "2026-11-01", "removed"), ("USD", "2026-11-05", "new")],
         [(row["currency"], row["from"], row["what"]) for row in deck.rows("rates", account, "--import", second, "--write")])
    stale = deck.rows("plans")[0]["plan"]
    deck.good("rates", account, "--import", table(deck, "third.csv", ("USD", "2026-10-01", "0.9"), ("USD", "2026-11-05", "0.91847")), "--write")
    result = deck.run("apply", stale)
    assert result.code == 6 and "R-1: would now be created" in result.text, result
    deck.good("apply", plan(deck, account, 9)[0]["plan"])
    rates = {each["DocNumber"]: each["ExchangeRate"] for each in records(simulator) if each["DocNumber"].startswith("R-")}
    same({"R-1": 0.91847, "R-2": 0.9}, rates)
    same([], plan(deck, account, 0))
    # An older table is a newer version; the same one again is none.
    deck.good("rates", account, "--use", "1")
    same([("NOK", 0.085), ("USD", 0.91845)], [(row["currency"], row["rate"]) for row in deck.rows("rates", account)])
    assert "Nothing changes." in deck.good("rates", account, "--use", "4").text
    same([4, 3, 2, 1], [row["version"] for row in deck.rows("rates", account, "--history")])
    same(2, deck.run("rates", account, "--use", "5").code)
    same(2, deck.run("rates", account, "--write").code)
    # What is written already differs by it: that is seen, and is nobody's but the operator's.
    same([("blocked", "invoice", 1), ("update", "invoice", 1)], acts(plan(deck, account, 9)))


@case
def an_invoice_is_taken_back_by_a_credit_note(directory, chance):
    """In foreign money, with its tax and rate, though each answer gets lost: once, and undone as far as the ledger lets."""
    simulator, deck, (account,) = begin(directory, "eu", push__look_delay="1s")
    foreign = next(each for each in records(simulator, "Customer") if each["CurrencyRef"]["value"] == "USD")
    taxed = next(row for row in deck.rows("objects", account, "TaxCode") if row["state"] == "live")
    rules(deck, account, f"customer:F={foreign['Id']}", f"tax_code:={taxed['id']}")
    document = {"customer": "F", "currency": "USD", "exchange_rate": "0.91847"}
    lines = [{"item": "I", "amount": "10.03"}, {"item": "I", "amount": "0.99"}]
    bring(deck, account, [invoice("V-1", lines, **document)])
    deck.good("apply", plan(deck, account, 9)[0]["plan"])
    before = next(each for each in records(simulator) if each["DocNumber"] == "V-1")
    deck.good("policy", account, "void", "credit-note")
    bring(deck, account, [invoice("V-1", lines, voided=True, **document)])
    made = plan(deck, account, 9)
    same([("create", "credit_memo", 1), ("create", "payment", 1), ("skip", "invoice", 1)], acts(made))
    simulator.trouble(kind="cut-after", path="/batch")
    deck.good("apply", made[0]["plan"])
    simulator.calm()
    after = next(each for each in records(simulator) if each["DocNumber"] == "V-1")
    same((before["TotalAmt"], 0), (after["TotalAmt"], after["Balance"]))
    note, = [each for each in records(simulator, "CreditMemo") if each["DocNumber"] == "V-1"]
    same((before["TotalAmt"], before["TxnTaxDetail"]["TotalTax"], 0.91847, 0), (note["TotalAmt"], note["TxnTaxDetail"]["TotalTax"],
                                                                             note["ExchangeRate"], note["Balance"]))
    same([], [row for row in plan(deck, account, 0) if row["what"] != "skip"])
    undone = plan(deck, account, 9, "--undo", made[0]["plan"])
    same([("blocked", "credit_memo", 1), ("void", "payment", 1)], acts(undone))
    same(4, deck.run("apply", undone[0]["plan"]).code)
    after = next(each for each in records(simulator) if each["DocNumber"] == "V-1")
    same(before["TotalAmt"], after["Balance"])


@case
def credited_books_agree(directory, chance):
    """The invoice counts on both sides as it was written, though with its owner it is void and has lost its amount."""
    simulator, deck, (account,) = begin(directory, "small")
    rules(deck, account)
    bring(deck, account, [invoice("V-1", [{"item": "I", "amount": "10.00"}], date="2026-06-05")])
    deck.good("apply", plan(deck, account, 9)[0]["plan"])
    deck.good("policy", account, "void", "credit-note")
    bring(deck, account, [invoice("V-1", [{"item": "I", "amount": "0.00"}], date="2026-06-05", voided=True)])
    def differences():
        deck.run("reconcile", account, "--period", "2026-06")
        return [(row["reason"], row["ref"]) for row in deck.run("exceptions", "--json").json()["exceptions"]]
    assert differences(), "until it is credited the books differ"
    deck.good("apply", plan(deck, account, 9)[0]["plan"])
    same([], differences())


if __name__ == "__main__":
    run_cases()
