"""What man/sysctl-advisor.8 lists is what the program does: its profiles, and every exit status."""

import json
import os
import pathlib
import re
import shutil
import signal
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
import advisor
import faults
import host_lines
from advisor import run, write_parameter
from terminal import OnTerminal

MANUAL = pathlib.Path(__file__).resolve().parents[2] / "man" / "sysctl-advisor.8"
JOURNAL = pathlib.Path("/var/lib/sysctl-advisor/transactions/1/journal.json")
TIMEOUT, RETRIES = "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_retries2"
SET = ("apply", "--yes", "--interval", "0", "--set", f"{TIMEOUT}=45", "--set", f"{RETRIES}=12")
WRITES = [word for name in (TIMEOUT, RETRIES) for word in ("-P", "/proc/sys/" + name.replace(".", "/"))]


def section(name):
    return re.search(rf"(?ms)^\.S[sh] {name}$(.*?)^\.S[sh] ", MANUAL.read_text())[1]


def ended(*words):
    return run(*words).returncode


def failing_writes(*words):
    """The first write of a parameter succeeds, and no other one does."""
    return faults.strace([*WRITES, "-o", "/dev/null", "-e", "trace=write",
                          "-e", "inject=write:error=EIO:when=2+"], list(words))[0]


def answered_no():
    program = OnTerminal([advisor.BINARY, *(word for word in SET if word != "--yes")])
    program.press("n\n")
    return program.end()


def after(*commands, then):
    """The exit status of the last command, once the others succeeded."""
    for words in commands:
        run(*words, status=0)
    return then() if callable(then) else ended(*then)


def damaged():
    run(*SET, status=0)
    JOURNAL.write_text(JOURNAL.read_text().replace("45", "46", 1))


def cut_off():
    return faults.strace([*WRITES, "-o", "/dev/null", "-e", "trace=write",
                          "-e", "inject=write:signal=KILL:when=2"], list(SET))[0]


def recovery_that_cannot_write():
    assert cut_off() == -signal.SIGKILL
    return faults.strace([*WRITES, "-f", "-o", "/dev/null", "-e", "trace=write",
                          "-e", "inject=write:error=EIO"], ["recover"])[0]


def with_low_somaxconn(*words):
    write_parameter("net.core.somaxconn", "128")
    return ended(*words)


def compared(somaxconn):
    """Two snapshots between which it was set."""
    write_parameter("net.core.somaxconn", "4096")
    for name, value in (("before", "4096"), ("after", somaxconn)):
        write_parameter("net.core.somaxconn", value)
        run("snapshot", f"/etc/sysctl-advisor/{name}.json", *ONCE, status=0)
    return ended("compare", "/etc/sysctl-advisor/before.json", "/etc/sysctl-advisor/after.json")


def reported(line):
    pathlib.Path("/etc/sysctl-advisor/lines").write_text(host_lines.written([line]))
    return ended("report", "/etc/sysctl-advisor/lines")


def in_a_file(text, *words):
    pathlib.Path("/etc/sysctl.d/50-x.conf").write_text(text)
    return ended(*words)


def proof_of_a_useless_change():
    """The shipped proof of a rule, in which something else is changed than what the rule advises."""
    shipped = (MANUAL.parents[1] / "profiles/proofs/features.toml").read_text()
    here = pathlib.Path("/etc/sysctl-advisor/profiles/proofs/features.toml")
    here.parent.mkdir(parents=True)
    here.write_text(shipped.replace("[[proof]]", f'[[proof]]\nchange = {{ "{RETRIES}" = "14" }}', 1))
    return ended("prove", "tcp-window-scaling-off")


ONCE = ("--interval", "0")


