#!/bin/sh
# Each public header compiles alone, as C11 and as C++17, without a warning, and no two
# of them are in each other's way in either order.
set -eu
srcdir=${srcdir:-.}
include=$srcdir/src/include
warn="-Wall -Wextra -Wshadow -Wconversion -Wsign-conversion -pedantic -Werror -fsyntax-only"
failed=0 tried=0

try() { # SOURCE NAME
	for c in "${CC:-gcc} -std=c11 -xc" "${CXX:-g++} -std=c++17 -xc++"; do
		tried=$((tried + 1))
		# shellcheck disable=SC2086 # the words of a command
		if ! printf '%b' "$1" | $c $warn -I"$include" -; then
			echo "not ok: $2 with $c"
			failed=$((failed + 1))
		fi
	done
}

for path in "$include"/*.h; do
	h=$(basename "$path")
	try "#include <$h>\nint here;\n" "$h alone"
	for other in "$include"/*.h; do
		o=$(basename "$other")
		[ "$o" = rtmv2.h ] || [ "$o" = iphlpapi.h ] || continue
		[ "$o" != "$h" ] || continue
		try "#include <$h>\n#include <$o>\nint here;\n" "$h before $o"
		try "#include <$o>\n#include <$h>\nint here;\n" "$h after $o"
	done
	# the guard: twice is once
	try "#include <$h>\n#include <$h>\nint here;\n" "$h twice"
done
echo "$tried compilations, $failed failed"
[ "$tried" -gt 0 ] && [ "$failed" = 0 ]
