"""Killed at every system call, and every call made to fail: all or nothing remains, and no old value is lost.

The whole binary, on the real kernel, judged by all that its network namespace is set to. Of the calls
that one line of the program makes of things of one kind the last is taken, and of the errors that a sick
host may answer one, in turn; of those before the host begins to change, every third. All calls with all
errors with ADVISOR_FAULTS=all.
"""

import os
import shutil
import signal
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
import advisor
import faults
from world import World, disagreements, parameter_paths

PROFILE = "/etc/sysctl-advisor/profiles/many.toml"
TARGETS = """name = "many"
summary = "for a test"
[targets]
"net.core.somaxconn" = 5000
"net.ipv4.ip_forward" = 1
"net.ipv4.ip_local_port_range" = { covers = [20000, 60999] }
"net.ipv4.ip_local_reserved_ports" = { includes = "21000-21005" }
"net.ipv4.tcp_fin_timeout" = 45
"net.ipv4.tcp_rmem" = "4096 100000 7000000"
"""
APPLY = ("apply", "--yes", "--interval", "0", "--profile", "many")
ROLLBACK = ("rollback",)
RECOVER = ("recover",)

CONFIRM = ("confirm",)
PROVISIONAL = (*APPLY, "--confirm-within", "600s")

LASTING = ("openat", "write", "fsync", "renameat", "getdents64")
ALL = os.environ.get("ADVISOR_FAULTS") == "all"
DONE, AS_BEFORE, STUCK, KILLED = 0, 2, 3, -signal.SIGKILL


class Sweep:
    """Runs one command from one world again and again, each time with another fault."""

    def __init__(self, start, base, command, answers=True):
        self.start = start  # the world each run begins in
        self.base = base  # the world before the first transaction
        self.command = command
        self.answers = answers  # the exit status says how it ended
        self.now = None  # the world that stands, if it is known
        self.judged = {}  # by the world that a run left: what is wrong with it
        self.wrong = []
        self.points = 0
        self.statuses = {}

    def world(self):
        return World(self.start.paths)

    def points_of(self):
        self.start.restore()
        _, points = faults.points_of(self.command)
        if ALL:
            return points
        sites = faults.sites_of(points)
        return [site for number, site in enumerate(sites) if site.changing or number % 3 == 0]

    def run(self, what, inject, mute=False):
        """`mute`: what it has to say cannot be written either."""
        self.start.restore(self.now)
        status, said = inject()
        self.points += 1
        self.statuses[status] = self.statuses.get(status, 0) + 1
        left = self.now = self.world()
        key = (left.fingerprint(), status, mute)
        if key not in self.judged:
            self.judged[key] = self.judge(status, said, left, mute)
            self.now = None
        self.wrong += [f"{what}: status {status}: {fault}\n{said}" for fault in self.judged[key]]

    def by_hand(self, said):
        """Runs the commands that were printed; in what the host is not as before then."""
        commands = [line.strip() for line in said.splitlines() if line.startswith("  ")]
        if not commands and "`sysctl-advisor recover` goes on with it" in said:
            commands = ["sysctl-advisor recover"]
        path = os.path.dirname(advisor.BINARY) + ":" + os.environ["PATH"]
        for command in commands:
            subprocess.run(command, shell=True, capture_output=True, env={**os.environ, "PATH": path})
        # What was to be undone is what had been cut off, not where that left the host.
        before = self.start if self.answers else self.base
        return [f"after {commands}: {fault}" for fault in before.differences(self.world())]

    def take_back(self):
        """In what the host is not as before when what was done is taken back."""
        done = advisor.run(*ROLLBACK)
        if done.returncode != DONE:
            return [f"cannot be taken back: {done.stderr}"]
        return [f"after the rollback: {fault}" for fault in self.start.differences(self.world())]

    def judge(self, status, said, left, mute):
        """What is wrong with a run that ended so and left this. The host is as it left it."""
        wrong = self.start.lost(left)
        if status not in (DONE, AS_BEFORE, STUCK, KILLED):
            return [*wrong, "no such exit status is known"]
        if self.answers and status == DONE:
            wrong += disagreements(self.base, left)
        if self.answers and status == AS_BEFORE:
            wrong += self.start.differences(left)
        if status == STUCK and not mute:
            wrong += self.by_hand(said)
        advisor.run(*RECOVER)
        once = self.world()
        if "prepared" in [journal["state"] for journal in once.journals()]:
            wrong.append("recovery left it open")
        if status != STUCK or mute:
            wrong += [f"after recovery: {fault}" for fault in disagreements(self.base, once)]
        if self.answers and status == DONE and once.journals() != left.journals():
            wrong.append("what was said to be done was not kept")
        wrong += [f"left behind: {path}" for path in once.drop_ins if not path.endswith(".conf")]
        history = advisor.run("history", "--format", "json")
        if history.returncode != 0:
            wrong.append(f"the history cannot be read: {history.stderr}")
        advisor.run(*RECOVER)
        if self.world().fingerprint() != once.fingerprint():
            wrong.append("a second recovery changed something")
        if self.command == APPLY and status == DONE:
            wrong += self.take_back()
        return wrong


