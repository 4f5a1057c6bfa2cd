"""clang-tidy finds nothing in src, by the checks of .clang-tidy.

It reads ten sources as one, as they are compiled: most of its time goes to what they include. Such ten
are looked at again only when one of them, a header or the checks have changed since they were last
clean. BUILD_DIR: a build made with clang, with compile_commands.json (default: build/fuzz).
"""

import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = ROOT / os.environ.get("BUILD_DIR", "build/fuzz")
CLEAN = BUILD / "tidy"
TIDY = "clang-tidy-19"
SKIPPED = 77


def skip(why):
    print(f"skipped: {why}")
    sys.exit(SKIPPED)


def included_files():
    """For each object file of the build what it was made of, as ninja knows it."""
    ninja = subprocess.run(["ninja", "-C", BUILD, "-t", "deps"], capture_output=True, text=True)
    files, current = {}, []
    for line in ninja.stdout.splitlines():
        if line.startswith("    "):
            current.append(BUILD / line.strip())
        elif ": #deps" in line:
            current = files.setdefault(line.split(":")[0], [])
    return files


def fingerprint(entry, included):
    """What decides over the outcome, or nothing when the file has not been built."""
    words = shlex.split(entry["command"])
    made_of = included.get(words[words.index("-o") + 1])
    if not made_of:
        return None
    digest = hashlib.sha256(subprocess.run([TIDY, "--version"], capture_output=True).stdout)
    digest.update(entry["command"].encode())
    own = {path for path in made_of if not path.is_relative_to("/usr")}
    for path in [ROOT / ".clang-tidy", pathlib.Path(entry["file"]), *sorted(own)]:
        digest.update(path.read_bytes() if path.exists() else b"gone")
    return digest.hexdigest()


def findings_in(entry, included):
    """The output of clang-tidy, empty for a clean file."""
    mark = CLEAN / str(pathlib.Path(entry["file"]).relative_to(ROOT)).replace("/", ".")
    now = fingerprint(entry, included)
    if now and mark.exists() and mark.read_text() == now:
        return ""
    tidy = subprocess.run([TIDY, "--quiet", f"--config-file={ROOT}/.clang-tidy", "-p", BUILD, entry["file"]],
                          capture_output=True, text=True)
    if tidy.returncode:
        return tidy.stdout or tidy.stderr
    if now:
        mark.write_text(now)
    return ""


def is_of_src(entry):
    """A source of src, or a file of the build that includes ten of them."""
    path = pathlib.Path(entry["file"])
    if path.parent.name == "Unity":
        return f'#include "{ROOT}/src/' in path.read_text()
    return path.is_relative_to(ROOT / "src")


def unused_names():
    """A line for each name that `using` brings into a source that says it nowhere else."""
    lines = []
    for path in sorted((ROOT / "src").rglob("*.cc")):
        text = path.read_text()
        for match in re.finditer(r"^ *using [\w:]+::(\w+);", text, re.MULTILINE):
            if len(re.findall(rf"\b{match[1]}\b", text)) == 1:
                line = text.count("\n", 0, match.start()) + 1
                lines.append(f"{path}:{line}: nothing here uses {match[1]}\n")
    return lines


def main():
    commands = BUILD / "compile_commands.json"
    if not shutil.which(TIDY):
        skip(f"{TIDY} is not installed")
    if not commands.exists():
        skip(f"no {commands}: build the preset fuzz first")
    CLEAN.mkdir(exist_ok=True)
    sources = [entry for entry in json.loads(commands.read_text()) if is_of_src(entry)]
    if not sources:
        print(f"{commands}:1: names no file of src")
        return 1
    included = included_files()
    with concurrent.futures.ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        reports = unused_names() + list(pool.map(lambda entry: findings_in(entry, included), sources))
    print("".join(reports), end="")
    return 1 if any(reports) else 0


if __name__ == "__main__":
    sys.exit(main())
