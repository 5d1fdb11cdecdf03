/*
 * One chapter: which tables there are.
 *
 * A table is one address family of one instance. Instances exchange nothing and nor
 * do families, so each table has its own lock, its own records and its own number,
 * and that number is part of every handle: one comparison tells a handle of another
 * instance, family or kind. Instance 0 is there from the start, others by
 * rtm_instance_configure() [RTM K49]. A table, once there, stays until
 * rtm_shutdown(), so finding it by number takes no lock.
 *
 * Order of locks: the registry's before a table's; no call holds two tables'.
 */
#include "rtm_int.h"

#include <string.h>

#include "base/alloc.h"

enum { MAX_TABLES = HANDLE_TABLES - 1 };

struct policy {
	ULONG protocol, preference;
};

/* Lower is better. What is not listed gets DEFAULT_PREFERENCE. */
static const struct policy default_policy[] = {
	{ PROTO_IP_LOCAL, 2 },          { PROTO_IP_NT_STATIC, 10 },
	{ PROTO_IP_NT_AUTOSTATIC, 12 }, { PROTO_IP_NT_STATIC_NON_DOD, 14 },
	{ PROTO_IP_NETMGMT, 20 },       { PROTO_IP_BGP, 50 },
	{ PROTO_IP_OSPF, 110 },         { PROTO_IP_IS_IS, 115 },
	{ PROTO_IP_RIP, 120 },
};
enum { DEFAULT_PREFERENCE = 150 };

static struct lock registry = LOCK_INITIALIZER;
struct rtm_table *_Atomic rtm_tables[HANDLE_TABLES];
static unsigned num_tables;
static struct policy *policy;
static unsigned num_policy;
static void (*wake_host)(void *arg);
static void *wake_arg;
static uint64_t clock_ms, clock_now;
/* Where generations go on after rtm_shutdown(), so that old handles stay invalid. */
static uint32_t next_gen = 1;

static struct rtm_table *
find_table(USHORT instance, USHORT family)
{
	for (unsigned id = 0; id < num_tables; id++) {
		struct rtm_table *t = rtm_table_at(id);

		if (t->instance == instance && t->family == family)
			return t;
	}
	return NULL;
}

static void
init_slabs(struct rtm_table *t)
{
	static const struct {
		size_t size;
		unsigned bits;
	} shape[RTM_KINDS] = {
		[RTM_KIND_ENTITY] = { sizeof(struct rtm_entity), RTM_ENTITY_BITS },
		[RTM_KIND_ROUTE] = { sizeof(struct rtm_route), RTM_ROUTE_BITS },
		[RTM_KIND_NEXTHOP] = { sizeof(struct rtm_nexthop), RTM_NEXTHOP_BITS },
		[RTM_KIND_ENUM] = { sizeof(struct rtm_enum), RTM_ENUM_BITS },
		[RTM_KIND_LIST] = { sizeof(struct rtm_list), RTM_LIST_BITS },
		[RTM_KIND_NOTIFY] = { sizeof(struct rtm_notify), RTM_NOTIFY_BITS },
	};

	for (unsigned kind = RTM_KIND_ENTITY; kind < RTM_KINDS; kind++)
		slab_init(&t->slab[kind], shape[kind].size, shape[kind].bits);
	slab_init(&t->slab[RTM_KIND_DEST], offsetof(struct rtm_dest, addr) + t->addr_size,
	          RTM_DEST_BITS);
	slab_init(&t->paths, sizeof(struct rtm_path), RTM_PATH_BITS);
	slab_init(&t->route_extras, sizeof(struct rtm_route_extra), 8);
	slab_init(&t->members, rtm_member_size, 6);
	slab_init(&t->dest_extras,
	          sizeof(struct rtm_dest_extra) + RTM_MAX_VIEWS * sizeof(uint32_t), 6);
	for (unsigned kind = RTM_KIND_ENTITY; kind < RTM_KINDS; kind++)
		slab_begin(&t->slab[kind], next_gen);
	slab_set_inner(&t->paths);
	slab_set_inner(&t->members);
	slab_set_inner(&t->route_extras);
	slab_set_inner(&t->dest_extras);
}

