/*
 * One chapter: what can be asked over the control socket.
 *
 * A request is a line of a table: its number, the layout of its message, a function. The
 * functions are those of the IP Helper floor, so every rule, its order and its code are
 * theirs. The privilege to change is not checked here: the world asks its port at the
 * place that the documentation gives that question, and the port asks who is calling.
 *
 * The table of routes is read in pages by position, so a million routes hold up nobody,
 * and nothing is remembered between pages; a change between two pages is seen or not, as
 * in a walk. There is one subscription to the world however many clients have one.
 */
#include "ctl_int.h"

#include <stdio.h>
#include <string.h>

#include "base/addr.h"
#include "base/alloc.h"
#include "base/code.h"
#include "base/log.h"

typedef DWORD answer_fn(struct client *client, const void *message, uint32_t number,
                        struct iph_fault *fault, struct ctl_out *out);

/* ---- routes ---------------------------------------------------------------------------- */

static ULONG
interface_metric(struct iph *iph, const MIB_IPFORWARD_ROW2 *row)
{
	const struct iftab_if *iface = iftab_by_index(iph_iftab(iph), row->InterfaceIndex);
	bool six = row->DestinationPrefix.Prefix.si_family == AF_INET6;

	return iface == NULL ? 0 : iface->metric[six ? IFTAB_V6 : IFTAB_V4];
}

static void
put_route(struct iph *iph, struct ctl_out *out, const struct iph_route *from)
{
	struct ctl_route to = { .row = from->row,
		                .kind = from->kind,
		                .own = from->own,
		                .best = from->best,
		                .hidden = from->hidden,
		                .flags = from->flags,
		                .protocol_id = from->protocol_id,
		                .views = from->views,
		                .preference = from->preference };

	to.total = from->row.Metric + interface_metric(iph, &from->row);
	if (to.total < from->row.Metric)
		to.total = UINT32_MAX;
	ctl_put(out, &ctl_route_layout, &to);
}

static void
log_change(const struct client *client, const char *verb, const MIB_IPFORWARD_ROW2 *row,
           const struct iph_fault *fault)
{
	char dest[PREFIX_TEXT_SIZE] = "-", hop[ADDR_TEXT_SIZE] = "-";
	struct prefix prefix;
	struct addr addr;

	if (prefix_from_ip_prefix(&prefix, &row->DestinationPrefix))
		prefix_format(&prefix, dest, sizeof(dest));
	if (addr_from_sockaddr(&addr, &row->NextHop))
		addr_format(&addr, hop, sizeof(hop));
	log_info("ctl", "%s prefix=%s via=%s if=%u uid=%u pid=%ld %s%s", verb, dest, hop,
	         row->InterfaceIndex, (unsigned)client->uid, (long)client->pid,
	         fault->code == NO_ERROR ? "done" : "refused=",
	         fault->code == NO_ERROR ? "" : code_name(fault->code));
}

static DWORD
change(struct client *client, enum iph_verb verb, const char *name,
       const struct ctl_route *message, struct iph_fault *fault)
{
	struct iph_route route = { .row = message->row, .kind = (enum iph_kind)message->kind };

	if (message->kind > IPH_BLACKHOLE) {
		*fault = (struct iph_fault){ ERROR_INVALID_PARAMETER, IPH_FIELD_TYPE,
			                     IPH_REASON_RANGE };
		return fault->code;
	}
	iph_route_change(client->server->config.iph, verb, &route, fault);
	log_change(client, name, &route.row, fault);
	return fault->code;
}

static DWORD
do_create(struct client *client, const void *message, uint32_t number, struct iph_fault *fault,
          struct ctl_out *out)
{
	(void)number;
	(void)out;
	return change(client, IPH_CREATE, "create", message, fault);
}

static DWORD
do_set(struct client *client, const void *message, uint32_t number, struct iph_fault *fault,
       struct ctl_out *out)
{
	(void)number;
	(void)out;
	return change(client, IPH_SET, "set", message, fault);
}

static DWORD
do_delete(struct client *client, const void *message, uint32_t number, struct iph_fault *fault,
          struct ctl_out *out)
{
	(void)number;
	(void)out;
	return change(client, IPH_DELETE, "delete", message, fault);
}

static DWORD
do_get(struct client *client, const void *message, uint32_t number, struct iph_fault *fault,
       struct ctl_out *out)
{
	const struct ctl_route *wanted = message;
	struct iph_route route = { .row = wanted->row };
	DWORD err = iph_route_get(client->server->config.iph, &route);

