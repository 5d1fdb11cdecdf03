/*
 * One chapter: a universe small enough to compare whole, varied enough to hurt.
 *
 * Place p decides the key: family, prefix, next hop, interface and policy; places come in
 * pairs that differ in the policy only, or in the interface only. The version decides
 * the rest, and is found again in created_s.
 */
#include "store_kit.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char dir[256];
static char path[300];

uint32_t
kit_random(uint64_t *seed)
{
	*seed += 0x9e3779b97f4a7c15u; /* splitmix64 */
	uint64_t z = *seed;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return (uint32_t)((z ^ z >> 31) >> 16);
}

static void
set_key(int place, struct store_row *r)
{
	SOCKADDR_INET *prefix = &r->row.DestinationPrefix.Prefix;
	unsigned char *bytes;

	prefix->si_family = r->row.NextHop.si_family = place % 3 == 0 ? AF_INET6 : AF_INET;
	bytes = place % 3 == 0 ? (unsigned char *)&prefix->Ipv6.sin6_addr
	                       : (unsigned char *)&prefix->Ipv4.sin_addr;
	bytes[0] = 10;
	bytes[1] = (unsigned char)(place / 4); /* four of a kind: see below */
	r->row.DestinationPrefix.PrefixLength = 16;
	bytes = place % 3 == 0 ? (unsigned char *)&r->row.NextHop.Ipv6.sin6_addr
	                       : (unsigned char *)&r->row.NextHop.Ipv4.sin_addr;
	if (place % 5 != 0)
		memcpy(bytes, "\xc0\x00\x02\x01", 4);
	r->next_hop_zone = place % 3 == 0 ? 2 : 0;
	r->row.InterfaceIndex = place % 4 < 2 ? 2 : 3;
	if (place % 2 == 1) {
		r->policy.len = 3;
		r->policy.sub[2] = r->row.InterfaceIndex;
	}
	r->instance = (USHORT)(place >= KIT_PLACES - 4 ? 7 : 0);
}

void
kit_row(int place, int version, struct store_row *out)
{
	unsigned v = (unsigned)version;

	store_row_init(out);
	set_key(place, out);
	snprintf(out->if_name, sizeof(out->if_name), "eth%d", version % 3);
	out->kind = (enum store_kind)(v % 3);
	out->type = (USHORT)(v % 6);
	out->row.Metric = v * 2654435761u;
	out->metric[v % 4] = version;
	out->next_hop_as = v * 40503u;
	out->row.ValidLifetime = v % 2 ? INFINITE : v;
	out->row.Publish = (BOOLEAN)(v % 2);
	out->info.len = (uint16_t)(v % 60); /* versions differ in size: pages split */
	for (unsigned i = 0; i < out->info.len; i++)
		out->info.sub[i] = v + i * 0x01020304u;
	out->status = v % 5 == 0 ? STORE_NOT_IN_SERVICE : STORE_ACTIVE;
	out->columns_set = v % 5 == 0 ? STORE_COL_INTERFACE | STORE_COL_TYPE : 0;
	out->created_s = version;
}

static size_t
add_hex(char *buf, size_t size, size_t at, const void *bytes, size_t n)
{
	for (size_t i = 0; i < n && at < size; i++)
		at += (size_t)snprintf(buf + at, size - at, "%02x",
		                       ((const unsigned char *)bytes)[i]);
	return at;
}

const char *
kit_text(const struct store_row *r, char *buf, size_t size)
{
	const MIB_IPFORWARD_ROW2 *m = &r->row;
	bool six = m->NextHop.si_family == AF_INET6;
	size_t at = 0;

	at += (size_t)snprintf(buf, size, "%u %d ", r->instance, six ? 6 : 4);
	at = six ? add_hex(buf, size, at, &m->DestinationPrefix.Prefix.Ipv6.sin6_addr, 16)
	         : add_hex(buf, size, at, &m->DestinationPrefix.Prefix.Ipv4.sin_addr, 4);
	at += (size_t)snprintf(buf + at, size - at, "/%u ", m->DestinationPrefix.PrefixLength);
	at = six ? add_hex(buf, size, at, &m->NextHop.Ipv6.sin6_addr, 16)
	         : add_hex(buf, size, at, &m->NextHop.Ipv4.sin_addr, 4);
	at += (size_t)snprintf(
	    buf + at, size - at,
	    " if%u %s zones %u %u kind %d type %u m %u %d %d %d %d as %u proto %d site %u "
	    "life %u %u bool %u%u%u%u status %d set %x at %" PRId64 " policy ",
	    m->InterfaceIndex, r->if_name, r->prefix_zone, r->next_hop_zone, r->kind, r->type,
	    m->Metric, r->metric[0], r->metric[1], r->metric[2], r->metric[3], r->next_hop_as,
	    m->Protocol, m->SitePrefixLength, m->ValidLifetime, m->PreferredLifetime,
	    m->Loopback, m->AutoconfigureAddress, m->Publish, m->Immortal, r->status,
	    r->columns_set, r->created_s);
	at = add_hex(buf, size, at, r->policy.sub, 4u * r->policy.len);
	at += (size_t)snprintf(buf + at, size - at, " info ");
	add_hex(buf, size, at, r->info.sub, 4u * r->info.len);
	return buf;
}