static unsigned
count_bits(uint32_t mask)
{
	unsigned count = 0;

	for (; mask != 0; mask &= mask - 1)
		count++;
	return count;
}

static void
apply_limits(struct rtm_table *t, const struct rtm_limits *limits)
{
	t->limits = *limits;
	t->num_views = count_bits(limits->views);
}

static struct rtm_table *
new_table(USHORT instance, USHORT family, const struct rtm_limits *limits)
{
	struct rtm_table *t = mem_calloc(1, sizeof *t);

	if (t == NULL)
		return NULL;
	t->addr_size = family == AF_INET ? 4 : 16;
	t->opaques = mem_calloc(limits->opaque_slots + 1, sizeof *t->opaques);
	t->index = index_new(t->addr_size * 8);
	if (t->opaques == NULL || t->index == NULL) {
		mem_free(t->opaques);
		index_free(t->index);
		mem_free(t);
		return NULL;
	}
	lock_init(&t->lock);
	t->instance = instance;
	t->family = family;
	apply_limits(t, limits);
	init_slabs(t);
	list_init(&t->entities);
	list_init(&t->ready);
	list_init(&t->news);
	list_init(&t->ended);
	t->now_ms = clock_ms;
	t->now = clock_now;
	t->id = num_tables;
	for (unsigned kind = 1; kind < RTM_KINDS; kind++)
		t->seal[kind] = handle_seal(kind, t->id);
	atomic_store_explicit(&rtm_tables[num_tables++], t, memory_order_release);
	return t;
}

static bool
is_family(USHORT family)
{
	return family == AF_INET || family == AF_INET6;
}

DWORD
rtm_table_get(USHORT instance, USHORT family, struct rtm_table **out)
{
	struct rtm_limits limits;
	DWORD err = NO_ERROR;

	lock_enter(&registry);
	*out = find_table(instance, family);
	if (*out == NULL && instance == 0 && is_family(family)) {
		rtm_limits_default(&limits);
		*out = new_table(instance, family, &limits);
		err = *out != NULL ? NO_ERROR : ERROR_NOT_ENOUGH_MEMORY;
	} else if (*out == NULL) {
		err = ERROR_FILE_NOT_FOUND;
	}
	lock_leave(&registry);
	return err;
}

/* ---- configuration ----------------------------------------------------------- */

void
rtm_limits_default(struct rtm_limits *limits)
{
	*limits = (struct rtm_limits){ .max_nexthops_in_route = 16,
		                       .max_handles_in_enum = 25,
		                       .views = RTM_VIEW_MASK_UCAST | RTM_VIEW_MASK_MCAST,
		                       .opaque_slots = 5,
		                       .change_notifications = 16 };
}

static bool
limits_make_sense(const struct rtm_limits *limits)
{
	return limits->max_nexthops_in_route >= 1 && limits->max_nexthops_in_route <= 255 &&
	       limits->max_handles_in_enum >= 1 && limits->max_handles_in_enum <= 65536 &&
	       limits->views != 0 && limits->opaque_slots <= 1024 &&
	       limits->change_notifications <= 1024;
}

static DWORD
reconfigure(struct rtm_table *t, const struct rtm_limits *limits)
{
	struct rtm_opaque *opaques;
	DWORD err = ERROR_BUSY;

	lock_enter(&t->lock);
	if (t->num_entities == 0) {
		err = ERROR_NOT_ENOUGH_MEMORY;
		opaques = mem_calloc(limits->opaque_slots + 1, sizeof *opaques);
		if (opaques != NULL) {
			rtm_opaque_free(t);
			mem_free(t->opaques);
			t->opaques = opaques;
			apply_limits(t, limits);
			err = NO_ERROR;
		}
	}
	lock_leave(&t->lock);
	return err;
}

