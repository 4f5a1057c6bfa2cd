"""On a terminal, be it behind a pipe: what others wrote into a value or a name must not steer it."""

import json
import os
import pathlib
import subprocess
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))

import host_file  # noqa: E402
from terminal import sent_to_terminal  # noqa: E402

# Clears the screen, writes a title, and clears the screen by a control of one character.
STEERING = "\033[2J\033]0;title\a\u009b2J"
COLOUR = b"\x1b["


def on_a_terminal(*arguments):
    """What a terminal is sent, of both streams."""
    return sent_to_terminal([os.environ["ADVISOR"], *arguments])[0]


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

    def test_a_value_cannot_steer_the_terminal_at_the_end_of_a_pipe(self):
        self.hostname.write_text(f"one{STEERING}\033[31mtwo\n")

        plain = self.run_in_a_pipe("audit", "--interval", "0")
        coloured = self.run_in_a_pipe("--color", "always", "audit", "--interval", "0")

        self.assertIn(b"one?[2J?]0;title???2J?[31mtwo", plain.stdout)
        self.assertNotIn(b"\x1b", plain.stdout)
        self.assertIn(COLOUR, coloured.stdout)
        self.assertNotIn(STEERING.encode(), coloured.stdout)

    def test_nor_can_a_file_or_an_argument_in_what_is_said_of_it(self):
        broken = pathlib.Path(self.root, "broken.toml")
        broken.write_text(f"name = 'x'\nunknown = '{STEERING}'\n")
        conf = pathlib.Path(self.root, "etc/sysctl.d/50-odd.conf")
        conf.parent.mkdir(parents=True, exist_ok=True)
        conf.write_bytes(f"net.core.somaxconn = 5{STEERING}\nodd.{STEERING} = 1\n".encode() + b"odd.\x9b2J = 1\n")

        for arguments in (["profiles", "check", str(broken)], ["explain", "net.core.somaxconn"],
                          ["explain", f"net.{STEERING}"], ["audit", "-v", "--interval", "0"],
                          ["audit", f"--{STEERING}"], ["audit", "--profile", STEERING]):
            done = self.run_in_a_pipe(*arguments)
            for stream in (done.stdout, done.stderr):
                self.assertNotRegex(stream, rb"[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\x9b")

    def test_json_says_what_there_is_and_steers_nothing(self):
        self.hostname.write_text(f"one{STEERING}\x7f\u202etwo\n")

        done = self.run_in_a_pipe("audit", "--interval", "0", "--format", "json")

        self.assertEqual(json.loads(done.stdout)["host"]["name"], f"one{STEERING}\x7f\u202etwo")
        self.assertNotRegex(done.stdout, rb"[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]")

    def test_a_diff_is_true_to_the_byte_or_refused(self):
        drop_in = pathlib.Path(self.root, "etc/sysctl.d/99-zz-sysctl-advisor.conf")
        drop_in.parent.mkdir(parents=True, exist_ok=True)
        asked = ["--profile", "outbound-service", "--interval", "0"]
        ways = [["diff", *asked], ["audit", "--format", "diff", *asked],
                ["apply", "--dry-run", "--format", "diff", *asked]]

        drop_in.write_bytes(b"# f\xfcr uns\r\n# \xe9t\xe9\n")
        for way in ways:
            done = self.run_in_a_pipe(*way)
            self.assertIn(b"\n # f\xfcr uns\r\n # \xe9t\xe9\n+", done.stdout, done.stderr)

        drop_in.write_bytes(b"# ours\n# " + STEERING.encode() + b"\n")
        for way in ways:
            done = self.run_in_a_pipe(*way)
            self.assertEqual((done.returncode, done.stdout), (2, b""))
            self.assertIn(b"/etc/sysctl.d/99-zz-sysctl-advisor.conf:2 holds a control character", done.stderr)

    def run_in_a_pipe(self, *arguments):
        return subprocess.run([os.environ["ADVISOR"], "--root", self.root, *arguments],
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False)


if __name__ == "__main__":
    unittest.main(verbosity=2, warnings="ignore")
