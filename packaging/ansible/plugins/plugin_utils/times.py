# -*- coding: utf-8 -*-
# SPDX-License-Identifier: Apache-2.0

"""Times as the options of the program take them."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import re

SECONDS = {"ms": 0.001, "s": 1, "m": 60, "": 1}


def seconds_in(text):
    """Such as 30 of "30s"; None if that is no time."""
    found = re.match(r"^(\d+)(ms|s|m|)$", str(text))
    return int(found.group(1)) * SECONDS[found.group(2)] if found else None
