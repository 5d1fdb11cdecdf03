/*
 * One chapter: functions that entities export to each other.
 *
 * A method runs on the caller's thread with no lock held. The callee can neither go
 * away meanwhile, its deregistration waits for `running', nor be called while it has
 * its methods blocked: then the caller waits, unless he is the one who blocked them
 * [RTM RtmInvokeMethod]. Results are packed one behind the other, each on a boundary
 * of four bytes [RTM K34].
 */
#include "rtm_int.h"

#include <string.h>

enum { MAX_METHODS = 32, HEADER = offsetof(RTM_ENTITY_METHOD_OUTPUT, OutputData) };

DWORD
rtm_methods_finish(struct rtm_entity *ent)
{
	uintptr_t me = lock_thread();

	if (list_empty(&ent->running))
		return NO_ERROR;
	LIST_EACH(it, &ent->running)
		if (LIST_OF(it, struct rtm_running, link)->thread == me)
			return ERROR_POSSIBLE_DEADLOCK;
	lock_wait(&ent->table->lock);
	return RTM_AGAIN;
}

/* ---- RtmGetEntityMethods ---------------------------------------------------------------- */

static DWORD
get_methods(const struct rtm_entity *ent, HANDLE handle, UINT *count,
            RTM_ENTITY_EXPORT_METHOD *out)
{
	const struct rtm_entity *whose;
	UINT room;

	if (count == NULL || (out == NULL && *count != 0))
		return ERROR_INVALID_PARAMETER;
	whose = rtm_find_entity(ent->table, handle);
	if (whose == NULL)
		return ERROR_INVALID_HANDLE;
	room = *count;
	if (room == 0 || room > whose->num_methods)
		*count = whose->num_methods;
	if (room != 0 && *count != 0)
		memcpy(out, whose->methods, *count * sizeof *out);
	return room != 0 && room < whose->num_methods ? ERROR_INSUFFICIENT_BUFFER : NO_ERROR;
}

DWORD
RtmGetEntityMethods(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ENTITY_HANDLE EntityHandle,
                    UINT *NumMethods, RTM_ENTITY_EXPORT_METHOD *ExptMethods)
{
	RTM_CALL(RtmRegHandle, get_methods(ent, EntityHandle, NumMethods, ExptMethods));
}

/* ---- RtmInvokeMethod -------------------------------------------------------------------- */

/* A call under way, with everything that is needed while no lock is held. */
struct invocation {
	RTM_ENTITY_HANDLE caller, callee;
	RTM_ENTITY_METHOD_INPUT *input;
	RTM_ENTITY_EXPORT_METHOD methods[MAX_METHODS];
	uint32_t bits;
	UCHAR *out;
	size_t size, used;
};

static DWORD
run_one(struct invocation *call, unsigned bit)
{
	size_t at = (call->used + 3) & ~(size_t)3, room;
	RTM_ENTITY_METHOD_OUTPUT *record;

	if (at > call->size || call->size - at < HEADER)
		return ERROR_INSUFFICIENT_BUFFER;
	record = (RTM_ENTITY_METHOD_OUTPUT *)(void *)(call->out + at);
	room = call->size - at - HEADER;
	record->MethodType = 1u << bit;
	record->MethodStatus = NO_ERROR;
	record->OutputSize = (UINT)room;
	call->methods[bit](call->caller, call->callee, call->input, record);
	if (record->OutputSize > room)
		record->OutputSize = (UINT)room;
	call->used = at + HEADER + record->OutputSize;
	return NO_ERROR;
}

static DWORD
run_all(struct invocation *call)
{
	DWORD err = NO_ERROR;

	for (uint32_t bits = call->bits; bits != 0 && err == NO_ERROR; bits &= bits - 1)
		err = run_one(call, (unsigned)__builtin_ctz(bits));
	return err;
}

/* Without the lock, but with the callee pinned down. */
static DWORD
run_unlocked(struct rtm_entity *callee, struct invocation *call)
{
	struct rtm_table *t = callee->table;
	struct rtm_running running = { .thread = lock_thread() };
	DWORD err;

	list_insert(&callee->running, &running.link);
	callee->pins++;
	t->guests++;
	rtm_leave(t);
	err = run_all(call);
	rtm_enter_table(t);
	list_remove(&running.link);
	rtm_entity_unpin(t, callee);
	t->guests--;
	lock_wake(&t->lock);
	rtm_table_empty(t);
	return err;
}

static uint32_t
exported(const struct rtm_entity *ent)
{
	return ent->num_methods >= MAX_METHODS ? UINT32_MAX : (1u << ent->num_methods) - 1;
}

static DWORD
invoke(struct rtm_entity *ent, HANDLE handle, RTM_ENTITY_METHOD_INPUT *input, UINT *size,
       RTM_ENTITY_METHOD_OUTPUT *output)
{
	struct rtm_table *t = ent->table;
	struct rtm_entity *callee;
	struct invocation call;
	DWORD err;

	if (input == NULL || size == NULL || output == NULL)
		return ERROR_INVALID_PARAMETER;
	callee = rtm_find_entity(t, handle);
	if (callee == NULL || !callee->registered)
		return ERROR_INVALID_HANDLE;
	call = (struct invocation){ .caller = rtm_name(t, RTM_KIND_ENTITY, ent->slot),
		                    .callee = handle,
		                    .input = input,
		                    .bits = input->MethodType & exported(callee),
		                    .out = (UCHAR *)output,
		                    .size = *size };
	if (call.bits == 0)
		return ERROR_NOT_SUPPORTED;
	if (callee->blocked) {
		if (callee->blocker == lock_thread())
			return ERROR_POSSIBLE_DEADLOCK;
		lock_wait(&t->lock);
		return RTM_AGAIN;
	}
	memcpy(call.methods, callee->methods, callee->num_methods * sizeof *call.methods);
	err = run_unlocked(callee, &call);
	*size = (UINT)call.used;
	return err;
}

DWORD
RtmInvokeMethod(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ENTITY_HANDLE EntityHandle,
                RTM_ENTITY_METHOD_INPUT *Input, UINT *OutputSize,
                RTM_ENTITY_METHOD_OUTPUT *Output)
{
	RTM_CALL(RtmRegHandle, invoke(ent, EntityHandle, Input, OutputSize, Output));
}

/* ---- RtmBlockMethods -------------------------------------------------------------------- */

static DWORD
block(struct rtm_entity *ent, HANDLE target, DWORD flag)
{
	if (flag > RTM_BLOCK_METHODS)
		return ERROR_INVALID_PARAMETER;
	if (target != NULL)
		return ERROR_NOT_SUPPORTED;
	ent->blocked = flag == RTM_BLOCK_METHODS;
	ent->blocker = lock_thread();
	lock_wake(&ent->table->lock);
	return NO_ERROR;
}

DWORD
RtmBlockMethods(RTM_ENTITY_HANDLE RtmRegHandle, HANDLE TargetHandle, UCHAR TargetType,
                DWORD BlockingFlag)
{
	(void)TargetType; /* says nothing without a target [RTM K35] */
	RTM_CALL(RtmRegHandle, block(ent, TargetHandle, BlockingFlag));
}
