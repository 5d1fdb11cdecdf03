#!/bin/sh
# mibs/RTM-MIB.txt: true to itself and to the sources, by a reader of our own that needs no
# other module; and good at level 6 of smilint, which needs the modules it imports. Those are
# the IETF's and not shipped: RTM_MIBS names a directory that has them (and IP-FORWARD-MIB);
# without it the names and numbers of tests/data/mibs stand in for them.
#
# Both checks are shown mistakes first, since one that finds nothing proves nothing.
set -eu
srcdir=${srcdir:-.}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT INT TERM
module=$srcdir/mibs/RTM-MIB.txt
failed=0

complain() {
	echo "not ok: $*"
	failed=$((failed + 1))
}

ours() { perl "$srcdir/tests/tools/rtm_mib.pl" "$1" "$srcdir"; }
theirs() { # smilint says nothing where nothing is wrong
	cat >"$tmp/smi.conf" <<-END
		path $(cd "${RTM_MIBS:-$srcdir/tests/data/mibs}" && pwd)
		path :/usr/share/snmp/mibs
		hide namelength-32
	END
	smilint -c "$tmp/smi.conf" -l 6 "$1" 2>&1
}

# ---- mistakes are found ----

mistake() { # WHO SED-COMMAND
	sed "$2" "$module" >"$tmp/RTM-MIB.txt"
	! cmp -s "$tmp/RTM-MIB.txt" "$module" || complain "$2 changes nothing"
	case $1 in
	ours) ! ours "$tmp/RTM-MIB.txt" >/dev/null 2>&1 || complain "$2 is not found" ;;
	theirs) [ -n "$(theirs "$tmp/RTM-MIB.txt")" ] || complain "smilint does not find $2" ;;
	esac
}
command -v smilint >/dev/null || complain 'no smilint; it is in the package smitools'
mistake ours 's/{ rtmSets 3 }/{ rtmSets 4 }/'
mistake ours 's/rtmSetUndone, rtmSetReleased/rtmSetUndone/'
mistake ours 's/^    rtmRefusedRow       DisplayString,//'
mistake ours 's/hostBits(4)/hostBits(40)/'
mistake ours 's/^rtmSetReadOnly OBJECT-TYPE/rtmSetNoWrite OBJECT-TYPE/'
mistake ours '/^rtmRowsMost OBJECT-TYPE/,/^    ::=/s/Unsigned32/TimeTicks/'
mistake ours '/^rtmRowsMost OBJECT-TYPE/,/^    ::=/s/read-only/read-write/'
mistake ours 's/^    REVISION "2026/    REVISION "2025/'
mistake theirs 's/^    INDEX       { rtmRefusedNumber }/    INDEX { rtmRefusedNumbers }/'
mistake theirs '/^rtmSetReadOnly OBJECT-TYPE/,/^    ::=/s/Counter32/Counter/'
mistake theirs 's/rtmSetUndone, rtmSetReleased/rtmSetUndone/'

# ---- and there are none ----

ours "$module" || complain 'the module and the sources'
theirs "$module" >"$tmp/said" || true
[ ! -s "$tmp/said" ] || complain "smilint: $(cat "$tmp/said")"
echo "smilint with the modules of ${RTM_MIBS:-tests/data/mibs, which stand in for the standard ones}"
[ $failed = 0 ]
