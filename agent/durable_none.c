/* A build without the store: `stateFile none' is all there is. */
#include "durable.h"

#include "base/log.h"

const bool durable_built = false;

struct durable *
durable_open(const char *path, bool make)
{
	(void)make;
	log_err("store", "%s: this rtmd was built without a store", path);
	return NULL;
}

void
durable_close(struct durable *durable)
{
	(void)durable;
}

const struct store_port *
durable_port(const struct durable *durable)
{
	(void)durable;
	return NULL;
}

size_t
durable_status(void *arg, char *buf, size_t size)
{
	(void)arg;
	(void)buf;
	(void)size;
	return 0;
}
