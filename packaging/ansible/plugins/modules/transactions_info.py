#!/usr/bin/python
# -*- coding: utf-8 -*-
# SPDX-License-Identifier: Apache-2.0
# It may be combined with Ansible, which is under the GNU General Public License, version 3.

"""Lists the transactions of a host by calling the installed program."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

DOCUMENTATION = r"""
---
module: transactions_info
short_description: List the transactions of sysctl-advisor on a host
version_added: "1.0.0"
description:
  - Returns what C(sysctl-advisor history) knows of a host - each transaction with its state, what it changed,
    and who began and ended it.
  - It never changes anything. In check mode it does the same.
options:
  netns:
    description: With this only the transactions that changed this network namespace are returned.
extends_documentation_fragment:
  - sysctl_advisor.linux.program
attributes:
  check_mode:
    description: Can run in check_mode and return changed status prediction without modifying target.
    support: full
  diff_mode:
    description: Will return details on what has changed (or possibly needs changing in check_mode), when in diff mode.
    support: none
    details: Nothing is ever changed.
notes:
  - Only root can read the transactions, so it needs C(become) or I(use_sudo).
"""

EXAMPLES = r"""
- name: List the transactions of a host
  sysctl_advisor.linux.transactions_info:
  become: true
  register: listed

- name: Name those that stand
  ansible.builtin.debug:
    msg: "{{ listed.standing | join(', ') }}"
"""

RETURN = r"""
transactions:
  description: All of them, the newest first.
  returned: success
  type: list
  elements: dict
  sample:
    - id: "3"
      state: committed
      taken_back: false
      created: "2026-11-30T07:22:00Z"
      profiles: [web-server]
standing:
  description: The numbers of those that changed something and were not taken back, the newest first.
  returned: success
  type: list
  elements: str
  sample: ["3", "1"]
pending:
  description: The number of the one that waits to be confirmed; null if there is none.
  returned: success
  type: str
  sample: null
cmd:
  description: The command that was run.
  returned: on failure, when the program was run
  type: list
  elements: str
  sample: [/usr/sbin/sysctl-advisor, history, --format=json]
rc:
  description: Exit status of the program.
  returned: on failure, when the program was run
  type: int
  sample: 2
stdout:
  description: What the program printed.
  returned: on failure, when the program was run
  type: str
  sample: ""
stderr:
  description: What the program wrote to standard error.
  returned: on failure, when the program was run
  type: str
  sample: "sysctl-advisor: cannot open /var/lib/sysctl-advisor: permission denied\n"
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.sysctl_advisor.linux.plugins.module_utils import program, transactions


def main():
    module = AnsibleModule(argument_spec=dict(program.OPTIONS), supports_check_mode=True)
    program.check_filled(module, "netns")
    entries = transactions.history(module, dict())
    module.exit_json(
        changed=False,
        transactions=entries,
        standing=[entry["id"] for entry in entries if transactions.stands(entry) and entry["undoes"] is None],
        pending=next((entry["id"] for entry in entries if transactions.is_pending(entry)), None),
    )


if __name__ == "__main__":
    main()
