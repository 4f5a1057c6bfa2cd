"""Parameters that the kernel holds against each other: there, back, cut off anywhere, and at boot."""

import json
import os
import shutil
import signal
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
import advisor
import faults
from advisor import all_parameters, read_parameter, run, write_parameter
from world import World, parameter_paths

PROFILES = "/etc/sysctl-advisor/profiles"
DROP_IN = "/etc/sysctl.d/99-zz-sysctl-advisor.conf"
SYSTEMD_SYSCTL = "/lib/systemd/systemd-sysctl"
RANGE = "net.ipv4.ip_local_port_range"
START = "net.ipv4.ip_unprivileged_port_start"
LOW = "net.ipv4.ipfrag_low_thresh"
HIGH = "net.ipv4.ipfrag_high_thresh"
REORDERING = "net.ipv4.tcp_reordering"
MAX_REORDERING = "net.ipv4.tcp_max_reordering"
FRAG6 = ("net.ipv6.ip6frag_low_thresh", "net.ipv6.ip6frag_high_thresh")
CONNTRACK6 = ("net.netfilter.nf_conntrack_frag6_low_thresh",
              "net.netfilter.nf_conntrack_frag6_high_thresh")

# Of the calls at which a run is cut off; all of them with ADVISOR_FAULTS=all.
STRIDE = 1 if os.environ.get("ADVISOR_FAULTS") == "all" else 4

# Each row names first the parameter that must not be written first.
DOWN = {RANGE: "500 60999", START: "400"}
UP = {START: "20000", RANGE: "20001 60999"}
LOWERED = {HIGH: "2000000", LOW: "1000000"}
RAISED = {LOW: "6000000", HIGH: "8000000"}
WANTED = {"down": DOWN, "up": UP, "lowered": LOWERED, "raised": RAISED,
          "all at once": {**DOWN, **RAISED, MAX_REORDERING: "500", REORDERING: "400"},
          "reordering": {MAX_REORDERING: "100", REORDERING: "2"}}


