# -*- coding: utf-8 -*-
# SPDX-License-Identifier: Apache-2.0

from __future__ import absolute_import, division, print_function

__metaclass__ = type


class ModuleDocFragment(object):
    """What every module that calls the program has: the options of module_utils/program.py."""

    DOCUMENTATION = r"""
options:
  netns:
    description:
      - The network namespace of the host that is meant, by its name as C(ip netns) knows it, or by the number
        of a process in it.
      - By default it is the one in which the module runs.
    type: str
  use_sudo:
    description:
      - Whether to call the program through C(sudo -n), unless the module runs as root.
      - This is for hosts on which sudoers allows the remote user this program only. C(become) cannot
        be used there, because it runs a shell through sudo.
      - C(sudoers.example) of the program grants what needs no trust in the caller. It grants no I(netns).
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
attributes:
  platform:
    description: Target OS/families that can be operated against.
    support: full
    platforms: linux
seealso:
  - name: sysctl-advisor(8)
    description: Manual page of the program.
    link: https://github.com/sysctl-advisor/sysctl-advisor
author:
  - The sysctl-advisor authors (@sysctl-advisor)
"""
