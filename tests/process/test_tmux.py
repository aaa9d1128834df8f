# SPDX-License-Identifier: GPL-3.0-or-later
"""The deck inside tmux, with a shell around it: paste, resize, suspend a hundred times, and the way to the clipboard."""
import functools
import os
import shutil
import subprocess

from world import PROGRAM, SECONDS, Deck, Simulator, Skip, await_that, case, run_cases, same


class Tmux:
    def __init__(self, deck):
        if not shutil.which("tmux") or not shutil.which("bash"):
            raise Skip("no tmux, or no bash")
        self.socket = os.path.join(deck.home, "tmux")
        self.environment = {**deck.environment(), "TERM": "xterm-256color", "LC_ALL": "C.UTF-8"}
        start = os.path.join(deck.home, "bashrc")
        with open(start, "w") as file:
            file.write("PS1='shell> '\n")
        self.asked = 0
        self.run("new-session", "-d", "-x", "80", "-y", "24", f"bash --rcfile {start} -i")
        try:
            await_that(lambda: "shell>" in self.screen(), "a shell")
        except AssertionError:
            self.end()
            raise

    def run(self, *words, input=None):
        done = subprocess.run(["tmux", "-S", self.socket, "-f", "/dev/null", *words], env=self.environment, input=input, check=True,
                              timeout=SECONDS, stdout=subprocess.PIPE)
        return done.stdout.decode()

    def keys(self, *keys):
        self.run("send-keys", *keys)

    def screen(self):
        return self.run("capture-pane", "-p")

    def state(self, name):
        return self.run("display-message", "-p", "#{" + name + "}").strip()

    def await_shown(self, text):
        try:
            await_that(lambda: text in self.screen(), text)
        except AssertionError:
            raise AssertionError(f"{text!r} is not on the screen:\n{self.screen()}")

    def open(self, *words):
        self.keys("-l", " ".join([PROGRAM, *words]))
        self.keys("Enter")
        self.await_shown("dashboard")
        self.await_shown("Accounts 1")

    def end(self):
        self.run("kill-server")


class Place:
    def __init__(self, directory):
        simulator = Simulator(directory, "--set", "limits=off")
        self.deck = Deck(directory, simulator.url, {"sync.interval": "1d"})
        self.account, = self.deck.begin(simulator)
        self.tmux = Tmux(self.deck)


def inside(function):
    """A case with a tmux of its own, which ends with it however it ends."""

    @functools.wraps(function)
    def run(directory, chance):
        place = Place(directory)
        try:
            function(place, place.tmux, chance)
        finally:
            place.tmux.end()

    return case(run)


def expect_shell(tmux):
    """The terminal is the shell's again, with nothing left on.

    What the shell shows begins on an empty screen: where its prompt stands after tmux has wrapped its lines anew for each size in
    between is between the two."""
    await_that(lambda: tmux.state("alternate_on") == "0", "the first screen is back")
    same("0", tmux.state("mouse_any_flag"), "mouse")
    tmux.asked += 1
    tmux.keys("-l", f"printf '\\33[H\\33[2J'; stty -a | tr ' ' '\\n' | grep -cx -e icanon -e echo; echo over {tmux.asked}")
    tmux.keys("Enter")
    tmux.await_shown(f"\nover {tmux.asked}\nshell>")
    assert tmux.screen().startswith(f"2\nover {tmux.asked}\n"), tmux.screen()


@inside
def test_paste(place, tmux, chance):
    tmux.open("--readonly")
    tmux.run("load-buffer", "-", input=b"QDq\nDD")
    tmux.run("paste-buffer", "-p")
    tmux.await_shown("not run as keys")
    tmux.keys(":")
    tmux.run("load-buffer", "-", input=b"types\nInvoice")
    tmux.run("paste-buffer", "-p")
    tmux.await_shown(":types")
    tmux.keys("C-c", "Q")
    expect_shell(tmux)


@inside
def test_resize(place, tmux, chance):
    tmux.open("--readonly")
    for _ in range(30):
        tmux.run("resize-window", "-x", str(chance.randrange(2, 300)), "-y", str(chance.randrange(2, 100)))
        tmux.keys(*chance.choices(("j", "Tab", "?", "Escape", "4", "G"), k=3))
    tmux.run("resize-window", "-x", "100", "-y", "30")
    # Escape and a key right behind it are one key with Alt: the last of those above may have been Escape.
    tmux.keys("j", "1")
    tmux.await_shown("Accounts 1")
    tmux.await_shown("READ-ONLY")
    tmux.keys("Q")
    expect_shell(tmux)


@inside
def test_suspend(place, tmux, chance):
    """Each time the shell has its terminal, and each time the deck comes back whole."""
    tmux.open("--readonly")
    for round in range(100):
        tmux.keys("C-z")
        await_that(lambda: tmux.state("alternate_on") == "0" and tmux.state("pane_current_command") == "bash", f"stop {round}")
        if round % 10 == 0:
            expect_shell(tmux)
        tmux.keys("-l", "fg")
        tmux.keys("Enter")
        await_that(lambda: tmux.state("alternate_on") == "1", f"back {round}")
        tmux.await_shown("Accounts 1")
    tmux.keys("Q")
    expect_shell(tmux)


@inside
def test_copy(place, tmux, chance):
    """Through tmux, since its default drops what programs send to the clipboard themselves; and it is said which way it went."""
    tmux.open("--readonly")
    tmux.keys("y")
    tmux.await_shown("copied into tmux")
    same(place.account, tmux.run("show-buffer"))
    tmux.keys("Q")
    expect_shell(tmux)


@inside
def test_unknown_terminal(place, tmux, chance):
    """A terminal that nobody has described is taken for one that all are like; one that cannot be drawn on gets lines."""
    tmux.keys("-l", "export TERM=no-such-terminal")
    tmux.keys("Enter")
    tmux.open("--readonly")
    tmux.keys("M")
    tmux.await_shown("does not know the terminal in TERM")
    tmux.keys("Q")
    expect_shell(tmux)
    tmux.keys("-l", "TERM=dumb " + PROGRAM + " --readonly")
    tmux.keys("Enter")
    tmux.await_shown("ledgerdeck:")
    tmux.keys("-l", "quit")
    tmux.keys("Enter")
    expect_shell(tmux)


if __name__ == "__main__":
    run_cases()
