#!/usr/bin/python
# -*- coding: utf-8 -*-
# SPDX-License-Identifier: Apache-2.0
# It may be combined with Ansible, which is under the GNU General Public License, version 3.

"""Audits a host by calling the installed program."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

DOCUMENTATION = r"""
---
module: audit
short_description: Audit a host by sysctl-advisor
version_added: "1.0.0"
description:
  - Holds the kernel parameters of a host, and the load that its TCP sockets show, against one or
    more profiles of C(sysctl-advisor), and returns what should change, and why.
  - It never changes anything. In check mode it does the same.
options:
  profiles:
    description:
      - The profiles to hold the host against, by name or by absolute path of a profile file on the host.
      - Several profiles are combined. Without any it is C(baseline).
    type: list
    elements: str
    default: []
  interval:
    description:
      - The time between the two samples that rates are computed from, such as C(500ms), C(1s) or C(1m).
      - With C(0) one sample is taken, and what needs a rate is unknown.
    type: str
    default: 1s
  only:
    description: Consider only findings whose rule or parameter matches one of these globs.
    type: list
    elements: str
    default: []
  skip:
    description: Leave out findings whose rule or parameter matches one of these globs.
    type: list
    elements: str
    default: []
  labels:
    description: What to write into the line of the host, for reports to sort hosts by.
    type: list
    elements: str
    default: []
  fail_on:
    description: The task fails if a finding of this severity, or a worse one, asks for something.
    type: str
    choices: [note, warning, critical, never]
    default: never
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
  facts:
    description: Action returns an C(ansible_facts) dictionary that will update existing host facts.
    support: full
notes:
  - Without root some facts are unknown, and the transactions of the host are. I(host_line) tells which.
"""

EXAMPLES = r"""
- name: Audit a host
  sysctl_advisor.linux.audit:
    profiles:
      - outbound-service
  become: true

- name: Say what asks for a change
  ansible.builtin.debug:
    msg: "{{ ansible_facts.sysctl_advisor.asks }}: {{ ansible_facts.sysctl_advisor.rules | join(', ') }}"

- name: Stop where something fails already
  sysctl_advisor.linux.audit:
    fail_on: critical
  become: true

- name: Audit where sudoers allows this program only
  sysctl_advisor.linux.audit:
    interval: 5s
    labels:
      - rack-7
    use_sudo: true
"""

RETURN = r"""
host_line:
  description:
    - The host as one line of C(audit --format jsonl), schema C(sysctl-advisor/host/1). Lines of many hosts are
      what C(sysctl-advisor report) reads.
    - If no audit came about, its C(status) is C(failed) and C(error) says why.
  returned: when the program answered
  type: dict
  sample:
    schema: sysctl-advisor/host/1
    status: ok
    asks: 1
    worst: warning
ansible_facts:
  description: Facts for later tasks.
  returned: success, unless I(netns) is given
  type: dict
  contains:
    sysctl_advisor:
      description: What the audit says of the host.
      type: dict
      contains:
        version:
          description: The version of the program.
          type: str
          sample: 0.1.0
        asks:
          description: How many findings ask for something.
          type: int
          sample: 1
        worst:
          description: The worst severity among those; null if there are none.
          type: str
          sample: warning
        rules:
          description: Their rules, the worst first.
          type: list
          elements: str
          sample: [local-ports-pressure]
        pending_transaction:
          description: The transaction that waits to be confirmed, or is stuck half-way; null if there is none.
          type: str
          sample: null
        drift:
          description: Parameters that the newest transaction set and that stand otherwise now.
          type: list
          elements: dict
          sample:
            - parameter: net.core.somaxconn
              applied: "8192"
              now: "4096"
cmd:
  description: The command that was run.
  returned: when the program was run
  type: list
  elements: str
  sample: [/usr/sbin/sysctl-advisor, audit, --format=jsonl, --fail-on=never, --interval=1s]
rc:
  description: Exit status of the program.
  returned: when the program was run
  type: int
  sample: 0
stdout:
  description: What the program printed.
  returned: on failure, when that is no answer
  type: str
  sample: ""
stderr:
  description: What the program wrote to standard error.
  returned: on failure
  type: str
  sample: "error: unknown profile \"web-sever\"\n  hint: did you mean \"web-server\"?\n"
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.sysctl_advisor.linux.plugins.module_utils import program

SEVERITIES = ("note", "warning", "critical")  # from the least to the worst
WAITING = ("prepared", "provisional", "stuck")


def arguments_of(module):
    arguments = ["audit", "--format=jsonl", "--fail-on=never"] + program.repeated(module, "profiles", "--profile")
    arguments.append("--interval=" + module.params["interval"])
    arguments += program.repeated(module, "only", "--only") + program.repeated(module, "skip", "--skip")
    return arguments + program.repeated(module, "labels", "--label") + program.netns_arguments(module)


def check_options(module):
    program.check_filled(module, "profiles", "interval", "only", "skip", "labels", "netns")
    if module.params["netns"] == "all":
        module.fail_json(msg="netns names one network namespace, and all is not one: audit them in a loop")


def facts_of(line):
    transaction = line["transaction"]
    waits = transaction and transaction["state"] in WAITING
    return dict(
        version=line["version"],
        asks=line["asks"],
        worst=line["worst"],
        rules=[finding["rule"] for finding in line["findings"]],
        pending_transaction=transaction["id"] if waits else None,
        drift=transaction["drift"] if transaction else [],
    )


def check_severity(module, line, result):
    fail_on = module.params["fail_on"]
    if fail_on == "never" or line["worst"] is None:
        return
    if SEVERITIES.index(line["worst"]) >= SEVERITIES.index(fail_on):
        module.fail_json(msg="%d of the findings ask for something, the worst is %s: %s" % (
            line["asks"], line["worst"], ", ".join(finding["rule"] for finding in line["findings"])), **result)


def main():
    module = AnsibleModule(
        argument_spec=dict(
            profiles=dict(type="list", elements="str", default=[]),
            interval=dict(type="str", default="1s"),
            only=dict(type="list", elements="str", default=[]),
            skip=dict(type="list", elements="str", default=[]),
            labels=dict(type="list", elements="str", default=[]),
            fail_on=dict(type="str", choices=list(SEVERITIES) + ["never"], default="never"),
            **program.OPTIONS
        ),
        supports_check_mode=True,
    )
    check_options(module)
    run = program.call(module, arguments_of(module), "host/1")
    for warning in run.warnings():
        module.warn(warning)
    result = dict(changed=False, cmd=run.command, rc=run.rc)
    if run.answer:
        result["host_line"] = run.answer
    if run.failed:
        program.fail(module, run, result)
    check_severity(module, run.answer, result)
    if not module.params["netns"]:
        result["ansible_facts"] = dict(sysctl_advisor=facts_of(run.answer))
    module.exit_json(**result)


if __name__ == "__main__":
    main()
