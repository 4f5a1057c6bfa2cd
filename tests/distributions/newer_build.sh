#!/bin/sh
# A build with the compilers and libraries of a release of Debian that is still to come, and the unit
# tests. Run by in_root.sh.
set -eu
cd /sources
sh packaging/run.sh audit || [ $? -eq 1 ]
apt-get -q install --yes --no-install-recommends ccache doctest-dev python3 >/dev/null
cmake -B build/newer -G Ninja -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_FLAGS_DEBUG=-O0 \
    -DCMAKE_UNITY_BUILD=ON -DCMAKE_UNITY_BUILD_BATCH_SIZE=25
cmake --build build/newer --target unit_tests -- --quiet
g++ --version | head -n 1
ctest --test-dir build/newer --output-on-failure --tests-regex '^unit: '
