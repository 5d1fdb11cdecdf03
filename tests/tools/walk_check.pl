#!/usr/bin/perl
# walk_check MUST [MAY...] < WALK: is a walk, lines "OID VALUE" in the order they came, what
# it may be? Its names must be strictly increasing; every name of the file MUST is there,
# with that value; anything else is a line of one of the files MAY. A name has one value in
# MUST and may have others in MAY. Prints how many rows of which kind, or what is wrong
# (five lines of it) and ends with status 1.
use strict;
use warnings;

my %must;
my %may;
my $first = shift or die "usage: walk_check MUST [MAY...] < WALK\n";
open my $in, '<', $first or die "$first: $!\n";
while (<$in>) {
	chomp;
	my ($name, $value) = split / /, $_, 2;
	$must{$name} = $value;
}
for my $file (@ARGV) {
	open $in, '<', $file or die "$file: $!\n";
	while (<$in>) {
		chomp;
		$may{$_} = 1;
	}
}

my ($before, $last, $there, $others, $wrong) = ('', '', 0, 0, 0);

sub complain {
	print "$_[0]\n" if ++$wrong <= 5;
}

while (<STDIN>) {
	chomp;
	my ($name, $value) = split / /, $_, 2;
	if (!defined $value || $name !~ /^[.\d]+$/) {
		complain("not a row: $_");
		next;
	}
	my $key = pack 'N*', split /\./, substr $name, 1;
	complain("$name does not follow $last") if $key le $before;
	($before, $last) = ($key, $name);
	if (exists $must{$name}) {
		$there++;
		complain("$_, but the value must be $must{$name}") if $value ne $must{$name} && !$may{$_};
		$must{$name} = $value;
	} elsif ($may{$_}) {
		$others++;
	} else {
		complain("$_ never existed");
	}
}
# Every name that came was counted once, as they increase.
complain(keys(%must) - $there . ' rows that were there all the time did not come') if $there != keys %must;
print "... $wrong in all\n" if $wrong > 5;
print "$there rows there all the time, $others of the others\n" if !$wrong;
exit($wrong ? 1 : 0);
