/* A number that whoever runs a test may set in its environment. */
#ifndef TESTS_SETTING_H
#define TESTS_SETTING_H

#include <stdlib.h>

static inline unsigned long
setting(const char *name, unsigned long otherwise)
{
	const char *text = getenv(name);

	return text == NULL || *text == '\0' ? otherwise : strtoul(text, NULL, 10);
}

#endif
