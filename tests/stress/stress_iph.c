/*
 * One chapter: many threads at the documented functions, twice: at a table of the process's
 * own, and at one behind rtmd's control server and a socket (stress_iph_place.c).
 *
 * Each writer has keys of its own, so it knows which code every one of its calls must
 * answer, and what is in the table at the end: that is the model. Two contenders share
 * keys; what they created less what they deleted is there. A subscriber of the whole time
 * keeps a table made of notifications alone, which must come to the same, and sees for
 * each key additions and removals in turn. Beside them others read whole tables, look for
 * best routes, change an interface, convert names, subscribe and cancel.
 *
 * The number of operations is bounded (RTM_STRESS_OPS for each thread); a watchdog ends the
 * program if the threads do not end. Data races are the business of a build with
 * --enable-sanitize=thread.
 */
#include <arpa/inet.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "../unit/setting.h"
#include "base/alloc.h"
#include "stress_iph.h"

enum { V2_WRITERS = 2, CONTENDERS = 2, GROUPS = 5, SLOTS = 32, THREADS_MAX = 16 };

/* Whose key it is: the second octet of an IPv4 prefix, the third group of an IPv6 one. */
enum { GROUP_V1 = V2_WRITERS, GROUP_SHARED, GROUP_NAMES };

atomic_uint stress_wrong;
static atomic_int running;
static unsigned ops;
static atomic_int known[GROUPS][SLOTS]; /* the model: rows of this key, 0 or 1 */
static atomic_int told[GROUPS][SLOTS];  /* the same by notification */
static atomic_bool over;                /* no call-back may come any more */

static unsigned
dice(unsigned *state, unsigned below)
{
	*state = *state * 1664525u + 1013904223u;
	return (*state >> 8) % below;
}

/* ---- keys ------------------------------------------------------------------------------ */

static SOCKADDR_INET
address(const char *text)
{
	SOCKADDR_INET sa;

	memset(&sa, 0, sizeof sa);
	sa.si_family = strchr(text, ':') != NULL ? AF_INET6 : AF_INET;
	WANT(inet_pton(sa.si_family, text,
	               sa.si_family == AF_INET ? (void *)&sa.Ipv4.sin_addr
	                                       : (void *)&sa.Ipv6.sin6_addr) == 1);
	return sa;
}

MIB_IPFORWARD_ROW2
stress_row(unsigned group, unsigned slot, bool v6)
{
	MIB_IPFORWARD_ROW2 row;
	char text[64];

	InitializeIpForwardEntry(&row);
	snprintf(text, sizeof text, v6 ? "2001:db8:%x:%x::" : "10.%u.%u.0", group + 100, slot);
	row.DestinationPrefix.Prefix = address(text);
	row.DestinationPrefix.PrefixLength = v6 ? 64 : 24;
	row.NextHop = address(v6 ? "2001:db8:1::1" : "192.0.2.1");
	row.InterfaceIndex = 2;
	return row;
}

/* Every second key of the version 2 writers is IPv6. */
static bool
is_v6(unsigned group, unsigned slot)
{
	return group < V2_WRITERS && slot % 2 != 0;
}

/* Which key; false for rows of others. */
static bool
key_of(const MIB_IPFORWARD_ROW2 *row, unsigned *group, unsigned *slot)
{
	const uint8_t *b;

	if (row->DestinationPrefix.Prefix.si_family == AF_INET) {
		b = (const uint8_t *)&row->DestinationPrefix.Prefix.Ipv4.sin_addr;
		*group = b[1] - 100u;
		*slot = b[2];
		return b[0] == 10 && *group < GROUPS && *slot < SLOTS;
	}
	b = row->DestinationPrefix.Prefix.Ipv6.sin6_addr.s6_addr;
	*group = (unsigned)b[4] * 256 + b[5] - 100;
	*slot = (unsigned)b[6] * 256 + b[7];
	return *group < GROUPS && *slot < SLOTS;
}

/* ---- writers ----------------------------------------------------------------------------- */

