# -*- coding: utf-8 -*-
# SPDX-License-Identifier: Apache-2.0

"""What a task says as arguments of sysctl-advisor apply, and its answer as what the task returns."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

PASSED_ON = (
    "status",
    "changes",
    "left_out",
    "moved",
    "drop_in",
    "boot",
    "other_writers",
    "deadline",
    "transaction",
    "rollback_file",
)


def check_options(module):
    """Refuses what the program would understand in another way than the task means it."""
    params = module.params
    if not params["profiles"]:
        module.fail_json(msg="profiles is empty: name at least one profile")
    if not params["runtime"] and not params["persist"]:
        module.fail_json(msg="runtime and persist are both false: nothing is left to change")
    for option in ("profiles", "only", "skip"):
        if "" in params[option]:
            module.fail_json(msg="%s has an empty element" % option)
    if not params["interval"]:
        module.fail_json(msg="interval is empty")


def arguments_of(module, dry_run, interval):
    """Values are joined to their flag, so that none of them can pass for a flag."""
    params = module.params
    arguments = ["apply", "--dry-run" if dry_run else "--yes", "--format=json"]
    arguments += ["--profile=" + name for name in params["profiles"]]
    arguments.append("--interval=" + interval)
    if not params["persist"]:
        arguments.append("--runtime")
    if not params["runtime"]:
        arguments.append("--persist")
    arguments += ["--only=" + glob for glob in params["only"]]
    arguments += ["--skip=" + glob for glob in params["skip"]]
    if params["allow_one_way"]:
        arguments.append("--allow-one-way")
    if params["strict"]:
        arguments.append("--strict")
    return arguments


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
