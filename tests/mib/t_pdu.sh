#!/bin/bash
# Several rows, several tables, several agents in one PDU: all of it or nothing.
# Cases 46 to 51, 56 and 57.
. "$(dirname "$0")/lib.sh"
SYSCONTACT_WRITABLE=yes
world

R=1.4.10.1.0.0.16.2.0.0.1.4.192.0.2.9

t 46 'two rows, one of them wrong: neither exists'
refused 10/5 $I.7.$X i 2 $I.8.$X i 4 $I.17.$X i 4 $I.7.$Y i 2 $I.8.$Y i 9 $I.17.$Y i 4
lacks_row $X
lacks_row $Y
refused 12/4 $I.7.$X i 2 $I.8.$X i 4 $I.17.$X i 4 $I.7.$Y i 99 $I.8.$Y i 4 $I.17.$Y i 4
refused 10/2 $I.7.$X i 2 $I.8.$X i 9 $I.17.$X i 4 $I.7.$Y i 99 $I.8.$Y i 4 $I.17.$Y i 4

t 47 'the varbinds of two rows interleaved'
set_is 0/0 $I.7.$X i 2 $I.7.$Y i 2 $I.8.$X i 4 $I.8.$Y i 4 $I.17.$X i 4 $I.17.$Y i 4
has_row $X
has_row $Y
empty

t 48 'destroy one and create another'
mk $X
set_is 0/0 $I.17.$X i 6 $I.7.$Y i 2 $I.8.$Y i 4 $I.17.$Y i 4
lacks_row $X
has_row $Y
empty

# What the forwarder was told of the prefix since the last time, one word a change.
told() {
	sed -n "$((heard + 1)),\$s/^info: fib: \([a-z]*\) prefix=10\.1\.0\.0\/16.*/\1/p" "$dir/rtmd.log" | tr '\n' ' '
}
heed() { heard=$(wc -l <"$dir/rtmd.log"); }

t 49 'replace a route by one through another next hop, whatever the order of the varbinds'
mk $X
set_is 0/0 $I.17.$X i 6 $I.7.$R i 2 $I.8.$R i 4 $I.17.$R i 4
lacks_row $X
has_row $R
value_is $((base_number + 1)) $Z.6.0
empty
mk $X
set_is 0/0 $I.7.$R i 2 $I.8.$R i 4 $I.17.$R i 4 $I.17.$X i 6
lacks_row $X
has_row $R
empty
mk $X
heed
refused 12/2 $I.17.$X i 6 $I.7.$R i 99 $I.8.$R i 4 $I.17.$R i 4
[ "$(told)" = '' ] || fail "the forwarder was told: $(told)"
has_row $X
empty

t 49b 'in a replacement the forwarder goes from the old to the new, with neither both nor none between'
mk $X
heed
set_is 0/0 $I.17.$X i 6 $I.7.$R i 2 $I.8.$R i 4 $I.17.$R i 4
[ "$(told)" = 'install ' ] || fail "the forwarder was told: $(told)"
empty

t 50 'createAndGo and destroy of one instance: refused at the second'
before=$(snapshot)
pdu_set_is 12/2 $I.17.$X i 4 $I.17.$X i 6 $I.7.$X i 2 $I.8.$X i 4
[ "$before" = "$(snapshot)" ] || fail 'the table changed'
lacks_row $X
pdu_set_is 12/2 $I.7.$X i 2 $I.7.$X i 3 $I.8.$X i 4 $I.17.$X i 4
lacks_row $X

t 51 'the same value twice is accepted once'
pdu_set_is 0/0 $I.7.$X i 2 $I.7.$X i 2 $I.8.$X i 4 $I.17.$X i 4
has_row $X
value_is 2 $I.7.$X
empty

t 51a 'twenty rows in a PDU, the last one wrong'
args=''
for i in $(seq 1 20); do
	args="$args $(mk_args 1.4.10.$i.0.0.16.2.0.0.1.4.192.0.2.1)"
done
before=$(snapshot)
pdu_set_is 18/63 $args $(mk_args 1.4.10.99.0.1.16.2.0.0.1.4.192.0.2.1)
[ "$before" = "$(snapshot)" ] || fail 'the table changed'
pdu_set_is 0/0 $args
value_is $((base_number + 20)) $Z.6.0
empty

t 56 "one of snmpd's own objects with a value that is too long"
if behind_snmpd; then
	long=$(printf 'x%.0s' $(seq 1 300))
	refused 8/4 $I.7.$X i 2 $I.8.$X i 4 $I.17.$X i 4 .1.3.6.1.2.1.1.4.0 s "$long"
	lacks_row $X
	refused 8/1 .1.3.6.1.2.1.1.4.0 s "$long" $I.7.$X i 2 $I.8.$X i 4 $I.17.$X i 4
	lacks_row $X
	set_is 0/0 $I.7.$X i 2 $I.8.$X i 4 $I.17.$X i 4 .1.3.6.1.2.1.1.4.0 s short
	has_row $X
	value_is short .1.3.6.1.2.1.1.4.0
	empty
fi

t 57 'a read-only object of snmpd'
refused 17/4 $I.7.$X i 2 $I.8.$X i 4 $I.17.$X i 4 .1.3.6.1.2.1.1.1.0 s x
lacks_row $X
empty

t 57a 'the scalars of rtmd are read-only'
refused 17/1 $Z.6.0 u 1
refused 17/1 $Z.3.0 u 1
pdu_set_is 17/1 $Z.8.0 c 1 # snmpset knows no Counter32
refused 17/4 $I.7.$X i 2 $I.8.$X i 4 $I.17.$X i 4 $Z.6.0 u 1
lacks_row $X

finish
