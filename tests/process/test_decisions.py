# SPDX-License-Identifier: GPL-3.0-or-later
"""What a plan asks of a person, and what follows of the answer: each question has its decision, what waited is planned anew, and
the exit code says what is left."""
import json

from documents import REALM, begin, bring, invoice, live, plan, rules
from world import case, run_cases, same


def lines(deck, made):
    return {row["number"]: (row["what"], row["reason"]) for row in deck.rows("plans", made)}


def record(simulator, number):
    found = [json.loads(each) for each in simulator.records(REALM, "Invoice").values()]
    return next((each for each in found if each["DocNumber"] == number), None)


THRICE = [{"item": "I", "amount": "0.12", "tax_code": "A"}] * 3


@case
def another_tax_is_accepted(directory, chance):
    """Three times 0.12 at 19 %: 0.07 of all of it, 0.06 line by line."""
    simulator, deck, (account,) = begin(directory, "eu")
    rate = next(row for row in deck.rows("objects", account, "TaxCode") if row["state"] == "live")
    rules(deck, account, f"tax_code:A={rate['id']}")
    bring(deck, account, [invoice("T-1", THRICE, tax_total="0.06", total="0.42"), invoice("T-2", THRICE, tax_total="0.06"),
                          invoice("T-3", THRICE, tax_total="0.06")])
    deck.good("policy", account, "tax-variance", "block")
    made = plan(deck, account, 3)[0]["plan"]
    same({("blocked", "tax")}, set(lines(deck, made).values()))
    result = deck.run("decide", made, "ours", "--reason", "tax")
    assert result.code == 2 and "takes one of: accept skip" in result.text, result
    # The policy alone makes them questions: what waits is planned anew with it.
    assert "0 can be written, 3 still wait" in deck.good("policy", account, "tax-variance", "ask").text
    made = deck.rows("plans")[0]["plan"]
    same({("decide", "tax")}, set(lines(deck, made).values()))
    waits, = deck.run("attention", "--json").json()["attention"]
    same(f"plans {made} --what decide", waits["command"])
    same("Decide about each: accept skip.", waits["do"])
    numbered = {row["number"]: str(row["line"]) for row in deck.rows("plans", made)}
    deck.good("decide", made, "accept", "--line", numbered["T-1"])
    made = deck.rows("plans")[0]["plan"]
    numbered = {row["number"]: str(row["line"]) for row in deck.rows("plans", made)}
    deck.good("decide", made, "skip", "--line", numbered["T-2"])
    made = deck.rows("plans")[0]["plan"]
    same({"T-1": ("create", "new"), "T-2": ("skip", "tax"), "T-3": ("decide", "tax")}, lines(deck, made))
    same(4, deck.run("apply", made).code)
    same((0.43, 0.07), (record(simulator, "T-1")["TotalAmt"], record(simulator, "T-1")["TxnTaxDetail"]["TotalTax"]))
    same([None, None], [record(simulator, number) for number in ("T-2", "T-3")])
    # Written as it was accepted: nothing is left to do of it.
    result = deck.run("plan", account, "--json")
    same(3, result.code, result)


@case
def what_waited_is_planned_anew(directory, chance):
    """Whatever changes the rules or a policy, and by whatever way."""
    simulator, deck, (account, other) = begin(directory, "small", "small")
    item = live(deck, account, "Item", Type="Service")
    bring(deck, account, [invoice("W-1", [{"item": "FREIGHT", "amount": "10.00"}])])
    rules(deck, account)
    plan(deck, account, 3)
    rule = f"item:FREIGHT={item['id']}"
    assert "1 can be written, 0 still wait" in deck.good("map", account, "--rule", rule).text
    # That plan waits for nothing: there is nothing to plan anew.
    assert "Planned anew" not in deck.good("map", account, "--undo", "last").text
    plan(deck, account, 3)
    assert "1 can be written, 0 still wait" in deck.good("map", account, "--undo", "last").text
    deck.good("map", account, "--export", "rules.csv")
    deck.good("map", other, "--import", "rules.csv", "--write")
    same(3, deck.run("map", account, "--rule", "item:FREIGHT=").code)
    plan(deck, account, 3)
    assert "1 can be written, 0 still wait" in deck.good("map", account, "--import", "rules.csv", "--write").text
    same(3, deck.run("map", account, "--rule", "item:FREIGHT=").code)
    plan(deck, account, 3)
    assert "1 can be written, 0 still wait" in deck.good("map", account, "--from", other).text


@case
def what_the_policy_refuses_is_no_question(directory, chance):
    simulator, deck, (account,) = begin(directory, "small")
    bring(deck, account, [("customer", "N", {"name": "Kestrel Joinery"})])
    deck.good("policy", account, "new-customer", "refuse")
    made = plan(deck, account, 3)[0]["plan"]
    result = deck.run("decide", made, "create", "--reason", "approval")
    assert result.code == 2 and "asks for no decision" in result.text, result
    assert "0 can be written, 1 still wait" in deck.good("policy", account, "new-customer", "approve").text
    made = deck.rows("plans")[0]["plan"]
    assert "1 can be written, 0 still wait" in deck.good("decide", made, "create", "--reason", "approval").text


if __name__ == "__main__":
    run_cases()
