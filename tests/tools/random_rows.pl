#!/usr/bin/perl
# random_rows SEED COUNT: rows for inetCidrRouteTable in the tests' fixture, one a line:
# INDEX IFINDEX TYPE. All four address types; prefixes close together, so that orders by
# address, by length and by next hop all decide somewhere. No row twice.
use strict;
use warnings;

my ($seed, $count) = @ARGV;
my $state = $seed;

# A generator of our own: the same rows on every machine and every perl.
sub pick {
	my ($n) = @_;
	$state = ($state * 1103515245 + 12345) & 0x7fffffff;
	return ($state >> 8) % $n;
}

sub cut_to {    # the octets with everything behind the first $len bits cleared
	my ($len, @o) = @_;
	for my $i (0 .. $#o) {
		my $keep = $len - 8 * $i;
		$keep = 0 if $keep < 0;
		$keep = 8 if $keep > 8;
		$o[$i] &= (0xff << (8 - $keep)) & 0xff;
	}
	return @o;
}

sub v4_row {
	my $len = 8 + pick(25);
	my @a = cut_to($len, 10 + pick(3), pick(4), pick(256), pick(256));
	my $if = 2 + pick(2);
	my $index = join '.', 1, 4, @a, $len;
	if (pick(5) == 0) {    # on-link
		return "$index.3.0.0.$if.0.0 $if 3";
	}
	my @nh = $if == 2 ? (192, 0, 2) : (198, 51, 100);
	my $policy = pick(4) == 0 ? "3.0.0.$if" : '2.0.0';
	return join('.', $index, $policy, 1, 4, @nh, 10 + pick(3)) . " $if 4";
}

sub v6_row {
	my $len = 16 + pick(113);
	my @a = cut_to($len, 32, 1, 13, 184, pick(2), pick(3), map { pick(256) } 1 .. 10);
	my $index = join '.', 2, 16, @a, $len;
	return "$index.3.0.0.2.0.0 2 3" if pick(5) == 0;
	if (pick(3) == 0) {    # link-local gateway, zone 2
		return join('.', $index, 2, 0, 0, 4, 20, 254, 128, (0) x 13, 1 + pick(3), 0, 0, 0, 2) . ' 2 4';
	}
	return join('.', $index, 2, 0, 0, 2, 16, 32, 1, 13, 184, (0) x 11, 16 + pick(3)) . ' 2 4';
}

# Zoned destinations are link-local; on-link, the zone already names the interface.
sub v4z_row {
	my $len = 16 + pick(17);
	my $if = 2 + pick(2);
	my @a = cut_to($len, 169, 254, pick(256), pick(256));
	return join('.', 3, 8, @a, 0, 0, 0, $if, $len, '2.0.0.0.0') . " $if 3";
}

sub v6z_row {
	my $len = 64 + pick(65);
	my $if = 2;
	my @a = cut_to($len, 254, 128, (0) x 6, map { pick(256) } 1 .. 8);
	return join('.', 4, 20, @a, 0, 0, 0, $if, $len, '2.0.0.0.0') . " $if 3";
}

my %seen;
while (keys %seen < $count) {
	my $kind = pick(10);
	my $row = $kind < 5 ? v4_row() : $kind < 8 ? v6_row() : $kind < 9 ? v4z_row() : v6z_row();
	my ($index, $if) = split / /, $row;

	# The same route under two policies is one route: keep the first name.
	(my $route = $index) =~ s/\.(?:2\.0\.0|3\.0\.0\.\d+)\.((?:0\.0|1\.4\.\d+(?:\.\d+){3}|2\.16(?:\.\d+){16}|4\.20(?:\.\d+){20}))$/ $1/;
	next if $seen{"$route $if"}++;
	print "$row\n";
}
