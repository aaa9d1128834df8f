# SPDX-License-Identifier: GPL-3.0-or-later
"""The deck as a process: work under way when it is left, signals at any frame, keys faster than any screen, and nothing at
all when nothing happens."""
import os
import select
import signal

from pty_user import User
from world import SECONDS, Deck, Simulator, Skip, await_that, case, check_sound, run_cases, same

SANITIZED = any(name.endswith("SAN_OPTIONS") for name in os.environ)


class Place:
    def __init__(self, directory):
        self.simulator = Simulator(directory, "--set", "limits=off")
        self.deck = Deck(directory, self.simulator.url, {"sync.interval": "1d"})
        self.account, = self.deck.begin(self.simulator)
        self.deck.good("sync", "--all")

    def calls(self):
        return sum(self.simulator.counters("1001")["calls"].values())


def switches(process):
    """How often its first thread has gone to sleep."""
    with open(f"/proc/{process.pid}/status") as file:
        return int(next(line for line in file if line.startswith("voluntary")).split()[1])


def is_idle(process):
    """Waits in poll() without an end: nothing but news wakes it. The token instead of a sleep."""
    try:
        with open(f"/proc/{process.pid}/syscall") as file:
            words = file.read().split()
    except OSError as error:
        raise Skip(f"what a process waits for can't be seen here: {error}")
    if os.uname().machine != "x86_64":
        raise Skip("which call is poll() is known for x86-64 only")
    return words[0] == "7" and int(words[3], 16) & 0xffffffff == 0xffffffff


def settle(user):
    """Reads until the program is idle and nothing is left; the bytes that came."""
    before = len(user.seen)

    def settled():
        while select.select([user.master], [], [], 0)[0]:
            if not user.read(0):
                return True
        return is_idle(user.process) and not select.select([user.master], [], [], 0)[0]

    await_that(settled, "the deck settles")
    return user.seen[before:]


def begin_to_look(user):
    """Until what is mirrored is on the screen: before, a key finds nothing that it could be about."""
    await_that(lambda: user.read(0.01) and all(text in user.seen for text in (b"LIVE", b"CompanyInfo")), "the dashboard is shown")
    user.at = len(user.seen)
    settle(user)


def await_read(place, user, start):
    """In vain: what the deck shows and has done is told."""
    try:
        await_that(lambda: place.calls() > start, "it reads")
    except AssertionError as err:
        settle(user)
        log, leases = place.deck.run("log", "--json", "--limit", "40").out.decode(), place.deck.sql("SELECT * FROM lease")
        raise AssertionError(f"{err}; leases: {leases}; the log: {log}; the screen: {user.seen[-6000:]}") from None


@case
def test_reads_stop(directory, chance):
    """The ledger does not answer for ten minutes: leaving does not wait for it, and nothing is lost."""
    place = Place(directory)
    user = User(place.deck)
    begin_to_look(user)
    place.simulator.trouble(kind="delay", ms=600000, times=-1)
    start = place.calls()
    user.type(b"r")
    await_read(place, user, start)
    user.type(b"q")
    same(0, user.end())
    place.simulator.calm()
    same("[]", str(place.deck.sql("SELECT * FROM attempt WHERE took_ms < 0")), "attempts that nobody ended")
    place.deck.good("sync", "--all")
    check_sound(place.deck)


@case
def test_twice_leaves_at_once(directory, chance):
    """Both keys at once: whatever is under way then is taken up by the next start."""
    place = Place(directory)
    place.simulator.trouble(kind="delay", ms=600000, times=-1)
    for _ in range(3):
        # What the one before has left is taken up by itself.
        start = place.calls()
        user = User(place.deck)
        begin_to_look(user)
        user.type(b"r")
        await_read(place, user, start)
        user.type(b"qq")
        assert user.end() in (0, 130), "in good order, or left at once"
        assert b"\x1b[?1049l" in user.seen, "the terminal is given back"
    place.simulator.calm()
    place.deck.good("sync", "--all")
    check_sound(place.deck)


@case
def test_signals_at_any_frame(directory, chance):
    place = Place(directory)
    keys = (b"j", b"k", b"\t", b"\r", b"\x1b", b"?", b"4", b"G", b"g", b"/a\r", b":", b"\x0c", b"D", b"[", b"]", b"x", b"p")
    graceful = [signal.SIGTERM, signal.SIGHUP, signal.SIGINT]
    crashes = [] if SANITIZED else [signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGQUIT]
    for number in (graceful + crashes) * 4:
        user = User(place.deck, "--fresh")
        user.await_text(b"Accounts")
        for _ in range(chance.randrange(40)):
            user.type(chance.choice(keys))
            if chance.random() < 0.5:
                user.read(0)
        user.process.send_signal(number)
        code = user.end()
        assert code == (130 if number in graceful else -number), (number, code)
        for mode in (b"\x1b[?1049l", b"\x1b[?2004l"):
            at = user.seen.rfind(mode)
            assert at > user.seen.rfind(mode[:-1] + b"h"), f"{mode!r} is not the last word after {number!r}"
    check_sound(place.deck)


@case
def test_keys_signal(directory, chance):
    """SIGUSR2 reads the keys again; a file with a fault changes nothing and is told with its line."""
    place = Place(directory)
    path = os.path.join(directory, ".config/ledgerdeck/keys")
    user = User(place.deck)
    begin_to_look(user)
    for text, told in ((b"help F2\n", b"The keys were read again."), (b"\nhelp Entr\n", b"keys:2: 'Entr' is no key")):
        with open(path, "wb") as file:
            file.write(text)
        user.process.send_signal(signal.SIGUSR2)
        user.await_text(told)
    user.type(b"\x1bOQ")  # F2
    user.await_text(b"WHAT IT DOES")
    user.type(b"Q")
    same(0, user.end())


@case
def test_nothing_happens(directory, chance):
    """No byte and no wake-up when nothing happens, and no byte when what has happened changes nothing that is seen."""
    place = Place(directory)
    user = User(place.deck)
    begin_to_look(user)
    for _ in range(20):
        slept = switches(user.process)
        os.utime(place.deck.store + "-bell")
        await_that(lambda: switches(user.process) > slept, "it hears the bell")
        seen = settle(user)
        # A machine that is slow enough shows the sign that something is read, and takes it away again.
        if not seen:
            break
    same(b"", seen)
    user.type(b"Q")
    same(0, user.end())


@case
def test_many_keys_at_once(directory, chance):
    """Ten thousand keys settle in few frames, also where the terminal takes in a few bytes at a time."""
    place = Place(directory)
    user = User(place.deck)
    begin_to_look(user)
    user.type(b"4")
    user.await_text(b"TOOK")
    settle(user)
    before, left = len(user.seen), b"jjk" * 3333 + b"gM"
    while left:
        _, ready, _ = select.select([], [user.master], [], 0)
        if ready:
            left = left[os.write(user.master, left[:512]):]
        elif select.select([user.master], [], [], 0)[0]:
            user.seen += os.read(user.master, 32)
    user.at = before
    user.await_text(b"Nothing was said yet.")
    settle(user)
    print(f"  {len(user.seen) - before} bytes for ten thousand keys", flush=True)
    assert len(user.seen) - before < 10000 * 20, "keys that came together are one frame"
    user.type(b"Q")
    same(0, user.end())


if __name__ == "__main__":
    run_cases()
