#!/bin/bash
# What the store costs: SETs through snmpd with and without it beside bare SQLite on the same disk in
# the same run, at 1 and 20 rows a PDU; and how long a start takes with many rows.
#   cd build && make check TESTS= && ../bench/store.sh [-s SECONDS] [-n ROWS,ROWS...] [-d DIRECTORY]
set -u
seconds=5 sizes=10000,100000 where=${TMPDIR:-/tmp}
while getopts s:n:d: o; do
	case $o in
	s) seconds=$OPTARG ;;
	n) sizes=$OPTARG ;;
	d) where=$OPTARG ;;
	*) exit 2 ;;
	esac
done
export TMPDIR=$where RTM_TEST_LIMIT=3600
. "$(dirname "$0")/../tests/mib/lib.sh"
[ -x "$build/bench/bench_store" ] || { echo 'no bench/bench_store: make check TESTS='; exit 1; }

# sets ROWS: PDUs a second that a single manager gets acknowledged, creating and destroying.
sets() {
	python3 - "$1" "$seconds" "$PDU" "127.0.0.1:$port" <<-'END'
		import subprocess, sys, time
		rows, seconds, pdu, at = int(sys.argv[1]), float(sys.argv[2]), sys.argv[3], sys.argv[4]
		p = subprocess.Popen([pdu, '-H', at, '-c', 'private'], stdin=subprocess.PIPE,
		                     stdout=subprocess.PIPE, text=True, bufsize=1)
		I = '.1.3.6.1.2.1.4.24.7.1'
		def name(n): return '1.4.10.%d.%d.0.24.2.0.0.1.4.192.0.2.1' % (n // 250, n % 250)
		def ask(words):
		    p.stdin.write('set ' + ' '.join(words) + '\n'); p.stdin.flush()
		    answer = p.stdout.readline().strip()
		    assert answer == '0/0', answer
		n, done, begun = 0, 0, time.time()
		while time.time() - begun < seconds:
		    these = [name((n + i) % 50000) for i in range(rows)]
		    ask(w for x in these for w in (f'{I}.7.{x} i 2', f'{I}.8.{x} i 4', f'{I}.17.{x} i 4'))
		    ask(f'{I}.17.{x} i 6' for x in these)
		    n, done = n + rows, done + 2
		print('%.0f' % (done / (time.time() - begun)))
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

echo '## transactions of the store alone, and of bare SQLite, on this disk'
"$build/bench/bench_store" "$where" "$seconds"
echo
echo '## SETs acknowledged a second, one manager, through snmpd'
echo '| rows a PDU | without store | with store |'
echo '| --- | --- | --- |'
KEEPS_ROWS=yes RTM_STORE=no
world
for rows in 1 20; do
	RTM_STORE=no restart_rtmd_with ''
	without=$(sets $rows)
	RTM_STORE=yes restart_rtmd_with ''
	echo "| $rows | $without | $(sets $rows) |"
done
echo
echo '## start: from exec until the last row is answered'
echo '| rows | restoring, ms | served after, ms |'
echo '| --- | --- | --- |'
for rows in ${sizes//,/ }; do
	stop_rtmd
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
done
stop_rtmd
