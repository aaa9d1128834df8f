/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the terminal of a shell is like, while no deck has it. */
#include <locale.h>
#include <ncurses.h>
#include <stdio.h>
#include <unistd.h>

#include "ledgerdeck/core/env.h"
#include "ledgerdeck/ui/ui.h"
#include "screen.h"

/* Last: its names are macros, as short as "columns". */
#include <term.h>

void ui_terminal(struct terminal_facts *ret_facts)
{
	const char *type = env_variable("TERM");
	int status = 0, colours;

	*ret_facts = (struct terminal_facts){ .utf8 = screen_locale_speaks_utf8() };
	/* Names compare as in C everywhere else. */
	setlocale(LC_CTYPE, "C");
	snprintf(ret_facts->type, sizeof(ret_facts->type), "%s", type ? type : "");
	if (!*ret_facts->type || setupterm(ret_facts->type, STDOUT_FILENO, &status) != OK)
		return;
	colours = tigetnum("colors");
	ret_facts->known = true;
	ret_facts->colours = colours > 0 ? colours : 0;
	del_curterm(cur_term);
}
