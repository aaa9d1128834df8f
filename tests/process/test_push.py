# SPDX-License-Identifier: GPL-3.0-or-later
"""Documents on their way into a ledger, on the programs as they are shipped: whatever is killed, lost, repeated or
refused, no document stands there twice, none is lost, and what is not settled is visibly owed."""
import json
import os

from killing import Twin, count_steps, home, kill_at, moments
from pushing import NO_REPLAY, REALM, SOON, Books, check_saga, check_settled, customer, invoice, many, one, payment, standing
from world import SOAK, case, run_cases, same

# A new customer, an invoice of hers, its payment, and some that need nothing new.
SAGA = [customer("Kestrel Joinery"), invoice("K-1", "c-Kestrel Joinery", "19.99", "0.01"),
        payment("R-1", "c-Kestrel Joinery", "20.00", ("K-1", "20.00")),
        customer("Osprey Boats"), invoice("O-1", "c-Osprey Boats", "100.00"), invoice("O-2", "c-Osprey Boats", "3.50", "4.50")]


# ---- killed


def finish(books):
    """What a user does who finds that it was interrupted: the same again."""
    for _ in range(4):
        plans = books.deck.rows("plans")
        open_ones = [row["plan"] for row in plans if row["state"] == "open"]
        applied = [row["plan"] for row in plans if row["state"] == "applied"]
        plan = applied[0] if applied else open_ones[0] if open_ones else books.plan()
        result = books.deck.run("apply", plan, "--json")
        if result.code == 0:
            return
        assert result.code in (5, 6), result
    raise AssertionError(result)


def kill_apply(directory, chance, settings, switches):
    books = Books(directory, settings, switches)
    books.take_in(SAGA)
    plan = books.plan()
    books.simulator.process.terminate()
    books.simulator.process.wait()
    twins = Twin(books.deck)
    straight = books.twin(directory, "straight", twins)
    count = count_steps(straight.deck, "apply", plan)
    check_saga(straight.simulator, SAGA)
    check_settled(straight)
    straight.drop(twins)
    died = 0
    for at, how in moments(chance, count):
        twin = books.twin(directory, f"{how}-{at}", twins)
        died += kill_at(twin.deck, at, how, "apply", plan)
        finish(twin)
        check_saga(twin.simulator, SAGA)
        check_settled(twin)
        twin.drop(twins)
    assert died > 0, "nothing ever died"


@case
def test_killed(directory, chance):
    kill_apply(directory, chance, SOON, ())


@case
def test_killed_where_no_key_is_known(directory, chance):
    """The ledger forgets each key at once: a repetition would be a second document."""
    kill_apply(directory, chance, SOON, ("requestid-s=0",))


@case
def test_killed_and_looked_up(directory, chance):
    kill_apply(directory, chance, NO_REPLAY, ("requestid-s=0",))


@case
def test_killed_before(directory, chance):
    """Import, mapping, policy and plan: each killed anywhere, then given again, and it comes to the same."""
    books = Books(directory)
    books.simulator.process.terminate()
    books.simulator.process.wait()
    with open(os.path.join(books.deck.home, "documents.json"), "w") as file:
        json.dump(SAGA, file)
    twins = Twin(books.deck)
    chain = [("import", "documents.json", "--account", books.account, "--write"),
             ("map", books.account, "--rule", "item:W=Tuning"), ("policy", books.account, "duplicate", "block"),
             ("plan", books.account)]
    counts = {words: 0 for words in chain}
    straight = books.twin(directory, "straight", twins)
    for words in chain[:3]:
        counts[words] = count_steps(straight.deck, *words)
    straight.drop(twins)
    counts[chain[3]] = 40
    died = 0
    for at, how in moments(chance, sum(counts.values())):
        twin = books.twin(directory, f"{how}-{at}", twins)
        for words in chain:
            if 0 < at <= counts[words]:
                died += kill_at(twin.deck, at, how, *words, codes=(0, 9))
            at -= counts[words]
            result = twin.deck.run(*words)
            assert result.code in (0, 9), result
        finish(twin)
        check_saga(twin.simulator, SAGA)
        check_settled(twin)
        twin.drop(twins)
    assert died > 0, "nothing ever died"


