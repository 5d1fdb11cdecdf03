/*
 * GET and GETNEXT of any table, from its description.
 *
 * A name is `1.<column>.<index>'. The column picks a line of the table's array, the
 * index a row; the row is projected into plain numbers once and remembered, with the
 * name it was asked by, so that the other columns of the same row, which a manager
 * asks for in the same request, cost a comparison each. What is remembered dies with
 * the next change of anything.
 *
 * A column of a staged row may have no value yet; GETNEXT passes over such a row.
 */
#include "mib_fixed.h"
#include "mib_int.h"

/*
 * What an AS number that is too large for an Integer32 looks like. Only here: the row itself
 * keeps the number, or a SET of another column would write the substitute.
 */
#define AS_TRANS 23456

#define ENTRY 1 /* the conceptual row is sub-identifier 1 of every table */

const struct mib_column *
mib_table_column(const struct mib_table *table, mib_subid sub)
{
	for (size_t i = 0; i < table->ncolumns; i++)
		if (table->columns[i].sub == sub)
			return &table->columns[i];
	return NULL;
}

static void
put_ipaddress(struct mib_value *out, int64_t value)
{
	mib_put32(out->u.octets, (uint32_t)value);
	out->len = 4;
}

static void
put_objid(struct mib_value *out, const struct mib_info *info)
{
	static const struct mib_info none = { .len = 2, .sub = { 0, 0 } };

	if (info->len == 0)
		info = &none;
	memcpy(out->u.objid, info->sub, info->len * sizeof info->sub[0]);
	out->len = info->len;
}

static void
put_octets(const struct mib_memo *memo, const struct mib_column *column, struct mib_value *out)
{
	const struct mib_octets *octets =
	    (const void *)((const char *)&memo->u + column->member);

	out->len = octets->len < sizeof out->u.octets ? octets->len : sizeof out->u.octets;
	if (out->len > 0)
		memcpy(out->u.octets, octets->at, out->len);
}

/* The value of a column of the remembered row; false: it has none. */
static bool
put_value(const struct mib_memo *memo, const struct mib_column *column, struct mib_value *out)
{
	int64_t value = 0;

	if (column->syntax != MIB_OCTETS)
		value = mib_cell_value(&memo->u, column);
	if (value == MIB_UNSET)
		return false;
	out->type = column->syntax;
	out->len = 0;
	switch (column->syntax) {
	case MIB_OCTETS:
		put_octets(memo, column, out);
		break;
	case MIB_IPADDRESS:
		put_ipaddress(out, value);
		break;
	case MIB_OBJID:
		put_objid(out, &memo->info);
		break;
	case MIB_GAUGE:
	case MIB_COUNTER:
	case MIB_TIMETICKS:
		out->u.gauge = (uint32_t)value;
		break;
	case MIB_COUNTER64:
		out->u.counter = (uint64_t)value;
		break;
	default:
		out->u.integer = value > INT32_MAX && column->member == MIB_AT(next_hop_as)
		                     ? AS_TRANS
		                     : value;
	}
	return true;
}

static bool
memo_good(const struct mib *mib, const struct mib_table *table)
{
	return mib->memo.table == table && mib->memo.generation == mib->generation &&
	       mib->now_ms - mib->memo.loaded_ms < MIB_FRESH_MS;
}

enum mib_name_fault
mib_table_decode(const struct mib_table *table, const struct mib *mib, const mib_subid *index,
                 size_t n, struct mib_key *out)
{
	if (table->decode != NULL)
		return table->decode(mib, index, n, out);
	return mib_fixed_decode(table->shape, index, n, out) ? MIB_NAME_OK : MIB_NAME_NEVER;
}

static size_t
index_of(const struct mib_table *table, const struct mib *mib, const struct mib_key *key,
         mib_subid *out)
{
	return table->encode != NULL ? table->encode(mib, key, out)
	                             : mib_fixed_encode(table->shape, key, out);
}

