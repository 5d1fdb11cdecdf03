#!/bin/sh
# The programs written as for Windows: install the library into a directory, compile them
# with what `pkg-config rtm-windows' says, run them on a table in memory, compare.
set -eu
srcdir=${srcdir:-.}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT INT TERM
make=${MAKE:-make}

value() { # of a variable of the makefile
	MAKEFLAGS= "$make" -s --no-print-directory --eval "show-it: ; @echo '\$($1)'" show-it
}
cc=$(value CC) sanitize=$(value SANITIZE) libdir=$(value libdir)

MAKEFLAGS= "$make" -s install-libLTLIBRARIES install-pkgincludeHEADERS install-rtmwindowsHEADERS \
	install-pkgconfigDATA DESTDIR="$tmp" >"$tmp/install.log" 2>&1 || {
	cat "$tmp/install.log"
	exit 1
}
export PKG_CONFIG_SYSROOT_DIR="$tmp" PKG_CONFIG_PATH="$tmp$libdir/pkgconfig"
export PKG_CONFIG_ALLOW_SYSTEM_CFLAGS=1 PKG_CONFIG_ALLOW_SYSTEM_LIBS=1
export LD_LIBRARY_PATH="$tmp$libdir"
unset RTM_FIB RTM_SOCKET
export RTM_INTERFACES='1 lo 127.0.0.1/8,::1/128 type loopback metric 75
2 eth0 192.0.2.10/24,2001:db8:1::10/64 metric 25
3 eth1 198.51.100.10/24 metric 5'

failed=0
for program in route gateway_change route_watch; do
	# shellcheck disable=SC2046,SC2086 # words of a command
	$cc $sanitize -std=c11 -Wall -Wextra -Werror -o "$tmp/$program" \
		"$srcdir/docs/examples/$program.c" $(pkg-config --cflags --libs rtm-windows)
done
# once against the archive: the table that opens by itself must come along
# shellcheck disable=SC2046,SC2086
$cc $sanitize -std=c11 -o "$tmp/route_static" "$srcdir/docs/examples/route.c" \
	$(pkg-config --cflags rtm-windows) "$tmp$libdir/librtm.a" -pthread

check() { # NAME STATUS COMMAND...: output is compared with standard input
	name=$1 want=$2
	shift 2
	cat >"$tmp/want"
	got=0
	"$@" >"$tmp/out" 2>&1 || got=$?
	tr -d '\r' <"$tmp/out" >"$tmp/got" # the system's messages end as on Windows
	if [ "$got" = "$want" ] && diff "$tmp/want" "$tmp/got"; then
		echo "ok: $name"
	else
		echo "not ok: $name (status $got, expected $want)"
		failed=1
	fi
}

empty='IPv4 Route Table
None
IPv6 Route Table
None'
check 'an empty table' 0 "$tmp/route" PRINT <<END
$empty
END
check 'the same, linked statically' 0 "$tmp/route_static" PRINT <<END
$empty
END
check 'add, print' 0 "$tmp/route" -4 ADD 192.0.2.0 MASK 255.255.255.0 0.0.0.0 METRIC 1 IF 2 + \
	add 203.0.113.0 mask 255.255.255.0 192.0.2.1 metric 7 + add 0.0.0.0/0 192.0.2.254 + \
	add 10.1.2.3 198.51.100.1 IF 3 + print <<'END'
 OK!
 OK!
 OK!
 OK!
IPv4 Route Table
Network Destination      Gateway              Interface        Metric
0.0.0.0/0                192.0.2.254          ethernet_2       281
10.1.2.3/32              198.51.100.1         ethernet_3       261
192.0.2.0/24             On-link              ethernet_2       26
203.0.113.0/24           192.0.2.1            ethernet_2       32
END
check 'change of gateway, of metric' 0 "$tmp/route" -4 ADD 203.0.113.0/24 192.0.2.1 IF 2 + \
	CHANGE 203.0.113.0/24 192.0.2.9 IF 2 + print + \
	CHANGE 203.0.113.0/24 192.0.2.9 METRIC 3 IF 2 + print '203.*' <<'END'
 OK!
 OK!
IPv4 Route Table
Network Destination      Gateway              Interface        Metric
203.0.113.0/24           192.0.2.9            ethernet_2       281
 OK!
IPv4 Route Table
Network Destination      Gateway              Interface        Metric
203.0.113.0/24           192.0.2.9            ethernet_2       28
END
check 'delete, by name and by pattern' 0 "$tmp/route" -6 ADD 2001:db8:99::/48 2001:db8:1::1 IF 2 + \
	ADD 2001:db8:98::/48 2001:db8:1::1 IF 2 + ADD 3fff::/20 fe80::1 IF 2 + \
	DELETE '2001:db8:*' + print + DELETE 3fff::/20 + print <<'END'
 OK!
 OK!
 OK!
 OK!
IPv6 Route Table
Network Destination      Gateway              Interface        Metric
3fff::/20                fe80::1              ethernet_2       281
 OK!
IPv6 Route Table
None
END
check 'host bits are refused' 1 "$tmp/route" ADD 203.0.113.7/24 192.0.2.1 IF 2 <<'END'
The route addition failed: 87 a parameter is wrong
END
check 'an interface that is not there' 1 "$tmp/route" ADD 203.0.113.0/24 192.0.2.1 IF 77 <<'END'
The route addition failed: 1168 not found
END
check 'a mask with holes' 1 "$tmp/route" ADD 203.0.113.0 MASK 255.0.255.0 192.0.2.1 <<'END'
route: bad argument 255.0.255.0: not a netmask
END
check 'nothing to change, and nothing left behind' 1 "$tmp/route" -4 \
	CHANGE 10.0.0.0/8 192.0.2.1 IF 2 + print <<'END'
The route change failed: 1168 not found
IPv4 Route Table
None
END
check 'nothing to delete' 1 "$tmp/route" DELETE 10.0.0.0/8 <<'END'
The route deletion failed: 1168 not found
END
check 'gateway change' 0 "$tmp/gateway_change" 192.0.2.254 192.0.2.1 2 <<'END'
default via 192.0.2.1 if 2 metric 25
default via 192.0.2.254 if 2 metric 25
END
check 'gateway change without a table' 1 "$tmp/gateway_change" 192.0.2.254 <<'END'
GetIpForwardTable: 232
END
check 'watching' 0 "$tmp/route_watch" -d 2 <<'END'
watching
added 203.0.113.0/24 via 192.0.2.1 if 2 metric 256
changed 203.0.113.0/24 via 192.0.2.1 if 2 metric 7
deleted 203.0.113.0/24 via 192.0.2.1 if 2
END
check 'watching the other family' 1 "$tmp/route_watch" -6 -d 77 <<'END'
watching
Error: 1168
END
RTM_FIB=kernel check 'no backend for the kernel' 1 "$tmp/route" PRINT <<'END'
IPv4 Route Table
The route print failed: 50 not supported
END
exit $failed
