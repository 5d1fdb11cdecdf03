#!/bin/bash
# The long way to a row and back: createAndWait, notInService, active, and the reaper.
# Cases 14 to 22.
. "$(dirname "$0")/lib.sh"
RTMD_CONF_MORE='rowTimeout 300'
world

# In the core a route stands when ipCidrRouteNumber counts it: that object counts
# routes that forward; rows still being made are none.
in_core() { value_is $((base_core + 1)) $Z.3.0; }
not_in_core() { value_is "$base_core" $Z.3.0; }
base_core=$(value $Z.3.0)

staged() { set_is 0/0 $I.17.$X i 5; }

t 14 'createAndWait makes a row that is notReady and not in the core'
staged
value_is 3 $I.17.$X
value_is noSuchInstance $I.7.$X
value_is noSuchInstance $I.8.$X
value_is 3 $I.9.$X
value_is -1 $I.13.$X
has_row $X
not_in_core
empty

t 15 'supplying what was missing makes it notInService'
staged
set_is 0/0 $I.7.$X i 2 $I.8.$X i 4
value_is 2 $I.17.$X
value_is 2 $I.7.$X
value_is 4 $I.8.$X
not_in_core
empty
staged
set_is 0/0 $I.7.$X i 2
value_is 3 $I.17.$X
set_is 0/0 $I.8.$X i 4
value_is 2 $I.17.$X
empty

t 16 'active puts it into the core'
staged
set_is 0/0 $I.7.$X i 2 $I.8.$X i 4
set_is 0/0 $I.17.$X i 1
value_is 1 $I.17.$X
in_core
empty

t 17 'active for a row that lacks something'
staged
refused 12/1 $I.17.$X i 1
value_is 3 $I.17.$X
empty

t 18 'active together with what was missing'
staged
set_is 0/0 $I.17.$X i 1 $I.7.$X i 2 $I.8.$X i 4
value_is 1 $I.17.$X
in_core
empty

t 20 'a column of an active row cannot be changed'
mk $X
old=$(value $I.12.$X)
refused 12/1 $I.12.$X i 5
value_is "$old" $I.12.$X
refused 12/2 $I.17.$X i 1 $I.12.$X i 5
refused 12/1 $I.12.$X i 5 $I.17.$X i 1
refused 12/1 $I.7.$X i 3
refused 12/1 $I.8.$X i 3
refused 12/1 $I.11.$X u 3
empty

t 21 'notInService with a change takes the row out of service and changes it'
mk $X
in_core
set_is 0/0 $I.12.$X i 5 $I.17.$X i 2
value_is 2 $I.17.$X
value_is 5 $I.12.$X
not_in_core
empty
mk $X
set_is 0/0 $I.17.$X i 2 $I.12.$X i 5
value_is 2 $I.17.$X
value_is 5 $I.12.$X
not_in_core
empty

t 22 'back to active with the new metric'
mk $X
set_is 0/0 $I.12.$X i 5 $I.17.$X i 2
set_is 0/0 $I.17.$X i 1
value_is 1 $I.17.$X
value_is 5 $I.12.$X
in_core
empty
mk $X
set_is 0/0 $I.17.$X i 2
set_is 0/0 $I.12.$X i 6 $I.17.$X i 1
value_is 6 $I.12.$X
in_core
empty

t 22a 'every other transition of the table of RowStatus'
staged # notReady
refused 12/1 $I.17.$X i 4
refused 12/1 $I.17.$X i 5
refused 12/1 $I.17.$X i 2
refused 10/1 $I.17.$X i 3
set_is 0/0 $I.17.$X i 2 $I.7.$X i 2 $I.8.$X i 4
value_is 2 $I.17.$X
refused 12/1 $I.17.$X i 4 # notInService
refused 12/1 $I.17.$X i 5
set_is 0/0 $I.17.$X i 2
value_is 2 $I.17.$X
destroy $X
lacks_row $X
staged
destroy $X
lacks_row $X
mk $X # active
refused 12/1 $I.17.$X i 5
set_is 0/0 $I.17.$X i 2
value_is 2 $I.17.$X
empty
set_is 0/0 $I.17.$X i 5 $I.7.$X i 2 $I.8.$X i 4
value_is 2 $I.17.$X
empty

t 22b 'a row that is not consistent does not become active'
staged
set_is 0/0 $I.7.$X i 99 $I.8.$X i 4
refused 12/1 $I.17.$X i 1
set_is 0/0 $I.7.$X i 2 $I.17.$X i 1
value_is 1 $I.17.$X
empty
staged
set_is 0/0 $I.7.$X i 2 $I.8.$X i 3
refused 12/1 $I.17.$X i 1
empty

t 22c 'destroy with a column in the same PDU: the value is moot, its type is not'
mk $X
set_is 0/0 $I.12.$X i 5 $I.17.$X i 6
lacks_row $X
mk $X
refused 7/1 $I.12.$X u 5 $I.17.$X i 6
refused 10/1 $I.8.$X i 9 $I.17.$X i 6
empty

t 22d 'a staged row whose route appears meanwhile is one row'
staged
refused 12/3 $I.7.$X i 2 $I.8.$X i 4 $I.17.$X i 4
empty

t 19 'a row left unfinished goes after the reaper time'
stop_rtmd
[ "$rtmd_status" = 0 ] || fail "rtmd ended with status $rtmd_status"
RTMD_CONF_MORE='rowTimeout 2'
write_rtmd_conf
start_rtmd
staged
mk $Y
set_is 0/0 $I.17.$Y i 2
N=1.4.10.3.0.0.16.2.0.0.1.4.192.0.2.1
mk $N
has_row $X
row_gone() { ! row_is_there "$1"; }
within 10 row_gone $X || fail 'the notReady row is still there'
within 10 row_gone $Y || fail 'the notInService row is still there'
has_row $N
value_is 1 $I.17.$N
value_is $((base_number + 1)) $Z.6.0
destroy $N
empty

finish
