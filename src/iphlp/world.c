/*
 * One chapter: a world is one RTM registration per address family and what belongs to it.
 *
 * The world is an ordinary client of the routing table manager: MIB_IPPROTO_NETMGMT,
 * once for IPv4 and once for IPv6. What it needs from outside - who may change, which
 * stacks exist, what time it is, whether the forwarder agrees - are its ports, and a
 * port that is not there says yes.
 *
 * RTM's call-back names a registration and nothing else, so the worlds are in a list.
 * Closing takes the world out of it first and waits for call-backs that are at work.
 */
#include "iphlp/iph_int.h"

#include "base/alloc.h"

struct iph *iph_default;
void (*iph_default_open)(void);

static struct lock worlds_lock = LOCK_INITIALIZER;
static struct iph *worlds;

static const ADDRESS_FAMILY families[IFTAB_FAMILIES] = { AF_INET, AF_INET6 };

/* ---- the list of worlds --------------------------------------------------------- */

static bool
has_entity(const struct iph *iph, RTM_ENTITY_HANDLE entity)
{
	return iph->families[IFTAB_V4].entity == entity ||
	       iph->families[IFTAB_V6].entity == entity;
}

struct iph *
iph_pin(RTM_ENTITY_HANDLE entity)
{
	struct iph *iph;

	lock_enter(&worlds_lock);
	for (iph = worlds; iph != NULL && !has_entity(iph, entity);)
		iph = iph->next;
	if (iph != NULL)
		iph->pins++;
	lock_leave(&worlds_lock);
	return iph;
}

void
iph_unpin(struct iph *iph)
{
	lock_enter(&worlds_lock);
	iph->pins--;
	lock_wake(&worlds_lock);
	lock_leave(&worlds_lock);
}

static void
enlist(struct iph *iph)
{
	lock_enter(&worlds_lock);
	iph->next = worlds;
	worlds = iph;
	lock_leave(&worlds_lock);
}

static void
delist(struct iph *iph)
{
	struct iph **at = &worlds;

	lock_enter(&worlds_lock);
	while (*at != NULL && *at != iph)
		at = &(*at)->next;
	if (*at != NULL)
		*at = iph->next;
	while (iph->pins != 0)
		lock_wait(&worlds_lock);
	lock_leave(&worlds_lock);
}

/* ---- opening and closing ---------------------------------------------------------- */

static void
family_close(struct family *family)
{
	if (family->entity != NULL)
		RtmDeregisterEntity(family->entity);
	mem_free(family->dest);
	mem_free(family->route);
	mem_free(family->found);
	mem_free(family->ahead);
}

static DWORD
family_open(struct iph *iph, struct family *family)
{
	RTM_ENTITY_INFO info = { .RtmInstanceId = iph->instance,
		                 .AddressFamily = family->family };
	RTM_REGN_PROFILE profile;
	DWORD err;

	info.EntityId.EntityProtocolId = PROTO_IP_NETMGMT;
	err = RtmRegisterEntity(&info, NULL, iph_event, FALSE, &profile, &family->entity);
	if (err != NO_ERROR)
		return err;
	family->batch = profile.MaxHandlesInEnum;
	family->dest = mem_calloc(1, RTM_SIZE_OF_DEST_INFO(1));
	family->route = mem_calloc(1, RTM_SIZE_OF_ROUTE_INFO(profile.MaxNextHopsInRoute));
	family->found = mem_calloc(family->batch, sizeof *family->found);
	family->ahead = mem_calloc(family->batch, RTM_SIZE_OF_DEST_INFO(1));
	if (family->dest == NULL || family->route == NULL || family->found == NULL ||
	    family->ahead == NULL)
		return ERROR_NOT_ENOUGH_MEMORY;
	return NO_ERROR;
}

DWORD
iph_open(struct iftab *ifs, USHORT instance, const struct iph_ports *ports, struct iph **out)
{
	struct iph *iph = mem_calloc(1, sizeof *iph);
	DWORD err = NO_ERROR;

	if (iph == NULL)
		return ERROR_NOT_ENOUGH_MEMORY;
	iph->ifs = ifs;
	iph->instance = instance;
	if (ports != NULL)
		iph->ports = *ports;
	gate_init(&iph->gate);
	iph_notifier_init(&iph->notifier);
	enlist(iph);
	for (size_t i = 0; i < IFTAB_FAMILIES && err == NO_ERROR; i++) {
		iph->families[i].family = families[i];
		err = family_open(iph, &iph->families[i]);
	}
	if (err != NO_ERROR) {
		iph_close(iph);
		return err;
	}
	*out = iph;
	return NO_ERROR;
}

