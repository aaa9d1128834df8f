# SPDX-License-Identifier: GPL-3.0-or-later
"""Reconciliation as an operator meets it: books that agree tie to the cent; each planted difference is found and named, and
nothing else; what was stale is read again; what people say stays; a signed period opens again when it is touched; evidence
stands for itself."""
import json
import os
import sqlite3
import time

from reconciling import PERIOD, REALM, Books, begin, bring, change, exceptions, found, invoice, live, lose, reconcile, record, session, write
from world import SECONDS, SOAK, await_that, case, run_cases, same


@case
def books_that_agree_tie(directory, chance):
    for kind in "small", "eu":
        place = os.path.join(directory, kind)
        os.mkdir(place)
        simulator, deck, account = begin(place, kind)
        # In the second company each line has its tax.
        tax = {"tax_code": "T"} if kind == "eu" else {}
        written = write(deck, account, [
            invoice(f"N-{number}", "", lines=[{"item": "I", "amount": f"{chance.randrange(1, 9999) / 100:.2f}", **tax}]) for number in range(5)],
            *(["--rule", "tax_code:T=1"] if tax else []))
        same(5, len(written))
        if kind == "small":
            reconcile(deck, account, 0)
            same([], found(deck, "--all"))
        # There is much that the source knows nothing of, and the cost of stock is the ledger's alone: all other sums tie.
        for period in PERIOD, "2026", "2025-01-01..2026-11-30":
            deck.run("reconcile", account, "--period", period).out
            told = {row["ref"] for row in exceptions(deck) if row["reason"] == "unknown"}
            same(set(), {row["reason"] for row in exceptions(deck)} - {"not-in-source", "unknown"}, period)
            assert not told or kind == "eu", told
        ties = deck.run("ties", "--json").json()["ties"]
        assert {row["tie"] for row in ties} >= {"account", "movement", "receivables", "control", "customer", "transactions", "zero"}, ties
        off = [row for row in ties if not row["equal"] and not (row["detail"] or {}).get("rounding") and row["key"] not in told]
        same([], [row for row in off if row["key"] != "InventoryAdjustment"])


@case
def planted_differences_are_found(directory, chance):
    for round_number in range(20 if SOAK else 2):
        place = os.path.join(directory, str(round_number))
        os.mkdir(place)
        books = Books(place, chance)
        reconcile(books.deck, books.account, 0)
        ways = list(Books.WAYS) if round_number == 0 else chance.choices(Books.WAYS, k=chance.randrange(1, 9))
        ways = [way for place, way in enumerate(ways) if way not in Books.ONCE or ways.index(way) == place]
        wanted = sorted(way(books) for way in ways)
        print("  " + ", ".join(way.__name__ for way in ways), flush=True)
        reconcile(books.deck, books.account, 3)
        same(wanted, found(books.deck))
        # What the ledger was told is what it has: the sums tie, whatever the source says.
        same([], [row for row in books.deck.run("ties", "--json").json()["ties"] if not row["equal"]])


@case
def files_are_compared_that_have_no_links(directory, chance):
    books = Books(directory, chance)
    deck, path = books.deck, os.path.join(directory, "home", "books.jsonl")

    def compare(code, names, **changed):
        with open(path, "w") as file:
            file.write("".join(json.dumps({"type": "invoice", "external_id": name, "data": {**books.documents[name.rstrip("x")], **changed}}) + "\n"
                               for name in names))
        reconcile(deck, books.account, code, "--source", path)
        return found(deck, session(deck)["session"])

    names = list(books.documents)
    same([], compare(0, names))
    first = deck.sql("SELECT source_digest FROM session ORDER BY no DESC")[0]["source_digest"]
    # What is alike in everything is one, however often it is there; the rest is told.
    (_, twice), again = books.written_twice(), books.one() + "x"
    same([("duplicate", twice)], compare(3, names))
    same([("duplicate", twice), ("duplicate", again)], compare(3, names + [again]))
    # A cent is another amount, unless it is tolerated of what customers owe.
    _, cent = books.one_cent()
    for tolerance, reason in (("0", "amount"), ("payable=1", "amount"), ("receivable=0.01", "suggested"), ("1 receivable/USD=0", "amount")):
        deck.good("policy", books.account, "tolerance", tolerance)
        same(sorted([("duplicate", twice), ("duplicate", again), (reason, cent)]), compare(3, names + [again]), tolerance)
    deck.good("policy", books.account, "tolerance", "0")
    change(books.simulator, "Invoice", books.ids[cent], Line=[books.line(cent, float(books.documents[cent]["lines"][0]["amount"]))])
    same([("duplicate", twice), ("duplicate", again)], compare(3, names + [again]))
    # One session went on with another file.
    same([("1", "8")], [(row["sessions"], row["rounds"]) for row in deck.sql("SELECT count(*) AS sessions, max(rounds) AS rounds FROM session")])
    assert deck.sql("SELECT source_digest FROM session")[0]["source_digest"] != first
    # The records of a file's documents can be read again, too.
    name = session(deck)["session"]
    reconcile(deck, books.account, 3, "--source", path, "--offline")
    deck.good("resolve", name, "--reason", "duplicate", "--step", "accept", "--note", "both are right")
    same(0, len(exceptions(deck, name)))
    changed = books.one()
    change(books.simulator, "Invoice", books.ids[changed], Line=[books.line(changed, 7.77)])
    reconcile(deck, books.account, 3, "--source", path)
    (one,) = exceptions(deck, name)
    same(("amount", changed), (one["reason"], one["ref"]))
    deck.good("resolve", name, str(one["exception"]), "--step", "reread")


