#!/usr/bin/python
# -*- coding: utf-8 -*-
# SPDX-License-Identifier: Apache-2.0
# It may be combined with Ansible, which is under the GNU General Public License, version 3.

"""Applies sysctl-advisor profiles, keeps and takes back what was changed, by calling the installed program."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

DOCUMENTATION = r"""
---
module: profile
short_description: Apply sysctl-advisor profiles to a host, or take them back
version_added: "1.0.0"
description:
  - Holds the kernel parameters of a host, and the load that its TCP sockets show, against one or
    more profiles of C(sysctl-advisor), and changes the parameters that the profiles ask for.
  - The changes are one transaction. Either all of them are made, or none is; the old values stand in
    a rollback file, and C(sysctl-advisor rollback) takes the transaction back.
  - A value that already satisfies a profile is not touched, and values are compared as the kernel
    understands them, so a second run reports no change.
  - With I(confirm_within) a change that cuts the host off does not last. It is made provisionally, confirmed
    over a new connection, and taken back by the host itself if that does not come about in time.
options:
  state:
    description:
      - With C(applied) the host is made to satisfy I(profiles) and I(values).
      - With C(rolled_back) a transaction is taken back, I(transaction) or what was applied last, except what the
        host undid by itself. Nothing changes if that was taken back already.
      - With C(confirmed) a provisional change is kept, I(transaction) or the newest.
    type: str
    choices: [applied, confirmed, rolled_back]
    default: applied
  transaction:
    description: The number of the transaction to take back or to confirm.
    type: str
  profiles:
    description:
      - The profiles to apply, by name or by absolute path of a profile file on the host.
      - Several profiles are combined. With the state C(applied) at least one profile or value is needed.
      - A profile file must belong to root and be writable by root only, and so must the directories
        above it.
    type: list
    elements: str
    default: []
  values:
    description:
      - Parameters and the values to give them, in place of what a profile asks of them. C(apply --set).
      - A value is a number, a text, or a list of these.
    type: dict
    default: {}
  confirm_within:
    description:
      - How long the host waits for the confirmation before it takes the change back, from C(1s) to C(60m).
      - The connection is reset once the change is made, and the change confirmed over a new one, which is tried
        until the time is over. If none comes about, the task fails and names the deadline.
    type: str
  confirm:
    description:
      - Whether to confirm what I(confirm_within) made provisional. With C(false) a later task is to do that, by
        the state C(confirmed), when what matters was seen to work.
    type: bool
    default: true
  runtime:
    description:
      - Whether to change the running kernel.
    type: bool
    default: true
  persist:
    description:
      - Whether to change what the next boot sets, in a drop-in file of the program's own below
        C(/etc/sysctl.d).
      - At least one of I(runtime) and I(persist) must be true.
    type: bool
    default: true
  interval:
    description:
      - The time between the two samples that rates are computed from, such as C(500ms), C(1s) or
        C(1m).
      - With C(0) one sample is taken, and rules about rates do not ask for anything.
    type: str
    default: 1s
  only:
    description:
      - Consider only findings whose rule or parameter matches one of these globs.
    type: list
    elements: str
    default: []
  skip:
    description:
      - Leave out findings whose rule or parameter matches one of these globs.
    type: list
    elements: str
    default: []
  allow_one_way:
    description:
      - Whether to set parameters that cannot be set back before the next boot.
    type: bool
    default: false
  strict:
    description:
      - Whether to fail, and change nothing, if anything that is asked for cannot be set on the host.
      - By default that is left out with what requires it, and the rest is done; I(left_out) lists it.
    type: bool
    default: false
extends_documentation_fragment:
  - sysctl_advisor.linux.program
attributes:
  check_mode:
    description: Can run in check_mode and return changed status prediction without modifying target.
    support: full
  diff_mode:
    description: Will return details on what has changed (or possibly needs changing in check_mode), when in diff mode.
    support: full
  async:
    description: Supports being used with the C(async) keyword.
    support: partial
    details: Not with I(confirm_within), unless I(confirm) is false.
