/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The choices are lines as those of the trail, which is also how they are kept: "quickbooks.Invoice ID,TotalAmt". */
#include "chosen.h"

#include <stdio.h>
#include <string.h>

#include "deck.h"
#include "ledgerdeck/core/memory.h"
#include "trail.h"

#define NAME_MAX_LEN 100

static void name_of(const struct type *type, char *out)
{
	snprintf(out, NAME_MAX_LEN, "%s.%s", type->provider, type->name);
}

/* All lines but the one of that name. */
static void copy_others(const char *text, const char *name, struct str *out)
{
	size_t name_len = strlen(name), len;

	for (; *text; text += len) {
		len = strcspn(text, "\n");
		len += text[len] == '\n';
		if (strncmp(text, name, name_len) != 0 || text[name_len] != ' ')
			str_add_bytes(out, text, len);
	}
}

void chosen_put(struct deck *deck, const struct type *type, const char *names)
{
	AUTO(str_clear) struct str before = STR_INIT(STR_NO_LIMIT);
	char name[NAME_MAX_LEN];

	name_of(type, name);
	str_add_bytes(&before, deck->chosen.text, deck->chosen.len);
	str_reset(&deck->chosen);
	copy_others(before.text ? before.text : "", name, &deck->chosen);
	trail_put(&deck->chosen, name, names);
	/* Half a line would be none: rather the choices before. */
	if (str_is_cut(&deck->chosen)) {
		str_reset(&deck->chosen);
		str_add_bytes(&deck->chosen, before.text, before.len);
	}
	deck->chosen_version++;
}

bool chosen_get(const struct deck *deck, const struct type *type, char *out, size_t size)
{
	char name[NAME_MAX_LEN];

	name_of(type, name);
	return trail_get(deck->chosen.len ? deck->chosen.text : "", name, out, size);
}

uint64_t chosen_version(const struct deck *deck)
{
	return deck->chosen_version;
}

void chosen_load(struct deck *deck, const char *lines)
{
	str_reset(&deck->chosen);
	str_add_bytes(&deck->chosen, lines, strcspn(lines, "["));
	deck->chosen_version++;
}
