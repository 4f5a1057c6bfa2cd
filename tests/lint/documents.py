"""Documents lead somewhere: their links, the files that they name, and the packages of the README, which
are those that are installed. A page of man/symptoms is one screen.

What the commands of documents do is tried by tests/kernel/documents_test.py.
"""

import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
LINES, COLUMNS = 60, 80  # of a screen
FOLDERS = ("man", "packaging", "src", "tests")
# A file of ours in the text: `tests/kernel/trust_test.py`, `os/sandbox`.
NAMED = re.compile(r"`((?:" + "|".join(FOLDERS) + r"|profiles|apply|base|boot|cli|os)/[\w./-]+)`")


def documents():
    yield from ROOT.glob("*.md")
    for folder in FOLDERS:
        yield from (ROOT / folder).rglob("*.md")


def is_there(path):
    """Of sources it is enough to name what comes before the dot."""
    places = (path, f"src/{path}", f"src/{path}.h", f"tests/{path}")
    return any((ROOT / place).exists() for place in places)


def faults_of(document):
    text = document.read_text()
    name = document.relative_to(ROOT)
    for number, line in enumerate(text.splitlines(), 1):
        for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", line):
            if not (document.parent / link).exists():
                yield f"{name}:{number}: leads to {link}, which is not there"
        for path in NAMED.findall(line) if name.parent == pathlib.Path(".") else ():
            if not is_there(path):
                yield f"{name}:{number}: names {path}, which is not there"
    if document.parent == ROOT / "man/symptoms":
        wide = [number for number, line in enumerate(text.splitlines(), 1) if len(line) > COLUMNS]
        yield from (f"{name}:{number}: longer than {COLUMNS} characters" for number in wide)
        if text.count("\n") > LINES:
            yield f"{name}:{LINES + 1}: a page has {LINES} lines at the most"


def faults_of_packages():
    """The README's table against what packaging/dependencies.sh installs."""
    shown = re.search(r"^\| to build \| (.*) \| (.*) \|$", (ROOT / "README.md").read_text(), re.MULTILINE)
    for column, names in ((2, shown[1]), (3, shown[2])):
        script = f"program_name=x; . packaging/dependencies.sh; goal=build; names_of {column}"
        told = subprocess.run(["sh", "-c", script, "packaging/run.sh"], cwd=ROOT, capture_output=True, text=True)
        if sorted(names.split()) != sorted(told.stdout.split()):
            yield f"README.md:1: to build it takes {told.stdout.split()}, and the table has {names.split()}"


def main():
    checked = sorted(documents())
    faults = [fault for document in checked for fault in faults_of(document)]
    faults += faults_of_packages()
    print("\n".join([*faults, f"{len(checked)} documents, {len(faults)} faults"]))
    return 1 if faults or not checked else 0


if __name__ == "__main__":
    sys.exit(main())
