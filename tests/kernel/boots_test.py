"""Random files of sysctl.d: what a boot would leave is foretold, and no two answers contradict each other.

The loaders of this system carry the files out on the real kernel. 100 trees of files; 5,000 with
ADVISOR_BOOTS=all.
"""

import json
import os
import random
import shutil
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
import advisor
from advisor import read_parameter, run, write_parameter

ALL = os.environ.get("ADVISOR_BOOTS") == "all"
TREES, HOSTS = (5000, 400) if ALL else (100, 10)
SYSTEMD_SYSCTL = "/usr/lib/systemd/systemd-sysctl"
LOADERS = {"systemd-sysctl": [SYSTEMD_SYSCTL], "sysctl --system": ["sysctl", "--system"]}
DIRECTORIES = ("/etc/sysctl.d", "/run/sysctl.d")
PROFILE = "/etc/sysctl-advisor/profiles/p.toml"

START = {
    "net.ipv4.ip_local_port_range": "32768 60999", "net.ipv4.ip_unprivileged_port_start": "1024",
    "net.ipv4.ipfrag_low_thresh": "3145728", "net.ipv4.ipfrag_high_thresh": "4194304",
    "net.ipv4.tcp_max_reordering": "300", "net.ipv4.tcp_reordering": "3",
    "net.ipv4.ip_forward": "0", "net.ipv4.conf.lo.forwarding": "0",
    "net.ipv4.conf.default.forwarding": "0", "net.ipv4.conf.all.accept_redirects": "1",
    "net.ipv4.conf.all.rp_filter": "0", "net.ipv4.conf.lo.rp_filter": "0",
    "net.ipv4.conf.default.rp_filter": "0", "net.core.somaxconn": "4096",
    "net.ipv4.tcp_fin_timeout": "60", "net.ipv4.tcp_timestamps": "1", "net.ipv4.tcp_retries2": "15",
    "net.ipv4.tcp_rmem": "4096 131072 6291456", "net.ipv4.ip_local_reserved_ports": ""}
KEYS = (*START, "net.ipv4.conf.all.forwarding", "net/ipv4/conf/all/forwarding",
        "net.ipv4.conf.*.rp_filter", "net.ipv4.conf.*.forwarding", "net.ipv4.conf.l?.rp_filter",
        "-net.ipv4.conf.lo.rp_filter", "net.core.somaxcon", "net.ipv4.conf.eth9.rp_filter")
VALUES = ("0", "1", "2", "3", "33 # x", "0x20", "300", "-1", "30s", "", "400", "500 60999", "20000",
          "20001 60999", "8192 16384", "8192 16384 32768", "8192 -1 100", "6291456", "8388608",
          "1000000", "65536", "1-3,9", "010")
TARGETS = {
    "net.core.somaxconn": "{ at_least = 4096 }", "net.ipv4.tcp_fin_timeout": "{ at_most = 45 }",
    "net.ipv4.ip_forward": "1", "net.ipv4.tcp_timestamps": "1",
    "net.ipv4.ip_local_port_range": "{ covers = [20001, 60999] }",
    "net.ipv4.conf.all.rp_filter": "{ one_of = [2, 1] }"}


def reset():
    for last in (False, True):  # the kernel holds some against each other, in either order
        for name, value in START.items():
            try:
                write_parameter(name, value)
            except OSError:
                assert not last, name
    for name, value in START.items():
        assert read_parameter(name) == value, (name, read_parameter(name))


def put_files(rng):
    """A few files of a few lines each; what was written, for messages."""
    written = ""
    for directory in DIRECTORIES:
        shutil.rmtree(directory, ignore_errors=True) if directory != "/etc/sysctl.d" else None
        os.makedirs(directory, exist_ok=True)
        for name in os.listdir(directory):
            os.remove(f"{directory}/{name}")
    for _ in range(rng.randint(1, 3)):
        path = f"{rng.choice(DIRECTORIES)}/{rng.choice(('10-a', '50-b', '99-zz', '99-zzz'))}.conf"
        lines = [f"{rng.choice(KEYS)} = {rng.choice(VALUES)}" for _ in range(rng.randint(1, 6))]
        with open(path, "w") as file:
            file.write("\n".join(lines) + "\n")
        written += f"\n{path}: " + "; ".join(lines)
    return written


