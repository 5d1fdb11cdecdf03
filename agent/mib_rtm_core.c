/*
 * Who is in the routing table manager: its entities, and how many rows each protocol has.
 *
 * Entities are few, some for each program and one for each protocol that a forwarder has
 * routes of; the manager lists them all at once, so they are read anew for each row that is
 * asked for, put in the order of their names, and searched. Counts of rows are kept as rows
 * come and go (mib_sync.c), since there may be a million.
 */
#include "mib_fixed.h"
#include "mib_int.h"

#include "base/alloc.h"

#include <stdio.h>
#include <stdlib.h>

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

static const struct mib_shape entity_shape = { MIB_TABLE_RTM_ENTITY, "nnn" };
static const struct mib_shape origin_shape = { MIB_TABLE_RTM_ORIGIN, "n" };

struct mib_entity {
	struct mib_key key;
	uint32_t protocol;
	UINT methods;
};

void
mib_rtm_close(struct mib *mib)
{
	mem_free(mib->entities);
}

/* ---- entities ---------------------------------------------------------------------- */

static int
entity_compare(const void *a, const void *b)
{
	return mib_key_compare(&((const struct mib_entity *)a)->key,
	                       &((const struct mib_entity *)b)->key);
}

static void
entity_fill(const struct mib_family *fam, RTM_ENTITY_HANDLE handle, const RTM_ENTITY_INFO *info,
            struct mib_entity *out)
{
	const mib_subid name[] = { fam->family == AF_INET ? MIB_ADDR_V4 : MIB_ADDR_V6,
		                   info->EntityId.EntityProtocolId,
		                   info->EntityId.EntityInstanceId };

	(void)mib_fixed_decode(&entity_shape, name, COUNT(name), &out->key);
	out->protocol = info->EntityId.EntityProtocolId;
	out->methods = 0;
	(void)RtmGetEntityMethods(fam->entity, handle, &out->methods, NULL);
}

/* The entities of a family, behind those that are there already. */
static bool
entities_take(struct mib *mib, const struct mib_family *fam, UINT room)
{
	RTM_ENTITY_HANDLE *handles = mem_calloc(room, sizeof(RTM_ENTITY_HANDLE));
	RTM_ENTITY_INFO *infos = mem_calloc(room, sizeof *infos);
	bool taken = handles != NULL && infos != NULL &&
	             mib_grow((void **)&mib->entities, &mib->entities_cap,
	                      mib->nentities + room, sizeof *mib->entities) &&
	             RtmGetRegisteredEntities(fam->entity, &room, handles, infos) == NO_ERROR;

	for (UINT i = 0; taken && i < room; i++)
		entity_fill(fam, handles[i], &infos[i], &mib->entities[mib->nentities++]);
	if (taken)
		(void)RtmReleaseEntities(fam->entity, room, handles);
	mem_free(handles);
	mem_free(infos);
	return taken;
}

/* All of them as they are now, in the order of their names. @return false: no memory. */
static bool
entities_read(struct mib *mib)
{
	mib->nentities = 0;
	for (size_t i = 0; i < 2; i++) {
		UINT n = 0;

		(void)RtmGetRegisteredEntities(mib->families[i].entity, &n, NULL, NULL);
		if (n > 0 && !entities_take(mib, &mib->families[i], n))
			return false;
	}
	if (mib->nentities > 1)
		qsort(mib->entities, mib->nentities, sizeof *mib->entities, entity_compare);
	return true;
}

static const struct mib_entity *
entity_find(const struct mib *mib, const struct mib_key *key)
{
	struct mib_entity probe = { .key = *key };

	if (mib->nentities == 0)
		return NULL;
	return bsearch(&probe, mib->entities, mib->nentities, sizeof probe, entity_compare);
}

static enum mib_found
find_entity(struct mib *mib, const struct mib_key *key, struct mib_ref *out)
{
	*out = (struct mib_ref){ .key = *key };
	if (!entities_read(mib))
		return MIB_READ_FAILED;
	return entity_find(mib, key) != NULL ? MIB_FOUND : MIB_NO_SUCH_INSTANCE;
}

static enum mib_found
next_entity(struct mib *mib, const mib_subid *sub, size_t n, struct mib_ref *out)
{
	struct mib_key bound;
	bool inclusive;

	mib_fixed_bound(&entity_shape, sub, n, &bound, &inclusive);
	if (!entities_read(mib))
		return MIB_READ_FAILED;
	for (size_t i = 0; i < mib->nentities; i++) {
		int order = mib_key_compare(&mib->entities[i].key, &bound);

		if (order > 0 || (inclusive && order == 0)) {
			*out = (struct mib_ref){ .key = mib->entities[i].key };
			return MIB_FOUND;
		}
	}
	return MIB_END;
}

