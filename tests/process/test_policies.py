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


if __name__ == "__main__":
    run_cases()
