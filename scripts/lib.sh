# What scripts/check and scripts/quickstart have in common: saying what is done,
# installing what is missing, building. Sourced by bash; needs no terminal, no HOME
# and nothing beyond a base system.

set -u
export LC_ALL=C DEBIAN_FRONTEND=noninteractive
# Nobody's own SNMP settings, and no MIB files: everything here is numeric.
export MIBS= MIBDIRS=/nonexistent SNMPCONFPATH=/nonexistent
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd) || exit 1
jobs=$(nproc 2>/dev/null || echo 2)

# Anything that asks for a home directory gets an empty one that goes away again.
scratch=$(mktemp -d "${TMPDIR:-/tmp}/rtm-script.XXXXXX") || exit 1
if [ -z "${HOME:-}" ] || [ ! -d "${HOME:-}" ]; then
	export HOME=$scratch
fi

say() { printf '\n==> %s\n' "$*"; }
die() {
	printf '\n%s: %s\n' "${0##*/}" "$*" >&2
	exit 1
}

as_root() {
	if [ "$(id -u)" = 0 ]; then
		"$@"
	elif command -v sudo >/dev/null; then
		sudo -n true 2>/dev/null || say "root is needed to install packages: sudo $*"
		sudo --preserve-env=DEBIAN_FRONTEND "$@"
	else
		die "not root and no sudo; as root: $*"
	fi
}

# packages WHEN...: the names in the packages file that are needed for one of these.
packages() {
	local name when rest
	while read -r name when rest; do
		case $name in '' | '#'*) continue ;; esac
		case " $* " in *" $when "*) echo "$name" ;; esac
	done <"$top/scripts/packages"
}

is_installed() {
	dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null | grep -qx installed
}

# install_missing WHEN...
install_missing() {
	local missing='' p
	command -v dpkg-query >/dev/null && command -v apt-get >/dev/null ||
		die "not a Debian system; what is needed is listed in scripts/packages"
	for p in $(packages "$@"); do
		is_installed "$p" || missing="$missing $p"
	done
	if [ -z "$missing" ]; then
		say "packages: nothing is missing"
		return
	fi
	say "packages: installing$missing"
	as_root apt-get update -q || say "apt-get update failed; trying with the lists there are"
	# snmpd's package would start a snmpd of its own; ours are private, it need not.
	# shellcheck disable=SC2086
	as_root apt-get install -q -y --no-install-recommends $missing ||
		die "apt-get could not install:$missing"
}

# build DIRECTORY CONFIGURE-ARGUMENTS...: configure when needed, then make. With
# --as-is as the only argument a directory that is configured stays as it is. Only
# $build_targets are made, where that is set.
build() {
	local into=$top/$1 wanted="${*:2}"
	shift
	if [ ! -x "$top/configure" ] || [ "$top/configure" -ot "$top/configure.ac" ]; then
		say "autoreconf"
		(cd "$top" && autoreconf -fi) || return
	fi
	mkdir -p "$into" || return
	if [ -f "$into/Makefile" ] && [ "$wanted" = --as-is ]; then
		say "${into#"$top"/} is configured"
	elif [ ! -f "$into/Makefile" ] || [ "$(cat "$into/.configured-with" 2>/dev/null)" != "$wanted" ]; then
		[ "$wanted" != --as-is ] || set -- --disable-tests
		say "configure in ${into#"$top"/}: $*"
		(cd "$into" && "$top/configure" -q "$@") || return
		printf '%s\n' "$*" >"$into/.configured-with"
	fi
	say "make in ${into#"$top"/}"
	# shellcheck disable=SC2086
	make -C "$into" -j"$jobs" ${build_targets:-}
}
