#!/usr/bin/env python3
"""Writes beside a static program what is linked in, with the versions of this Debian: PROGRAM.spdx.json, in
SPDX 2.3, and PROGRAM.licenses, the notices and licenses of all of it.

usage: spdx.py VERSION ARCHITECTURE PROGRAM VERSIONS     for example: spdx.py 0.1.0 arm64 sysctl-advisor versions
VERSIONS is a file with a line "PACKAGE VERSION" for each package that was not installed, but fetched.
"""

import datetime
import hashlib
import json
import os
import pathlib
import subprocess
import sys

# What is linked in, its source package in Debian, where its version is to be had, and its license.
LINKED = (
    ("CLI11", "libcli11-dev", "BSD-3-Clause"),
    ("fmt", "libfmt-dev", "MIT"),
    ("glibc", "libc6-dev", "LGPL-2.1-or-later"),
    ("libgcc", "libgcc-s1", "GPL-3.0-or-later WITH GCC-exception-3.1"),
    ("libmd", "libmd-dev", "BSD-3-Clause"),
    ("libstdc++", "libstdc++6", "GPL-3.0-or-later WITH GCC-exception-3.1"),
    ("nlohmann-json", "nlohmann-json3-dev", "MIT"),
    ("spdlog", "libspdlog-dev", "MIT"),
    ("tomlplusplus", "libtomlplusplus-dev", "MIT"),
)
HOME = "https://github.com/sysctl-advisor/sysctl-advisor"


def version_of(package, architecture, fetched):
    """That of the cross-compiler, where the program was built by one."""
    if package in fetched:
        return fetched[package]
    native = subprocess.run(["dpkg", "--print-architecture"], capture_output=True, text=True).stdout.strip()
    for name in (f"{package}-{architecture}-cross", f"{package}:{native}", package):
        command = ["dpkg-query", "--show", "--showformat", "${db:Status-Status} ${Version}\n", name]
        done = subprocess.run(command, capture_output=True, text=True)
        status, _, version = done.stdout.strip().partition(" ")
        if done.returncode == 0 and status == "installed":
            return version
    sys.exit(f"spdx.py: {package} is not installed")


def described(name, version, license_id, **more):
    return {"SPDXID": "SPDXRef-" + name.replace("+", "p"), "name": name, "versionInfo": version,
            "licenseConcluded": license_id, "licenseDeclared": license_id, "copyrightText": "NOASSERTION",
            "downloadLocation": "NOASSERTION", "filesAnalyzed": False, **more}


def document(version, architecture, program, fetched):
    with open(program, "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    made = datetime.datetime.fromtimestamp(int(os.environ["SOURCE_DATE_EPOCH"]), datetime.timezone.utc)
    ours = described("sysctl-advisor", version, "Apache-2.0", downloadLocation=HOME,
                     checksums=[{"algorithm": "SHA256", "checksumValue": digest}])
    linked = [described(name, version_of(package, architecture, fetched), license_id)
              for name, package, license_id in LINKED]
    return {
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": f"sysctl-advisor-{version}-{architecture}",
        "documentNamespace": f"{HOME}/spdx/{version}/{architecture}/{digest}",
        "creationInfo": {"created": made.strftime("%Y-%m-%dT%H:%M:%SZ"),
                         "creators": ["Organization: The sysctl-advisor authors"]},
        "packages": [ours, *linked],
        "relationships": [
            {"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES",
             "relatedSpdxElement": ours["SPDXID"]},
            *({"spdxElementId": ours["SPDXID"], "relationshipType": "STATIC_LINK",
               "relatedSpdxElement": one["SPDXID"]} for one in linked)],
    }


def notices():
    """What a copy of the program must bring with it."""
    files = [(name, pathlib.Path("/usr/share/doc", package, "copyright")) for name, package, _ in LINKED]
    # Debian's texts name these instead of repeating them.
    files += [(name, pathlib.Path("/usr/share/common-licenses", name)) for name in ("GPL-3", "LGPL-2.1")]
    names = {}
    for name, file in files:
        names.setdefault(file.read_text(), []).append(name)
    return "\n\n".join(f"== {', '.join(of_text)}\n\n{text}" for text, of_text in names.items())


def main(version, architecture, program, versions):
    fetched = dict(line.split() for line in pathlib.Path(versions).read_text().splitlines())
    spdx = json.dumps(document(version, architecture, program, fetched), indent=2)
    pathlib.Path(program + ".spdx.json").write_text(spdx + "\n")
    pathlib.Path(program + ".licenses").write_text(notices())


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    main(*sys.argv[1:])
