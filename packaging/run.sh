#!/bin/sh
# Installs what the build needs, builds the program and runs it.
#   usage: sh packaging/run.sh [COMMAND [OPTION...]]     for example: sh packaging/run.sh audit
set -eu
# shellcheck source=packaging/dependencies.sh
. "$(dirname -- "$0")/dependencies.sh"

install_packages build
build release
tidy_up
trap - EXIT HUP INT TERM
exec "$source_dir/build/release/sysctl-advisor" "$@"
