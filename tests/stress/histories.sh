#!/bin/sh
# Long histories: 20 seeds of 100,000 operations for both families, against the model.
# Not part of `make check', which plays the same seeds for 2,500 operations. Run it in the
# build directory; OPS and SEEDS change the amount. Stops at the first seed that fails,
# whose replay command the program prints.
set -eu
ops=${OPS:-100000} seeds=${SEEDS:-20}
seed=1
while [ $seed -le "$seeds" ]; do
	RTM_SEED=$seed RTM_OPS=$ops tests/unit/test_rtm_history >histories.log 2>&1 || {
		cat histories.log
		echo "seed $seed failed"
		exit 1
	}
	echo "seed $seed: $ops operations over IPv4, $ops over IPv6"
	seed=$((seed + 1))
done
rm -f histories.log
