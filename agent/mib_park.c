/*
 * Rows that are meant to be active and cannot be: their interface is not there, or what was
 * stored breaks a rule today.
 *
 * Such a row is shown as notInService, by the name it has, and is kept: the reaper does not
 * count its time, and on disk it stays what was acknowledged, an active row. When its
 * interface appears, it goes through the same validated call as any new row; while
 * that refuses, it stays. When an interface goes, the rows on it come here. A manager
 * who writes to the row takes it into his own hands: from then on it is a row out
 * of service like others.
 *
 * An interface is known by its index and, where one was noted, its name: a row must not come
 * up on another interface that happens to have the number now.
 */
#include "mib_store.h"

#include "base/addr.h"
#include "base/alloc.h"
#include "base/code.h"
#include "base/log.h"
#include "mib_ipv4.h"

#define AT_ONCE 32 /* rows of an interface that goes or comes */

static const ADDRESS_FAMILY families[] = { AF_INET, AF_INET6 };
#define FAMILIES (sizeof families / sizeof families[0])

bool
mib_has_extras(const struct mib_row *row, const struct mib_info *info)
{
	for (size_t i = 1; i < 5; i++)
		if (row->metric[i] != -1)
			return true;
	return row->next_hop_as != 0 || info->len != 0;
}

/* The columns of a route, but metrics 2 to 5 and the AS. */
static void
columns_of(const struct iph_route *route, struct mib_row *row)
{
	row->if_index = route->row.InterfaceIndex;
	row->type = mib_type_shown(route);
	row->proto = mib_protocol_shown((ULONG)route->row.Protocol, MIB_IPPROTO_DHCP);
	row->metric[0] = route->row.Metric > INT32_MAX ? -1 : (int64_t)route->row.Metric;
	row->status = MIB_NOT_IN_SERVICE;
}

struct mib_side *
mib_parked_new(struct mib *mib, const struct mib_key *name, const struct iph_route *route,
               const char *if_name)
{
	size_t n = strlen(if_name) + 1;
	struct mib_side *side = mem_calloc(1, sizeof *side + n);

	if (side == NULL)
		return NULL;
	side->by_key.key = *name;
	side->staged = side->suspended = side->parked = true;
	side->touched_ms = mib_now(mib);
	side->route = *route;
	mib_row_no_extras(&side->row);
	columns_of(route, &side->row);
	memcpy(side->if_name, if_name, n);
	return side;
}

/* ---- up --------------------------------------------------------------------------------- */

static bool
interface_is_there(const struct mib *mib, const struct mib_side *side)
{
	const struct iftab_if *iface =
	    iftab_by_index(iph_iftab(mib->config.iph), side->route.row.InterfaceIndex);

	if (side->route.kind != IPH_UNICAST)
		return true;
	return iface != NULL &&
	       (side->if_name[0] == '\0' || strcmp(side->if_name, iface->alias) == 0);
}

/* An entry for the active row, if its name or its columns need one. */
static bool
active_entry(const struct mib_side *parked, struct mib_side **out)
{
	struct mib_key by_rule;

	*out = NULL;
	mib_inet_key(&parked->route.row, mib_inet_policy(&parked->route.row), &by_rule);
	if (mib_key_compare(&by_rule, &parked->by_key.key) == 0 &&
	    !mib_has_extras(&parked->row, &parked->info))
		return true;
	*out = mem_calloc(1, sizeof **out);
	if (*out == NULL)
		return false;
	(*out)->by_key.key = parked->by_key.key;
	mib_core_of_row(&parked->route.row, &(*out)->by_core.core);
	mib_row_no_extras(&(*out)->row);
	(*out)->row.next_hop_as = parked->row.next_hop_as;
	memcpy(&(*out)->row.metric[1], &parked->row.metric[1],
	       4 * sizeof parked->row.metric[1]);
	(*out)->info = parked->info;
	return true;
}

