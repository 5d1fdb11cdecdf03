/*
 * The headers and calls that source written for Windows meets, used the way such source
 * uses them: this file includes nothing but those headers and CUnit.
 */
#include <winsock2.h>
#include <ws2tcpip.h>
#include <windows.h>
#include <strsafe.h>
#include <tchar.h>

#include <pthread.h>

#include <CUnit/Automated.h>
#include <CUnit/Basic.h>

#include "base/alloc.h"

static void
a_dword_has_32_bits_and_prints_with_d(void)
{
	char text[16];
	DWORD dwValue = 4294967295u;

	CU_ASSERT_EQUAL(sizeof(DWORD), 4);
	CU_ASSERT_EQUAL(sizeof(ULONG), 4);
	CU_ASSERT_EQUAL(sizeof(LONG), 4);
	sprintf_s(text, sizeof text, "%d", (int)dwValue);
	CU_ASSERT_STRING_EQUAL(text, "-1");
}

static void
an_address_can_be_spelled_both_ways(void)
{
	struct in_addr IpAddr;
	struct sockaddr_in sin;

	IpAddr.S_un.S_addr = inet_addr("192.0.2.1");
	CU_ASSERT_STRING_EQUAL(inet_ntoa(IpAddr), "192.0.2.1");
	CU_ASSERT_EQUAL(IpAddr.s_addr, htonl(0xC0000201));
	CU_ASSERT_EQUAL(IpAddr.S_un.S_un_b.s_b1, 192);
	memset(&sin, 0, sizeof sin);
	sin.sin_addr = IpAddr;
	CU_ASSERT_STRING_EQUAL(inet_ntoa(sin.sin_addr), "192.0.2.1");
	CU_ASSERT_EQUAL(sizeof sin, 16);
}

static void
the_last_error_is_kept_and_has_a_text(void)
{
	LPSTR lpMsgBuf = NULL;
	DWORD n;

	SetLastError(ERROR_NOT_FOUND);
	CU_ASSERT_EQUAL(GetLastError(), ERROR_NOT_FOUND);
	n = FormatMessage(FORMAT_MESSAGE_ALLOCATE_BUFFER | FORMAT_MESSAGE_FROM_SYSTEM |
	                      FORMAT_MESSAGE_IGNORE_INSERTS,
	                  NULL, GetLastError(), MAKELANGID(LANG_NEUTRAL, SUBLANG_DEFAULT),
	                  (LPTSTR)&lpMsgBuf, 0, NULL);
	CU_ASSERT_PTR_NOT_NULL_FATAL(lpMsgBuf);
	CU_ASSERT(n > 2);
	CU_ASSERT_EQUAL(strlen(lpMsgBuf), n);
	CU_ASSERT_STRING_EQUAL(lpMsgBuf + n - 2, "\r\n");
	CU_ASSERT_PTR_NULL(LocalFree(lpMsgBuf));
}

static void
a_message_that_does_not_fit_or_has_no_source_is_refused(void)
{
	char small[4] = "abc";
	WCHAR wide[200];

	CU_ASSERT_EQUAL(FormatMessageA(FORMAT_MESSAGE_FROM_SYSTEM, NULL, ERROR_NOT_FOUND, 0,
	                               small, sizeof small, NULL),
	                0);
	CU_ASSERT_EQUAL(GetLastError(), ERROR_INSUFFICIENT_BUFFER);
	CU_ASSERT_STRING_EQUAL(small, "abc");
	CU_ASSERT_EQUAL(FormatMessageA(0, NULL, ERROR_NOT_FOUND, 0, small, sizeof small, NULL),
	                0);
	CU_ASSERT_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
	CU_ASSERT(FormatMessageW(FORMAT_MESSAGE_FROM_SYSTEM, NULL, ERROR_NOT_FOUND, 0, wide,
	                         200, NULL) > 2);
	CU_ASSERT(wcslen(wide) > 2);
}

static void
a_message_without_memory_says_so(void)
{
	LPSTR text = NULL;

	mem_fail_nth(1);
	CU_ASSERT_EQUAL(
	    FormatMessage(FORMAT_MESSAGE_ALLOCATE_BUFFER | FORMAT_MESSAGE_FROM_SYSTEM, NULL,
	                  ERROR_NOT_FOUND, 0, (LPTSTR)&text, 0, NULL),
	    0);
	CU_ASSERT(mem_failed());
	mem_fail_nth(0);
	CU_ASSERT_EQUAL(GetLastError(), ERROR_NOT_ENOUGH_MEMORY);
	CU_ASSERT_PTR_NULL(text);
}