def check_taken_back(simulator, number):
    """The invoice stands, and one note of the same total has settled it."""
    kept, note = one(simulator, "Invoice", number), one(simulator, "CreditMemo", number)
    same((kept["TotalAmt"], 0, 0), (note["TotalAmt"], kept["Balance"], note["Balance"]))


@case
def test_killed_while_taking_back(directory, chance):
    """Making the documents that take an invoice back, and writing them."""
    books = Books(directory, policies=(("new-customer", "create"), ("void", "credit-note")))
    books.push([customer("Kestrel Joinery"), invoice("K-1", "c-Kestrel Joinery", "19.99", "0.01")])
    books.take_in([invoice("K-1", "c-Kestrel Joinery", "19.99", "0.01", voided=True)])
    books.simulator.process.terminate()
    books.simulator.process.wait()
    twins = Twin(books.deck)
    straight = books.twin(directory, "straight", twins)
    plan_steps, plan = 60, straight.plan()
    apply_steps = count_steps(straight.deck, "apply", plan)
    check_taken_back(straight.simulator, "K-1")
    check_settled(straight)
    straight.drop(twins)
    died = 0
    for at, how in moments(chance, plan_steps + apply_steps):
        twin = books.twin(directory, f"{how}-{at}", twins)
        if at <= plan_steps:
            died += kill_at(twin.deck, at, how, "plan", twin.account, codes=(0, 9))
        plan = twin.plan()
        if at > plan_steps:
            died += kill_at(twin.deck, at - plan_steps, how, "apply", plan)
        # There is an older one, which is written long since: the one that was killed is gone on with, or begun.
        same(0, twin.deck.run("apply", plan).code)
        check_taken_back(twin.simulator, "K-1")
        check_settled(twin)
        twin.drop(twins)
    assert died > 0, "nothing ever died"


# ---- answers that don't come, or not as they should

LOST = [  # What happens to the call that writes, and whether it was carried out then.
    {"kind": "cut-after"}, {"kind": "cut-before"}, {"kind": "cut-body"}, {"kind": "truncate"}, {"kind": "html"},
    {"kind": "garbage"}, {"kind": "content-type", "content_type": "text/plain"}, {"kind": "oversize", "bytes": 80 << 20},
    {"kind": "status", "status": 500}, {"kind": "status", "status": 503}, {"kind": "status-after", "status": 500},
    {"kind": "status-after", "status": 504}, {"kind": "fault", "code": 10000}, {"kind": "fault", "code": 3200},
]


def lose_answers(directory, chance, settings, switches):
    books = Books(directory, settings, switches)
    saga = [customer("Kestrel Joinery")]
    books.push(saga)
    troubles = LOST if SOAK else chance.sample(LOST, 6)
    for number, trouble in enumerate(troubles):
        more = [invoice(f"L-{number}", "c-Kestrel Joinery", "12.00"), invoice(f"M-{number}", "c-Kestrel Joinery", "5.00")]
        print(trouble, flush=True)
        books.simulator.trouble(path="/batch", **trouble)
        rows = books.push(more, 0)
        same({"confirmed"}, set(rows), trouble)
        saga += more
        books.simulator.calm()
        check_saga(books.simulator, saga)
    check_settled(books)


@case
def test_answers_lost(directory, chance):
    lose_answers(directory, chance, SOON, ())


@case
def test_answers_lost_where_no_key_is_known(directory, chance):
    lose_answers(directory, chance, SOON, ("requestid-s=0",))


@case
def test_answers_lost_and_looked_up(directory, chance):
    lose_answers(directory, chance, NO_REPLAY, ("requestid-s=0",))


