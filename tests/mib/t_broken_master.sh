#!/bin/bash
# A master that is broken, or means harm: phases of a SET all at once, PDUs in pieces, cut off,
# garbled, with lengths that cannot be; one that ends or is silent at every step of the
# registration. rtmd answers what can be answered, ends the session where nothing can be, has
# it back by itself, keeps its table, and never turns in circles.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_master.sh"

own_master
accepted

create=$(mk_args $X)
present() { say "get $I.17.$X"; hears "$I.17.$X i 1" "$1"; }
absent() { say "get $I.17.$X"; hears "$I.17.$X noSuchInstance" "$1"; }
made() {
	say "test 900 $create"; hears 0/0 'test of the row'
	say commit 900; hears 0/0 'commit of the row'
	say cleanup 900
}
destroyed() {
	say "test 901 $I.17.$X i 6"; hears 0/0 'test of the end'
	say commit 901; hears 0/0 'commit of the end'
	say cleanup 901
}

# What rtmd has used of a processor, in hundredths of a second.
cpu() { sed 's/.*) //' "/proc/$rtmd_pid/stat" | awk '{ print int(($12 + $13) * 100 / '"$(getconf CLK_TCK)"') }'; }
# A loop that turns in circles takes all it can get; one that waits takes next to nothing.
is_idle() { # WHILE
	local before
	before=$(cpu)
	sleep 3 # the length of the pause is the case
	[ $(($(cpu) - before)) -lt 30 ] || fail "$1: $(($(cpu) - before)) hundredths of a second of processor time in 3 s"
}
# The session ends at our end too, and there is a new one.
ended() { # WHAT [mute]
	say "${2:-gone}"
	hear
	until [ "$heard" = gone ] || [ "$heard" = silence ] || [ "$heard" = 'still there' ]; do hear; done
	[ "$heard" = gone ] || fail "$1: the session goes on"
	accepted
}

# u32 NUMBER: as hex, most significant octet first; le32: the other way round.
u32() { printf '%08x' "$1"; }
le32() { u32 "$1" | sed 's/\(..\)\(..\)\(..\)\(..\)/\4\3\2\1/'; }
# header TYPE LENGTH: most significant octets first.
header() { printf '01%02x1000%s%s%s%s' "$1" "$(u32 7)" "$(u32 1)" "$(u32 1)" "$(u32 "$2")"; }
header_le() { printf '01%02x0000%s%s%s%s' "$1" "$(le32 7)" "$(le32 1)" "$(le32 1)" "$(le32 "$2")"; }

t H1 'all phases of a SET in one write: answered one by one, and the row is there'
say hold
say "test 1 $create"
say commit 1
say cleanup 1
say release
say answers 3
hears 0/0 test
hears 0/0 commit
hears 0/0 'cleanup, which the library answers'
present 'after it'
say hold
say "test 2 $I.17.$X i 6"
say commit 2
say undo 2
say "test 3 $I.17.$X i 6"
say cleanup 3
say release
say answers 5
for i in test commit undo test cleanup; do hears 0/0 $i; done
present 'undone, and given up'
destroyed

t H2 'phases of two SETs mingled in one write'
say hold
say "test 4 $create"
say "test 5 $(mk_args $Y)"
say cleanup 4
say commit 5
say cleanup 5
say release
say answers 5
for i in test test cleanup commit cleanup; do hears 0/0 $i; done
absent 'the one that was given up'
say "get $I.17.$Y"; hears "$I.17.$Y i 1" 'the other'
say "test 6 $I.17.$Y i 6"; hears 0/0 test
say commit 6; hears 0/0 commit
say cleanup 6

t H3 'the end of the session behind each phase, in one go with all before it'
for phases in 'test' 'test commit' 'test cleanup' 'test commit undo'; do
	say hold
	for p in $phases; do
		case $p in test) say "test 7 $create" ;; *) say $p 7 ;; esac
	done
	say release
	say close
	accepted
	absent "$phases, and the end"
done
say hold
say "test 8 $create"
say commit 8
say cleanup 8
say release
say close
accepted
present 'test, commit, cleanup, and the end'
destroyed

t H4 'octet by octet, and in two halves'
say hold
say "test 9 $create"
say commit 9
say cleanup 9
say pieces
say answers 3
for i in test commit cleanup; do hears 0/0 $i; done
present 'octet by octet'
say hold
say "get $I.17.$X"
say release 11
say pause 0.3
say raw '' # the rest is lost: nothing of it is answered, and nothing is waited for in circles
is_idle 'half a header'
say close
accepted
say hold
say "get $I.17.$X"
say release 40
is_idle 'half a payload'
say close
accepted
present 'after both'
destroyed

t H5 'lengths that cannot be, in either order of octets: the session ends and comes back'
made
for length in 0x100001 0x7fffffff 0x80000000 0xffffffec 0xffffffff; do
	say raw "$(header 5 $((length)))"
	ended "length $length"
	say raw "$(header_le 8 $((length)))$(header_le 13 0)"
	ended "length $length, least significant octet first"
