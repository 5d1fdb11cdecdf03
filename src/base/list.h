/*
 * A list whose links lie inside its members: joining and leaving need no memory
 * and no search. The list owns nothing.
 *
 * An empty list is a node that points at itself; so is a node that is in no list.
 */
#ifndef BASE_LIST_H
#define BASE_LIST_H

#include <stdbool.h>
#include <stddef.h>

struct list {
	struct list *next, *prev;
};

/** The structure around a node. */
#define LIST_OF(node, type, member) ((type *)(void *)((char *)(node)-offsetof(type, member)))

#define LIST_EACH(it, head) for (struct list *it = (head)->next; it != (head); it = it->next)

/* The body may take `it` out. */
#define LIST_EACH_SAFE(it, head)                                                               \
	for (struct list *it = (head)->next, *it##_next = it->next; it != (head);              \
	     it = it##_next, it##_next = it->next)

static inline void
list_init(struct list *node)
{
	node->next = node->prev = node;
}

static inline bool
list_empty(const struct list *head)
{
	return head->next == head;
}

/** Put `node` before `at`; before the head means at the end. */
static inline void
list_insert(struct list *at, struct list *node)
{
	node->next = at;
	node->prev = at->prev;
	at->prev->next = node;
	at->prev = node;
}

/** Take a node out of whatever list it is in; in none is fine. */
static inline void
list_remove(struct list *node)
{
	node->prev->next = node->next;
	node->next->prev = node->prev;
	list_init(node);
}

#endif
