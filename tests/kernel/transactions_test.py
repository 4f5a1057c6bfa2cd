"""Applying and taking back on the real kernel, and everything that must not happen on the way."""

import fcntl
import json
import os
import shutil
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
import advisor
from advisor import read_parameter, run
from terminal import OnTerminal

NOBODY = "65534"
PROFILES = "/etc/sysctl-advisor/profiles"
DROP_IN = "/etc/sysctl.d/99-zz-sysctl-advisor.conf"
RANGE = "net.ipv4.ip_local_port_range"


def profile(name, targets):
    """Writes a profile of plain targets, as an administrator would."""
    os.makedirs(PROFILES, exist_ok=True)
    with open(f"{PROFILES}/{name}.toml", "w") as file:
        file.write(f'name = "{name}"\nsummary = "for a test"\n[targets]\n')
        file.writelines(f'"{key}" = {value}\n' for key, value in targets.items())


def apply(name, *args, status=0):
    return run("apply", "--yes", "--interval", "0", "--profile", name, *args, status=status)


def answer_on_terminal(*answers, status):
    """Runs apply on a terminal and answers its questions; what was shown."""
    program = OnTerminal([advisor.BINARY, "apply", "--interval", "0", "--profile", "two"])
    for answer in answers:
        program.until(r"(: |\[y/N\] )$")
        program.press(answer + "\n")
    ended = program.end()
    assert ended == status, program.shown
    return program.shown


def history():
    return json.loads(run("history", "--format", "json", status=0).stdout)["transactions"]


