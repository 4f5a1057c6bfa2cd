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
import sudoers

DROP_IN = "/etc/sysctl.d/99-zz-sysctl-advisor.conf"
PYTHON = "/usr/bin/python3"

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
# Stands in for the program: writes down its arguments and environment, then answers as told.
STAND_IN = """\
#!/bin/sh
printf '%s\\n' "$@" > {folder}/arguments
printf '%s' "$LC_ALL" > {folder}/locale
cat {folder}/{name}.stderr >&2
cat {folder}/{name}.stdout
exit {status}
"""


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


def write(path, text, mode=0o644):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write(text)
    os.chmod(path, mode)


def write_profile(name, text):
    write(f"/etc/sysctl-advisor/profiles/{name}.toml", text)


def build_collections(root):
    """A tree as ansible-galaxy would install it; returns the collection's folder in it."""
    target = os.path.join(root, "ansible_collections", "sysctl_advisor", "linux")
    shutil.copytree(COLLECTION, target, ignore=shutil.ignore_patterns("__pycache__"))
    return target


class AnsibleTest(unittest.TestCase):
    """A private host with the program installed, the plain profile, and values that it changes."""

    patience = 280  # seconds for one run of ansible-playbook

    def setUp(self):
        advisor.require_private_host()
        sudoers.install_program(advisor.BINARY)
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
            "PWD": self.folder,
            "ANSIBLE_HOME": self.home,
            "ANSIBLE_LOCAL_TEMP": self.home,
            "ANSIBLE_REMOTE_TEMP": self.home + "/remote",
            "ANSIBLE_COLLECTIONS_PATH": self.folder,
            "ANSIBLE_CALLBACK_PLUGINS": os.path.join(self.folder, "callbacks"),
            "ANSIBLE_CALLBACKS_ENABLED": "record",
            "ANSIBLE_CONNECTION_PLUGINS": os.path.join(self.folder, "connections"),
            "ANSIBLE_NOCOLOR": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
            "RECORD_FILE": os.path.join(self.home, "record"),
        }
        # The tests' own folder may be out of an ordinary user's reach.
        for folder in ("callbacks", "connections"):
            shutil.copytree(os.path.join(HERE, folder), os.path.join(self.folder, folder),
                            ignore=shutil.ignore_patterns("__pycache__"))

    def playbook(self, *arguments, user=False, inventory="localhost,", connection="local"):
        """Runs ansible-playbook; returns each task's result, and what was printed."""
        record = self.environment["RECORD_FILE"]
        if os.path.exists(record):
            os.remove(record)
        if user:
            os.chown(self.home, sudoers.USER_ID, sudoers.USER_ID)
        command = ["ansible-playbook", "-i", inventory, "-c", connection,
                   "-e", "ansible_python_interpreter=" + PYTHON, *arguments]
        done = subprocess.run(command, env=self.environment, cwd=self.folder, timeout=self.patience, text=True,
                              capture_output=True, stdin=subprocess.DEVNULL,
                              **(sudoers.as_user() if user else {}))
        self.assertTrue(os.path.exists(record), done.stdout + done.stderr)
        with open(record) as file:
            return [json.loads(line) for line in file], done.stdout

    def play(self, *tasks, arguments=(), hosts="localhost", become=False, **how):
        """Runs a play of tasks, each (module, options) or (module, options, keywords), none of which keeps the
        next from being run; returns their results, and what was printed."""
        written = [{"sysctl_advisor.linux." + module: options, "ignore_errors": True, **dict(*keywords)}
                   for module, options, *keywords in tasks]
        play = [{"hosts": hosts, "gather_facts": False, "become": become, "tasks": written}]
        path = os.path.join(self.folder, "play.json")
        write(path, json.dumps(play))
        return self.playbook(*arguments, path, **how)

    def stand_in(self, stdout, status=0, stderr="", name="stand-in"):
        """A program that writes down its arguments, and answers as told."""
        path = os.path.join(self.folder, name)
        write(path, STAND_IN.format(folder=self.folder, name=name, status=status), mode=0o755)
        write(path + ".stdout", stdout)
        write(path + ".stderr", stderr)
        return path

    def written_by_stand_in(self, what):
        with open(os.path.join(self.folder, what)) as file:
            return file.read()

    def apply(self, *arguments, user=False, become=False, **options):
        """Runs a play with one task of the module profile; returns its result, and what was printed."""
        options.setdefault("profiles", ["plain"])
        options.setdefault("interval", "0")
        results, printed = self.play(("profile", options), arguments=arguments, user=user, become=become)
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
