# SPDX-License-Identifier: GPL-3.0-or-later
"""What Xledger costs of a month's calls and megabytes: rounds over the eight types when nothing has changed and when something has,
by both programs as they are shipped, and what that comes to at the interval that is built in.

usage: bench_xledger.py [ROUNDS]"""
import json
import sys
import tempfile

from test_xledger import ENTITY, TYPES, Entity
from world import end_all

HOURS = 31 * 24  # of a long month


def used(entity):
    row, = entity.deck.rows("accounts")
    return entity.calls(), row["received_bytes_this_month"], row["sent_bytes_this_month"]


def measure(entity, word, rounds, between):
    before = used(entity)
    for number in range(rounds):
        between(number)
        entity.deck.good("sync", "--all")
    spent = [(after - first) / rounds for after, first in zip(used(entity), before)]
    interval_s = max(row["interval_s"] for row in entity.deck.rows("interval", entity.account))
    hourly = 3600 / interval_s
    print(f"{word:<44} {spent[0]:>7.2f} {spent[0] * hourly:>7.1f} {spent[0] * hourly * HOURS:>8.0f} of 5000 "
          f"{spent[1] * hourly * HOURS / 1e6:>7.1f} {spent[2] * hourly * HOURS / 1e6:>6.1f}", flush=True)


def change(entity):
    """One record of each type that has a name, by another user."""
    oldest = {kind: min(entity.truth(kind), key=int) for kind in TYPES}

    def between(number):
        for kind in ("customers", "suppliers", "employees", "projects"):
            entity.other(f'mutation {{ update{kind.capitalize()}(inputs: [{{clientId: "0", node: {{dbId: {oldest[kind]}, '
                         f'description: {json.dumps(f"Ny {number}")}}}}}]) {{ edges {{ node {{ dbId }} }} }} }}')
    return between


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    with tempfile.TemporaryDirectory() as directory:
        books = Entity(directory, companies=(f"xledger,realm={ENTITY},customers=3000,invoices=5000",)).begin()
        books.deck.good("sync", "--all")
        calls, received, sent = used(books)
        print(f"Xledger, first full read: {calls} calls, {received / 1e6:.1f} MB down, {sent / 1e6:.2f} MB up")
        print(f"{'eight types':<44} {'a round':>7} {'an hour':>7} {'a month':>16} {'MB down':>7} {'MB up':>6}")
        measure(books, "nothing has changed", count, lambda number: None)
        measure(books, "a record of four types changes each round", count, change(books))
    end_all()
