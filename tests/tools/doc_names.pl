#!/usr/bin/perl
# doc_names TOP FILE...: every file, function, array and struct that a document names in
# backquotes must be in the tree. Prints what is not, and then ends with status 1.
use strict;
use warnings;
use File::Find;

my $top = shift or die "usage: doc_names TOP FILE...\n";
my (%path, %base, $code);
find({
		wanted => sub {
			my $rel = substr $File::Find::name, length($top) + 1;
			if (-d) { $File::Find::prune = 1 if m{^(\.git|build.*|autom4te\.cache)$}; return }
			$path{$rel} = $base{$_} = 1;
			return if !/\.[ch]$/;
			open my $in, '<', $_ or return;
			local $/;
			$code .= <$in>;
		},
	}, grep { -d } map { "$top/$_" } qw(src agent tests docs man mibs bench scripts));

my %wanted;
for my $file (@ARGV) {
	open my $in, '<', $file or die "$file: $!\n";
	while (<$in>) {
		while (/`([^`]+)`/g) { push @{ $wanted{$1} }, "$file:$." }
	}
}
my $bad = 0;
for my $name (sort keys %wanted) {
	my $there = 1;
	if ($name =~ m{^(?:src|agent|tests|docs|man|mibs|bench|scripts)/[\w./*-]+$}) {
		(my $re = quotemeta $name) =~ s{\\\*}{[^/]*}g;
		$there = $name =~ m{/$} ? grep { index($_, $name) == 0 } keys %path : grep { /^$re(?:\.c)?$/ } keys %path;
	} elsif ($name =~ /^[\w-]+\.(?:c|h|sh|pl|tsv)$/) { $there = $base{$name} }
	elsif ($name =~ /^(\w+)(?:\(\)|\[\])$/) { $there = $code =~ /\b$1\b/ }
	elsif ($name =~ /^struct (\w+)$/) { $there = $code =~ /\bstruct $1\b/ }
	elsif ($name =~ /^(Rtm[A-Z]\w+)$/) { $there = $code =~ /\b$1\b/ }
	next if $there;
	$bad++;
	print "no `$name', named by @{ $wanted{$name} }\n";
}
exit($bad ? 1 : 0);
