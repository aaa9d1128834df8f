/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A time in the past at which records are looked at. */
#include "moment.h"

#include <stdio.h>
#include <string.h>

#include "deck.h"
#include "ledgerdeck/command/then.h"
#include "ledgerdeck/core/date.h"
#include "ledgerdeck/core/memory.h"

#define WORD "as-of"

static void typed(struct deck *deck, const void *target, const char *text)
{
	const char *const words[] = { WORD, text };
	struct view *top = deck_top(deck);

	(void)target;
	if (top->kind->words)
		top->kind->words(top, words, 2);
}

void moment_ask(struct deck *deck)
{
	prompt_want(deck, "As of (a day, a time, 3d ago; empty: now): ", "", 1, typed);
}

bool moment_is(const char *const *words)
{
	return strcmp(words[0], WORD) == 0;
}

bool moment_take(struct deck *deck, const char *const *words, size_t count, int64_t *ret_ms)
{
	AUTO(str_clear) struct str text = STR_INIT(200);
	struct error err = { 0 };

	if (!moment_is(words))
		return false;
	for (size_t i = 1; i < count; i++)
		str_addf(&text, "%s%s", text.len ? " " : "", words[i]);
	*ret_ms = 0;
	if (text.len == 0 || strcmp(text.text, "now") == 0 || then_parse(deck_app(deck), WORD, text.text, ret_ms, &err))
		return true;
	deck_tell(deck, &err);
	return false;
}

void moment_add(int64_t at_ms, struct str *out)
{
	char stamp[STAMP_TEXT_MAX];

	if (at_ms)
		str_addf(out, ", as of %.10s %.8sZ", stamp_format(at_ms, 0, false, stamp), stamp + 11);
}

void moment_add_cli(int64_t at_ms, struct str *out)
{
	char stamp[STAMP_TEXT_MAX];

	if (at_ms)
		str_addf(out, " --as-of %.*sZ", at_ms % 1000 ? 23 : 19, stamp_format(at_ms, 0, true, stamp));
}