# What ends so.
CASES = {
    ("audit", 0): lambda: ended("audit", *ONCE),
    ("audit", 1): lambda: with_low_somaxconn("audit", *ONCE),
    ("audit", 2): lambda: ended("audit", "--profile", "none"),
    ("explain", 0): lambda: ended("explain", *ONCE, TIMEOUT),
    ("explain", 2): lambda: ended("explain", *ONCE, TIMEOUT, "no.such"),
    ("diff", 0): lambda: ended("diff", *ONCE),
    ("diff", 1): lambda: with_low_somaxconn("diff", *ONCE),
    ("diff", 2): lambda: ended("diff", "--profile", "none"),
    ("apply", 0): lambda: ended(*SET),
    ("apply", 1): answered_no,
    ("apply", 2): lambda: ended("apply", "--yes", "--set", f"{TIMEOUT}=no"),
    ("apply", 3): lambda: failing_writes(*SET),
    ("confirm", 0): lambda: after((*SET, "--confirm-within", "60s"), then=("confirm",)),
    ("confirm", 2): lambda: ended("confirm"),
    ("rollback", 0): lambda: after(SET, then=("rollback",)),
    ("rollback", 2): lambda: ended("rollback", "7"),
    ("rollback", 3): lambda: after(SET, then=lambda: failing_writes("rollback")),
    ("recover", 0): lambda: ended("recover"),
    ("recover", 2): lambda: damaged() or ended("recover"),
    ("recover", 3): recovery_that_cannot_write,
    ("status", 0): lambda: after(SET, then=("status",)),
    ("status", 1): lambda: after(SET, then=lambda: write_parameter(TIMEOUT, "50") or ended("status")),
    ("status", 2): lambda: damaged() or ended("status"),
    ("history", 0): lambda: ended("history"),
    ("history", 2): lambda: damaged() or ended("history"),
    ("profiles", 0): lambda: ended("profiles"),
    ("profiles", 2): lambda: ended("profiles", "show", "none"),
    ("rules", 0): lambda: ended("rules", "conntrack"),
    ("rules", 2): lambda: ended("rules", "nothing-of-that-name"),
    ("parameters", 0): lambda: ended("parameters", "vm.*"),
    ("parameters", 2): lambda: ended("parameters", "nothing.of.that.name"),
    ("snapshot", 0): lambda: ended("snapshot", "-", *ONCE),
    ("snapshot", 2): lambda: ended("snapshot", "/proc/none", *ONCE),
    ("compare", 0): lambda: compared("4096"),
    ("compare", 1): lambda: compared("128"),
    ("compare", 2): lambda: ended("compare", "/etc/sysctl-advisor/none", "/etc/sysctl-advisor/none"),
    ("report", 0): lambda: reported(host_lines.host_line("a")),
    ("report", 1): lambda: reported(host_lines.failed_line("a", "no")),
    ("report", 2): lambda: reported("Warning: this is no line"),
    ("completion", 0): lambda: ended("completion", "bash"),
    ("completion", 2): lambda: ended("completion", "csh"),
    ("prove", 0): lambda: ended("prove", "tcp-window-scaling-off"),
    ("prove", 1): proof_of_a_useless_change,
    ("prove", 2): lambda: ended("prove", "none"),
    ("lint", 0): lambda: in_a_file("net.core.somaxconn = 8192\n", "lint", "/etc/sysctl.d/50-x.conf"),
    ("lint", 1): lambda: in_a_file("net.core.somaxconn = no\n", "lint", "/etc/sysctl.d/50-x.conf"),
    ("lint", 2): lambda: ended("lint", "/etc/sysctl.d/none.conf"),
}


TRACED = {("apply", 3), ("rollback", 3), ("recover", 3)}


class Manual(unittest.TestCase):
    def setUp(self):
        advisor.require_private_host()

    def test_its_list_of_profiles_is_that_of_the_program(self):
        listed = re.findall(r"^\.It Ql (\S+)\n(.*)\.$", section("Profiles"), re.MULTILINE)

        there = json.loads(run("profiles", "--format", "json", status=0).stdout)["profiles"]

        self.assertEqual(sorted(listed), sorted((one["name"], one["summary"]) for one in there))

    def test_its_table_of_exit_statuses_names_the_cases_here(self):
        rows = re.findall(r"^\.It ([a-z]+) Ta (.*)$", section("EXIT STATUS"), re.MULTILINE)
        head, *commands = [(name, [cell.strip(' "') for cell in cells.split("Ta")]) for name, cells in rows]
        told = {(name, status) for name, cells in commands for status, cell in enumerate(cells) if cell}

        self.assertEqual(head, ("command", ["0", "1", "2", "3"]))
        self.assertEqual(told, set(CASES))
        offered = re.search(r"ommands:\n((?:  .*\n)+)", run("--help").stdout)[1]
        self.assertEqual({name for name, _ in commands}, set(re.findall(r"(?m)^  ([a-z]+) ", offered)))


def test_of(name, status):
    """Each has a private host of its own, since most of them leave something."""
    @unittest.skipIf((name, status) in TRACED and not shutil.which("strace"), "needs strace")
    def test(self):
        self.assertEqual(CASES[name, status](), status)
    return test


for case in CASES:
    setattr(Manual, "test_{}_ends_with_{}".format(*case), test_of(*case))


if __name__ == "__main__":
    advisor.main(at_once=2)
