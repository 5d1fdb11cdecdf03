/*
 * One chapter: interfaces that come and go in the memory backend.
 *
 * What counts is the difference between the lines as they were and as they are: an interface
 * whose line stays as it was keeps what was done to it meanwhile, a metric set through
 * the socket for instance. The order is: rows leave what goes, it goes, what comes comes, rows
 * that waited for it are back. An interface with another name under the old number is
 * another interface: it goes and comes. So does one that loses an address family.
 */
#include "reload.h"

#include <string.h>

#include "base/code.h"
#include "base/log.h"

struct counts {
	size_t came, gone, changed, raised, lowered;
};

static const struct iftab_if *
line_of(const struct config *config, NET_IFINDEX index)
{
	for (size_t i = 0; i < config->memory.ninterfaces; i++)
		if (config->interfaces[i].index == index)
			return &config->interfaces[i];
	return NULL;
}

static bool
same_addresses(const struct iftab_if *a, const struct iftab_if *b)
{
	if (a->naddrs != b->naddrs)
		return false;
	for (size_t i = 0; i < a->naddrs; i++)
		if (a->addrs[i].prefix_length != b->addrs[i].prefix_length ||
		    memcmp(&a->addrs[i].address, &b->addrs[i].address,
		           sizeof a->addrs[i].address) != 0)
			return false;
	return true;
}

static bool
same_line(const struct iftab_if *a, const struct iftab_if *b)
{
	return strcmp(a->alias, b->alias) == 0 && a->if_type == b->if_type &&
	       a->metric[IFTAB_V4] == b->metric[IFTAB_V4] && same_addresses(a, b);
}

/* Whether rows can stay on it. */
static bool
same_interface(const struct iftab_if *old, const struct iftab_if *fresh)
{
	return strcmp(old->alias, fresh->alias) == 0 && old->if_type == fresh->if_type &&
	       fresh->bound[IFTAB_V4] >= old->bound[IFTAB_V4] &&
	       fresh->bound[IFTAB_V6] >= old->bound[IFTAB_V6];
}

static void
complain(const struct iftab_if *desc, DWORD err)
{
	if (err != NO_ERROR)
		log_err("main", "reload interface=%s index=%u code=%s: not taken in",
		        desc->alias, desc->index, code_name(err));
}

static void
take_out(struct world *world, const struct iftab_if *old, struct counts *n)
{
	n->lowered += mib_interface_goes(world->mib, old->index);
	complain(old, iph_interface_remove(world->iph, old->index));
	n->gone++;
}

static void
put_in(struct world *world, const struct iftab_if *fresh, struct counts *n)
{
	DWORD err = iph_interface_put(world->iph, fresh);

	complain(fresh, err);
	if (err == NO_ERROR)
		n->raised += mib_interface_came(world->mib, fresh->index);
}

/* All that goes before all that comes: names may change hands. */
static void
apply(struct world *world, const struct config *old, const struct config *fresh,
      struct counts *n)
{
	for (size_t i = 0; i < old->memory.ninterfaces; i++) {
		const struct iftab_if *was = &old->interfaces[i];
		const struct iftab_if *is = line_of(fresh, was->index);

		if (is == NULL || !same_interface(was, is))
			take_out(world, was, n);
	}
	for (size_t i = 0; i < fresh->memory.ninterfaces; i++) {
		const struct iftab_if *is = &fresh->interfaces[i];
		const struct iftab_if *was = line_of(old, is->index);

		if (was != NULL && same_line(was, is))
			continue;
		put_in(world, is, n);
		if (was != NULL && same_interface(was, is))
			n->changed++;
		else
			n->came++;
	}
}

#define SWAP(type, a, b)                                                                       \
	do {                                                                                   \
		type kept = (a);                                                               \
		(a) = (b);                                                                     \
		(b) = kept;                                                                    \
	} while (0)

void
reload_interfaces(const char *file, struct config *config, struct world *worlds, size_t nworlds)
{
	struct counts n = { .came = 0 };
	struct config next;

	if (!config_read_interfaces(file, &next)) {
		log_err("main", "reload: interface lines are wrong, nothing was changed");
		config_free(&next);
		return;
	}
	SWAP(struct iftab_if *, config->interfaces, next.interfaces);
	SWAP(bool *, config->metric_given, next.metric_given);
	SWAP(size_t, config->memory.ninterfaces, next.memory.ninterfaces);
	config->memory.interfaces = config->interfaces;
	for (size_t i = 0; i < config->ninstances; i++) {
		config->instances[i].memory.interfaces = config->interfaces;
		config->instances[i].memory.ninterfaces = config->memory.ninterfaces;
	}
	/* The forwarders look at what is ours now, so that comes first. */
	for (size_t i = 0; i < nworlds; i++)
		apply(&worlds[i], &next, config, i == 0 ? &n : &(struct counts){ 0 });
	config_free(&next);
	log_info("main",
	         "reload interfaces came=%zu gone=%zu changed=%zu rows_up=%zu rows_down=%zu",
	         n.came, n.gone, n.changed, n.raised, n.lowered);
}
