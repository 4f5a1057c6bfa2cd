#!/bin/sh
# Builds the Debian packages of this tree: the program, and the Ansible collection.
#   usage: sh packaging/deb.sh [DIRECTORY]     for example: sh packaging/deb.sh /tmp/packages
# They are put into DIRECTORY (build/packages). What the build needs comes from the distribution, with
# root or sudo. The unit tests are built and run with it; DEB_BUILD_OPTIONS=nocheck leaves those out.
set -eu
# shellcheck source=packaging/dependencies.sh
. "$(dirname -- "$0")/dependencies.sh"

case ${1:-} in -h | --help) show_usage && exit ;; esac
install_packages deb
mkdir -p "${1:-$source_dir/build/packages}"
packages=$(CDPATH='' cd -- "${1:-$source_dir/build/packages}" && pwd)
# dpkg wants the tree as an archive has it, with `debian` at its top, and writes beside it. What is not
# of the sources stays out: git knows, where there is one.
tree=$source_dir/build/deb/sysctl-advisor
rm -rf "$source_dir/build/deb"
mkdir -p "$tree"
cd "$source_dir"
{
    if [ -e .git ]; then git ls-files -z; else
        find . -path ./build -prune -o \( -type f -o -type l \) -print0
    fi
} | xargs -0 tar -cf - --no-recursion | tar -xf - -C "$tree"
mv "$tree/packaging/debian" "$tree/debian"
cd "$tree"
say "building the packages"
with_progress dpkg-buildpackage --build=binary --no-sign
find "$source_dir/build/deb" -maxdepth 1 -type f -exec mv -t "$packages" {} +
say "built: $(cd "$packages" && echo ./*.deb)"
