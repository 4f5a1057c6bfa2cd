"""A copied tree may hold anything: what is no file of a usual size is not read, and nothing waits."""

import os
import shutil
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
import host_file

BINARY = os.environ["ADVISOR"]
VICTIMS = ("proc/sys/kernel/osrelease", "proc/sys/kernel/hostname", "proc/sys/net/core/somaxconn",
           "proc/sys/net/ipv4/ip_local_port_range", "proc/net/tcp", "proc/net/snmp", "proc/meminfo",
           "etc/sysctl.conf", "etc/sysctl-advisor/config.toml", "run/systemd/container")


def make_pipe(path):
    os.mkfifo(path)


def make_device(path):
    os.symlink("/dev/zero", path)


def make_endless(path):
    with open(path, "w"):
        os.truncate(path, 1 << 40)


class CopiedTree(unittest.TestCase):
    def setUp(self):
        expanded = host_file.expanded("idle-6.1")
        self.root = expanded.__enter__()
        self.addCleanup(expanded.__exit__, None, None, None)

    def run_program(self, *args):
        return subprocess.run([BINARY, "--root", self.root, *args, "--interval", "0"],
                              capture_output=True, text=True, timeout=60)

    def test_no_pipe_device_or_endless_file_is_read(self):
        for victim in VICTIMS:
            for make in (make_pipe, make_device, make_endless):
                with self.subTest(victim=victim, make=make.__name__):
                    path = os.path.join(self.root, victim)
                    os.makedirs(os.path.dirname(path), exist_ok=True)
                    kept = path + ".kept"
                    if os.path.exists(path):
                        os.rename(path, kept)
                    make(path)
                    done = self.run_program("audit")
                    self.assertIn(done.returncode, (0, 1, 2), done.stderr)
                    os.remove(path)
                    if os.path.exists(kept):
                        os.rename(kept, path)

    def test_a_tree_without_parameters_is_not_fine(self):
        for left in ((), ("proc/sys",)):
            shutil.rmtree(os.path.join(self.root, "proc/sys"), ignore_errors=True)
            for folder in left:
                os.makedirs(os.path.join(self.root, folder))
            for command in (("audit",), ("diff",), ("explain", "net.core.somaxconn"), ("snapshot", "-")):
                done = self.run_program(*command)
                self.assertEqual(done.returncode, 2, done.stdout)
                self.assertIn("/proc/sys", done.stderr)
                self.assertEqual(done.stdout, "")


if __name__ == "__main__":
    unittest.main(verbosity=2)