@case
def test_slower_than_patience(directory, _):
    """No answer within the time-out: it is not failed, it is found."""
    books = Books(directory, {**SOON, "net.timeout": "2s"})
    saga = [customer("Kestrel Joinery"), invoice("K-1", "c-Kestrel Joinery", "12.00")]
    books.simulator.trouble(kind="delay", ms=4000, path="/batch")
    same({"confirmed"}, set(books.push(saga, 0)))
    check_saga(books.simulator, saga)
    # Looked for, and sent once more as it was: the record's log tells it all.
    tried = log_of(books, "--record", "Customer/" + one(books.simulator, "Customer", "Kestrel Joinery")["Id"])
    same(("push", "failed"), tried[-1][:2])
    assert ("look", "ok") in [row[:2] for row in tried], tried
    same("ok", tried[0][1])
    check_settled(books)


@case
def test_lost_then_deleted(directory, _):
    """A repetition is answered as the first time was, though somebody has deleted the record since: that is no success."""
    books = Books(directory, {"push.look_delay": "1h"})
    books.push([customer("Kestrel Joinery")])
    books.take_in([invoice("K-1", "c-Kestrel Joinery", "12.00")])
    plan = books.plan()
    books.simulator.trouble(kind="cut-after", path="/batch")
    process = books.deck.start("apply", plan)
    books.await_owed("uncertain")
    process.kill()
    record = one(books.simulator, "Invoice", "K-1")
    books.simulator.save(REALM, "Invoice", {"Id": record["Id"], "SyncToken": record["SyncToken"]}, "?operation=delete")
    books.deck.configure(push__look_delay="1s")
    rows = books.apply(1, plan=plan)
    assert "deleted" in rows["rejected"]["why"], rows
    # Whoever wants it there all the same makes a plan: another write, under another key.
    books.reread()
    same({"confirmed"}, set(books.apply(0)))
    assert one(books.simulator, "Invoice", "K-1")["Id"] != record["Id"]


@case
def test_lost_and_found_by_a_person(directory, _):
    """Whoever says which record it is names one of its type that the mirror has; any other changes nothing."""
    books = Books(directory, {"push.look_delay": "1h"})
    books.push([customer("Kestrel Joinery")])
    books.take_in([invoice("K-1", "c-Kestrel Joinery", "12.00")])
    plan = books.plan()
    books.simulator.trouble(kind="cut-after", path="/batch")
    process = books.deck.start("apply", plan)
    books.await_owed("uncertain")
    process.kill()
    process.wait()
    owed, = books.outbox()
    record = one(books.simulator, "Invoice", "K-1")["Id"]
    for word in (one(books.simulator, "Customer", "Kestrel Joinery")["Id"] + "00", "", record):
        result = books.deck.run("outbox", owed["id"], "--record", word)
        assert result.code == 2 and b"the mirror has no Invoice" in result.err, result
        same([owed], books.outbox())
    books.reread()
    books.deck.good("outbox", owed["id"], "--record", record)
    same([], books.outbox())


# ---- not now: too many calls, an access token that ends


def check_sent_once(books, envelopes):
    """As many envelopes as there are, none under two keys, no document in two of them."""
    made = books.deck.sql("SELECT no, made_ms, sent_ms, answered_ms, times, (SELECT count(*) FROM intent WHERE envelope = envelope.no) AS members FROM envelope")
    same(envelopes, len(made), made)
    same([{"tries": "1"}], books.deck.sql("SELECT max(tries) AS tries FROM intent"), made)


@case
def test_too_many_calls(directory, _):
    """429 with Retry-After, in the middle of an apply: waited for as long as it says, then the same bytes with the same key."""
    books = Books(directory)
    documents, plan = many(books, 95)
    books.simulator.control("counters", method="DELETE")
    books.simulator.switch(limit_per_second=1, limit_per_minute=0, limit_batch_per_minute=0, retry_after="on", limits="on")
    same({"confirmed"}, set(books.apply(0, plan=plan)))
    counters = books.simulator.counters(REALM)
    assert counters["statuses"].get("429", 0) > 0, counters
    # Each call that was put off was made once more: none came while it still was to wait.
    assert counters["statuses"]["429"] < counters["calls"]["batch"], counters
    check_sent_once(books, 5)
    books.simulator.switch(limits="off")
    check_saga(books.simulator, documents)
    check_settled(books)