static void
change_v2(unsigned group, unsigned slot, ULONG metric, unsigned what)
{
	MIB_IPFORWARD_ROW2 row = stress_row(group, slot, is_v6(group, slot));
	bool there = atomic_load(&known[group][slot]) != 0;

	row.Metric = metric;
	switch (what) {
	case 0:
		WANT_CODE(DeleteIpForwardEntry2(&row), there ? NO_ERROR : ERROR_NOT_FOUND);
		atomic_store(&known[group][slot], 0);
		break;
	case 1:
		WANT_CODE(SetIpForwardEntry2(&row), there ? NO_ERROR : ERROR_NOT_FOUND);
		break;
	default:
		WANT_CODE(CreateIpForwardEntry2(&row),
		          there ? ERROR_OBJECT_ALREADY_EXISTS : NO_ERROR);
		atomic_store(&known[group][slot], 1);
		break;
	}
}

static void *
writer_v2(void *arg)
{
	unsigned group = (unsigned)(uintptr_t)arg, seed = group + 7;
	ULONG metric[SLOTS] = { 0 };

	for (unsigned i = 0; i < ops; i++) {
		unsigned slot = dice(&seed, SLOTS), what = dice(&seed, 4);
		MIB_IPFORWARD_ROW2 row = stress_row(group, slot, is_v6(group, slot));
		bool there = atomic_load(&known[group][slot]) != 0;
		ULONG next = dice(&seed, 1000);

		change_v2(group, slot, next, what);
		if (what == 1 ? there : !there)
			metric[slot] = next;
		there = atomic_load(&known[group][slot]) != 0;
		WANT_CODE(GetIpForwardEntry2(&row), there ? NO_ERROR : ERROR_NOT_FOUND);
		if (there)
			WANT(row.Metric == metric[slot] && row.Protocol == MIB_IPPROTO_NETMGMT);
	}
	return NULL;
}

static MIB_IPFORWARDROW
row1(unsigned slot, DWORD metric)
{
	MIB_IPFORWARD_ROW2 row = stress_row(GROUP_V1, slot, false);
	MIB_IPFORWARDROW out;

	memset(&out, 0, sizeof out);
	out.dwForwardDest = row.DestinationPrefix.Prefix.Ipv4.sin_addr.s_addr;
	out.dwForwardMask = htonl(0xFFFFFF00u);
	out.dwForwardNextHop = row.NextHop.Ipv4.sin_addr.s_addr;
	out.dwForwardIfIndex = 2;
	out.dwForwardProto = MIB_IPPROTO_NETMGMT;
	out.dwForwardMetric1 = metric;
	return out;
}

/* Below these keys there is only the default route, by another interface. */
static void
look_for_best(unsigned slot, bool there, DWORD metric)
{
	DWORD host = row1(slot, 0).dwForwardDest | htonl(9), index = 0;
	struct sockaddr_in to;
	MIB_IPFORWARDROW best;

	memset(&to, 0, sizeof to);
	to.sin_family = AF_INET;
	to.sin_addr.s_addr = host;
	WANT_CODE(GetBestInterface(host, &index), NO_ERROR);
	WANT(index == (there ? 2u : 3u));
	WANT_CODE(GetBestInterfaceEx((struct sockaddr *)&to, &index), NO_ERROR);
	WANT(index == (there ? 2u : 3u));
	WANT_CODE(GetBestRoute(host, 0, &best), NO_ERROR);
	WANT(best.dwForwardMask == (there ? htonl(0xFFFFFF00u) : 0));
	if (there)
		WANT(best.dwForwardMetric1 == metric);
}

static void *
writer_v1(void *arg)
{
	unsigned seed = 77;
	DWORD metric[SLOTS] = { 0 };

	for (unsigned i = 0; i < ops; i++) {
		unsigned slot = dice(&seed, SLOTS), what = dice(&seed, 4);
		bool there = atomic_load(&known[GROUP_V1][slot]) != 0;
		MIB_IPFORWARDROW row = row1(slot, STRESS_METRIC + dice(&seed, 1000));

		if (what == 0) {
			WANT_CODE(DeleteIpForwardEntry(&row),
			          there ? NO_ERROR : ERROR_NOT_FOUND);
			atomic_store(&known[GROUP_V1][slot], 0);
		} else if (what == 1) {
			WANT_CODE(SetIpForwardEntry(&row), there ? NO_ERROR : ERROR_NOT_FOUND);
			metric[slot] = row.dwForwardMetric1;
		} else {
			WANT_CODE(CreateIpForwardEntry(&row),
			          there ? ERROR_OBJECT_ALREADY_EXISTS : NO_ERROR);
			if (!there)
				metric[slot] = row.dwForwardMetric1;
			atomic_store(&known[GROUP_V1][slot], 1);
		}
		there = atomic_load(&known[GROUP_V1][slot]) != 0;
		look_for_best(slot, there, metric[slot]);
	}
	return arg;
}

