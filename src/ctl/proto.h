/*
 * What passes over rtmd's control socket: frames, and the messages inside them. Both
 * ends, server and client, encode and decode with this; nobody else does.
 *
 * Messages are plain structs, the caller's. Decoding is strict: what does not fill its
 * frame to the last byte, or has a value that its field cannot hold, is no message.
 */
#ifndef CTL_PROTO_H
#define CTL_PROTO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "netioapi.h"
#include "ipmib.h"

#define CTL_MAGIC 0x52544d43u /* "RTMC" */
#define CTL_VERSION 1

/* A frame: length of what follows (4 octets), type (2), number (4), body. */
#define CTL_HEAD 10
#define CTL_FRAME_MAX 131072 /* longest, head included */
#define CTL_REQUEST_MAX 4096 /* longest that a client may send */
#define CTL_PAGE 256         /* most routes or interfaces that one reply is asked for */
#define CTL_IF_ADDRS 16      /* addresses told of one interface */
#define CTL_TEXT_MAX 8192

/* Numbers are the protocol: never reuse one. The reply to a request has its number. */
enum ctl_type {
	CTL_HELLO = 1,   /* first in both directions: struct ctl_hello */
	CTL_REPLY = 2,   /* struct ctl_reply, and on success what the request asks for */
	CTL_EVENT = 3,   /* struct ctl_event; number of the subscribing request */
	CTL_CREATE = 10, /* struct ctl_route; nothing */
	CTL_SET = 11,
	CTL_DELETE = 12,
	CTL_GET = 13,     /* struct ctl_route (the key counts); struct ctl_route */
	CTL_CREATE1 = 14, /* MIB_IPFORWARDROW; nothing */
	CTL_SET1 = 15,
	CTL_DELETE1 = 16,
	CTL_ROUTES = 20,      /* struct ctl_page; count and struct ctl_route each */
	CTL_BEST = 21,        /* struct ctl_best; struct ctl_route, struct ctl_address */
	CTL_INTERFACES = 22,  /* struct ctl_page (index counts); count and ctl_interface each */
	CTL_IF_GET = 23,      /* MIB_IPINTERFACE_ROW (the key counts); MIB_IPINTERFACE_ROW */
	CTL_IF_SET = 24,      /* MIB_IPINTERFACE_ROW; MIB_IPINTERFACE_ROW */
	CTL_SUBSCRIBE = 30,   /* struct ctl_family; nothing, then events */
	CTL_UNSUBSCRIBE = 31, /* struct ctl_family (index: number of the subscription) */
	CTL_STATUS = 40,      /* nothing; struct ctl_text, lines of key=value */
	CTL_STORE = 41,
	CTL_IMPORT_BEGIN =
	    50, /* struct ctl_family (index 1: what is there goes first); nothing */
	CTL_IMPORT_ROW = 51, /* struct ctl_stored; nothing */
	CTL_IMPORT_END = 52  /* nothing; struct ctl_imported */
};

struct ctl_hello {
	ULONG magic, version;
	ULONG pid; /* of the server; 0 from a client */
};

struct ctl_reply {
	DWORD code;
	ULONG field, reason; /* enum iph_field, enum iph_reason */
};

struct ctl_route {
	MIB_IPFORWARD_ROW2 row;
	ULONG kind; /* enum iph_kind */
	ULONG own, best, hidden;
	ULONG flags, protocol_id, views, preference;
	ULONG total; /* metric with the interface's added; only in replies */
};

/* Where a page begins: at `from' or, not inclusive, after it. Interfaces: after `index'. */
struct ctl_page {
	IP_ADDRESS_PREFIX from;
	ULONG inclusive;
	ULONG index;
	ULONG most; /* 1 to CTL_PAGE; a destination is never split, so it may become more */
};

struct ctl_best {
	NET_LUID luid;
	ULONG has_luid, index, has_source;
	SOCKADDR_INET source, dest;
};

struct ctl_address {
	SOCKADDR_INET address;
	ULONG length;
};

struct ctl_interface {
	NET_LUID luid;
	ULONG index;
	char alias[257];
	ULONG if_type;
	ULONG bound[2], metric[2]; /* IPv4, IPv6 */
	ULONG connected, routes;
	ULONG naddrs;
	struct ctl_address addrs[CTL_IF_ADDRS];
};

struct ctl_family {
	ULONG family; /* AF_UNSPEC: both */
	ULONG index;
};

struct ctl_event {
	MIB_IPFORWARD_ROW2 row; /* the key only */
	ULONG type;             /* MIB_NOTIFICATION_TYPE */
};

#define CTL_OID_MAX 128

struct ctl_oid {
	ULONG n;
	ULONG sub[CTL_OID_MAX];
};

/* A row as the store has it (store/store.h). */
struct ctl_stored {
	MIB_IPFORWARD_ROW2 row;
	ULONG instance, prefix_zone, next_hop_zone;
	char if_name[257];
	ULONG kind, type, metric[4], next_hop_as, status, columns_set;
	uint64_t created_s;
	struct ctl_oid policy, info;
};

/* What became of an import: all of it, or nothing because of one row. */
struct ctl_imported {
	ULONG code, field, reason;
	ULONG row;  /* the one at fault, from 1; 0: none of them alone */
	ULONG rows; /* how many are in now */
};

struct ctl_text {
	char text[CTL_TEXT_MAX + 1];
};

/* How a struct lies in a frame; one of these for each. */
struct ctl_layout;
extern const struct ctl_layout ctl_hello_layout, ctl_reply_layout, ctl_route_layout,
    ctl_row1_layout, ctl_if_row_layout, ctl_page_layout, ctl_best_layout, ctl_address_layout,
    ctl_interface_layout, ctl_family_layout, ctl_event_layout, ctl_text_layout,
    ctl_stored_layout, ctl_imported_layout;

/* A frame that is being written. What does not fit sets `full', and nothing is added. */
struct ctl_out {
	uint8_t *p;
	size_t n, size;
	bool full;
};
/** Begin a frame in `buf' of `size' octets (CTL_FRAME_MAX is always enough for one message). */
void ctl_begin(struct ctl_out *out, uint8_t *buf, size_t size, enum ctl_type type,
               uint32_t number);
void ctl_put(struct ctl_out *out, const struct ctl_layout *layout, const void *message);
void ctl_put_number(struct ctl_out *out, ULONG value);
/** Overwrite the number at `at', an `n' of before. */
void ctl_patch(struct ctl_out *out, size_t at, ULONG value);
/** Close the frame. @return its octets; 0: it did not fit. */
size_t ctl_end(struct ctl_out *out);

/* A frame that is being read. */
struct ctl_in {
	const uint8_t *p, *end;
	bool bad;
	uint32_t type, number;
};
enum ctl_look { CTL_COMPLETE, CTL_MORE, CTL_BROKEN };
/**
 * Is there a frame at the beginning of these octets?
 * @param used  octets of the frame, set with CTL_COMPLETE.
 * @return      CTL_BROKEN: no frame can begin like this, close the connection.
 */
enum ctl_look ctl_look(const uint8_t *p, size_t n, struct ctl_in *in, size_t *used);
/** false: no such message here; *out is then undefined. */
bool ctl_get(struct ctl_in *in, const struct ctl_layout *layout, void *out);
bool ctl_get_number(struct ctl_in *in, ULONG *out);
/** Whether all was good and nothing is left over. */
bool ctl_done(const struct ctl_in *in);

#endif