notes:
  - It needs root, by C(become) or I(use_sudo), but for check mode of the state C(applied).
  - The arguments of a run come in this order, for a sudoers rule to match - C(apply), C(--yes) or in check
    mode C(--dry-run), C(--format=json), C(--profile=NAME) and C(--set=PARAMETER=VALUE) for each,
    C(--interval=TIME), C(--runtime) or C(--persist) unless both are wanted, C(--only=GLOB) and C(--skip=GLOB)
    for each, C(--allow-one-way), C(--strict), C(--confirm-within=TIME), C(--netns=NAME). Before a run the program is
    asked with C(--dry-run) and C(--interval=0) instead of C(--yes) and the interval, in which nothing is
    changed. C(sudoers.example) takes them in any order, but grants no I(strict), I(values), I(allow_one_way), I(netns).
  - What a profile asks for may depend on the load of the host. Then a real run answers to the load that
    it finds, not to the one that an earlier check mode run found.
  - That the kernel refuses a value shows only when it is written. The transaction is undone then, and
    the task fails.
  - What the program is and how it answers is asked before anything is changed. If a run that may have
    changed the host gives no answer all the same, the task fails as changed.
"""

EXAMPLES = r"""
- name: Apply a profile, now and for the next boot
  sysctl_advisor.linux.profile:
    profiles:
      - outbound-service
  become: true

- name: Combine two profiles, in the running kernel only
  sysctl_advisor.linux.profile:
    profiles:
      - web-server
      - outbound-service
    persist: false
  become: true

- name: Show what a profile would change, without root
  sysctl_advisor.linux.profile:
    profiles:
      - web-server
  check_mode: true
  diff: true

- name: Apply a profile where sudoers allows this program only
  sysctl_advisor.linux.profile:
    profiles:
      - web-server
    use_sudo: true

- name: Apply a profile, but leave the local port range alone
  sysctl_advisor.linux.profile:
    profiles:
      - outbound-service
    skip:
      - net.ipv4.ip_local_port_range
  become: true
  register: applied

- name: Take it back
  sysctl_advisor.linux.profile:
    state: rolled_back
    transaction: "{{ applied.transaction }}"
  become: true
  when: applied.transaction is not none

- name: Apply what may cut the host off, and keep it only if a new connection comes about
  sysctl_advisor.linux.profile:
    values:
      net.ipv4.conf.all.rp_filter: 1
      net.ipv4.tcp_rmem: [4096, 131072, 6291456]
    confirm_within: 60s
  become: true
"""

RETURN = r"""
changes:
  description:
    - The parameters that were changed, or in check mode would be, in the order of writing.
    - On failure those that were to be changed.
  returned: when the program answered
  type: list
  elements: dict
  contains:
    parameter:
      description: Name of the parameter.
      type: str
      sample: net.ipv4.ip_local_port_range
    before:
      description: Its value before.
      type: str
      sample: 32768 60999
    after:
      description: Its value after.
      type: str
      sample: 15000 60999
    because:
      description: The rule, or the target of a profile, that asks for it.
      type: str
      sample: target:net.ipv4.ip_local_port_range
status:
  description:
    - What came of it.
    - C(nothing) to do, C(planned) in check mode, C(committed), C(provisional), C(rolled-back), or C(stuck)
      half-way.
  returned: when the program answered
  type: str
  sample: committed
left_out:
  description:
    - What the profiles ask for and nobody can set on this host, each parameter once, with the reason.
      It does not keep the rest from being done, unless I(strict) is set.
    - C(now) and C(advised) are null if there is no such parameter.
  returned: when the program answered, state C(applied)
  type: list
  elements: dict
  sample:
    - parameter: vm.swappiness
      now: "60"
      advised: "10"
      reason: "cannot write vm.swappiness: read-only file system"
      because: target:vm.swappiness
moved:
  description: What the kernel moved along with the changes; C(rollback) puts it back with them.
  returned: when the program answered
  type: list
  elements: dict
boot:
  description:
    - What becomes of the values when the host boots; null if I(persist) is false.
    - C(loader) sets them then. C(kept) was not changed, but put into the file since a boot would lose it.
      C(beaten_by) are lines of others that keep ours from deciding, C(late_modules) parameters on
      which no line counts until modules-load.d has their module, C(unread) files that were not read.
  returned: when the program answered, state C(applied)
  type: dict
