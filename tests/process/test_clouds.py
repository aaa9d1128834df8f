# SPDX-License-Identifier: GPL-3.0-or-later
"""Exports to Azure Blob Storage and S3, against servers of other houses: the same bytes as in a directory, in whatever way it goes."""
import os

from clouds import S3, Azure
from killing import Twin, count_steps, home, kill_at, moments
from lake import manifests, strays
from world import HOOK, Deck, Simulator, case, check_sound, live_a_day, refuse, run_cases, same

TYPES = ("Customer", "Invoice", "Payment", "Item")


class Place:
    def __init__(self, directory, company="small,realm=1001,customers=8,invoices=8"):
        self.simulator = Simulator(directory, "--set", "limits=off", companies=(company,))
        self.deck = Deck(home(directory, "home"), self.simulator.url, {"sync.max_results": "1000"})
        self.account, = self.deck.begin(self.simulator)
        self.deck.good("sync", "--all")


def give_key(deck, cloud, owner, text, *words):
    deck.good("destinations", "--key", owner, "--endpoint", cloud.endpoint, *words, input=text.encode())


def clouds(directory):
    azure = Azure(directory)
    azure.make("lake")
    yield "Azure", azure, "az://devstoreaccount1/lake/in here", "az://devstoreaccount1", azure.key + "\n", lambda: azure.files("lake")
    s3 = S3(directory, "acme")
    yield "S3", s3, "s3://acme/in here", "s3://acme", f"{s3.key_id}\n{s3.key}\n", lambda: s3.files("acme")


def download(files, to):
    """What is there, as files of a directory."""
    for name, content in files.items():
        prefix, _, below = name.partition("/")
        same("in here", prefix)
        path = os.path.join(to, below)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(content)
    return manifests(to)


@case
def test_the_same_as_in_a_directory(directory, chance):
    place = Place(directory)
    for word, cloud, to, owner, key, files in clouds(directory):
        refuse(place.deck, 7, f"destinations --key {owner}", "export", place.account, "--format", "jsonl", "--to", to)
        give_key(place.deck, cloud, owner, key)
        same(True, next(row["key"] for row in place.deck.rows("destinations") if row["destination"] == owner))
        for day in range(2):
            place.deck.good("export", place.account, *TYPES, "--format", "jsonl", "--to", to, "--raw", "--changes")
            if day == 0:
                live_a_day(place.simulator, "1001", chance)
                place.deck.good("sync", "--all")
        copy = os.path.join(directory, word)
        runs = download(files(), copy)
        same(2, len(runs))
        same([], strays(copy, runs))
        same({"full_sync"}, {told["kind"] for told in runs[0]["files"]})
        same({"sync_changes"}, {told["kind"] for told in runs[1]["files"]})
        # Nothing is left on its way.
        same([], os.listdir(place.deck.store + "-spools"))
        # The key is nowhere but sealed.
        with open(place.deck.store, "rb") as file:
            assert key.strip().splitlines()[-1].encode() not in file.read() or word == "S3", "the key is in the store"


@case
def test_large_files_go_in_parts(directory, chance):
    place = Place(directory, "small,realm=1001,customers=40,invoices=9000")
    here = os.path.join(directory, "here")
    words = ("export", place.account, "Invoice", "--format", "parquet", "--raw", "--level", "0")
    place.deck.good(*words, "--to", here)
    wanted, = (told for told in manifests(here)[0]["files"])
    assert wanted["bytes"] > 9 << 20, f"{wanted['bytes']} bytes are no more than one part"
    for word, cloud, to, owner, key, files in clouds(directory):
        give_key(place.deck, cloud, owner, key)
        place.deck.good(*words, "--to", to)
        copy = os.path.join(directory, word)
        told, = download(files(), copy)[0]["files"]
        same((wanted["sha256"], wanted["bytes"]), (told["sha256"], told["bytes"]))


@case
def test_a_bad_line(directory, chance):
    """Every fifth request is lost, refused for now, or carried out and not answered: the parts are sent again, and it comes out whole."""
    place = Place(directory, "small,realm=1001,customers=40,invoices=7000")
    s3 = S3(directory, "acme", trouble=5)
    give_key(place.deck, s3, "s3://acme", f"{s3.key_id}\n{s3.key}\n")
    words = ("export", place.account, "Invoice", *TYPES, "--format", "parquet", "--raw", "--level", "0", "--to", "s3://acme/in here")
    place.deck.good(*words)
    copy = os.path.join(directory, "copy")
    run, = download(s3.files("acme"), copy)
    same(sorted(TYPES), sorted(told["type"] for told in run["files"]))
    same([], strays(copy, [run]))


