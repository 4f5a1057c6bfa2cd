"""What model/write says of a write, held against Debian's kernels 6.1 and 6.12: odd values written to
every parameter that people set, by tests/kernel/write_probe.
"""

import concurrent.futures
import os
import re
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
import vm

PROBE = os.environ["ADVISOR_WRITE_PROBE"]
FEWEST_WRITES = 20000  # of 27000: what a module brings is not there

SCRIPT = """
ip link add dev one type dummy 2>/dev/null
write_probe net. vm. fs. kernel. user.
"""

# The newest, or all of them: two machines take twice as long on two processors.
TRIED = list(vm.KERNELS) if os.environ.get("ADVISOR_VM_KERNELS") == "all" else ["6.12"]


def printed_by(series):
    """What the probe printed on that kernel, or why there is no such machine."""
    try:
        machine = vm.Machine(series, SCRIPT, programs=[PROBE])
    except vm.Missing as missing:
        return missing
    try:
        return machine.run(timeout=600)[1]
    finally:
        machine.close()


class Writes(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with concurrent.futures.ThreadPoolExecutor() as pool:
            cls.printed = dict(zip(TRIED, pool.map(printed_by, TRIED)))

    def judge(self, series):
        if series not in TRIED:
            self.skipTest("skipped: ADVISOR_VM_KERNELS=all tries this kernel")
        lines = self.printed[series]
        if isinstance(lines, vm.Missing):
            self.skipTest(f"skipped: {lines}")
        print(f"{series}: {lines[-1]}")
        counts = re.search(r"(\d+) writes, (\d+) differences", lines[-1])
        self.assertTrue(counts, "\n".join(lines[-20:]))
        self.assertEqual(int(counts[2]), 0, "\n".join(lines))
        self.assertGreater(int(counts[1]), FEWEST_WRITES)

    def test_linux_6_1(self):
        self.judge("6.1")

    def test_linux_6_12(self):
        self.judge("6.12")


if __name__ == "__main__":
    vm.require_tools()
    unittest.main(verbosity=2)
