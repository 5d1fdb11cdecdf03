#!/bin/bash
# How much memory rtmd has for each route: its resident set with no routes and with some,
# everything included, when they have been read, and again when every table was walked.
#
#   bench/memory.sh [-n 0,100000,1000000] [-s SECONDS] [-c CPU] [-C]
#
# Run from the build directory, or set RTM_BUILDDIR. The routes are those of bench/walk.sh,
# IPv4, of one entity, through one next hop. For each size a fresh rtmd stands behind a
# snmpd of its own; VmRSS and VmHWM are read from /proc/PID/status. `-s' is for how long
# each of the four tables is walked. The bytes for each route are those beyond the first
# size; few routes carry what is allocated once for all. -C: status 1 where they are above
# 200 at the last size.
set -eu
top_src=$(cd "$(dirname "$0")/.." && pwd)
build=${RTM_BUILDDIR:-$PWD}
sizes=0,100000,1000000 seconds=20 cpu=0 check=no
while getopts n:s:c:C o; do
	case $o in
	n) sizes=$OPTARG ;;
	s) seconds=$OPTARG ;;
	c) cpu=$OPTARG ;;
	C) check=yes ;;
	*)
		sed -n 's/^#   //p' "$0"
		exit 2
		;;
	esac
done
. "$top_src/bench/lib.sh"
needs_tools "$build/bench/snmp_load"

status_kb() { sed -n "s/^$2:[^0-9]*\([0-9]*\) kB/\1/p" "/proc/$1/status"; }

missed=0 first='' first_rows='' last=${sizes##*,}
echo '| routes | resident when read, kB | after walks, kB | at most, kB | **bytes a route** when read, after walks |'
echo '| --- | --- | --- | --- | --- |'
for n in ${sizes//,/ }; do
	make_list "$n" >"$work/list"
	start_master rtmd
	start_rtmd rtmd "$work/list"
	# The number of routes: rtmd alone has it, and says so when the last one is there.
	await_agent rtmd .1.3.6.1.2.1.4.24.8 .1.3.6.1.2.1.4.24.8.0
	rows=$(snmpget -v2c -c public -Oqv "udp:127.0.0.1:${port[rtmd]}" .1.3.6.1.2.1.4.24.6.0)
	[ "$rows" = "$n" ] || die "$rows routes, not $n"
	read_kb=$(status_kb "${agent[rtmd]}" VmRSS)
	for table in inet cidr forward route; do
		[ "$n" = 0 ] || taskset -c "$cpu" "$build/bench/snmp_load" -t $table "${port[rtmd]}" public "$seconds" all >/dev/null
	done
	walked_kb=$(status_kb "${agent[rtmd]}" VmRSS) most_kb=$(status_kb "${agent[rtmd]}" VmHWM)
	stop_all
	[ -n "$first" ] || first=$walked_kb first_rows=$n
	awk -v n="$n" -v r="$read_kb" -v w="$walked_kb" -v m="$most_kb" -v f="$first" -v fn="$first_rows" -v last="$last" 'BEGIN {
		if (n > fn) {
			a = (r - f) * 1024 / (n - fn)
			b = (w - f) * 1024 / (n - fn)
		}
		missed = n == last && b > 200
		each = n > fn ? sprintf("**%.0f**, **%.0f**%s", a, b, missed ? " (above 200)" : "") : "-"
		printf "| %d | %d | %d | %d | %s |\n", n, r, w, m, each
		exit missed }' || missed=$((missed + 1))
done
[ $check = no ] || [ $missed = 0 ]
