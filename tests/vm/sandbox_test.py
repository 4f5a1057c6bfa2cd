"""The sandbox on Debian's kernels, and on one without Landlock: what it refuses there, and what is said.

The unit tests of the sandbox try for real what it must not let through. They write parameters of a
network namespace, so each machine runs them in one of its own.
"""

import concurrent.futures
import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
import vm

UNIT_TESTS = os.environ["ADVISOR_UNIT_TESTS"]
PROFILE = 'name = "one"\nsummary = "for a test"\n[targets]\n"vm.swappiness" = 17\n'
SCRIPT = r"""
unshare -n unit_tests -tc='sandbox:*' >/tmp/said 2>&1
echo "unit tests: $?"; grep -e skipped -e 'test cases' /tmp/said
sysctl-advisor apply -v --yes --interval 0 --profile one >/tmp/said 2>&1
echo "apply: $?"; grep -i landlock /tmp/said
echo "value: $(cat /proc/sys/vm/swappiness)"
sysctl-advisor rollback >/tmp/said 2>&1
echo "rollback: $?"
"""
# The version of Landlock that each kernel has; without it the way there and back is the same.
MACHINES = {("6.1", ""): 2, ("6.12", ""): 6, ("6.1", "lsm=capability"): None}


def said_by(series, append):
    files = {"/etc/sysctl-advisor/profiles/one.toml": PROFILE}
    machine = vm.Machine(series, SCRIPT, files, programs=[UNIT_TESTS], append=append)
    try:
        return machine.run()[1]
    finally:
        machine.close()


class Sandbox(unittest.TestCase):
    def test_what_is_not_planned_is_refused_and_the_way_back_never_depends_on_it(self):
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            answers = dict(zip(MACHINES, pool.map(lambda machine: said_by(*machine), MACHINES)))
        for machine, version in MACHINES.items():
            with self.subTest(machine=machine):
                lines = answers[machine]
                print(machine, *lines, sep="\n    ")
                text = "\n".join(lines)
                for line in ("unit tests: 0", "apply: 0", "value: 17", "rollback: 0"):
                    self.assertIn(line, lines)
                self.assertEqual("skipped: " in text, version is None, text)
                self.assertIn(f"(Landlock {version})" if version else "has no Landlock", text)


if __name__ == "__main__":
    vm.main(*vm.KERNELS)
