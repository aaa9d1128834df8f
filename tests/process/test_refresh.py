# SPDX-License-Identifier: GPL-3.0-or-later
"""Eight processes want the tokens of one account at once, from a ledger that gives a new refresh token with each use and
knows the old one no more: one renews, the others take what it saved, and no kill in between leaves anybody waiting."""
import contextlib
import os
import re
import signal
import time

from world import HOOK, SECONDS, SOAK, SOAK_S, Deck, Simulator, await_that, case, check_sound, run_cases, same

EIGHT = 8
TOKENS = "/oauth2/v1/tokens/bearer"


class Ledger(Simulator):
    """A simulator that tells of each request."""

    def __init__(self, directory, rotation="every"):
        super().__init__(directory, "--verbose", "--set", "limits=off", "--set", "rotation=" + rotation)

    def renewals(self):
        """Statuses of the token address's answers, in their order."""
        with open(self.log) as file:
            return [int(found[1]) for line in file if "POST " + TOKENS in line and (found := re.search(r" (\d\d\d)\b", line))]


def begin(directory, rotation="every"):
    ledger = Ledger(directory, rotation)
    deck = Deck(directory, ledger.url)
    account, = deck.begin(ledger)
    same([200], ledger.renewals(), "the code was exchanged")
    return ledger, deck, account


def all_good(processes):
    for process in processes:
        out, err = process.communicate(timeout=SECONDS)
        assert process.returncode == 0, f"{process.args}: {process.returncode}\n{out}\n{err.decode()}"


def check_account(deck, account):
    row, = deck.rows("accounts", account)
    same("ok", row["state"])
    assert deck.run("log", "--state", "failed", "--json").json()["log"] == []
    check_sound(deck)


def generation(deck):
    row, = deck.sql("SELECT generation, refresh_holder AS holder FROM account")
    return int(row["generation"]), row["holder"]


def await_holder(deck):
    return await_that(lambda: generation(deck)[1], "somebody renews")


@case
def test_eight_ask_at_once(directory, chance):
    """By hand, all eight while one is at it: one call."""
    ledger, deck, account = begin(directory)
    for number in range(1, 3 if SOAK else 2):
        ledger.trouble(kind="delay", ms=20000 if SOAK else 2500, call="oauth", path=TOKENS)
        first = deck.start("refresh", account, "--json")
        await_holder(deck)
        others = [deck.start("refresh", account, "--json") for _ in range(EIGHT - 1)]
        all_good([first, *others])
        same((1 + number, ""), generation(deck))
        same([200] * (1 + number), ledger.renewals())
    check_account(deck, account)


@case
def test_eight_read_with_an_ended_token(directory, chance):
    """The ledger refuses the access token; whoever meets that renews it once for all."""
    ledger, deck, account = begin(directory)
    for number in range(1, 20 if SOAK else 3):
        ledger.control("expire", {"realm": "1001"})
        all_good([deck.start("sync", account, "--type", kind) for kind in
                  ("Customer", "Invoice", "Item", "Vendor", "Term", "Account", "Payment", "Bill")])
        same((1 + number, ""), generation(deck))
        same([200] * (1 + number), ledger.renewals())
    check_account(deck, account)


@case
def test_short_lives(directory, chance):
    """Tokens that live for two seconds, renewed ahead of that: everybody reads and renews at random."""
    ledger, deck, account = begin(directory)
    ledger.switch(access_lifetime_s=62)
    deck.configure(connect__refresh_lead="60s")
    deck.good("refresh", account)
    began, end = time.monotonic(), time.monotonic() + (SOAK_S if SOAK else 2)
    while time.monotonic() < end:
        all_good([deck.start(*words) for words in
                  [("sync", account, "--type", "Customer"), ("sync", account)] * (EIGHT // 2 - 1) + [("refresh", account)] * 2])
    renewals, rounds = ledger.renewals(), generation(deck)[0]
    same({200}, set(renewals), "answers of the token address")
    same(rounds, len(renewals), "each new pair was asked for once, and saved")
    print(f"{rounds} renewals in {time.monotonic() - began:.1f} s", flush=True)
    check_account(deck, account)


def killed(deck, account, at, how):
    """A renewal that dies at that step."""
    environment = {**deck.environment(), **HOOK, "HOOK_DIE_AT": str(at), "HOOK_DIE_HOW": how}
    return deck.run("refresh", account, env=environment)


@case
def test_killed_while_renewing(directory, chance):
    """With a day of grace for the old token nothing is lost, wherever it dies; the next ones don't wait for the dead."""
    ledger, deck, account = begin(directory, "every-with-grace")
    steps = os.path.join(directory, "steps")
    deck.good("refresh", account, env={**deck.environment(), **HOOK, "HOOK_STEPS_FILE": steps})
    with open(steps) as file:
        count = int(file.read())
    end = time.monotonic() + (SOAK_S if SOAK else 2)
    for at in chance.sample(range(1, count + 1), count):
        how = chance.choice(("before", "half", "after"))
        result = killed(deck, account, at, how)
        assert result.code in (-signal.SIGKILL, 0), result
        began = time.monotonic()
        all_good([deck.start("refresh", account), deck.start("sync", account, "--type", "Term")])
        assert time.monotonic() - began < 30, f"killed {how} step {at}: the others waited for {time.monotonic() - began} s"
        same("", generation(deck)[1])
        if time.monotonic() > end:
            break
    same({200}, set(ledger.renewals()), "answers of the token address")
    check_account(deck, account)


@case
def test_killed_without_grace(directory, chance):
    """The ledger has taken the old token back and the new one died with the process: that is told as it is, at once, and
    once only; connecting again heals it. At every other step nothing is lost."""
    ledger, deck, account = begin(directory)
    ledger.trouble(kind="delay", ms=60000, call="oauth", path=TOKENS)
    process = deck.start("refresh", account)
    await_holder(deck)
    await_that(lambda: ledger.control("troubles")["troubles"] == [] or any(
        trouble.get("hits", 0) for trouble in ledger.control("troubles")["troubles"]), "the call is on its way")
    process.kill()
    process.wait()
    result = deck.run("refresh", account)
    same(7, result.code, result)
    assert b"must be connected again" in result.out, result
    row, = deck.rows("accounts", account)
    same("needs reconnect", row["state"])
    assert "interrupted" in row["reason"], row
    before = ledger.renewals()
    same(3, deck.run("refresh", "--all").code, "a person is needed")
    same(7, deck.run("sync", account).code)
    same(before, ledger.renewals(), "a lost account is left alone")
    same(account, deck.connect(ledger, ("--account", account)))
    deck.good("sync", account)
    check_sound(deck)


if __name__ == "__main__":
    run_cases()
