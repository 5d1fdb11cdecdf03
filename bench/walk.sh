#!/bin/bash
# What rtmd costs beside an agent that does nothing: walks, GETs and SETs through snmpd,
# at several table sizes, next to bench/null_subagent on the same rows.
#
#   bench/walk.sh [-n 1000,10000,100000] [-r REPETITIONS] [-s SECONDS] [-c CPU] [-C]
#
# Run from the build directory (make check builds the tools), or set RTM_BUILDDIR. For each size both agents run behind an snmpd of their own and take
# turns: every test, first the one, then the other, in the next repetition the other way
# round; one alone is busy at a time and all of them, the client too, are pinned to one
# CPU.
#
# Two ratios of medians are given. `by the clock' is operations a second. `by CPU' is
# operations for a second of CPU time of client, snmpd and agent together (their
# schedstat): on a machine that does nothing else it is the same, on any other it is the
# better one, because what strangers take is not in it. The target is held against the
# latter. Absolute figures move by tens of per cent from run to run.
#
# Prints the table of bench/README.md. -C: status 1 where a target is missed.
set -eu
export LC_ALL=C MIBS='' MIBDIRS=/nonexistent
PATH=$PATH:/usr/sbin:/sbin

top_src=$(cd "$(dirname "$0")/.." && pwd)
build=${RTM_BUILDDIR:-$PWD}
sizes=1000,10000,100000 repetitions=25 seconds=0.2 cpu=0 check=no
while getopts n:r:s:c:C o; do
	case $o in
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

RTMD=${RTMD:-$build/agent/rtmd}
for p in "$RTMD" "$build/bench/null_subagent" "$build/bench/snmp_load"; do
	[ -x "$p" ] || { echo "no $p: make check builds it" >&2; exit 2; }
done
if "$RTMD" -V >/dev/null 2>&1 && ldd "$RTMD" 2>/dev/null | grep -q asan; then
	echo 'this rtmd is built with sanitizers: measure another one' >&2
	exit 2
fi

