#!/bin/bash
# What rtmd costs without snmpd, in its direct role: walks, GETs and GETNEXTs of
# inetCidrRouteTable, next to null agents on the same library and to snmpd's own table.
#
#   bench/direct.sh [-n ROWS] [-r REPETITIONS] [-s SECONDS] [-c CPU] [-C]
#
# Run from the build directory (make check builds the tools), or set RTM_BUILDDIR. Four
# agents have the same rows at the same time and take turns in short slices, in another
# order each repetition, pinned to one CPU with the client:
#
# - rtmd: with snmpListen;
# - null: bench/null_subagent -m, a sorted array and constants in the library's role of a
#   master, which takes a GETBULK apart into one call for each repetition;
# - whole: the same with -M, one call for a whole GETBULK, as rtmd does. There is no target,
#   but nobody on this library can be faster;
# - snmpd: its own inetCidrRouteTable of the kernel's routes, from a warm cache.
#
# The kernel's routes are in a network namespace, which the script makes for itself and all
# that it starts (unshare -n, or unshare -rn where that needs root); status 77 where neither is
# permitted. snmpd reads them all anew once its cache is 60 s old, which takes a
# minute at 100,000 rows (it appends to a list by walking it) and during which it is deaf. So
# the cache is given a day to live before it is filled, by a SET of nsCacheTimeout of the
# table, and nsCacheStatus must say cached(4) at the end: what is measured is a snmpd that
# never reloads.
#
# Prints the table of bench/README.md, with ratios by CPU time as in bench/walk.sh.
# -C: status 1 where a target is missed: 0.9 of null; 2 times snmpd in walks.
set -eu
top_src=$(cd "$(dirname "$0")/.." && pwd)
build=${RTM_BUILDDIR:-$PWD}
rows=100000 repetitions=25 seconds=0.2 cpu=0 check=no
while getopts n:r:s:c:C o; do
	case $o in
	n) rows=$OPTARG ;;
	r) repetitions=$OPTARG ;;
	s) seconds=$OPTARG ;;
	c) cpu=$OPTARG ;;
	C) check=yes ;;
	*)
		sed -n 's/^#   bench/bench/p' "$0"
		exit 2
		;;
	esac
done
if [ -z "${RTM_BENCH_NAMESPACE:-}" ]; then
	export RTM_BENCH_NAMESPACE=yes
	for how in -n -rn; do
		! unshare $how true 2>/dev/null || exec unshare $how "$BASH" "$0" "$@"
	done
	echo 'a network namespace for the kernel'\''s routes is not permitted here (unshare -n, unshare -rn)' >&2
	exit 77
fi
. "$top_src/bench/lib.sh"
needs_tools "$build/bench/null_subagent" "$build/bench/snmp_load"

load_kernel() { # LIST: through a device of the name that it has
	ip link set lo up
	ip link add eth0 type veth peer name eth1
	ip address add 192.0.2.2/24 dev eth0
	ip link set eth0 up
	ip link set eth1 up
	sed 's/^\([^ ]*\) \([^ ]*\) \([^ ]*\) \([^ ]*\)$/route add \1 via \2 dev \3 metric \4/' "$1" | ip -batch -
}

its_table=.1.3.6.1.2.1.4.24.7
its_cache=.1.3.6.1.4.1.8072.1.5.3.1 # nsCacheEntry; the index is the name of the table

ask_snmpd() { # TOOL COMMUNITY ARGUMENTS...
	"$1" -v2c -c "$2" -r0 -t 900 -On "udp:127.0.0.1:${port[snmpd]}" "${@:3}"
}

start_snmpd() { # with its table's cache filled, for good
	start_master snmpd inetCidrRouteTable
	ask_snmpd snmpset private "$its_cache.2$its_table" i 86400 >/dev/null ||
		die 'nsCacheTimeout of inetCidrRouteTable cannot be set'
	echo "snmpd reads the $rows routes of the kernel" >&2
	ask_snmpd snmpgetnext public "$its_table.1.17" >/dev/null || die 'snmpd does not read its table'
}

is_cached() { # was not read again
	[ "$(ask_snmpd snmpget public -Oqv "$its_cache.3$its_table")" = 4 ] || die 'snmpd has read its table again meanwhile'
}

tests='column all get getnext'
kinds=(rtmd null whole snmpd)

make_list "$rows" >"$work/list"
load_kernel "$work/list" || die 'the routes cannot be added to the namespace'
start_snmpd
for kind in rtmd null whole; do start_direct $kind $kind "$work/list" inet; done
late=$(entry_of inet).17
await_agent rtmd "$late" "$late."
for rep in $(seq 1 "$repetitions"); do
	for t in $tests; do
		for i in 0 1 2 3; do
			measure "${kinds[(rep + i) % 4]}" inet "$t" "$work/list"
		done
	done
done
is_cached

missed=0
echo '| test | rows | rtmd /s | null /s | whole /s | snmpd /s | **rtmd to null** | rtmd to whole | **rtmd to snmpd** | p50 us: rtmd, null, whole, snmpd | p99 us | agent CPU us |'
echo '| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |'
for t in $tests; do
	line=''
	for f in 1 2 3 4 5; do
		for kind in "${kinds[@]}"; do line="$line $(cell "$kind" inet "$t" $f)"; done
	done
	echo "$line" | awk -v t="$t" -v rows="$rows" '
		function four(from, format) {
			return sprintf(format ", " format ", " format ", " format, $from, $(from + 1), $(from + 2), $(from + 3))
		}
		function held(ratio, least) {
			if (least > 0 && ratio < least) {
				missed = 1
				return sprintf("**%.2f** (below %s)", ratio, least)
			}
			return sprintf("**%.2f**", ratio)
		}
		{
			is_walk = t == "column" || t == "all"
			printf "| %s | %d | %.0f | %.0f | %.0f | %.0f | %s | %.2f | %s | %s | %s | %s |\n", t, rows, $1, $2, $3, $4,
				held($5 / $6, t == "getnext" ? 0 : 0.9), $5 / $7, held($5 / $8, is_walk ? 2 : 0),
				four(13, "%.0f"), four(17, "%.0f"), four(9, "%.1f")
		}
		END { exit missed }' || missed=$((missed + 1))
done
echo
echo "$repetitions alternating repetitions of $seconds s, medians; one CPU of: $(this_machine)"
[ $check = no ] || [ $missed = 0 ]
