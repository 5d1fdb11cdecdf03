#!/usr/bin/perl
# random_names SEED COUNT FILE COLUMN NEXTCOLUMN: names to ask for with GETNEXT and the
# name that must come back, one pair a line. FILE has the indexes of the table in order.
# The names are rows cut short, lengthened, or with a sub-identifier changed, so most are
# no rows; the answer is found by plain comparison of numbers, with no idea of prefixes.
use strict;
use warnings;

my ($seed, $count, $file, $column, $next_column) = @ARGV;
my $state = $seed;

sub pick {
	my ($n) = @_;
	$state = ($state * 1103515245 + 12345) & 0x7fffffff;
	return ($state >> 8) % $n;
}

sub compare {
	my ($x, $y) = @_;
	for (my $i = 0; $i < @$x && $i < @$y; $i++) {
		my $c = $x->[$i] <=> $y->[$i];
		return $c if $c;
	}
	return @$x <=> @$y;
}

open my $in, '<', $file or die "$file: $!\n";
my @rows = map { chomp; [ split /\./ ] } <$in>;

for (1 .. $count) {
	my @name = @{ $rows[ pick(scalar @rows) ] };
	my $how = pick(5);
	splice @name, pick(scalar @name) + 1 if $how == 0;
	push @name, pick(3) if $how == 1;
	$name[ pick(scalar @name) ] += 1 + pick(300) if $how == 2;
	if ($how == 3) {
		my $i = pick(scalar @name);
		$name[$i]-- if $name[$i] > 0;
	}
	$name[ pick(scalar @name) ] = 4294967295 if $how == 4 && pick(2);
	my ($lo, $hi) = (0, scalar @rows);
	while ($lo < $hi) {    # the first row that is greater
		my $mid = int(($lo + $hi) / 2);
		if (compare($rows[$mid], \@name) > 0) { $hi = $mid } else { $lo = $mid + 1 }
	}
	my $answer = $lo < @rows ? join('.', $column, @{ $rows[$lo] }) : join('.', $next_column, @{ $rows[0] });
	print join('.', $column, @name), " $answer\n";
}