DWORD
iph_open_far(const struct iph_far *far, const struct iph_ports *ports, struct iph **out)
{
	struct iph *iph = mem_calloc(1, sizeof *iph);

	if (iph == NULL)
		return ERROR_NOT_ENOUGH_MEMORY;
	iph->far = far;
	iph->ports = *ports;
	iph->ifs = iftab_new();
	if (iph->ifs == NULL) {
		mem_free(iph);
		return ERROR_NOT_ENOUGH_MEMORY;
	}
	gate_init(&iph->gate);
	iph_notifier_init(&iph->notifier);
	*out = iph;
	return NO_ERROR;
}

void
iph_close(struct iph *iph)
{
	if (iph == NULL)
		return;
	delist(iph);
	iph_watch_end(iph);
	iph_notifier_close(iph);
	for (size_t i = 0; i < IFTAB_FAMILIES; i++)
		family_close(&iph->families[i]);
	side_pool_clear(&iph->sides);
	mem_free(iph->settings);
	if (iph->far != NULL)
		iftab_free(iph->ifs); /* a mirror, not the caller's */
	gate_destroy(&iph->gate);
	mem_free(iph);
}

/* ---- what others ask of a world ----------------------------------------------------- */

/* Two threads may make the first call at once: the opener has a lock, this has none. */
struct iph *
iph_world(void)
{
	struct iph *iph = __atomic_load_n(&iph_default, __ATOMIC_ACQUIRE);

	if (iph != NULL || iph_default_open == NULL)
		return iph;
	iph_default_open();
	return __atomic_load_n(&iph_default, __ATOMIC_ACQUIRE);
}

struct family *
iph_family(struct iph *iph, ADDRESS_FAMILY family)
{
	return &iph->families[family == AF_INET ? IFTAB_V4 : IFTAB_V6];
}

uint64_t
iph_now_ms(const struct iph *iph)
{
	return iph->ports.now_ms != NULL ? iph->ports.now_ms(iph->ports.arg) : 0;
}

bool
iph_stack(const struct iph *iph, ADDRESS_FAMILY family)
{
	return iph->ports.stack == NULL || iph->ports.stack(iph->ports.arg, family);
}

bool
iph_privileged(const struct iph *iph)
{
	return iph->ports.privileged == NULL || iph->ports.privileged(iph->ports.arg);
}

RTM_ENTITY_HANDLE
iph_entity(struct iph *iph, ADDRESS_FAMILY family)
{
	return inet_size(family) != 0 ? iph_family(iph, family)->entity : NULL;
}

struct iftab *
iph_iftab(struct iph *iph)
{
	return iph->ifs;
}

USHORT
iph_instance(const struct iph *iph)
{
	return iph->instance;
}

DWORD
iph_refresh(struct iph *iph)
{
	struct iftab *old, *new;
	DWORD err;

	if (iph->far == NULL)
		return NO_ERROR;
	new = iftab_new();
	if (new == NULL)
		return ERROR_NOT_ENOUGH_MEMORY;
	err = iph->far->interfaces(iph->far->arg, new);
	if (err == NO_ERROR) {
		gate_lock(&iph->gate);
		old = iph->ifs;
		iph->ifs = new;
		gate_unlock(&iph->gate);
		new = old;
	}
	iftab_free(new);
	return err;
}

/* ---- interfaces that change under a world --------------------------------------------- */

DWORD
iph_interface_change(struct iph *iph, const struct iftab_if *desc)
{
	const struct iftab_if *old = iftab_by_index(iph->ifs, desc->index);
	bool changed[IFTAB_FAMILIES];
	DWORD err;

	for (size_t i = 0; i < IFTAB_FAMILIES; i++)
		changed[i] = old == NULL || old->metric[i] != desc->metric[i];
	err = iftab_put(iph->ifs, desc);
	for (size_t i = 0; i < IFTAB_FAMILIES && err == NO_ERROR; i++)
		if (changed[i])
			iph_publish_interface(iph, &iph->families[i], desc->index);
	return err;
}

DWORD
iph_interface_put(struct iph *iph, const struct iftab_if *desc)
{
	DWORD err = gate_enter(&iph->gate);

	if (err != NO_ERROR)
		return err;
	err = iph_interface_change(iph, desc);
	gate_leave(&iph->gate);
	return err;
}

DWORD
iph_interface_remove(struct iph *iph, NET_IFINDEX index)
{
	DWORD err = gate_enter(&iph->gate);

	if (err != NO_ERROR)
		return err;
	err = iftab_remove(iph->ifs, index);
	gate_leave(&iph->gate);
	return err;
}
