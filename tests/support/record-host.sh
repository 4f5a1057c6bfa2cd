#!/bin/sh
# Records what the program reads of this host into DIR, as a tree for --root. The host's name and
# kernel release are replaced, so that a record tells nothing of the machine it was made on.
#   usage: record-host.sh DIR NAME RELEASE
set -eu
directory=$1 name=$2 release=$3
mkdir -p "$directory/proc/net" "$directory/proc/sys/kernel"
for table in tcp tcp6 snmp netstat sockstat sockstat6; do
    cat "/proc/net/$table" > "$directory/proc/net/$table"
done
for key in ipv4/ip_local_port_range ipv4/ip_local_reserved_ports ipv4/tcp_ehash_entries \
    ipv4/tcp_fin_timeout ipv4/tcp_max_syn_backlog ipv4/tcp_max_tw_buckets ipv4/tcp_syncookies \
    ipv4/tcp_timestamps ipv4/tcp_tw_reuse core/somaxconn; do
    mkdir -p "$directory/proc/sys/net/${key%/*}"
    cat "/proc/sys/net/$key" > "$directory/proc/sys/net/$key"
done
echo "$name" > "$directory/proc/sys/kernel/hostname"
echo "$release" > "$directory/proc/sys/kernel/osrelease"
echo "MemTotal:        8046928 kB" > "$directory/proc/meminfo"
