"""Advice, change and way back in another network namespace: --netns NAME|PID."""

import json
import os
import subprocess
import sys
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
import advisor
from advisor import read_parameter, run

PROFILES = "/etc/sysctl-advisor/profiles"
FIN_TIMEOUT = "net.ipv4.tcp_fin_timeout"
QUICK = ("--yes", "--interval", "0")


def profile(name, targets):
    os.makedirs(PROFILES, exist_ok=True)
    with open(f"{PROFILES}/{name}.toml", "w") as file:
        file.write(f'name = "{name}"\nsummary = "for a test"\n[targets]\n')
        file.writelines(f'"{key}" = {value}\n' for key, value in targets.items())


def inside(name, *command):
    return subprocess.run(["ip", "netns", "exec", name, *command], check=True, capture_output=True,
                          text=True).stdout


def value_in(name, parameter):
    return " ".join(inside(name, "cat", "/proc/sys/" + parameter.replace(".", "/")).split())


def history(*args):
    return json.loads(run("history", "--format", "json", *args, status=0).stdout)["transactions"]


class NetworkNamespaces(unittest.TestCase):
    def setUp(self):
        advisor.require_private_host()
        subprocess.run(["mount", "-t", "tmpfs", "tmpfs", "/run"], check=True)
        subprocess.run(["ip", "netns", "add", "blue"], check=True)
        self.addCleanup(subprocess.run, ["ip", "netns", "delete", "blue"], capture_output=True)
        profile("one", {FIN_TIMEOUT: 45})

    def test_all_of_them_are_read_each_with_its_own_findings(self):
        inside("blue", "sh", "-c", "echo 5 > /proc/sys/net/ipv4/tcp_fin_timeout")
        sleeper = subprocess.Popen(["unshare", "--net", "sleep", "60"])
        self.addCleanup(sleeper.kill)
        own = os.stat("/proc/self/ns/net").st_ino
        while os.stat(f"/proc/{sleeper.pid}/ns/net").st_ino == own:
            time.sleep(0.01)

        answer = json.loads(run("audit", "--netns", "all", "--interval", "0", "--format", "json", status=1).stdout)
        text = run("audit", "--netns", "all", "--interval", "0", "-v", status=1).stdout
        refused = run("audit", "--netns", "all", "--interval", "0", "--format", "json", user=65534, status=2)

        entries = answer["namespaces"]
        blue = next(entry for entry in entries if entry["name"] == "blue")
        nameless = next(entry for entry in entries if entry["pid"] == sleeper.pid)
        lowered = {entry["name"]: advisor.fired(entry["report"], "folklore-fin-timeout") for entry in entries}
        self.assertEqual(nameless["command"], "sleep")
        self.assertTrue(lowered.pop("blue"), blue)
        self.assertFalse(any(lowered.values()))
        self.assertIn("Network namespace blue\n", text)
        self.assertIn(f"sleep, pid {sleeper.pid}", text)
        lines = [json.loads(line) for line in
                 run("audit", "--netns", "all", "--interval", "0", "--format", "jsonl", status=1).stdout.splitlines()]
        self.assertEqual(len(lines), len(entries))
        self.assertEqual([line["host"]["netns"] for line in lines[:1]], [""])
        firing = {line["host"]["netns"] for line in lines
                  if any(found["rule"] == "folklore-fin-timeout" for found in line["findings"])}
        self.assertEqual(firing, {"blue"})
        self.assertEqual(len({line["profile_hash"] for line in lines}), 1)
        of_nobody = [json.loads(line) for line in
                     run("audit", "--netns", "all", "--interval", "0", "--format", "jsonl", user=65534,
                         status=2).stdout.splitlines()]
        self.assertEqual(of_nobody[1]["status"], "failed")
        self.assertIn("sudo", of_nobody[1]["error"])
        errors = [entry["error"] for entry in json.loads(refused.stdout)["namespaces"]]
        self.assertIsNone(errors[0])  # that of the command itself
        self.assertIn("sudo", errors[1])
        self.assertEqual(run("apply", *QUICK, "--netns", "all", status=2).stdout, "")

    def test_an_audit_of_one_says_that_there_are_others(self):
        of_host = json.loads(run("audit", "--interval", "0", "--format", "json").stdout)["host"]
        of_blue = json.loads(run("audit", "--netns", "blue", "--interval", "0", "--format", "json").stdout)["host"]

        self.assertGreaterEqual(of_host["other_namespaces"], 1)
        self.assertIsNone(of_blue["other_namespaces"])
        self.assertIn("--netns all", run("audit", "--interval", "0").stdout)

    def test_it_is_changed_and_taken_back_there_and_nowhere_else(self):
        before, there = advisor.all_parameters(), inside("blue", "sysctl", "-a", "--pattern", "^net")

        shown = run("apply", *QUICK, "--profile", "one", "--netns", "blue", status=0).stdout
        self.assertEqual(value_in("blue", FIN_TIMEOUT), "45")
        self.assertEqual(advisor.all_parameters(), before)
        self.assertEqual(os.listdir("/etc/sysctl.d"), [])
        self.assertIn("`sysctl-advisor rollback 1 --netns blue` takes it back", shown)

        refused = run("rollback", status=2).stderr
        self.assertIn("run `sysctl-advisor rollback 1 --netns blue`", refused)
        run("rollback", "--netns", "blue", status=0)
        self.assertEqual(inside("blue", "sysctl", "-a", "--pattern", "^net"), there)
        self.assertEqual([row["netns"] for row in history("--netns", "blue")], ["blue", "blue"])

    def test_plain_sysctl_restores_there_as_the_rollback_file_says(self):
        run("apply", *QUICK, "--profile", "one", "--netns", "blue", status=0)
        with open("/var/lib/sysctl-advisor/transactions/1/rollback.conf") as file:
            command = next(line for line in file if "Restore them" in line).split(": ")[1]

        subprocess.run(command.split(), check=True, capture_output=True)

        self.assertEqual(value_in("blue", FIN_TIMEOUT), "60")

    def test_without_an_id_the_newest_transaction_of_that_namespace_is_meant(self):
        run("apply", *QUICK, "--profile", "one", "--netns", "blue", status=0)
        run("apply", *QUICK, "--profile", "one", "--runtime", status=0)

        run("rollback", "--netns", "blue", status=0)

        self.assertEqual((value_in("blue", FIN_TIMEOUT), read_parameter(FIN_TIMEOUT)), ("60", "45"))
        run("rollback", "2", status=0)
        self.assertEqual(read_parameter(FIN_TIMEOUT), "60")

    def test_another_namespace_of_the_same_name_is_not_touched(self):
        run("apply", *QUICK, "--profile", "one", "--netns", "blue", status=0)
        subprocess.run(["ip", "netns", "delete", "blue"], check=True)
        subprocess.run(["ip", "netns", "add", "blue"], check=True)
        inside("blue", "sysctl", "-w", FIN_TIMEOUT + "=45")

        refused = run("rollback", "1", "--netns", "blue", status=2).stderr

        self.assertIn("is another one", refused)
        self.assertEqual(value_in("blue", FIN_TIMEOUT), "45")

    def test_a_process_names_the_namespace_that_it_is_in(self):
        sleeper = subprocess.Popen(["ip", "netns", "exec", "blue", "sleep", "60"])
        self.addCleanup(sleeper.wait)
        self.addCleanup(sleeper.kill)
        while os.stat(f"/proc/{sleeper.pid}/ns/net").st_ino == os.stat("/proc/self/ns/net").st_ino:
            pass

        run("apply", *QUICK, "--profile", "one", "--netns", str(sleeper.pid), status=0)
        self.assertEqual(value_in("blue", FIN_TIMEOUT), "45")
        run("rollback", "--netns", "blue", status=0)

        self.assertEqual(value_in("blue", FIN_TIMEOUT), "60")

    def test_audit_sees_the_sockets_and_values_of_that_namespace(self):
        inside("blue", "sysctl", "-w", FIN_TIMEOUT + "=45")
        advisor.add_address()
        advisor.Server()

        there = advisor.audit("--interval", "0", "--profile", "one", "--netns", "blue")
        here = advisor.audit("--interval", "0", "--profile", "one")

        rule = "target:" + FIN_TIMEOUT
        self.assertEqual(advisor.finding(there, rule)["verdict"], "satisfied")
        self.assertEqual(advisor.finding(here, rule)["verdict"], "violated")
        self.assertEqual(len(there["load"]["listeners"]), 0)
        self.assertEqual(len(here["load"]["listeners"]), 1)

    def test_what_belongs_to_the_host_is_left_out(self):
        profile("host", {FIN_TIMEOUT: 45, "vm.swappiness": 17})
        there = ("--interval", "0", "--profile", "host", "--netns", "blue")

        refused = run("apply", "--yes", *there, "--strict", status=2).stderr
        self.assertIn("vm.swappiness belongs to the whole host and not to network namespace blue",
                      refused)
        self.assertEqual(value_in("blue", FIN_TIMEOUT), "60")

        shown = run("apply", "--yes", *there, status=0).stdout
        self.assertIn("Left out  vm.swappiness = 17: vm.swappiness belongs to the whole host", shown)
        self.assertEqual(value_in("blue", FIN_TIMEOUT), "45")
        self.assertEqual(advisor.audit(*there)["asks"], 0)

    def test_the_plan_says_where_and_that_it_is_run_time_only(self):
        planned = run("apply", "--dry-run", "--interval", "0", "--profile", "one", "--netns", "blue",
                      status=0).stdout

        self.assertIn("in network namespace blue, at run time only", planned)
        self.assertNotIn("sysctl.d", planned)

    def test_what_cannot_be_meant_is_refused_with_the_way_out(self):
        for args, sentence in ((("--netns", "bleu"), 'did you mean "blue"?'),
                               (("--netns", "../../proc/1/ns/net"), "is no network namespace"),
                               (("--netns", "all"), "one network namespace at a time"),
                               (("--netns", "4194305"), "there is no process 4194305"),
                               (("--netns", "blue", "--persist"), "--persist does not go with"),
                               (("--netns", "blue", "--root", "/tmp"), "copied tree"),
                               (("--netns", "blue", "--format", "diff"), "no diff for --netns")):
            with self.subTest(args):
                self.assertIn(sentence, run("apply", *QUICK, "--profile", "one", *args, status=2).stderr)
        denied = run("audit", "--interval", "0", "--netns", "blue", user="65534", status=2).stderr
        self.assertIn("run this command with sudo", denied)
        self.assertEqual(history(), [])


if __name__ == "__main__":
    advisor.main()
