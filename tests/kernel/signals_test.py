"""Interrupted at any moment, or not listened to: undone or finished, and said."""

import fcntl
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
import advisor
from advisor import read_parameter, run
from terminal import OnTerminal

PROFILES = "/etc/sysctl-advisor/profiles"
DROP_IN = "/etc/sysctl.d/99-zz-sysctl-advisor.conf"
FIN_TIMEOUT = "net.ipv4.tcp_fin_timeout"
APPLY = [advisor.BINARY, "apply", "--yes", "--interval", "0", "--profile", "two"]
UNCHANGED = "sysctl-advisor: interrupted; nothing was changed\n"
# The leak check of a sanitized build does not work under strace.
ENVIRONMENT = {**os.environ, "ASAN_OPTIONS": "detect_leaks=0"}


def history():
    return json.loads(run("history", "--format", "json", status=0).stdout)["transactions"]


def start(*args, **options):
    return subprocess.Popen([advisor.BINARY, *args], stderr=subprocess.PIPE, text=True, **options)


class Signals(unittest.TestCase):
    def setUp(self):
        advisor.require_private_host()
        os.makedirs(PROFILES, exist_ok=True)
        with open(f"{PROFILES}/two.toml", "w") as file:
            file.write('name = "two"\nsummary = "for a test"\n[targets]\n"net.ipv4.tcp_fin_timeout" = 45\n'
                       '"net.ipv4.ip_local_port_range" = { covers = [20000, 60999] }\n')
        self.before = advisor.all_parameters()

    def check_unchanged(self):
        self.assertEqual(advisor.all_parameters(), self.before)
        self.assertFalse(os.path.exists(DROP_IN))

    def test_between_the_samples_it_ends_at_once_with_a_word(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            waiting = start("apply", "--yes", "--interval", "60s", "--profile", "two")
            advisor.wait_until_asleep(waiting)
            waiting.send_signal(number)
            self.assertEqual(waiting.communicate(timeout=10)[1], UNCHANGED)
            self.assertEqual(waiting.returncode, -number)
        self.check_unchanged()
        self.assertEqual(history(), [])

    def test_while_it_waits_for_the_lock_it_ends_at_once_with_a_word(self):
        for command in (("apply", "--yes", "--interval", "0", "--profile", "two"), ("rollback",)):
            with open("/var/lib/sysctl-advisor/lock", "w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                waiting = start(*command)
                advisor.wait_until_asleep(waiting)
                waiting.terminate()
                self.assertEqual(waiting.communicate(timeout=5)[1], UNCHANGED)
            self.assertEqual(waiting.returncode, -signal.SIGTERM)

    def test_at_the_question_ctrl_c_and_a_terminal_that_goes_away_change_nothing(self):
        for how in ("ctrl-c", "hangup"):
            program = OnTerminal([word for word in APPLY if word != "--yes"])
            program.until(r"Apply it\? ")
            if how == "ctrl-c":
                program.press("\x03")
                self.assertEqual(program.end(), -signal.SIGINT)
                self.assertIn("interrupted; nothing was changed", program.shown)
            else:
                self.assertEqual(program.closed(), -signal.SIGHUP)
        self.check_unchanged()
        self.assertEqual(history(), [])

    @unittest.skipUnless(shutil.which("strace"), "needs strace")
    def test_at_any_system_call_it_is_undone_or_finished_and_said(self):
        points = {"before": 0, "undone": 0, "finished": 0}
        for call in ("flock", "landlock_restrict_self", "mkdirat", "fsync", "renameat", "unlinkat",
                     "rt_sigpending", "fchmod"):
            for nth in range(1, 100):
                done = subprocess.run(
                    ["strace", "-f", "-qq", "-o", "/etc/sysctl-advisor/trace", "-e", f"trace={call}",
                     "-e", f"inject={call}:signal=INT:when={nth}", *APPLY],
                    capture_output=True, text=True, env=ENVIRONMENT)
                with open("/etc/sysctl-advisor/trace") as trace:
                    came = trace.read().count(f" {call}(") >= nth
                self.check_outcome(done, f"{call} {nth}", points)
                if not came:
                    break
        print(points)
        self.assertTrue(all(points.values()), points)

    def check_outcome(self, done, where, points):
        """Checks one interrupted run, and takes it back."""
        state = history()[0]["state"] if history() else "none"
        if done.returncode == -signal.SIGINT:
            points["before"] += 1
            self.assertTrue(done.stderr.endswith(UNCHANGED), f"{where}: {done.stderr}")
            self.check_unchanged()
        elif done.returncode == 2:
            points["undone"] += 1
            self.assertIn("interrupted by a signal", done.stderr, where)
            self.assertIn("everything is as it was before", done.stderr, where)
            self.assertEqual(state, "rolled-back", where)
            self.check_unchanged()
        else:
            points["finished"] += 1
            self.assertEqual(done.returncode, 0, f"{where}: {done.stderr}")
            self.assertIn("done, as transaction", done.stdout, where)
            self.assertEqual(read_parameter(FIN_TIMEOUT), "45", where)
            run("rollback", status=0)
            self.check_unchanged()
        shutil.rmtree("/var/lib/sysctl-advisor/transactions", ignore_errors=True)

    @unittest.skipUnless(shutil.which("strace"), "needs strace")
    def test_a_rollback_that_is_interrupted_is_undone_or_finished(self):
        run(*APPLY[1:], status=0)
        ours = advisor.all_parameters()
        done = subprocess.run(["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=fsync", "-e",
                               "inject=fsync:signal=TERM:when=1", advisor.BINARY, "rollback"],
                              capture_output=True, text=True, env=ENVIRONMENT)

        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn("everything is as it was before", done.stderr)
        self.assertEqual(advisor.all_parameters(), ours)
        run("rollback", status=0)
        self.check_unchanged()

    def test_what_was_done_is_told_by_the_exit_status_if_nobody_listens(self):
        for redirection in (">&-", "2>&-", ">&- 2>&- <&-", ">/dev/full", "2>/dev/full", "| head -c 0"):
            with self.subTest(redirection):
                line = f'"$0" "$@" {redirection}'
                if redirection.startswith("|"):
                    line = f"set -o pipefail; {line}"
                done = subprocess.run(["bash", "-c", line, *APPLY, "-v"], capture_output=True,
                                      text=True)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertEqual(read_parameter(FIN_TIMEOUT), "45")
                with open("/var/lib/sysctl-advisor/lock") as lock:
                    self.assertTrue(re.fullmatch(r"\d+\n", lock.read()))
                run("rollback", status=0)
                self.check_unchanged()

    def test_a_dry_run_that_nobody_can_read_is_trouble(self):
        for redirection in (">&-", ">/dev/full"):
            done = subprocess.run(
                ["bash", "-c", f'"$0" "$@" {redirection}', *APPLY, "--dry-run"], capture_output=True,
                text=True)
            self.assertEqual(done.returncode, 2)
            self.assertIn("cannot write the answer", done.stderr)

    def test_a_question_that_nobody_can_see_is_not_answered(self):
        program = OnTerminal([word for word in APPLY if word != "--yes"], prepare=lambda: os.close(2))
        program.press("y\n")

        self.assertEqual(program.end(), 2)
        self.check_unchanged()

    def test_nohup_is_respected(self):
        before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
        waiting = start("apply", "--yes", "--interval", "3s", "--profile", "two",
                        stdout=subprocess.DEVNULL)
        signal.signal(signal.SIGHUP, before)
        time.sleep(1)
        waiting.send_signal(signal.SIGHUP)

        self.assertEqual(waiting.wait(timeout=30), 0, waiting.stderr.read())
        self.assertEqual(read_parameter(FIN_TIMEOUT), "45")
        waiting.stderr.close()


if __name__ == "__main__":
    advisor.main(at_once=4)  # most of the time each of them waits
