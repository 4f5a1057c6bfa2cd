#!/bin/sh
# Builds everything of a release into build/release-VERSION: the sources, the Debian packages, a static
# program for each architecture with a list of what is linked in (SPDX) and the licenses of that, the
# Ansible collection, and the checksums of all.
#   usage: sh packaging/release.sh [ARCHITECTURE...]     for example: sh packaging/release.sh amd64 arm64
# The same commit on the same Debian is to give the same bytes, which the part `packages` of
# `packaging/test.sh --thorough` compares.
set -eu
# shellcheck source=packaging/dependencies.sh
. "$(dirname -- "$0")/dependencies.sh"

case ${1:-} in -h | --help) show_usage && exit ;; esac
install_packages release
[ $# -gt 0 ] || set -- amd64 arm64
# The archive has what is committed; what is compiled is the tree.
changed=$(git -C "$source_dir" status --porcelain) || fail "a release is made of a git checkout"
[ -z "$changed" ] || fail "the tree has changes that are not committed: git status"
version=$(version_of_tree)
out=$source_dir/build/release-$version
rm -rf "$out"
mkdir -p "$out"
[ -n "${SOURCE_DATE_EPOCH:-}" ] || SOURCE_DATE_EPOCH=$(git -C "$source_dir" log -1 --format=%ct)
export SOURCE_DATE_EPOCH
# All is compiled anew: an object that is kept may tell debuggers the same in other bytes.
export CCACHE_DISABLE=1

name=sysctl-advisor-$version
git -C "$source_dir" archive --prefix="$name/" -o "$out/$name.tar" HEAD
gzip -n "$out/$name.tar"
sh "$source_dir/packaging/deb.sh" "$out"
# They say when and where it was built.
rm "$out"/*.buildinfo "$out"/*.changes
for architecture in "$@"; do
    rm -rf "$source_dir/build/static-$architecture"
    sh "$source_dir/packaging/static.sh" "$architecture"
    program=$out/$name-linux-$architecture
    cp "$source_dir/build/static-$architecture/sysctl-advisor" "$program"
    python3 "$source_dir/packaging/spdx.py" "$version" "$architecture" "$program" \
        "$source_dir/build/static-$architecture/versions"
done
# ansible-galaxy lists files as the file system happens to have them, and gives each the time of its run:
# it is shown them in order, and the archive is made anew, from the one it made. Its version is its own.
collection=sysctl_advisor-linux-$(sed -n 's/^version: //p' "$source_dir/packaging/ansible/galaxy.yml").tar.gz
unpacked=$(mktemp -d)
/usr/bin/python3 - collection build --force --output-path "$unpacked" "$source_dir/packaging/ansible" \
    >/dev/null <<'END'
import os
from ansible.cli.galaxy import main

listed = os.listdir
os.listdir = lambda *path: sorted(listed(*path))
main()
END
mkdir "$unpacked/files"
tar -xzf "$unpacked/$collection" -C "$unpacked/files"
(cd "$unpacked/files" && find . -mindepth 1 -maxdepth 1 -printf '%P\0' | sort -z |
    xargs -0 tar --sort=name --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner \
        --mode=u=rwX,go=rX -cf "$unpacked/made.tar")
gzip -n <"$unpacked/made.tar" >"$out/$collection"
rm -r "$unpacked"
cd "$out"
sha256sum -- * >"$source_dir/build/SHA256SUMS"
mv "$source_dir/build/SHA256SUMS" .
say "built: $out"
