#!/bin/bash
# The tables before inetCidrRouteTable: ipCidrRouteTable, ipForwardTable, ipRouteTable, and
# PDUs over several tables. Cases 52, 61 to 71 and 77; and the cases of inetCidrRouteTable
# again where they mean something here: `5/c' is case 5 through ipCidrRouteTable, `5/f'
# through ipForwardTable, `25/r' through ipRouteTable, `49/t' across tables.
#
# t_older_own.sh is the same with snmpd's own tables switched on.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
SYSCONTACT_WRITABLE=yes
SNMPD_CONF_MORE='createUser part SHA "authentic-part" AES "private-part"
view cidronly included .1.3.6.1.2.1.4.24.4
rwuser part priv -V cidronly'
world

R=.1.3.6.1.2.1.4.21.1
c=10.1.0.0.255.255.0.0.0.192.0.2.1 cy=10.2.0.0.255.255.0.0.0.192.0.2.1
f=10.1.0.0.3.0.192.0.2.1 fy=10.2.0.0.3.0.192.0.2.1
r=10.1.0.0
X9=1.4.10.1.0.0.16.2.0.0.1.4.192.0.2.9 c9=10.1.0.0.255.255.0.0.0.192.0.2.9 f9=10.1.0.0.3.0.192.0.2.9
L=1.4.203.0.113.0.24.3.0.0.3.0.0 # 203.0.113.0/24 on eth1
cl=203.0.113.0.255.255.255.0.0.0.0.0.0 fl=203.0.113.0.3.0.0.0.0.0
V=2.16.32.1.13.184.0.1.0.0.0.0.0.0.0.0.0.0.48.2.0.0.2.16.32.1.13.184.0.0.0.0.0.0.0.0.0.0.0.1

mkc_args() { echo "$C.5.$1 i ${2:-2} $C.6.$1 i ${3:-4} $C.16.$1 i 4"; }
mkf_args() { echo "$F.2.$1 a ${4:-255.255.0.0} $F.5.$1 i ${2:-2} $F.6.$1 i ${3:-4}"; }
# shellcheck disable=SC2046
mkc() { set_is 0/0 $(mkc_args "$@"); }
# shellcheck disable=SC2046
mkf() { set_is 0/0 $(mkf_args "$@"); }
mkc_refused() { local want=$1; shift; refused "$want" $(mkc_args "$@"); }
mkf_refused() { local want=$1; shift; refused "$want" $(mkf_args "$@"); }

# All tables but the ages and what counts refusals: what `refused' compares.
snapshot() {
	walked $Z | grep -Ev "^($I\.10|$C\.8|$F\.8)\.|^$Z\.8\.0 "
	walked $R | grep -v "^$R\.10\."
}

# The route X is there, or not, in all four tables.
everywhere() { # METRIC-OF-ROUTE [TOTAL]
	value_is 1 $I.17.$X
	value_is 1 $C.16.$c
	value_is 4 $F.6.$f
	value_is 4 $R.8.$r
	value_is 192.0.2.1 $R.7.$r
	value_is "$1" $I.12.$X
	for o in $C.11.$c $F.11.$f $R.3.$r; do value_is "${2:-$(($1 + 10))}" $o; done
}
nowhere() {
	for o in $I.17.$X $I.7.$X $C.16.$c $C.5.$c $F.6.$f $F.2.$f $R.8.$r $R.1.$r; do
		value_is noSuchInstance $o
	done
}
counts_are() { # INET CIDR FORWARD: beyond those of the start
	value_is $((base_number + $1)) $Z.6.0
	value_is $((base_cidr + $2)) $Z.3.0
	value_is $((base_forward + $3)) $Z.1.0
}
base_cidr=$(value $Z.3.0) base_forward=$(value $Z.1.0)
empty_all() {
	empty
	counts_are 0 0 0
}

# ---- ipCidrRouteTable ----------------------------------------------------------------

t 61 'ipCidrRouteTable: createAndGo, and the row stands in every table'
set_is 0/0 $C.6.$c i 4 $C.5.$c i 2 $C.16.$c i 4
everywhere 256
counts_are 1 1 1
got=$(echo "get $C.1.$c $C.2.$c $C.3.$c $C.4.$c $C.5.$c $C.6.$c $C.7.$c $C.9.$c $C.10.$c $C.11.$c $C.12.$c $C.13.$c $C.14.$c $C.15.$c $C.16.$c" |
	pdu | sed -e 's/^[^ ]* //' -e 's/^o \./o /' | tr '\n' ';')
[ "$got" = '0/0;a 10.1.0.0;a 255.255.0.0;i 0;a 192.0.2.1;i 2;i 4;i 3;o 0.0;i 0;i 266;i -1;i -1;i -1;i -1;i 1;' ] ||
	fail "the columns read $got"
age=$(value $C.8.$c)
[ "$age" -ge 0 ] 2>/dev/null && [ "$age" -le 60 ] || fail "age is $age"

t 62 'ipCidrRouteTable: an active row may change; the metric is the sum with the interface'
set_is 0/0 $C.11.$c i 30
everywhere 20
set_is 0/0 $C.11.$c i 10 # the least there can be
everywhere 0
set_is 0/0 $C.16.$c i 1 $C.11.$c i 60 $C.10.$c i 65001 $C.9.$c o 1.3.6.1 $C.12.$c i 7
everywhere 50
value_is 65001 $I.11.$X
value_is 7 $I.13.$X
value_is .1.3.6.1 $F.9.$f

t 63 'ipCidrRouteTable: a metric below that of the interface'
refused 12/1 $C.11.$c i 5
refused 12/2 $C.12.$c i 8 $C.11.$c i 9
empty_all
# shellcheck disable=SC2046
refused 12/4 $(mkc_args $c) $C.11.$c i 5

