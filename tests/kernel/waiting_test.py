"""Whoever waits for a person, or for a pipe that nobody reads, keeps nobody else from undoing."""

import fcntl
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
from provisional import LOCK, TIMEOUT, newest, profile, until
from terminal import OnTerminal

REUSE = "net.ipv4.tcp_tw_reuse"
QUICK = ["--interval", "0", "--profile"]
ENVIRONMENT = {**os.environ, "ASAN_OPTIONS": "detect_leaks=0"}


def full_pipe():
    """Both ends of a pipe that takes not one byte more."""
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    try:
        while True:
            os.write(writing, bytes(4096))
    except BlockingIOError:
        pass
    try:
        while True:
            os.write(writing, b"x")
    except BlockingIOError:
        pass
    os.set_blocking(writing, True)
    return reading, writing


def is_blocked(process):
    """Whether it sleeps in a write to its standard error."""
    with open(f"/proc/{process.pid}/syscall") as file:
        words = file.read().split()
    return words[0] in ("1", "64") and words[1] == "0x2"  # write(2) of x86-64 and arm64


def lock_is_free():
    with open(LOCK) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


class Waiting(unittest.TestCase):
    def setUp(self):
        advisor.require_private_host()
        profile("one", {TIMEOUT: 45})
        profile("two", {REUSE: 1})
        profile("refused", {TIMEOUT: 45, "vm.swappiness": 17})

    def asked(self, name="two"):
        """A run that sits at its question, and its terminal."""
        program = OnTerminal([advisor.BINARY, "apply", *QUICK, name])
        self.addCleanup(self.end, program.pid)
        program.until(r"Apply it\? ")
        return program.pid, program.terminal

    def end(self, child):
        try:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        except (ProcessLookupError, ChildProcessError):
            pass

    def blocked(self, *args):
        """A run whose standard error is full, and which has come to it."""
        reading, writing = full_pipe()
        self.addCleanup(os.close, reading)
        process = subprocess.Popen([advisor.BINARY, *args], stdin=subprocess.DEVNULL,
                                   stdout=subprocess.DEVNULL, stderr=writing)
        os.close(writing)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        self.assertTrue(until(lambda: is_blocked(process)), "it never wrote anything")
        return process, reading

    def check_undone_in_time(self, before):
        """A provisional change that is made now is undone when its time is over."""
        self.assertTrue(lock_is_free())
        run("apply", "--yes", *QUICK, "one", "--confirm-within", "2s", status=0)
        self.assertEqual(read_parameter(TIMEOUT), "45")
        made = time.monotonic()

        self.assertTrue(until(lambda: read_parameter(TIMEOUT) == before), "it was not undone")

        self.assertLess(time.monotonic() - made, 20)
        self.assertTrue(until(lambda: newest()["state"] == "rolled-back"))

    def answer_of(self, child, terminal, answer):
        os.write(terminal, answer)
        shown = b""
        try:
            while chunk := os.read(terminal, 4096):
                shown += chunk
        except OSError:
            pass
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), shown.decode()

    def test_at_the_question_a_provisional_change_of_another_run_is_undone_in_time(self):
        child, terminal = self.asked()

        self.check_undone_in_time("60")

        status, shown = self.answer_of(child, terminal, b"y\n")
        self.assertEqual(status, 2, shown)
        self.assertIn("another sysctl-advisor changed this host meanwhile", shown)
        self.assertEqual(read_parameter(REUSE), "2")

    def test_at_a_full_pipe_a_provisional_change_of_another_run_is_undone_in_time(self):
        cases = ((["apply", "--yes", "--strict", *QUICK, "refused"], "a refusal"),
                 (["rollback", "7"], "an unknown transaction"),
                 (["confirm"], "nothing to confirm"),
                 (["apply", "--yes", "-v", *QUICK, "two"], "a step"))
        for command, where in cases:
            with self.subTest(where):
                process, _ = self.blocked(*command)
                self.check_undone_in_time("60")
                process.kill()
                process.wait()

    def test_the_steps_of_a_transaction_wait_until_it_is_done(self):
        # Full when the first step is told: with -v that is the reading of the host.
        process, reading = self.blocked("apply", "--yes", "-v", *QUICK, "two")
        self.assertTrue(lock_is_free())
        said = b""
        while chunk := os.read(reading, 65536):
            said += chunk

        self.assertEqual(process.wait(), 0)
        self.assertEqual(read_parameter(REUSE), "1")
        said = said.decode(errors="replace")
        self.assertIn("writing net.ipv4.tcp_tw_reuse = 1", said)

    def test_nothing_is_written_to_a_terminal_or_pipe_under_the_lock(self):
        if not shutil.which("strace"):
            self.skipTest("needs strace")
        for command in (["apply", "--yes", "-v", *QUICK, "two"], ["rollback", "-v"],
                        ["apply", "--yes", "-v", "--strict", *QUICK, "refused"], ["recover", "-v"]):
            with self.subTest(command[0]):
                with open("/etc/sysctl-advisor/trace", "w"):
                    pass
                subprocess.run(
                    ["strace", "-f", "-y", "-qq", "-o", "/etc/sysctl-advisor/trace", "-e",
                     "trace=flock,close,write,writev", advisor.BINARY, *command],
                    capture_output=True, text=True, env=ENVIRONMENT)
                with open("/etc/sysctl-advisor/trace") as trace:
                    calls = trace.read().splitlines()
                locked = False
                seen = 0
                for call in calls:
                    if "flock(" in call and call.endswith("= 0"):
                        locked, seen = True, seen + 1
                    elif " close(" in call and LOCK in call:
                        locked = False
                    elif locked and (" write(1<" in call or " write(2<" in call
                                     or " writev(" in call):
                        self.fail(f"under the lock: {call}")
                self.assertGreater(seen, 0)

    def test_what_moved_while_a_person_thought_is_not_overwritten(self):
        for moved in ("parameter", "file"):
            with self.subTest(moved):
                child, terminal = self.asked("one")
                if moved == "parameter":
                    advisor.write_parameter(TIMEOUT, "50")
                else:
                    os.makedirs("/etc/sysctl.d", exist_ok=True)
                    with open("/etc/sysctl.d/99-zzz.conf", "w") as file:
                        file.write(f"{TIMEOUT} = 33\n")

                status, shown = self.answer_of(child, terminal, b"y\n")

                self.assertEqual(status, 2, shown)
                self.assertIn("changed since the plan was made; nothing was changed", " ".join(shown.split()))
                self.assertEqual(read_parameter(TIMEOUT), "50" if moved == "parameter" else "60")
                advisor.write_parameter(TIMEOUT, "60")

    def test_runs_side_by_side_that_ask_nobody_all_succeed(self):
        running = [subprocess.Popen([advisor.BINARY, "apply", "--yes", *QUICK, "one"],
                                    stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
                   for _ in range(4)]
        ended = [(process.communicate(timeout=120), process.returncode) for process in running]

        self.assertEqual([status for _, status in ended], [0] * 4, ended)
        self.assertEqual(read_parameter(TIMEOUT), "45")
        done = [said for (said, _), _ in ended if "as transaction 1" in said]
        self.assertEqual(len(done), 1, ended)


if __name__ == "__main__":
    advisor.main(at_once=4)  # most of the time each of them waits