/* The names of IANAipRouteProtocol; other protocols by type, vendor and number. */
static size_t
protocol_name(uint32_t id, char *out, size_t size)
{
	static const char *const names[] = { NULL,         "other", "local", "netmgmt",
		                             "icmp",       "egp",   "ggp",   "hello",
		                             "rip",        "isIs",  "esIs",  "ciscoIgrp",
		                             "bbnSpfIgp",  "ospf",  "bgp",   "idpr",
		                             "ciscoEigrp", "dvmrp", "rpl",   "dhcp" };
	int n;

	if (id < COUNT(names) && names[id] != NULL)
		n = snprintf(out, size, "%s", names[id]);
	else
		n = snprintf(out, size, "%u.%u.%u", id >> 30, id >> 16 & 0x3FFF, id & 0xFFFF);
	return (size_t)n;
}

static void
entity_facts(struct mib *mib, const struct mib_ref *ref, struct mib_memo *memo)
{
	const struct mib_entity *entity = entity_find(mib, &ref->key);
	struct mib_entity_facts *out = &memo->u.entity;

	out->methods = entity == NULL ? 0 : entity->methods;
	out->name.at = out->name_octets;
	out->name.len = entity == NULL ? 0
	                               : protocol_name(entity->protocol, out->name_octets,
	                                               sizeof out->name_octets);
}

#define READ(syntax, facts, m)                                                                 \
	syntax, MIB_READ, 0, 0, offsetof(struct facts, m), IPH_FIELD_NONE, 0
/* clang-format off */
static const struct mib_column entity_columns[] = {
	{ 4, "rtmEntityName",    READ(MIB_OCTETS, mib_entity_facts, name) },
	{ 5, "rtmEntityMethods", READ(MIB_GAUGE,  mib_entity_facts, methods) },
};
/* clang-format on */

const struct mib_table mib_rtm_entity_table = {
	.id = MIB_TABLE_RTM_ENTITY,
	.columns = entity_columns,
	.ncolumns = COUNT(entity_columns),
	.find = find_entity,
	.next = next_entity,
	.shape = &entity_shape,
	.facts = entity_facts,
};

/* ---- rows by protocol ---------------------------------------------------------------- */

static uint32_t
protocol_of(const struct mib_key *key)
{
	return mib_get32(key->b + 1);
}

static enum mib_found
find_origin(struct mib *mib, const struct mib_key *key, struct mib_ref *out)
{
	uint32_t protocol = protocol_of(key);

	mib_sync_all(mib);
	*out = (struct mib_ref){ .key = *key };
	return protocol < MIB_PROTOCOLS && mib->origins[protocol] > 0 ? MIB_FOUND
	                                                              : MIB_NO_SUCH_INSTANCE;
}

static enum mib_found
next_origin(struct mib *mib, const mib_subid *sub, size_t n, struct mib_ref *out)
{
	struct mib_key bound;
	bool inclusive;

	mib_fixed_bound(&origin_shape, sub, n, &bound, &inclusive);
	mib_sync_all(mib);
	for (mib_subid protocol = 0; protocol < MIB_PROTOCOLS; protocol++) {
		struct mib_key key;
		int order;

		(void)mib_fixed_decode(&origin_shape, &protocol, 1, &key);
		order = mib_key_compare(&key, &bound);
		if (mib->origins[protocol] > 0 && (order > 0 || (inclusive && order == 0))) {
			*out = (struct mib_ref){ .key = key };
			return MIB_FOUND;
		}
	}
	return MIB_END;
}

static void
origin_facts(struct mib *mib, const struct mib_ref *ref, struct mib_memo *memo)
{
	memo->u.origin.rows = mib->origins[protocol_of(&ref->key)];
}

/* clang-format off */
static const struct mib_column origin_columns[] = {
	{ 2, "rtmOriginRows", READ(MIB_GAUGE, mib_origin_facts, rows) },
};
/* clang-format on */

const struct mib_table mib_rtm_origin_table = {
	.id = MIB_TABLE_RTM_ORIGIN,
	.columns = origin_columns,
	.ncolumns = COUNT(origin_columns),
	.find = find_origin,
	.next = next_origin,
	.shape = &origin_shape,
	.facts = origin_facts,
};
