/*
 * One chapter: a treap.
 *
 * A binary search tree that is also a heap over a number drawn for each node keeps
 * a depth of O(log n) in expectation whatever the order of arrival, and both its
 * operations are a leaf and some rotations, which is why it is preferred here to
 * the stricter trees. The number drawn is a hash of the node's address: nothing to
 * store, and nobody outside chooses it.
 *
 * Invariants: left < node <= right in the order of the caller; drawn(parent) >=
 * drawn(child); the root's `up` is NULL.
 */
#include "base/tree.h"

#include <stdint.h>

static uint64_t
drawn(const struct tree_node *node)
{
	uint64_t x = (uint64_t)(uintptr_t)node;

	x = (x ^ x >> 32) * 0xd6e8feb86659fd93u;
	return (x ^ x >> 29) * 0x9e3779b97f4a7c15u;
}

static void
replace_child(struct tree *tree, struct tree_node *up, const struct tree_node *old,
              struct tree_node *new)
{
	if (up == NULL)
		tree->root = new;
	else if (up->left == old)
		up->left = new;
	else
		up->right = new;
	if (new != NULL)
		new->up = up;
}

/* Lift `node` above its parent. */
static void
lift(struct tree *tree, struct tree_node *node)
{
	struct tree_node *up = node->up;

	replace_child(tree, up->up, up, node);
	if (up->left == node) {
		up->left = node->right;
		if (up->left != NULL)
			up->left->up = up;
		node->right = up;
	} else {
		up->right = node->left;
		if (up->right != NULL)
			up->right->up = up;
		node->left = up;
	}
	up->up = node;
}

void
tree_insert(struct tree *tree, struct tree_node *node, tree_cmp *cmp)
{
	struct tree_node **link = &tree->root, *up = NULL;

	while (*link != NULL) {
		up = *link;
		link = cmp(node, up) < 0 ? &up->left : &up->right;
	}
	node->up = up;
	node->left = node->right = NULL;
	*link = node;
	while (node->up != NULL && drawn(node->up) < drawn(node))
		lift(tree, node);
}

void
tree_remove(struct tree *tree, struct tree_node *node)
{
	while (node->left != NULL && node->right != NULL)
		lift(tree, drawn(node->left) > drawn(node->right) ? node->left : node->right);
	replace_child(tree, node->up, node, node->left != NULL ? node->left : node->right);
	node->up = node->left = node->right = NULL;
}

struct tree_node *
tree_lower(const struct tree *tree, const struct tree_node *key, tree_cmp *cmp)
{
	struct tree_node *best = NULL;

	for (struct tree_node *node = tree->root; node != NULL;) {
		if (cmp(node, key) < 0) {
			node = node->right;
		} else {
			best = node;
			node = node->left;
		}
	}
	return best;
}

struct tree_node *
tree_first(const struct tree *tree)
{
	struct tree_node *node = tree->root;

	while (node != NULL && node->left != NULL)
		node = node->left;
	return node;
}

struct tree_node *
tree_next(const struct tree_node *node)
{
	if (node->right != NULL) {
		for (node = node->right; node->left != NULL;)
			node = node->left;
		return (struct tree_node *)(uintptr_t)node;
	}
	while (node->up != NULL && node->up->right == node)
		node = node->up;
	return node->up;
}

struct tree_node *
tree_prev(const struct tree_node *node)
{
	if (node->left != NULL) {
		for (node = node->left; node->right != NULL;)
			node = node->right;
		return (struct tree_node *)(uintptr_t)node;
	}
	while (node->up != NULL && node->up->left == node)
		node = node->up;
	return node->up;
}