t 64 'ipCidrRouteTable: masks with holes, host bits, numbers that are none'
mkc_refused 11/3 10.1.0.0.255.0.255.0.0.192.0.2.1
mkc_refused 11/3 10.1.0.0.0.255.0.0.0.192.0.2.1
mkc_refused 11/3 10.1.0.0.0.0.0.1.0.192.0.2.1
mkc_refused 18/3 10.1.0.1.255.255.0.0.0.192.0.2.1
mkc_refused 18/3 10.1.0.0.255.0.0.0.0.192.0.2.1
mkc_refused 18/3 10.1.0.0.0.0.0.0.0.192.0.2.1
mkc_refused 11/3 10.1.0.300.255.255.0.0.0.192.0.2.1
mkc_refused 11/3 10.1.0.0.255.511.0.0.0.192.0.2.1
mkc_refused 11/3 10.1.0.0.255.255.0.0.0.192.0.2.257
mkc_refused 11/3 10.1.0.0.255.255.0.0.0.192.0.2
mkc_refused 11/3 10.1.0.0.255.255.0.0.0.192.0.2.1.1
mkc_refused 11/3 10
mkc_refused 11/3 224.1.0.0.255.255.0.0.0.192.0.2.1
mkc_refused 11/3 10.1.0.0.255.255.0.0.0.127.0.0.1
mkc_refused 11/3 10.1.0.0.255.255.0.0.0.192.0.2.2 # an address of our own

t 65 'ipCidrRouteTable: a type of service, which nothing here tells routes apart by'
for tos in 1 2 4 30 2147483647 4294967295; do mkc_refused 11/3 10.1.0.0.255.255.0.0.$tos.192.0.2.1; done
counts_are 0 0 0

t 2/c 'the order of the varbinds does not matter'
set_is 0/0 $C.16.$c i 4 $C.5.$c i 2 $C.6.$c i 4
everywhere 256
empty_all

t 3/c 'the status alone is not enough'
refused 12/1 $C.16.$c i 4
nowhere

t 4/c 'a missing type is refused at the status; a missing interface is found'
refused 12/2 $C.5.$c i 2 $C.16.$c i 4
set_is 0/0 $C.6.$c i 4 $C.16.$c i 4
value_is 2 $C.5.$c

t 5/c 'a row that exists cannot be created, whichever table it came through'
mkc_refused 12/3 $c
mk_refused 12/3 $X
empty_all
mk $X
mkc_refused 12/3 $c
empty_all

t 6/c 'destroy takes the row out of all tables'
mk $X
set_is 0/0 $C.16.$c i 6
nowhere
counts_are 0 0 0

t 7/c 'destroying what does not exist succeeds'
before=$(snapshot)
set_is 0/0 $C.16.$c i 6
[ "$before" = "$(snapshot)" ] || fail 'the tables changed'

t 8/c 'active and notInService for a row that does not exist'
refused 12/1 $C.16.$c i 1
refused 12/1 $C.16.$c i 2

t 11/c 'statuses that cannot be written'
mkc $c
for v in 3 7 0 -1 2147483647; do refused 10/1 $C.16.$c i $v; done
for v in 3 7 0 -1; do refused 10/1 $C.16.$cy i $v; done

t 12/c 'other types on the wire'
refused 7/1 $C.16.$c u 6
refused 7/1 $C.16.$c s 6
refused 7/1 $C.16.$c o 0.0
refused 7/1 $C.5.$c u 2
refused 7/1 $C.5.$c a 0.0.0.2
refused 7/1 $C.9.$c i 0
refused 7/1 $C.10.$c u 5
refused 7/1 $C.11.$c t 50
everywhere 256
empty_all

t 13/c 'a column of a row that does not exist'
refused 18/1 $C.11.$c i 50
refused 18/1 $C.5.$c i 2
refused 18/1 $C.6.$c i 4
refused 18/1 $C.9.$c o 1.3

t 14/c 'createAndWait: notReady, in no other table, and the index columns can be read'
set_is 0/0 $C.16.$c i 5
value_is 3 $C.16.$c
value_is noSuchInstance $C.6.$c
value_is 10.1.0.0 $C.1.$c
value_is 192.0.2.1 $C.4.$c
value_is 0 $C.5.$c
value_is noSuchInstance $F.6.$f
value_is noSuchInstance $I.17.$X
value_is noSuchInstance $R.8.$r

t 17/c 'active for a row that lacks its type'
refused 12/1 $C.16.$c i 1
refused 12/1 $C.16.$c i 4
value_is 3 $C.16.$c

t 15/c 'supplying it makes the row notInService'
set_is 0/0 $C.6.$c i 4
value_is 2 $C.16.$c
value_is noSuchInstance $I.17.$X

t 16/c 'active puts it into the core and into every table'
set_is 0/0 $C.11.$c i 40
set_is 0/0 $C.16.$c i 1
everywhere 30
empty_all

t 18/c 'active together with what was missing'
set_is 0/0 $C.16.$c i 5
set_is 0/0 $C.16.$c i 1 $C.6.$c i 4
everywhere 256

t 20/c 'a column of an active row changes at once, with active or without'
set_is 0/0 $C.11.$c i 31
everywhere 21
set_is 0/0 $C.16.$c i 1 $C.11.$c i 32
everywhere 22
refused 12/1 $I.12.$X i 5 # not through inetCidrRouteTable
refused 12/1 $C.5.$c i 99
refused 12/1 $C.6.$c i 3
refused 10/1 $C.6.$c i 5
refused 10/1 $C.6.$c i 1

t 21/c 'notInService with a change, and back'
set_is 0/0 $C.11.$c i 33 $C.16.$c i 2
value_is 2 $C.16.$c
value_is 33 $C.11.$c
value_is noSuchInstance $I.17.$X
value_is noSuchInstance $F.6.$f
set_is 0/0 $C.16.$c i 1
everywhere 23

t 23/c 'active on an active row is a success without effect'
before=$(snapshot)
set_is 0/0 $C.16.$c i 1
[ "$before" = "$(snapshot)" ] || fail 'the tables changed'

t 24/c 'creating an active row again'
refused 12/1 $C.16.$c i 4
refused 12/1 $C.16.$c i 5

