#!/bin/sh
# Runs a command as on a host of its own: a fresh network namespace with lo up, /proc/sys read-only
# but for net, /sys read-only, and empty /etc/sysctl.d, /etc/sysctl-advisor,
# /var/lib/sysctl-advisor, /run and directories of systemd's units. Nothing it writes reaches this
# machine. Needs root.
#   usage: private-host.sh COMMAND...
set -eu
if [ "${PRIVATE_HOST:-}" != inside ]; then
    PRIVATE_HOST=inside exec unshare --net --mount --propagation private "$0" "$@"
fi
# This key exists in the first network namespace only: if it is here, the isolation failed.
if [ -e /proc/sys/net/core/netdev_max_backlog ]; then
    echo "private-host: this is not a network namespace of its own" >&2
    exit 99
fi
mount --bind /proc/sys /proc/sys
mount -o remount,bind,ro /proc/sys
mount --bind /proc/sys/net /proc/sys/net
mount -o remount,bind,rw /proc/sys/net
mount --bind /sys /sys
mount -o remount,bind,ro /sys
for directory in /etc/sysctl.d /etc/sysctl-advisor /etc/systemd/system /var/lib/sysctl-advisor; do
    mkdir -p "$directory"
    mode=0755
    [ "$directory" != /var/lib/sysctl-advisor ] || mode=0700
    mount -t tmpfs -o mode=$mode tmpfs "$directory"
done
# What runs on this machine, such as systemd, does not run on that host.
mount -t tmpfs -o mode=0755 tmpfs /run
# A version of the program that was installed on this machine is hidden, and its unit with all others.
for directory in /usr/local/lib/systemd/system /usr/lib/systemd/system; do
    [ ! -d "$directory" ] || mount -t tmpfs -o mode=0755 tmpfs "$directory"
done
for program in /usr/sbin/sysctl-advisor /usr/local/sbin/sysctl-advisor; do
    [ ! -e "$program" ] || mount --bind /dev/null "$program"
done
ip link set lo up
unset PRIVATE_HOST
exec "$@"
