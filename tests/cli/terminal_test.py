"""On a terminal: what others wrote into a value or a name must not steer it."""

import os
import pathlib
import pty
import subprocess
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))

import host_file  # noqa: E402

# Clears the screen, writes a title, and clears the screen by a control of one character.
STEERING = "\033[2J\033]0;title\a\u009b2J"
COLOUR = b"\x1b["


def on_a_terminal(*arguments):
    """What a terminal is sent, of both streams."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen([os.environ["ADVISOR"], *arguments], stdin=subprocess.DEVNULL,
                               stdout=theirs, stderr=theirs)
    os.close(theirs)
    sent = b""
    try:
        while chunk := os.read(ours, 65536):
            sent += chunk
    except OSError:  # the other end is closed
        pass
    os.close(ours)
    process.wait(timeout=60)
    return sent


class Terminal(unittest.TestCase):
    def setUp(self):
        expanded = host_file.expanded("exhausted-client")
        self.root = expanded.__enter__()
        self.addCleanup(expanded.__exit__, None, None, None)
        self.hostname = pathlib.Path(self.root, "proc/sys/kernel/hostname")

    def test_a_value_cannot_steer_it(self):
        self.hostname.write_text(f"one{STEERING}two\n")

        sent = on_a_terminal("--root", self.root, "audit", "--interval", "0")

        self.assertIn(b"one?[2J?]0;title???2Jtwo", sent)
        self.assertIn(COLOUR, sent)
        self.assertNotIn(STEERING.encode(), sent)

    def test_a_line_of_a_file_that_is_shown_cannot(self):
        broken = pathlib.Path(self.root, "broken.toml")
        broken.write_text(f"name = 'x'\nunknown = '{STEERING}'\n")

        sent = on_a_terminal("profiles", "check", str(broken))

        self.assertIn(b"broken.toml:2", sent)
        self.assertNotIn(STEERING.encode(), sent)

    def test_a_pipe_is_given_what_there_is(self):
        self.hostname.write_text(f"one{STEERING}two\n")

        done = subprocess.run([os.environ["ADVISOR"], "--root", self.root, "audit", "--interval", "0"],
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False)

        self.assertIn(f"one{STEERING}two".encode(), done.stdout)


if __name__ == "__main__":
    unittest.main(verbosity=2, warnings="ignore")
