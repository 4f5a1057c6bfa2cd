"""What apply writes for the next boot, on the real kernel and with the loaders of this system."""

import json
import os
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
import advisor
from advisor import read_parameter, run, write_parameter

PROFILES = "/etc/sysctl-advisor/profiles"
DROP_IN = "/etc/sysctl.d/99-zz-sysctl-advisor.conf"
LATER = "/etc/sysctl.d/99-zzz.conf"
EARLIER = "/etc/sysctl.d/10-app.conf"
TIMEOUT = "net.ipv4.tcp_fin_timeout"


def put(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write(text)


def apply(*args, status=0):
    return run("apply", "--yes", "--interval", "0", "--profile", "p", *args, status=status)


def drop_in():
    with open(DROP_IN) as file:
        return file.read()


def joined(text):
    """Without the line ends of wrapped text."""
    return " ".join(text.split())


def after_a_boot(parameter, default="60"):
    """What procps makes of the files of sysctl.d, in the order of their names."""
    write_parameter(parameter, default)
    files = sorted(os.listdir("/etc/sysctl.d"))
    subprocess.run(["sysctl", "-q", "-e", "-p", *(f"/etc/sysctl.d/{name}" for name in files)],
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return read_parameter(parameter)


class Persistence(unittest.TestCase):
    def setUp(self):
        advisor.require_private_host()
        put(f"{PROFILES}/p.toml",
            f'name = "p"\nsummary = "s"\n[targets]\n"{TIMEOUT}" = {{ at_most = 45 }}\n')

    def test_what_was_applied_to_the_running_kernel_alone_is_persisted_later(self):
        apply("--runtime")
        self.assertFalse(os.path.exists(DROP_IN))

        answer = json.loads(apply("--format", "json").stdout)

        self.assertEqual(answer["changes"], [])
        self.assertEqual(answer["boot"]["kept"],
                         [{"parameter": TIMEOUT, "value": "45", "at_boot": "60", "by_file": False,
                           "because": f"target:{TIMEOUT}"}])
        self.assertIn(f"# target:{TIMEOUT}: Profile p wants this value\n{TIMEOUT} = 45\n", drop_in())

        again = json.loads(apply("--format", "json").stdout)

        self.assertEqual((again["status"], again["boot"]["kept"]), ("nothing", []))

    def test_a_value_set_by_hand_that_meets_the_profile_is_persisted_as_it_is(self):
        write_parameter(TIMEOUT, "30")

        apply()

        self.assertEqual(read_parameter(TIMEOUT), "30")
        self.assertIn(f"{TIMEOUT} = 30\n", drop_in())

    def test_keeping_a_value_is_a_transaction_that_can_be_taken_back(self):
        write_parameter(TIMEOUT, "30")
        put(DROP_IN, "# by hand\nnet.ipv4.tcp_sack = 1\n")

        apply()
        self.assertTrue(drop_in().startswith("# by hand\nnet.ipv4.tcp_sack = 1\n"))
        run("rollback", status=0)

        self.assertEqual(drop_in(), "# by hand\nnet.ipv4.tcp_sack = 1\n")
        self.assertEqual(read_parameter(TIMEOUT), "30")

    def test_a_file_that_beats_the_drop_in_under_both_loaders_refuses_and_changes_nothing(self):
        put(LATER, f"\n{TIMEOUT} = 50\n")

        refused = apply(status=2)

        self.assertIn(f"{LATER}:2 sets 50 after it under systemd-sysctl", refused.stderr)
        self.assertIn("nothing was changed", refused.stderr)
        self.assertEqual(read_parameter(TIMEOUT), "60")
        self.assertFalse(os.path.exists(DROP_IN))
        with open(LATER) as file:
            self.assertEqual(file.read(), f"\n{TIMEOUT} = 50\n")

        apply("--runtime")

        self.assertEqual(read_parameter(TIMEOUT), "45")

    def test_a_file_that_comes_to_beat_the_drop_in_is_found_by_the_next_run(self):
        apply()
        put(LATER, f"{TIMEOUT} = 50\n")

        refused = apply(status=2)

        self.assertIn(f"{LATER}:1 sets 50 after it", refused.stderr)

    def test_a_file_that_sets_the_same_is_carried_out_and_needs_no_line_of_ours(self):
        put(LATER, f"{TIMEOUT} = 45\n")

        done = apply()

        self.assertEqual(done.stderr, "")
        self.assertIn(f"{TIMEOUT} = 45 ({LATER}:1) was not in effect ({TIMEOUT} was 60)", joined(done.stdout))
        self.assertEqual(read_parameter(TIMEOUT), "45")
        self.assertFalse(os.path.exists(DROP_IN))

    def test_a_file_that_does_more_than_is_asked_is_carried_out_and_not_undercut(self):
        put(EARLIER, f"{TIMEOUT} = 20 # vendor\n")

        answer = json.loads(apply("--format", "json").stdout)

        self.assertEqual(answer["boot"]["carried_out"],
                         [{"parameter": TIMEOUT, "now": "60", "value": "20",
                           "where": f"{EARLIER}:1", "sets": f"{TIMEOUT} = 20 # vendor"}])
        self.assertEqual(read_parameter(TIMEOUT), "20")
        self.assertFalse(os.path.exists(DROP_IN))
        self.assertEqual(after_a_boot(TIMEOUT), "20")
        self.assertEqual(json.loads(apply("--format", "json").stdout)["status"], "nothing")

    def test_diff_has_no_hunk_for_a_line_that_is_not_in_effect_and_names_it(self):
        put(EARLIER, f"{TIMEOUT} = 20\n")

        for command in (["diff"], ["audit", "--format", "diff"]):
            shown = run(*command, "--interval", "0", "--profile", "p", status=1)
            self.assertEqual(shown.stdout, "")
            self.assertEqual(shown.stderr.count("\n"), 1)
            self.assertIn(f"{TIMEOUT} = 20 ({EARLIER}:1) is not in effect", shown.stderr)

    def test_a_line_of_ours_that_undercuts_a_file_goes_and_comes_back_with_a_rollback(self):
        put(EARLIER, f"{TIMEOUT} = 20\n")
        put(DROP_IN, f"# by hand\nnet.ipv4.tcp_sack = 1\n{TIMEOUT} = 45\n")

        apply()

        self.assertEqual(drop_in(), "# by hand\nnet.ipv4.tcp_sack = 1\n")
        self.assertEqual((read_parameter(TIMEOUT), after_a_boot(TIMEOUT)), ("20", "20"))
        run("rollback", status=0)
        self.assertEqual(drop_in(), f"# by hand\nnet.ipv4.tcp_sack = 1\n{TIMEOUT} = 45\n")
        self.assertEqual(read_parameter(TIMEOUT), "60")

    def test_a_later_line_under_the_other_name_of_the_variable_refuses_as_one_of_the_same_name(self):
        put(f"{PROFILES}/p.toml",
            'name = "p"\nsummary = "s"\n[targets]\n"net.ipv4.ip_forward" = 1\n')
        write_parameter("net.ipv4.ip_forward", "0")
        put(LATER, "net.ipv4.conf.all.forwarding = 0\n")

        refused = apply(status=2)

        self.assertIn(f"{LATER}:1 sets net.ipv4.conf.all.forwarding = 0 after it", refused.stderr)
        self.assertEqual(read_parameter("net.ipv4.ip_forward"), "0")
        explained = joined(run("explain", "net.ipv4.ip_forward", status=0).stdout)
        self.assertIn(f"{LATER}:1 decides: net.ipv4.conf.all.forwarding = 0", explained)

    def test_the_loaders_leave_what_is_foretold_of_lines_that_the_kernel_takes_in_its_own_way(self):
        for text, left in (("33 # vendor", "33"), ("0x20", "32"), ("40 50", "40"), ("30s", "60")):
            put(EARLIER, f"{TIMEOUT} = {text}\n")
            write_parameter(TIMEOUT, "60")

            explained = json.loads(run("explain", TIMEOUT, "--format", "json", status=0).stdout)

            outcomes = explained["parameters"][0]["boot"]["outcomes"]
            self.assertEqual({outcome["value"] or "60" for outcome in outcomes}, {left}, text)
            self.assertEqual(after_a_boot(TIMEOUT), left, text)

    def test_the_answer_names_the_line_that_beats_ours_under_one_loader(self):
        put(LATER, f"-{TIMEOUT}\n")  # procps leaves an assignment standing, systemd does not

        answer = json.loads(apply("--format", "json").stdout)

        self.assertEqual(answer["status"], "committed")
        self.assertEqual(answer["boot"]["beaten_by"],
                         [{"parameter": TIMEOUT, "value": "45", "loader": "systemd-sysctl",
                           "where": f"{LATER}:1", "sets": None}])

    def test_the_line_of_an_interface_called_by_a_pattern_is_for_it_alone(self):
        odd = "net.ipv4.conf.?.rp_filter"
        for change in (["down"], ["name", "?"]):
            subprocess.run(["ip", "link", "set", "lo", *change], check=True)
        put(f"{PROFILES}/p.toml", f'name = "p"\nsummary = "s"\n[targets]\n"{odd}" = 1\n')

        apply()

        self.assertIn("\nnet.ipv4.conf.[?].rp_filter = 1\n", drop_in())
        with open("/var/lib/sysctl-advisor/transactions/1/rollback.conf") as file:
            self.assertIn("\nnet.ipv4.conf.[?].rp_filter = 0\n", file.read())
        for loader in (["/usr/lib/systemd/systemd-sysctl"], ["sysctl", "--system"]):
            write_parameter(odd, "0")
            try:
                subprocess.run(loader, capture_output=True, check=False)
            except FileNotFoundError:
                continue
            self.assertEqual(read_parameter(odd), "1", loader)
        self.assertEqual(json.loads(apply("--format", "json").stdout)["status"], "nothing")


if __name__ == "__main__":
    advisor.main()