	(void)number;
	(void)fault;
	if (err == NO_ERROR)
		put_route(client->server->config.iph, out, &route);
	return err;
}

static DWORD
change1(struct client *client, enum iph_verb verb, const char *name,
        const MIB_IPFORWARDROW *message, struct iph_fault *fault)
{
	MIB_IPFORWARD_ROW2 row = { .InterfaceIndex = message->dwForwardIfIndex };
	unsigned len = 0;

	iph_row1_change(client->server->config.iph, verb, message, fault);
	mask_to_len(message->dwForwardMask, &len);
	row.DestinationPrefix.Prefix.si_family = row.NextHop.si_family = AF_INET;
	row.DestinationPrefix.Prefix.Ipv4.sin_addr.s_addr = message->dwForwardDest;
	row.DestinationPrefix.PrefixLength = (UINT8)len;
	row.NextHop.Ipv4.sin_addr.s_addr = message->dwForwardNextHop;
	log_change(client, name, &row, fault);
	return fault->code;
}

static DWORD
do_create1(struct client *client, const void *message, uint32_t number, struct iph_fault *fault,
           struct ctl_out *out)
{
	(void)number;
	(void)out;
	return change1(client, IPH_CREATE, "create", message, fault);
}

static DWORD
do_set1(struct client *client, const void *message, uint32_t number, struct iph_fault *fault,
        struct ctl_out *out)
{
	(void)number;
	(void)out;
	return change1(client, IPH_SET, "set", message, fault);
}

static DWORD
do_delete1(struct client *client, const void *message, uint32_t number, struct iph_fault *fault,
           struct ctl_out *out)
{
	(void)number;
	(void)out;
	return change1(client, IPH_DELETE, "delete", message, fault);
}

/* ---- pages ------------------------------------------------------------------------------- */

static bool
page_is_good(const struct ctl_page *page)
{
	return page->most >= 1 && page->most <= CTL_PAGE;
}

/* The rows of one destination, or none of them where the frame is full. */
static bool
put_span(struct ctl_server *server, const struct iph_span *span, struct ctl_out *out,
         ULONG *count)
{
	struct ctl_out before = *out;

	for (size_t i = 0; i < span->n; i++)
		put_route(server->config.iph, out, &server->rows.rows[span->first + i]);
	if (out->full) {
		*out = before;
		return false;
	}
	*count += (ULONG)span->n;
	return true;
}

/* Destinations after page->from, which moves on; ERROR_MORE_DATA where the frame is full. */
static DWORD
put_some(struct ctl_server *server, struct ctl_page *page, struct ctl_out *out, ULONG *count)
{
	size_t most = page->most - *count < IPH_SPANS ? page->most - *count : IPH_SPANS;
	DWORD err = iph_rows_next(server->config.iph, &page->from, page->inclusive != 0, most,
	                          &server->rows);

	for (size_t i = 0; err == NO_ERROR && i < server->rows.nspans; i++) {
		if (!put_span(server, &server->rows.spans[i], out, count))
			return ERROR_MORE_DATA;
		page->from = server->rows.spans[i].dest;
		page->inclusive = 0;
	}
	return err;
}

/*
 * Count, then rows. An empty page is the end. A full frame ends the page; a single
 * destination that does not fit any frame is told as such.
 */
static DWORD
do_routes(struct client *client, const void *message, uint32_t number, struct iph_fault *fault,
          struct ctl_out *out)
{
	struct ctl_page page = *(const struct ctl_page *)message;
	unsigned bits = addr_bits_of(page.from.Prefix.si_family);
	size_t at = out->n;
	ULONG count = 0;
	DWORD err = NO_ERROR;

	(void)number;
	(void)fault;
	if (!page_is_good(&page) || bits == 0 || page.from.PrefixLength > bits)
		return ERROR_INVALID_PARAMETER;
	if (!iph_stack(client->server->config.iph, page.from.Prefix.si_family))
		return ERROR_NOT_SUPPORTED;
	ctl_put_number(out, 0);
	while (err == NO_ERROR && count < page.most)
		err = put_some(client->server, &page, out, &count);
	ctl_patch(out, at, count);
	if (err == ERROR_NOT_FOUND || (err == ERROR_MORE_DATA && count > 0))
		err = NO_ERROR;
	return err;
}

static DWORD
do_best(struct client *client, const void *message, uint32_t number, struct iph_fault *fault,
        struct ctl_out *out)
{
	const struct ctl_best *m = message;
	struct iph_route route = { .kind = IPH_UNICAST };
	struct ctl_address source = { .length = 0 };
	DWORD err =
	    iph_best(client->server->config.iph, m->has_luid ? &m->luid : NULL, m->index,
	             m->has_source ? &m->source : NULL, &m->dest, &route, &source.address);

