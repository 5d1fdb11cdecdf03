#!/bin/bash
# What an index may say, and how each wrong one is refused. Cases 32 to 45.
. "$(dirname "$0")/lib.sh"
world

alive() { value_is "$base_number" $Z.6.0; }
bad() { # E/I INDEX: as a creation with everything else right
	mk_refused "$1" "$2"
	alive
}

t 32 'host bits in the destination'
bad 18/3 1.4.10.1.0.1.16.2.0.0.1.4.192.0.2.1
bad 18/3 1.4.10.1.0.0.0.2.0.0.1.4.192.0.2.1
bad 18/3 2.16.32.1.13.184.0.1.0.0.0.0.0.0.0.0.0.1.48.2.0.0.2.16.32.1.13.184.0.0.0.0.0.0.0.0.0.0.0.1

t 33 'noCreation for prefix length 33, 99 and beyond, and the agent lives'
bad 11/3 1.4.10.1.0.0.33.2.0.0.1.4.192.0.2.1
bad 11/3 1.4.10.1.0.0.99.2.0.0.1.4.192.0.2.1
bad 11/3 1.4.10.1.0.0.256.2.0.0.1.4.192.0.2.1
bad 11/3 1.4.10.1.0.0.272.2.0.0.1.4.192.0.2.1
bad 11/3 1.4.10.1.0.0.4294967295.2.0.0.1.4.192.0.2.1
bad 11/3 2.16.32.1.13.184.0.1.0.0.0.0.0.0.0.0.0.0.129.2.0.0.2.16.32.1.13.184.0.0.0.0.0.0.0.0.0.0.0.1

t 34 'sub-identifier 300 is not octet 44'
bad 11/3 1.4.10.1.0.300.16.2.0.0.1.4.192.0.2.1
lacks_row 1.4.10.1.0.44.16.2.0.0.1.4.192.0.2.1
bad 11/3 1.4.10.1.0.0.16.2.0.0.1.4.192.0.2.257
bad 11/3 1.4.266.1.0.0.16.2.0.0.1.4.192.0.2.1
bad 11/3 257.4.10.1.0.0.16.2.0.0.1.4.192.0.2.1

t 35 'a length that does not fit the type'
bad 11/3 1.5.10.1.0.0.0.16.2.0.0.1.4.192.0.2.1
bad 11/3 1.3.10.1.0.16.2.0.0.1.4.192.0.2.1
bad 11/3 2.4.10.1.0.0.16.2.0.0.1.4.192.0.2.1
bad 11/3 1.4.10.1.0.0.16.2.0.0.1.5.192.0.2.1.0
bad 11/3 1.4294967295.10.1.0.0.16.2.0.0.1.4.192.0.2.1

t 36 'too short and too long'
bad 11/3 1.4.10.1.0.0.16.2.0.0.1.4.192.0.2
bad 11/3 1.4.10.1.0.0.16.2.0.0.1.4.192.0.2.1.1
bad 11/3 1
bad 11/3 1.4.10.1.0.0.16
bad 11/3 1.4.10.1.0.0.16.2.0.0

t 37 'an IPv4 destination with an IPv6 next hop, and the reverse'
bad 11/3 1.4.10.1.0.0.16.2.0.0.2.16.32.1.13.184.0.0.0.0.0.0.0.0.0.0.0.1
bad 11/3 2.16.32.1.13.184.0.1.0.0.0.0.0.0.0.0.0.0.48.2.0.0.1.4.192.0.2.1

t 38 'types dns and unknown'
bad 11/3 16.4.97.46.98.99.0.2.0.0.0.0
bad 11/3 0.0.0.2.0.0.1.4.192.0.2.1
bad 11/3 1.4.10.1.0.0.16.2.0.0.16.4.97.46.98.99
bad 11/3 5.4.10.1.0.0.16.2.0.0.1.4.192.0.2.1

t 39 'a multicast destination'
bad 11/3 1.4.224.1.0.0.16.2.0.0.1.4.192.0.2.1
bad 11/3 2.16.255.2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.16.2.0.0.2.16.32.1.13.184.0.0.0.0.0.0.0.0.0.0.0.1

t 39a 'next hops that are not canonical or cannot be'
mk_refused 11/3 1.4.10.1.0.0.16.2.0.0.1.4.0.0.0.0 2 3
mk_refused 11/3 2.16.32.1.13.184.0.1.0.0.0.0.0.0.0.0.0.0.48.2.0.0.2.16.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0 2 3

t 39b 'policies other than 0.0 and 0.0.ifIndex'
bad 11/3 1.4.10.1.0.0.16.0.1.4.192.0.2.1
bad 11/3 1.4.10.1.0.0.16.1.0.1.4.192.0.2.1
bad 11/3 1.4.10.1.0.0.16.8.1.3.6.1.4.1.99999.16.1.4.192.0.2.1
bad 11/3 1.4.10.1.0.0.16.4.0.0.2.0.1.4.192.0.2.1

t 40 'the default route, and it stands first'
D=1.4.0.0.0.0.0.2.0.0.1.4.192.0.2.1
mk $X
mk $D
first=$(rows 7 | grep '^1\.' | head -n 1)
[ "$first" = $D ] || fail "the first row is $first"
empty

t 41 'an on-link route with its interface as policy'
L=1.4.203.0.113.0.24.3.0.0.3.0.0
mk $L 3 3
value_is 1 $I.17.$L
value_is 3 $I.7.$L
value_is 3 $I.8.$L
empty

t 42 'a policy that names another interface'
mk_refused 12/1 1.4.203.0.113.0.24.3.0.0.2.0.0 3 3

t 43 'an IPv6 route, after every IPv4 one'
S=2.16.32.1.13.184.0.1.0.0.0.0.0.0.0.0.0.0.48.2.0.0.2.16.32.1.13.184.0.0.0.0.0.0.0.0.0.0.0.1
mk $S
mk $X
value_is 1 $I.17.$S
value_is 2 $I.7.$S
last4=$(rows 7 | grep -n '^1\.' | tail -n 1 | cut -d: -f1)
here=$(rows 7 | grep -nx "$S" | cut -d: -f1)
[ "${here:-0}" -gt "${last4:-999}" ] || fail "row ${here:-none} of the walk, the last IPv4 row is ${last4:-none}"
empty

t 44 'a default route through a link-local router'
V6=2.16.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.2.0.0.4.20.254.128.0.0.0.0.0.0.0.0.0.0.0.0.0.1.0.0.0
mk $V6.2
value_is 1 $I.17.$V6.2
value_is 2 $I.7.$V6.2
empty
mk_refused 12/1 $V6.2 3

t 45 'a zone that names no interface'
mk_refused 18/3 $V6.9 2
mk_refused 18/3 ${V6%0.0.0}255.255.255.255 2
mk_refused 11/3 $V6.256 2
mk_refused 11/3 $V6.4294967295 2

finish
