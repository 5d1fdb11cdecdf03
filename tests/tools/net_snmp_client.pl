#!/usr/bin/perl
# net_snmp_client PORT [table]: rtmd as seen by a manager written with Perl's Net::SNMP,
# an implementation of SNMP that shares nothing with net-snmp. Without `table' it goes
# through the life of a row and dies where something is not as it must be; with it, it
# prints all columns but the age as "OID value".
use strict;
use warnings;
use Net::SNMP qw(:asn1);

my ($port, $table) = @ARGV;
my $entry = '1.3.6.1.2.1.4.24.7.1';
my $x = '1.4.10.1.0.0.16.2.0.0.1.4.192.0.2.1';

sub session {
	my ($community) = @_;
	my ($s, $error) = Net::SNMP->session(
		-hostname => '127.0.0.1', -port => $port, -community => $community,
		-version => 'snmpv2c', -timeout => 5, -retries => 0);
	defined $s or die "no session: $error\n";
	$s->max_msg_size(65535);
	return $s;
}

sub expect {
	my ($what, $got, $want) = @_;
	$got eq $want or die "$what: $got, expected $want\n";
	print "$what: $got\n";
}

sub set {
	my ($s, @vb) = @_;
	$s->set_request(-varbindlist => \@vb);
	return $s->error_status . '/' . $s->error_index;
}

my $s = session('private');

if (defined $table) {
	my @columns = map { "$entry.$_" } 7, 8, 9, 11 .. 17;
	my @at = @columns;
	my %seen;
	while (1) {
		my $r = $s->get_bulk_request(-nonrepeaters => 0, -maxrepetitions => 5, -varbindlist => \@at)
			or die $s->error, "\n";
		my @names = $s->var_bind_names;
		my $more = 0;
		for my $i (0 .. $#names) {
			my $c = $i % @columns;
			next if index($names[$i], "$columns[$c].") != 0;
			print ".$names[$i] $r->{$names[$i]}\n" if !$seen{ $names[$i] }++;
			$at[$c] = $names[$i];
			$more = 1 if $i >= @names - @columns;
		}
		last if !$more;
	}
	exit 0;
}

my @create = ("$entry.7.$x", INTEGER, 2, "$entry.8.$x", INTEGER, 4, "$entry.17.$x", INTEGER, 4);

expect('an incomplete creation', set($s, "$entry.17.$x", INTEGER, 4), '12/1');
expect('a wrong type on the wire', set($s, "$entry.17.$x", GAUGE32, 4), '7/1');
expect('prefix length 33',
	set($s, map { my $v = $_; $v =~ s/\.16\.2\.0\.0\./.33.2.0.0./; $v } @create), '11/3');
expect('a creation', set($s, @create), '0/0');
expect('the same again', set($s, @create), '12/3');
expect('with a community that may only read', set(session('public'), "$entry.17.$x", INTEGER, 6), '6/1');

my $r = $s->get_request(-varbindlist => [ map { "$entry.$_.$x" } 7 .. 17 ]) or die $s->error, "\n";
expect('the interface', $r->{"$entry.7.$x"}, 2);
expect('the type', $r->{"$entry.8.$x"}, 4);
expect('the protocol', $r->{"$entry.9.$x"}, 3);
expect('the status', $r->{"$entry.17.$x"}, 1);
expect('metric 2', $r->{"$entry.13.$x"}, -1);

my $rows = $s->get_table(-baseoid => "$entry.17") or die $s->error, "\n";
expect('rows in the table', scalar(keys %$rows), 1);
expect('a destroy', set($s, "$entry.17.$x", INTEGER, 6), '0/0');
$r = $s->get_request(-varbindlist => ["$entry.17.$x"]);
expect('the destroyed row', $r->{"$entry.17.$x"}, 'noSuchInstance');
