# SPDX-License-Identifier: GPL-3.0-or-later
"""What a plan asks of a person, and what follows of the answer: each question has its decision, what waited is planned anew, and
the exit code says what is left."""
import json

from documents import HEARD, REALM, begin, bring, invoice, live, plan, rules
from pty_user import User
from world import await_that, case, run_cases, same


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
                          invoice("T-3", THRICE, tax_total="0.06"), invoice("T-4", THRICE, tax_total="0.06", total="0.42"),
                          invoice("T-5", THRICE, tax_total="0.05", tax_mode="inclusive")])
    deck.good("policy", account, "tax-variance", "block")
    made = plan(deck, account, 3)[0]["plan"]
    same({("blocked", "tax")}, set(lines(deck, made).values()))
    result = deck.run("decide", made, "theirs", "--reason", "tax")
    assert result.code == 2 and "takes one of: accept ours skip" in result.text, result
    # The policy alone makes them questions: what waits is planned anew with it.
    assert "0 can be written, 5 still wait" in deck.good("policy", account, "tax-variance", "ask").text
    made = deck.rows("plans")[0]["plan"]
    same({("decide", "tax")}, set(lines(deck, made).values()))
    waits, = deck.run("attention", "--json").json()["attention"]
    same(f"plans {made} --what decide", waits["command"])
    same("Decide about each: accept ours skip.", waits["do"])
    numbered = {row["number"]: str(row["line"]) for row in deck.rows("plans", made)}
    deck.good("decide", made, "accept", "--line", numbered["T-1"])
    made = deck.rows("plans")[0]["plan"]
    numbered = {row["number"]: str(row["line"]) for row in deck.rows("plans", made)}
    deck.good("decide", made, "skip", "--line", numbered["T-2"])
    for number in "T-4", "T-5":
        made = deck.rows("plans")[0]["plan"]
        numbered = {row["number"]: str(row["line"]) for row in deck.rows("plans", made)}
        deck.good("decide", made, "ours", "--line", numbered[number])
    made = deck.rows("plans")[0]["plan"]
    same({"T-1": ("create", "new"), "T-2": ("skip", "tax"), "T-3": ("decide", "tax"), "T-4": ("create", "new"), "T-5": ("decide", "tax")},
         lines(deck, made))
    told = {row["number"]: row for row in deck.rows("plans", made)}
    same((0.42, 0.06), (told["T-4"]["total"], told["T-4"]["tax"]))
    assert "tax: yours is kept, 0.06, where QuickBooks would compute 0.07" in told["T-4"]["detail"]["notes"], told["T-4"]
    assert "takes none of yours here" in told["T-5"]["why"], told["T-5"]
    same(4, deck.run("apply", made).code)
    same((0.43, 0.07), (record(simulator, "T-1")["TotalAmt"], record(simulator, "T-1")["TxnTaxDetail"]["TotalTax"]))
    same((0.42, 0.06), (record(simulator, "T-4")["TotalAmt"], record(simulator, "T-4")["TxnTaxDetail"]["TotalTax"]))
    same([None, None, None], [record(simulator, number) for number in ("T-2", "T-3", "T-5")])
    # Written as it was decided: nothing is left to do of it, and nothing is asked again.
    made = plan(deck, account, 3)[0]["plan"]
    same({"T-2": ("skip", "tax"), "T-3": ("decide", "tax"), "T-5": ("decide", "tax")}, lines(deck, made))
    # What changes in it takes its tax along.
    bring(deck, account, [invoice("T-4", [{**line, "description": "again"} for line in THRICE], tax_total="0.06", total="0.42")])
    same(4, deck.run("apply", plan(deck, account, 9)[0]["plan"]).code)
    same((0.42, 0.06), (record(simulator, "T-4")["TotalAmt"], record(simulator, "T-4")["TxnTaxDetail"]["TotalTax"]))


