#!/bin/sh
# Installs what the tests need, builds as for users and with sanitizers, and runs the tests.
#   usage: sh packaging/test.sh [CTEST-OPTION...]        for example: sh packaging/test.sh -R unit
#          sh packaging/test.sh --thorough [PART...]     for example: sh packaging/test.sh --thorough vm
# Without --thorough it takes 10 to 16 minutes on two processors, and writes no parameter of this host.
# What takes longer is --thorough, all of it or the parts that are named:
#   gcc       built with the other compiler: unit tests, and some of the rest
#   tidy      clang-tidy finds nothing
#   fuzz      each fuzzer looks for eight seconds
#   faults    the program is stopped at each system call there is, and each that matters fails;
#             5,000 trees of files are foretold as the loaders of this system leave them
#   vm        Debian's kernels 6.1 and 6.12 in virtual machines, power cuts, systemd
#   fleet     Ansible changes hosts over SSH, the node exporter reads the metrics, Prometheus fires
#             the alert; ansible-lint and `ansible-test sanity` find nothing
#   debian12  both commands of the README in a minimal Debian 12, as root and with sudo
#   debian13  the same in Debian 13
#   newer     a build with the compilers and libraries of Debian testing and unstable
#   packages  those of Debian 12 and 13: built, installed, upgraded, removed, purged; the static program
#             where nothing else is, and unit tests of that of arm64
set -eu
# shellcheck source=packaging/dependencies.sh
. "$(dirname -- "$0")/dependencies.sh"
# shellcheck source=packaging/thorough.sh
. "$(dirname -- "$0")/thorough.sh"

# Runs tests that are built in build/PRESET, and says what was skipped and why.
#   usage: run_tests PRESET [CTEST-OPTION...]
run_tests() {
    tests=$source_dir/build/$1
    shift
    begun=$(date +%s)
    outcome=0
    # Two more than there are processors, since many only wait.
    ctest --test-dir "$tests" --output-on-failure --no-tests=error --parallel $(($(nproc) + 2)) "$@" ||
        outcome=$?
    # Also of a test that stands for many, most of which could run.
    sed -n 's/.*\(skipped: .*\)/\1/p' "$tests/Testing/Temporary/LastTest.log" | sort | uniq -c >&2
    say "ran these tests: $(($(date +%s) - begun)) s"
    return "$outcome"
}

quick() {
    build release
    build check -DADVISOR_RELEASE_BINARY="$source_dir/build/release/sysctl-advisor"
    [ "$(id -u)" -eq 0 ] || say "not root: tests that need root are skipped"
    say "running the tests"
    run_tests check --label-exclude thorough "$@"
}

export PYTHONDONTWRITEBYTECODE=1
case ${1:-} in
-h | --help) show_usage ;;
--thorough)
    shift
    thorough "$@"
    ;;
*)
    install_packages tests
    quick "$@"
    ;;
esac
