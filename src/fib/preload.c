/*
 * One chapter: preload files.
 *
 * The format is for people and for one-line generators: `PREFIX/LEN NEXTHOP IFNAME
 * METRIC', `-' for no next hop, `#' begins a comment. A file has a million lines, so
 * it is read once, line by line, and nothing of it is kept: the route being collected
 * is all there is, and it is delivered when a line of another destination or metric
 * comes, or the end.
 *
 * Every wrong line is refused with its number. None is skipped: a table that silently
 * lacks one route is worse than a program that does not start.
 */
#include "fib/preload.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/addr.h"
#include "base/log.h"
#include "iftab/iftab.h"

enum { FIELD_PREFIX, FIELD_NEXTHOP, FIELD_IFNAME, FIELD_METRIC, FIELDS };

struct line {
	struct prefix dest;
	struct fib_hop hop;
	ULONG metric;
};

struct reader {
	const struct fib_memory_config *config;
	void (*route)(void *arg, const struct fib_route *route);
	void *arg;
	struct fib_hop hops[FIB_HOPS_MAX];
	struct fib_route pending; /* nhops 0: none */
};

static void
flush(struct reader *r)
{
	if (r->pending.nhops == 0)
		return;
	r->route(r->arg, &r->pending);
	r->pending.nhops = 0;
}

/* Words of a line, in place. @return how many, FIELDS + 1 for more than FIELDS. */
static int
split(char *text, char *words[FIELDS])
{
	char *rest, *word;
	int n = 0;

	text[strcspn(text, "#\r\n")] = '\0';
	for (word = strtok_r(text, " \t", &rest); word != NULL;
	     word = strtok_r(NULL, " \t", &rest)) {
		if (n == FIELDS)
			return FIELDS + 1;
		words[n++] = word;
	}
	return n;
}

static bool
parse_hop(const char *text, unsigned family, SOCKADDR_INET *out)
{
	struct addr addr;

	memset(out, 0, sizeof *out);
	out->si_family = (ADDRESS_FAMILY)family;
	if (strcmp(text, "-") == 0)
		return true;
	if (!addr_parse(text, &addr) || addr.family != family || addr.zone != 0)
		return false;
	addr_to_sockaddr(&addr, out);
	return true;
}

static bool
parse_interface(const struct reader *r, const char *name, ULONG *index)
{
	for (size_t i = 0; i < r->config->ninterfaces; i++)
		if (strcmp(r->config->interfaces[i].alias, name) == 0) {
			*index = r->config->interfaces[i].index;
			return true;
		}
	return false;
}

static bool
parse_metric(const char *text, ULONG *out)
{
	char *end;
	unsigned long value;

	errno = 0;
	value = strtoul(text, &end, 10);
	if (text[0] < '0' || text[0] > '9' || *end != '\0' || errno != 0 ||
	    value > NL_MAX_METRIC_COMPONENT)
		return false;
	*out = (ULONG)value;
	return true;
}

/* @return what is wrong; NULL: nothing. */
static const char *
parse(const struct reader *r, char *words[FIELDS], struct line *out)
{
	if (!prefix_parse(words[FIELD_PREFIX], &out->dest))
		return "the first word is not PREFIX/LEN";
	if (!prefix_is_canonical(&out->dest))
		return "the prefix has bits beyond its length";
	if (!parse_hop(words[FIELD_NEXTHOP], out->dest.addr.family, &out->hop.gateway))
		return "the next hop is neither `-' nor an address of the prefix's family";
	if (!parse_interface(r, words[FIELD_IFNAME], &out->hop.if_index))
		return "there is no interface of that name";
	if (!parse_metric(words[FIELD_METRIC], &out->metric))
		return "the metric is not a number from 0 to 2147483647";
	return NULL;
}

static const char *
add(struct reader *r, const struct line *line)
{
	RTM_NET_ADDRESS dest;

	prefix_to_net(&line->dest, &dest);
	if (r->pending.nhops == 0 || r->pending.metric != line->metric ||
	    memcmp(&dest, &r->pending.dest, sizeof dest) != 0) {
		flush(r);
		r->pending = (struct fib_route){ .dest = dest,
			                         .kind = FIB_UNICAST,
			                         .metric = line->metric,
			                         .protocol = PROTO_IP_NT_STATIC,
			                         .hops = r->hops };
	}
	if (r->pending.nhops == FIB_HOPS_MAX)
		return "more than 16 next hops for one prefix and metric";
	r->hops[r->pending.nhops++] = line->hop;
	return NULL;
}

static const char *
take(struct reader *r, char *text)
{
	char *words[FIELDS];
	struct line line;
	const char *wrong;
	int n = split(text, words);

	if (n == 0)
		return NULL;
	if (n != FIELDS)
		return "a line is PREFIX/LEN NEXTHOP IFNAME METRIC";
	wrong = parse(r, words, &line);
	return wrong != NULL ? wrong : add(r, &line);
}

static DWORD
read_lines(struct reader *r, FILE *stream, const char *file)
{
	char *text = NULL;
	size_t size = 0;
	unsigned long number = 0;
	const char *wrong = NULL;

	while (wrong == NULL && getline(&text, &size, stream) != -1) {
		number++;
		wrong = take(r, text);
	}
	free(text);
	if (wrong == NULL && ferror(stream))
		wrong = "reading fails";
	if (wrong != NULL) {
		log_err("fib", "preload %s: line %lu: %s", file, number, wrong);
		return ERROR_INVALID_DATA;
	}
	flush(r);
	log_info("fib", "preload file=%s lines=%lu", file, number);
	return NO_ERROR;
}

DWORD
preload_read(const char *file, const struct fib_memory_config *config,
             void (*route)(void *arg, const struct fib_route *route), void *arg)
{
	struct reader r = { .config = config, .route = route, .arg = arg };
	FILE *stream = fopen(file, "re");
	DWORD err;

	if (stream == NULL) {
		log_err("fib", "preload %s: %s", file, strerror(errno));
		return ERROR_FILE_NOT_FOUND;
	}
	err = read_lines(&r, stream, file);
	fclose(stream);
	return err;
}
