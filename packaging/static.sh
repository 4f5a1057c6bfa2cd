#!/bin/sh
# Builds the program as one file that needs nothing but a kernel: no shared library, no profile.
#   usage: sh packaging/static.sh [ARCHITECTURE]     for example: sh packaging/static.sh arm64
# ARCHITECTURE is one that Debian has a cross-compiler for; by default that of this machine. The program
# is build/static-ARCHITECTURE/sysctl-advisor. ADVISOR_TESTS=ON builds the unit tests with it.
set -eu
# shellcheck source=packaging/dependencies.sh
. "$(dirname -- "$0")/dependencies.sh"

case ${1:-} in -h | --help) show_usage && exit ;; esac
install_packages static
native=$(dpkg --print-architecture)
architecture=${1:-$native}
triplet=$(dpkg-architecture -a "$architecture" -q DEB_HOST_GNU_TYPE 2>/dev/null) ||
    fail "\"$architecture\" is no architecture that Debian has"
[ "$(dpkg-architecture -a "$architecture" -q DEB_HOST_ARCH_OS)" = linux ] ||
    fail "\"$architecture\" is not one of Linux"
built=$source_dir/build/static-$architecture

# A package of the other architecture by apt, which checks it, from where this machine has its packages.
# What this machine knows of packages stays as it is.
fetch_package() {
    apt=$built/apt
    rm -rf "$apt"
    mkdir -p "$apt/lists/partial" "$apt/archives/partial"
    : >"$apt/status"
    (
        cd "$apt"
        set -- -o APT::Architecture="$architecture" -o APT::Architectures="$architecture" \
            -o Dir::State::status="$apt/status" -o Dir::State::lists="$apt/lists" \
            -o Dir::Cache::archives="$apt/archives" -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= \
            -o APT::Sandbox::User=root
        with_progress apt-get -q "$@" update && with_progress apt-get -q "$@" download "$package"
    ) || fail "cannot download $package for $architecture"
    fetched=$(find "$apt" -maxdepth 1 -name "${package}_*.deb")
    dpkg-deb --extract "$fetched" "$apt/root"
    echo "$package $(dpkg-deb --field "$fetched" Version)" >"$built/versions"
}

# A program of another architecture is built with tools that run on this one, and with one library of
# the other: of the rest only headers are used, which are the same everywhere.
set_cross_options() {
    command -v "$triplet-g++" >/dev/null 2>&1 ||
        with_progress install_with_apt_get "g++-$(echo "$triplet" | tr _ -)"
    package=libmd-dev
    fetch_package
    say "building the tools of the build"
    with_progress cmake -S "$source_dir" --preset release || fail "cannot configure; build/release may be removed"
    with_progress cmake --build "$source_dir/build/release" --target embed_profiles reference_page ||
        fail "cannot build"
    {
        echo "set(CMAKE_SYSTEM_NAME Linux)"
        echo "set(CMAKE_SYSTEM_PROCESSOR ${triplet%%-*})"
        echo "set(CMAKE_CXX_COMPILER $triplet-g++)"
        echo "set(ADVISOR_HOST_TOOLS \"$source_dir/build/release\" CACHE PATH \"\")"
        echo "set(ADVISOR_STATIC_LIBMD \"$(find "$built/apt/root" -name libmd.a)\" CACHE FILEPATH \"\")"
        for library in fmt spdlog tomlplusplus; do
            echo "set(${library}_DIR /usr/lib/$(dpkg-architecture -q DEB_HOST_MULTIARCH)/cmake/$library)"
        done
    } >"$built/toolchain.cmake"
    toolchain=$built/toolchain.cmake
}

mkdir -p "$built"
# Of what is linked in and is not this machine's.
: >"$built/versions"
toolchain=
[ "$architecture" = "$native" ] || set_cross_options
say "building the program for $architecture"
with_progress cmake -S "$source_dir" -B "$built" -G Ninja "-DCMAKE_TOOLCHAIN_FILE=$toolchain" \
    -DCMAKE_BUILD_TYPE=Release "-DCMAKE_CXX_FLAGS_RELEASE=-O2 -DNDEBUG" \
    -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON -DCMAKE_UNITY_BUILD=ON -DCMAKE_UNITY_BUILD_BATCH_SIZE=25 \
    -DCMAKE_INSTALL_PREFIX=/usr -DCMAKE_INSTALL_SYSCONFDIR=/etc \
    -DADVISOR_STATIC=ON "-DADVISOR_TESTS=${ADVISOR_TESTS:-OFF}" ||
    fail "cannot configure; build/static-$architecture may be removed"
set -- sysctl-advisor
[ "${ADVISOR_TESTS:-OFF}" = OFF ] || set -- "$@" unit_tests
with_progress cmake --build "$built" --target "$@" || fail "cannot build"
"$triplet-strip" "$built/sysctl-advisor"
say "built: $built/sysctl-advisor, $(stat -c %s "$built/sysctl-advisor") bytes"
