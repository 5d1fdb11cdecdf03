#!/bin/sh
# docs/rtmv2.md is true: its table names every function that rtmv2.h and rtmhost.h
# declare, each once, with the file that defines it and a test that exists; and each of
# the 126 statements of the specification has a test that carries its number.
set -eu
srcdir=${srcdir:-.}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT INT TERM
doc=$srcdir/docs/rtmv2.md
failed=0

complain() {
	echo "not ok: $*"
	failed=$((failed + 1))
}

# ---- prototypes against the table: | name | file | test | notes | ----

sed -n 's/^[A-Za-z].*[ *]\(Rtm[A-Za-z0-9]*\)(.*/\1/p' "$srcdir/src/include/rtmv2.h" |
	sort >"$tmp/prototypes"
sed -n 's/^[a-zA-Z].*[ *]\(rtm_[a-z_]*\)(.*/\1/p' "$srcdir/src/include/rtmhost.h" |
	sort >"$tmp/host"
sed -n 's/^| *`\(Rtm[A-Za-z0-9]*\)` *| *`\([^`]*\)` *| *`\([^`]*\)`.*/\1 \2 \3/p' "$doc" |
	sort >"$tmp/table"
sed -n 's/^| *`\(rtm_[a-z_]*\)` *| *`\([^`]*\)` *| *`\([^`]*\)`.*/\1 \2 \3/p' "$doc" |
	sort >"$tmp/host_table"
cut -d' ' -f1 "$tmp/table" >"$tmp/named"
cut -d' ' -f1 "$tmp/host_table" >"$tmp/host_named"
documented=$(grep -vc '^RtmConvert' "$tmp/prototypes")
[ "$documented" = 57 ] || complain "rtmv2.h declares $documented of 57 functions"
[ "$(wc -l <"$tmp/prototypes")" = 59 ] || complain 'rtmv2.h does not declare the two helpers'
diff "$tmp/prototypes" "$tmp/named" || complain 'rtmv2.h (<) and docs/rtmv2.md (>) differ'
diff "$tmp/host" "$tmp/host_named" || complain 'rtmhost.h (<) and docs/rtmv2.md (>) differ'

cat "$srcdir"/tests/unit/test_rtm_*.c >"$tmp/tests"
cat "$tmp/table" "$tmp/host_table" >"$tmp/rows"
while read -r name file test; do
	grep -q "^$name(" "$srcdir/$file" 2>/dev/null ||
		complain "$name is not defined in $file"
	grep -q "^$test(void)" "$tmp/tests" || complain "$name: there is no test $test"
	grep -qE "(^|[^A-Za-z0-9_])T\($test\)" "$tmp/tests" || grep -q "\"$test\"" "$tmp/tests" ||
		complain "$name: the test $test is not run"
done <"$tmp/rows"
grep -o '^t[0-9][0-9][0-9]_[a-z0-9_]*(void)' "$tmp/tests" | cut -c2-4 | sort -u >"$tmp/numbers"

# ---- each function is called by the numbered tests, and by the table of calls ----

while read -r name; do
	case $name in RtmConvert*) continue ;; esac
	grep -q "\"$name\"" "$srcdir/tests/unit/rtm_world.c" ||
		complain "$name is not in the table of calls of tests/unit/rtm_world.c"
done <"$tmp/prototypes"

# ---- the numbered statements ----

i=1
while [ $i -le 126 ]; do
	printf '%03d\n' $i
	i=$((i + 1))
done >"$tmp/statements"
comm -23 "$tmp/statements" "$tmp/numbers" | while read -r n; do
	echo "not ok: statement $n has no test"
done >"$tmp/missing"
cat "$tmp/missing"
[ ! -s "$tmp/missing" ] || failed=$((failed + $(wc -l <"$tmp/missing")))
# a test that is written is also run
grep -o '^t[0-9][0-9][0-9]_[a-z0-9_]*(void)' "$tmp/tests" | sed 's/(void)//' | sort -u |
	while read -r t; do grep -q "T($t)" "$tmp/tests" || echo "not ok: $t is not in a suite"; done \
	>"$tmp/idle"
cat "$tmp/idle"
[ ! -s "$tmp/idle" ] || failed=$((failed + 1))

# ---- macros and structures of the table exist ----

sed -n 's/^| *`\(RTM_[A-Z0-9_]*\|IPV6_[A-Z_]*\)` *|.*/\1/p' "$doc" | sort -u >"$tmp/names"
[ "$(wc -l <"$tmp/names")" -ge 24 ] || complain 'docs/rtmv2.md lists too few macros and types'
while read -r name; do
	grep -qw "$name" "$srcdir/src/include/rtmv2.h" || complain "$name is not in rtmv2.h"
done <"$tmp/names"

# ---- what the library exports ----

grep -o '\bRtm[A-Za-z0-9]*\|\brtm_[a-z_]*' "$srcdir/src/librtm.map" | sort -u >"$tmp/map"
sort -u "$tmp/prototypes" "$tmp/host" | comm -23 - "$tmp/map" >"$tmp/hidden"
while read -r name; do complain "src/librtm.map does not export $name"; done <"$tmp/hidden"

echo "$documented of 57 functions, $(wc -l <"$tmp/numbers") of 126 statements, $failed complaints"
[ "$failed" = 0 ]
