/* Inside of the control server: a client, and the requests it can make. */
#ifndef AGENT_CTL_INT_H
#define AGENT_CTL_INT_H

#include "ctl/proto.h"
#include "ctl_server.h"

#define READERS_MAX 64 /* clients who may not change, and of one user */
#define PER_USER_MAX 16
#define CHANGERS_MAX 128 /* of one user who may */
#define SUBSCRIPTIONS_MAX 16
#define OUT_ENOUGH 65536 /* with so much unsent no more requests are answered */
#define OUT_MAX 1048576  /* with more than this unsent a client is too slow: cut off */

struct subscription {
	uint32_t number; /* of the request; 0: free */
	ADDRESS_FAMILY family;
};

struct client {
	struct client *next;
	struct ctl_server *server;
	struct loop_watch *in_watch, *out_watch;
	int fd;
	pid_t pid;
	uid_t uid;
	bool may_change;
	bool greeted;
	bool closing; /* when everything is sent */
	bool dead;    /* as soon as nobody looks at it */
	struct subscription subs[SUBSCRIPTIONS_MAX];
	size_t in_n;
	uint8_t in[CTL_REQUEST_MAX];
	struct ctl_import *import; /* between its begin and its end; or NULL */
	uint8_t *out;              /* from `out_at' to `out_n' waits to be sent */
	size_t out_at, out_n, out_cap;
};

struct ctl_server {
	struct ctl_config config;
	char *path;
	struct loop_watch *accept_watch;
	struct client *clients;
	size_t nclients;
	const struct client *caller; /* whose request is being answered */
	HANDLE watching;             /* the world's changes, while anybody is subscribed */
	struct iph_rows rows;        /* read ahead, its memory used again */
	uint8_t frame[CTL_FRAME_MAX];
};

/* ctl_server.c */
/** Something was queued for a client from outside of a request of his: let it go. */
void ctl_client_send(struct client *client);
void ctl_client_queue(struct client *client, const uint8_t *p, size_t n);

/* ctl_request.c */
/** Answer one request. */
void ctl_request(struct client *client, struct ctl_in *in);
/* ctl_import.c */
DWORD ctl_import_begin(struct client *client, bool replace);
DWORD ctl_import_row(struct client *client, const struct ctl_stored *row);
/** Have it done. @return ERROR_IO_PENDING: request `number' is answered when it is over. */
DWORD ctl_import_end(struct client *client, uint32_t number);
/** Give it up, if it is under way. */
void ctl_import_free(struct client *client);
/** Answer a request with the outcome of an import. */
void ctl_answer_import(struct client *client, uint32_t number,
                       const struct ctl_imported *result);

/** A refusal that no request is needed for. */
void ctl_refuse(struct client *client, uint32_t number, DWORD code);
/** The subscriptions of a client are gone. */
void ctl_unsubscribe_all(struct client *client);

#endif
