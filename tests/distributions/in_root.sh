#!/bin/sh
# Runs a script of this folder in a minimal root of a release of Debian, with a copy of the sources.
#   usage: in_root.sh ROOTS SUITE SCRIPT      for example: in_root.sh build/roots trixie readme_commands.sh
# The root is made below ROOTS if it is missing, and has only what debootstrap calls minbase, sudo,
# and a user `builder` who may use it. What runs in it has a process namespace and a /run of its own,
# and no manual pages. ADVISOR_PACKAGES names a directory of this machine that it is to see, with packages
# that were built. Needs root and debootstrap.
set -eu
root=$1/$2
# One for all roots: releases that have the same compiler and libraries compile a source once.
cache=$1/ccache
suite=$2
script=$3
sources=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)

# Where apt of this machine gets its packages, if it is a Debian.
mirror() {
    sed -n -E 's/^(deb( \[[^]]*\])?|URIs:) +(https?:[^ ]+\/debian\/?)( .*)?$/\3/p' \
        /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null | head -n 1
}

make_root() {
    rm -rf "$root"
    mkdir -p "$root"
    # shellcheck disable=SC2046 # no word if there is no mirror
    debootstrap --variant=minbase --include=ca-certificates,sudo "$suite" "$root" $(mirror)
    # Manual pages and services are left out: the tests must not stand on them.
    printf 'path-exclude=/usr/share/man/*\n' >"$root/etc/dpkg/dpkg.cfg.d/no-manual-pages"
    # A mirror of its own may have a suite as it was some weeks ago.
    echo 'Acquire::Check-Valid-Until "false";' >"$root/etc/apt/apt.conf.d/no-valid-until"
    printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
    chmod 755 "$root/usr/sbin/policy-rc.d"
    rm -rf "$root"/usr/share/man/*
    chroot "$root" useradd --create-home --shell /bin/sh builder
    echo 'builder ALL=(root) NOPASSWD: ALL' >"$root/etc/sudoers.d/builder"
    : >"$root/made"
}

# Inside the namespaces that are gone with the script.
enter() {
    mount --make-rprivate /
    # So / in the root is a mount, as on every host: the tests make private hosts of that.
    mount --bind "$root" "$root"
    mount -t proc proc "$root/proc"
    mount --rbind /sys "$root/sys"
    mount --rbind /dev "$root/dev"
    mount -t tmpfs tmpfs "$root/run"
    mount -t tmpfs tmpfs "$root/tmp"
    mkdir -p "$root/var/tmp/ccache"
    mount --bind "$cache" "$root/var/tmp/ccache"
    if [ -n "${ADVISOR_PACKAGES:-}" ]; then
        mkdir -p "$root/var/tmp/packages"
        mount --bind "$ADVISOR_PACKAGES" "$root/var/tmp/packages"
    fi
    for file in resolv.conf hosts; do
        if [ -e "/etc/$file" ]; then cp -L "/etc/$file" "$root/etc/$file"; fi
    done
    # No chroot(1): in such a place the kernel makes no user namespace.
    cd "$root"
    pivot_root . mnt
    exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root \
        LANG=C.UTF-8 CCACHE_DIR=/var/tmp/ccache CCACHE_UMASK=000 CCACHE_COMPILERCHECK=content \
        ADVISOR_PACKAGES="${ADVISOR_PACKAGES:+/var/tmp/packages}" \
        chroot . sh -c "umount --lazy /mnt && exec sh /sources/tests/distributions/$script"
}

if [ "${IN_ROOT:-}" = entering ]; then enter; fi
[ -e "$root/made" ] || make_root
mkdir -p "$cache"
chmod 1777 "$cache"
rm -rf "$root/sources"
mkdir "$root/sources"
(cd "$sources" && git ls-files -z | xargs -0 tar -cf - --no-recursion) | tar -xf - -C "$root/sources"
IN_ROOT=entering exec unshare --mount --pid --fork --kill-child "$0" "$@"