	(void)number;
	(void)fault;
	if (err != NO_ERROR)
		return err;
	put_route(client->server->config.iph, out, &route);
	ctl_put(out, &ctl_address_layout, &source);
	return NO_ERROR;
}

static void
put_interface(struct ctl_out *out, const struct iftab_if *from)
{
	struct ctl_interface to = { .luid = from->luid,
		                    .index = from->index,
		                    .if_type = from->if_type,
		                    .bound = { from->bound[0], from->bound[1] },
		                    .metric = { from->metric[0], from->metric[1] },
		                    .connected = from->connected,
		                    .routes = from->routes };

	snprintf(to.alias, sizeof(to.alias), "%s", from->alias);
	for (size_t i = 0; i < from->naddrs && i < CTL_IF_ADDRS; i++) {
		to.addrs[i].address = from->addrs[i].address;
		to.addrs[i].length = from->addrs[i].prefix_length;
		to.naddrs++;
	}
	ctl_put(out, &ctl_interface_layout, &to);
}

static DWORD
do_interfaces(struct client *client, const void *message, uint32_t number,
              struct iph_fault *fault, struct ctl_out *out)
{
	struct iftab *tab = iph_iftab(client->server->config.iph);
	const struct ctl_page *page = message;
	const struct iftab_if *iface = iftab_next(tab, page->index);
	size_t at = out->n;
	ULONG count = 0;

	(void)number;
	(void)fault;
	if (!page_is_good(page))
		return ERROR_INVALID_PARAMETER;
	ctl_put_number(out, 0);
	for (; iface != NULL && count < page->most; iface = iftab_next(tab, iface->index)) {
		struct ctl_out before = *out;

		put_interface(out, iface);
		if (out->full) {
			*out = before;
			break;
		}
		count++;
	}
	ctl_patch(out, at, count);
	return NO_ERROR;
}

/* ---- changes ----------------------------------------------------------------- */

static void
tell(struct client *client, uint32_t number, const MIB_IPFORWARD_ROW2 *row,
     MIB_NOTIFICATION_TYPE type)
{
	struct ctl_event event = { .type = type };
	uint8_t frame[512];
	struct ctl_out out;

	if (row != NULL)
		event.row = *row;
	ctl_begin(&out, frame, sizeof(frame), CTL_EVENT, number);
	ctl_put(&out, &ctl_event_layout, &event);
	ctl_client_queue(client, frame, ctl_end(&out));
}

static VOID WINAPI
on_change(PVOID context, PMIB_IPFORWARD_ROW2 row, MIB_NOTIFICATION_TYPE type)
{
	struct ctl_server *server = context;
	ADDRESS_FAMILY family = row->DestinationPrefix.Prefix.si_family;

	for (struct client *c = server->clients; c != NULL; c = c->next) {
		for (size_t i = 0; i < SUBSCRIPTIONS_MAX; i++) {
			const struct subscription *s = &c->subs[i];

			if (s->number != 0 && (s->family == AF_UNSPEC || s->family == family))
				tell(c, s->number, row, type);
		}
	}
}

static bool
anybody_subscribed(const struct ctl_server *server)
{
	for (const struct client *c = server->clients; c != NULL; c = c->next) {
		for (size_t i = 0; i < SUBSCRIPTIONS_MAX; i++) {
			if (c->subs[i].number != 0)
				return true;
		}
	}
	return false;
}

static void
stop_watching(struct ctl_server *server)
{
	if (server->watching == NULL || anybody_subscribed(server))
		return;
	iph_unsubscribe(server->config.iph, server->watching);
	server->watching = NULL;
}

static DWORD
do_subscribe(struct client *client, const void *message, uint32_t number,
             struct iph_fault *fault, struct ctl_out *out)
{
	struct ctl_server *server = client->server;
	const struct ctl_family *m = message;
	DWORD err = NO_ERROR;
	size_t i = 0;

	(void)fault;
	(void)out;
	if ((m->family != AF_UNSPEC && addr_bits_of(m->family) == 0) || number == 0)
		return ERROR_INVALID_PARAMETER;
	while (i < SUBSCRIPTIONS_MAX && client->subs[i].number != 0)
		i++;
	if (i == SUBSCRIPTIONS_MAX)
		return ERROR_NO_SYSTEM_RESOURCES;
	if (server->watching == NULL)
		err = iph_subscribe(server->config.iph, AF_UNSPEC, on_change, server, false,
		                    &server->watching);
	if (err == NO_ERROR)
		client->subs[i] = (struct subscription){ number, (ADDRESS_FAMILY)m->family };
	return err;
}

