/* What the files of rtmctl share: the words of a command line, and how to fail. */
#ifndef AGENT_RTMCTL_H
#define AGENT_RTMCTL_H

#include "ctl/client.h"

enum { STATUS_OK = 0, STATUS_REFUSED = 1, STATUS_USAGE = 2, STATUS_NO_DAEMON = 3 };

struct tool {
	const char *socket;
	struct ctl_client *client; /* once somebody needed it */
	bool zero;                 /* rtmd has onLinkNextHop zero */
};

/* PREFIX [via GATEWAY] [dev INTERFACE] [metric N] [type KIND] */
struct route_words {
	const char *prefix, *via, *dev, *metric, *type;
};

/** Connect, once. @return STATUS_OK, or another with the reason said. */
int tool_connect(struct tool *tool);
/** Ask; on failure say `what' and the code, with the member that was wrong. */
DWORD tool_ask(struct tool *tool, const char *what, enum ctl_type type,
               const struct ctl_layout *layout, const void *request, struct ctl_in *body);
int tool_status(DWORD code);
/** A member of a row in words, or NULL. */
const char *tool_field(ULONG field);

/** Words to a row; connects only where an interface is named. false: the reason is said. */
bool route_words_read(char **words, struct route_words *out);
int route_row(struct tool *tool, const struct route_words *words, struct ctl_route *out);

/** The interface of that name or number. */
int find_interface(struct tool *tool, const char *name, NET_IFINDEX *out);
/** Its name; the number in words where there is none such. */
const char *interface_name(struct tool *tool, NET_IFINDEX index);
/** Read the list of interfaces, once. */
int load_interfaces(struct tool *tool, const struct ctl_interface **list, size_t *n);
void free_interfaces(void);

/* rtmctl_show.c */
int do_show(struct tool *tool, char **words);
int do_best(struct tool *tool, char **words);
int do_monitor(struct tool *tool, char **words);
const char *kind_name(ULONG kind);

/* rtmctl_store.c */
int do_store(struct tool *tool, char **words);

/* rtmctl_snmp.c */
int do_snmpset(struct tool *tool, char **words);
int do_decode(struct tool *tool, char **words);

#endif
