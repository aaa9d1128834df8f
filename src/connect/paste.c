/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a person pastes after consent, whatever it is: the whole address, its query, the code with or
 * without state, the line of our own redirect page, wrapped over several lines or not. Pure: text in,
 * codes out; nothing of it is printed, and mistakes are named without repeating what was pasted.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "ledgerdeck/connect/connect.h"
#include "ledgerdeck/core/digest.h"
#include "ledgerdeck/core/memory.h"
#include "ledgerdeck/core/str.h"

#define PASTE_MAX 65536
#define CODE_MIN 8
#define CODE_MAX 512
#define STATE_LEN 43 /* of 32 bytes as base64url */

static void wipe_str(struct str *str)
{
	if (str->room)
		secret_wipe(str->text, str->len);
	str_clear(str);
}

void paste_clear(struct paste *paste)
{
	secret_free(paste->code);
	secret_free(paste->state);
	*paste = (struct paste){ 0 };
}

static bool mistake(struct paste *paste, struct error *err, const char *text)
{
	paste->kind = PASTE_MISTAKE;
	return error_set(err, ERROR_INPUT, "%s", text);
}

/* Length of an invisible character at `text`: byte order mark, zero-width characters; 0: none. */
static size_t invisible(const char *text, size_t len)
{
	static const char *const marks[] = { "\xef\xbb\xbf", "\xe2\x80\x8b", "\xe2\x80\x8c", "\xe2\x80\x8d", "\xe2\x81\xa0",
					     "\xc2\xa0", "\xc2\xad" };

	for (size_t i = 0; i < ARRAY_LEN(marks); i++)
		if (len >= strlen(marks[i]) && memcmp(text, marks[i], strlen(marks[i])) == 0)
			return strlen(marks[i]);
	return 0;
}

/* The paste as one line of single blanks, without quotes, brackets and prompts around it. */
static void tidy(const char *text, size_t len, struct str *out)
{
	static const char around[] = " \"'`<>()[],";
	size_t first = 0;

	for (size_t i = 0; i < len;) {
		size_t skip = invisible(text + i, len - i);

		if (skip) {
			i += skip;
			continue;
		}
		if (isspace((unsigned char)text[i]) || text[i] == '\0') {
			if (out->len > 0 && out->text[out->len - 1] != ' ')
				str_add_char(out, ' ');
		} else {
			str_add_char(out, text[i]);
		}
		i++;
	}
	while (out->len > 0 && strchr(around, out->text[out->len - 1]))
		str_truncate(out, out->len - 1);
	for (;;) {
		first += strspn(out->text + first, around);
		if ((out->text[first] == '$' || out->text[first] == '#') && out->text[first + 1] == ' ')
			first += 2;
		else
			break;
	}
	memmove(out->text, out->text + first, out->len - first + 1);
	out->len -= first;
}

static void remove_blanks(struct str *str)
{
	size_t to = 0;

	for (size_t i = 0; i < str->len; i++)
		if (str->text[i] != ' ')
			str->text[to++] = str->text[i];
	str_truncate(str, to);
}

static bool is_code(const char *text, size_t len)
{
	if (len < CODE_MIN || len > CODE_MAX)
		return false;
	for (size_t i = 0; i < len; i++)
		if (!isalnum((unsigned char)text[i]) && !strchr("-_.~", text[i]))
			return false;
	return true;
}

static bool looks_like_token(const char *text)
{
	return strncmp(text, "eyJ", 3) == 0 && strlen(text) > 100 && strchr(text, '.');
}

struct parts { /* of a query: what we know of it */
	struct secret *code, *state;
	char realm[64];
	char refusal[64];
	bool doubled;       /* a name came twice */
	bool plus;          /* a "+" in a value: not how a browser writes a code */
	bool asks;          /* client_id and response_type: the question, not the answer */
	bool bad_escape;
};

static void parts_clear(struct parts *parts)
{
	secret_free(parts->code);
	secret_free(parts->state);
}

