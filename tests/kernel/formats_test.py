"""What programs read: JSON by its schema, the diff by patch(1), the fragment by sysctl(8)."""

import json
import os
import socket
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
import advisor
from advisor import run

try:
    import jsonschema
except ImportError:
    print("skipped: needs python3-jsonschema")
    sys.exit(advisor.SKIPPED)

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
STATE = "/run/compared"
DROP_IN = "/etc/sysctl.d/99-zz-sysctl-advisor.conf"


def valid(text, kind):
    """The document, once it is found to be what its schema says."""
    document = json.loads(text)
    with open(f"{ROOT}/packaging/schemas/{kind}.schema.json") as file:
        schema = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(document)
    return document


class Formats(unittest.TestCase):
    def setUp(self):
        advisor.add_address()
        advisor.write_parameter("net.ipv4.ip_local_port_range", "40000 40099")
        advisor.Server()
        advisor.short_connections(150)

    def test_every_json_answer_is_what_its_schema_says(self):
        options = ["--interval", "0", "--format", "json"]
        report = valid(run("audit", *options, "--profile", "outbound-service", status=1).stdout, "audit")
        self.assertGreater(report["asks"], 0)
        self.assertIn({"name": "net.ipv4.ip_local_port_range", "value": "40000 40099", "error": None},
                      report["parameters"])
        valid(run("audit", *options, "--netns", "all", status=1, alone=True).stdout, "audit-namespaces")
        topics = ["net.ipv4.tcp_rmem", "net.ipv4.tcp_tw_recycle", "time-wait-reuse"]
        valid(run("explain", *options, *topics, status=0).stdout, "explain")
        valid(run("apply", "--dry-run", *options, status=0).stdout, "apply")
        applied = valid(run("apply", "--yes", *options, status=0).stdout, "apply")
        self.assertTrue(os.path.exists(applied["rollback_file"]))
        valid(open(os.path.dirname(applied["rollback_file"]) + "/journal.json").read(), "journal")
        valid(run("rollback", "--dry-run", "--format", "json", status=0).stdout, "rollback")
        taken_back = valid(run("rollback", "--format", "json", status=0).stdout, "rollback")
        self.assertEqual(taken_back["undoes"], applied["transaction"])
        self.assertEqual(len(valid(run("history", "--format", "json", status=0).stdout, "history")["transactions"]), 2)
        valid(run("status", "--format", "json", status=0).stdout, "status")
        valid(run("apply", "--yes", "--confirm-within", "60s", *options, status=0).stdout, "apply")
        self.assertEqual(len(valid(run("status", "--format", "json", status=1).stdout, "status")["open"]), 1)
        pending = valid(run("audit", "--format", "jsonl", "--interval", "0").stdout, "host")
        self.assertEqual((pending["transaction"]["state"], pending["transaction"]["drift"]), ("provisional", []))
        self.assertTrue(pending["transaction"]["deadline"])
        run("confirm", status=0)
        advisor.write_parameter("net.ipv4.tcp_tw_reuse", "2")
        drifted = valid(run("audit", "--format", "jsonl", "--interval", "0").stdout, "host")["transaction"]
        self.assertEqual((drifted["state"], drifted["deadline"]), ("committed", None))
        self.assertEqual(drifted["drift"], [{"parameter": "net.ipv4.tcp_tw_reuse", "applied": "1", "now": "2"}])
        valid(run("rules", "--format", "json", "--profile", "database", status=0).stdout, "rules")
        valid(run("parameters", "tcp_", "--format", "json", status=0).stdout, "parameters")
        valid(run("profiles", "list", "--format", "json", status=0).stdout, "profiles")
        valid(run("profiles", "show", "web-server", "--format", "json", status=0).stdout, "profile")
        valid(run("explain", *options, "gone", "timestamps-off", status=0).stdout, "explain")
        explained = valid(run("explain", *options, "time-wait-reuse", status=0).stdout, "explain")
        self.assertEqual([one["id"] for one in explained["rules"][0]["proofs"]], ["time-wait-reuse"])
        listed = valid(run("prove", "--list", "--format", "json", status=0).stdout, "proofs")
        self.assertGreater(len(listed["proofs"]), 15)
        proven = valid(run("prove", "tcp-sack-off", "--format", "json", status=0).stdout, "prove")
        self.assertEqual(proven["proofs"][0]["verdict"], "proven")
        linted = valid(run("lint", "--all", "--format", "json").stdout, "lint")
        self.assertTrue(linted["files"])

    def test_a_comparison_is_what_its_schema_says(self):
        def kept(*command):
            name = f"{STATE}/{len(os.listdir(STATE))}.json"
            with open(name, "w") as file:
                file.write(run(*command, "--interval", "200ms").stdout)
            return name

        os.makedirs(STATE)
        before = kept("snapshot", "-"), kept("audit", "--format", "json")
        same = valid(run("compare", before[0], before[0], "--format", "json", status=0).stdout, "compare")
        self.assertEqual((same["differs"], same["restarted"]), (False, False))
        advisor.write_parameter("net.ipv4.ip_local_port_range", "40000 40199")
        advisor.add_address("10.99.0.6")
        advisor.Server("10.99.0.6")
        held = [socket.create_connection(("10.99.0.6", 8080)) for _ in range(30)]
        after = kept("snapshot", "-"), kept("audit", "--format", "json")

        for old, new in zip(before, after):
            told = valid(run("compare", old, new, "--format", "json", status=1).stdout, "compare")

            changed = told["parameters"]["differing"]
            self.assertEqual([(one["parameter"], one["before"], one["after"]) for one in changed],
                             [("net.ipv4.ip_local_port_range", "40000 40099", "40000 40199")])
            ports = [one for one in told["load"]["differing"] if one["kind"] == "ports"]
            self.assertEqual([(one["subject"], one["before"], one["after"]) for one in ports],
                             [("10.99.0.6:8080 from 10.99.0.6", 0, len(held))])
            rules = {one["rule"]: one["change"] for one in told["findings"]["differing"]}
            self.assertEqual(rules["local-ports-exhausted"], "gone")

    def test_the_diff_applies_with_patch_and_is_what_apply_writes(self):
        for before in (None, "# mine\nnet.ipv4.tcp_sack = 1\n", "net.ipv4.tcp_tw_reuse = 0"):
            with self.subTest(before=before):
                subprocess.run(["rm", "-f", DROP_IN], check=True)
                if before is not None:
                    with open(DROP_IN, "w") as file:
                        file.write(before)
                diff = run("diff", "--interval", "0", status=1).stdout
                self.assertEqual(diff, run("audit", "--interval", "0", "--format", "diff", status=1).stdout)
                patched = subprocess.run(["patch", "-p1", "-d", "/"], input=diff, text=True, capture_output=True)
                self.assertEqual(patched.returncode, 0, patched.stdout + patched.stderr)
                by_patch = open(DROP_IN).read()
                with open(DROP_IN, "w") as file:
                    file.write(before or "")
                if before is None:
                    os.remove(DROP_IN)
                run("apply", "--yes", "--persist", "--interval", "0", status=0)
                self.assertEqual(open(DROP_IN).read(), by_patch)

    def test_the_fragment_loads_with_sysctl(self):
        fragment = run("audit", "--interval", "0", "--format", "sysctl", status=1).stdout
        with open("/etc/sysctl.d/fragment.conf", "w") as file:
            file.write(fragment)

        subprocess.run(["sysctl", "-p", "/etc/sysctl.d/fragment.conf"], check=True, capture_output=True)

        self.assertEqual(advisor.read_parameter("net.ipv4.tcp_tw_reuse"), "1")
        self.assertIn("# time-wait-reuse: ", fragment)

    def test_the_exit_status_is_that_of_diff(self):
        run("audit", "--interval", "0", status=1)
        run("audit", "--interval", "0", "--fail-on", "never", status=0)
        run("audit", "--interval", "0", "--only", "listen*", status=0)
        run("audit", "--interval", "0", "--fail-on", "critical", "--skip", "*exhausted", status=0)
        run("audit", "--no-such-flag", status=2)
        with open("/dev/full", "w") as full:
            done = subprocess.run([advisor.BINARY, "audit", "--interval", "0"], stdout=full,
                                  stderr=subprocess.PIPE, text=True)
        self.assertEqual(done.returncode, 2)
        self.assertIn("standard output", done.stderr)


if __name__ == "__main__":
    advisor.main()