static void
the_heap_gives_zeroed_memory_and_takes_it_back(void)
{
	DWORD *p = (DWORD *)HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, 4 * sizeof(DWORD));

	CU_ASSERT_PTR_NOT_NULL_FATAL(p);
	CU_ASSERT_EQUAL(p[0] | p[1] | p[2] | p[3], 0);
	p[0] = 7;
	p = (DWORD *)HeapReAlloc(GetProcessHeap(), 0, p, 4096);
	CU_ASSERT_PTR_NOT_NULL_FATAL(p);
	CU_ASSERT_EQUAL(p[0], 7);
	CU_ASSERT(HeapFree(GetProcessHeap(), 0, p));
	CU_ASSERT_PTR_NULL(HeapAlloc(NULL, 0, 4));
	CU_ASSERT_FALSE(HeapFree(NULL, 0, NULL));
}

static void
bounded_strings_never_overflow(void)
{
	static const struct {
		const char *first, *second;
		int code;
		const char *result;
	} cases[] = {
		{ "", "", 0, "" },
		{ "abc", "defg", 0, "abcdefg" },
		{ "abcd", "efgh", ERANGE, "" },
		{ "1234567", "", 0, "1234567" },
	};
	char buffer[8];

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		CU_ASSERT_EQUAL(strcpy_s(buffer, sizeof buffer, cases[i].first), 0);
		CU_ASSERT_EQUAL(strcat_s(buffer, sizeof buffer, cases[i].second),
		                cases[i].code);
		CU_ASSERT_STRING_EQUAL(buffer, cases[i].result);
	}
	CU_ASSERT_EQUAL(strcpy_s(buffer, sizeof buffer, "12345678"), ERANGE);
	CU_ASSERT_EQUAL(buffer[0], 0);
	CU_ASSERT_EQUAL(strcpy_s(NULL, 4, "a"), EINVAL);
	CU_ASSERT_EQUAL(strcpy_s(buffer, sizeof buffer, NULL), EINVAL);
	CU_ASSERT_EQUAL(sprintf_s(buffer, sizeof buffer, "%s", "too long for it"), -1);
	CU_ASSERT_EQUAL(buffer[0], 0);
}

static void
memory_macros_and_start_up_calls_are_there(void)
{
	char a[4] = "abc", b[4];
	WSADATA wsa;

	CopyMemory(b, a, sizeof a);
	CU_ASSERT_STRING_EQUAL(b, "abc");
	ZeroMemory(b, sizeof b);
	CU_ASSERT_EQUAL(b[0], 0);
	CU_ASSERT_EQUAL(WSAStartup(MAKEWORD(2, 2), &wsa), 0);
	CU_ASSERT_EQUAL(LOBYTE(wsa.wVersion), 2);
	CU_ASSERT_EQUAL(WSACleanup(), 0);
}

/* ---- formats ---------------------------------------------------------------------------- */

static void
formats_are_read_as_on_windows(void)
{
	static const WCHAR wide[] = L"eth0";
	char line[128];
	DWORD dw = 4294967295u;
	ULONG64 luid = 0x0006000001000000u;
	int n;

	n = sprintf(line, "%lu|%ld|%lx|%08lX|%d", dw, dw, dw, (DWORD)0xAB, (int)dw);
	CU_ASSERT_STRING_EQUAL(line, "4294967295|-1|ffffffff|000000AB|-1");
	CU_ASSERT_EQUAL(n, (int)strlen(line));
	sprintf(line, "%I64x|%llu|%I64d|%I32u|%zu|%Iu", luid, luid, (LONG64)-5, dw, (SIZE_T)7,
	        (SIZE_T)8);
	CU_ASSERT_STRING_EQUAL(line, "6000001000000|1688849877041152|-5|4294967295|7|8");
	sprintf(line, "%s|%S|%ls|%ws|%hs|%.2S|%-6s|%*d|%%lu|%c|%C|%hu", "a", wide, wide, wide,
	        "b", wide, "c", 3, 7, 'd', L'e', (USHORT)65535);
	CU_ASSERT_STRING_EQUAL(line, "a|eth0|eth0|eth0|b|et|c     |  7|%lu|d|e|65535");
	sprintf(line, "%5.1f|%g|%lf", 2.25, 0.5, 1.0);
	CU_ASSERT_STRING_EQUAL(line, "  2.2|0.5|1.000000");
	/* the seventh argument and beyond lie in memory, where a neighbour would be read */
	sprintf(line, "%lu %lu %lu %lu %lu %lu %lu %lu %lu", dw, dw, dw, dw, dw, dw, (DWORD)1,
	        (DWORD)2, dw);
	CU_ASSERT_STRING_EQUAL(line + 66, "1 2 4294967295");
}

