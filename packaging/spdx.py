#!/usr/bin/env python3
"""Prints, as SPDX 2.3 in JSON, what is linked into the static program, with the versions of this Debian.

usage: spdx.py VERSION ARCHITECTURE PROGRAM     for example: spdx.py 0.1.0 arm64 sysctl-advisor
"""

import datetime
import hashlib
import json
import os
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


def version_of(package, architecture):
    """That of the cross-compiler, where the program was built by one."""
    for name in (f"{package}-{architecture}-cross", package):
        command = ["dpkg-query", "--show", "--showformat", "${Version}", name]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode == 0 and done.stdout:
            return done.stdout
    sys.exit(f"spdx.py: {package} is not installed")


def described(name, version, license_id, **more):
    return {"SPDXID": "SPDXRef-" + name.replace("+", "p"), "name": name, "versionInfo": version,
            "licenseConcluded": license_id, "licenseDeclared": license_id, "copyrightText": "NOASSERTION",
            "downloadLocation": "NOASSERTION", "filesAnalyzed": False, **more}


def document(version, architecture, program):
    with open(program, "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    made = datetime.datetime.fromtimestamp(int(os.environ["SOURCE_DATE_EPOCH"]), datetime.timezone.utc)
    ours = described("sysctl-advisor", version, "Apache-2.0", downloadLocation=HOME,
                     checksums=[{"algorithm": "SHA256", "checksumValue": digest}])
    linked = [described(name, version_of(package, architecture), license_id) for name, package, license_id in LINKED]
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


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    print(json.dumps(document(*sys.argv[1:]), indent=2))