other_writers:
  description: Programs that set the same parameters, and may set them again.
  returned: when the program answered, state C(applied)
  type: list
  elements: dict
deadline:
  description: Until when a provisional change had to be confirmed; null if there is none.
  returned: when the program answered, state C(applied)
  type: str
confirmed:
  description: Whether the change was confirmed over a new connection.
  returned: with I(confirm_within), when a change was made
  type: bool
undoes:
  description: The transaction that is taken back.
  returned: state C(rolled_back)
  type: str
left:
  description: What somebody else changed since, and was not touched.
  returned: state C(rolled_back), when the program answered
  type: list
  elements: str
notes:
  description: What else is to be said of the rollback.
  returned: state C(rolled_back), when the program answered
  type: list
  elements: str
version:
  description: The version that the program tells of itself; null if that is not understood.
  returned: when the program was run
  type: str
  sample: 0.1.0
drop_in:
  description:
    - The file that makes the values permanent, if it was changed, or in check mode would be.
    - Null if it stays as it is. On failure the one that was to be written.
  returned: when the program answered
  type: dict
  contains:
    path:
      description: Where the file is.
      type: str
      sample: /etc/sysctl.d/99-zz-sysctl-advisor.conf
    before:
      description: Its text before; null if there was no such file.
      type: str
      sample: null
    after:
      description: Its text after.
      type: str
      sample: "net.ipv4.ip_local_port_range = 15000 60999\n"
transaction:
  description: The transaction that was made or confirmed; null if none was.
  returned: when the program answered
  type: str
  sample: "3"
rollback_file:
  description: A file with the old values that C(sysctl -p) can load; null if there was no transaction.
  returned: when the program answered
  type: str
  sample: /var/lib/sysctl-advisor/transactions/3/rollback.conf
diff:
  description:
    - Pairs of texts before and after, one for the run-time values and one for the drop-in file.
    - Empty if nothing changes.
  returned: success
  type: list
  elements: dict
cmd:
  description: The command that was run.
  returned: when the program was run
  type: list
  elements: str
  sample: [/usr/sbin/sysctl-advisor, apply, --yes, --format=json, --profile=web-server, --interval=1s]
rc:
  description:
    - Exit status of the program.
    - C(2) means that nothing was changed, or that everything was put back. C(3) means that not everything
      could be put back.
  returned: when the program was run
  type: int
  sample: 0
problems:
  description: Why the transaction was undone, and what could not be put back.
  returned: when the program answered, but not state C(confirmed)
  type: list
  elements: str
  sample: ["cannot write net.ipv4.tcp_congestion_control = nonesuch: invalid argument"]
commands:
  description: After exit status 3, the commands that are left to be run by hand.
  returned: when the program answered, but not state C(confirmed)
  type: list
  elements: str
  sample: ["sysctl -w net.ipv4.tcp_fin_timeout='60'"]
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
from ansible_collections.sysctl_advisor.linux.plugins.module_utils import program, task, transactions

STATES = dict(applied=task.apply, confirmed=transactions.confirm, rolled_back=transactions.roll_back)


def main():
    module = AnsibleModule(
        argument_spec=dict(
            state=dict(type="str", choices=["applied", "confirmed", "rolled_back"], default="applied"),
            transaction=dict(type="str"),
            profiles=dict(type="list", elements="str", default=[]),
            values=dict(type="dict", default={}),
            confirm_within=dict(type="str"),
            confirm=dict(type="bool", default=True),  # the action plugin answers to it
            runtime=dict(type="bool", default=True),
            persist=dict(type="bool", default=True),
            interval=dict(type="str", default="1s"),
            only=dict(type="list", elements="str", default=[]),
            skip=dict(type="list", elements="str", default=[]),
            allow_one_way=dict(type="bool", default=False),
            strict=dict(type="bool", default=False),
            **program.OPTIONS
        ),
        supports_check_mode=True,
    )
    task.check_options(module)
    result = dict(version=program.version(module))
    STATES[module.params["state"]](module, result)
    module.exit_json(**result)


if __name__ == "__main__":
    main()
