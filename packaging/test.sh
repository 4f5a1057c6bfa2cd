#!/bin/sh
# Installs what the tests need, builds as for users, with sanitizers and with a second compiler, runs
# every test.
#   usage: sh packaging/test.sh [CTEST-OPTION...]        for example: sh packaging/test.sh -R unit
set -eu
# shellcheck source=packaging/dependencies.sh
. "$(dirname -- "$0")/dependencies.sh"

install_packages tests
build release
build check -DADVISOR_RELEASE_BINARY="$source_dir/build/release/sysctl-advisor"
# Not every distribution has this version of the compiler under this name.
second_compiler=clang++
if command -v clang++-19 >/dev/null 2>&1; then second_compiler=clang++-19; fi
build clang -DADVISOR_TESTS=OFF -DADVISOR_SANITIZE=ON -DADVISOR_FUZZ=ON \
    -DCMAKE_CXX_COMPILER="$second_compiler"
[ "$(id -u)" -eq 0 ] || say "not root: tests that need root are skipped"
say "running the tests"
export PYTHONDONTWRITEBYTECODE=1
status=0
ctest --test-dir "$source_dir/build/check" --output-on-failure --no-tests=error \
    --parallel "$(nproc)" "$@" || status=$?
# The fuzzers; of other tests there are none.
ctest --test-dir "$source_dir/build/clang" --output-on-failure --no-tests=ignore \
    --parallel "$(nproc)" "$@" || status=$?
exit "$status"
