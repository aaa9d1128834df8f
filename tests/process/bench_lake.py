# SPDX-License-Identifier: GPL-3.0-or-later
"""Writing a table beside others that write the same: DuckDB into Parquet, sqlite3 as CSV. And how much memory many rows take.

usage: bench_lake.py BUILD [ROWS]"""
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile

build, rows = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1000000
here = os.path.dirname(os.path.abspath(__file__))


def lake(count, *words):
    out = subprocess.run([os.path.join(build, "tests/bench/bench-lake"), str(count), *words], check=True, capture_output=True, text=True).stdout
    return out, {found[1]: tuple(int(each) for each in found.groups()[1:]) for found in
                 re.finditer(r"lake (\w+) +(\d+) rows +(\d+) bytes +(\d+) us .* at most (\d+) MB", out)}


def duckdb(directory, ours):
    readers = os.path.join(build, "readers")
    if not shutil.which("node") or not os.path.isdir(os.path.join(readers, "node_modules")):
        print("DuckDB is not there: scripts/readers installs it")
        return
    out = subprocess.run(["node", os.path.join(here, "../lake/bench.mjs"), readers, directory], check=True, capture_output=True, text=True).stdout
    spent = int(re.search(r"bytes (\d+) us", out)[1])
    print(out, end="")
    print(f"rows a second beside DuckDB's: {spent / ours[2]:.2f} (goal: 0.7)")


def sqlite(directory, ours):
    if not shutil.which("sqlite3"):
        print("sqlite3 is not there")
        return
    store, table = os.path.join(directory, "bench.db"), os.path.join(directory, "bench.csv")
    subprocess.run(["sqlite3", store, ".mode csv", f".import {table} t"], check=True)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with open(os.devnull, "wb") as nowhere:
        subprocess.run(["sqlite3", "-csv", store, "SELECT * FROM t"], stdout=nowhere, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(f"sqlite3 dumps the same as CSV: {spent * 1e6:.0f} us; Parquet beside it: {ours['parquet'][2] / 1e6 / spent:.2f} of its time, CSV {ours['csv'][2] / 1e6 / spent:.2f}")


with tempfile.TemporaryDirectory() as directory:
    out, ours = lake(rows, directory)
    print(out, end="")
    duckdb(directory, ours["parquet"])
    sqlite(directory, ours)
for count in (10000, 10000000):
    print(f"{count} rows: resident at most {lake(count)[1]['parquet'][3]} MB")
