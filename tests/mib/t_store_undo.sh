#!/bin/bash
# What is on disk when a SET is undone, breaks off, or is undone after somebody else has
# changed a row: a master of our own sends what no real snmpd would send at will.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_master.sh"
RTM_STORE=yes
own_master 'controlSocket @/ctl'

# stored PREFIX...: exactly these rows are in the file, beside a running rtmd or without one.
stored() {
	local got
	got=$("$build/agent/rtmctl" store export "$dir/state.db" 2>&1 |
		python3 -c 'import json, sys
print(*sorted("%s:%s" % (r["prefix"], r["metric"]) for r in json.load(sys.stdin)["rows"]))' 2>&1)
	[ "$got" = "$*" ] || fail "stored: $got, expected $*"
}
create=$(mk_args $X)
accepted

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
accepted
say "get $I.17.$X"; hears "$I.17.$X i 1" 'back again'
stored 10.1.0.0/16:7

# A row on eth1, and eth1 taken out of the configuration or put back, while a SET is under way.
L=1.4.10.5.0.0.16.3.0.0.3.1.4.198.51.100.1
on_eth1=$(mk_args $L 3)
hangups=0 reloads=0
eth1() { # gone | back; rtmd is told, and has heard
	write_rtmd_conf
	[ "$1" = back ] || sed -i '/^interface 3 /d' "$dir/rtmd.conf"
	hangups=$((hangups + 1))
	kill -HUP "$rtmd_pid"
	within 20 has_heard || fail 'rtmd does not hear the signal'
}
has_heard() { [ "$(rtmd_count 'main: hangup:')" -ge $hangups ]; }
reloaded() { [ "$(rtmd_count 'main: reload interfaces')" = "$reloads" ]; }
is_reloaded() { # and as often as it should have been
	reloads=$((reloads + 1))
	within 20 reloaded || fail "$(rtmd_count 'main: reload interfaces') reloads, expected $reloads"
}
not_yet() { reloaded || fail "reloaded while the SET was under way"; }

t 79y 'SIGHUP between TestSet and CommitSet: the SET ends as it was tested, the reload comes then'
say "test 8 $on_eth1"; hears 0/0 test
eth1 gone
logs 'main: reload waits for the end of a SET'
say commit 8; hears 0/0 commit
not_yet
stored 10.1.0.0/16:7 10.5.0.0/16:256
say cleanup 8
is_reloaded
say "get $I.17.$L"; hears "$I.17.$L i 2" 'waits for its interface'
stored 10.1.0.0/16:7 10.5.0.0/16:256
eth1 back
is_reloaded
say "get $I.17.$L"; hears "$I.17.$L i 1" 'is active again'
say "test 9 $I.17.$L i 6"; hears 0/0 test
eth1 gone
say cleanup 9
is_reloaded
say "get $I.17.$L"; hears "$I.17.$L i 2" 'the destroy was tested only'
eth1 back
is_reloaded

t 79z 'SIGHUP between CommitSet and UndoSet: what is undone is gone, also when its interface is back'
say "test 10 $I.17.$L i 6"; hears 0/0 test
say commit 10; hears 0/0 commit
say cleanup 10
say "test 11 $on_eth1"; hears 0/0 test
say commit 11; hears 0/0 commit
eth1 gone
not_yet
say undo 11; hears 0/0 undo
is_reloaded
say "get $I.17.$L"; hears "$I.17.$L noSuchInstance" 'undone'
eth1 back
is_reloaded
say "get $I.17.$L"; hears "$I.17.$L noSuchInstance" 'undone, still'
stored 10.1.0.0/16:7

t 79A 'the same with a destroy that is undone, and with a master that dies'
say "test 12 $on_eth1"; hears 0/0 test
say commit 12; hears 0/0 commit
say cleanup 12
say "test 13 $I.17.$L i 6"; hears 0/0 test
say commit 13; hears 0/0 commit
eth1 gone
not_yet
say undo 13; hears 0/0 undo
is_reloaded
say "get $I.17.$L"; hears "$I.17.$L i 2" 'there, and waits'
eth1 back
is_reloaded
say "get $I.17.$L"; hears "$I.17.$L i 1" 'active again'
say "test 14 $I.17.$L i 6"; hears 0/0 test
say commit 14; hears 0/0 commit
eth1 gone
not_yet
say close
is_reloaded
accepted
say "get $I.17.$L"; hears "$I.17.$L i 2" 'undone when the session broke'
eth1 back
is_reloaded
stored 10.1.0.0/16:7 10.5.0.0/16:256
say "test 15 $I.17.$L i 6"; hears 0/0 test
say commit 15; hears 0/0 commit
say cleanup 15

t 79B 'an import waits for the SET that is under way'
cat >"$dir/one.json" <<-END
	{"format": "rtm rows", "version": 1, "rows": [
	{"prefix": "10.6.0.0/16", "next_hop": "192.0.2.1", "interface": 2, "metric": 5}]}
END
import() {
	"$build/agent/rtmctl" -s "$dir/ctl" store import "$dir/one.json" >"$dir/imported" 2>&1 &
	importer=$!
	extra_pids="$master_pid $importer"
	asked=$((asked + 1))
	within 20 waits || fail 'the import does not wait'
}
asked=0
waits() { [ "$(rtmd_count 'ctl: import waits')" = $asked ]; }
say "test 16 $(mk_args $Y)"; hears 0/0 test
import
say commit 16; hears 0/0 commit
stored 10.1.0.0/16:7 10.2.0.0/16:256
say cleanup 16
wait $importer || fail "$(cat "$dir/imported")"
stored 10.1.0.0/16:7 10.2.0.0/16:256 10.6.0.0/16:5
say "test 17 $I.17.1.4.10.6.0.0.16.2.0.0.1.4.192.0.2.1 i 6"; hears 0/0 test
say commit 17; hears 0/0 commit
import
say undo 17; hears 0/0 undo
wait $importer && fail 'imported beside the row that is there again'
grep -q ERROR_ALREADY_EXISTS "$dir/imported" || fail "says $(cat "$dir/imported")"
stored 10.1.0.0/16:7 10.2.0.0/16:256 10.6.0.0/16:5
say "test 18 $I.17.$Y i 6 $I.17.1.4.10.6.0.0.16.2.0.0.1.4.192.0.2.1 i 6"; hears 0/0 test
say commit 18; hears 0/0 commit
say cleanup 18
extra_pids=$master_pid

t 79x 'rtmd dies between CommitSet and CleanupSet: what was committed stands, whole'
say "test 7 $I.17.$X i 6 $(mk_args $Y)"; hears 0/0 test
say commit 7; hears 0/0 commit
kill -KILL "$rtmd_pid"
await_rtmd
stored 10.2.0.0/16:256

finish