@case
def what_landed_differently_is_accepted(directory, chance):
    """The ledger gives another number than was asked: that is told apart, a person accepts it, and no plan asks for it again."""
    simulator, deck, (account,) = begin(directory, "small")
    rules(deck, account)
    bring(deck, account, ten("L-1"))
    made = plan(deck, account, 9)[0]["plan"]
    simulator.switch(sent_number="ignored")
    deck.run("apply", made)
    intent, = deck.run("outbox", "--all", "--json").json()["outbox"]
    same(("different", True), (intent["state"], "DocNumber: asked L-1" in intent["reason"]))
    same(3, deck.run("attention").code)
    same([("update", "changed")], [(row["what"], row["reason"]) for row in deck.rows("plans", plan(deck, account, 9)[0]["plan"])])
    deck.good("outbox", intent["id"], "--accept")
    same([], deck.rows("attention"))
    same(("confirmed", "accepted as it landed"), tuple(deck.rows("outbox", "--all")[0][name] for name in ("state", "reason")))
    same([], plan(deck, account, 0))
    result = deck.run("outbox", intent["id"], "--accept")
    assert result.code == 2 and "only what landed otherwise than planned is accepted" in result.text, result
    # It stays so until the document says something else.
    bring(deck, account, [invoice("L-1", [{"item": "I", "amount": "11.00"}])])
    same([("update", "changed")], [(row["what"], row["reason"]) for row in deck.rows("plans", plan(deck, account, 9)[0]["plan"])])


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
    assert "1 can be written, 0 still wait" in deck.good("map", account, "--redo").text
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


def ten(*numbers, item="I"):
    return [invoice(number, [{"item": item, "amount": "10.00"}]) for number in numbers]


@case
def the_exit_code_says_what_is_left(directory, chance):
    """Each time that a plan is applied, also the second time, and also when what was left has been seen to otherwise."""
    simulator, deck, (account,) = begin(directory, "small")
    def apply(made, *words):
        return deck.run("apply", made, *words).code
    bring(deck, account, ten("A-1", item="FREIGHT"))
    rules(deck, account)
    waiting = plan(deck, account, 3)[0]["plan"]
    same(3, apply(waiting))
    bring(deck, account, ten("A-2", "A-3"))
    made = plan(deck, account, 9)[0]["plan"]
    line = next(str(row["line"]) for row in deck.rows("plans", made) if row["number"] == "A-2")
    same([4, 4], [apply(made, "--line", line), apply(made)])
    # One that only queues says the same of what it leaves.
    rest = plan(deck, account, 9)[0]["plan"]
    same([4, 4], [apply(rest, "--queue"), apply(rest)])
    same(4, apply(made))
    deck.good("map", account, "--rule", "item:FREIGHT=" + live(deck, account, "Item", Type="Service")["id"])
    same([4, 4], [apply(made), apply(rest)])
    last = plan(deck, account, 9)[0]["plan"]
    same([0, 0], [apply(last), apply(last)])
    same([0, 0], [apply(made), apply(rest)])
    same(3, len([each for each in simulator.records(REALM, "Invoice").values() if b'"A-' in each]))


@case
def what_is_linked_only_is_done_too(directory, chance):
    simulator, deck, (account,) = begin(directory, "small")
    theirs = live(deck, account, "Customer")
    bring(deck, account, [("customer", "K", {"name": theirs["DisplayName"]}), *ten("A-1", item="FREIGHT")])
    rules(deck, account)
    deck.good("policy", account, "duplicate", "link-if-exact")
    made = plan(deck, account, 9)[0]["plan"]
    same([4, 4], [deck.run("apply", made).code, deck.run("apply", made).code])


@case
def an_account_that_waits_for_a_person_keeps_nobody_waiting(directory, chance):
    simulator, deck, (account,) = begin(directory, "small")
    rules(deck, account)
    bring(deck, account, ten("P-1"))
    made = plan(deck, account, 9)[0]["plan"]
    deck.good("pause", account)
    result = deck.run("apply", made)
    assert result.code == 3 and "is paused" in result.text, result
    deck.good("resume", account)
    deck.good("apply", made)
    same(10, record(simulator, "P-1")["TotalAmt"])


@case
def what_moved_and_what_is_unknown_have_their_codes(directory, chance):
    simulator, deck, (account,) = begin(directory, "small", push__look_delay="1h", push__replay_window="0")
    rules(deck, account)
    bring(deck, account, ten("S-1"))
    made = plan(deck, account, 9)[0]["plan"]
    bring(deck, account, [invoice("S-1", [{"item": "I", "amount": "11.00"}])])
    same(6, deck.run("apply", made).code)
    same(None, record(simulator, "S-1"))
    made = plan(deck, account, 9)[0]["plan"]
    simulator.trouble(kind="cut-after", path="/batch")
    same([5, 5], [deck.run("apply", made).code, deck.run("apply", made).code])
    assert record(simulator, "S-1")