static void take_pair(struct parts *parts, const char *name, size_t name_len, const char *value, size_t value_len)
{
	static const char *const names[] = { "code", "state", "realmId", "error", "client_id", "response_type" };
	AUTO(wipe_str) struct str plain = STR_INIT(PASTE_MAX);
	size_t which = 0;

	while (which < ARRAY_LEN(names) &&
	       (strlen(names[which]) != name_len || strncasecmp(names[which], name, name_len) != 0))
		which++;
	if (which == ARRAY_LEN(names))
		return;
	if (!str_add_unpercent(&plain, value, value_len, false)) {
		parts->bad_escape = true;
		return;
	}
	switch (which) {
	case 0:
		parts->doubled = parts->doubled || parts->code;
		parts->plus = parts->plus || strchr(plain.text, '+') != NULL;
		if (!parts->code && plain.len > 0)
			parts->code = secret_copy(plain.text, plain.len);
		break;
	case 1:
		parts->doubled = parts->doubled || parts->state;
		if (!parts->state && plain.len > 0)
			parts->state = secret_copy(plain.text, plain.len);
		break;
	case 2:
		parts->doubled = parts->doubled || *parts->realm;
		snprintf(parts->realm, sizeof(parts->realm), "%s", plain.text);
		break;
	case 3:
		snprintf(parts->refusal, sizeof(parts->refusal), "%s", plain.text);
		break;
	default:
		parts->asks = true;
		break;
	}
}

static void split_query(const char *query, struct parts *parts)
{
	while (*query) {
		size_t len = strcspn(query, "&#"), equals = strcspn(query, "=");

		if (equals < len)
			take_pair(parts, query, equals, query + equals + 1, len - equals - 1);
		query += len + (query[len] != '\0');
	}
}

static void summary(struct paste *paste, size_t len)
{
	snprintf(paste->summary, sizeof(paste->summary), "received %zu characters:%s%s%s%s", len, paste->code ? " code" : "",
		 paste->state ? ", state" : "", *paste->realm ? ", company id" : "", *paste->refusal ? " a refusal" : "");
}

static bool take_parts(struct parts *parts, size_t len, struct paste *paste, struct error *err)
{
	bool good_realm = strspn(parts->realm, "0123456789") == strlen(parts->realm);

	if (parts->asks)
		return mistake(paste, err, "this is the address to open in a browser, not the one it leads to; open it, agree, and "
					   "paste the address of the page that comes then");
	if (parts->bad_escape)
		return mistake(paste, err, "the address is cut or changed: there is a '%' that is followed by no code; copy it again");
	if (parts->doubled)
		return mistake(paste, err, "the address has its code or state twice; paste it once");
	if (parts->plus)
		return mistake(paste, err, "the code has a '+' in it, which a browser does not write; copy the address again");
	if (!good_realm || strlen(parts->realm) >= sizeof(parts->realm) - 1)
		return mistake(paste, err, "the company id in the address is not a number; copy the address again");
	if (*parts->refusal) {
		paste->kind = PASTE_ERROR;
		snprintf(paste->refusal, sizeof(paste->refusal), "%.63s", parts->refusal);
		paste->state = parts->state;
		parts->state = NULL;
		summary(paste, len);
		return true;
	}
	if (!parts->code)
		return mistake(paste, err, "there is no code in that address; paste the address of the page that comes after consent");
	if (!is_code(secret_reveal(parts->code), secret_len(parts->code)))
		return mistake(paste, err, "what stands for the code is no code; copy the address again");
	paste->kind = PASTE_ANSWER;
	paste->code = parts->code;
	paste->state = parts->state;
	parts->code = parts->state = NULL;
	snprintf(paste->realm, sizeof(paste->realm), "%s", parts->realm);
	summary(paste, len);
	return true;
}

static size_t host_end(const char *address)
{
	const char *host = strstr(address, "://"), *end = host ? strpbrk(host + 3, "/?#") : NULL;

	return end ? (size_t)(end - address) : strlen(address);
}

/* A host as hosts are: what is none may be something secret, and is not said again. */
static bool is_host(const char *text, size_t len)
{
	size_t plain = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:");

	return len > 0 && len < 80 && plain >= len && (memchr(text, '.', len) || strncasecmp(text, "localhost", 9) == 0);
}

/* Does the address begin with the redirect address, up to its query? */
static bool is_redirect(const char *address, const char *redirect_uri)
{
	size_t len = strcspn(address, "?#"), wanted = strlen(redirect_uri);

	while (len > 0 && address[len - 1] == '/')
		len--;
	while (wanted > 0 && redirect_uri[wanted - 1] == '/')
		wanted--;
	/* Scheme and host in any letter case; what is behind them to the letter. */
	return len == wanted && strncasecmp(address, redirect_uri, host_end(redirect_uri)) == 0 &&
	       memcmp(address + host_end(redirect_uri), redirect_uri + host_end(redirect_uri), len - host_end(redirect_uri)) == 0;
}

