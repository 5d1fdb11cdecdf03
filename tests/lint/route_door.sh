#!/bin/sh
# The SNMP layer changes routes through the IP Helper functions and through nothing else.
#
# What the objects of the MIB floor, of the AgentX floor and of the control server need
# from below is read from their symbol tables, so neither a macro nor a cast hides a call.
# Each function of the routing table manager and of the forwarder's side must be on the
# list of those that only read; each of the IP Helper floor whose name is of a change must
# be one of those that change routes with every rule of the documentation.
set -eu
srcdir=${srcdir:-.}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT INT TERM
failed=0

complain() {
	echo "not ok: $*"
	failed=$((failed + 1))
}

verbs='create|set|delete|change|apply|commit|restore|perform|publish|withdraw|put|remove|add'

needs() { # OBJECTS...: what they need of the rooms below, once each
	nm -P "$@" | awk '$2 == "U" { print $1 }' |
		grep -E '^(Rtm|rtm_|fib_|follow_|import_|Create|Set|Delete|Get|Notify)|^iph_(.*_)?('"$verbs"')(_.*)?$' |
		sort -u
}

# ---- looks, and changes nothing that another client can see ----

cat >"$tmp/reads" <<END
GetIpForwardTable
InitializeIpForwardEntry
RtmCreateDestEnum
RtmDeleteEnumHandle
RtmDeregisterEntity
RtmDeregisterFromChangeNotification
RtmGetChangedDests
RtmGetEntityMethods
RtmGetEnumDests
RtmGetExactMatchDestination
RtmGetOpaqueInformationPointer
RtmGetRegisteredEntities
RtmIgnoreChangedDests
RtmLockDestination
RtmRegisterEntity
RtmRegisterForChangeNotification
RtmReleaseChangedDests
RtmReleaseDestInfo
RtmReleaseDests
RtmReleaseEntities
END

# ---- the documented functions on a world, and their two halves ----

cat >"$tmp/changes" <<END
iph_commit
iph_route_apply
iph_route_restore
iph_row1_apply
END
cat >"$tmp/changes_by_socket" <<END
iph_interface_set
iph_route_change
iph_row1_change
END

look() { # WHAT LIST OBJECTS...
	what=$1 list=$2
	shift 2
	[ -f "$1" ] || {
		complain "$what: no $1 in $(pwd)"
		return
	}
	needs "$@" >"$tmp/needs" || true
	sort -u "$tmp/reads" "$list" >"$tmp/allowed"
	comm -23 "$tmp/needs" "$tmp/allowed" >"$tmp/other"
	while read -r s; do complain "$what calls $s"; done <"$tmp/other"
	sort -u "$list" | comm -23 - "$tmp/needs" >"$tmp/unused"
	while read -r s; do complain "$what does not call $s any more: the list is old"; done \
		<"$tmp/unused"
	echo "$what: $(wc -l <"$tmp/needs") symbols from below," \
		"$(comm -12 "$tmp/needs" "$list" | tr '\n' ' ')change routes"
}

sort -o "$tmp/reads" "$tmp/reads"
: >"$tmp/none"
look 'the MIB floor' "$tmp/changes" agent/mib*.o
look 'the AgentX floor' "$tmp/none" agent/rtmd-agx_*.o
look 'the control server' "$tmp/changes_by_socket" agent/rtmd-ctl_*.o

# ---- and those are the documented functions: the same objects, the same one step below ----

for generation in 2 1; do
	object=src/iphlp/route$generation.o
	case $generation in
	2) names='CreateIpForwardEntry2 SetIpForwardEntry2 DeleteIpForwardEntry2 iph_route_apply
		iph_route_restore' ;;
	1) names='CreateIpForwardEntry SetIpForwardEntry DeleteIpForwardEntry iph_row1_apply' ;;
	esac
	for s in $names; do
		nm -P "$object" | grep -q "^$s T" || complain "$object does not define $s"
	done
	needs "$object" >"$tmp/needs" || true
	grep -qx iph_perform "$tmp/needs" || complain "$object does not call iph_perform"
	grep '^Rtm' "$tmp/needs" >"$tmp/other" || true
	while read -r s; do complain "$object calls $s past iph_perform"; done <"$tmp/other"
done

# ---- the check can fail: the forwarder's follower and the importer do go to the core ----

needs src/fib/import.o >"$tmp/needs" || true
grep -qx RtmAddRouteToDest "$tmp/needs" || complain 'nm shows no call that is known to be there'

echo "$failed complaints"
[ "$failed" = 0 ]