@case
def the_sum_is_typed_first(directory, chance):
    """Where the policy wants it: on a terminal it is asked for, a script says it beforehand."""
    simulator, deck, (account,) = begin(directory, "small")
    rules(deck, account)
    deck.good("policy", account, "confirm", "always")
    bring(deck, account, ten("Y-1", "Y-2"))
    made = plan(deck, account, 9)[0]["plan"]
    result = deck.run("apply", made)
    assert result.code == 3 and "--confirm SUM says it beforehand" in result.text, result
    for wrong in "19.99", "yes", "", "2":
        same(2, deck.run("apply", made, "--confirm", wrong).code, wrong)
    user = User(deck, "apply", made)
    user.await_text(b"2 writes into the local books of ")
    user.await_text(b": 20.00 USD.")
    user.await_text(b"Type 20.00 to write them: ")
    user.type(b"y\r")
    same(2, user.end())
    same([None, None], [record(simulator, number) for number in ("Y-1", "Y-2")])
    # Of a part of it the part's sum.
    line = next(str(row["line"]) for row in deck.rows("plans", made) if row["number"] == "Y-2")
    same(2, deck.run("apply", made, "--line", line, "--confirm", "20.00").code)
    same(4, deck.run("apply", made, "--line", line, "--confirm", "10").code)
    same(10, record(simulator, "Y-2")["TotalAmt"])
    made = plan(deck, account, 9)[0]["plan"]
    user = User(deck, "apply", made)
    user.await_text(b"Type 10.00 to write it: ")
    user.type(b"10.00\r")
    same(0, user.end())
    same(10, record(simulator, "Y-1")["TotalAmt"])
    # One that was applied is gone on with, and where there is no money it is the number of writes.
    deck.good("apply", made)
    deck.good("policy", account, "new-customer", "create")
    bring(deck, account, [("customer", "N", {"name": "Kestrel Joinery"})])
    made = plan(deck, account, 9)[0]["plan"]
    same([2, 0], [deck.run("apply", made, "--confirm", said).code for said in ("10.00", "1")])


@case
def planning_tells_how_far_it_is(directory, chance):
    """On a terminal; with --quiet it does not."""
    simulator, deck, (account,) = begin(directory, "small")
    rules(deck, account)
    bring(deck, account, [invoice(f"B-{number}", [{"item": "I", "amount": "1.00"}]) for number in range(3000)])
    user = User(deck, "plan", account, "--as-is")
    user.await_text(b" documents looked at, ")
    same(9, user.end())
    assert b"\r\x1b[K" in user.seen[user.at:], "it is taken away when it is over"
    quiet = User(deck, "plan", account, "--as-is", "--quiet")
    same(9, quiet.end())
    assert b"looked at" not in quiet.seen


@case
def a_lost_connection_keeps_what_is_owed(directory, chance):
    """The answer with the new tokens is lost, and the ledger knows the old ones no more: that is said with its fix, and once it is
    connected again the outbox goes on by itself."""
    simulator, deck, (account,) = begin(directory, "small")
    rules(deck, account)
    simulator.switch(rotation="every")
    deck.good("refresh", account)
    bring(deck, account, ten("R-1"))
    made = plan(deck, account, 9)[0]["plan"]
    simulator.control("expire", {"realm": REALM})
    simulator.trouble(kind="cut-after", call="oauth", path="/oauth2/v1/tokens/bearer")
    process = deck.start("apply", made)
    # The write was refused, and is not of unknown outcome: the renewal is.
    await_that(lambda: [row["state"] for row in deck.run("outbox", "--json").json()["outbox"]] == ["retry"], "the renewal is missed")
    process.terminate()
    process.communicate(timeout=60)
    simulator.calm()
    same(7, deck.run("refresh", account).code)
    result = deck.run("apply", made)
    assert result.code == 7 and "what is owed is sent when that is over" in result.text, result
    lost, = [row for row in deck.run("attention", "--json").json()["attention"] if row["cause"] == "reconnect"]
    assert "is lost; nothing is read, and 1 write waits." in lost["what"] and "was interrupted" in lost["why"], lost
    same(f"connect quickbooks --account {account}", lost["command"])
    scheduler = deck.start("run")
    same(account, deck.connect(simulator, ("--account", account)))
    await_that(lambda: record(simulator, "R-1"), "it is sent", HEARD)
    await_that(lambda: not deck.rows("outbox"), "nothing is owed any more")
    scheduler.terminate()
    scheduler.communicate(timeout=60)
    same(10, record(simulator, "R-1")["TotalAmt"])


if __name__ == "__main__":
    run_cases()
