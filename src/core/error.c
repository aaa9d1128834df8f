/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Fills errors. Whatever goes in, the text that comes out is one line that fits and does not end
 * in half a character; saying it to somebody is left to the callers at the top.
 */
#include "ledgerdeck/core/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "ledgerdeck/core/utf8.h"

/*
 * Control characters become blanks and bytes that are no UTF-8 question marks. A text that was
 * cut loses the part of a character that may stand at its end.
 */
static void text_tidy(char *text, bool cut)
{
	size_t len = strlen(text), step;

	for (size_t i = 0; i < len; i += step) {
		unsigned char c = (unsigned char)text[i];

		step = utf8_len(text + i, len - i);
		if (step == 0 && cut && len - i < 4) {
			text[i] = '\0';
			return;
		}
		if (step == 0) {
			text[i] = '?';
			step = 1;
		} else if (c < 0x20 || c == 0x7f) {
			text[i] = ' ';
		}
	}
}

bool error_set(struct error *err, enum error_code code, const char *format, ...)
{
	struct error made = { .code = code, .retry_after_s = -1 };
	va_list args;
	int len;

	if (!err)
		return false;
	/* Formatted aside, because the arguments may be the old text of this very error. */
	va_start(args, format);
	len = vsnprintf(made.text, sizeof(made.text), format, args);
	va_end(args);
	text_tidy(made.text, len < 0 || (size_t)len >= sizeof(made.text));
	*err = made;
	return false;
}

bool error_prefix(struct error *err, const char *format, ...)
{
	char text[sizeof(err->text)];
	va_list args;
	size_t used;
	int len;

	if (!err)
		return false;
	va_start(args, format);
	len = vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (len < 0)
		return false;
	used = strlen(text);
	len = snprintf(text + used, sizeof(text) - used, ": %s", err->text);
	text_tidy(text, len < 0 || (size_t)len >= sizeof(text) - used);
	memcpy(err->text, text, sizeof(text));
	return false;
}

const char *error_word(enum error_code code)
{
	static const char *const words[ERROR_CODE_COUNT] = {
		[ERROR_NONE] = "none",         [ERROR_INPUT] = "input",       [ERROR_AUTH] = "auth",
		[ERROR_LIMIT] = "limit",       [ERROR_NETWORK] = "network",   [ERROR_REMOTE] = "remote",
		[ERROR_CONFLICT] = "conflict", [ERROR_STORE] = "store",       [ERROR_CANCELLED] = "cancelled",
		[ERROR_INTERNAL] = "internal",
	};

	return words[code];
}

void error_clear(struct error *err)
{
	if (err)
		*err = (struct error){ 0 };
}
