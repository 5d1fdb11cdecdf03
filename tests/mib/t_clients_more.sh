#!/bin/bash
# Managers from Debian other than net-snmp's own tools read the tables: each must get the
# rows that were put in, every one of them and every column, no more and no less. What was
# put in is told by tests/tools/known_rows.pl, which has never spoken to rtmd.
. "$(dirname "$0")/lib.sh"
tools=$top_src/tests/tools
R=.1.3.6.1.2.1.4.21

# One of each kind: the default, several masks and gateways of one address, on-link
# networks, one of them on two interfaces, hosts, and IPv6, which only inetCidrRouteTable
# has; then enough of an Internet table to need several GETBULKs.
routes() {
	cat <<-END
		0.0.0.0/0 192.0.2.1 eth0 5
		10.1.0.0/16 192.0.2.1 eth0 10
		10.1.0.0/24 192.0.2.9 eth0 10
		10.1.0.0/24 198.51.100.1 eth1 7
		10.2.0.0/16 198.51.100.9 eth1 0
		192.0.2.0/24 - eth0 0
		203.0.113.0/24 - eth0 10
		203.0.113.0/24 - eth1 20
		203.0.113.7/32 192.0.2.254 eth0 1
		2001:db8:1::/48 2001:db8::1 eth0 10
		2001:db8::/64 - eth0 0
		::/0 2001:db8::1 eth0 1
	END
	perl "$tools/gen_prefixes.pl" -4 120 | sed 's/$/ 192.0.2.1 eth0 10/'
	perl "$tools/gen_prefixes.pl" -6 40 | sed 's/$/ 2001:db8::9 eth0 3/'
}

age_of() { case $1 in inet | route) echo 10 ;; *) echo 8 ;; esac; }
oid_of() {
	case $1 in
	inet) echo $Z.7 ;;
	cidr) echo $Z.4 ;;
	forward) echo $Z.2 ;;
	route) echo $R ;;
	esac
}
wanted() { perl "$tools/known_rows.pl" "$dir/rtmd.conf" "$1"; }

# prometheus-snmp-exporter on a free port of the loopback, with the file that README names.
exporter_yml=$top_src/docs/examples/prometheus-snmp.yml
start_exporter() {
	local try
	for try in 1 2 3 4 5 6 7 8 9 10; do
		exporter_port=$((20000 + (RANDOM * 32768 + RANDOM) % 40000))
		prometheus-snmp-exporter --config.file="$exporter_yml" --web.listen-address="127.0.0.1:$exporter_port" \
			>"$dir/exporter.log" 2>&1 &
		exporter_pid=$!
		extra_pids="$extra_pids $exporter_pid"
		within 20 exporter_is_up_or_gone
		! is_gone $exporter_pid && return
	done
	fail "prometheus-snmp-exporter does not start: $(tail -n 1 "$dir/exporter.log")"
}
exporter_is_up_or_gone() {
	is_gone $exporter_pid || grep -q 'Listening on' "$dir/exporter.log"
}

# The lines of a file are those of the table, each once, in whatever order.
same_rows() { # TABLE FILE
	wanted "$1" | sort >"$dir/want"
	sort "$2" >"$dir/have"
	[ -s "$dir/want" ] || fail 'nothing is wanted'
	cmp -s "$dir/want" "$dir/have" ||
		fail "$1: $(diff "$dir/want" "$dir/have" | grep -c '^[<>]') lines differ: $(diff "$dir/want" "$dir/have" |
			grep '^[<>]' | head -n 5 | tr '\n' ';')"
}

needs() { # WHAT COMMAND...
	local what=$1
	shift
	"$@" >/dev/null 2>&1 || { fail "there is no $what"; return 1; }
}

# A manager that may not see inetCidrRouteTable, as one of before 2006 would not.
SNMPD_CONF_MORE="view old included .1
view old excluded $Z.7
rocommunity old 127.0.0.1 -V old
view older included .1
view older excluded $Z
rocommunity older 127.0.0.1 -V older"
world
routes >"$dir/list"
restart_rtmd_with "preload $dir/list"

t C4 'snmpbulkwalk: each table is what was put in, and its count says so'
for table in inet cidr forward route; do
	snmpbulkwalk $RO -On -Oq -r1 -t 5 -Cr25 "$HOST" "$(oid_of $table)" |
		grep -v "^$(oid_of $table)\.1\.$(age_of $table)\." >"$dir/got"
	same_rows $table "$dir/got"
	wanted $table | cmp -s - "$dir/got" || fail "$table: not in order"
done
value_is "$(perl "$tools/known_rows.pl" -c 17 "$dir/rtmd.conf" inet | wc -l)" $Z.6.0
value_is "$(perl "$tools/known_rows.pl" -c 1 "$dir/rtmd.conf" cidr | wc -l)" $Z.3.0
value_is "$(perl "$tools/known_rows.pl" -c 1 "$dir/rtmd.conf" forward | wc -l)" $Z.1.0