static void
wide_formats_are_read_as_on_windows(void)
{
	WCHAR line[64];
	char longer[3000];
	WCHAR format[1500];

	CU_ASSERT_EQUAL(swprintf(line, 64, L"%s|%ls|%S|%hs|%lu|%c", L"eth0", L"lo", "x", "y",
	                         (DWORD)7, L'z'),
	                15);
	CU_ASSERT_EQUAL(wcscmp(line, L"eth0|lo|x|y|7|z"), 0);
	CU_ASSERT_EQUAL(swprintf(line, 4, L"%s", L"ethernet"), -1);
	CU_ASSERT_EQUAL(line[0], 0);
	/* longer than the room on the stack */
	for (size_t i = 0; i < 1498; i++)
		format[i] = L'a';
	format[1497] = L'%';
	format[1498] = L'u';
	format[1499] = L'\0';
	CU_ASSERT_EQUAL(swprintf(line, 64, format, 5u), -1);
	for (size_t i = 0; i < 1500; i++)
		longer[i] = (char)format[i];
	memset(longer + 2000, 0, 8);
	{
		char out[2000];

		CU_ASSERT_EQUAL(snprintf(out, sizeof out, longer, 5u), 1498);
		CU_ASSERT_STRING_EQUAL(out + 1495, "aa5");
	}
}

static void
a_stream_takes_wide_and_narrow_in_turn(void)
{
	char line[64] = "";
	FILE *file = tmpfile();

	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	CU_ASSERT_EQUAL(fwprintf(file, L"Name: %s\n", L"ethernet_2"), 17);
	CU_ASSERT_EQUAL(fprintf(file, "%lu\n", (DWORD)5), 2);
	rewind(file);
	CU_ASSERT_EQUAL(fread(line, 1, sizeof line - 1, file), 19);
	CU_ASSERT_STRING_EQUAL(line, "Name: ethernet_2\n5\n");
	fclose(file);
}

static void
text_becomes_wide_and_narrow(void)
{
	static const struct {
		const char *narrow;
		int length; /* in wide characters, with the NUL; 0: not well formed */
	} cases[] = {
		{ "", 1 },
		{ "eth0", 5 },
		{ "\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80", 4 }, /* 2, 3 and 4 octets */
		{ "\xC0\x80", 0 },                             /* overlong */
		{ "\xED\xA0\x80", 0 },                         /* surrogate */
		{ "\xE2\x82", 0 },                             /* cut */
		{ "\x80", 0 },
		{ "\xF5\x80\x80\x80", 0 },
		{ "\xF4\x90\x80\x80", 0 }, /* beyond the last character */
	};
	WCHAR wide[16];
	char back[32];

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		int n = MultiByteToWideChar(CP_ACP, 0, cases[i].narrow, -1, NULL, 0);

		CU_ASSERT_EQUAL(n, cases[i].length);
		if (n == 0) {
			CU_ASSERT_EQUAL(GetLastError(), ERROR_NO_UNICODE_TRANSLATION);
			continue;
		}
		CU_ASSERT_EQUAL(MultiByteToWideChar(CP_UTF8, 0, cases[i].narrow, -1, wide, 16),
		                n);
		CU_ASSERT_EQUAL(
		    WideCharToMultiByte(CP_UTF8, 0, wide, -1, back, sizeof back, NULL, NULL),
		    (int)strlen(cases[i].narrow) + 1);
		CU_ASSERT_STRING_EQUAL(back, cases[i].narrow);
	}
	CU_ASSERT_EQUAL(MultiByteToWideChar(CP_ACP, 0, "eth0", -1, wide, 4), 0);
	CU_ASSERT_EQUAL(GetLastError(), ERROR_INSUFFICIENT_BUFFER);
	CU_ASSERT_EQUAL(MultiByteToWideChar(CP_ACP, 0, NULL, -1, wide, 4), 0);
	CU_ASSERT_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
}

/* ---- events ------------------------------------------------------------------ */

