#!/bin/bash
# What the administrator forbids managers in rtmd.conf: each word, each refusal with its
# error and varbind, and the reason in the log; what is forbidden is still read.
. "$(dirname "$0")/lib.sh"

# Routes of another owner are there from the start: what a manager may not write he
# reads, and some of it nobody on the SNMP side made.
world
printf '%s\n' '10.1.0.0/16 192.0.2.1 eth0 5' '10.1.4.0/22 192.0.2.9 eth0 5' \
	'2001:db8:1::/48 2001:db8::1 eth0 5' >"$dir/routes"
preload="preload $dir/routes"
restart_rtmd_with "$preload"
base_rows=$(rows | wc -l)
base_number=$(value $Z.6.0)

D=1.4.0.0.0.0.0.2.0.0.1.4.192.0.2.1               # 0.0.0.0/0 via 192.0.2.1
X9=1.4.10.1.0.0.16.2.0.0.1.4.192.0.2.9            # 10.1.0.0/16 via 192.0.2.9
X4=1.4.10.1.4.0.24.2.0.0.1.4.192.0.2.1            # 10.1.4.0/24, inside
V6=2.16.32.1.13.184.0.2.0.0.0.0.0.0.0.0.0.0.48.2.0.0.2.16.32.1.13.184.0.0.0.0.0.0.0.0.0.0.0.1
c=10.1.0.0.255.255.0.0.0.192.0.2.1                # ipCidrRouteTable: 10.1.0.0/16 via .1
c9=10.1.0.0.255.255.0.0.0.192.0.2.9
cy=10.2.0.0.255.255.0.0.0.192.0.2.1
f9=10.1.0.0.3.0.192.0.2.9                         # ipForwardTable: 10.1.0.0 via .9
fy=10.2.0.0.3.0.192.0.2.1

mkc_args() { echo "$C.5.$1 i 2 $C.6.$1 i 4 $C.16.$1 i 4"; }
mkf_args() { echo "$F.2.$1 a ${2:-255.255.0.0} $F.5.$1 i 2 $F.6.$1 i 4"; }

# The last refusal in the log has this reason, this error, this table; RTM-MIB tells the same.
reason_is() { # WORD ERROR TABLE
	local line n
	line=$(grep 'set: refused ' "$dir/rtmd.log" | tail -n 1)
	case $line in
	*"table=$3 "*"error=$2 "*" policy=$1") ;;
	*) fail "the log says: ${line:-nothing}; expected policy=$1 error=$2 table=$3" ;;
	esac
	n=$(value $M.1.2.11.0) # rtmSetLastRefused
	value_is "$3" $M.1.6.1.3.$n
	value_is "$(error_code "$2")" $M.1.6.1.8.$n
	value_is "${1#-}" $M.1.6.1.14.$n
}

error_code() {
	case $1 in
	noCreation) echo 11 ;; inconsistentValue) echo 12 ;; resourceUnavailable) echo 13 ;;
	notWritable) echo 17 ;;
	esac
}

# forbidden WORD E/I OID TYPE VALUE...: refused as told, nothing changed, and said so.
forbidden() {
	local word=$1 want=$2 table
	shift
	refused "$@"
	table=$(table_at "$@")
	reason_is "$word" "$(error_name "${want%/*}")" "$table"
}
table_at() { # E/I OID TYPE VALUE...: the table of the varbind at fault
	local at=${1#*/}
	shift $((3 * (at - 1) + 1))
	case $1 in
	$I.*) echo inetCidrRouteTable ;;
	$C.*) echo ipCidrRouteTable ;;
	$F.*) echo ipForwardTable ;;
	*) echo "?$1" ;;
	esac
}
error_name() {
	case $1 in
	11) echo noCreation ;; 12) echo inconsistentValue ;; 13) echo resourceUnavailable ;;
	17) echo notWritable ;; *) echo "?$1" ;;
	esac
}

# The administrator's own way past all of it.
admin() {
	"$build/agent/rtmctl" -s "$dir/control" "$@" >>"$dir/rtmctl.log" 2>&1 ||
		fail "rtmctl $*: $(tail -n 1 "$dir/rtmctl.log")"
}

# What reading shows, of all tables and counts, but the ages and how many were refused.
everything() {
	walked $Z | grep -Ev "^($I\.10|$C\.8|$F\.8)\.|^$Z\.8\.0 "
}

