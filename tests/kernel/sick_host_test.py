"""A host on which nothing can be kept: advice goes on, and nothing is changed that cannot be undone."""

import os
import shutil
import subprocess
import sys
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
import advisor
import faults
from advisor import read_parameter, run
from provisional import APPLY, PATIENCE, RANGE, TIMEOUT, install_unit, newest, profile

STATE = "/var/lib/sysctl-advisor"
BY_HAND = [f"  sysctl -w {RANGE}='20000 60999'", f"  sysctl -w {TIMEOUT}='45'"]


def remount(options):
    subprocess.run(["mount", "-o", f"remount,{options}", STATE], check=True)


def fill():
    """Leaves no room on the file system of the state directory."""
    remount("size=64k")
    with open(f"{STATE}/rest", "wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            pass


class SickHost(unittest.TestCase):
    def setUp(self):
        advisor.require_private_host()
        profile("two", {TIMEOUT: 45, RANGE: "{ covers = [20000, 60999] }"})
        self.before = advisor.all_parameters()

    def check_refused(self, done, by_hand=BY_HAND):
        lines = done.stderr.splitlines()
        self.assertEqual(sum("cannot be journaled" in line for line in lines), 1, done.stderr)
        self.assertIn("nothing was changed", lines[0])
        self.assertEqual(sorted(line for line in lines if "sysctl -w" in line), sorted(by_hand))
        self.assertEqual(advisor.all_parameters(), self.before)
        self.assertEqual(os.listdir("/etc/sysctl.d"), [])

    def test_on_a_full_or_read_only_disk_nothing_is_changed_and_a_person_is_told_how(self):
        sick = {"full": fill, "read-only": lambda: remount("ro"),
                "read-only, and nothing there yet": lambda: remount("ro")}
        install_unit()
        for name, make in sick.items():
            for more in ([], ["--confirm-within", "5s"], ["--runtime"]):
                with self.subTest(f"{name} {more}"):
                    if not name.endswith("yet"):
                        run("recover", status=0)  # makes the directories and the lock
                    make()

                    self.assertEqual(len(advisor.audit("--interval", "0")["findings"]) > 0, True)
                    self.check_refused(run(*APPLY, *more, status=2))

                    remount("rw,size=10m")
                    for entry in os.scandir(STATE):
                        shutil.rmtree(entry) if entry.is_dir() else os.remove(entry)

    def test_the_lines_of_another_namespace_name_it(self):
        subprocess.run(["mount", "-t", "tmpfs", "tmpfs", "/run"], check=True)
        subprocess.run(["ip", "netns", "add", "blue"], check=True)
        self.addCleanup(subprocess.run, ["ip", "netns", "delete", "blue"], capture_output=True)
        remount("ro")

        done = run(*APPLY, "--netns", "blue", status=2)

        self.check_refused(done, [line.replace("  sysctl", "  ip netns exec blue sysctl")
                                  for line in BY_HAND])

    def test_the_lines_do_what_the_plan_says(self):
        remount("ro")
        done = run(*APPLY, status=2)

        for line in done.stderr.splitlines():
            if line.startswith("  sysctl -w "):
                subprocess.run(["sh", "-c", line], check=True, capture_output=True)

        self.assertEqual((read_parameter(TIMEOUT), read_parameter(RANGE)), ("45", "20000 60999"))

    def test_what_was_not_confirmed_is_put_back_though_the_disk_became_read_only(self):
        run(*APPLY, "--confirm-within", "3s", status=0)
        remount("ro")

        give_up = time.monotonic() + PATIENCE
        while read_parameter(TIMEOUT) != "60" and time.monotonic() < give_up:
            time.sleep(0.1)

        self.assertEqual(advisor.all_parameters(), self.before)
        remount("rw")
        while time.monotonic() < give_up:
            if newest()["state"] == "rolled-back":
                return
            time.sleep(0.1)
        self.fail("the watchdog gave up")

    def test_a_rollback_that_cannot_be_journaled_names_the_old_values(self):
        run(*APPLY, status=0)
        remount("ro")

        done = run("rollback", status=2)

        self.assertIn("cannot be journaled", done.stderr)
        self.assertIn(f"  sysctl -w {TIMEOUT}='60'", done.stderr.splitlines())
        self.assertEqual(read_parameter(TIMEOUT), "45")

    def test_with_few_descriptors_it_changes_all_or_nothing(self):
        outcomes = set()
        # The loader needs one to find libraries; a sanitizer asks by pipes what it may read.
        for most in range(10 if faults.is_sanitized() else 4, 24):
            with self.subTest(most):
                done = subprocess.run(
                    ["prlimit", f"--nofile={most}:{most}", advisor.BINARY, *APPLY],
                    capture_output=True, text=True, timeout=120)
                outcomes.add(done.returncode)
                if done.returncode == 0:
                    self.assertEqual(read_parameter(TIMEOUT), "45")
                    run("rollback", status=0)
                self.assertIn(done.returncode, (0, 2), done.stderr)
                if done.returncode == 2:
                    self.assertNotEqual(done.stderr, "")
                self.assertEqual(advisor.all_parameters(), self.before)
        self.assertIn(0, outcomes)

    @unittest.skipUnless(shutil.which("strace"), "needs strace")
    def test_a_process_or_pipe_that_cannot_be_made_changes_nothing(self):
        for call in ("clone",) if faults.is_sanitized() else ("clone", "pipe2"):
            for more in ([], ["--confirm-within", "5s"]):
                with self.subTest(f"{call} {more}"):
                    status, said = faults.strace(
                        ["-o", "/dev/null", "-e", f"trace={call}", "-e",
                         f"inject={call}:error=ENOMEM"], [*APPLY, *more])
                    self.assertIn(status, (0, 2), said)
                    if status == 0:
                        self.assertEqual(more, [])
                        run("rollback", status=0)
                    self.assertEqual(advisor.all_parameters(), self.before)


if __name__ == "__main__":
    advisor.main(at_once=4)  # most of the time each of them waits