class Transactions(unittest.TestCase):
    def setUp(self):
        advisor.require_private_host()
        profile("two", {"net.ipv4.tcp_fin_timeout": 45, RANGE: "{ covers = [20000, 60999] }"})

    def test_rollback_restores_every_value_and_the_file(self):
        os.makedirs("/etc/sysctl.d", exist_ok=True)
        with open(DROP_IN, "w") as file:
            file.write("# by hand, without a line end\nnet.ipv4.tcp_sack = 1")
        before = advisor.all_parameters()

        apply("two")
        self.assertEqual((read_parameter("net.ipv4.tcp_fin_timeout"), read_parameter(RANGE)),
                         ("45", "20000 60999"))
        self.assertIn("net.ipv4.tcp_fin_timeout = 45", open(DROP_IN).read())
        run("rollback", status=0)

        self.assertEqual(advisor.all_parameters(), before)
        self.assertEqual(open(DROP_IN).read(), "# by hand, without a line end\nnet.ipv4.tcp_sack = 1")
        self.assertEqual([(row["id"], row["state"], row["taken_back"]) for row in history()],
                         [("2", "committed", False), ("1", "committed", True)])

    def test_plain_sysctl_restores_from_the_rollback_file(self):
        advisor.write_parameter("net.ipv4.ip_local_reserved_ports", "8080,9000-9010")
        profile("ports", {"net.ipv4.ip_local_reserved_ports": '{ includes = "7000" }',
                          "net.ipv4.tcp_fin_timeout": 45})
        before = advisor.all_parameters()
        apply("ports", "--runtime")
        self.assertEqual(read_parameter("net.ipv4.ip_local_reserved_ports"), "7000,8080,9000-9010")

        subprocess.run(["sysctl", "-p", "/var/lib/sysctl-advisor/transactions/1/rollback.conf"],
                       check=True, capture_output=True)

        self.assertEqual(advisor.all_parameters(), before)

    def test_what_somebody_else_changed_since_is_left(self):
        apply("two")
        advisor.write_parameter("net.ipv4.tcp_fin_timeout", "50")

        done = run("rollback", status=0)

        self.assertEqual(read_parameter("net.ipv4.tcp_fin_timeout"), "50")
        self.assertEqual(read_parameter(RANGE), "32768 60999")
        self.assertIn("somebody else changed it since", done.stderr)
        self.assertIn("--force", done.stderr)

    def test_transactions_that_build_on_each_other_are_taken_back_in_order(self):
        profile("one", {"net.ipv4.tcp_fin_timeout": 30})
        apply("one")
        apply("two")

        refused = run("rollback", "1", status=2)
        self.assertIn("transaction 2 came later", refused.stderr)
        run("rollback", status=0)
        self.assertEqual(read_parameter("net.ipv4.tcp_fin_timeout"), "30")
        run("rollback", status=0)

        self.assertEqual(read_parameter("net.ipv4.tcp_fin_timeout"), "60")
        self.assertFalse(os.path.exists(DROP_IN))
        self.assertIn("taken back already", run("rollback", "1", status=2).stderr)

    def test_what_could_not_be_put_back_is_not_changed(self):
        os.makedirs("/etc/sysctl.d", exist_ok=True)
        with open(DROP_IN, "wb") as file:
            file.write("# gr\u00f6\u00dfe\n".encode("latin-1"))
        self.assertIn("not UTF-8", apply("two", status=2).stderr)
        os.remove(DROP_IN)

        many = ",".join(str(port) for port in range(10001, 12001, 2))
        with open("/proc/sys/net/ipv4/ip_local_reserved_ports", "wb", buffering=0) as file:
            file.write(many[:3000].rsplit(",", 1)[0].encode() + b",")
            file.write(many[3000:].split(",", 1)[1].encode() + b"\n")  # appends
        profile("ports", {"net.ipv4.ip_local_reserved_ports": '{ includes = "7000" }'})
        self.assertIn("could not be put back", apply("ports", status=2).stderr)

        self.assertEqual(read_parameter("net.ipv4.tcp_fin_timeout"), "60")
        self.assertEqual(history(), [])

    def test_a_value_that_the_kernel_refuses_undoes_the_whole_transaction(self):
        before = advisor.all_parameters()
        profile("refused", {"net.ipv4.tcp_fin_timeout": 45,
                            "net.ipv4.tcp_fastopen_key": '"nonsense"',
                            RANGE: "{ covers = [20000, 60999] }"})

        done = apply("refused", status=2)

        self.assertEqual(advisor.all_parameters(), before)
        self.assertFalse(os.path.exists(DROP_IN))
        self.assertIn("tcp_fastopen_key", done.stderr)
        self.assertIn("everything is as it was before", done.stderr)
        self.assertEqual(history()[0]["state"], "rolled-back")

    def test_an_ordinary_user_audits_in_full_and_cannot_apply(self):
        advisor.write_parameter(RANGE, "40000 40099")
        advisor.add_address()
        advisor.Server()
        advisor.short_connections(150)
        advisor.let_rates_pass()
        verdicts = lambda report: [(found["rule"], found["verdict"]) for found in report["findings"]]

        as_root = advisor.audit("--interval", "0")
        as_nobody = advisor.audit("--interval", "0", user=NOBODY)
        refused = run("apply", "--yes", user=NOBODY, status=2)

        self.assertEqual(verdicts(as_nobody), verdicts(as_root))
        self.assertEqual(as_nobody["load"]["client"], as_root["load"]["client"])
        self.assertEqual(refused.stderr, "sysctl-advisor: changing kernel parameters needs root: "
                                         "run this command with sudo\n")

    def test_bad_profiles_change_nothing(self):
        before = advisor.all_parameters()
        bad = {"typo": ('"net.ipv4.tw_reuse" = 1', "did you mean \"net.ipv4.tcp_tw_reuse\"?"),
               "range": ('"net.ipv4.tcp_tw_reuse" = 7', "the kernel takes 0..2"),
               "unreadable": ('"net.ipv4.route.flush" = 1', "cannot be read back"),
               "broken": ("net.ipv4.tcp_tw_reuse = = 1", "error:"),
               "code": ('"kernel.core_pattern" = "|/tmp/x"', "runs as root")}
        if os.path.exists("/proc/sys/kernel/kexec_load_disabled"):
            bad["one-way"] = ('"kernel.kexec_load_disabled" = 1', "cannot be taken back")
        for name, (line, sentence) in bad.items():
            with self.subTest(name):
                os.makedirs(PROFILES, exist_ok=True)
                with open(f"{PROFILES}/{name}.toml", "w") as file:
                    file.write(f'name = "{name}"\nsummary = "bad"\n[targets]\n{line}\n')
                done = apply(name, status=2)
                self.assertIn(sentence, done.stderr)
                if name not in ("code", "one-way"):
                    self.assertIn(f"{PROFILES}/{name}.toml:4:", done.stderr)
        self.assertIn('unknown profile "nosuch"', apply("nosuch", status=2).stderr)
        self.assertEqual(advisor.all_parameters(), before)
        self.assertEqual(history(), [])

    def test_a_profile_that_others_can_write_is_refused(self):
        for path, change in ((f"{PROFILES}/two.toml", lambda path: os.chmod(path, 0o666)),
                             (f"{PROFILES}/two.toml", lambda path: os.chown(path, 1000, 0)),
                             (PROFILES, lambda path: os.chmod(path, 0o777))):
            profile("two", {"net.ipv4.tcp_fin_timeout": 45})
            change(path)
            self.assertIn("will not read", apply("two", status=2).stderr)
            shutil.rmtree(PROFILES)
        profile("other", {"net.ipv4.tcp_fin_timeout": 45})
        os.symlink(f"{PROFILES}/other.toml", f"{PROFILES}/two.toml")
        self.assertIn("is a symbolic link", apply("two", status=2).stderr)
        self.assertEqual(read_parameter("net.ipv4.tcp_fin_timeout"), "60")

    def test_runtime_and_persist_are_chosen_apart(self):
        apply("two", "--persist")
        self.assertEqual(read_parameter("net.ipv4.tcp_fin_timeout"), "60")
        self.assertIn("tcp_fin_timeout = 45", open(DROP_IN).read())
        self.assertEqual(apply("two", "--persist").stdout, "nothing to change\n")
        run("rollback", status=0)
        self.assertFalse(os.path.exists(DROP_IN))

        apply("two", "--runtime")
        self.assertEqual(read_parameter("net.ipv4.tcp_fin_timeout"), "45")
        self.assertFalse(os.path.exists(DROP_IN))

    def test_while_another_run_holds_the_lock_nothing_is_changed(self):
        os.makedirs("/var/lib/sysctl-advisor", exist_ok=True)
        with open("/var/lib/sysctl-advisor/lock", "w") as lock:
            lock.write("4711\n")
            lock.flush()
            fcntl.flock(lock, fcntl.LOCK_EX)

            done = apply("two", status=2)

        self.assertIn("another sysctl-advisor is changing this host (process 4711)", done.stderr)
        self.assertEqual(read_parameter("net.ipv4.tcp_fin_timeout"), "60")

    def test_without_a_terminal_and_without_yes_nothing_is_changed(self):
        done = run("apply", "--interval", "0", "--profile", "two", status=2, input_text="y\n")

        self.assertIn("--yes", done.stderr)
        self.assertEqual(read_parameter("net.ipv4.tcp_fin_timeout"), "60")

    def test_what_was_done_is_not_called_undone_because_it_could_not_be_printed(self):
        with open("/dev/full", "w") as full:
            done = subprocess.run([advisor.BINARY, "apply", "--yes", "--interval", "0", "--profile", "two"],
                                  stdout=full, stderr=subprocess.PIPE, text=True)

        self.assertEqual(done.returncode, 0)
        self.assertIn("as transaction 1", done.stderr)
        self.assertEqual(read_parameter("net.ipv4.tcp_fin_timeout"), "45")

    def test_on_a_terminal_the_plan_is_shown_and_no_is_an_answer(self):
        self.assertIn("Apply it? [y]es to all, [N]one", answer_on_terminal("n", status=1))
        self.assertEqual(read_parameter("net.ipv4.tcp_fin_timeout"), "60")
        self.assertEqual(history(), [])

        shown = answer_on_terminal("y", status=0)
        self.assertIn("net.ipv4.tcp_fin_timeout      60 -> ", shown)
        self.assertEqual(read_parameter("net.ipv4.tcp_fin_timeout"), "45")

    def test_on_a_terminal_findings_are_chosen_one_by_one(self):
        self.assertIn("nothing was changed", answer_on_terminal("e", "n", "q", status=1))
        self.assertIn("nothing was changed", answer_on_terminal("e", "y", "q", "n", status=1))
        self.assertEqual(history(), [])

        first, second = self.chosen("e", "y", "n", "y"), self.chosen("each", "n", "a", "yes")

        self.assertEqual((len(first), len(second)), (1, 1))
        self.assertNotEqual(first, second)

    def chosen(self, *answers):
        """The parameters that these answers change."""
        answer_on_terminal(*answers, status=0)
        changes = history()[0]["changes"]
        run("rollback", status=0)
        return [change["parameter"] for change in changes]

    def test_no_room_for_the_journal_changes_nothing(self):
        subprocess.run(["mount", "-o", "remount,ro", "/var/lib/sysctl-advisor"], check=True)
        apply("two", status=2)
        subprocess.run(["mount", "-o", "remount,rw,size=4k", "/var/lib/sysctl-advisor"], check=True)
        apply("two", status=2)

        self.assertEqual(read_parameter("net.ipv4.tcp_fin_timeout"), "60")
        self.assertFalse(os.path.exists(DROP_IN))


if __name__ == "__main__":
    advisor.main()