static void
an_event_is_waited_for(void)
{
	HANDLE once = CreateEvent(NULL, FALSE, TRUE, NULL), stays = WSACreateEvent(), both[2];

	CU_ASSERT_PTR_NOT_NULL_FATAL(once);
	CU_ASSERT_PTR_NOT_NULL_FATAL(stays);
	both[0] = once;
	both[1] = stays;
	CU_ASSERT_EQUAL(WaitForSingleObject(once, INFINITE), WAIT_OBJECT_0);
	CU_ASSERT_EQUAL(WaitForSingleObject(once, 0), WAIT_TIMEOUT); /* it reset itself */
	CU_ASSERT_EQUAL(WaitForSingleObject(stays, 1), WAIT_TIMEOUT);
	CU_ASSERT(SetEvent(stays));
	CU_ASSERT_EQUAL(WaitForSingleObject(stays, INFINITE), WAIT_OBJECT_0);
	CU_ASSERT_EQUAL(WaitForMultipleObjects(2, both, FALSE, INFINITE), WAIT_OBJECT_0 + 1);
	CU_ASSERT_EQUAL(WaitForMultipleObjects(2, both, TRUE, 1), WAIT_TIMEOUT);
	CU_ASSERT(SetEvent(once));
	CU_ASSERT_EQUAL(WaitForMultipleObjects(2, both, TRUE, INFINITE), WAIT_OBJECT_0);
	CU_ASSERT_EQUAL(WaitForSingleObject(once, 0), WAIT_TIMEOUT);
	CU_ASSERT(ResetEvent(stays));
	CU_ASSERT_EQUAL(WaitForSingleObject(stays, 0), WAIT_TIMEOUT);
	CU_ASSERT(CloseHandle(once));
	CU_ASSERT(WSACloseEvent(stays));
}

static void
what_is_no_event_is_refused(void)
{
	HANDLE event = CreateEvent(NULL, TRUE, FALSE, NULL), again;

	CU_ASSERT(CloseHandle(event));
	CU_ASSERT_FALSE(CloseHandle(event));
	CU_ASSERT_EQUAL(GetLastError(), ERROR_INVALID_HANDLE);
	again = CreateEvent(NULL, TRUE, FALSE, NULL); /* in the same place */
	CU_ASSERT_PTR_NOT_EQUAL(again, event);
	CU_ASSERT_FALSE(SetEvent(event));
	CU_ASSERT_FALSE(SetEvent(NULL));
	CU_ASSERT_FALSE(SetEvent(INVALID_HANDLE_VALUE));
	CU_ASSERT_EQUAL(WaitForSingleObject(event, INFINITE), WAIT_FAILED);
	CU_ASSERT_EQUAL(GetLastError(), ERROR_INVALID_HANDLE);
	CU_ASSERT_EQUAL(WaitForMultipleObjects(0, &again, FALSE, 0), WAIT_FAILED);
	CU_ASSERT_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
	CU_ASSERT_PTR_NULL(CreateEvent(NULL, TRUE, FALSE, "Global\\Routes"));
	CU_ASSERT_EQUAL(GetLastError(), ERROR_NOT_SUPPORTED);
	CU_ASSERT(CloseHandle(again));
}

static void
there_are_no_more_events_than_there_are_places(void)
{
	static HANDLE all[2000];
	size_t n = 0;

	while (n < 2000 && (all[n] = CreateEvent(NULL, TRUE, FALSE, NULL)) != NULL)
		n++;
	CU_ASSERT(n >= 1000 && n < 2000);
	CU_ASSERT_EQUAL(GetLastError(), ERROR_NO_SYSTEM_RESOURCES);
	while (n > 0)
		CU_ASSERT(CloseHandle(all[--n]));
}

static void *
waiter(void *arg)
{
	return WaitForSingleObject(arg, INFINITE) == WAIT_OBJECT_0 ? arg : NULL;
}

static void
events_cross_threads(void)
{
	HANDLE event = CreateEvent(NULL, FALSE, FALSE, NULL);
	pthread_t thread;
	void *result;

	CU_ASSERT_EQUAL_FATAL(pthread_create(&thread, NULL, waiter, event), 0);
	CU_ASSERT(SetEvent(event));
	pthread_join(thread, &result);
	CU_ASSERT_PTR_EQUAL(result, event);
	CU_ASSERT_EQUAL_FATAL(pthread_create(&thread, NULL, waiter, event), 0);
	CU_ASSERT(CloseHandle(event)); /* while somebody waits, or before */
	pthread_join(thread, &result);
	CU_ASSERT_PTR_NULL(result);
}

