#!/usr/bin/perl
# exporter_rows EXPORTER-PORT SNMPD-PORT inet|cidr|forward|route: asks prometheus-snmp-exporter
# for a table, and turns the samples back into objects, ".OID VALUE" a line as `snmpwalk -On
# -Oq` would have them, without the age. The module of snmp.yml is called like the table, a
# metric is c and the column, and the labels are those of index() below.
use strict;
use warnings;
use HTTP::Tiny;
use Socket qw(inet_pton AF_INET6);

my ($exporter, $port, $table) = @ARGV;
my $answer = HTTP::Tiny->new(timeout => 120)
	->get("http://127.0.0.1:$exporter/snmp?module=$table&target=127.0.0.1:$port");
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
	inet => sub { join '.', inet_subids($_[0]{d}), $_[0]{l}, policy_subids($_[0]{p}), inet_subids($_[0]{h}) },
	cidr => sub { join '.', @{ $_[0] }{qw(d m t h)} },
	forward => sub { join '.', @{ $_[0] }{qw(d p t h)} },
	route => sub { $_[0]{d} },
);
my %table = (
	inet => [ '.1.3.6.1.2.1.4.24.7.1', 10 ],
	cidr => [ '.1.3.6.1.2.1.4.24.4.1', 8 ],
	forward => [ '.1.3.6.1.2.1.4.24.2.1', 8 ],
	route => [ '.1.3.6.1.2.1.4.21.1', 10 ],
);
my ($entry, $age) = @{ $table{$table} };

for (split /\n/, $answer->{content}) {
	next if !/^c(\d+)\{(.*)\} (\S+)$/;
	my ($column, $labels, $value) = ($1, $2, $3);
	next if $column == $age;
	my %label = $labels =~ /(\w+)="([^"]*)"/g;
	my $shown = $label{"c$column"}; # an address, or an object identifier
	$value = $shown =~ tr/.// == 3 ? $shown : ".$shown" if defined $shown;
	print "$entry.$column.", $index{$table}(\%label), " $value\n";
}
