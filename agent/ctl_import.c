/*
 * One chapter: rows that come one by one and are taken in all at once.
 *
 * A client sends a beginning, its rows, an end. Until the end nothing happens but that rows
 * are kept, as the octets that they came in: a row has room for two long OIDs and nearly
 * always two short ones. After the end they are taken in in slices (mib_import.c), and
 * the answer comes when that is over. A client that goes away before has changed nothing.
 */
#include <string.h>

#include "base/alloc.h"
#include "base/code.h"
#include "base/log.h"
#include "ctl_int.h"
#include "stored.h"

#define OCTETS_MAX (512u << 20) /* about 2,400,000 rows */

struct ctl_import {
	struct client *client;
	bool replace;
	bool running;    /* the rows are being taken in */
	uint32_t number; /* of the request that is to be answered then */
	uint8_t *octets;
	size_t n, cap;
	size_t at; /* where the next row begins, while they are taken in */
};

void
ctl_import_free(struct client *client)
{
	if (client->import == NULL)
		return;
	if (client->import->running)
		client->server->config.import_cancel(client->server->config.import_arg);
	mem_free(client->import->octets);
	mem_free(client->import);
	client->import = NULL;
}

DWORD
ctl_import_begin(struct client *client, bool replace)
{
	if (client->server->config.import == NULL)
		return ERROR_NOT_SUPPORTED;
	if (!ctl_server_privileged(client->server))
		return ERROR_ACCESS_DENIED;
	if (client->import != NULL && client->import->running)
		return ERROR_BUSY;
	ctl_import_free(client);
	client->import = mem_calloc(1, sizeof(*client->import));
	if (client->import == NULL)
		return ERROR_NOT_ENOUGH_MEMORY;
	client->import->client = client;
	client->import->replace = replace;
	return NO_ERROR;
}

static bool
make_room(struct ctl_import *import, size_t n)
{
	size_t cap = import->cap != 0 ? import->cap : 65536;
	uint8_t *grown;

	if (import->cap - import->n >= n)
		return true;
	while (cap - import->n < n)
		cap *= 2;
	grown = cap > OCTETS_MAX ? NULL : mem_realloc(import->octets, cap, 1);
	if (grown == NULL)
		return false;
	import->octets = grown;
	import->cap = cap;
	return true;
}

DWORD
ctl_import_row(struct client *client, const struct ctl_stored *row)
{
	struct ctl_import *import = client->import;
	struct store_row unpacked;
	struct ctl_out out;

	if (import == NULL)
		return ERROR_NOT_READY; /* no beginning */
	if (import->running)
		return ERROR_BUSY;
	if (!stored_from_ctl(row, &unpacked))
		return ERROR_INVALID_PARAMETER;
	if (!make_room(import, CTL_REQUEST_MAX))
		return ERROR_NO_SYSTEM_RESOURCES;
	ctl_begin(&out, import->octets + import->n, CTL_REQUEST_MAX, CTL_IMPORT_ROW, 0);
	ctl_put(&out, &ctl_stored_layout, row);
	import->n += ctl_end(&out);
	return NO_ERROR;
}

static bool
next_row(void *arg, struct store_row *out)
{
	struct ctl_import *import = arg;
	struct ctl_stored row;
	struct ctl_in in;
	size_t used;

	if (import->at >= import->n ||
	    ctl_look(import->octets + import->at, import->n - import->at, &in, &used) !=
	        CTL_COMPLETE ||
	    !ctl_get(&in, &ctl_stored_layout, &row))
		return false;
	import->at += used;
	return stored_from_ctl(&row, out);
}

static void
done(void *arg, const struct mib_imported *result)
{
	struct ctl_import *import = arg;
	struct client *client = import->client;
	struct ctl_imported out = { .code = result->fault.code,
		                    .field = (ULONG)result->fault.field,
		                    .reason = (ULONG)result->fault.reason,
		                    .row = (ULONG)result->row,
		                    .rows = (ULONG)result->rows };

	log_info("ctl", "import replace=%d rows=%u row=%u uid=%u pid=%ld %s%s", import->replace,
	         out.rows, out.row, (unsigned)client->uid, (long)client->pid,
	         out.code == NO_ERROR ? "done" : "refused=",
	         out.code == NO_ERROR ? "" : code_name(out.code));
	ctl_answer_import(client, import->number, &out);
	import->running = false;
	ctl_import_free(client);
	ctl_client_send(client);
}

DWORD
ctl_import_end(struct client *client, uint32_t number)
{
	const struct ctl_config *config = &client->server->config;
	struct ctl_import *import = client->import;
	DWORD err;

	if (import == NULL)
		return ERROR_NOT_READY;
	if (import->running)
		return ERROR_BUSY;
	import->number = number;
	err = config->import(config->import_arg, import->replace, next_row, done, import);
	import->running = err == NO_ERROR;
	if (import->running)
		return ERROR_IO_PENDING;
	ctl_import_free(client);
	return err;
}
