/*
 * One chapter: entities that ask each other. Statements 121 to 124.
 */
#include "rtm_fix.h"
#include "rtm_thread.h"

#include <string.h>

static struct {
	HANDLE caller, callee;
	UINT input, room, calls;
	RTM_ENTITY_METHOD_TYPE order[8], in_type;
} seen;

static VOID
note(HANDLE caller, HANDLE callee, RTM_ENTITY_METHOD_INPUT *in, RTM_ENTITY_METHOD_OUTPUT *out)
{
	seen.caller = caller;
	seen.callee = callee;
	seen.input = in->InputSize == 4 ? in->InputData[3] : 0;
	seen.in_type = in->MethodType;
	seen.room = out->OutputSize;
	if (seen.calls < 8)
		seen.order[seen.calls] = out->MethodType;
	seen.calls++;
}

static VOID WINAPI
answers_five_bytes(HANDLE caller, HANDLE callee, RTM_ENTITY_METHOD_INPUT *in,
                   RTM_ENTITY_METHOD_OUTPUT *out)
{
	note(caller, callee, in, out);
	if (out->OutputSize < 5) {
		out->MethodStatus = ERROR_INSUFFICIENT_BUFFER;
		out->OutputSize = 0;
		return;
	}
	memcpy(&out->OutputData[0], "route", 5);
	out->OutputSize = 5;
}

static VOID WINAPI
answers_a_status(HANDLE caller, HANDLE callee, RTM_ENTITY_METHOD_INPUT *in,
                 RTM_ENTITY_METHOD_OUTPUT *out)
{
	note(caller, callee, in, out);
	out->MethodStatus = ERROR_NO_DATA;
	out->OutputSize = 0;
}

static HANDLE
helper(void)
{
	struct {
		RTM_ENTITY_EXPORT_METHODS m;
		RTM_ENTITY_EXPORT_METHOD more[2];
	} methods = { { 3, { answers_five_bytes } }, { answers_a_status, answers_five_bytes } };
	RTM_ENTITY_INFO id = fx_id(fx.family, PROTO_C, 1);
	HANDLE e = NULL;

	memset(&seen, 0, sizeof seen);
	OK(RtmRegisterEntity(&id, &methods.m, NULL, FALSE, &fx.profile, &e));
	return e;
}

union out_buf {
	RTM_ENTITY_METHOD_OUTPUT o;
	UCHAR room[256];
};

static DWORD
invoke(HANDLE callee, RTM_ENTITY_METHOD_TYPE which, UINT *size, union out_buf *out)
{
	union {
		RTM_ENTITY_METHOD_INPUT i;
		UCHAR room[32];
	} in;

	memset(&in, 0, sizeof in);
	in.i.MethodType = which;
	in.i.InputSize = 4;
	(&in.i.InputData[0])[3] = 42;
	return RtmInvokeMethod(fx.a, callee, &in.i, size, &out->o);
}

static void
t121_methods_are_counted_and_listed(void)
{
	HANDLE c = helper();
	RTM_ENTITY_EXPORT_METHOD m[3] = { NULL, NULL, NULL };
	UINT n = 0;

	OK(RtmGetEntityMethods(fx.a, c, &n, NULL));
	EQ(3, n);
	n = 2;
	CODE(ERROR_INSUFFICIENT_BUFFER, RtmGetEntityMethods(fx.a, c, &n, m));
	EQ(2, n);
	n = 3;
	OK(RtmGetEntityMethods(fx.a, c, &n, m));
	EQ(3, n);
	TRUTH(m[0] == answers_five_bytes && m[1] == answers_a_status);
	n = 0;
	OK(RtmGetEntityMethods(fx.a, fx.b, &n, NULL)); /* exports none */
	EQ(0, n);
	n = 3;
	OK(RtmGetEntityMethods(fx.a, fx.b, &n, m));
	EQ(0, n);
	CODE(ERROR_INVALID_HANDLE, RtmGetEntityMethods(fx.a, GARBAGE, &n, m));
	CODE(ERROR_INVALID_PARAMETER, RtmGetEntityMethods(fx.a, c, NULL, m));
	n = 1;
	CODE(ERROR_INVALID_PARAMETER, RtmGetEntityMethods(fx.a, c, &n, NULL));
	EQ(0, fx_refs());
	OK(RtmDeregisterEntity(c));
}

