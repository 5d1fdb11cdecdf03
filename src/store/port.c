/* The store as the floors above call it: every function with its first argument hidden. */
#include "store/store.h"

static DWORD
port_begin(void *arg)
{
	return store_begin(arg);
}

static DWORD
port_write(void *arg, enum store_op op, const struct store_row *row)
{
	return store_write(arg, op, row);
}

static DWORD
port_clear(void *arg)
{
	return store_clear(arg);
}

static DWORD
port_commit(void *arg)
{
	return store_commit(arg);
}

static void
port_rollback(void *arg)
{
	store_rollback(arg);
}

static DWORD
port_undo(void *arg)
{
	return store_undo(arg);
}

static uint64_t
port_stamp(void *arg)
{
	return store_stamp(arg);
}

static DWORD
port_each(void *arg, DWORD (*one)(void *to, const struct store_row *row), void *to)
{
	return store_each(arg, one, to);
}

static DWORD
port_next(void *arg, bool first, struct store_row *out)
{
	return store_next(arg, first, out);
}

static DWORD
port_get(void *arg, const struct store_row *key, struct store_row *out)
{
	return store_get(arg, key, out);
}

static DWORD
port_find_active(void *arg, const struct store_row *key, struct store_row *out)
{
	return store_find_active(arg, key, out);
}

static const char *
port_why(void *arg)
{
	return store_why(arg);
}

static void
port_stats(void *arg, struct store_stats *out)
{
	store_stats_get(arg, out);
}

void
store_port_of(struct store *st, struct store_port *out)
{
	out->arg = st;
	out->begin = port_begin;
	out->write = port_write;
	out->clear = port_clear;
	out->commit = port_commit;
	out->rollback = port_rollback;
	out->undo = port_undo;
	out->stamp = port_stamp;
	out->each = port_each;
	out->next = port_next;
	out->get = port_get;
	out->find_active = port_find_active;
	out->why = port_why;
	out->stats = port_stats;
}