struct dump {
	struct kit_model *model;
	bool known;
};

/* Most places differ here already: their text, which is long, is not made. */
static bool
same_destination(const struct store_row *a, const struct store_row *b)
{
	const SOCKADDR_INET *p = &a->row.DestinationPrefix.Prefix;
	const SOCKADDR_INET *q = &b->row.DestinationPrefix.Prefix;

	return a->row.InterfaceIndex == b->row.InterfaceIndex && p->si_family == q->si_family &&
	       (p->si_family == AF_INET6
	            ? memcmp(&p->Ipv6.sin6_addr, &q->Ipv6.sin6_addr, 16) == 0
	            : memcmp(&p->Ipv4.sin_addr, &q->Ipv4.sin_addr, 4) == 0);
}

static DWORD
dump_row(void *arg, const struct store_row *row)
{
	struct dump *d = arg;
	struct store_row is;
	static char want[4096], got[4096];

	kit_text(row, got, sizeof(got));
	for (int place = 0; place < KIT_PLACES; place++) {
		kit_row(place, (int)row->created_s, &is);
		if (same_destination(&is, row) && d->model->version[place] == 0 &&
		    strcmp(kit_text(&is, want, sizeof(want)), got) == 0) {
			d->model->version[place] = (int)row->created_s;
			return NO_ERROR;
		}
	}
	printf("\n  a row nobody wrote: %s\n", got);
	d->known = false;
	return NO_ERROR;
}

bool
kit_dump(struct store *st, struct kit_model *out)
{
	struct dump d = { out, true };

	memset(out, 0, sizeof(*out));
	return store_each(st, dump_row, &d) == NO_ERROR && d.known;
}

bool
kit_equal(const struct kit_model *a, const struct kit_model *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

DWORD
kit_writes(struct store *st, uint64_t *seed, struct kit_model *next)
{
	int n = (int)(kit_random(seed) % 8) + 1;
	DWORD err = NO_ERROR;

	while (n-- > 0) {
		int place = (int)(kit_random(seed) % KIT_PLACES);
		int version = (int)(kit_random(seed) % 1000000) + 1;
		unsigned how = kit_random(seed) % 6;
		enum store_op op = how < 4 ? STORE_PUT : how == 4 ? STORE_DROP : STORE_TAKE;
		bool known = op == STORE_TAKE && next->version[place] != 0;
		struct store_row row;

		kit_row(place, known ? next->version[place] : version, &row);
		/* Goes on after a failure: the numbers drawn must not depend on it. */
		if (st != NULL && err == NO_ERROR)
			err = store_write(st, op, &row);
		next->version[place] = op == STORE_PUT ? version : 0;
	}
	return err;
}

void
kit_dir_free(void)
{
	DIR *d = dir[0] != '\0' ? opendir(dir) : NULL;
	struct dirent *e;
	char name[600];

	while (d != NULL && (e = readdir(d)) != NULL) {
		snprintf(name, sizeof(name), "%s/%s", dir, e->d_name);
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
			unlink(name);
	}
	if (d != NULL) {
		closedir(d);
		rmdir(dir);
	}
	dir[0] = '\0';
}

const char *
kit_dir(void)
{
	const char *tmp = getenv("TMPDIR");

	/* In memory, where that can be: thousands of flushes prove nothing on a real disk,
	 * whose power nobody cuts here. */
	if (tmp == NULL && access("/dev/shm", W_OK) == 0)
		tmp = "/dev/shm";

	kit_dir_free();
	snprintf(dir, sizeof(dir), "%s/rtm-store-XXXXXX", tmp != NULL ? tmp : "/tmp");
	if (mkdtemp(dir) == NULL)
		CU_FAIL_FATAL("no temporary directory");
	snprintf(path, sizeof(path), "%s/state.db", dir);
	return dir;
}

const char *
kit_path(void)
{
	return path;
}

struct store *
kit_open(const char *vfs, bool no_keeper)
{
	struct store_config config = { path, no_keeper, vfs };
	struct store *st = NULL;
	char why[STORE_WHY_MAX];
	DWORD err = store_open(&config, &st, why);

	CHECK_CASE(err == NO_ERROR, "%s: code %u", why, err);
	return st;
}