def put(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write(text)


def want(values):
    targets = "".join(f'"{name}" = "{value}"\n' if " " in value else f'"{name}" = {value}\n'
                      for name, value in values.items())
    put(f"{PROFILES}/p.toml", f'name = "p"\nsummary = "for a test"\n[targets]\n{targets}')


def apply(*args, status=0):
    return run("apply", "--yes", "--interval", "0", "--profile", "p", *args, status=status)


def existing(values):
    return {name: value for name, value in values.items()
            if os.path.exists("/proc/sys/" + name.replace(".", "/"))}


def in_fresh_namespace(*command, names):
    """What the parameters are in a new network namespace once `command` was run there."""
    script = f"{' '.join(command)} >&2; " + "".join(
        f"cat /proc/sys/{name.replace('.', '/')}; " for name in names)
    done = subprocess.run(["unshare", "--net", "sh", "-c", script], capture_output=True, text=True)
    values = [" ".join(line.split()) for line in done.stdout.splitlines()]
    return dict(zip(names, values)), done.stderr


class Order(unittest.TestCase):
    def setUp(self):
        advisor.require_private_host()
        for low, high in (FRAG6, CONNTRACK6):
            for wanted, numbers in ((LOWERED, ("1000000", "2000000")), (RAISED, ("6000000", "8000000"))):
                wanted.update(existing({low: numbers[0], high: numbers[1]}))

    def check_there_and_back(self, values):
        before = all_parameters()
        want(values)

        answer = json.loads(apply("--format", "json").stdout)

        self.assertEqual(answer["status"], "committed")
        self.assertEqual({name: read_parameter(name) for name in values}, values)
        run("rollback", status=0)
        self.assertEqual(all_parameters(), before)
        self.assertFalse(os.path.exists(DROP_IN))

    def test_down_and_back_up(self):
        self.check_there_and_back(DOWN)

    def test_up_and_back_down(self):
        self.check_there_and_back(UP)

    def test_thresholds_lowered_and_raised_again(self):
        self.check_there_and_back(LOWERED)

    def test_thresholds_raised_and_lowered_again(self):
        self.check_there_and_back(RAISED)

    def test_several_pairs_at_once(self):
        self.check_there_and_back(WANTED["all at once"])

    def test_what_the_kernel_looks_at_on_one_side_only_goes_back_too(self):
        write_parameter(REORDERING, "200")
        self.check_there_and_back(WANTED["reordering"])

    def test_rollback_conf_loaded_by_sysctl_restores_everything(self):
        for name, values in WANTED.items():
            with self.subTest(name):
                want(values)
                before = all_parameters()
                transaction = json.loads(apply("--format", "json", "--runtime").stdout)
                self.assertNotEqual(all_parameters(), before)

                loaded = subprocess.run(["sysctl", "-p", transaction["rollback_file"]],
                                        capture_output=True, text=True)

                self.assertEqual((loaded.returncode, loaded.stderr), (0, ""))
                self.assertEqual(all_parameters(), before)

    def test_the_drop_in_is_taken_by_both_loaders_in_a_fresh_namespace(self):
        for name, values in WANTED.items():
            with self.subTest(name):
                want(values)
                apply()

                loaded, said = in_fresh_namespace("sysctl", "-p", DROP_IN, names=values)
                self.assertEqual((loaded, said.count("nvalid")), (values, 0), said)
                if os.path.exists(SYSTEMD_SYSCTL):
                    loaded, said = in_fresh_namespace(SYSTEMD_SYSCTL, DROP_IN, names=values)
                    self.assertEqual((loaded, said), (values, ""))
                run("rollback", status=0)

    def test_lines_that_the_drop_in_has_already_come_in_an_order_that_is_taken(self):
        put(DROP_IN, f"# by hand\n{LOW} = 1000\n\n# of another day\n{HIGH} = 2000\n")
        wanted = {LOW: "6000000", HIGH: "8000000"}
        want(wanted)

        apply()

        loaded, said = in_fresh_namespace("sysctl", "-p", DROP_IN, names=wanted)
        self.assertEqual(loaded, wanted, said)
        run("rollback", status=0)
        with open(DROP_IN) as file:
            self.assertEqual(file.read(), f"# by hand\n{LOW} = 1000\n\n# of another day\n{HIGH} = 2000\n")

    def test_an_end_that_the_kernel_refuses_is_refused_before_anything_is_written(self):
        before = all_parameters()
        for values, first, second in (
                ({LOW: "9000000"}, "9000000", "4194304"),
                ({LOW: "6000000", HIGH: "5000000"}, "6000000", "5000000"),
                ({START: "40000"}, "40000", "32768 60999"),
                ({MAX_REORDERING: "2"}, f"{MAX_REORDERING} = 2", f"{REORDERING} is 3"),
                ({REORDERING: "301"}, "301", "300")):
            with self.subTest(values):
                want(values)

                said = apply(status=2).stderr

                self.assertIn(first, said)
                self.assertIn(second, said)
                self.assertIn("nothing was changed", said)
                self.assertEqual(all_parameters(), before)
                self.assertEqual(run("history").stdout, "no transactions\n")

    def test_a_value_that_a_boot_would_refuse_is_not_persisted(self):
        write_parameter(START, "400")  # by hand, in no file
        want({RANGE: "500 60999"})

        said = apply(status=2).stderr

        self.assertIn(f"{START}, which is 1024", said)
        apply("--runtime")
        self.assertEqual(read_parameter(RANGE), "500 60999")

    def test_a_rollback_that_the_kernel_would_refuse_is_refused_with_both_values(self):
        want({HIGH: "8000000"})
        apply()
        write_parameter(LOW, "6000000")
        before = all_parameters()

        said = run("rollback", status=2).stderr

        self.assertIn(f"{HIGH} = 4194304: the kernel takes nothing below {LOW}, which is 6000000", said)
        self.assertEqual(all_parameters(), before)

    @unittest.skipUnless(shutil.which("strace"), "needs strace")
    def test_cut_off_at_every_call_that_changes_something_it_is_recovered(self):
        want(WANTED["all at once"])
        run("history", status=0)
        start = World(parameter_paths())
        command = ("apply", "--yes", "--interval", "0", "--profile", "p")
        _, points = faults.points_of(command)
        start.restore()
        points = [point for point in points if point.changing and point.call not in faults.LOOKING][::STRIDE]
        killed = 0
        for point in points:
            status, said = faults.kill_at(point, command)
            killed += status == -signal.SIGKILL
            recovered = run("recover")
            self.assertEqual(recovered.returncode, 0, recovered.stderr)
            left = World(start.paths)
            if "committed" not in [journal["state"] for journal in left.journals()]:
                self.assertEqual(start.differences(left), [], f"{point}: {said}{recovered.stderr}")
            start.restore(left)
        print(f"killed at {killed} points")
        self.assertGreater(killed, 10)


if __name__ == "__main__":
    advisor.main(at_once=os.cpu_count())
