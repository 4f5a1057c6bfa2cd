#!/bin/sh
# The two commands of the README, in a root that has nothing: by a user with sudo, and by root beside
# the installed program; then shipped_files.sh. Run by in_root.sh.
set -eu

readme_commands() {
    cd /sources
    status=0
    sh packaging/run.sh audit || status=$?
    # 1: there is something to change
    [ "$status" -le 1 ] || exit "$status"
    sh packaging/test.sh
}

if [ "$(id -u)" -ne 0 ]; then
    readme_commands
    exit
fi
chown -R builder: /sources
echo "== as an ordinary user, in $(cat /etc/debian_version)"
runuser -u builder -- env HOME=/home/builder sh "$0"
echo "== as root, with the program installed, in $(cat /etc/debian_version)"
cd /sources
sudo cmake --install build/release
chown -R root: /sources
readme_commands
echo "== what packages of Debian $(cat /etc/debian_version) bring for sysctl.d"
sh "$(dirname -- "$0")/shipped_files.sh"