t 25/c 'read-only columns, of a row and of none'
for i in $c $cy; do
	refused 17/1 $C.1.$i a 10.1.0.0
	refused 17/1 $C.2.$i a 255.255.0.0
	refused 17/1 $C.3.$i i 0
	refused 17/1 $C.4.$i a 192.0.2.1
	refused 17/1 $C.7.$i i 3
	refused 17/1 $C.8.$i i 1
done

t 26/c 'columns that do not exist'
for col in 0 17 4294967295; do
	refused 17/1 $C.$col.$c i 1
	value_is noSuchObject $C.$col.$c
done
empty_all

t 27/c 'types this table has not, and one that does not fit the name'
for v in 0 1 5 9 -1; do mkc_refused 10/2 $c 2 $v; done
mkc_refused 12/2 $c 2 3
mkc_refused 12/2 $cl 3 4

t 29/c 'interfaces that do not exist or cannot be'
mkc_refused 12/1 $c 99
mkc_refused 10/1 $c -1
mkc_refused 10/1 $c -2147483648
mkc_refused 12/1 $cl 0 3 # an on-link row finds none by itself

t 31/c 'interface 0 is found through the next hop'
mkc $c 0
everywhere 256
value_is 2 $C.5.$c
empty_all

t 40/c 'the default route, and it stands first'
mkc $c
mkc 0.0.0.0.0.0.0.0.0.192.0.2.1
got=$(snmpgetnext $RO -On -Oq -r0 -t 5 "$HOST" $C 2>&1)
[ "$got" = "$C.1.0.0.0.0.0.0.0.0.0.192.0.2.1 0.0.0.0" ] || fail "the table begins with $got"
empty_all

t 41/c 'an on-link row and one that rejects'
mkc $cl 3 3
value_is 3 $I.7.$L
value_is 3 $F.6.$fl
value_is 198.51.100.2 $R.7.203.0.113.0 # our own address, as RFC 1213 has it
value_is 3 $R.8.203.0.113.0
set_is 0/0 $C.6.$cl i 2 $C.5.$cl i 0
value_is 2 $C.6.$cl
value_is 0 $C.5.$cl
value_is 1 $F.6.$fl
value_is 2 $I.8.1.4.203.0.113.0.24.2.0.0.0.0
empty_all

# ---- ipForwardTable ----------------------------------------------------------------------

t 66 'ipForwardTable: naming mask, interface and type makes the row, in every table'
set_is 0/0 $F.2.$f a 255.255.0.0 $F.5.$f i 2 $F.6.$f i 4
everywhere 256
counts_are 1 1 1
got=$(echo "get $F.1.$f $F.2.$f $F.3.$f $F.4.$f $F.5.$f $F.6.$f $F.7.$f $F.9.$f $F.10.$f $F.11.$f $F.12.$f $F.13.$f $F.14.$f $F.15.$f" |
	pdu | sed -e 's/^[^ ]* //' -e 's/^o \./o /' | tr '\n' ';')
[ "$got" = '0/0;a 10.1.0.0;a 255.255.0.0;i 0;a 192.0.2.1;i 2;i 4;i 3;o 0.0;i 0;i 266;i -1;i -1;i -1;i -1;' ] ||
	fail "the columns read $got"

t 62/f 'ipForwardTable: the metric, and one below that of the interface'
set_is 0/0 $F.11.$f i 30
everywhere 20
refused 12/1 $F.11.$f i 9
set_is 0/0 $F.10.$f i 7 $F.9.$f o 1.3
value_is 7 $I.11.$X
value_is .1.3 $C.9.$c

t 70 'ipForwardTable: another mask is another row, in one step'
set_is 0/0 $F.2.$f a 255.255.255.0
value_is 255.255.255.0 $F.2.$f
value_is noSuchInstance $C.16.$c
has_row 1.4.10.1.0.0.24.2.0.0.1.4.192.0.2.1
value_is 30 $C.11.10.1.0.0.255.255.255.0.0.192.0.2.1
counts_are 1 1 1
# shellcheck disable=SC2046
refused 12/1 $F.2.$f a 255.0.0.0     # contradicts the destination
refused 10/1 $F.2.$f a 255.0.255.0   # no mask at all
refused 7/1 $F.2.$f i 24
refused 12/2 $F.5.$f i 2 $F.2.$f a 254.0.0.0
set_is 0/0 $F.2.$f a 255.255.0.0
everywhere 20

t 69 'ipForwardTable: type invalid takes the row away everywhere'
set_is 0/0 $F.6.$f i 2
nowhere
counts_are 0 0 0
mk $X
set_is 0/0 $F.11.$f i 9 $F.6.$f i 2 # with another column: that one is moot
nowhere

t 67 'ipForwardTable: another protocol in the index'
for p in 1 2 4 8 13 15 16 0 4294967295; do mkf_refused 11/1 10.1.0.0.$p.0.192.0.2.1; done

t 68 'ipForwardTable: without a mask, but for the default route'
refused 12/1 $F.6.$f i 4
refused 12/2 $F.5.$f i 2 $F.6.$f i 4
set_is 0/0 $F.6.0.0.0.0.3.0.192.0.2.1 i 4
value_is 0.0.0.0 $F.2.0.0.0.0.3.0.192.0.2.1
value_is 2 $F.5.0.0.0.0.3.0.192.0.2.1
empty_all

t 65/f 'ipForwardTable: a policy other than 0'
for p in 1 2 30; do mkf_refused 11/1 10.1.0.0.3.$p.192.0.2.1; done

t 2/f 'the order of the varbinds does not matter'
set_is 0/0 $F.6.$f i 4 $F.2.$f a 255.255.0.0
everywhere 256
empty_all

t 5/f 'naming the columns of a row that exists changes it'
mk $X
mkf $f
everywhere 256
mkf $f 3
value_is 3 $I.7.$X
counts_are 1 1 1
empty_all