static DWORD
do_unsubscribe(struct client *client, const void *message, uint32_t number,
               struct iph_fault *fault, struct ctl_out *out)
{
	const struct ctl_family *m = message;

	(void)number;
	(void)fault;
	(void)out;
	for (size_t i = 0; m->index != 0 && i < SUBSCRIPTIONS_MAX; i++) {
		if (client->subs[i].number == m->index) {
			client->subs[i].number = 0;
			stop_watching(client->server);
			return NO_ERROR;
		}
	}
	return ERROR_INVALID_HANDLE;
}

void
ctl_unsubscribe_all(struct client *client)
{
	memset(client->subs, 0, sizeof(client->subs));
	stop_watching(client->server);
}

/* ---- the daemon -------------------------------------------------------------- */

static DWORD
put_text(size_t (*write)(void *arg, char *buf, size_t size), void *arg, struct ctl_out *out)
{
	struct ctl_text text = { "" };

	if (write == NULL)
		return ERROR_NOT_SUPPORTED;
	write(arg, text.text, sizeof(text.text));
	ctl_put(out, &ctl_text_layout, &text);
	return NO_ERROR;
}

static DWORD
do_status(struct client *client, const void *message, uint32_t number, struct iph_fault *fault,
          struct ctl_out *out)
{
	(void)message;
	(void)number;
	(void)fault;
	return put_text(client->server->config.status, client->server->config.status_arg, out);
}

static DWORD
do_store(struct client *client, const void *message, uint32_t number, struct iph_fault *fault,
         struct ctl_out *out)
{
	(void)message;
	(void)number;
	(void)fault;
	return put_text(client->server->config.store, client->server->config.store_arg, out);
}

/* ---- interface rows ---------------------------------------------------------------------- */

static DWORD
do_if_get(struct client *client, const void *message, uint32_t number, struct iph_fault *fault,
          struct ctl_out *out)
{
	MIB_IPINTERFACE_ROW row = *(const MIB_IPINTERFACE_ROW *)message;
	DWORD err = iph_interface_get(client->server->config.iph, &row);

	(void)number;
	(void)fault;
	if (err == NO_ERROR)
		ctl_put(out, &ctl_if_row_layout, &row);
	return err;
}

static DWORD
do_if_set(struct client *client, const void *message, uint32_t number, struct iph_fault *fault,
          struct ctl_out *out)
{
	MIB_IPINTERFACE_ROW row = *(const MIB_IPINTERFACE_ROW *)message;
	DWORD err = iph_interface_set(client->server->config.iph, &row);

	(void)number;
	(void)fault;
	log_info("ctl", "interface if=%u metric=%u uid=%u pid=%ld %s%s", row.InterfaceIndex,
	         row.Metric, (unsigned)client->uid, (long)client->pid,
	         err == NO_ERROR ? "done" : "refused=", err == NO_ERROR ? "" : code_name(err));
	if (err == NO_ERROR)
		ctl_put(out, &ctl_if_row_layout, &row);
	return err;
}

/* ---- many rows at once ------------------------------------------------------------------- */

static DWORD
do_import_begin(struct client *client, const void *message, uint32_t number,
                struct iph_fault *fault, struct ctl_out *out)
{
	const struct ctl_family *m = message;

	(void)number;
	(void)fault;
	(void)out;
	return m->index <= 1 ? ctl_import_begin(client, m->index == 1)
	                     : ERROR_INVALID_PARAMETER;
}

static DWORD
do_import_row(struct client *client, const void *message, uint32_t number,
              struct iph_fault *fault, struct ctl_out *out)
{
	(void)number;
	(void)fault;
	(void)out;
	return ctl_import_row(client, message);
}

static DWORD
do_import_end(struct client *client, const void *message, uint32_t number,
              struct iph_fault *fault, struct ctl_out *out)
{
	(void)message;
	(void)fault;
	(void)out;
	return ctl_import_end(client, number);
}

/* ---- the table --------------------------------------------------------------------------- */

