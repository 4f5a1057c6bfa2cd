# -*- coding: utf-8 -*-
# SPDX-License-Identifier: Apache-2.0
# It may be combined with Ansible, which is under the GNU General Public License, version 3.

from __future__ import absolute_import, division, print_function

__metaclass__ = type

DOCUMENTATION = r"""
name: host_line
short_description: The line of a host, of what an audit of it returned
version_added: "1.0.0"
description:
  - The C(host_line) that M(sysctl_advisor.linux.audit) returned, with the name of the host in the inventory.
  - For a host that was unreachable, or of which no audit came about, a line that says why.
options:
  _input:
    description: What the task of M(sysctl_advisor.linux.audit) returned.
    type: dict
    required: true
  inventory_name:
    description: The name of the host in the inventory.
    type: str
    required: true
  arguments:
    description: The options of that task, for the line of a host that did not answer.
    type: dict
author:
  - The sysctl-advisor authors (@sysctl-advisor)
"""

EXAMPLES = r"""
- name: Write the line of this host
  ansible.builtin.copy:
    content: "{{ audited | sysctl_advisor.linux.host_line(inventory_hostname) | to_json }}\n"
    dest: "/var/tmp/{{ inventory_hostname }}.jsonl"
    mode: "0644"
  delegate_to: localhost
"""

RETURN = r"""
_value:
  description: The line, schema C(sysctl-advisor/host/1).
  type: dict
"""

from ansible_collections.sysctl_advisor.linux.plugins.plugin_utils.host_line import line_of


class FilterModule(object):
    """The filters of this file."""

    def filters(self):
        return dict(host_line=line_of)