t 7/f 'invalid of what does not exist succeeds'
before=$(snapshot)
set_is 0/0 $F.6.$f i 2
[ "$before" = "$(snapshot)" ] || fail 'the tables changed'

t 11/f 'types that cannot be written'
for v in 0 1 5 9 -1 2147483647; do
	refused 10/1 $F.6.$f i $v
	mkf_refused 10/3 $f 2 $v
done

t 12/f 'other types on the wire'
mkf $f
refused 7/1 $F.6.$f u 2
refused 7/1 $F.2.$f s 1234
refused 7/1 $F.2.$f i 0
refused 7/1 $F.5.$f u 2
refused 7/1 $F.9.$f s 1.3
refused 7/1 $F.11.$f t 50
pdu_set_is 7/1 $F.11.$f c 50
everywhere 256

t 25/f 'read-only columns, of a row and of none; columns that do not exist'
for i in $f $fy; do
	refused 17/1 $F.1.$i a 10.1.0.0
	refused 17/1 $F.3.$i i 0
	refused 17/1 $F.4.$i a 192.0.2.1
	refused 17/1 $F.7.$i i 3
	refused 17/1 $F.8.$i i 1
	refused 17/1 $F.16.$i i 4
	refused 17/1 $F.0.$i i 4
done
value_is noSuchObject $F.16.$f
empty_all

t 13/f 'columns without a type make no row'
refused 18/1 $F.11.$f i 50
refused 18/1 $F.2.$f a 255.255.0.0 $F.5.$f i 2
refused 18/1 $F.5.$f i 2

t 28/f 'type and name that do not fit, interfaces that do not exist'
mkf_refused 12/3 $f 2 3
mkf_refused 12/3 $fl 3 4 255.255.255.0
mkf_refused 12/2 $f 99
mkf_refused 10/2 $f -1
mkf_refused 12/2 $fl 0 3 255.255.255.0

t 34/f 'numbers that are none, too few and too many of them, multicast'
mkf_refused 11/1 10.1.0.300.3.0.192.0.2.1
mkf_refused 11/1 10.1.0.0.3.0.192.0.2.257
mkf_refused 11/1 10.1.0.0.3.0.192.0.2
mkf_refused 11/1 10.1.0.0.3.0.192.0.2.1.1
mkf_refused 11/1 224.1.0.0.3.0.192.0.2.1
mkf_refused 12/1 10.1.2.3.3.0.192.0.2.1

t 40/f 'the order is destination, protocol, policy, next hop'
mkf $f9
mkf $f
mkf 10.0.0.0.3.0.192.0.2.200 2 4 255.0.0.0
got=$(snmpwalk $RO -On -Oq -r0 -t 5 "$HOST" $F.1 2>&1 | sed "s/^$F\\.1\\.\\([0-9.]*\\) .*/\\1/" | tr '\n' ' ')
[ "$got" = "10.0.0.0.3.0.192.0.2.200 $f $f9 " ] || fail "the walk is $got"

t 40/t 'of several masks of one address the longest stands for the others'
mkc 10.1.0.0.255.255.240.0.0.192.0.2.1
value_is 255.255.240.0 $F.2.$f
value_is 255.255.240.0 $R.11.$r
counts_are 4 4 3
set_is 0/0 $F.6.$f i 2 # that one goes, the other comes to light
value_is 255.255.0.0 $F.2.$f
counts_are 3 3 3
mkc 10.1.0.0.255.255.240.0.0.192.0.2.1
refused 12/1 $F.2.$f a 255.255.0.0 # there is that one already
empty_all

# ---- ipRouteTable ---------------------------------------------------------------------------

t 25/r 'ipRouteTable: every column is read-only'
mk $X
refused 17/1 $R.1.$r a 10.1.0.0
refused 17/1 $R.2.$r i 3
refused 17/1 $R.3.$r i 50
refused 17/1 $R.7.$r a 192.0.2.9
refused 17/1 $R.8.$r i 2
refused 17/1 $R.11.$r a 255.255.0.0
refused 17/1 $R.13.$r o 0.0
refused 17/1 $R.8.10.7.0.0 i 4
# shellcheck disable=SC2046
refused 17/4 $(mk_args $Y) $R.8.$r i 2
refused 17/1 $R.8.$r u 2
empty_all

# ---- routes of others -------------------------------------------------------------------------

t 71 'a route of another client is shown in every table and changed through none'
printf '%s\n' '10.1.0.0/16 192.0.2.1 eth0 20' >"$dir/routes"
restart_rtmd_with "preload $dir/routes"
everywhere 20
refused 12/1 $I.17.$X i 6
refused 12/1 $I.17.$X i 2
refused 17/1 $I.12.$X i 5
set_is 0/0 $I.17.$X i 1
refused 12/1 $C.16.$c i 6
refused 12/1 $C.16.$c i 2
refused 17/1 $C.11.$c i 60
refused 17/1 $C.5.$c i 3
set_is 0/0 $C.16.$c i 1
refused 12/1 $F.6.$f i 2
refused 17/1 $F.11.$f i 60
refused 17/1 $F.2.$f a 255.255.255.0
refused 17/1 $F.5.$f i 3
mk_refused 12/3 $X
mkc_refused 12/3 $c
mkf_refused '1[27]/[123]' $f
# shellcheck disable=SC2046
refused 12/4 $(mkc_args $cy) $C.16.$c i 6
everywhere 20
restart_rtmd_with ''
base_number=$(value $Z.6.0) base_rows=$(rows | wc -l)
base_cidr=$(value $Z.3.0) base_forward=$(value $Z.1.0)

# ---- several tables in one PDU --------------------------------------------------------------------

