"""What nobody confirmed must not outlive a power cut: without the unit that takes it back it is refused."""

import json
import os
import shutil
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
import advisor
from advisor import run
from provisional import (RANGE, TIMEOUT, UNIT, UNITS, applied, apply, install_unit, profile,
                         untouched)

# Empty ones of this private host, in the order in which systemd looks.
PLACES = [place for place in (UNITS, "/usr/local/lib/systemd/system", "/usr/lib/systemd/system")
          if os.path.isdir(place)]


def installed():
    """What `status` says of it."""
    return json.loads(run("status", "--format", "json").stdout)["boot"]["unit"]


class BootUnit(unittest.TestCase):
    def setUp(self):
        advisor.require_private_host()
        profile("two", {TIMEOUT: 45, RANGE: "{ covers = [20000, 60999] }"})
        os.makedirs("/run/systemd/system")  # by which programs tell that systemd runs a host

    def assert_refused(self, way_out):
        for options in ([], ["--persist"], ["--dry-run"]):
            refused = apply("60s", *options, status=2)
            self.assertIn("/etc/sysctl.d/99-zz-sysctl-advisor.conf", refused.stderr)
            self.assertIn(way_out, refused.stderr)
            self.assertIn("--runtime", refused.stderr)
        self.assertTrue(untouched())
        self.assertEqual(os.listdir("/var/lib/sysctl-advisor/transactions"), [])
        self.assertFalse(installed())

    def test_without_it_the_next_boot_must_not_be_changed_provisionally(self):
        self.assert_refused("`cmake --install`")

    def test_where_no_boot_starts_it_that_is_said(self):
        install_unit()
        os.remove(f"{UNITS}/sysinit.target.wants/{UNIT}")

        self.assert_refused(f"`systemctl add-wants sysinit.target {UNIT}`")

    def test_where_it_is_masked_that_is_said(self):
        install_unit(PLACES[-1])
        if os.path.exists(f"{UNITS}/{UNIT}"):
            os.remove(f"{UNITS}/{UNIT}")
        os.symlink("/dev/null", f"{UNITS}/{UNIT}")

        self.assert_refused(f"`systemctl unmask {UNIT}`")

    def test_a_unit_that_is_gone_at_the_next_boot_does_not_count(self):
        install_unit("/run/systemd/system")

        self.assert_refused("`cmake --install`")

    def test_with_it_the_change_is_provisional_wherever_it_is_installed(self):
        for place in PLACES:
            with self.subTest(place):
                install_unit(place)

                done = apply("60s")

                self.assertTrue(applied())
                self.assertNotIn("boot", done.stderr)
                self.assertTrue(installed())
                run("rollback", status=0)
                os.remove(f"{place}/{UNIT}")
                shutil.rmtree(f"{place}/sysinit.target.wants")

    def test_what_a_reboot_forgets_and_what_is_not_provisional_does_not_need_it(self):
        self.assertNotIn("boot", apply("60s", "--runtime").stderr)
        run("confirm", status=0)
        run("rollback", status=0)
        run("apply", "--yes", "--interval", "0", "--profile", "two", status=0)

        self.assertTrue(applied())

    def test_where_systemd_does_not_run_the_host_it_is_a_warning(self):
        os.rmdir("/run/systemd/system")

        warned = apply("60s")

        self.assertIn("`sysctl-advisor recover --at-boot`", warned.stderr)
        self.assertTrue(applied())
        run("rollback", status=0)
        self.assertEqual(apply("60s", "--runtime").stderr, "")


if __name__ == "__main__":
    advisor.main()
