#!/bin/bash
# Tables of a hundred thousand routes walked by snmpbulkwalk: while another program makes ten
# thousand changes a second, where every row that was there all the time must appear exactly
# once, in order, and no row that never existed; and at rest again, where each must be exactly
# what was put in and as many as its scalar says.
#
# Nothing here depends on how fast the machine is: the walks go on until enough changes
# were made beside them, and how many that were in a second is only told. A build with
# sanitizers has fewer rows, and says so.
#
#   BIG_ROWS     rows at rest (100000; 15000 with sanitizers)
#   BIG_COLUMNS  `all': walk every column of a table at rest, not only one (an hour's
#                worth of varbinds on a slow machine; raise RTM_TEST_LIMIT)
RTM_TEST_LIMIT=${RTM_TEST_LIMIT:-1500}
export RTM_TEST_LIMIT
. "$(dirname "$0")/lib.sh"
RTMD_LOG=warn
tools=$top_src/tests/tools
churner=$build/tests/tools/route_churn
R=.1.3.6.1.2.1.4.21
[ -x "$churner" ] || { echo "Bail out! no $churner: make check builds it"; exit 99; }

rows=${BIG_ROWS:-100000}
if [ -z "${BIG_ROWS:-}" ] && ldd "$RTMD" 2>/dev/null | grep -Eq 'lib[at]san'; then
	rows=15000
	echo "# sanitizers: $rows rows in place of 100000"
fi
moving=$((rows / 5))

# table, OID of its rows, the column that is walked, its scalar
tables="inet:$I:7:$Z.6.0 cidr:$C:5:$Z.3.0 forward:$F:5:$Z.1.0 route:$R.1:2:"

# What stays goes by way of 192.0.2.1, what moves by way of 192.0.2.77 on eth0 or
# 198.51.100.77 on eth1: so the interface tells whether value and name belong together.
write_lists() {
	perl "$tools/gen_prefixes.pl" -4 $((rows + moving)) >"$dir/prefixes"
	head -n "$rows" "$dir/prefixes" | sed 's/$/ 192.0.2.1 eth0 10/' >"$dir/staying"
	tail -n "$moving" "$dir/prefixes" | sed 's/$/ 192.0.2.77 2 198.51.100.77 3/' >"$dir/moving"
	awk '{ print $1, $2, "eth0 10" }' "$dir/moving" >"$dir/first"
	awk '{ print $1, $4, "eth1 10" }' "$dir/moving" >"$dir/second"
	for name in staying first second; do
		{ grep '^interface' "$dir/rtmd.conf"; echo "preload $dir/$name"; } >"$dir/$name.conf"
	done
}

known() { # CONF TABLE COLUMN
	perl "$tools/known_rows.pl" -c "$3" "$1" "$2"
}

walk() { # OID > lines "OID VALUE"
	snmpbulkwalk $RO -On -Oq -r1 -t 60 -Cr100 "$HOST" "$1" 2>&1
}

checked() { # WHAT WALK MUST MAY...
	local what=$1 from=$2
	shift 2
	perl "$tools/walk_check.pl" "$@" <"$from" >"$dir/said" || fail "$what: $(head -n 6 "$dir/said" | tr '\n' ';')"
}

world
write_lists
restart_rtmd_with "preload $dir/staying
controlSocket $dir/control"
for row in $tables; do
	IFS=: read -r table oid column scalar <<<"$row"
	for name in staying first second; do
		known "$dir/$name.conf" "$table" "$column" >"$dir/$name.$table"
	done
done

# How many changes the churner has made.
changes() { tail -n 1 "$dir/churn" | grep -o '^[0-9]*' || echo 0; }

# The scalar, while rows come and go: no less than what stays, no more than all.
count_between() { # TABLE SCALAR
	local n min max
	n=$(value "$2")
	min=$(wc -l <"$dir/staying.$1")
	max=$((min + $(wc -l <"$dir/moving")))
	[ "$n" -ge "$min" ] && [ "$n" -le "$max" ] || fail "$1: its scalar says $n, not $min to $max"
}

t 75a 'a walk beside ten thousand changes a second: in order, every row that stays once, none that never was'
RTM_SOCKET=$dir/control "$churner" "$dir/moving" 10000 >"$dir/churn" 2>&1 &
churn=$!
extra_pids="$extra_pids $churn"
# Each table at least once, and until fifty thousand changes were made beside the walks.
round=0
while [ $case_ok = yes ] && { [ $round -lt 1 ] || [ "$(changes)" -lt 50000 ]; }; do
	round=$((round + 1))
	for row in $tables; do
		IFS=: read -r table oid column scalar <<<"$row"
		started=$SECONDS before=$(changes)
		walk "$oid.$column" >"$dir/walk"
		checked "$table" "$dir/walk" "$dir/staying.$table" "$dir/first.$table" "$dir/second.$table"
		[ -z "$scalar" ] || count_between "$table" "$scalar"
		echo "# $table: $(cat "$dir/said"), $((SECONDS - started)) s, $(($(changes) - before)) changes beside it"
	done
	is_gone $churn && fail "the churner ended: $(tail -n 1 "$dir/churn")"
done

t 75b 'the changes end'
kill -TERM $churn
gone_within 120 $churn || fail 'the churner does not end'
wait $churn || fail "the churner: $(tail -n 1 "$dir/churn")"
extra_pids=''
echo "# $(tail -n 1 "$dir/churn")"

# After the changes, so that what they left behind would show here, too.
t 74b "snmpbulkwalk of $rows routes: each table in order, exactly as put in, as many as its scalar says"
for row in $tables; do
	IFS=: read -r table oid column scalar <<<"$row"
	started=$SECONDS
	walk "$oid.$column" >"$dir/walk"
	checked "$table" "$dir/walk" "$dir/staying.$table"
	cmp -s "$dir/walk" "$dir/staying.$table" || fail "$table: not what was put in"
	[ -z "$scalar" ] || value_is "$(wc -l <"$dir/walk")" "$scalar"
	echo "# $table: $(cat "$dir/said"), $((SECONDS - started)) s"
done

if [ "${BIG_COLUMNS:-one}" = all ]; then
	t 74c "snmpbulkwalk of all columns of each table"
	for row in $tables; do
		IFS=: read -r table oid column scalar <<<"$row"
		case $table in inet | route) age=10 ;; *) age=8 ;; esac
		started=$SECONDS
		walk "$oid" | grep -v "^$oid\.$age\." >"$dir/walk"
		perl "$tools/known_rows.pl" "$dir/staying.conf" "$table" | cmp -s - "$dir/walk" || fail "$table differs"
		echo "# $table: $(wc -l <"$dir/walk") objects, $((SECONDS - started)) s"
	done
fi

rtmd_ends_clean
finish