t 52 'one route under two names in a PDU: inconsistentValue at the later status'
# shellcheck disable=SC2046
{
	refused 12/6 $(mk_args $X) $(mkc_args $c)
	refused 12/6 $(mkc_args $c) $(mk_args $X)
	refused 12/6 $(mkc_args $c) $(mkf_args $f)
	refused 12/6 $(mkf_args $f) $(mkc_args $c)
	refused 12/6 $(mk_args $X) $(mkf_args $f)
	refused 12/6 $(mkf_args $f) $(mk_args $X)
	refused 12/5 $C.6.$c i 4 $I.7.$X i 2 $I.8.$X i 4 $I.17.$X i 4 $C.16.$c i 4
}
nowhere

t 46/t 'rows through three tables, one of them wrong: none exists'
# shellcheck disable=SC2046
{
	refused 10/8 $(mk_args $X) $(mkf_args $fy) $C.5.$cl i 3 $C.6.$cl i 9 $C.16.$cl i 4
	refused 12/5 $(mkc_args $c) $(mkf_args $fy 99)
	refused 18/3 $(mkc_args 10.1.0.1.255.255.0.0.0.192.0.2.1) $(mk_args $Y)
}
nowhere

t 47/t 'rows through three tables, their varbinds interleaved'
set_is 0/0 $I.7.$X i 2 $F.2.$fy a 255.255.0.0 $C.5.$cl i 3 $I.8.$X i 4 $F.6.$fy i 4 $C.6.$cl i 3 \
	$I.17.$X i 4 $F.5.$fy i 2 $C.16.$cl i 4
counts_are 3 3 3

t 6/t 'all of them destroyed in one PDU, each through another table'
set_is 0/0 $F.6.$f i 2 $C.16.$cy i 6 $I.17.$L i 6
counts_are 0 0 0
mk $X
set_is 0/0 $I.17.$X i 6 $C.16.$c i 6 $F.6.$f i 2 # and one by all its names
nowhere

told() {
	sed -n "$((heard + 1)),\$s/^info: fib: \([a-z]*\) prefix=10\.1\.0\.0\/16.*/\1/p" "$dir/rtmd.log" | tr '\n' ' '
}
heed() { heard=$(wc -l <"$dir/rtmd.log"); }

t 48/t 'destroy through one table and create through another'
# shellcheck disable=SC2046
{
	mk $X
	set_is 0/0 $C.16.$c i 6 $(mkf_args $fy)
	lacks_row $X
	has_row $Y
	set_is 0/0 $(mkc_args $c) $F.6.$fy i 2
	has_row $X
	lacks_row $Y
	refused 12/4 $I.17.$X i 6 $(mkc_args $c) # itself
}
empty_all

t 49/t 'a route replaced across tables: neither both nor none between'
# shellcheck disable=SC2046
for pair in "$C.16.$c i 6 $(mk_args $X9)" "$(mkf_args $f9) $I.17.$X i 6" "$F.6.$f i 2 $(mkc_args $c9)"; do
	mk $X
	heed
	set_is 0/0 $pair
	lacks_row $X
	has_row $X9
	[ "$(told)" = 'install ' ] || fail "the forwarder was told: $(told)"
	empty_all
done
mk $X
heed
refused 12/3 $C.16.$c i 6 $C.6.$c9 i 4 $C.5.$c9 i 99 $C.16.$c9 i 4
[ "$(told)" = '' ] || fail "the forwarder was told: $(told)"
empty_all

t 50/t 'creating and destroying one instance, two values for one column'
before=$(snapshot)
pdu_set_is 12/2 $C.16.$c i 4 $C.16.$c i 6 $C.6.$c i 4
pdu_set_is 12/3 $F.2.$f a 255.255.0.0 $F.6.$f i 4 $F.6.$f i 2
[ "$before" = "$(snapshot)" ] || fail 'the tables changed'
mk $X
refused 12/2 $C.11.$c i 50 $F.11.$f i 60
refused 12/2 $C.11.$c i 50 $I.17.$X i 6
refused 12/2 $F.6.$f i 2 $C.11.$c i 50
everywhere 256
empty_all

t 51/t 'the same value twice is accepted once'
pdu_set_is 0/0 $C.6.$c i 4 $C.6.$c i 4 $C.16.$c i 4 $C.16.$c i 4
everywhere 256
pdu_set_is 0/0 $F.11.$f i 50 $F.11.$f i 50
everywhere 40
empty_all

t 56/t "objects of snmpd in the PDU: too long, read-only, and good"
long=$(printf 'x%.0s' $(seq 1 300))
# shellcheck disable=SC2046
{
	refused 8/4 $(mkc_args $c) .1.3.6.1.2.1.1.4.0 s "$long"
	refused 8/4 $(mkf_args $f) .1.3.6.1.2.1.1.4.0 s "$long"
	refused 17/4 $(mkc_args $c) .1.3.6.1.2.1.1.1.0 s x
	refused 17/7 $(mkf_args $f) $(mkc_args $cy) .1.3.6.1.2.1.1.1.0 s x
	refused 17/4 $(mkc_args $c) $Z.1.0 u 1
	set_is 0/0 $(mkc_args $c) .1.3.6.1.2.1.1.4.0 s short $(mkf_args $fy)
}
everywhere 256
has_row $Y
empty_all

# ---- versions and users ---------------------------------------------------------------------------

t 58/t 'SNMPv1 has other names for the same errors, at the same varbind'
v1_is() {
	local want=$1 got before
	shift
	before=$(snapshot)
	got=$(snmpset_ei "-v1 -c private" "$@")
	[ "$got" = "$want" ] || fail "v1 set $*: $got, expected $want"
	[ "$want" = 0/0 ] || [ "$before" = "$(snapshot)" ] || fail 'the tables changed'
}
# shellcheck disable=SC2046
{
	v1_is 3/1 $C.16.$c i 4
	v1_is 2/1 $C.11.$c i 50
	v1_is 2/1 $C.7.$c i 3
	v1_is 2/3 $(mkc_args 10.1.0.0.255.0.255.0.0.192.0.2.1)
	v1_is 2/3 $(mkc_args 10.1.0.1.255.255.0.0.0.192.0.2.1)
	v1_is 3/2 $(mkc_args $c 2 9)
	v1_is 3/1 $F.6.$f i 4
	v1_is 2/1 $F.11.$f i 50
	v1_is 2/1 $(mkf_args 10.1.0.0.13.0.192.0.2.1)
	v1_is 3/3 $(mkf_args $f 2 9)
	v1_is 2/1 $R.8.$r i 2
	v1_is 3/6 $(mk_args $X) $(mkc_args $c)
	v1_is 0/0 $(mkc_args $c) $(mkf_args $fy)
}
everywhere 256
for o in $C.16.$c=1 $F.6.$fy=4 $R.7.$r=192.0.2.1; do
	got=$(snmpget -v1 -c public -On -Oqv -r0 "$HOST" "${o%=*}" 2>&1)
	[ "$got" = "${o#*=}" ] || fail "v1 get of ${o%=*}: $got"