static uint64_t
age_ms(const struct mib *mib, const struct mib_side *side)
{
	uint64_t now = mib_now(mib);

	return (uint64_t)side->route.row.Age * 1000 +
	       (now > side->touched_ms ? now - side->touched_ms : 0);
}

DWORD
mib_unpark(struct mib *mib, struct mib_side *side, struct iph_fault *fault)
{
	struct mib_side *entry, *squatter;
	struct mib_core core;
	DWORD err;

	*fault = (struct iph_fault){ ERROR_NOT_FOUND, IPH_FIELD_INTERFACE, IPH_REASON_NO_SUCH };
	if (!interface_is_there(mib, side))
		return fault->code;
	*fault =
	    (struct iph_fault){ .code = ERROR_NOT_ENOUGH_MEMORY, .reason = IPH_REASON_MEMORY };
	if (!active_entry(side, &entry))
		return fault->code;
	side->route.row.InterfaceLuid.Value = 0; /* the index decides */
	err = iph_route_restore(mib->config.iph, &side->route, age_ms(mib, side), fault);
	if (err != NO_ERROR) {
		mem_free(entry);
		return err;
	}
	mib_core_of_row(&side->route.row, &core);
	squatter = mib_side_by_core(mib, &core);
	if (squatter != NULL)
		mib_side_drop(mib, squatter);
	if (entry != NULL)
		(void)mib_side_insert(mib, entry);
	else
		mib_sync_dest(mib, &side->route.row.DestinationPrefix,
		              &(struct mib_made){ .core = &core });
	mib->generation++;
	mem_free(side);
	return NO_ERROR;
}

static void
say(enum log_level level, const char *verb, const struct mib_side *side, DWORD code)
{
	const MIB_IPFORWARD_ROW2 *row = &side->route.row;
	char dest[PREFIX_TEXT_SIZE] = "-", hop[ADDR_TEXT_SIZE] = "-";
	struct prefix prefix;
	struct addr addr;

	if (!log_wanted(level))
		return;
	if (prefix_from_ip_prefix(&prefix, &row->DestinationPrefix))
		prefix_format(&prefix, dest, sizeof dest);
	if (addr_from_sockaddr(&addr, &row->NextHop))
		addr_format(&addr, hop, sizeof hop);
	log_write(level, "park", "%s prefix=%s via=%s if=%u name=%s code=%s", verb, dest, hop,
	          row->InterfaceIndex, side->if_name[0] != '\0' ? side->if_name : "-",
	          code_name(code));
}

void
mib_park_say(const struct mib_side *side, const struct iph_fault *fault)
{
	bool missing = fault->field == IPH_FIELD_INTERFACE;

	say(missing ? LOG_LEVEL_INFO : LOG_LEVEL_WARN,
	    missing ? "waits for its interface" : "kept out of service", side, fault->code);
}

/* The core has it; now the forwarder, whose refusal puts it back where it was. */
static bool
raise_row(struct mib *mib, struct mib_side *side)
{
	struct mib_side *copy =
	    mib_parked_new(mib, &side->by_key.key, &side->route, side->if_name);
	struct iph_fault fault = { .code = ERROR_NOT_ENOUGH_MEMORY }, undo;

	if (copy == NULL)
		return false;
	copy->touched_ms = side->touched_ms;
	copy->row = side->row;
	copy->info = side->info;
	mib_side_detach(mib, side);
	if (mib_unpark(mib, side, &fault) != NO_ERROR) {
		(void)mib_side_insert(mib, side);
		say(LOG_LEVEL_INFO, "stays", side, fault.code);
	} else if (iph_commit(mib->config.iph, &copy->route.row.DestinationPrefix, &fault) !=
	           NO_ERROR) {
		(void)iph_route_apply(mib->config.iph, IPH_DELETE, &copy->route, &undo);
		mib_sync_all(mib); /* its entry in the side table goes with it */
		(void)iph_commit(mib->config.iph, &copy->route.row.DestinationPrefix, &undo);
		say(LOG_LEVEL_WARN, "stays", copy, fault.code);
		(void)mib_side_insert(mib, copy);
		return false;
	} else {
		say(LOG_LEVEL_DEBUG, "up", copy, NO_ERROR);
	}
	mem_free(copy);
	return fault.code == NO_ERROR;
}

