"""Writes the result of each task to the file named by RECORD_FILE, a line of JSON each."""

import json
import os

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: record
type: notification
short_description: Writes results to a file
description: For tests that compare results as data.
"""


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "record"
    CALLBACK_NEEDS_ENABLED = True

    def _record(self, result, failed=False):
        with open(os.environ["RECORD_FILE"], "a") as file:
            file.write(json.dumps({**result._result, "failed": failed, "_host": result._host.get_name()}) + "\n")

    def v2_runner_on_ok(self, result):
        self._record(result)

    def v2_runner_on_failed(self, result, ignore_errors=False):
        self._record(result, failed=True)

    def v2_runner_on_unreachable(self, result):
        self._record(result, failed=True)
