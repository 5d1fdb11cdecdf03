#!/bin/bash
# A thousand random rows of all four address types against a model: order, sets,
# counts, and walks while rows come and go. Cases 74 and 75.
. "$(dirname "$0")/lib.sh"
world

perl "$top_src/tests/tools/random_rows.pl" 4292 1000 >"$dir/model" || fail 'no model'

t 74 'a thousand random rows: strictly increasing, and exactly the rows of the model'
sort -u "$dir/model" | while read -r idx ifx type; do mk_args "$idx" "$ifx" "$type"; done |
	sed 's/^/set /' | shuf --random-source=<(yes) | pdu >"$dir/answers"
bad=$(grep -vc '^0/0$' "$dir/answers")
[ "$bad" = 0 ] || fail "$bad creations refused: $(sort "$dir/answers" | uniq -c | tr '\n' ';')"
# The order of names is that of numbers, sub-identifier by sub-identifier.
sort -u "$dir/model" | cut -d' ' -f1 | perl -e '
	my @r = map { chomp; [ split /\./ ] } <STDIN>;
	sub cmpid { my ($x, $y) = @_; for (my $i = 0; $i < @$x && $i < @$y; $i++) {
		my $c = $x->[$i] <=> $y->[$i]; return $c if $c; } return @$x <=> @$y; }
	print join(".", @$_), "\n" for sort { cmpid($a, $b) } @r;' >"$dir/expected"
for c in 7 8 9 10 11 12 13 14 15 16 17; do
	echo "walk $I.$c 50" | pdu >"$dir/walk" || fail "column $c is not increasing"
	sed -n "s/^\\$I\\.$c\\.\\([0-9.]*\\) .*/\\1/p" "$dir/walk" >"$dir/got"
	cmp -s "$dir/expected" "$dir/got" ||
		fail "column $c differs from the model: $(diff "$dir/expected" "$dir/got" | head -n 4 | tr '\n' ';')"
done
value_is $((base_number + $(wc -l <"$dir/expected"))) $Z.6.0
# ipCidrRouteTable has neither zone nor policy: prefix and next hop name a row there.
sed -nE 's/^1\.4\.([0-9]+\.[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+)\.(2\.0\.0|3\.0\.0\.[0-9]+)\.(.*)$/\1 \3/p
	s/^3\.8\.([0-9]+\.[0-9]+\.[0-9]+\.[0-9]+)\.0\.0\.0\.[0-9]+\.([0-9]+)\.2\.0\.0\.(.*)$/\1.\2 \3/p' \
	"$dir/expected" | sort -u >"$dir/ipv4"
value_is "$(wc -l <"$dir/ipv4")" $Z.3.0
# snmpwalk checks the order itself.
snmpwalk $RO -On -r1 -t 5 "$HOST" $I.17 >"$dir/walk" 2>&1 || fail "snmpwalk: $(tail -n 1 "$dir/walk")"
grep -q 'not increasing' "$dir/walk" && fail 'snmpwalk finds the order wrong'
[ "$(grep -c "^$I" "$dir/walk")" = "$(wc -l <"$dir/expected")" ] || fail 'snmpwalk sees another number of rows'

t 74a 'GETNEXT from a random name agrees with the model'
perl "$top_src/tests/tools/random_names.pl" 77 300 "$dir/expected" $I.8 $I.9 >"$dir/queries"
cut -d' ' -f1 "$dir/queries" | sed 's/^/next /' | pdu | grep '^\.' | cut -d' ' -f1 >"$dir/got"
cut -d' ' -f2 "$dir/queries" >"$dir/want"
cmp -s "$dir/want" "$dir/got" || fail "$(paste -d' ' "$dir/queries" "$dir/got" | awk '$2 != $3' | head -n 3)"

t 75 'rows that come and go do not disturb a walk'
# Half of the rows stay throughout; the others are destroyed and made again meanwhile.
sort -u "$dir/model" | awk 'NR % 2' >"$dir/moving"
sort -u "$dir/model" | awk '!(NR % 2) { print $1 }' >"$dir/staying"
(
	for round in 1 2 3 4 5; do
		while read -r idx ifx type; do
			echo "set $I.17.$idx i 6"
			echo "set $(mk_args "$idx" "$ifx" "$type")"
		done <"$dir/moving"
	done
) | pdu >"$dir/churn" &
churn=$!
extra_pids=$churn
walks=0
while ! is_gone $churn || [ $walks -lt 3 ]; do
	echo "walk $I.17 7" | pdu >"$dir/walk" || fail 'a walk is not increasing'
	sed -n "s/^\\$I\\.17\\.\\([0-9.]*\\) .*/\\1/p" "$dir/walk" | sort >"$dir/got"
	missing=$(sort "$dir/staying" | comm -23 - "$dir/got" | wc -l)
	[ "$missing" = 0 ] || fail "$missing rows that were present throughout were not seen"
	stray=$(cut -d' ' -f1 "$dir/model" | sort -u | comm -13 - "$dir/got" | wc -l)
	[ "$stray" = 0 ] || fail "$stray rows appeared that nobody made"
	walks=$((walks + 1))
	[ $walks -lt 200 ] || break
done
wait $churn
extra_pids=''
[ "$(grep -vc '^0/0$' "$dir/churn")" = 0 ] || fail "refused meanwhile: $(sort "$dir/churn" | uniq -c | tr '\n' ';')"
echo "# $walks walks beside $(wc -l <"$dir/churn") SETs"

empty
value_is "$base_number" $Z.3.0
finish
