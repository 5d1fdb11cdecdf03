#!/bin/bash
# Reading: ends of the table, names that are no rows, GETBULK shapes, the counts.
# Cases 72, 73, 76 and 77.
. "$(dirname "$0")/lib.sh"
world

next_is() { # EXPECTED-NAME NAME
	local got
	got=$(snmpgetnext $RO -On -Oq -r0 -t 5 "$HOST" "$2" 2>&1 | sed 's/ .*//')
	[ "$got" = "$1" ] || fail "next of $2 is $got, expected $1"
}

t 72 'an empty table ends cleanly'
if [ "$base_rows" = 0 ]; then
	out=$(snmpwalk $RO -On -r0 -t 5 "$HOST" $I 2>&1)
	case $out in
	*'No Such'*) ;;
	*) fail "walk of the empty table: $out" ;;
	esac
	next_is $Z.8.0 $I
	next_is $Z.8.0 $I.7
else
	fail "the table starts with $base_rows rows"
fi
next_is $Z.8.0 $I.17.4294967295
next_is $Z.8.0 $I.18
next_is $Z.8.0 $I.4294967295
next_is $Z.8.0 $Z.7.2
value_is noSuchObject $I
value_is noSuchObject $Z.7
value_is noSuchInstance $I.7.$X

A=1.4.10.0.0.0.8.2.0.0.1.4.192.0.2.1
B=1.4.10.1.0.0.16.2.0.0.1.4.192.0.2.1
D=1.4.10.1.0.0.24.2.0.0.1.4.192.0.2.1
E=1.4.10.1.0.0.24.2.0.0.1.4.192.0.2.9
G=2.16.32.1.13.184.0.1.0.0.0.0.0.0.0.0.0.0.48.2.0.0.2.16.32.1.13.184.0.0.0.0.0.0.0.0.0.0.0.1
for r in $G $E $B $A $D; do mk $r; done

t 73 'GETNEXT from any name finds the row that follows'
next_is $I.7.$A $I
next_is $I.7.$A $Z.7
next_is $I.7.$A $I.7
next_is $I.7.$A $I.1
next_is $I.7.$A $I.6.4294967295
next_is $I.7.$A $I.7.1
next_is $I.7.$A $I.7.1.4
next_is $I.7.$A $I.7.1.4.10
next_is $I.7.$A $I.7.1.3.255.255.255.255.255
next_is $I.7.$B $I.7.1.4.10.1
next_is $I.7.$B $I.7.$A
next_is $I.7.$B $I.7.1.4.10.0.256
next_is $I.7.$B $I.7.1.4.10.0.0.0.9
next_is $I.7.$D $I.7.$B
next_is $I.7.$D $I.7.$B.0
next_is $I.7.$D $I.7.1.4.10.1.0.0.17
next_is $I.7.$D $I.7.1.4.10.1.0.0.24.2.0.0.0
next_is $I.7.$D $I.7.1.4.10.1.0.0.24.1.99
next_is $I.7.$G $I.7.1.4.10.1.0.0.24.2.0.0.1.4.192.0.2.4294967295.7
next_is $I.7.$E $I.7.1.4.10.1.0.0.24.2.0.0.1.4.192.0.2.8.4294967295
next_is $I.7.$E $I.7.$D
next_is $I.7.$G $I.7.$E
next_is $I.7.$G $I.7.1.4.10.1.0.0.24.3
next_is $I.7.$G $I.7.1.4.999
next_is $I.7.$G $I.7.1.4.300.1
next_is $I.7.$G $I.7.1.5
next_is $I.7.$G $I.7.1.4294967295
next_is $I.7.$G $I.7.2
next_is $I.7.$G $I.7.2.15.255
next_is $I.8.$A $I.7.$G
next_is $I.8.$A $I.7.3
next_is $I.8.$A $I.7.2.17
next_is $I.8.$A $I.7.4294967295
next_is $I.17.$A $I.16.$G
next_is $Z.8.0 $I.17.$G
next_is $Z.8.0 $I.17.2.16.255
long=$(printf '.255%.0s' $(seq 1 100))
next_is $I.7.$G $I.7.1.4$long
next_is $I.8.$A $I.7.2.16$long

