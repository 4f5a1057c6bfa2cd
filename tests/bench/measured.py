"""Runs a command through measure.c, for how long it takes and how much memory."""

import os
import shutil
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))


def compiled(folder, name):
    """A C program of this folder; its path below the other one."""
    program = os.path.join(folder, name)
    subprocess.run([shutil.which("cc") or "cc", "-O2", "-o", program, os.path.join(HERE, f"{name}.c")],
                   check=True)
    return program


def run(measure, command):
    """(ms, peak memory in MiB, what it printed)"""
    read_end, write_end = os.pipe()
    done = subprocess.run(["sh", "-c", 'exec 3>&"$0" "$@"', str(write_end), measure, *command],
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, pass_fds=[write_end],
                          check=False)
    os.close(write_end)
    with os.fdopen(read_end) as told:
        milliseconds, kibibytes = told.read().split()
    return float(milliseconds), int(kibibytes) / 1024, done.stdout