@case
def test_access_ends(directory, _):
    """401 at the first write and once more in the middle: a new token, then the same bytes with the same key."""
    books = Books(directory)
    documents, plan = many(books, 95)
    books.simulator.control("counters", method="DELETE")
    books.simulator.control("expire", {"realm": REALM})
    books.simulator.trouble(kind="fault", code=3200, path="/batch", skip=2)
    same({"confirmed"}, set(books.apply(0, plan=plan)))
    counters = books.simulator.counters(REALM)
    same(2, counters["statuses"].get("401"), counters)
    same(2, books.simulator.control("counters")["elsewhere"]["calls"]["oauth"])
    check_sent_once(books, 5)
    check_saga(books.simulator, documents)
    check_settled(books)


@case
def test_written_and_answered_500(directory, _):
    """500 says nothing about what was done: it is looked for, and never sent under another key."""
    books = Books(directory)
    documents, plan = many(books, 3)
    books.simulator.trouble(kind="status-after", status=500, path="/batch", skip=1)
    same({"confirmed"}, set(books.apply(0, plan=plan)))
    same(["queued", "waiting", "sending", "uncertain", "confirmed"], list(dict.fromkeys(steps(books, "N-0"))))
    check_sent_once(books, 2)
    check_saga(books.simulator, documents)
    check_settled(books)


# ---- refused, and changed by others meanwhile


def steps(books, number):
    row = next(each for each in books.outbox("--all") if each["number"] == number)
    return [each["state"] for each in books.deck.good("outbox", row["id"], "--json").json()["steps"]]


def log_of(books, *words):
    rows = books.deck.good("log", "--account", books.account, "--json", *words).json()["log"]
    return [(row["job"], row["result"], row["message"] or row["detail"]) for row in rows]


@case
def test_number_taken(directory, _):
    """Somebody else was faster with the number: refused once, visibly, and never a circle."""
    books = Books(directory)
    books.push([customer("Kestrel Joinery")])
    books.take_in([invoice("K-1", "c-Kestrel Joinery", "12.00"), payment("R-1", "c-Kestrel Joinery", "12.00", ("K-1", "12.00")),
                   invoice("K-2", "c-Kestrel Joinery", "8.00")])
    plan = books.plan()
    other = books.simulator.save(REALM, "Invoice", {
        "DocNumber": "K-1", "CustomerRef": {"value": one(books.simulator, "Customer", "Kestrel Joinery")["Id"]},
        "Line": [{"DetailType": "SalesItemLineDetail", "Amount": 1, "SalesItemLineDetail": {}}]})
    rows = books.apply(4, plan=plan)
    # Both were sent together; each tells of itself.
    (job, result, why), = log_of(books, "--document", "i-K-1")
    same(("push", "decide"), (job, result))
    assert "Duplicate" in why, why
    same([("push", "ok", "written")], log_of(books, "--document", "i-K-2"))
    same([], log_of(books, "--document", "p-R-1"))
    same({"confirmed", "rejected", "waiting"}, set(rows))
    same(["queued", "sending", "rejected"], steps(books, "K-1"))
    assert "rejected" in rows["waiting"]["why"], rows
    same(other["Id"], one(books.simulator, "Invoice", "K-1")["Id"])
    # Somebody takes the number off it: all of it goes through, and the payment with it.
    books.simulator.save(REALM, "Invoice", {"Id": other["Id"], "SyncToken": other["SyncToken"], "sparse": True, "DocNumber": "K-9"})
    books.reread()
    same({"confirmed"}, set(books.apply(0)))
    # What was refused before it had an id is the record's, too.
    same(["ok", "decide"], [result for _, result, _ in log_of(books, "--record", "Invoice/" + one(books.simulator, "Invoice", "K-1")["Id"])])
    check_saga(books.simulator, [customer("Kestrel Joinery"), invoice("K-1", "c-Kestrel Joinery", "12.00"),
                                 invoice("K-2", "c-Kestrel Joinery", "8.00"),
                                 payment("R-1", "c-Kestrel Joinery", "12.00", ("K-1", "12.00"))])
    check_settled(books)


