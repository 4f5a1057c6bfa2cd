# -*- coding: utf-8 -*-
# SPDX-License-Identifier: Apache-2.0
# It may be combined with Ansible, which is under the GNU General Public License, version 3.

"""Runs the module profile, and confirms over a new connection what it made provisional."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import time

from ansible.errors import AnsibleConnectionFailure
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.action import ActionBase
from ansible.plugins.connection import ConnectionBase
from ansible.utils.vars import merge_hash
from ansible_collections.sysctl_advisor.linux.plugins.plugin_utils.times import seconds_in

# Between two tries to connect.
PAUSE = 1


class ActionModule(ActionBase):
    """What is asked for by confirm_within is confirmed here, since only here a connection can be made anew."""

    def run(self, tmp=None, task_vars=None):
        self._supports_check_mode = True
        self._supports_async = True
        result = super(ActionModule, self).run(tmp, task_vars)
        if result.get("skipped"):
            return result
        within = str(self._task.args.get("confirm_within") or "")
        wrap_async = self._task.async_val and not self._connection.has_native_async
        if not within or not boolean(self._task.args.get("confirm", True), strict=False):
            result = merge_hash(result, self._execute_module(task_vars=task_vars, wrap_async=wrap_async))
        elif wrap_async:
            result.update(failed=True, msg="confirm_within does not go with async: the connection has to be made anew")
        else:
            result = merge_hash(result, self._apply_and_confirm(within, task_vars))
        return result

    def _apply_and_confirm(self, within, task_vars):
        try:
            applied = self._execute_module(task_vars=task_vars)
        except AnsibleConnectionFailure as error:
            raise AnsibleConnectionFailure(
                "%s (if the change was begun, the host takes it back by itself within %s)" % (error, within))
        if not applied.get("failed") and applied.get("status") == "provisional":
            return self._confirm(applied, time.time() + (seconds_in(within) or 0), task_vars)
        return applied

    def _confirm(self, applied, until, task_vars):
        """What the task returns, once the change is confirmed or can be no more."""
        arguments = dict((option, self._task.args[option]) for option in ("use_sudo", "executable")
                         if option in self._task.args)
        arguments.update(state="confirmed", transaction=applied["transaction"])
        confirmed = self._execute_anew(arguments, applied["deadline"], until, task_vars)
        result = dict(applied, confirmed=not confirmed.get("failed"))
        if confirmed.get("failed"):
            result.update(failed=True, msg="the change was made, but not confirmed: %s" % confirmed["msg"])
        else:
            result["status"] = confirmed["status"]
        if confirmed.get("warnings"):
            result["warnings"] = applied.get("warnings", []) + confirmed["warnings"]
        return result

    def _execute_anew(self, arguments, deadline, until, task_vars):
        """Over a new connection, which is tried as long as there is time. The deadline is the host's."""
        while True:
            try:
                self._reset_connection()
                return self._execute_module(module_args=arguments, task_vars=task_vars)
            except AnsibleConnectionFailure as error:
                if time.time() + PAUSE >= until:
                    # To remove it at the end of the task would fail as well, and hide what the task returns.
                    self._connection._shell.tmpdir = None
                    return dict(failed=True, msg="no new connection to the host comes about (%s); it takes the change "
                                "back by itself at %s" % (str(error).strip(), deadline))
                time.sleep(PAUSE)

    def _reset_connection(self):
        """Where there is none, as to this host itself, nothing can be made anew."""
        if getattr(type(self._connection), "reset", None) not in (None, ConnectionBase.reset):
            self._connection.reset()
