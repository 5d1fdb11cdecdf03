/*
 * What the program that hosts the routing table manager does for it: says what time
 * it is, lets call-backs run, sets limits. Not part of RTMv2; a protocol client needs
 * only rtmv2.h.
 *
 * The core has no clock, no thread and no file of its own, so a host (rtmd, a test,
 * a protocol with its own loop) tells it. There is one manager per process, as the
 * documentation has it: RtmRegisterEntity has no argument that would name another.
 */
#ifndef RTM_RTMHOST_H
#define RTM_RTMHOST_H

#include <stdbool.h>

#include "rtmv2.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The limits of one address family's table in one instance [RTM 1.2]. */
struct rtm_limits {
	UINT max_nexthops_in_route; /* default 16 */
	UINT max_handles_in_enum;   /* default 25 */
	RTM_VIEW_SET views;         /* default unicast | multicast */
	UINT opaque_slots;          /* per destination, default 5 */
	UINT change_notifications;  /* registrations per table, default 16 */
};

/** Fill in the defaults of [RTM 1.2]. */
void rtm_limits_default(struct rtm_limits *limits);

/**
 * Bring an instance into being, or change its limits before anybody has registered.
 *
 * Instance 0 exists from the start, for AF_INET and AF_INET6 [RTM K49].
 * @return  NO_ERROR; ERROR_INVALID_PARAMETER for an unknown family or NULL;
 *          ERROR_INVALID_DATA for limits out of range [RTM K11];
 *          ERROR_BUSY while an entity is registered in that table;
 *          ERROR_NOT_ENOUGH_MEMORY.
 */
DWORD rtm_instance_configure(USHORT instance, USHORT family, const struct rtm_limits *limits);

/** The preference given to routes of a protocol that come with Preference 0 [RTM K50]. */
DWORD rtm_preference_set(ULONG protocol, ULONG preference);

/**
 * Tell the time: `now_ms` of a clock that never goes back, and the calendar time
 * that belongs to it (shown as LastChanged). Routes and holds whose time has come
 * are queued for rtm_turn(); nothing is called back from here.
 */
void rtm_advance(uint64_t now_ms, FILETIME now);

/** When rtm_advance() is wanted next, on the same clock; UINT64_MAX: not at all. */
uint64_t rtm_deadline_ms(void);

/**
 * Run the pending call-backs, with no lock held, on this thread.
 * One thread at a time; a second one returns at once. @return whether any was run.
 */
bool rtm_turn(void);

/**
 * Have `wake` called, from whatever thread, when rtm_turn() has gained work.
 * It must not call back into the manager. NULL switches it off.
 */
void rtm_wake_set(void (*wake)(void *arg), void *arg);

/* What is alive, for tests, for `show` commands and for leak checks. */
struct rtm_counts {
	size_t entities, dests, routes, nexthops, enums, lists, notifies;
	size_t client_refs;
};
void rtm_counts_get(struct rtm_counts *counts);

/**
 * Forget everything and give the memory back; every handle becomes invalid.
 * For the end of a process and the end of a test; nobody may be inside a call.
 */
void rtm_shutdown(void);

#ifdef __cplusplus
}
#endif

#endif
