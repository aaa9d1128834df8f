# SPDX-License-Identifier: GPL-3.0-or-later
"""How a program is killed at a chosen step (tests/process/hook.c), and homes that have the same past before it."""
import os
import shutil
import signal
import tempfile

from world import HOOK, SHORT_S, SOAK_S, Deck, as_time_lets

HOW = ("before", "half", "after")


def moments(chance, count):
    """Steps from 1 to `count` with a way to die at each, in an order of chance; all of them in a soak, if time suffices."""
    return as_time_lets(chance, [(at, how) for at in range(1, count + 1) for how in HOW], 3, "instants")


def deadly(deck, at=0, how="before", **more):
    return {**deck.environment(), **HOOK, "HOOK_DIE_AT": str(at), "HOOK_DIE_HOW": how, **more}


def count_steps(deck, *words, codes=(0,), **options):
    """How many steps it takes when nobody dies."""
    path = os.path.join(deck.home, "steps")
    result = deck.run(*words, env=deadly(deck, HOOK_STEPS_FILE=path), **options)
    assert result.code in codes, f"{words}: {result}"
    with open(path) as file:
        count = int(file.read())
    assert count > 5, f"{words}: {count} steps: nothing was counted"
    return count


def kill_at(deck, at, how, *words, codes=(0,), **options):
    """True when it died; near the end there may be fewer steps than were counted."""
    result = deck.run(*words, env=deadly(deck, at, how), **options)
    assert result.code in (-signal.SIGKILL, *codes), f"step {at}, {how}: {result}"
    return result.code == -signal.SIGKILL


class Twin:
    """A home and copies of it, each with the same past."""

    def __init__(self, deck):
        self.deck = deck

    def copy(self):
        place = tempfile.mkdtemp(prefix="twin-", dir=os.path.dirname(self.deck.home))
        shutil.copytree(self.deck.home, place, dirs_exist_ok=True)
        twin = Deck(place, "", self.deck.settings)
        twin.extra = self.deck.extra
        return twin

    @staticmethod
    def drop(twin):
        shutil.rmtree(twin.home)


def home(directory, name):
    path = os.path.join(directory, name)
    os.mkdir(path)
    return path
