"""The C++ sources are formatted by .clang-format."""

import pathlib
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
TOOL = "clang-format-19"

if not shutil.which(TOOL):
    print(f"skipped: {TOOL} is not installed")
    sys.exit(77)
sources = sorted(
    str(path.relative_to(ROOT))
    for folder in ("src", "tests")
    for path in (ROOT / folder).rglob("*")
    if path.suffix in {".cc", ".h"}
)
run = subprocess.run([TOOL, "--dry-run", "-Werror", *sources], cwd=ROOT, check=False)
print(f"{len(sources)} files")
sys.exit(1 if run.returncode or not sources else 0)
