#!/bin/bash
# The same requests by SNMPv1, with a read-only community, and by SNMPv3.
# Cases 58 to 60.
. "$(dirname "$0")/lib.sh"
world

v1_is() {
	local want=$1 got before
	shift
	before=$(snapshot)
	got=$(snmpset_ei "-v1 -c private" "$@")
	[ "$got" = "$want" ] || fail "v1 set $*: $got, expected $want"
	[ "$want" = 0/0 ] || [ "$before" = "$(snapshot)" ] || fail 'the table changed'
}

t 58 'SNMPv1 has other names for the same errors, at the same varbind'
v1_is 3/1 $I.17.$X i 4                                                # 3
v1_is 2/1 $I.12.$X i 5                                                # 13
v1_is 2/1 $I.9.$X i 3                                                 # 25
v1_is 2/1 $I.10.$X u 1                                                # 25
v1_is 2/3 $(mk_args 1.4.10.1.0.0.33.2.0.0.1.4.192.0.2.1)              # 33
v1_is 2/3 $(mk_args 1.4.10.1.0.1.16.2.0.0.1.4.192.0.2.1)              # 32
v1_is 3/2 $I.7.$X i 2 $I.8.$X i 9 $I.17.$X i 4                        # 27
v1_is 0/0 $(mk_args $X)
has_row $X
got=$(snmpget -v1 -c public -On -Oqv -r0 "$HOST" $I.17.$X 2>&1)
[ "$got" = 1 ] || fail "v1 get: $got"
got=$(snmpwalk -v1 -c public -On -Oq -r0 "$HOST" $I.17 2>&1 | grep -c "^$I.17.$X 1$")
[ "$got" = 1 ] || fail "v1 walk shows the row $got times"
got=$(snmpget -v1 -c public -On -r0 "$HOST" $I.17.$Y 2>&1 | sed -n 's/^Reason: *(\([A-Za-z]*\).*/\1/p')
[ "$got" = noSuchName ] || fail "v1 get of an absent row: $got"
empty

t 59 'a community that may only read'
before=$(snapshot)
got=$(snmpset_ei "-v2c -c public" $(mk_args $X))
[ "$got" = 6/1 ] || fail "v2c: $got"
got=$(snmpset_ei "-v1 -c public" $(mk_args $X))
[ "$got" = 2/1 ] || fail "v1: $got"
[ "$before" = "$(snapshot)" ] || fail 'the table changed'

t 60 'SNMPv3: authPriv, authNoPriv, and a user that may only read'
RW3='-v3 -u rw -l authPriv -a SHA -A authentic-rw -x AES -X private-rw'
got=$(snmpset_ei "$RW3" $(mk_args $X))
[ "$got" = 0/0 ] || fail "authPriv: $got"
has_row $X
got=$(snmpget $RW3 -On -Oqv -r0 -t 5 "$HOST" $I.17.$X 2>&1)
[ "$got" = 1 ] || fail "authPriv get: $got"
got=$(snmpset_ei "$RW3" $I.17.$X i 6)
[ "$got" = 0/0 ] || fail "authPriv destroy: $got"
before=$(snapshot)
got=$(snmpset_ei '-v3 -u rw -l authNoPriv -a SHA -A authentic-rw' $(mk_args $X))
case $got in 16/*) ;; *) fail "authNoPriv: $got" ;; esac
got=$(snmpset_ei '-v3 -u ro -l authPriv -a SHA -A authentic-ro -x AES -X private-ro' $(mk_args $X))
[ "$got" = 6/1 ] || fail "read-only user: $got"
[ "$before" = "$(snapshot)" ] || fail 'the table changed'
empty

finish
