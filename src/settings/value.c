/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What each kind of setting takes, and as which number. */
#include "value.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "ledgerdeck/core/memory.h"

#define VALUE_MAX 16384

static const char duration_units[] = "smhd", size_units[] = "KMG";
static const int64_t seconds[] = { 1, 60, 3600, 86400 };
static const int64_t bytes[] = { 1024, INT64_C(1) << 20, INT64_C(1) << 30 };

void value_wipe(struct str *text)
{
	if (text->len > 0)
		secret_wipe(text->text, text->len);
	str_clear(text);
}

/* "90", "5m", "64M": a number with a unit that multiplies it. */
static bool number_with_unit(const char *text, const char *units, const int64_t *factors, int64_t *ret_number)
{
	char *end;
	long long number;
	const char *unit;

	if (!isdigit((unsigned char)text[0]))
		return false;
	errno = 0;
	number = strtoll(text, &end, 10);
	if (errno == ERANGE)
		return false;
	if (!*end) {
		*ret_number = number;
		return true;
	}
	unit = strchr(units, *end);
	if (!unit || end[1] || number > INT64_MAX / factors[unit - units])
		return false;
	*ret_number = number * factors[unit - units];
	return true;
}

static bool parse_flag(const char *text, int64_t *ret_number)
{
	static const char *const words[][2] = { { "no", "yes" }, { "off", "on" }, { "false", "true" }, { "0", "1" } };

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		for (int k = 0; k < 2; k++)
			if (strcasecmp(words[i][k], text) == 0) {
				*ret_number = k;
				return true;
			}
	return false;
}

static bool word_allowed(const char *words, const char *text)
{
	while (*words) {
		size_t len = strcspn(words, "|");

		if (len == strlen(text) && strncmp(words, text, len) == 0)
			return true;
		words += len + (words[len] == '|');
	}
	return false;
}

/* What stands between "://" and the path: a host, perhaps a port, and nobody's name or password. */
static bool authority_allowed(const char *text, size_t len, bool here)
{
	static const char *const own[] = { "127.0.0.1", "localhost", "[::1]" };
	const char *close = *text == '[' ? memchr(text, ']', len) : NULL;
	size_t host = close ? (size_t)(close - text) + 1 : strcspn(text, ":/?#");
	size_t digits = host < len && text[host] == ':' ? strspn(text + host + 1, "0123456789") : 0;
	bool known = !here;

	for (size_t i = 0; i < ARRAY_LEN(own); i++)
		known |= strlen(own[i]) == host && strncasecmp(own[i], text, host) == 0;
	if (!known || host == 0 || host > len || memchr(text, '@', len))
		return false;
	return host == len || (digits > 0 && digits < 6 && host + 1 + digits == len);
}

/* An address is https, or http to this machine; or of one of the schemes that a row names. */
static bool address_allowed(const char *schemes, const char *text)
{
	static const char separator[] = "://";
	const char *end = strstr(text, separator), *authority;
	char scheme[12];
	size_t len;

	if (!end || (size_t)(end - text) >= sizeof(scheme) || strpbrk(text, " \"<>\\^`{|}"))
		return false;
	snprintf(scheme, sizeof(scheme), "%.*s", (int)(end - text), text);
	for (size_t i = 0; scheme[i]; i++)
		scheme[i] = (char)tolower((unsigned char)scheme[i]);
	authority = end + strlen(separator);
	len = strcspn(authority, "/?#");
	if (schemes)
		return word_allowed(schemes, scheme) && authority_allowed(authority, len, false);
	return (strcmp(scheme, "https") == 0 && authority_allowed(authority, len, false)) ||
	       (strcmp(scheme, "http") == 0 && authority_allowed(authority, len, true));
}

/* Nothing that steers a terminal, and nothing without an end. */
static bool is_plain(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
			return false;
	return len <= VALUE_MAX && str_is_utf8(text, len);
}