static void
t122_one_bit_calls_one_method(void)
{
	HANDLE c = helper();
	union out_buf out;
	UINT size = sizeof out;
	UINT header = offsetof(RTM_ENTITY_METHOD_OUTPUT, OutputData);

	OK(invoke(c, 1, &size, &out));
	EQ(1, seen.calls);
	SAME(fx.a, seen.caller);
	SAME(c, seen.callee);
	EQ(42, seen.input);
	EQ(sizeof out - header, seen.room);
	EQ(1, out.o.MethodType);
	EQ(NO_ERROR, out.o.MethodStatus);
	EQ(5, out.o.OutputSize);
	EQ(0, memcmp(&out.o.OutputData[0], "route", 5));
	TRUTH(size >= header + 5 && size <= header + 8); /* padded to 4 or not */
	OK(RtmDeregisterEntity(c));
}

static void
t122_all_methods_run_in_the_order_of_their_bits(void)
{
	HANDLE c = helper();
	RTM_ENTITY_METHOD_OUTPUT *second, *third;
	union out_buf out;
	UINT size = sizeof out, header = offsetof(RTM_ENTITY_METHOD_OUTPUT, OutputData);

	OK(invoke(c, METHOD_TYPE_ALL_METHODS, &size, &out));
	EQ(3, seen.calls);
	for (UINT i = 0; i < 3; i++)
		EQ(1u << i, seen.order[i]);
	second = (void *)(out.room + header + 8); /* 5 bytes, up to the next 4 */
	EQ(2, second->MethodType);
	EQ(ERROR_NO_DATA, second->MethodStatus);
	EQ(0, second->OutputSize);
	third = (void *)(out.room + 2 * header + 8);
	EQ(4, third->MethodType);
	EQ(5, third->OutputSize);
	TRUTH(size >= 3 * header + 13 && size <= 3 * header + 16);
	size = sizeof out;
	OK(invoke(c, 0x80000002u, &size, &out)); /* bits that nobody exports are skipped */
	EQ(4, seen.calls);
	EQ(2, out.o.MethodType);
	OK(RtmDeregisterEntity(c));
}

static VOID WINAPI
calls_home(HANDLE caller, HANDLE callee, RTM_ENTITY_METHOD_INPUT *in,
           RTM_ENTITY_METHOD_OUTPUT *out)
{
	note(caller, callee, in, out);
	out->MethodStatus = fx_add(callee, NULL, RT("10.0.0.0", 8)); /* no lock held */
	out->OutputSize = 0;
}

static void
t122_a_method_may_use_the_table_and_call_itself(void)
{
	RTM_ENTITY_EXPORT_METHODS m = { 1, { calls_home } };
	RTM_ENTITY_METHOD_INPUT in = { 1, 0, { 0 } };
	RTM_ENTITY_INFO id = fx_id(fx.family, PROTO_C, 1);
	union out_buf out;
	UINT size = sizeof out;
	HANDLE e = NULL;

	OK(RtmRegisterEntity(&id, &m, NULL, FALSE, &fx.profile, &e));
	OK(RtmInvokeMethod(e, e, &in, &size, &out.o)); /* its own callee */
	EQ(NO_ERROR, out.o.MethodStatus);
	SAME(e, seen.caller);
	TRUTH(fx_slot("10.0.0.0", 8, 0).found);
	OK(RtmDeregisterEntity(e));
}

static DWORD
invoke_elsewhere(void *callee)
{
	union out_buf out;
	UINT size = sizeof out;

	return invoke(callee, 1, &size, &out);
}

