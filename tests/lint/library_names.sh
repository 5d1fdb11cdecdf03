#!/bin/sh
# What librtm shows is what src/librtm.map says, neither more nor less, in each kind of
# library that this build makes. A name that is defined twice, or is one of our insides, would
# meet the names of the program that links it.
set -eu
srcdir=${srcdir:-.}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT INT TERM
failed=0 compared=0

awk '/^global:/ { on = 1; next } /^local:/ { on = 0 } on { sub(/;.*/, ""); print $1 }' \
	"$srcdir/src/librtm.map" | sort >"$tmp/want"
[ "$(grep -c '^Rtm' "$tmp/want")" = 59 ] || { echo 'not ok: the map is not what it was'; failed=1; }

shows() { # FILE NM-OPTION...: compare with the map
	file=$1
	shift
	compared=$((compared + 1))
	nm "$@" --defined-only "$file" | awk 'NF == 3 { sub(/@.*/, "", $3); print $3 }' |
		grep -v '^RTM_1\.0$' | sort >"$tmp/got"
	if diff "$tmp/want" "$tmp/got"; then
		echo "ok: $file, $(wc -l <"$tmp/got") names"
	else
		echo "not ok: $file: < is missing, > should be inside"
		failed=1
	fi
}

makes() { ./libtool --config | grep -qx "$1=yes"; }

! makes build_old_libs || shows .libs/librtm.a -g
! makes build_libtool_libs || shows .libs/librtm.so -D
[ "$compared" -gt 0 ] && [ "$failed" = 0 ]