done
for o in $C.16 $F.6 $R.8; do
	got=$(snmpwalk -v1 -c public -On -Oq -r0 "$HOST" $o 2>&1 | grep -c "^$o\.")
	[ "$got" = 2 ] || fail "v1 walk of $o shows $got rows"
	got=$(snmpget -v1 -c public -On -r0 "$HOST" $o.10.77.0.0 2>&1 | sed -n 's/^Reason: *(\([A-Za-z]*\).*/\1/p')
	[ "$got" = noSuchName ] || fail "v1 get of an absent row of $o: $got"
done
v1_is 0/0 $C.16.$c i 6 $F.6.$fy i 2
counts_are 0 0 0

t 59/t 'a community that may only read'
before=$(snapshot)
# shellcheck disable=SC2046
for args in "$(mkc_args $c)" "$(mkf_args $f)"; do
	got=$(snmpset_ei "-v2c -c public" $args)
	[ "$got" = 6/1 ] || fail "v2c: $got"
	got=$(snmpset_ei "-v1 -c public" $args)
	[ "$got" = 2/1 ] || fail "v1: $got"
done
[ "$before" = "$(snapshot)" ] || fail 'the tables changed'

t 60/t 'SNMPv3: authPriv, authNoPriv, a user that may only read'
RW3='-v3 -u rw -l authPriv -a SHA -A authentic-rw -x AES -X private-rw'
# shellcheck disable=SC2046
{
	got=$(snmpset_ei "$RW3" $(mkc_args $c) $(mkf_args $fy))
	[ "$got" = 0/0 ] || fail "authPriv: $got"
	everywhere 256
	got=$(snmpset_ei "$RW3" $C.11.$c i 5)
	[ "$got" = 12/1 ] || fail "authPriv, metric too small: $got"
	got=$(snmpset_ei "$RW3" $F.6.$f i 2 $C.16.$cy i 6)
	[ "$got" = 0/0 ] || fail "authPriv destroy: $got"
	before=$(snapshot)
	for args in "$(mkc_args $c)" "$(mkf_args $f)"; do
		got=$(snmpset_ei '-v3 -u rw -l authNoPriv -a SHA -A authentic-rw' $args)
		case $got in 16/*) ;; *) fail "authNoPriv: $got" ;; esac
		got=$(snmpset_ei '-v3 -u ro -l authPriv -a SHA -A authentic-ro -x AES -X private-ro' $args)
		[ "$got" = 6/1 ] || fail "read-only user: $got"
	done
	[ "$before" = "$(snapshot)" ] || fail 'the tables changed'
}

t 60/v 'SNMPv3: a user whose view is one table'
PART='-v3 -u part -l authPriv -a SHA -A authentic-part -x AES -X private-part'
before=$(snapshot)
# shellcheck disable=SC2046
{
	got=$(snmpset_ei "$PART" $(mk_args $X))
	[ "$got" = 6/1 ] || fail "inetCidrRouteTable: $got"
	got=$(snmpset_ei "$PART" $(mkc_args $cy) $(mkf_args $f))
	[ "$got" = 6/4 ] || fail "two tables: $got"
	[ "$before" = "$(snapshot)" ] || fail 'the tables changed'
	got=$(snmpset_ei "$PART" $(mkc_args $c))
	[ "$got" = 0/0 ] || fail "ipCidrRouteTable: $got"
}
everywhere 256
got=$(snmpwalk $PART -On -Oq -r0 -t 5 "$HOST" .1.3.6.1.2.1.4 2>&1 | grep -vc "^$C\.")
[ "$got" = 0 ] || fail "its walk shows $got objects of others"
got=$(snmpget $PART -On -r0 -t 5 "$HOST" $I.17.$X 2>&1)
case $got in *'No Such Object'*) ;; *) fail "inetCidrRouteTable reads $got" ;; esac
empty_all

# ---- reading -------------------------------------------------------------------------------------------

next_is() { # EXPECTED-NAME NAME
	local got
	got=$(snmpgetnext $RO -On -Oq -r0 -t 5 "$HOST" "$2" 2>&1 | sed 's/ .*//')
	[ "$got" = "$1" ] || fail "next of $2 is $got, expected $1"
}

t 72/t "empty tables end cleanly, and show nothing of snmpd's"
[ "$base_number" = 0 ] || fail "the table starts with $base_number rows"
next_is $Z.1.0 $Z
next_is $Z.3.0 $Z.1.0
next_is $Z.3.0 $F
next_is $Z.3.0 $F.6
next_is $Z.3.0 $F.15.4294967295
next_is $Z.6.0 $C
next_is $Z.6.0 $C.16.4294967295
next_is $Z.6.0 $Z.5
for o in $C $F $R; do
	out=$(snmpwalk $RO -On -r0 -t 5 "$HOST" ${o%.1} 2>&1 | grep "^$o")
	[ -z "$out" ] || fail "the walk of $o shows $(printf '%s\n' "$out" | head -n 1)"
	out=$(snmpbulkwalk $RO -On -r0 -t 5 "$HOST" ${o%.1} 2>&1 | grep "^$o")
	[ -z "$out" ] || fail "the bulk walk of $o shows $(printf '%s\n' "$out" | head -n 1)"
	case $(value $o) in noSuch*) ;; *) fail "$o reads $(value $o)" ;; esac
