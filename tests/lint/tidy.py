"""clang-tidy finds nothing in src, by the checks of .clang-tidy.

A file is looked at again only when it, a header it includes or the checks have changed since it was
last clean. BUILD_DIR: a build made with clang, with compile_commands.json (default: build/fuzz).
"""

import concurrent.futures
import hashlib
import json
import os
import pathlib
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
    tidy = subprocess.run([TIDY, "--quiet", "-p", BUILD, entry["file"]], capture_output=True, text=True)
    if tidy.returncode:
        return tidy.stdout or tidy.stderr
    if now:
        mark.write_text(now)
    return ""


def main():
    commands = BUILD / "compile_commands.json"
    if not shutil.which(TIDY):
        skip(f"{TIDY} is not installed")
    if not commands.exists():
        skip(f"no {commands}: build the preset fuzz first")
    CLEAN.mkdir(exist_ok=True)
    sources = [entry for entry in json.loads(commands.read_text())
               if pathlib.Path(entry["file"]).is_relative_to(ROOT / "src")]
    if not sources:
        print(f"{commands}:1: names no file of src")
        return 1
    included = included_files()
    with concurrent.futures.ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        reports = list(pool.map(lambda entry: findings_in(entry, included), sources))
    print("".join(reports), end="")
    return 1 if any(reports) else 0


if __name__ == "__main__":
    sys.exit(main())