/* Two of them: one succeeds, the other is told so. */
static void *
contender(void *arg)
{
	unsigned seed = (unsigned)(uintptr_t)arg + 700;

	for (unsigned i = 0; i < ops; i++) {
		unsigned slot = dice(&seed, SLOTS);
		MIB_IPFORWARD_ROW2 row = stress_row(GROUP_SHARED, slot, false);
		bool create = dice(&seed, 2) != 0;
		DWORD err = create ? CreateIpForwardEntry2(&row) : DeleteIpForwardEntry2(&row);

		if (err == NO_ERROR)
			atomic_fetch_add(&known[GROUP_SHARED][slot], create ? 1 : -1);
		else
			WANT_CODE(err, create ? ERROR_OBJECT_ALREADY_EXISTS : ERROR_NOT_FOUND);
	}
	return NULL;
}

/* ---- readers ----------------------------------------------------------------------------- */

static int
order_of(const MIB_IPFORWARD_ROW2 *a, const MIB_IPFORWARD_ROW2 *b)
{
	const IP_ADDRESS_PREFIX *x = &a->DestinationPrefix, *y = &b->DestinationPrefix;
	int d = (int)x->Prefix.si_family - (int)y->Prefix.si_family;

	if (d == 0)
		d = x->Prefix.si_family == AF_INET
		        ? memcmp(&x->Prefix.Ipv4.sin_addr, &y->Prefix.Ipv4.sin_addr, 4)
		        : memcmp(&x->Prefix.Ipv6.sin6_addr, &y->Prefix.Ipv6.sin6_addr, 16);
	return d != 0 ? d : x->PrefixLength - y->PrefixLength;
}

/* Here a destination has one row, so the order is strict. */
static void
read_table2(ADDRESS_FAMILY family)
{
	PMIB_IPFORWARD_TABLE2 table;
	DWORD err = GetIpForwardTable2(family, &table);

	if (family == AF_INET6 && err == ERROR_NOT_FOUND)
		return;
	WANT_CODE(err, NO_ERROR);
	for (ULONG i = 0; err == NO_ERROR && i < table->NumEntries; i++) {
		WANT(table->Table[i].InterfaceLuid.Value != 0);
		WANT(family == AF_UNSPEC ||
		     table->Table[i].DestinationPrefix.Prefix.si_family == family);
		WANT(i == 0 || order_of(&table->Table[i - 1], &table->Table[i]) < 0);
	}
	if (err == NO_ERROR)
		FreeMibTable(table);
}

/* The idiom: ask for the size, get memory, ask again, as often as it has grown. */
static void
read_table1(BOOL order)
{
	PMIB_IPFORWARDTABLE table = NULL;
	ULONG size = 0;
	DWORD err;

	while ((err = GetIpForwardTable(table, &size, order)) == ERROR_INSUFFICIENT_BUFFER) {
		free(table);
		table = malloc(size);
		WANT(table != NULL);
	}
	WANT_CODE(err, NO_ERROR);
	if (table != NULL)
		WANT(SIZEOF_IPFORWARDTABLE(table->dwNumEntries) <= size);
	free(table);
}

static void *
reader(void *arg)
{
	static const ADDRESS_FAMILY families[] = { AF_UNSPEC, AF_INET, AF_INET6 };
	PMIB_IPINTERFACE_TABLE interfaces;

	for (unsigned i = 0; i < ops / 8 + 3; i++) {
		read_table2(families[i % 3]);
		read_table1(i % 2 != 0);
		WANT_CODE(GetIpInterfaceTable(AF_INET, &interfaces), NO_ERROR);
		WANT(interfaces->NumEntries == STRESS_INTERFACES);
		FreeMibTable(interfaces);
	}
	return arg;
}

