#!/bin/sh
# Installs what the tests need, builds with sanitizers and with a second compiler, runs every test.
#   usage: sh packaging/test.sh [CTEST-OPTION...]        for example: sh packaging/test.sh -R unit
set -eu
# shellcheck source=packaging/dependencies.sh
. "$(dirname -- "$0")/dependencies.sh"

install_packages tests
build check
# Not every distribution has this version of the compiler under this name.
if command -v clang++-19 >/dev/null 2>&1; then
    build clang -DADVISOR_TESTS=OFF
else
    build clang -DADVISOR_TESTS=OFF -DCMAKE_CXX_COMPILER=clang++
fi
[ "$(id -u)" -eq 0 ] || say "not root: tests that need root are skipped"
say "running the tests"
status=0
PYTHONDONTWRITEBYTECODE=1 ctest --test-dir "$source_dir/build/check" --output-on-failure \
    --no-tests=error --parallel "$(nproc)" "$@" || status=$?
exit "$status"
