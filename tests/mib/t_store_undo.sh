#!/bin/bash
# What is on disk when a SET is undone, breaks off, or is undone after somebody else has
# changed a row: a master of our own sends what no real snmpd would send at will.
. "$(dirname "$0")/lib.sh"
RTM_STORE=yes
dir=$(mktemp -d "${TMPDIR:-/tmp}/rtm-mib.XXXXXX") || exit 99
mkdir "$dir/persist-rtmd"
RTMD_CONF_MORE="controlSocket $dir/ctl"
write_rtmd_conf
mkfifo "$dir/to-master"
: >"$dir/said"
$MASTER "$dir/agentx" <"$dir/to-master" >>"$dir/said" 2>"$dir/master.log" &
master_pid=$!
extra_pids=$master_pid
exec 8>"$dir/to-master" 7<"$dir/said"
spawn_rtmd

say() { printf '%s\n' "$*" >&8; }
hear() {
	local end=$((SECONDS + 25))
	heard=''
	until IFS= read -r heard <&7; do
		if [ $SECONDS -ge $end ] || is_gone "$master_pid"; then
			heard=silence
			return
		fi
		sleep 0.02
	done
}
hears() { # EXPECTED WHAT; what was registered meanwhile is passed over
	hear
	while case $heard in registered*) true ;; *) false ;; esac; do hear; done
	[ "$heard" = "$1" ] || fail "$2: $heard, expected $1"
}
# stored PREFIX...: exactly these rows are in the file, beside a running rtmd or without one.
stored() {
	local got
	got=$("$build/agent/rtmctl" store export "$dir/state.db" 2>&1 |
		python3 -c 'import json, sys
print(*sorted("%s:%s" % (r["prefix"], r["metric"]) for r in json.load(sys.stdin)["rows"]))' 2>&1)
	[ "$got" = "$*" ] || fail "stored: $got, expected $*"
}
create=$(mk_args $X)
say accept
hears session 'a session is opened'

t 79u 'undone: nothing is on disk; an undone destroy is there again, with its columns'
say "test 1 $create $I.12.$X i 7"; hears 0/0 test
stored ''
say commit 1; hears 0/0 commit
stored 10.1.0.0/16:7
say undo 1; hears 0/0 undo
stored ''
say "test 2 $create $I.12.$X i 7"; hears 0/0 test
say commit 2; hears 0/0 commit
say cleanup 2
say "test 3 $I.17.$X i 6 $(mk_args $Y)"; hears 0/0 test
say commit 3; hears 0/0 commit
stored 10.2.0.0/16:256
say undo 3; hears 0/0 undo
stored 10.1.0.0/16:7
say "test 4 $I.17.$X i 2 $I.12.$X i 9"; hears 0/0 test
say commit 4; hears 0/0 commit
stored 10.1.0.0/16:9
say undo 4; hears 0/0 undo
stored 10.1.0.0/16:7

t 79v 'undone after somebody else has changed a row: that one stays'
say "test 5 $I.17.$X i 6"; hears 0/0 test
say commit 5; hears 0/0 commit
"$build/agent/rtmctl" -s "$dir/ctl" add 10.9.0.0/16 via 192.0.2.1 dev eth0 metric 33 || fail 'rtmctl add'
stored 10.9.0.0/16:33
say undo 5; hears 0/0 undo
stored 10.1.0.0/16:7 10.9.0.0/16:33
"$build/agent/rtmctl" -s "$dir/ctl" delete 10.9.0.0/16 via 192.0.2.1 dev eth0 || fail 'rtmctl delete'
stored 10.1.0.0/16:7

t 79w 'the master dies between CommitSet and CleanupSet: the disk is as before'
say "test 6 $I.17.$X i 6 $(mk_args $Y)"; hears 0/0 test
say commit 6; hears 0/0 commit
stored 10.2.0.0/16:256
say close
say accept
hears session 'a session is opened again'
say "get $I.17.$X"; hears "$I.17.$X i 1" 'back again'
stored 10.1.0.0/16:7

t 79x 'rtmd dies between CommitSet and CleanupSet: what was committed stands, whole'
say "test 7 $I.17.$X i 6 $(mk_args $Y)"; hears 0/0 test
say commit 7; hears 0/0 commit
kill -KILL "$rtmd_pid"
await_rtmd
stored 10.2.0.0/16:256

finish
