#!/bin/sh
# Run by private-host.sh: makes of it the host NAME, says that it is ready for its links, and when it reads a
# line becomes its sshd.
#   usage: host.sh NAME FOLDER SSHD
set -eu
hostname "$1"
[ ! -e /etc/machine-id ] || mount --bind "$2/machine-id" /etc/machine-id
mount -t tmpfs -o mode=0755 tmpfs /usr/local/sbin
mkdir /run/sshd
echo ready
read -r _
exec "$3" -D -e -f "$2/sshd_config"
