"""What nobody can set here does not keep the rest from being done."""

import json
import os
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
import advisor
from advisor import read_parameter, run, write_parameter

NOBODY = "65534"
PROFILES = "/etc/sysctl-advisor/profiles"
DROP_IN = "/etc/sysctl.d/99-zz-sysctl-advisor.conf"
QUICK = ("--interval", "0", "--profile", "test")
FORWARD = "net.ipv4.ip_forward"
TIMEOUT = "net.ipv4.tcp_fin_timeout"
BACKLOG = "net.ipv4.tcp_max_syn_backlog"
CLOSED = "vm.swappiness"  # below what private-host.sh mounts read-only
ABSENT = "net.netfilter.nf_conntrack_dccp_loose"  # until 6.16, and with its module
# Of the first network namespace alone; the others show it, with mode 0444.
SHOWN = "net.core.rmem_max"


def profile(targets):
    os.makedirs(PROFILES, exist_ok=True)
    with open(f"{PROFILES}/test.toml", "w") as file:
        file.write('name = "test"\nsummary = "for a test"\n[targets]\n')
        file.writelines(f'"{key}" = {value}\n' for key, value in targets.items())


def mount_read_only(name):
    path = "/proc/sys/" + name.replace(".", "/")
    subprocess.run(["mount", "--bind", path, path], check=True)
    subprocess.run(["mount", "-o", "remount,bind,ro", path], check=True)


def answer(*args, status=0):
    return json.loads(run("apply", *QUICK, "--format", "json", *args, status=status).stdout)


def left_out(given):
    return {one["parameter"]: one["reason"] for one in given["left_out"]}


def changed(given):
    return sorted(change["parameter"] for change in given["changes"])