done

t 73/t 'GETNEXT from any name finds the row that follows'
mkc $c
mkc $c9
mkc 10.1.0.0.255.255.240.0.0.192.0.2.1
mkc $cy
mk $V
next_is $C.1.$c $C
next_is $C.1.$c $Z.3.0
next_is $C.1.$c $C.1
next_is $C.1.$c $C.0.99
next_is $C.5.$c $C.5.10.1
next_is $C.5.$c $C.5.9.999
next_is $C.5.$c9 $C.5.$c
next_is $C.5.$c9 $C.5.$c.0
next_is $C.5.$c9 $C.5.10.1.0.0.255.255.0.0.0.192.0.2.8.4294967295
next_is $C.5.10.1.0.0.255.255.240.0.0.192.0.2.1 $C.5.$c9
next_is $C.5.10.1.0.0.255.255.240.0.0.192.0.2.1 $C.5.10.1.0.0.255.255.0.0.1
next_is $C.5.10.1.0.0.255.255.240.0.0.192.0.2.1 $C.5.10.1.0.0.255.255.0.4294967295
next_is $C.5.$cy $C.5.10.1.0.0.255.255.240.0.4
next_is $C.5.$cy $C.5.10.1.4294967295
next_is $C.6.$c $C.5.$cy
next_is $C.6.$c $C.5.999
next_is $C.6.$c $C.5.4294967295
next_is $C.16.$c $C.15.255
next_is $Z.6.0 $C.16.$cy
next_is $Z.6.0 $C.17
next_is $F.1.$f $F
next_is $F.1.$f $Z.1.0
next_is $F.6.$f $F.6.10.1.0.0.3.0.192.0.2.0
next_is $F.6.$f $F.6.10.1.0.0.2
next_is $F.6.$f9 $F.6.$f
next_is $F.6.$fy $F.6.10.1.0.0.3.1
next_is $F.6.$fy $F.6.10.1.0.0.4
next_is $F.6.$fy $F.6.10.1.0.0.4294967295
next_is $F.6.$fy $F.6.10.1.0.256
next_is $F.7.$f $F.6.$fy
next_is $Z.3.0 $F.15.$fy
next_is $R.1.$r $R
next_is $R.1.$r ${R%.1}
next_is $R.1.10.2.0.0 $R.1.$r
next_is $R.2.$r $R.1.10.2.0.0
next_is $R.13.10.2.0.0 $R.13.10.1.255.255.1
next_is $R.13.10.2.0.0 $R.13.10.1.4294967295
next_is $R.13.$r $R.12.11
value_is noSuchInstance $C.5.$c.0
value_is noSuchInstance $C.5.10.1.0.0.255.255.0.0.0.192.0.2
value_is noSuchInstance $C.5.10.1.0.0.255.255.0.0.2.192.0.2.1
value_is noSuchInstance $F.6.10.1.0.0.3.2.192.0.2.1
value_is noSuchInstance $F.6.10.1.0.256.3.0.192.0.2.1
value_is noSuchInstance $R.7.10.1.0
value_is noSuchInstance $R.7.10.1.0.0.0

t 76/t 'columns of four tables by four repetitions are interleaved'
got=$(snmpbulkget $RO -On -Oq -r0 -t 5 -Cn0 -Cr4 "$HOST" $R.7 $F.6 $C.5 $I.8 2>&1 | sed 's/ .*//' | head -n 8)
want="$R.7.$r
$F.6.$f
$C.5.$c
$I.8.$X
$R.7.10.2.0.0
$F.6.$f9
$C.5.$c9
$I.8.$X9"
[ "$got" = "$want" ] || fail "$(changed "$want" "$got")"

t 77 'the counts agree with the walks and have the right types'
set_is 0/0 $C.16.$cl i 5                        # notReady: a row of ipCidrRouteTable alone
set_is 0/0 $I.17.1.4.10.3.0.0.16.2.0.0.1.4.192.0.2.1 i 5
mk 1.4.10.9.0.0.16.2.0.0.0.0 0 2                # one that rejects
set_is 0/0 $C.16.$cy i 2                        # suspended
walk_count() { snmpbulkwalk $RO -On -r1 -t 5 -Cr50 "$HOST" "$1" 2>/dev/null | grep -c "^$1\."; }
got=$(echo "get $Z.6.0 $Z.3.0 $Z.1.0 $Z.8.0" | pdu | tail -n +2)
want="$Z.6.0 u $(walk_count $I.17)
$Z.3.0 u $(walk_count $C.16)
$Z.1.0 u $(walk_count $F.6)
$Z.8.0 c $(value $Z.8.0)"
[ "$got" = "$want" ] || fail "$(changed "$want" "$got")"
set_is 0/0 $C.16.$cl i 6 $C.16.$cy i 6
empty_all

t 74/t 'three hundred random rows: the older tables hold what the model says, in order'
perl "$top_src/tests/tools/random_rows.pl" 2096 300 | sort -u >"$dir/model"
while read -r idx ifx type; do mk_args "$idx" "$ifx" "$type"; done <"$dir/model" |
	sed 's/^/set /' | pdu | grep -v '^0/0$' | sed 's/^/# refused: /'