@case
def nothing_is_signed_that_was_not_compared(directory, chance):
    books = Books(directory, chance)
    simulator, deck = books.simulator, books.deck
    deck.good("policy", books.account, "reviewer", "same")
    reconcile(deck, books.account, 0)
    name, number = session(deck)["session"], books.ids[books.one()]
    # What is of another period was not compared, and is nothing to sign.
    sold = record(simulator, "Invoice", number)
    lines = [{key: value for key, value in line.items() if key != "Id"} for line in sold["Line"] if line["DetailType"] == "SalesItemLineDetail"]
    simulator.save(REALM, "Invoice", {"CustomerRef": sold["CustomerRef"], "TxnDate": "2026-07-01", "Line": lines})
    deck.good("sync", "--all")
    deck.good("sign", name)
    deck.good("sign", name, "--take-back")
    change(simulator, "Invoice", number, PrivateNote="touched")
    deck.good("sync", "--all")
    refused = deck.run("sign", name)
    same(2, refused.code, refused)
    assert f"Invoice {number}" in refused.text and "compare again" in refused.text, refused
    reconcile(deck, books.account, 0)
    deck.good("sign", name)
    deck.good("sign", name)
    # That it is paid later is of the later period, and takes nothing back.
    old = record(simulator, "Invoice", number)
    paid = simulator.save(REALM, "Payment", {
        "CustomerRef": old["CustomerRef"], "TxnDate": "2026-07-05", "TotalAmt": old["TotalAmt"],
        "Line": [{"Amount": old["TotalAmt"], "LinkedTxn": [{"TxnId": number, "TxnType": "Invoice"}]}]})
    deck.good("sync", "--all")
    same([0], [row["Balance"] for row in live(deck, books.account, "Invoice") if row["id"] == number])
    same("signed", session(deck)["state"])
    simulator.save(REALM, "Payment", {"Id": paid["Id"], "SyncToken": paid["SyncToken"], "sparse": True, "TxnDate": "2026-06-30"})
    deck.good("sync", "--all")
    assert f"Payment {paid['Id']}" in (session(deck)["reopened"] or ""), session(deck)


@case
def a_stale_mirror_heals_and_is_counted(directory, chance):
    simulator, deck, account = begin(directory)
    write(deck, account, [invoice("N-1", "100.00")])
    old = sorted((row for row in live(deck, account, "Invoice") if row["DocNumber"] != "N-1"), key=lambda row: row["TxnDate"])
    # One within the period that is looked at, one years before it.
    for number, period in (old[0]["id"], old[0]["TxnDate"][:7]), (old[1]["id"], "2026-10"):
        lose(deck, "Invoice", number)
        reconcile(deck, account, 0, period=period)
        same([("engine", number)], found(deck, "--all", session(deck)["session"]), period)
        same(1, len([row for row in live(deck, account, "Invoice") if row["id"] == number]))
        same([], [row for row in deck.rows("ties") if not row["equal"]])


