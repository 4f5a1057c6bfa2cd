# What `sh packaging/test.sh --thorough` runs besides the tests of every day. Sourced by test.sh.
# shellcheck shell=sh disable=SC2154 # source_dir is that of dependencies.sh

parts="gcc tidy fuzz faults vm fleet debian12 debian13 newer packages"

# Runs the parts that are named, or all of them; fails if one of them does.
#   usage: thorough [PART...]
thorough() {
    # shellcheck disable=SC2086 # a list of names
    [ $# -gt 0 ] || set -- $parts
    for part in "$@"; do
        case " $parts " in
        *" $part "*) ;;
        *) fail "there is no part \"$part\"; there are: $parts" ;;
        esac
    done
    install_packages tests
    failed=
    for part in "$@"; do
        say "part $part"
        since=$(date +%s)
        # In a shell of its own, so that a part that cannot go on does not end the others.
        if (trap - EXIT && "part_$part"); then how=passed; else
            how=FAILED
            failed="$failed $part"
        fi
        say "part $part $how: $(($(date +%s) - since)) s"
    done
    [ -z "$failed" ] || fail "failed:$failed"
    say "all passed: $*"
}

# What the virtual machines and the faults need: both builds, as for the tests of every day.
build_both() {
    build release
    build check -DADVISOR_RELEASE_BINARY="$source_dir/build/release/sysctl-advisor"
}

# The unit tests; and the sanitized program, where the tests of every day run that of the release or do
# not look for leaks, in those that change a host and those that print most.
part_gcc() {
    build gcc
    ADVISOR_LEAKS=all run_tests gcc --label-exclude thorough \
        --tests-regex '^(unit:|kernel: (confirm|observation|persistence|restoration|state|transactions)$|cli: (audit|compare|explain|lint)$)'
}

# Not every distribution has this version of the compiler under this name.
build_fuzzers() {
    if command -v clang++-19 >/dev/null 2>&1; then build fuzz; else
        build fuzz -DCMAKE_CXX_COMPILER=clang++
    fi
}

part_tidy() {
    build_fuzzers
    python3 "$source_dir/tests/lint/tidy.py"
}

part_fuzz() {
    build_fuzzers
    run_tests fuzz
}

part_faults() {
    build_both
    ADVISOR_FAULTS=all ADVISOR_BOOTS=all ADVISOR_PROOFS=all run_tests check \
        --tests-regex '^(unit: apply|kernel: (boots|faults|order|prove))$'
}

part_vm() {
    install_packages vm
    build_both
    ADVISOR_VM_KERNELS=all run_tests check --tests-regex '^vm: '
}

# Programs that watch many hosts and act on them, in network namespaces; and the collection, as those
# see it who take it from Galaxy.
part_fleet() {
    install_packages fleet
    build_both
    run_tests check --label-regex thorough --tests-regex '^(fleet|ansible): ' &&
        ADVISOR_SUDO_WORDS=all run_tests check --tests-regex '^kernel: sudoers$'
}

# A script of tests/distributions in a minimal root of a release of Debian; the root is kept.
in_root() {
    [ "$(id -u)" -eq 0 ] || fail "a root of another Debian can only be made by root"
    install_packages roots
    sh "$source_dir/tests/distributions/in_root.sh" "$source_dir/build/roots" "$@"
}

part_debian12() {
    in_root bookworm readme_commands.sh
}

part_debian13() {
    in_root trixie readme_commands.sh
}

# Unreleased suites may fail for reasons that are not ours: each is tried, and what fails is named.
part_newer() {
    newer_status=0
    for suite in testing unstable; do
        in_root "$suite" newer_build.sh || {
            say "does not build or pass in Debian $suite; see above"
            newer_status=1
        }
    done
    return "$newer_status"
}

# A release, and again what this machine runs of it; its packages in clean roots, or packages that the
# root itself builds; and of the release what only machines of their own can show.
part_packages() {
    install_packages packages
    install_packages vm
    release=$source_dir/build/release-$(version_of_tree)
    first=$source_dir/build/first-release
    rm -rf "$first"
    DEB_BUILD_OPTIONS=nocheck sh "$source_dir/packaging/release.sh" && mv "$release" "$first" &&
        DEB_BUILD_OPTIONS=nocheck sh "$source_dir/packaging/release.sh" "$(dpkg --print-architecture)" &&
        (cd "$first" && sha256sum --check --quiet "$release/SHA256SUMS") || return 1
    say "two releases are the same"
    packages_in_root bookworm && packages_in_root trixie && packages_on_machines
}

# Those of the release where it was made by that Debian. Elsewhere they are built there, with their unit
# tests.
packages_in_root() {
    say "packages, $1"
    made_by=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
    export ADVISOR_PACKAGES=
    [ "$made_by" != "$1" ] || ADVISOR_PACKAGES=$first
    in_root "$1" debian_packages.sh
}

packages_on_machines() {
    program=$(find "$first" -name "*-linux-$(dpkg --print-architecture)")
    package=$(find "$first" -name "sysctl-advisor_*_$(dpkg --print-architecture).deb")
    chmod +x "$program"
    export ADVISOR_VM_CACHE="$source_dir/build/vm"
    ADVISOR_STATIC_PROGRAM=$program python3 "$source_dir/tests/vm/static_test.py" &&
        ADVISOR=$program ADVISOR_PACKAGE=$package python3 "$source_dir/tests/vm/package_test.py" &&
        python3 "$source_dir/tests/distributions/other_machine.py" arm64 "$program"
}
