"""No transaction that nothing can undo; and what is left open is said, by the exit status as well."""

import os
import re
import shutil
import signal
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
import advisor
import faults
from advisor import run
from provisional import APPLY, RANGE, TIMEOUT, newest, profile, until

JOURNAL = "/var/lib/sysctl-advisor/transactions/1/journal.json"


def state():
    return newest()["state"]


def checksum(text):
    """As the program seals its journals: FNV-1a, 64 bit."""
    value = 0xCBF29CE484222325
    for byte in text:
        value = ((value ^ byte) * 0x100000001B3) % 2**64
    return value


def change_journal(pattern, replacement):
    """Rewrites the journal of transaction 1, and seals it again."""
    with open(JOURNAL) as file:
        text = re.sub(pattern, replacement, file.read())
    body = text[:text.rindex(',\n  "checksum"')]
    with open(JOURNAL, "w") as file:
        file.write(f'{body},\n  "checksum": "{checksum(body.encode()):016x}"\n}}\n')


class Undoable(unittest.TestCase):
    def setUp(self):
        advisor.require_private_host()
        profile("two", {TIMEOUT: 45, RANGE: "{ covers = [20000, 60999] }"})
        self.before = advisor.all_parameters()

    def unchanged(self):
        return advisor.all_parameters() == self.before

    def cut_off(self):
        """A transaction that was killed behind its last write."""
        point = faults.last_rename(APPLY)
        run("rollback")
        shutil.rmtree("/var/lib/sysctl-advisor/transactions")
        self.assertEqual(faults.kill_at(point, APPLY)[0], -signal.SIGKILL)
        self.assertEqual(state(), "prepared")
        self.assertFalse(self.unchanged())

    @unittest.skipUnless(shutil.which("strace"), "needs strace")
    def test_nothing_is_applied_where_the_namespace_cannot_be_told(self):
        for call, error in (("socket", "EMFILE"), ("socket", "ENOMEM"), ("getsockopt", "EPERM")):
            for more in ([], ["--confirm-within", "2s"]):
                with self.subTest(f"{call} {error} {more}"):
                    status, said = faults.strace(
                        ["-o", "/dev/null", "-e", f"trace={call}", "-e",
                         f"inject={call}:error={error}:when=1"], [*APPLY, *more])
                    self.assertEqual(status, 2, said)
                    self.assertIn("cannot tell which network namespace this is", said)
                    self.assertTrue(self.unchanged())

    @unittest.skipUnless(shutil.which("strace"), "needs strace")
    def test_a_kernel_without_cookies_can_be_changed_and_put_back(self):
        status, said = faults.strace(
            ["-o", "/dev/null", "-e", "trace=getsockopt", "-e",
             "inject=getsockopt:error=ENOPROTOOPT"], APPLY)
        self.assertEqual(status, 0, said)
        with open(JOURNAL) as file:
            self.assertIn(':0"', file.read())

        run("rollback", status=0)

        self.assertTrue(self.unchanged())

    def test_a_journal_without_a_cookie_is_of_this_namespace_for_watchdog_and_recover(self):
        run(*APPLY, "--confirm-within", "3s", status=0)
        change_journal(r'("network_namespace": "\d+):\d+', r"\1:0")

        self.assertTrue(until(self.unchanged))
        self.assertTrue(until(lambda: state() == "rolled-back"))

    @unittest.skipUnless(shutil.which("strace"), "needs strace")
    def test_a_watchdog_without_a_socket_undoes_it_all_the_same(self):
        self.cut_off()

        status, said = faults.strace(["-o", "/dev/null", "-e", "trace=socket", "-e",
                                      "inject=socket:error=EMFILE"], ["recover", "--wait", "0"])

        self.assertEqual(status, 0, said)
        self.assertTrue(self.unchanged())

    @unittest.skipUnless(shutil.which("strace"), "needs strace")
    def test_what_is_left_open_elsewhere_is_named_and_undone_here_only_if_a_person_says_so(self):
        self.cut_off()
        change_journal(r'("network_namespace": "\d+):\d+', r"\1:123456789")

        left = run("recover", status=3)
        self.assertIn("transaction 1 had been cut off in another network namespace", left.stderr)
        self.assertNotIn("nothing to undo", left.stdout)
        self.assertEqual(state(), "prepared")
        self.assertFalse(self.unchanged())

        self.assertIn("it was undone", run("recover", "--any-namespace", status=0).stdout)
        self.assertTrue(self.unchanged())
        self.assertEqual(run("recover", status=0).stdout, "nothing to undo\n")

    @unittest.skipUnless(shutil.which("strace"), "needs strace")
    def test_a_recovery_that_was_killed_half_way_does_not_say_that_nothing_was_changed(self):
        self.cut_off()
        for command in (["recover"], APPLY):
            with self.subTest(command[0]):
                # The child that puts back; its parent writes no parameter.
                status, said = faults.strace(
                    ["-o", "/dev/null", "-P", "/proc/sys/net/ipv4/tcp_fin_timeout", "-P",
                     "/proc/sys/net/ipv4/ip_local_port_range", "-e", "trace=write", "-e",
                     "inject=write:signal=KILL:when=1"], command)

                self.assertEqual(status, 3, said)
                self.assertIn("did not come to its end", said)
                self.assertIn("`sysctl-advisor recover` goes on with it", said)
                self.assertEqual(state(), "prepared")
        run("recover", status=0)
        self.assertTrue(self.unchanged())


if __name__ == "__main__":
    advisor.main()
