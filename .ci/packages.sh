# packages.sh: sourced by demo.sh and test.sh. install_packages PACKAGE... installs those of Debian's
# packages that are missing. It asks for nothing, says what it does, and needs no network when all are there.

package_is_installed() {
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

install_packages() {
    local missing=() package
    if ! command -v dpkg-query >/dev/null 2>&1; then
        echo "$0: this is no Debian machine; install by hand what corresponds to: $*" >&2
        return 0
    fi
    for package in "$@"; do
        package_is_installed "$package" || missing+=("$package")
    done
    if [ ${#missing[@]} -eq 0 ]; then
        echo "packages: all $# are installed"
        return 0
    fi
    echo "packages: installing ${missing[*]}"
    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        if ! sudo -n true 2>/dev/null; then
            echo "$0: not root, and sudo would ask for a password. Run this once, then $0 again:" >&2
            echo "    sudo apt-get update && sudo apt-get install -y --no-install-recommends ${missing[*]}" >&2
            return 1
        fi
        as_root=(sudo -n)
    fi
    local log
    log=$(mktemp)
    if ! { "${as_root[@]}" apt-get update &&
        "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}"; } \
        >"$log" 2>&1 </dev/null; then
        tail -n 20 "$log" >&2
        echo "$0: the packages could not be installed (whole log: $log)" >&2
        return 1
    fi
    rm -f "$log"
}

# What building and running epsim needs.
EPSIM_BUILD_PACKAGES=(gcc libc6-dev cmake ninja-build pkg-config libfyaml-dev libsqlite3-dev zlib1g-dev libjansson-dev)
EPSIM_RUN_PACKAGES=(sqlite3 gnuplot-nox)
# Engines that run sweeps on many machines: tests/engines tries those that are there, test.sh --long installs them.
EPSIM_ENGINE_PACKAGES=(parallel openssh-client openssh-server slurm-wlm munge)
# What the tests need beside.
EPSIM_TEST_PACKAGES=(valgrind clang libclang-rt-14-dev libcunit1-dev python3 tmux)
# What ./test.sh --long installs too, and ./test.sh uses where it is there: a browser that looks at reports, the programs of the
# recipes in docs/experiments.md, and what counts the lines that were run.
EPSIM_LOOK_PACKAGES=(chromium python3-pandas python3-scipy r-base-core r-cran-rsqlite gcovr)
