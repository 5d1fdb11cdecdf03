#!/usr/bin/perl
# model_check SCRIPT ANSWERS: what snmp_pdu printed against what random_sets expected of it.
# Says where they part and ends with 1; prints what was compared otherwise.
use strict;
use warnings;

open my $script, '<', $ARGV[0] or die "$ARGV[0]: $!\n";
open my $answers, '<', $ARGV[1] or die "$ARGV[1]: $!\n";

my ($sets, $accepted, $varbinds, $walks, $command) = (0, 0, 0, 0, '');

sub part {
	my ($want, $got) = @_;
	$got = 'nothing' unless defined $got;
	print "after SET $sets, $command\n  expected: $want\n  came:     $got\n";
	exit 1;
}

sub next_answer {
	my $line = <$answers>;
	return undef unless defined $line;
	chomp $line;
	$line =~ s/ o \./ o /;
	return $line;
}

my $walking = 0;
sub end_walk {
	return unless $walking;
	my $got = next_answer();
	part('the end of the walk', $got) unless defined $got && $got =~ /^end /;
	$walking = 0;
}

while (my $line = <$script>) {
	chomp $line;
	my ($kind, $rest) = $line =~ /^(.) (.*)$/;
	if ($kind eq '>') {
		end_walk();
		$command = $rest;
		$walking = $rest =~ /^walk/ ? 1 : 0;
		$walks += $walking;
		$sets++ unless $walking;
	} elsif ($kind eq '=') {
		my $got = next_answer();
		part($rest, $got) unless defined $got && grep { $_ eq $got } split / /, $rest;
		$accepted++ if $got eq '0/0';
	} else {
		my $got = next_answer();
		$varbinds++;
		my $want = quotemeta $rest;
		$want =~ s/\\\*$/-?[0-9.]+/;
		part($rest, $got) unless defined $got && $got =~ /^$want$/;
	}
}
end_walk();
part('the end', $_) if defined($_ = next_answer());
print "# $accepted of $sets SETs accepted, $varbinds varbinds in $walks walks as expected\n";
exit($accepted > $sets / 5 && $accepted < $sets ? 0 : 1);
