/*
 * route_churn - a client of a running rtmd that changes its table all the time.
 *
 *   RTM_SOCKET=PATH route_churn LIST RATE
 *
 * Each line of LIST, `PREFIX/LEN GATEWAY IFINDEX GATEWAY IFINDEX', is a destination with
 * two ways to it. Over and over one is picked at random and led through its life: created
 * by way of the first gateway, given another metric, deleted, created by way of the
 * second, and so on. RATE changes a second are aimed at by the clock, in portions of some
 * milliseconds; where the machine does not get so far, it is as many as it can.
 *
 * Every quarter of a second it prints how many changes were made so far. On SIGTERM it
 * deletes what it made and ends with status 0, having printed changes and seconds. A
 * refusal, of which there must be none, ends it with status 1.
 *
 * It speaks through the public functions, as any program of that library would.
 */
#include <arpa/inet.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "netioapi.h"
#include "rtmopen.h"

/* Where a destination is in its life; the step leads to the next one. */
enum stage { ABSENT, FIRST, FIRST_AGAIN, GONE, SECOND, SECOND_AGAIN, STAGES };

struct destination {
	MIB_IPFORWARD_ROW2 way[2];
	enum stage stage;
};

static struct destination *list;
static size_t count;
static volatile sig_atomic_t stop;

static void
on_signal(int number)
{
	(void)number;
	stop = 1;
}

static void
die(const char *what, const char *detail)
{
	fprintf(stderr, "route_churn: %s: %s\n", what, detail);
	exit(1);
}

static void
read_address(const char *text, SOCKADDR_INET *out)
{
	bool six = strchr(text, ':') != NULL;

	out->si_family = six ? AF_INET6 : AF_INET;
	if (inet_pton(out->si_family, text,
	              six ? (void *)&out->Ipv6.sin6_addr : (void *)&out->Ipv4.sin_addr) != 1)
		die("not an address", text);
}

static void
read_way(MIB_IPFORWARD_ROW2 *row, const char *prefix, unsigned len, const char *gateway,
         unsigned if_index)
{
	InitializeIpForwardEntry(row);
	read_address(prefix, &row->DestinationPrefix.Prefix);
	read_address(gateway, &row->NextHop);
	row->DestinationPrefix.PrefixLength = (UINT8)len;
	row->InterfaceIndex = if_index;
	row->Metric = 10;
}

static void
load(const char *path)
{
	FILE *file = fopen(path, "r");
	char prefix[64], via[2][64];
	unsigned len, index[2];
	size_t room = 0;

	if (file == NULL)
		die("cannot be read", path);
	while (fscanf(file, " %63[^/ ]/%u %63s %u %63s %u", prefix, &len, via[0], &index[0],
	              via[1], &index[1]) == 6) {
		if (count == room) {
			room = room == 0 ? 1024 : 2 * room;
			list = realloc(list, room * sizeof *list);
			if (list == NULL)
				die("no memory", path);
		}
		for (size_t i = 0; i < 2; i++)
			read_way(&list[count].way[i], prefix, len, via[i], index[i]);
		list[count++].stage = ABSENT;
	}
	if (!feof(file) || count == 0)
		die("not a list", path);
	fclose(file);
}

static void
must(DWORD err, const char *what, const MIB_IPFORWARD_ROW2 *row)
{
	char text[64] = "?", detail[128];

	if (err == NO_ERROR)
		return;
	inet_ntop(AF_INET, &row->DestinationPrefix.Prefix.Ipv4.sin_addr, text, sizeof text);
	snprintf(detail, sizeof detail, "%s/%u: %s", text, row->DestinationPrefix.PrefixLength,
	         rtm_strerror(err));
	die(what, detail);
}

/* One change. */
static void
step(struct destination *dest)
{
	MIB_IPFORWARD_ROW2 *row = &dest->way[dest->stage >= GONE];

	switch (dest->stage) {
	case ABSENT:
	case GONE:
		must(CreateIpForwardEntry2(row), "create", row);
		break;
	case FIRST:
	case SECOND:
		row->Metric = row->Metric == 10 ? 20 : 10;
		must(SetIpForwardEntry2(row), "set", row);
		break;
	default:
		must(DeleteIpForwardEntry2(row), "delete", row);
	}
	dest->stage = (dest->stage + 1) % STAGES;
}

static uint32_t
pick(uint32_t below)
{
	static uint64_t state = 4292;

	state = state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)((state >> 33) % below);
}

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int
main(int argc, char **argv)
{
	static const struct timespec pause = { .tv_nsec = 2000000 };
	unsigned long long changes = 0;
	double start, told, rate;

	if (argc != 3 || (rate = atof(argv[2])) <= 0)
		die("usage", "route_churn LIST RATE");
	load(argv[1]);
	signal(SIGTERM, on_signal);
	start = told = now();
	while (!stop) {
		double at = now();

		if (at - told > 0.25) {
			printf("%llu\n", changes);
			fflush(stdout);
			told = at;
		}
		if ((double)changes > (at - start) * rate) {
			nanosleep(&pause, NULL);
			continue;
		}
		for (int i = 0; i < 20; i++, changes++)
			step(&list[pick((uint32_t)count)]);
	}
	printf("%llu changes in %.1f s\n", changes, now() - start);
	for (size_t i = 0; i < count; i++)
		while (list[i].stage != ABSENT && list[i].stage != GONE)
			step(&list[i]);
	free(list);
	return 0;
}
