# SPDX-License-Identifier: GPL-3.0-or-later
"""SIGKILL at every moment of a reconciliation: what was compared is kept as a whole or not at all, what people said is said once,
and no half of a pack stands where one was wanted."""
import os
import shutil

from killing import Twin, count_steps, kill_at, moments
from reconciling import PERIOD, Books, exceptions, lose, reconcile, session
from world import case, check_sound, run_cases, same

ENGINE = 11


def kept(deck):
    """All that a session holds, but its id, when it came to it, and how often it was looked at."""
    return {
        "sessions": deck.sql("SELECT state, preparer, reviewer, read_ms > 0 AS whole, evidence FROM session ORDER BY no"),
        "items": deck.sql("SELECT side, type, ref, version, day, amount, currency, match FROM session_item ORDER BY no"),
        "matches": deck.sql("SELECT no, pass, score, difference, state FROM session_match ORDER BY no"),
        "exceptions": deck.sql(f"SELECT no, key, state, amount, text, assignee FROM session_exception WHERE reason <> {ENGINE} ORDER BY no"),
        "ties": deck.sql("SELECT tie, key, mirror, ledger, equal, detail FROM session_tie ORDER BY no"),
        "reports": deck.sql("SELECT report, args, reading FROM session_report WHERE reading < 3 ORDER BY no"),
        "notes": deck.sql("SELECT exception, who, text FROM session_note ORDER BY no"),
        "acts": deck.sql("SELECT what, undone FROM session_act ORDER BY no"),
        "audit": deck.sql("SELECT what, who FROM audit WHERE what LIKE 'reconcile%' ORDER BY no"),
    }


def check_whole(deck):
    """No exception twice, none about what isn't there, and to each report its parts."""
    same([], deck.sql("SELECT key FROM session_exception GROUP BY session, key HAVING count(*) > 1"))
    same([], deck.sql("SELECT no FROM session_exception WHERE state <> 5 AND (source_item <> 0 AND source_item NOT IN (SELECT no FROM "
                      "session_item) OR mirror_item <> 0 AND mirror_item NOT IN (SELECT no FROM session_item))"))
    same([], deck.sql("SELECT no FROM session_item WHERE match <> 0 AND match NOT IN (SELECT no FROM session_match)"))
    same([], deck.sql("SELECT no FROM session_report WHERE no NOT IN (SELECT report FROM session_report_part)"))
    check_sound(deck)


def kill_everywhere(chance, deck, code, *words, again=None):
    """A command killed at one step after the other: all of it is kept, or nothing of it, and the next time makes it whole. `again`:
    what is asked for then, where it is not the same."""
    twins = Twin(deck)
    straight, before = twins.copy(), kept(deck)
    count = count_steps(straight, *words, codes=(code,))
    wanted, died = kept(straight), 0
    assert wanted != before, "nothing was done"
    for at, how in moments(chance, count):
        twin, what = twins.copy(), f"killed {how} step {at}"
        died += kill_at(twin, at, how, *words, codes=(code,))
        now = kept(twin)
        assert now in (before, wanted), f"{what}: {now}"
        if now == before or not again:
            same(code, twin.run(*words).code, what)
        else:
            again(twin)
        now = kept(twin)
        for name in wanted:
            same(wanted[name], now[name], f"{what}, and run again: {name}")
        check_whole(twin)
        twins.drop(twin)
    assert died > 0, "nothing ever died"


@case
def a_round(directory, chance):
    """The first one, and one that finds what people have said, and what the mirror had lost."""
    books = Books(directory, chance)
    deck = books.deck
    for way in books.one_cent, books.deleted, books.never_written, books.by_hand:
        way()
    kill_everywhere(chance, deck, 3, "reconcile", books.account, "--period", PERIOD)
    reconcile(deck, books.account, 3)
    name, rows = session(deck)["session"], exceptions(deck)
    same(4, len(rows))
    deck.good("resolve", name, str(rows[0]["exception"]), "--assign", "ruth")
    deck.good("resolve", name, str(rows[1]["exception"]), "--note", "asked them")
    lose(deck, "Invoice", books.ids[books.one()])
    books.another_day()
    kill_everywhere(chance, deck, 3, "reconcile", books.account, "--period", PERIOD)


@case
def what_people_do(directory, chance):
    books = Books(directory, chance)
    deck = books.deck
    books.one_cent()
    reconcile(deck, books.account, 3)
    name, number = session(deck)["session"], str(exceptions(deck)[0]["exception"])
    # What was done already is not asked for again: it would be done twice.
    for words in (("resolve", name, number, "--step", "accept", "--note", "a cent"), ("resolve", name, "--undo"),
                  ("resolve", name, number, "--step", "accept", "--note", "a cent, after all"), ("sign", name)):
        kill_everywhere(chance, deck, 0, *words, again=lambda twin: None)
        deck.good(*words)
    deck.good("policy", books.account, "reviewer", "same")
    kill_everywhere(chance, deck, 0, "sign", name, again=lambda twin: None)


def content(pack):
    return {name: open(os.path.join(pack, name), "rb").read() for name in os.listdir(pack)}


@case
def evidence(directory, chance):
    """A pack is there as a whole or not at all; asked for again it is there, the same, and no more."""
    books = Books(directory, chance)
    deck, pack = books.deck, os.path.join(directory, "pack")
    books.one_cent()
    reconcile(deck, books.account, 3)
    words = ("evidence", session(deck)["session"], pack)
    twins = Twin(deck)
    straight, died = twins.copy(), 0
    count = count_steps(straight, *words)
    wanted, whole = kept(straight), content(pack)
    for at, how in moments(chance, count):
        shutil.rmtree(pack)
        twin = twins.copy()
        died += kill_at(twin, at, how, *words)
        there = content(pack) if os.path.exists(pack) else {}
        assert there in ({}, whole), f"killed {how} step {at}: {sorted(there)}"
        twin.good(*words)
        same(whole, content(pack), f"killed {how} step {at}")
        same(wanted, kept(twin), f"killed {how} step {at}")
        twin.good("evidence", "--verify", pack)
        twins.drop(twin)
    assert died > 0, "nothing ever died"


if __name__ == "__main__":
    run_cases()
