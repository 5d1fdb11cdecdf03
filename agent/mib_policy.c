/*
 * What the administrator lets managers write, beside SNMP's own views: nothing at all,
 * nothing inside certain prefixes, only inside certain prefixes, so many rows. Each
 * refusal carries the word of the configuration that it comes from.
 *
 * A row that may not be written is treated as one of another client: shown, its columns
 * notWritable, its removal inconsistentValue; one that is not there can never be made:
 * noCreation. Too many rows are a lack of resources, which may be different tomorrow.
 */
#include "mib_tx.h"

#include "base/addr.h"

static bool
covered(const struct prefix *list, size_t n, const struct prefix *dest)
{
	for (size_t i = 0; i < n; i++)
		if (prefix_covers_prefix(&list[i], dest))
			return true;
	return false;
}

const char *
mib_policy_forbids(const struct mib *mib, const IP_ADDRESS_PREFIX *dest)
{
	const struct mib_policy *policy = &mib->config.policy;
	struct prefix prefix;

	if (policy->read_only)
		return "readOnly";
	if ((policy->nprotect == 0 && policy->nallow == 0) ||
	    !prefix_from_ip_prefix(&prefix, dest))
		return NULL;
	if (covered(policy->protect, policy->nprotect, &prefix))
		return "protect";
	if (policy->nallow > 0 && !covered(policy->allow, policy->nallow, &prefix))
		return "allowWrite";
	return NULL;
}

/* Rows of managers after the PDU; the first one too many is refused. */
void
mib_policy_limit(struct mib_tx *tx)
{
	static const struct iph_fault full = { ERROR_NO_SYSTEM_RESOURCES, IPH_FIELD_ROW,
		                               IPH_REASON_MEMORY };
	struct mib *mib = tx->mib;
	size_t most = mib->config.policy.max_rows, rows;

	if (most == 0)
		return;
	mib_sync_all(mib);
	rows = mib->count[MIB_COUNT_OWN] + mib->nstaged;
	for (struct mib_rowreq *req = tx->first; req != NULL; req = req->next)
		rows -= req->existed && req->removes;
	for (struct mib_rowreq *req = tx->first; req != NULL; req = req->next) {
		if (req->existed || !req->ops[0].used || req->ops[0].verb == IPH_DELETE)
			continue;
		if (++rows > most) {
			mib_refuse_policy(tx, req, MIB_RESOURCEUNAVAILABLE,
			                  mib_blame_status(req), &full, "maxRows");
			return;
		}
	}
}