@unittest.skipUnless(shutil.which("strace"), "needs strace")
class Faults(unittest.TestCase):
    def setUp(self):
        advisor.require_private_host()
        os.makedirs(os.path.dirname(PROFILE), exist_ok=True)
        with open(PROFILE, "w") as file:
            file.write(TARGETS)
        # This parameter already is as ip_forward makes the others, and must stay so when they go
        # back.
        advisor.write_parameter("net.ipv4.conf.lo.forwarding", "1")
        advisor.run("history", status=0)  # what is made only once
        paths = parameter_paths()
        self.base = World(paths)

    def applying(self):
        return Sweep(self.base, self.base, APPLY)

    def taking_back(self):
        advisor.run(*APPLY, status=DONE)
        return Sweep(World(self.base.paths), self.base, ROLLBACK)

    def confirming(self):
        advisor.run(*PROVISIONAL, status=DONE)
        start = World(self.base.paths)
        advisor.run(*CONFIRM, status=DONE)  # and ends the one who would take it back
        return Sweep(start, self.base, CONFIRM)

    def recovering(self):
        """From an apply that was killed when all but its commit record was done."""
        last = faults.last_rename(APPLY)
        self.base.restore()
        self.assertEqual(faults.kill_at(last, APPLY)[0], KILLED)
        start = World(self.base.paths)
        self.assertEqual([journal["state"] for journal in start.journals()], ["prepared"])
        self.assertNotEqual(self.base.differences(start), [])
        return Sweep(start, self.base, RECOVER, answers=False)

    def sweep_kills(self, sweep):
        for point in sweep.points_of():
            if point.call in faults.LOOKING and not ALL:
                continue
            sweep.run(f"killed at {point.call} {point.path} {point.nth}",
                      lambda: faults.kill_at(point, sweep.command))
        self.conclude("killed", sweep)
        # A recovery may be a child, whose parent then says that it came to nothing.
        stopped = sweep.statuses[KILLED] + (0 if sweep.answers else sweep.statuses.get(STUCK, 0))
        self.assertGreater(stopped, 0.9 * sweep.points)

    def sweep_errors(self, sweep):
        for turn, point in enumerate(point for point in sweep.points_of() if point.errors):
            for error in point.errors if ALL else [point.errors[turn % len(point.errors)]]:
                sweep.run(f"{error} from {point.call} {point.path} {point.nth}",
                          lambda: faults.fail_at(point, error, sweep.command))
        self.conclude("made to fail", sweep)

    def sweep_lasting_errors(self, sweep):
        for point in sweep.points_of():
            if point.call not in LASTING or not point.changing:
                continue
            if point.call == "write" and faults.is_sanitized():
                continue  # the sanitizer would end the program, which needs its own writes
            sweep.run(f"EIO from {point.call} {point.overall} on",
                      lambda: faults.fail_at(point, "EIO", sweep.command, ever_after=True),
                      mute=point.call == "write")
        self.conclude("made to fail for good", sweep)

    def conclude(self, how, sweep):
        print(f"{' '.join(sweep.command[:1])}: {how} at {sweep.points} points, which left "
              f"{len(sweep.judged)} worlds; exit statuses {dict(sorted(sweep.statuses.items()))}")
        self.assertEqual(len(sweep.wrong), 0, f"{len(sweep.wrong)}:\n" + "\n".join(sweep.wrong[:10]))
        self.assertGreater(sweep.points, 10)

    def test_apply_killed_at_every_call(self):
        self.sweep_kills(self.applying())

    def test_apply_with_every_call_failing(self):
        self.sweep_errors(self.applying())

    def test_apply_with_calls_failing_from_one_on(self):
        self.sweep_lasting_errors(self.applying())

    def test_rollback_killed_at_every_call(self):
        self.sweep_kills(self.taking_back())

    def test_rollback_with_every_call_failing(self):
        self.sweep_errors(self.taking_back())

    def test_rollback_with_calls_failing_from_one_on(self):
        self.sweep_lasting_errors(self.taking_back())

    def test_confirm_with_every_call_failing(self):
        self.sweep_errors(self.confirming())

    def test_recovery_killed_at_every_call(self):
        self.sweep_kills(self.recovering())

    def test_recovery_with_every_call_failing(self):
        self.sweep_errors(self.recovering())


if __name__ == "__main__":
    advisor.main(at_once=os.cpu_count())
