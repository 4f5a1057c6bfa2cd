"""Programs on a terminal, what they are sent there, and keys that are pressed."""

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import termios
import time

PATIENCE = 60  # seconds; the machine may be slow


def set_size(terminal, lines, columns=80):
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))


def read_some(terminal):
    """What has come; nothing once the other end is closed."""
    try:
        return os.read(terminal, 65536)
    except OSError:
        return b""


def read_until(terminal, pattern, patience=PATIENCE):
    """(what came, the match of the pattern in it); the match is None if it came to an end without it."""
    come, give_up = b"", time.monotonic() + patience
    while time.monotonic() < give_up:
        if not select.select([terminal], [], [], 0.1)[0]:
            continue
        chunk = read_some(terminal)
        come += chunk
        if (found := re.search(pattern, come, re.S)) or not chunk:
            return come, found
    return come, None


def sent_to_terminal(command, streams=("stdout", "stderr"), **options):
    """(what a terminal is sent of these streams of a command, how that ended)"""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, **dict.fromkeys(streams, theirs), **options)
    os.close(theirs)
    sent = b""
    while chunk := read_some(ours):
        sent += chunk
    os.close(ours)
    return sent, process.wait(timeout=PATIENCE)


class OnTerminal:
    """A program that has a terminal of its own, as in a window: both streams, its input, its signals."""

    def __init__(self, command, environment=None, lines=24, columns=80, prepare=lambda: None):
        """`prepare` is called in the new process, before the program is."""
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            try:
                set_size(0, lines, columns)
                prepare()
                os.execvpe(command[0], command, os.environ if environment is None else environment)
            finally:
                os._exit(127)
        self.sent = b""  # all of it, so far

    @property
    def shown(self):
        return self.sent.decode()

    def press(self, keys):
        os.write(self.terminal, keys.encode())

    def until(self, pattern):
        """The match of a pattern in what comes from now on."""
        come, found = read_until(self.terminal, pattern.encode())
        self.sent += come
        if not found:
            raise AssertionError(f"the terminal was not sent {pattern!r} but {come!r}")
        return found

    def end(self):
        """How the program ended, by itself; all that it was sent is in `shown`."""
        while chunk := read_some(self.terminal):
            self.sent += chunk
        return self.closed()

    def closed(self):
        """The same, once the terminal is closed."""
        os.close(self.terminal)
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