static const struct request {
	enum ctl_type type;
	bool changes;
	const struct ctl_layout *layout; /* NULL: an empty body */
	answer_fn *answer;
} requests[] = {
	{ CTL_CREATE, true, &ctl_route_layout, do_create },
	{ CTL_SET, true, &ctl_route_layout, do_set },
	{ CTL_DELETE, true, &ctl_route_layout, do_delete },
	{ CTL_GET, false, &ctl_route_layout, do_get },
	{ CTL_CREATE1, true, &ctl_row1_layout, do_create1 },
	{ CTL_SET1, true, &ctl_row1_layout, do_set1 },
	{ CTL_DELETE1, true, &ctl_row1_layout, do_delete1 },
	{ CTL_ROUTES, false, &ctl_page_layout, do_routes },
	{ CTL_BEST, false, &ctl_best_layout, do_best },
	{ CTL_INTERFACES, false, &ctl_page_layout, do_interfaces },
	{ CTL_IF_GET, false, &ctl_if_row_layout, do_if_get },
	{ CTL_IF_SET, true, &ctl_if_row_layout, do_if_set },
	{ CTL_SUBSCRIBE, false, &ctl_family_layout, do_subscribe },
	{ CTL_UNSUBSCRIBE, false, &ctl_family_layout, do_unsubscribe },
	{ CTL_STATUS, false, NULL, do_status },
	{ CTL_STORE, false, NULL, do_store },
	{ CTL_IMPORT_BEGIN, false, &ctl_family_layout, do_import_begin },
	{ CTL_IMPORT_ROW, false, &ctl_stored_layout, do_import_row },
	{ CTL_IMPORT_END, false, NULL, do_import_end },
};

union message {
	struct ctl_route route;
	MIB_IPFORWARDROW row1;
	struct ctl_page page;
	struct ctl_best best;
	struct ctl_family family;
	MIB_IPINTERFACE_ROW if_row;
	struct ctl_stored stored;
};

static void
begin_reply(struct client *client, uint32_t number, const struct iph_fault *fault, DWORD code,
            struct ctl_out *out)
{
	struct ctl_reply reply = { code, fault->field, fault->reason };

	ctl_begin(out, client->server->frame, sizeof(client->server->frame), CTL_REPLY, number);
	ctl_put(out, &ctl_reply_layout, &reply);
}

void
ctl_refuse(struct client *client, uint32_t number, DWORD code)
{
	static const struct iph_fault none = { NO_ERROR, IPH_FIELD_NONE, IPH_REASON_NONE };
	struct ctl_out out;

	begin_reply(client, number, &none, code, &out);
	ctl_client_queue(client, client->server->frame, ctl_end(&out));
}

void
ctl_answer_import(struct client *client, uint32_t number, const struct ctl_imported *result)
{
	static const struct iph_fault none = { NO_ERROR, IPH_FIELD_NONE, IPH_REASON_NONE };
	struct ctl_out out;

	begin_reply(client, number, &none, NO_ERROR, &out);
	ctl_put(&out, &ctl_imported_layout, result);
	ctl_client_queue(client, client->server->frame, ctl_end(&out));
}

static void
answer(struct client *client, const struct request *request, const void *message,
       uint32_t number)
{
	struct ctl_server *server = client->server;
	struct iph_fault fault = { NO_ERROR, IPH_FIELD_NONE, IPH_REASON_NONE };
	struct ctl_out out;
	DWORD code;
	size_t n;

	server->config.tick(server->config.arg);
	server->caller = client;
	begin_reply(client, number, &fault, NO_ERROR, &out);
	code = request->answer(client, message, number, &fault, &out);
	server->caller = NULL;
	if (code == ERROR_IO_PENDING)
		return; /* answered when it is over */
	if (request->changes)
		server->config.poke(server->config.arg);
	if (code != NO_ERROR)
		begin_reply(client, number, &fault, code, &out);
	n = ctl_end(&out);
	if (n != 0)
		ctl_client_queue(client, server->frame, n);
	else
		ctl_refuse(client, number, ERROR_MORE_DATA);
}

void
ctl_request(struct client *client, struct ctl_in *in)
{
	union message message;

	for (size_t i = 0; i < sizeof(requests) / sizeof(requests[0]); i++) {
		const struct request *r = &requests[i];

		if (r->type != (enum ctl_type)in->type)
			continue;
		if ((r->layout != NULL && !ctl_get(in, r->layout, &message)) || !ctl_done(in)) {
			ctl_refuse(client, in->number, ERROR_INVALID_DATA);
			client->closing = true;
			return;
		}
		answer(client, r, &message, in->number);
		return;
	}
	/* From a newer client, perhaps: it may go on with what we know. */
	ctl_refuse(client, in->number, ERROR_NOT_SUPPORTED);
}
