/*
 * Interfaces by index, LUID and name, with what routes need of them: which families
 * are bound, metrics, addresses. The table owns its entries; a pointer handed out is
 * valid until the next change. Locking is the holder's (the IP Helper's world lock).
 */
#ifndef IFTAB_IFTAB_H
#define IFTAB_IFTAB_H

#include <stdbool.h>

#include "netioapi.h"

enum iftab_family { IFTAB_V4, IFTAB_V6, IFTAB_FAMILIES };

struct iftab_addr {
	SOCKADDR_INET address;
	UINT8 prefix_length;
};

struct iftab_if {
	NET_LUID luid;     /* (type, number) that names it: ethernet_2 */
	NET_IFINDEX index; /* never 0 */
	char alias[257];   /* the system's own name, eth1 */
	USHORT if_type;    /* IANA ifType: 6 ethernet, 24 loopback ... */
	bool bound[IFTAB_FAMILIES];
	ULONG metric[IFTAB_FAMILIES];
	bool connected;
	bool routes;         /* takes routes at all */
	bool sub_interfaces; /* more than one: version 1 functions refuse it */
	bool no_default_routes[IFTAB_FAMILIES];
	bool automatic_metric[IFTAB_FAMILIES]; /* metric is the system's choice */
	ULONG mtu;                             /* 0: not known */
	struct iftab_addr *addrs;              /* owned by the table */
	size_t naddrs;
};

struct iftab;

struct iftab *iftab_new(void);
void iftab_free(struct iftab *tab);

/**
 * Add an interface, or replace the one with the same index.
 *
 * @param desc  copied, its addresses too; luid 0: made from if_type and index.
 * @return      NO_ERROR; ERROR_INVALID_PARAMETER (index 0, metric above
 *              NL_MAX_METRIC_COMPONENT, a prefix length that does not fit);
 *              ERROR_ALREADY_EXISTS where another index has its LUID or alias;
 *              ERROR_NOT_ENOUGH_MEMORY.
 */
DWORD iftab_put(struct iftab *tab, const struct iftab_if *desc);

/** Take an interface away. @return NO_ERROR or ERROR_NOT_FOUND. */
DWORD iftab_remove(struct iftab *tab, NET_IFINDEX index);

/* All three searches are O(log n) or better; NULL where there is none. */
const struct iftab_if *iftab_by_index(const struct iftab *tab, NET_IFINDEX index);
const struct iftab_if *iftab_by_luid(const struct iftab *tab, NET_LUID luid);
const struct iftab_if *iftab_by_alias(const struct iftab *tab, const char *alias);

/** The interface after `index` in ascending order; 0 gives the first, NULL ends. */
const struct iftab_if *iftab_next(const struct iftab *tab, NET_IFINDEX index);

/** Which interface has this very address; NULL: none. O(log n). */
const struct iftab_if *iftab_by_address(const struct iftab *tab, const SOCKADDR_INET *address);

/**
 * Which interface has this next hop on one of its subnets (longest prefix; lowest
 * index on a tie). Link-local IPv6 is found by nothing. NULL: none. O(log n) in
 * interfaces for a bounded number of prefix lengths.
 */
const struct iftab_if *iftab_by_subnet(const struct iftab *tab, const SOCKADDR_INET *address);

#endif
