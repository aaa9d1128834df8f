# SPDX-License-Identifier: GPL-3.0-or-later
"""A reader of exported files who goes by manifests: what he has in the end is what the ledger has."""
import hashlib
import json
import os

from world import id_of, same


def manifests(lake):
    """All runs that came to their end, in their order, each file as it was told."""
    found = []
    for path, _, names in sorted(os.walk(lake)):
        for name in names:
            if name.startswith("manifest-"):
                with open(os.path.join(path, name)) as file:
                    found.append(json.load(file))
    found.sort(key=lambda each: each["run"])
    for manifest in found:
        for told in manifest["files"]:
            with open(os.path.join(lake, told["path"]), "rb") as file:
                content = file.read()
            same(told["bytes"], len(content), told["path"])
            same(told["sha256"], hashlib.sha256(content).hexdigest(), told["path"])
    return found


def strays(lake, runs):
    """Files that no manifest names."""
    named = {told["path"] for run in runs for told in run["files"]}
    return sorted(os.path.relpath(os.path.join(path, name), lake) for path, _, names in os.walk(lake) for name in names
                  if not name.startswith("manifest-") and os.path.relpath(os.path.join(path, name), lake) not in named)


def follow(lake, kind, runs=None):
    """{id: the record} that a reader of JSON Lines has in the end; each file is taken once, in order."""
    held = {}
    for run in runs or manifests(lake):
        for told in run["files"]:
            if told["type"] != kind:
                continue
            if told["kind"] == "full_sync":
                held = {}
            with open(os.path.join(lake, told["path"]), encoding="utf-8") as file:
                rows = [json.loads(line) for line in file]
            same(told["rows"], len(rows), told["path"])
            same(len(rows), len({row["id"] for row in rows}), f"{told['path']}: one row for each record")
            for row in rows:
                assert list(row)[-1] == "mutationType", row
                if row["mutationType"] == "DELETED":
                    assert held.pop(row["id"], None) is not None, f"{told['path']}: {row['id']} goes, and never was"
                    assert all(value is None for name, value in row.items() if name not in ("id", "mutationType")), row
                else:
                    same(row["mutationType"] == "UPDATED", row["id"] in held, f"{told['path']}: {row}")
                    held[row["id"]] = row["raw"]
    return held


def check_followed(lake, truth):
    runs = manifests(lake)
    for kind in ("Customer", "Invoice", "Payment", "Item", "Account"):
        wanted = {id_of(record): record for record in map(json.loads, truth[kind].values())}
        held = follow(lake, kind, runs)
        same(set(wanted), set(held), kind)
        for id, record in wanted.items():
            same(record, held[id], f"{kind} {id}")
    same([], strays(lake, runs), "files that no manifest names")