/* Remember a row; `from' is the sequence it was found behind, or NULL. */
static void
memo_store(struct mib *mib, const struct mib_table *table, const struct mib_ref *ref,
           const mib_subid *from, size_t nfrom)
{
	struct mib_memo *memo = &mib->memo;

	memo->have_from = from != NULL && nfrom <= MIB_OID_MAX;
	memo->nfrom = nfrom;
	if (memo->have_from)
		memmove(memo->from, from, nfrom * sizeof *from);
	memo->nindex = index_of(table, mib, &ref->key, memo->index);
	memo->info.len = 0;
	if (ref->side != NULL)
		memo->info = ref->side->info;
	if (table->facts != NULL)
		table->facts(mib, ref, memo);
	else
		table->project(mib, ref, &memo->u.row);
	memo->table = table;
	memo->generation = mib->generation;
	memo->loaded_ms = mib->now_ms;
}

static bool
same_sequence(const mib_subid *a, size_t an, const mib_subid *b, size_t bn)
{
	return an == bn && memcmp(a, b, an * sizeof *a) == 0;
}

static enum mib_found
find_row(const struct mib_table *table, struct mib *mib, const mib_subid *index, size_t n)
{
	struct mib_memo *memo = &mib->memo;
	struct mib_key key;
	struct mib_ref ref;
	enum mib_found found;

	if (memo_good(mib, table) && same_sequence(memo->index, memo->nindex, index, n))
		return MIB_FOUND;
	if (mib_table_decode(table, mib, index, n, &key) != MIB_NAME_OK)
		return MIB_NO_SUCH_INSTANCE;
	found = table->find(mib, &key, &ref);
	if (found == MIB_FOUND)
		memo_store(mib, table, &ref, NULL, 0);
	return found;
}

enum mib_found
mib_table_get(const struct mib_table *table, struct mib *mib, const mib_subid *name, size_t len,
              struct mib_value *out)
{
	const struct mib_column *column;
	enum mib_found found;

	if (len < 2 || name[0] != ENTRY)
		return MIB_NO_SUCH_OBJECT;
	column = mib_table_column(table, name[1]);
	if (column == NULL)
		return MIB_NO_SUCH_OBJECT;
	found = find_row(table, mib, name + 2, len - 2);
	if (found == MIB_FOUND && !put_value(&mib->memo, column, out))
		return MIB_NO_SUCH_INSTANCE;
	return found;
}

static enum mib_found
next_row(const struct mib_table *table, struct mib *mib, const mib_subid *from, size_t n)
{
	struct mib_memo *memo = &mib->memo;
	struct mib_ref ref;
	enum mib_found found;

	if (memo_good(mib, table) && memo->have_from &&
	    same_sequence(memo->from, memo->nfrom, from, n))
		return MIB_FOUND;
	found = table->next(mib, from, n, &ref);
	if (found == MIB_FOUND)
		memo_store(mib, table, &ref, from, n);
	return found;
}

static void
put_name(const struct mib_memo *memo, const struct mib_column *column, mib_subid *out,
         size_t *len)
{
	out[0] = ENTRY;
	out[1] = column->sub;
	memcpy(out + 2, memo->index, memo->nindex * sizeof *out);
	*len = memo->nindex + 2;
}

/* The column to begin with, and how much of the name is an index in it. */
static size_t
first_column(const struct mib_table *table, const mib_subid *name, size_t len, bool *whole)
{
	size_t i = 0;

	*whole = true;
	if (len == 0 || name[0] < ENTRY)
		return 0;
	if (name[0] > ENTRY)
		return table->ncolumns;
	while (len > 1 && i < table->ncolumns && table->columns[i].sub < name[1])
		i++;
	*whole = len < 2 || i == table->ncolumns || table->columns[i].sub > name[1];
	return i;
}

enum mib_found
mib_table_next(const struct mib_table *table, struct mib *mib, const mib_subid *name,
               size_t len, mib_subid *out_name, size_t *out_len, struct mib_value *out)
{
	mib_subid from[MIB_OID_MAX];
	size_t n = 0;
	bool whole;

	for (size_t i = first_column(table, name, len, &whole); i < table->ncolumns; i++) {
		n = whole ? 0 : len - 2;
		n = n > MIB_OID_MAX ? MIB_OID_MAX : n;
		if (n > 0)
			memcpy(from, name + 2, n * sizeof *from);
		while (next_row(table, mib, from, n) == MIB_FOUND) {
			if (put_value(&mib->memo, &table->columns[i], out)) {
				put_name(&mib->memo, &table->columns[i], out_name, out_len);
				return MIB_FOUND;
			}
			n = mib->memo.nindex;
			memcpy(from, mib->memo.index, n * sizeof *from);
		}
		whole = true;
	}
	return MIB_END;
}
