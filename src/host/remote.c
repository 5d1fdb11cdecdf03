/*
 * One chapter: the same questions, asked of a daemon.
 *
 * Requests share one connection under a lock, so threads take turns. A connection that
 * broke is made anew and the request asked again, once, and only if it is a question: a
 * change may have been made before the answer was lost, and making it twice would give
 * another answer. The caller of a change is told ERROR_NOT_READY then and can look.
 *
 * Events have a connection and a thread of their own, from the first subscription to the
 * end: a subscriber must always be read from, or the daemon cuts it off. When the daemon
 * goes, the thread tries again every second; what happened meanwhile is not told.
 */
#include "host/remote.h"

#include <string.h>
#include <sys/socket.h>

#include "base/alloc.h"
#include "base/lock.h"
#include "ctl/client.h"
#include "host/thread.h"

#define RETRY_MS 1000

struct remote {
	char *path;
	struct iph_far far;
	struct lock lock;
	struct ctl_client *client; /* under the lock; NULL: not connected */
	struct iph *iph;
	/* events */
	struct lock event_lock;
	struct ctl_client *events; /* under it, except for who reads */
	struct thread thread;
	bool watching;
};

/* ---- asking -------------------------------------------------------------------------- */

static DWORD
connect_to(const struct remote *remote, struct ctl_client **out)
{
	DWORD err = ctl_connect(remote->path, out);

	/* other codes mean something else to who called a route function */
	return err == NO_ERROR || err == ERROR_NOT_ENOUGH_MEMORY ? err : ERROR_NOT_READY;
}

static bool
is_broken(DWORD err)
{
	return err == ERROR_NOT_READY || err == ERROR_INVALID_DATA;
}

/* Whether it may be asked twice. */
static bool
is_question(enum ctl_type type)
{
	return type == CTL_GET || type == CTL_ROUTES || type == CTL_BEST ||
	       type == CTL_INTERFACES || type == CTL_IF_GET;
}

/* With the lock; *body is valid until it is given up. */
static DWORD
ask(struct remote *remote, enum ctl_type type, const struct ctl_layout *layout,
    const void *request, struct ctl_reply *reply, struct ctl_in *body)
{
	bool again = remote->client != NULL && is_question(type);
	DWORD err;

	for (;; again = false) {
		memset(reply, 0, sizeof *reply);
		err = remote->client != NULL ? NO_ERROR : connect_to(remote, &remote->client);
		if (err != NO_ERROR)
			return err;
		err = ctl_ask(remote->client, type, layout, request, reply, body);
		if (!is_broken(err) || reply->code == err)
			return err;
		ctl_disconnect(remote->client);
		remote->client = NULL;
		if (!again)
			return ERROR_NOT_READY;
	}
}

static DWORD
answer(struct remote *remote, DWORD err)
{
	lock_leave(&remote->lock);
	return err;
}

/* ---- changes --------------------------------------------------------------------------- */

static DWORD
change(struct remote *remote, enum ctl_type type, const struct ctl_layout *layout,
       const void *request, struct iph_fault *fault)
{
	struct ctl_reply reply;
	DWORD err;

	lock_enter(&remote->lock);
	err = ask(remote, type, layout, request, &reply, NULL);
	lock_leave(&remote->lock);
	fault->code = err;
	fault->field = err == reply.code ? (enum iph_field)reply.field : IPH_FIELD_NONE;
	fault->reason = err == reply.code ? (enum iph_reason)reply.reason : IPH_REASON_NONE;
	return err;
}

static DWORD
far_change(void *arg, enum iph_verb verb, const struct iph_route *route,
           struct iph_fault *fault)
{
	static const enum ctl_type types[] = {
		[IPH_CREATE] = CTL_CREATE, [IPH_SET] = CTL_SET, [IPH_DELETE] = CTL_DELETE
	};
	struct ctl_route request = { .row = route->row, .kind = route->kind };

	return change(arg, types[verb], &ctl_route_layout, &request, fault);
}

