/*
 * One chapter: rows that come one by one and are taken in all at once.
 *
 * A client sends a beginning, its rows, an end. Until the end nothing happens but that rows
 * are kept, as the octets that they came in: a row has room for two long OIDs and nearly
 * always two short ones. A client that goes away in between has changed nothing.
 */
#include <string.h>

#include "base/alloc.h"
#include "base/code.h"
#include "base/log.h"
#include "ctl_int.h"
#include "stored.h"

#define OCTETS_MAX (64u << 20) /* about 300,000 rows */

struct ctl_import {
	bool replace;
	uint8_t *octets;
	size_t n, cap;
	size_t at; /* where the next row begins, while they are taken in */
};

void
ctl_import_free(struct client *client)
{
	if (client->import != NULL)
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
	ctl_import_free(client);
	client->import = mem_calloc(1, sizeof(*client->import));
	if (client->import == NULL)
		return ERROR_NOT_ENOUGH_MEMORY;
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

DWORD
ctl_import_end(struct client *client, struct ctl_imported *out)
{
	const struct ctl_config *config = &client->server->config;
	struct mib_imported result;

	if (client->import == NULL)
		return ERROR_NOT_READY;
	config->import(config->import_arg, client->import->replace, next_row, client->import,
	               &result);
	*out = (struct ctl_imported){ .code = result.fault.code,
		                      .field = (ULONG)result.fault.field,
		                      .reason = (ULONG)result.fault.reason,
		                      .row = (ULONG)result.row,
		                      .rows = (ULONG)result.rows };
	log_info("ctl", "import replace=%d rows=%u row=%u uid=%u pid=%ld %s%s",
	         client->import->replace, out->rows, out->row, (unsigned)client->uid,
	         (long)client->pid, out->code == NO_ERROR ? "done" : "refused=",
	         out->code == NO_ERROR ? "" : code_name(out->code));
	ctl_import_free(client);
	return NO_ERROR;
}
