/*
 * One chapter: interfaces that come and go in the memory backend.
 *
 * What counts is the difference between the lines as they were and as they are: an interface
 * whose line stays as it was keeps what was done to it meanwhile, a metric set through
 * the socket for instance. The order is: rows leave what goes, it goes, what comes comes, rows
 * that waited for it are back. An interface with another name under the old number is
 * another interface: it goes and comes. So does one that loses an address family.
 *
 * There may be many rows, so they are moved a few with each step, and the interface itself in
 * the step that finds none left. In between everybody may read and write: each row that
 * has moved is a whole change, and those that a SET puts on an interface meanwhile
 * are found before it goes.
 */
#include "reload.h"

#include <string.h>

#include "base/alloc.h"
#include "base/code.h"
#include "base/log.h"

struct counts {
	size_t came, gone, changed, raised, lowered;
};

enum pass { GOING, COMING, PASSES };

struct reload {
	const struct config *config; /* as it is to be */
	struct config old;           /* interfaces as they were */
	struct world *worlds;
	size_t nworlds;
	/* What is being done: a line, in a pass, in a world. */
	size_t world, line;
	enum pass pass;
	bool moving; /* its rows */
	struct mib_moving rows;
	struct counts n; /* of the first world */
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

static struct world *
world_of(const struct reload *r)
{
	return &r->worlds[r->world];
}

static void
count(const struct reload *r, size_t *counter, size_t by)
{
	if (r->world == 0)
		*counter += by;
}

static void
begin_rows(struct reload *r, NET_IFINDEX index)
{
	r->rows = (struct mib_moving){ .index = index };
	r->moving = true;
}

/* @return whether the line is done. */
static bool
take_out(struct reload *r, const struct iftab_if *was)
{
	if (!r->moving)
		begin_rows(r, was->index);
	if (mib_interface_goes(world_of(r)->mib, &r->rows))
		return false;
	count(r, &r->n.lowered, r->rows.moved);
	complain(was, iph_interface_remove(world_of(r)->iph, was->index));
	count(r, &r->n.gone, 1);
	return true;
}

static bool
put_in(struct reload *r, const struct iftab_if *is, bool stayed)
{
	DWORD err;

	if (!r->moving) {
		err = iph_interface_put(world_of(r)->iph, is);
		complain(is, err);
		count(r, stayed ? &r->n.changed : &r->n.came, 1);
		if (err != NO_ERROR)
			return true;
		begin_rows(r, is->index);
	}
	if (mib_interface_came(world_of(r)->mib, &r->rows))
		return false;
	count(r, &r->n.raised, r->rows.moved);
	return true;
}

static bool
going(struct reload *r)
{
	const struct iftab_if *was = &r->old.interfaces[r->line];
	const struct iftab_if *is = line_of(r->config, was->index);

	return (is != NULL && same_interface(was, is)) || take_out(r, was);
}

static bool
coming(struct reload *r)
{
	const struct iftab_if *is = &r->config->interfaces[r->line];
	const struct iftab_if *was = line_of(&r->old, is->index);

	return (was != NULL && same_line(was, is)) ||
	       put_in(r, is, was != NULL && same_interface(was, is));
}

/* All that goes before all that comes: names may change hands. */
bool
reload_step(struct reload *r)
{
	static bool (*const passes[PASSES])(struct reload *
	                                    r) = { [GOING] = going, [COMING] = coming };
	const size_t lines[PASSES] = {
		[GOING] = r->old.memory.ninterfaces, [COMING] = r->config->memory.ninterfaces
	};

	if (r->line < lines[r->pass]) {
		if (passes[r->pass](r)) {
			r->moving = false;
			r->line++;
		}
		return false;
	}
	r->line = 0;
	if (++r->pass < PASSES)
		return false;
	r->pass = GOING;
	if (++r->world < r->nworlds)
		return false;
	log_info("main",
	         "reload interfaces came=%zu gone=%zu changed=%zu rows_up=%zu rows_down=%zu",
	         r->n.came, r->n.gone, r->n.changed, r->n.raised, r->n.lowered);
	return true;
}

#define SWAP(type, a, b)                                                                       \
	do {                                                                                   \
		type kept = (a);                                                               \
		(a) = (b);                                                                     \
		(b) = kept;                                                                    \
	} while (0)

/* The forwarders look at what is ours now, so that comes first. */
static void
exchange(struct config *config, struct config *next)
{
	SWAP(struct iftab_if *, config->interfaces, next->interfaces);
	SWAP(bool *, config->metric_given, next->metric_given);
	SWAP(size_t, config->memory.ninterfaces, next->memory.ninterfaces);
	config->memory.interfaces = config->interfaces;
	for (size_t i = 0; i < config->ninstances; i++) {
		config->instances[i].memory.interfaces = config->interfaces;
		config->instances[i].memory.ninterfaces = config->memory.ninterfaces;
	}
}

struct reload *
reload_new(const char *file, struct config *config, struct world *worlds, size_t nworlds)
{
	struct reload *r = mem_calloc(1, sizeof *r);

	if (r == NULL) {
		log_err("main", "reload: out of memory, nothing was changed");
		return NULL;
	}
	*r = (struct reload){ .config = config, .worlds = worlds, .nworlds = nworlds };
	if (!config_read_interfaces(file, &r->old)) {
		log_err("main", "reload: interface lines are wrong, nothing was changed");
		reload_free(r);
		return NULL;
	}
	exchange(config, &r->old);
	return r;
}

void
reload_free(struct reload *r)
{
	if (r == NULL)
		return;
	if (r->moving)
		mib_moving_end(world_of(r)->mib, &r->rows);
	config_free(&r->old);
	mem_free(r);
}
