#!/bin/sh
# The Debian packages: built, without a remark of lintian, installed, tried as autopkgtest does, upgraded
# over the state that an older version left, removed and purged. Run by in_root.sh, which is told of
# packages that were built already by ADVISOR_PACKAGES.
# shellcheck disable=SC2016,SC2034 # check() evaluates what it is given
set -eu
cd "$(dirname -- "$0")/../.."
state=/var/lib/sysctl-advisor
drop_in=/etc/sysctl.d/99-zz-sysctl-advisor.conf
packages=${ADVISOR_PACKAGES:-$PWD/build/packages}
program="$packages/sysctl-advisor_*.deb"

# check NAME CONDITION: /tmp/said is shown when it is not so
check() {
    if ! eval "$2"; then
        echo "WRONG: $1 ($2)" >&2
        [ ! -e /tmp/said ] || cat /tmp/said >&2
        exit 1
    fi
    echo "ok: $1"
}

install_them() {
    apt-get -q install --yes --no-install-recommends "$@" >/tmp/said 2>&1
}

# With the network, for apt.
prepare() {
    # The root is kept, and with it what is left of a run that was ended.
    dpkg --purge sysctl-advisor-dbgsym sysctl-advisor ansible-collection-sysctl-advisor >/tmp/said 2>&1 || true
    apt-get -q update >/dev/null
    check "ccache is there" 'install_them ccache'
    [ -n "${ADVISOR_PACKAGES:-}" ] || sh packaging/deb.sh "$packages"
    ls -l "$packages"/*.deb
    check "there is what tries them" 'install_them lintian python3-jsonschema iproute2 systemd'
    # A release has packages, and not what tells of their making.
    if [ -n "${ADVISOR_PACKAGES:-}" ]; then set -- "$packages"/*.deb; else set -- "$packages"/*.changes; fi
    lintian --allow-root --pedantic --fail-on none "$@" >/tmp/said 2>&1
    check "lintian has no remark" '[ ! -s /tmp/said ]'
    check "they are installed" 'install_them $program $packages/ansible-collection-*.deb'
    check "the state is for root alone" '[ "$(stat -c %a $state)" = 700 ]'
    check "each boot runs the unit that undoes" \
        '[ -e /usr/lib/systemd/system/sysinit.target.wants/sysctl-advisor-recover.service ]'
    check "the timer is switched on" '[ -L /etc/systemd/system/timers.target.wants/sysctl-advisor-audit.timer ]'
    mkdir -p /tmp/looks && chown builder: /tmp/looks
    check "the installed program answers to an ordinary user" \
        'runuser -u builder -- env AUTOPKGTEST_TMP=/tmp/looks sh packaging/debian/tests/look >/tmp/said 2>&1'
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
    mkdir -p /etc/sysctl.d
    mount -t tmpfs -o mode=0755 tmpfs /etc/sysctl.d
    ip link set lo up
}

# What 28ec57a left of a change that stands is found, and taken back, after the package is put over it.
try_upgrade() {
    check "purge takes all but what is the administrator's" \
        'dpkg --purge sysctl-advisor >/tmp/said 2>&1 && [ ! -e $state ] && [ ! -e /usr/bin/sysctl-advisor ]'
    check "what an older version changed is taken back" \
        'python3 tests/distributions/upgrade_over_state.py $program >/tmp/said 2>&1'
    check "the state of an older version is for root alone" '[ "$(stat -c %a $state)" = 700 ]'
    echo "# mine" >>/etc/sysctl-advisor/config.toml
    sysctl-advisor apply --yes --set net.ipv4.tcp_fin_timeout=32 --confirm-within 60s >/tmp/said 2>&1
    check "an upgrade is made while a change is not confirmed" 'dpkg --install $program >/tmp/said 2>&1'
    check "the change still waits" 'sysctl-advisor confirm >/tmp/said 2>&1'
    check "the configuration is still mine" 'grep -qx "# mine" /etc/sysctl-advisor/config.toml'
    sysctl-advisor rollback >/tmp/said 2>&1
}

try_removal() {
    sysctl-advisor apply --yes --set net.ipv4.tcp_fin_timeout=33 --confirm-within 60s >/tmp/said 2>&1
    check "removal is refused while a change is not confirmed" \
        '! dpkg --remove sysctl-advisor >/tmp/said 2>&1 && grep -q "sysctl-advisor confirm" /tmp/said'
    check "the program is still there" 'sysctl-advisor confirm >/tmp/said 2>&1'
    metrics=/var/lib/prometheus/node-exporter
    mkdir -p /run/sysctl-advisor $metrics && : >$metrics/sysctl-advisor.prom
    check "removal names the drop-in" \
        'dpkg --remove sysctl-advisor >/tmp/said 2>&1 && grep -qF "$drop_in stays" /tmp/said'
    check "no metrics of an old audit are left" '[ -z "$(ls $metrics)" ] && [ ! -e /run/sysctl-advisor ]'
    check "the way back outlives the removal" '[ -n "$(ls $state/transactions/*/rollback.conf)" ]'
    : >/etc/sysctl-advisor/mine.toml
    check "purge takes the state" 'dpkg --purge sysctl-advisor >/tmp/said 2>&1 && [ ! -e $state ]'
    check "purge leaves the drop-in" '[ -e "$drop_in" ]'
    check "purge leaves files of the administrator" '[ -e /etc/sysctl-advisor/mine.toml ]'
    rm -r "$drop_in" /etc/sysctl-advisor
}

if [ "${1:-}" = isolated ]; then
    isolate
    check "a change and the way back" 'sh packaging/debian/tests/change >/tmp/said 2>&1'
    try_upgrade
    try_removal
    exit
fi
prepare
exec unshare --net --mount --propagation private sh "$0" isolated