static DWORD
far_change1(void *arg, enum iph_verb verb, const MIB_IPFORWARDROW *row, struct iph_fault *fault)
{
	static const enum ctl_type types[] = {
		[IPH_CREATE] = CTL_CREATE1, [IPH_SET] = CTL_SET1, [IPH_DELETE] = CTL_DELETE1
	};

	return change(arg, types[verb], &ctl_row1_layout, row, fault);
}

/* ---- questions -------------------------------------------------------------------------- */

static bool
take_route(struct ctl_in *in, struct iph_route *out)
{
	struct ctl_route from;

	if (!ctl_get(in, &ctl_route_layout, &from))
		return false;
	*out = (struct iph_route){ .row = from.row,
		                   .kind = (enum iph_kind)from.kind,
		                   .own = from.own != 0,
		                   .best = from.best != 0,
		                   .hidden = from.hidden != 0,
		                   .flags = (USHORT)from.flags,
		                   .protocol_id = from.protocol_id,
		                   .views = from.views,
		                   .preference = from.preference };
	return true;
}

static DWORD
far_get(void *arg, struct iph_route *route)
{
	struct remote *remote = arg;
	struct ctl_route request = { .row = route->row, .kind = route->kind };
	struct iph_route found;
	struct ctl_reply reply;
	struct ctl_in body;
	DWORD err;

	lock_enter(&remote->lock);
	err = ask(remote, CTL_GET, &ctl_route_layout, &request, &reply, &body);
	if (err == NO_ERROR && !take_route(&body, &found))
		err = ERROR_NOT_READY;
	if (err == NO_ERROR)
		*route = found;
	return answer(remote, err);
}

static bool
rows_grow(struct iph_rows *out, size_t n)
{
	struct iph_route *rows;

	if (n <= out->cap)
		return true;
	rows = mem_realloc(out->rows, n + n / 2, sizeof *rows);
	if (rows == NULL)
		return false;
	out->rows = rows;
	out->cap = n + n / 2;
	return true;
}

static bool
same_prefix(const IP_ADDRESS_PREFIX *a, const IP_ADDRESS_PREFIX *b)
{
	return a->PrefixLength == b->PrefixLength &&
	       memcmp(&a->Prefix, &b->Prefix, sizeof a->Prefix) == 0;
}

/* Rows come with destinations whole and in order: a span ends where the prefix changes. */
static DWORD
take_rows(struct ctl_in *body, struct iph_rows *out)
{
	ULONG count;
	size_t n = 0;

	if (!ctl_get_number(body, &count))
		return ERROR_NOT_READY;
	for (ULONG i = 0; i < count; i++) {
		struct iph_span *span = &out->spans[out->nspans];
		const IP_ADDRESS_PREFIX *dest;

		if (!rows_grow(out, n + 1))
			return ERROR_NOT_ENOUGH_MEMORY;
		if (!take_route(body, &out->rows[n]))
			return ERROR_NOT_READY;
		dest = &out->rows[n].row.DestinationPrefix;
		if (out->nspans == 0 || !same_prefix(&span[-1].dest, dest)) {
			if (out->nspans == IPH_SPANS)
				return ERROR_NOT_READY; /* more than was asked for */
			*span = (struct iph_span){ *dest, n, 0 };
			out->nspans++;
		}
		out->spans[out->nspans - 1].n++;
		n++;
	}
	return count == 0 ? ERROR_NOT_FOUND : NO_ERROR;
}

static DWORD
far_rows(void *arg, const IP_ADDRESS_PREFIX *from, bool inclusive, struct iph_rows *out)
{
	struct remote *remote = arg;
	struct ctl_page request = { .from = *from, .inclusive = inclusive, .most = IPH_SPANS };
	struct ctl_reply reply;
	struct ctl_in body;
	DWORD err;

	out->nspans = 0;
	lock_enter(&remote->lock);
	err = ask(remote, CTL_ROUTES, &ctl_page_layout, &request, &reply, &body);
	if (err == NO_ERROR)
		err = take_rows(&body, out);
	return answer(remote, err);
}

