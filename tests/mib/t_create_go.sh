#!/bin/bash
# One SET creates a row, another destroys it, and everything incomplete, mistyped or
# out of range is refused at the right varbind. Cases 1 to 13 and 23 to 31.
. "$(dirname "$0")/lib.sh"
world

t 1 'createAndGo with interface, type and status creates an active row'
mk $X
value_is 1 $I.17.$X
value_is 2 $I.7.$X
value_is 4 $I.8.$X
value_is 3 $I.9.$X
age=$(value $I.10.$X)
[ "$age" -ge 0 ] 2>/dev/null && [ "$age" -le 60 ] || fail "age is $age"
value_is 0 $I.11.$X
for c in 13 14 15 16; do value_is -1 $I.$c.$X; done
value_is $((base_number + 1)) $Z.6.0
logs '10\.1\.0\.0'
empty

t 2 'the order of the varbinds does not matter'
set_is 0/0 $I.17.$X i 4 $I.8.$X i 4 $I.7.$X i 2
value_is 1 $I.17.$X
value_is 2 $I.7.$X
value_is 4 $I.8.$X
value_is 3 $I.9.$X
empty

t 3 'the status alone is not enough'
refused 12/1 $I.17.$X i 4
value_is noSuchInstance $I.17.$X

t 4 'a missing type is refused at the status'
refused 12/2 $I.7.$X i 2 $I.17.$X i 4

t 5 'a row that exists cannot be created'
mk $X
mk_refused 12/3 $X
empty

t 6 'destroy takes the row away and the count goes back'
mk $X
value_is $((base_number + 1)) $Z.6.0
destroy $X
value_is noSuchInstance $I.17.$X
value_is "$base_number" $Z.6.0
value_is "$base_number" $Z.3.0
empty

t 7 'destroying what does not exist succeeds'
before=$(snapshot)
set_is 0/0 $I.17.$X i 6
[ "$before" = "$(snapshot)" ] || fail 'the table changed'

t 8 'active for a row that does not exist'
refused 12/1 $I.17.$X i 1

t 9 'notInService for a row that does not exist'
refused 12/1 $I.17.$X i 2

t 10 'notReady cannot be written'
refused 10/1 $I.17.$X i 3
mk $X
refused 10/1 $I.17.$X i 3
empty

t 11 'status values outside 1 to 6'
for v in 7 0 -1 2147483647 -2147483648; do refused 10/1 $I.17.$X i $v; done
mk $X
for v in 7 0 -1; do refused 10/1 $I.17.$X i $v; done
empty

t 12 'the status with another type on the wire'
refused 7/1 $I.17.$X u 4
refused 7/1 $I.17.$X s 4
refused 7/1 $I.17.$X o 0.0
refused 7/1 $I.17.$X a 0.0.0.4
refused 7/1 $I.17.$X t 4
pdu_set_is 7/1 $I.17.$X c 4 # snmpset knows no Counter32
pdu_set_is 7/1 $I.17.$X x 04

t 13 'a column of a row that does not exist'
refused 18/1 $I.12.$X i 5
refused 18/1 $I.7.$X i 2
refused 18/1 $I.8.$X i 4
refused 18/1 $I.11.$X u 1

t 23 'active on an active row is a success without effect'
mk $X
before=$(snapshot)
set_is 0/0 $I.17.$X i 1
[ "$before" = "$(snapshot)" ] || fail 'the table changed'
empty

t 24 'createAndGo on an active row'
mk $X
refused 12/1 $I.17.$X i 4
empty

t 25 'read-only columns, of a row and of none'
refused 17/1 $I.9.$X i 3
refused 17/1 $I.10.$X u 1
mk $X
refused 17/1 $I.9.$X i 3
refused 17/1 $I.10.$X u 1
refused 17/1 $I.9.$X u 3
empty

t 26 'index columns and columns that do not exist'
mk $X
for c in 1 2 3 4 5 6; do
	refused 17/1 $I.$c.$X i 1
	value_is noSuchObject $I.$c.$X
done
refused 17/1 $I.18.$X i 1
refused 17/1 $I.0.$X i 1
value_is noSuchObject $I.18.$X
empty

t 27 'a type that does not exist'
refused 10/2 $I.7.$X i 2 $I.8.$X i 9 $I.17.$X i 4
refused 10/2 $I.7.$X i 2 $I.8.$X i 0 $I.17.$X i 4
refused 10/2 $I.7.$X i 2 $I.8.$X i -1 $I.17.$X i 4

t 28 'type local with a next hop in the index'
mk_refused 12/2 $X 2 3

t 29 'an interface that does not exist'
mk_refused 12/1 $X 99

t 30 'an interface number that cannot be'
mk_refused 10/1 $X -1
mk_refused 10/1 $X -2147483648

t 31 'interface 0 is found through the next hop'
mk $X 0
value_is 2 $I.7.$X
empty
mk 1.4.10.1.0.0.16.2.0.0.1.4.198.51.100.1 0
value_is 3 $I.7.1.4.10.1.0.0.16.2.0.0.1.4.198.51.100.1
empty

finish