static bool take_address(const char *address, const char *redirect_uri, struct paste *paste, struct error *err)
{
	AUTO(parts_clear) struct parts parts = { 0 };
	const char *query = strpbrk(address, "?#");
	const char *host = strstr(address, "://") + 3;
	size_t host_len = strcspn(host, "/?#");

	if (query)
		split_query(query + 1, &parts);
	if (!parts.asks && !is_redirect(address, redirect_uri)) {
		paste->kind = PASTE_MISTAKE;
		if (strncasecmp(host, "accounts.", 9) == 0)
			return error_set(err, ERROR_INPUT, "this is the sign-in page's address; sign in and agree there, and paste the "
					 "address of the page that comes then");
		if (!is_host(host, host_len))
			return error_set(err, ERROR_INPUT, "this address is another one than '%.100s', to which the answer comes", redirect_uri);
		return error_set(err, ERROR_INPUT, "this address is of '%.*s', but the answer comes to '%.100s'", (int)host_len, host,
				 redirect_uri);
	}
	return take_parts(&parts, strlen(address), paste, err);
}

static uint32_t checksum(const char *text, size_t len)
{
	uint32_t crc = 0xffffffff;

	for (size_t i = 0; i < len; i++) {
		crc ^= (unsigned char)text[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
	}
	return ~crc;
}

/* "ACC1.<base64url of code=..&state=..&realmId=..>.<checksum>": the line of our redirect page. */
static bool take_line(const char *line, struct paste *paste, struct error *err)
{
	AUTO(parts_clear) struct parts parts = { 0 };
	AUTO(wipe_str) struct str query = STR_INIT(PASTE_MAX);
	const char *body = line + 5, *point = strchr(body, '.');
	char expected[16];

	if (!point || strlen(point + 1) < 8) {
		paste->kind = PASTE_INCOMPLETE;
		return true;
	}
	snprintf(expected, sizeof(expected), "%08x", (unsigned)checksum(body, (size_t)(point - body)));
	if (strncasecmp(point + 1, expected, 8) != 0 || point[9])
		return mistake(paste, err, "a part of the line is missing or changed (its checksum is wrong); copy it again, all of it");
	if (!digest_from_base64url(body, (size_t)(point - body), &query))
		return mistake(paste, err, "this line is none of the redirect page's; copy it again");
	split_query(query.text, &parts);
	return take_parts(&parts, strlen(line), paste, err);
}

/* "code#state" or "code state", or a code alone; `joined` is the text without its blanks. */
static bool take_words(const char *text, size_t len, const char *joined, struct paste *paste, struct error *err)
{
	size_t first = strcspn(text, " #"), rest = first + (text[first] != '\0');

	if (looks_like_token(joined))
		return mistake(paste, err, "this is an access token, not a code; it was thrown away: revoke it if others could see it");
	/* Two words may also be one code that was wrapped: a state of ours has a length of its own. */
	if (text[first] && is_code(text, first) && is_code(text + rest, strlen(text + rest)) &&
	    (text[first] == '#' || strlen(text + rest) == STATE_LEN)) {
		paste->kind = PASTE_ANSWER;
		paste->code = secret_copy(text, first);
		paste->state = secret_copy(text + rest, strlen(text + rest));
		summary(paste, len);
		return true;
	}
	/* Words of a sentence are none, even together. */
	if (is_code(joined, strlen(joined)) && (!text[first] || strpbrk(joined, "0123456789"))) {
		paste->kind = PASTE_BARE_CODE;
		paste->code = secret_copy(joined, strlen(joined));
		summary(paste, len);
		return true;
	}
	return mistake(paste, err, "this is neither an address, nor a code; paste the address of the page that came after consent");
}

bool paste_parse(const char *text, size_t len, const char *redirect_uri, struct paste *ret_paste, struct error *err)
{
	AUTO(wipe_str) struct str line = STR_INIT(PASTE_MAX);
	AUTO(wipe_str) struct str joined = STR_INIT(PASTE_MAX);

	*ret_paste = (struct paste){ .kind = PASTE_INCOMPLETE };
	if (len > PASTE_MAX)
		return mistake(ret_paste, err, "that is far too much; paste the address of the page that came after consent");
	tidy(text, len, &line);
	if (line.len == 0)
		return true;
	str_add(&joined, line.text);
	remove_blanks(&joined);
	if (strncmp(joined.text, "ACC1.", 5) == 0)
		return take_line(joined.text, ret_paste, err);
	if (strncasecmp(joined.text, "https://", 8) == 0 || strncasecmp(joined.text, "http://", 7) == 0)
		return take_address(joined.text, redirect_uri, ret_paste, err);
	if (strstr(joined.text, "code=") || strstr(joined.text, "error=")) {
		AUTO(parts_clear) struct parts parts = { 0 };

		split_query(joined.text + strspn(joined.text, "?#&"), &parts);
		return take_parts(&parts, joined.len, ret_paste, err);
	}
	return take_words(line.text, line.len, joined.text, ret_paste, err);
}
