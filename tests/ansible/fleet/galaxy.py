"""The collection as those see it who take it from Galaxy: ansible-lint with its strictest profile, and those tests of
`ansible-test sanity` that need no network."""

import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
COLLECTION = os.path.join(HERE, "../../../packaging/ansible")
SKIPPED = 77  # the exit status by which ctest knows a test that could not run here
# These download what they need; tests/ansible/collection_test.py has validate-modules and ansible-doc.
NEED_NETWORK = ("ansible-doc", "changelog", "import", "pep8", "pylint", "runtime-metadata", "shellcheck",
                "validate-modules", "yamllint")


def commands():
    """Each with the words that it must print."""
    skipped = [word for name in NEED_NETWORK for word in ("--skip-test", name)]
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    yield ["ansible-lint", "--offline", "--nocolor", "--profile", "production"], "Passed with production profile"
    yield ["ansible-test", "sanity", "--color", "no", "--python", python, *skipped], 'Running sanity test "symlinks"'


def main():
    for program in ("ansible-lint", "ansible-test", "git"):
        if not shutil.which(program):
            print(f"skipped: {program} is not installed")
            return SKIPPED
    with tempfile.TemporaryDirectory() as root:
        target = os.path.join(root, "ansible_collections", "sysctl_advisor", "linux")
        shutil.copytree(COLLECTION, target, ignore=shutil.ignore_patterns("__pycache__"))
        subprocess.run(["git", "init", "-q", target], check=True)
        subprocess.run(["git", "-C", target, "add", "-A"], check=True)
        environment = {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "HOME": root, "LANG": "C.UTF-8",
                       "ANSIBLE_COLLECTIONS_PATH": root, "ANSIBLE_HOME": root}
        failed = False
        for command, words in commands():
            done = subprocess.run(command, cwd=target, env=environment, capture_output=True, text=True)
            fine = done.returncode == 0 and words in done.stdout + done.stderr
            print(f"{command[0]}: {'passed' if fine else done.stdout + done.stderr}")
            failed = failed or not fine
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
