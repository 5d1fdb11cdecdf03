/*
 * rtmd's control socket: rtmctl and programs that use the documented functions from
 * outside read and change the table through it. The server owns its clients; loop and
 * world are borrowed. One thread: that of the loop, which no client can hold up.
 *
 * Whoever can open the socket may read. Changes need root, the user rtmd runs as, or
 * membership in the configured group.
 */
#ifndef AGENT_CTL_SERVER_H
#define AGENT_CTL_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "iphlp/iph.h"
#include "loop.h"
#include "mib.h"

struct ctl_server;

struct ctl_config {
	struct loop *loop;
	struct iph *iph;
	const char *path; /* removed at the end; copied */
	int fd;           /* from ctl_listen(), the server's from now on */
	bool has_group;
	gid_t group;             /* whose members may change */
	void (*tick)(void *arg); /* before a request: tell the core the time */
	void (*poke)(void *arg); /* after a change: deadlines may have moved */
	/* Lines of key=value about the daemon, and about the store; NULL: there is none. */
	size_t (*status)(void *arg, char *buf, size_t size);
	void *status_arg;
	size_t (*store)(void *arg, char *buf, size_t size);
	void *store_arg;
	/* Take stored rows in, and tell when it is over; give it up. NULL: there is no store.
	 */
	DWORD(*import)
	(void *arg, bool replace, bool (*next)(void *rows, struct store_row *out),
	 void (*done)(void *rows, const struct mib_imported *result), void *rows);
	void (*import_cancel)(void *arg);
	void *import_arg;
	void *arg; /* of tick and poke */
};

/**
 * Make the socket. A dead one that lies there is replaced, a living one is not, and
 * another kind of file is not touched.
 *
 * @return  false: it could not be made, and why is in the log.
 */
bool ctl_listen(const char *path, mode_t mode, int *fd);

/** @return NULL: no memory; the descriptor is closed then, too. */
struct ctl_server *ctl_server_open(const struct ctl_config *config);
void ctl_server_close(struct ctl_server *server);

/** Whether the caller of the present change may make it; true outside of a request. */
bool ctl_server_privileged(const struct ctl_server *server);
/** After iph_turn(): send what subscribers were told. NULL is fine. */
void ctl_server_flush(struct ctl_server *server);

#endif