@case
def test_a_token_of_azure(directory, chance):
    """A SAS that may write does; one that may only read is refused, and told nowhere."""
    place = Place(directory)
    azure = Azure(directory)
    azure.make("lake")
    words = ("export", place.account, *TYPES, "--format", "csv", "--to", "az://devstoreaccount1/lake/in here", "--changes")
    give_key(place.deck, azure, "az://devstoreaccount1", azure.sas("lake", "r") + "\n")
    line = refuse(place.deck, 7, "403 Authorization", *words)
    assert "sig" not in line, line
    give_key(place.deck, azure, "az://devstoreaccount1", "?" + azure.sas("lake", "rcw") + "\n")
    result = place.deck.good(*words)
    assert b"sig=" not in result.out + result.err, result
    assert not any("sig=" in str(row) for row in place.deck.sql("SELECT detail, error_text FROM attempt"))
    same(1, len(download(azure.files("lake"), os.path.join(directory, "copy"))))


@case
def test_troubles(directory, chance):
    """Told with what to do, and gone on with under the same names once it is mended."""
    place = Place(directory)
    for word, cloud, to, owner, key, files in clouds(directory):
        words = ("export", place.account, *TYPES, "--format", "csv", "--to", to, "--changes")
        give_key(place.deck, cloud, owner, key)
        nowhere = owner + "/nosuch" if word == "Azure" else "s3://nosuch"
        if word == "S3":
            give_key(place.deck, cloud, "s3://nosuch", key)
        refuse(place.deck, 1, "ContainerNotFound|NoSuchBucket", *words[:-2], nowhere)
        give_key(place.deck, cloud, owner, "d3Jvbmc=\n" if word == "Azure" else f"{cloud.key_id}\nwrong\n")
        refuse(place.deck, 7, r"403 (AuthorizationFailure|SignatureDoesNotMatch)", *words)
        if word == "S3":
            give_key(place.deck, cloud, owner, f"unknown\n{cloud.key}\n")
            refuse(place.deck, 7, r"\(403\)|InvalidAccessKeyId", *words)
            give_key(place.deck, cloud, owner, key)
            fresh = ("export", place.account, *TYPES, "--format", "jsonl", "--to", "s3://acme/late")
            refuse(place.deck, 7, "RequestTimeTooSkewed.*clock", *fresh, env={**place.deck.environment(), **HOOK, "HOOK_AHEAD_S": "3600"})
        give_key(place.deck, cloud, owner, key)
        cloud.stop()
        refuse(place.deck, 1, "refused the connection|503|ServiceUnavailable", *words)
        row = next(row for row in place.deck.rows("exports") if row["destination"] == to)
        same(True, row["unfinished"])
        assert row["error"] in ("network", "remote"), row
        cloud.run()
        place.deck.good(*words)
        copy = os.path.join(directory, word)
        run, = download(files(), copy)
        same([], strays(copy, [run]))
        place.deck.good("destinations", "--forget", owner)
        refuse(place.deck, 7, "no key is known", *words[:-1])
    refuse(place.deck, 2, "names no container", "export", place.account, "--format", "csv", "--to", "az://acme")
    refuse(place.deck, 2, "needs no key", "destinations", "--key", "/srv/lake")
    refuse(place.deck, 2, "no account key of Azure", "destinations", "--key", "az://acme", input=b"!!\n")
    refuse(place.deck, 2, "--endpoint is an address", "destinations", "--key", "az://acme", "--endpoint", "nonsense", input=b"Zm9v\n")


@case
def test_killed(directory, chance):
    place = Place(directory)
    for word, cloud, to, owner, key, files in clouds(directory):
        give_key(place.deck, cloud, owner, key)
        twins = Twin(place.deck)
        straight = twins.copy()
        place_of = {"Azure": "az://devstoreaccount1/lake/", "S3": "s3://acme/"}[word]
        # A prefix for each, since they share the server.
        words = lambda prefix: ("export", place.account, *TYPES, "--format", "csv", "--to", place_of + prefix, "--changes")
        count, died = count_steps(straight, *words("straight")), 0
        for number, (at, how) in enumerate(moments(chance, count)):
            twin, prefix = twins.copy(), f"t{number}"
            died += kill_at(twin, at, how, *words(prefix))
            twin.good(*words(prefix))
            copy = os.path.join(directory, f"{word}-{number}")
            mine = {name.replace(prefix + "/", "in here/", 1): content for name, content in files().items() if name.startswith(prefix + "/")}
            runs = download(mine, copy)
            same(1, len(runs))
            same([], strays(copy, runs))
            same(set(TYPES), {told["type"] for told in runs[0]["files"]})
            check_sound(twin)
            twins.drop(twin)
        assert died > 0, "nothing ever died"


if __name__ == "__main__":
    run_cases()
