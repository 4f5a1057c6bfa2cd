"""What root reads and writes belongs to root alone, and once the plan stands nothing else is written."""

import os
import shutil
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
import advisor
from advisor import read_parameter, run

PROFILES = "/etc/sysctl-advisor/profiles"
STATE = "/var/lib/sysctl-advisor"
FIN_TIMEOUT = "net.ipv4.tcp_fin_timeout"
APPLY = ("apply", "--yes", "--interval", "0", "--profile", "one")
# The leak check of a sanitized build does not work under strace.
ENVIRONMENT = {**os.environ, "ASAN_OPTIONS": "detect_leaks=0"}


def mode(path):
    return os.stat(path).st_mode & 0o7777


def landlock_calls(trace):
    return [line for line in trace.splitlines() if "landlock_" in line]


class Trust(unittest.TestCase):
    def setUp(self):
        advisor.require_private_host()
        os.makedirs(PROFILES, exist_ok=True)
        with open(f"{PROFILES}/one.toml", "w") as file:
            file.write('name = "one"\nsummary = "for a test"\n[targets]\n"net.ipv4.tcp_fin_timeout" = 45\n')

    def test_the_state_is_for_root_alone(self):
        os.umask(0)
        run(*APPLY, status=0)

        self.assertEqual([mode(STATE + path) for path in ("", "/transactions", "/transactions/1")],
                         [0o700] * 3)
        self.assertEqual([mode(f"{STATE}/{path}") for path in
                          ("lock", "transactions/1/journal.json", "transactions/1/rollback.conf")],
                         [0o600] * 3)

    def test_a_state_directory_that_others_can_read_is_closed_and_that_is_said(self):
        os.chmod(STATE, 0o755)

        first, second = run(*APPLY, status=0), run("rollback", status=0)

        self.assertIn(f"others could look into {STATE}; its mode is 0700 now", first.stderr)
        self.assertEqual(second.stderr, "")
        self.assertEqual(mode(STATE), 0o700)

    def test_a_state_directory_or_drop_in_directory_that_others_can_change_is_refused(self):
        def foreign(path):
            os.chown(path, 65534, 0)

        def writable(path):
            os.chmod(path, 0o777)

        for path in (STATE, f"{STATE}/transactions", "/etc/sysctl.d", "/etc/sysctl-advisor"):
            for spoil in (foreign, writable):
                with self.subTest(f"{path} {spoil.__name__}"):
                    os.makedirs(path, exist_ok=True)
                    before = os.stat(path)
                    spoil(path)
                    done = run(*APPLY, status=2)
                    self.assertIn("as root: " + path, done.stderr)
                    self.assertEqual(read_parameter(FIN_TIMEOUT), "60")
                    os.chown(path, 0, 0)
                    os.chmod(path, before.st_mode & 0o7777)
        run(*APPLY, status=0)

    def test_no_link_is_followed_to_what_is_read_or_written(self):
        shutil.copytree(PROFILES, "/etc/sysctl-advisor/elsewhere")
        os.makedirs("/etc/sysctl-advisor/state")
        for path, target in ((f"{STATE}/transactions", "/etc/sysctl-advisor/state"),
                             (f"{STATE}/lock", "/etc/sysctl-advisor/state/lock"),
                             ("/etc/sysctl.d/99-zz-sysctl-advisor.conf", "/etc/passwd"),
                             ("/etc/sysctl-advisor/config.toml", "/etc/passwd"),
                             (PROFILES, "/etc/sysctl-advisor/elsewhere")):
            with self.subTest(path):
                if os.path.isdir(path):
                    shutil.rmtree(path)
                elif os.path.exists(path):
                    os.remove(path)
                os.symlink(target, path)
                before = read_parameter(FIN_TIMEOUT)
                run(*APPLY, status=2)
                self.assertEqual(read_parameter(FIN_TIMEOUT), before)
                self.assertEqual(os.listdir("/etc/sysctl-advisor/state"), [])
                os.remove(path)

    def test_a_journal_that_somebody_else_could_have_written_is_not_acted_upon(self):
        run(*APPLY, status=0)
        os.chown(f"{STATE}/transactions/1/journal.json", 65534, 0)

        refused = run("rollback", status=2)

        self.assertIn("does not belong to root", refused.stderr)
        self.assertEqual(read_parameter(FIN_TIMEOUT), "45")

    def test_an_id_never_becomes_a_path(self):
        for name in ("../1", "1/../../x", "/etc/passwd", ".", "0x1"):
            self.assertIn("no transaction", run("rollback", "--dry-run", name, status=2).stderr)

    @unittest.skipUnless(shutil.which("strace"), "needs strace")
    def test_the_sandbox_is_entered_before_the_journal_is_written(self):
        def traced(*command):
            trace = "/etc/sysctl-advisor/trace"
            done = subprocess.run(
                ["strace", "-f", "-y", "-o", trace, "-e", "trace=/^landlock_|^prctl|^open|^rename",
                 advisor.BINARY, *command], capture_output=True, text=True, env=ENVIRONMENT)
            self.assertEqual(done.returncode, 0, done.stderr)
            with open(trace) as file:
                return file.read()

        for command in (APPLY, ("rollback",)):
            trace = traced(*command)
            if "ENOSYS" in "".join(landlock_calls(trace)) or "EOPNOTSUPP" in trace:
                self.skipTest("this kernel has no Landlock")
            entered, changed = trace.index("landlock_restrict_self"), trace.index("rollback.conf.new")
            self.assertLess(entered, changed)
            # The planned parameter, the directory of the drop-in, the state directory: no more.
            rules = [line for line in landlock_calls(trace) if "landlock_add_rule" in line]
            self.assertEqual(len(rules), 3, rules)
            for path in ("/proc/sys/net/ipv4/tcp_fin_timeout", "/etc/sysctl.d", STATE):
                self.assertTrue(any(f"<{path}>" in rule for rule in rules), rules)

    @unittest.skipUnless(shutil.which("strace"), "needs strace")
    def test_recovery_runs_in_a_sandbox_and_what_follows_in_its_own(self):
        subprocess.run(["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=renameat", "-e",
                        "inject=renameat:signal=KILL:when=3", advisor.BINARY, *APPLY],
                       capture_output=True, env=ENVIRONMENT)
        self.assertEqual(read_parameter(FIN_TIMEOUT), "45")

        done = run("-v", *APPLY, status=0)

        self.assertIn("transaction 1 had been cut off; it was undone", done.stderr)
        self.assertEqual(done.stderr.count("in the sandbox") + done.stderr.count("no Landlock"), 2)
        self.assertEqual(read_parameter(FIN_TIMEOUT), "45")

    @unittest.skipUnless(os.environ.get("ADVISOR_UNIT_TESTS"), "needs the unit tests")
    def test_in_the_sandbox_other_parameters_and_files_are_denied(self):
        done = subprocess.run([os.environ["ADVISOR_UNIT_TESTS"], "-tc=sandbox:*"],
                              capture_output=True, text=True, env=ENVIRONMENT)

        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertNotIn("this is no private host", done.stdout)


if __name__ == "__main__":
    advisor.main()
