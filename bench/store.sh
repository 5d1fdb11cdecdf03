#!/bin/bash
# What the store costs: SETs with and without it beside bare SQLite on the same disk in the same
# run, at 1 and 20 rows a PDU, through snmpd and in the direct role; and how long a start takes
# with many rows. What anybody can reach there is in the lines of the null subagent, which agrees
# to all SETs and does nothing but, with a store, to commit bare SQLite's transaction before.
#   cd build && make check TESTS= && ../bench/store.sh [-s SECONDS] [-n ROWS,ROWS...] [-d DIRECTORY] [-c CPU]
#
# Managers, snmpd, rtmd and bare SQLite are pinned to one CPU, as in walk.sh, by which only one of
# them works at a time: what is compared is work and waiting for the disk. On two CPUs
# each hand-over between processes also wakes one that sleeps, and bare SQLite, being alone, has
# none; `-c any' does not pin. A start has all CPUs.
set -u
seconds=5 sizes=10000,100000 where=${TMPDIR:-/tmp} cpu=0
while getopts s:n:d:c: o; do
	case $o in
	s) seconds=$OPTARG ;;
	n) sizes=$OPTARG ;;
	d) where=$OPTARG ;;
	c) cpu=$OPTARG ;;
	*) exit 2 ;;
	esac
done
export TMPDIR=$where RTM_TEST_LIMIT=3600
. "$(dirname "$0")/../tests/mib/lib.sh"
for tool in bench_store snmp_load null_subagent; do
	[ -x "$build/bench/$tool" ] || { echo "no bench/$tool: make check TESTS="; exit 1; }
done
on_cpu=''
[ "$cpu" = any ] || on_cpu="taskset -c $cpu"
pin() { # the agents that run now, all their threads
	local p
	[ "$cpu" != any ] || return 0
	for p in $rtmd_pid $snmpd_pid; do taskset -acp "$cpu" "$p" >/dev/null; done
}

# turns ROWS MANAGERS: PDUs a second that managers get acknowledged, each waiting for its answer,
# creating rows and destroying them; and bare SQLite's transactions doing the same to the same
# table on the same disk. In turns, so that what the machine does meets both. Prints the
# medians, "SETS BARE RATIO".
turns() {
	$on_cpu python3 - "$1" "$2" "$seconds" "$build/bench" "$port" "$where" <<-'END'
		import statistics, subprocess, sys
		rows, managers, seconds = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
		bench, port, where = sys.argv[4:]
		def start(*words):
		    return subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
		def rate(p):
		    done, took = p.communicate()[0].split()[:2]
		    return float(done) / float(took)
		bare = start(bench + '/bench_store', '-b', where)
		sets, bares = [], []
		for turn in range(max(3, int(seconds))):
		    all = [start(bench + '/snmp_load', port, 'private', '1', 'set', rows, str(10 + m)) for m in range(managers)]
		    sets.append(sum(map(rate, all)))
		    bare.stdin.write('%s %d 1\n' % (rows, managers)); bare.stdin.flush()
		    bares.append(float(bare.stdout.readline()))
		bare.communicate()
		print('%.0f %.0f %.2f' % (statistics.median(sets), statistics.median(bares),
		                          statistics.median(x / y for x, y in zip(sets, bares))))
	END
}

fill() { # DATABASE ROWS: a state file of so many routes
	python3 - "$1" "$2" <<-'END'
		import sqlite3, struct, sys
		db = sqlite3.connect(sys.argv[1])
		db.executemany('insert into route values (' + ','.join('?' * 30) + ')',
		    ((0, 4, struct.pack('>I', 0x0b000000 + (i << 8)), 24, bytes([192, 0, 2, 1]), 2, bytes(8), 0, 0,
		      'eth0', 0, 0, 256, -1, -1, -1, -1, 0, bytes(8), 3, 0, 4294967295, 4294967295, 1, 1, 1, 1, 1, 0,
		      1700000000) for i in range(int(sys.argv[2]))))
		db.commit()
	END
}

# lines THROUGH BEGIN: `BEGIN no' begins the agent without a store, `BEGIN yes' with one.
lines() {
	local rows managers without with bare ratio
	for rows in 1 20; do
		for managers in 1 4; do
			$2 no
			read -r without _ <<<"$(turns $rows $managers)"
			$2 yes
			read -r with bare ratio <<<"$(turns $rows $managers)"
			echo "| $1 | $rows | $managers | $without | $with | $bare | $ratio |"
		done
	done
}

begin_rtmd() {
	RTM_STORE=$1 restart_rtmd_with ''
	pin
}

null_pid=''
end_null() {
	[ -z "$null_pid" ] || { kill $null_pid && wait $null_pid; } 2>/dev/null
	null_pid='' extra_pids=''
}

# The same SETs to the null subagent, in the place of rtmd; its store is a copy of rtmd's.
begin_null() {
	local at=(unix:"$dir/agentx")
	end_null
	[ "${RTM_DIRECT:-no}" = no ] || at=(-M "$HOST")
	rm -f "$dir"/null.db*
	[ "$1" = no ] || { cp "$dir/state.db" "$dir/null.db" && at=(-s "$dir/null.db" "${at[@]}"); }
	echo '203.0.113.0/24 192.0.2.1 eth0 10' >"$dir/list"
	$on_cpu "$build/bench/null_subagent" "${at[@]}" "$dir/list" inet >"$dir/null.log" 2>&1 &
	null_pid=$! extra_pids=$!
	within 10 snmpget $RO -r0 -t1 "$HOST" $I.17.1.4.203.0.113.0.24.2.0.0.1.4.192.0.2.1 || {
		cat "$dir/null.log"
		exit 1
	}
}

sets() { # THROUGH
	lines "$1" begin_rtmd
	stop_rtmd
	lines "$1, null subagent" begin_null
	end_null
}

KEEPS_ROWS=yes RTM_STORE=no RTMD_LOG=warn # a line for each row would be measured, too
if [ "${RTM_DIRECT:-no}" = yes ]; then # called by itself, below
	world
	sets direct
	exit
fi
echo '## transactions of the store alone, and of bare SQLite, on this disk'
$on_cpu "$build/bench/bench_store" "$where" "$seconds"
echo
echo '## SETs acknowledged a second, beside the same transactions of bare SQLite'
echo '| through | rows a PDU | managers | without store | with store | bare SQLite | ratio |'
echo '| --- | --- | --- | --- | --- | --- | --- |'
world
sets snmpd
RTM_DIRECT=yes bash "$0" -s "$seconds" -d "$where" -c "$cpu"
RTMD_LOG=info
echo
echo '## start: from exec until the last row is answered'
echo '| rows | restoring, ms | served after, ms |'
echo '| --- | --- | --- |'
for rows in ${sizes//,/ }; do
	rm -f "$dir"/state.db*
	RTM_STORE=yes
	write_rtmd_conf
	start_rtmd
	stop_rtmd
	fill "$dir/state.db" "$rows"
	: >"$dir/rtmd.log"
	last=$((rows - 1))
	begun=$(date +%s%N)
	spawn_rtmd
	until [ "$(value $I.17.1.4.$((11 + last / 65536)).$((last / 256 % 256)).$((last % 256)).0.24.2.0.0.1.4.192.0.2.1)" = 1 ]; do
		sleep 0.01
	done
	ended=$(date +%s%N)
	echo "| $rows | $(sed -n 's/.*restored .* ms=//p' "$dir/rtmd.log") | $(((ended - begun) / 1000000)) |"
	stop_rtmd
done
