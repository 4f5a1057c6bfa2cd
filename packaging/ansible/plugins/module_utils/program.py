# -*- coding: utf-8 -*-
# SPDX-License-Identifier: Apache-2.0

"""Calls sysctl-advisor and reads what it answers."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import json
import os

from ansible.module_utils.common.process import get_bin_path

PROGRAM = "sysctl-advisor"
PREFIX = PROGRAM + ": "
WARNING = "warning: "
EXIT_HALF_DONE = 3
# Exit statuses of sudo, and of a shell or loader, when the program was not run.
NOT_RUN = (1, 126, 127)
# What sudo says, in English, if sudoers grants nothing, or not that line without a password.
NOT_GRANTED = ("sudo: a password is required", "Sorry, user ")
NOTHING_CHANGED = 2
MOST_LINES_SHOWN = 5

# The options that every module has; plugins/doc_fragments/program.py describes them.
OPTIONS = dict(
    netns=dict(type="str"),
    use_sudo=dict(type="bool", default=False),
    executable=dict(type="path"),
)


def check_filled(module, *options):
    """Refuses empty texts, which the program would understand in another way than the task means them."""
    for option in options:
        value = module.params[option]
        if isinstance(value, list) and "" in value:
            module.fail_json(msg="%s has an empty element" % option)
        if value == "":
            module.fail_json(msg="%s is empty" % option)


def repeated(module, option, flag):
    """Values are joined to their flag, so that none of them can pass for a flag."""
    return [flag + "=" + value for value in module.params[option]]


def netns_arguments(module):
    return ["--netns=" + module.params["netns"]] if module.params["netns"] else []


def find(module):
    """The absolute path of the program, so that a sudoers rule can match it."""
    wanted = module.params["executable"] or PROGRAM
    try:
        return get_bin_path(wanted, opt_dirs=["/usr/sbin", "/usr/local/sbin"])
    except ValueError:
        return module.fail_json(msg="%s is not installed on this host" % wanted)


def version(module):
    """What the program says it is; None if that is not understood. Needs no rights."""
    stdout = module.run_command([find(module), "--version"])[1]
    words = stdout.split()
    return words[1] if len(words) == 2 and words[0] == PROGRAM else None


def call(module, arguments, schema, changes=False):
    """Runs the program, through sudo if the task says so; never through a shell. `changes` says that
    it may change the host."""
    line = [find(module)] + arguments
    by_sudo = module.params["use_sudo"] and os.geteuid() != 0
    command = [module.get_bin_path("sudo", required=True), "-n"] + line if by_sudo else line
    rc, stdout, stderr = module.run_command(
        command,
        expand_user_and_vars=False,  # a "$" or "~" in a value means itself
        environ_update=dict(LC_ALL="C", LANGUAGE="C"),
    )
    return Run(command, rc, stdout, stderr, PROGRAM + "/" + schema, changes, " ".join(line) if by_sudo else None)


class Run(object):
    """One call of the program, and what came of it. `sudo_line` is what sudo held against sudoers."""

    def __init__(self, command, rc, stdout, stderr, schema, changes=False, sudo_line=None):
        self.command = command
        self.sudo_line = sudo_line
        self.rc = rc
        self.stdout = stdout
        self.stderr = stderr
        self.schema = schema
        self.answer = answer_in(stdout, schema)
        self.not_understood = rc == 0 and self.answer is None
        self.failed = rc != 0 or self.answer is None
        self.half_done = changes and rc == EXIT_HALF_DONE
        # What it did is unknown if it was killed, or did something and kept silent about it.
        knows = self.answer is not None or rc == NOTHING_CHANGED or rc in NOT_RUN
        self.untold = changes and self.failed and not self.half_done and not knows

    def warnings(self):
        return [line[len(WARNING):] for line in self._lines() if line.startswith(WARNING)]

    def message(self):
        """Why it failed, in one line."""
        if self.half_done:
            return self._half_done_message()
        why = self._sentences() or "%s ended with exit status %d" % (PROGRAM, self.rc)
        if self.not_understood:
            why = "the answer of %s is not %s: is it of another version, or does something print " \
                "besides it?" % (PROGRAM, self.schema)
        if self._not_granted():
            why += "; sudoers does not grant this line without a password: %s (`sudo -l` on the host " \
                "lists what it grants)" % self.sudo_line
        if self.untold:
            why += " It may have changed the host: `%s history` says what was done" % PROGRAM
        return why

    def _not_granted(self):
        return self.sudo_line and self.rc == 1 and any(line.startswith(NOT_GRANTED) for line in self._lines())

    def _half_done_message(self):
        if not self.answer:
            return "not everything could be put back: %s" % self.stderr.strip()
        return "not everything could be put back (%s); run on the host: %s" % (
            "; ".join(self.answer["problems"]),
            "; ".join(self.answer["commands"]),
        )

    def _sentences(self):
        """The last lines of standard error, but for warnings and quoted source."""
        said = []
        for line in self._lines():
            quoted = line[:1] in (" ", "\t") and not line.strip().startswith("hint: ")
            if line.strip() and not quoted and not line.startswith(WARNING):
                said.append(line.strip())
        return "; ".join(said[-MOST_LINES_SHOWN:])

    def _lines(self):
        for line in self.stderr.splitlines():
            yield line[len(PREFIX):] if line.startswith(PREFIX) else line


def answer_in(stdout, schema):
    """The program's answer; None if what was printed is none."""
    try:
        answer = json.loads(stdout)
    except ValueError:
        return None
    if isinstance(answer, dict) and answer.get("schema") == schema:
        return answer
    return None


def finish(module, run, result):
    """Puts all that the program answered into the result; ends the task if the run failed."""
    for warning in run.warnings():
        module.warn(warning)
    result.update(cmd=run.command, rc=run.rc)
    if run.answer:
        result.update((key, value) for key, value in run.answer.items() if key != "schema")
    if run.failed:
        fail(module, run, result)


def fail(module, run, result):
    result["changed"] = run.half_done or run.untold
    result["stderr"] = run.stderr
    if not run.answer:
        result["stdout"] = run.stdout
    module.fail_json(msg=run.message(), **result)