def foretold():
    """By loader and parameter: what it leaves; None if that cannot be told."""
    names = [name for name in START] + ["net.ipv4.conf.all.forwarding"]
    answer = json.loads(run("explain", *names, "--interval", "0", "--format", "json", status=0).stdout)
    told = {}
    for explained in answer["parameters"]:
        for outcome in explained["boot"]["outcomes"]:
            for loader in outcome["by"]:
                left = outcome["value"] if outcome["line"] else explained["value"]
                told[loader, explained["parameter"]] = left
    return told


@unittest.skipUnless(os.path.exists(SYSTEMD_SYSCTL) and shutil.which("sysctl"), "needs both loaders")
class Boots(unittest.TestCase):
    def setUp(self):
        advisor.require_private_host()

    def test_both_loaders_leave_what_is_foretold_of_random_files(self):
        rng = random.Random(17)
        agreed = untold = 0
        wrong = []
        for tree in range(TREES):
            files = put_files(rng)
            reset()
            told = foretold()
            for loader, command in LOADERS.items():
                reset()
                subprocess.run(command, capture_output=True, check=False)
                for (by, name), left in told.items():
                    if by != loader:
                        continue
                    is_left = read_parameter(name)
                    untold += left is None
                    agreed += left == is_left
                    if left not in (None, is_left):
                        wrong.append(f"tree {tree}, {loader}: {name} is {is_left!r}, foretold was "
                                     f"{left!r}{files}")
        print(f"{TREES} trees: {agreed} values as foretold, {untold} not foretold")
        self.assertEqual(len(wrong), 0, f"{len(wrong)}:\n" + "\n".join(wrong[:5]))
        self.assertGreater(agreed, 20 * untold)

    def test_no_two_answers_of_one_host_contradict_each_other(self):
        os.makedirs(os.path.dirname(PROFILE), exist_ok=True)
        options = ("--interval", "0", "--profile", "p")
        rng = random.Random(18)
        seen = {}
        for host in range(HOSTS):
            files = put_files(rng)
            reset()
            for name in rng.sample(list(TARGETS), 3):
                wrong = {"net.ipv4.ip_local_port_range": "40000 60999"}.get(name, "0")
                write_parameter(name, wrong if name != "net.core.somaxconn" else "128")
            chosen = rng.sample(list(TARGETS), rng.randint(1, 4))
            with open(PROFILE, "w") as file:
                file.write('name = "p"\nsummary = "s"\n[targets]\n')
                file.writelines(f'"{name}" = {TARGETS[name]}\n' for name in chosen)
            with self.subTest(host=host, files=files, targets=chosen):
                outcome = self.agree(options)
                seen[outcome] = seen.get(outcome, 0) + 1
            shutil.rmtree("/var/lib/sysctl-advisor/transactions", ignore_errors=True)
        print(f"{HOSTS} hosts: {seen}")
        self.assertGreater(min(seen.get(outcome, 0) for outcome in ("done", "refused")), 0)

    def agree(self, options):
        """Asks all that can be asked of a host, carries it out, and asks again."""
        audited = run("audit", *options, "--format", "json")
        report = json.loads(audited.stdout)
        planned = run("apply", "--dry-run", *options, "--format", "json")
        differs = run("diff", *options)
        self.assertEqual(audited.returncode, 1 if report["asks"] else 0)
        self.assertEqual(planned.returncode == 2, differs.returncode == 2, planned.stderr + differs.stderr)
        done = run("apply", "--yes", *options)
        self.assertEqual(done.returncode, 2 if planned.returncode == 2 else 0, done.stderr)
        if planned.returncode == 2:
            return "refused"
        plan = json.loads(planned.stdout)
        to_do = bool(plan["changes"]) or differs.returncode == 1
        self.assertEqual(report["asks"] > 0, to_do, audited.stdout + differs.stdout + differs.stderr)
        again = json.loads(run("apply", "--dry-run", *options, "--format", "json", status=0).stdout)
        self.assertEqual((again["changes"], again["drop_in"]), ([], None))
        asks = [found["rule"] for found in json.loads(
            run("audit", *options, "--format", "json").stdout)["findings"]
            if found["verdict"] == "violated" and found["severity"] != "info"]
        self.assertEqual(asks, [])
        self.assertEqual(run("diff", *options).returncode, 0)
        return "done" if to_do else "nothing to do"


if __name__ == "__main__":
    advisor.main()
