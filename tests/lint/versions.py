"""The version of the program is the same wherever it stands: a package of one version in a release of
another would be taken for the older one.
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
# What stands before it; all of a file that match.
PLACES = (
    ("CMakeLists.txt", r"^project\(sysctl-advisor VERSION "),
    ("packaging/debian/changelog", r"\Asysctl-advisor \("),
    ("packaging/rpm/sysctl-advisor.spec", r"^Version: +"),
    ("packaging/rpm/sysctl-advisor.spec", r"%changelog\n\* .*> - "),
    ("README.md", r"sysctl-advisor-(?=[0-9])"),
)


def main():
    found = {}
    for name, before in PLACES:
        versions = re.findall(before + r"([0-9]+\.[0-9]+\.[0-9]+)", (ROOT / name).read_text(), re.MULTILINE)
        found.setdefault(name, set()).update(versions or {"none"})
    for name, versions in found.items():
        print(f"{name}: {', '.join(sorted(versions))}")
    return 1 if len(set().union(*found.values())) != 1 else 0


if __name__ == "__main__":
    sys.exit(main())
