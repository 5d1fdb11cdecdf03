#!/bin/bash
# How many instructions rtmd and the null subagent execute for one operation, kernel
# excluded: what does not depend on what else the machine does.
#
#   bench/instructions.sh [-t inet,cidr,forward,route] [-n 10000] [-s SECONDS] [-d | -m]
#                         [-o LINE] [-k DIRECTORY]
#
# Run from the build directory, or set RTM_BUILDDIR. Each agent runs under valgrind's
# callgrind behind a snmpd of its own, counting only while bench/snmp_load asks. -d: in the
# direct role, without snmpd, and next to both null masters of bench/direct.sh. -m: what the
# snmpd in front of each executes, its master. -o: a line for rtmd.conf, as
# 'ipRouteTable no'. -k: keep the dumps, AGENT.TABLE.TEST, for callgrind_annotate.
set -eu
top_src=$(cd "$(dirname "$0")/.." && pwd)
build=${RTM_BUILDDIR:-$PWD}
tables=inet,cidr,forward,route rows=10000 seconds=3 direct=no
party=agent more='' keep='' cpu=0-$(($(nproc --all) - 1))
while getopts t:n:s:dmo:k: o; do
	case $o in
	t) tables=$OPTARG ;;
	n) rows=$OPTARG ;;
	s) seconds=$OPTARG ;;
	d) direct=yes ;;
	m) party=master ;;
	o) more=$OPTARG ;;
	k) keep=$OPTARG ;;
	*)
		sed -n 's/^#   //p' "$0"
		exit 2
		;;
	esac
done
. "$top_src/bench/lib.sh"
needs_tools "$build/bench/null_subagent" "$build/bench/snmp_load"
command -v callgrind_control >/dev/null || die 'no callgrind_control: it is in the package valgrind'

control() { callgrind_control "$@" "$pid" >/dev/null 2>&1 || die "callgrind_control $*"; }

# Instructions of the party for an operation of a test; leaves them in $each.
count() { # NAME TABLE TEST
	local list='' operations dump total=''
	case $3 in get*) list=$work/list ;; esac
	local -n pids=$party
	pid=${pids[$1]}
	control -z
	control -i on
	# shellcheck disable=SC2086
	operations=$("$build/bench/snmp_load" -t "$2" "${port[$1]}" public "$seconds" "$3" $list | cut -d' ' -f1)
	control -i off
	control --dump="$3"
	for _ in $(seq 1 100); do # the dump is written when the agent wakes up
		for dump in "$work/$1/calls".*; do
			total=$(sed -n 's/^totals: //p' "$dump" 2>/dev/null)
			[ -z "$total" ] || break 2
		done
		sleep 0.1
	done
	[ -n "$total" ] || die "no dump of $1 $3"
	[ -z "$keep" ] || cp "$dump" "$keep/$1.$2.$3"
	rm -f "$work/$1/calls".*
	each=$((total / operations))
}

start() { # NAME TABLE
	local counted="valgrind --tool=callgrind --instr-atstart=no --callgrind-out-file=$work/$1/calls"
	case $party in master) wrap_master=$counted ;; agent) wrap=$counted ;; esac
	if [ $direct = yes ]; then
		start_direct "$1" "$1" "$work/list" "$2"
		return
	fi
	start_master "$1"
	case $1 in null) start_null null "$work/list" "$2" ;; rtmd) start_rtmd rtmd "$work/list" ;; esac
}

make_list "$rows" >"$work/list"
kinds='null rtmd' dashes=('--- |' '--- |')
[ $direct = no ] || kinds='null whole rtmd' dashes+=('--- |')
echo "| table | operation | ${kinds// / | } | rtmd beyond null |"
echo "| --- | --- | ${dashes[*]} --- |"
for table in ${tables//,/ }; do
	for name in $kinds; do
		start "$name" "$table"
		await_table "$name" "$table"
	done
	for t in column all get getnext; do
		line='' null=''
		for name in $kinds; do
			count "$name" "$table" "$t"
			null=${null:-$each}
			line="$line $each |"
		done
		echo "| $table | $t |$line $((each - null)) |"
	done
	stop_all
done