DWORD
rtm_instance_configure(USHORT instance, USHORT family, const struct rtm_limits *limits)
{
	struct rtm_table *t;
	DWORD err = NO_ERROR;

	if (limits == NULL || !is_family(family))
		return ERROR_INVALID_PARAMETER;
	if (!limits_make_sense(limits))
		return ERROR_INVALID_DATA;
	lock_enter(&registry);
	t = find_table(instance, family);
	if (t != NULL)
		err = reconfigure(t, limits);
	else if (num_tables == MAX_TABLES)
		err = ERROR_NO_SYSTEM_RESOURCES;
	else if (new_table(instance, family, limits) == NULL)
		err = ERROR_NOT_ENOUGH_MEMORY;
	lock_leave(&registry);
	return err;
}

static struct policy *
find_policy(ULONG protocol)
{
	for (unsigned i = 0; i < num_policy; i++)
		if (policy[i].protocol == protocol)
			return &policy[i];
	return NULL;
}

static ULONG
preference_of(ULONG protocol)
{
	const struct policy *own = find_policy(protocol);

	if (own != NULL)
		return own->preference;
	for (size_t i = 0; i < sizeof default_policy / sizeof *default_policy; i++)
		if (default_policy[i].protocol == protocol)
			return default_policy[i].preference;
	return DEFAULT_PREFERENCE;
}

ULONG
rtm_preference_of(ULONG protocol)
{
	ULONG preference;

	lock_enter(&registry);
	preference = preference_of(protocol);
	lock_leave(&registry);
	return preference;
}

static void
tell_entities(ULONG protocol, ULONG preference)
{
	for (unsigned id = 0; id < num_tables; id++) {
		struct rtm_table *t = rtm_table_at(id);

		lock_enter(&t->lock);
		LIST_EACH(it, &t->entities) {
			struct rtm_entity *ent = LIST_OF(it, struct rtm_entity, link);

			if (ent->info.EntityId.EntityProtocolId == protocol)
				ent->preference = preference;
		}
		lock_leave(&t->lock);
	}
}

DWORD
rtm_preference_set(ULONG protocol, ULONG preference)
{
	struct policy *own, *grown;
	DWORD err = NO_ERROR;

	if (preference == 0)
		return ERROR_INVALID_PARAMETER;
	lock_enter(&registry);
	own = find_policy(protocol);
	if (own == NULL) {
		grown = mem_realloc(policy, num_policy + 1, sizeof *policy);
		if (grown == NULL) {
			err = ERROR_NOT_ENOUGH_MEMORY;
			goto out;
		}
		policy = grown;
		own = &policy[num_policy++];
		own->protocol = protocol;
	}
	own->preference = preference;
	tell_entities(protocol, preference);
out:
	lock_leave(&registry);
	return err;
}

/* ---- in and out ---------------------------------------------------------------- */

struct rtm_entity *
rtm_recognise(struct rtm_table *t, RTM_ENTITY_HANDLE handle)
{
	struct rtm_entity *ent = NULL;

	if (handle_kind(handle) == RTM_KIND_ENTITY)
		ent = handle_find(&t->slab[RTM_KIND_ENTITY], handle);
	if (ent != NULL && ent->registered) {
		t->last_handle = handle;
		t->last_entity = ent;
		return ent;
	}
	lock_leave(&t->lock);
	return NULL;
}

static void
call_wake(void)
{
	void (*wake)(void *arg);
	void *arg;

	lock_enter(&registry);
	wake = wake_host;
	arg = wake_arg;
	lock_leave(&registry);
	if (wake != NULL)
		wake(arg);
}

void
rtm_leave_waking(struct rtm_table *t)
{
	t->wake = false;
	lock_leave(&t->lock);
	call_wake();
}

void
rtm_wake_set(void (*wake)(void *arg), void *arg)
{
	lock_enter(&registry);
	wake_host = wake;
	wake_arg = arg;
	lock_leave(&registry);
}

/* ---- time ------------------------------------------------------------------------ */