static void
t123_blocked_methods_wait_for_their_resumption(void)
{
	static struct other o;
	HANDLE c = helper();
	union out_buf out;
	UINT size = sizeof out;

	OK(RtmBlockMethods(c, NULL, 0, RTM_BLOCK_METHODS));
	OK(RtmBlockMethods(c, NULL, 0, RTM_BLOCK_METHODS)); /* a flag, not a counter */
	CODE(ERROR_POSSIBLE_DEADLOCK, invoke(c, 1, &size, &out));
	EQ(0, seen.calls);
	other_start(&o, invoke_elsewhere, c);
	TRUTH(other_waits(&o));
	EQ(0, seen.calls);
	OK(RtmBlockMethods(c, NULL, 0, RTM_RESUME_METHODS));
	TRUTH(other_done(&o));
	EQ(NO_ERROR, o.answer);
	EQ(1, seen.calls);
	other_end(&o);
	OK(RtmBlockMethods(c, NULL, 0, RTM_RESUME_METHODS));
	size = sizeof out;
	OK(invoke(c, 1, &size, &out));
	CODE(ERROR_NOT_SUPPORTED, RtmBlockMethods(c, c, DEST_TYPE, RTM_BLOCK_METHODS));
	CODE(ERROR_INVALID_PARAMETER, RtmBlockMethods(c, NULL, 0, 2));
	OK(RtmDeregisterEntity(c));
}

static void
t123_a_callee_that_goes_sets_the_waiting_free(void)
{
	static struct other o;
	HANDLE c = helper();

	OK(RtmBlockMethods(c, NULL, 0, RTM_BLOCK_METHODS));
	other_start(&o, invoke_elsewhere, c);
	TRUTH(other_waits(&o));
	OK(RtmDeregisterEntity(c));
	TRUTH(other_done(&o));
	EQ(ERROR_INVALID_HANDLE, o.answer);
	other_end(&o);
	EQ(0, seen.calls);
}

static void
t124_no_room_and_no_such_method_are_told_apart(void)
{
	HANDLE c = helper();
	RTM_ENTITY_METHOD_INPUT in = { 1, 0, { 0 } };
	UINT header = offsetof(RTM_ENTITY_METHOD_OUTPUT, OutputData), size = header - 1;
	union out_buf out;

	CODE(ERROR_INSUFFICIENT_BUFFER, invoke(c, 1, &size, &out));
	EQ(0, size); /* used so far */
	EQ(0, seen.calls);
	size = header; /* room for a head without data: the method copes */
	OK(invoke(c, 1, &size, &out));
	EQ(0, seen.room);
	EQ(ERROR_INSUFFICIENT_BUFFER, out.o.MethodStatus);
	size = header + 8 + header - 1; /* room for one and not quite for two */
	CODE(ERROR_INSUFFICIENT_BUFFER, invoke(c, 3, &size, &out));
	TRUTH(size >= header + 5 && size <= header + 8);
	size = sizeof out;
	CODE(ERROR_NOT_SUPPORTED, invoke(c, 0x8, &size, &out));
	CODE(ERROR_NOT_SUPPORTED, invoke(c, 0, &size, &out));
	CODE(ERROR_NOT_SUPPORTED, invoke(fx.b, METHOD_TYPE_ALL_METHODS, &size, &out));
	EQ(sizeof out, size);
	CODE(ERROR_INVALID_HANDLE, invoke(GARBAGE, 1, &size, &out));
	CODE(ERROR_INVALID_PARAMETER, RtmInvokeMethod(fx.a, c, NULL, &size, &out.o));
	CODE(ERROR_INVALID_PARAMETER, RtmInvokeMethod(fx.a, c, &in, NULL, &out.o));
	CODE(ERROR_INVALID_PARAMETER, RtmInvokeMethod(fx.a, c, &in, &size, NULL));
	OK(RtmDeregisterEntity(c));
}

static const CU_TestInfo cases[] = {
#define T(name)                                                                                \
	{                                                                                      \
#name, name                                                                    \
	}
	T(t121_methods_are_counted_and_listed),
	T(t122_one_bit_calls_one_method),
	T(t122_all_methods_run_in_the_order_of_their_bits),
	T(t122_a_method_may_use_the_table_and_call_itself),
	T(t123_blocked_methods_wait_for_their_resumption),
	T(t123_a_callee_that_goes_sets_the_waiting_free),
	T(t124_no_room_and_no_such_method_are_told_apart),
	CU_TEST_INFO_NULL,
};

int
main(void)
{
	return fx_main("methods", cases, FX_ONE);
}
