/*
 * One chapter: telling subscribers what happened to rows, one after the other.
 *
 * A change of a row becomes an event: the key members of the row and what was done. It
 * is allocated before the change is made, so that telling cannot fail afterwards, and
 * only while there are subscribers. Events wait in one queue, in the order of the changes;
 * iph_turn(), which the host calls from a thread of its choice, takes them one by one
 * and calls whoever subscribed before the event happened and is still there. No lock is
 * held during a call, so a call-back may do anything, also subscribe or cancel others.
 *
 * A subscriber whose call-back runs has the thread in `running'. Cancelling waits for it
 * to become 0; the one thread that would wait for itself is refused [NETIO K32]. The
 * initial notification is such a call too, made by the subscribing thread; the queue
 * waits for it, so it comes first and nothing that follows is lost.
 */
#include "iphlp/iph_int.h"

#include "base/alloc.h"

struct subscriber {
	struct subscriber *next; /* in order of their numbers */
	uint64_t number;         /* the handle; never given out again */
	uint64_t since;          /* events from here on */
	ADDRESS_FAMILY family;
	PIPFORWARD_CHANGE_CALLBACK callback;
	PVOID context;
	uintptr_t running; /* the thread its call-back runs on; 0: none */
};

struct event {
	struct event *next;
	uint64_t number;
	MIB_IPFORWARD_ROW2 row;
	MIB_NOTIFICATION_TYPE type;
};

/* ---- events ---------------------------------------------------------------------- */

DWORD
iph_event_new(struct iph *iph, struct event **out)
{
	*out = NULL;
	if (iph->notifier.subscribers == NULL)
		return NO_ERROR;
	*out = mem_calloc(1, sizeof **out);
	return *out != NULL ? NO_ERROR : ERROR_NOT_ENOUGH_MEMORY;
}

void
iph_event_free(struct event *event)
{
	mem_free(event);
}

void
iph_event_post(struct iph *iph, struct event *event, MIB_NOTIFICATION_TYPE type,
               const MIB_IPFORWARD_ROW2 *row)
{
	struct notifier *notifier = &iph->notifier;

	if (event == NULL)
		return;
	event->number = notifier->next_event++;
	event->type = type;
	event->row.DestinationPrefix = row->DestinationPrefix;
	event->row.NextHop = row->NextHop;
	event->row.InterfaceLuid = row->InterfaceLuid;
	event->row.InterfaceIndex = row->InterfaceIndex;
	*notifier->tail = event;
	notifier->tail = &event->next;
	if (iph->ports.wake != NULL)
		iph->ports.wake(iph->ports.arg);
}

void
iph_far_event(struct iph *iph, MIB_NOTIFICATION_TYPE type, const MIB_IPFORWARD_ROW2 *row)
{
	struct event *event;

	gate_lock(&iph->gate);
	if (iph_event_new(iph, &event) == NO_ERROR)
		iph_event_post(iph, event, type, row);
	gate_unlock(&iph->gate);
}

static void
pop(struct notifier *notifier)
{
	struct event *event = notifier->head;

	notifier->head = event->next;
	if (notifier->head == NULL)
		notifier->tail = &notifier->head;
	mem_free(event);
}

/* ---- delivering -------------------------------------------------------------------- */

static struct subscriber *
subscriber_after(struct notifier *notifier, uint64_t number)
{
	struct subscriber *subscriber = notifier->subscribers;

	while (subscriber != NULL && subscriber->number <= number)
		subscriber = subscriber->next;
	return subscriber;
}

static bool
wants(const struct subscriber *subscriber, const struct event *event)
{
	return event->number >= subscriber->since &&
	       (subscriber->family == AF_UNSPEC ||
	        subscriber->family == event->row.DestinationPrefix.Prefix.si_family);
}

/* The lock is held, and given up during the call. */
static void
call(struct iph *iph, struct subscriber *subscriber, const struct event *event)
{
	PIPFORWARD_CHANGE_CALLBACK callback = subscriber->callback;
	PVOID context = subscriber->context;
	MIB_IPFORWARD_ROW2 row;

	subscriber->running = lock_thread();
	gate_unlock(&iph->gate);
	if (event == NULL) {
		callback(context, NULL, MibInitialNotification);
	} else {
		row = event->row; /* a copy: a careless client may write to it */
		callback(context, &row, event->type);
	}
	gate_lock(&iph->gate);
	subscriber->running = 0;
	lock_wake(&iph->gate.lock);
}

/* One event to everybody. */
static void
deliver(struct iph *iph, const struct event *event)
{
	struct subscriber *subscriber = subscriber_after(&iph->notifier, 0);
	uint64_t number;

	for (; subscriber != NULL; subscriber = subscriber_after(&iph->notifier, number)) {
		number = subscriber->number;
		if (!wants(subscriber, event))
			continue;
		if (subscriber->running == 0) {
			call(iph, subscriber, event);
			continue;
		}
		lock_wait(&iph->gate.lock); /* its initial call, in another thread */
		number--;
	}
}

