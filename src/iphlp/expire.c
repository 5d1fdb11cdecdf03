/*
 * One chapter: a row with a finite ValidLifetime leaves by itself.
 *
 * RTM has a timer per route and says when it has run out [RTM 1.14]. Its timer counts
 * milliseconds in 32 bits, a lifetime seconds: a longer one is armed in stages, and only
 * at the end of the last one the row goes. A Set in another thread may have restarted
 * the lifetime between the timer and this call-back, so what decides is the clock.
 *
 * The route handle that comes with the event is ours to release [RTM K48]; deleting the
 * route consumes it. A forwarder learns of it as of any change, from RTM.
 */
#include "iphlp/iph_int.h"

#define LONGEST_TTL_MS (INFINITE - 1)

/* A restored row may be older than the clock: the difference counts, not the numbers. */
uint64_t
iph_elapsed_ms(const struct side *side, uint64_t now_ms)
{
	int64_t elapsed = (int64_t)(now_ms - side->changed_ms);

	return elapsed > 0 ? (uint64_t)elapsed : 0;
}

static uint64_t
remaining_ms(const struct side *side, uint64_t now_ms)
{
	uint64_t whole = (uint64_t)side->valid_s * 1000;
	uint64_t gone = iph_elapsed_ms(side, now_ms);

	return whole > gone ? whole - gone : 0;
}

ULONG
iph_time_to_live(const struct side *side, uint64_t now_ms)
{
	uint64_t left = remaining_ms(side, now_ms);

	if (side->valid_s == INFINITE)
		return INFINITE;
	return left < LONGEST_TTL_MS ? (ULONG)left : LONGEST_TTL_MS;
}

/* A timer that is run out only fires again when the route is published again. */
static bool
must_stay(const struct iph *iph, const struct found *found, bool my_turn)
{
	return !my_turn ||
	       (iph->ports.now_ms != NULL && remaining_ms(found->side, iph_now_ms(iph)) > 0);
}

static void
row_of_key(const struct iph *iph, const struct key *key, MIB_IPFORWARD_ROW2 *row)
{
	const struct iftab_if *iface = iftab_by_index(iph->ifs, key->if_index);

	memset(row, 0, sizeof *row);
	inet_make(&row->DestinationPrefix.Prefix, key->family->family, key->dest.AddrBits);
	row->DestinationPrefix.PrefixLength = (UINT8)key->dest.NumBits;
	inet_make(&row->NextHop, key->family->family, key->hop.AddrBits);
	row->InterfaceIndex = key->if_index;
	row->InterfaceLuid.Value = iface != NULL ? iface->luid.Value : 0;
}

/* Its end is over whether the disk hears of it or not: what is there says until when. */
static void
forget_stored(struct iph *iph, const struct iph_route *route)
{
	if (iph->ports.store == NULL)
		return;
	gate_unlock(&iph->gate);
	(void)iph->ports.store(iph->ports.arg, iph->instance, IPH_DELETE, route);
	gate_lock(&iph->gate);
}

static void
expired(struct iph *iph, struct family *family, RTM_ROUTE_HANDLE route, bool my_turn)
{
	struct found found = { .exists = false };
	struct event *event = NULL;
	struct iph_route gone = { .own = true };
	struct key key;

	if (!iph_key_of_route(family, route, &key, &found)) {
		RtmReleaseRoutes(family->entity, 1, &route);
		return;
	}
	/* without memory for the event it stays for another round, too */
	if (must_stay(iph, &found, my_turn) || iph_event_new(iph, &event) != NO_ERROR) {
		iph_publish(iph, &key, iph_kind_of(found.flags), found.side);
		iph_found_release(&key, &found);
		return;
	}
	gone.kind = iph_kind_of(found.flags);
	row_of_key(iph, &key, &gone.row);
	if (iph_withdraw(&key, &found) != NO_ERROR) {
		iph_event_free(event);
		iph_found_release(&key, &found);
		return;
	}
	side_free(&iph->sides, found.side);
	iph_hop_drop(&key);
	forget_stored(iph, &gone);
	iph_event_post(iph, event, MibDeleteInstance, &gone.row);
}

static void
take_expired(struct iph *iph, struct family *family, RTM_ROUTE_HANDLE route)
{
	/* within a port of a change on this very thread the row waits for the next round */
	bool my_turn = gate_enter(&iph->gate) == NO_ERROR;

	if (!my_turn)
		gate_lock(&iph->gate);
	expired(iph, family, route, my_turn);
	if (my_turn)
		gate_leave(&iph->gate);
	else
		gate_unlock(&iph->gate);
}

DWORD WINAPI
iph_event(RTM_ENTITY_HANDLE entity, RTM_EVENT_TYPE type, PVOID context1, PVOID context2)
{
	struct iph *iph = NULL;
	struct family *family;

	(void)context2;
	if (type == RTM_ROUTE_EXPIRED || type == RTM_CHANGE_NOTIFICATION)
		iph = iph_pin(entity);
	if (iph == NULL)
		return ERROR_NOT_SUPPORTED; /* the world is closing: RTM takes the route */
	family = &iph->families[iph->families[IFTAB_V4].entity == entity ? IFTAB_V4 : IFTAB_V6];
	if (type == RTM_ROUTE_EXPIRED) {
		take_expired(iph, family, context1);
	} else {
		gate_lock(&iph->gate);
		iph_watch_changed(iph, family);
		gate_unlock(&iph->gate);
	}
	iph_unpin(iph);
	return NO_ERROR;
}
