"""Where the system says that it cannot: an error is told, and never taken for "there is nothing"."""

import glob
import os
import shutil
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
import advisor
import faults

PROFILE = "/etc/sysctl-advisor/profiles/mine.toml"
TARGETS = """name = "mine"
summary = "for a test"
[targets]
"net.core.somaxconn" = 5000
"net.ipv4.ip_forward" = 1
"""
APPLY = ("apply", "--yes", "--interval", "0", "--profile", "mine")
STATE = "/var/lib/sysctl-advisor/transactions"
DROP_INS = "/etc/sysctl.d/*"


def run_hidden(hide, *args):
    """Runs the program where a shell command has hidden something; only for it."""
    script = f'{hide} && exec "$@"'
    return subprocess.run(["unshare", "--mount", "sh", "-c", script, "sh", advisor.BINARY, *args],
                          capture_output=True, text=True, timeout=60, env=faults.ENVIRONMENT)


def failing(path, injection, *args):
    """Runs the program with a call made to fail whenever it is about that path."""
    call = injection.split(":")[0]
    return faults.strace(["-o", "/dev/null", "-P", path, "-e", f"trace={call}",
                          "-e", f"inject={injection}"], args)


def is_sanitized():
    with open(advisor.BINARY, "rb") as file:
        return b"__asan_init" in file.read()


class WithoutProc(unittest.TestCase):
    HIDING_ALL_OF_PROC = ("umount -l /proc", "mount -t tmpfs tmpfs /proc")
    HIDING = ("mount -t tmpfs tmpfs /proc/sys",
              "mount -t tmpfs tmpfs /proc/sys && mkdir -p /proc/sys/net/core"
              " && echo 128 > /proc/sys/net/core/somaxconn")

    def test_nothing_is_said_to_be_fine(self):
        # A sanitizer finds its own options below /proc, and fails without.
        if is_sanitized():
            print("skipped: a sanitized program does not run without /proc")
        hidden = self.HIDING if is_sanitized() else self.HIDING_ALL_OF_PROC + self.HIDING
        for hide in hidden:
            for command in (("audit",), ("audit", "--profile", "hardened", "-v"),
                            ("audit", "--format", "json"), ("diff",), ("explain", "net.core.somaxconn"),
                            ("snapshot", "-"), ("profiles", "recommend")):
                with self.subTest(hide=hide, command=command):
                    done = run_hidden(hide, *command, "--interval", "0")
                    self.assertEqual(done.returncode, 2, done.stdout + done.stderr)
                    self.assertEqual(done.stdout, "")
                    self.assertIn("/proc/sys", done.stderr)

    def test_nothing_is_changed(self):
        with open("/proc/sys/net/core/somaxconn") as file:
            before = file.read()
        done = run_hidden("mount -t tmpfs tmpfs /proc/sys", "apply", "--yes", "--interval", "0")
        self.assertEqual(done.returncode, 2, done.stdout + done.stderr)
        self.assertEqual(glob.glob(f"{STATE}/*"), [])
        with open("/proc/sys/net/core/somaxconn") as file:
            self.assertEqual(file.read(), before)


@unittest.skipUnless(shutil.which("strace"), "needs strace")
class Unlistable(unittest.TestCase):
    def setUp(self):
        advisor.require_private_host()
        os.makedirs(os.path.dirname(PROFILE), exist_ok=True)
        with open(PROFILE, "w") as file:
            file.write(TARGETS)
        self.parameters = advisor.all_parameters()

    def old_values(self):
        with open(f"{STATE}/1/rollback.conf") as file:
            return file.read()

    def check_unchanged(self):
        self.assertEqual(advisor.all_parameters(), self.parameters)

    def test_what_moves_along_cannot_be_listed(self):
        advisor.write_parameter("net.ipv4.conf.lo.forwarding", "1")
        self.parameters = advisor.all_parameters()
        for error in ("EIO", "ENOMEM"):
            status, said = failing("/proc/sys/net/ipv4/conf", f"getdents64:error={error}", *APPLY)
            self.assertEqual(status, 2, said)
            self.assertIn("/proc/sys/net/ipv4/conf", said)
            self.check_unchanged()
        self.assertEqual(glob.glob(DROP_INS), [])

    def test_a_directory_whose_lines_may_beat_ours_cannot_be_listed(self):
        os.makedirs("/run/sysctl.d", exist_ok=True)
        mark = "/run/sysctl.d/99-zzz-of-a-test.conf"
        self.addCleanup(lambda: os.path.exists(mark) and os.remove(mark))
        with open(mark, "w") as file:
            file.write("net.core.somaxconn = 77\n")
        for injection in ("getdents64:error=EIO", "openat:error=EACCES", "openat:error=EMFILE"):
            status, said = failing("/run/sysctl.d", injection, *APPLY)
            self.assertEqual(status, 2, said)
            self.assertIn("/run/sysctl.d", said)
            self.assertEqual(glob.glob(DROP_INS), [])
            self.check_unchanged()

    def test_an_id_is_never_used_twice(self):
        advisor.run(*APPLY, status=0)
        before = self.old_values()
        applied = advisor.all_parameters()
        # An error; and a listing that is empty, though there is something.
        for injection in ("getdents64:error=EIO", "getdents64:retval=0"):
            for nth in range(1, 8):
                status, said = failing(STATE, f"{injection}:when={nth}", "rollback")
                self.assertEqual(self.old_values(), before, said)
                self.assertIn(status, (0, 2), said)
                if status == 0:
                    self.check_unchanged()
                    advisor.run(*APPLY, status=0)
                self.assertEqual(advisor.all_parameters(), applied, said)

    def test_nothing_open_is_said_only_after_a_look(self):
        advisor.run(*APPLY, status=0)
        status, said = failing(STATE, "getdents64:error=EIO", "recover")
        self.assertEqual(status, 2, said)
        self.assertNotIn("nothing", said)

    def test_the_namespaces_cannot_be_listed(self):
        status, said = failing("/proc", "getdents64:error=EIO", "audit", "--netns", "all", "--interval", "0")
        self.assertEqual(status, 2, said)
        self.assertIn("/proc", said)


@unittest.skipUnless(shutil.which("strace"), "needs strace")
class Unsteady(unittest.TestCase):
    def test_a_socket_table_that_is_never_read_to_its_end(self):
        for error in ("ENOBUFS", "EINTR"):
            status, said = faults.strace(
                ["-o", "/dev/null", "-e", "trace=recvmsg", "-e", f"inject=recvmsg:error={error}"],
                ("audit", "--interval", "0", "-v"))
            self.assertIn(status, (0, 1), said)


if __name__ == "__main__":
    advisor.main()
