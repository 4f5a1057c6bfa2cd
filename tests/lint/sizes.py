"""No file is longer than 400 lines and no function longer than 60."""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
FILE_LINES = 400
FUNCTION_LINES = 60

# Literals and comments become as many line ends as they held, so that lines keep their numbers.
NOISE = re.compile(
    r'R"(?P<mark>[^(\s]*)\(.*?\)(?P=mark)"'
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'(?:\\.|[^'\\\n])'"
    r"|//[^\n]*"
    r"|/\*.*?\*/",
    re.DOTALL,
)
# A brace behind a parameter list opens the body of a function, a lambda, or a control statement
# inside one.
BODY = re.compile(r"\)\s*(?:const|noexcept|override|mutable|final|->\s*[\w:<>*&,\s]+|\s)*$")


def functions(text):
    """The first line and the number of lines of each block behind a parameter list."""
    code = NOISE.sub(lambda noise: "\n" * noise[0].count("\n") or " ", text)
    opened = []
    line, since = 1, 0
    for at, character in enumerate(code):
        if character == "\n":
            line += 1
        elif character == "{":
            opened.append((line, bool(BODY.search(code[since:at]))))
            since = at + 1
        elif character == "}":
            start, is_body = opened.pop() if opened else (line, False)
            since = at + 1
            if is_body:
                yield start, line - start - 1
        elif character == ";":
            since = at + 1


def main():
    files = sorted(
        path
        for folder in ("src", "tests", "cmake", "packaging")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".cc", ".h", ".py", ".cmake", ".sh"} and path.is_file()
    )
    faults, bodies = 0, 0
    for path in files:
        text = path.read_text()
        name = path.relative_to(ROOT)
        count = len(text.splitlines())
        if count > FILE_LINES:
            print(f"{name}:{FILE_LINES + 1}: the file has {count} lines, {FILE_LINES} are allowed")
            faults += 1
        if path.suffix not in {".cc", ".h"}:
            continue
        for start, length in functions(text):
            bodies += 1
            if length > FUNCTION_LINES:
                print(f"{name}:{start}: the function has {length} lines, "
                      f"{FUNCTION_LINES} are allowed")
                faults += 1
    print(f"{len(files)} files, {bodies} blocks, {faults} faults")
    return 1 if faults or not bodies else 0


sys.exit(main())