t P1 'without a word of policy managers write what SNMP lets them'
mk $X9
destroy $X9
# shellcheck disable=SC2046
set_is 0/0 $(mkc_args $cy)
destroy $Y
rtmd_logged 'policy=[a-zA-Z]' && fail 'a reason is logged'
mk $X9
shown=$(everything)

# ---- readOnly ------------------------------------------------------------------------

t P2 'readOnly: every SET is notWritable at its first varbind, through each table'
restart_rtmd_with "$preload
readOnly yes"
for r in $X $X9 $Y; do
	forbidden readOnly 17/1 $I.17.$r i 6
	forbidden readOnly 17/1 $I.17.$r i 1
	forbidden readOnly 17/1 $I.12.$r i 5
	# shellcheck disable=SC2046
	forbidden readOnly 17/1 $(mk_args $r)
done
# shellcheck disable=SC2046
forbidden readOnly 17/1 $(mkc_args $cy)
forbidden readOnly 17/1 $C.16.$c i 6
forbidden readOnly 17/1 $C.11.$c i 60
# shellcheck disable=SC2046
forbidden readOnly 17/1 $(mkf_args $fy)
forbidden readOnly 17/1 $F.6.$fy i 2
got=$(snmpset_ei '-v1 -c private' $I.17.$X i 6)
[ "$got" = 2/1 ] || fail "SNMPv1: $got, expected 2/1"

t P3 'readOnly: a wrong type or value is notWritable as well, reading goes on'
forbidden readOnly 17/1 $I.17.$X u 6
forbidden readOnly 17/1 $I.17.$X i 9
value_is 1 $I.17.$X
value_is 192.0.2.1 $C.4.$c
value_is 4 $F.6.10.1.0.0.3.0.192.0.2.1
value_is $((base_number)) $Z.6.0

# ---- protect ---------------------------------------------------------------------------

t P4 'protect: a row equal to the prefix or inside is not made, through no table'
restart_rtmd_with "$preload
controlSocket $dir/control 600
protect 10.1.0.0/16
protect 2001:db8:2::/47"
# shellcheck disable=SC2046
{
	forbidden protect 11/3 $(mk_args $X9)
	forbidden protect 11/3 $(mk_args $X4)
	forbidden protect 11/1 $I.17.$X9 i 5
	forbidden protect 11/3 $(mk_args $V6)
	forbidden protect 11/3 $(mkc_args $c9)
	forbidden protect 11/3 $(mkc_args 10.1.4.0.255.255.255.0.0.192.0.2.1)
	forbidden protect 11/1 $(mkf_args $f9)
	forbidden protect 11/1 $(mkf_args $f9 255.255.255.0)
}
refused 12/1 $I.17.$X i 6 # of another owner: that is the reason then
reason_is - inconsistentValue inetCidrRouteTable

# What the administrator makes with rtmctl is a row like those of managers, but for this.
t P4a 'protect: a row that is there is neither changed nor destroyed, through no table'
admin add 10.1.0.0/16 via 192.0.2.9 dev eth0
value_is 3 $I.9.$X9
forbidden protect 12/1 $I.17.$X9 i 6
forbidden protect 12/1 $I.17.$X9 i 2
forbidden protect 17/1 $I.12.$X9 i 5 $I.17.$X9 i 2
forbidden protect 12/1 $I.17.$X9 i 6 $I.12.$X9 i 5
forbidden protect 12/1 $C.16.$c9 i 6
forbidden protect 17/1 $C.11.$c9 i 60
forbidden protect 17/1 $C.5.$c9 i 3
forbidden protect 12/1 $F.6.$f9 i 2
forbidden protect 17/1 $F.2.$f9 a 255.255.255.0
forbidden protect 17/1 $F.11.$f9 i 60
set_is 0/0 $I.17.$X9 i 1
set_is 0/0 $C.16.$c9 i 1
# shellcheck disable=SC2046
forbidden protect 12/4 $(mk_args $Y) $I.17.$X9 i 6
has_row $X9
value_is 192.0.2.9 $C.4.$c9
value_is 4 $F.6.$f9
admin delete 10.1.0.0/16 via 192.0.2.9 dev eth0

t P5 'protect: destroying what is not there succeeds, and a wider or another prefix is free'
set_is 0/0 $I.17.$X9 i 6
mk $D
mk $Y
mk 1.4.10.0.0.0.15.2.0.0.1.4.192.0.2.1
mk 1.4.10.0.0.0.8.2.0.0.1.4.192.0.2.1
for r in $D $Y 1.4.10.0.0.0.15.2.0.0.1.4.192.0.2.1 1.4.10.0.0.0.8.2.0.0.1.4.192.0.2.1; do
	destroy $r
