#!/bin/bash
# Every column of columns.tsv against the live agent: type, access, each accepted and
# each refused value, every other type on the wire.
. "$(dirname "$0")/lib.sh"
world

# The creation of X with column $1 set to $3 as type $2, and nothing twice.
creation() {
	local args=''
	[ "$1" = 7 ] || args="$args $I.7.$X i 2"
	[ "$1" = 8 ] || args="$args $I.8.$X i 4"
	echo "$I.$1.$X $2 $3$args$([ "$1" = 17 ] || echo " $I.17.$X i 4")"
}
# notInService and active need all there is; at a creation they must be refused.
typed() { echo "get $1" | pdu | sed -n '2s/^[^ ]* //p'; }

n=0
while IFS=$'\t' read -r col name type access accepted refused_values; do
	case $col in '#'* | '') continue ;; esac
	n=$((n + 1))
	t "K$col" "column $col, $name: ${access/no/not accessible}"
	if [ "$access" = no ]; then
		mk $X
		value_is noSuchObject $I.$col.$X
		refused 17/1 $I.$col.$X i 1
		empty
		refused 17/1 $I.$col.$X i 1
		# shellcheck disable=SC2046
		refused 17/1 $(creation "$col" i 1)
		continue
	fi
	mk $X
	case $(typed $I.$col.$X) in
	"$type "*) ;;
	*) fail "reads as $(typed $I.$col.$X), expected type $type" ;;
	esac
	empty
	if [ "$access" = read ]; then
		# shellcheck disable=SC2046
		refused 17/1 $(creation "$col" "$type" 1)
		continue
	fi
	for v in $accepted; do
		# shellcheck disable=SC2046
		set_is 0/0 $(creation "$col" "$type" "${v%=*}")
		value_is "${v#*=}" $I.$col.$X
		case $(typed $I.$col.$X) in
		"$type ${v#*=}") ;;
		*) fail "$v reads as $(typed $I.$col.$X)" ;;
		esac
		empty
	done
	for v in $refused_values; do
		[ "$v" != - ] || continue
		# shellcheck disable=SC2046
		refused "${v#*:}/1" $(creation "$col" "$type" "${v%:*}")
	done
	before=$(snapshot)
	for wrong in 'i 1' 'u 1' 'c 1' 't 1' 's 1' 'o 0.0' 'a 0.0.0.1'; do
		[ "${wrong%% *}" != "$type" ] || continue
		# shellcheck disable=SC2046,SC2086
		pdu_set_is 7/1 $(creation "$col" $wrong)
	done
	[ "$before" = "$(snapshot)" ] || fail 'the table changed'
done <"$mib_dir/columns.tsv"
[ $n = 18 ] || fail "columns.tsv has $n columns"

finish
