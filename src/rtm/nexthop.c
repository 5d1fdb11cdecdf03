/*
 * One chapter: each entity's own list of next hops.
 *
 * Next hops are few and long-lived, so their records are roomy: the public structure
 * is inside, and a direct pointer is just its address. They are in a tree by
 * (address, length, interface), which is their identity and the order of
 * enumeration. A deleted next hop leaves the tree and lives on as long as a path or a
 * client holds it [RTM K38].
 *
 * The members a client can write through a direct pointer are kept twice; ours are
 * what counts until the exclusive lock ends.
 */
#include "rtm_int.h"

#include <string.h>

static int
by_identity(const struct tree_node *a, const struct tree_node *b)
{
	const struct rtm_nexthop *x = TREE_OF(a, struct rtm_nexthop, node);
	const struct rtm_nexthop *y = TREE_OF(b, struct rtm_nexthop, node);
	int order = memcmp(x->key.addr, y->key.addr, sizeof x->key.addr);

	if (order != 0)
		return order;
	if (x->key.len != y->key.len)
		return x->key.len < y->key.len ? -1 : 1;
	return (x->interface > y->interface) - (x->interface < y->interface);
}

struct rtm_nexthop *
rtm_nexthop_lower(const struct rtm_entity *ent, const struct rtm_key *key, ULONG interface)
{
	struct rtm_nexthop wanted;
	struct tree_node *node;

	wanted.key = *key;
	wanted.interface = interface;
	node = tree_lower(&ent->nexthops, &wanted.node, by_identity);
	return node != NULL ? TREE_OF(node, struct rtm_nexthop, node) : NULL;
}

struct rtm_nexthop *
rtm_nexthop_next(const struct rtm_nexthop *nh)
{
	struct tree_node *node = tree_next(&nh->node);

	return node != NULL ? TREE_OF(node, struct rtm_nexthop, node) : NULL;
}

struct rtm_nexthop *
rtm_nexthop_find(const struct rtm_entity *ent, const struct rtm_key *key, ULONG interface)
{
	struct rtm_nexthop *nh = rtm_nexthop_lower(ent, key, interface);

	if (nh == NULL || nh->interface != interface || nh->key.len != key->len ||
	    memcmp(nh->key.addr, key->addr, sizeof key->addr) != 0)
		return NULL;
	return nh;
}

void
rtm_nexthop_refresh(struct rtm_table *t, struct rtm_nexthop *nh)
{
	rtm_key_show(t, nh->key.addr, nh->key.len, &nh->info.NextHopAddress);
	nh->info.InterfaceIndex = nh->interface;
	nh->info.NextHopOwner = rtm_name(t, RTM_KIND_ENTITY, nh->owner->slot);
	nh->info.State = nh->deleted ? RTM_NEXTHOP_STATE_DELETED : RTM_NEXTHOP_STATE_CREATED;
	nh->info.Flags = nh->flags;
	nh->info.EntitySpecificInfo = nh->private_info;
	nh->info.RemoteNextHop = rtm_name(t, RTM_KIND_DEST, nh->remote);
}

void
rtm_nexthop_set(struct rtm_table *t, struct rtm_nexthop *nh, USHORT flags, void *info,
                uint32_t remote)
{
	uint32_t old = nh->remote;

	nh->flags = flags;
	nh->private_info = info;
	nh->remote = (flags & RTM_NEXTHOP_FLAGS_REMOTE) != 0 ? remote : 0;
	if (nh->remote != 0)
		rtm_dest_at(t, nh->remote)->pins++;
	rtm_nexthop_refresh(t, nh);
	if (old != 0)
		rtm_dest_unpin(t, old);
}

DWORD
rtm_nexthop_add(struct rtm_entity *ent, const struct rtm_key *key, const RTM_NEXTHOP_INFO *info,
                uint32_t remote, struct rtm_nexthop **out)
{
	struct rtm_table *t = ent->table;
	uint32_t slot = slab_alloc(&t->slab[RTM_KIND_NEXTHOP]);
	struct rtm_nexthop *nh;

	if (slot == 0)
		return ERROR_NOT_ENOUGH_MEMORY;
	nh = rtm_nexthop_at(t, slot);
	nh->slot = slot;
	nh->owner = ent;
	nh->fresh = true;
	ent->pins++;
	list_init(&nh->holders);
	nh->key = *key;
	nh->interface = info->InterfaceIndex;
	tree_insert(&ent->nexthops, &nh->node, by_identity);
	rtm_nexthop_set(t, nh, info->Flags, info->EntitySpecificInfo, remote);
	*out = nh;
	return NO_ERROR;
}

void
rtm_nexthop_delete(struct rtm_table *t, struct rtm_nexthop *nh)
{
	tree_remove(&nh->owner->nexthops, &nh->node);
	nh->deleted = true;
	rtm_nexthop_refresh(t, nh);
	rtm_nexthop_collect(t, nh);
}

void
rtm_nexthop_collect(struct rtm_table *t, struct rtm_nexthop *nh)
{
	struct rtm_entity *owner = nh->owner;
	uint32_t remote = nh->remote;

	if (!nh->deleted || nh->head.refs != 0 || nh->pins != 0)
		return;
	slab_free(&t->slab[RTM_KIND_NEXTHOP], nh->slot);
	if (remote != 0)
		rtm_dest_unpin(t, remote);
	rtm_entity_unpin(t, owner);
}

void
rtm_nexthop_unpin(struct rtm_table *t, uint32_t slot)
{
	struct rtm_nexthop *nh = rtm_nexthop_at(t, slot);

	nh->pins--;
	rtm_nexthop_collect(t, nh);
}
