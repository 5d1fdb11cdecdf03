#!/bin/bash
# Small programs as they are written for Windows, one idiom each, nothing in them made for
# this library: compiled against the installed headers with what `pkg-config rtm-windows'
# says, with -Wall and without a warning, as C11, as the compiler's own C and, where the
# language allows, as C++; then run on a table in memory and again, unchanged, on the table
# of a running rtmd, with the same output.
set -u
export LC_ALL=C
srcdir=${srcdir:-.} make=${MAKE:-make} build=$PWD
if [ -z "${RTM_TEST_TIMED:-}" ]; then
	RTM_TEST_TIMED=1 exec timeout -k 10 "${RTM_TEST_LIMIT:-600}" "$BASH" "$0" "$@"
fi
tmp=$(mktemp -d "${TMPDIR:-/tmp}/rtm-win-XXXXXX") || exit 99
pid=''
cleanup() {
	status=$?
	[ -z "$pid" ] || { kill "$pid"; wait "$pid"; } 2>/dev/null
	rm -rf "$tmp"
	exit $status
}
trap cleanup EXIT
trap 'exit 143' TERM INT HUP

value() { # of a variable of the makefile
	MAKEFLAGS= "$make" -s --no-print-directory --eval "show-it: ; @echo '\$($1)'" show-it
}
cc=$(value CC) cxx=$(value CXX) sanitize=$(value SANITIZE) libdir=$(value libdir)
[ -n "$cxx" ] || cxx=g++
MAKEFLAGS= "$make" -s install-libLTLIBRARIES install-pkgincludeHEADERS install-rtmwindowsHEADERS \
	install-pkgconfigDATA DESTDIR="$tmp" >"$tmp/install.log" 2>&1 || {
	cat "$tmp/install.log"
	exit 99
}
export PKG_CONFIG_SYSROOT_DIR="$tmp" PKG_CONFIG_PATH="$tmp$libdir/pkgconfig"
export PKG_CONFIG_ALLOW_SYSTEM_CFLAGS=1 PKG_CONFIG_ALLOW_SYSTEM_LIBS=1
cflags=$(pkg-config --cflags rtm-windows) libs=$(pkg-config --libs rtm-windows) || exit 99
export LD_LIBRARY_PATH="$tmp$libdir"
unset RTM_FIB RTM_SOCKET

ok=0 failed=0
verdict() { # STATUS WHAT
	if [ "$1" = 0 ]; then
		ok=$((ok + 1))
		echo "ok $((ok + failed)) - $2"
	else
		failed=$((failed + 1))
		echo "not ok $((ok + failed)) - $2"
	fi
}

compiles() { # NAME SOURCE
	local file=$2 log=$tmp/$1.log
	# shellcheck disable=SC2086 # words of commands, here and below
	case $file in
	*.cpp) $cxx $sanitize -Wall -Werror $cflags "$file" -o "$tmp/$1" $libs ;;
	*) $cc $sanitize -std=c11 -Wall -Werror $cflags "$file" -fsyntax-only &&
		$cxx -Wall -Werror $cflags -xc++ "$file" -fsyntax-only &&
		$cc $sanitize -Wall -Werror $cflags "$file" -o "$tmp/$1" $libs ;;
	esac >"$log" 2>&1
	local status=$?
	sed 's/^/# /' "$log" | head -n 20
	verdict $status "$1 compiles"
	return $status
}

arguments() { # NAME
	case $1 in
	wide_main) echo 'eth1 203.0.113.0 198.51.100.1' ;;
	esac
}

prints() { # NAME WHERE
	# shellcheck disable=SC2046
	timeout 60 "$tmp/$1" $(arguments "$1") >"$tmp/out" 2>"$tmp/err"
	local status=$?
	tr -d '\r' <"$tmp/out" >"$tmp/got"
	if [ $status = 0 ] && [ ! -s "$tmp/err" ] && diff "$srcdir/tests/win/$1.out" "$tmp/got" >"$tmp/diff"; then
		verdict 0 "$1 $2"
	else
		sed 's/^/# /' "$tmp/diff" "$tmp/err"
		verdict 1 "$1 $2 (status $status)"
	fi
}

serve() { # a rtmd with the same interfaces and an empty table
	cat >"$tmp/rtmd.conf" <<END
fib memory
interface 1 lo 127.0.0.1/8,::1/128 type loopback metric 75
interface 2 eth0 192.0.2.10/24,2001:db8:1::10/64 metric 25
interface 3 eth1 198.51.100.10/24 metric 5
agentXSocket $tmp/agentx
stateFile none
controlSocket $tmp/socket
END
	"$build/agent/rtmd" -f -c "$tmp/rtmd.conf" >"$tmp/rtmd.log" 2>&1 &
	pid=$!
	for _ in $(seq 600); do
		[ ! -S "$tmp/socket" ] || return 0
		kill -0 $pid 2>/dev/null || break
		sleep 0.05
	done
	cat "$tmp/rtmd.log"
	return 1
}
end() {
	kill $pid && wait $pid
	pid=''
	rm -f "$tmp/socket"
}

export RTM_INTERFACES='1 lo 127.0.0.1/8,::1/128 type loopback metric 75
2 eth0 192.0.2.10/24,2001:db8:1::10/64 metric 25
3 eth1 198.51.100.10/24 metric 5'
programs=0
for file in "$srcdir"/tests/win/*.c "$srcdir"/tests/win/*.cpp; do
	name=$(basename "${file%.*}")
	programs=$((programs + 1))
	compiles "$name" "$file" || continue
	prints "$name" 'in memory'
	serve || { verdict 1 "rtmd for $name"; continue; }
	RTM_SOCKET=$tmp/socket prints "$name" 'through the socket'
	end
done
echo "1..$((ok + failed))"
echo "# $programs programs, $failed failed"
[ "$programs" -ge 12 ] && [ "$failed" = 0 ]
