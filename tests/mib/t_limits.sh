#!/bin/bash
# How much fits into one PDU, and what happens beyond. AgentX PDUs of more than 65536
# bytes are dropped by Net-SNMP's library without a word: about 655 varbinds of an IPv4
# row, 334 of an IPv6 row. The README promises what is tested here.
. "$(dirname "$0")/lib.sh"
world

v4_rows() { # HOW MANY: their varbinds, three each, on one line
	local i
	for i in $(seq 1 "$1"); do
		printf '%s ' "$(mk_args 1.4.10.$((i / 256)).$((i % 256)).0.24.2.0.0.1.4.192.0.2.1)"
	done
}
v6_rows() {
	local i
	for i in $(seq 1 "$1"); do
		printf '%s ' "$(mk_args 2.16.32.1.13.184.1.$((i / 256)).$((i % 256)).0.0.0.0.0.0.0.0.0.56.2.0.0.2.16.32.1.13.184.0.0.0.0.0.0.0.0.0.0.0.1)"
	done
}

t L1 '218 IPv4 rows, 654 varbinds, in one PDU'
pdu_set_is 0/0 $(v4_rows 218)
value_is $((base_number + 218)) $Z.6.0
empty

t L2 '111 IPv6 rows, 333 varbinds, in one PDU'
pdu_set_is 0/0 $(v6_rows 111)
value_is $((base_number + 111)) $Z.6.0
empty

t L3 '218 rows of which the last is wrong: none exists'
before=$(snapshot)
pdu_set_is 18/654 $(v4_rows 217) $(mk_args 1.4.10.9.0.1.24.2.0.0.1.4.192.0.2.1)
[ "$before" = "$(snapshot)" ] || fail 'the table changed'

t L4 'destroy 300 rows in one PDU'
(for i in $(seq 1 300); do
	echo "set $(mk_args 1.4.10.$((i / 256)).$((i % 256)).0.24.2.0.0.1.4.192.0.2.1)"
done) | pdu | grep -v '^0/0$' && fail 'a creation failed'
value_is $((base_number + 300)) $Z.6.0
pdu_set_is 0/0 $(for i in $(seq 1 300); do
	echo "$I.17.1.4.10.$((i / 256)).$((i % 256)).0.24.2.0.0.1.4.192.0.2.1 i 6"
done)
value_is "$base_number" $Z.6.0

t L5 'beyond the limit: genErr, nothing applied, and rtmd answers again by itself'
if behind_snmpd; then
	before=$(snapshot)
	got=$(echo "set $(v4_rows 240)" | pdu -t 20)
	case $got in 5/*) ;; *) fail "720 varbinds: $got" ;; esac
	within 10 rtmd_answers || fail 'no answer within 10 s'
	[ "$before" = "$(snapshot)" ] || fail 'the table changed'
	mk $X
	empty
fi

t 84 'a name of 128 sub-identifiers is asked for and refused, one of 129 no client sends'
pad=$I.17.1.4.10.1.0.0.16
while [ "$(echo "$pad" | tr -cd . | wc -c)" -lt 128 ]; do pad=$pad.1; done
got=$(echo "set $pad i 4" | pdu)
[ "$got" = 11/1 ] || fail "a SET of 128 sub-identifiers: $got"
got=$(echo "next $pad" | pdu | tail -n 1 | cut -d' ' -f1)
[ "$got" = $Z.8.0 ] || fail "GETNEXT from 128 sub-identifiers: $got"
for tool in "snmpset $RW" "snmpgetnext $RO"; do
	value='' && [ "${tool%% *}" = snmpset ] && value='i 4'
	out=$($tool -r0 -t 5 "$HOST" $pad.1 $value 2>&1) && fail "${tool%% *} sends 129 sub-identifiers"
	case $out in *"$pad.1"*) ;; *) fail "${tool%% *} says: $out" ;; esac
done
value_is "$base_number" $Z.6.0

finish
