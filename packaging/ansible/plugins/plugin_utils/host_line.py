# -*- coding: utf-8 -*-
# SPDX-License-Identifier: Apache-2.0

"""The line of a host, schema sysctl-advisor/host/1, made of what a task returned on the control node."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import time

from ansible_collections.sysctl_advisor.linux.plugins.plugin_utils.times import seconds_in

SCHEMA = "sysctl-advisor/host/1"


def line_of(result, inventory_name, arguments=None):
    """The line that the module audit returned, with the name of the host in the inventory; if there is none, a
    line that says why. The arguments are those of the task, as far as they are known."""
    line = result.get("host_line")
    if not is_line(line):
        return failed_line(inventory_name, error_in(result), arguments)
    return dict(line, host=dict(line["host"], inventory_name=inventory_name))


def is_line(value):
    """Whether it names a host: no answer of one host, whatever it is, may keep the others from being written."""
    host = value.get("host") if isinstance(value, dict) else None
    return isinstance(host, dict) and isinstance(host.get("netns"), str)


def error_in(result):
    """In one line."""
    why = result.get("msg") or result.get("censored") or "the task returned no line of the host"
    why = " ".join(str(why).split())
    return "unreachable: " + why if result.get("unreachable") else why


def failed_line(inventory_name, error, arguments=None):
    """Of a host of which no audit came about. What is not known is null, or nothing."""
    arguments = arguments or {}
    return dict(
        schema=SCHEMA,
        version="",
        status="failed",
        error=error,
        host=dict(id=None, name=None, inventory_name=inventory_name, netns=arguments.get("netns") or "",
                  kernel=None, boot_id=None),
        labels=texts(arguments.get("labels")),
        taken=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        interval_seconds=seconds_in(arguments.get("interval")) or 0,
        as_root=False,
        profiles=texts(arguments.get("profiles")),
        profile_hash=None,
        asks=None,
        worst=None,
        counts=None,
        findings=[],
        unknown=[],
        destinations=[],
        listeners=[],
        transaction=None,
        boot=None,
    )


def texts(value):
    """Of a list; what is still to be templated is not known."""
    return [str(element) for element in value if "{{" not in str(element)] if isinstance(value, list) else []