static void
cut_text_is_reported(void)
{
	char buffer[4] = "";

	CU_ASSERT_EQUAL(StringCchCopy(buffer, 4, "abc"), S_OK);
	CU_ASSERT_EQUAL(StringCchCat(buffer, 4, "d"), STRSAFE_E_INSUFFICIENT_BUFFER);
	CU_ASSERT_STRING_EQUAL(buffer, "abc");
	CU_ASSERT(FAILED(StringCchPrintf(buffer, 4, "%lu", (DWORD)12345)));
	CU_ASSERT_STRING_EQUAL(buffer, "123");
	CU_ASSERT_EQUAL(StringCchCopy(buffer, 0, ""), STRSAFE_E_INVALID_PARAMETER);
	CU_ASSERT_EQUAL(strncpy_s(buffer, 4, "abcdef", 3), 0);
	CU_ASSERT_STRING_EQUAL(buffer, "abc");
	CU_ASSERT_EQUAL(strncpy_s(buffer, 4, "wxyzef", _TRUNCATE), 80);
	CU_ASSERT_STRING_EQUAL(buffer, "wxy");
	CU_ASSERT_EQUAL(strncpy_s(buffer, 4, "abcdef", 4), ERANGE);
	CU_ASSERT_EQUAL(memcpy_s(buffer, 4, "abcdef", 6), ERANGE);
	CU_ASSERT_EQUAL(buffer[0], 0);
}

static void
wide_addresses_are_read_and_written(void)
{
	WCHAR text[INET6_ADDRSTRLEN], small[4];
	struct in6_addr six;
	struct in_addr four;

	CU_ASSERT_EQUAL(InetPtonW(AF_INET, L"192.0.2.1", &four), 1);
	CU_ASSERT_EQUAL(four.S_un.S_un_b.s_b4, 1);
	CU_ASSERT_EQUAL(InetPtonW(AF_INET, L"192.0.2", &four), 0);
	CU_ASSERT_EQUAL(InetPtonW(AF_INET6, L"2001:db8::1", &six), 1);
	CU_ASSERT_PTR_EQUAL(InetNtopW(AF_INET6, &six, text, INET6_ADDRSTRLEN), text);
	CU_ASSERT_EQUAL(wcscmp(text, L"2001:db8::1"), 0);
	CU_ASSERT_PTR_NULL(InetNtopW(AF_INET6, &six, small, 4));
}

static int
nothing_is_left(void)
{
	return mem_alive() == 0 ? 0 : 1;
}

int
main(void)
{
	CU_TestInfo tests[] = {
		{ "a_dword_has_32_bits_and_prints_with_d",
		  a_dword_has_32_bits_and_prints_with_d },
		{ "an_address_can_be_spelled_both_ways", an_address_can_be_spelled_both_ways },
		{ "the_last_error_is_kept_and_has_a_text",
		  the_last_error_is_kept_and_has_a_text },
		{ "a_message_that_does_not_fit_or_has_no_source_is_refused",
		  a_message_that_does_not_fit_or_has_no_source_is_refused },
		{ "a_message_without_memory_says_so", a_message_without_memory_says_so },
		{ "the_heap_gives_zeroed_memory_and_takes_it_back",
		  the_heap_gives_zeroed_memory_and_takes_it_back },
		{ "bounded_strings_never_overflow", bounded_strings_never_overflow },
		{ "memory_macros_and_start_up_calls_are_there",
		  memory_macros_and_start_up_calls_are_there },
		{ "formats_are_read_as_on_windows", formats_are_read_as_on_windows },
		{ "wide_formats_are_read_as_on_windows", wide_formats_are_read_as_on_windows },
		{ "a_stream_takes_wide_and_narrow_in_turn",
		  a_stream_takes_wide_and_narrow_in_turn },
		{ "text_becomes_wide_and_narrow", text_becomes_wide_and_narrow },
		{ "an_event_is_waited_for", an_event_is_waited_for },
		{ "what_is_no_event_is_refused", what_is_no_event_is_refused },
		{ "there_are_no_more_events_than_there_are_places",
		  there_are_no_more_events_than_there_are_places },
		{ "events_cross_threads", events_cross_threads },
		{ "cut_text_is_reported", cut_text_is_reported },
		{ "wide_addresses_are_read_and_written", wide_addresses_are_read_and_written },
		CU_TEST_INFO_NULL,
	};
	CU_SuiteInfo suites[] = {
		{ "win", NULL, nothing_is_left, NULL, NULL, tests },
		CU_SUITE_INFO_NULL,
	};
	unsigned failed;

	if (CU_initialize_registry() != CUE_SUCCESS ||
	    CU_register_suites(suites) != CUE_SUCCESS)
		return 99;
	CU_basic_set_mode(CU_BRM_VERBOSE);
	CU_basic_run_tests();
	failed = CU_get_number_of_failures() + CU_get_number_of_suites_failed();
	CU_cleanup_registry();
	return failed != 0;
}