static DWORD
far_best(void *arg, const NET_LUID *luid, NET_IFINDEX index, const SOCKADDR_INET *source,
         const SOCKADDR_INET *dest, struct iph_route *route, SOCKADDR_INET *best_source)
{
	struct remote *remote = arg;
	struct ctl_best request = { .index = index, .dest = *dest };
	struct ctl_address from;
	struct iph_route found;
	struct ctl_reply reply;
	struct ctl_in body;
	DWORD err;

	if (luid != NULL) {
		request.has_luid = 1;
		request.luid = *luid;
	}
	if (source != NULL) {
		request.has_source = 1;
		request.source = *source;
	}
	lock_enter(&remote->lock);
	err = ask(remote, CTL_BEST, &ctl_best_layout, &request, &reply, &body);
	if (err == NO_ERROR &&
	    (!take_route(&body, &found) || !ctl_get(&body, &ctl_address_layout, &from)))
		err = ERROR_NOT_READY;
	if (err == NO_ERROR) {
		*route = found;
		*best_source = from.address;
	}
	return answer(remote, err);
}

/* ---- interfaces -------------------------------------------------------------- */

static DWORD
take_interface(struct ctl_in *body, struct iftab *out, ULONG *last)
{
	struct iftab_addr addrs[CTL_IF_ADDRS];
	struct ctl_interface from;
	struct iftab_if desc = { .addrs = addrs };

	if (!ctl_get(body, &ctl_interface_layout, &from) || from.naddrs > CTL_IF_ADDRS)
		return ERROR_NOT_READY;
	desc.luid = from.luid;
	desc.index = *last = from.index;
	memcpy(desc.alias, from.alias, sizeof desc.alias);
	desc.if_type = (USHORT)from.if_type;
	for (size_t i = 0; i < IFTAB_FAMILIES; i++) {
		desc.bound[i] = from.bound[i] != 0;
		desc.metric[i] = from.metric[i];
	}
	desc.connected = from.connected != 0;
	desc.routes = from.routes != 0;
	desc.naddrs = from.naddrs;
	for (size_t i = 0; i < from.naddrs; i++)
		addrs[i] =
		    (struct iftab_addr){ from.addrs[i].address, (UINT8)from.addrs[i].length };
	return iftab_put(out, &desc);
}

static DWORD
far_interfaces(void *arg, struct iftab *out)
{
	struct ctl_page request = { .from.Prefix.si_family = AF_INET, .most = CTL_PAGE };
	struct remote *remote = arg;
	struct ctl_reply reply;
	struct ctl_in body;
	ULONG count = 1;
	DWORD err = NO_ERROR;

	lock_enter(&remote->lock);
	while (err == NO_ERROR && count > 0) {
		err = ask(remote, CTL_INTERFACES, &ctl_page_layout, &request, &reply, &body);
		if (err == NO_ERROR && !ctl_get_number(&body, &count))
			err = ERROR_NOT_READY;
		for (ULONG i = 0; i < count && err == NO_ERROR; i++)
			err = take_interface(&body, out, &request.index);
	}
	return answer(remote, err);
}

static DWORD
interface_row(struct remote *remote, enum ctl_type type, MIB_IPINTERFACE_ROW *row)
{
	MIB_IPINTERFACE_ROW found;
	struct ctl_reply reply;
	struct ctl_in body;
	DWORD err;

	memset(&found, 0, sizeof found);
	lock_enter(&remote->lock);
	err = ask(remote, type, &ctl_if_row_layout, row, &reply, &body);
	if (err == NO_ERROR && !ctl_get(&body, &ctl_if_row_layout, &found))
		err = ERROR_NOT_READY;
	if (err == NO_ERROR)
		*row = found;
	return answer(remote, err);
}

static DWORD
far_interface_get(void *arg, MIB_IPINTERFACE_ROW *row)
{
	return interface_row(arg, CTL_IF_GET, row);
}

/* Of the answer only the LUID is an output [NETIO SetIpInterfaceEntry]. */
static DWORD
far_interface_set(void *arg, MIB_IPINTERFACE_ROW *row)
{
	MIB_IPINTERFACE_ROW set = *row;
	DWORD err = interface_row(arg, CTL_IF_SET, &set);

	if (err == NO_ERROR)
		row->InterfaceLuid = set.InterfaceLuid;
	return err;
}

