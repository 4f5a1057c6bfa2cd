"""The collection as ansible-core sees it: documentation, argument specification, packaging."""

import os
import re
import subprocess
import unittest

import ansible_host
from ansible_host import PYTHON

MODULE = "plugins/modules/profile.py"
VALIDATOR = "ansible_test/_util/controller/sanity/validate-modules"


def python_path_of(name):
    """Where a package stands for the system's Python; None if it is not installed."""
    script = f"import importlib.util as u; s = u.find_spec({name!r}); print(s.origin if s else '')"
    found = subprocess.run([PYTHON, "-c", script], capture_output=True, text=True).stdout.strip()
    return os.path.dirname(os.path.dirname(found)) if found else None


class Collection(ansible_host.AnsibleTest):
    def ansible(self, *command, folder=None):
        return subprocess.run(command, env=self.environment, cwd=folder or self.folder,
                              capture_output=True, text=True)

    def ignored(self):
        """What tests/sanity/ignore-*.txt lists for validate-modules."""
        path = os.path.join(self.collection, "tests/sanity/ignore-2.14.txt")
        with open(path) as file:
            return re.findall(re.escape(MODULE) + r" validate-modules:(\S+)", file.read())

    def test_the_documentation_agrees_with_the_arguments(self):
        packages = python_path_of("ansible_test")
        validator = os.path.join(packages or "", VALIDATOR)
        if not packages or not os.path.exists(validator):
            raise unittest.SkipTest("ansible-core came without validate-modules")
        if not python_path_of("voluptuous"):
            raise unittest.SkipTest("python3-voluptuous is not installed")
        self.environment["PYTHONPATH"] = f"{validator}:{self.folder}"

        done = self.ansible(PYTHON, os.path.join(validator, "validate.py"), "--format", "json",
                            "--arg-spec", "--collection", "ansible_collections/sysctl_advisor/linux", MODULE,
                            folder=self.collection)

        lacking = re.search(r"ModuleNotFoundError: No module named '(antsibull\w*)'", done.stderr)
        if lacking:  # as that of ansible-core 2.19 does
            raise unittest.SkipTest(f"validate-modules needs {lacking[1]}, which is not installed")
        self.assertNotIn("Traceback", done.stderr)
        codes = re.findall(r'"code": "([^"]+)"', done.stdout)
        self.assertEqual(sorted(codes), sorted(self.ignored()), done.stdout + done.stderr)

    def test_ansible_doc_shows_the_module(self):
        done = self.ansible("ansible-doc", "sysctl_advisor.linux.profile")
        listed = self.ansible("ansible-doc", "-l", "sysctl_advisor.linux")

        self.assertEqual(done.returncode, 0, done.stderr)
        for text in ("use_sudo", "allow_one_way", "rollback_file", "EXAMPLES"):
            self.assertIn(text, done.stdout)
        self.assertIn("Apply sysctl-advisor profiles to a host", listed.stdout)

    def test_the_examples_are_valid_tasks(self):
        script = "import runpy, sys; print(runpy.run_path(sys.argv[1])['EXAMPLES'])"
        self.environment["PYTHONPATH"] = self.folder
        examples = self.ansible(PYTHON, "-c", script, os.path.join(self.collection, MODULE))
        self.assertEqual(examples.returncode, 0, examples.stderr)
        path = os.path.join(self.folder, "examples.yml")
        tasks = "".join("    " + line + "\n" for line in examples.stdout.splitlines())
        ansible_host.write(path, "- hosts: localhost\n  gather_facts: false\n  tasks:\n" + tasks)

        checked = self.ansible("ansible-playbook", "-i", "localhost,", "--syntax-check", path)

        self.assertEqual(checked.returncode, 0, checked.stderr)

    def test_the_collection_is_built_and_installed(self):
        target = os.path.join(self.folder, "installed")
        built = self.ansible("ansible-galaxy", "collection", "build", self.collection)
        self.assertEqual(built.returncode, 0, built.stderr)
        archive = [name for name in os.listdir(self.folder) if name.endswith(".tar.gz")]
        self.assertEqual(len(archive), 1, built.stdout)
        self.environment["ANSIBLE_COLLECTIONS_PATH"] = target  # where it is not installed yet

        installed = self.ansible("ansible-galaxy", "collection", "install", "--offline", "-p", target,
                                 archive[0])

        self.assertEqual(installed.returncode, 0, installed.stderr)
        predicted, _ = self.apply("--check")
        self.assertTrue(predicted["changed"])


if __name__ == "__main__":
    ansible_host.main()
