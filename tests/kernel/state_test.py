"""A state directory that is not as it should be, and many who use it at once."""

import json
import os
import shutil
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
import advisor
import faults
from advisor import read_parameter, run
from world import DROP_INS, STATE, World, disagreements, parameter_paths

PROFILES = "/etc/sysctl-advisor/profiles"
DROP_IN = f"{DROP_INS}/99-zz-sysctl-advisor.conf"

# Eight parameters that have nothing to do with each other.
EIGHT = {"net.core.somaxconn": 5000, "net.ipv4.tcp_fin_timeout": 45, "net.ipv4.tcp_retries2": 12,
         "net.ipv4.tcp_keepalive_time": 600, "net.ipv4.tcp_keepalive_probes": 5,
         "net.ipv4.tcp_syn_retries": 4, "net.ipv4.tcp_reordering": 5, "net.ipv4.tcp_orphan_retries": 2}


def profile(name, targets):
    os.makedirs(PROFILES, exist_ok=True)
    with open(f"{PROFILES}/{name}.toml", "w") as file:
        file.write(f'name = "{name}"\nsummary = "for a test"\n[targets]\n')
        file.writelines(f'"{key}" = {value}\n' for key, value in targets.items())


def words_of_apply(name):
    return [advisor.BINARY, "apply", "--yes", "--interval", "0", "--profile", name]


def history():
    return json.loads(run("history", "--format", "json", status=0).stdout)["transactions"]


class ManyAtOnce(unittest.TestCase):
    def setUp(self):
        advisor.require_private_host()
        self.start = World(parameter_paths())

    def all_at_once(self, commands):
        started = [subprocess.Popen(command, text=True, stdin=subprocess.DEVNULL,
                                    stdout=subprocess.PIPE, stderr=subprocess.PIPE)
                   for command in commands]
        return [(run.returncode, out, errors) for run in started
                for out, errors in [run.communicate(timeout=300)]]

    def test_eight_applies_at_once_are_eight_transactions_in_turn(self):
        for number, (key, value) in enumerate(EIGHT.items()):
            profile(f"p{number}", {key: value})

        ended = self.all_at_once([words_of_apply(f"p{number}") for number in range(8)])

        done = [number for number, (status, _, _) in enumerate(ended) if status == 0]
        for status, _, errors in ended:  # who waited too long on a slow machine says so
            self.assertTrue(status == 0 or (status == 2 and "is changing this host" in errors), errors)
        self.assertGreater(len(done), 1)
        self.assertEqual([(row["id"], row["state"]) for row in reversed(history())],
                         [(str(number + 1), "committed") for number in range(len(done))])
        self.assertEqual(disagreements(self.start, World(self.start.paths)), [])
        with open(DROP_IN) as file:
            text = file.read()
        for number, (key, value) in enumerate(EIGHT.items()):
            self.assertEqual(f"\n{key} = {value}\n" in text, number in done)

        for _ in done:
            run("rollback", status=0)
        self.assertEqual(self.start.differences(World(self.start.paths)), [])
        self.assertIn("nothing to roll back", run("rollback", status=2).stderr)

    def test_of_eight_applies_of_one_profile_one_finds_something_to_do(self):
        profile("eight", EIGHT)

        ended = self.all_at_once([words_of_apply("eight")] * 8)

        self.assertEqual(sum("as transaction 1" in out for _, out, _ in ended), 1, ended)
        self.assertEqual([row["state"] for row in history()], ["committed"])
        for status, out, errors in ended:
            self.assertTrue(status == 0 or "is changing this host" in errors, errors)

    def test_applies_and_rollbacks_at_once_leave_what_the_history_says(self):
        profile("eight", EIGHT)
        profile("one", {"net.ipv4.tcp_fin_timeout": 30})

        self.all_at_once([words_of_apply("eight"), [advisor.BINARY, "rollback"],
                          words_of_apply("one"), [advisor.BINARY, "rollback"]] * 2)

        self.assertEqual(disagreements(self.start, World(self.start.paths)), [])
        self.assertTrue(all(row["state"] == "committed" for row in history()))


