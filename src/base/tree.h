/*
 * An ordered set whose links lie inside its members: next hops by address, timers
 * by time. Joining and leaving need no memory. The tree owns nothing.
 */
#ifndef BASE_TREE_H
#define BASE_TREE_H

#include <stddef.h>

struct tree_node {
	struct tree_node *up, *left, *right;
};

struct tree {
	struct tree_node *root;
};

/** Less than, equal to or greater than 0, as with qsort(). */
typedef int tree_cmp(const struct tree_node *a, const struct tree_node *b);

/** The structure around a node. */
#define TREE_OF(node, type, member) ((type *)(void *)((char *)(node)-offsetof(type, member)))

/** Add a node; behind the ones that compare equal. */
void tree_insert(struct tree *tree, struct tree_node *node, tree_cmp *cmp);

/** Take out a node that is in. */
void tree_remove(struct tree *tree, struct tree_node *node);

/** The first node not less than `key`, or NULL; `key` need not be in a tree. */
struct tree_node *tree_lower(const struct tree *tree, const struct tree_node *key,
                             tree_cmp *cmp);

/** The first node, or NULL. */
struct tree_node *tree_first(const struct tree *tree);

/** The neighbours of a node in the order, or NULL. */
struct tree_node *tree_next(const struct tree_node *node);
struct tree_node *tree_prev(const struct tree_node *node);

#endif
