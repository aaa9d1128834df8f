# SPDX-License-Identifier: GPL-3.0-or-later
"""Records as files: whoever reads them, and then every file of changes, has what the ledger has; whatever is killed,
full, in the way or changed meanwhile."""
import csv
import decimal
import json
import os
import shlex
import subprocess

from killing import Twin, count_steps, home, kill_at, moments
from lake import check_followed, follow, manifests, strays
from world import (HOOK, Deck, Simulator, await_that, case, check_sound, fill, live_a_day, mounted, refuse, run_cases, same)

COMPANY = "small,realm=1001,customers=11,invoices=11"
QUICK = {"sync.max_results": "100", "sync.workers": "2"}


class Place:
    """One company, mirrored, and where its records go."""

    def __init__(self, directory, companies=(COMPANY,)):
        self.directory = directory
        self.simulator = Simulator(directory, "--set", "limits=off", companies=companies)
        self.deck = Deck(home(directory, "home"), self.simulator.url, QUICK)
        self.account, *self.others = self.deck.begin(self.simulator, len(companies))
        self.deck.good("sync", "--all")
        self.lake = os.path.join(directory, "lake")


@case
def test_three_formats(directory, chance):
    place = Place(directory)
    truth = place.simulator.truth("1001")
    rows = {}
    for form in ("csv", "jsonl", "parquet"):
        told = place.deck.rows("export", place.account, "--format", form, "--to", os.path.join(place.lake, form), "--raw")
        assert {row["what"] for row in told} == {"full"}, told
        rows[form] = {row["type"]: row["rows"] for row in told}
        same({kind: len(records) for kind, records in truth.items()}, {kind: count for kind, count in rows[form].items() if kind in truth})
        for run in manifests(os.path.join(place.lake, form)):
            assert all(told["path"].endswith("." + form) and told["unfit"] == 0 for told in run["files"]), run
            same((place.account, "quickbooks", "local", form, None), tuple(run[name] for name in ("account", "provider", "environment", "format", "after")))
    check_followed(os.path.join(place.lake, "jsonl"), truth)
    for told in manifests(os.path.join(place.lake, "csv"))[0]["files"]:
        if told["type"] != "Invoice":
            continue
        with open(os.path.join(place.lake, "csv", told["path"]), newline="", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                record = json.loads(truth["Invoice"][row["id"]], parse_float=decimal.Decimal)
                same(decimal.Decimal(record["TotalAmt"]), decimal.Decimal(row["total_amt"]))
                same((record["TxnDate"], record["CustomerRef"]["value"], record["SyncToken"], "ADDED"),
                     (row["txn_date"], row["customer_ref_value"], row["sync_token"], row["mutationType"]))
                same(json.loads(truth["Invoice"][row["id"]]), json.loads(row["raw"]))
    for told in manifests(os.path.join(place.lake, "parquet"))[0]["files"]:
        with open(os.path.join(place.lake, "parquet", told["path"]), "rb") as file:
            content = file.read()
        assert content[:4] == b"PAR1" == content[-4:], told
    check_sound(place.deck)


@case
def test_changes(directory, chance):
    place = Place(directory)
    words = ("export", place.account, "--format", "jsonl", "--to", place.lake, "--raw", "--changes")
    # What is not there yet is written whole.
    assert {row["what"] for row in place.deck.rows(*words)} == {"full"}
    for day in range(3):
        live_a_day(place.simulator, "1001", chance)
        place.deck.good("sync", "--all")
        if day == 1:  # two days at once: one row for each record all the same
            live_a_day(place.simulator, "1001", chance)
            place.deck.good("sync", "--all")
        told = {row["type"]: row["what"] for row in place.deck.rows(*words)}
        same(("changes", "changes", "unchanged"), (told["Customer"], told["Invoice"], told["Department"]))
        check_followed(place.lake, place.simulator.truth("1001"))
    # Nothing new is no file.
    before = len(manifests(place.lake))
    same({"unchanged"}, {row["what"] for row in place.deck.rows(*words)})
    same(before, len(manifests(place.lake)))
    # Each run names the one that it follows.
    runs = manifests(place.lake)
    same([None] + [run["run"] for run in runs[:-1]], [run["after"] for run in runs])
    # All of it again, on request; and the columns of another wish are another table.
    same({"full"}, {row["what"] for row in place.deck.rows(*words[:-1])})
    same({"full"}, {row["what"] for row in place.deck.rows(*words, "--names", "path") if row["type"] != "Preferences"})
    place.deck.good("exports", "--forget", place.deck.rows("exports")[0]["id"])
    same([], place.deck.rows("exports"))
    same({"full"}, {row["what"] for row in place.deck.rows(*words)})


@case
def test_some_types(directory, chance):
    place = Place(directory)
    words = ("export", place.account, "Invoice", "Payment", "--format", "jsonl", "--to", place.lake, "--raw")
    same(["Invoice", "Payment"], sorted(row["type"] for row in place.deck.rows(*words)))
    live_a_day(place.simulator, "1001", chance)
    place.deck.good("sync", "--all")
    same("full", {row["type"]: row["what"] for row in place.deck.rows("export", place.account, "--format", "jsonl", "--to", place.lake, "--raw",
                                                                    "--changes")}["Customer"])
    check_followed(place.lake, place.simulator.truth("1001"))


@case
def test_layouts(directory, chance):
    place = Place(directory, (COMPANY, "small,realm=1002,customers=3,invoices=3"))
    # A container for each environment, a folder for each type: what users of other exporters have.
    words = ("--format", "jsonl", "--to", place.lake, "--raw", "--names", "path", "--layout", "{environment}/{type}/{kind}-{time}-{type}.{format}")
    place.deck.good("export", place.account, *words)
    assert os.path.isdir(os.path.join(place.lake, "local/Invoice")), os.listdir(place.lake)
    run, = manifests(place.lake)
    for told in run["files"]:
        stamp = run["run"][:19].replace("-", "").replace("T", "_").replace(":", "_")
        same(f"local/{told['type']}/full_sync-{stamp}-{told['type']}.jsonl", told["path"])
    with open(os.path.join(place.lake, next(told["path"] for told in run["files"] if told["type"] == "Invoice"))) as file:
        names = list(json.loads(file.readline()))
    same(("Id", "SyncToken", "MetaData.LastUpdatedTime", "raw", "mutationType"), (*names[:3], *names[-2:]))
    refuse(place.deck, 2, "writes there by the same layout", "export", place.others[0], *words)
    for layout, why in (("{type}", "needs {type} and {time}"), ("/{type}/{time}", "no slash at its start"), ("../{type}-{time}", "dot"),
                        ("{typ}/{time}", "there is no '{typ}'"), ("{type}//{time}", "not two in a row"), ("{type}\n{time}", "has letters"),
                        ("{type}/{time}.", "dot")):
        refuse(place.deck, 2, why, "export", place.account, "--format", "csv", "--to", place.lake, "--layout", layout)


@case
def test_bad_input(directory, chance):
    place = Place(directory)
    good = ("export", place.account, "--format", "parquet", "--to", place.lake)
    refuse(place.deck, 2, "--format is parquet, csv or jsonl", "export", place.account, "--format", "orc", "--to", place.lake)
    refuse(place.deck, 2, "where to", "export", place.account, "--format", "csv")
    refuse(place.deck, 2, "whose records", "export", "--format", "csv", "--to", place.lake)
    refuse(place.deck, 2, "Invoice", "export", place.account, "Invoise", "--format", "csv", "--to", place.lake)
    refuse(place.deck, 2, "no destination", "export", place.account, "--format", "csv", "--to", "ftp://host/path")
    refuse(place.deck, 2, "--names is plain", "export", place.account, "--names", "snake", "--format", "csv", "--to", place.lake)
    refuse(place.deck, 2, "--level", "export", place.account, "--level", "20", "--format", "csv", "--to", place.lake)
    refuse(place.deck, 2, "--every takes", "export", place.account, "--every", "1s", "--format", "csv", "--to", place.lake)
    refuse(place.deck, 2, "readonly", *good, "--readonly")
    refuse(place.deck, 2, "there is no export", "exports", "--stop", "feed_x")
    with open(place.lake, "w"):
        pass
    refuse(place.deck, 1, "in the way", *good)
    os.remove(place.lake)
    # A directory where a file shall stand, and a pipe where one is made.
    os.makedirs(os.path.join(place.lake, place.account, "Invoice"))
    with open(os.path.join(place.lake, place.account, "Customer"), "w"):
        pass
    refuse(place.deck, 1, "in the way", *good)
    os.remove(os.path.join(place.lake, place.account, "Customer"))
    same({"full"}, {row["what"] for row in place.deck.rows(*good)})
    same([], strays(place.lake, manifests(place.lake)))


@case
def test_full_disk(directory, chance):
    place = Place(directory)
    with mounted(place.lake, "-t", "tmpfs", "-o", "size=300k", "none"):
        fill(place.lake)
        refuse(place.deck, 1, "No space left", "export", place.account, "--format", "jsonl", "--to", place.lake, "--raw")
        same([], manifests(place.lake))
        # What is freed is enough for a part of the files, then for all.
        filler = os.path.join(place.lake, "filler")
        os.truncate(filler, os.path.getsize(filler) - 60000)
        refuse(place.deck, 1, "No space left", "export", place.account, "--format", "jsonl", "--to", place.lake, "--raw")
        same(True, place.deck.rows("exports")[0]["unfinished"])
        os.remove(filler)
        subprocess.run(["mount", "-o", "remount,size=10m", place.lake], check=True)
        place.deck.good("export", place.account, "--format", "jsonl", "--to", place.lake, "--raw", "--changes")
        check_followed(place.lake, place.simulator.truth("1001"))
        same((False, 0), tuple(place.deck.rows("exports")[0][name] for name in ("unfinished", "failures")))


def kill_everywhere(place, chance, words, truth):
    """Killed at one step after the other, each time with the same past; the lake is found under one name by all."""
    twins = Twin(place.deck)

    def to(twin):
        if os.path.lexists(place.lake):
            os.remove(place.lake)
        os.symlink(os.path.join(twin.home, "lake"), place.lake)

    straight = twins.copy()
    to(straight)
    count = count_steps(straight, *words)
    check_followed(place.lake, truth)
    died = 0
    for at, how in moments(chance, count):
        twin = twins.copy()
        to(twin)
        died += kill_at(twin, at, how, *words)
        before = manifests(place.lake)
        twin.good(*words)
        runs = manifests(place.lake)
        same(before, runs[:len(before)], "manifests that were there stay as they were")
        same(0, sum(not run["files"] for run in runs), "manifests that name nothing")
        check_followed(place.lake, truth)
        check_sound(twin)
        twins.drop(twin)
    assert died > 0, "nothing ever died"
    os.remove(place.lake)


@case
def test_killed(directory, chance):
    place = Place(directory, ("small,realm=1001,customers=3,invoices=3",))
    os.makedirs(os.path.join(place.deck.home, "lake"))
    words = ("export", place.account, "Customer", "Invoice", "Payment", "Item", "Account", "--format", "jsonl", "--to", place.lake, "--raw", "--changes")
    kill_everywhere(place, chance, words, place.simulator.truth("1001"))
    os.symlink(os.path.join(place.deck.home, "lake"), place.lake)
    place.deck.good(*words)
    live_a_day(place.simulator, "1001", chance)
    place.deck.good("sync", "--all")
    kill_everywhere(place, chance, words, place.simulator.truth("1001"))


@case
def test_restored(directory, chance):
    """A backup that is put back knows of later files nothing: what follows is whole."""
    place = Place(directory)
    words = ("export", place.account, "--format", "jsonl", "--to", place.lake, "--raw", "--changes")
    place.deck.good(*words)
    backup = os.path.join(directory, "books.db")
    place.deck.good("backup", backup)
    live_a_day(place.simulator, "1001", chance)
    place.deck.good("sync", "--all")
    place.deck.good(*words)
    place.deck.good("restore", backup, "--yes")
    place.deck.good("sync", "--all")
    same({"full"}, {row["what"] for row in place.deck.rows(*words)})
    # Of the mirror: what was deleted meanwhile it believes only when it was looked for twice, some minutes apart.
    held = {row["id"] for row in place.deck.sql("SELECT id FROM record JOIN object ON object.no = record.object WHERE type = 'Invoice' AND state <> 3")}
    same(held, set(follow(place.lake, "Invoice")))


@case
def test_every_hour(directory, chance):
    """`run` writes what has changed when it is due; what fails is tried again, and told to whoever looks for what needs him."""
    place = Place(directory)
    place.deck.good("export", place.account, *("Customer", "Invoice", "Payment", "Item", "Account"), "--format", "jsonl", "--to", place.lake, "--raw",
                    "--every", "1h")
    listed = lambda: place.deck.rows("exports")[0]
    same(("3600", "Account Customer Invoice Item Payment"), (str(listed()["every_s"]), " ".join(sorted(listed()["types"].split()))))
    live_a_day(place.simulator, "1001", chance)
    place.deck.good("sync", "--all")
    before = place.lake + "-before"
    os.rename(place.lake, before)
    with open(place.lake, "w"):
        pass

    def run_until(ahead_s, question, what):
        process = place.deck.start("run", env={**place.deck.environment(), **HOOK, "HOOK_AHEAD_S": str(ahead_s)})
        await_that(question, what)
        process.terminate()
        process.wait()

    run_until(3700, lambda: listed()["failures"] > 0, "the export fails")
    told = place.deck.run("attention", "--json")
    item = next(each for each in told.json()["attention"] if each["cause"] == "export")
    same(3, told.code)
    assert "in the way" in item["why"] and place.lake in item["what"], item
    number = next(row["id"] for row in place.deck.run("log", "--state", "failed", "--json").json()["log"] if row["job"] == "export")
    refuse(place.deck, 1, "in the way", "retry", str(number))
    os.remove(place.lake)
    os.rename(before, place.lake)
    same(0, next(row["failures"] for row in place.deck.rows("retry", str(number))))
    place.deck.good(*shlex.split(item["command"]))
    same(0, listed()["failures"])
    assert not any(each["cause"] == "export" for each in place.deck.run("attention", "--json").json()["attention"])
    live_a_day(place.simulator, "1001", chance)
    place.deck.good("sync", "--all")
    runs = len(manifests(place.lake))
    run_until(90000, lambda: len(manifests(place.lake)) > runs, "the export is written")
    check_followed(place.lake, place.simulator.truth("1001"))
    place.deck.good("exports", "--stop", listed()["id"])
    same((None, None), (listed()["every_s"], listed()["next_at"]))


if __name__ == "__main__":
    run_cases()
