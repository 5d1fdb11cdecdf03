#!/usr/bin/perl
# exporter_rows YML EXPORTER-PORT SNMPD-PORT counts|inet|cidr|forward|route: asks
# prometheus-snmp-exporter for a module of YML, and turns the samples back into objects, ".OID
# VALUE" a line as `snmpwalk -On -Oq` would have them, without the age. YML says which column
# has which name; what the labels mean is said here.
use strict;
use warnings;
use HTTP::Tiny;
use Socket qw(inet_pton AF_INET6);

my ($yml, $exporter, $port, $module) = @ARGV;
open my $in, '<', $yml or die "$yml: $!\n";
my %oid;
my $inside = '';
while (<$in>) {
	$inside = $1 if /^(\w+):/;
	$oid{$1} = $2 if $inside eq $module && /\{name: (\w+), oid: ([\d.]+),/;
}
%oid or die "$yml has no module $module\n";

my $answer = HTTP::Tiny->new(timeout => 120)
	->get("http://127.0.0.1:$exporter/snmp?module=$module&target=127.0.0.1:$port");
die "status $answer->{status}: $answer->{content}\n" if !$answer->{success};

# An InetAddress of the index as sub-identifiers; one that has no octets is shown as the
# sub-identifiers themselves, type and length.
sub inet_subids {
	my ($shown) = @_;
	return join '.', map { hex } $shown =~ /[0-9a-f]{2}/gi if $shown =~ s/^0x//;
	return '1.4.' . $shown if $shown !~ /:/;
	return join '.', 2, 16, unpack 'C*', inet_pton(AF_INET6, $shown);
}

sub policy_subids {
	my ($shown) = @_;
	$shown =~ s/^0x// or die "policy $shown\n";
	my @octets = map { hex } $shown =~ /../g;
	return join '.', scalar @octets, @octets;
}

my %index = (
	counts => sub { 0 },
	inet => sub { join '.', inet_subids($_[0]{dest}), $_[0]{length}, policy_subids($_[0]{policy}), inet_subids($_[0]{nexthop}) },
	cidr => sub { join '.', @{ $_[0] }{qw(dest mask tos nexthop)} },
	forward => sub { join '.', @{ $_[0] }{qw(dest proto policy nexthop)} },
	route => sub { $_[0]{dest} },
);

for (split /\n/, $answer->{content}) {
	next if !/^(\w+)(?:\{(.*)\})? (\S+)$/ || $1 =~ /Age$/ || $1 =~ /^snmp_scrape_/;
	my ($name, $labels, $value) = ($1, $2 // '', $3);
	my %label = $labels =~ /(\w+)="([^"]*)"/g;
	my $shown = $label{$name};    # an address, or an object identifier
	$value = $shown =~ tr/.// == 3 ? $shown : ".$shown" if defined $shown;
	print '.', $oid{$name} // die("$name is not of $module\n"), '.', $index{$module}(\%label), " $value\n";
}