@case
def test_parent_alone_is_written_later(directory, _):
    """A new customer's name is taken: her documents wait, and go on when she alone is pushed once more."""
    books = Books(directory)
    books.take_in(SAGA[:3])
    plan = books.plan()
    other = books.simulator.save(REALM, "Vendor", {"DisplayName": "Kestrel Joinery"})
    rows = books.apply(1, 4, plan=plan)
    same({"rejected": 1, "waiting": 2}, {state: row["count"] for state, row in rows.items()})
    books.simulator.save(REALM, "Vendor", {"Id": other["Id"], "SyncToken": other["SyncToken"], "DisplayName": "Kestrel and daughters"})
    books.reread()
    books.apply(0, plan=books.plan(words=("--resource", "c-Kestrel Joinery")))
    same(0, books.deck.run("apply", plan, "--json").code)
    check_saga(books.simulator, SAGA[:3])
    check_settled(books)


@case
def test_parent_is_there_after_all(directory, _):
    """A customer's name was taken, by herself: linked to that one, her documents go on."""
    books = Books(directory)
    books.take_in(SAGA[:2])
    plan = books.plan()
    books.simulator.save(REALM, "Customer", {"DisplayName": "Kestrel Joinery"})
    books.apply(1, 4, plan=plan)
    books.reread()
    result = books.deck.run("plan", books.account, "--resource", "c-Kestrel Joinery", "--json")
    books.deck.good("decide", result.json()["plan"][0]["plan"], "link", "--reason", "duplicate")
    books.apply(0, plan=books.plan(words=("--resource", "c-Kestrel Joinery")))
    same(0, books.deck.run("apply", plan, "--json").code)
    check_saga(books.simulator, SAGA[:2])
    check_settled(books)


def nameless(directory):
    """An invoice without number, mark or key, whose answer is lost: the books, its id in the ledger, what was there before."""
    books = Books(directory, NO_REPLAY, ("requestid-s=0",), (("new-customer", "create"), ("tag", "none")))
    books.push([customer("Kestrel Joinery")])
    bare = invoice("K-1", "c-Kestrel Joinery", "12.00")
    del bare["data"]["number"]
    before = set(books.simulator.records(REALM, "Invoice"))
    books.simulator.trouble(kind="cut-after", path="/batch")
    rows = books.push([bare], 3)
    same({"dead"}, set(rows))
    record, = set(books.simulator.records(REALM, "Invoice")) - before
    assert f" {record} " in rows["dead"]["why"], rows
    return books, record, before


@case
def test_nothing_to_know_it_by(directory, _):
    """No number, no mark, no key, no answer: what looks like it is shown to a person, and nothing is written twice."""
    books, record, before = nameless(directory)
    intent, = books.outbox()
    refused = books.deck.run("outbox", intent["id"], "--cancel")
    same(2, refused.code, refused)
    assert b"--record" in refused.err and b"--unwritten" in refused.err, refused
    for words in (("plan", books.account), ("outbox", "--redrive")):
        planned = books.deck.run(*words, "--json")
        same(3, planned.code, planned)
        same([], [row for row in next(iter(planned.json().values())) if row.get("create")], planned)
    same("dead", books.outbox()[0]["state"])
    books.reread()
    books.deck.good("outbox", intent["id"], "--record", record)
    same(None, books.plan(codes=(0,)))
    check_settled(books)
    same({record}, set(books.simulator.records(REALM, "Invoice")) - before)


@case
def test_nothing_was_written_after_all(directory, _):
    """What a person has found not to be there is sent anew, or can be taken back then and planned anew."""
    books, record, _ = nameless(directory)
    written = json.loads(books.simulator.records(REALM, "Invoice")[record])
    books.simulator.save(REALM, "Invoice", {"Id": record, "SyncToken": written["SyncToken"]}, "?operation=delete")
    books.reread()
    intent, = books.outbox()
    books.deck.good("outbox", intent["id"], "--unwritten")
    same("queued", books.outbox()[0]["state"])
    books.deck.good("outbox", intent["id"], "--cancel")
    same({"confirmed"}, set(books.apply(0)))
    check_settled(books)


