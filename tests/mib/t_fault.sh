#!/bin/bash
# The forwarder refuses, undoing fails, memory is short. Cases 53 to 55.
. "$(dirname "$0")/lib.sh"
RTMD_CONF_MORE='memoryRefuse 10.2.0.0/16 install ERROR_NO_SYSTEM_RESOURCES'
world

two="$(mk_args $X) $(mk_args $Y)"

# A route that the forwarder had no room for is a discarded route: here, and only here,
# a refusal counts.
COUNTS_DISCARDS=yes
discards_by() { # HOW MANY more than when asked last
	local now
	now=$(value $Z.8.0)
	[ "$now" = $((discards + $1)) ] || fail "inetCidrRouteDiscards went from $discards to $now"
	discards=$now
}
discards=0

t 53 'the forwarder refuses the second row: commitFailed there, and the first is not kept'
refused '14/[456]' $two
discards_by 1
lacks_row $X
lacks_row $Y
value_is "$base_number" $Z.6.0
refused '14/[123]' $(mk_args $Y)
discards_by 1
logs 'commitFailed.*ERROR_NO_SYSTEM_RESOURCES|ERROR_NO_SYSTEM_RESOURCES.*commitFailed'
mk $X
value_is $((base_number + 1)) $Z.6.0
empty
discards_by 0

t 53a 'a destroyed row is back when a creation in the same PDU is refused'
mk $X
set_is 0/0 $I.12.$X i 33 $I.17.$X i 2
set_is 0/0 $I.17.$X i 1
refused '14/[234]' $I.17.$X i 6 $(mk_args $Y)
value_is 33 $I.12.$X
value_is 1 $I.17.$X
empty

t 53b 'a row that cannot be put back into service stays as it was'
set_is 0/0 $I.17.$Y i 5 $I.7.$Y i 2 $I.8.$Y i 4
refused '14/1' $I.17.$Y i 1
value_is 2 $I.17.$Y
empty

t 53c 'SNMPv1: commitFailed is genErr'
got=$(snmpset_ei '-v1 -c private' $(mk_args $Y))
case $got in 5/[123]) ;; *) fail "$got" ;; esac
lacks_row $Y

COUNTS_DISCARDS=no
t 54 'undoing fails as well: undoFailed, and an error in the log'
restart_rtmd_with 'memoryRefuse 10.2.0.0/16 install ERROR_NO_SYSTEM_RESOURCES
memoryRefuse 10.1.0.0/16 remove ERROR_BUSY'
set_is '15/*' $two
logs 'undo'
lacks_row $Y
snmpd_answers >/dev/null || fail 'snmpd does not answer'
rtmd_answers || fail 'rtmd does not answer'
N=1.4.10.3.0.0.16.2.0.0.1.4.192.0.2.1
mk $N
destroy $N

t 55 'no memory in the test phase: resourceUnavailable in the row, nothing done'
refusals=0 n=1
while [ $n -le 80 ]; do
	restart_rtmd_with "testFailAllocation $n"
	before=$(snapshot)
	got=$(snmpset_ei "$RW" $two)
	case $got in
	13/[1-6])
		refusals=$((refusals + 1))
		[ "$before" = "$(snapshot)" ] || fail "allocation $n: refused, yet the table changed"
		;;
	0/0) break ;;
	*)
		fail "allocation $n: $got"
		break
		;;
	esac
	n=$((n + 1))
done
[ $refusals -ge 1 ] || fail 'no allocation failed: nothing was tested'
[ "$got" = 0/0 ] || fail "allocation $n still fails: $got"
echo "# the test phase of two rows allocates $((n - 1)) times"

t 55a 'a staged row and a change of it, likewise'
n=1 got=''
while [ $n -le 80 ] && [ "$got" != 0/0 ]; do
	restart_rtmd_with "testFailAllocation $n"
	got=$(snmpset_ei "$RW" $I.17.$X i 5)
	case $got in
	13/1) lacks_row $X ;;
	0/0) value_is 3 $I.17.$X ;;
	*)
		fail "allocation $n: $got"
		break
		;;
	esac
	n=$((n + 1))
done

finish
