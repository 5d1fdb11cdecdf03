#!/bin/bash
# Instances of the routing table manager as SNMP contexts: each context shows and changes a
# table of its own, through every way that snmpd has of naming a context. Cases X1 to X12.
. "$(dirname "$0")/lib.sh"

# The lines that the README gives an administrator, and users for what must be refused.
SNMPD_CONF_MORE='
view all included .1
com2sec -Cn red redsec 127.0.0.1 redcommunity
group redgroup v2c redsec
access redgroup red any noauth exact all all none
rwcommunity bluecommunity 127.0.0.1 -V all vrf-blue
com2sec -Cn nowhere nosec 127.0.0.1 nocommunity
group nogroup v2c nosec
access nogroup nowhere any noauth exact all all none
createUser redonly SHA "authentic-red" AES "private-red"
rwuser redonly priv -V all red
createUser vrfs SHA "authentic-vrf" AES "private-vrf"
rwuser vrfs priv -V all vrf-*'

preload_dir=$(mktemp -d "${TMPDIR:-/tmp}/rtm-ctx.XXXXXX") || exit 99
printf '10.77.0.0/16 192.0.2.1 eth0 5\n10.78.0.0/16 - eth1 5\n' >"$preload_dir/blue.routes"
RTMD_CONF_MORE="instance 7 red
instance 300 vrf-blue preload $preload_dir/blue.routes"
world
rm -r "$preload_dir"

RED='-v2c -c redcommunity' BLUE='-v2c -c bluecommunity'
# user3 NAME SECRET [CONTEXT]
user3() { echo "-v3 -u $1 -l authPriv -a SHA -A authentic-$2 -x AES -X private-$2${3:+ -n $3}"; }
RED3=$(user3 redonly red red)

rows_of() { # CREDENTIALS: indexes in the order of the walk
	# shellcheck disable=SC2086
	snmpbulkwalk $1 -On -r1 -t 5 -Cr50 "$HOST" $I.17 2>/dev/null | sed -n "s/^\\$I\\.17\\.\\([0-9.]*\\) = .*/\\1/p"
}
rows_are() { # CREDENTIALS INDEX...
	local cred=$1 got want
	shift
	got=$(rows_of "$cred")
	want=$([ $# = 0 ] || printf '%s\n' "$@")
	[ "$got" = "$want" ] || fail "$cred shows $(echo $got), expected $*"
}
get_is() { # VALUE CREDENTIALS OID
	local got
	# shellcheck disable=SC2086
	got=$(snmpget $2 -On -Oqv -r1 -t 5 "$HOST" "$3" 2>&1 |
		sed -e 's/^No Such Instance.*/noSuchInstance/' -e 's/^No Such Object.*/noSuchObject/')
	[ "$got" = "$1" ] || fail "get $2 $3: $got, expected $1"
}
ctx_set_is() { # E/I CREDENTIALS OID TYPE VALUE...
	local want=$1 cred=$2 got
	shift 2
	got=$(snmpset_ei "$cred" "$@")
	[ "$got" = "$want" ] || fail "set $cred $*: $got, expected $want"
}
BLUE1=1.4.10.77.0.0.16.2.0.0.1.4.192.0.2.1
BLUE2=1.4.10.78.0.0.16.3.0.0.3.0.0

t X1 'a SET in a context is seen in that context and in no other'
# shellcheck disable=SC2046
ctx_set_is 0/0 "$RED" $(mk_args $X)
rows_are "$RED" $X
rows_are "$RO"
lacks_row $X
get_is 1 "$RED" $I.17.$X
value_is noSuchInstance $I.17.$X
get_is noSuchInstance "$BLUE" $I.17.$X

t X2 'one name stands for another route in each context'
# shellcheck disable=SC2046
set_is 0/0 $(mk_args $X) $I.12.$X i 7
get_is 7 "$RO" $I.12.$X
get_is 256 "$RED" $I.12.$X
ctx_set_is 0/0 "$RED" $I.17.$X i 2 $I.12.$X i 9
get_is 9 "$RED" $I.12.$X
get_is 2 "$RED" $I.17.$X
get_is 7 "$RO" $I.12.$X
get_is 1 "$RO" $I.17.$X
ctx_set_is 0/0 "$RED" $I.17.$X i 1
set_is 0/0 $I.17.$X i 6
rows_are "$RED" $X

t X3 'counts, and the other tables, are those of the context'
get_is 1 "$RED" $Z.6.0
get_is 1 "$RED" $Z.3.0
value_is 0 $Z.6.0
get_is 2 "$BLUE" $Z.6.0
got=$(snmpwalk $RED -On -Oq -r1 -t 5 "$HOST" $C.16 2>&1)
[ "$got" = "$C.16.10.1.0.0.255.255.0.0.0.192.0.2.1 1" ] || fail "ipCidrRouteTable in red: $got"
got=$(snmpwalk $RO -On -r1 -t 5 "$HOST" $C 2>&1 | grep -c "^$C\.")
[ "$got" = 0 ] || fail "ipCidrRouteTable outside: $got varbinds"

t X4 'preloaded routes of an instance are in its context; they belong to somebody else there'
rows_are "$BLUE" $BLUE1 $BLUE2
lacks_row $BLUE1
ctx_set_is 12/1 "$BLUE" $I.17.$BLUE1 i 6
ctx_set_is 12/1 "$RED" $I.17.$BLUE1 i 4
rows_are "$RED" $X
rows_are "$BLUE" $BLUE1 $BLUE2

t X5 'a refusal is that of the context, and the log says which'
ctx_set_is 12/1 "$RED" $I.7.$Y i 99 $I.8.$Y i 4 $I.17.$Y i 4
logs 'refused .*10\.2\.0\.0/16.* context=red policy=-$'
set_is 12/1 $I.7.$Y i 99 $I.8.$Y i 4 $I.17.$Y i 4
logs 'refused .*10\.2\.0\.0/16.* field=interface policy=-$'
ctx_set_is 12/3 "$RED" $(mk_args $X)
rows_are "$RED" $X

t X6 'a PDU of a context is all or nothing there'
ctx_set_is 12/4 "$RED" $(mk_args $Y) $I.17.$X i 4
rows_are "$RED" $X
ctx_set_is 0/0 "$RED" $I.17.$X i 6 $(mk_args $Y)
rows_are "$RED" $Y
rows_are "$RO"
ctx_set_is 0/0 "$RED" $I.17.$Y i 6 $(mk_args $X)

t X7 'SNMPv3: the context of the request, as far as the user may'
# shellcheck disable=SC2046
ctx_set_is 0/0 "$RED3" $(mk_args $Y)
rows_are "$RED3" $X $Y
rows_are "$RED" $X $Y
ctx_set_is 0/0 "$RED3" $I.17.$Y i 6
rows_are "$(user3 vrfs vrf vrf-blue)" $BLUE1 $BLUE2
for cred in "$(user3 redonly red)" "$(user3 redonly red vrf-blue)" "$(user3 vrfs vrf)" "$(user3 vrfs vrf red)"; do
	ctx_set_is 16/0 "$cred" $I.17.$X i 6
	rows_are "$cred"
done
rows_are "$RED3" $X
# A user without a list of contexts reaches every one of them; README warns of it.
rows_are "$(user3 rw rw red)" $X
rows_are "$(user3 rw rw)"

t X8 'a request in a context that nobody serves gets no answer, and changes nothing'
for cred in '-v2c -c nocommunity' "$(user3 rw rw nowhere)"; do
	# shellcheck disable=SC2086
	out=$(snmpget $cred -On -r0 -t 2 "$HOST" $I.17.$X 2>&1)
	case $out in Timeout*) ;; *) fail "get $cred: $out" ;; esac
	# shellcheck disable=SC2046,SC2086
	out=$(snmpset $cred -On -r0 -t 2 "$HOST" $(mk_args $Y) 2>&1)
	case $out in Timeout*) ;; *) fail "set $cred: $out" ;; esac