@case
def test_changed_by_others(directory, _):
    """5010: what others changed in other fields is merged and stays; what they changed in the same one is a person's."""
    books = Books(directory)
    mine = [customer("Kestrel Joinery", notes="old"), customer("Osprey Boats", notes="old")]
    books.push(mine)
    for each in mine:
        each["data"]["notes"] = "new"
    books.take_in(mine)
    plan = books.plan()
    for name, change in (("Kestrel Joinery", {"GivenName": "Ada"}), ("Osprey Boats", {"Notes": "theirs"})):
        record = one(books.simulator, "Customer", name)
        books.simulator.save(REALM, "Customer", {"Id": record["Id"], "SyncToken": record["SyncToken"], "sparse": True, **change})
    rows = books.apply(3, 4, plan=plan)
    same({"confirmed": 1, "conflict": 1}, {state: row["count"] for state, row in rows.items()})
    same([("push", "ok"), ("merge", "ok"), ("push", "decide"), ("push", "ok")], [row[:2] for row in log_of(books, "--document", "c-Kestrel Joinery")])
    merged, theirs = (one(books.simulator, "Customer", name) for name in ("Kestrel Joinery", "Osprey Boats"))
    same(("new", "Ada"), (merged["Notes"], merged["GivenName"]))
    same("theirs", theirs["Notes"])
    books.reread()
    result = books.deck.run("plan", books.account, "--json")
    same(3, result.code, result)
    asked = result.json()["plan"][0]["plan"]
    books.deck.good("decide", asked, "ours", "--reason", "conflict")
    same({"confirmed"}, set(books.apply(0)))
    same("new", one(books.simulator, "Customer", "Osprey Boats")["Notes"])
    check_settled(books)


@case
def test_read_only(directory, _):
    """Nothing is written to an account that is only to be read: no plan is applied, and what was queued before waits until it may."""
    books = Books(directory)
    books.take_in([customer("Kestrel Joinery")])
    plan = books.plan()
    books.deck.good("apply", plan, "--queue")
    books.take_in([customer("Harrow Mill")])
    other = books.plan()
    books.deck.good("policy", books.account, "direction", "pull")
    refused = books.deck.run("apply", other)
    assert refused.code not in (0, 4) and b"the account is read-only" in refused.err, refused
    held = books.deck.run("apply", plan, "--json")
    assert held.code == 1 and b"what is queued stays so" in held.err, held
    same([], standing(books.simulator, "Customer", "Kestrel Joinery"))
    same(["queued"], [row["state"] for row in books.outbox()])
    books.deck.good("policy", books.account, "direction", "push")
    same(0, books.deck.run("apply", plan, "--json").code)
    same(1, len(standing(books.simulator, "Customer", "Kestrel Joinery")))


@case
def test_two_plans_of_the_same(directory, _):
    """Two who plan and apply the same at once make one of each."""
    books = Books(directory)
    books.take_in(SAGA)
    plans = [books.plan() for _ in range(2)]
    both = [books.deck.start("apply", plan, "--json") for plan in plans]
    codes = sorted(process.wait(60) for process in both)
    assert codes[0] == 0 and codes[1] in (0, 6, 1, 2, 3), codes
    check_saga(books.simulator, SAGA)
    check_settled(books)


@case
def test_other_organization(directory, _):
    """What belongs to one organization can't reach the account of another, by whatever name it is asked for."""
    books = Books(directory)
    with open(os.path.join(books.deck.home, "others.json"), "w") as file:
        json.dump([customer("Not hers")], file)
    books.deck.run("import", "others.json", "--organization", "Elsewhere", "--write")
    result = books.deck.run("plan", books.account, "--resource", "c-Not hers", "--json")
    assert result.code not in (0, 9), result
    same([], standing(books.simulator, "Customer", "Not hers"))


if __name__ == "__main__":
    run_cases()
