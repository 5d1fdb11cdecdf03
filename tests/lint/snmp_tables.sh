#!/bin/sh
# docs/snmp.md tells of every column and of every refusal what the sources say.
set -eu
srcdir=${srcdir:-.}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT INT TERM
cp "$srcdir/docs/snmp.md" "$tmp/snmp.md"
chmod u+w "$tmp/snmp.md"
perl "$srcdir/tests/tools/snmp_tables.pl" "$srcdir" "$tmp/snmp.md"
n=$(grep -c '^| \(inetCidrRoute\|ipCidrRoute\|ipForward\|ipRoute\)[A-Z]' "$tmp/snmp.md")
[ "$n" -gt 50 ] || { echo "not ok: only $n columns"; exit 1; }
if ! diff "$srcdir/docs/snmp.md" "$tmp/snmp.md"; then
	echo 'not ok: docs/snmp.md (<) and the sources (>) differ: perl tests/tools/snmp_tables.pl . docs/snmp.md'
	exit 1
fi
# and a change is found
sed 's/^| inetCidrRouteProto | .9 | Integer32/| inetCidrRouteProto | .9 | Unsigned32/' "$tmp/snmp.md" >"$tmp/other.md"
! cmp -s "$tmp/snmp.md" "$tmp/other.md" || { echo 'not ok: nothing was changed'; exit 1; }
cp "$tmp/other.md" "$tmp/again.md"
perl "$srcdir/tests/tools/snmp_tables.pl" "$srcdir" "$tmp/again.md"
cmp -s "$tmp/again.md" "$tmp/snmp.md" || { echo 'not ok: a wrong line stays'; exit 1; }
echo "$n columns"
