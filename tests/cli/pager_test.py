"""A long answer on a terminal is shown by $PAGER, which no shell reads and root does not start."""

import os
import pathlib
import shutil
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from terminal import OnTerminal  # noqa: E402

NOBODY = 65534
LINES = 24

PAGER = """#!/bin/sh
printf '%s\\n' "$@" >"$SEEN/words"
printf '%s\\n' "$LESSSECURE" >"$SEEN/secure"
cat >"$SEEN/text"
"""


class Pager(unittest.TestCase):
    def setUp(self):
        # Where an ordinary user may go, wherever the tests are run.
        self.folder = self.enterContext_(tempfile.TemporaryDirectory(dir="/tmp"))
        os.chmod(self.folder, 0o777)
        self.advisor = shutil.copy(os.environ["ADVISOR"], self.folder)
        self.pager = os.path.join(self.folder, "pager")
        with open(self.pager, "w", encoding="utf-8") as file:
            file.write(PAGER)
        for program in (self.advisor, self.pager):
            os.chmod(program, 0o755)
        self.environment = {"PATH": os.environ["PATH"], "TERM": "vt100", "SEEN": self.folder,
                            "PAGER": self.pager}

    def enterContext_(self, context):  # unittest has it since Python 3.11
        value = context.__enter__()
        self.addCleanup(context.__exit__, None, None, None)
        return value

    def shown(self, *arguments, user=NOBODY, **environment):
        """What a terminal of 24 lines is sent."""
        def become_user():
            if os.geteuid() == 0 and user:
                os.setgid(user)
                os.setuid(user)

        program = OnTerminal([self.advisor, *arguments], {**self.environment, **environment}, lines=LINES,
                             prepare=become_user)
        self.status = program.end()
        return program.shown

    def seen(self, name):
        """What the pager saw; nothing if it was not started."""
        path = os.path.join(self.folder, name)
        if not os.path.exists(path):
            return None
        with open(path, encoding="utf-8") as file:
            return file.read()

    def test_it_gets_the_whole_of_a_long_answer(self):
        sent = self.shown("parameters", "tcp")

        self.assertEqual((sent, self.status), ("", 0))
        self.assertGreater(self.seen("text").count("\n"), LINES)
        self.assertIn("net.ipv4.tcp_tw_reuse", self.seen("text"))
        self.assertEqual(self.seen("secure"), "1\n")

    def test_no_shell_reads_its_words(self):
        self.shown("parameters", "tcp", PAGER=f"{self.pager} -R ;touch {self.folder}/broken $(id)")

        self.assertEqual(self.seen("words").split(), ["-R", ";touch", f"{self.folder}/broken", "$(id)"])
        self.assertIsNone(self.seen("broken"))

    def test_a_short_answer_needs_none(self):
        sent = self.shown("parameters", "tcp_tw_reuse")

        self.assertIn("net.ipv4.tcp_tw_reuse", sent)
        self.assertIsNone(self.seen("text"))

    def test_none_is_started_where_none_is_wanted(self):
        for arguments, environment in ((["--no-pager"], {}), ([], {"PAGER": ""}), ([], {"PAGER": "cat"}),
                                       ([], {"PAGER": "/no/such/pager"}), ([], {"SUDO_UID": "1000"}),
                                       (["--format", "json"], {})):
            with self.subTest(arguments=arguments, environment=environment):
                sent = self.shown("parameters", "tcp", *arguments, **environment)

                self.assertIn("net.ipv4.tcp_tw_reuse", sent)
                self.assertEqual(self.status, 0)
                self.assertIsNone(self.seen("text"))

    @unittest.skipUnless(os.geteuid() == 0, "skipped: not root")
    def test_root_starts_none(self):
        self.assertIn("net.ipv4.tcp_tw_reuse", self.shown("parameters", "tcp", user=0))
        self.assertIsNone(self.seen("text"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
