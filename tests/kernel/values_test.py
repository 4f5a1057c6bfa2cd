"""What this kernel makes of values, and what the program does about it: nothing odd gets through."""

import os
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
import advisor
from advisor import read_parameter, run, write_parameter

PROFILES = "/etc/sysctl-advisor/profiles"
RANGE = "net.ipv4.ip_local_port_range"
TIMEOUT = "net.ipv4.tcp_fin_timeout"
TRANSACTIONS = "/var/lib/sysctl-advisor/transactions"
RMEM = "net.ipv4.tcp_rmem"


def accepts(name, value):
    """Whether the kernel answers success to this write."""
    try:
        write_parameter(name, value)
    except OSError:
        return False
    return True


def apply(targets, status=0):
    """Applies a profile of these lines of TOML to the running kernel."""
    os.makedirs(PROFILES, exist_ok=True)
    with open(f"{PROFILES}/values.toml", "w") as file:
        file.write('name = "values"\nsummary = "for a test"\n[targets]\n')
        file.writelines(f'"{name}" = {value}\n' for name, value in targets.items())
    return run("apply", "--yes", "--runtime", "--interval", "0", "--profile", "values", status=status)


class Values(unittest.TestCase):
    def setUp(self):
        advisor.require_private_host()

    def refused(self, name, value, sentence):
        """The program does not even try it, and says why."""
        before = advisor.all_parameters()
        with self.subTest(f"{name} = {value}"):
            done = apply({TIMEOUT: 45, name: value} if name != TIMEOUT else {name: value}, status=2)
            self.assertIn(sentence, done.stderr)
            self.assertEqual(advisor.all_parameters(), before)
            self.assertEqual(os.listdir(TRANSACTIONS) if os.path.exists(TRANSACTIONS) else [], [])

    def test_a_vector_of_which_the_kernel_takes_a_part_is_refused_first(self):
        kept = read_parameter(RMEM).split()[1:]
        for value, first in (("5000 abc 7000", "5000"), ("6001 # comment", "6001")):
            self.assertFalse(accepts(RMEM, value))
            self.assertEqual(read_parameter(RMEM).split(), [first, *kept])

        self.refused(RMEM, '"5002 abc 7000"', "error:")
        self.refused(RMEM, '"5002 # comment"', "error:")
        self.refused(RMEM, "[5555, 0, 7000]", "the kernel takes")

    def test_fields_that_are_missing_or_too_many_are_refused(self):
        last = read_parameter(RMEM).split()[2]
        self.assertTrue(accepts(RMEM, "4096 131072"))
        self.assertEqual(read_parameter(RMEM), f"4096 131072 {last}")
        self.assertTrue(accepts(RANGE, "2000 3000 4000"))
        self.assertEqual(read_parameter(RANGE), "2000 3000")
        self.assertTrue(accepts(TIMEOUT, "40 50"))
        self.assertEqual(read_parameter(TIMEOUT), "40")

        self.refused(RMEM, "[4096, 131072]", "3 whole numbers (min, default, max)")
        self.refused(RANGE, "[20000]", "two whole numbers, low and high")
        self.refused(RANGE, "[2000, 3000, 4000]", "two whole numbers, low and high")
        self.refused(TIMEOUT, "[40, 50]", "one whole number")

    def test_a_number_in_another_base_is_meant_as_the_kernel_reads_it(self):
        for value, number in (("010", "8"), ("0x20", "32")):
            self.assertTrue(accepts(TIMEOUT, value))
            self.assertEqual(read_parameter(TIMEOUT), number)
            write_parameter(TIMEOUT, "60")
            apply({TIMEOUT: f'"{value}"'})
            self.assertEqual(read_parameter(TIMEOUT), number)
            self.assertEqual(apply({TIMEOUT: number}).stdout, "nothing to change\n")

    def test_nonsense_that_the_kernel_accepts_is_refused(self):
        nonsense = {TIMEOUT: "-5", "net.ipv4.tcp_max_syn_backlog": "-1", "net.ipv4.tcp_keepalive_time": "0",
                    "net.ipv4.tcp_max_tw_buckets": "-2", "net.ipv4.tcp_syncookies": "5",
                    "net.ipv4.tcp_timestamps": "7"}
        before = {name: read_parameter(name) for name in [*nonsense, RMEM]}
        for name, value in nonsense.items():
            self.assertTrue(accepts(name, value), name)
        self.assertTrue(accepts(RMEM, "9000 8000 7000"))
        for name, value in before.items():
            write_parameter(name, value)

        for name, value in nonsense.items():
            self.refused(name, value, "makes no sense, though the kernel takes it")
        self.refused(RMEM, "[9000, 8000, 7000]", "its numbers must not fall")

    def test_what_is_no_number_is_refused_whether_the_kernel_takes_it_or_not(self):
        self.assertTrue(accepts(TIMEOUT, "30 # x"))
        self.assertEqual(read_parameter(TIMEOUT), "30")
        for value in ("30# x", "+40", "1e2"):
            self.assertFalse(accepts(TIMEOUT, value), value)
        with open("/proc/sys/net/ipv4/tcp_fin_timeout", "wb", buffering=0) as file:
            file.write(b"")
        self.assertEqual(read_parameter(TIMEOUT), "30")

        for value in ("30 # x", "30# x", "+40", "1e2", ""):
            self.refused(TIMEOUT, f'"{value}"', "error:")

    def test_a_text_is_one_line_that_says_something(self):
        name = "net.ipv4.tcp_congestion_control"
        self.refused(name, '"reno\\ncubic"', "line end")
        self.refused(name, '""', "must not be empty")
        self.refused(name, '"re\\u0001no"', "one line of text")
        self.refused(name, '"sixteen-letters!"', "the kernel keeps 15 bytes")

    def test_a_second_write_to_one_file_is_lost(self):
        with open("/proc/sys/net/ipv4/tcp_fin_timeout", "wb", buffering=0) as file:
            self.assertEqual((file.write(b"41\n"), file.write(b"42\n")), (3, 3))
        self.assertEqual(read_parameter(TIMEOUT), "41")

        trace = "/var/lib/sysctl-advisor/trace"
        try:
            subprocess.run(["strace", "-f", "-o", trace, "-P", "/proc/sys/net/ipv4/tcp_fin_timeout", "-e", "write",
                            advisor.BINARY, "--version"], check=True, capture_output=True)
        except (FileNotFoundError, subprocess.CalledProcessError):
            self.skipTest("needs strace")
        apply({TIMEOUT: 60})
        subprocess.run(["strace", "-f", "-o", trace, "-P", "/proc/sys/net/ipv4/tcp_fin_timeout", "-e", "write",
                        advisor.BINARY, "rollback"], check=True, capture_output=True,
                       env={**os.environ, "ASAN_OPTIONS": "detect_leaks=0"})
        self.assertEqual(open(trace).read().count("write("), 1)
        self.assertEqual(read_parameter(TIMEOUT), "41")

    def test_a_port_set_that_the_kernel_spells_otherwise_is_as_planned(self):
        name = "net.ipv4.ip_local_reserved_ports"
        apply({name: '"8082,8080,8081,9000-9002,9003"'})
        self.assertEqual(read_parameter(name), "8080-8082,9000-9003")
        self.assertEqual(apply({name: '"9000-9003,8080-8082"'}).stdout, "nothing to change\n")
        run("rollback", status=0)
        self.assertEqual(read_parameter(name), "")

    def test_a_name_that_this_kernel_does_not_have_is_told_from_a_missing_parameter(self):
        with self.assertRaises(FileNotFoundError):
            write_parameter("net.ipv4.tcp_congestion_control", "nosuch")

        done = apply({"net.ipv4.tcp_congestion_control": '"nosuch"'}, status=2)

        self.assertIn("The kernel refuses a name that it does not know (ENOENT)", done.stderr)
        self.assertIn("nothing was changed", done.stderr)

    def test_what_forwarding_moves_along_is_put_back(self):
        write_parameter("net.ipv4.conf.all.accept_redirects", "1")
        before = advisor.all_parameters()

        apply({"net.ipv4.ip_forward": 1})
        self.assertEqual(read_parameter("net.ipv4.conf.all.accept_redirects"), "0")
        self.assertEqual(read_parameter("net.ipv4.conf.lo.forwarding"), "1")
        run("rollback", status=0)

        self.assertEqual(advisor.all_parameters(), before)

    def test_redirects_that_were_off_before_forwarding_are_off_after_it(self):
        write_parameter("net.ipv4.conf.all.accept_redirects", "0")
        before = advisor.all_parameters()

        apply({"net.ipv4.ip_forward": 1})
        run("rollback", status=0)

        self.assertEqual(advisor.all_parameters(), before)

    def test_an_interface_that_followed_the_default_follows_it_back(self):
        before = advisor.all_parameters()

        apply({"net.ipv4.conf.default.rp_filter": 2})
        run("rollback", status=0)

        self.assertEqual(advisor.all_parameters(), before)

    def test_parameters_that_bound_each_other_are_all_written_or_none(self):
        start = "net.ipv4.ip_unprivileged_port_start"
        self.assertFalse(accepts(RANGE, "500 60999"))
        before = advisor.all_parameters()

        self.assertIn("ports below 1024 are privileged", apply({RANGE: "[500, 60999]"}, status=2).stderr)
        self.assertEqual(advisor.all_parameters(), before)
        together = {start: 400, RANGE: "[500, 60999]"}
        required = {RANGE: f'{{ exactly = [500, 60999], requires = {{ "{start}" = {{ exactly = 400 }} }} }}'}
        for targets in (together, required):
            apply(targets)
            self.assertEqual((read_parameter(start), read_parameter(RANGE)), ("400", "500 60999"))
            run("rollback", status=0)
            self.assertEqual(advisor.all_parameters(), before)

    def test_a_value_that_only_the_kernel_can_judge_undoes_the_others(self):
        before = advisor.all_parameters()

        done = apply({RANGE: "[20000, 60999]", "net.ipv4.tcp_fastopen_key": '"nonsense"'}, status=2)

        self.assertIn("the kernel does not take this value", done.stderr)
        self.assertIn("everything is as it was before", done.stderr)
        self.assertEqual(advisor.all_parameters(), before)

    def test_what_this_namespace_does_not_have_or_may_not_write_is_said(self):
        before = advisor.all_parameters()

        for name in ("net.core.netdev_max_backlog", "net.core.rmem_max"):
            done = apply({name: 1000000})

            self.assertIn("Left out", done.stdout)
            self.assertIn(name, done.stdout)
        self.assertEqual(advisor.all_parameters(), before)

    def test_what_the_kernel_rounds_to_a_tick_is_met_and_taken_back(self):
        before = advisor.all_parameters()
        asked = ("apply", "--yes", "--runtime", "--set", "net.ipv4.icmp_ratelimit=1001")

        run(*asked, status=0)
        self.assertIn(int(read_parameter("net.ipv4.icmp_ratelimit")), range(1001, 1011))
        self.assertIn("nothing to change", run(*asked, status=0).stdout)

        run("rollback", status=0)
        self.assertEqual(advisor.all_parameters(), before)

    def test_values_by_name_are_one_transaction(self):
        before = advisor.all_parameters()
        by_name = ("--set", f"{TIMEOUT}=33", "--set", "net.ipv4.tcp_mem=1000000 2000000 x")
        run("apply", "--yes", "--runtime", *by_name, status=2)
        self.assertEqual(advisor.all_parameters(), before)

        run("apply", "--yes", "--set", f"{TIMEOUT}=33", "--set", f"{RANGE}=20000 50000", status=0)
        self.assertEqual(read_parameter(TIMEOUT), "33")
        self.assertEqual(read_parameter(RANGE).split(), ["20000", "50000"])
        run("rollback", status=0)
        self.assertEqual(advisor.all_parameters(), before)

    def test_an_interface_with_a_dot_in_its_name_has_one_spelling(self):
        for command in ("link set lo down", "link set lo name e.100", "link set e.100 up"):
            done = subprocess.run(["ip", *command.split()], capture_output=True, text=True)
            if done.returncode != 0:
                self.skipTest(done.stderr)
        name = "net.ipv4.conf.e/100.rp_filter"
        self.refused("net.ipv4.conf.e.100.rp_filter", "2", "unknown parameter")

        apply({name: 2})
        self.assertEqual(open("/proc/sys/net/ipv4/conf/e.100/rp_filter").read(), "2\n")
        run("rollback", status=0)
        self.assertEqual(open("/proc/sys/net/ipv4/conf/e.100/rp_filter").read(), "0\n")


if __name__ == "__main__":
    advisor.main()