/* ---- events ------------------------------------------------------------------ */

static DWORD
subscribe(struct ctl_client *client)
{
	struct ctl_family request = { .family = AF_UNSPEC };

	return ctl_ask(client, CTL_SUBSCRIBE, &ctl_family_layout, &request, NULL, NULL);
}

static void
set_events(struct remote *remote, struct ctl_client *client)
{
	struct ctl_client *old;

	lock_enter(&remote->event_lock);
	old = remote->events;
	remote->events = client;
	lock_leave(&remote->event_lock);
	ctl_disconnect(old);
}

/* The thread: read until the connection breaks, then come again in a second. */
static uint64_t
listen_on(void *arg)
{
	struct remote *remote = arg;
	struct ctl_client *client = remote->events;
	struct ctl_event event;
	uint32_t number;

	if (client == NULL && connect_to(remote, &client) == NO_ERROR) {
		if (subscribe(client) == NO_ERROR) {
			set_events(remote, client);
		} else {
			ctl_disconnect(client);
			client = NULL;
		}
	}
	/* a stop that came before the connection was known has nobody to wake */
	while (client != NULL && !thread_is_stopping(&remote->thread) &&
	       ctl_event_wait(client, -1, &number, &event) == NO_ERROR)
		iph_far_event(remote->iph, (MIB_NOTIFICATION_TYPE)event.type, &event.row);
	set_events(remote, NULL);
	return thread_now_ms() + RETRY_MS;
}

/* The first subscription must stand before the call returns: nothing may be missed. */
static DWORD
far_watch(void *arg, bool on)
{
	struct remote *remote = arg;
	struct ctl_client *client = NULL;
	DWORD err;

	if (!on || remote->watching)
		return NO_ERROR; /* once there, it stays; nobody listens, nobody is told */
	err = connect_to(remote, &client);
	if (err == NO_ERROR)
		err = subscribe(client);
	if (err != NO_ERROR) {
		ctl_disconnect(client);
		return err;
	}
	set_events(remote, client);
	remote->watching = thread_start(&remote->thread, listen_on, remote);
	if (remote->watching)
		return NO_ERROR;
	set_events(remote, NULL);
	return ERROR_NO_SYSTEM_RESOURCES;
}

/* ---- opening and closing ----------------------------------------------------- */

DWORD
remote_open(const char *path, struct remote **out)
{
	struct remote *remote = mem_calloc(1, sizeof *remote);

	if (remote == NULL)
		return ERROR_NOT_ENOUGH_MEMORY;
	remote->path = mem_text(path);
	if (remote->path == NULL) {
		mem_free(remote);
		return ERROR_NOT_ENOUGH_MEMORY;
	}
	remote->far = (struct iph_far){ .arg = remote,
		                        .change = far_change,
		                        .change1 = far_change1,
		                        .get = far_get,
		                        .rows = far_rows,
		                        .best = far_best,
		                        .interfaces = far_interfaces,
		                        .interface_get = far_interface_get,
		                        .interface_set = far_interface_set,
		                        .watch = far_watch };
	lock_init(&remote->lock);
	lock_init(&remote->event_lock);
	*out = remote;
	return NO_ERROR;
}

const struct iph_far *
remote_far(struct remote *remote)
{
	return &remote->far;
}

void
remote_world(struct remote *remote, struct iph *iph)
{
	remote->iph = iph;
}

void
remote_stop(struct remote *remote)
{
	if (!remote->watching)
		return;
	thread_ask_to_stop(&remote->thread);
	lock_enter(&remote->event_lock);
	if (remote->events != NULL)
		shutdown(ctl_fd(remote->events), SHUT_RDWR); /* wakes who reads */
	lock_leave(&remote->event_lock);
	thread_stop(&remote->thread);
	remote->watching = false;
}

void
remote_free(struct remote *remote)
{
	if (remote == NULL)
		return;
	remote_stop(remote);
	ctl_disconnect(remote->client);
	ctl_disconnect(remote->events);
	lock_destroy(&remote->event_lock);
	lock_destroy(&remote->lock);
	mem_free(remote->path);
	mem_free(remote);
}
