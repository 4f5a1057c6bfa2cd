"""What the tests of the Ansible collection share: a private host with the program, users and sudoers
files of its own, and ansible-playbook.

Everything written stands on file systems that only the test's mount namespace has."""

import glob
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
TESTS = os.path.dirname(HERE)
COLLECTION = os.path.join(TESTS, "..", "packaging", "ansible")
sys.path.insert(0, os.path.join(TESTS, "support"))
import advisor

PROGRAM = "/usr/local/sbin/sysctl-advisor"
DROP_IN = "/etc/sysctl.d/99-zz-sysctl-advisor.conf"
PYTHON = "/usr/bin/python3"
USER = "advisor-test"
USER_ID = 61347
OPERATORS = "sysctl-operators"
OPERATORS_ID = 61348

# Plain targets: what they ask for depends on no load.
PROFILE = """\
name = "plain"
summary = "Values that do not depend on the load"
[targets]
"net.ipv4.tcp_fin_timeout" = 45
"net.ipv4.ip_local_port_range" = { covers = [15000, 60999] }
"net.core.somaxconn" = { at_least = 8192 }
"""
BEFORE = {
    "net.ipv4.tcp_fin_timeout": "60",
    "net.ipv4.ip_local_port_range": "40000 40099",
    "net.core.somaxconn": "128",
}
AFTER = {
    "net.ipv4.tcp_fin_timeout": "45",
    "net.ipv4.ip_local_port_range": "15000 60999",
    "net.core.somaxconn": "8192",
}


def values():
    return {name: advisor.read_parameter(name) for name in BEFORE}


def files():
    """Every file that the program could have changed, with its mode and content; but not the lock,
    which names the last process that held it, and the directory of the transactions by itself."""
    found = {}
    for folder in ("/etc/sysctl.d", "/etc/sysctl-advisor", "/var/lib/sysctl-advisor"):
        for path in glob.glob(folder + "/**", recursive=True, include_hidden=True):
            status = os.lstat(path)
            if path in ("/var/lib/sysctl-advisor/lock", "/var/lib/sysctl-advisor/transactions"):
                continue
            content = ""
            if os.path.isfile(path):
                with open(path) as file:
                    content = file.read()
            found[path] = (status.st_mode, status.st_uid, content)
    return found


def everything():
    return advisor.all_parameters(), files()


def private_copy(path, added=""):
    """Puts a copy of a file, with a few lines more, in its place for this mount namespace."""
    status = os.stat(path)
    with tempfile.NamedTemporaryFile("w", dir="/etc/sysctl-advisor") as copy:
        with open(path) as file:
            copy.write(file.read() + added)
        copy.flush()
        os.chown(copy.name, status.st_uid, status.st_gid)
        os.chmod(copy.name, status.st_mode & 0o7777)
        subprocess.run(["mount", "--bind", copy.name, path], check=True)


def private_folder(path):
    subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=0755", "tmpfs", path], check=True)


def write(path, text, mode=0o644):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write(text)
    os.chmod(path, mode)


def write_profile(name, text):
    write(f"/etc/sysctl-advisor/profiles/{name}.toml", text)


def write_sudoers(text):
    """One file below /etc/sudoers.d, where there is no other; visudo has to find it right."""
    private_folder("/etc/sudoers.d")
    path = "/etc/sudoers.d/sysctl-advisor"
    write(path, text, mode=0o440)
    subprocess.run(["visudo", "-cf", path], check=True, capture_output=True)


def add_user():
    """An ordinary user without password, in the group of the operators."""
    private_copy("/etc/passwd", f"{USER}:x:{USER_ID}:{USER_ID}::/nonexistent:/bin/sh\n")
    private_copy("/etc/group", f"{USER}:x:{USER_ID}:\n{OPERATORS}:x:{OPERATORS_ID}:{USER}\n")
    if os.path.exists("/etc/shadow"):
        private_copy("/etc/shadow", f"{USER}:*:19000:0:99999:7:::\n")


def as_user():
    """Keyword arguments for subprocess.run."""
    return {"user": USER_ID, "group": USER_ID, "extra_groups": [OPERATORS_ID]}


def build_collections(root):
    """A tree as ansible-galaxy would install it; returns the collection's folder in it."""
    target = os.path.join(root, "ansible_collections", "sysctl_advisor", "linux")
    shutil.copytree(COLLECTION, target, ignore=shutil.ignore_patterns("__pycache__"))
    return target


