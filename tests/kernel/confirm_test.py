"""What was not confirmed in time is put back, whatever became of whoever asked for it."""

import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
import advisor
from advisor import read_parameter, run
from provisional import (APPLY, LOCK, RANGE, TIMEOUT, applied, apply, newest, pass_deadline, profile,
                         soon, undone, until, untouched, watchdogs)
from terminal import OnTerminal

SCHEMAS = f"{os.path.dirname(os.path.abspath(__file__))}/../../packaging/schemas"


class Confirm(unittest.TestCase):
    def setUp(self):
        advisor.require_private_host()
        profile("two", {TIMEOUT: 45, RANGE: "{ covers = [20000, 60999] }"})

    def valid(self, kind, text):
        """The answer, held against its schema where that can be."""
        answer = json.loads(text)
        try:
            import jsonschema
        except ImportError:
            return answer
        with open(f"{SCHEMAS}/{kind}.schema.json") as file:
            jsonschema.validate(answer, json.load(file))
        return answer

    def test_what_was_confirmed_in_time_stays(self):
        within = soon(8)
        said = " ".join(apply(within).stdout.split())
        self.assertRegex(said, r"provisional until \d\d:\d\d:\d\d UTC "
                               rf"\({within[:-1]} s\): `sudo sysctl-advisor confirm` keeps it")
        row = newest()
        self.assertEqual(row["state"], "provisional")
        self.assertTrue(0 < row["seconds_left"] <= int(within[:-1]))
        self.assertIn("s left to confirm it", run("history", status=0).stdout)

        confirmed = run("confirm", "--format", "json", status=0)

        self.assertEqual(self.valid("confirm", confirmed.stdout)["transaction"], "1")
        self.assertTrue(until(lambda: not watchdogs()))
        self.assertTrue(applied())
        self.assertEqual(newest()["state"], "committed")
        self.assertIn("confirmed already", run("confirm", "1", status=0).stdout)
        run("rollback", status=0)
        self.assertTrue(untouched())

    def test_it_is_put_back_although_shell_session_and_terminal_are_gone(self):
        for way in ("terminal closed", "group killed"):
            with self.subTest(way):
                command = " ".join([advisor.BINARY, *APPLY, "--confirm-within", soon(6)])
                shell = OnTerminal(["sh", "-c", f"{command}; sleep 1000"])
                self.assertTrue(until(applied))
                self.assertTrue(until(lambda: newest()["state"] == "provisional"))

                if way == "group killed":
                    os.killpg(shell.pid, signal.SIGKILL)
                shell.closed()

                self.assertTrue(undone())
                late = run("confirm", status=2)
                self.assertIn("was rolled back at", late.stderr)
                self.assertTrue(untouched())

    def test_with_the_watchdog_killed_the_next_run_puts_it_back(self):
        for command, status in ((["recover"], 0), (["rollback"], 2), (["confirm"], 2)):
            with self.subTest(" ".join(command)):
                apply(soon(4))
                for watchdog in watchdogs():
                    os.kill(watchdog, signal.SIGKILL)
                pass_deadline()
                self.assertTrue(applied())
                self.assertIn("not confirmed in time", run("history", status=0).stdout)

                said = run(*command, status=status)

                self.assertIn("was not confirmed by", said.stdout + said.stderr)
                self.assertTrue(untouched())
                self.assertEqual(newest()["state"], "rolled-back")
        self.assertEqual(run("recover", status=0).stdout, "nothing to undo\n")

    def test_an_apply_past_the_deadline_puts_it_back_first(self):
        apply(soon(2))
        for watchdog in watchdogs():
            os.kill(watchdog, signal.SIGKILL)
        pass_deadline()

        run(*APPLY, status=0)

        self.assertTrue(applied())
        run("rollback", status=0)
        self.assertTrue(untouched())

    def test_a_deadline_that_comes_while_another_run_holds_the_lock_waits(self):
        apply(soon(3))
        with open(LOCK) as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            pass_deadline()
            time.sleep(2)
            self.assertTrue(applied())
            self.assertEqual(len(watchdogs()), 1)

        self.assertTrue(undone())
        self.assertTrue(until(lambda: not watchdogs()))

    @unittest.skipUnless(shutil.which("strace"), "needs strace")
    def test_killed_before_any_of_its_writes_the_watchdog_puts_back_what_was_done(self):
        planned = json.loads(run(*APPLY, "--dry-run", "--format", "json", status=0).stdout)
        environment = {**os.environ, "ASAN_OPTIONS": "detect_leaks=0"}
        for change in planned["changes"]:
            with self.subTest(change["parameter"]):
                path = "/proc/sys/" + change["parameter"].replace(".", "/")
                killed = subprocess.run(
                    ["strace", "-qq", "-o", "/dev/null", "-P", path, "-e",
                     "inject=write:signal=KILL:when=1", advisor.BINARY, *APPLY, "--confirm-within",
                     soon(6)], capture_output=True, env=environment)
                self.assertEqual(killed.returncode, -signal.SIGKILL, killed.stderr)
                self.assertEqual(newest()["state"], "prepared")
                self.assertEqual(len(watchdogs()), 1)
                first = change == planned["changes"][0]
                self.assertEqual(untouched(), first)

                # History changes nothing; only the watchdog does.
                self.assertTrue(undone())

    def test_while_it_waits_nothing_else_is_changed_and_a_rollback_takes_it_back(self):
        answer = self.valid("apply", apply("60s", "--format", "json").stdout)
        self.assertEqual((answer["status"], answer["transaction"]), ("provisional", "1"))
        self.valid("history", run("history", "--format", "json", status=0).stdout)
        with open("/var/lib/sysctl-advisor/transactions/1/journal.json") as file:
            self.assertEqual(self.valid("journal", file.read())["deadline"]["utc"], answer["deadline"])
        profile("more", {"net.ipv4.tcp_tw_reuse": 1})
        refused = run("apply", "--yes", "--interval", "0", "--profile", "more", status=2)
        self.assertIn("transaction 1 is provisional until", refused.stderr)
        self.assertIn("stands until then", run("recover", status=0).stdout)
        self.assertTrue(applied())

        said = self.valid("rollback", run("rollback", "--format", "json", status=0).stdout)

        self.assertEqual((said["status"], said["transaction"], said["undoes"]), ("committed", None, "1"))
        self.assertTrue(untouched())
        self.assertEqual((newest()["id"], newest()["state"]), ("1", "rolled-back"))
        self.assertIn("was rolled back at", run("confirm", status=2).stderr)
        for watchdog in watchdogs():
            os.kill(watchdog, signal.SIGKILL)

    def test_an_older_transaction_is_not_taken_back_while_a_newer_one_waits(self):
        profile("one", {"net.ipv4.tcp_tw_reuse": 1})
        run("apply", "--yes", "--interval", "0", "--profile", "one", status=0)
        apply("60s")

        refused = run("rollback", "1", status=2)

        self.assertIn("transaction 2 is provisional until", refused.stderr)
        self.assertEqual(read_parameter("net.ipv4.tcp_tw_reuse"), "1")
        run("confirm", "2", status=0)
        run("rollback", "1", status=2)  # the drop-in of 2 builds upon it
        run("rollback", "2", status=0)
        run("rollback", "1", status=0)

    def test_what_nobody_could_put_back_is_refused_beforehand(self):
        profile("one-way", {"net.ipv4.tcp_tw_reuse": 1, "kernel.kexec_load_disabled": 1})
        final = "/proc/sys/kernel/kexec_load_disabled"
        if os.path.exists(final):
            stand_in = "/etc/sysctl-advisor/final"  # the parameter itself cannot be written here
            with open(stand_in, "w") as file:
                file.write("0\n")
            subprocess.run(["mount", "--bind", stand_in, final], check=True)
            done = run("apply", "--yes", "--interval", "0", "--profile", "one-way", "--allow-one-way",
                       "--confirm-within", "60s", status=2)
            self.assertIn("cannot be provisional", done.stderr)
            self.assertIn("nothing was changed", run(*APPLY[:-1], "one-way", "--confirm-within", "5s",
                                                     status=2).stderr)
        for time_given in ("0", "0.5s", "61m", "soon"):
            self.assertIn("--confirm-within must be a time", apply(time_given, status=2).stderr)
        self.assertTrue(untouched())
        self.assertEqual(watchdogs(), [])
        self.assertIn("no change waits", run("confirm", status=2).stderr)
        self.assertIn("needs root", run("confirm", user="65534", status=2).stderr)
        self.assertIn("needs root", run("recover", user="65534", status=2).stderr)

    def test_a_full_disk_does_not_keep_what_was_not_confirmed(self):
        apply(soon(4))
        with open("/var/lib/sysctl-advisor/rest", "wb", buffering=0) as file:
            subprocess.run(["mount", "-o", "remount,size=256k", "/var/lib/sysctl-advisor"], check=True)
            with self.assertRaises(OSError):
                while True:
                    file.write(bytes(4096))

        self.assertTrue(until(untouched))

        self.assertEqual(newest()["state"], "provisional")
        os.remove("/var/lib/sysctl-advisor/rest")
        self.assertTrue(undone())  # by the watchdog, which tries again

    def test_a_refused_write_leaves_nothing_to_confirm(self):
        profile("two", {TIMEOUT: 45, "net.ipv4.tcp_fastopen_key": '"nonsense"'})
        apply("30s", status=2)
        self.assertTrue(untouched())


if __name__ == "__main__":
    advisor.main(at_once=4)  # most of the time each of them waits