void
rtm_advance(uint64_t now_ms, FILETIME now)
{
	bool wake = false;

	lock_enter(&registry);
	if (now_ms > clock_ms)
		clock_ms = now_ms;
	clock_now = (uint64_t)now.dwHighDateTime << 32 | now.dwLowDateTime;
	for (unsigned id = 0; id < num_tables; id++) {
		struct rtm_table *t = rtm_table_at(id);

		lock_enter(&t->lock);
		t->now_ms = clock_ms;
		t->now = clock_now;
		rtm_timers_run(t);
		wake |= t->wake;
		t->wake = false;
		lock_leave(&t->lock);
	}
	lock_leave(&registry);
	if (wake)
		call_wake();
}

uint64_t
rtm_deadline_ms(void)
{
	uint64_t soonest = UINT64_MAX;

	lock_enter(&registry);
	for (unsigned id = 0; id < num_tables; id++) {
		struct rtm_table *t = rtm_table_at(id);
		uint64_t deadline;

		lock_enter(&t->lock);
		deadline = rtm_timers_next(t);
		lock_leave(&t->lock);
		if (deadline < soonest)
			soonest = deadline;
	}
	lock_leave(&registry);
	return soonest;
}

/* ---- what is alive, and the end -------------------------------------------------- */

static void
add_counts(struct rtm_table *t, struct rtm_counts *counts)
{
	counts->entities += t->slab[RTM_KIND_ENTITY].live;
	counts->dests += t->slab[RTM_KIND_DEST].live;
	counts->routes += t->slab[RTM_KIND_ROUTE].live;
	counts->nexthops += t->slab[RTM_KIND_NEXTHOP].live;
	counts->enums += t->slab[RTM_KIND_ENUM].live;
	counts->lists += t->slab[RTM_KIND_LIST].live;
	counts->notifies += t->slab[RTM_KIND_NOTIFY].live;
	counts->client_refs += t->client_refs;
}

void
rtm_counts_get(struct rtm_counts *counts)
{
	memset(counts, 0, sizeof *counts);
	lock_enter(&registry);
	for (unsigned id = 0; id < num_tables; id++) {
		struct rtm_table *t = rtm_table_at(id);

		lock_enter(&t->lock);
		add_counts(t, counts);
		lock_leave(&t->lock);
	}
	lock_leave(&registry);
}

void
rtm_table_empty(struct rtm_table *t)
{
	if (t->num_entities != 0 || t->guests != 0)
		return;
	rtm_records_free(t);
	rtm_opaque_free(t);
	for (unsigned kind = RTM_KIND_ENTITY; kind < RTM_KINDS; kind++)
		slab_reset(&t->slab[kind]);
	slab_reset(&t->paths);
	slab_reset(&t->route_extras);
	slab_reset(&t->dest_extras);
	slab_reset(&t->members);
	hints_reset(&t->hints);
	chain_reset(&t->limbo);
	chain_reset(&t->path_chains);
	chain_reset(&t->route_extra_chains);
	chain_reset(&t->dest_extra_chains);
	chain_reset(&t->member_chains);
	t->timers.root = t->shadows.root = NULL;
	list_init(&t->ready);
	list_init(&t->news);
	list_init(&t->ended);
	t->client_refs = 0;
	t->pending_chunks = 0;
}

static void
free_table(struct rtm_table *t)
{
	lock_enter(&t->lock);
	t->guests = 0;
	while (!list_empty(&t->entities))
		rtm_entity_deregister(LIST_OF(t->entities.next, struct rtm_entity, link));
	rtm_table_empty(t);
	lock_leave(&t->lock);
	for (unsigned kind = RTM_KIND_ENTITY; kind < RTM_KINDS; kind++)
		if (t->slab[kind].first_gen > next_gen)
			next_gen = t->slab[kind].first_gen;
	index_free(t->index);
	mem_free(t->opaques);
	mem_free(t->notifies);
	lock_destroy(&t->lock);
	mem_free(t);
}

void
rtm_shutdown(void)
{
	lock_enter(&registry);
	for (unsigned id = 0; id < num_tables; id++) {
		free_table(rtm_table_at(id));
		atomic_store_explicit(&rtm_tables[id], NULL, memory_order_release);
	}
	num_tables = 0;
	mem_free(policy);
	policy = NULL;
	num_policy = 0;
	wake_host = NULL;
	clock_ms = clock_now = 0;
	lock_leave(&registry);
}
