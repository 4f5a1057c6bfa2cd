"""Every command and flag is in the man page and the other way round; every test is built."""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
MAN = ROOT / "man" / "sysctl-advisor.8"
OPTIONS = ROOT / "src" / "cli" / "flags.cc"

# Made by the command line parser itself.
BUILT_IN_FLAGS = {"-h", "--help", "--version"}
# Words behind a command that the man page lists like commands.
ARGUMENT_WORDS = {"list", "show", "check", "recommend", "auto", "always", "never", "note", "warning", "critical"}


def place(path, text, found):
    return f"{path.relative_to(ROOT)}:{text.count(chr(10), 0, found.start()) + 1}"


def in_tables(pattern, paths):
    """Each name that a table row begins with, and where."""
    names = {}
    for path in paths:
        text = path.read_text()
        for found in re.finditer(pattern, text):
            for name in found[1].split(","):
                names[name] = place(path, text, found)
    return names


def in_man_page(text):
    """The flags and the commands that have an item of their own in the man page, and where."""
    flags, commands = {}, {}
    for number, line in enumerate(text.splitlines(), 1):
        where = f"{MAN.relative_to(ROOT)}:{number}"
        if line.startswith(".It Fl "):
            # ".It Fl v , -verbose" and ".It Fl -only Ar GLOB , Fl -skip Ar GLOB"
            for name in re.findall(r"(?:Fl|,) (?!Fl )(\S+)", line):
                flags["-" + name] = where
        elif line.startswith(".It Cm "):
            commands[line.removeprefix(".It Cm ").split()[0]] = where
    return flags, commands


def differences(kind, ours, documented, ignored):
    """What only one side knows, as lines."""
    for name in sorted(ours.keys() - documented.keys()):
        yield f"{ours[name]}: the {kind} {name} has no item in {MAN.relative_to(ROOT)}"
    for name in sorted(documented.keys() - ours.keys() - ignored):
        yield f"{documented[name]}: there is no {kind} {name}"


def unbuilt_tests():
    """Test files that tests/CMakeLists.txt does not pick up, and folders that mirror no layer."""
    layers = {path.name for path in (ROOT / "src").iterdir() if path.is_dir()}
    for path in sorted((ROOT / "tests").rglob("*_test.cc")):
        parts = path.relative_to(ROOT / "tests").parts
        if parts[0] != "unit":
            yield f"{path.relative_to(ROOT)}:1: no target builds it; move it below tests/unit"
        elif len(parts) != 3 or parts[1] not in layers:
            yield f"{path.relative_to(ROOT)}:1: it does not stand in tests/unit/<layer of src>"
        elif "TEST_CASE(" not in path.read_text():
            yield f"{path.relative_to(ROOT)}:1: there is no test case in it"


def main():
    if not MAN.exists():
        print(f"{MAN.relative_to(ROOT)}:1: the man page is missing")
        return 1
    flags = in_tables(r'Flag\{"([^"]+)"', [OPTIONS])
    sources = sorted((ROOT / "src" / "cli").glob("cmd_*.cc"))
    commands = in_tables(r'const Command k\w+\{\s*\.name = "([^"]+)"', sources)
    documented_flags, documented_commands = in_man_page(MAN.read_text())
    faults = [
        *differences("flag", flags, documented_flags, BUILT_IN_FLAGS),
        *differences("command", commands, documented_commands, ARGUMENT_WORDS),
        *unbuilt_tests(),
    ]
    if not flags or not commands:
        faults.append(f"{OPTIONS.relative_to(ROOT)}:1: no flags or no commands were found")
    print("\n".join(faults + [f"{len(flags)} flags, {len(commands)} commands, "
                              f"{len(faults)} faults"]))
    return 1 if faults else 0


sys.exit(main())
