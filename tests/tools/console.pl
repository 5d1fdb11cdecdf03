#!/usr/bin/perl
# console [-u] [FROM=TO]... FILE: runs the `console' blocks of a document in one shell, in
# order, and compares what comes out with what the document shows. Lines with `$ ' are
# commands, `> ' their continuation, the rest is output. Each FROM is replaced by TO in the
# commands, and TO by FROM in the output: a port, a directory. With -u prints the document
# with the output that came instead of comparing.
use strict;
use warnings;

my ($update, @swap);
while (@ARGV && ($ARGV[0] eq '-u' || $ARGV[0] =~ /=/)) {
	my $a = shift;
	if ($a eq '-u') { $update = 1 }
	else { push @swap, [ split /=/, $a, 2 ] }
}
my $file = shift or die "usage: console [-u] [FROM=TO]... FILE\n";
open my $in, '<', $file or die "$file: $!\n";
my @lines = <$in>;
close $in;

# The commands, each with the lines where its output stands.
my ($inside, @commands) = (0);
for my $i (0 .. $#lines) {
	local $_ = $lines[$i];
	if (/^```console/) { $inside = 1 }
	elsif (/^```/) { $inside = 0 }
	elsif ($inside && /^\$ (.*\n)/) { push @commands, { text => $1, last => $i, want => '', line => $i + 1 } }
	elsif ($inside && /^> (.*\n)/) { $commands[-1]{text} .= $1; $commands[-1]{last} = $i }
	elsif ($inside) { $commands[-1]{want} .= $_; $lines[$i] = undef if $update }
}
@commands or die "$file: no console block\n";

my $script = "trap 'kill \$(jobs -p) 2>/dev/null' EXIT\n";
for my $n (0 .. $#commands) {
	my $c = $commands[$n]{text};
	for (@swap) { $c =~ s/\Q$_->[0]\E/$_->[1]/g }
	$script .= "$c\nprintf '\\n\@\@$n\\n'\n";
}
my $pid = open my $out, '-|';
defined $pid or die "fork: $!\n";
if (!$pid) {
	open STDERR, '>&', \*STDOUT;
	open STDIN, '<', '/dev/null';
	exec 'bash', '-c', $script;
}
my @got = ('') x @commands;
my $n = 0;
while (<$out>) {
	if (/^\@\@(\d+)$/) { $n = $1 + 1; last if $n == @commands; next }
	$got[$n] .= $_ if $n < @got;
}
close $out;

my $bad = 0;
for my $n (0 .. $#commands) {
	$got[$n] =~ s/\n\z//;    # the line break in front of the mark
	for (@swap) { $got[$n] =~ s/\Q$_->[1]\E/$_->[0]/g }
	$got[$n] .= "\n" if $got[$n] ne '' && $got[$n] !~ /\n\z/;
	if ($update) { $lines[ $commands[$n]{last} ] .= $got[$n] }
	elsif ($got[$n] ne $commands[$n]{want}) {
		$bad++;
		print "$file:$commands[$n]{line}: \$ $commands[$n]{text}expected:\n$commands[$n]{want}got:\n$got[$n]";
	}
}
print map { $_ // () } @lines if $update;
exit($bad ? 1 : 0);
