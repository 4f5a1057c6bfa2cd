#!/bin/sh
# A build with the compilers and libraries of a release of Debian that is still to come, and the unit
# tests. Run by in_root.sh.
set -eu
cd /sources
apt-get -q update >/dev/null
apt-get -q install --yes --no-install-recommends ccache doctest-dev python3 >/dev/null
sh packaging/run.sh audit || [ $? -eq 1 ]
# What the audit needed is built already.
cmake --preset release -DADVISOR_TESTS=ON
cmake --build --preset release --target unit_tests -- --quiet
g++ --version | head -n 1
ctest --test-dir build/release --output-on-failure --tests-regex '^unit: '