bool
iph_turn(struct iph *iph)
{
	struct notifier *notifier = &iph->notifier;
	bool any = false;

	gate_lock(&iph->gate);
	if (notifier->dispatching) {
		gate_unlock(&iph->gate);
		return false;
	}
	notifier->dispatching = true;
	for (; notifier->head != NULL; any = true) {
		deliver(iph, notifier->head);
		pop(notifier);
	}
	notifier->dispatching = false;
	gate_unlock(&iph->gate);
	return any;
}

/* ---- subscribing ------------------------------------------------------------------------ */

static void
enlist(struct notifier *notifier, struct subscriber *subscriber)
{
	struct subscriber **at = &notifier->subscribers;

	while (*at != NULL)
		at = &(*at)->next;
	*at = subscriber;
	subscriber->number = ++notifier->last_subscriber;
	subscriber->since = notifier->next_event;
}

DWORD
iph_subscribe(struct iph *iph, ADDRESS_FAMILY family, PIPFORWARD_CHANGE_CALLBACK callback,
              PVOID context, bool initial, HANDLE *out)
{
	struct subscriber *subscriber = mem_calloc(1, sizeof *subscriber);
	DWORD err = ERROR_NOT_ENOUGH_MEMORY;

	if (subscriber == NULL)
		return err;
	subscriber->family = family;
	subscriber->callback = callback;
	subscriber->context = context;
	err = gate_enter(&iph->gate); /* no change is half way when the watch begins */
	if (err == NO_ERROR) {
		err = iph_watch_begin(iph);
		if (err == NO_ERROR) {
			enlist(&iph->notifier, subscriber);
			*out = (HANDLE)(uintptr_t)subscriber->number;
			subscriber->running = initial ? lock_thread() : 0;
		}
		gate_leave(&iph->gate);
	}
	if (err != NO_ERROR) {
		mem_free(subscriber);
		return err;
	}
	if (initial) {
		gate_lock(&iph->gate);
		call(iph, subscriber, NULL);
		gate_unlock(&iph->gate);
	}
	return NO_ERROR;
}

static struct subscriber **
find_subscriber(struct notifier *notifier, HANDLE handle)
{
	struct subscriber **at = &notifier->subscribers;

	while (*at != NULL && (*at)->number != (uintptr_t)handle)
		at = &(*at)->next;
	return at;
}

DWORD
iph_unsubscribe(struct iph *iph, HANDLE handle)
{
	struct subscriber **at, *subscriber;
	DWORD err = NO_ERROR;

	gate_lock(&iph->gate);
	at = find_subscriber(&iph->notifier, handle);
	subscriber = *at;
	if (subscriber == NULL) {
		err = ERROR_INVALID_HANDLE;
	} else if (subscriber->running == lock_thread()) {
		err = ERROR_POSSIBLE_DEADLOCK;
	} else {
		*at = subscriber->next;
		while (subscriber->running != 0)
			lock_wait(&iph->gate.lock);
		mem_free(subscriber);
		if (iph->notifier.subscribers == NULL)
			iph_watch_end(iph);
	}
	gate_unlock(&iph->gate);
	return err;
}

void
iph_notifier_init(struct notifier *notifier)
{
	notifier->tail = &notifier->head;
	notifier->next_event = 1;
}

void
iph_notifier_close(struct iph *iph)
{
	struct subscriber *next;

	while (iph->notifier.head != NULL)
		pop(&iph->notifier);
	for (struct subscriber *at = iph->notifier.subscribers; at != NULL; at = next) {
		next = at->next;
		mem_free(at);
	}
	iph->notifier.subscribers = NULL;
}

/* ---- the documented functions ------------------------------------------------ */

NETIOAPI_API
NotifyRouteChange2(ADDRESS_FAMILY AddressFamily, PIPFORWARD_CHANGE_CALLBACK Callback,
                   PVOID CallerContext, BOOLEAN InitialNotification, HANDLE *NotificationHandle)
{
	struct iph *iph = iph_world();

	if (NotificationHandle == NULL)
		return ERROR_INVALID_PARAMETER;
	*NotificationHandle = NULL;
	if (Callback == NULL || (AddressFamily != AF_UNSPEC && inet_size(AddressFamily) == 0))
		return ERROR_INVALID_PARAMETER;
	if (iph == NULL)
		return ERROR_NOT_SUPPORTED;
	return iph_subscribe(iph, AddressFamily, Callback, CallerContext,
	                     InitialNotification != FALSE, NotificationHandle);
}

NETIOAPI_API
CancelMibChangeNotify2(HANDLE NotificationHandle)
{
	struct iph *iph = iph_world();

	if (NotificationHandle == NULL)
		return ERROR_INVALID_PARAMETER;
	if (iph == NULL)
		return ERROR_INVALID_HANDLE;
	return iph_unsubscribe(iph, NotificationHandle);
}
