# SPDX-License-Identifier: GPL-3.0-or-later
"""Somebody at a terminal: reads what the program shows, types, and keeps every byte that came."""
import contextlib
import fcntl
import os
import pty
import select
import struct
import termios
import time

from world import PROGRAM, SECONDS, start


class User:
    def __init__(self, deck, *words, **more):
        self.master, slave = pty.openpty()
        self.seen, self.at = b"", 0
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 200, 0, 0))
        self.process = start([PROGRAM, *words], stdin=slave, stdout=slave, stderr=slave, cwd=deck.home, start_new_session=True,
                             preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
                             env={**deck.environment(), "TERM": "xterm", "LC_ALL": "C.UTF-8", **more})
        os.close(slave)

    def read(self, seconds):
        """False when nothing more will come."""
        ready, _, _ = select.select([self.master], [], [], max(seconds, 0))
        piece = b""
        if ready:
            with contextlib.suppress(OSError):
                piece = os.read(self.master, 65536)
        self.seen += piece
        return bool(piece) or not ready

    def await_text(self, text):
        """Until it is shown, behind what was awaited before; what was shown from there up to it."""
        end = time.monotonic() + SECONDS
        while (found := self.seen.find(text, self.at)) < 0:
            assert self.read(end - time.monotonic()) and time.monotonic() < end, f"{text!r} is not in {self.seen[self.at:]!r}"
        between, self.at = self.seen[self.at:found], found + len(text)
        return between

    def type(self, text):
        os.write(self.master, text)

    def end(self):
        """Reads on until the program has ended; its exit code."""
        end = time.monotonic() + SECONDS
        while self.read(end - time.monotonic()) and time.monotonic() < end:
            pass
        os.close(self.master)
        return self.process.wait(SECONDS)