work=$(mktemp -d "${TMPDIR:-/tmp}/rtm-bench.XXXXXX")
pids=''
cleanup() {
	trap - EXIT TERM INT
	# Agents first, so that they say goodbye to a master that lives.
	for p in $pids; do kill "$p" 2>/dev/null || true; done
	for p in $pids; do wait "$p" 2>/dev/null || true; done
	rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 143' TERM INT

make_list() { # N: bench lists are the tests' generator with a gateway
	perl "$top_src/tests/tools/gen_prefixes.pl" -4 "$1" | sed 's/$/ 192.0.2.1 eth0 10/'
}

declare -A port agent master
start_master() { # NAME
	local name=$1 d=$work/$1 try
	mkdir -p "$d/persist"
	printf '%s\n' 'master agentx' "agentXSocket $d/agentx" 'agentXTimeout 10' 'agentXRetries 0' \
		'rocommunity public 127.0.0.1' 'rwcommunity private 127.0.0.1' \
		'maxGetbulkResponses 2000' >"$d/snmpd.conf"
	for try in 1 2 3 4 5 6 7 8; do
		port[$name]=$((20000 + (RANDOM * 32768 + RANDOM) % 40000))
		SNMPCONFPATH=$d SNMP_PERSISTENT_DIR=$d/persist taskset -c "$cpu" \
			snmpd -f -C -c "$d/snmpd.conf" -Lf "$d/snmpd.log" -p "$d/pid" \
			-I -smux,mteTrigger,mteTriggerConf,inetCidrRouteTable,ipCidrRouteTable \
			"udp:127.0.0.1:${port[$name]}" >"$d/snmpd.out" 2>&1 &
		local pid=$!
		for _ in $(seq 1 100); do
			kill -0 $pid 2>/dev/null || break
			if snmpget -v2c -c public -r0 -t1 "udp:127.0.0.1:${port[$name]}" \
				.1.3.6.1.2.1.1.3.0 >/dev/null 2>&1 && kill -0 $pid 2>/dev/null; then
				pids="$pids $pid" master[$name]=$pid
				return
			fi
			sleep 0.1
		done
		kill $pid 2>/dev/null || true
	done
	echo 'snmpd does not start' >&2
	cat "$d/snmpd.log" >&2
	exit 1
}

start_agents() { # N
	local d=$work
	cat >"$d/rtmd.conf" <<-END
		agentXSocket unix:$d/rtmd/agentx
		fib memory
		interface 2 eth0 192.0.2.2/24 metric 10
		preload $d/list
		stateFile none
		controlSocket none
	END
	SNMPCONFPATH=$d SNMP_PERSISTENT_DIR=$d taskset -c "$cpu" \
		"$RTMD" -f -c "$d/rtmd.conf" -L warn >"$d/rtmd.log" 2>&1 &
	agent[rtmd]=$!
	taskset -c "$cpu" "$build/bench/null_subagent" "unix:$d/null/agentx" "$d/list" >"$d/null.log" 2>&1 &
	agent[null]=$!
	pids="${agent[rtmd]} ${agent[null]} $pids"
	for a in rtmd null; do # up when the whole list is there
		for _ in $(seq 1 600); do
			kill -0 "${agent[$a]}" 2>/dev/null || { cat "$d/$a.log" >&2; exit 1; }
			snmpgetnext -v2c -c public -r0 -t1 -On "udp:127.0.0.1:${port[$a]}" .1.3.6.1.2.1.4.24.7.1.17 2>/dev/null |
				grep -q '\.24\.7\.1\.17\.' && continue 2
			sleep 0.1
		done
		echo "$a does not answer" >&2
		cat "$d/$a.log" >&2
		exit 1
	done
}

cpu_ns() { awk '{ n += $1 } END { printf "%.0f\n", n }' /proc/"$1"/task/*/schedstat; }

median() { sort -g | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }

# Adds "rate rate-by-cpu agent-us p50 p99" to the file of size, test and agent.
measure() { # SIZE TEST AGENT
	local role=public list='' a0 m0 a1 m1 line
	case $2 in
	get | getnext) list=$work/list ;;
	set) role=private ;;
	esac
	a0=$(cpu_ns "${agent[$3]}") m0=$(cpu_ns "${master[$3]}")
	line=$(taskset -c "$cpu" "$build/bench/snmp_load" "${port[$3]}" $role "$seconds" "$2" $list)
	a1=$(cpu_ns "${agent[$3]}") m1=$(cpu_ns "${master[$3]}")
	echo "$line" | awk -v a=$((a1 - a0)) -v m=$((m1 - m0)) \
		'{ print $1 / $2, $1 / ($3 + (a + m) / 1e9), a / 1000 / $1, $4, $5 }' >>"$work/$1.$2.$3"
}

cell() { cut -d' ' -f"$2" "$1" | median; }

for n in ${sizes//,/ }; do
	make_list "$n" >"$work/list"
	start_master rtmd
	start_master null
	start_agents
	for rep in $(seq 1 "$repetitions"); do
		for t in column all get set; do
			if [ $((rep % 2)) = 1 ]; then order='rtmd null'; else order='null rtmd'; fi
			for a in $order; do measure "$n" $t $a; done
		done
	done
	for p in $pids; do kill "$p" 2>/dev/null || true; done
	for p in $pids; do wait "$p" 2>/dev/null || true; done
	pids=''
	rm -rf "$work/rtmd" "$work/null"
done

missed=0
target() { # TEST
	case $1 in set) echo 0.75 ;; *) echo 0.95 ;; esac
}
echo "| test | rows | rtmd /s | null /s | ratio by the clock | **ratio by CPU** | rtmd p50, p99 us | null p50, p99 us | agent CPU us: rtmd, null |"
echo "| --- | --- | --- | --- | --- | --- | --- | --- | --- |"
for t in column all get set; do
	for n in ${sizes//,/ }; do
		args=''
		for a in rtmd null; do
			for f in 1 2 3 4 5; do args="$args -v ${a:0:1}$f=$(cell "$work/$n.$t.$a" $f)"; done
		done
		# shellcheck disable=SC2086
		awk -v t=$t -v n="$n" -v want="$(target $t)" $args 'BEGIN {
			q = r2 / n2
			printf "| %s | %d | %.0f | %.0f | %.2f | **%.2f**%s | %.0f, %.0f | %.0f, %.0f | %.1f, %.1f |\n",
				t, n, r1, n1, r1 / n1, q, (q < want ? " (below " want ")" : ""), r4, r5, n4, n5, r3, n3
			exit q < want }' || missed=$((missed + 1))
	done
done
small=${sizes%%,*} large=${sizes##*,}
if [ "$small" != "$large" ]; then
	awk -v a="$(cell "$work/$small.column.rtmd" 3)" -v b="$(cell "$work/$large.column.rtmd" 3)" \
		-v c="$(cell "$work/$small.column.null" 3)" -v d="$(cell "$work/$large.column.null" 3)" \
		-v s="$small" -v l="$large" 'BEGIN {
		printf "\nCPU per GETNEXT, %d rows against %d: rtmd %.2f times, null %.2f times%s\n", l, s, b / a, d / c,
			(b / a > 1.2 ? " (above 1.2)" : "")
		exit b / a > 1.2 }' || missed=$((missed + 1))
fi
echo "$repetitions alternating repetitions of $seconds s, medians; one CPU of: $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)"
[ $check = no ] || [ $missed = 0 ]