class AnsibleTest(unittest.TestCase):
    """A private host with the program installed, the plain profile, and values that it changes."""

    def setUp(self):
        advisor.require_private_host()
        private_folder("/usr/local/sbin")
        # What sudo finds first is a link, as `cmake --install` leaves it.
        os.mkdir("/usr/local/sbin/installed")
        shutil.copy(advisor.BINARY, "/usr/local/sbin/installed/sysctl-advisor")
        os.symlink("installed/sysctl-advisor", PROGRAM)
        write_profile("plain", PROFILE)
        for name, value in BEFORE.items():
            advisor.write_parameter(name, value)
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = temporary.name
        os.chmod(self.folder, 0o755)
        self.collection = build_collections(self.folder)
        self.home = os.path.join(self.folder, "home")
        os.mkdir(self.home)
        self.environment = {
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "LANG": "C.UTF-8",
            "HOME": self.home,
            "ANSIBLE_HOME": self.home,
            "ANSIBLE_LOCAL_TEMP": self.home,
            "ANSIBLE_REMOTE_TEMP": self.home + "/remote",
            "ANSIBLE_COLLECTIONS_PATH": self.folder,
            "ANSIBLE_CALLBACK_PLUGINS": os.path.join(self.folder, "callbacks"),
            "ANSIBLE_CALLBACKS_ENABLED": "record",
            "ANSIBLE_NOCOLOR": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
            "RECORD_FILE": os.path.join(self.home, "record"),
        }
        # The tests' own folder may be out of an ordinary user's reach.
        shutil.copytree(os.path.join(HERE, "callbacks"), os.path.join(self.folder, "callbacks"),
                        ignore=shutil.ignore_patterns("__pycache__"))

    def playbook(self, *arguments, user=False):
        """Runs ansible-playbook on this host; returns each task's result, and what was printed."""
        record = self.environment["RECORD_FILE"]
        if os.path.exists(record):
            os.remove(record)
        if user:
            os.chown(self.home, USER_ID, USER_ID)
        command = ["ansible-playbook", "-i", "localhost,", "-c", "local",
                   "-e", "ansible_python_interpreter=" + PYTHON, *arguments]
        done = subprocess.run(command, env=self.environment, cwd=self.folder, timeout=250, text=True,
                              capture_output=True, stdin=subprocess.DEVNULL,
                              **(as_user() if user else {}))
        self.assertTrue(os.path.exists(record), done.stdout + done.stderr)
        with open(record) as file:
            return [json.loads(line) for line in file], done.stdout

    def apply(self, *arguments, user=False, become=False, **options):
        """Runs a play with one task of the module; returns its result, and what was printed."""
        options.setdefault("profiles", ["plain"])
        options.setdefault("interval", "0")
        play = [{"hosts": "localhost", "gather_facts": False, "become": become,
                 "tasks": [{"sysctl_advisor.linux.profile": options}]}]
        path = os.path.join(self.folder, "play.json")
        write(path, json.dumps(play))
        results, printed = self.playbook(*arguments, path, user=user)
        self.assertEqual(len(results), 1, printed)
        return results[0], printed

    def assert_failed(self, result, sentence):
        self.assertTrue(result["failed"], result)
        self.assertIn(sentence, result["msg"])


def main():
    """Runs the named test method on a private host, or else each one of the script."""
    script = os.path.abspath(sys.argv[0])
    if sys.argv[1:2] == ["--inside"]:
        sys.exit(run_inside(sys.argv[2]))
    if os.geteuid() != 0:
        skip("a network namespace of one's own needs root")
    for program in ("ansible-playbook", "sudo", "visudo"):
        if not shutil.which(program):
            skip(program + " is not installed")
    private_host = os.path.join(TESTS, "support", "private-host.sh")
    methods = sys.argv[1:] or [method for case in cases() for method in methods_of(case)]
    statuses = [subprocess.run([private_host, PYTHON, "-B", script, "--inside", method]).returncode
                for method in methods]
    sys.exit(max(set(statuses) - {advisor.SKIPPED}, default=0) or max(statuses))


def skip(why):
    print("skipped: " + why)
    sys.exit(advisor.SKIPPED)


def cases():
    names = vars(sys.modules["__main__"]).values()
    return [case for case in names if isinstance(case, type) and issubclass(case, unittest.TestCase)]


def methods_of(case):
    return unittest.defaultTestLoader.getTestCaseNames(case)


def run_inside(method):
    suite = unittest.TestSuite(case(method) for case in cases() if method in methods_of(case))
    if suite.countTestCases() != 1:
        sys.exit(f"there is no test {method}, or more than one")
    result = unittest.TextTestRunner(verbosity=2, warnings="ignore").run(suite)
    if result.skipped:
        return advisor.SKIPPED
    return 0 if result.wasSuccessful() else 1
