#!/bin/sh
# Installs what the build needs, builds the program and runs it.
#   usage: sh packaging/run.sh COMMAND [OPTION...]     for example: sh packaging/run.sh audit
# Packages come from the distribution, with root or sudo. The first build takes some three minutes on
# two processors. `sh packaging/run.sh audit --help` is about the command.
set -eu
# shellcheck source=packaging/dependencies.sh
. "$(dirname -- "$0")/dependencies.sh"

case ${1:---help} in -h | --help) show_usage && exit ;; esac
install_packages build
build release
tidy_up
trap - EXIT HUP INT TERM
exec "$source_dir/build/release/sysctl-advisor" "$@"
