# SPDX-License-Identifier: GPL-3.0-or-later
"""Documents of one's own, as their owner meets them: what waits is told by cause and freed by one rule, tax is foretold as the
ledger computes it, edits push themselves, a plan is undone, and no company's documents reach another's books."""
import json

from documents import HEARD, REALM, acts, begin, bring, invoice, live, plan, rules
from world import await_that, case, run_cases, same


@case
def one_rule_frees_what_waits(directory, chance):
    simulator, deck, (account,) = begin(directory, "small")
    bring(deck, account, [invoice(f"N-{number}", [{"item": "FREIGHT", "amount": "10.00"}]) for number in range(3)])
    rules(deck, account)
    same([("blocked", "invoice", 3)], acts(plan(deck, account, 3)))
    waits = deck.run("attention", "--json").json()["attention"]
    same([("waiting", 3)], [(row["cause"], row["records"]) for row in waits])
    assert "'FREIGHT' is not mapped" in waits[0]["what"] and waits[0]["command"] == f"map {account}", waits
    said = deck.good("map", account, "--rule", "item:FREIGHT=" + live(deck, account, "Item", Type="Service")["id"]).text
    assert "3 can be written, 0 still wait" in said, said
    same([], deck.rows("attention"))
    # The plan that was made anew is the one that is applied.
    made = deck.rows("plans")[0]
    same(("open", 3, 0), (made["state"], made["writes"], made["waits"]))
    deck.good("apply", made["plan"])
    same(3, len([each for each in simulator.records(REALM, "Invoice").values() if json.loads(each)["DocNumber"].startswith("N-")]))


@case
def tax_lands_as_foretold(directory, chance):
    simulator, deck, (account,) = begin(directory, "eu")
    cents = [f"{chance.randrange(1, 99999) / 100:.2f}" for _ in range(60)]
    lines = [[{"item": "I", "amount": amount, "tax_code": chance.choice("AB")} for amount in cents[at:at + 3]] for at in range(0, 60, 3)]
    bring(deck, account, [invoice(f"T-{number}", each, tax_mode=chance.choice(["excluded", "inclusive"])) for number, each in enumerate(lines)])
    rules(deck, account, "tax_code:A=1", "tax_code:B=2")
    made = plan(deck, account, 9)[0]["plan"]
    foretold = {row["number"]: (f'{row["total"]:.2f}', f'{row["tax"]:.2f}') for row in deck.rows("plans", made)}
    deck.good("apply", made)
    landed = [json.loads(each) for each in simulator.records(REALM, "Invoice").values()]
    same(foretold, {each["DocNumber"]: (f'{each["TotalAmt"]:.2f}', f'{each["TxnTaxDetail"]["TotalTax"]:.2f}') for each in landed
                    if each["DocNumber"].startswith("T-")})
    same([], plan(deck, account, 0))


@case
def a_plan_is_undone(directory, chance):
    simulator, deck, (account,) = begin(directory, "small")
    bring(deck, account, [invoice("U-1", [{"item": "I", "amount": "10.00"}]), invoice("U-2", [{"item": "I", "amount": "20.00"}])])
    rules(deck, account)
    made = plan(deck, account, 9)[0]["plan"]
    deck.good("apply", made)
    written = {row["number"]: row["record"] for row in deck.rows("outbox", "--all")}
    other = json.loads(simulator.records(REALM, "Invoice")[written["U-2"]])
    simulator.save(REALM, "Invoice", {"Id": other["Id"], "SyncToken": other["SyncToken"], "sparse": True, "DueDate": "2027-01-01"})
    deck.good("sync", account, "--type", "Invoice")
    undone = plan(deck, account, 9, "--undo", made)
    same([("blocked", "invoice", 1), ("void", "invoice", 1)], acts(undone))
    same(4, deck.run("apply", undone[0]["plan"]).code)
    left = {name: json.loads(simulator.records(REALM, "Invoice")[record])["TotalAmt"] for name, record in written.items()}
    same({"U-1": 0, "U-2": 20}, left)


@case
def edits_push_themselves(directory, chance):
    """Within seconds, though nothing else is due for a minute: what another process brings is heard."""
    simulator, deck, (account,) = begin(directory, "small")
    rules(deck, account)
    deck.good("policy", account, "debounce", "1s")
    scheduler = deck.start("run")
    def outcome():
        return sorted((row["what"], row["state"]) for row in deck.rows("outbox", "--all"))
    bring(deck, account, [invoice("E-1", [{"item": "I", "amount": "10.00"}]), invoice("E-2", [{"item": "NONE", "amount": "1.00"}])])
    await_that(lambda: outcome() == [("create", "confirmed")], "the document that is in order is written", HEARD)
    bring(deck, account, [invoice("E-1", [{"item": "I", "amount": "11.00"}])])
    await_that(lambda: outcome() == [("create", "confirmed"), ("update", "confirmed")], "its edit is written", HEARD)
    # What another process leaves in the outbox is sent, too.
    deck.good("policy", account, "debounce", "off")
    bring(deck, account, [invoice("E-3", [{"item": "I", "amount": "7.00"}])])
    same(4, deck.run("apply", plan(deck, account, 9, "--as-is")[0]["plan"], "--queue").code)
    await_that(lambda: outcome() == [("create", "confirmed"), ("create", "confirmed"), ("update", "confirmed")], "it is sent", HEARD)
    scheduler.terminate()
    scheduler.communicate(timeout=60)
    totals = [json.loads(each)["TotalAmt"] for each in simulator.records(REALM, "Invoice").values() if b'"E-' in each]
    same([7, 11], sorted(totals))