done
present 'after all of them'
[ "$(rtmd_count 'sends what is no AgentX PDU')" = 10 ] || fail 'rtmd does not say why'

t H6 'another version, and plain garbage'
say raw "02$(header 5 0 | cut -c3-)"
ended 'version 2'
say raw "00$(header 5 0 | cut -c3-)"
ended 'version 0'
say raw "$(printf 'GET / HTTP/1.0\r\n\r\n%64s' '' | od -An -tx1 | tr -d ' \n')"
ended 'HTTP'
present 'after it'

t H7 'what is framed well and wrong inside: not answered, and the next request is'
# an OID of 255 sub-identifiers that are not there; a string of 2^32 - 1 octets; half an integer
for body in ff000000 "00040000000000000000000000000000ffffffff" 00020000020000000000000100; do
	say raw "$(header 8 $((${#body} / 2)))$body"
	say raw "$(header 5 $((${#body} / 2)))$body"
	present "after $body"
done
for type in 0 1 3 4 12 14 17 18 19 255; do say raw "$(header $type 0)"; done
say raw "$(header 1 70000)$(printf '%0140000d' 0)"
present 'after types that are not for us, and a PDU of 70,000 octets'

t H8 'phases without a test, twice, and in the wrong order'
say commit 20; hear
case $heard in 0/0) fail 'a commit of nothing' ;; esac
say undo 20; hear
case $heard in 0/0) fail 'an undo of nothing' ;; esac
say "test 21 $I.17.$X i 6"; hears 0/0 test
say commit 21; hears 0/0 commit
say commit 21; hear
case $heard in 0/0) fail 'a second commit' ;; esac
say undo 21; hears 0/0 undo
say undo 21; hear
present 'after them'

t H9 'SETs before there is a registration, behind the answer to the Open'
say hold
say "test 30 $I.17.$X i 6"
say cleanup 30
say "test 31 $I.17.$X i 6"
say commit 31
say behind
say close
accepted
say close # 31 was never cleaned up: it is rolled back
accepted
present 'after them'

t H10 'the end at every step of the registration'
n=0
while [ $n -le 24 ]; do
	say close
	say open $n
	hears session "open $n"
	hears registering "open $n"
	n=$((n + 3))
done
say hold
say "test 32 $I.17.$X i 6"
say commit 32
say cleanup 32
say behind
say close
say open 4
hears session 'open, with a SET behind it'
hears registering 'open, with a SET behind it'
say pause 2.5
say close
accepted
mark=$(wc -l <"$dir/rtmd.log")
is_idle 'registered at last'
[ "$(wc -l <"$dir/rtmd.log")" = "$mark" ] || fail "rtmd goes on about something: $(tail -n 1 "$dir/rtmd.log")"

t H11 'a master that opens and answers no registration'
say close
before=$(rtmd_count 'does not answer: the end')
say open
hears session open
hears registering open
ended 'no answer' mute
[ "$(rtmd_count 'does not answer: the end')" = $((before + 1)) ] || fail 'rtmd does not say why'
made

t H12 'a thousand garbled PDUs'
seed=${RTM_SEED:-1}
for round in 1 2 3 4 5; do
	say "garble $seed 200"
	hear
	while [ "$heard" = session ] || case $heard in 'close '*) true ;; *) false ;; esac; do hear; done
	case $heard in garbled | closed) ;; *) fail "seed $seed: $heard" ;; esac
	is_gone "$rtmd_pid" && fail "rtmd ended: RTM_SEED=$seed"
	seed=$((seed + 1))
	say close
	accepted
done
destroyed
made
destroyed

t H13 'a master that asks and does not read: the session ends, and nobody waits for it longer'
made
say "flood 20000 $I.17.$X"
hears 'write failed' 'the flood is cut off'
rtmd_logged 'does not read' || fail 'rtmd does not say why'
say close
accepted
present 'after the flood'
destroyed

t H14 'a master that says much while its answer to a registration is waited for'
say close
say open 2
hears session open
hears registering open
before=$(rtmd_count 'says much|does not answer: the end')
say chatter 20
hears closed 'rtmd has had enough of it'
# which of the two, is a matter of who is faster
[ "$(rtmd_count 'says much|does not answer: the end')" -gt "$before" ] || fail 'rtmd does not say why'
accepted

t H15 'a master that hangs with one place left in its queue: rtmd waits for nobody'
say close
say pause 0.1
kill -STOP "$master_pid"
perl -MIO::Socket::UNIX -e 'IO::Socket::UNIX->new(Peer => $ARGV[0], Blocking => 0) for 1 .. 5' "$dir/agentx"
is_idle 'nobody accepts'
rtmd_ends_clean
kill -CONT "$master_pid"

finish
