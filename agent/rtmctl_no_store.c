/* A build without the store has nothing to export, import or check. */
#include "rtmctl.h"

#include <stdio.h>

int
do_store(struct tool *tool, char **words)
{
	(void)tool;
	(void)words;
	fprintf(stderr, "rtmctl: this rtmctl was built without a store\n");
	return STATUS_USAGE;
}
