#!/bin/sh
# The example, as somebody would who has only the installed library: install into a
# directory, compile with what pkg-config says (shared, then static), run, compare.
set -eu
srcdir=${srcdir:-.}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT INT TERM
make=${MAKE:-make}

value() { # of a variable of the makefile
	MAKEFLAGS= "$make" -s --no-print-directory --eval "show-it: ; @echo '\$($1)'" show-it
}
cc=$(value CC) sanitize=$(value SANITIZE) libdir=$(value libdir)

MAKEFLAGS= "$make" -s install-libLTLIBRARIES install-pkgincludeHEADERS install-pkgconfigDATA \
	DESTDIR="$tmp" >"$tmp/install.log" 2>&1 || { cat "$tmp/install.log"; exit 1; }
export PKG_CONFIG_SYSROOT_DIR="$tmp" PKG_CONFIG_PATH="$tmp$libdir/pkgconfig"
export PKG_CONFIG_ALLOW_SYSTEM_CFLAGS=1 PKG_CONFIG_ALLOW_SYSTEM_LIBS=1

cat >"$tmp/want" <<'END'
added 10.1.0.0/16 via 192.0.2.1, best
added 10.2.0.0/16 via 192.0.2.2, best
added 10.1.0.0/16 via 192.0.2.3, best
change: 10.1.0.0/16 has 1 route
change: 10.2.0.0/16 has 1 route
deleted 10.1.0.0/16
change: 10.1.0.0/16 is unreachable
END

failed=0
try() { # NAME LINKING...
	name=$1
	shift
	# shellcheck disable=SC2046,SC2086 # words of a command
	$cc $sanitize -std=c11 -Wall -Wextra -Werror -o "$tmp/$name" \
		"$srcdir/docs/examples/static_protocol.c" $(pkg-config --cflags rtm) "$@"
	LD_LIBRARY_PATH="$tmp$libdir" "$tmp/$name" 10.1.0.0/16 192.0.2.1 10.2.0.0/16 192.0.2.2 \
		10.1.0.0/16 192.0.2.3 >"$tmp/got"
	if diff "$tmp/want" "$tmp/got"; then echo "ok: $name"; else echo "not ok: $name"; failed=1; fi
}
# shellcheck disable=SC2046
try shared $(pkg-config --libs rtm)
if [ -f "$tmp$libdir/librtm.a" ]; then
	try static "$tmp$libdir/librtm.a" -pthread
else
	echo 'not ok: no static library was installed'
	failed=1
fi
if LD_LIBRARY_PATH="$tmp$libdir" "$tmp/shared" 2>/dev/null; then
	echo 'not ok: no arguments are not refused'
	failed=1
fi

# the shared library has versions, and shows nothing but what a public header declares
nm -D --defined-only "$tmp$libdir/librtm.so" | awk '{ print $3 }' | grep -v '^RTM_1\.0$' \
	>"$tmp/exported"
while IFS= read -r symbol; do
	if [ "${symbol%@@RTM_1.0}" = "$symbol" ] ||
		! grep -rqw "${symbol%@@RTM_1.0}" "$srcdir/src/include"; then
		echo "not ok: $symbol should be inside"
		failed=1
	fi
done <"$tmp/exported"
[ "$(grep -c '^Rtm' "$tmp/exported")" = 59 ] || { echo 'not ok: not 59 names'; failed=1; }
exit $failed
