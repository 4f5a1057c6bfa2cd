"""This host as by a connection that works, until it is reset: then so many new ones fail as the file that
BREAKING_FILE names says. Each reset is written into it as a further line."""

import os

from ansible.errors import AnsibleConnectionFailure
from ansible.plugins.connection import local

DOCUMENTATION = """
name: breaking
short_description: Works until it is reset
description: For tests of what happens when no new connection comes about.
"""


class Connection(local.Connection):
    transport = "breaking"

    def _state(self):
        with open(os.environ["BREAKING_FILE"]) as file:
            broken, *resets = file.read().split()
        return int(broken), len(resets)

    def reset(self):
        with open(os.environ["BREAKING_FILE"], "a") as file:
            file.write("reset\n")

    def exec_command(self, *arguments, **options):
        broken, resets = self._state()
        if broken < 0 or 0 < resets <= broken:
            raise AnsibleConnectionFailure("connection refused")
        return super().exec_command(*arguments, **options)
