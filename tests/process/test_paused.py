# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans that are paused in the middle, by their rule or by a person: what was sent is brought to its end, the rest waits for a
person, and each place says so. And writes that wait for the hours of their account."""
import datetime

from pushing import REALM, Books, check_saga, check_settled, customer, many, one, standing
from world import await_that, case, run_cases, same


def batches(books):
    return books.simulator.counters(REALM)["calls"]["batch"]


def states(books, plan):
    return {row["state"] for row in books.outbox("--plan", plan)}


def check_paused(books, plan, why):
    """Each place says so, and nothing is sent by whoever says `apply` again."""
    same("paused", {row["plan"]: row["state"] for row in books.deck.rows("plans")}[plan])
    same({why}, {row["reason"] for row in books.outbox() if row["state"] == "paused"})
    item, = [row for row in books.deck.run("attention", "--json").json()["attention"] if row["cause"] == "paused"]
    same(f"apply {plan} --resume", item["command"])
    before = batches(books)
    result = books.deck.run("apply", plan, "--json")
    assert b"Paused, " in result.err and b"--resume" in result.err, result
    same(before, batches(books))
    return result.code


@case
def test_stopped_by_its_rule(directory, _):
    """The first error pauses what was not sent; what is under way ends; a person goes on, and nothing is lost or doubled."""
    books = Books(directory, policies=(("new-customer", "create"), ("stop", "1")))
    documents, plan = many(books, 130)
    books.simulator.trouble(kind="fault", code=2020, path="/batch", skip=1)
    rows = books.apply(4, plan=plan)
    same(30, rows["rejected"]["count"])
    assert rows["paused"]["count"] >= 40, rows
    same(131, sum(row["count"] for row in rows.values()))
    same(4, check_paused(books, plan, "30 writes have gone wrong (policy stop: 1)"))
    same({"confirmed", "rejected"}, set(books.apply(4, plan=plan, words=("--resume",))))
    # What was refused is planned anew, as ever.
    same({"confirmed"}, set(books.apply(0)))
    check_saga(books.simulator, documents)
    check_settled(books)


@case
def test_paused_by_a_person(directory, _):
    """Whoever follows the schedule sends what others have queued, and not what is paused."""
    books = Books(directory)
    books.take_in([customer("Kestrel Joinery")])
    plan = books.plan()
    result = books.deck.run("apply", plan, "--pause")
    assert result.code == 2 and b"nothing of it is under way" in result.err, result
    books.deck.good("apply", plan, "--queue")
    result = books.deck.run("apply", plan, "--pause", "--resume")
    assert result.code == 2 and b"one at a time" in result.err, result
    books.deck.good("apply", plan, "--pause")
    books.take_in([customer("Osprey Boats")])
    other = books.plan(words=("--resource", "c-Osprey Boats"))
    books.deck.good("apply", other, "--queue")
    process = books.deck.start("run")
    await_that(lambda: states(books, other) == {"confirmed"}, "the other one is written")
    process.terminate()
    process.wait()
    same(3, check_paused(books, plan, "paused by " + books.deck.rows("plans")[0]["by"]))
    same([], standing(books.simulator, "Customer", "Kestrel Joinery"))
    books.deck.good("apply", plan, "--resume")
    one(books.simulator, "Customer", "Kestrel Joinery")
    check_settled(books)


@case
def test_rest_taken_back(directory, _):
    books = Books(directory)
    documents, plan = many(books, 3)
    books.deck.good("apply", plan, "--queue")
    result = books.deck.run("apply", plan, "--cancel")
    assert result.code == 0 and b"Taken back: 4." in result.err, result
    same({"cancelled"}, states(books, plan))
    same([], books.outbox())
    same({"confirmed"}, set(books.apply(0)))
    check_saga(books.simulator, documents)
    result = books.deck.run("policy", books.account, "stop", "now and then")
    assert result.code == 2 and b"stop takes untold, uncertain, a number of errors such as 5" in result.err, result


@case
def test_killed_where_the_rule_is_strict(directory, _):
    """Whoever comes next finds out what became of it, and leaves the rest to a person."""
    books = Books(directory, policies=(("new-customer", "create"), ("stop", "uncertain")))
    documents, plan = many(books, 130)
    books.simulator.trouble(kind="delay", ms=60000, path="/batch", skip=1, times=9)
    process = books.deck.start("apply", plan)
    await_that(lambda: "sending" in states(books, plan) and "confirmed" in states(books, plan), "something is under way")
    process.kill()
    process.wait()
    books.simulator.calm()
    rows = books.apply(4, plan=plan)
    same({"confirmed", "paused"}, set(rows))
    same(4, check_paused(books, plan, "the outcome of a write is not known (policy stop: uncertain)"))
    same({"confirmed"}, set(books.apply(0, plan=plan, words=("--resume",))))
    check_saga(books.simulator, documents)
    check_settled(books)


def hours(begin, end):
    now = datetime.datetime.now()
    return "-".join((now + datetime.timedelta(hours=each)).strftime("%H:%M") for each in (begin, end))


@case
def test_outside_of_its_hours(directory, _):
    """Nobody writes outside of them but who says so; what is queued says until when it waits, and comes to nobody's harm."""
    books = Books(directory)
    for bad in ("at night", "22-05", "22:00-22:00", "Mon 25:00-26:00"):
        result = books.deck.run("policy", books.account, "window", bad)
        assert result.code == 2 and b"window takes hours such as 22:00-05:00" in result.err, result
    books.take_in([customer("Kestrel Joinery")])
    plan = books.plan()
    # What no plan depends on makes none stale.
    window = hours(2, 3)
    books.deck.good("policy", books.account, "window", window)
    opens = window[:5]
    result = books.deck.run("apply", plan)
    assert result.code == 3 and b"outside of the account's hours" in result.err and opens.encode() in result.err, result
    result = books.deck.run("apply", plan, "--queue", "--now")
    assert result.code == 2 and b"one of the two" in result.err, result
    books.deck.good("apply", plan, "--queue")
    waits, = books.outbox()
    assert waits["state"] == "queued" and waits["reason"].startswith("waits for ") and opens in waits["reason"], waits
    same(opens, datetime.datetime.fromisoformat(waits["next"]).astimezone().strftime("%H:%M"))
    item, = books.deck.rows("attention")
    same(("window", False, 1), (item["cause"], item["person"], item["records"]))
    result = books.deck.run("apply", plan, "--json")
    assert result.code == 3 and b"--now" in result.err, result
    same([], standing(books.simulator, "Customer", "Kestrel Joinery"))
    books.apply(0, plan=plan, words=("--now",))
    one(books.simulator, "Customer", "Kestrel Joinery")
    # Within them all is as ever.
    books.deck.good("policy", books.account, "window", hours(-1, 2))
    books.push([customer("Osprey Boats")])
    check_settled(books)


if __name__ == "__main__":
    run_cases()