done
[ "$(rows | wc -l)" = "$base_rows" ] || fail "rows are left: $(rows | tr '\n' ' ')"

t P6 'protect: one forbidden row in a PDU forbids the PDU'
# shellcheck disable=SC2046
forbidden protect 11/6 $(mk_args $Y) $(mk_args $X9)
lacks_row $Y
mk $Y
# shellcheck disable=SC2046
forbidden protect 11/4 $I.17.$Y i 6 $(mk_args $X9)
has_row $Y
# ipForwardTable can move a row: not into a protected prefix.
set_is 0/0 $(mkf_args 10.0.0.0.3.0.192.0.2.1 255.0.0.0)
destroy 1.4.10.0.0.0.8.2.0.0.1.4.192.0.2.1
destroy $Y

# ---- allowWrite ----------------------------------------------------------------------------

t P7 'allowWrite: only what is listed and what is inside'
restart_rtmd_with "$preload
allowWrite 10.2.0.0/15
allowWrite 2001:db8:2::/48"
mk $Y
mk 1.4.10.3.0.0.24.2.0.0.1.4.192.0.2.1
mk $V6
# shellcheck disable=SC2046
{
	forbidden allowWrite 11/3 $(mk_args $X9)
	forbidden allowWrite 11/3 $(mk_args $D)
	forbidden allowWrite 11/3 $(mk_args 1.4.10.0.0.0.8.2.0.0.1.4.192.0.2.1)
	forbidden allowWrite 11/1 $I.17.$X9 i 5
	forbidden allowWrite 11/3 $(mkc_args $c9)
	forbidden allowWrite 11/1 $(mkf_args $f9)
	forbidden allowWrite 11/6 $I.17.$Y i 2 $I.12.$Y i 7 $I.17.$V6 i 6 $(mk_args $X9)
}
set_is 0/0 $C.11.$cy i 60
value_is 50 $I.12.$Y
set_is 0/0 $F.6.$fy i 2
lacks_row $Y
destroy 1.4.10.3.0.0.24.2.0.0.1.4.192.0.2.1
destroy $V6

t P8 'protect inside of allowWrite wins'
restart_rtmd_with "$preload
allowWrite 10.0.0.0/8
protect 10.2.0.0/16"
# shellcheck disable=SC2046
{
	forbidden protect 11/3 $(mk_args $Y)
	forbidden allowWrite 11/3 $(mk_args $D)
}
mk $X9
destroy $X9

# ---- maxRows ----------------------------------------------------------------------------------

t P9 'maxRows: the first row too many is resourceUnavailable and counts as discarded'
restart_rtmd_with "$preload
maxRows 2"
COUNTS_DISCARDS=yes
value_is 0 $Z.8.0
mk $Y
# shellcheck disable=SC2046
{
	forbidden maxRows 13/6 $(mk_args $X9) $(mk_args $D)
	value_is 1 $Z.8.0
	set_is 0/0 $(mkc_args $c9)
	forbidden maxRows 13/3 $(mk_args $D)
	forbidden maxRows 13/1 $I.17.$D i 5
	forbidden maxRows 13/3 $(mkc_args 0.0.0.0.0.0.0.0.0.192.0.2.1)
	forbidden maxRows 13/1 $F.6.0.0.0.0.3.0.192.0.2.1 i 4
	value_is 4 $Z.8.0 # a staged row is no route yet
	got=$(snmpset_ei '-v1 -c private' $(mk_args $D))
	[ "$got" = 5/3 ] || fail "SNMPv1: $got, expected 5/3"
}

t P10 'maxRows: what exists may change, go out of service and come back; one goes, one comes'
set_is 0/0 $C.11.$cy i 60
set_is 0/0 $I.17.$Y i 2
set_is 0/0 $I.17.$Y i 1
# shellcheck disable=SC2046
set_is 0/0 $I.17.$Y i 6 $(mk_args $D)
destroy $D
destroy $X9
mk $Y
destroy $Y
[ "$(rows | wc -l)" = "$base_rows" ] || fail "rows are left: $(rows | tr '\n' ' ')"
COUNTS_DISCARDS=no

# ---- onLinkNextHop ---------------------------------------------------------------------------

