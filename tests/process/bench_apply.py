# SPDX-License-Identifier: GPL-3.0-or-later
"""What an apply makes of the writing that the budget allows: some thousands of documents, by both programs as they are shipped, under
the ledger's own limits. It says what share of the allowed batches was sent between the first and the last, how full they were, and how
many calls the ledger refused as too many. The ledger takes its time for each call, as the real one does.

usage: bench_apply.py [DOCUMENTS [MILLISECONDS...]]"""
import sys
import tempfile

from pushing import REALM, Books, customer, invoice
from world import end_all

BATCHES = 36  # a minute, as it is shipped
SHIPPED = {"sync.per_second": "8", "sync.per_minute": "400", "sync.batches_per_minute": str(BATCHES)}


def measure(documents, latency_ms):
    with tempfile.TemporaryDirectory() as directory:
        books = Books(directory, SHIPPED)
        books.take_in([customer("Kestrel Joinery")] + [invoice(f"N-{place}", "c-Kestrel Joinery", "12.00") for place in range(documents)])
        books.deck.good("policy", books.account, "approve-count", "1000000")
        plan = books.plan()
        books.simulator.control("counters", method="DELETE")
        books.simulator.switch(limits="on", latency_ms=latency_ms)
        books.apply(0, plan=plan)
        counters = books.simulator.counters(REALM)
        row, = books.deck.sql("SELECT min(started_ms + took_ms) AS first, max(started_ms + took_ms) AS last, count(*) AS batches FROM attempt WHERE job = 'push'")
        first, last, batches = (int(row[name]) for name in ("first", "last", "batches"))
        allowed = (last - first) / 60000 * BATCHES
        print(f"{documents:>10} {latency_ms:>8} {batches:>8} {documents / batches:>11.1f} {(last - first) / 1000:>9.1f} "
              f"{100 * (batches - 1) / allowed:>9.1f} % {counters['throttled']:>6}", flush=True)
    end_all()


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 3000
    print(f"{'documents':>10} {'ms/call':>8} {'batches':>8} {'in each':>11} {'seconds':>9} {'of allowed':>11} {'429':>6}   (goal: 95 %, no 429)")
    for each in sys.argv[2:] or ("500",):
        measure(count, int(each))
