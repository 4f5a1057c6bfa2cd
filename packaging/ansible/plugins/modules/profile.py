#!/usr/bin/python
# -*- coding: utf-8 -*-
# SPDX-License-Identifier: Apache-2.0

"""Applies sysctl-advisor profiles by calling the installed program."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

DOCUMENTATION = r"""
---
module: profile
short_description: Apply sysctl-advisor profiles to a host
version_added: "0.1.0"
description:
  - Holds the kernel parameters of a host, and the load that its TCP sockets show, against one or
    more profiles of C(sysctl-advisor), and changes the parameters that the profiles ask for.
  - The changes are one transaction. Either all of them are made, or none is; the old values stand in
    a rollback file, and C(sysctl-advisor rollback) takes the transaction back.
  - A value that already satisfies a profile is not touched, and values are compared as the kernel
    understands them, so a second run reports no change.
options:
  profiles:
    description:
      - The profiles to apply, by name or by absolute path of a profile file on the host.
      - Several profiles are combined.
      - A profile file must belong to root and be writable by root only, and so must the directories
        above it.
    type: list
    elements: str
    required: true
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
  use_sudo:
    description:
      - Whether to call the program through C(sudo -n), unless the module runs as root.
      - This is for hosts on which sudoers allows the remote user this program only. C(become) cannot
        be used there, because it runs a shell through sudo.
      - The arguments come in this order, for a sudoers rule to match - C(apply), C(--yes) or in check
        mode C(--dry-run), C(--format=json), C(--profile=NAME) for each profile, C(--interval=TIME),
        C(--runtime) or C(--persist) unless both are wanted, C(--only=GLOB) and C(--skip=GLOB) for each
        glob, C(--allow-one-way), C(--strict).
      - Before a run the program is asked with C(--dry-run) and C(--interval=0) instead of C(--yes) and the
        interval, in which nothing is changed, so sudoers should allow that too.
      - If sudo refuses, the message shows the line that sudoers would have to grant.
    type: bool
    default: false
  executable:
    description:
      - The program to call.
      - By default C(sysctl-advisor) is looked for in C(/usr/sbin), C(/usr/local/sbin) and then C(PATH).
    type: path
requirements:
  - sysctl-advisor on the host
  - root, by C(become) or I(use_sudo); check mode does without
attributes:
  check_mode:
    description: Can run in check_mode and return changed status prediction without modifying target.
    support: full
  diff_mode:
    description: Will return details on what has changed (or possibly needs changing in check_mode), when in diff mode.
    support: full
  platform:
    description: Target OS/families that can be operated against.
    support: full
    platforms: linux
notes:
  - What a profile asks for may depend on the load of the host. Then a real run answers to the load that
    it finds, not to the one that an earlier check mode run found.
  - That the kernel refuses a value shows only when it is written. The transaction is undone then, and
    the task fails.
  - What the program is and how it answers is asked before anything is changed. If a run that may have
    changed the host gives no answer all the same, the task fails as changed.
seealso:
  - name: sysctl-advisor(8)
    description: Manual page of the program.
    link: https://github.com/sysctl-advisor/sysctl-advisor
author:
  - The sysctl-advisor authors (@sysctl-advisor)
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
  ansible.builtin.command:
    argv:
      - sysctl-advisor
      - rollback
      - "{{ applied.transaction }}"
  become: true
  when: applied.transaction is not none
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
  returned: when the program answered
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
  sample:
    - parameter: net.ipv4.conf.all.forwarding
      before: "0"
      after: "1"
boot:
  description:
    - What becomes of the values when the host boots; null if I(persist) is false.
    - C(loader) sets them then. C(kept) was not changed, but put into the file since a boot would lose it.
      C(beaten_by) are lines of others that keep ours from deciding, C(late_modules) parameters on
      which no line counts until modules-load.d has their module, C(unread) files that were not read.
  returned: when the program answered
  type: dict
  sample:
    loader: systemd-sysctl
    beaten_by:
      - parameter: net.core.somaxconn
        value: "4096"
        loader: sysctl --system
        where: /etc/sysctl.conf:1
        sets: "256"
other_writers:
  description: Programs that set the same parameters, and may set them again.
  returned: when the program answered
  type: list
  elements: dict
  sample:
    - program: TuneD profile balanced
      parameter: net.core.somaxconn
      value: "1024"
      where: /usr/lib/tuned/balanced/tuned.conf
      agrees: false
deadline:
  description: Until when a provisional change must be confirmed; null if there is none.
  returned: when the program answered
  type: str
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
  description: The transaction that was made, for C(sysctl-advisor rollback); null if none was.
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
  sample:
    - before_header: run-time values
      after_header: run-time values
      before: "net.ipv4.ip_local_port_range = 32768 60999\n"
      after: "net.ipv4.ip_local_port_range = 15000 60999\n"
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
  returned: on failure, when the program answered
  type: list
  elements: str
  sample: ["cannot write net.ipv4.tcp_congestion_control = nonesuch: invalid argument"]
commands:
  description: After exit status 3, the commands that are left to be run by hand.
  returned: on failure, when the program answered
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
from ansible_collections.sysctl_advisor.linux.plugins.module_utils import program, task


def check_answer(module, result):
    """Fails unless the program answers what is understood here, as far as it answers at all: why it
    does not is for the run to say."""
    probe = program.call(module, task.arguments_of(module, True, "0"), changes=False)
    if probe.not_understood:
        result.update(cmd=probe.command, rc=probe.rc)
        fail(module, probe, result)


def fail(module, run, result):
    result["changed"] = run.half_done or run.untold
    result["stderr"] = run.stderr
    if run.answer:
        result.update(problems=run.answer["problems"], commands=run.answer["commands"])
    else:
        result["stdout"] = run.stdout
    module.fail_json(msg=run.message(), **result)


def main():
    module = AnsibleModule(
        argument_spec=dict(
            profiles=dict(type="list", elements="str", required=True),
            runtime=dict(type="bool", default=True),
            persist=dict(type="bool", default=True),
            interval=dict(type="str", default="1s"),
            only=dict(type="list", elements="str", default=[]),
            skip=dict(type="list", elements="str", default=[]),
            allow_one_way=dict(type="bool", default=False),
            strict=dict(type="bool", default=False),
            use_sudo=dict(type="bool", default=False),
            executable=dict(type="path"),
        ),
        supports_check_mode=True,
    )
    task.check_options(module)
    result = dict(version=program.version(module))
    if not module.check_mode:
        check_answer(module, result)
    arguments = task.arguments_of(module, module.check_mode, module.params["interval"])
    run = program.call(module, arguments, changes=not module.check_mode)
    for warning in run.warnings():
        module.warn(warning)
    result.update(cmd=run.command, rc=run.rc)
    if run.answer:
        for key in task.PASSED_ON:
            result[key] = run.answer[key]
    if run.failed:
        fail(module, run, result)
    result["diff"] = task.diff_of(run.answer)
    result["changed"] = bool(result["diff"])
    module.exit_json(**result)


if __name__ == "__main__":
    main()