done
rows_are "$RED" $X
rows_are "$RO"

t X9 'a context shows none of what snmpd serves in the default one'
get_is noSuchObject "$RED" .1.3.6.1.2.1.1.3.0
got=$(snmpbulkwalk $RED -On -r1 -t 5 "$HOST" .1.3.6.1.2.1 2>&1 | grep -vc "^$Z\\.\\|^\\.1\\.3\\.6\\.1\\.2\\.1\\.4\\.21\\.")
[ "$got" -le 1 ] || fail "$got varbinds beside the route tables" # the end of the view is one line

t X10 'many rows in one context, counted and in order, leave the others as they are'
default_before=$(snapshot)
for i in $(seq 1 200); do
	echo "set $I.7.1.4.10.9.$i.0.24.2.0.0.1.4.192.0.2.1 i 2 $I.8.1.4.10.9.$i.0.24.2.0.0.1.4.192.0.2.1 i 4 $I.17.1.4.10.9.$i.0.24.2.0.0.1.4.192.0.2.1 i 4"
done | "$PDU" -H "127.0.0.1:$port" -c redcommunity | grep -vc '^0/0$' | grep -qx 0 || fail 'a SET was refused'
get_is 201 "$RED" $Z.6.0
[ "$(rows_of "$RED" | wc -l)" = 201 ] || fail "$(rows_of "$RED" | wc -l) rows"
sorted=$(rows_of "$RED" | sort -t. -k3,3n -k4,4n -k5,5n -k6,6n)
[ "$(rows_of "$RED")" = "$sorted" ] || fail 'the walk is not in order'
[ "$default_before" = "$(snapshot)" ] || fail 'the default context changed'
rows_are "$BLUE" $BLUE1 $BLUE2
rows_of "$RED" | grep -vx $X | sed "s/.*/set $I.17.& i 6/" | "$PDU" -H "127.0.0.1:$port" -c redcommunity |
	grep -vc '^0/0$' | grep -qx 0 || fail 'a destroy was refused'
rows_are "$RED" $X

t X11 'after a restart of snmpd the contexts are back, with their rows'
if behind_snmpd; then
	kill_snmpd
	start_snmpd
	within 20 rtmd_answers || fail 'the default context does not come back'
	red_answers() { snmpget $RED -On -Oqv -r0 -t 1 "$HOST" $I.17.$X 2>/dev/null | grep -qx 1; }
	within 20 red_answers || fail 'red does not come back'
	rows_are "$BLUE" $BLUE1 $BLUE2
	# shellcheck disable=SC2046
	ctx_set_is 0/0 "$RED" $(mk_args $Y)
	rows_are "$RED" $X $Y
	rows_are "$RO"
fi

t X12 'a row left unfinished in a context is reaped there'
restart_rtmd_with 'rowTimeout 1
instance 7 red
instance 8 vrf-blue'
rows_are "$RED"
ctx_set_is 0/0 "$RED" $I.7.$X i 2 $I.17.$X i 5
get_is 3 "$RED" $I.17.$X
red_is_empty() { [ -z "$(rows_of "$RED")" ]; }
within 20 red_is_empty || fail 'it is still there'
ctx_set_is 0/0 "$RED" $(mk_args $X)
rtmd_ends_clean

finish
