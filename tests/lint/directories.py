"""Directories are listed in one file of src only, which tells a failure from the end."""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
OWNER = "src/os/directory.cc"
# readdir(3) and those made of it say the end and a failure in the same way, or pass over it.
FORBIDDEN = re.compile(
    r"\b(?:(?:fd)?opendir|readdir(?:64)?(?:_r)?|scandir(?:at)?|getdents(?:64)?|n?ftw|fts_(?:open|read)|glob(?:64)?"
    r"|wordexp)\s*\(|\b(?:recursive_)?directory_iterator\b|\bSYS_getdents"
)
COMMENT = re.compile(r"//.*")


def main():
    sources = sorted(path for path in (ROOT / "src").rglob("*") if path.suffix in {".cc", ".h"})
    faults = 0
    for path in sources:
        name = str(path.relative_to(ROOT))
        if name == OWNER:
            continue
        for number, line in enumerate(path.read_text().splitlines(), 1):
            found = FORBIDDEN.search(COMMENT.sub("", line))
            if found:
                print(f"{name}:{number}: {found[0].rstrip('( ')} lists a directory; use os/directory.h")
                faults += 1
    print(f"{len(sources)} files, {faults} faults")
    return 1 if faults or not sources else 0


sys.exit(main())
