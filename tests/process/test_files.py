# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that are not what they should be, and places where nothing can be written: each is told in a clear sentence,
what is there stays as it is, and work goes on once the cause is gone."""
import contextlib
import hashlib
import os
import re
import resource
import shutil
import sqlite3
import stat
import subprocess

from world import Deck, Simulator, Skip, case, check_mirror, check_sound, dump, fill, mounted, refuse, run_cases, same

NOBODY = 65534


def digest(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def files(folder):
    return {name: (os.path.getsize(os.path.join(folder, name)), digest(os.path.join(folder, name)))
            for name in sorted(os.listdir(folder)) if os.path.isfile(os.path.join(folder, name))}


def make(directory, name="home", **settings):
    home = os.path.join(directory, name)
    os.mkdir(home)
    return Deck(home, "http://127.0.0.1:9", settings)


def settle(path):
    """All of a database in its file."""
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")


WORK = (("status",), ("accounts",), ("sync", "--all"), ("run",), ("vault", "rotate"), ("audit",), ("vault", "init"))


@case
def test_no_vault(directory, chance):
    deck = make(directory)
    for command in WORK[:-1]:
        refuse(deck, 1, "there is no file .* begin with 'ledgerdeck vault init'", *command)
    assert not os.path.exists(os.path.dirname(deck.store)), "something was made"
    deck.good("vault", "init")
    # A file of ours, in which there is no vault.
    with contextlib.closing(sqlite3.connect(deck.store)) as database:
        database.execute("DELETE FROM meta WHERE name = 'vault.header'")
        database.commit()
    for command in (("sync", "--all"), ("vault", "status"), ("connect", "quickbooks")):
        refuse(deck, 7, "no vault yet; make one with 'ledgerdeck vault init'", *command)


@case
def test_wrong_keys(directory, chance):
    deck = make(directory)
    deck.good("vault", "init")
    before = dump(deck.store)
    key = deck.key + ".kept"
    os.rename(deck.key, key)
    refuse(deck, 7, "is not there; put it back", "vault", "rotate")
    other = make(directory, "other")
    other.good("vault", "init")
    shutil.copy(other.key, deck.key)
    refuse(deck, 7, "the key file is wrong, or the vault is damaged; nothing was changed", "vault", "rotate")
    for content, words in ((b"", "not a key file"), (b"\0" * 100, "not a key file"), (b"ledgerdeck-key-1 AAAA\n", "the key file is damaged"),
                           (b"x" * 10000, "larger|too|not a key file")):
        with open(deck.key, "wb") as file:
            file.write(content)
        os.chmod(deck.key, 0o600)
        refuse(deck, 2, words, "vault", "rotate")
    shutil.copy(key, deck.key)
    os.chmod(deck.key, 0o644)
    refuse(deck, 2, "others can use .* chmod", "vault", "rotate")
    os.remove(deck.key)
    os.mkdir(deck.key, 0o700)
    refuse(deck, 2, "not a file", "vault", "rotate")
    os.rmdir(deck.key)
    same(before, dump(deck.store), "the store")
    os.rename(key, deck.key)
    deck.good("vault", "rotate")


@case
def test_wrong_passphrases(directory, chance):
    deck = make(directory)
    deck.settings.pop("vault.key_file")
    deck.configure(vault__cost="interactive")
    refuse(deck, 2, "no passphrase was given", "vault", "init")
    refuse(deck, 2, "empty passphrase", "vault", "init", input=b"\n\n")
    refuse(deck, 2, "differ; nothing was changed", "vault", "init", input=b"one\ntwo\n")
    deck.good("vault", "init", input=b"one two\none two\n")
    before = dump(deck.store)
    for typed, words in ((b"one  two\n", "the passphrase is wrong"), (b"One two\n", "the passphrase is wrong"),
                         (b"\n", "no passphrase was given"), (b"", "nobody is there to type"), (b"\xff\n", "the passphrase is wrong")):
        refuse(deck, 7, words, "vault", "rotate", input=typed)
    same(before, dump(deck.store), "the store")
    deck.extra = {"LEDGERDECK__VAULT__PASSPHRASE": "one two"}
    refuse(deck, 2, "taken from no setting and no variable", "vault", "rotate")
    deck.extra = {}
    deck.good("vault", "rotate", input=b"one two\n")


@case
def test_foreign_files(directory, chance):
    deck = make(directory)
    path = os.path.join(directory, "other.db")
    deck.configure(store__path=path)

    def untouched(words, commands=WORK):
        before = files(directory)
        for command in commands:
            refuse(deck, 1, words, *command)
        same(before, files(directory), "what was there")

    for content in (b"x", b"plain text\n", b"SQLite format 3\0" + b"\xff" * 5000, chance.randbytes(100000), b"\0" * 40000):
        with open(path, "wb") as file:
            file.write(content)
        untouched("is not a ledgerdeck file|is damaged")
    os.remove(path)
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE theirs (a)")
        database.commit()
    untouched("is not a ledgerdeck file; it was left as it is")
    os.remove(path)
    os.mkdir(path)
    untouched("is not a file")
    os.rmdir(path)
    os.mkfifo(path)
    for command in WORK:
        refuse(deck, 1, "is not a file", *command)
    os.remove(path)
    os.symlink("nowhere", path)
    untouched("no file|cannot", WORK[:-1])


@case
def test_damaged(directory, chance):
    deck = make(directory)
    deck.good("vault", "init")
    settle(deck.store)
    whole = open(deck.store, "rb").read()
    for what, content in (("cut", whole[:len(whole) // 3]), ("pages of noise", whole[:16384] + chance.randbytes(len(whole) - 16384))):
        for name in ("-wal", "-shm"):
            with contextlib.suppress(FileNotFoundError):
                os.remove(deck.store + name)
        with open(deck.store, "wb") as file:
            file.write(content)
        for command in (("status",), ("accounts",), ("sync", "--all"), ("audit",)):
            refuse(deck, 1, "is damaged; restore a backup", *command)
        same(content[100:], open(deck.store, "rb").read()[100:], what)


@case
def test_newer(directory, chance):
    deck = make(directory)
    deck.good("vault", "init")
    with contextlib.closing(sqlite3.connect(deck.store)) as database:
        version, = database.execute("PRAGMA user_version").fetchone()
        database.execute(f"PRAGMA user_version = {version + 1}")
    settle(deck.store)
    before = digest(deck.store)
    for command in WORK:
        refuse(deck, 1, f"newer ledgerdeck .format {version + 1}, this one knows {version}.*restore an older backup", *command)
    same(before, digest(deck.store), "the store")
    with contextlib.closing(sqlite3.connect(deck.store)) as database:
        database.execute(f"PRAGMA user_version = {version}")
    deck.good("vault", "rotate")


def make_older(path):
    """The same vault in a file as the first formats had it."""
    with contextlib.closing(sqlite3.connect(path)) as database:
        kept = {table: database.execute(f"SELECT * FROM {table}").fetchall() for table in ("meta", "audit")}
    for end in ("", "-wal", "-shm", "-bell"):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path + end)
    source = open(os.path.join(os.path.dirname(__file__), "..", "..", "src", "store", "schema.c"), encoding="utf-8").read()
    first = source[source.index("/* 1: "):source.index("/* 3: ")]
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.executescript("".join(re.findall(r'^\t"(.*?)",?$', first, re.M)))
        database.execute("DELETE FROM meta")
        for table, rows in kept.items():
            database.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)
        database.execute("PRAGMA application_id = 0x4c44434b")
        database.execute("PRAGMA user_version = 2")
        database.commit()
    os.chmod(path, 0o600)


@case
def test_older(directory, chance):
    """Whatever command comes first after the program was renewed brings the file up to date; what it was stays beside it."""
    for number, command in enumerate((("vault", "status"), ("status",), ("audit",), ("vault", "rotate"), ("accounts",))):
        deck = make(directory, f"older{number}")
        deck.good("vault", "init")
        make_older(deck.store)
        refuse(deck, 1, "of an older ledgerdeck; any command without --readonly brings it up to date", "status", "--readonly")
        deck.good(*command)
        deck.good("status", "--readonly")
        assert os.path.exists(deck.store + "-format-2"), "the older one was kept"
        check_sound(deck)


@case
def test_locked(directory, chance):
    """Somebody writes and does not end: what writes waits as long as is set, what reads does not wait at all."""
    deck = make(directory, **{"store.busy": "1s"})
    deck.good("vault", "init")
    with contextlib.closing(sqlite3.connect(deck.store, isolation_level=None)) as database:
        database.execute("BEGIN IMMEDIATE")
        for command in (("vault", "rotate"), ("vault", "passwd", "--key-file", os.path.join(directory, "new.key"))):
            refuse(deck, 1, "is being written by another process; try again", *command)
        deck.good("status")
        deck.good("audit", "--verify")
        database.execute("ROLLBACK")
    deck.good("vault", "rotate")


# ---- no room, no permission


@case
def test_full_disk(directory, chance):
    """While nothing can be written, and in the middle of a first sync; with room again it goes on as if nothing had been."""
    simulator = Simulator(directory, "--set", "limits=off")
    with mounted(os.path.join(directory, "disk"), "-t", "tmpfs", "-o", "size=32m,mode=700", "none") as place:
        deck = Deck(directory, simulator.url, {"store.path": os.path.join(place, "books.db"), "sync.tries": "1",
                                                "store.reserve": "0"})
        account, = deck.begin(simulator)
        fill(place)
        refuse(deck, 1, "disk .* is full; nothing was lost, free some space", "vault", "rotate")
        result = deck.run("sync", "--all")
        print(f"  sync: exit {result.code}: {result.text.splitlines()[-1]}", flush=True)
        assert result.code in (1, 4) and b"is full" in result.out + result.err, result
        assert deck.run("status").code in (0, 1), "what only reads needs a file beside the store, too"
        second = os.path.join(place, "second.db")
        refuse(deck, 1, "full|No space", "vault", "init", "--store", second)
        os.remove(os.path.join(place, "filler"))
        deck.good("sync", "--all")
        deck.good("vault", "init", "--store", second)
        check_mirror(deck, account, simulator.truth("1001"), range(5))
        check_sound(deck)


@case
def test_reserve(directory, chance):
    """Reading stops before the disk is full, so that renewed tokens can be kept: those are still renewed."""
    simulator = Simulator(directory, "--set", "limits=off")
    with mounted(os.path.join(directory, "disk"), "-t", "tmpfs", "-o", "size=32m,mode=700", "none") as place:
        deck = Deck(directory, simulator.url, {"store.path": os.path.join(place, "books.db"), "sync.tries": "1"})
        account, = deck.begin(simulator)
        result = deck.run("sync", "--all")
        assert result.code == 1 and b"MB are left on the disk" in result.out and b"make room" in result.out, result
        deck.good("refresh", "--all")
        deck.good("--set", "store.reserve=1M", "sync", "--all")
        check_mirror(deck, account, simulator.truth("1001"), range(5))
        check_sound(deck)


@case
def test_file_size_limit(directory, chance):
    """The same without a disk of its own: the system refuses to let files grow."""
    simulator = Simulator(directory, "--set", "limits=off")
    deck = Deck(directory, simulator.url, {"sync.tries": "1"})
    account, = deck.begin(simulator)
    size = os.path.getsize(deck.store)
    for more in (0, 100000):  # less and more than the files beside the store take
        small = {"preexec_fn": lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size + more,) * 2)}
        result = deck.run("sync", "--all", **small)
        print(f"  sync: exit {result.code}: {result.text.splitlines()[-1]}", flush=True)
        assert result.code in (1, 4), result
    refuse(deck, 1, "large|full|written|[Ww]rite", "vault", "init", "--store", directory + "/x/new.db",
           preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (20000, 20000)))
    deck.good("sync", "--all")
    check_mirror(deck, account, simulator.truth("1001"), range(5))
    check_sound(deck)


@case
def test_read_only_file_system(directory, chance):
    deck = make(directory)
    deck.good("vault", "init")
    folder = os.path.dirname(deck.store)
    before = files(folder)
    with mounted(folder, "--bind", folder):
        if subprocess.run(["mount", "-o", "remount,ro,bind", folder], capture_output=True).returncode:
            raise Skip("a mount can't be made read-only here")
        refuse(deck, 1, "cannot be (written|opened)|Read-only", "vault", "rotate")
        refuse(deck, 1, "Read-only file system", "vault", "init", "--store", os.path.join(folder, "new.db"))
    assert set(files(folder)) == set(before), "files came or went"
    deck.good("vault", "rotate")


@case
def test_no_permission(directory, chance):
    """As somebody who may not: root may all."""
    if os.getuid() != 0:
        raise Skip("becoming somebody else needs root")
    os.chmod(directory, 0o755)
    deck = make(directory)
    deck.good("vault", "init")
    shutil.move(deck.store, directory + "/books.db")
    deck.configure(store__path=directory + "/books.db")
    for path in (deck.home, directory + "/books.db", deck.key):
        os.chown(path, NOBODY, NOBODY)
    somebody = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
    try:
        deck.run("version", **somebody)
    except PermissionError:
        raise Skip("becoming somebody else is not possible here")
    if deck.run("version", **somebody).code != 0:
        raise Skip("the program can't be read by others here")
    before = digest(directory + "/books.db")
    # The file is his, its directory is not.
    refuse(deck, 1, "belongs to somebody else", "vault", "rotate", **somebody)
    refuse(deck, 1, "belongs to somebody else", "vault", "init", "--store", directory + "/new.db", **somebody)
    os.chown(directory + "/books.db", 0, 0)
    for command in (("status",), ("sync", "--all")):
        refuse(deck, 1, "cannot be opened; check its permissions|belongs to somebody else", *command, **somebody)
    os.chown(deck.key, 0, 0)
    same(before, digest(directory + "/books.db"), "the store")
    same(0o600, stat.S_IMODE(os.stat(directory + "/books.db").st_mode))


# ---- where results go


@case
def test_no_way_out(directory, chance):
    """A disk that is full, and no standard output at all, look like no success."""
    deck = make(directory)
    deck.good("vault", "init")
    if os.path.exists("/dev/full"):
        for command in (("settings",), ("types", "--json"), ("types", "--csv"), ("audit",), ("help",)):
            with open("/dev/full", "wb") as full:
                result = deck.run(*command, stdout=full)
            print(f"  {command}: exit {result.code}: {result.text.strip()}", flush=True)
            same(1, result.code, result)
            assert "cannot write to standard output: No space left" in result.text, result
    for command in (("settings",), ("types", "--json"), ("vault", "rotate")):
        before = files(os.path.dirname(deck.store))
        result = deck.run(*command, stdout=None, preexec_fn=lambda: os.close(1))
        print(f"  {command} >&-: exit {result.code}: {result.text.strip()}", flush=True)
        same(1, result.code, result)
        assert "cannot write to standard output" in result.text, result
        if command[0] != "vault":
            same(before, files(os.path.dirname(deck.store)), "nothing was written into the store in its place")
    # Not even an error can be told; the store must not get it.
    result = deck.run("no-such-command", stdout=None, stderr=None, preexec_fn=lambda: os.closerange(0, 3))
    same(2, result.code, result)
    check_sound(deck)
    # Closed before a store is opened: its file must not become standard output, and get a table written into it.
    for closed in ((0,), (1,), (2,), (0, 1, 2)):
        for command in (("vault", "rotate"), ("audit", "--json"), ("status",)):
            process = deck.start(*command, stdin=None, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                 preexec_fn=lambda closed=closed: [os.close(fd) for fd in closed])
            code = process.wait()
            same(1 if 1 in closed and command != ("status",) else 0, code, f"{command} without {closed}")
        check_sound(deck)


if __name__ == "__main__":
    run_cases()
