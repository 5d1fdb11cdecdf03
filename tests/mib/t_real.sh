#!/bin/bash
# Real input: 4,000 prefixes with the length mix of an Internet table, created by SNMP in
# PDUs of 20 rows, walked, changed, destroyed; and nothing is left behind.
. "$(dirname "$0")/lib.sh"

t R1 'the lists are what the generator makes'
close_case_dir=$(mktemp -d "${TMPDIR:-/tmp}/rtm-gen.XXXXXX")
for f in 4 6; do
	perl "$top_src/tests/tools/gen_prefixes.pl" -$f 2000 >"$close_case_dir/$f"
	cmp -s "$close_case_dir/$f" "$data/prefixes$f.txt" || fail "prefixes$f.txt differs from the generator's"
	[ "$(sort -u "$data/prefixes$f.txt" | wc -l)" = 2000 ] || fail "prefixes$f.txt has not 2000 different lines"
done
rm -rf "$close_case_dir"

world

# INDEX of each prefix, in the order of the files, by a gateway on interface 2.
perl "$top_src/tests/tools/prefix_index.pl" "$data/prefixes4.txt" "$data/prefixes6.txt" >"$dir/indexes"
sort_names() {
	perl -e 'print join(".", @$_), "\n" for sort {
		my $i = 0;
		$i++ while $i < @$a && $i < @$b && $a->[$i] == $b->[$i];
		($a->[$i] // -1) <=> ($b->[$i] // -1) } map { chomp; [split /\./] } <STDIN>'
}
pdus() { # ROWS-A-PDU: joins the varbinds of so many lines into one SET
	awk -v n="$1" '{ line = line " " $0 } NR % n == 0 { print "set" line; line = "" } END { if (line) print "set" line }'
}
all_well() { # FILE HOW-MANY
	local bad
	bad=$(grep -vc '^0/0$' "$1")
	[ "$bad" = 0 ] || fail "$bad PDUs refused: $(sort "$1" | uniq -c | sort -rn | head -n 4 | tr '\n' ';')"
	[ "$(wc -l <"$1")" = "$2" ] || fail "$(wc -l <"$1") PDUs, expected $2"
}

t R2 '4,000 rows are created in PDUs of 20 rows'
while read -r idx; do mk_args "$idx"; done <"$dir/indexes" | pdus 20 | pdu -t 30 >"$dir/answers"
all_well "$dir/answers" 200
value_is $((base_number + 4000)) $Z.6.0
value_is 2000 $Z.3.0

t R3 'a walk of every column shows the list, in the order of names'
sort_names <"$dir/indexes" >"$dir/expected"
for c in 7 8 9 10 11 12 13 14 15 16 17; do
	echo "walk $I.$c 50" | pdu >"$dir/walk" || fail "column $c is not increasing"
	sed -n "s/^\\$I\\.$c\\.\\([0-9.]*\\) .*/\\1/p" "$dir/walk" | cmp -s "$dir/expected" - ||
		fail "column $c is not the list"
done
[ "$(rows)" = "$(cat "$dir/expected")" ] || fail 'snmpbulkwalk does not show the list'

t R4 '200 rows are changed in the two steps that an active row needs'
awk 'NR % 20 == 7' "$dir/indexes" >"$dir/changing"
sed "s/.*/$I.17.& i 2/" "$dir/changing" | pdus 20 | pdu -t 30 >"$dir/answers"
all_well "$dir/answers" 10
sed "s/.*/$I.12.& i 77 $I.17.& i 1/" "$dir/changing" | pdus 20 | pdu -t 30 >"$dir/answers"
all_well "$dir/answers" 10
echo "walk $I.12 50" | pdu >"$dir/walk"
[ "$(grep -c ' i 77$' "$dir/walk")" = 200 ] || fail "$(grep -c ' i 77$' "$dir/walk") rows have the new metric"
sed -n "s/^\\$I\\.12\\.\\([0-9.]*\\) i 77$/\\1/p" "$dir/walk" | sort >"$dir/got"
sort "$dir/changing" | cmp -s - "$dir/got" || fail 'other rows than those have it'
[ "$(rows)" = "$(cat "$dir/expected")" ] || fail 'the rows are not the list any more'
[ "$(echo "walk $I.17 50" | pdu | grep -c ' i 1$')" = 4000 ] || fail 'not every row is active'

t R5 'all are destroyed and the table is empty'
sed "s/.*/$I.17.& i 6/" "$dir/indexes" | pdus 20 | pdu -t 30 >"$dir/answers"
all_well "$dir/answers" 200
[ "$(rows | wc -l)" = "$base_rows" ] || fail "$(rows | wc -l) rows are left"
value_is "$base_number" $Z.6.0
value_is "$base_number" $Z.3.0

t R6 'no object is left in the core'
rtmd_ends_clean
# At its end rtmd counts what its own clients gave back to the core.
line=$(grep -E '^(info|warn): rtm: left' "$dir/rtmd.log" | tail -n 1)
echo "# $line"
case $line in
*'entities=0 dests=0 routes=0 nexthops=0 references=0') ;;
*) fail "rtmd did not say that no object is left: ${line:-nothing}" ;;
esac

finish