bool
mib_interface_came(struct mib *mib, struct mib_moving *moving)
{
	struct mib_side *side, *next;
	struct mib_key from;

	memcpy(from.b, moving->at, sizeof from.b);
	side = mib_staged_from(mib, &from, !moving->begun);
	moving->begun = true;
	for (size_t i = 0; i < AT_ONCE && side != NULL; i++, side = next) {
		next = mib_staged_next(side);
		memcpy(moving->at, side->by_key.key.b, sizeof moving->at);
		if (side->parked && side->route.row.InterfaceIndex == moving->index &&
		    interface_is_there(mib, side))
			moving->moved += raise_row(mib, side);
	}
	return side != NULL;
}

/* ---- down -------------------------------------------------------------------- */

static bool
lower_row(struct mib *mib, const struct iph_route *route, const char *if_name)
{
	struct mib_side *active, *parked;
	struct iph_fault fault;
	struct mib_core core;
	struct mib_key name;

	mib_core_of_row(&route->row, &core);
	active = mib_side_by_core(mib, &core);
	if (active != NULL)
		name = active->by_key.key;
	else
		mib_inet_key(&route->row, mib_inet_policy(&route->row), &name);
	parked = mib_parked_new(mib, &name, route, if_name);
	if (parked == NULL)
		return false;
	if (active != NULL) {
		parked->row.next_hop_as = active->row.next_hop_as;
		memcpy(&parked->row.metric[1], &active->row.metric[1],
		       4 * sizeof active->row.metric[1]);
		parked->info = active->info;
	}
	if (iph_route_apply(mib->config.iph, IPH_DELETE, route, &fault) != NO_ERROR) {
		mem_free(parked);
		return false;
	}
	if (active != NULL)
		mib_side_drop(mib, active);
	(void)mib_side_insert(mib, parked);
	if (iph_commit(mib->config.iph, &route->row.DestinationPrefix, &fault) != NO_ERROR)
		log_warn("park", "the forwarder keeps a route of if=%u: %s",
		         route->row.InterfaceIndex, code_name(fault.code));
	return true;
}

/* The rows of one family that the enumeration gives next. */
static void
lower_some(struct mib *mib, struct mib_moving *moving, const char *if_name)
{
	struct iph_route *rows = NULL;
	size_t cap = 0, n = 0;

	(void)iph_interface_rows(mib->config.iph, families[moving->family], moving->index,
	                         &moving->list, &rows, &cap, &n);
	for (size_t i = 0; i < n; i++)
		moving->moved += lower_row(mib, &rows[i], if_name);
	mem_free(rows);
}

/*
 * Round after round, as rows may come where the enumeration has been, until one moves nothing:
 * what is left then cannot be moved.
 */
bool
mib_interface_goes(struct mib *mib, struct mib_moving *moving)
{
	const struct iftab_if *iface =
	    iftab_by_index(iph_iftab(mib->config.iph), moving->index);
	char name[sizeof iface->alias];

	if (iface == NULL)
		return false;
	memcpy(name, iface->alias, sizeof name);
	mib_sync_all(mib);
	lower_some(mib, moving, name);
	if (moving->list != NULL || ++moving->family < FAMILIES)
		return true;
	if (moving->moved == moving->before)
		return false;
	moving->family = 0;
	moving->before = moving->moved;
	return true;
}

void
mib_moving_end(struct mib *mib, struct mib_moving *moving)
{
	if (moving->family < FAMILIES)
		iph_interface_rows_end(mib->config.iph, families[moving->family],
		                       &moving->list);
}
