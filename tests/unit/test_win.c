/*
 * The headers and calls that source written for Windows meets, used the way such source
 * uses them: this file includes nothing but those headers and CUnit.
 */
#include <winsock2.h>
#include <ws2tcpip.h>
#include <windows.h>
#include <tchar.h>

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
