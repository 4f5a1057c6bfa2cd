#!/bin/sh
# Builds the program as one file that needs nothing but a kernel: no shared library, no profile.
#   usage: sh packaging/static.sh [ARCHITECTURE]     for example: sh packaging/static.sh arm64
# ARCHITECTURE is one that Debian has a cross-compiler for; by default that of this machine. The program
# is build/static-ARCHITECTURE/sysctl-advisor. libmnl and libmd are built from the source packages of
# this Debian, since it has no static one of libmnl. ADVISOR_TESTS=ON builds the unit tests with it.
set -eu
# shellcheck source=packaging/dependencies.sh
. "$(dirname -- "$0")/dependencies.sh"

case ${1:-} in -h | --help) show_usage && exit ;; esac
install_packages static
native=$(dpkg --print-architecture)
architecture=${1:-$native}
triplet=$(dpkg-architecture -a "$architecture" -q DEB_HOST_GNU_TYPE 2>/dev/null) ||
    fail "\"$architecture\" is no architecture that Debian has"
built=$source_dir/build/static-$architecture
libraries=$built/libraries

# Sources by apt, which checks them, from where this machine has its packages; its own lists stay.
fetch_source() {
    apt=$built/apt
    mkdir -p "$apt/sources.d" "$apt/lists/partial" "$libraries/sources"
    for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources; do
        [ ! -f "$file" ] || sed 's/^Types:.*/Types: deb-src/; s/^deb /deb-src /' "$file" \
            >"$apt/sources.d/from-${file##*/}"
    done
    (
        cd "$libraries/sources"
        set -- -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$apt/sources.d" \
            -o Dir::State::lists="$apt/lists" -o APT::Sandbox::User=root "$@"
        [ -e "$apt/updated" ] || apt-get -q "$@" update
        : >"$apt/updated"
        apt-get -q "$@" --download-only source "$library"
    )
}

#   usage: build_library NAME: NAME.a and its header below $libraries
build_library() {
    library=$1
    [ ! -e "$libraries/lib/$library.a" ] || return 0
    say "building $library for $architecture"
    with_progress fetch_source
    rm -rf "${libraries:?}/$library"
    mkdir -p "$libraries/$library"
    tar -xf "$(find "$libraries/sources" -name "${library}_*.orig.tar.*" ! -name '*.asc')" \
        --strip-components 1 -C "$libraries/$library"
    (
        cd "$libraries/$library"
        with_progress ./configure --host="$triplet" --prefix="$libraries" --enable-static \
            --disable-shared --with-pic CFLAGS="-O2 -ffile-prefix-map=$libraries=libraries"
        with_progress make install
    ) || fail "cannot build $library"
}

# A program of another architecture is built with tools that run on this one.
cross_options() {
    [ "$architecture" != "$native" ] || return 0
    say "building the tools of the build"
    tools=$source_dir/build/release
    with_progress cmake -S "$source_dir" --preset release || fail "cannot configure; build/release may be removed"
    with_progress cmake --build "$tools" --target embed_profiles reference_page || fail "cannot build"
    set -- -DCMAKE_SYSTEM_NAME=Linux "-DCMAKE_SYSTEM_PROCESSOR=${triplet%%-*}" \
        "-DCMAKE_CXX_COMPILER=$triplet-g++" "-DADVISOR_HOST_TOOLS=$tools"
    # Of these only the headers are used, which are the same everywhere.
    for library in fmt spdlog tomlplusplus; do
        set -- "$@" "-D${library}_DIR=/usr/lib/$(dpkg-architecture -q DEB_HOST_MULTIARCH)/cmake/$library"
    done
    options="$*"
}

command -v "$triplet-g++" >/dev/null 2>&1 ||
    with_progress install_with_apt_get "g++-$(echo "$triplet" | tr _ -)"
build_library libmnl
build_library libmd
options=
cross_options
say "building the program for $architecture"
# shellcheck disable=SC2086 # options without blanks
with_progress env PKG_CONFIG_LIBDIR="$libraries/lib/pkgconfig" cmake -S "$source_dir" -B "$built" -G Ninja \
    -DCMAKE_BUILD_TYPE=Release "-DCMAKE_CXX_FLAGS_RELEASE=-O2 -DNDEBUG" \
    "-DCMAKE_CXX_FLAGS=-ffile-prefix-map=$source_dir=." -DCMAKE_UNITY_BUILD=ON \
    -DCMAKE_UNITY_BUILD_BATCH_SIZE=10 -DCMAKE_INSTALL_PREFIX=/usr -DCMAKE_INSTALL_SYSCONFDIR=/etc \
    -DADVISOR_STATIC=ON "-DADVISOR_TESTS=${ADVISOR_TESTS:-OFF}" $options ||
    fail "cannot configure; build/static-$architecture may be removed"
set -- sysctl-advisor
[ "${ADVISOR_TESTS:-OFF}" = OFF ] || set -- "$@" unit_tests
with_progress cmake --build "$built" --target "$@" || fail "cannot build"
"$triplet-strip" "$built/sysctl-advisor"
say "built: $built/sysctl-advisor, $(stat -c %s "$built/sysctl-advisor") bytes"
