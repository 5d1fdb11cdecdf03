#!/bin/bash
# What rtmd costs beside an agent that does nothing: walks, GETs and SETs through snmpd,
# of each table and at several sizes, next to bench/null_subagent on the same rows.
#
#   bench/walk.sh [-t inet,cidr,forward,route] [-n 1000,100000,1000000] [-r REPETITIONS]
#                 [-s SECONDS] [-c CPU] [-C]
#
# Run from the build directory (make check builds the tools), or set RTM_BUILDDIR. For each
# table both agents run at each size, each behind an snmpd of its own, and take turns:
# every size, every test, first the one, then the other, in the next repetition the other
# way round; one alone is busy at a time and all of them, the client too, are pinned to
# one CPU.
#
# Two ratios are given. `by the clock' is operations a second. `by CPU' is operations for a
# second of CPU time of client, snmpd and agent together (their schedstat): on a machine that
# does nothing else it is the same, on any other it is the better one, because what
# strangers take is not in it. The target is held against the latter. Each is the median of the
# ratios of the repetitions, which compare two slices that are neighbours in time; a machine
# that is now fast and now slow moves the ratio of two medians three times as much. After the
# ratio by CPU stands its standard error. Absolute figures are medians and move by tens of
# per cent from run to run.
#
# Prints the tables of bench/README.md. -C: status 1 where a target is missed.
set -eu
top_src=$(cd "$(dirname "$0")/.." && pwd)
build=${RTM_BUILDDIR:-$PWD}
tables=inet,cidr,forward,route
sizes=1000,100000,1000000 repetitions=151 seconds=0.05 cpu=0 check=no
while getopts t:n:r:s:c:C o; do
	case $o in
	t) tables=$OPTARG ;;
	n) sizes=$OPTARG ;;
	r) repetitions=$OPTARG ;;
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
needs_tools "$build/bench/null_subagent" "$build/bench/snmp_load"

tests_of() { case $1 in inet) echo column all get getnext set ;; *) echo column all get getnext ;; esac; }

start_agents() { # TABLE SIZE: both, and wait until the whole list is there
	start_master "rtmd.$2"
	start_master "null.$2"
	start_rtmd "rtmd.$2" "$work/list.$2"
	start_null "null.$2" "$work/list.$2" "$1"
	await_table "rtmd.$2" "$1"
	await_table "null.$2" "$1"
}

for n in ${sizes//,/ }; do make_list "$n" >"$work/list.$n"; done
for table in ${tables//,/ }; do
	for n in ${sizes//,/ }; do start_agents "$table" "$n"; done
	for rep in $(seq 1 "$repetitions"); do
		for n in ${sizes//,/ }; do
			for t in $(tests_of "$table"); do
				if [ $((rep % 2)) = 1 ]; then order='rtmd null'; else order='null rtmd'; fi
				for a in $order; do measure "$a.$n" "$table" "$t" "$work/list.$n"; done
			done
		done
	done
	stop_all
done

# The ratios of the repetitions, rtmd to null, ascending.
ratio_of() { # SIZE TABLE TEST FIELD
	paste -d' ' <(cut -d' ' -f"$4" "$work/rtmd.$1.$2.$3") <(cut -d' ' -f"$4" "$work/null.$1.$2.$3") |
		awk '{ print $1 / $2 }' | sort -g
}
quantile() { awk -v p="$1" '{ v[NR] = $1 } END { print v[int(p * (NR - 1) + 0.5) + 1] }'; } # P, of what ascends

missed=0
target() { # TEST; none for random GETNEXTs, which are there for their growth
	case $1 in set) echo 0.75 ;; getnext) echo 0 ;; *) echo 0.95 ;; esac
}
echo "| table | test | rows | rtmd /s | null /s | ratio by the clock | **ratio by CPU** | rtmd p50, p99 us | null p50, p99 us | agent CPU us: rtmd, null |"
echo "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |"
for table in ${tables//,/ }; do
	for t in $(tests_of "$table"); do
		for n in ${sizes//,/ }; do
			args=''
			for a in rtmd null; do
				for f in 1 2 3 4 5; do args="$args -v ${a:0:1}$f=$(cell "$a.$n" "$table" "$t" $f)"; done
			done
			ratio_of "$n" "$table" "$t" 1 >"$work/clock"
			ratio_of "$n" "$table" "$t" 2 >"$work/by-cpu"
			args="$args -v clock=$(quantile 0.5 <"$work/clock") -v q=$(quantile 0.5 <"$work/by-cpu")"
			args="$args -v low=$(quantile 0.25 <"$work/by-cpu") -v high=$(quantile 0.75 <"$work/by-cpu")"
			# shellcheck disable=SC2086
			awk -v table="$table" -v t="$t" -v n="$n" -v k="$repetitions" -v want="$(target "$t")" $args 'BEGIN {
				printf "| %s | %s | %d | %.0f | %.0f | %.2f | **%.2f** +-%.3f%s | %.0f, %.0f | %.0f, %.0f | %.1f, %.1f |\n",
					table, t, n, r1, n1, clock, q, 0.93 * (high - low) / sqrt(k),
					(q < want ? " (below " want ")" : ""), r4, r5, n4, n5, r3, n3
				exit q < want }' || missed=$((missed + 1))
		done
	done
done
small=${sizes%%,*} large=${sizes##*,}
if [ "$small" != "$large" ]; then
	printf '\nCPU time of the agent for a GETNEXT, %s rows against %s:\n\n' "$large" "$small"
	echo '| table | in a walk: rtmd, null | of a random row: rtmd, null |'
	echo '| --- | --- | --- |'
	for table in ${tables//,/ }; do
		args=''
		for t in column getnext; do
			for a in rtmd null; do
				args="$args -v ${t:0:1}${a:0:1}1=$(cell "$a.$small" "$table" "$t" 3)"
				args="$args -v ${t:0:1}${a:0:1}2=$(cell "$a.$large" "$table" "$t" 3)"
			done
		done
		# shellcheck disable=SC2086
		awk -v table="$table" $args 'BEGIN {
			walk = cr2 / cr1
			printf "| %s | %.2f%s, %.2f | %.2f, %.2f |\n", table, walk, (walk > 1.15 ? " (above 1.15)" : ""),
				cn2 / cn1, gr2 / gr1, gn2 / gn1
			exit walk > 1.15 }' || missed=$((missed + 1))
	done
	echo
fi
echo "$repetitions alternating repetitions of $seconds s; one CPU of: $(this_machine)"
[ $check = no ] || [ $missed = 0 ]