static void
walk_names(NET_IFINDEX index, const char *name)
{
	NET_IFINDEX back = 0;
	char text[IF_MAX_STRING_SIZE + 1];
	WCHAR wide[IF_MAX_STRING_SIZE + 1];
	NET_LUID luid, again;

	WANT_CODE(ConvertInterfaceIndexToLuid(index, &luid), NO_ERROR);
	WANT_CODE(ConvertInterfaceLuidToNameA(&luid, text, sizeof text), NO_ERROR);
	WANT(strcmp(text, name) == 0);
	WANT_CODE(ConvertInterfaceNameToLuidA(text, &again), NO_ERROR);
	WANT(again.Value == luid.Value);
	WANT_CODE(ConvertInterfaceLuidToNameW(&luid, wide, IF_MAX_STRING_SIZE + 1), NO_ERROR);
	WANT_CODE(ConvertInterfaceNameToLuidW(wide, &again), NO_ERROR);
	WANT(again.Value == luid.Value);
	WANT_CODE(ConvertInterfaceLuidToAlias(&luid, wide, IF_MAX_STRING_SIZE + 1), NO_ERROR);
	WANT_CODE(ConvertInterfaceAliasToLuid(wide, &again), NO_ERROR);
	WANT_CODE(ConvertInterfaceLuidToIndex(&again, &back), NO_ERROR);
	WANT(back == index && rtm_if_nametoindex(name) == index);
	WANT(rtm_if_indextoname(index, text) == text && strcmp(text, name) == 0);
}

/* Names, and the metric of an interface that only this thread has a route on. */
static void *
names(void *arg)
{
	static const char *const all[] = { "loopback_1", "ethernet_2", "ethernet_3",
		                           "ethernet_4" };
	MIB_IPFORWARD_ROW2 row = stress_row(GROUP_NAMES, 0, false);
	SOCKADDR_INET to = row.DestinationPrefix.Prefix, from;
	MIB_IPINTERFACE_ROW interface;

	row.InterfaceIndex = 4;
	WANT_CODE(CreateIpForwardEntry2(&row), NO_ERROR);
	atomic_store(&known[GROUP_NAMES][0], 1);
	for (unsigned i = 0; i < ops / 4 + 4; i++) {
		walk_names(i % 4 + 1, all[i % 4]);
		InitializeIpInterfaceEntry(&interface);
		interface.Family = AF_INET;
		interface.InterfaceIndex = 4;
		WANT_CODE(GetIpInterfaceEntry(&interface), NO_ERROR);
		interface.SitePrefixLength = 0;
		interface.UseAutomaticMetric = FALSE;
		interface.Metric = i % 50;
		WANT_CODE(SetIpInterfaceEntry(&interface), NO_ERROR);
		WANT_CODE(GetIpInterfaceEntry(&interface), NO_ERROR);
		WANT(interface.Metric == i % 50);
		WANT_CODE(GetBestRoute2(NULL, 0, NULL, &to, 0, &row, &from), NO_ERROR);
		WANT(row.InterfaceIndex == 4 && row.Metric == 256);
	}
	return arg;
}

/* ---- subscribers ------------------------------------------------------------- */

static VOID WINAPI
on_change(PVOID context, PMIB_IPFORWARD_ROW2 row, MIB_NOTIFICATION_TYPE type)
{
	unsigned group, slot;
	int before;

	WANT(!atomic_load(&over) && context == told);
	if (row == NULL || !key_of(row, &group, &slot))
		return;
	before = type == MibAddInstance      ? atomic_fetch_add(&told[group][slot], 1)
	         : type == MibDeleteInstance ? atomic_fetch_sub(&told[group][slot], 1)
	                                     : atomic_load(&told[group][slot]);
	WANT(before == (type == MibAddInstance ? 0 : 1));
}

struct visit {
	atomic_bool alive;
	atomic_uint heard;
	ADDRESS_FAMILY family;
};

/* A call-back that calls back. */
static VOID WINAPI
on_visit(PVOID context, PMIB_IPFORWARD_ROW2 row, MIB_NOTIFICATION_TYPE type)
{
	struct visit *visit = context;
	MIB_IPFORWARD_ROW2 found;
	DWORD err;

	WANT(atomic_load(&visit->alive));
	atomic_fetch_add(&visit->heard, 1);
	WANT((type == MibInitialNotification) == (row == NULL));
	if (row == NULL)
		return;
	WANT(visit->family == AF_UNSPEC ||
	     row->DestinationPrefix.Prefix.si_family == visit->family);
	found = *row;
	err = GetIpForwardEntry2(&found);
	WANT(err == NO_ERROR || err == ERROR_NOT_FOUND);
}

