# -*- coding: utf-8 -*-
# SPDX-License-Identifier: Apache-2.0

"""What a task of the module profile says as arguments of sysctl-advisor, and its answer as what the task
returns."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ansible_collections.sysctl_advisor.linux.plugins.module_utils import program

APPLY = "apply/2"


def check_options(module):
    """Refuses what the program would understand in another way than the task means it."""
    params = module.params
    applied = params["state"] == "applied"
    if params["transaction"] is not None and applied:
        module.fail_json(msg="transaction goes with the states confirmed and rolled_back, not with applied")
    if params["confirm_within"] is not None and not applied:
        module.fail_json(msg="confirm_within goes with the state applied, not with %s" % params["state"])
    if applied and not params["profiles"] and not params["values"]:
        module.fail_json(msg="profiles and values are both empty: name at least one profile or value")
    if not params["runtime"] and not params["persist"]:
        module.fail_json(msg="runtime and persist are both false: nothing is left to change")
    program.check_filled(module, "profiles", "only", "skip", "interval", "netns", "confirm_within", "transaction")


def text_of(module, name, value):
    """A value as the kernel would be given it."""
    if isinstance(value, list) and value:
        return " ".join(text_of(module, name, element) for element in value)
    if value is not None and not isinstance(value, (bool, dict, list)):
        return "%s" % value
    return module.fail_json(
        msg="values: %s must be a number, a text or a list of these, not %r; quote what YAML takes for "
            "something else, such as \"on\"" % (name, value))


def set_arguments(module):
    values = module.params["values"]
    for name in values:
        if not name or "=" in name:
            module.fail_json(msg="values: %r is not the name of a parameter" % name)
    return ["--set=%s=%s" % (name, text_of(module, name, values[name])) for name in sorted(values)]


def apply_arguments(module, dry_run, interval):
    """Values are joined to their flag, so that none of them can pass for a flag."""
    params = module.params
    arguments = ["apply", "--dry-run" if dry_run else "--yes", "--format=json"]
    arguments += program.repeated(module, "profiles", "--profile")
    arguments += set_arguments(module)
    arguments.append("--interval=" + interval)
    if not params["persist"]:
        arguments.append("--runtime")
    if not params["runtime"]:
        arguments.append("--persist")
    arguments += program.repeated(module, "only", "--only") + program.repeated(module, "skip", "--skip")
    if params["allow_one_way"]:
        arguments.append("--allow-one-way")
    if params["strict"]:
        arguments.append("--strict")
    if params["confirm_within"]:
        arguments.append("--confirm-within=" + params["confirm_within"])
    return arguments + program.netns_arguments(module)


def run_time_diff(changes):
    def text(key):
        return "".join("%s = %s\n" % (change["parameter"], change[key]) for change in changes)

    return {
        "before_header": "run-time values",
        "after_header": "run-time values",
        "before": text("before"),
        "after": text("after"),
    }


def file_diff(drop_in):
    return {
        "before_header": drop_in["path"],
        "after_header": drop_in["path"],
        "before": drop_in["before"] or "",
        "after": drop_in["after"] or "",
    }


def diff_of(answer):
    pairs = []
    if answer["changes"]:
        pairs.append(run_time_diff(answer["changes"]))
    if answer["drop_in"]:
        pairs.append(file_diff(answer["drop_in"]))
    return pairs


def check_answer(module, result):
    """Fails unless the program answers what is understood here, as far as it answers at all: why it
    does not is for the run to say."""
    probe = program.call(module, apply_arguments(module, True, "0"), APPLY)
    if probe.not_understood:
        result.update(cmd=probe.command, rc=probe.rc)
        program.fail(module, probe, result)


def apply(module, result):
    """The state applied."""
    if not module.check_mode:
        check_answer(module, result)
    arguments = apply_arguments(module, module.check_mode, module.params["interval"])
    run = program.call(module, arguments, APPLY, changes=not module.check_mode)
    program.finish(module, run, result)
    result["diff"] = diff_of(run.answer)
    result["changed"] = bool(result["diff"])