@case
def people_work_through_it_and_sign(directory, chance):
    simulator, deck, account = begin(directory)
    ids = write(deck, account, [invoice(f"N-{number}", f"{100 + number}.00") for number in range(3)])
    deck.good("policy", account, "reviewer", "same")
    line = record(simulator, "Invoice", ids["N-1"])["Line"][0]
    change(simulator, "Invoice", ids["N-1"], Line=[{**line, "Amount": 7, "SalesItemLineDetail": {**line["SalesItemLineDetail"], "UnitPrice": 7, "Qty": 1}}])
    reconcile(deck, account, 3)
    name = session(deck)["session"]
    refused = deck.run("sign", name)
    same(2, refused.code, refused)
    assert "not explained" in refused.text, refused
    # Each step needs what it needs; what was done can be taken back.
    (one,) = exceptions(deck)
    same(2, deck.run("resolve", name, str(one["exception"]), "--step", "accept").code)
    deck.good("resolve", name, str(one["exception"]), "--assign", "ruth")
    same([("assigned", "ruth")], [(row["state"], row["assignee"]) for row in exceptions(deck)])
    deck.good("resolve", name, str(one["exception"]), "--step", "accept", "--note", "agreed with them")
    same([], exceptions(deck))
    deck.good("resolve", name, "--undo")
    same([("assigned", "ruth")], [(row["state"], row["assignee"]) for row in exceptions(deck)])
    deck.good("resolve", name, str(one["exception"]), "--step", "accept", "--note", "agreed with them, again")
    # A decision outlives the next round, until the amount is another one.
    reconcile(deck, account, 0)
    same(["agreed with them", "agreed with them, again"], [note["text"] for note in exceptions(deck, "--all")[0]["notes"]][:2])
    deck.good("sign", name)
    deck.good("sign", name)
    same("signed", session(deck)["state"])
    same(3, deck.run("resolve", name, str(one["exception"]), "--note", "too late").code)
    # Evidence: the same bytes twice, and no byte can change.
    packs = [os.path.join(directory, each) for each in ("first", "second")]
    for pack in packs:
        deck.good("evidence", name, pack)
    files = sorted(os.listdir(packs[0]))
    same(files, sorted(os.listdir(packs[1])))
    for each in files:
        same(open(os.path.join(packs[0], each), "rb").read(), open(os.path.join(packs[1], each), "rb").read(), each)
    deck.good("evidence", "--verify", packs[0])
    for each in files:
        path = os.path.join(packs[0], each)
        good = open(path, "rb").read()
        for at in sorted({0, len(good) // 2, len(good) - 1, *(chance.randrange(len(good)) for _ in range(5))}):
            with open(path, "wb") as file:
                file.write(good[:at] + bytes([good[at] ^ 1 << chance.randrange(8)]) + good[at + 1:])
            same(1, deck.run("evidence", "--verify", packs[0]).code, f"{each} at {at}")
        with open(path, "wb") as file:
            file.write(good)
    deck.good("evidence", "--verify", packs[0])
    open(os.path.join(packs[0], "more"), "w").close()
    same(1, deck.run("evidence", "--verify", packs[0]).code)
    # Somebody touches the period: the session is open again, and says why.
    change(simulator, "Invoice", ids["N-2"], PrivateNote="touched")
    deck.good("sync", "--all")
    again = session(deck)
    same("open", again["state"])
    assert f"Invoice {ids['N-2']}" in again["reopened"], again


@case
def long_names_are_told_apart(directory, chance):
    simulator, deck, account = begin(directory)
    names = ["N" * 200 + str(number) for number in range(3)]
    bring(deck, account, [("invoice", name, invoice(f"L-{number}", "5.00")[2]) for number, name in enumerate(names)])
    reconcile(deck, account, 3, "--offline")
    same([("not-in-ledger", name) for name in names], found(deck))


@case
def a_bank_statement_is_compared(directory, chance):
    simulator, deck, account = begin(directory)
    bank = live(deck, account, "Account", AccountType="Bank")[0]
    income = live(deck, account, "Account", AccountType="Income")[0]

    def deposit(amount, date, memo):
        return simulator.save(REALM, "Deposit", {
            "TxnDate": date, "DepositToAccountRef": {"value": bank["id"]}, "PrivateNote": memo,
            "Line": [{"Amount": amount, "DetailType": "DepositLineDetail", "DepositLineDetail": {"AccountRef": {"value": income["id"]}}}]})["Id"]

    ids = [deposit(amount, date, "x") for amount, date in ((100.10, "2026-06-03"), (250, "2026-06-10"), (75.5, "2026-06-12"), (12, "2026-06-30"))]
    path = os.path.join(deck.home, "bank.csv")
    with open(path, "w", encoding="utf-8") as file:
        file.write("Kontoauszug;DE02 1234;;;\n;;;;\nBuchungstag;Empf\u00e4nger;Verwendungszweck;Betrag;Saldo\n"
                   "04.06.2026;Shop;Einzahlung;100,10;1.100,10\n11.06.2026;Shop;;250,00;1.350,10\n"
                   "13.06.2026;Shop;;75,05;1.425,15\n20.06.2026;Bank;Geb\u00fchr;-9,90;1.415,25\n")
    with open(path + ".columns", "w") as file:
        file.write("decimal = ,\nthousands = .\ndate = DD.MM.YYYY\n")
    words = ["--source", path, "--columns", path + ".columns", "--statement", bank["Name"]]
    reconcile(deck, account, 3, *words)
    got = found(deck)
    # The fee is not in the books; a cent sum was typed wrongly; the last one is on its way.
    same([("not-in-ledger", "line 6"), ("not-in-ledger", "line 7"), ("not-in-source", ids[2]), ("timing", ids[3])], got)
    same(2, deck.rows("sessions")[0]["open"] - 2)
    # What is a little off may be it, if that is wanted: of the currency, or of any.
    for value, reasons in (("0.44 EUR=5", 4), ("0.45", 3), ("EUR=5", 4), ("0 USD=0.45 EUR=5", 3), ("0", 4), ("receivable=1 card=1", 4), ("bank=0.45", 3),
                           ("1 bank=0", 4), ("0 bank/USD=1,1%", 3), ("1,0.5%", 4), ("+0.45", 3), ("+0,-0.45", 4)):
        deck.good("policy", account, "tolerance", value)
        reconcile(deck, account, 3, *words)
        same((reasons, 4 - reasons), (len(exceptions(deck)), len(exceptions(deck, "--reason", "suggested"))), value)
    for value in "some", "-1", "EUR=", "0.05 eur=1", "0.05 EURO=1", "till=1", "bank=1,2", "bank=1 bank=2":
        same(2, deck.run("policy", account, "tolerance", value).code, value)
    # Where the file lies is known, and whether it is the one that was compared before.
    same([path], [row["path"] for row in deck.rows("sessions")])
    assert "is not as it was" not in deck.run("reconcile", account, "--period", PERIOD, *words).text
    moved = os.path.join(directory, "home", "moved")
    os.mkdir(moved)
    with open(path, encoding="utf-8") as old, open(os.path.join(moved, "bank.csv"), "w", encoding="utf-8") as file:
        file.write(old.read() + "\n")
    again = deck.run("reconcile", account, "--period", PERIOD, "--source", "moved/bank.csv", *words[2:])
    same(3, again.code, again)
    assert "'bank.csv' is not as it was when it was compared before" in again.text, again
    same([os.path.join(moved, "bank.csv")], [row["path"] for row in deck.rows("sessions")])
    # The file need not be there again; what was said stays.
    name = session(deck)["session"]
    deck.good("resolve", name, "--reason", "timing", "--step", "accept", "--note", "July")
    reconcile(deck, account, 3, *words)
    same(3, len(exceptions(deck)))
    # Bad files say what is wrong with them, and nothing is compared.
    for text, why in (("a;b\n1;2\n", "names a column"), ("Date,Amount\n2026-06-31,5\n", "line 2, Date '2026-06-31': "),
                      ("Date,Amount\n2026-06-30,five\n", "line 2, Amount 'five': is no number"),
                      ("Date,Amount,Balance\n2026-06-01,5,5\n2026-06-02,5,11\n", "does not follow"),
                      ("Date,Amount,Currency\n2026-06-30,5,dollars\n", "three letters"),
                      ("Date,Amount\n03/04/2026,5\n", "line 2, Date '03/04/2026': ")):
        with open(path, "w") as file:
            file.write(text)
        result = deck.run("reconcile", account, "--period", PERIOD, "--source", path, "--statement", bank["id"])
        same(2, result.code, result)
        assert why in result.text, (text, result)
    with open(path, "wb") as file:
        file.write("Date,Amount\n2026-06-30,5\n".encode("utf-16"))
    same(2, deck.run("reconcile", account, "--period", PERIOD, "--source", path, "--statement", bank["id"]).code)


@case
def one_line_of_a_statement_is_several_deposits(directory, chance):
    simulator, deck, account = begin(directory)
    bank = live(deck, account, "Account", AccountType="Bank")[0]
    income = live(deck, account, "Account", AccountType="Income")[0]
    ids = [simulator.save(REALM, "Deposit", {
        "TxnDate": f"2026-06-1{day}", "DepositToAccountRef": {"value": bank["id"]},
        "Line": [{"Amount": amount, "DetailType": "DepositLineDetail", "DepositLineDetail": {"AccountRef": {"value": income["id"]}}}]})["Id"]
        for day, amount in ((0, 10.01), (1, 20.02), (2, 30.03), (3, 99))]
    path = os.path.join(deck.home, "bank.csv")
    with open(path, "w") as file:
        file.write("Date,Amount,Description\n2026-06-13,60.06,batch\n2026-06-28,98,other\n")
    words = ["--source", path, "--statement", bank["Name"]]
    reconcile(deck, account, 3, *words)
    name = session(deck)["session"]

    def matches():
        return [(row["state"], row["things"]) for row in deck.sql(
            "SELECT state, (SELECT count(*) FROM session_item AS item WHERE item.match = session_match.no) AS things FROM session_match")]

    (one,) = exceptions(deck, "--reason", "suggested")
    number = str(one["exception"])
    same([("1", "4")], matches())
    # To the cent: it needs no words. What is taken back stands as it stood before, whatever was said in between.
    deck.good("resolve", name, number, "--step", "reread")
    deck.good("resolve", name, number, "--step", "accept")
    deck.good("resolve", name, number, "--assign", "ruth")
    same([("2", "4")], matches())
    deck.good("resolve", name, "--undo")
    same([("2", "4")], matches())
    deck.good("resolve", name, number, "--step", "reject")
    same([("3", "0")], matches())
    deck.good("resolve", name, "--undo")
    same([("2", "4")], matches())
    # The next round knows what was said; it can be taken back all the same.
    reconcile(deck, account, 3, *words)
    same([("2", "4")], matches())
    same([], exceptions(deck, "--reason", "suggested"))
    deck.good("resolve", name, "--undo")
    reconcile(deck, account, 3, *words)
    same(1, len(exceptions(deck, "--reason", "suggested")))
    deck.good("resolve", name, number, "--step", "accept")
    # By hand: what is named is there, each once, and what differs needs a reason.
    line = str({row["ref"]: row["source_item"] for row in exceptions(deck)}["line 3"])
    deposit = str({row["ref"]: row["ledger_item"] for row in exceptions(deck)}[ids[3]])
    for wrong in (["--match", line], ["--match", line, "--match", line, "--match", deposit, "--note", "x"],
                  ["--match", line, "--match", deposit], ["--match", line, "--match", deposit, "--match", "999", "--note", "x"],
                  ["--match", line, "--match", deposit, "--note", "x", "--step", "accept"], ["1", "--undo"]):
        same(2, deck.run("resolve", name, *wrong).code, wrong)
    deck.good("resolve", name, "--match", line, "--match", deposit, "--note", "a fee of one")
    same([], exceptions(deck))
    reconcile(deck, account, 0, *words)
    same(sorted([("2", "4"), ("2", "2")]), sorted(matches()))
    # What was signed is not touched, nor is anything else on its behalf.
    deck.good("policy", account, "reviewer", "same")
    deck.good("sign", name)
    same(3, deck.run("resolve", name, "--undo").code)
    same(3, deck.run("reconcile", account, "--period", PERIOD, *words).code)


@case
def several_at_once_and_nothing_at_all(directory, chance):
    simulator, deck, account = begin(directory)
    reconcile(deck, account, 0, period="1990-01")
    processes = [deck.start("reconcile", account, "--period", PERIOD) for _ in range(3)]
    codes = sorted(process.wait(SECONDS) for process in processes)
    # Whoever comes second is told so; there is one session, of as many rounds as were kept.
    assert codes[0] == 0 and set(codes) <= {0, 3}, codes
    same([("1", str(codes.count(0)))], [(row["n"], row["rounds"]) for row in deck.sql(
        "SELECT count(*) AS n, max(rounds) AS rounds FROM session WHERE from_day > 20000")])
    deck.good("disconnect", account, "--yes")
    same(7, deck.run("reconcile", account, "--period", PERIOD).code)
    same(codes.count(0), int(deck.sql("SELECT rounds FROM session WHERE from_day > 20000")[0]["rounds"]))
    deck.good("reconcile", account, "--period", PERIOD, "--offline")


@case
def a_ledger_that_changes_while_it_is_read(directory, chance):
    simulator, deck, account = begin(directory)
    write(deck, account, [invoice("N-1", "100.00")])
    customer = live(deck, account, "Customer")[0]["id"]

    line = {"Amount": 1, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": {"ItemRef": {"value": live(deck, account, "Item", Type="Service")[0]["id"]}}}
    trouble = {"kind": "meanwhile", "call": "report", "path": "TrialBalance", "target": "invoice",
               "body": {"CustomerRef": {"value": customer}, "TxnDate": "2026-06-20", "Line": [line]}}
    # Once: it is read again, and what came meanwhile is in.
    simulator.trouble(**trouble, times=1)
    reconcile(deck, account, 3)
    same(["not-in-source"], [row["reason"] for row in exceptions(deck)])
    same([], [row for row in deck.rows("ties") if not row["equal"]])
    # All the time: nothing is tied to, and nothing of the round is kept.
    simulator.trouble(**trouble, times=100)
    result = deck.run("reconcile", account, "--period", PERIOD)
    same(3, result.code, result)
    assert "changed while it was read" in result.text, result
    same(1, len(exceptions(deck)))


@case
def a_round_that_fails_leaves_nothing(directory, chance):
    simulator, deck, account = begin(directory)
    # One that no reading of changes brings back.
    old = min(live(deck, account, "Invoice"), key=lambda row: row["TxnDate"])
    number, period = old["id"], old["TxnDate"][:7]
    reconcile(deck, account, 0, period=period)
    lose(deck, "Invoice", number)

    def kept():
        return deck.sql("SELECT rounds, read_ms, (SELECT count(*) FROM session_item) AS items, (SELECT count(*) FROM session_report) AS reports, "
                        "(SELECT count(*) FROM session_exception) AS exceptions FROM session")

    before = kept()
    for path in "TrialBalance", "GeneralLedger", "TransactionList":
        simulator.trouble(kind=chance.choice(("html", "garbage", "truncate")), call="report", path=path, times=-1)
        result = deck.run("reconcile", account, "--period", period)
        assert result.code not in (0, 3) and "cannot read the ledger's" in result.text, (path, result)
        same(before, kept(), path)
        simulator.calm()
    # A record that can't be read again ends the round, too.
    simulator.trouble(kind="html", call="query", times=-1)
    result = deck.run("reconcile", account, "--period", period)
    assert result.code not in (0, 3), result
    same(before, kept())
    simulator.calm()
    # What is only late is asked for again, and what was lost is found.
    simulator.trouble(kind="status", call="report", status=500, times=1)
    reconcile(deck, account, 0, period=period)
    same([("engine", number)], found(deck, "--all"))


@case
def reports_that_are_cut_are_read_in_parts(directory, chance):
    simulator, deck, account = begin(directory)
    write(deck, account, [invoice(f"N-{number}", "100.00", date=f"2026-06-{number + 1:02}") for number in range(20)])
    simulator.switch(report_cells=400)
    reconcile(deck, account, 0)
    same([], [row for row in deck.rows("ties") if not row["equal"]])
    # Not even one day: that is said, and nothing is tied to it.
    simulator.switch(report_cells=10)
    result = deck.run("reconcile", account, "--period", PERIOD)
    assert result.code not in (0, 3) and "more than it shows" in result.text, result


@case
def it_reconciles_by_itself(directory, chance):
    simulator, deck, account = begin(directory, reconcile__hour="0")
    bring(deck, account, [invoice("N-1", "100.00", date=time.strftime("%Y-%m-%d", time.gmtime()))])
    process = deck.start("run")
    try:
        name = f"reconcile.turn.{account}"
        await_that(lambda: deck.sql(f"SELECT value FROM meta WHERE name = '{name}'"), "the first turn is noted")
    finally:
        process.terminate()
        process.wait(60)
    same([], deck.rows("sessions"))
    with sqlite3.connect(deck.store) as file:
        file.execute("UPDATE meta SET value = '1' WHERE name = ?", (name,))
    file.close()
    process = deck.start("run")
    try:
        await_that(lambda: [row for row in deck.rows("sessions") if row["compared"]], "it was reconciled")
    finally:
        process.terminate()
        process.wait(60)
    causes = {row["cause"] for row in deck.run("attention", "--json").json()["attention"]}
    assert "differs" in causes, causes


if __name__ == "__main__":
    run_cases()
