/*
 * A random history: its state, its dice and its moves. The moves are in two files,
 * those that change the table and those that look at it.
 */
#ifndef TESTS_RTM_HISTORY_H
#define TESTS_RTM_HISTORY_H

#include "rtm_model.h"

enum { H_CURSORS = 4 };

struct cursor {
	bool used, begun;
	int owner;
	HANDLE h;
	RTM_VIEW_SET views;
	RTM_ENUM_FLAGS flags;
	RTM_NET_ADDRESS start, last;
};

struct history {
	uint64_t seed, state, num_ops;
	const char *op_name;
	bool bad;
	UINT announced[M_NOTIFIES];
	struct cursor cursor[H_CURSORS];
};
extern struct history hist;

void hist_fail(int line, const char *what);
uint64_t hist_random(uint64_t below);
bool hist_chance(UINT percent);

#define WANT_VOID(cond)                                                                        \
	do {                                                                                   \
		if (!(cond)) {                                                                 \
			hist_fail(__LINE__, #cond);                                            \
			return;                                                                \
		}                                                                              \
	} while (0)
/* One evaluation of the call; the number that came is in the message. */
bool hist_code(DWORD want, DWORD got, const char *call, int line);
#define WANT_CODE(want, call)                                                                  \
	do {                                                                                   \
		if (!hist_code((want), (call), #call, __LINE__))                               \
			return;                                                                \
	} while (0)

void hist_step(void);
void hist_pass_time(void);
void hist_join(int entity);
void hist_release_everything(void);

/* moves that look, rtm_history_look.c */
void hist_check_dest(int dest, RTM_VIEW_SET views, ULONG protocol, int asker);
void hist_check_info(const RTM_DEST_INFO *info, int dest, RTM_VIEW_SET views, ULONG protocol,
                     int asker);
void hist_look_exact(void);
void hist_look_longest(void);
void hist_look_less(void);
void hist_look_route(void);
void hist_look_match(void);
void hist_look_dests(void);
void hist_look_routes(void);
void hist_look_hops(void);
void hist_look_list(void);
void hist_cursor(void);
void hist_cursors_end(int owner);
int hist_entity(void);

#endif
