# SPDX-License-Identifier: GPL-3.0-or-later
"""Evidence as somebody finds it who wants to break it: whatever was done to a pack is found, what was only begun is none, and
nothing that stands where a pack is to go is touched."""
import hashlib
import os
import shutil

from reconciling import Books, reconcile, session
from world import case, fill, mounted, run_cases, same


def faults(deck, pack, *words):
    """{file: what is the matter with it}; none: it is whole."""
    result = deck.run("evidence", "--verify", pack, "--json", *words)
    rows = result.json()["evidence"]
    found = {row["file"]: row["fault"] for row in rows if row["fault"]}
    same(1 if found else 0, result.code, result)
    return found


def content(pack):
    return {name: open(os.path.join(pack, name), "rb").read() for name in os.listdir(pack)}


def seal(pack, change):
    """The manifest with other lines, sealed anew."""
    path = os.path.join(pack, "MANIFEST.sha256")
    with open(path) as file:
        lines = change(file.read().splitlines()[:-1])
    text = "".join(line + "\n" for line in lines)
    with open(path, "w") as file:
        file.write(text + "# seal " + hashlib.sha256(text.encode()).hexdigest() + "\n")


def pack_of(directory, chance):
    books = Books(directory, chance)
    books.one_cent(), books.by_hand()
    reconcile(books.deck, books.account, 3)
    pack = os.path.join(directory, "pack")
    name = session(books.deck)["session"]
    books.deck.good("evidence", name, pack)
    return books, name, pack


def put(path, data):
    with open(path, "wb") as file:
        file.write(data)


@case
def whatever_was_done_to_it_is_found(directory, chance):
    books, name, whole = pack_of(directory, chance)
    deck, files = books.deck, sorted(os.listdir(whole))
    same({}, faults(deck, whole))
    others = [each for each in files if each != "MANIFEST.sha256"]
    pack = os.path.join(directory, "broken")
    one, other = chance.sample(others, 2)
    manifest = content(whole)["MANIFEST.sha256"]

    def at(name):
        return os.path.join(pack, name)

    def swap():
        os.rename(at(one), at("x"))
        os.rename(at(other), at(one))
        os.rename(at("x"), at(other))

    def linked(name):
        os.rename(at(name), os.path.join(directory, "elsewhere"))
        os.symlink(os.path.join(directory, "elsewhere"), at(name))

    def folder(name):
        os.unlink(at(name))
        os.mkdir(at(name))

    def huge():
        with open(at(one), "r+b") as file:
            file.truncate(1 << 27)

    # In their order; where a line that must be there is left out, the next one is not where it should be.
    names = [line.split("  ", 1)[1] for line in manifest.decode().splitlines() if not line.startswith("#")]
    ways = {
        "a byte more": (lambda: put(at(one), content(whole)[one] + b"\n"), {one}),
        "a byte less": (lambda: put(at(one), content(whole)[one][:-1]), {one}),
        "added": (lambda: put(at("more.csv"), b""), {"more.csv"}),
        "hidden": (lambda: put(at(".more"), b""), {".more"}),
        "a directory more": (lambda: os.mkdir(at("more")), {"more"}),
        "removed": (lambda: os.unlink(at(one)), {one}),
        "renamed": (lambda: os.rename(at(one), at("x")), {one, "x"}),
        "swapped": (swap, {one, other}),
        "a link to the same bytes": (lambda: linked(one), {one}),
        "a directory instead": (lambda: folder(one), {one}),
        "a pipe instead": (lambda: (os.unlink(at(one)), os.mkfifo(at(one))), {one}),
        "a huge file": (huge, {one}),
        "no manifest": (lambda: os.unlink(at("MANIFEST.sha256")), {"MANIFEST.sha256"}),
        "a manifest that is a link": (lambda: linked("MANIFEST.sha256"), {"MANIFEST.sha256"}),
        "a manifest that is a directory": (lambda: folder("MANIFEST.sha256"), {"MANIFEST.sha256"}),
        "an empty manifest": (lambda: put(at("MANIFEST.sha256"), b""), {"MANIFEST.sha256"}),
        "a manifest with CRLF": (lambda: put(at("MANIFEST.sha256"), manifest.replace(b"\n", b"\r\n")), {"MANIFEST.sha256"}),
        "a manifest that goes on": (lambda: put(at("MANIFEST.sha256"), manifest + b"more\n"), {"MANIFEST.sha256"}),
        "a manifest with a NUL": (lambda: put(at("MANIFEST.sha256"), manifest + b"\0"), {"MANIFEST.sha256"}),
        "two seals": (lambda: put(at("MANIFEST.sha256"), manifest + manifest.splitlines(True)[-1]), {"MANIFEST.sha256"}),
        # Sealed anew by somebody who has read how it is done: what is in it must still be as it is told.
        "a line too many": (lambda: seal(pack, lambda lines: lines + ["# and this"]), {"MANIFEST.sha256"}),
        "a line left out": (lambda: seal(pack, lambda lines: [line for line in lines if not line.endswith("  " + one)]), {one}),
        "a line twice": (lambda: seal(pack, lambda lines: lines + lines[-1:]), {names[-1]}),
        "a name that leads away": (lambda: seal(pack, lambda lines: lines + ["0" * 64 + "  ../pack/README.txt"]), {"../pack/README.txt"}),
        "a digest with other digits": (lambda: seal(pack, lambda lines: [line.upper() if line.endswith("  " + one) else line for line in lines]),
                                       {"MANIFEST.sha256", one}),
        "no word of the one before": (lambda: seal(pack, lambda lines: [line for line in lines if line != "# previous none"]),
                                      {"MANIFEST.sha256", names[0]}),
        "no head": (lambda: seal(pack, lambda lines: lines[1:]), {"MANIFEST.sha256", names[0]}),
    }
    for what, (way, wanted) in ways.items():
        shutil.copytree(whole, pack)
        way()
        same(wanted, set(faults(deck, pack)), what)
        # Nor is any of it gone on with.
        same(2, deck.run("evidence", name, pack).code, what)
        shutil.rmtree(pack)
    same(2, deck.run("evidence", "--verify", os.path.join(directory, "nowhere")).code)
    same(2, deck.run("evidence", "--verify", os.path.join(whole, "README.txt")).code)


