/*
 * One chapter: the same few interfaces, looked for in five ways.
 *
 * Routes name interfaces by index, by LUID and by alias; version 1 calls ask whose
 * address a next hop is, and a row without an interface asks whose subnet it lies in.
 * Each question has a sorted array of references, all of one shape: an interface and,
 * for the two by address, which of its addresses. What differs is the comparison, so
 * the arrays are data (`orders') and there is one search and one insertion. Interfaces
 * change rarely and are asked for with every route: an array beats a tree at that.
 *
 * Invariants: every interface is once in by-index and by-LUID, once in by-alias unless
 * its alias is empty, and each of its addresses once in by-address and by-subnet.
 * References with equal keys stand in ascending order of interface index. A change
 * first gets all the memory it needs, so that it cannot stop half way.
 */
#include "iftab/iftab.h"

#include "base/alloc.h"
#include "iftab/inet.h"

struct ref {
	const struct iftab_if *entry;
	const struct iftab_addr *addr; /* NULL in the orders by interface */
};

enum order { BY_INDEX, BY_LUID, BY_ALIAS, BY_ADDRESS, BY_SUBNET, ORDERS };

struct array {
	struct ref *refs;
	size_t n, cap;
};

struct iftab {
	struct array arrays[ORDERS];
	/* how many addresses have each prefix length: lengths with none are not searched */
	size_t lengths[IFTAB_FAMILIES][129];
};

static int
cmp_number(ULONG64 a, ULONG64 b)
{
	return a < b ? -1 : a > b;
}

static int
cmp_index(const struct ref *a, const struct ref *b)
{
	return cmp_number(a->entry->index, b->entry->index);
}

static int
cmp_luid(const struct ref *a, const struct ref *b)
{
	return cmp_number(a->entry->luid.Value, b->entry->luid.Value);
}

static int
cmp_alias(const struct ref *a, const struct ref *b)
{
	return strcmp(a->entry->alias, b->entry->alias);
}

static int
cmp_address(const struct ref *a, const struct ref *b)
{
	return inet_cmp(&a->addr->address, &b->addr->address);
}

static int
cmp_subnet(const struct ref *a, const struct ref *b)
{
	SOCKADDR_INET net_a = a->addr->address, net_b = b->addr->address;

	if (a->addr->prefix_length != b->addr->prefix_length)
		return a->addr->prefix_length < b->addr->prefix_length ? -1 : 1;
	inet_mask(&net_a, a->addr->prefix_length);
	inet_mask(&net_b, b->addr->prefix_length);
	return inet_cmp(&net_a, &net_b);
}

static const struct {
	int (*cmp)(const struct ref *a, const struct ref *b);
	bool per_address;
} orders[ORDERS] = {
	[BY_INDEX] = { cmp_index, false },  [BY_LUID] = { cmp_luid, false },
	[BY_ALIAS] = { cmp_alias, false },  [BY_ADDRESS] = { cmp_address, true },
	[BY_SUBNET] = { cmp_subnet, true },
};

/* Key first, then interface, then place in its list: a total order. */
static int
cmp_total(enum order order, const struct ref *a, const struct ref *b)
{
	int by_key = orders[order].cmp(a, b);

	if (by_key != 0)
		return by_key;
	if (a->entry->index != b->entry->index)
		return a->entry->index < b->entry->index ? -1 : 1;
	return cmp_number((uintptr_t)a->addr, (uintptr_t)b->addr);
}