class Directory(unittest.TestCase):
    """What the state directory may turn out to be: the program says so, and changes nothing."""

    def setUp(self):
        advisor.require_private_host()
        profile("eight", EIGHT)
        # Of our own, so that what is done to its entries stays here.
        subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=0755", "tmpfs", "/var/lib"], check=True)
        self.start = World(parameter_paths())

    def apply(self):
        return subprocess.run(words_of_apply("eight"), capture_output=True, text=True,
                              stdin=subprocess.DEVNULL)

    def refuses(self, *words):
        done = self.apply()
        self.assertEqual(done.returncode, 2, done.stdout + done.stderr)
        for word in words:
            self.assertIn(word, done.stderr)
        now = World(self.start.paths)
        self.assertEqual(self.start.differences(now), [])
        return done.stderr

    def mount_state(self, options):
        os.makedirs(STATE, exist_ok=True)
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"mode=0700,{options}", "tmpfs", STATE], check=True)

    def test_missing_is_made_for_root_alone(self):
        self.assertFalse(os.path.exists(STATE))

        self.assertEqual(self.apply().returncode, 0)

        self.assertEqual(os.stat(STATE).st_mode & 0o777, 0o700)
        self.assertEqual(os.stat(f"{STATE}/transactions/1/journal.json").st_mode & 0o777, 0o600)
        self.assertEqual(disagreements(self.start, World(self.start.paths)), [])

    def test_full_to_any_page(self):
        """tmpfs counts pages, so there is one run for each number of them that is left."""
        self.mount_state("size=64k")
        done = 0
        for left in range(14):
            with self.subTest(pages=left):
                with open(f"{STATE}/ballast", "wb") as file:
                    file.write(b"x" * (64 - 4 * left) * 1024)
                ended = self.apply()
                now = World(self.start.paths)
                self.assertIn(ended.returncode, (0, 2), ended.stderr)
                if ended.returncode == 2:
                    self.assertIn("no space left", ended.stderr.lower())
                    self.assertEqual(self.start.differences(now), [])
                else:
                    done += 1
                    self.assertEqual(disagreements(self.start, now), [])
                os.remove(f"{STATE}/ballast")
                run("rollback")
                now = World(self.start.paths)
                self.assertEqual(self.start.differences(now), [])
                shutil.rmtree(f"{STATE}/transactions", ignore_errors=True)
        self.assertGreater(done, 0)

    def test_out_of_inodes_at_any_file(self):
        done = 0
        for inodes in range(1, 12):
            with self.subTest(inodes=inodes):
                self.mount_state(f"nr_inodes={inodes}")
                ended = self.apply()
                self.assertIn(ended.returncode, (0, 2), ended.stderr)
                now = World(self.start.paths)
                if ended.returncode == 2:
                    self.assertIn("no space left", ended.stderr.lower())
                    self.assertEqual(self.start.differences(now), [])
                else:
                    done += 1
                    # The rollback is a transaction too, with files of its own.
                    subprocess.run(["mount", "-o", "remount,nr_inodes=100", STATE], check=True)
                    run("rollback", status=0)
                    self.assertEqual(self.start.differences(World(self.start.paths)), [])
                subprocess.run(["umount", STATE], check=True)
        self.assertGreater(done, 0)

    @unittest.skipUnless(shutil.which("strace"), "needs strace")
    def test_a_full_disk_is_no_reason_not_to_roll_back_what_was_cut_off(self):
        """The journal of the run that was cut off is there already: its undoing needs little room."""
        self.mount_state("size=64k")
        command = words_of_apply("eight")[1:]
        last = faults.last_rename(command)
        run("rollback", status=0)
        shutil.rmtree(f"{STATE}/transactions")
        faults.kill_at(last, command)
        self.assertNotEqual(self.start.differences(World(self.start.paths)), [])
        with open(f"{STATE}/ballast", "wb", buffering=0) as file:
            try:
                while True:
                    file.write(b"x" * 4096)
            except OSError:
                pass

        run("recover")

        self.assertEqual(self.start.differences(World(self.start.paths)), [])

    def test_read_only(self):
        self.mount_state("ro")
        self.refuses("read-only")

    def test_of_somebody_else(self):
        os.mkdir(STATE, 0o700)
        os.chown(STATE, 1000, 0)
        self.refuses(STATE)

    def test_a_symbolic_link(self):
        os.mkdir("/var/lib/elsewhere", 0o700)
        os.symlink("elsewhere", STATE)
        self.refuses(STATE, "symbolic link")
        self.assertEqual(os.listdir("/var/lib/elsewhere"), [])

    def test_no_directory(self):
        with open(STATE, "w"):
            pass
        self.refuses(STATE)

    def test_a_directory_above_that_others_can_write(self):
        os.chmod("/var/lib", 0o777)
        os.mkdir(STATE, 0o700)
        self.refuses("/var/lib")

    def test_a_lock_that_is_no_file(self):
        os.mkdir(STATE, 0o700)
        os.mkdir(f"{STATE}/lock")
        self.refuses("lock")
        os.rmdir(f"{STATE}/lock")
        os.symlink("/etc/passwd", f"{STATE}/lock")
        before = os.stat("/etc/passwd").st_size
        self.refuses("lock")
        self.assertEqual(os.stat("/etc/passwd").st_size, before)

    def test_a_transaction_that_is_no_directory(self):
        os.mkdir(STATE, 0o700)
        os.mkdir(f"{STATE}/transactions", 0o700)
        with open(f"{STATE}/transactions/1", "w"):
            pass
        ended = self.apply()
        self.assertIn(ended.returncode, (0, 2), ended.stderr)
        self.assertEqual(disagreements(self.start, World(self.start.paths)) if ended.returncode == 0
                         else self.start.differences(World(self.start.paths)), [])

    def test_a_journal_of_somebody_else_is_not_believed(self):
        self.assertEqual(self.apply().returncode, 0)
        after = World(self.start.paths)
        os.chown(f"{STATE}/transactions/1/journal.json", 1000, 1000)

        refused = run("rollback", status=2)

        self.assertIn("journal.json", refused.stderr)
        self.assertEqual(after.differences(World(self.start.paths)), [])


class Foreign(unittest.TestCase):
    def setUp(self):
        advisor.require_private_host()
        profile("eight", EIGHT)
        self.start = World(parameter_paths())

    def test_what_others_changed_between_apply_and_rollback_is_kept(self):
        subprocess.run(words_of_apply("eight"), check=True, capture_output=True)
        advisor.write_parameter("net.ipv4.tcp_retries2", "9")
        advisor.write_parameter("net.ipv4.tcp_ecn", "1")  # none of ours
        with open(DROP_IN, "a") as file:
            file.write("net.ipv4.tcp_ecn = 1\n")
        changed = open(DROP_IN).read()

        run("rollback", status=0)

        for key in EIGHT:
            wanted = "9" if key == "net.ipv4.tcp_retries2" else self.start.value(key)
            self.assertEqual(read_parameter(key), wanted, key)
        self.assertEqual(read_parameter("net.ipv4.tcp_ecn"), "1")
        self.assertEqual(open(DROP_IN).read(), changed)


if __name__ == "__main__":
    advisor.main(at_once=os.cpu_count())
