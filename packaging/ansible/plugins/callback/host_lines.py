# -*- coding: utf-8 -*-
# SPDX-License-Identifier: Apache-2.0
# It may be combined with Ansible, which is under the GNU General Public License, version 3.

from __future__ import absolute_import, division, print_function

__metaclass__ = type

DOCUMENTATION = r"""
name: host_lines
type: notification
short_description: Writes a line for each host that is audited
version_added: "1.0.0"
description:
  - Appends to a file one line for each host of a play in which M(sysctl_advisor.linux.audit) is run, also for
    hosts that fail or are unreachable. C(sysctl-advisor report) reads such files.
  - A play that audits another network namespace of a host besides adds a line for it.
  - The lines of a play, or of a batch of it, are appended when it ends, all by one write.
requirements:
  - enabled by C(callbacks_enabled = sysctl_advisor.linux.host_lines) in ansible.cfg
options:
  path:
    description: The file to append to. It is made if it is not there.
    type: path
    default: sysctl-advisor-hosts.jsonl
    env:
      - name: SYSCTL_ADVISOR_HOST_LINES
    ini:
      - section: callback_host_lines
        key: path
author:
  - The sysctl-advisor authors (@sysctl-advisor)
"""

import fcntl
import json
import os

from ansible.plugins.callback import CallbackBase
from ansible_collections.sysctl_advisor.linux.plugins.plugin_utils.host_line import error_in, failed_line, line_of

AUDIT = "sysctl_advisor.linux.audit"


def is_audit(task):
    return AUDIT in (task.action, getattr(task, "resolved_action", None))


def tasks_in(blocks):
    """Every task of a list of blocks, which hold blocks."""
    for block in blocks:
        if not hasattr(block, "block"):
            yield block
            continue
        for task in tasks_in(block.block + block.rescue + block.always):
            yield task


class CallbackModule(CallbackBase):
    """Collects what the hosts of a play come to, and writes it when the play ends."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "sysctl_advisor.linux.host_lines"
    CALLBACK_NEEDS_ENABLED = True

    def __init__(self, display=None, options=None):
        super(CallbackModule, self).__init__(display=display, options=options)
        self._begin(False)

    def _begin(self, audits):
        self._audits = audits
        self._lines = {}  # by host and network namespace
        self._errors = {}  # by host

    def v2_playbook_on_play_start(self, play):
        self._write()
        self._begin(any(is_audit(task) for task in tasks_in(play.compile())))

    def v2_playbook_on_task_start(self, task, is_conditional):
        self._audits = self._audits or is_audit(task)  # of a role that was included just now

    def v2_runner_on_ok(self, result):
        if is_audit(result._task):
            self._keep(result)

    def v2_runner_on_failed(self, result, ignore_errors=False):
        if is_audit(result._task):
            self._keep(result)
        elif not ignore_errors:
            self._errors.setdefault(result._host.get_name(), error_in(result._result))

    def v2_runner_on_unreachable(self, result):
        if is_audit(result._task):
            self._keep(result)
        else:
            self._errors.setdefault(result._host.get_name(), error_in(dict(result._result, unreachable=True)))

    def v2_playbook_on_stats(self, stats):
        self._write()
        self._begin(False)

    def _keep(self, result):
        host = result._host.get_name()
        for item in result._result.get("results") or [result._result]:
            line = line_of(item, host, (item.get("invocation") or {}).get("module_args") or result._task.args)
            self._lines[host, line["host"]["netns"]] = line

    def _write(self):
        if not self._audits:
            return
        lines = list(self._lines.values())
        seen = set(host for host, netns in self._lines)
        lines += [failed_line(host, error) for host, error in self._errors.items() if host not in seen]
        if lines:
            self._append("".join(json.dumps(line, sort_keys=False) + "\n" for line in lines).encode())

    def _append(self, text):
        """Whole lines, also if several runs write to the file at once."""
        path = self.get_option("path")
        try:
            target = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
            try:
                fcntl.flock(target, fcntl.LOCK_EX)
                while text:
                    text = text[os.write(target, text):]
            finally:
                os.close(target)
        except OSError as error:
            self._display.warning("host_lines: cannot write %s: %s" % (path, error.strerror))