/* The first place whose reference does not come before the probe. */
static size_t
lower_bound(const struct iftab *tab, enum order order, const struct ref *probe, bool total)
{
	const struct array *array = &tab->arrays[order];
	size_t low = 0, high = array->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		const struct ref *ref = &array->refs[mid];
		int cmp = total ? cmp_total(order, ref, probe) : orders[order].cmp(ref, probe);

		if (cmp < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static const struct ref *
find(const struct iftab *tab, enum order order, const struct ref *probe)
{
	size_t at = lower_bound(tab, order, probe, false);
	const struct array *array = &tab->arrays[order];

	if (at == array->n || orders[order].cmp(&array->refs[at], probe) != 0)
		return NULL;
	return &array->refs[at];
}

static const struct iftab_if *
find_entry(const struct iftab *tab, enum order order, const struct ref *probe)
{
	const struct ref *ref = find(tab, order, probe);

	return ref != NULL ? ref->entry : NULL;
}

/* ---- changes -------------------------------------------------------------- */

static size_t
refs_of(enum order order, const struct iftab_if *entry)
{
	if (orders[order].per_address)
		return entry->naddrs;
	return order != BY_ALIAS || entry->alias[0] != '\0';
}

static struct ref
ref_at(enum order order, const struct iftab_if *entry, size_t i)
{
	struct ref ref = { entry, orders[order].per_address ? &entry->addrs[i] : NULL };

	return ref;
}

static enum iftab_family
family_of(const SOCKADDR_INET *address)
{
	return address->si_family == AF_INET ? IFTAB_V4 : IFTAB_V6;
}

static void
count_lengths(struct iftab *tab, const struct iftab_if *entry, bool add)
{
	for (size_t i = 0; i < entry->naddrs; i++) {
		const struct iftab_addr *addr = &entry->addrs[i];
		size_t *count = &tab->lengths[family_of(&addr->address)][addr->prefix_length];

		*count += add ? 1 : (size_t)-1;
	}
}

static void
link_entry(struct iftab *tab, const struct iftab_if *entry)
{
	for (enum order order = 0; order < ORDERS; order++) {
		struct array *array = &tab->arrays[order];

		for (size_t i = 0; i < refs_of(order, entry); i++) {
			struct ref ref = ref_at(order, entry, i);
			size_t at = lower_bound(tab, order, &ref, true);

			memmove(&array->refs[at + 1], &array->refs[at],
			        (array->n - at) * sizeof *array->refs);
			array->refs[at] = ref;
			array->n++;
		}
	}
	count_lengths(tab, entry, true);
}

static void
unlink_entry(struct iftab *tab, const struct iftab_if *entry)
{
	for (enum order order = 0; order < ORDERS; order++) {
		struct array *array = &tab->arrays[order];

		for (size_t i = 0; i < refs_of(order, entry); i++) {
			struct ref ref = ref_at(order, entry, i);
			size_t at = lower_bound(tab, order, &ref, true);

			array->n--;
			memmove(&array->refs[at], &array->refs[at + 1],
			        (array->n - at) * sizeof *array->refs);
		}
	}
	count_lengths(tab, entry, false);
}

/* Room for one more interface in every order, before anything is changed. */
static DWORD
reserve(struct iftab *tab, const struct iftab_if *entry)
{
	for (enum order order = 0; order < ORDERS; order++) {
		struct array *array = &tab->arrays[order];
		size_t need = array->n + refs_of(order, entry);
		size_t cap = need + need / 2;
		struct ref *refs;

		if (need <= array->cap)
			continue;
		refs = mem_realloc(array->refs, cap, sizeof *refs);
		if (refs == NULL)
			return ERROR_NOT_ENOUGH_MEMORY;
		array->refs = refs;
		array->cap = cap;
	}
	return NO_ERROR;
}

static void
entry_free(const struct iftab_if *entry)
{
	union {
		const struct iftab_if *in;
		struct iftab_if *out;
	} owned = { entry }; /* the references are const to everybody but the owner */

	if (entry == NULL)
		return;
	mem_free(owned.out->addrs);
	mem_free(owned.out);
}

static struct iftab_if *
entry_copy(const struct iftab_if *desc)
{
	struct iftab_if *entry = mem_calloc(1, sizeof *entry);

	if (entry == NULL)
		return NULL;
	*entry = *desc;
	entry->addrs = NULL;
	if (entry->luid.Value == 0)
		entry->luid.Value =
		    (ULONG64)desc->if_type << 48 | ((ULONG64)desc->index & 0xFFFFFF) << 24;
	if (desc->naddrs == 0)
		return entry;
	entry->addrs = mem_calloc(desc->naddrs, sizeof *entry->addrs);
	if (entry->addrs == NULL) {
		mem_free(entry);
		return NULL;
	}
	memcpy(entry->addrs, desc->addrs, desc->naddrs * sizeof *entry->addrs);
	return entry;
}

static bool
desc_ok(const struct iftab_if *desc)
{
	if (desc->index == NET_IFINDEX_UNSPECIFIED ||
	    memchr(desc->alias, '\0', sizeof desc->alias) == NULL)
		return false;
	for (size_t f = 0; f < IFTAB_FAMILIES; f++)
		if (desc->metric[f] > NL_MAX_METRIC_COMPONENT)
			return false;
	for (size_t i = 0; i < desc->naddrs; i++) {
		const struct iftab_addr *addr = &desc->addrs[i];

		if (inet_size(addr->address.si_family) == 0 ||
		    addr->prefix_length > inet_bits(addr->address.si_family))
			return false;
	}
	return true;
}

/* Whether a name of this interface belongs to one with another index. */
static bool
name_taken(const struct iftab *tab, const struct iftab_if *entry)
{
	const struct ref probe = { entry, NULL };
	const struct iftab_if *luid = find_entry(tab, BY_LUID, &probe);
	const struct iftab_if *alias = find_entry(tab, BY_ALIAS, &probe);

	return (luid != NULL && luid->index != entry->index) ||
	       (alias != NULL && alias->index != entry->index);
}

DWORD
iftab_put(struct iftab *tab, const struct iftab_if *desc)
{
	const struct iftab_if *old;
	struct iftab_if *entry = NULL;
	DWORD err = ERROR_INVALID_PARAMETER;

	if (!desc_ok(desc))
		goto out;
	err = ERROR_NOT_ENOUGH_MEMORY;
	entry = entry_copy(desc);
	if (entry == NULL)
		goto out;
	err = ERROR_ALREADY_EXISTS;
	if (name_taken(tab, entry))
		goto out;
	err = reserve(tab, entry);
	if (err != NO_ERROR)
		goto out;
	old = iftab_by_index(tab, entry->index);
	if (old != NULL)
		unlink_entry(tab, old);
	link_entry(tab, entry);
	entry_free(old);
	return NO_ERROR;
out:
	entry_free(entry);
	return err;
}

DWORD
iftab_remove(struct iftab *tab, NET_IFINDEX index)
{
	const struct iftab_if *entry = iftab_by_index(tab, index);

	if (entry == NULL)
		return ERROR_NOT_FOUND;
	unlink_entry(tab, entry);
	entry_free(entry);
	return NO_ERROR;
}

struct iftab *
iftab_new(void)
{
	return mem_calloc(1, sizeof(struct iftab));
}

void
iftab_free(struct iftab *tab)
{
	if (tab == NULL)
		return;
	for (size_t i = 0; i < tab->arrays[BY_INDEX].n; i++)
		entry_free(tab->arrays[BY_INDEX].refs[i].entry);
	for (enum order order = 0; order < ORDERS; order++)
		mem_free(tab->arrays[order].refs);
	mem_free(tab);
}

/* ---- searches ------------------------------------------------------------- */

const struct iftab_if *
iftab_by_index(const struct iftab *tab, NET_IFINDEX index)
{
	const struct array *array = &tab->arrays[BY_INDEX];
	size_t low = 0, high = array->n;

	while (low < high) { /* by itself: each route that is looked at asks this */
		size_t mid = low + (high - low) / 2;
		const struct iftab_if *entry = array->refs[mid].entry;

		if (entry->index == index)
			return entry;
		if (entry->index < index)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

const struct iftab_if *
iftab_by_luid(const struct iftab *tab, NET_LUID luid)
{
	const struct iftab_if key = { .luid = luid };
	const struct ref probe = { &key, NULL };

	return find_entry(tab, BY_LUID, &probe);
}

const struct iftab_if *
iftab_by_alias(const struct iftab *tab, const char *alias)
{
	struct iftab_if key = { .index = 0 };
	const struct ref probe = { &key, NULL };
	size_t length = strlen(alias);

	if (length == 0 || length >= sizeof key.alias)
		return NULL;
	memcpy(key.alias, alias, length + 1);
	return find_entry(tab, BY_ALIAS, &probe);
}

const struct iftab_if *
iftab_next(const struct iftab *tab, NET_IFINDEX index)
{
	const struct iftab_if key = { .index = index + 1 };
	const struct ref probe = { &key, NULL };
	const struct array *array = &tab->arrays[BY_INDEX];
	size_t at;

	if (index == UINT32_MAX)
		return NULL;
	at = lower_bound(tab, BY_INDEX, &probe, false);
	return at < array->n ? array->refs[at].entry : NULL;
}

const struct iftab_if *
iftab_by_address(const struct iftab *tab, const SOCKADDR_INET *address)
{
	const struct iftab_addr addr = { .address = *address };
	const struct ref probe = { NULL, &addr };

	if (inet_size(address->si_family) == 0)
		return NULL;
	return find_entry(tab, BY_ADDRESS, &probe);
}

const struct iftab_if *
iftab_by_subnet(const struct iftab *tab, const SOCKADDR_INET *address)
{
	const struct iftab_if *entry = NULL;

	if (inet_size(address->si_family) == 0 || inet_is_link_local6(address))
		return NULL;
	for (unsigned length = inet_bits(address->si_family); length > 0; length--) {
		const struct iftab_addr addr = { *address, (UINT8)length };
		const struct ref probe = { NULL, &addr };

		if (tab->lengths[family_of(address)][length] == 0)
			continue;
		entry = find_entry(tab, BY_SUBNET, &probe);
		if (entry != NULL)
			break;
	}
	return entry;
}