static void *
visitor(void *arg)
{
	static const ADDRESS_FAMILY families[] = { AF_UNSPEC, AF_INET, AF_INET6 };
	struct timespec pause = { 0, 500000 };

	for (unsigned i = 0; i < ops / 8 + 3; i++) {
		struct visit *visit = calloc(1, sizeof *visit);
		HANDLE handle = NULL;

		if (visit == NULL)
			return arg;
		visit->family = families[i % 3];
		atomic_store(&visit->alive, true);
		WANT_CODE(
		    NotifyRouteChange2(visit->family, on_visit, visit, i % 2 != 0, &handle),
		    NO_ERROR);
		WANT(i % 2 == 0 || atomic_load(&visit->heard) > 0);
		nanosleep(&pause, NULL);
		WANT_CODE(CancelMibChangeNotify2(handle), NO_ERROR);
		atomic_store(&visit->alive, false);
		free(visit); /* a late call-back would be caught here */
		WANT_CODE(CancelMibChangeNotify2(handle), ERROR_INVALID_HANDLE);
	}
	return arg;
}

/* One that ends with a change whatever the others do: they may have finished by now. */
static void
request_and_change(OVERLAPPED *overlap)
{
	MIB_IPFORWARD_ROW2 row = stress_row(GROUPS, 0, false);
	HANDLE handle;

	WANT_CODE(NotifyRouteChange(&handle, overlap), ERROR_IO_PENDING);
	WANT_CODE(CreateIpForwardEntry2(&row), NO_ERROR);
	WANT_CODE(WaitForSingleObject(overlap->hEvent, 30000), WAIT_OBJECT_0);
	WANT(GetOverlappedResult(handle, overlap, NULL, FALSE));
	WANT_CODE(DeleteIpForwardEntry2(&row), NO_ERROR);
}

/*
 * Version 1: a request, and then the change or giving up, whichever comes first. While the
 * others are busy it is nearly always the change.
 */
static void *
requester(void *arg)
{
	OVERLAPPED overlap;
	HANDLE handle;

	memset(&overlap, 0, sizeof overlap);
	overlap.hEvent = CreateEvent(NULL, TRUE, FALSE, NULL);
	for (unsigned i = 0; i < ops / 8 + 3; i++) {
		BOOL changed;

		WANT_CODE(NotifyRouteChange(&handle, &overlap), ERROR_IO_PENDING);
		if (WaitForSingleObject(overlap.hEvent, i % 4) == WAIT_TIMEOUT)
			CancelIPChangeNotify(&overlap); /* or it has just happened */
		WANT_CODE(WaitForSingleObject(overlap.hEvent, 30000), WAIT_OBJECT_0);
		changed = GetOverlappedResult(handle, &overlap, NULL, FALSE);
		WANT(changed || GetLastError() == ERROR_OPERATION_ABORTED);
	}
	request_and_change(&overlap);
	CloseHandle(overlap.hEvent);
	return arg;
}

/* ---- the end ----------------------------------------------------------------- */

static unsigned
rows_in_model(void)
{
	unsigned n = 0;

	for (unsigned g = 0; g < GROUPS; g++)
		for (unsigned s = 0; s < SLOTS; s++)
			n += atomic_load(&known[g][s]) != 0;
	return n;
}

static bool
told_is_known(void)
{
	for (unsigned g = 0; g < GROUPS; g++)
		for (unsigned s = 0; s < SLOTS; s++)
			if (atomic_load(&told[g][s]) != atomic_load(&known[g][s]))
				return false;
	return true;
}

/* Notifications are on their way for a while: thirty seconds at most. */
static void
wait_for_notifications(void)
{
	struct timespec nap = { 0, 5000000 };

	for (int i = 0; i < 6000 && !told_is_known(); i++)
		nanosleep(&nap, NULL);
	WANT(told_is_known());
}

