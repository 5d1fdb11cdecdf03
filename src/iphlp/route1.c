/*
 * One chapter: the documented version 1 functions. Their rules, and how a version 1 row
 * becomes a version 2 row, are in check1.c; from there on there is one way for both.
 */
#include "iphlp/iph_int.h"

DWORD
iph_row1_check(struct iph *iph, enum iph_verb verb, const MIB_IPFORWARDROW *row,
               struct iph_fault *fault)
{
	struct request req = { .iph = iph, .verb = verb, .row1 = row };

	if (iph_check1_arguments(&req, fault) != NO_ERROR)
		return fault->code;
	return iph_dry_run(&req, iph_check1_state, fault);
}

static DWORD
perform(struct request *req, struct iph_fault *fault)
{
	if (iph_check1_arguments(req, fault) != NO_ERROR)
		return fault->code;
	return iph_perform(req, iph_check1_state, fault);
}

DWORD
iph_row1_change(struct iph *iph, enum iph_verb verb, const MIB_IPFORWARDROW *row,
                struct iph_fault *fault)
{
	struct request req = { .iph = iph, .verb = verb, .row1 = row };

	if (iph->far != NULL && row != NULL)
		return iph->far->change1(iph->far->arg, verb, row, fault);
	return perform(&req, fault);
}

DWORD
iph_row1_apply(struct iph *iph, enum iph_verb verb, const MIB_IPFORWARDROW *row,
               struct iph_fault *fault)
{
	struct request req = { .iph = iph, .verb = verb, .row1 = row, .commit_later = true };

	return perform(&req, fault);
}

DWORD
iph_row1_to_row2(struct iph *iph, enum iph_verb verb, const MIB_IPFORWARDROW *row,
                 MIB_IPFORWARD_ROW2 *out, struct iph_fault *fault)
{
	struct request req = { .iph = iph, .verb = verb, .row1 = row };

	if (iph_check1_key(&req, fault) != NO_ERROR)
		return fault->code;
	if (iph_dry_run(&req, iph_check1_translate, fault) == NO_ERROR)
		*out = req.want.row;
	return fault->code;
}

static DWORD
change_default(enum iph_verb verb, const MIB_IPFORWARDROW *row)
{
	struct iph *iph = iph_world();
	struct iph_fault fault;

	if (iph == NULL)
		return ERROR_NOT_SUPPORTED;
	return iph_row1_change(iph, verb, row, &fault);
}

DWORD WINAPI
CreateIpForwardEntry(PMIB_IPFORWARDROW pRoute)
{
	return change_default(IPH_CREATE, pRoute);
}

DWORD WINAPI
SetIpForwardEntry(PMIB_IPFORWARDROW pRoute)
{
	return change_default(IPH_SET, pRoute);
}

DWORD WINAPI
DeleteIpForwardEntry(PMIB_IPFORWARDROW pRoute)
{
	return change_default(IPH_DELETE, pRoute);
}
