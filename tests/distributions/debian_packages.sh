#!/bin/sh
# The Debian packages: built twice to the same bytes, without a remark of lintian, installed, tried as
# autopkgtest does, upgraded over the state that an older version left, removed and purged. Run by
# in_root.sh.
# shellcheck disable=SC2016 # check() evaluates what it is given
set -eu
cd "$(dirname -- "$0")/../.."
state=/var/lib/sysctl-advisor
drop_in=/etc/sysctl.d/99-zz-sysctl-advisor.conf

check() {
    if ! eval "$2"; then
        echo "WRONG: $1 ($2)" >&2
        [ ! -e /tmp/said ] || cat /tmp/said >&2
        exit 1
    fi
    echo "ok: $1"
}

# With the network, for apt.
prepare() {
    apt-get -q update >/dev/null
    apt-get -q install --yes --no-install-recommends lintian python3-jsonschema iproute2 >/dev/null
    sh packaging/deb.sh build/packages
    DEB_BUILD_OPTIONS=nocheck sh packaging/deb.sh build/again
    for package in build/packages/*.deb; do
        check "two builds of ${package##*/} are the same" 'cmp "$package" "build/again/${package##*/}"'
    done
    lintian --allow-root --pedantic --fail-on error,warning,pedantic build/packages/*.changes \
        >/tmp/said 2>&1 || true
    check "lintian has no remark" '[ ! -s /tmp/said ]'
    apt-get -q install --yes --no-install-recommends ./build/packages/*.deb >/tmp/said 2>&1
    mkdir -p /tmp/looks && chown builder: /tmp/looks
    runuser -u builder -- env AUTOPKGTEST_TMP=/tmp/looks sh packaging/debian/tests/look >/tmp/said 2>&1
    check "the installed program answers to an ordinary user" true
    check "the collection is where Ansible looks" \
        '[ -e /usr/share/ansible/collections/ansible_collections/sysctl_advisor/linux/galaxy.yml ]'
}

# In a network namespace, all of /proc/sys read-only but for net, so that this host keeps its values.
isolate() {
    [ ! -e /proc/sys/net/core/netdev_max_backlog ] || exit 99
    mount --bind /proc/sys /proc/sys
    mount -o remount,bind,ro /proc/sys
    mount --bind /proc/sys/net /proc/sys/net
    mount -o remount,bind,rw /proc/sys/net
    ip link set lo up
}

# What 28ec57a left of a change that stands is found, and taken back, after the package is put over it.
try_upgrade() {
    dpkg --purge sysctl-advisor >/tmp/said 2>&1
    check "purged" '[ ! -e $state ] && [ ! -e /usr/bin/sysctl-advisor ]'
    PYTHONPATH=tests/kernel:tests/support python3 -c \
        'import upgrade_test; upgrade_test.Recorded("tests/state/28ec57a/committed.json")'
    chmod 755 $state
    dpkg --install build/packages/sysctl-advisor_*.deb >/tmp/said 2>&1
    check "the state of an older version is for root alone" \
        '[ "$(stat -c %a $state)" = 700 ]'
    check "the history of an older version is read" 'sysctl-advisor history >/tmp/said 2>&1'
    check "what an older version changed is taken back" 'sysctl-advisor rollback >/tmp/said 2>&1'
}

try_removal() {
    sysctl-advisor apply --yes --set net.ipv4.tcp_fin_timeout=33 --confirm-within 60s >/tmp/said 2>&1
    check "removal is refused while a change is not confirmed" \
        '! dpkg --remove sysctl-advisor >/tmp/said 2>&1 && grep -q "sysctl-advisor confirm" /tmp/said'
    check "the program is still there" 'sysctl-advisor confirm >/tmp/said 2>&1'
    check "removal names the drop-in" \
        'dpkg --remove sysctl-advisor >/tmp/said 2>&1 && grep -qF "$drop_in stays" /tmp/said'
    check "the way back outlives the removal" '[ -n "$(ls $state/transactions/*/rollback.conf)" ]'
    check "purge takes the state" \
        'dpkg --purge sysctl-advisor >/tmp/said 2>&1 && [ ! -e $state ]'
    check "purge leaves the drop-in" '[ -e "$drop_in" ]'
    rm "$drop_in"
}

if [ "${1:-}" = isolated ]; then
    isolate
    sh packaging/debian/tests/change >/tmp/said 2>&1
    check "a change and the way back" true
    try_upgrade
    try_removal
    exit
fi
prepare
exec unshare --net --mount --propagation private sh "$0" isolated
