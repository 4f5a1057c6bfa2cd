"""Takes seeds out of tests/expr/*.test: one file for each expression and message.

usage: seeds.py OUT      writes OUT/expression/*.txt and OUT/message/*.txt
"""

import pathlib
import sys

EXPR = pathlib.Path(__file__).resolve().parents[1] / "expr"
KEYWORDS = {"expr": "expression", "message": "message"}


def main():
    out = pathlib.Path(sys.argv[1])
    for target in KEYWORDS.values():
        (out / target).mkdir(parents=True, exist_ok=True)
    for path in sorted(EXPR.glob("*.test")):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            target = KEYWORDS.get(line[:8].strip())
            if target:
                (out / target / f"{path.stem}-{number}.txt").write_text(line[8:])


main()
