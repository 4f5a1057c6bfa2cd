#!/bin/sh
# Lints each file of sysctl.d that a package of this release of Debian ships: none is warned of, but
# for those of octavia-agent: it sets tcp_tw_recycle, which no kernel has since 4.12, lowers fs.file-max
# below what systemd sets, and has numbers in quotes, which kernels refuse, in Debian 12. Needs the index
# of apt-file and the installed program; downloads the packages, and installs none. Run by in_root.sh.
set -eu
shipped=$(mktemp -d)
# The root is kept, and apt would go on reading that index.
trap 'cd / && rm -rf "$shipped"; apt-get -q purge --yes apt-file >/dev/null' EXIT
apt-get -q install --yes --no-install-recommends apt-file >/dev/null
# What else apt needs was read a few minutes ago. While a mirror is renewed its index is not that which
# is signed.
if ! apt-get -q update >"$shipped/said" 2>&1; then
    tail -n 3 "$shipped/said"
    echo "skipped: no index tells which packages have files in sysctl.d"
    exit
fi
# apt downloads as its own user
chmod 755 "$shipped"
cd "$shipped"
apt-file --package-only search --regexp '^/(etc|usr/lib|lib)/sysctl\.d/.*\.conf$' >packages
[ -s packages ] || { echo "apt-file finds no package with a file in sysctl.d" >&2; exit 1; }

status=0
while read -r package; do
    apt-get -q download "$package" >/dev/null
    dpkg-deb --extract "$package"_*.deb "root-$package"
    # Links, such as that to /etc/sysctl.conf, lead nowhere here.
    find "root-$package" -path '*/sysctl.d/*.conf' -type f >files
    while read -r file; do
        worst=warning
        [ "$package" != octavia-agent ] || worst=never
        sysctl-advisor lint --kernel 6.1,6.12 --as "${file#"root-$package"}" --fail-on "$worst" \
            "$file" </dev/null || status=1
    done <files
done <packages
echo "$(wc -l <packages) packages with files in sysctl.d"
exit "$status"
