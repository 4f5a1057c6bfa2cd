"""Checks broken profiles, rule files, catalogues and configurations against what must be said of them.

    run_broken.py [--bless]

A case of broken/*.test is a block of lines:

    NAME    a sentence a user would care about
    FILE    the name of a file, then its text, up to the line END; the first file is the one checked
    EXPECT  the diagnostics, to the letter, up to the line END

Each case runs `profiles check` in a directory of its own, which is its --root too, so that a file
may stand in for one under /etc/sysctl-advisor. Trouble with nothing changed is what must come of it.

--bless writes what the program prints now into the files. Read the difference before committing it.
"""

import concurrent.futures
import difflib
import glob
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ADVISOR = os.path.abspath(os.environ["ADVISOR"])
BLOCK = re.compile(r"^(NAME|FILE|EXPECT)(?: +(.*))?\n", re.MULTILINE)
END = "END\n"


class Case:
    def __init__(self, name):
        self.name = name
        self.files = []
        self.expected = ""
        self.place = (0, 0)  # where `expected` stands in the text it was read from


def parse(text):
    """The cases of a text."""
    cases = []
    at = 0
    while heading := BLOCK.search(text, at):
        kind, argument = heading.groups()
        at = heading.end()
        if kind == "NAME":
            cases.append(Case(argument))
            continue
        end = at if text.startswith(END, at) else text.index("\n" + END, at) + 1
        if kind == "FILE":
            cases[-1].files.append((argument, text[at:end]))
        else:
            cases[-1].expected, cases[-1].place = text[at:end], (at, end)
        at = end + len(END)
    return cases


def listing(directory):
    """Everything below it: what it is, when it changed, and what is in it."""
    found = {}
    for path in glob.glob(f"{directory}/**", recursive=True, include_hidden=True):
        content = open(path, "rb").read() if os.path.isfile(path) else None
        found[path] = (os.lstat(path).st_mtime_ns, content)
    return found


def run(case):
    """What the program prints, and what is wrong besides."""
    with tempfile.TemporaryDirectory() as root:
        # A kernel with one parameter: of one that shows none nobody could say what it lacks.
        os.makedirs(f"{root}/proc/sys/kernel")
        with open(f"{root}/proc/sys/kernel/ostype", "w") as file:
            file.write("Linux\n")
        for name, text in case.files:
            path = os.path.join(root, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w") as file:
                file.write(text)
        before = listing(root)
        done = subprocess.run([ADVISOR, "--root", ".", "profiles", "check", case.files[0][0]],
                              capture_output=True, text=True, cwd=root, timeout=60,
                              stdin=subprocess.DEVNULL)
        faults = []
        if done.returncode != 2:
            faults.append(f"it ended with {done.returncode}, not 2")
        if not re.search(r"^(\S+: )?error: ", done.stderr, re.MULTILINE):
            faults.append("it named no error")
        if listing(root) != before:
            faults.append("it changed something on disk")
        return done.stdout + done.stderr, faults


def bless(path, text, outcomes):
    for case, (printed, _) in reversed(outcomes):
        begin, end = case.place
        text = text[:begin] + printed + text[end:]
    with open(path, "w") as file:
        file.write(text)


def main():
    failed = total = 0
    names = set()
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for path in sorted(glob.glob(f"{HERE}/broken/*.test")):
            text = open(path).read()
            cases = parse(text)
            outcomes = list(zip(cases, pool.map(run, cases)))
            if "--bless" in sys.argv:
                bless(path, text, outcomes)
                cases = parse(open(path).read())
            for case, (_, (printed, faults)) in zip(cases, outcomes):
                if case.name in names:
                    faults.append("another case has the same name")
                names.add(case.name)
                difference = difflib.unified_diff(case.expected.splitlines(), printed.splitlines(),
                                                  "expected", "printed", lineterm="")
                faults += ["\n".join(difference)] if printed != case.expected else []
                total += 1
                failed += bool(faults)
                if faults:
                    print(f"FAILED  {os.path.basename(path)}: {case.name}", *faults, sep="\n")
    print(f"{total} cases, {failed} failed")
    sys.exit(1 if failed or not total else 0)


main()
