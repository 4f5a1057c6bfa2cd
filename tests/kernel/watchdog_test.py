"""Whoever waits for the deadline of a change stands alone, and outlasts what others end processes by."""

import fcntl
import os
import signal
import subprocess
import sys
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
import advisor
from advisor import run
from provisional import (LOCK, PATIENCE, RANGE, TIMEOUT, applied, apply, install_unit, newest, pass_deadline,
                         profile, soon, undone, until, untouched, watchdogs)

HERE = os.path.dirname(os.path.abspath(__file__))
PRIVATE_HOST = os.path.realpath(f"{HERE}/../support/private-host.sh")


class Watchdog(unittest.TestCase):
    def setUp(self):
        advisor.require_private_host()
        profile("two", {TIMEOUT: 45, RANGE: "{ covers = [20000, 60999] }"})

    def test_the_watchdog_stands_alone(self):
        apply("30s")
        (watchdog,) = watchdogs()
        here = f"/proc/{watchdog}"
        with open(f"{here}/stat") as file:
            fields = file.read().rpartition(")")[2].split()
        group, session, terminal = (int(fields[at]) for at in (2, 3, 4))

        self.assertEqual(sorted(os.listdir(f"{here}/fd")), ["0", "1", "2"])
        self.assertEqual({os.readlink(f"{here}/fd/{fd}") for fd in (0, 2)}, {"/dev/null"})
        self.assertEqual(os.readlink(f"{here}/cwd"), "/")
        self.assertNotEqual(session, os.getsid(0))
        self.assertNotEqual(group, os.getpgid(0))
        self.assertEqual(terminal, 0)
        for name in ("HUP", "INT", "QUIT", "USR1", "USR2", "ALRM", "PIPE", "XCPU", "XFSZ", "TSTP",
                     "VTALRM", "PROF", "IO", "PWR", "RTMIN", "RTMAX"):
            os.kill(watchdog, getattr(signal, "SIG" + name))
        time.sleep(0.3)
        self.assertEqual(watchdogs(), [watchdog])
        with open(LOCK) as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # nobody holds it
        run("rollback", status=0)
        self.assertTrue(untouched())
        os.kill(watchdog, signal.SIGKILL)

    def test_told_to_end_the_watchdog_puts_the_change_back_at_once_and_ends(self):
        apply("60m")
        (watchdog,) = watchdogs()
        begun = time.monotonic()

        os.kill(watchdog, signal.SIGTERM)

        self.assertTrue(until(lambda: not watchdogs()))
        self.assertLess(time.monotonic() - begun, 15)
        self.assertTrue(untouched())
        self.assertEqual(newest()["state"], "rolled-back")
        self.assertIn("was rolled back at", run("confirm", status=2).stderr)

    def test_told_to_end_a_watchdog_whose_change_was_confirmed_changes_nothing(self):
        apply("60m")
        run("confirm", status=0)
        (watchdog,) = watchdogs()

        os.kill(watchdog, signal.SIGTERM)

        self.assertTrue(until(lambda: not watchdogs()))
        self.assertTrue(applied())
        self.assertEqual(newest()["state"], "committed")

    def test_told_to_end_while_the_change_is_on_its_way_the_watchdog_waits_for_it(self):
        with open(LOCK, "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            waiting = subprocess.Popen([advisor.BINARY, "recover", "--wait", "60m"],
                                       stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
            self.assertEqual(waiting.stdout.readline(), "waiting\n")
            waiting.terminate()
            time.sleep(1)
            self.assertIsNone(waiting.poll())
        self.assertEqual(waiting.wait(timeout=PATIENCE), 0)
        waiting.stdout.close()

    @unittest.skipUnless(os.path.exists("/usr/bin/systemd-run"), "needs systemd-run to put a fake over")
    def test_where_systemd_runs_it_is_a_timer(self):
        # Process 1 must see what the program sees.
        done = subprocess.run(
            ["unshare", "--pid", "--fork", "--kill-child", "--mount", "--propagation", "private",
             "--mount-proc", PRIVATE_HOST, sys.executable, "-c",
             "import watchdog_test; watchdog_test.under_systemd()"],
            cwd=HERE, capture_output=True, text=True, timeout=300)
        self.assertEqual((done.returncode, done.stdout), (0, "done\n"), done.stderr)


FAKE = """#!/bin/sh
printf '%s\\n' "${0##*/}" "$@" '' >> /run/asked
[ ! -e /run/no-answer ] || exit 1
case " $* " in *" --scope "*)
  while [ "${1#-}" != "$1" ]; do shift; done
  exec "$@"
esac
"""


def put_fake(path):
    """Bind-mounts a program over this one that only notes how it was called."""
    fake = "/run/" + os.path.basename(path)
    with open(fake, "w") as file:
        file.write(FAKE)
    os.chmod(fake, 0o755)
    subprocess.run(["mount", "--bind", fake, path], check=True)


def asked():
    """How the fakes were called since the last time."""
    with open("/run/asked") as file:
        calls = [call.split("\n") for call in file.read().strip("\n").split("\n\n")]
    os.remove("/run/asked")
    return calls


def under_systemd():
    """Run as process 1 of a private host: what systemd is asked for, and what that then does."""
    advisor.require_private_host()
    subprocess.run(["mount", "-t", "tmpfs", "tmpfs", "/run"], check=True)
    os.makedirs("/run/systemd/system")
    install_unit()
    with open("/proc/self/comm", "w") as file:
        file.write("systemd")
    put_fake("/usr/bin/systemd-run")
    put_fake("/usr/bin/systemctl")
    profile("two", {TIMEOUT: 45, RANGE: "{ covers = [20000, 60999] }"})

    within = soon(3)
    apply(within)
    (command,) = asked()
    assert command[:2] == ["systemd-run", "--quiet"], command
    name = command[2].removeprefix("--unit=")
    assert name.startswith("sysctl-advisor-recover-"), command
    assert f"--on-active={within[:-1]}000ms" in command, command
    assert "--timer-property=AccuracySec=100ms" in command, command
    timed = command[-4:]
    assert timed == [os.path.realpath(advisor.BINARY), "recover", "--wait", "0"], command
    assert watchdogs() == [] and applied()
    pass_deadline()
    assert applied()
    subprocess.run(timed, check=True, cwd="/", env={}, stdout=subprocess.DEVNULL)
    assert untouched() and newest()["state"] == "rolled-back"

    # A timer that goes off too early, by whatever clock, waits for the rest.
    apply(soon(4))
    (command,) = asked()
    subprocess.run(command[-4:], check=True, cwd="/", env={}, stdout=subprocess.DEVNULL)
    assert untouched()

    apply("60s")
    (command,) = asked()
    run("confirm", status=0)
    name = command[2].removeprefix("--unit=")
    assert asked() == [["systemctl", "--quiet", "stop", name + ".timer"]]
    assert applied()
    run("rollback", status=0)

    # In another network namespace: a process in it, in a control group of its own.
    subprocess.run(["ip", "netns", "add", "blue"], check=True)
    there = ["ip", "netns", "exec", "blue", "cat", "/proc/sys/" + TIMEOUT.replace(".", "/")]
    within = soon(4)
    apply(within, "--netns", "blue")
    (command,) = asked()
    assert command[:3] == ["systemd-run", "--quiet", "--scope"], command
    assert command[3].startswith("--unit=sysctl-advisor-recover-"), command
    assert command[-4:] == [os.path.realpath(advisor.BINARY), "recover", "--wait", f"{within[:-1]}000ms"], command
    assert subprocess.check_output(there) == b"45\n"
    assert until(lambda: subprocess.check_output(there) == b"60\n")
    assert until(lambda: newest()["state"] == "rolled-back")
    assert untouched()

    open("/run/no-answer", "w").close()
    for netns in ([], ["--netns", "blue"]):
        apply(soon(3), *netns)
        assert undone() and subprocess.check_output(there) == b"60\n"
    print("done")


if __name__ == "__main__":
    advisor.main(at_once=4)  # most of the time each of them waits