L=1.4.203.0.113.0.24.3.0.0.3.0.0             # 203.0.113.0/24 on eth1, as RFC 4292 spells it
LZ=1.4.203.0.113.0.24.3.0.0.3.1.4.0.0.0.0    # and as snmpd does
S=2.16.32.1.13.184.0.7.0.0.0.0.0.0.0.0.0.0.48.3.0.0.2.0.0
SZ=${S%.0.0}.2.16.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0

t P11 'onLinkNextHop unknown, the default: no next hop is 0.0, and zeros are no name'
mk $L 3 3
mk $S 2 3
has_row $L
value_is noSuchInstance $I.17.$LZ
mk_refused 11/3 1.4.203.0.114.0.24.3.0.0.3.1.4.0.0.0.0 3 3
set_is 0/0 $I.17.$L i 6 $I.17.$S i 6
restart_rtmd_with "$preload
onLinkNextHop unknown"
mk $L 3 3
destroy $L

t P12 'onLinkNextHop zero: 0.0.0.0 and :: are spelled out, one name a row'
restart_rtmd_with "$preload
onLinkNextHop zero"
mk $LZ 3 3
mk $SZ 2 3
has_row $LZ
has_row $SZ
lacks_row $L
value_is noSuchInstance $I.17.$L
mk_refused 11/3 $S 2 3
mk_refused 12/3 $LZ 3 3
value_is 0.0.0.0 $C.4.203.0.113.0.255.255.255.0.0.0.0.0.0
got=$(snmpgetnext $RO -On -Oqn -r0 -t 5 "$HOST" $I.17.1.4.203.0.113.0.24.3.0.0.3.1.3 | cut -d' ' -f1)
[ "$got" = $I.17.$LZ ] || fail "next of 1.3 is $got"
set_is 0/0 $I.17.$LZ i 2 $I.12.$LZ i 7
value_is 7 $I.12.$LZ
set_is 0/0 $I.17.$LZ i 1
destroy $LZ
destroy $SZ

t P13 'reading is the same under every policy'
for words in 'readOnly yes' 'protect 10.0.0.0/8' 'allowWrite 203.0.113.0/24' 'maxRows 1'; do
	restart_rtmd_with "$preload
$words"
	now=$(everything)
	want=$(printf '%s\n' "$shown" | grep -v "$X9\|$c9\|$f9\|^$Z\.[136]\.0 ")
	now=$(printf '%s\n' "$now" | grep -v "^$Z\.[136]\.0 ")
	[ "$now" = "$want" ] || fail "$words: $(changed "$want" "$now")"
done

# ---- what is stored ------------------------------------------------------------------------------

t P14 'rows that came back from the disk are protected like others, and count for maxRows'
COUNTS_DISCARDS=yes
restart_rtmd_with "$preload
stateFile $dir/state"
mk $X9
mk $Y
restart_rtmd_with "$preload
stateFile $dir/state
protect 10.1.0.0/16
maxRows 1"
has_row $X9
has_row $Y
forbidden protect 12/1 $I.17.$X9 i 6
forbidden protect 17/1 $C.11.$c9 i 60
# shellcheck disable=SC2046
forbidden maxRows 13/3 $(mk_args 1.4.10.3.0.0.16.2.0.0.1.4.192.0.2.1)
destroy $Y
# shellcheck disable=SC2046
forbidden maxRows 13/3 $(mk_args 1.4.10.3.0.0.16.2.0.0.1.4.192.0.2.1)
restart_rtmd_with "$preload
stateFile $dir/state"
lacks_row $Y
destroy $X9

t P15 'RTM-MIB counts the refusals of each word'
restart_rtmd_with "$preload
protect 10.1.0.0/16
allowWrite 10.0.0.0/8
maxRows 1"
# shellcheck disable=SC2046
{
	refused 11/3 $(mk_args $X9)
	refused 11/3 $(mk_args $X4)
	refused 11/3 $(mk_args $D)
	mk $Y
	refused 13/3 $(mk_args 1.4.10.3.0.0.16.2.0.0.1.4.192.0.2.1)
}
value_is 0 $M.1.2.7.0  # rtmSetReadOnly
value_is 2 $M.1.2.8.0  # rtmSetProtected
value_is 1 $M.1.2.9.0  # rtmSetNotAllowed
value_is 1 $M.1.2.10.0 # rtmSetTooManyRows
restart_rtmd_with 'readOnly yes'
refused 17/1 $I.17.$Y i 6
value_is 1 $M.1.2.7.0
COUNTS_DISCARDS=no

finish