class LeftOut(unittest.TestCase):
    def setUp(self):
        advisor.require_private_host()

    def assert_done_without(self, closed, done):
        """Planned, done, done already, and taken back: always without what is closed."""
        before = advisor.all_parameters()
        planned, applied, again = answer("--dry-run"), answer("--yes"), answer("--yes")

        for given in (planned, applied, again):
            self.assertEqual(set(left_out(given)), set(closed), given["left_out"])
        done = sorted(done)
        self.assertEqual(changed(planned), done)
        self.assertEqual((changed(applied), applied["status"]), (done, "committed"))
        self.assertEqual((changed(again), again["status"], again["drop_in"]), ([], "nothing", None))
        with open(DROP_IN) as file:
            text = file.read()
        for parameter in closed:
            self.assertNotIn(f"\n{parameter} =", text)
        for parameter in done:
            self.assertIn(f"\n{parameter} =", text)
        self.assertEqual(advisor.audit(*QUICK)["asks"], 0)
        run("rollback", status=0)
        self.assertEqual(advisor.all_parameters(), before)
        self.assertFalse(os.path.exists(DROP_IN))

    def test_a_parameter_that_the_kernel_only_shows_in_this_namespace(self):
        path = "/proc/sys/" + SHOWN.replace(".", "/")
        if not os.path.exists(path) or os.stat(path).st_mode & 0o222:
            self.skipTest(f"this kernel does not show {SHOWN} with mode 0444 in a new namespace")
        profile({TIMEOUT: 45, SHOWN: 4321000})

        self.assert_done_without([SHOWN], [TIMEOUT])

    def test_a_parameter_that_is_mounted_read_only_beside_one_that_moves_others(self):
        write_parameter(FORWARD, "0")
        mount_read_only(TIMEOUT)
        profile({TIMEOUT: 45, FORWARD: 1, CLOSED: 17})

        self.assert_done_without([TIMEOUT, CLOSED], [FORWARD])

    def test_a_parameter_that_is_not_there(self):
        if os.path.exists("/proc/sys/" + ABSENT.replace(".", "/")):
            self.skipTest(ABSENT + " is there")
        profile({ABSENT: 1, TIMEOUT: 45})

        self.assert_done_without([ABSENT], [TIMEOUT])
        self.assertIn("does not have it", left_out(answer("--dry-run"))[ABSENT])

    def test_what_requires_it_goes_with_it_over_any_number_of_steps(self):
        profile({"net.ipv4.tcp_timestamps": f'{{ exactly = 2, requires = {{ "{BACKLOG}" = {{ exactly = 4000 }} }} }}',
                 BACKLOG: f'{{ exactly = 4000, requires = {{ "{CLOSED}" = {{ exactly = 17 }} }} }}',
                 TIMEOUT: 45})

        self.assert_done_without([CLOSED, BACKLOG, "net.ipv4.tcp_timestamps"], [TIMEOUT])
        self.assertIn(f"it requires {BACKLOG}, which cannot be set here",
                      left_out(answer("--dry-run"))["net.ipv4.tcp_timestamps"])

    def test_strict_changes_nothing_at_all(self):
        profile({TIMEOUT: 45, CLOSED: 17})
        before = advisor.all_parameters()

        for how in ("--yes", "--dry-run"):
            done = run("apply", *QUICK, how, "--strict", status=2)

            self.assertIn(f"{CLOSED} = 17: cannot write {CLOSED}: read-only file system", done.stderr)
            self.assertIn("nothing was changed", done.stderr)
        self.assertEqual((advisor.all_parameters(), os.listdir("/etc/sysctl.d")), (before, []))
        profile({TIMEOUT: 45})
        run("apply", *QUICK, "--yes", "--strict", status=0)

    def test_where_nothing_can_be_set_there_is_nothing_to_do(self):
        profile({CLOSED: 17})

        done = run("apply", *QUICK, "--yes", status=0)

        self.assertIn("nothing to change", done.stdout)
        self.assertIn(f"Left out  {CLOSED} = 17: ", done.stdout)
        self.assertEqual(os.listdir("/etc/sysctl.d"), [])

    def test_what_a_profile_may_not_ask_for_is_refused_all_the_same(self):
        for parameter, value in (("kernel.core_pattern", '"|/tmp/x"'), ("kernel.kexec_load_disabled", 1)):
            if os.path.exists("/proc/sys/" + parameter.replace(".", "/")):
                profile({parameter: value, TIMEOUT: 45})
                run("apply", *QUICK, "--yes", status=2)
        self.assertEqual(read_parameter(TIMEOUT), "60")

    def test_audit_and_diff_say_the_same_to_root_and_to_anybody(self):
        mount_read_only(TIMEOUT)
        closed = {TIMEOUT: 45, CLOSED: 17, ABSENT: 1}
        if os.path.exists("/proc/sys/" + SHOWN.replace(".", "/")):
            closed[SHOWN] = 4321000
        profile(closed)

        for user in (None, NOBODY):
            report = advisor.audit(*QUICK, user=user)
            verdicts = {found["rule"]: found["verdict"] for found in report["findings"]
                        if not found["rule"].startswith("boot")}  # files of this machine
            reasons = [left["reason"] for found in report["findings"] for left in found["left_out"]]

            self.assertEqual(verdicts, {"target:" + name: "not-applicable" for name in closed})
            self.assertEqual(len(reasons), len(closed))
            self.assertEqual((report["asks"], report["counts"]["not_applicable"]), (0, len(closed)))
            text = run("audit", *QUICK, user=user, status=0).stdout
            self.assertIn("NOT APPLICABLE", text)
            self.assertIn(f"{len(closed)} not applicable", text)
            diff = run("diff", *QUICK, user=user, status=0)
            self.assertEqual(diff.stdout, "")
            for name in closed:
                self.assertIn(name, diff.stderr)

    def test_what_moves_along_and_could_not_be_put_back_keeps_its_leader_from_being_set(self):
        lo = "net.ipv4.conf.lo.forwarding"
        write_parameter(FORWARD, "0")
        profile({TIMEOUT: 45, FORWARD: 1})

        mount_read_only(lo)
        self.assert_done_without([], [TIMEOUT, FORWARD])  # it goes back with ip_forward

        subprocess.run(["umount", "/proc/sys/net/ipv4/conf/lo/forwarding"], check=True)
        write_parameter(lo, "1")
        mount_read_only(lo)
        self.assert_done_without([FORWARD], [TIMEOUT])
        self.assertIn(f"may move {lo}", left_out(answer("--dry-run"))[FORWARD])

    def test_a_value_that_stands_and_could_not_be_set_again_is_not_kept_for_the_boot(self):
        value = read_parameter(CLOSED)
        with open("/etc/sysctl.d/10-other.conf", "w") as file:
            file.write(f"{CLOSED} = {int(value) + 1}\n")
        profile({TIMEOUT: 45, CLOSED: value})

        applied = answer("--yes")

        self.assertEqual(changed(applied), [TIMEOUT])
        self.assertNotIn(CLOSED, [kept["parameter"] for kept in applied["boot"]["kept"]])


if __name__ == "__main__":
    advisor.main()
