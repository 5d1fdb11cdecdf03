#!/bin/sh
# docs/iphelper.md is true: its table of functions names every function that iphlpapi.h and
# netioapi.h declare, each once, in a file that defines it; the library exports each; and
# the tests it speaks of are there.
set -eu
srcdir=${srcdir:-.}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT INT TERM
doc=$srcdir/docs/iphelper.md
failed=0

complain() {
	echo "not ok: $*"
	failed=$((failed + 1))
}

include=$srcdir/src/include
cat "$include/iphlpapi.h" "$include/netioapi.h" "$include/windows/iphlpapi.h" |
	grep -v '^typedef' | tr '\n' ' ' |
	grep -oE '(WINAPI|NETIOAPI_API) [A-Za-z0-9_]+\(' | sed 's/.* //; s/(//' | sort -u >"$tmp/declared"

# | names | file | tests | remarks |; `"' is the file above
sed -n '/^## Functions/,/^## /p' "$doc" | grep '^| [A-Zr]' | awk -F'|' '
	{ gsub(/[ `]/, "", $2); gsub(/[` ]/, "", $3)
	  if ($3 != "\"") files = $3
	  n = split($2, names, ",")
	  for (i = 1; i <= n; i++) print names[i], files }' >"$tmp/table"
cut -d' ' -f1 "$tmp/table" | sort >"$tmp/named"
diff "$tmp/declared" "$tmp/named" || complain 'the headers (<) and docs/iphelper.md (>) differ'

while read -r name files; do
	grep -qx "	$name;" "$srcdir/src/librtm.map" || complain "src/librtm.map does not export $name"
	grep -lq "^$name(" "$srcdir"/src/iphlp/*.c "$srcdir"/src/host/*.c || complain "$name is not defined"
	for f in $(echo "$files" | tr ',' ' '); do
		case $f in */*) ;; *) f=src/iphlp/$f ;; esac
		[ -f "$srcdir/$f" ] || complain "$name: there is no $f"
	done
done <"$tmp/table"

for t in $(grep -oE '\b(test|stress)_[a-z0-9_]+' "$doc" | sort -u); do
	grep -q "tests/unit/$t\b" "$srcdir"/tests/unit/*.mk || complain "there is no test $t"
done
for t in $(grep -oE '(tests|docs)/[a-z]+/[a-z0-9_]+\.sh' "$doc" | sort -u); do
	[ -f "$srcdir/$t" ] || complain "there is no $t"
done
for n in $(grep -oE '\[OURS [0-9]+\]' "$doc" | tr -dc '0-9\n' | sort -un); do
	grep -q "^\*\*\[OURS $n\]" "$srcdir/docs/errors.md" || complain "docs/errors.md has no paragraph $n"
done

echo "$(wc -l <"$tmp/declared") functions, $failed complaints"
[ "$(wc -l <"$tmp/declared")" -ge 40 ] && [ "$failed" = 0 ]
