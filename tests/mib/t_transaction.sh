#!/bin/bash
# SETs as no real snmpd would send them at will: ended, undone, repeated or broken off
# at every phase, by a master of our own. Case 79 and the phases of AgentX.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_master.sh"

own_master

create=$(mk_args $X)
vb() { echo "$1 i $2"; }
present() { say "get $I.17.$X"; hears "$I.17.$X i 1" "$1"; }
absent() { say "get $I.17.$X"; hears "$I.17.$X noSuchInstance" "$1"; }

t 79b 'rtmd registers disjoint subtrees at priority 100'
accepted
for r in 3.0 6.0 7 8.0; do
	case "$registered" in *"registered $Z.$r/100"*) ;; *) fail "24.$r is not among:$registered" ;; esac
done

t 79c 'test, commit, cleanup: the row is there'
say "test 1 $create"; hears 0/0 test
absent 'tested, not yet committed'
say commit 1; hears 0/0 commit
present 'committed, before the cleanup'
say cleanup 1
present 'after the cleanup'
say "test 2 $I.17.$X i 6"; hears 0/0 test
say commit 2; hears 0/0 commit
say cleanup 2
absent 'destroyed'

t 79d 'test, cleanup: nothing happened'
say "test 3 $create"; hears 0/0 test
say cleanup 3
absent 'only tested'

t 79e 'test, commit, undo: nothing remains'
say "test 4 $create"; hears 0/0 test
say commit 4; hears 0/0 commit
present 'committed'
say undo 4; hears 0/0 undo
absent 'undone'

t 79f 'an undone destroy brings the same row back'
say "test 5 $create $I.12.$X i 7"; hears 0/0 test
say commit 5; hears 0/0 commit
say cleanup 5
say "test 6 $I.17.$X i 6"; hears 0/0 test
say commit 6; hears 0/0 commit
absent 'destroyed'
say undo 6; hears 0/0 undo
present 'back again'
say "get $I.12.$X"; hears "$I.12.$X i 7" 'its metric'
say "test 7 $I.17.$X i 2 $I.12.$X i 9"; hears 0/0 test
say commit 7; hears 0/0 commit
say "get $I.17.$X"; hears "$I.17.$X i 2" 'out of service'
say undo 7; hears 0/0 undo
present 'in service again'
say "get $I.12.$X"; hears "$I.12.$X i 7" 'its old metric'
say "test 8 $I.17.$X i 6"; hears 0/0 test
say commit 8; hears 0/0 commit
say cleanup 8

t 79g 'a repeated TestSet starts the transaction anew'
say "test 9 $create"; hears 0/0 'the first test'
say "test 9 $create"; hears 0/0 'the repeated test'
say commit 9; hears 0/0 commit
say cleanup 9
present 'once'
say "test 10 $I.17.$X i 6"; hears 0/0 test
say "test 10 $I.17.$X i 6"; hears 0/0 'the repeated test'
say cleanup 10
present 'tested twice, never committed'
say "test 11 $I.17.$X i 6"; hears 0/0 test
say commit 11; hears 0/0 commit
say cleanup 11
absent 'destroyed'

t 79h 'two transactions at a time, one given up'
say "test 12 $create"; hears 0/0 'test of the one'
say "test 13 $(mk_args $Y)"; hears 0/0 'test of the other'
say cleanup 12
say commit 13; hears 0/0 'commit of the other'
say cleanup 13
absent 'the one that was given up'
say "get $I.17.$Y"; hears "$I.17.$Y i 1" 'the other'
say "test 14 $I.17.$Y i 6"; hears 0/0 test
say commit 14; hears 0/0 commit
say cleanup 14

t 79i 'a refused TestSet names the varbind and leaves nothing'
say "test 15 $(mk_args 1.4.10.1.0.1.16.2.0.0.1.4.192.0.2.1)"; hears 18/3 'host bits'
say cleanup 15
say "test 16 $I.7.$X i 2 $I.8.$X i 9 $I.17.$X i 4"; hears 10/2 'a type that does not exist'
say cleanup 16
absent 'refused'

t 79 'the master dies between CommitSet and CleanupSet: the table is as before'
say "test 20 $create"; hears 0/0 test
say commit 20; hears 0/0 commit
present 'committed'
say close
accepted
absent 'after the reconnect'
# and a destroy in flight comes back
say "test 21 $create"; hears 0/0 test
say commit 21; hears 0/0 commit
say cleanup 21
say "test 22 $I.17.$X i 6"; hears 0/0 test
say commit 22; hears 0/0 commit
say close
accepted
present 'the destroyed row after the reconnect'
say "next $Z.6"; hears "$Z.6.0 u 1" 'the count'

t 79j 'the master dies after the TestSet'
say "test 23 $I.17.$X i 6"; hears 0/0 test
say close
accepted
present 'only tested'
say "test 23 $I.17.$X i 6"; hears 0/0 'the same transaction number again'
say commit 23; hears 0/0 commit
say cleanup 23
absent 'destroyed'

t 79k 'the master says goodbye with an agentx-Close'
say "test 24 $create"; hears 0/0 test
say commit 24; hears 0/0 commit
say reason 5
accepted
absent 'after the reconnect'

t 76c 'agentx-GetBulk, which snmpd never sends'
say "test 30 $create"; hears 0/0 test
say commit 30; hears 0/0 commit
say cleanup 30
say "test 31 $(mk_args $Y)"; hears 0/0 test
say commit 31; hears 0/0 commit
say cleanup 31
say "bulk 1 2 $Z.6 $I.7 $I.8"
hears "$Z.6.0 u 2" 'the non-repeater'
hears "$I.7.$X i 2" 'row 1'
hears "$I.8.$X i 4" 'row 1'
hears "$I.7.$Y i 2" 'row 2'
hears "$I.8.$Y i 4" 'row 2'

t 79l 'at SIGTERM rtmd sends an agentx-Close and ends with status 0'
kill -TERM "$rtmd_pid"
say gone
hears 'close 5' 'the farewell, reasonShutdown'
hears gone 'and the end of the connection'
await_rtmd
[ "$rtmd_status" = 0 ] || fail "status $rtmd_status"
exec 8>&-

finish
