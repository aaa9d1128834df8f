# SPDX-License-Identifier: GPL-3.0-or-later
"""Policies with values of the operator's own, on the programs as they are shipped: what lands in the ledger by them, and that it is
known again there."""
import json

from documents import REALM, begin, bring, invoice, plan, rules
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


if __name__ == "__main__":
    run_cases()