# What snmpnetstat -Cr -Cn makes of the rows of a table: destination, gateway, flags.
netstat_wanted() { # TABLE
	perl "$tools/known_rows.pl" "$dir/rtmd.conf" "$1" | perl -MSocket -ne '
		sub out {
			my ($dest, $len, $gateway, $remote) = @_;
			my $host = $len == ($dest =~ /:/ ? 128 : 32);
			my $name = $len == 0 ? "default" : $host ? $dest : "$dest/$len";
			print "$name $gateway <U", $host ? "H" : "", $remote ? "G" : "", ">\n";
		}
		sub six { Socket::inet_ntop(Socket::AF_INET6, pack("C16", split /\./, $_[0])) }
		sub bits { unpack("B32", pack("C4", split /\./, $_[0])) =~ tr/1// }
		my $ip = qr/(\d+\.\d+\.\d+\.\d+)/;
		out($1, $2, $3 // "0.0.0.0", defined $3) if /\.24\.7\.1\.17\.1\.4\.$ip\.(\d+)\.(?:2|3\.0)\.0\.\d+\.(?:0\.0|1\.4\.$ip) /;
		out(six($1), $2, defined $3 ? six($3) : "::", defined $3)
			if /\.24\.7\.1\.17\.2\.16\.((?:\d+\.){15}\d+)\.(\d+)\.(?:2|3\.0)\.0\.\d+\.(?:0\.0|2\.16\.(\S+)) /;
		out($1, bits($2), $3, $3 ne "0.0.0.0") if /\.24\.4\.1\.16\.$ip\.$ip\.0\.$ip /;
		$row{$2}{$1} = $3 if /\.4\.21\.1\.(\d+)\.$ip (\S+)/;
		END { out($_, bits($row{$_}{11}), $row{$_}{7}, $row{$_}{8} == 4) for keys %row }' | sort
}

# It asks for inetCidrRouteTable, and where that is not to be seen for an older one.
t C5 'snmpnetstat -Cr: -Cf inet is every IPv4 route from each of its three tables, -Cf inet6 every IPv6 route'
if needs snmpnetstat command -v snmpnetstat; then
	for reader in public:inet:inet:inetCidrRouteTable public:inet6:inet:inetCidrRouteTable \
		old:inet:cidr:ipCidrRouteTable older:inet:route:ipRouteTable; do
		IFS=: read -r community family table name <<<"$reader"
		snmpnetstat -v2c -c "$community" -r1 -t 5 -Cr -Cn -Cf "$family" "$HOST" >"$dir/netstat" 2>&1 ||
			fail "$community: status $?"
		head -n 1 "$dir/netstat" | grep -qF "($name)" || fail "$community: $(head -n 1 "$dir/netstat")"
		# 10.1/16 is how it writes 10.1.0.0/16, and * is no gateway
		perl -ne 'if (/^([\d.]+|[\da-f:]+|default)(\/\d+)? +([\d.]+|[\da-f:]+|\*) +(<\w+>)/) {
			my ($d, $l, $g, $f) = ($1, $2 // "", $3 eq "*" ? "0.0.0.0" : $3, $4);
			$d .= ".0" while $d =~ /^[\d.]+$/ && $d =~ tr/.// < 3;
			print "$d$l $g $f\n" }' "$dir/netstat" | sort >"$dir/have"
		case $family in inet) gateway='[0-9.]*' ;; *) gateway='[0-9a-f]*:.*' ;; esac
		netstat_wanted "$table" | grep "^[^ ]* $gateway <" >"$dir/want"
		cmp -s "$dir/want" "$dir/have" ||
			fail "$community $family: $(diff "$dir/want" "$dir/have" | grep '^[<>]' | head -n 5 | tr '\n' ';')"
		echo "# $name, $family: $(wc -l <"$dir/have") routes"
	done
fi