perl "$top_src/tests/tools/older_rows.pl" <"$dir/model" >"$dir/expected"
for table in c=$C=16 f=$F=15 r=$R=13; do
	root=${table#*=} last=${table##*=}
	root=${root%=*}
	sed -n "s/^${table%%=*} //p" "$dir/expected" >"$dir/want"
	[ "$(wc -l <"$dir/want")" -gt 50 ] || fail "the model has $(wc -l <"$dir/want") rows of $root"
	for col in $(seq 1 "$last"); do
		echo "walk $root.$col 50" | pdu >"$dir/walk" || fail "column $root.$col is not increasing"
		sed -n "s/^\\$root\\.$col\\.\\([0-9.]*\\) .*/\\1/p" "$dir/walk" >"$dir/got"
		cmp -s "$dir/want" "$dir/got" ||
			fail "column $root.$col: $(diff "$dir/want" "$dir/got" | head -n 4 | tr '\n' ';')"
	done
	[ "$root" = $R ] || value_is "$(wc -l <"$dir/want")" $Z.$([ "$root" = $C ] && echo 3 || echo 1).0
	perl "$top_src/tests/tools/random_names.pl" 78 100 "$dir/want" $root.3 $root.4 >"$dir/queries"
	cut -d' ' -f1 "$dir/queries" | sed 's/^/next /' | pdu | grep '^\.' | cut -d' ' -f1 >"$dir/got"
	cut -d' ' -f2 "$dir/queries" | cmp -s - "$dir/got" ||
		fail "GETNEXT: $(paste -d' ' "$dir/queries" "$dir/got" | awk '$2 != $3' | head -n 3)"
done

t 75/t 'rows that come and go do not disturb walks of the older tables'
awk 'NR % 2' "$dir/model" >"$dir/moving"
awk '!(NR % 2)' "$dir/model" | perl "$top_src/tests/tools/older_rows.pl" >"$dir/staying"
(
	for round in 1 2 3 4 5 6; do
		while read -r idx ifx type; do
			echo "set $I.17.$idx i 6"
			echo "set $(mk_args "$idx" "$ifx" "$type")"
		done <"$dir/moving"
	done
) | pdu >"$dir/churn" &
churn=$!
extra_pids=$churn
walks=0
while ! is_gone $churn || [ $walks -lt 3 ]; do
	for table in c=$C.16 f=$F.6 r=$R.8; do
		root=${table#*=}
		echo "walk $root 7" | pdu >"$dir/walk" || fail "a walk of $root is not increasing"
		sed -n "s/^\\$root\\.\\([0-9.]*\\) .*/\\1/p" "$dir/walk" | sort >"$dir/got"
		sed -n "s/^${table%%=*} //p" "$dir/staying" | sort >"$dir/must"
		sed -n "s/^${table%%=*} //p" "$dir/expected" | sort >"$dir/may"
		[ "$(comm -23 "$dir/must" "$dir/got" | wc -l)" = 0 ] ||
			fail "$root: $(comm -23 "$dir/must" "$dir/got" | head -n 3) present throughout, not seen"
		[ "$(comm -13 "$dir/may" "$dir/got" | wc -l)" = 0 ] ||
			fail "$root: $(comm -13 "$dir/may" "$dir/got" | head -n 3) appeared, made by nobody"
	done
	walks=$((walks + 1))
	[ $walks -lt 100 ] || break
done
wait $churn
extra_pids=''
[ "$(grep -vc '^0/0$' "$dir/churn")" = 0 ] || fail "refused meanwhile: $(sort "$dir/churn" | uniq -c | tr '\n' ';')"
echo "# $walks walks of three tables beside $(wc -l <"$dir/churn") SETs"
empty_all

# ---- what fails underneath ---------------------------------------------------------------------------------

t 53/t 'the forwarder refuses the second row: commitFailed there, and the first is not kept'
restart_rtmd_with 'memoryRefuse 10.2.0.0/16 install ERROR_NO_SYSTEM_RESOURCES'
# shellcheck disable=SC2046
{
	refused '14/[456]' $(mkc_args $c) $(mkc_args $cy)
	refused '14/[456]' $(mkf_args $f) $(mkf_args $fy)
	refused '14/[456]' $(mk_args $X) $(mkf_args $fy)
	mk $X
	refused '14/[234]' $F.6.$f i 2 $(mkc_args $cy)
	refused '14/[234]' $C.11.$c i 60 $(mkf_args $fy)
	everywhere 256
	mkf 10.2.0.0.3.0.192.0.2.1 2 4 255.255.255.0
	refused 14/1 $F.2.$fy a 255.255.0.0
	value_is 255.255.255.0 $F.2.$fy
}
empty_all

t 54/t 'undoing fails as well: undoFailed, and both go on'
restart_rtmd_with 'memoryRefuse 10.2.0.0/16 install ERROR_NO_SYSTEM_RESOURCES
memoryRefuse 10.1.0.0/16 remove ERROR_BUSY'
# shellcheck disable=SC2046
set_is '15/*' $(mkc_args $c) $(mkf_args $fy)
logs 'undo'
rtmd_answers || fail 'rtmd does not answer'
mkc 10.3.0.0.255.255.0.0.0.192.0.2.1
set_is 0/0 $F.6.10.3.0.0.3.0.192.0.2.1 i 2

t 55/t 'no memory in the test phase: resourceUnavailable in the row, nothing done'
refusals=0 n=1 got=''
while [ $n -le 80 ] && [ "$got" != 0/0 ]; do
	restart_rtmd_with "testFailAllocation $n"
	before=$(snapshot)
	# shellcheck disable=SC2046
	got=$(snmpset_ei "$RW" $(mkc_args $c) $(mkf_args $fy))
	case $got in
	13/[1-6])
		refusals=$((refusals + 1))
		[ "$before" = "$(snapshot)" ] || fail "allocation $n: refused, yet the tables changed"
		;;
	0/0) ;;
	*)
		fail "allocation $n: $got"
		break
		;;
	esac
	n=$((n + 1))
done
[ $refusals -ge 1 ] || fail 'no allocation failed: nothing was tested'
[ "$got" = 0/0 ] || fail "allocation $n still fails: $got"

t 19/c 'a row left unfinished goes after the reaper time'
restart_rtmd_with 'rowTimeout 2'
set_is 0/0 $C.16.$c i 5
mkc $cy
set_is 0/0 $C.16.$cy i 2
gone() { [ "$(value $C.16.$1)" = noSuchInstance ]; }
within 10 gone $c || fail 'the notReady row is still there'
within 10 gone $cy || fail 'the notInService row is still there'
counts_are 0 0 0

finish
