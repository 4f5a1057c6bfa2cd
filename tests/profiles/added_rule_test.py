"""A rule and a profile that are nothing but two TOML files of the administrator."""

import json
import os
import subprocess
import tempfile
import unittest

RULES = """
[options]
least = { default = 1024, meaning = "backlog below which our gateways refuse clients" }

[[rule]]
id = "gateway-backlog"
title = "The backlog is below what our gateways need"
when = "sysctl.net.core.somaxconn < option.least"
severity = "critical"
target = { parameter = "net.core.somaxconn", at_least = "2 * option.least" }
evidence = "net.core.somaxconn is {sysctl.net.core.somaxconn | raw}, and {option.least | raw} are needed."
because = "Load tests of ours."
"""

PROFILE = """
name = "gateway"
summary = "Our API gateways"
rules = ["gateway"]

[options]
least = 8192
"""


class AddedRule(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.TemporaryDirectory()
        self.addCleanup(self.directory.cleanup)
        self.write("proc/sys/net/core/somaxconn", "4096\n")
        self.write("etc/sysctl-advisor/profiles/rules/gateway.toml", RULES)
        self.write("etc/sysctl-advisor/profiles/gateway.toml", PROFILE)

    def write(self, path, text):
        whole = os.path.join(self.directory.name, path)
        os.makedirs(os.path.dirname(whole), exist_ok=True)
        with open(whole, "w") as file:
            file.write(text)

    def run_program(self, *arguments):
        return subprocess.run([os.environ["ADVISOR"], "--root", self.directory.name, *arguments],
                              capture_output=True, text=True, timeout=60)

    def test_is_found_advised_and_explained(self):
        done = self.run_program("audit", "--profile", "gateway", "--interval", "0", "--format", "json")

        self.assertEqual((done.returncode, done.stderr), (1, ""))
        found = [finding for finding in json.loads(done.stdout)["findings"]
                 if finding["rule"] == "gateway-backlog"]
        self.assertEqual(len(found), 1)
        self.assertEqual((found[0]["verdict"], found[0]["severity"]), ("violated", "critical"))
        self.assertEqual(found[0]["evidence"], "net.core.somaxconn is 4096, and 8192 are needed.")

    def test_is_part_of_the_advice(self):
        done = self.run_program("diff", "--profile", "gateway", "--interval", "0")

        self.assertEqual(done.returncode, 1)
        self.assertIn("+net.core.somaxconn = 16384\n", done.stdout)

    def test_is_listed_and_shown(self):
        listed = self.run_program("profiles", "list")
        shown = self.run_program("profiles", "show", "gateway")

        self.assertIn("Our API gateways", listed.stdout)
        self.assertIn("gateway-backlog", shown.stdout)
        self.assertIn("option.least = 8192", shown.stdout)


if __name__ == "__main__":
    unittest.main()