static void
compare_with_the_model(void)
{
	PMIB_IPFORWARD_TABLE2 table;
	unsigned group, slot, mine = 0;

	WANT_CODE(GetIpForwardTable2(AF_UNSPEC, &table), NO_ERROR);
	for (ULONG i = 0; i < table->NumEntries; i++)
		if (key_of(&table->Table[i], &group, &slot)) {
			WANT(atomic_load(&known[group][slot]) == 1);
			mine++;
		}
	WANT(mine == rows_in_model() && table->NumEntries == mine + 1);
	FreeMibTable(table);
	wait_for_notifications();
}

/* And everything goes the way it came. */
static void
empty_the_table(void)
{
	PMIB_IPFORWARD_TABLE2 table;
	unsigned group, slot;

	WANT_CODE(GetIpForwardTable2(AF_UNSPEC, &table), NO_ERROR);
	for (ULONG i = 0; i < table->NumEntries; i++) {
		WANT_CODE(DeleteIpForwardEntry2(&table->Table[i]), NO_ERROR);
		if (key_of(&table->Table[i], &group, &slot))
			atomic_store(&known[group][slot], 0);
	}
	FreeMibTable(table);
	wait_for_notifications();
	WANT_CODE(GetIpForwardTable2(AF_UNSPEC, &table), ERROR_NOT_FOUND);
}

/* ---- threads ----------------------------------------------------------------- */

struct job {
	void *(*run)(void *);
	void *arg;
};

static void *
work(void *arg)
{
	const struct job *j = arg;

	j->run(j->arg);
	atomic_fetch_sub(&running, 1);
	return NULL;
}

/* At most five minutes. */
static void
wait_for_all(void)
{
	struct timespec tick = { 0, 10000000 };

	for (int i = 0; i < 30000 && atomic_load(&running) > 0; i++)
		nanosleep(&tick, NULL);
	if (atomic_load(&running) == 0)
		return;
	fprintf(stderr, "stress_iph: the threads do not end: a deadlock\n");
	_exit(1);
}

static void
run_crowd(const struct stress_place *place)
{
	static const struct job crowd[] = {
		{ writer_v2, (void *)0 }, { writer_v2, (void *)1 }, { writer_v1, NULL },
		{ contender, (void *)0 }, { contender, (void *)1 }, { reader, NULL },
		{ names, NULL },          { visitor, NULL },        { requester, NULL },
	};
	struct job jobs[THREADS_MAX];
	pthread_t threads[THREADS_MAX];
	size_t n = sizeof crowd / sizeof crowd[0];

	memcpy(jobs, crowd, sizeof crowd);
	for (size_t i = 0; i < place->guests; i++)
		jobs[n++] = (struct job){ place->guest, (void *)(uintptr_t)i };
	atomic_store(&running, (int)n);
	for (size_t i = 0; i < n; i++)
		if (pthread_create(&threads[i], NULL, work, &jobs[i]) != 0)
			abort();
	wait_for_all();
	for (size_t i = 0; i < n; i++)
		pthread_join(threads[i], NULL);
	printf("stress_iph, %s: %zu threads, %u operations each\n", place->name, n, ops);
}

static void
run_place(const struct stress_place *place, unsigned share)
{
	MIB_IPFORWARD_ROW2 row = stress_row(0, 0, false);
	unsigned all = ops;
	HANDLE handle;

	ops /= share;
	atomic_store(&over, false);
	place->open();
	WANT_CODE(NotifyRouteChange2(AF_UNSPEC, on_change, told, FALSE, &handle), NO_ERROR);
	row.DestinationPrefix.Prefix = address("0.0.0.0");
	row.DestinationPrefix.PrefixLength = 0;
	row.NextHop = address("198.51.100.1");
	row.InterfaceIndex = 3;
	WANT_CODE(CreateIpForwardEntry2(&row), NO_ERROR);
	run_crowd(place);
	compare_with_the_model();
	empty_the_table();
	WANT_CODE(CancelMibChangeNotify2(handle), NO_ERROR);
	atomic_store(&over, true);
	place->close();
	WANT(mem_alive() == 0);
	ops = all;
}

unsigned
stress_ops(void)
{
	return ops;
}

int
main(void)
{
	ops = (unsigned)setting("RTM_STRESS_OPS", 4000);
	run_place(&stress_here, 1);
	run_place(&stress_there, 4);
	printf("stress_iph: %u wrong\n", atomic_load(&stress_wrong));
	return atomic_load(&stress_wrong) != 0;
}