@case
def items_tell_how_they_were_matched(directory, chance):
    books, name, pack = pack_of(directory, chance)
    rows = [line.split(",") for line in content(pack)["items.csv"].decode().splitlines()]
    head, rows = rows[0], rows[1:]
    same(["match", "pass", "score"], head[-3:])
    assert all((row[-3] != "0") == (row[-2] != "") == (row[-1] != "") for row in rows), rows
    same({"link"}, {row[-2] for row in rows if row[-2]})


@case
def packs_are_a_chain(directory, chance):
    books, name, first = pack_of(directory, chance)
    deck = books.deck
    reconcile(deck, books.account, 3, period="2026-05-01..2026-06-30")
    second, stranger = os.path.join(directory, "second"), os.path.join(directory, "stranger")
    deck.good("evidence", session(deck)["session"], second)
    same({}, faults(deck, second, "--previous", first))
    same({"MANIFEST.sha256"}, set(faults(deck, first, "--previous", second)))
    shutil.copytree(first, stranger)
    seal(stranger, lambda lines: [lines[0] + "x", *lines[1:]])
    same({"MANIFEST.sha256"}, set(faults(deck, second, "--previous", stranger)))
    # The one before is not there, or not as it was.
    put(os.path.join(stranger, "MANIFEST.sha256"), b"x")
    for gone in stranger, os.path.join(directory, "nowhere"):
        same(2, deck.run("evidence", "--verify", second, "--previous", gone).code)


@case
def what_stands_there_stays(directory, chance):
    books, name, pack = pack_of(directory, chance)
    deck, before = books.deck, content(pack)
    # The same pack where it stands already: whoever was not sure just asks again.
    deck.good("evidence", name, pack)
    same(before, content(pack))
    # Another one does not take its place, nor that of other files.
    deck.good("resolve", name, "1", "--note", "known")
    refused = deck.run("evidence", name, pack)
    same(2, refused.code, refused)
    assert "holds another pack" in refused.text, refused
    same(before, content(pack))
    other = os.path.join(directory, "other")
    os.mkdir(other)
    put(os.path.join(other, "mine"), b"mine")
    refused = deck.run("evidence", name, other)
    same(2, refused.code, refused)
    same({"mine": b"mine"}, content(other))
    assert deck.run("evidence", name, os.path.join(other, "mine")).code in (1, 2)
    # Empty is as good as new.
    os.unlink(os.path.join(other, "mine"))
    deck.good("evidence", name, other + "/")
    same({}, faults(deck, other))
    same([], [each for each in os.listdir(directory) if each.startswith(("other.", "pack."))])


@case
def a_full_disk_leaves_no_half(directory, chance):
    books, name, pack = pack_of(directory, chance)
    deck = books.deck
    with mounted(os.path.join(directory, "disk"), "-t", "tmpfs", "-o", "size=1m,mode=700", "none") as place:
        fill(place)
        os.truncate(os.path.join(place, "filler"), (1 << 20) - (1 << chance.randrange(13, 17)))
        result = deck.run("evidence", name, os.path.join(place, "pack"))
        same(1, result.code, result)
        assert "No space left" in result.text, result
        same([], [each for each in os.listdir(place) if each not in ("filler", "pack")])
        same([], os.listdir(os.path.join(place, "pack")) if os.path.exists(os.path.join(place, "pack")) else [])
        os.unlink(os.path.join(place, "filler"))
        deck.good("evidence", name, os.path.join(place, "pack"))
        same({}, faults(deck, os.path.join(place, "pack")))


if __name__ == "__main__":
    run_cases()