t C6 'Python'\''s pysnmp 4 reads all four tables: GETNEXT, GETBULK, SNMPv3'
if needs python3-pysnmp4 /usr/bin/python3 -c 'import pysnmp.hlapi'; then
	for how in next:route bulk:inet bulk:cidr bulk:forward v3:inet; do
		table=${how#*:}
		/usr/bin/python3 "$tools/pysnmp_client.py" "$port" "${how%:*}" "$(oid_of "$table")" "$(age_of "$table")" \
			>"$dir/got" 2>"$dir/pysnmp.err" || fail "$how: $(tail -n 1 "$dir/pysnmp.err")"
		same_rows "$table" "$dir/got"
	done
fi

# The names SNMP::Info asks for, without which it does not start; Debian ships no modules
# that have them. Only names, numbers and syntaxes, as MIB-II gives them.
write_names() { # DIRECTORY
	local column=0 name syntax
	mkdir -p "$1"
	module() { # MODULE < definitions
		{ echo "$1 DEFINITIONS ::= BEGIN"; cat; echo END; } >"$names/$1.txt"
	}
	local names=$1 tail='ACCESS read-write STATUS mandatory ::='
	echo "sysObjectID OBJECT-TYPE SYNTAX OBJECT IDENTIFIER $tail { iso 3 6 1 2 1 1 2 }" | module SNMPv2-MIB
	echo "ipAdEntAddr OBJECT-TYPE SYNTAX IpAddress $tail { iso 3 6 1 2 1 4 20 1 1 }" | module IP-MIB
	echo "ifIndex OBJECT-TYPE SYNTAX INTEGER $tail { iso 3 6 1 2 1 2 2 1 1 }" | module IF-MIB
	{
		echo "ipRouteTable OBJECT-TYPE SYNTAX SEQUENCE OF IpRouteEntry $tail { iso 3 6 1 2 1 4 21 }"
		echo "ipRouteEntry OBJECT-TYPE SYNTAX IpRouteEntry ACCESS not-accessible STATUS mandatory"
		echo "INDEX { ipRouteDest } ::= { ipRouteTable 1 }"
		echo "IpRouteEntry ::= SEQUENCE { ipRouteDest IpAddress }"
		while read -r name syntax; do
			column=$((column + 1))
			echo "ipRoute$name OBJECT-TYPE SYNTAX $syntax $tail { ipRouteEntry $column }"
		done <<-END
			Dest IpAddress
			IfIndex INTEGER
			Metric1 INTEGER
			Metric2 INTEGER
			Metric3 INTEGER
			Metric4 INTEGER
			NextHop IpAddress
			Type INTEGER { other(1), invalid(2), direct(3), indirect(4) }
			Proto INTEGER { other(1), local(2), netmgmt(3), icmp(4) }
			Age INTEGER
			Mask IpAddress
			Metric5 INTEGER
			Info OBJECT IDENTIFIER
		END
	} | module RFC1213-MIB
}

t C7 'Perl'\''s SNMP::Info: ipr_route, ipr_dest, ipr_mask and all others, row by row'
if needs libsnmp-info-perl perl -MSNMP::Info -e 1; then
	write_names "$dir/names"
	perl "$tools/snmp_info_client.pl" "$port" "$dir/names" >"$dir/got" 2>"$dir/info.err" ||
		fail "$(head -n 2 "$dir/info.err" | tr '\n' ';')"
	same_rows route "$dir/got"
fi

check() { # STATUS ARGUMENTS: check_snmp ends with that status
	local want=$1 out status
	shift
	out=$("$check_snmp" -H 127.0.0.1 -p "$port" -P 2c -C public "$@" 2>&1)
	status=$?
	[ $status = "$want" ] || fail "check_snmp $*: status $status, not $want: $out"
}

t C8 'check_snmp: the counts, each row by its value, and an alarm for what is not there'
check_snmp=/usr/lib/nagios/plugins/check_snmp
if needs monitoring-plugins-standard test -x $check_snmp; then
	n=$(perl "$tools/known_rows.pl" -c 17 "$dir/rtmd.conf" inet | wc -l)
	check 0 -o $Z.6.0 -w "$n:$n" -c "$n:$n"
	check 2 -o $Z.6.0 -w "$((n + 1)):" -c "$((n + 1)):"
	check 1 -o $Z.6.0 -w "0:$((n - 1))" -c "0:$n"
	# Every row of one column of each table, 50 at a time.
	for column in inet:7 cidr:5 forward:11 route:3; do
		perl "$tools/known_rows.pl" -c "${column#*:}" "$dir/rtmd.conf" "${column%:*}" |
			awk '{ o = o sep $1; v = v sep $2 ":" $2; sep = "," } NR % 50 == 0 { print o, v; o = v = sep = "" }
				END { if (o != "") print o, v }' >"$dir/queries"
		while read -r oids ranges; do
			check 0 -o "$oids" -w "$ranges" -c "$ranges"
		done <"$dir/queries"
	done
	check 0 -o $C.4.10.1.0.0.255.255.0.0.0.192.0.2.1 -r '192\.0\.2\.1'
	check 2 -o $C.4.10.1.0.0.255.255.0.0.0.192.0.2.1 -r '192\.0\.2\.7$'
	check 2 -o $I.17.$Y -r '^1$'
	check 3 -o $I.17.$Y -c 1:1
	check 0 -n -o $R.1.7.10.1.255 -r '198\.51\.100\.9'
fi

t C9 'prometheus-snmp-exporter: every row of the four tables is a sample with the right labels'
if needs prometheus-snmp-exporter command -v prometheus-snmp-exporter; then
	start_exporter
	for table in inet cidr forward route; do
		perl "$tools/exporter_rows.pl" "$exporter_yml" "$exporter_port" "$port" $table >"$dir/got" 2>"$dir/exporter.err" ||
			fail "$table: $(head -n 2 "$dir/exporter.err" | tr '\n' ';')"
		same_rows $table "$dir/got"
	done
	perl "$tools/exporter_rows.pl" "$exporter_yml" "$exporter_port" "$port" counts >"$dir/got" 2>&1
	for scalar in $Z.3.0 $Z.6.0 $Z.8.0; do
		grep -qx "$scalar $(value $scalar)" "$dir/got" || fail "counts: $(tr '\n' ';' <"$dir/got")"
	done
fi

finish