@case
def what_is_more_waits_for_a_person(directory, chance):
    """By itself goes what is small and of its usual kind. The rest lies ready as one plan, and whoever applies it is not asked twice."""
    simulator, deck, (account,) = begin(directory, "small")
    rules(deck, account)
    for policy, value in (("new-customer", "create"), ("auto-count", "2"), ("auto-amount", "100"), ("debounce", "1s")):
        deck.good("policy", account, policy, value)
    scheduler = deck.start("run")

    def written():
        return sorted(row["number"] for row in deck.rows("outbox", "--all") if row["state"] == "confirmed")

    def waiting():
        return [row for row in deck.run("attention", "--json").json()["attention"] if row["cause"] == "waiting"]

    def await_waiting(count, why):
        await_that(lambda: [(row["records"], why in row["why"]) for row in waiting()] == [(count, True)], why, HEARD)
        return waiting()[0]["command"].removeprefix("apply ")

    # Too many.
    lines = [{"item": "I", "amount": "10.00"}]
    bring(deck, account, [invoice(f"M-{number}", lines) for number in range(3)])
    first = await_waiting(3, "3 writes are more than go by themselves (policy auto-count 2)")
    # Too much; and what waited waits with it, in one plan.
    deck.good("policy", account, "auto-count", "9")
    bring(deck, account, [invoice("M-3", [{"item": "I", "amount": "70.01"}])])
    second = await_waiting(4, "100.01 USD is more than goes by itself (policy auto-amount 100)")
    same("dropped", {row["plan"]: row["state"] for row in deck.rows("plans")}[first])
    same([], written())
    deck.good("apply", second)
    same([], waiting())
    same(["M-0", "M-1", "M-2", "M-3"], written())
    # A new customer waits with her invoice, and holds up nobody else.
    bring(deck, account, [("customer", "D", {"name": "Kestrel Joinery"}), invoice("N-1", lines, customer="D"), invoice("N-2", lines)])
    third = await_waiting(2, "A new customer is applied by a person (policy auto-new)")
    await_that(lambda: "N-2" in written(), "the other one is written", HEARD)
    deck.good("apply", third)
    # What is made void.
    bring(deck, account, [invoice("N-2", lines, voided=True)])
    fourth = await_waiting(1, "What is made void is applied by a person (policy auto-void)")
    deck.good("apply", fourth)
    deck.good("policy", account, "auto-void", "go")
    bring(deck, account, [invoice("M-0", lines, voided=True)])
    await_that(lambda: written().count("M-0") == 2, "it is made void by itself", HEARD)
    same([], waiting())
    scheduler.terminate()
    scheduler.communicate(timeout=60)


@case
def payments_in_the_ledger_come_back(directory, chance):
    simulator, deck, (account,) = begin(directory, "small")
    bring(deck, account, [invoice("P-1", [{"item": "I", "amount": "10.00"}])])
    rules(deck, account)
    deck.good("apply", plan(deck, account, 9)[0]["plan"])
    record = deck.rows("outbox", "--all")[0]["record"]
    customer = json.loads(simulator.records(REALM, "Invoice")[record])["CustomerRef"]["value"]
    def standing():
        deck.good("sync", account)
        return [(row["standing"], row["open"]) for row in deck.rows("resources", account)]
    same([("open", 10)], standing())
    paid = simulator.save(REALM, "Payment", {"CustomerRef": {"value": customer}, "TotalAmt": 4, "Line": [
        {"Amount": 4, "LinkedTxn": [{"TxnId": record, "TxnType": "Invoice"}]}]})
    same([("partly paid", 6)], standing())
    simulator.save(REALM, "Payment", {"Id": paid["Id"], "SyncToken": paid["SyncToken"]}, "?operation=delete")
    same([("open", 10)], standing())


@case
def nothing_reaches_another_company(directory, chance):
    simulator, deck, (one, other) = begin(directory, "small", "small")
    for account in one, other:
        rules(deck, account)
    bring(deck, one, [invoice("I-1", [{"item": "I", "amount": "10.00"}])])
    same([], plan(deck, other, 0))
    same(2, deck.run("plan", other, "--resource", "I-1").code)
    deck.good("apply", plan(deck, one, 9)[0]["plan"])
    def has(realm):
        return [each for each in simulator.records(realm, "Invoice").values() if b'"I-1"' in each]
    reached = {realm: len(has(realm)) for realm in (REALM, str(int(REALM) + 1))}
    same([0, 1], sorted(reached.values()), reached)


if __name__ == "__main__":
    run_cases()
