"""What model/write says of a write, held against this kernel: odd values written to each parameter of a
network namespace by write_probe. tests/vm/writes_test.py does so with parameters of the whole machine.
"""

import os
import re
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
import advisor

PROBE = os.environ["ADVISOR_WRITE_PROBE"]
FEWEST_WRITES = 15000  # 27000 where all modules are there


class Writes(unittest.TestCase):
    def test_the_kernel_makes_of_each_value_what_we_say(self):
        done = subprocess.run([PROBE, "net."], capture_output=True, text=True, errors="replace")
        print(done.stdout.splitlines()[-1])
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        writes = re.search(r"(\d+) writes", done.stdout)
        self.assertGreater(int(writes[1]), FEWEST_WRITES)


if __name__ == "__main__":
    advisor.main()
