"""snapshot and --from: what is said of a snapshot is what is said of the host."""

import json
import os
import pathlib
import stat
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))

import host_file  # noqa: E402

BINARY = os.environ["ADVISOR"]
PROFILES = sorted(path.stem for path in (ROOT / "profiles").glob("*.toml"))


def run(*arguments, status=None, input_text=None):
    done = subprocess.run([BINARY, *arguments], capture_output=True, text=True, timeout=120,
                          input=input_text, stdin=None if input_text else subprocess.DEVNULL)
    if status is not None and done.returncode != status:
        raise AssertionError(f"{' '.join(arguments)} ended with {done.returncode}, not {status}\n{done.stderr}")
    return done


def report(*arguments):
    """The report of an audit, but for when the host was read."""
    done = run("audit", "--format", "json", *arguments)
    if done.returncode not in (0, 1):
        raise AssertionError(done.stderr)
    report = json.loads(done.stdout)
    del report["taken"]
    return done.returncode, report


def verdicts(report):
    return [(found["rule"], found["verdict"], found["severity"]) for found in report["findings"]]


class Snapshot(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.file = directory.name + "/snapshot.json"

    def take(self, root, *options):
        run("--root", root, "snapshot", self.file, "--interval", "0", *options, status=0)

    def test_an_audit_of_the_snapshot_is_that_of_the_host(self):
        for number, name in enumerate(host_file.names()):
            with host_file.expanded(name) as root:
                self.take(root)
                for profile in ("baseline", PROFILES[number % len(PROFILES)]):
                    with self.subTest(host=name, profile=profile):
                        of_host = report("--root", root, "--interval", "0", "--profile", profile)
                        self.assertEqual(report("--from", self.file, "--profile", profile), of_host)

    def test_a_snapshot_of_an_older_version_says_what_the_host_says_or_that_it_does_not_know(self):
        recorded = sorted((ROOT / "tests" / "state").glob("*/snapshot.json"))
        self.assertTrue(recorded)
        for file in recorded:
            with host_file.expanded("exhausted-client") as root:
                for profile in PROFILES[::3]:
                    with self.subTest(snapshot=file.parent.name, profile=profile):
                        of_host = verdicts(report("--root", root, "--interval", "0", "--profile", profile)[1])
                        of_file = verdicts(report("--from", file, "--profile", profile)[1])
                        self.assertEqual({rule for rule, *_ in of_file}, {rule for rule, *_ in of_host})
                        told = {old for old in of_file if old[1] != "unknown"}
                        self.assertEqual(told - set(of_host), set())
                        self.assertGreater(len(told), len(of_host) / 2)

    def test_what_an_older_snapshot_does_not_hold_is_unknown_and_not_absent(self):
        with open(sorted((ROOT / "tests" / "state").glob("*/snapshot.json"))[0]) as file:
            record = json.load(file)
        del record["parameters"]["kernel.yama.ptrace_scope"], record["kernel_log"], record["host"]["memory_bytes"]
        with open(self.file, "w") as file:
            json.dump(record, file)

        found = verdicts(report("--from", self.file, "--profile", "hardened")[1])

        self.assertIn(("target:kernel.yama.ptrace_scope", "unknown"), [row[:2] for row in found])

    def test_rates_are_those_of_the_snapshot(self):
        with host_file.expanded("idle-6.1") as root:
            run("--root", root, "snapshot", self.file, "--interval", "200ms", status=0)

        _, found = report("--from", self.file)

        self.assertAlmostEqual(found["interval_seconds"], 0.2, delta=0.15)

    def test_explain_and_diff_say_what_they_say_of_the_host(self):
        for name in ("exhausted-client", "big-database", "idle-6.18"):
            with self.subTest(host=name), host_file.expanded(name) as root:
                self.take(root)
                for command in (["explain", "net.ipv4.tcp_tw_reuse", "vm.swappiness", "time-wait-reuse"],
                                ["diff", "--profile", "outbound-service"]):
                    of_host = run("--root", root, *command, "--interval", "0")
                    of_file = run(*command, "--from", self.file)
                    self.assertEqual((of_file.stdout, of_file.stderr, of_file.returncode),
                                     (of_host.stdout, of_host.stderr, of_host.returncode))

    def test_the_file_is_what_its_schema_says_and_private(self):
        try:
            import jsonschema
        except ImportError:
            self.skipTest("needs python3-jsonschema")
        schema = json.loads((ROOT / "packaging/schemas/snapshot.schema.json").read_text())
        jsonschema.Draft202012Validator.check_schema(schema)
        for name in ("exhausted-client", "idle-4.18", "container"):
            for options in ([], ["--anonymize"]):
                with self.subTest(host=name, options=options), host_file.expanded(name) as root:
                    self.take(root, *options)
                    document = json.loads(pathlib.Path(self.file).read_text())
                    jsonschema.Draft202012Validator(schema).validate(document)
        self.assertEqual(stat.S_IMODE(os.stat(self.file).st_mode), 0o600)

    def test_an_anonymized_snapshot_tells_no_addresses_and_finds_the_same(self):
        with host_file.expanded("exhausted-client") as root:
            _, of_host = report("--root", root, "--interval", "0")
            self.take(root, "--anonymize")

        _, of_file = report("--from", self.file)

        text = pathlib.Path(self.file).read_text()
        self.assertNotIn(of_host["host"]["name"], text)
        for load in of_host["load"]["destinations"]:
            self.assertNotIn(f'"{load["destination"]}"', text)
        self.assertEqual(of_file["host"]["name"], "anonymized")
        self.assertEqual(verdicts(of_file), verdicts(of_host))

    def test_standard_output_and_input_stand_for_files(self):
        with host_file.expanded("idle-6.1") as root:
            piped = run("--root", root, "snapshot", "-", "--interval", "0", status=0).stdout
            _, of_host = report("--root", root, "--interval", "0")

        done = run("audit", "--from", "-", "--format", "json", input_text=piped)

        self.assertEqual(json.loads(done.stdout)["findings"], of_host["findings"])

    def test_a_wrong_file_is_refused_with_its_place(self):
        with host_file.expanded("overflowing-listener") as root:
            self.take(root)
        document = json.loads(pathlib.Path(self.file).read_text())
        document["sockets"]["value"]["listeners"][0]["port"] = "ssh"
        pathlib.Path(self.file).write_text(json.dumps(document))

        done = run("audit", "--from", self.file, status=2)

        self.assertEqual(done.stderr, f"sysctl-advisor: {self.file}: $.sockets.value.listeners[0].port: "
                                      "must be a whole number from 0 to 65535\n")

    def test_what_changes_a_host_does_not_take_a_snapshot(self):
        self.assertIn("--from does not go with this command; these take it: audit, explain, diff",
                      run("apply", "--from", self.file, status=2).stderr)
        self.assertIn("--root names a copied tree, and --from a snapshot",
                      run("--root", "/", "audit", "--from", self.file, status=2).stderr)
        self.assertIn("--netns is a network namespace of this host, and --from",
                      run("audit", "--netns", "x", "--from", self.file, status=2).stderr)
        self.assertIn("say which file to write", run("snapshot", status=2).stderr)

    def test_an_option_that_was_quoted_with_the_file_is_no_name_of_a_file(self):
        for command in (["snapshot", "- --anonymize"], ["compare", "- ", "x.json"], ["lint", "- --all"],
                        ["profiles", "import", "- --json"]):
            with self.subTest(command=command):
                done = run(*command, status=2)

                self.assertIn(" cannot be a FILE: each option is a word of its own", done.stderr)
                self.assertEqual(done.stdout, "")
        self.assertEqual([name for name in os.listdir() if name.startswith("-")], [])


if __name__ == "__main__":
    unittest.main(verbosity=2, warnings="ignore")
