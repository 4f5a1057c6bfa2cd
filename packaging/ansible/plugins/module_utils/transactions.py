# -*- coding: utf-8 -*-
# SPDX-License-Identifier: Apache-2.0

"""The transactions of a host: which there are, and those that a task keeps or takes back."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ansible_collections.sysctl_advisor.linux.plugins.module_utils import program, task

UNDONE = "rolled-back"
PROVISIONAL = "provisional"


def history(module, result):
    """All of them, the newest first."""
    run = program.call(module, ["history", "--format=json"] + program.netns_arguments(module), "history/1")
    if run.failed:
        result.update(cmd=run.command, rc=run.rc)
        program.fail(module, run, result)
    return run.answer["transactions"]


def is_pending(entry):
    """It waits to be confirmed, and can still be."""
    return entry["state"] == PROVISIONAL and entry["seconds_left"] != 0


def stands(entry):
    return entry["state"] != UNDONE and not entry["taken_back"]


def ended_by_itself(entry):
    """The host undid it, since it failed or was not confirmed in time: nobody asked for that."""
    ended_by = entry["ended_by"] or {}
    return entry["state"] == UNDONE and "rollback" not in (ended_by.get("command") or "").split()


def wanted(module, result, is_meant):
    """The transaction that the task names, or else the newest that is meant; None if there is none."""
    number = module.params["transaction"]
    entries = history(module, result)
    if number is None:
        return next((entry for entry in entries if is_meant(entry)), None)
    for entry in entries:
        if entry["id"] == number:
            return entry
    return module.fail_json(
        msg="there is no transaction %s; `%s history` lists those of the host" % (number, program.PROGRAM), **result)


def confirm(module, result):
    """The state confirmed."""
    entry = wanted(module, result, lambda entry: entry["deadline"] is not None)
    result["changed"] = entry is not None and is_pending(entry)
    if module.check_mode:
        result["status"] = "planned" if result["changed"] else "nothing"
        return
    changed = result["changed"]
    arguments = ["confirm", "--format=json"] + ([entry["id"]] if entry else [])
    program.finish(module, program.call(module, arguments, "confirm/1", changes=True), result)
    result["changed"] = changed


def roll_back(module, result):
    """The state rolled_back. What was applied last is meant also when it is taken back already, so that a
    second run has nothing to do."""
    def is_meant(entry):
        here = module.params["netns"] or "netns" not in entry
        return here and entry["undoes"] is None and not ended_by_itself(entry)

    entry = wanted(module, result, is_meant)
    if entry is None or not stands(entry):
        result.update(changed=False, status="nothing", transaction=None, changes=[], drop_in=None, diff=[],
                      undoes=entry["id"] if entry else None)
        return
    arguments = ["rollback"] + (["--dry-run"] if module.check_mode else []) + ["--format=json"]
    run = program.call(module, arguments + program.netns_arguments(module) + [entry["id"]], "rollback/1",
                       changes=not module.check_mode)
    program.finish(module, run, result)
    result["diff"] = task.diff_of(run.answer)
    # A provisional change is over then, even if nothing of it was left.
    result["changed"] = bool(result["diff"]) or entry["state"] == PROVISIONAL
