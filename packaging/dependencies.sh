# What run.sh and test.sh share: the packages they need, and how a tree is built. Sourced by both.
# shellcheck shell=sh

# One row per package: what needs it, its name in Debian, its name in Fedora ("-": comes with another).
packages() {
    cat <<'LIST'
build  g++                   gcc-c++
build  cmake                 cmake
build  ninja-build           ninja-build
build  pkg-config            pkgconf-pkg-config
build  libcli11-dev          cli11-devel
build  libfmt-dev            fmt-devel
build  libmd-dev             libmd-devel
build  libmnl-dev            libmnl-devel
build  libspdlog-dev         spdlog-devel
build  libtomlplusplus-dev   tomlplusplus-devel
build  nlohmann-json3-dev    json-devel
deb    build-essential       -
deb    debhelper             -
deb    doctest-dev           -
deb    dpkg-dev              -
deb    python3               -
packages qemu-user            -
release ansible-core          -
release git                   -
static dpkg-dev              -
tests  ansible-core          ansible-core
tests  bash-completion       bash-completion
tests  ccache                ccache
tests  clang-19              clang
tests  clang-format-19       clang-tools-extra
tests  clang-tidy-19         clang-tools-extra
roots  debootstrap           debootstrap
fleet  ansible-lint          ansible-lint
fleet  git                   git
fleet  openssh-client        openssh-clients
tests  diffutils             diffutils
tests  doctest-dev           doctest-devel
tests  fish                  fish
tests  iproute2              iproute
tests  libclang-rt-19-dev    compiler-rt
tests  lld-19                lld
tests  -                     libasan
tests  -                     libubsan
tests  mandoc                mandoc
tests  patch                 patch
tests  procps                procps-ng
tests  python3               python3
tests  python3-jsonschema    python3-jsonschema
tests  python3-voluptuous    python3-voluptuous
tests  shellcheck            ShellCheck
tests  strace                strace
tests  sudo                  sudo
tests  systemd               systemd
tests  util-linux            util-linux
tests  zsh                   zsh
vm     cpio                  cpio
vm     e2fsprogs             e2fsprogs
vm     qemu-system-x86       qemu-system-x86-core
LIST
}

say() {
    echo "$program_name: $*" >&2
}

fail() {
    say "$*"
    exit 2
}

# Prints the packages for $goal by their names in column 2 (Debian) or 3 (Fedora).
names_of() {
    packages | awk -v goal="$goal" -v column="$1" \
        '($1 == "build" || $1 == goal) && $column != "-" && !seen[$column]++ { print $column }'
}

missing_packages() {
    case $package_tool in
    apt-get)
        # shellcheck disable=SC2046 # a list of names
        present=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' $(names_of 2) 2>/dev/null) ||
            true # some are missing
        for name in $(names_of 2); do
            echo "$present" | grep -qxF "installed $name" || echo "$name"
        done
        ;;
    dnf)
        for name in $(names_of 3); do
            rpm -q --whatprovides "$name" >/dev/null 2>&1 || echo "$name"
        done
        ;;
    esac
}

in_lines() {
    tr '\n' ' ' | fold -s -w 76 | sed 's/^/    /; s/ *$//'
    echo
}

show_packages() {
    echo "The packages that are needed, by their names in Debian:"
    names_of 2 | in_lines
    echo "and in Fedora:"
    names_of 3 | in_lines
} >&2

# Runs a command. On a terminal its output is shown; elsewhere every half minute the last line of it,
# and all of it when the command fails.
#   usage: with_progress COMMAND...
with_progress() {
    if [ -t 2 ]; then
        "$@" >&2 </dev/null
        return
    fi
    "$@" >"$log" 2>&1 </dev/null &
    running=$!
    while sleep 1 && kill -0 "$running" 2>/dev/null; do
        seconds=$((${seconds:-0} + 1))
        [ $((seconds % 30)) -ne 0 ] || say "$(tail -n 1 "$log" | cut -c 1-100)"
    done
    status=0
    wait "$running" || status=$?
    running=
    [ "$status" -eq 0 ] || cat "$log" >&2
    return "$status"
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

install_with_apt_get() {
    # Go on if a source does not answer: the packages may come from the others.
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -q update || true
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -q install --yes --no-install-recommends \
        --no-remove -o DPkg::Lock::Timeout=120 "$@"
}

install_with_dnf() {
    as_root dnf install --assumeyes --setopt=install_weak_deps=False "$@"
}

# Installs the packages that are missing.
#   usage: install_packages build|deb|fleet|packages|release|roots|static|tests|vm
install_packages() {
    goal=$1
    package_tool=
    for tool in apt-get dnf; do
        if [ -z "$package_tool" ] && command -v "$tool" >/dev/null 2>&1; then package_tool=$tool; fi
    done
    if [ -z "$package_tool" ]; then
        show_packages
        fail "neither apt-get nor dnf is here: install the packages, then use the CMake presets:" \
            "cmake --preset release && cmake --build --preset release"
    fi
    missing=$(missing_packages)
    [ -n "$missing" ] || return 0
    # shellcheck disable=SC2086 # a list of names
    set -- $missing
    if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null 2>&1; then
        fail "needs root (sudo is not here) for: $package_tool install $*"
    fi
    say "installing packages for the $goal ($#): $*"
    case $package_tool in
    apt-get) with_progress install_with_apt_get "$@" ;;
    dnf) with_progress install_with_dnf "$@" ;;
    esac || {
        show_packages
        fail "$package_tool could not install: $*"
    }
}

# What is built by root in a tree of an ordinary user is given to that user.
tidy_up() {
    [ -z "$running" ] || kill "$running" 2>/dev/null
    rm -f "$log"
    owner=$(stat -c %u:%g "$source_dir")
    if [ "$(id -u)" -eq 0 ] && [ "${owner%%:*}" -ne 0 ] && [ -d "$source_dir/build" ]; then
        chown -hR --from=0 "$owner" "$source_dir/build"
    fi
}

# Configures and builds one preset, and says how long that took.
#   usage: build PRESET [CMAKE-OPTION...]
build() {
    preset=$1
    shift
    begun=$(date +%s)
    say "building, preset $preset"
    with_progress cmake -S "$source_dir" --preset "$preset" "$@" ||
        fail "cannot configure; build/$preset may be removed"
    with_progress cmake --build "$source_dir/build/$preset" || fail "cannot build preset $preset"
    say "built, preset $preset: $(($(date +%s) - begun)) s"
}

# Prints the version that this tree has.
version_of_tree() {
    sed -n 's/^project(.* VERSION \([0-9.]*\).*/\1/p' "$source_dir/CMakeLists.txt"
}

# Prints the comment at the head of the script that was called.
show_usage() {
    sed -n '2,/^[^#]/ s/^#\( \|$\)//p' "$0"
}

program_name=packaging/$(basename "$0")
source_dir=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
log=$(mktemp)
running=
trap tidy_up EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
