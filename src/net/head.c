/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads the heads of answers. Whatever a header holds is cut to its room and made printable; all
 * headers without a row here are dropped, so that none can end up in a log.
 */
#include "head.h"

#include <stdlib.h>
#include <string.h>

#include "ledgerdeck/core/date.h"
#include "ledgerdeck/core/memory.h"

#define RETRY_AFTER_MAX_MS (366 * INT64_C(86400000))

enum field { CONTENT_TYPE, TRACE_ID, RETRY_AFTER, DATE };

/* Names as read_name() makes them. Of several trace ids the one with the highest rank is kept. */
static const struct row {
	const char *name;
	enum field field;
	int rank;
} rows[] = {
	{ "content-type", CONTENT_TYPE, 0 }, { "date", DATE, 0 },
	{ "retry-after", RETRY_AFTER, 0 },   { "intuit-tid", TRACE_ID, 3 },
	{ "request-id", TRACE_ID, 2 },	     { "x-request-id", TRACE_ID, 2 },
	{ "x-correlation-id", TRACE_ID, 2 }, { "x-ms-request-id", TRACE_ID, 2 },
	{ "x-amz-request-id", TRACE_ID, 2 }, { "x-amzn-trace-id", TRACE_ID, 1 },
};

/* A name in lower case with '-' for '_': gateways spell one name either way. */
static bool is_named(const char *name, size_t len, const char *wanted)
{
	if (strlen(wanted) != len)
		return false;
	for (size_t i = 0; i < len; i++) {
		char c = name[i] >= 'A' && name[i] <= 'Z' ? (char)(name[i] - 'A' + 'a') : name[i];

		if ((c == '_' ? '-' : c) != wanted[i])
			return false;
	}
	return true;
}

static const struct row *find_row(const char *name, size_t len)
{
	for (size_t r = 0; r < ARRAY_LEN(rows); r++)
		if (is_named(name, len, rows[r].name))
			return &rows[r];
	return NULL;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* The value into a field's room: without blanks at its ends, cut, '?' for what is not ASCII. */
static void keep_value(char *room, size_t size, const char *value, size_t len)
{
	size_t used = 0;

	while (len > 0 && is_blank(value[0])) {
		value++;
		len--;
	}
	while (len > 0 && is_blank(value[len - 1]))
		len--;
	for (; used < len && used < size - 1; used++)
		room[used] = value[used] >= ' ' && value[used] <= '~' ? value[used] : '?';
	room[used] = '\0';
}

static void keep_field(struct head *head, const struct row *row, const char *value, size_t len)
{
	switch (row->field) {
	case CONTENT_TYPE:
		keep_value(head->content_type, sizeof(head->content_type), value, len);
		break;
	case TRACE_ID:
		if (row->rank <= head->trace_rank)
			break;
		keep_value(head->trace_id, sizeof(head->trace_id), value, len);
		head->trace_rank = head->trace_id[0] ? row->rank : 0;
		break;
	case RETRY_AFTER:
		keep_value(head->retry_after, sizeof(head->retry_after), value, len);
		break;
	case DATE:
		keep_value(head->date, sizeof(head->date), value, len);
		break;
	}
}

bool head_add(struct head *head, const char *line, size_t len)
{
	const char *colon = memchr(line, ':', len);
	const struct row *row;

	if (len > HEAD_BYTES_MAX - head->bytes)
		return false;
	head->bytes += len;
	if (len >= 5 && memcmp(line, "HTTP/", 5) == 0) {
		*head = (struct head){ .bytes = head->bytes, .keep = head->keep };
		return true;
	}
	if (len > 0 && len <= 2 && (line[0] == '\r' || line[0] == '\n'))
		head->ended = true;
	row = colon ? find_row(line, (size_t)(colon - line)) : NULL;
	if (row)
		keep_field(head, row, colon + 1, len - (size_t)(colon + 1 - line));
	if (colon && head->keep && is_named(line, (size_t)(colon - line), head->keep))
		keep_value(head->kept, sizeof(head->kept), colon + 1, len - (size_t)(colon + 1 - line));
	return true;
}

/* A date as HTTP writes it, in one of its three forms; -1: it is not one. */
static int64_t read_date(const char *text)
{
	int64_t ms;

	return stamp_parse_http(text, strlen(text), &ms) && ms >= 0 ? ms : -1;
}

static int64_t read_retry_after(const char *text, int64_t now_ms)
{
	size_t digits = strspn(text, "0123456789");
	int64_t ms;

	if (digits == 0) {
		ms = read_date(text);
		if (ms < 0)
			return -1;
		ms = ms > now_ms ? ms - now_ms : 0;
	} else if (text[digits] != '\0') {
		return -1;
	} else {
		ms = digits > 9 ? RETRY_AFTER_MAX_MS : (int64_t)strtoll(text, NULL, 10) * 1000;
	}
	return ms < RETRY_AFTER_MAX_MS ? ms : RETRY_AFTER_MAX_MS;
}

void head_finish(const struct head *head, int64_t wall_ms, struct http_answer *answer)
{
	memcpy(answer->content_type, head->content_type, sizeof(answer->content_type));
	memcpy(answer->trace_id, head->trace_id, sizeof(answer->trace_id));
	memcpy(answer->kept, head->kept, sizeof(answer->kept));
	answer->date_ms = read_date(head->date);
	answer->retry_after_ms = read_retry_after(head->retry_after,
						  answer->date_ms >= 0 ? answer->date_ms : wall_ms);
}

_Static_assert(sizeof(((struct head *)0)->content_type) ==
		       sizeof(((struct http_answer *)0)->content_type),
	       "copied as a whole");
_Static_assert(sizeof(((struct head *)0)->trace_id) == sizeof(((struct http_answer *)0)->trace_id),
	       "copied as a whole");
_Static_assert(sizeof(((struct head *)0)->kept) == sizeof(((struct http_answer *)0)->kept), "copied as a whole");
