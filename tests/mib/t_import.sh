#!/bin/bash
# A large import: managers read on while it goes, changes are refused, and it is all or nothing
# whatever ends it. And a reload that moves as many rows. IMPORT_ROWS=N: how many.
export RTM_TEST_LIMIT=${RTM_TEST_LIMIT:-900} # alone it takes a minute, and less with fewer rows
. "$(dirname "$0")/lib.sh"
RTM_STORE=yes KEEPS_ROWS=yes
RTMD_LOG=info
n=${IMPORT_ROWS:-100000}
world
db=$dir/state.db
use_rtm_mib
restart_rtmd_with "controlSocket $dir/ctl"
ctl() { "$build/agent/rtmctl" -s "$dir/ctl" "$@"; }

document() { # ROWS [PYTHON]: that many rows, changed by what is said
	python3 -c 'import json, sys
rows = [{"prefix": "%d.%d.%d.0/24" % (20 + i // 65536, i // 256 % 256, i % 256),
 "next_hop": "192.0.2.1", "interface": 2, "metric": 5} for i in range(int(sys.argv[1]))]
exec(sys.argv[2] if len(sys.argv) > 2 else "")
print(json.dumps({"format": "rtm rows", "version": 1, "rows": rows}))' "$@"
}
begin_import() { # [replace] FILE
	installed=$(installs)
	finished=$(rtmd_count 'ctl: import .* done')
	"$build/agent/rtmctl" -s "$dir/ctl" store import "$@" >"$dir/imported" 2>&1 &
	importer=$!
	extra_pids=$importer
}
end_import() { # expected STATUS
	wait $importer
	local status=$?
	extra_pids=''
	[ $status = "$1" ] || fail "rtmctl ended with status $status: $(cat "$dir/imported")"
}
# Half of it is there: rtmd answers, and is not through.
answers_meanwhile() {
	local now
	now=$(value $Z.6.0)
	[ "$now" -gt $((before + 10)) ] && [ "$now" -lt $((before + n)) ]
}
installs() { rtmd_count 'fib: install prefix=1?2[0-9]\.'; } # of rows of an import
# Stop rtmd when COUNT says more than N; until then it runs in short slices, so that a machine
# with much to do does not miss the middle.
stop_above() { # N COUNT
	local end=$((SECONDS + 120))
	kill -STOP "$rtmd_pid"
	until [ "$($2)" -gt "$1" ] || [ $SECONDS -ge $end ]; do
		kill -CONT "$rtmd_pid"
		sleep 0.005
		kill -STOP "$rtmd_pid"
	done
	[ $SECONDS -lt $end ] || fail "$2 does not reach $1"
}
stop_midway() { # with some rows of an import taken in and not all
	stop_above $((installed + 10)) installs
	[ "$(rtmd_count 'ctl: import .* done')" = "$finished" ] || fail 'it was over at once'
}
go_on() { kill -CONT "$rtmd_pid"; }
while_it_goes() { # COMMAND...: rtmd, stopped, goes on for as long as this takes
	local status
	go_on
	"$@"
	status=$?
	kill -STOP "$rtmd_pid"
	return $status
}
count_is() { [ "$(value $Z.6.0)" = "$1" ]; }

document "$n" >"$dir/many.json"
document 1 'rows[0]["prefix"] = "10.8.0.0/16"' >"$dir/one.json"
mk $X

t N1 'managers are answered while many rows are imported; SETs and other changes are refused'
before=$(value $Z.6.0)
touch "$dir/going"
while [ -e "$dir/going" ]; do
	echo "set $(mk_args $Y)"
	echo "set $I.17.$Y i 6"
done | pdu >"$dir/answers" &
sets=$!
begin_import "$dir/many.json"
extra_pids="$importer $sets"
stop_midway
while_it_goes answers_meanwhile || fail 'nobody is answered meanwhile'
while_it_goes ctl add 10.9.0.0/16 via 192.0.2.1 dev eth0 >"$dir/said" 2>&1 && fail 'another change is made'
grep -q ERROR_BUSY "$dir/said" || fail "says $(cat "$dir/said")"
while_it_goes ctl store import "$dir/one.json" >"$dir/said" 2>&1 && fail 'another import is made'
grep -q ERROR_BUSY "$dir/said" || fail "says $(cat "$dir/said")"
while_it_goes snmpgetnext $RO -On -r0 -t 5 "$HOST" $I.7 >/dev/null || fail 'no answer to a GETNEXT'
while_it_goes answers_meanwhile || echo '# it was over before the last of these'
go_on
end_import 0
rm "$dir/going"
wait $sets
got=$(sort "$dir/answers" | uniq -c | tr -s ' ' | tr '\n' ';')
# a destroy that was refused leaves its row to one create that finds it
[ "$(grep -cv '^\(0/0\|13/1\|12/3\)$' "$dir/answers")" = 0 ] && [ "$(grep -c '^12/3$' "$dir/answers")" -le 1 ] ||
	fail "SETs were answered $got"
[ "$(grep -c '^13/1$' "$dir/answers")" -gt 0 ] || fail "no SET was refused: $got"
logs "ctl: import replace=0 rows=$n row=0 .* done"
busy=$(snmpwalk $RO -On -Oq -r1 -t 5 "$HOST" $M.1.6.1.10 | sed -n 's/^.*\.\([0-9]*\) "*ERROR_BUSY"*$/\1/p' | tail -n 1)
rtm_is store "rtmRefusedReason.$busy"
rtm_is resourceUnavailable "rtmRefusedError.$busy"
set_is 0/0 $I.17.$Y i 6
count_is $((before + n)) || fail "$(value $Z.6.0) rows"
lacks_row 1.4.10.9.0.0.16.2.0.0.1.4.192.0.2.1
[ "$("$build/agent/rtmctl" store check "$db" 2>&1)" = "$db: good, $((before + n)) rows" ] ||
	fail "$("$build/agent/rtmctl" store check "$db" 2>&1)"

n=$((n / 4)) # what follows looks at all of them, and several times
t N2 'replace: what is in both never leaves the forwarder'
document "$n" 'rows = rows + [dict(rows[0], prefix="10.2.0.0/16")]' >"$dir/fewer.json"
ctl store import replace "$dir/fewer.json" >"$dir/said" 2>&1 || fail "$(cat "$dir/said")"
logs 'fib: remove prefix=10\.1\.0\.0/16'
logs "fib: remove prefix=$((20 + n / 65536)).$((n / 256 % 256)).$((n % 256)).0/24" # the first that is not in it
count_is $((n + 1)) || fail "$(value $Z.6.0) rows"
rtmd_logged 'fib: remove prefix=20\.0\.' && fail 'routes that stay were away'
has() { value_is "$1" $I.17.$2; }
has 1 $Y
has noSuchInstance $X

t N3 'the last row is refused: nothing is imported, and what gave way is back'
mk $X
# What is on disk, without times, and how much is shown; `all': everything that is shown.
state() {
	ctl store export | sed 's/"changed": *[0-9]*//' | cksum
	value $Z.6.0
	[ -z "${1:-}" ] || snmpbulkwalk $RO -On -r1 -t 5 -Cr50 "$HOST" $I.12 2>/dev/null | cksum
}
was=$(state all)
document "$n" 'rows = [dict(r, prefix="1" + r["prefix"]) for r in rows]; rows[-1]["next_hop"] = "127.0.0.1"' |
	ctl store import - >"$dir/said" 2>&1 && fail 'imported'
grep -q "row $n .*because of the next hop; nothing was imported" "$dir/said" || fail "says $(cat "$dir/said")"
[ "$(state all)" = "$was" ] || fail 'the table is not as before'
document "$n" 'rows[3]["metric"] = 77; rows[-1]["next_hop"] = "127.0.0.1"' |
	ctl store import replace - >"$dir/said" 2>&1 && fail 'imported'
grep -q "row $n .*because of the next hop; nothing was imported" "$dir/said" || fail "says $(cat "$dir/said")"
[ "$(state all)" = "$was" ] || fail 'the table is not as before'
mk 1.4.10.7.0.0.16.2.0.0.1.4.192.0.2.1
destroy 1.4.10.7.0.0.16.2.0.0.1.4.192.0.2.1
restart_rtmd_with "controlSocket $dir/ctl"
[ "$(state all)" = "$was" ] || fail 'the file is not as before'

t N4 'who asked goes away: nothing of it is left'
document "$n" 'rows = [dict(r, prefix="1" + r["prefix"]) for r in rows]' >"$dir/elsewhere.json"
before=$(value $Z.6.0)
was=$(state)
begin_import "$dir/elsewhere.json"
stop_midway
kill -KILL $importer
go_on
end_import 137
logs 'ctl: import given up' 60
count_is "$before" || fail "$(value $Z.6.0) rows, there were $before"
[ "$(state)" = "$was" ] || fail 'the table is not as before'
set_is 0/0 $I.17.$X i 6
mk $X
[ "$(state)" = "$was" ] || fail 'the table is not as before'

t N5 'rtmd is ended, or killed: nothing of it is there afterwards'
begin_import replace "$dir/elsewhere.json"
stop_midway
go_on
stop_rtmd 60
[ "$rtmd_status" = 0 ] || fail "rtmd ended with status $rtmd_status"
check_rtmd_log || fail 'memory errors'
wait $importer
start_rtmd
[ "$(state)" = "$was" ] || fail 'the table is not as before'
begin_import replace "$dir/elsewhere.json"
stop_midway
kill -KILL "$rtmd_pid"
await_rtmd
wait $importer
extra_pids=''
start_rtmd
[ "$(state)" = "$was" ] || fail 'the table is not as before'

t N6 'SIGHUP during an import waits for its end'
begin_import "$dir/elsewhere.json"
stop_midway
sed -i '/^interface 3 /d' "$dir/rtmd.conf"
kill -HUP "$rtmd_pid"
go_on
logs 'main: reload waits'
end_import 0
logs 'main: reload interfaces came=0 gone=1' 60
count_is $((before + n)) || fail "$(value $Z.6.0) rows"
done_at=$(grep -n 'ctl: import .* done' "$dir/rtmd.log" | tail -n 1 | cut -d: -f1)
reload_at=$(grep -n 'main: reload interfaces' "$dir/rtmd.log" | tail -n 1 | cut -d: -f1)
[ "$done_at" -lt "$reload_at" ] || fail 'the reload came first'

active() { value $Z.3.0; }
reloads() { rtmd_count 'main: reload interfaces'; }
moves() { rtmd_count 'fib: (install|remove) prefix'; }
hang_up() {
	moved=$(moves)
	kill -HUP "$rtmd_pid"
}
in_between() { # the rows of an interface that goes or comes
	local now
	stop_above $((moved + 100)) moves
	go_on
	now=$(active)
	[ "$now" -gt 20 ] && [ "$now" -lt $((all - 20)) ] || fail "nobody is answered meanwhile: $now of $all rows"
}
reloaded_times() { # LINES OF THE LOG: this many reloads are over
	over() { [ "$(reloads)" = "$1" ]; }
	within 120 over "$1" || fail "$(reloads) reloads, expected $1"
}

t N7 'an interface with many rows goes and comes: everybody reads and writes meanwhile'
write_rtmd_conf
kill -HUP "$rtmd_pid"
reloaded_times 2
all=$(active) was=$(state all)
B=1.4.203.0.113.0.24.2.0.0.0.0
sed -i '/^interface 2 /d' "$dir/rtmd.conf"
hang_up
in_between
set_is 0/0 $I.7.$B i 0 $I.8.$B i 5 $I.17.$B i 4
set_is 0/0 $I.17.$B i 6
reloaded_times 3
logs "main: reload interfaces came=0 gone=1 changed=0 rows_up=0 rows_down=$all"
count_is "$all" || fail "$(value $Z.6.0) rows, there were $all"
value_is 2 $I.17.$X
value_is 0 $Z.3.0
write_rtmd_conf
hang_up
in_between
set_is 0/0 $I.7.$B i 0 $I.8.$B i 5 $I.17.$B i 4
set_is 0/0 $I.17.$B i 6
sed -i '/^interface 2 /d' "$dir/rtmd.conf"
kill -HUP "$rtmd_pid"
reloaded_times 5
value_is 0 $Z.3.0
write_rtmd_conf
kill -HUP "$rtmd_pid"
reloaded_times 6
value_is "$all" $Z.3.0
[ "$(state all)" = "$was" ] || fail 'not as before'
sed -i '/^interface 2 /d' "$dir/rtmd.conf"
hang_up
in_between

rtmd_ends_clean
finish
