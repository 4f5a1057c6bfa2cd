"""The calls of the three walks enter few rooms of src, and rarely climb.

A room is a folder of src; base and model do not count. A climb is a call from a lower layer into a
higher one (in the order of ARROWS in layers.py), callbacks and virtual functions included. The tables
below are kept by hand, as no tool sees through a callback: each row is a file, what it calls, the
header that promises it, and by which name if it is another one. That the file calls it and that the
header has it is checked; and every room that a file of a walk includes must be in the walk, or stand
in `ONLY_NOUNS` with the reason.
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
ORDER = ["base", "model", "expr", "sysctld", "boot", "facts", "load", "rules", "plan", "render", "os",
         "collect", "apply", "prove", "cli"]

# Of a host on which nothing is asked for; with what it takes to advise on one where something is.
ORDINARY_AUDIT = [
    ("cli/cmd_audit.cc", "advise(", "cli/advice.h"),
    ("cli/advice.cc", "resolve_profiles(", "load/profile_set.h"),
    ("cli/advice.cc", "read_host(", "cli/host_reading.h"),
    ("cli/host_reading.cc", "collect(", "collect/collector.h"),
    ("collect/collector.cc", "read_all(", "os/sysctl_tree.h"),
    ("collect/collector.cc", "visit(", "os/socket_table.h"),
    ("cli/advice.cc", "audit(", "rules/audit.h"),
    ("rules/audit.cc", "evaluate(", "expr/expression.h"),
    ("expr/evaluator.cc", "value_of(", "facts/rule_scope.h"),
    ("cli/cmd_audit.cc", "text_report(", "render/text_report.h"),
]
SURROUNDINGS = [
    ("cli/advice.cc", "surroundings_of(", "cli/surroundings.h"),
    ("cli/surroundings.cc", "check_writable(", "os/sysctl_tree.h"),
    ("cli/context.cc", "read_configuration(", "collect/conf_files.h"),
    ("cli/context.cc", "settings_of(", "sysctld/configuration.h"),
    ("sysctld/precedence.cc", "matching(", "os/sysctl_tree.h"),
    ("cli/surroundings.cc", "values.of(", "boot/file_values.h"),
]
# From the report to what is written and what speaks against it.
PROPOSAL = [
    ("cli/advice.cc", "propose(", "plan/proposal.h"),
    ("plan/proposal.cc", "lost_at_boot(", "plan/persistence.h"),
    ("plan/persistence.cc", "audit(", "rules/audit.h"),
    ("rules/audit.cc", "evaluate(", "expr/expression.h"),
    ("expr/evaluator.cc", "value_of(", "facts/rule_scope.h"),
    ("plan/persistence.cc", "left(", "boot/boot_run.h"),
    ("plan/proposal.cc", "updated_drop_in(", "sysctld/drop_in.h"),
    ("plan/proposal.cc", "settings_of(", "sysctld/configuration.h"),
    ("sysctld/precedence.cc", "matching(", "os/sysctl_tree.h"),
    ("plan/proposal.cc", "standing_values", "os/sysctl_tree.h", "read("),
]
APPLY = [
    ("cli/cmd_apply.cc", "carry_out(", "cli/transaction_session.h"),
    ("cli/transaction_session.cc", "carry_out(", "apply/applier.h"),
    ("cli/transaction_session.cc", "enter_sandbox(", "os/sandbox.h"),
    ("apply/applier.cc", "write_and_check(", "apply/undo.h"),
    ("apply/undo.cc", "tree.write(", "os/sysctl_tree.h"),
    ("apply/applier.cc", "interrupted(", "cli/transaction_session.cc", "interrupted = ["),
    ("apply/applier.cc", "reached(", "cli/transaction_session.cc", "reached = log_state"),
    ("cli/cmd_apply.cc", "text_applied(", "render/text_transaction.h"),
]
# name: rows, most rooms, most climbs
WALKS = {
    "an audit": (ORDINARY_AUDIT, 8, 3),
    "an audit that asks for something": (ORDINARY_AUDIT + SURROUNDINGS, 10, 3),
    "a proposal": (PROPOSAL, 8, 3),
    "an apply, once there is a proposal": (APPLY, 8, 3),
}

# What a file includes for the types alone, or for what the walk does not do.
ONLY_NOUNS = {
    "cli/cmd_audit.cc": {"plan", "sysctld"},  # --format diff and sysctl, which is the proposal
    "cli/advice.cc": {"plan", "sysctld", "boot", "collect", "apply", "os"},  # the proposal
    "cli/surroundings.cc": {"plan"},  # a sentence
    "cli/cmd_apply.cc": {"plan", "os", "collect"},  # the proposal, the terminal, the boot unit
    "rules/audit.cc": {"load"},  # Rule, Profile
    "plan/persistence.cc": {"load"},
    "plan/proposal.cc": {"load"},
}

INCLUDE = re.compile(r'^#include "([a-z]+)/', re.MULTILINE)


def room_of(path):
    return path.split("/")[0]


def includes(file):
    """The rooms that a source and its header include."""
    rooms = set()
    for path in (ROOT / "src" / file, (ROOT / "src" / file).with_suffix(".h")):
        if path.exists():
            rooms |= set(INCLUDE.findall(path.read_text()))
    return rooms - {"base", "model", room_of(file)}


def faults_of(name, rows, most_rooms, most_climbs):
    """What is wrong with a walk, as sentences; its figures are printed."""
    rooms, climbs = set(), 0
    for caller, call, promised, *another_name in rows:
        promise = another_name[0] if another_name else call.split(".")[-1]
        rooms |= {room_of(caller), room_of(promised)}
        climbs += ORDER.index(room_of(caller)) < ORDER.index(room_of(promised))
        if call not in (ROOT / "src" / caller).read_text():
            yield f"src/{caller}:1: {name}: it does not call {call}"
        if promise not in (ROOT / "src" / promised).read_text():
            yield f"src/{promised}:1: {name}: it does not have {promise}"
    rooms -= {"base", "model"}
    for caller in sorted({row[0] for row in rows}):
        for other in sorted(includes(caller) - rooms - ONLY_NOUNS.get(caller, set())):
            yield f"src/{caller}:1: {name}: it includes {other}, which the walk does not name"
    print(f"{name}: {len(rooms)} rooms, {climbs} climbs ({', '.join(sorted(rooms, key=ORDER.index))})")
    if len(rooms) > most_rooms or climbs > most_climbs:
        yield f"{name}: more than {most_rooms} rooms or {most_climbs} climbs"


def main():
    faults = [fault for name, walk in WALKS.items() for fault in faults_of(name, *walk)]
    print("\n".join([*faults, f"{len(WALKS)} walks, {len(faults)} faults"]))
    return 1 if faults else 0


sys.exit(main())