t 73a 'GET wants the exact name'
value_is 2 $I.7.$B
value_is noSuchInstance $I.7.$B.0
value_is noSuchInstance $I.7.1.4.10.1.0.0.16.2.0.0.1.4.192.0.2
value_is noSuchInstance $I.7.1.4.10.1.0.256.16.2.0.0.1.4.192.0.2.1
value_is noSuchInstance $I.7.1.4.10.1.0.1.16.2.0.0.1.4.192.0.2.1
value_is noSuchInstance $I.7.1.4.10.1.0.0.16.3.0.0.2.1.4.192.0.2.1
value_is noSuchInstance $I.7.1.4.266.1.0.0.16.2.0.0.1.4.192.0.2.1
value_is noSuchInstance $I.7
value_is noSuchInstance $I.17.4294967295

t 76 'three columns by ten repetitions are interleaved'
expect=$(for r in $A $B $D $E $G; do
	for c in 7 8 17; do echo "$I.$c.$r"; done
done)
got=$(snmpbulkget $RO -On -Oq -r0 -t 5 -Cn0 -Cr10 "$HOST" $I.7 $I.8 $I.17 2>&1 | sed 's/ .*//')
[ "$(printf '%s\n' "$got" | head -n 15)" = "$expect" ] || fail "$(changed "$expect" "$got")"
[ "$(printf '%s\n' "$got" | wc -l)" = 30 ] || fail "$(printf '%s\n' "$got" | wc -l) varbinds, expected 30"

t 76a 'other shapes of GETBULK'
shape() { # NONREPEATERS REPETITIONS COUNT NAMES...
	local nr=$1 mr=$2 want=$3 got
	shift 3
	got=$(echo "bulk $nr $mr $*" | pdu | tail -n +2 | wc -l)
	[ "$got" = "$want" ] || fail "bulk $nr $mr $*: $got varbinds, expected $want"
}
shape 1 4 5 $Z.6 $I.7
shape 2 0 2 $Z.6 $I.7
shape 0 0 0 $I.7
shape 0 1 11 $I.7 $I.8 $I.9 $I.10 $I.11 $I.12 $I.13 $I.14 $I.15 $I.16 $I.17
shape 0 5 55 $I.7 $I.8 $I.9 $I.10 $I.11 $I.12 $I.13 $I.14 $I.15 $I.16 $I.17
shape 0 3 6 $I.17.$G $I.7
shape 5 9 1 $Z.6
eleven=$(echo "bulk 0 5 $I.7 $I.8 $I.9 $I.10 $I.11 $I.12 $I.13 $I.14 $I.15 $I.16 $I.17" | pdu | tail -n +2 |
	grep -v "^$I\\.10\\." | sort)
single=$(for c in 7 8 9 11 12 13 14 15 16 17; do echo "bulk 0 5 $I.$c"; done | pdu | grep '^\.' | sort)
[ "$eleven" = "$single" ] || fail "columns together and alone differ: $(changed "$eleven" "$single")"

t 76b 'one PDU over rows, absent rows, scalars and an object of the system group'
got=$(echo "get $I.17.$A $Z.6.0 $I.17.$X.0 .1.3.6.1.2.1.1.2.0 $I.1.$A $I.9.$G $Z.8.0" | pdu | sed 's/^[^ ]* //')
want="0/0
i 1
u $((base_number + 5))
noSuchInstance
o $(value .1.3.6.1.2.1.1.2.0)
noSuchObject
i 3
c 0"
[ "$got" = "$want" ] || fail "$(changed "$want" "$got")"

t 77 'the counts agree with the walks and have the right types'
n=$(rows 7 | wc -l)
got=$(echo "get $Z.6.0 $Z.3.0 $Z.8.0" | pdu | tail -n +2)
v4=$(rows 7 | grep -c '^1\.')
want="$Z.6.0 u $n
$Z.3.0 u $v4
$Z.8.0 c 0"
[ "$got" = "$want" ] || fail "$(changed "$want" "$got")"
for c in 8 9 10 11 12 13 14 15 16 17; do
	[ "$(rows $c)" = "$(rows 7)" ] || fail "column $c has other rows than column 7"
done
for r in $A $B $D $E $G; do destroy $r; done
value_is "$base_number" $Z.6.0
# What is registered is the instance, so it is snmpd that answers for its neighbours.
value_is noSuchObject $Z.6
value_is noSuchObject $Z.6.1
next_is $Z.6.0 $Z.6
next_is $Z.3.0 $Z.3

finish
