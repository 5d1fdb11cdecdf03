#!/usr/bin/perl
# snmp_info_client PORT MIBDIR: ipRouteTable as the methods ipr_* of Perl's SNMP::Info give
# it, one object a line, ".OID VALUE" as `snmpwalk -On -Oq` would have it, without the age.
#
# SNMP::Info asks by name, and wants to find the names in modules in MIBDIR. It answers with
# names, too: of types and protocols.
use strict;
use warnings;
use SNMP::Info;

my ($port, $mibdir) = @ARGV;
my $info = SNMP::Info->new(
	DestHost => '127.0.0.1', RemotePort => $port, Version => 2, Community => 'public',
	Timeout => 10_000_000, Retries => 0,
	MibDirs => [$mibdir], IgnoreNetSNMPConf => 1, AutoSpecify => 0) or die "no session\n";
die $info->error, "\n" if $info->error;

my %type = (other => 1, invalid => 2, direct => 3, indirect => 4);
my %proto = (other => 1, local => 2, netmgmt => 3, icmp => 4);
my %column = (
	ipr_route => 1, ipr_if => 2, ipr_1 => 3, ipr_2 => 4, ipr_3 => 5, ipr_4 => 6, ipr_dest => 7,
	ipr_type => 8, ipr_proto => 9, ipr_age => 10, ipr_mask => 11, ipr_5 => 12, ipr_info => 13);

for my $method (sort { $column{$a} <=> $column{$b} } keys %column) {
	my $rows = $info->$method();
	die $info->error, "\n" if $info->error;
	die "$method gave nothing\n" if !defined $rows;
	for my $index (keys %$rows) {
		my $value = $rows->{$index};
		$value = $type{$value} // "?$value" if $method eq 'ipr_type';
		$value = $proto{$value} // "?$value" if $method eq 'ipr_proto';
		if ($method eq 'ipr_age') {
			die "the age of $index is $value\n" if $value !~ /^\d+$/;
			next;
		}
		print ".1.3.6.1.2.1.4.21.1.$column{$method}.$index $value\n";
	}
}
