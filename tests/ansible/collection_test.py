"""The collection as ansible-core sees it: documentation, argument specification, packaging."""

import glob
import json
import os
import re
import subprocess
import tarfile
import unittest

import ansible_host
from ansible_host import AFTER, BEFORE, COLLECTION, PYTHON, values

INSTALLED = "/usr/share/sysctl-advisor/ansible"

MODULES = ("audit", "profile", "transactions_info")
PLUGINS = {"module": [f"plugins/modules/{name}.py" for name in MODULES],
           "callback": ["plugins/callback/host_lines.py"],
           "filter": ["plugins/filter/host_line.py"]}
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

    def validate(self, validator, kind, paths):
        """What validate-modules finds, as (path, code); no file of ours says that anything be ignored."""
        done = self.ansible(PYTHON, os.path.join(validator, "validate.py"), "--format", "json", "--arg-spec",
                            "--plugin-type", kind, "--collection", "ansible_collections/sysctl_advisor/linux", *paths,
                            folder=self.collection)
        lacking = re.search(r"ModuleNotFoundError: No module named '(antsibull\w*)'", done.stderr)
        if lacking:  # as that of ansible-core 2.19 does
            raise unittest.SkipTest(f"validate-modules needs {lacking[1]}, which is not installed")
        self.assertNotIn("Traceback", done.stderr)
        found = json.loads(done.stdout)
        return [(path, error["code"], error["msg"]) for path, errors in found.items() for error in errors["errors"]]

    def test_the_documentation_agrees_with_the_arguments(self):
        packages = python_path_of("ansible_test")
        validator = os.path.join(packages or "", VALIDATOR)
        if not packages or not os.path.exists(validator):
            raise unittest.SkipTest("ansible-core came without validate-modules")
        if not python_path_of("voluptuous"):
            raise unittest.SkipTest("python3-voluptuous is not installed")
        self.environment["PYTHONPATH"] = f"{validator}:{self.folder}"

        for kind, paths in PLUGINS.items():
            self.assertEqual(self.validate(validator, kind, paths), [])

    def test_ansible_doc_shows_the_modules_and_the_rest(self):  # thorough
        shown = self.ansible("ansible-doc", *[f"sysctl_advisor.linux.{name}" for name in MODULES])
        listed = self.ansible("ansible-doc", "-l", "sysctl_advisor.linux")
        others = [self.ansible("ansible-doc", "-t", kind, "sysctl_advisor.linux." + name).stdout
                  for kind, name in (("callback", "host_lines"), ("filter", "host_line"), ("role", "host"))]

        self.assertEqual(shown.returncode, 0, shown.stderr)
        for text in ("use_sudo", "allow_one_way", "rollback_file", "host_line", "standing", "EXAMPLES"):
            self.assertIn(text, shown.stdout)
        self.assertIn("Audit a host by sysctl-advisor", listed.stdout)
        self.assertEqual(len(listed.stdout.splitlines()), len(MODULES))
        for text, told in zip(("SYSCTL_ADVISOR_HOST_LINES", "inventory_name", "sysctl_advisor_own_profiles"), others):
            self.assertIn(text, told)

    def test_the_examples_are_valid_tasks(self):
        script = "import runpy, sys; [print(runpy.run_path(path)['EXAMPLES']) for path in sys.argv[1:]]"
        self.environment["PYTHONPATH"] = self.folder
        examples = self.ansible(PYTHON, "-c", script, *[os.path.join(self.collection, path)
                                                        for path in PLUGINS["module"] + PLUGINS["filter"]])
        self.assertEqual(examples.returncode, 0, examples.stderr)
        path = os.path.join(self.folder, "examples.yml")
        tasks = "".join("    " + line + "\n" for line in examples.stdout.splitlines())
        ansible_host.write(path, "- hosts: localhost\n  gather_facts: false\n  tasks:\n" + tasks)

        checked = self.ansible("ansible-playbook", "-i", "localhost,", "--syntax-check", path)

        self.assertEqual(checked.returncode, 0, checked.stderr)

    def screen(self):
        """The commands that the README of the collection begins with, for where the tests have it."""
        with open(os.path.join(self.collection, "README.md")) as file:
            block = file.read().split("```sh\n", 1)[1].split("```", 1)[0]
        self.assertIn(INSTALLED, block)
        return block.replace(INSTALLED, self.collection)

    def test_the_screen_of_the_readme_works_when_it_is_pasted(self):  # thorough
        ansible_host.write(os.path.join(self.folder, "hosts"), "localhost ansible_connection=local "
                           f"ansible_python_interpreter={PYTHON}\n")
        variables = {"profiles": ["plain"], "interval": "0", "reporter": "echo"}
        named = json.dumps({f"sysctl_advisor_{name}": value for name, value in variables.items()})
        self.environment["ANSIBLE_COLLECTIONS_PATH"] = self.home + "/collections"  # where it is not installed yet
        self.environment["ANSIBLE_NOCOWS"] = "1"
        seen = []
        for command in self.screen().splitlines():
            if command.startswith("ansible-playbook"):
                command += f" -e '{named}'"
            done = self.ansible("sh", "-c", command)
            self.assertEqual(done.returncode, 0, (command, done.stdout, done.stderr))
            if command.startswith("ansible-playbook"):
                seen.append(values())

        self.assertEqual(seen, [BEFORE, BEFORE, AFTER, BEFORE, BEFORE])
        with open(os.path.join(self.folder, "hosts.jsonl")) as file:
            self.assertEqual(json.loads(file.read())["host"]["inventory_name"], "localhost")

    def test_the_archive_holds_what_galaxy_wants_and_nothing_that_lay_about(self):
        for stray in (".cache/x", "tests/output/x", "__pycache__/x", "old.tar.gz"):
            ansible_host.write(os.path.join(self.collection, stray), "")

        built = self.ansible("ansible-galaxy", "collection", "build", self.collection)

        self.assertEqual(built.returncode, 0, built.stderr)
        archive = [name for name in os.listdir(self.folder) if name.endswith(".tar.gz")]
        self.assertEqual(len(archive), 1, built.stdout)
        with tarfile.open(os.path.join(self.folder, archive[0])) as packed:
            names = {member.name for member in packed.getmembers() if member.isfile()}
        wanted = {os.path.relpath(path, COLLECTION) for path in glob.glob(COLLECTION + "/**", recursive=True)
                  if os.path.isfile(path) and "__pycache__" not in path}
        self.assertEqual(names - {"MANIFEST.json", "FILES.json"}, wanted - {"galaxy.yml"})
        with open(os.path.join(COLLECTION, "LICENSE")) as ours, open(os.path.join(COLLECTION, "../../LICENSE")) as all_:
            self.assertEqual(ours.read(), all_.read())


if __name__ == "__main__":
    ansible_host.main()
