"""Every #include in src follows an arrow that is allowed, and libraries stay behind their one file."""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]

# What each layer may include besides itself. cli and main.cc are the composition root.
ARROWS = {
    "base": set(),
    "model": {"base"},
    "expr": {"base"},
    "sysctld": {"base", "model"},
    "boot": {"base", "model", "sysctld"},
    "facts": {"base", "model", "expr"},
    "load": {"base", "model", "expr", "facts"},
    "rules": {"base", "model", "expr", "sysctld", "boot", "facts", "load"},
    "lint": {"base", "model", "expr", "sysctld", "boot", "facts", "load"},
    "plan": {"base", "model", "expr", "sysctld", "boot", "facts", "load", "rules"},
    "fleet": {"base", "model"},
    "render": {"base", "model", "expr", "sysctld", "boot", "facts", "load", "rules", "plan"},
    "os": {"base", "model"},
    "collect": {"base", "model", "sysctld", "os"},
    "apply": {"base", "model", "os"},
    "prove": {"base", "model", "expr", "load", "os", "collect"},
}
ARROWS["cli"] = ARROWS["main.cc"] = {*ARROWS, "cli"}

# The only files that may include a library. fmt is for everybody.
LIBRARIES = {
    "CLI/": {"cli/options.cc"},
    "libmnl/": {"os/diag_socket_table.cc", "os/network_links.cc"},
    "nlohmann/": {"base/json.cc"},
    "sha2.h": {"base/digest.cc"},
    "spdlog/": {"os/log.cc"},
    "toml++/": {"load/toml_node.cc"},
}

# Layers that know no system: no C header, no clock, no file, no thread.
PURE = {"base", "model", "expr", "sysctld", "boot", "facts", "load", "rules", "lint", "plan", "fleet", "render"}
IMPURE_HEADERS = {"cstdio", "ctime", "filesystem", "fstream", "iostream", "thread"}
# A duration is a unit; what time it is the system tells.
CLOCK = re.compile(r"\b\w+_clock\b")
# inet_ntop(3) writes an address and asks the system for nothing.
PURE_SYSTEM_HEADERS = {("model/address.cc", "arpa/inet.h")}

INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]', re.MULTILINE)


def fault_of(file, layer, quoted, header):
    """Why this file must not include this header, or nothing."""
    if quoted:
        other = header.split("/")[0]
        if other == layer or other in ARROWS[layer]:
            return None
        return f"{layer} must not include {other} ({header})"
    for prefix, owners in LIBRARIES.items():
        if header.startswith(prefix):
            return None if file in owners else f"only {', '.join(owners)} may include {header}"
    if layer not in PURE or header.startswith("fmt/") or (file, header) in PURE_SYSTEM_HEADERS:
        return None
    if header.endswith(".h") or header in IMPURE_HEADERS:
        return f"{layer} is pure and must not include <{header}>"
    return None


def main():
    sources = sorted(path for path in (ROOT / "src").rglob("*") if path.suffix in {".cc", ".h"})
    faults = 0
    for path in sources:
        file = str(path.relative_to(ROOT / "src"))
        layer = file.split("/")[0]
        if layer not in ARROWS:
            print(f"{path.relative_to(ROOT)}:1: the layer {layer} has no row in {__file__}")
            faults += 1
            continue
        for number, line in enumerate(path.read_text().splitlines(), 1):
            include = INCLUDE.match(line)
            fault = include and fault_of(file, layer, include[1] == '"', include[2])
            if layer in PURE and CLOCK.search(line):
                fault = f"{layer} is pure and must not ask a clock"
            if fault:
                print(f"{path.relative_to(ROOT)}:{number}: {fault}")
                faults += 1
    print(f"{len(sources)} files, {faults} faults")
    return 1 if faults or not sources else 0


if __name__ == "__main__":
    sys.exit(main())
