/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs the groups of tests of this folder. */
#include <signal.h>
#include <stdlib.h>
#include <time.h>

#include "ledgerdeck/core/secret.h"
#include "tests.h"

int main(void)
{
	const char *warning;
	struct error err = { 0 };

	/* As in the program itself: who does not read on shows as a failed write. */
	signal(SIGPIPE, SIG_IGN);
	setenv("TZ", "UTC", 1);
	tzset();
	if (!secret_start(&warning, &err))
		return 1;
	return test_golden() + test_act() + test_attention() + test_dialog() + test_hostile() + test_jobs() + test_log() + test_mouse() + test_plain() + test_trail() + test_records() != 0;
}
