# SPDX-License-Identifier: GPL-3.0-or-later
"""Parquet files as DuckDB, arrow-rs and hyparquet read them (tests/lake/read.mjs): made by chance, and of a company."""
import json
import os
import shutil
import subprocess

from killing import home
from world import SECONDS, SOAK, Deck, Simulator, Skip, case, live_a_day, run_cases, same

BUILD = os.path.dirname(os.environ["LEDGERDECK_PROGRAM"])
SOURCE = os.environ["SOURCE_DIR"]
WRITER = os.path.join(BUILD, "tests/lake/write-rows")
READERS = os.path.join(BUILD, "readers")


def read(*words):
    if not shutil.which("node"):
        raise Skip("there is no node")
    if not os.path.isdir(os.path.join(READERS, "node_modules")):
        raise Skip("there are no readers: scripts/readers installs them")
    done = subprocess.run(["node", os.path.join(SOURCE, "tests/lake/read.mjs"), READERS, *words], capture_output=True, timeout=SECONDS)
    assert done.returncode == 0, f"{words}: {done.stderr.decode()}"
    return json.loads(done.stdout)


def write(path, form, seed, rows, columns, level):
    with open(path, "wb") as file:
        subprocess.run([WRITER, str(seed), str(rows), str(columns), form, str(level)], stdout=file, check=True, timeout=SECONDS)


@case
def test_rows_by_chance(directory, chance):
    """Nulls, empty texts, characters of four bytes, the widest numbers; no row, one, a group, one more; many columns."""
    shapes = [(0, 35, 3), (1, 35, 3), (7, 35, 0), (1000, 35, 1), (chance.randrange(2, 9000), 35, 19), (200, 200, 3)]
    shapes += [(100000, 7, 3), (100001, 7, 1), (100000, 35, 3)] if SOAK else [chance.choice([(100000, 7, 3), (100001, 7, 3)])]
    for rows, columns, level in shapes:
        seed = chance.randrange(1 << 30)
        parquet, table = os.path.join(directory, "made.parquet"), os.path.join(directory, "made.csv")
        write(parquet, "parquet", seed, rows, columns, level)
        write(table, "csv", seed, rows, columns, level)
        found = read("compare", parquet, table)
        print(f"seed {seed}: {rows} rows, {columns} columns, level {level}: {os.path.getsize(parquet)} bytes, {found['comparisons']} comparisons", flush=True)
        same((rows, -(-rows // 100000)), (found["rows"], found["groups"]))
        same(["seed=as given", "source=made by chance"], sorted(found["notes"]))
        same(["BIGINT", "BOOLEAN", "DATE", "DECIMAL(18,4)", "DECIMAL(38,10)", "TIMESTAMP WITH TIME ZONE", "VARCHAR"], found["types"])
        same(["Bool", "Date32<DAY>", "Decimal[18e+4]", "Decimal[38e+10]", "Int64", "Timestamp<MICROSECOND, UTC>", "Utf8"], found["arrow"])


def paths(lake, kind, form):
    return sorted(os.path.join(path, name) for path, _, names in os.walk(lake) for name in names if name.endswith(f"-{kind}.{form}"))


@case
def test_a_company(directory, chance):
    """All types of a mirrored company, whole and changed: the same rows as in CSV; and the guide's query gives what there is now."""
    simulator = Simulator(directory, "--set", "limits=off", companies=("small,realm=1001",))
    deck = Deck(home(directory, "home"), simulator.url)
    account, = deck.begin(simulator)
    deck.good("sync", "--all")
    lake = os.path.join(directory, "lake")
    for day in range(2):
        for form in "parquet", "csv":
            told = deck.rows("export", account, "--format", form, "--to", os.path.join(lake, form), "--changes", "--raw")
        live_a_day(simulator, "1001", chance)
        deck.good("sync", "--all")
    kinds = [row["type"] for row in told] if SOAK else ["Invoice", "Customer", "Account", "Preferences"]
    for kind in kinds:
        pairs = list(zip(paths(lake, kind, "parquet"), paths(lake, kind, "csv")))
        assert pairs, kind
        for parquet, table in pairs:
            found = read("compare", parquet, table)
            assert f"ledgerdeck.type={kind}" in found["notes"] and f"ledgerdeck.account={account}" in found["notes"], found
    deck.good("export", account, "--format", "parquet", "--to", os.path.join(lake, "parquet"), "--changes", "--raw")
    with open(os.path.join(SOURCE, "docs/guide/lake.md"), encoding="utf-8") as file:
        view = file.read().split("## DuckDB", 1)[1].split("CREATE VIEW", 1)[1].split(";", 1)[0]
    view = "CREATE VIEW" + view.replace("/srv/lake", os.path.join(lake, "parquet"))
    truth = {id: json.loads(record) for id, record in simulator.truth("1001")["Invoice"].items()}
    rows = read("query", view, "SELECT id, CAST(total_amt AS DOUBLE) AS total, sync_token FROM invoice ORDER BY id")
    same({id: (float(record["TotalAmt"]), int(record["SyncToken"])) for id, record in truth.items()},
         {row["id"]: (row["total"], int(row["sync_token"])) for row in rows})


if __name__ == "__main__":
    run_cases()