static const char *want_of(const struct setting_row *row)
{
	switch (row->kind) {
	case SETTING_ADDRESS:
		return row->words ? "an address of http, https or socks, without user and password"
				  : "an https address or http to this machine, without a password";
	case SETTING_WORD:
		return row->words;
	case SETTING_FLAG:
		return "yes or no";
	case SETTING_NUMBER:
		return "a whole number";
	case SETTING_DURATION:
		return "a time such as 90s, 5m, 2h or 1d";
	case SETTING_SIZE:
		return "a size such as 512K, 64M or 1G";
	case SETTING_PATH:
		return "a path as it stands: ~ and variables mean nothing in it";
	default:
		return "a text";
	}
}

bool setting_value_check(const struct setting_row *row, const char *text, int64_t *ret_number, const char **ret_want)
{
	bool good = true;

	*ret_number = 0;
	if (!is_plain(text, strlen(text))) {
		*ret_want = "one line of text of at most 16384 bytes";
		return false;
	}
	*ret_want = want_of(row);
	switch (row->kind) {
	case SETTING_TEXT:
	case SETTING_PATH:
		return true;
	case SETTING_ADDRESS:
		return !*text || address_allowed(row->words, text);
	case SETTING_WORD:
		return word_allowed(row->words, text);
	case SETTING_FLAG:
		return parse_flag(text, ret_number);
	case SETTING_NUMBER:
		good = number_with_unit(text, "", NULL, ret_number);
		break;
	case SETTING_DURATION:
		good = number_with_unit(text, duration_units, seconds, ret_number);
		break;
	case SETTING_SIZE:
		good = number_with_unit(text, size_units, bytes, ret_number);
		break;
	}
	if (good && (row->min || row->max) && (*ret_number < row->min || *ret_number > row->max)) {
		*ret_want = NULL;
		return false;
	}
	return good;
}

/* ---- in words */

const char *setting_kind_word(enum setting_kind kind)
{
	static const char *const words[] = {
		[SETTING_TEXT] = "text", [SETTING_NUMBER] = "number", [SETTING_DURATION] = "duration", [SETTING_SIZE] = "size",
		[SETTING_FLAG] = "flag", [SETTING_WORD] = "word",     [SETTING_PATH] = "path",         [SETTING_ADDRESS] = "address",
	};

	return words[kind];
}

/* In the greatest unit that leaves no rest. */
static void add_bound(const struct setting_row *row, int64_t number, struct str *out)
{
	const char *units = row->kind == SETTING_DURATION ? duration_units : row->kind == SETTING_SIZE ? size_units : "";
	const int64_t *factors = row->kind == SETTING_DURATION ? seconds : bytes;

	for (size_t i = strlen(units); number > 0 && i > 0; i--)
		if (number % factors[i - 1] == 0) {
			str_addf(out, "%lld%c", (long long)(number / factors[i - 1]), units[i - 1]);
			return;
		}
	str_addf(out, "%lld", (long long)number);
}

void setting_add_allowed(const struct setting_row *row, struct str *out)
{
	const char *want = want_of(row);

	/* "a|b|c" : a, b or c. */
	for (size_t len; row->kind == SETTING_WORD && *want; want += len + (want[len] == '|')) {
		len = strcspn(want, "|");
		if (want != row->words)
			str_add(out, want[len] ? ", " : " or ");
		str_add_bytes(out, want, len);
	}
	str_add(out, row->kind == SETTING_WORD ? "" : want);
	if (row->min == 0 && row->max == 0)
		return;
	str_add(out, ", from ");
	add_bound(row, row->min, out);
	str_add(out, " to ");
	add_bound(row, row->max, out);
}

void setting_add_variable(const char *setting, struct str *out)
{
	str_add(out, "LEDGERDECK__");
	for (; *setting; setting++)
		if (*setting == '.')
			str_add(out, "__");
		else
			str_add_char(out, (char)toupper((unsigned char)*setting));
}
